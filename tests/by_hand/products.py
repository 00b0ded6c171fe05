"""Sums and products at the ends of their ranges, with factors that are 0, through powers and derivatives."""

from __future__ import annotations

from sympy import Abs, KroneckerDelta, Max, Ne, Product, Sum, exp, log, sign, sqrt

from helpers.proof import At, Partial, product_except, smooth

from .letters import T, i, j, k, n, u, v, w, x, y

N1 = {"sizes": (n,)}
AT = {"sizes": (n,), "free": {i: (1, n), j: (1, n)}}


def S_(f, lo=1, hi=n, ix=k):
    return Sum(f, (ix, lo, hi))


def P_(f, lo=1, hi=n, ix=k):
    return Product(f, (ix, lo, hi))


POS = {"domain": {x: "positive", y: "positive"}}
f, fp = smooth("f")


PROVED = [
    T(log(x**2**n), 2**n * log(x), sizes=(n,), domain={x: "positive"}),
    T(log(x ** (2 * n)), 2 * n * log(Abs(x)), sizes=(n,), domain={x: "nonzero"}),
    T(sqrt(x ** (2 * n)), Abs(x) ** n, **N1),
    T(sign(P_(u[k])), P_(sign(u[k])), **N1),
    T(Abs(P_(u[k])), P_(Abs(u[k])), **N1),
    T(P_(x * u[k]), x**n * P_(u[k]), **N1),
    T(P_(u[k] ** 2), P_(u[k]) ** 2, **N1),
    T(P_(u[k]), u[n] * P_(u[k], 1, n - 1), **N1),
    T(log(P_(u[k])), S_(log(u[k])), sizes=(n,), domain={u: "positive"}),
    T(Partial(P_(u[k]), u[i]), product_except(u[k], k, i, 1, n), **AT),
    T(Partial(log(P_(u[k])), u[i]), 1 / u[i], sizes=(n,), free={i: (1, n)}, domain={u: "positive"}),
    T(P_(k / (k + 1), 1, n), 1 / (n + 1), **N1),
    T(P_(1 + 1 / k, 1, n), n + 1, **N1),
    T(S_(k * 2**k), (n - 1) * 2 ** (n + 1) + 2, **N1),
    T(S_((-1) ** k, 1, n), ((-1) ** n - 1) / 2, **N1),
    T(S_((-1) ** k, 0, 2 * n), 1, **N1),
    T(S_(u[k] - u[k - 1], 2, n), u[n] - u[1], **N1),
    T(S_(log(1 + 1 / k)), log(n + 1), **N1),
    T(S_(log(k + 1) - log(k)), log(n + 1), **N1),
    T(S_(1 / (2 * k - 1) - 1 / (2 * k + 1)), 1 - 1 / (2 * n + 1), **N1),
    T(S_(KroneckerDelta(k, n + 1 - i) * u[k]), u[n + 1 - i], **AT),
    T(Sum(u[j], (j, 1, k), (k, 1, n)), S_((n - k + 1) * u[k]), **N1),
    T(Sum(u[j], (j, k, n), (k, 1, n)), S_(k * u[k]), **N1),
    T(Sum(u[j] * u[k], (j, 1, k - 1), (k, 1, n)), (S_(u[k]) ** 2 - S_(u[k] ** 2)) / 2, **N1),
    T(Sum((u[j] - u[k]) ** 2, (j, 1, n), (k, 1, n)), 2 * n * S_(u[k] ** 2) - 2 * S_(u[k]) ** 2, **N1),
    T(
        Sum(Max(u[j], u[k]), (j, 1, n), (k, 1, n)),
        2 * Sum(Max(u[j], u[k]), (j, 1, k - 1), (k, 1, n)) + S_(u[k]),
        **N1,
    ),
    T(Partial(S_(u[k]) ** 2, u[i]), 2 * S_(u[k]), **AT),
    T(Partial(Abs(x) ** 3, x), 3 * x * Abs(x)),
    T(Partial(x**x, x), x**x * (1 + log(x)), **POS),
    T(Partial(f(x * y), x), y * fp(x * y)),
    T(Partial(f(x) ** 2, x), 2 * f(x) * fp(x)),
    T(Partial(sqrt(S_(u[k] ** 2)), u[i]), u[i] / sqrt(S_(u[k] ** 2)), **AT),
    T(Partial(log(S_(exp(u[k]))), u[i]), exp(u[i]) / S_(exp(u[k])), **AT),
    T(Partial(Max(x, y), x) + Partial(Max(x, y), y), 1),
    T(Partial(Max(0, x), x) * x, Max(0, x)),
    T(S_(S_(KroneckerDelta(i, j) * u[j], 1, n, j), 1, n, i), S_(u[k]), **N1),
]
TRUE = [
    *PROVED,
    T(log(x**2**n), 2**n * log(Abs(x)), sizes=(n,), domain={x: "nonzero"}),
]
FALSE = [
    T(log(x**2**n), 2**n * log(x), **N1),
    T(log(x ** (n * (n + 1))), n * (n + 1) * log(x), **N1),
    T(log(x ** (2 * n)), 2 * n * log(x), **N1),
    T(log(x**2), 2 * log(x)),
    T(log(x**4 * y**2), 4 * log(x) + 2 * log(y)),
    T(sqrt(x ** (2 * n)), x**n, **N1),
    T((x ** (2 * n)) ** (1 / (2 * n)), x, **N1),
    T(sqrt(x**2 * y), x * sqrt(y)),
    T(sign(P_(u[k], 1, n - 1)), sign(P_(u[k])) * sign(u[n]), **N1),
    T(sign(product_except(u[k], k, i, 1, n)), sign(P_(u[k])) * sign(u[i]), **AT),
    T(sign(Partial(P_(u[k]), u[i])), sign(P_(u[k])) * sign(u[i]), **AT),
    T(sign(P_(u[k], 2, n)), sign(P_(u[k])) * sign(u[1]), **N1),
    T(sign(P_(u[k] ** 2)), 1, **N1),
    T(sign(P_(u[k])) ** 2, P_(sign(u[k]) ** 2, 1, n - 1), **N1),
    T(P_(u[k]) / P_(u[k]), 0, **N1),
    T(P_(k - 1, 2, n), 0, **N1),
    T(Abs(P_(u[k] - u[k], 1, n - 1)) if False else P_(KroneckerDelta(k, 0), 1, n - 1), 0, **N1),
    T(P_(KroneckerDelta(k, 1), 1, n), 0, **N1),
    T(P_(2, 2, n), 2**n, **N1),
    T(P_(x, 3, n), x ** (n - 2), **N1),
    T(P_(k, 1, n), n * P_(k, 1, n - 2), **N1),
    T(P_(u[k] + v[k]), P_(u[k]) + P_(v[k]), **N1),
    T(P_(exp(u[k])), exp(P_(u[k])), **N1),
    T(log(P_(u[k])), S_(log(u[k])), **N1),
    T(log(P_(u[k] ** 2)), 2 * S_(log(u[k])), **N1),
    T(sqrt(P_(u[k] ** 2)), P_(u[k]), **N1),
    T(Abs(P_(u[k])), P_(u[k]), **N1),
    T(P_(u[k] - v[i]), 0, **AT),
    T(S_(1, 2, n - 1), n - 2, **N1),
    T(S_(k, 3, n), n * (n + 1) / 2 - 3, **N1),
    T(S_(k**2, 2, n - 2), (n - 2) * (n - 1) * (2 * n - 3) / 6 - 1, **N1),
    T(S_(2**k, 3, n), 2 ** (n + 1) - 8, **N1),
    T(S_(u[k], 2, n - 1), S_(u[k]) - u[1] - u[n], **N1),
    T(S_(u[k] - u[k - 1], 2, n), u[n] - u[n - 1], **N1),
    T(S_(x**k, 0, n), (x ** (n + 1) - 1) / (x - 1) + x, **N1),
    T(S_(x**k, 0, n - 1), n, **N1),
    T(S_((-1) ** k, 0, n), 1, **N1),
    T(S_((-1) ** k * u[k], 1, n), -S_(u[k]), **N1),
    T(S_(x**k * y ** (n - k), 0, n), (x ** (n + 1) - y ** (n + 1)) / (x - y) + 1, **N1),
    T(S_(KroneckerDelta(k, i + 1) * u[k]), u[i + 1], **AT),
    T(S_(KroneckerDelta(k, 2 * i) * u[k]), u[2 * i], sizes=(n,), free={i: (1, n)}),
    T(S_(KroneckerDelta(2 * k, i)), 1, **AT),
    T(S_(KroneckerDelta(k**2, i)), 1, **AT),
    T(S_(KroneckerDelta(k, i) * KroneckerDelta(k, j)), 1, **AT),
    T(S_(KroneckerDelta(i + j, k)), 1, **AT),
    T(S_(KroneckerDelta(k, n - i)), 1, **AT),
    T(S_(KroneckerDelta(k, n + 1 - i)), 0, **AT),
    T(KroneckerDelta(i, j) * u[i], KroneckerDelta(i, j) * v[j], **AT),
    T(
        KroneckerDelta(i, j) * KroneckerDelta(j, k),
        KroneckerDelta(i, j) * KroneckerDelta(i, k) + KroneckerDelta(j, k) * (1 - KroneckerDelta(i, j)),
        sizes=(n,),
        free={i: (1, n), j: (1, n), k: (1, n)},
    ),
    T(
        (1 - KroneckerDelta(i, j)) * (1 - KroneckerDelta(j, k)),
        1 - KroneckerDelta(i, k),
        sizes=(n,),
        free={i: (1, n), j: (1, n), k: (1, n)},
    ),
    T(
        KroneckerDelta(i, j),
        0,
        conditions=(Ne(i, k), Ne(k, j)),
        sizes=(n,),
        free={i: (1, n), j: (1, n), k: (1, n)},
    ),
    T(S_(S_(u[k] * v[i], 1, n, i) * v[i], 1, n), S_(u[k]) * S_(v[k]) * S_(v[k]), **AT),
    T(Sum(u[k], (j, 1, k), (k, 1, n)), n * S_(u[k]), **N1),
    T(Sum(u[j], (j, 1, k), (k, 1, n)), S_(k * u[k]), **N1),
    T(Sum(u[j], (j, k, n), (k, 1, n)), S_((n - k) * u[k]), **N1),
    T(Sum(u[j] * u[k], (j, 1, k - 1), (k, 1, n)), S_(u[k]) ** 2 / 2, **N1),
    T(Sum(u[j] * v[k], (j, 1, k - 1), (k, 1, n)), Sum(u[j] * v[k], (j, k + 1, n), (k, 1, n)), **N1),
    T(
        Sum(u[j] * v[k], (j, 1, k), (k, 1, n)),
        S_(u[k]) * S_(v[k]) - Sum(u[j] * v[k], (j, k, n), (k, 1, n)),
        **N1,
    ),
    T(Sum(u[k - j] * v[j], (j, 1, k - 1), (k, 1, n)), S_(u[k]) * S_(v[k]), **N1),
    T(Sum(u[k - j + 1], (j, 1, k), (k, 1, n)), S_(k * u[k]), **N1),
    T(Partial(S_(u[k] ** 2, 1, n - 1), u[i]), 2 * u[i], **AT),
    T(Partial(S_(u[i] * v[k]), u[i]), v[i], **AT),
    T(Partial(S_(u[k]) ** 2, u[i]), 2 * u[i] * S_(u[k]), **AT),
    T(Partial(S_(S_(w[j] * u[j], 1, n, j) * v[k]), w[i]), u[i] * v[i], **AT),
    T(Partial(P_(u[k]), u[i]), P_(u[k], 1, i - 1), **AT),
    T(Partial(P_(1 + u[k]), u[i]), P_(1 + u[k]) / u[i], **AT),
    T(Partial(Max(0, x), x), 1),
    T(Partial(f(x) * f(y), x), fp(x) * fp(y)),
    T(Partial(f(-x), x), fp(-x)),
    T(At(Partial(f(x * y), x), x, 0), fp(0)),
    T(At(f(x), x, x + 1), f(x)),
    T(Partial(At(x**2, x, 3), x), 6),
    T(Partial(x**y, y), y * x ** (y - 1), **POS),
    T(Partial(x**x, x), x * x ** (x - 1), **POS),
    T(Partial(Partial(x**3 * y, x), y), 3 * x**2 * y),
]
