"""What a first course also writes: cases, whole parts, traces, inverses, ranges that are split or turned.

Oracle: small numbers worked out by hand; the false twin of each true line is refuted.
"""

from __future__ import annotations

import pytest
from sympy import (
    Abs,
    Determinant,
    Eq,
    Identity,
    IndexedBase,
    Inverse,
    Limit,
    MatMul,
    MatrixSymbol,
    Max,
    Piecewise,
    Product,
    Sum,
    Trace,
    erf,
    exp,
    floor,
    pi,
    sign,
    sqrt,
    symbols,
)

from helpers.proof import Given, Partial, Verdict, as_written, check, define

u, v = symbols("u v", real=True)
n, m = symbols("n m", integer=True, positive=True)
i, j, k, q = symbols("i j k q", integer=True)
c, w = IndexedBase("c", real=True), IndexedBase("w", real=True)
A, B = MatrixSymbol("A", n, m), MatrixSymbol("B", m, n)
S = MatrixSymbol("S", n, n)
SIZED = Given(sizes=(n, m))
SPLIT = Given(sizes=(n,), free={q: (1, n)})
above = Piecewise((u, u > 0), (0, True))
relu = define("relu", [u], above)
with as_written():
    undone = MatMul(S, Inverse(S))


def prefix(last):
    return Sum(w[i] * Product(c[j], (j, i + 1, last)), (i, 1, last))


PAIRS = {  # a left side, what it is, what it is not, under which hypotheses
    "a definition by cases": (above, Max(0, u), Abs(u), None),
    "the end of a case does not matter": (Piecewise((u, u >= 0), (0, True)), Max(0, u), u, None),
    "the slope of a case": (Partial(relu(u), u), Piecewise((1, u > 0), (0, True)), relu(u), None),
    "the slope of a maximum": (Partial(Max(0, u), u), Piecewise((1, u > 0), (0, True)), sign(u), None),
    "a case that picks an index": (Sum(Piecewise((w[k], Eq(k, q)), (0, True)), (k, 1, n)), w[q], w[1], SPLIT),
    "a whole part": (floor((n + m) / m), floor(n / m) + 1, n / m + 1, SIZED),
    "the slope of erf": (Partial(erf(u), u), 2 * exp(-(u**2)) / sqrt(pi), exp(-(u**2)), None),
    "a trace that is turned": (Trace(A * B), Trace(B * A), Trace(A * A.T), SIZED),
    "an inverse undone": (undone, Identity(n), 2 * Identity(n), SIZED),
    "a range in two": (Sum(w[k], (k, 1, q)) + Sum(w[k], (k, q + 1, n)), Sum(w[k], (k, 1, n)), w[q], SPLIT),
    "a sum that telescopes": (Sum(w[k + 1] - w[k], (k, 1, n)), w[n + 1] - w[1], w[n] - w[1], SPLIT),
    "a sum read backwards": (Sum(w[n + 1 - k], (k, 1, n)), Sum(w[k], (k, 1, n)), w[n], SPLIT),
    "a convolution": (Sum(w[k] * c[n - k], (k, 0, n)), Sum(w[n - k] * c[k], (k, 0, n)), w[n], SPLIT),
    "a product in two": (
        Product(c[k], (k, 1, q)) * Product(c[k], (k, q + 1, n)),
        Product(c[k], (k, 1, n)),
        Product(c[k], (k, 2, n)),
        SPLIT,
    ),
    "a product of products": (
        Product(c[k] * w[k], (k, 1, n)),
        Product(c[k], (k, 1, n)) * Product(w[k], (k, 1, n)),
        Product(c[k], (k, 1, n)),
        SPLIT,
    ),
    "an unrolled recurrence": (prefix(q), w[q] + c[q] * prefix(q - 1), c[q] * prefix(q - 1), SPLIT),
}


@pytest.mark.parametrize("name", PAIRS)
def test_true_is_proved_and_its_false_twin_refuted(name: str) -> None:
    left, right, wrong, given = PAIRS[name]
    assert check(left, right, given).verdict is Verdict.PROVED
    assert check(left, wrong, given).verdict is Verdict.REFUTED


def test_conditions_are_shown() -> None:
    assert check(Partial(relu(u), u), Piecewise((1, u > 0), (0, True))).conditions == (r"u \ne 0",)
    assert check(undone, Identity(n), SIZED).conditions == (r"\det S \ne 0",)


def test_a_derivative_at_a_kink_is_no_counterexample() -> None:
    """Oracle: the difference quotient of |u| at 0 is 0 from both sides together, and means nothing."""
    assert check(Partial(Abs(u), u), sign(u) + (1 - sign(u) ** 2)).verdict is not Verdict.REFUTED


@pytest.mark.parametrize(("side", "value"), [("-", -1), ("+", 0)])
def test_a_whole_part_has_two_limits(side: str, value: int) -> None:
    assert check(Limit(floor(u), u, 0, side), value).verdict is Verdict.CHECKED
    assert check(Limit(floor(u), u, 0, side), -1 - value).verdict is Verdict.REFUTED


def test_a_determinant_has_a_value() -> None:
    assert check(Determinant(S.T), Determinant(S), SIZED).verdict is not Verdict.REFUTED
    assert check(Determinant(2 * S), 2 * Determinant(S), SIZED).verdict is Verdict.REFUTED


def test_ranges_that_may_be_empty_are_not_split() -> None:
    """At q = 1 the first range runs from 1 to -1, and the two terms beside it are one too many."""
    split = Sum(w[k], (k, 1, q - 2)) + w[q - 1] + w[q]
    assert check(split, Sum(w[k], (k, 1, q)), SPLIT).verdict is Verdict.REFUTED
