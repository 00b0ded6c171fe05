"""Oracles: automatic differentiation in float64 for one step, and `fit`, which uses it, for whole runs."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers import models
from helpers.data import Dataset, Split
from helpers.runtime import CourseError, generator
from helpers.training import Diverged, TrainConfig, fit, fit_by_hand
from helpers.training._four_equations import ACTIVATIONS, Room, step_by_hand
from tests.toy_training import dataset, weights

KINDS = list(ACTIVATIONS)


def draw(seed: int, act: type[nn.Module]) -> tuple[nn.Sequential, Tensor, Tensor]:
    """A network of one to five layers of one to nine units, inputs, and soft labels, all in float64."""
    dice = random.Random(seed)
    sizes = [dice.randint(1, 9) for _ in range(dice.randint(2, 6))]
    model = models.mlp(sizes, generator=generator(seed), act=act).double()
    size = dice.randint(1, 7)
    x = torch.randn(size, sizes[0], generator=generator(seed + 1)).double()
    y = torch.rand(size, sizes[-1], generator=generator(seed + 2)).double()
    return model, x, y / y.sum(1, keepdim=True)


def by_hand(model: nn.Sequential, x: Tensor, y: Tensor, act: type[nn.Module]) -> list[Tensor]:
    """The gradients that one step of length 1 has taken away, W and b of each layer in turn."""
    parameters = [w.detach().clone() for w in model.parameters()]
    W, b = parameters[::2], parameters[1::2]
    before = [w.clone() for w in parameters]
    room = Room.like(W, len(x), act)
    room.x.copy_(x)
    room.y.copy_(y)
    step_by_hand(W, b, room, 1.0)
    return [old - new for old, new in zip(before, parameters, strict=True)]


def by_autograd(model: nn.Sequential, x: Tensor, y: Tensor) -> list[Tensor]:
    cost = F.cross_entropy(model(x), y, reduction="sum")
    return list(torch.autograd.grad(cost, list(model.parameters())))


def largest_difference(seed: int, act: type[nn.Module], used: type[nn.Module] | None = None) -> float:
    model, x, y = draw(seed, act)
    pairs = zip(by_hand(model, x, y, used or act), by_autograd(model, x, y), strict=True)
    return max((one - other).abs().max().item() for one, other in pairs)


@pytest.mark.parametrize("act", KINDS)
def test_step_takes_the_gradient_of_autograd(act):
    assert max(largest_difference(seed, act) for seed in range(40)) < 1e-12


def test_that_comparison_tells_activations_apart():
    assert max(largest_difference(seed, nn.Sigmoid, used=nn.Tanh) for seed in range(10)) > 1e-3


def test_slopes_at_given_points():
    z = torch.tensor([-2.0, -0.5, 0.25, 3.0], dtype=torch.float64, requires_grad=True)
    for kind, (act_, slope_) in ACTIVATIONS.items():
        (wanted,) = torch.autograd.grad(kind()(z).sum(), z)
        assert torch.allclose(slope_(act_(z.detach().clone())), wanted, rtol=0, atol=1e-15), kind


@pytest.mark.parametrize("act", KINDS)
@pytest.mark.parametrize("shuffle", [True, False])
def test_whole_runs_equal_fit(act, shuffle):
    # 50 examples in batches of 8: the last batch has 2
    config = TrainConfig(lr=0.3, batch_size=8, epochs=6, epochs_per_check=2, shuffle=shuffle, seed=3)
    first, second = (models.mlp((4, 6, 5, 3), generator=generator(1), act=act) for _ in range(2))
    one, other = fit_by_hand(first, dataset(), config), fit(second, dataset(), config)
    assert torch.allclose(weights(first), weights(second), rtol=0, atol=1e-5)
    assert (one.step, one.epoch, one.best_step) == (other.step, other.epoch, other.best_step)
    for name in ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "weight_norm"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-5), name
    assert not torch.equal(weights(first), weights(models.mlp((4, 6, 5, 3), generator=generator(1), act=act)))


def test_another_seed_is_another_run():
    runs = []
    for seed in (0, 1):
        model = models.mlp((4, 6, 3), generator=generator(1), act=nn.Tanh)
        fit_by_hand(model, dataset(), TrainConfig(batch_size=8, epochs=2, seed=seed))
        runs.append(weights(model))
    assert not torch.allclose(runs[0], runs[1], atol=1e-4)


def test_softmax_regression_is_the_network_without_hidden_layers():
    first, second = (models.linear(4, 3, generator=generator(0)) for _ in range(2))
    config = TrainConfig(lr=0.2, batch_size=20, epochs=3)
    fit_by_hand(first, dataset(), config)
    fit(second, dataset(), config)
    assert torch.allclose(weights(first), weights(second), rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"momentum": 0.5}, "momentum"),
        ({"weight_decay": 0.1}, "weight_decay"),
        ({"optimiser": "adam"}, "optimiser"),
        ({"patience": 3}, "patience"),
        ({"checks_per_epoch": 2}, "checks_per_epoch"),
    ],
)
def test_settings_beyond_plain_steps_are_refused(change, name):
    model = models.mlp((4, 6, 3), generator=generator(0))
    with pytest.raises(CourseError, match=name):
        fit_by_hand(model, dataset(), replace(TrainConfig(epochs=1), **change))


@pytest.mark.parametrize(
    "model",
    [
        nn.Sequential(nn.Linear(4, 6), nn.GELU(), nn.Linear(6, 3)),
        nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 3), nn.ReLU(), nn.Linear(3, 3)),
        nn.Sequential(nn.Linear(4, 3), nn.Tanh()),
        nn.Sequential(nn.Linear(4, 6, bias=False), nn.Tanh(), nn.Linear(6, 3)),
        nn.Sequential(nn.Linear(4, 6), nn.Dropout(), nn.Tanh(), nn.Linear(6, 3)),
    ],
)
def test_other_networks_are_refused(model):
    with pytest.raises(CourseError, match="use fit for other networks"):
        fit_by_hand(model, dataset(), TrainConfig(epochs=1))


def test_data_that_do_not_fit_are_refused():
    with pytest.raises(CourseError, match="The network takes 5 numbers"):
        fit_by_hand(models.linear(5, 3), dataset(), TrainConfig(epochs=1))
    with pytest.raises(CourseError, match="2 output"):
        fit_by_hand(models.linear(4, 2), dataset(), TrainConfig(epochs=1))


def test_a_run_that_leaves_the_finite_numbers_says_so():
    made = dataset()
    wild = Dataset(
        "wild", "made", Split(made.train.x * 1e20, made.train.y), made.valid, made.test, made.classes
    )
    model = models.mlp((4, 6, 3), generator=generator(0), act=nn.Identity)
    with pytest.raises(Diverged, match="after epoch 1") as caught:
        fit_by_hand(model, wild, TrainConfig(lr=100.0, epochs=2))
    assert caught.value.history.valid_loss == []
