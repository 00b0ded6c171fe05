"""Kinks, values at several scales, signs, matrices."""

from __future__ import annotations

from random import Random

from sympy import (
    Abs,
    HadamardProduct,
    Heaviside,
    Identity,
    KroneckerDelta,
    Max,
    Min,
    OneMatrix,
    Product,
    Rational,
    Sum,
    exp,
    log,
    sign,
    sqrt,
    tanh,
)

from helpers.proof import Given, Partial

from .letters import A, B, C, D, H, a, e, i, k, m, n, u, w, x, y
from .statement import Statement

DOMAINS = [
    "real",
    "nonzero",
    "positive",
    "nonnegative",
    "unit",
    "closed unit",
    "binary",
    "simplex",
    "closed simplex",
    "onehot",
]


def kinks(r: Random) -> Statement:
    """|u|, sign, Max, Min and the step, with domains that may or may not decide the sign."""
    g = r.choice([x - y, x, x * y, 2 * x - 1, x - 7])
    rules = [
        (Abs(g) * sign(g), g),
        (sign(g) ** 2, 1),
        (sign(x * y), sign(x) * sign(y)),
        (Abs(x + y), Abs(x) + Abs(y)),
        (Max(x, y) + Min(x, y), x + y),
        (Max(x, y) * Min(x, y), x * y),
        (Max(0, g) - Max(0, -g), g),
        (Max(0, g), g * Heaviside(g)),
        (Max(0, g) * Min(0, g), 0),
        (Max(x, y, a), Max(x, Max(y, a))),
        (Abs(Abs(x) - Abs(y)), Abs(x - y)),
        (Abs(g), r.choice([g, -g])),
        (Max(x, x * y), x * Max(1, y)),
        (sign(g) ** 3, sign(g)),
        (Sum(Abs(u[k]) * sign(u[k]), (k, 1, n)), Sum(u[k], (k, 1, n))),
        (Max(0, x) ** 2, x * Max(0, x)),
    ]
    given = Given(sizes=(n,), domain={s: r.choice(DOMAINS[:7]) for s in (x, y)})
    return Statement(*r.choice(rules), given)


def kink_derivatives(r: Random) -> Statement:
    """Derivatives of quantities with kinks; at the kink itself nothing is said."""
    g = r.choice([x - y, x, x * y, 2 * x - 1, x**2 - 1])
    s = r.choice([1, 1, -1, 2])
    rules = [
        (Partial(Abs(g), x), s * sign(g) * g.diff(x)),
        (Partial(Max(0, g), x), s * Heaviside(g) * g.diff(x)),
        (Partial(sign(g), x), r.choice([0, 1])),
        (Partial(g * Abs(g), x), 2 * s * Abs(g) * g.diff(x)),
        (Partial(Max(0, g) ** 2, x), 2 * s * Max(0, g) * g.diff(x)),
        (Partial(Partial(Max(0, g) ** 2, x), x), 2 * Heaviside(g)),
        (Partial(log(Abs(g)), x), s * g.diff(x) / g),
        (Partial(Max(x, y), x) + Partial(Max(x, y), y), s),
        (Partial(Sum(Abs(u[k]), (k, 1, n)), u[i]), s * sign(u[i])),
        (Partial(sqrt(g**2), x), s * g * g.diff(x) / Abs(g)),
    ]
    return Statement(*r.choice(rules), Given(sizes=(n,), free={i: (1, n)}))


def scales(r: Random) -> Statement:
    """A factor that is 0 at small sizes or values, or everywhere but at one place, times a difference."""
    small = [Product(n - k, (k, 1, r.choice([4, 5, 7]))), KroneckerDelta(n, r.choice([3, 6, 9]))]
    factor = r.choice(
        [*small, Max(0, x - 4), Max(0, x - 25), Max(0, Rational(1, 500) - Abs(x)), Rational(1, 10**15)]
    )
    left = r.choice([Sum(u[k], (k, 1, n)), Abs(y), x * y, Sum(u[k] * w[k], (k, 1, n))])
    right = r.choice([left, left, left + y, Sum(u[k], (k, 2, n)) + u[1], y])
    return Statement(factor * left, factor * right, Given(sizes=(n,)))


