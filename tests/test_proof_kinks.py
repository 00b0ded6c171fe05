"""Oracle: ReLU and its slope by hand; what holds for the units of a sum holds for no other unit."""

from __future__ import annotations

from sympy import Heaviside, IndexedBase, Max, Piecewise, Sum, sign, symbols

from helpers.proof import At, Given, Partial, Verdict, check, define
from helpers.proof.judge import symbolic

n, m = symbols("n m", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
u, z = symbols("u z", real=True)
w, x = IndexedBase("w", shape=(n,), real=True), IndexedBase("x", shape=(n,), real=True)
g, W = IndexedBase("g", shape=(m,), real=True), IndexedBase("W", shape=(m, n), real=True)
relu = define("relu", (u,), Max(0, u))
score = define("z", (i,), Sum(W[i, j] * x[j], (j, 1, n)))
ENTRY = Given(sizes=(n, m), free={j: (1, n), k: (1, m)}, span=(1, 2, 3))


def positive(e):
    return Piecewise((1, e > 0), (0, True))


def cost(last):
    return Sum(g[i] * Max(0, score(i)), (i, 1, last))


def test_the_slope_of_relu() -> None:
    for slope in (positive(z), Heaviside(z)):
        assert check(Partial(Max(0, z), z), slope)
        assert check(At(Partial(relu(u), u), u, z), slope)
    assert check(Partial(Max(0, z), z), 1 - positive(z)).verdict is Verdict.REFUTED
    assert check(At(Partial(relu(u), u), u, z), z).verdict is Verdict.REFUTED


def test_the_kink_is_no_counterexample() -> None:
    result = check(At(Partial(relu(u), u), u, z), Piecewise((1, z >= 0), (0, True)))
    assert result.verdict is Verdict.PROVED
    assert any("ne 0" in condition for condition in result.conditions)


def test_relu_of_a_sum_and_of_each_unit() -> None:
    inner = Sum(w[i] * x[i], (i, 1, n))
    assert check(Partial(Max(0, inner), w[j]), positive(inner) * x[j], ENTRY)
    assert check(Partial(cost(m), W[k, j]), g[k] * positive(score(k)) * x[j], ENTRY)
    assert (
        check(Partial(cost(m), W[k, j]), g[k] * positive(-score(k)) * x[j], ENTRY).verdict is Verdict.REFUTED
    )


def test_no_kink_is_excluded_beyond_the_sum() -> None:
    slope = Partial(cost(m - 1), W[1, j])
    beyond = Given(sizes=(n, m), free={j: (1, n)}, span=(2, 3))
    assert not symbolic(slope + sign(score(m)) ** 2, slope + 1, beyond)
    assert check(slope + sign(score(m)) ** 2, slope + 1, beyond).verdict is Verdict.REFUTED
    whole = Partial(cost(m), W[1, j])
    assert symbolic(whole + sign(score(m)) ** 2, whole + 1, beyond)
