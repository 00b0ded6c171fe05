"""Standard inequalities with their conditions met, not met, or turned round."""

from __future__ import annotations

from random import Random

from sympy import Abs, IndexedBase, Max, Rational, Sum, exp, log, sqrt

from helpers.proof import Bernoulli, Expectation, Given, Moments, Variance

from .letters import X, Y, a, b, c, e, k, n, u, v, w, x, y
from .statement import Statement

g = IndexedBase("g", shape=(n,), real=True)
POSITIVE = ["positive", "positive", "unit", "real", "nonnegative"]


def total(f):
    return Sum(f, (k, 1, n))


def standard(r: Random) -> Statement:
    """Two letters: logarithms, roots, squares, absolute values."""
    more, half = r.choice([0, 0, 0, Rational(1, 10)]), r.choice([Rational(1, 2), 1])
    s = r.choice([1, 1, -1])
    rules = [
        (log(x), x - 1 - more),
        (log(x / y), x / y - 1 - more),
        (1 - 1 / x + more, log(x)),
        (1 + a, exp(a) - more),
        (1 - a, exp(-a)),
        (x * log(x), x * (x - 1)),
        (sqrt(x * y), half * (x + y)),
        (sqrt(x) * sqrt(y), half * (x + y)),
        (a * b, (a**2 + b**2) * half),
        (s * a * b, ((a + b) / 2) ** 2),
        (0, a**2 + r.choice([1, 2, 3]) * a * b + b**2),
        (0, a**2 - 2 * a + r.choice([1, 2, 0])),
        (a * b + b * c + a * c, a**2 + b**2 + c**2 - more),
        (Abs(a + b), Abs(a) + s * Abs(b)),
        (Abs(a) - Abs(b), Abs(a - b)),
        (Abs(a - b), Abs(a) - Abs(b)),
        (a, Max(a, b)),
        (0, -x * log(x)),
        (0, log(1 + x)),
        (log(x + y), log(x) + log(y)),
        (log(x) / 2 + log(y) / 2, log((x + y) / 2)),
        (exp((a + b) / 2), exp(a) / 2 + exp(b) / 2),
    ]
    left, right = r.choice(rules)
    relation = r.choice(["<=", "<=", "<=", "<", ">="])
    domain = {x: r.choice(POSITIVE), y: r.choice(POSITIVE)}
    return Statement(left, right, Given(domain=domain), relation=relation)


def means_and_sums(r: Random) -> Statement:
    """Gibbs, Jensen, Cauchy and Schwarz, the triangle inequality: over whole ranges and parts."""
    p, q = r.choice([(e, g), (e, g), (g, e), (e, e)])
    low, high = r.choice([(1, n), (1, n), (1, n), (1, n - 1), (2, n)])

    def part(f):
        return Sum(f, (k, low, high))

    rules = [
        (0, part(p[k] * log(p[k] / q[k]))),
        (-part(p[k] * log(p[k])), -part(p[k] * log(q[k]))),
        (-part(p[k] * log(p[k])), log(n)),
        (part(p[k] * log(v[k])), log(part(p[k] * v[k]))),
        (exp(part(p[k] * u[k])), part(p[k] * exp(u[k]))),
        (part(p[k] * u[k]) ** 2, part(p[k] * u[k] ** 2)),
        ((part(u[k]) / n) ** 2, part(u[k] ** 2) / n),
        (part(log(v[k])) / n, log(part(v[k]) / n)),
        (part(u[k] * w[k]) ** 2, total(u[k] ** 2) * total(w[k] ** 2)),
        (part(u[k] * w[k]), sqrt(part(u[k] ** 2)) * sqrt(part(w[k] ** 2))),
        (part(u[k]) ** 2, n * part(u[k] ** 2)),
        (Abs(part(u[k])), part(Abs(u[k]))),
        (part(Abs(u[k])), sqrt(n) * sqrt(part(u[k] ** 2))),
        (part(p[k] * u[k]) - part(p[k] * log(p[k])), log(part(exp(u[k])))),
        (part(log(v[k])), part(v[k] - 1)),
        (part(p[k] * log(v[k])), part(p[k] * (v[k] - 1))),
    ]
    left, right = r.choice(rules)
    domain = {
        e: r.choice(["simplex", "simplex", "unit"]),
        g: r.choice(["simplex", "simplex", "positive"]),
        v: r.choice(["positive", "positive", "nonnegative"]),
    }
    relation = r.choice(["<=", "<=", "<=", ">=", "<"])
    return Statement(left, right, Given(sizes=(n,), domain=domain), relation=relation)


def spreads(r: Random) -> Statement:
    """Inequalities of expectations."""
    rules = [
        (Expectation(X) ** 2, Expectation(X**2)),
        (0, Variance(X)),
        (0, Variance(X) + Variance(Y)),
        (Expectation(X) ** 2, Expectation(X**2) + r.choice([0, -1])),
        (Variance(X), Expectation(X**2)),
        (Expectation(X * Y), Expectation(X**2) / 2 + Expectation(Y**2) / 2),
        (Variance(X), r.choice([Rational(1, 4), b])),
        (Expectation(X), Expectation(X**2)),
    ]
    left, right = r.choice(rules)
    laws = {X: r.choice([Moments(), Moments(a, b), Bernoulli(c)]), Y: Moments()}
    given = Given(random=laws, independent=r.choice([(), (X, Y)]), domain={b: "nonnegative", c: "unit"})
    return Statement(left, right, given, relation=r.choice(["<=", "<=", ">=", "<"]))


KINDS = [standard, means_and_sums, spreads]
