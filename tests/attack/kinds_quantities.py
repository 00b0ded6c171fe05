"""Derivatives by a quantity that is defined by others, and the chain rule through it, right and wrong."""

from __future__ import annotations

from random import Random

from sympy import Abs, Expr, KroneckerDelta, Sum, exp, log

from helpers.proof import Given, Partial, define

from .letters import a, i, j, k, l, n, u, w, x
from .statement import Statement

GIVEN = Given(sizes=(n,), free={i: (1, n), j: (1, n)}, domain={w: "positive"})


def entries(r: Random) -> Statement:
    """By p(i), a function of an index: through the same p(i) elsewhere, and through no other one."""
    body = r.choice([exp(u[k]), u[k] ** 2 + 1, exp(u[k]) / Sum(exp(u[l]), (l, 1, n)), w[k] * u[k], a * u[k]])
    p = define("p", [k], body)
    low, high = r.choice([1, 1, 2]), r.choice([n, n, n - 1])
    outer = define("q", [k], p(k) ** 2)
    rules = [
        (Partial(Sum(w[k] * p(k), (k, low, high)), p(i)), w[i]),
        (Partial(Sum(p(k) ** 2, (k, low, high)), p(i)), r.choice([2, 1]) * p(i)),
        (Partial(Sum(outer(k), (k, low, high)), p(i)), 2 * p(i)),
        (Partial(p(j), p(i)), r.choice([KroneckerDelta(i, j), 1, 0])),
        (Partial(p(i) * p(j), p(i)), r.choice([p(j), p(j) + KroneckerDelta(i, j) * p(i)])),
        (Partial(Sum(p(k), (k, low, high)) ** 2, p(i)), 2 * Sum(p(k), (k, low, high))),
        (Partial(p(1), p(i)), r.choice([0, KroneckerDelta(i, 1)])),
        (Partial(-Sum(w[k] * log(p(k)), (k, low, high)), p(i)), -w[i] / p(i)),
        (Partial(Sum(p(i) * w[k], (k, low, high)), p(j)), KroneckerDelta(i, j) * Sum(w[k], (k, low, high))),
        (Partial(u[i] * p(i), p(i)), u[i]),
        (Partial(Sum(u[k] * p(k), (k, 1, n)), u[i]), r.choice([p(i), w[i]])),
        (Partial(Partial(Sum(p(k) ** 3, (k, 1, n)), p(i)), p(j)), 6 * KroneckerDelta(i, j) * p(j)),
        (Partial(Abs(p(i)), p(j)), r.choice([KroneckerDelta(i, j), 1])),
        (Partial(body.xreplace({k: i}), p(i)), r.choice([0, 1])),
    ]
    return Statement(*r.choice(rules), GIVEN)


def chain_rules(r: Random) -> Statement:
    """C differentiated through all p(k), where C may hold the letter beside them."""
    body = r.choice([exp(u[k]), u[k] ** 2 + 1, exp(u[k]) / Sum(exp(u[l]), (l, 1, n)), a * u[k] + u[k] ** 2])
    p = define("p", [k], body)
    cost: Expr = r.choice(
        [Sum(p(k) ** 2, (k, 1, n)), -Sum(w[k] * log(p(k)), (k, 1, n)), Sum(p(k), (k, 1, n)) ** 2]
    )
    cost += r.choice([0, 0, u[1], a, Sum(u[k], (k, 1, n))])
    by = r.choice([u[i], u[i], a])
    low = r.choice([1, 1, 1, 2])
    through = Sum(Partial(cost, p(j)) * Partial(p(j), by), (j, low, n))
    alone = Partial(cost, p(i)) * Partial(p(i), by)
    right = r.choice([through, through, through, alone, through + Partial(cost, by)])
    given = Given(sizes=(n,), free={i: (1, n)}, domain={w: "positive"})
    return Statement(Partial(cost, by), right, given)


def single(r: Random) -> Statement:
    """By a quantity without arguments, and by one of a letter."""
    s = define("s", [], r.choice([Sum(u[k] * w[k], (k, 1, n)), x**2, a * x, exp(x)]))()
    g = define("g", [x], r.choice([x**2, exp(x), a * x]))
    rules = [
        (Partial(s**2, s), r.choice([2, 1]) * s),
        (Partial(s**2 + x, s), 2 * s),
        (Partial(s**2 * x, s), r.choice([2 * s * x, 2 * s])),
        (Partial(s**3, x), r.choice([3 * s**2, 3 * s**2 * Partial(s, x)])),
        (Partial(s * x, x), r.choice([s, s + x * Partial(s, x)])),
        (Partial(exp(s) + s, a), Partial(exp(s) + s, s) * Partial(s, a)),
        (Partial(exp(s) * a, a), Partial(exp(s) * a, s) * Partial(s, a)),
        (Partial(s**2, u[i]), 2 * s * Partial(s, u[i])),
        (Partial(Partial(s**3, s), s), r.choice([6 * s, 3 * s**2])),
        (Partial(g(x) ** 2, g(x)), 2 * g(x)),
        (Partial(g(x) ** 2, x), 2 * g(x) * r.choice([1, Partial(g(x), x)])),
        (Partial(g(a) * g(x), g(x)), g(a)),
        (Partial(g(x) * x, g(x)), x),
        (Partial(g(2 * x), x), Partial(g(2 * x), g(2 * x)) * r.choice([1, 2]) * Partial(g(x), x)),
        (Partial(Partial(s**2, x), s), r.choice([0, 2 * Partial(s, x)])),
    ]
    return Statement(*r.choice(rules), Given(sizes=(n,), free={i: (1, n)}))


KINDS = [entries, chain_rules, single]
