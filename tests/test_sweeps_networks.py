"""Oracle: `training.fit` member by member in double precision, weights and buffers compared to 1e-10."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn
from toy_sweeps import D, dataset, differences

from helpers.data import Dataset, Split
from helpers.runtime import generator
from helpers.sweeps import SweepResult, _plan, _updates, grid, sweep
from helpers.sweeps._network import Affine
from helpers.training import TrainConfig

MINI = TrainConfig(batch_size=8, epochs=3, checks_per_epoch=2)
AXES = {"lr": (0.02, 0.2), "lam": (0.0, 0.1), "seed": (0, 1)}
OPTIMISERS = {
    "sgd": grid(MINI, **AXES),
    "sgd, decayed": grid(MINI, weight_decay=(0.0, 0.05), **AXES),
    "momentum": grid(MINI, momentum=(0.0, 0.9), weight_decay=(0.0, 0.05), **AXES),
    "adagrad": grid(replace(MINI, optimiser="adagrad"), weight_decay=(0.0, 0.05), **AXES),
    "adam": grid(replace(MINI, optimiser="adam"), weight_decay=(0.0, 0.05), **AXES),
    "stored order": grid(replace(MINI, shuffle=False), **AXES),
    "full batch": grid(replace(MINI, batch_size=100), **AXES),
    "one cycle": grid(replace(MINI, schedule="one-cycle", momentum=0.5), **AXES),
    "cosine": grid(replace(MINI, schedule="cosine", optimiser="adam"), **AXES),
}


class Steep(nn.Module):
    """σ(s z), a module that the stack has never heard of."""

    def __init__(self, slope: float) -> None:
        super().__init__()
        self.slope = slope

    def forward(self, z):
        return torch.sigmoid(self.slope * z)


def net(*middle, hidden: int = 6, outputs: int = 3):
    """seed → D-hidden-outputs with the modules `middle(hidden)` between the two layers."""

    def make(seed: int) -> nn.Sequential:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            parts = [part(hidden) for part in middle]
            first = nn.Linear(D, hidden, bias=not isinstance(parts[0], nn.BatchNorm1d))
            return nn.Sequential(first, *parts, nn.Linear(hidden, outputs)).double()

    return make


def varied(data: Dataset) -> Dataset:
    """The same without features that never vary."""
    x = torch.randn(data.train.x.shape, generator=generator(5), dtype=torch.float64)
    return replace(data, train=Split(x, data.train.y))


def tanh(_hidden: int) -> nn.Module:
    return nn.Tanh()


def both(make, members, data=None) -> tuple[SweepResult, SweepResult]:
    data = data or dataset(3)
    return tuple(sweep(make, data, members, vectorise=v) for v in (True, False))


# --- Equal to the plain loop ------------------------------------------------------------------------------


@pytest.mark.parametrize("members", OPTIMISERS.values(), ids=OPTIMISERS.keys())
def test_equals_the_plain_loop(members):
    together, alone = both(net(tanh), members)
    assert "stacked" in together.how[0]
    assert together.how[0].startswith(f"{len(members)} members of Sequential")
    assert differences(together, alone) == []


LAYERS = {
    "relu in place": [lambda h: nn.ReLU(inplace=True)],
    "nested, no bias": [lambda h: nn.Sequential(nn.Linear(h, h, bias=False), nn.Tanh())],
    "flat already": [lambda h: nn.Flatten(), tanh],
}


@pytest.mark.parametrize("middle", LAYERS.values(), ids=LAYERS.keys())
@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_layers_equal_the_plain_loop(middle, optimiser):
    members = grid(replace(MINI, optimiser=optimiser, epochs=2), **AXES)
    together, alone = both(net(*middle), members, varied(dataset(3)))
    assert "stacked" in together.how[0]
    assert differences(together, alone) == []


def test_the_comparison_can_fail():
    one, other = (sweep(net(tanh), dataset(3), [replace(MINI, lr=lr)]) for lr in (0.1, 0.1 + 1e-8))
    assert {"0: 0.weight", "0: 2.bias", "0: valid_loss"} <= set(differences(one, other))


@pytest.mark.parametrize(
    ("name", "wrong", "optimiser"),
    [("ADAM", (0.9, 0.9991, 1e-8), "adam"), ("ADAGRAD", 1e-7, "adagrad")],
)
def test_a_wrong_optimiser_is_found(monkeypatch, name, wrong, optimiser):
    members = grid(replace(MINI, optimiser=optimiser), lr=(0.02, 0.2))
    monkeypatch.setattr(_updates, name, wrong)
    assert {"0: 0.weight", "1: 0.weight"} <= set(differences(*both(net(tanh), members)))


def test_a_wrong_gradient_is_found(monkeypatch):
    """What the second layer hands back to the first is too large by a billionth."""
    real = Affine.backward

    def late(ctx, delta):
        w = ctx.saved_tensors[1]
        back = torch.bmm(delta, w * (1 + 1e-9)) if ctx.needs_input_grad[0] else None
        return back, *real(ctx, delta)[1:]

    monkeypatch.setattr(Affine, "backward", staticmethod(late))
    assert "0: 0.weight" in differences(*both(net(tanh), grid(MINI, lr=(0.2,))))


def test_logistic_output():
    together, alone = both(net(tanh, outputs=1), grid(MINI, **AXES), dataset(2))
    assert "stacked" in together.how[0]
    assert differences(together, alone) == []


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("most", [1, 3])
def test_lanes_and_threads_do_not_matter(monkeypatch, most, threads):
    members = grid(MINI, lr=(0.02, 0.1, 0.2), seed=(0, 1))
    expected = sweep(net(tanh), dataset(3), members)
    monkeypatch.setattr(_plan, "MOST", most)
    torch.set_num_threads(threads)
    found = sweep(net(tanh), dataset(3), members)
    assert torch.get_num_threads() == threads
    torch.set_num_threads(1)
    assert f"{6 if most == 1 else 2} stacks" in found.how[0]
    assert differences(found, expected) == []