def inequalities(r: Random) -> Statement:
    """Gaps whose sign may be read off, strict where equality may hold."""
    domain, low = r.choice(DOMAINS), r.choice([1, 1, 2])
    gaps = [
        (x - y) ** 2,
        x**2 + y**2,
        Sum(e[k], (k, low, n)),
        Sum(e[k] ** 2, (k, low, n)),
        e[i] * (1 - e[i]),
        1 - e[i],
        e[i] / (1 + e[i]),
        exp(x) * e[i],
        Abs(x) + x,
        Abs(x) - y,
        Product(e[k], (k, low, n)),
        n - 1 + x**2,
        1 - Sum(e[k], (k, low, n)),
        log(1 + e[i]),
        (n - 2) ** 2 + (x - 7) ** 2,
        1 / (x - 7) ** 2,
        sqrt(e[i]),
        Sum(Abs(u[k]), (k, low, n)),
    ]
    gap, other = r.choice(gaps), r.choice([0, x, u[1]])
    relation = r.choice([">", ">="])
    given = Given(sizes=(n,), free={i: (1, n)}, domain={e: domain})
    return Statement(gap + other, other, given, relation=relation, means={"gap": gap})


def enclosures(r: Random) -> Statement:
    """Inequalities on an interval, by interval arithmetic, near the ends."""
    low = r.choice([-2, -1, 0, Rational(1, 10), 1])
    high = low + r.choice([1, 2, Rational(1, 2)])
    f = r.choice(
        [
            x**2,
            exp(x),
            1 / x,
            x / (1 + x**2),
            log(x + 3),
            tanh(x),
            1 / x**2,
            x**3 - x,
            1 / x - 1 / x**2,
            sqrt(x + 2),
        ]
    )
    ends = [f.subs(x, end) for end in (low, high) if f.subs(x, end).is_finite]
    edge = r.choice([*ends, 0, 1])
    return Statement(
        f,
        edge + r.choice([0, 0, Rational(-1, 2), -2]),
        Given(domain={x: (low, high)}),
        relation=r.choice([">", ">=", "<"]),
    )


def matrix_algebra(r: Random) -> Statement:
    """Products that do not commute, transposes of rectangles, entrywise products."""
    rules = [
        (C * D, D * C),
        ((C * D).T, D.T * C.T),
        ((C * D).T, C.T * D.T),
        ((A * B).T, B.T * A.T),
        ((A * B).T, A * B),
        ((A * A.T).T, A * A.T),
        (A * (B + H.T), A * B + A * H.T),
        (HadamardProduct(C, D), HadamardProduct(D, C)),
        (HadamardProduct(C, D) * A, HadamardProduct(C * A, D * A)),
        (HadamardProduct(A, H).T, HadamardProduct(A.T, H.T)),
        (C * HadamardProduct(D, Identity(n)), HadamardProduct(C, Identity(n)) * D),
        (
            HadamardProduct(C, Identity(n)) * HadamardProduct(D, Identity(n)),
            HadamardProduct(C * D, Identity(n)),
        ),
        (
            HadamardProduct(C, Identity(n)) * HadamardProduct(D, Identity(n)),
            HadamardProduct(HadamardProduct(C, D), Identity(n)),
        ),
        ((C + D) ** 2, C**2 + 2 * C * D + D**2),
        ((C + D) ** 2, C**2 + C * D + D * C + D**2),
        (OneMatrix(n, n) * C, C * OneMatrix(n, n)),
        (OneMatrix(n, n) * OneMatrix(n, n), n * OneMatrix(n, n)),
        (OneMatrix(n, m) * OneMatrix(m, n), n * OneMatrix(n, n)),
        (x * A * (y * B), x * y * A * B),
        (C**3 * C, C**4),
        (Sum(Partial((A * B)[0, 0], A[0, k]), (k, 0, m - 1)), Sum(B[k, 0], (k, 0, m - 1))),
        (Partial((C * C)[0, 0], C[0, 0]), 2 * C[0, 0]),
        (Partial(Sum(C[k, k], (k, 0, n - 1)), C[0, 0]), 1),
    ]
    return Statement(*r.choice(rules), Given(sizes=(n, m)))


KINDS = [kinks, kink_derivatives, scales, inequalities, enclosures, matrix_algebra]
