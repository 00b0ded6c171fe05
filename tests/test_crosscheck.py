"""Oracles: formulas typed directly in torch, values worked out by hand, formulas known to be false."""

from __future__ import annotations

import math
import random

import pytest
import torch
from sympy import (
    DiagMatrix,
    HadamardProduct,
    Identity,
    IndexedBase,
    KroneckerDelta,
    Lambda,
    Max,
    Min,
    Piecewise,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    sign,
    sqrt,
    symbols,
    tanh,
)

from helpers.crosscheck import Disagreement, agrees_with_autograd, agrees_with_helper
from helpers.crosscheck.translate import Instance, evaluate
from helpers.notation import (
    K,
    N,
    W,
    X,
    Xm,
    Y,
    b,
    bce,
    i,
    j,
    k,
    l,
    lam,
    n,
    pk,
    q,
    s,
    sigma,
    u,
    w,
    wm,
    x,
    yk,
    ym,
    zk,
)
from helpers.proof import Given, define, smooth

MANY = Given(sizes=(n, N), free={j: (1, n)}, domain={Y: "unit"})
prediction = define("yhat", (s,), sigma(Sum(X[s, i] * w[i], (i, 1, n)) + b))
COST = Sum(bce(Y[s], prediction(s)), (s, 1, N)) / N + lam * Sum(w[i] ** 2, (i, 1, n))
DATA = -Sum((Y[s] - prediction(s)) * X[s, j], (s, 1, N)) / N
GRADIENT = DATA + 2 * lam * w[j]


def instance(given: Given, **values) -> Instance:
    """An instance with fixed values: names of symbols, arrays and sizes -> numbers."""
    things = values.pop("things")
    case = Instance({size: values[str(size)] for size in given.sizes}, given, random.Random(0))
    case.values = {thing: torch.tensor(value, dtype=torch.float64) for thing, value in things.items()}
    return case


# ---------------------------------------------------------------- the translation, by hand
def test_sums_products_and_deltas_have_their_values():
    given = Given(sizes=(n,))
    case = instance(given, n=3, things={w: [1.0, 2.0, 4.0], x: [3.0, -1.0, 0.5]})
    assert float(evaluate(Sum(w[i] * x[i], (i, 1, n)), case, {})) == 1 * 3 - 2 + 4 * 0.5
    assert float(evaluate(Product(w[i], (i, 2, n)), case, {})) == 8
    assert evaluate(Sum(w[i], (i, 3, 2)), case, {}) == 0
    assert float(evaluate(Sum(w[i] * KroneckerDelta(i, j), (i, 1, n)), case, {j: 2})) == 2
    assert float(evaluate(Sum(w[i] * x[k], (i, 1, k), (k, 1, n)), case, {})) == 1 * 3 + 3 * -1 + 7 * 0.5


def test_an_index_bound_twice_does_not_leak():
    case = instance(Given(sizes=(n,)), n=2, things={w: [1.0, 10.0]})
    inner = Sum(w[i], (i, 1, n))
    assert float(evaluate(Sum(w[i] * inner, (i, 1, n)), case, {})) == 11 * 11
    double = define("double", (u,), 2 * u)
    assert float(evaluate(double(double(w[j])), case, {j: 2})) == 40


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        (Max(0, u), 0.7),
        (Min(0, u), 0.0),
        (Max(0, -u), 0.0),
        (sign(-u), -1.0),
        (sqrt(u), math.sqrt(0.7)),
        (log(u), math.log(0.7)),
        (tanh(u), math.tanh(0.7)),
        (exp(-u) ** 2, math.exp(-1.4)),
        (1 / u, 1 / 0.7),
        (Rational(1, 3) * u, 0.7 / 3),
        (sigma(u), 1 / (1 + math.exp(-0.7))),
    ],
)
def test_functions_have_their_values(expr, value):
    case = instance(Given(), things={u: 0.7})
    assert float(evaluate(expr, case, {})) == pytest.approx(value, rel=1e-15)


def test_matrix_expressions_have_their_values():
    case = instance(
        Given(sizes=(n, N)),
        n=2,
        N=2,
        things={Xm: [[1.0, 2.0], [3.0, 5.0]], wm: [[1.0], [-1.0]], ym: [[2.0], [7.0]]},
    )
    assert float(evaluate((Xm * wm)[1, 0], case, {})) == -2
    assert float(evaluate((Xm.T * ym)[0, 0], case, {})) == 23
    assert float(evaluate((Xm.T * ym / N - 2 * wm)[1, 0], case, {})) == 39 / 2 + 2
    assert float(evaluate(HadamardProduct(ym, ym)[1, 0], case, {})) == 49
    assert float(evaluate((DiagMatrix(ym) * Xm)[1, 0], case, {})) == 21
    assert float(evaluate((Identity(n) + Xm)[0, 0], case, {})) == 2
    assert float(evaluate((Xm * wm).applyfunc(Lambda(u, u**2))[0, 0], case, {})) == 1


