"""Oracle: torch's batch normalisation and dropout, run on numbers."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from helpers.crosscheck import Disagreement, agrees_with_helper
from helpers.derivations import normalisation, normalisation_dropout
from helpers.derivations.normalisation import beta, g, gamma, x, xhat
from helpers.notation import eps, s, zk
from helpers.proof import Given

ENTRY = Given(sizes=(normalisation.N,), free={s: (1, normalisation.N)})


def layer(inputs, eps, gamma=1.0, beta=0.0):
    """torch's batch normalisation of one unit in training mode; it wants more than one sample."""
    columns = torch.stack([inputs, inputs], dim=1)
    weights = [torch.full((2,), float(value), dtype=inputs.dtype) for value in (gamma, beta)]
    return functional.batch_norm(columns, None, None, *weights, training=True, eps=float(eps))[:, 0]


def one_sample_too(function):
    """torch refuses a batch of one, for which the normalised value is 0."""

    def wrapped(inputs, *rest):
        return torch.zeros_like(inputs) if len(inputs) == 1 else function(inputs, *rest)

    return wrapped


def test_the_forward_pass_equals_torch():
    agrees_with_helper(xhat(s), one_sample_too(layer), (x, eps), ENTRY)


def test_the_backward_pass_equals_torch():
    def backward(inputs, slopes, eps, gamma):
        inputs = inputs.clone().requires_grad_()
        (layer(inputs, eps, gamma) * slopes).sum().backward()
        return inputs.grad

    formula = normalisation.backward_pass().last
    agrees_with_helper(formula, one_sample_too(backward), (x, g, eps, gamma), normalisation.ENTRY)
    with pytest.raises(Disagreement):
        agrees_with_helper(formula / gamma, one_sample_too(backward), (x, g, eps, gamma), normalisation.ENTRY)


def test_a_layer_that_is_folded_away_gives_what_torch_gives_when_it_is_tested():
    def tested(w, features, b, centre, running, eps, gamma, beta):
        score = (w @ features + b).reshape(1, 1)
        values = [value.reshape(1) for value in (centre, running, gamma, beta)]
        return functional.batch_norm(score, *values, training=False, eps=float(eps))[0, 0]

    names = (
        normalisation.w,
        normalisation.features,
        normalisation.b,
        normalisation.centre,
        normalisation.running,
        eps,
        gamma,
        beta,
    )
    agrees_with_helper(normalisation.fold().last, tested, names, Given(sizes=(normalisation.n,)))


def test_dropout_has_the_mean_and_the_variance_that_are_derived():
    torch.manual_seed(0)
    value, rate = 3.0, 0.4
    dropped = functional.dropout(torch.full((200_000,), value, dtype=torch.float64), rate, training=True)
    symbols = {normalisation_dropout.p: rate, normalisation_dropout.u: value}
    mean = normalisation_dropout.dropout_mean().steps[0].expr.subs(symbols)
    variance = normalisation_dropout.dropout_variance().last.subs(symbols)
    assert float(variance) == pytest.approx(6)  # two thirds of 9
    assert dropped.mean().item() == pytest.approx(float(mean), rel=0.01)
    assert dropped.var().item() == pytest.approx(float(variance), rel=0.01)


def test_torchs_likelihood_loss_of_probabilities_is_minus_a_probability():
    """What report E ran: NLLLoss on the outputs of a softmax."""
    torch.manual_seed(1)
    scores, label = torch.randn(1, 4, dtype=torch.float64), torch.tensor([2])
    wrong = functional.nll_loss(scores.softmax(1), label).item()
    right = functional.cross_entropy(scores, label).item()
    assert wrong == pytest.approx(-scores.softmax(1)[0, 2].item())
    assert -1 <= wrong <= 0 < right


def test_the_slope_of_that_loss_equals_torch():
    def slope(scores, labels):
        scores = scores.clone().requires_grad_()
        (-(labels * scores.softmax(0)).sum()).backward()
        return scores.grad

    formula = normalisation_dropout.probability_slope().last
    agrees_with_helper(formula, slope, (zk, normalisation_dropout.yk), normalisation_dropout.SCORES)
