"""Limits: parameters with one special value, signs of infinite ones, two sides, powers, sums."""

from __future__ import annotations

from random import Random

from sympy import (
    Abs,
    Expr,
    Heaviside,
    KroneckerDelta,
    Limit,
    Max,
    Product,
    S,
    Sum,
    cosh,
    exp,
    log,
    oo,
    sign,
    sin,
    sqrt,
    tanh,
)

from helpers.proof import Given

from .letters import a, b, i, k, n, u, x
from .statement import Statement

WORDS = ["real", "real", "positive", "nonnegative", "nonzero", "unit", (1, 2), (-2, -1), (-1, 1), (2, 3)]
SIDES = ["+", "-", "+-"]


def domains(r: Random) -> Given:
    domain = {s: r.choice(WORDS) for s in (a, b, u) if r.random() < 0.9}
    return Given(sizes=(n,), free={i: (1, n)}, domain=domain)


def limits(r: Random) -> Statement:
    """Limits that are another one where a parameter has one value."""
    d, side = r.choice([a, a - 1, a - 7, a**2 + 1, n - 3, n - 9]), r.choice(SIDES)
    at = r.choice([0, 0, 1])
    t = x - at
    rules = [
        (Limit(t**2 / (t**2 + d**2), x, at, side), 0),
        (Limit(t / (t + d), x, at, side), 0),
        (Limit(Abs(t) / t, x, at, side), r.choice([1, -1])),
        (Limit(sign(t + d), x, at, side), sign(d)),
        (Limit(Abs(t + d), x, at, side), Abs(d)),
        (Limit(((t + d) ** 2 - d**2) / t, x, at, side), r.choice([2, 1]) * d),
        (Limit((exp(d * t) - 1) / t, x, at, side), d),
        (Limit(exp(-(d**2) / Abs(t)), x, at, side), 0),
        (Limit(tanh(d * x), x, oo), r.choice([sign(d), 1])),
        (Limit(exp(-(d**2) * x), x, oo), 0),
        (Limit(d * x / (d * x + 1), x, oo), 1),
        (Limit(Max(t + d, 0) / (t + d), x, at, "+"), Max(d, 0) / d),
        (Limit(Abs(t) ** (d**2), x, at, "+"), 0),
        (Limit(Sum(u[k] * t + u[k], (k, 1, n)), x, at, side), Sum(u[k], (k, 1, n)) + r.choice([0, 0, 1])),
    ]
    return Statement(*r.choice(rules), Given(sizes=(n,)))


def infinite_limits(r: Random) -> Statement:
    """The sign of a limit that is infinite, at both ends of the line and at a pole."""
    d = r.choice([a, a, b, a + 1, a - b, a * b, a - 1, n - 1, n, Sum(u[k], (k, 1, n)), u[i], a**2])
    bodies = [
        (d * x, 0),
        (d * x**2 + x, 0),
        (exp(d * x), 1),
        (d * exp(x), 0),
        (d - exp(-x), d),
        (d * log(Abs(x) + 1), 0),
        (x + d, d),
        (x - d * x**2, 0),
        (d / x, d),
        (log(x**2 + d), 0),
        (d / (1 + exp(-x)), d),
        (x * tanh(d * x), 0),
        (sqrt(x**2 + d) - x, 0),
        (cosh(d * x), 1),
    ]
    body, finite = r.choice(bodies)
    claims = [oo, -oo, S.Zero, S.One, d, finite + S.Zero]
    at, side = r.choice([(oo, "-"), (-oo, "+"), (0, "+"), (0, "-"), (0, "+-")])
    return Statement(Limit(body, x, at, side), r.choice(claims), domains(r))


def slopes(r: Random) -> Statement:
    """Forms 0/0 and 0 times infinity, whose limit is a derivative, with a parameter."""
    s = r.choice([1, 1, 2, -1])
    near = [
        ((exp(a * x) - 1) / x, s * a),
        (log(1 + a * x) / x, s * a),
        ((sqrt(1 + a * x) - 1) / x, s * a / 2),
        ((exp(a * x) - exp(b * x)) / x, s * a - b),
        ((cosh(a * x) - 1) / x**2, s * a**2 / 2),
        (tanh(a * x) / x, s * a),
        ((exp(a * x) - 1 - a * x) / x**2, s * a**2 / 2),
        ((exp(a * x) - 1) / x**2, r.choice([oo, a])),
        ((exp(a * Abs(x)) - 1) / x, s * a),
        ((exp(a * x) - 1) / Abs(x), s * a),
        (Abs(a * x) / x, r.choice([a, Abs(a), -a])),
        (a * x * log(Abs(x)), r.choice([0, 0, a])),
        ((1 / (1 + a * x) - 1) / x, -s * a),
        (x / (exp(a * x) - 1), 1 / a),
        (x * exp(a / x), r.choice([0, a, oo])),
        ((a**x - 1) / x, s * log(a)),
        (sin(x) * a / x, s * a),
        ((a * x + b * x**2) / x, r.choice([a, a + b])),
        (sqrt(a * x**2) / x, sqrt(a)),
    ]
    far = [
        (x * (exp(a / x) - 1), s * a),
        (x * log(1 + a / x), s * a),
        ((1 + a / x) ** x, exp(s * a)),
        (x * exp(-a * x), r.choice([0, 0, oo])),
        (x * a**x, r.choice([0, oo, -oo])),
        (x / (x + a), r.choice([1, 0])),
        (a * x / (b * x + 1), a / b),
        (x * tanh(a / x), s * a),
        (x**2 * (a / x) ** 2, s * a**2),
    ]
    body, claim = r.choice(near)
    if r.random() < 0.4:
        body, claim = r.choice(far)
        return Statement(Limit(body, x, r.choice([oo, -oo])), claim, domains(r))
    return Statement(Limit(body, x, 0, r.choice(SIDES)), claim, domains(r))


