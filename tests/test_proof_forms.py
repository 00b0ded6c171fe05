"""Oracle: textbook rules for roots, exponentials, |u| and sign(u), each next to a false neighbour."""

from __future__ import annotations

import pytest
from sympy import (
    Abs,
    Expr,
    IndexedBase,
    Max,
    Min,
    Product,
    Rational,
    Sum,
    cos,
    cosh,
    exp,
    log,
    sign,
    sin,
    sinh,
    sqrt,
    symbols,
)

from helpers.proof import Given, Partial, Verdict, check
from helpers.proof.judge import symbolic

n = symbols("n", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
x, y, e = symbols("x y e", real=True)
p, q = symbols("p q", positive=True)
g, h = (IndexedBase(name, shape=(n,), real=True) for name in "gh")
SIZED, NONE = Given(sizes=(n,)), Given()
NONZERO = Given(sizes=(n,), domain={g: "nonzero", x: "nonzero"})
FREE = Given(sizes=(n,), free={j: (1, n)}, domain={g: "unit"})


def total(f: Expr) -> Sum:
    return Sum(f, (i, 1, n))


TRUE = {
    "g sign(g) = |g| in a sum": (total(g[i] * e * sign(g[i])), e * total(Abs(g[i])), SIZED),
    "length of a sign vector": (sqrt(total((e * sign(g[i])) ** 2)), sqrt(n * e**2), NONZERO),
    "sign squared": (sign(x) ** 2, 1, NONZERO),
    "sign cubed": (sign(x) ** 3, sign(x), NONE),
    "x sign(x)": (sign(x) * x, Abs(x), NONE),
    "|x y|": (Abs(x * y), Abs(x) * Abs(y), NONE),
    "sign(x y)": (sign(x * y), sign(x) * sign(y), NONE),
    "|x| sign(x)": (Abs(x) * sign(x) * sign(y) ** 2 * y, x * y, NONE),
    "|x - y|": (sign(x - y) * (x - y), Abs(y - x), NONE),
    "derivative of |x|": (Partial(Abs(x), x), sign(x), NONE),
    "maximum": (Max(x, y), (x + y + Abs(x - y)) / 2, NONE),
    "maximum plus minimum": (Max(x, y) + Min(x, y), x + y, NONE),
    "maximum times minimum": (Max(x, y) * Min(x, y), x * y, NONE),
    "rectifier": (Max(0, x), x * (1 + sign(x)) / 2, NONE),
    "|g| of a positive entry": (Abs(g[j]), g[j], FREE),
    "root of a product of positives": (sqrt(p * (p + 4)), sqrt(p) * sqrt(p + 4), NONE),
    "product of roots": ((p + 2 + sqrt(p * (p + 4))) * (p + 2 - sqrt(p * (p + 4))), 4, NONE),
    "cube root": ((p**2 * q) ** Rational(1, 3) * (p * q**2) ** Rational(1, 3), p * q, NONE),
    "root of an exponential": (sqrt(exp(x)), exp(x / 2), NONE),
    "quarters of an exponent": (exp(x / 4) * exp(x / 4 + y / 4), exp(x / 2) * exp(y / 4), NONE),
    "log of a power": (log(p**x * exp(y)), x * log(p) + y, NONE),
    "root of 8": (sqrt(8) * sqrt(p), 2 * sqrt(2 * p), NONE),
    "hyperbolic": (cosh(x) ** 2 - sinh(x) ** 2, 1, NONE),
    "circular": (sin(x) ** 2 + cos(x) ** 2, 1, NONE),
    "factors that cancel": (
        total((n * exp(g[i]) * h[i] + 1) * exp(-g[i])),
        n * total(h[i]) + total(exp(-g[i])),
        SIZED,
    ),
    "product of exponentials": (Product(exp(x * g[i]), (i, 1, n)), exp(x * total(g[i])), SIZED),
    "product of equal factors": (Product(1 + x, (i, 1, n)), (1 + x) ** n, SIZED),
    "product of zeros": (Product(0, (i, 1, n)), 0, SIZED),
    "|g| + g is not negative": (total(Abs(g[i]) + g[i]), total(Abs(g[i])) + total(g[i]), SIZED),
}
FALSE = {
    "g sign(g) = g": (total(g[i] * sign(g[i])), total(g[i]), SIZED),
    "sign squared, at 0 too": (sign(x) ** 2, 1, NONE),
    "|x + y|": (Abs(x + y), Abs(x) + Abs(y), NONE),
    "sign of a sum": (sign(x + y), sign(x) + sign(y), NONE),
    "derivative of |x|": (Partial(Abs(x), x), Abs(x), NONE),
    "maximum": (Max(x, y), (x + y - Abs(x - y)) / 2, NONE),
    "root of a sum": (sqrt(p + q), sqrt(p) + sqrt(q), NONE),
    "root of a square": (sqrt(x**2 * p), x * sqrt(p), NONE),
    "an empty product is 1": (Product(x - x, (i, 2, n)), 0, SIZED),
    "half an exponent": (exp(x / 2) ** 4, exp(x), NONE),
    "hyperbolic": (cosh(x) ** 2 + sinh(x) ** 2, 1, NONE),
}


@pytest.mark.parametrize("name", TRUE)
def test_true_rules_are_proved(name: str) -> None:
    assert check(*TRUE[name])


@pytest.mark.parametrize("name", FALSE)
def test_false_neighbours_are_refuted_by_the_numbers_and_not_seen_by_the_normal_form(name: str) -> None:
    assert check(*FALSE[name]).verdict is Verdict.REFUTED
    assert not symbolic(*FALSE[name])


def test_signs_of_absolute_values_can_be_read_off() -> None:
    gap = total((1 - h[i]) * (Abs(g[i]) - g[i]) + h[i] * (Abs(g[i]) + g[i]))
    box = Given(sizes=(n,), domain={h: "closed unit"})
    assert symbolic(0, gap, box, relation="<=", gap=gap)
    assert not symbolic(0, gap, SIZED, relation="<=", gap=gap)
    assert not symbolic(0, Abs(x) + y, relation="<=", gap=Abs(x) + y)


def test_what_is_nonzero_is_no_condition() -> None:
    assert check(1 / x, x / x**2, Given(domain={x: "nonzero"})).conditions == ()
    assert check(1 / x, x / x**2).conditions == (r"x \ne 0",)
