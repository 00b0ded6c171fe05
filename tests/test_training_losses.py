"""Oracles: hand values, and the formulas in double precision."""

from __future__ import annotations

import math

import pytest
import torch
from torch import nn
from toy_training import points, small_net, weights

from helpers.training import (
    _evaluate,
    accuracy,
    binary_cross_entropy,
    cross_entropy,
    evaluate,
    l1,
    l2,
    log_loss,
)


def test_losses_have_their_hand_values():
    y = torch.tensor([1, 0])
    assert binary_cross_entropy(torch.zeros(2, 1), y).item() == pytest.approx(math.log(2))
    assert binary_cross_entropy(torch.tensor([[2.0], [-3.0]]), y).item() == pytest.approx(
        (math.log(1 + math.exp(-2)) + math.log(1 + math.exp(-3))) / 2
    )
    assert cross_entropy(torch.zeros(2, 5), y).item() == pytest.approx(math.log(5))
    logits = torch.tensor([[math.log(6.0), 0.0, 0.0]])
    assert cross_entropy(logits, torch.tensor([0])).item() == pytest.approx(-math.log(6 / 8))
    # Two outputs are one output with their difference for z.
    two = torch.tensor([[0.3, 1.0], [-2.0, 0.5]])
    one = (two[:, 1] - two[:, 0]).unsqueeze(1)
    assert log_loss(two, y).item() == pytest.approx(log_loss(one, y).item())


def test_accuracy_has_its_hand_values():
    y = torch.tensor([1, 1, 0, 0])
    assert accuracy(torch.tensor([[2.0], [-1.0], [-0.1], [0.0]]), y).item() == 0.75
    assert accuracy(torch.tensor([[0.0, 2.0, 1.0]] * 4), y).item() == 0.5


def test_evaluate_in_chunks_is_evaluate_at_once(monkeypatch):
    model, split = small_net(2), points(101, 5, 3)
    logits = model(split.x).detach().double().log_softmax(1)
    expected = (
        -logits[torch.arange(101), split.y].mean().item(),
        (logits.argmax(1) == split.y).sum().item() / 101,
    )
    for chunk in (7, 101, 500):
        monkeypatch.setattr(_evaluate, "CHUNK", chunk)
        found = evaluate(model, split)
        assert (found["loss"], found["accuracy"]) == (pytest.approx(expected[0], abs=1e-6), expected[1])


def test_evaluate_switches_dropout_off_and_changes_nothing():
    model, split = small_net(2, dropout=0.5), points(50, 5, 3)
    before, random = weights(model), torch.get_rng_state()
    assert evaluate(model, split) == evaluate(small_net(2), split)
    assert model.training
    assert evaluate(model.eval(), split, loss=lambda z, y: z.sum() * 0 + 3)["loss"] == 3
    assert not model.training
    assert torch.equal(weights(model), before)
    assert torch.equal(torch.get_rng_state(), random)


@pytest.mark.parametrize("biases", [False, True])
def test_penalties_are_their_formulas_and_spare_the_biases_unless_asked(biases):
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    for penalty, value, slope in (
        (l2(0.3, biases=biases), lambda w: 0.15 * (w**2).sum(), lambda w: 0.3 * w),
        (l1(0.3, biases=biases), lambda w: 0.3 * w.abs().sum(), lambda w: 0.3 * w.sign()),
    ):
        model.zero_grad()
        total = penalty(model)
        total.backward()
        expected = 0.0
        for name, w in model.named_parameters():
            if biases or name in ("0.weight", "2.weight"):
                expected += value(w.detach()).item()
                torch.testing.assert_close(w.grad, slope(w.detach()))
            else:
                assert w.grad is None
        assert total.item() == pytest.approx(expected, rel=1e-6)