def limits_of_powers(r: Random) -> Statement:
    """b**x, x**b and their like, with bases on both sides of 1 and exponents on both sides of 0."""
    base = r.choice([a, a, a + 1, a / 2, 1 - a, a * b, exp(a), Abs(a), a**2, a - b, u[i]])
    bodies = [base**x, base ** (-x), x * base**x, Abs(x) ** base, (1 + base) ** x, base ** (1 / x)]
    bodies += [(x**2 + 1) ** base, (base + 1 / x) ** x, (base * x) ** 2, (base * x) ** (-1), sqrt(base * x)]
    claims: list[Expr] = [S.Zero, S.Zero, S.One, oo, oo, -oo, base]
    at, side = r.choice([(oo, "-"), (oo, "-"), (-oo, "+"), (0, "+"), (0, "-"), (0, "+-"), (1, "+")])
    return Statement(Limit(r.choice(bodies), x, at, side), r.choice(claims), domains(r))


def limits_of_sums(r: Random) -> Statement:
    """Sums inside a limit, where one term may have another limit, or none."""
    low, high = r.choice([0, 1, 1, 2]), r.choice([n, n, n - 1])
    at, side = r.choice([(oo, "-"), (-oo, "+"), (0, "+"), (0, "-"), (0, "+-"), (-1, "+"), (1, "-")])
    deep = [
        (exp(-k * x), KroneckerDelta(k, 0)),
        (exp(-k * x) * a, S.Zero),
        (x**k, KroneckerDelta(k, 0)),
        ((x + 1) ** k, S.One),
        (1 / (x + k), S.Zero),
        (k * x / (1 + Abs(x)), k + S.Zero),
        (Abs(x - k), k + S.Zero),
        (tanh(k * x), S.One),
        (tanh((k - 2) * x), sign(k - 2)),
        (sign(x - k), S.NegativeOne),
        (a / (x + k**2 + 1), a / (k**2 + 1)),
        (Heaviside(x - k), S.Zero),
        ((exp(k * x) - 1) / x, k + S.Zero),
    ]
    entries = [
        (u[k] ** x, r.choice([S.Zero, S.One])),
        (exp(-u[k] * x), r.choice([S.Zero, S.One])),
        (u[k] * x, r.choice([S.Zero, oo])),
        (1 / (x + u[k]), 1 / u[k]),
        (Abs(u[k] + x), Abs(u[k])),
        (log(u[k] + x**2), log(u[k])),
    ]
    body, claim = r.choice(entries if low == 1 and r.random() < 0.5 else deep)
    right = claim if claim is oo else Sum(claim, (k, low, high)) + r.choice([0, 0, 0, 1])
    join = Product if r.random() < 0.1 and claim is not oo else Sum
    return Statement(Limit(join(body, (k, low, high)), x, at, side), right, domains(r))


def limits_at_letters(r: Random) -> Statement:
    """Limits towards a letter, from a side, and at places where SymPy has an answer of its own."""
    side, t = r.choice(SIDES), x - a
    bodies = [
        (Abs(t) / t, r.choice([1, -1])),
        (sqrt(t**2) / t, r.choice([1, -1])),
        (1 / t, r.choice([oo, -oo])),
        (b / t**2, r.choice([oo, -oo, 0])),
        (t / (x - b), r.choice([0, 1])),
        ((x**2 - a**2) / t, r.choice([2 * a, a])),
        (exp(-1 / t), r.choice([0, oo])),
        (exp(-1 / t**2), r.choice([0, 1])),
        (Abs(x), Abs(a)),
        (KroneckerDelta(x, a) + x, a + r.choice([0, 1])),
        (Max(t, 0) / t, r.choice([0, 1])),
        (sqrt(Abs(t)) * b, r.choice([0, b])),
        (tanh(1 / t), r.choice([1, -1])),
        (tanh(b / t), r.choice([1, -1, sign(b)])),
        (t * log(Abs(t)), r.choice([0, 1])),
        ((exp(x) - exp(a)) / t, r.choice([exp(a), exp(x)])),
        (x / Abs(x), sign(a)),
        (Heaviside(t), r.choice([0, 1])),
    ]
    body, claim = r.choice(bodies)
    if r.random() < 0.5:
        return Statement(Limit(body, x, a, side), claim, domains(r))
    at = r.choice([0, 1, -1])
    own = (S(body).xreplace({a: S(at)}), S(claim).xreplace({a: S(at)}))
    return Statement(Limit(own[0], x, at, side), own[1], domains(r))


KINDS = [limits, infinite_limits, slopes, limits_of_powers, limits_of_sums, limits_at_letters]
