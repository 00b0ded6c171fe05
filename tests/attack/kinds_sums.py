"""Ranges of sums and products: empty and reversed ones, ends, shifts, deltas, induction."""

from __future__ import annotations

from random import Random

from sympy import Abs, Expr, Integer, KroneckerDelta, Product, Rational, Sum, exp

from helpers.proof import Given, Partial

from .letters import a, i, j, k, l, m, n, u, v, w, x
from .statement import Statement


def bound(r: Random) -> Expr:
    return r.choice(
        [
            Integer(0),
            Integer(1),
            Integer(2),
            Integer(3),
            n - 1,
            n,
            n + 1,
            n - 2,
            m,
            i,
            i + 1,
            i - 1,
            n + m,
            2 * n,
        ]
    )


def term(r: Random) -> Expr:
    return r.choice([Integer(1), k + 0, x**k, k * x, exp(k * x), Abs(k - 2), KroneckerDelta(k, 3), a + k**2])


def split_ranges(r: Random) -> Statement:
    """A sum cut in two, whose middle may lie outside the range."""
    f, low, middle, high = term(r), bound(r), bound(r), bound(r)
    if r.random() < 0.4:
        low, middle, high = Integer(1), r.choice([n, i, n - 1, i - 1]), r.choice([n, n + m, n + 1, n + 2])
    whole = Sum(f, (k, low, high))
    right = Sum(f, (k, low, middle)) + Sum(f, (k, middle + r.choice([1, 1, 1, 0]), high))
    return Statement(whole, right, Given(sizes=(n, m), free={i: (1, n)}))


def counts(r: Random) -> Statement:
    """How many terms there are, and constant sums and products."""
    low, high = bound(r), bound(r)
    count = r.choice([high - low + 1, high - low + 1, high - low, low - high])
    given = Given(sizes=(n, m), free={i: (r.choice([1, 2, 3]), r.choice([n, n + 1]))})
    rules = [
        (Sum(1, (k, low, high)), count),
        (Sum(x, (k, low, high)), x * count),
        (Product(x, (k, low, high)), x**count),
        (Product(2, (k, low, high)), 2**count),
        (Sum(1, (l, low, k), (k, 1, n)), Sum(k - low + 1, (k, 1, n))),
        (Sum(1, (l, 1, n), (k, low, high)), n * count),
        (Sum(1, (l, k, n), (k, 1, n)), n * (n + 1) / 2),
        (Product(0, (k, low, high)), 0),
        (Abs(Sum(1, (k, low, high))), Sum(1, (k, low, high))),
        (exp(Sum(1, (k, low, high))), exp(count)),
    ]
    return Statement(*r.choice(rules), given)


def ends(r: Random) -> Statement:
    """The first or last term taken out of a sum or product over a range that may be empty."""
    f = r.choice([u[k], x * k, u[k] * w[k], x**k])
    low, high = r.choice([1, 1, 2, 3]), r.choice([n, n, n - 1])
    join = r.choice([Sum, Sum, Product])
    cut = r.choice([1, 1, 2])
    if r.random() < 0.5:
        rest, one = join(f, (k, low + cut, high)), [f.xreplace({k: Integer(low + s)}) for s in range(cut)]
    else:
        rest, one = join(f, (k, low, high - cut)), [f.xreplace({k: high - s}) for s in range(cut)]
    right = rest
    for part in one:
        right = right + part if join is Sum else right * part
    if not f.has(u):  # only plain letters may be read outside the range
        return Statement(join(f, (k, low, high)), right, Given(sizes=(n,)))
    return Statement(join(f, (k, low, high)), right, Given(sizes=(n,), span=(2, 3, 4, 1)))


def shifts(r: Random) -> Statement:
    """Shifted and reversed indices."""
    d, s = r.choice([1, 1, -1, 2]), r.choice([0, 0, 0, 1])
    low, high = r.choice([1, 2, 0]), r.choice([n, n - 1, n + 1, m])
    f = r.choice([x**k, k * x, exp(k * a), KroneckerDelta(k, 2) * x, (k - 1) * x**k, 1 / (k + 5)])
    moved = Sum(f.xreplace({k: k + d}), (k, low - d, high - d + s))
    turned = Sum(f.xreplace({k: high + low - k}), (k, low, high + s))
    product = Product(2 + f.xreplace({k: k + d}), (k, low - d, high - d + s))
    left, right = r.choice(
        [
            (Sum(f, (k, low, high)), moved),
            (Sum(f, (k, low, high)), turned),
            (Product(2 + f, (k, low, high)), product),
            (Sum(u[k + 1], (k, 0, n - 1)), Sum(u[k], (k, 1, n - s))),
            (Sum(u[k + 1] - u[k], (k, 1, n - 1)), u[n] - u[1 + s]),
            (Sum(u[k] * w[k + 1], (k, 1, n - 1)), Sum(u[k - 1] * w[k - s], (k, 2, n))),
            (Sum(u[n + 1 - k], (k, 1, n)), Sum(u[k], (k, 1 + s, n))),
        ]
    )
    return Statement(left, right, Given(sizes=(n, m)))


