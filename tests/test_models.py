"""Oracles: PyTorch's own initialisation under the same seed, and the layers written out in NumPy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from helpers.models import SteepSigmoid, curvature, layer_gradients, linear, mlp
from helpers.runtime import generator


def test_linear_without_generator_is_zero():
    layer = linear(5, 3)
    assert layer.weight.shape == (3, 5)
    assert layer.bias.shape == (3,)
    assert not any(w.any() for w in layer.parameters())
    assert linear(5, 3, bias=False).bias is None


def test_initialisation_is_pytorchs():
    torch.manual_seed(7)
    expected = nn.Sequential(nn.Linear(6, 4), nn.ReLU(), nn.Linear(4, 2))
    mine = mlp((6, 4, 2), generator=generator(7))
    for a, b in zip(mine.parameters(), expected.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-6, atol=0)


def test_global_generator_is_left_alone():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    mlp((6, 4, 2), generator=generator(7))
    linear(3, 2)
    assert torch.equal(torch.get_rng_state(), before)


def test_mlp_is_its_formula():
    model = mlp((6, 4, 5, 2), generator=generator(2), act=nn.Sigmoid)
    w1, b1, w2, b2, w3, b3 = (p.detach().double().numpy() for p in model.parameters())
    x = np.random.default_rng(0).normal(size=(9, 6))
    sigmoid = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    expected = sigmoid(sigmoid(x @ w1.T + b1) @ w2.T + b2) @ w3.T + b3  # no activation at the end
    np.testing.assert_allclose(model(torch.tensor(x).float()).detach().numpy(), expected, rtol=0, atol=1e-6)


def test_seeds_give_different_networks():
    first, same, other = (linear(4, 3, generator=generator(seed)).weight for seed in (1, 1, 2))
    assert torch.equal(first, same)
    assert not torch.equal(first, other)


def test_sizes_that_make_no_network():
    with pytest.raises(ValueError, match="at least one input and one output, got 0 and 3"):
        linear(0, 3)
    with pytest.raises(ValueError, match="an input and an output size"):
        mlp((4,), generator=generator(0))
    with pytest.raises(ValueError, match="Unknown init 'best': use one of pytorch, normal, xavier, he"):
        mlp((4, 2), generator=generator(0), init="best")


def test_the_default_init_is_pytorchs_bit_for_bit():
    named = mlp((6, 4, 2), generator=generator(7), init="pytorch")
    for a, b in zip(mlp((6, 4, 2), generator=generator(7)).parameters(), named.parameters(), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize(("init", "torchs"), [("xavier", "xavier_normal_"), ("he", "kaiming_normal_")])
def test_normal_inits_are_torchs_own(init, torchs):
    options = {"nonlinearity": "relu"} if init == "he" else {}
    mine, random = mlp((6, 4, 3), generator=generator(3), init=init), generator(3)
    for layer in mine[::2]:
        expected = getattr(nn.init, torchs)(torch.empty_like(layer.weight), generator=random, **options)
        torch.testing.assert_close(layer.weight, expected, rtol=1e-6, atol=0)
        assert not layer.bias.any()


def test_normal_init_draws_weights_and_biases_from_the_unit_normal():
    (layer,), random = mlp((5, 3), generator=generator(4), init="normal"), generator(4)
    assert torch.equal(layer.weight, torch.randn(3, 5, generator=random))
    assert torch.equal(layer.bias, torch.randn(3, generator=random))


def test_inits_differ_in_spread():
    def spread(init):
        return mlp((400, 300), generator=generator(0), init=init)[0].weight.std().item()

    for init, variance in (("pytorch", 1 / 1200), ("normal", 1), ("xavier", 2 / 700), ("he", 2 / 400)):
        assert spread(init) == pytest.approx(variance**0.5, rel=0.02)
    assert spread("he") != pytest.approx(spread("xavier"), rel=0.05)


# -- how the gradient fares


def batch(n=7, d=6, classes=3):
    return torch.rand(n, d, generator=generator(5)), torch.arange(n) % classes


def test_layer_gradients_are_backpropagation_written_out():
    model, (x, y) = mlp((6, 5, 4, 3), generator=generator(1), act=nn.Sigmoid, init="normal"), batch()
    w1, b1, w2, b2, w3, b3 = (p.detach().double().numpy() for p in model.parameters())
    sigmoid = lambda z: 1 / (1 + np.exp(-z))  # noqa: E731
    a0 = x.double().numpy()
    a1 = sigmoid(a0 @ w1.T + b1)
    a2 = sigmoid(a1 @ w2.T + b2)
    scores = np.exp(a2 @ w3.T + b3)
    d3 = (scores / scores.sum(1, keepdims=True) - np.eye(3)[y.numpy()]) / len(x)
    d2 = d3 @ w3 * a2 * (1 - a2)
    d1 = d2 @ w2 * a1 * (1 - a1)
    found = layer_gradients(model, x, y)
    expected = [np.linalg.norm(d.T @ a) for d, a in ((d1, a0), (d2, a1), (d3, a2))]
    np.testing.assert_allclose(found.weights, expected, rtol=1e-5)
    np.testing.assert_allclose(found.inputs, [np.linalg.norm(d) for d in (d1, d2, d3)], rtol=1e-5)
    np.testing.assert_allclose(found.norms, [np.linalg.norm(w, 2) for w in (w1, w2, w3)], rtol=1e-5)
    assert all(p.grad is None for p in model.parameters())


@pytest.mark.parametrize(("act", "slope"), [(nn.Sigmoid, 0.25), (nn.Tanh, 1.0), (nn.ReLU, 1.0)])
def test_layer_gradients_keep_the_bound_of_the_slope_and_reach_most_of_it(act, slope):
    model = mlp((6, *[5] * 8, 3), generator=generator(1), act=act)
    _, inputs, norms = layer_gradients(model, *batch())
    assert (inputs[:-1] <= slope * norms[1:] * inputs[1:]).all()
    assert (inputs[:-1] > slope / 10 * norms[1:] * inputs[1:]).any()  # a tenth of the bound is no bound


def test_layer_gradients_need_a_linear_layer():
    with pytest.raises(ValueError, match="no linear layer"):
        layer_gradients(nn.Sequential(nn.ReLU()), *batch())


# -- curvature


def hessian(model, x, y, lam):
    """All second derivatives, entry by entry."""
    flat = torch.nn.utils.parameters_to_vector(model.parameters()).detach()
    names, shapes = zip(*((name, p.shape) for name, p in model.named_parameters()), strict=True)

    def cost(vector):
        parts = [p.view(s) for p, s in zip(vector.split([s.numel() for s in shapes]), shapes, strict=True)]
        z = torch.func.functional_call(model, dict(zip(names, parts, strict=True)), x)
        return nn.functional.cross_entropy(z, y) + lam * sum((p**2).sum() for p in parts if p.dim() > 1)

    return torch.autograd.functional.hessian(cost, flat)


@pytest.mark.parametrize("lam", [0.0, 0.3])
@pytest.mark.parametrize("sizes", [(6, 3), (6, 4, 3)])
def test_curvature_is_the_largest_eigenvalue_of_the_hessian(sizes, lam):
    model, (x, y) = mlp(sizes, generator=generator(1), act=nn.Sigmoid, init="normal").double(), batch()
    values = torch.linalg.eigvalsh(hessian(model, x.double(), y, lam))
    found = curvature(model, x.double(), y, lam=lam, rounds=300, generator=generator(0))
    assert found == pytest.approx(values.abs().max().item(), rel=1e-3)
    assert found != pytest.approx(values.abs().sort().values[-2].item(), rel=1e-3)  # the second is told apart


def test_curvature_says_where_descent_becomes_unstable():
    x, y = (t[:4] for t in batch())
    model = linear(6, 3).double()
    edge = 2 / curvature(model, x.double(), y, lam=0.5, rounds=300, generator=generator(0))
    one_hot, w, b = nn.functional.one_hot(y, 3).double(), torch.zeros(6, 3).double(), torch.zeros(3).double()
    lengths = {}
    for factor in (0.9, 1.3):
        w, b = torch.zeros(6, 3).double(), torch.zeros(3).double()
        for _ in range(200):
            wrong = (torch.softmax(x.double() @ w + b, -1) - one_hot) / len(x)
            w = w - (step := edge * factor * (x.double().T @ wrong + w))
            b = b - edge * factor * wrong.sum(0)
        lengths[factor] = step.norm().item()
    assert lengths[0.9] < 1e-3 < 1e-2 < lengths[1.3]


def test_steep_sigmoid():
    u = torch.linspace(-3, 3, 13, dtype=torch.float64, requires_grad=True)
    for c in (8.0, 2.0):
        out = SteepSigmoid(c)(u)
        np.testing.assert_allclose(out.detach(), 1 / (1 + np.exp(-c * u.detach().numpy())))
        (slope,) = torch.autograd.grad(out.sum(), u)
        assert slope.max().item() == pytest.approx(c / 4)
    assert SteepSigmoid().c == 8
