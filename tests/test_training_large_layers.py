"""Oracle: the same training without updates in the backward pass, checked in test_training.py."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from toy_training import dataset, interrupting, small_net, weights

from helpers import models
from helpers.runtime import generator
from helpers.training import Diverged, TrainConfig, _large_layers, fit, l2

PLAIN = TrainConfig(lr=0.3, batch_size=8, epochs=3)


@pytest.fixture
def updates(monkeypatch) -> list[tuple[int, ...]]:
    """Layers with at least 12 weights count as large; the shapes of those that were updated going back."""
    monkeypatch.setattr(_large_layers, "LARGE", 12)
    seen, plain = [], torch.Tensor.addmm_

    def addmm_(w: Tensor, *arguments: object, **settings: float) -> Tensor:
        seen.append(tuple(w.shape))
        return plain(w, *arguments, **settings)

    monkeypatch.setattr(torch.Tensor, "addmm_", addmm_)
    return seen


def without(monkeypatch, model: nn.Module, config: TrainConfig, **settings: object):
    with monkeypatch.context() as patch:
        patch.setattr(_large_layers, "LARGE", 10**9)
        return fit(model, dataset(3), config, **settings)


class Twice(nn.Module):
    """One layer used twice, and its weights once more by hand."""

    def __init__(self, by_hand: bool) -> None:
        super().__init__()
        self.by_hand = by_hand
        self.inner, self.last = (models.linear(4, n, generator=generator(n)) for n in (4, 3))

    def forward(self, x: Tensor) -> Tensor:
        x = self.inner(x).tanh()
        x = nn.functional.linear(x, self.inner.weight.T) if self.by_hand else self.inner(x)
        return self.last(x)


class Rows(nn.Module):
    """A layer on a batch of rows, (N, 2, 4), and on one row."""

    def __init__(self) -> None:
        super().__init__()
        self.inner, self.last = (models.linear(4, n, generator=generator(n)) for n in (4, 3))

    def forward(self, x: Tensor) -> Tensor:
        both = self.inner(torch.stack((x, 2 * x), 1)).tanh()
        return self.last(both.sum(1) + self.inner(x))


def tied() -> nn.Sequential:
    model = nn.Sequential(*(models.linear(4, n, generator=generator(n)) for n in (4, 4, 3)))
    model[1].weight = model[0].weight
    return model


MODELS = {
    "two layers": (small_net, 42),
    "no bias": (lambda: models.linear(4, 3, bias=False), 21),
    "used twice": (lambda: Twice(False), 21),
    "used by hand": (lambda: Twice(True), 21),
    "rows": (Rows, 21),
    "tied": (tied, 21),
}


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("settings", [{}, {"schedule": "one-cycle"}])
def test_the_result_is_that_of_plain_descent(monkeypatch, updates, kind, settings):
    make, expected_updates = MODELS[kind]
    config, mine, theirs = replace(PLAIN, **settings), make(), make()
    expected = without(monkeypatch, theirs, config)
    assert not updates
    found = fit(mine, dataset(3), config)
    assert len(updates) == expected_updates
    torch.testing.assert_close(weights(mine), weights(theirs), rtol=0, atol=2e-6)
    assert found.valid_loss == pytest.approx(expected.valid_loss, abs=2e-6)


@pytest.mark.parametrize("variant", ["momentum", "adam", "decay", "penalty", "watched", "small"])
def test_what_is_not_plain_goes_the_usual_way(monkeypatch, updates, variant):
    settings = {"momentum": {"momentum": 0.9}, "adam": {"optimiser": "adam"}, "decay": {"weight_decay": 0.1}}
    model = small_net(1)
    if variant == "watched":
        for w in model.parameters():
            w.register_hook(lambda g: g)
    if variant == "small":
        monkeypatch.setattr(_large_layers, "LARGE", 25)
    fit(
        model,
        dataset(3),
        replace(PLAIN, **settings.get(variant, {})),
        penalty=l2(0.1) if variant == "penalty" else None,
    )
    assert not updates


def test_only_trained_layers_are_updated(updates):
    model = small_net(1)
    model[0].requires_grad_(False)
    before = model[0].weight.clone()
    fit(model, dataset(3), PLAIN)
    assert set(updates) == {(3, 6)}
    assert torch.equal(model[0].weight, before)


def test_the_layers_are_themselves_again_after_any_end(updates):
    for loss in (None, interrupting(5), lambda z, _: z.mean() / 0):
        model = small_net(1)
        try:
            fit(model, dataset(3), PLAIN, loss=loss)
        except Diverged:
            assert loss is not None
        assert not any("forward" in vars(part) for part in model.modules())
    assert updates


def test_interrupted_and_resumed_is_uninterrupted(tmp_path, updates):
    whole, resumed, config = small_net(1), small_net(2), replace(PLAIN, checks_per_epoch=2)
    expected = fit(whole, dataset(3), config)
    fit(small_net(1), dataset(3), config, loss=interrupting(11), checkpoint=tmp_path / "run.pt")
    assert fit(resumed, dataset(3), config, checkpoint=tmp_path / "run.pt").valid_loss == expected.valid_loss
    assert torch.equal(weights(resumed), weights(whole))
