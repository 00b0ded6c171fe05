"""Proofs of other kinds: extrema and zeros of functions that may have a pole, or their point elsewhere."""

from __future__ import annotations

from random import Random

from sympy import Abs, Integer, Rational, exp, log

from helpers.proof import Given, extremum_at_end, only_minimum, only_zero

from .letters import x
from .statement import Statement

DOMAINS = ["real", "positive", "nonnegative", "unit", (-1, 1), (-3, 3), (1, 4)]


def minima(r: Random) -> Statement:
    """A convex function, or one that is convex on both sides of a pole."""
    s, domain = r.choice([0, 1, -1, 2]), r.choice(DOMAINS)
    f = r.choice(
        [(x - s) ** 2, x**2 + 1 / x**2, x**2 - log(x**2), (x - s) ** 4, exp(x) - x, x**2 - 2 * Abs(x)]
    )
    at = Integer(r.choice([s, 1, 0]))
    given = Given(domain={x: domain})

    def attempt() -> None:
        only_minimum("m", f, x, at, given, curvature=f.diff(x, 2))

    return Statement(f, f.subs(x, at), given, relation=">", attempt=attempt, skip=(x, at))


def least_at_end(r: Random) -> Statement:
    """A rising function, or one that rises on both sides of a pole."""
    domain = r.choice([(-1, 1), (-2, 3), (1, 2), (0, 1)])
    f = r.choice([x, -1 / x, x**3 + x, exp(x), -1 / (x - Rational(1, 3))])
    value, given = f.subs(x, domain[0]), Given(domain={x: domain})

    def attempt() -> None:
        extremum_at_end("m", f, x, domain[0], "+", given, slope=f.diff(x), value=value)

    return Statement(f, value, given, relation=">=", attempt=attempt)


def zeros(r: Random) -> Statement:
    """A change of sign at a zero, or at a pole."""
    s = r.choice([Rational(1, 3), Rational(2, 7), Rational(-1, 3)])
    g = r.choice([x - s, 1 / (x - s), -1 / (x - s), (x - s) + (x - s) ** 3, exp(x) - exp(s)])

    def attempt() -> None:
        only_zero("z", g, x, (-2, 3), Given(), slope=g.diff(x))

    near = Abs(g.subs(x, s + Rational(1, 10**12)))
    return Statement(near, 1, relation="<=", attempt=attempt)


KINDS = [minima, least_at_end, zeros]
