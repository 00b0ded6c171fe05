"""Oracle: the same run with automatic differentiation, which is how `fit` trains larger batches."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from helpers import models
from helpers.runtime import generator
from helpers.training import TrainConfig, fit, l2, smoothed
from helpers.training import _small_batches as small
from tests.toy_training import dataset, weights

CONFIG = TrainConfig(lr=0.1, batch_size=1, epochs=2)


def trained(config: TrainConfig, act: type[nn.Module] = nn.Tanh, **options) -> tuple[Tensor, list[float]]:
    model = models.mlp((4, 5, 3), generator=generator(0), act=act)
    history = fit(model, dataset(3), config, **options)
    return weights(model), history.train_loss


def no_gradients(*_args, **_options) -> None:
    raise AssertionError("automatic differentiation was used")


@pytest.mark.parametrize("act", [nn.Sigmoid, nn.Tanh, nn.ReLU, nn.Identity])
@pytest.mark.parametrize("change", [{}, {"batch_size": 3}, {"schedule": "one-cycle"}, {"patience": 1}])
def test_few_examples_are_trained_by_hand_and_to_the_same_weights(act, change, monkeypatch):
    config = replace(CONFIG, **change)
    with monkeypatch.context() as patch:
        patch.setattr(small, "FEW", 0)
        expected, losses = trained(config, act)
    monkeypatch.setattr(Tensor, "backward", no_gradients)
    found, ours = trained(config, act)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)
    assert ours == pytest.approx(losses, rel=1e-4)


@pytest.mark.parametrize(("change", "options"), [
    ({"batch_size": 5}, {}), ({"weight_decay": 0.1}, {}), ({"momentum": 0.5}, {}),
    ({"optimiser": "adam"}, {}),
    ({}, {"penalty": l2(0.1)}), ({}, {"loss": smoothed(0.1)}),
])  # fmt: skip
def test_what_the_equations_do_not_cover_is_left_to_automatic_differentiation(change, options, monkeypatch):
    monkeypatch.setattr(Tensor, "backward", no_gradients)
    with pytest.raises(AssertionError, match="was used"):
        trained(replace(CONFIG, **change), **options)


def test_networks_that_are_watched_frozen_or_of_another_kind_are_left_to_it_too():
    def step(model: nn.Module) -> small.Step | None:
        optimiser = small.PlainSGD(list(model.parameters()), 0.1, 0.0)
        return small.step_on_few(model, 1, optimiser, small.log_loss, None)

    model = models.mlp((4, 5, 3), generator=generator(0))
    assert step(model) is not None
    assert step(models.linear(4, 1)) is None  # one output: another cross-entropy
    assert step(nn.Sequential(nn.Flatten(), model[0])) is None
    model[0].weight.requires_grad_(False)
    assert step(model) is None
    watched = models.mlp((4, 5, 3), generator=generator(0))
    watched[0].register_forward_hook(lambda *_: None)
    assert step(watched) is None