def test_what_cannot_be_translated_says_so():
    case = instance(Given(), things={u: 0.7})
    with pytest.raises(ValueError, match="Piecewise has no translation"):
        evaluate(Piecewise((u, u > 0), (0, True)), case, {})
    with pytest.raises(ValueError, match="index s has no range"):
        evaluate(s + u, case, {})
    with pytest.raises(ValueError, match="size n is not known"):
        evaluate(w[1], case, {})


def test_an_entry_outside_its_array_does_not_wrap_round():
    case = instance(Given(sizes=(n,)), n=2, things={w: [1.0, 2.0]})
    for place in (0, 3):
        with pytest.raises(IndexError, match="outside"):
            evaluate(w[place], case, {})


# ---------------------------------------------------------------- true formulas agree
def test_the_penalised_gradient_agrees():
    found = agrees_with_autograd(GRADIENT, COST, w[j], MANY)
    assert found.instances == 20
    assert found.entries > 20
    assert found.worst < 1e-12
    assert len(found.sizes["n"]) > 2
    assert len(found.sizes["N"]) > 2


def test_the_report_is_the_same_everywhere():
    found = agrees_with_autograd(GRADIENT, COST, w[j], MANY, instances=20)
    instances = "20 random instances (float64, n from 1 to 5, N from 1 to 5)"
    assert repr(found) == f"equal to autograd on {instances}: relative difference below 1e-09"


def test_a_bias_and_a_matrix_entry_agree():
    bias = Given(sizes=(n, N), domain={Y: "unit"})
    agrees_with_autograd(-Sum(Y[s] - prediction(s), (s, 1, N)) / N, COST, b, bias, instances=5)
    loss = Sum((Xm * wm)[s, 0] ** 2, (s, 0, N - 1))
    given = Given(sizes=(n, N), free={j: (0, n - 1)})
    agrees_with_autograd((2 * Xm.T * Xm * wm)[j, 0], loss, wm[j, 0], given, instances=5)


def test_softmax_agrees_for_soft_and_one_hot_labels():
    a = define("a", (k,), exp(zk[k]) / Sum(exp(zk[l]), (l, 1, K)))
    loss = -Sum(yk[k] * log(a(k)), (k, 1, K))
    for labels in ("simplex", "onehot"):
        given = Given(sizes=(K,), free={q: (1, K)}, domain={yk: labels})
        agrees_with_autograd(a(q) - yk[q], loss, zk[q], given)
    pair = Given(sizes=(K,), free={l: (1, K), q: (1, K)})
    agrees_with_autograd(a(l) * (KroneckerDelta(l, q) - a(q)), a(l), zk[q], pair)


def test_smooth_functions_have_their_own_derivative():
    f, f_prime = smooth("phi")
    given = Given(sizes=(n,), free={j: (1, n)})
    loss = Sum(x[i] * f(w[i]), (i, 1, n))
    agrees_with_autograd(x[j] * f_prime(w[j]), loss, w[j], given)
    with pytest.raises(Disagreement):
        agrees_with_autograd(x[j] * f(w[j]), loss, w[j], given)


BETWEEN = {
    "unit": (0, 1),
    "closed unit": (0, 1),
    "positive": (0, 9),
    "nonnegative": (0, 9),
    "binary": (0, 1),
    "simplex": (0, 1),
    "onehot": (0, 1),
    "real": (-9, 9),
    (3, 4): (3, 4),
    (lambda rng: 5.0): (5, 5),
}


@pytest.mark.parametrize("domain", BETWEEN)
def test_values_satisfy_their_hypothesis(domain):
    case = Instance({K: 4}, Given(sizes=(K,), domain={pk: domain}), random.Random(3))
    values = case.value_of(pk)
    assert values.shape == (4,)
    assert values.dtype == torch.float64
    low, high = BETWEEN[domain]
    assert ((values >= low) & (values <= high)).all()
    if domain in ("binary", "onehot"):
        assert set(values.tolist()) <= {0.0, 1.0}
    else:
        assert (values != 0).all()
    if domain in ("simplex", "onehot"):
        assert float(values.sum()) == pytest.approx(1, rel=1e-12)


def test_a_loss_that_is_another_one_at_each_index_is_differentiated_at_each():
    """The index hides inside a named function, where a gradient kept for the first one would be wrong."""
    hidden = define("h", (s,), X[s, j] * w[j] ** 2)
    loss, slope = Sum(hidden(s), (s, 1, N)), 2 * w[j] * Sum(X[s, j], (s, 1, N))
    agrees_with_autograd(slope, loss, w[j], MANY)
    with pytest.raises(Disagreement):
        agrees_with_autograd(slope / 2, loss, w[j], MANY)


