"""Oracles: `training.fit` member by member in double precision, and descent written out in NumPy."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from toy_sweeps import D, dataset, differences, maker, points

from helpers.data import Dataset, Split
from helpers.runtime import CourseError
from helpers.sweeps import Member, _stack, grid, sweep
from helpers.sweeps._groups import groups
from helpers.training import TrainConfig, evaluate

MINI = TrainConfig(batch_size=8, epochs=3, checks_per_epoch=2)
FULL = TrainConfig(batch_size=100, epochs=20, epochs_per_check=5)
BASES = {
    "mini-batches": MINI,
    "stored order": replace(MINI, shuffle=False),
    "full batch": FULL,
    "decayed biases": replace(FULL, weight_decay=0.02),
    "early stopping": TrainConfig(batch_size=8, epochs=30, checks_per_epoch=2, patience=2, min_delta=1e-3),
    "early stopping, full batch": TrainConfig(batch_size=53, epochs=60, patience=3, min_delta=1e-4),
}
AXES = {"lr": (0.02, 0.2), "lam": (0.0, 0.5), "momentum": (0.0, 0.9), "seed": (0, 1)}


# --- Equal to the plain loop ------------------------------------------------------------------------------


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("base", BASES.values(), ids=BASES.keys())
def test_equals_the_plain_loop(base, classes):
    data, make, members = dataset(classes), maker(classes), grid(base, **AXES)
    together, alone = (sweep(make, data, members, vectorise=v) for v in (True, False))
    assert differences(together, alone) == []
    if base.patience:
        assert len({history.stopped_epoch for history in together.histories}) > 3


def test_the_comparison_can_fail():
    data, make = dataset(2), maker(2)
    one, other = (sweep(make, data, [replace(FULL, lr=lr)]) for lr in (0.1, 0.1 + 1e-8))
    assert {"0: weight", "0: bias", "0: valid_loss"} <= set(differences(one, other))


def test_without_a_bias():
    data, make, members = dataset(2), maker(2, bias=False), grid(FULL, lam=(0.0, 0.3))
    together, alone = (sweep(make, data, members, vectorise=v) for v in (True, False))
    assert together.biases is None
    assert alone.biases is None
    assert differences(together, alone) == []


@pytest.mark.parametrize("convention", ["half", "full"])
def test_logistic_descent_is_its_formula(convention):
    """w ← w − η [(1/n) Xᵀ(σ(Xw + b) − y) + λw or 2λw];  b ← b − η mean(σ(Xw + b) − y)."""
    data, make = dataset(2), maker(2)
    member = Member(replace(FULL, lr=0.3), 0.05, convention)
    result = sweep(make, data, [member])
    x, y = data.train.x.numpy(), data.train.y.numpy()
    w, b = (p.detach().numpy().copy() for p in (make(0).weight[0], make(0).bias))
    for _ in range(FULL.epochs):
        r = 1 / (1 + np.exp(-(x @ w + b))) - y
        w, b = w - 0.3 * (x.T @ r / len(y) + {"half": 0.05, "full": 0.1}[convention] * w), b - 0.3 * r.mean()
    np.testing.assert_allclose(result.weights[0, 0].numpy(), w, rtol=1e-10)
    np.testing.assert_allclose(result.biases[0].numpy(), b, rtol=1e-10)


def test_softmax_descent_is_its_formula():
    """W ← W − η [(1/n) (softmax(XWᵀ) − Y)ᵀ X + λW], on the examples in stored order, three to a step."""
    data, make = dataset(3, n_train=7), maker(3, bias=False)
    result = sweep(make, data, grid(TrainConfig(batch_size=3, epochs=2, shuffle=False), lr=[0.3], lam=[0.05]))
    x, y = data.train.x.numpy(), np.eye(3)[data.train.y.numpy()]
    w = make(0).weight.detach().numpy().copy()
    for _ in range(2):
        for rows in (slice(0, 3), slice(3, 6), slice(6, 7)):
            e = np.exp(x[rows] @ w.T)
            r = e / e.sum(1, keepdims=True) - y[rows]
            w = w - 0.3 * (r.T @ x[rows] / len(r) + 0.05 * w)
    np.testing.assert_allclose(result.weights[0].numpy(), w, rtol=1e-10)


@pytest.mark.parametrize("rows", [1, 8, 24])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_layout_does_not_matter(monkeypatch, rows, threads):
    """Many blocks, incomplete ones, and more lanes than orders give what a single block gives."""
    data, make = dataset(3), maker(3)
    members = grid(FULL, lam=(0.0, 0.5)) + grid(replace(MINI, batch_size=20), seed=(0, 1))
    expected = sweep(make, data, members)
    monkeypatch.setattr(_stack, "LANE_ROWS", rows)
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    assert differences(sweep(make, data, members), expected) == []


def test_single_precision_follows_double():
    data, make, members = dataset(3), maker(3), grid(FULL, **AXES)
    train, valid = (Split(s.x.float(), s.y) for s in (data.train, data.valid))
    single = sweep(lambda seed: make(seed).float(), replace(data, train=train, valid=valid), members)
    assert single.weights.dtype == torch.float32
    torch.testing.assert_close(single.weights.double(), sweep(make, data, members).weights, rtol=0, atol=1e-4)


@pytest.mark.parametrize("value", [0.0, -1.0])
def test_features_that_are_all_constant(value):
    data, make = dataset(2), maker(2)
    train = Split(torch.full_like(data.train.x, value), data.train.y)
    members, flat = grid(FULL, lam=(0.0, 0.5)), replace(data, train=train)
    together, alone = (sweep(make, flat, members, vectorise=v) for v in (True, False))
    assert differences(together, alone) == []


# --- Members that end early -------------------------------------------------------------------------------


def test_divergence_disturbs_nobody_and_raises_nothing():
    """With λη = 5 weights grow fourfold a step and leave double precision near step 510."""
    data, make, base = dataset(2), maker(2), TrainConfig(batch_size=100, epochs=700, epochs_per_check=100)
    members = grid(base, lr=(0.1, 10.0), lam=(0.0, 0.5))
    together, alone = (sweep(make, data, members, vectorise=v) for v in (True, False))
    assert together.diverged == alone.diverged == (None, None, None, 600)
    broken = together.histories[3]
    assert broken.step == alone.histories[3].step == [100, 200, 300, 400, 500]
    assert (broken.why_stopped, broken.stopped_epoch) == ("loss nan at the check after step 600", 600.0)
    assert not together.weights[3].isfinite().all()
    healthy = [{"lr": 0.1}, {"lr": 10.0, "lam": 0.0}]
    assert [differences(together.select(**s), alone.select(**s)) for s in healthy] == [[], []]


def test_stopped_members_leave_the_stack(monkeypatch):
    """Rows and orders in which nobody trains any more are no longer multiplied."""
    sizes, real = [], _stack._gradient
    monkeypatch.setattr(_stack, "_gradient", lambda w, *rest: (sizes.append(w.shape[:2]), real(w, *rest))[1])
    base = BASES["early stopping, full batch"]
    result = sweep(maker(2), dataset(2), grid(base, lr=(0.02, 0.5, 2.0), lam=(0.0, 0.5)))
    ends = sorted(history.stopped_epoch for history in result.histories)
    assert [m for _, m in sizes] == [sum(end >= epoch for end in ends) for epoch in range(1, len(sizes) + 1)]
    assert sizes[0] == (1, 6)
    assert sizes[-1][1] < 6


def test_interruption_returns_what_there_is(monkeypatch, capsys):
    """Ctrl-C in the second epoch of the first group; the second group never begins."""
    real, calls = _stack._gradient, []

    def interrupted(*args):
        calls.append(1)
        if len(calls) == 12:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(_stack, "_gradient", interrupted)
    data, make = dataset(2), maker(2)
    members = [MINI, replace(MINI, batch_size=20)]
    result = sweep(make, data, members)
    assert result.histories[0].why_stopped == "interrupted at epoch 2, step 11"
    assert result.histories[0].step == [4, 7, 11]
    assert result.histories[1].why_stopped == "interrupted before its first step"
    assert torch.equal(result.weights[1], make(0).weight)
    monkeypatch.undo()
    assert capsys.readouterr().out == "interrupted at epoch 2, step 11\n"
    assert result.histories[0].valid_loss == sweep(make, data, members).histories[0].valid_loss[:3]
    assert math.isnan(result.figures("valid_loss")[1])


# --- Groups -----------------------------------------------------------------------------------------------


def test_seeds_of_a_full_batch_share_one_order():
    (only,) = groups(grid(FULL, seed=range(3), lr=(0.1, 0.2)), 53)
    assert only.ids == ((0, 1, 2, 3, 4, 5),)


def test_each_seed_has_its_own_order_of_mini_batches():
    (only,) = groups(grid(MINI, lr=(0.1, 0.2), seed=range(3)), 53)
    assert (only.seeds, only.ids) == ((0, 1, 2), ((0, 3), (1, 4), (2, 5)))


def test_members_of_different_steps_are_apart():
    members = grid(MINI, epochs=(2, 3), batch_size=(8, 53, 100), lr=(0.1, 0.2))
    found = groups(members, 53)
    assert sorted(place for group in found for row in group.ids for place in row) == list(range(12))
    assert [(g.config.epochs, g.config.batch_size, len(g.ids[0])) for g in found] == [
        (2, 8, 2),
        (2, 53, 4),
        (3, 8, 2),
        (3, 53, 4),
    ]


def test_orders_with_unequal_numbers_of_members_are_trained_too():
    members = [*grid(MINI, lr=(0.1, 0.2), seed=(0, 1)), Member(replace(MINI, seed=1, lr=0.3), 0.1)]
    data, make = dataset(3), maker(3)
    assert len(groups(members, 53)) == 2
    together, alone = (sweep(make, data, members, vectorise=v) for v in (True, False))
    assert differences(together, alone) == []


# --- What is refused, and what is not ---------------------------------------------------------------------


@pytest.mark.parametrize("config", [{"optimiser": "adam", "lr": 0.01}, {"schedule": "cosine"}])
def test_what_is_no_plain_descent_is_stacked(config):
    data, make, members = dataset(2), maker(2), [replace(MINI, **config)]
    together, alone = (sweep(make, data, members, vectorise=v) for v in (True, False))
    assert "stacked" in together.how[0]
    assert together.weights.shape == (1, 1, D)
    assert differences(together, alone) == []
    assert together.evaluate(data.valid)["loss"][0] == pytest.approx(together.histories[0].valid_loss[-1])


def refused(data: Dataset, make) -> str:
    with pytest.raises(CourseError) as caught:
        sweep(make, data, grid(MINI, seed=(0, 1)))
    return str(caught.value)


def test_models_that_do_not_fit():
    data, make = dataset(3), maker(3)
    assert "must return an nn.Module, but it returned function" in refused(data, lambda seed: make)
    assert "no weights to train" in refused(data, lambda seed: make(seed).requires_grad_(False))
    assert "torch.float32" in refused(data, lambda seed: make(seed).float())
    assert "labels go up to 2" in refused(data, maker(2))
    image = replace(data, train=Split(points(53, 1, 3).x[:, None], data.train.y))
    assert refused(image, make).startswith("The model must return")


def test_a_sweep_of_nobody():
    with pytest.raises(CourseError, match="at least one member"):
        sweep(maker(2), dataset(2), [])


def test_members_are_evaluated_like_models():
    data, result = dataset(3), sweep(maker(3), dataset(3), grid(FULL, lr=(0.1, 0.4)))
    both = result.evaluate(data.valid)
    for i in range(2):
        alone = evaluate(result.model(i), data.valid)
        assert both["loss"][i] == pytest.approx(alone["loss"], rel=1e-12)
        assert both["accuracy"][i] == alone["accuracy"]
