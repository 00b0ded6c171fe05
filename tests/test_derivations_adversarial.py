"""Oracle: all changes of the corners, random changes, and torch.autograd."""

from __future__ import annotations

from itertools import product

import pytest
import torch

from helpers.crosscheck import Disagreement, agrees_with_helper
from helpers.derivations import adversarial
from helpers.notation import b, eps, w, x
from helpers.proof import Given

SUMS = Given(sizes=(adversarial.n,))


def test_no_corner_of_the_box_gains_more_than_the_sign_step():
    def best(gradient, eps):
        corners = torch.tensor(list(product((-1.0, 1.0), repeat=len(gradient))), dtype=gradient.dtype)
        return (eps * corners @ gradient).max()

    agrees_with_helper(adversarial.sign_step().last, best, (adversarial.g, eps), SUMS)
    with pytest.raises(Disagreement):
        agrees_with_helper(eps * adversarial.length(), best, (adversarial.g, eps), SUMS)


def test_random_changes_of_the_same_length_gain_less_than_the_step_along_the_gradient():
    torch.manual_seed(0)
    gradient = torch.randn(4, dtype=torch.float64)
    changes = torch.nn.functional.normalize(torch.randn(20_000, 4, dtype=torch.float64))
    gains = changes @ gradient
    assert gains.max() <= gradient.norm() + 1e-12
    assert gains.max() == pytest.approx(gradient.norm().item(), rel=0.01)


def test_the_least_change_that_flips_a_linear_classifier():
    """Just within z/‖w‖₁ no change flips the sign; just beyond it the sign step does."""
    torch.manual_seed(1)
    for _ in range(10):
        weights, image = torch.randn(2, 6, dtype=torch.float64)
        score = weights @ image + 0.3
        radius = score.abs() / weights.abs().sum()
        corners = torch.tensor(list(product((-1.0, 1.0), repeat=6)), dtype=torch.float64)
        for factor, flips in ((0.999, False), (1.001, True)):
            moved = score + factor * radius * corners @ weights
            assert bool(((moved > 0) != (score > 0)).any()) is flips


def test_the_worst_case_of_logistic_regression_equals_a_search_over_the_corners():
    def worst(weights, image, bias, eps):
        corners = torch.tensor(list(product((-1.0, 1.0), repeat=len(image))), dtype=image.dtype)
        scores = (image + eps * corners) @ weights + bias
        return torch.nn.functional.softplus(-scores).max()

    agrees_with_helper(adversarial.training().last, worst, (w, x, b, eps), SUMS)


def test_random_signs_scatter_as_derived():
    torch.manual_seed(2)
    gradient = torch.randn(50, dtype=torch.float64)
    signs = torch.randint(0, 2, (20_000, 50)).double() * 2 - 1
    moves = 0.1 * signs @ gradient
    assert moves.mean().item() == pytest.approx(0, abs=0.02)
    assert moves.var().item() == pytest.approx(0.01 * (gradient**2).sum().item(), rel=0.05)