def test_a_named_function_may_mean_two_things_at_one_number():
    """Its value at 1 is remembered for one formula at one index, and for that function only."""
    one, other = define("f", (i,), w[i] + x[j]), define("f", (i,), w[i] * x[j])
    given = Given(sizes=(n,), free={j: (1, n)})
    agrees_with_helper(one(1) + other(1), lambda w, x: w[0] + x + w[0] * x, (w, x), given)


# ---------------------------------------------------------------- false formulas do not
FALSE = {
    "flipped sign": -GRADIENT,
    "factor 1/N missing": N * DATA + 2 * lam * w[j],
    "1/n for 1/N": DATA * N / n + 2 * lam * w[j],
    "1/3 for 1/N": DATA * N / 3 + 2 * lam * w[j],
    "factor 2 missing": DATA + lam * w[j],
    "transposed index": -Sum((Y[s] - prediction(s)) * X[j, s], (s, 1, N)) / N + 2 * lam * w[j],
    "wrong index": DATA + 2 * lam * w[1],
    "sum for an entry": DATA + 2 * lam * Sum(w[i], (i, 1, n)),
    "bound off by one": -Sum((Y[s] - prediction(s)) * X[s, j], (s, 1, N - 1)) / N + 2 * lam * w[j],
    "off by one in a million": GRADIENT * (1 + Rational(1, 10**6)),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_formula_is_refused(name):
    with pytest.raises(Disagreement):
        agrees_with_autograd(FALSE[name], COST, w[j], MANY)


def test_a_transposed_square_matrix_is_refused():
    given = Given(sizes=(n,), free={j: (1, n), l: (1, n)})
    A, v = IndexedBase("A", shape=(n, n)), IndexedBase("v", shape=(n,))
    loss = Sum(A[i, k] * w[i] * v[k], (i, 1, n), (k, 1, n))
    agrees_with_autograd(w[j] * v[l], loss, A[j, l], given, instances=8)
    with pytest.raises(Disagreement, match="the formula gives"):
        agrees_with_autograd(w[l] * v[j], loss, A[j, l], given, instances=8)


def test_a_disagreement_shows_the_instance():
    where = r"At n = \d, N = \d, j = \d, the formula gives .* and autograd"
    with pytest.raises(Disagreement, match=where) as caught:
        agrees_with_autograd(-GRADIENT, COST, w[j], MANY)
    assert {"n", "N", "X", "Y", "w", "b", "lambda"} <= set(caught.value.instance)


def test_a_loss_without_the_variable_is_no_comparison():
    with pytest.raises(ValueError, match="does not depend on W"):
        agrees_with_autograd(0 * w[j], COST, W[1, j], Given(sizes=(n, N, K), free={j: (1, n)}))
    with pytest.raises(ValueError, match="Nothing was compared"):
        agrees_with_autograd(GRADIENT, COST, w[j], MANY, instances=0)
    with pytest.raises(ValueError, match="symbol or an entry"):
        agrees_with_autograd(GRADIENT, COST, w[j] ** 2, MANY, instances=1)


# ---------------------------------------------------------------- helpers
def torch_gradient(X, y, w, b, lam):
    return -X.T @ (y - torch.sigmoid(X @ w + b)) / len(y) + 2 * lam * w


def test_a_helper_that_is_the_formula_agrees():
    found = agrees_with_helper(GRADIENT, torch_gradient, (X, Y, w, b, lam), MANY)
    assert "equal to torch_gradient on 20 random instances" in repr(found)


def test_a_helper_with_a_slip_is_refused():
    def summed(X, y, w, b, lam):
        return torch_gradient(X, y, w, b, lam) * len(y)

    with pytest.raises(Disagreement, match="and summed"):
        agrees_with_helper(GRADIENT, summed, (X, Y, w, b, lam), MANY)
    with pytest.raises(Disagreement, match="returns shape"):
        agrees_with_helper(GRADIENT, lambda X, y, w, b, lam: X.T, (X, Y, w, b, lam), MANY)


def test_two_free_indices_are_two_axes_in_their_order():
    given = Given(sizes=(n, N), free={s: (1, N), j: (1, n)})
    agrees_with_helper(X[s, j] * w[j], lambda X, w: X * w, (X, w), given)
    eta = Symbol("eta", positive=True)
    agrees_with_helper(eta * X[s, j], lambda X, eta: eta * X, (X, eta), given)
    a, c = symbols("a c", real=True)
    agrees_with_helper(a - c, lambda a, c: a - c, (a, c), Given())
