"""What rounding may have hidden decides nothing: ties, differences, signs and limits far from 1.

Oracle: the mathematics. Beside each true statement stands a false one of its kind, which is refuted or at
least not proved.
"""

from __future__ import annotations

import pytest
from sympy import (
    Abs,
    Heaviside,
    Limit,
    Piecewise,
    Product,
    Rational,
    Sum,
    cos,
    cosh,
    erf,
    exp,
    log,
    oo,
    sign,
    sin,
    sinh,
    sqrt,
    symbols,
    tanh,
)

from helpers.proof import Given, Verdict, as_written, check

x, y = symbols("x y", real=True)
n = symbols("n", integer=True, positive=True)
k = symbols("k", integer=True)
FAR, FARTHER = Given(domain={x: (10_000, 20_000)}), Given(domain={x: (100_000, 200_000)})
UNIT = Given(domain={x: "unit"})
with as_written():
    SPLIT = (cosh(x) - sinh(x)) * exp(x)
    LOST = ((1 + exp(-x)) - 1) * exp(x)
    POWER = exp(log(x))
    TOWER = exp(exp(exp(exp(x**2)))) / exp(exp(exp(exp(x**2))))
    BESIDE = (x + exp(-(x**2))) - x


def to(f, at, side="-"):
    return Limit(f, x, at, side)


NOT_REFUTED = {
    "e^-x is lost in both": (sinh(x), cosh(x), "<", FAR),
    "a cosine that only tends to 1": (cos(exp(-x)), 1, "<", FARTHER),
    "an exponential that only tends to 1": (1, exp(exp(-x)), "<", FARTHER),
    "a power that only tends to 1": (1, 2 ** exp(-x), "<", FARTHER),
    "a sine that only tends to its argument": (sin(exp(-x)), exp(-x), "<", FAR),
    "a product that only tends to 1": ((1 + exp(-x)) * (1 - exp(-x)), 1, "<", FAR),
    "a square that only tends to 1 + 2u": (1 + 2 * exp(-x), (1 + exp(-x)) ** 2, "<", FAR),
    "erf only tends to 1": (erf(x), 1, "<", Given(domain={x: (1_000, 2_000)})),
    "two exponentials cancel": (SPLIT, 1, "=", Given(domain={x: (1_000, 2_000)})),
    "what was lost is asked for": (LOST, 1, "=", Given(domain={x: (2_000, 3_000)})),
    "the same for constants": ((cosh(1_000) - sinh(1_000)) * exp(1_000), 1, "=", Given()),
    "a limit of what cancels": (to(x**3 * (sqrt(x**6 + 1) - x**3), oo), Rational(1, 2), "=", Given()),
    "a limit that is slow": (to(log(x) / 10**30, oo), oo, "=", Given()),
    "a limit over whole numbers": (Limit(Sum(x**k, (k, 0, n)), n, oo, "-"), 1 / (1 - x), "=", UNIT),
    "one of products": (
        Limit(Product(1 - 1 / (k + 1) ** 2, (k, 1, n)), n, oo, "-"),
        Rational(1, 2),
        "=",
        Given(),
    ),
    "the sign of a rounded zero": (sign(tanh(x) * cosh(x) - sinh(x)), 0, "=", Given()),
    "of a root's": (sign(sqrt(x**2 + 2 * x * y + y**2) - Abs(x + y)), 0, "=", Given()),
    "a step at one": (Heaviside(tanh(x) * cosh(x) - sinh(x)), Rational(1, 2), "=", Given()),
    "a comparison with one": (Piecewise((1, tanh(x) * cosh(x) > sinh(x)), (0, True)), 0, "=", Given()),
    "the sign of what was lost": (sign(BESIDE), 1, "=", Given(domain={x: (1_000, 3_000)})),
    "an imaginary part that is rounding": (POWER, x + 1, "<=", Given()),
    "a number that no computer holds": (TOWER, 1, "=", Given()),
}
REFUTED = {
    "sinh and cosh": (cosh(x), sinh(x), "<", Given()),
    "cosine": (1, cos(exp(-x)), "<", Given(domain={x: (1, 2)})),
    "a tie of numbers": (log(x), x - 1, "<", Given(domain={x: "positive"})),
    "a tie of squares": (2 * x * y, x**2 + y**2, "<", Given()),
    "two exponentials": (SPLIT, 2, "=", Given()),
    "lost": (LOST, 2, "=", Given(domain={x: (0, 1)})),
    "constants": ((cosh(10) - sinh(10)) * exp(10), 2, "=", Given()),
    "limit": (to(sqrt(x**2 + x) - x, oo), Rational(1, 3), "=", Given()),
    "slow": (to(x / 10**30, oo), 0, "=", Given()),
    "sign": (sign(tanh(x) * cosh(x) - sinh(x) + y), 0, "=", Given()),
    "comparison": (Piecewise((1, tanh(x) * cosh(x) >= sinh(x) + y), (0, True)), 1, "=", Given()),
    "tiny, not rounded": (sign(exp(-(x**2)) - 1), 1, "=", Given()),
    "complex": (log(x), x, "<=", Given()),
}


@pytest.mark.parametrize("name", NOT_REFUTED)
def test_a_true_statement_is_not_refuted(name):
    left, right, relation, given = NOT_REFUTED[name]
    assert check(left, right, given, relation=relation).verdict is not Verdict.REFUTED


@pytest.mark.parametrize("name", REFUTED)
def test_a_false_one_of_the_kind_is(name):
    left, right, relation, given = REFUTED[name]
    assert check(left, right, given, relation=relation).verdict is Verdict.REFUTED
