"""Proofs of other kinds: extrema and zeros of functions that may have a pole, or their point elsewhere."""

from __future__ import annotations

from random import Random

from sympy import Abs, Integer, Limit, Rational, exp, log, oo

from helpers.proof import Given, extremum_at_end, only_maximum, only_minimum, only_zero

from .letters import a, b, c, x
from .statement import Statement

DOMAINS = ["real", "positive", "nonnegative", "unit", (-1, 1), (-3, 3), (1, 4)]
HALF = Rational(1, 2)


def bent(r: Random) -> tuple:
    """A convex function, or one convex on both sides of a pole or kink; where it is least, and its domain."""
    s = r.choice([0, 1, -1, 2])
    return r.choice(
        [
            ((x - s) ** 2, s, "real"),
            ((x - s) ** 2 + (x - s) ** 4, s, (-3, 3)),
            (x - log(x), 1, "positive"),
            (x + 1 / x, 1, "positive"),
            (x**2 + 1 / x**2, 1, r.choice(["positive", "real", (-2, 2)])),
            (x**2 - log(x**2), 1, r.choice(["positive", "real"])),
            (-log(x) - log(1 - x), HALF, r.choice(["unit", (-1, 2)])),
            (exp(x) - x, 0, r.choice(["real", (-1, 1)])),
            (exp(x) + exp(-x), 0, "real"),
            (x**2 - 2 * Abs(x), 1, r.choice(["real", "positive", (-1, 2), (HALF, 2)])),
            ((x - a) ** 2, a, r.choice(["real", "positive"])),
            (b * x**2, 0, "real"),
            (b * x - log(x), 1 / b, "positive"),
            (x**2 + c * x**4, 0, r.choice(["real", (-1, 1)])),
            ((x - s) ** 2 / (1 + c * x), s, "real"),
        ]
    )


def extremes(r: Random) -> Statement:
    """The only minimum or maximum, at its place or another one, on the right domain or another one."""
    f, at, domain = bent(r)
    if r.random() < 0.2:
        domain = r.choice(DOMAINS)
    if r.random() < 0.2:
        at = r.choice([0, 1, HALF, -1])
    at, least = Integer(0) + at, r.random() < 0.5
    words = {b: r.choice(["positive", "positive", "real"]), c: r.choice(["nonnegative", "real"])}
    given, form = Given(domain={x: domain, **words}), f if least else -f
    prove, ends = (only_minimum if least else only_maximum), ()
    lhs, rhs, relation, skip = form, form.subs(x, at), ">" if least else "<", (x, at)
    if r.random() < 0.25:
        end, side = r.choice([(oo, "-"), (-oo, "+"), (0, "+"), (1, "-")])
        bound = r.choice([oo, oo, 1, 0]) * (1 if least else -1)
        ends, skip, relation = [(end, side, bound)], None, "="
        lhs, rhs = Limit(form, x, end, side), bound

    def attempt() -> None:
        prove("m", form, x, at, given, curvature=form.diff(x, 2), ends=ends)

    return Statement(lhs, rhs, given, relation=relation, attempt=attempt, skip=skip)


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


KINDS = [extremes, least_at_end, zeros]