def deltas(r: Random) -> Statement:
    """Kronecker deltas whose index may lie outside the range, or be no whole number."""
    low, high = r.choice([1, 1, 0, 2]), r.choice([n, n, n - 1, 2 * n, n + 1])
    first, last = r.choice([(1, n), (0, n), (2, n), (1, n + 1), (2, 2 * n), (1, 2 * n), (1, n - 1)])
    target = r.choice(
        [i, i, i + 1, i - 1, i / 2, (i + 1) / 2, Integer(1), Integer(3), n, n + 1 - i, Rational(1, 2)]
    )
    f = r.choice([x**k, k * x, k + a, Integer(1)])
    rules = [
        (Sum(f * KroneckerDelta(k, target), (k, low, high)), f.xreplace({k: target})),
        (Sum(f * KroneckerDelta(k, target), (k, low, high)), 0),
        (
            Sum(f * (1 - KroneckerDelta(k, target)), (k, low, high)),
            Sum(f, (k, low, high)) - f.xreplace({k: target}),
        ),
        (Sum(KroneckerDelta(k, i) * KroneckerDelta(k, j), (k, low, high)), KroneckerDelta(i, j)),
        (KroneckerDelta(i, j) * x**i, KroneckerDelta(i, j) * x ** (j + r.choice([0, 1]))),
        (Sum(KroneckerDelta(k, l) * f, (k, low, high), (l, 1, n)), Sum(f, (k, low, high))),
        (KroneckerDelta(i, j) ** 2 * x, KroneckerDelta(i, j) * r.choice([x, x**2])),
        (KroneckerDelta(i, j) + KroneckerDelta(i, target), 1),
    ]
    return Statement(*r.choice(rules), Given(sizes=(n,), free={i: (first, last), j: (1, n)}))


def derivatives_of_sums(r: Random) -> Statement:
    """The derivative by an entry that the sum may not contain."""
    low, high = r.choice([1, 1, 2]), r.choice([n, n, n - 1])
    at = r.choice([i, i, Integer(1), n])
    shift = r.choice([0, 0, 1])
    rules = [
        (Partial(Sum(u[k] ** 2, (k, low, high)), u[at]), 2 * u[at]),
        (Partial(Sum(u[k] * w[k], (k, low, high)), u[at]), w[at]),
        (Partial(Sum(u[k], (k, low, high)) ** 2, u[at]), 2 * Sum(u[k], (k, low, high))),
        (Partial(Sum(u[k] * u[k + 1], (k, 1, n - 1)), u[at]), u[at + 1 - shift]),
        (Partial(exp(Sum(u[k] * v[k], (k, low, high))), u[at]), v[at] * exp(Sum(u[k] * v[k], (k, 1, n)))),
        (Partial(Sum(u[i] * w[k], (k, low, high)), u[at]), Sum(w[k], (k, low, high))),
        (Partial(Product(u[k], (k, low, high)), u[at]), Product(u[k], (k, low, high)) / u[at]),
        (Sum(Partial(u[k] ** 2, u[at]), (k, low, high)), 2 * u[at]),
        (Sum(Partial(Sum(u[k] * u[l], (l, low, n)), u[k]), (k, 1, n)), n * Sum(u[k], (k, low, n))),
    ]
    return Statement(*r.choice(rules), Given(sizes=(n,), free={i: (1, n)}))


def products(r: Random) -> Statement:
    """Products taken apart, put together, and turned into exponentials."""
    low, high, s = r.choice([1, 2]), r.choice([n, n - 1]), r.choice([0, 0, 1])
    rules = [
        (
            Product(u[k] * w[k], (k, low, high)),
            Product(u[k], (k, low, high)) * Product(w[k], (k, low + s, high)),
        ),
        (Product(exp(u[k]), (k, low, high)), exp(Sum(u[k], (k, low + s, high)))),
        (Product(x * u[k], (k, low, high)), x ** (high - low + 1 - s) * Product(u[k], (k, low, high))),
        (
            Product(-u[k], (k, low, high)),
            (-1) ** r.choice([high, high - low + 1]) * Product(u[k], (k, low, high)),
        ),
        (Product(u[k], (k, low, high)) ** 2, Product(u[k] ** 2, (k, low, high))),
        (Product(Abs(u[k]), (k, low, high)), Abs(Product(u[k], (k, low, high)))),
        (Product(x ** u[k], (k, low, high)), x ** Sum(u[k], (k, low, high))),
        (Product(k, (k, 1, n)) * (n + 1), Product(k, (k, 1, n + 1 - s))),
        (Product(1 - KroneckerDelta(k, i), (k, low, high)), 0),
        (Product(1 + KroneckerDelta(k, i), (k, low, high)), 2),
    ]
    return Statement(*r.choice(rules), Given(sizes=(n,), free={i: (1, n)}))


def closed_forms(r: Random) -> Statement:
    """Sums in closed form, by induction, some of them true from a larger size on only."""
    low, s = r.choice([1, 1, 0, 2, 3]), r.choice([0, 0, 1])
    rules = [
        (Sum(k, (k, low, n)), n * (n + 1) / 2 - Rational(low * (low - 1), 2) + s),
        (Sum(2 * k - 1, (k, low, n)), n**2 + s),
        (Sum(k**2, (k, low, n)), n * (n + 1) * (2 * n + 1) / 6),
        (Sum(k**3, (k, 1, n)), Sum(k, (k, low, n)) ** 2),
        (Sum(1, (k, low, n)), n - low + 1),
        (Sum(x**k * (x - 1), (k, low, n)), x ** (n + 1) - x**low + s * (n - 1)),
        (Sum(KroneckerDelta(k, low + 2), (k, 1, n)), s),
        (Product(k + x, (k, low, n)), (n + x) * Product(k + x, (k, low, n - 1))),
        (Sum(k * KroneckerDelta(k, 9), (k, 1, n)), 0),
    ]
    means = {"induction": n} if r.random() < 0.8 else {}
    return Statement(*r.choice(rules), Given(sizes=(n,)), means=means)


KINDS = [split_ranges, counts, ends, shifts, deltas, derivatives_of_sums, products, closed_forms]
