"""Oracle: a plain loop over the layers of a network with numbers in it."""

from __future__ import annotations

import random

import mpmath
import pytest
from sympy import IndexedBase, KroneckerDelta, Sum, symbols

from helpers.proof import (
    Derivation,
    Given,
    RefutedStep,
    UnprovedStep,
    Verdict,
    check,
    define,
    induction,
    recursive,
    smooth,
)
from helpers.proof.judge import symbolic
from helpers.proof.numeric.evaluate import evaluate
from helpers.proof.numeric.points import IllFormed, Point

L, n = symbols("L n", integer=True, positive=True)
l, i, k = symbols("l i k", integer=True)
x = symbols("x", real=True)
width = IndexedBase("d", integer=True, positive=True)
W, z, g = (IndexedBase(name, real=True) for name in "Wzg")
f, df = smooth("sigma")
A = define("A", [l, i, k], df(z[l, i]) * W[l + 1, k, i])
delta = recursive(
    "delta",
    [l, i],
    start=(l, L),
    base=df(z[L, i]) * g[i],
    rule=lambda D: df(z[l, i]) * Sum(W[l + 1, k, i] * D(l + 1, k), (k, 1, width[l + 1])),
)
GIVEN = Given(sizes=(L,), free={l: (1, L - 1), i: (1, width[l])}, span=(2, 3, 4))


def product(matrix: object = A, vector: object = None) -> type:
    """Row i of matrix(l) matrix(l + 1) ... matrix(L - 1) vector, as a function of l and i."""
    return recursive(
        "P",
        [l, i],
        start=(l, L),
        base=(vector or (lambda i: df(z[L, i]) * g[i]))(i),
        rule=lambda P: Sum(matrix(l, i, k) * P(l + 1, k), (k, 1, width[l + 1])),
    )


def test_the_full_product_of_backpropagation_is_proved_for_a_symbolic_depth() -> None:
    d = induction("full product", delta(l, i), product()(l, i), l, GIVEN, because="BP2")
    assert d.closed
    assert d.verdict is Verdict.PROVED
    shown = repr(d)
    assert "Base: l = L" in shown
    assert "suppose delta(l + 1, i) = P(l + 1, i)" in shown
    assert "Step: from l + 1 to l" in shown


def test_wrong_products_are_refuted() -> None:
    transposed = define("A", [l, i, k], df(z[l, i]) * W[l + 1, i, k])
    without = define("A", [l, i, k], W[l + 1, k, i])
    for wrong in (product(transposed), product(without), product(A, lambda i: g[i])):
        with pytest.raises(RefutedStep):
            induction("wrong", delta(l, i), wrong(l, i), l, GIVEN)


def test_the_evaluator_runs_a_recursion_as_a_plain_loop_does() -> None:
    point = Point(GIVEN, (3,), 5, simple=False)
    point.values.update({l: 1, i: 1})
    with mpmath.workdps(30):
        found = evaluate(product()(l, i), {}, point, mpmath.mp)
        backwards = evaluate(delta(l, i), {}, point, mpmath.mp)
    value = {key: float(v) for key, v in point.values.items() if isinstance(key, tuple)}
    sizes = {layer: int(value[width, (layer,)]) for layer in (2, 3)}

    def slope(layer: int, unit: int) -> float:
        return float(evaluate(df(z[layer, unit]), {}, point, mpmath.fp))

    deltas = [slope(3, b) * value[g, (b,)] for b in range(1, sizes[3] + 1)]
    for layer, units in ((2, sizes[2]), (1, 1)):
        deltas = [
            slope(layer, a) * sum(value[W, (layer + 1, b, a)] * d for b, d in enumerate(deltas, 1))
            for a in range(1, units + 1)
        ]
    assert float(found) == pytest.approx(deltas[0], rel=1e-12)
    assert float(backwards) == pytest.approx(deltas[0], rel=1e-12)


def test_upward_recursions_work_too() -> None:
    """Momentum from rest under a constant gradient: v_k = -(1 - mu^k)/(1 - mu)."""
    mu = symbols("mu", real=True)
    v = recursive("v", [k], start=(k, 0), base=0, rule=lambda v: mu * v(k - 1) - 1)
    given = Given(sizes=(n,), free={k: (1, n)}, domain={mu: "unit"})
    closed = -(1 - mu**k) / (1 - mu)
    assert check(v(k), mu * v(k - 1) - 1, given, using=[v(k)])
    assert check(mu * v(k - 1) - 1, v(k), given).verdict is Verdict.CHECKED
    assert induction("velocity", v(k), closed, k, given).verdict is Verdict.PROVED
    with pytest.raises(RefutedStep):
        induction("velocity", v(k), -closed, k, given)


def test_a_definition_is_used_only_where_it_certainly_holds() -> None:
    """At the start level the rule does not apply; a range that includes it must not let it be used."""
    v = recursive("v", [k], start=(k, 0), base=1, rule=lambda v: v(k - 1))
    everywhere = Given(sizes=(n,), free={k: (0, n)})
    assert check(v(k), v(k - 1), everywhere, using=[v(k)]).verdict is not Verdict.PROVED
    with pytest.raises(ValueError, match="must exclude 0"):
        symbolic(v(k), v(k - 1), everywhere, using=[v(k)])


def test_nothing_but_a_recursion_can_be_used() -> None:
    with pytest.raises(ValueError, match="not an application"):
        symbolic(x, 0, using=[x])


def test_induction_asks_for_one_neighbouring_level() -> None:
    two = recursive("two", [k], start=(k, 0), base=1, rule=lambda v: v(k - 2))
    for left in (two(k), x, KroneckerDelta(k, 1)):
        with pytest.raises(ValueError, match="must"):
            induction("fibonacci", left, 1, k, Given(sizes=(n,), free={k: (1, n)}))


def test_a_recursion_that_does_not_end_is_ill_formed() -> None:
    v = recursive("v", [k], start=(k, 0), base=1, rule=lambda v: v(k - 1))
    with pytest.raises(IllFormed, match="does not end"):
        evaluate(v(1000), {}, Point(Given(), (), 0, simple=True), mpmath.fp)


def test_an_opaque_recursion_is_not_unfolded_by_itself() -> None:
    v = recursive("v", [k], start=(k, 0), base=random.Random(0).randint(2, 9), rule=lambda v: 2 * v(k - 1))
    given = Given(sizes=(n,), free={k: (1, n)})
    assert not symbolic(v(k), 2 * v(k - 1), given)
    assert symbolic(v(k), 2 * v(k - 1), given, using=[v(k)])
    d = Derivation("double", v(k), given).step(2 * v(k - 1))
    with pytest.raises(UnprovedStep):
        d.qed()
