"""Oracle: every batch counted one by one, a simulation, and torch.optim."""

from __future__ import annotations

from itertools import combinations, product
from statistics import fmean

import pytest
import torch
from sympy import Float, Indexed, Integer, Rational

from helpers.derivations import stochastic, stochastic_updates
from helpers.notation import eps, eta, mu
from helpers.proof import unfold

GRADIENTS = (0.7, -1.3, 0.4, 2.1, -0.2)
HYPER = {eta: 0.05, mu: 0.9, eps: 1e-8, stochastic_updates.beta1: 0.9, stochastic_updates.beta2: 0.999}


def number(e, **values):
    """`e` as a float, with sizes and per-sample gradients filled in."""
    sizes = {symbol: Integer(values[str(symbol)]) for symbol in (stochastic.N, stochastic.B)}
    plain = unfold(e).xreplace(sizes).doit()
    return float(plain.xreplace({e: Float(GRADIENTS[int(e.indices[0]) - 1]) for e in plain.atoms(Indexed)}))


def spread(means):
    centre = fmean(GRADIENTS)
    return fmean((value - centre) ** 2 for value in means)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_variance_with_replacement_is_that_of_all_batches(size):
    means = [fmean(batch) for batch in product(GRADIENTS, repeat=size)]
    assert fmean(means) == pytest.approx(number(stochastic.unbiased().last, N=5, B=size))
    assert spread(means) == pytest.approx(number(stochastic.with_replacement(), N=5, B=size))
    assert size == 1 or spread(means) != pytest.approx(number(stochastic.without_replacement(), N=5, B=size))


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_the_variance_without_replacement_is_that_of_all_batches(size):
    means = [fmean(batch) for batch in combinations(GRADIENTS, size)]
    assert fmean(means) == pytest.approx(fmean(GRADIENTS))
    assert spread(means) == pytest.approx(number(stochastic.without_replacement(), N=5, B=size), abs=1e-12)
    assert size == 1 or spread(means) != pytest.approx(number(stochastic.with_replacement(), N=5, B=size))


def test_the_spread_inside_a_batch_is_what_the_derivation_says():
    batches = list(product(GRADIENTS, repeat=3))
    inside = fmean(fmean((g - fmean(batch)) ** 2 for g in batch) for batch in batches)
    assert inside == pytest.approx(number(stochastic.within().last, N=5, B=3))


def test_a_fixed_rate_leaves_the_noise_that_the_derivation_says():
    generator = torch.Generator().manual_seed(0)
    h, rate, batch, noise = 2.0, 0.3, 4, 1.5
    w = torch.zeros(20_000, dtype=torch.float64)
    for _ in range(40):
        gradient = h * w + (noise / batch) ** 0.5 * torch.randn(w.shape, generator=generator, dtype=w.dtype)
        w = w - rate * gradient
    floor = rate * noise / (batch * h * (2 - rate * h))
    symbols = {str(symbol): symbol for symbol in stochastic.noise_floor().last.free_symbols}
    values = {"h": h, "eta": rate, "B": batch, "V": noise}
    formula = stochastic.noise_floor().last.subs({symbols[name]: value for name, value in values.items()})
    assert float(formula) == pytest.approx(floor)
    assert float(w.var()) == pytest.approx(floor, rel=0.05)


# ---------------------------------------------------------------- optimisers
def step_by_torch(make):
    """The weight after each of five steps with the gradients above."""
    weight = torch.tensor([0.5], dtype=torch.float64, requires_grad=True)
    optimiser, seen = make([weight]), []
    for gradient in GRADIENTS:
        weight.grad = torch.tensor([gradient], dtype=torch.float64)
        optimiser.step()
        seen.append(weight.item())
    return seen


def at(e, extra=None):
    return float(unfold(e).subs(HYPER | (extra or {})))


def step_by_formula(update, memories):
    """The same from the named functions: `memories` say how each memory is brought up to date."""
    weight, kept, seen = 0.5, [0.0] * len(memories), []
    for step, gradient in enumerate(GRADIENTS, 1):
        counted = (step,) if update is stochastic_updates.adam else ()
        weight = at(update(weight, gradient, *kept, *counted))
        kept = [at(memory(gradient, old)) for memory, old in zip(memories, kept, strict=True)]
        seen.append(weight)
    return seen


OPTIMISERS = {
    "sgd": (stochastic_updates.sgd, (), lambda p: torch.optim.SGD(p, lr=0.05)),
    "momentum": (
        stochastic_updates.momentum,
        (stochastic_updates.faster,),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    ),
    "momentum as torch writes it": (
        stochastic_updates.momentum_torch,
        (stochastic_updates.buffer,),
        lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    ),
    "adagrad": (
        stochastic_updates.adagrad,
        (stochastic_updates.added,),
        lambda p: torch.optim.Adagrad(p, lr=0.05, eps=1e-8),
    ),
    "adam": (
        stochastic_updates.adam,
        (stochastic_updates.mean, stochastic_updates.square),
        lambda p: torch.optim.Adam(p, lr=0.05, eps=1e-8),
    ),
}


@pytest.mark.parametrize("name", OPTIMISERS)
def test_five_steps_of_each_optimiser_equal_torch(name):
    update, memories, make = OPTIMISERS[name]
    assert step_by_formula(update, memories) == pytest.approx(step_by_torch(make), rel=1e-9)


def test_the_comparison_tells_optimisers_apart():
    update, memories, _ = OPTIMISERS["momentum"]
    plain = step_by_torch(OPTIMISERS["sgd"][2])
    assert step_by_formula(update, memories) != pytest.approx(plain, rel=1e-3)


def test_adams_first_step_is_the_sign_of_the_gradient_in_torch():
    first = stochastic_updates.adam_first_step().last
    for gradient in (1e-3, -50.0):
        weight = torch.tensor([0.0], dtype=torch.float64, requires_grad=True)
        weight.grad = torch.tensor([gradient], dtype=torch.float64)
        torch.optim.Adam([weight], lr=0.05, eps=1e-8).step()
        assert weight.item() == pytest.approx(at(first, {stochastic_updates.slope: gradient}), rel=1e-9)
        assert weight.item() == pytest.approx(-0.05 * (1 if gradient > 0 else -1), rel=1e-4)


def test_the_steady_step_of_momentum_is_reached():
    speed = 0.0
    for _ in range(200):
        speed = at(stochastic_updates.faster(0.7, speed))
    steady = stochastic_updates.momentum_limit().last
    assert speed == pytest.approx(at(steady, {stochastic_updates.slope: Rational(7, 10)}))
    assert speed == pytest.approx(-0.05 * 0.7 * 10)
