"""Domains of arrays, and facts that they imply, used beyond what they say."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from sympy import Abs, KroneckerDelta, Product, Sum, log, sign

from helpers.proof import At, Given, Partial

from .letters import a, b, e, i, j, k, n, u, x
from .statement import Statement

ROWS = ["simplex", "closed simplex", "onehot"]
WORDS = ["real", "nonzero", "positive", "nonnegative", "unit", "closed unit", "binary", *ROWS]


def pick(*values: int):
    """A domain that is a few numbers."""
    return lambda rng: Fraction(rng.choice(values))


def hypotheses(r: Random) -> Statement:
    """What an array's domain says, and what it does not."""
    domain, total, s = r.choice(WORDS), Sum(e[k], (k, 1, n)), r.choice([2, 3])
    facts = ((total, 1),) if domain in ROWS and r.random() < 0.5 else ()
    rules = [
        (e[i] ** s, e[i]),
        (total, 1),
        (Sum(e[k] ** s, (k, 1, n)), total),
        (Sum(e[k] * (1 - e[k]), (k, 1, n)), 0),
        (e[i] * e[j], KroneckerDelta(i, j) * e[i]),
        (e[i] / e[i] * e[j], e[j]),
        (Partial(e[i] ** 2, e[i]), r.choice([2 * e[i], 1])),
        (sign(e[i]) * e[i], e[i]),
        (sign(e[i]) ** 2, 1),
        (Abs(1 - e[i]), 1 - e[i]),
        (log(e[i] ** 2), 2 * log(e[i])),
        (Abs(e[i] - e[j]), r.choice([e[i] - e[j], 0])),
    ]
    given = Given(sizes=(n,), free={i: (1, n), j: (1, n)}, domain={e: domain}, facts=facts)
    return Statement(*r.choice(rules), given)


def rows(r: Random) -> Statement:
    """Rows that sum to 1: under a derivative, over a part of the range, at a size, at another value."""
    domain, total = r.choice(ROWS), Sum(e[k], (k, 1, n))
    facts = r.choice([(), ((total, 1),), ((total, 1), (Sum(e[k], (k, 2, n)), 1 - e[1]))])
    rules = [
        (Partial(total, e[i]), r.choice([0, 1, 1])),
        (Partial(total**2, e[i]), r.choice([0, 2, 2 * total])),
        (Partial(total * x, x), r.choice([1, total])),
        (Sum(e[k], (k, 1, n - 1)), r.choice([1, 1 - e[n]])),
        (Sum(e[k], (k, 2, n)), r.choice([1, 0, 1 - e[1]])),
        (Sum(e[k] * x, (k, 1, n)), x),
        (Sum(e[k] * (x + u[k]), (k, 1, n)), x + r.choice([1, n]) * Sum(e[k] * u[k], (k, 1, n))),
        (Sum(e[k] + x, (k, 1, n)), 1 + r.choice([x, n * x])),
        (Sum(e[k] * e[j], (k, 1, n), (j, 1, n)), r.choice([1, n])),
        (Sum(e[j], (k, 1, n)), r.choice([1, n * e[j]])),
        (At(Sum(e[k] * x, (k, 1, n)), x, 2), 2),
        (Sum(e[k] ** 2, (k, 1, n)), r.choice([1, total])),
        (Sum(Partial(e[k] * total, e[i]), (k, 1, n)), r.choice([total + 1, 1, 2])),
        (Product(e[k], (k, 1, n)), r.choice([0, 1])),
        (Sum(e[k] * log(e[i]), (k, 1, n)), log(e[i])),
        (Abs(total - x), Abs(x - 1)),
        (Sum(e[n + 1 - k], (k, 1, n)), 1),
        (Sum(e[k] * (1 - e[k]), (k, 1, n)), r.choice([0, 1 - Sum(e[k] ** 2, (k, 1, n))])),
    ]
    given = Given(sizes=(n,), free={i: (1, n), j: (1, n)}, domain={e: domain}, facts=facts)
    return Statement(*r.choice(rules), given)


def few_values(r: Random) -> Statement:
    """Letters that have two or three values, with a fact that says so."""
    values, fact = r.choice(
        [
            ((0, 1), (a**2, a)),
            ((-1, 0, 1), (a**3, a)),
            ((-1, 1), (a**2, 1)),
            ((0, 2), (a**2, 2 * a)),
            ((1, 2), (a**2, 3 * a - 2)),
        ]
    )
    facts = r.choice([(), (fact,), (fact, fact)])
    rules = [
        (a**2, r.choice([a, 1, fact[1]])),
        (a**4, r.choice([a**2, 1, a])),
        (a**3, r.choice([a, a**2])),
        (Partial(a**2, a), r.choice([1, 0, 2 * a])),
        (At(a**2 + b, a, 3), r.choice([9 + b, 3 + b, 1 + b])),
        (Sum(a**2 * u[k], (k, 1, n)), r.choice([a, 1]) * Sum(u[k], (k, 1, n))),
        (Abs(a), r.choice([a, 1, a**2])),
        (1 / a, r.choice([a, 1])),
        (a**2 * b, r.choice([b, a * b])),
        (Partial(a**2 * b, b), r.choice([a, 1, a**2])),
    ]
    given = Given(sizes=(n,), domain={a: pick(*values)}, facts=facts)
    return Statement(*r.choice(rules), given)


def small_sizes(r: Random) -> Statement:
    """A fact that every size that is tried obeys, and larger ones do not."""
    late = r.choice([5, 6, 9])
    zero = Product(n - k, (k, 1, late))
    facts = r.choice([(), ((zero, 0),), ((KroneckerDelta(n, late), 0),)])
    other = r.choice([Product(n - k, (k, 1, late + r.choice([-1, 0, 1]))), KroneckerDelta(n, late)])
    rules = [
        (x * other, 0),
        (Sum(other, (k, 1, n)), 0),
        (x + other, r.choice([x, x + zero])),
        (x**other, 1),
        (Sum(KroneckerDelta(k, late) * u[k], (k, 1, n)), 0),
    ]
    return Statement(*r.choice(rules), Given(sizes=(n,), facts=facts))


KINDS = [hypotheses, rows, few_values, small_sizes]
