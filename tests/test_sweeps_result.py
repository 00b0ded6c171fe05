"""Oracles: itertools' combinations, scikit-learn's optimum, and results written down by hand."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from toy_sweeps import dataset, maker, points

from helpers import models
from helpers.data import Dataset, Split, mnist
from helpers.runtime import CourseError, generator
from helpers.sweeps import Member, SweepResult, grid, sklearn_C, sweep
from helpers.training import History, TrainConfig, l2

BASE = TrainConfig(batch_size=100, epochs=20)


# --- The grid ---------------------------------------------------------------------------------------------


def test_grid_is_every_combination():
    found = grid(BASE, lr=(0.1, 0.5), lam=[0.0, 1.0], seed=range(3))
    expected = [
        Member(replace(BASE, lr=lr, seed=seed), lam)
        for lr, lam, seed in itertools.product((0.1, 0.5), (0.0, 1.0), (0, 1, 2))
    ]
    assert found == expected


def test_grid_without_axes_is_its_base():
    assert grid(BASE) == [Member(BASE)]


def test_numpys_numbers_become_pythons():
    (member,) = grid(BASE, lam=np.array([0.5]), seed=np.arange(1))
    assert (type(member.lam), type(member.config.seed)) == (float, int)


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"rate": [0.1]}, "^Unknown axis 'rate' of a grid"),
        ({"lr": 0.1}, "^The axis lr is 0.1: give a list"),
        ({"optimiser": "sgd"}, "^The axis optimiser is 'sgd': give a list"),
        ({"lr": []}, "^The axis lr of the grid has no values"),
        ({"lr": [-1.0]}, "^TrainConfig has lr=-1.0"),
        ({"lam": [-1.0]}, "^A member has lam=-1.0"),
        ({"lam": [math.nan]}, "^A member has lam=nan"),
        ({"convention": "quarter"}, "^Unknown convention 'quarter'"),
    ],
)
def test_grids_that_make_no_sense(axes, message):
    with pytest.raises(CourseError, match=message):
        grid(BASE, **axes)


@pytest.mark.parametrize(("convention", "penalty"), [("half", 0.3 * 4.5), ("full", 0.3 * 9.0)])
def test_conventions(convention, penalty):
    """‖w‖² = 9: the penalty that `fit` is given for the member is the one its convention names."""
    model = models.linear(2, 1)
    model.weight.data = torch.tensor([[3.0, 0.0]])
    assert l2(Member(BASE, 0.3, convention).decay)(model).item() == pytest.approx(penalty)


# --- scikit-learn -----------------------------------------------------------------------------------------


def optimum(data: Dataset, member: Member, outputs: int) -> SweepResult:
    """The member trained until nothing moves any more."""
    result = sweep(lambda seed: models.linear(data.train.x.shape[1], outputs).double(), data, [member])
    assert result.diverged == (None,)
    return result


def scikit(split: Split, C: float) -> tuple[np.ndarray, np.ndarray]:
    """Weights and biases of scikit-learn's optimum; for several classes the biases sum to 0, as ours do."""
    # L-BFGS stops 1e-5 before the optimum on digits, however small the tolerance.
    solver = "newton-cholesky" if split.y.max() == 1 else "lbfgs"
    settings = {"solver": solver, "tol": 1e-8, "max_iter": 10_000}
    fitted = LogisticRegression(C=C, **settings).fit(split.x.numpy(), split.y.numpy())
    return fitted.coef_, fitted.intercept_ - (fitted.intercept_.mean() if len(fitted.coef_) > 1 else 0)


@pytest.mark.parametrize("convention", ["half", "full"])
@pytest.mark.parametrize("classes", [2, 3])
def test_optimum_is_scikit_learns(classes, convention):
    data, config = dataset(classes), TrainConfig(lr=0.3, momentum=0.9, batch_size=53, epochs=600)
    member = Member(replace(config, epochs_per_check=600), 0.05, convention)
    ours = optimum(data, member, 1 if classes == 2 else classes)
    weights, biases = scikit(data.train, sklearn_C(0.05, 53, convention))
    np.testing.assert_allclose(ours.weights[0].numpy(), weights, rtol=0, atol=1e-6)
    np.testing.assert_allclose(ours.biases[0].numpy(), biases, rtol=0, atol=1e-6)


def test_the_wrong_convention_has_another_optimum():
    data = dataset(2)
    half, full = (scikit(data.train, sklearn_C(0.05, 53, convention))[0] for convention in ("half", "full"))
    assert np.abs(half - full).max() > 0.05


def test_optimum_on_digits_is_scikit_learns(monkeypatch):
    monkeypatch.setenv("COURSE_TIER", "embedded")
    data = mnist(digits=(4, 9), flat=True, device="cpu")
    train, valid = (Split(s.x.double(), s.y) for s in (data.train, data.valid))
    config = TrainConfig(lr=0.05, momentum=0.9, batch_size=2_000, epochs=1_000, epochs_per_check=1_000)
    ours = optimum(replace(data, train=train, valid=valid), Member(config, 0.5, "full"), 1)
    weights, biases = scikit(data.train, sklearn_C(0.5, len(data.train), "full"))
    np.testing.assert_allclose(ours.weights[0].numpy(), weights, rtol=0, atol=1e-6)
    np.testing.assert_allclose(ours.biases[0].numpy(), biases, rtol=0, atol=1e-6)


