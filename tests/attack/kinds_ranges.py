"""Ranges that depend on each other: triangles, one index left out, convolutions."""

from __future__ import annotations

from random import Random

from sympy import Expr, IndexedBase, Integer, KroneckerDelta, Product, Sum

from helpers.proof import Given, Partial, product_except, sum_except

from .letters import i, j, k, l, m, n, u, v, x
from .statement import Statement


def summand(r: Random) -> Expr:
    """In i and j, some of them symmetric."""
    return r.choice(
        [
            x**i * (j + 1),
            i * j,
            x ** (i + j),
            i - j,
            x ** (i - j + 20),
            (i + x) * (j + x),
            KroneckerDelta(i, j) * x,
            KroneckerDelta(i, j + 1),
            Integer(1),
            x**j,
        ]
    )


def triangles(r: Random) -> Statement:
    """Sum over j up to i + s, and the same places the other way round, or nearly the same."""
    f, low, high, s = summand(r), r.choice([0, 1, 1, 2]), r.choice([n, n, n - 1, m]), r.choice([-1, 0, 0, 1])
    off, first = r.choice([0, 0, 0, 1, -1]), r.choice([low, low, 1, 2])
    inner = Sum(Sum(f, (j, first, i + s)), (i, low, high))
    outer = r.choice([low, low, first, first - s])
    swapped = Sum(Sum(f, (i, j - s + off, high)), (j, outer, high + s))
    square = Sum(f, (j, low, high), (i, low, high))
    above = Sum(f, (j, i + 1 + off, high), (i, low, high))
    below = Sum(f, (j, low, i - 1), (i, low, high))
    diagonal = Sum(f.xreplace({j: i}), (i, low, high))
    one = f.xreplace({j: i, i: j})
    rules = [
        (inner, swapped),
        (inner, swapped),
        (square, above + below + diagonal),
        (square, 2 * below + diagonal),
        (above, Sum(one, (j, low, i - 1), (i, low, high))),
        (Sum(x**j, (j, first, i), (i, first, high)), Sum((high - j + 1 + off) * x**j, (j, first, high))),
        (Sum(x**i, (j, first, i), (i, first, high)), Sum((i - first + 1 + off) * x**i, (i, first, high))),
        (Sum(f * KroneckerDelta(j, l), (j, low, i), (i, low, n)), Sum(f.xreplace({j: l}), (i, l + off, n))),
    ]
    left, right = r.choice(rules)
    return Statement(left, right, Given(sizes=(n, m), free={l: (1, n)}))


def deep(r: Random) -> Statement:
    """Three indices, and squares of sums that end where another index says."""
    s, off = r.choice([0, 0, 1]), r.choice([0, 0, 1])
    f = r.choice([x**i * (j + k), i * j * k, x ** (i + k), Integer(1)])
    rules = [
        (Sum(f, (k, 1, j), (j, 1, i), (i, 1, n)), Sum(f, (i, j + s, n), (j, k + off, n), (k, 1, n))),
        (Sum(f, (k, i, j), (j, i, n), (i, 1, n)), Sum(f, (i, 1, k - s), (k, 1, j), (j, 1, n))),
        (
            Sum(Sum(u[j], (j, 1, i)) ** 2, (i, 1, n)),
            Sum(u[j] * u[k] * (n + 1 - j - s), (j, k, n), (k, 1, n)),
        ),
        (
            Sum(u[j], (j, 1, n)) ** 2,
            Sum(u[j] ** 2, (j, 1, n)) + 2 * Sum(u[j] * u[k], (j, k + 1 + s, n), (k, 1, n)),
        ),
        (Sum(u[i] * Sum(v[j], (j, 1, i - s)), (i, 1, n)), Sum(v[j] * Sum(u[i], (i, j, n)), (j, 1, n))),
    ]
    return Statement(*r.choice(rules), Given(sizes=(n,)))


def left_out(r: Random) -> Statement:
    """A sum or product without the term at l, which may lie outside the range."""
    low, high = r.choice([1, 1, 0, 2]), r.choice([n, n, n - 1, n + 1])
    first, last = r.choice([(1, n), (1, n), (0, n), (1, n + 1)])
    f = r.choice([x**k, k * x, k + x, x + 0, (k - l) * x, 1 / (k - l + 0), Integer(1)])
    there = f.xreplace({k: l})
    if there.is_finite is False:
        there = Integer(0)
    rules = [
        (sum_except(f, k, l, low, high), Sum(f, (k, low, high)) - there),
        (sum_except(f, k, l, low, high), Sum(f, (k, low, l - 1)) + Sum(f, (k, l + 1, high))),
        (sum_except(f, k, l, low, high) + there, Sum(f, (k, low, high))),
        (product_except(f, k, l, low, high) * there, Product(f, (k, low, high))),
        (product_except(x, k, l, low, high), x ** (high - low)),
        (sum_except(1, k, l, low, high), r.choice([high - low, high - low + 1])),
        (
            Sum(sum_except(u[k] * u[l], k, l, 1, n), (l, 1, n)),
            Sum(u[k], (k, 1, n)) ** 2 - r.choice([1, 1, 2]) * Sum(u[k] ** 2, (k, 1, n)),
        ),
        (
            Partial(sum_except(u[k] ** 2, k, l, 1, n), u[j]),
            2 * u[j] * (1 - r.choice([0, 1, 1]) * KroneckerDelta(j, l)),
        ),
    ]
    return Statement(*r.choice(rules), Given(sizes=(n,), free={l: (first, last), j: (1, n)}))


f1, g1 = IndexedBase("f", real=True), IndexedBase("g", real=True)


def convolutions(r: Random) -> Statement:
    """The index of one factor shifted through the other one, with ends that follow or do not."""
    s, t = r.choice([0, 0, 0, 1]), r.choice([0, 0, 0, 1, -1])
    plain = [(lambda e: x**e * (e + 1), lambda e: e * x), (lambda e: 1 / (e + 40), lambda e: e**2)]
    f, g = r.choice([*plain, (f1.__getitem__, g1.__getitem__), (f1.__getitem__, f1.__getitem__)])
    rules = [
        (Sum(f(k) * g(i - k), (k, 0, i)), Sum(g(k) * f(i - k), (k, s, i))),
        (Sum(f(k) * g(i - k), (k, 0, n)), Sum(f(i - k) * g(k), (k, i - n + s, i + t))),
        (
            Sum(Sum(f(k) * g(i - k), (k, 0, i)), (i, 0, n)),
            Sum(f(k) * Sum(g(j), (j, 0, n - k + t)), (k, 0, n)),
        ),
        (
            Sum(Sum(f(k) * g(j), (j, s, n - k)), (k, 0, n)),
            Sum(Sum(f(k) * g(j), (k, 0, n - j)), (j, 0, n + t)),
        ),
        (Sum(f(k + i), (k, 1, n)), Sum(f(k), (k, i + 1 - s, i + n))),
    ]
    return Statement(*r.choice(rules), Given(sizes=(n,), free={i: (1, n)}))


KINDS = [triangles, deep, left_out, convolutions]
