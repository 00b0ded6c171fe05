"""Oracle: simulated steps, roots by numpy, a brute-force search over inputs, torch's networks and its SGD."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import torch
from sympy import Rational

from helpers.derivations import backpropagation_network as network
from helpers.derivations import dynamics, dynamics_interval, dynamics_momentum


def sigmoid_slope(z):
    return np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2


# ---------------------------------------------------------------- HW3 2.3 and 2.4
def random_network(seed):
    """Weights, biases and one input of a network with layers of 1 to 6 units, float64."""
    generator = torch.Generator().manual_seed(seed)
    units = torch.randint(1, 7, (5,), generator=generator).tolist()

    def draw(*shape):
        return torch.randn(*shape, dtype=torch.float64, generator=generator)

    weights = [draw(units[l + 1], units[l]) for l in range(4)]
    return weights, [draw(units[l + 1]) for l in range(4)], draw(units[0]), draw(units[-1])


@pytest.mark.parametrize("seed", range(5))
def test_the_full_product_is_the_error_that_torch_finds(seed):
    """The right side of the induction, multiplied out with matrices, for every layer of a ragged network."""
    assert network.full_product().closed
    weights, biases, a, label = random_network(seed)
    inputs = []
    for W, b in zip(weights, biases, strict=True):
        inputs.append((W @ a + b).requires_grad_())
        a = torch.tanh(inputs[-1])
    errors = torch.autograd.grad(((a - label) ** 2).sum() / 2, inputs)
    product = torch.diag(1 - torch.tanh(inputs[-1]) ** 2) @ (a - label)
    for l in reversed(range(4)):
        torch.testing.assert_close(product, errors[l], rtol=1e-12, atol=1e-14)
        if l:
            product = torch.diag(1 - torch.tanh(inputs[l - 1]) ** 2) @ weights[l].T @ product


@pytest.mark.parametrize("seed", range(5))
def test_a_linear_network_is_the_affine_map_of_the_derivation(seed):
    assert network.collapse().closed
    weights, biases, x, _ = random_network(seed)
    M, c, a = torch.eye(len(x), dtype=torch.float64), torch.zeros(len(x), dtype=torch.float64), x
    for W, b in zip(weights, biases, strict=True):
        M, c, a = W @ M, W @ c + b, W @ a + b
    torch.testing.assert_close(a, M @ x + c, rtol=1e-12, atol=1e-12)


# ---------------------------------------------------------------- HW4 2.3
@pytest.mark.parametrize(("w", "b"), [(6.9, 0.0), (-6.9, 1.3), (10.0, -2.0), (4.5, 0.7), (-30.0, 5.0)])
def test_the_width_is_what_a_search_over_inputs_finds(w, b):
    formula = dynamics_interval.interval_width().parts[0].steps[-1].expr
    inputs = np.linspace(-3, 3, 600_001)
    wide = (np.abs(w * sigmoid_slope(w * inputs + b)) >= 1).sum() * 1e-5
    width = float(formula.subs(dynamics_interval.size, abs(w)))
    assert wide == pytest.approx(width, abs=3e-5)


def test_below_four_no_input_reaches_one():
    assert dynamics.weight_below_four().closed
    for w in (-3.99, 0.5, 3.99):
        assert np.abs(w * sigmoid_slope(w * np.linspace(-20, 20, 100_001))).max() < 1


def test_the_digits_of_the_maximum_equal_those_of_another_search():
    _, low, high = dynamics_interval.crossing()
    assert high - low == Rational(1, 10**34)
    with mpmath.workdps(50):
        at = mpmath.findroot(lambda s: s * mpmath.tanh(s / 2) - 1, 1.5)
        assert mpmath.mpf(low.p) / low.q < at < mpmath.mpf(high.p) / high.q
        bounds = [step.expr for step in dynamics_interval.width_maximum().steps]
        least, most, narrow, wide = (mpmath.mpf(e.p) / e.q for e in bounds)
        assert least < 2 + 2 * mpmath.cosh(at) < most < least + mpmath.mpf(10) ** -29
        assert narrow < at / (1 + mpmath.cosh(at)) < wide < narrow + mpmath.mpf(10) ** -29


def test_no_other_weight_has_a_wider_interval():
    v = np.linspace(4.001, 200, 500_000)
    widths = 2 / v * np.log(v * (1 + np.sqrt(1 - 4 / v)) / 2 - 1)
    assert v[widths.argmax()] == pytest.approx(6.894151, abs=1e-3)
    assert widths.max() == pytest.approx(0.447743, abs=1e-6)


# ---------------------------------------------------------------- HW4 2.4
def largest_root(mu, h):
    return np.abs(np.roots([1, -(1 + mu - h), mu])).max()


def test_the_region_of_stability_is_that_of_the_roots():
    assert dynamics_momentum.momentum_stable_real().closed
    assert dynamics_momentum.momentum_needed_real().closed
    points = np.random.default_rng(0).uniform((-1.6, -0.5), (1.6, 5), (5_000, 2))
    for mu, h in points:
        assert (largest_root(mu, h) < 1) == (-1 < mu < 1 and 0 < h < 2 * (1 + mu))


def test_the_band_of_complex_roots_is_where_the_modulus_is_the_root_of_mu():
    for mu in (0.1, 0.5, 0.9):
        edges = (1 - mu**0.5) ** 2, (1 + mu**0.5) ** 2
        inside = np.linspace(*edges, 9)[1:-1]
        assert [largest_root(mu, h) for h in inside] == pytest.approx([mu**0.5] * 7)
        assert min(largest_root(mu, edges[0] * 0.9), largest_root(mu, edges[1] * 1.1)) > mu**0.5 + 1e-3


@pytest.mark.parametrize(
    ("mu", "h", "converges"),
    [
        (0.9, 3.7, True),
        (0.9, 3.9, False),
        (-0.5, 0.9, True),
        (-0.5, 1.1, False),
        (1.0, 0.5, False),
        (1.1, 0.01, False),
        (0.0, 1.9, True),
        (0.0, 2.1, False),
    ],
)
def test_torch_converges_just_where_the_derivation_says(mu, h, converges):
    """PyTorch's momentum refuses a negative value, so that one is stepped by hand."""
    w = torch.ones((), dtype=torch.float64, requires_grad=True)
    if mu >= 0:
        optimiser = torch.optim.SGD([w], lr=h, momentum=mu)
        for _ in range(400):
            optimiser.zero_grad()
            (w**2 / 2).backward()
            optimiser.step()
        end = abs(float(w.detach()))
    else:
        end, velocity = 1.0, 0.0
        for _ in range(400):
            velocity = mu * velocity - h * end
            end += velocity
    assert (abs(end) < 1e-3) == converges