@pytest.mark.parametrize(("lam", "n", "C"), [(0.5, 4, 0.5), (1.0, 1, 1.0), (0.01, 2_000, 0.05)])
def test_sklearn_C_by_hand(lam, n, C):
    assert sklearn_C(lam, n) == pytest.approx(C)
    assert sklearn_C(lam, n, "full") == pytest.approx(C / 2)


@pytest.mark.parametrize("arguments", [(0.0, 10), (-1.0, 10), (math.nan, 10), (1.0, 0), (1.0, 10, "both")])
def test_sklearn_C_that_does_not_exist(arguments):
    with pytest.raises(CourseError):
        sklearn_C(*arguments)


# --- The result -------------------------------------------------------------------------------------------


def history(losses: list[float], best: int = 0, why: str = "all 2 epochs done") -> History:
    """Checks after epochs 1, 2, … with these validation losses; `best` is the epoch of the best one."""
    n = len(losses)
    epochs, ones = list(range(1, n + 1)), [1.0] * n
    return History(
        step=epochs,
        epoch=[float(e) for e in epochs],
        train_loss=ones,
        train_accuracy=ones,
        valid_loss=losses,
        valid_accuracy=[1 - loss for loss in losses],
        weight_norm=ones,
        best_step=best,
        why_stopped=why,
    )


@pytest.fixture
def made() -> SweepResult:
    """Four members: one stopped early at its best check, one without it, one diverged, one never begun."""
    early, plain = replace(BASE, patience=1), replace(BASE, lr=0.2)
    members = (Member(early), Member(plain), Member(plain, 0.5), Member(plain, 0.7))
    histories = (
        history([0.3, 0.4], best=1),
        history([0.25, 0.35], best=1),
        history([0.1], best=1, why="loss nan at the check after step 2"),
        history([], why="interrupted before its first step"),
    )
    weights, biases = torch.arange(8.0).view(4, 1, 2), torch.arange(4.0).view(4, 1)
    modules = tuple(models.linear(2, 1) for _ in range(4))
    for module, weight, bias in zip(modules, weights, biases, strict=True):
        module.load_state_dict({"weight": weight, "bias": bias})
    return SweepResult(members, histories, modules, (None, None, 2, None))


def test_figures_are_those_of_the_weights_returned(made):
    assert made.figures("valid_loss")[:2] == [0.3, 0.35]
    assert all(math.isnan(value) for value in made.figures("valid_loss")[2:])
    with pytest.raises(CourseError, match="Unknown figure 'loss'"):
        made.figures("loss")


def test_best(made):
    assert (made.best(), made.best("valid_accuracy")) == (0, 0)
    with pytest.raises(CourseError, match="no best member"):
        made.select(lam=0.5).best()


def test_select(made):
    chosen = made.select(lr=0.2, lam=0.5)
    assert (len(chosen), chosen.histories[0], chosen.diverged) == (1, made.histories[2], (2,))
    assert (chosen.weights.tolist(), chosen.biases.tolist()) == ([[[4.0, 5.0]]], [[2.0]])
    assert len(made.select(lr=0.2)) == 3
    with pytest.raises(CourseError, match=r"No member of this sweep has lam=3: its settings are .*'lam'"):
        made.select(lam=3)
    with pytest.raises(CourseError, match="Unknown setting 'rate'"):
        made.select(rate=3)


def test_table_shows_what_differs(made):
    row = made.table()[2]
    assert (row["lr"], row["lam"], row["stopped"]) == (0.2, 0.5, "loss nan at the check after step 2")
    assert "momentum" not in row
    axes = "lr (2 values), patience (2 values), lam (3 values)"
    assert repr(made) == f"sweep of 4 members over {axes}; 1 diverged"
    lines = made._repr_markdown_().splitlines()
    assert lines[0].startswith("| lr | patience | lam | train_loss |")
    assert lines[3].startswith("| 0.2 | None | 0 | 1 |")
    assert len(lines) == 6


def test_long_tables_are_cut():
    members = grid(TrainConfig(epochs=1), lr=[0.01 * k for k in range(1, 31)])
    lines = sweep(maker(2), dataset(2), members)._repr_markdown_().splitlines()
    assert lines[-1] == "… and 10 more members"
    assert len(lines) == 2 + 20 + 2


def test_model_is_the_member():
    result = sweep(maker(3), dataset(3), grid(BASE, lr=(0.1, 0.5)))
    model, x = result.model(1), points(5, 3, 3).x
    expected = x @ result.weights[1].T + result.biases[1]
    torch.testing.assert_close(model(x), expected)
    assert not model.training


def test_initial_weights_are_the_makers_and_stay_untouched():
    made = {seed: models.linear(7, 1, generator=generator(seed)).double() for seed in (0, 1)}
    before = {seed: model.weight.detach().clone() for seed, model in made.items()}
    sweep(made.__getitem__, dataset(2), grid(BASE, seed=(0, 1)))
    assert all(torch.equal(made[seed].weight, before[seed]) for seed in made)
