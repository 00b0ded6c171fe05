"""Sums, products, ranges and indices: empty ranges, indices that meet, captured names, small sizes."""

from __future__ import annotations

from sympy import Abs, Ge, KroneckerDelta, Max, Ne, Product, Sum, exp, log, sqrt

from helpers.proof import At, Partial, define, product_except, sum_except

from .letters import T, i, j, k, l, m, n, q, u, v, w, x

d = KroneckerDelta
tail = define("h", (q,), Sum(u[k], (k, q, n)))
free_k = define("g", (x,), x * u[k])
AT = {"sizes": (n,), "free": {i: (1, n), j: (1, n)}}
N1 = {"sizes": (n,)}
NM = {"sizes": (n, m)}


def total(f, low=1, high=n, index=k):
    return Sum(f, (index, low, high))


TRUE = [
    T(total(1, 3, n + 2), n, **N1),
    T(total(1, 5, 4), 0),
    T(total(u[k], n + 1, n), 0, **N1),
    T(Product(u[k], (k, n + 1, n)), 1, **N1),
    T(total(u[k]) - u[1], total(u[k], 2), **N1),
    T(total(u[k], 1, n - 1), total(u[k]) - u[n], **N1),
    T(total(k, 1, n - 1), n * (n - 1) / 2, **N1),
    T(total(k, 0, n), n * (n + 1) / 2, **N1),
    T(total(2 * k - 1), n**2, **N1),
    T(total(k**3), total(k) ** 2, **N1),
    T(total(total(d(k, l), 1, n, l)), n, **N1),
    T(total(total(d(k, l) * u[k] * v[l], 1, n, l)), total(u[k] * v[k]), **N1),
    T(total(u[k] * d(k, i)), u[i], **AT),
    T(total(d(k, i) * d(k, j)), d(i, j), **AT),
    T(d(i, j) * u[i], d(i, j) * u[j], **AT),
    T(d(i, j) ** 2, d(i, j), **AT),
    T(total(d(k, n) * u[k]), u[n], **N1),
    T(total(d(k, n + 1)), 0, **N1),
    T(sum_except(u[k], k, i, 1, n), total(u[k]) - u[i], **AT),
    T(sum_except(1, k, i, 1, n), n - 1, **AT),
    T(product_except(u[k], k, i, 1, n) * u[i], Product(u[k], (k, 1, n)), **AT),
    T(total(total(u[k] * v[l], 1, n, l)), total(u[k]) * total(v[k]), **N1),
    T(total(total(u[k] * u[l], 1, n, l)), total(u[k]) ** 2, **N1),
    T(total(total(u[k] * u[l], k + 1, n, l)), (total(u[k]) ** 2 - total(u[k] ** 2)) / 2, **N1),
    T(total(total(1, k, n, l)), n * (n + 1) / 2, **N1),
    T(total(total(1, k + 1, n, l)), n * (n - 1) / 2, **N1),
    T(total(total((u[k] - u[l]) ** 2, 1, n, l)), 2 * n * total(u[k] ** 2) - 2 * total(u[k]) ** 2, **N1),
    T(total(u[k] - total(u[l], 1, n, l) / n), 0, **N1),
    T(total(u[n + 1 - k]), total(u[k]), **N1),
    T(total(u[k] * v[n + 1 - k]), total(v[k] * u[n + 1 - k]), **N1),
    T(total(u[k + 1] - u[k], 1, n - 1), u[n] - u[1], **N1),
    T(Product(k, (k, 0, n)), 0, **N1),
    T(Product(x, (k, 1, n)), x**n, **N1),
    T(Product(Product(x, (k, 1, n)), (l, 1, m)), x ** (n * m), **NM),
    T(Product(u[k] * v[k], (k, 1, n)), Product(u[k], (k, 1, n)) * Product(v[k], (k, 1, n)), **N1),
    T(Product(exp(u[k]), (k, 1, n)), exp(total(u[k])), **N1),
    T(log(Product(exp(u[k]), (k, 1, n))), total(u[k]), **N1),
    T(Product(-u[k], (k, 1, n)), (-1) ** n * Product(u[k], (k, 1, n)), **N1),
    T(total(x, 1, m), m * x, **NM),
    T(total(u[k] + x), total(u[k]) + n * x, **N1),
    T(tail(1), total(u[k]), **N1),
    T(tail(n), u[n], **N1),
    T(tail(i) - u[i], total(u[k], i + 1), **AT),
    T(total(free_k(2)), 2 * total(u[k]), **N1),
    T(total(free_k(v[k])), total(u[k] * v[k]), **N1),
    T(Partial(total(u[k] ** 2), u[i]), 2 * u[i], **AT),
    T(Partial(total(u[k] * u[n + 1 - k]), u[1]), 2 * u[n], **N1),
    T(Partial(total(total(u[k] * u[l], 1, n, l)), u[i]), 2 * total(u[k]), **AT),
    T(Partial(u[i], u[j]), d(i, j), **AT),
    T(Partial(tail(i), u[i]), 1, **AT),
    T(total(d(i, k) * d(k, i)), 1, **AT),
    T(total(d(k, i) * k), i, **AT),
    T(total(Max(u[k], 0) - Max(-u[k], 0)), total(u[k]), **N1),
    T(total((-1) ** k, 1, 2 * n), 0, **N1),
    T(total(1 / (k * (k + 1))), n / (n + 1), **N1),
    T(total(x**k, 0, n) * (1 - x), 1 - x ** (n + 1), **N1),
    T(total(k * x), x * n * (n + 1) / 2, **N1),
    T(total(total(u[k], 1, n) * v[l], 1, m, l), total(u[k]) * total(v[k], 1, m), sizes=(n, m)),
    T(At(total(x**k), x, 1), n, **N1),
    T(At(Partial(total(x**k), x), x, 1), n * (n + 1) / 2, **N1),
    T(total(u[k] / total(u[l], 1, n, l)), 1, domain={u: "positive"}, **N1),
    T(total(Abs(d(k, i) - 1)), n - 1, **AT),
    T((1 - d(i, j)) * d(i, j), 0, **AT),
    T(d(i, j) * (i - j), 0, **AT),
    T(d(i, i + 1), 0, sizes=(n,), free={i: (1, n)}),
    T(x**0 + 0**n, 1, **N1),
    T(total(total(w[k], 1, l), 1, n, l), total((n + 1 - k) * w[k]), **N1),
    T(sqrt(Product(x**2, (k, 1, n))), Abs(x) ** n, **N1),
    T(total(u[k], 1, i) + total(u[k], i + 1), total(u[k]), **AT),
    T(
        total(d(k, i) * d(l, j) * u[k] * v[l] + 0 * l, 1, n),
        u[i] * d(l, j) * v[l],
        sizes=(n,),
        free={i: (1, n), j: (1, n), l: (1, n)},
    ),
    T(total(u[k] * (1 - d(k, i))), total(u[k]) - u[i], **AT),
]
FALSE = [
    T(total(1, 3, n), n - 2, **N1),  # n = 1
    T(total(1, n, 1), 2 - n, **N1),  # n = 3
    T(total(1, i, j), j - i + 1, **AT),  # j = i - 2
    T(total(u[k], 2), total(u[k]) - u[2], sizes=(n,), span=(2, 3)),
    T(Product(u[k], (k, n + 1, n)), 0, **N1),
    T(total(k, 0, n), total(k, 0, n - 1), **N1),
    T(total(1, 0, n), n, **N1),
    T(total(k**2), n * (n + 1) / 2 + (n - 1) * (n - 2) + (n - 1) * n, sizes=(n,)),
    T(total(2**k, 0, n), 2**n + 1 + n * (n - 1), **N1),
    T(n**2 + n + 41 - Max(0, n - 39), n**2 + n + 41, **N1),  # n = 40
    T(total(total(d(k, l), 1, n, l)), n**2, **N1),
    T(total(total(d(k, l) * u[k], 1, n, l)), n * total(u[k]), **N1),
    T(total(d(k, k)), 1, **N1),
    T(total(u[k] * d(k, i)), n * u[i], **AT),
    T(d(i, j) * u[i], u[j], **AT),
    T(d(i, j), 0, **AT),
    T(d(i, j) + d(i, q) + d(j, q), d(i, j) * d(j, q) * 3, sizes=(n,), free={i: (1, n), j: (1, n), q: (1, n)}),
    T(
        d(i, j) * d(j, q),
        d(i, j) * d(i, q) * (1 - d(j, q)),
        sizes=(n,),
        free={i: (1, n), j: (1, n), q: (1, n)},
    ),
    T(total(d(k, n + 1)), 1, **N1),
    T(total(d(k, i + 1) * u[k]), u[i + 1], sizes=(n,), free={i: (0, n)}),  # i = n
    T(total(d(k, 2) * k), 2, **N1),  # n = 1
    T(total(d(k, 5)), 0, **N1),  # n = 5
    T(total(d(k, 7)), d(n, 7), **N1),  # n = 8
    T(total(d(k, 41)), 0, **N1),  # n = 41
    T(sum_except(u[k], k, i, 1, n), total(u[k]), **AT),
    T(sum_except(1, k, i, 1, n), n, **AT),
    T(sum_except(u[k], k, i, 2, n), total(u[k], 2) - u[i], **AT),  # i = 1
    T(product_except(u[k], k, i, 2, n) * u[i], Product(u[k], (k, 2, n)), **AT),  # i = 1
    T(total(u[k] * v[k]), total(u[k]) * total(v[k]), **N1),
    T(total(u[k] ** 2), total(u[k]) ** 2, **N1),
    T(total(1 / u[k]), 1 / total(u[k]), domain={u: "positive"}, **N1),
    T(total(u[k] / v[k]), total(u[k]) / total(v[k]), domain={v: "positive"}, **N1),
    T(total(total(u[k] * u[l], k + 1, n, l)), total(u[k]) ** 2 - total(u[k] ** 2), **N1),
    T(total(total(1, k + 1, n, l)), n * (n + 1) / 2, **N1),
    T(total(total(u[k] * v[l], k, n, l)), total(total(u[l] * v[k], k, n, l)), **N1),
    T(total(total(u[k] - u[l], k, n, l)), 0, **N1),
    T(total(u[k] * v[n + 1 - k]), total(u[k] * v[k]), **N1),
    T(total(u[k + 1] - u[k], 1, n - 1), u[n], **N1),
    T(Product(k - 4, (k, 1, n)), 0, **N1),
    T(Product(k - 7, (k, 1, n)) * (n - 1) * (n - 2) * (n - 3) * (n - 4), 0, **N1),  # n = 5
    T(Product(x, (k, 0, n)), x**n, **N1),
    T(Product(x, (k, 2, n - 1)), x ** (n - 2), **N1),  # n = 1
    T(Product(x + u[k], (k, 1, n)), x**n + Product(u[k], (k, 1, n)), **N1),
    T(Product(-u[k], (k, 1, n)), -Product(u[k], (k, 1, n)), **N1),
    T(total(u[k] + x), total(u[k]) + x, **N1),
    T(total(x, 0, m), m * x, **NM),
    T(tail(0), total(u[k]) + u[1], **N1),
    T(total(free_k(2)), 2 * n * u[1], **N1),
    T(Partial(total(u[k] ** 2), u[i]), 2 * total(u[k]), **AT),
    T(Partial(total(u[k] * v[i]), u[i]), n * v[i], **AT),
    T(Partial(total(u[k], 2), u[i]), 1, **AT),  # i = 1
    T(Partial(u[i], u[j]), 1, **AT),
    T(Partial(tail(j), u[i]), 1, **AT),  # i < j
    T(Partial(total(total(u[k] * u[l], 1, n, l)), u[i]), 2 * u[i], **AT),
    T(Partial(total(u[k] * u[n + 1 - k]), u[1]), u[n], **N1),
    T(total((-1) ** k), 0, **N1),
    T(total((-1) ** k), -(1 - (-1) ** (n + 1)) / 2, **N1),
    T(total(x**k, 0, n), (1 - x**n) / (1 - x), domain={x: "unit"}, **N1),
    T(total(x**k), 1 / (1 - x), domain={x: "unit"}, **N1),
    T(total(u[k] - total(u[l], 2, n, l) / n), 0, **N1),
    T(0 ** (n - i), 0, **AT),
    T(0 ** (n - 1), 0, **N1),  # n = 1
    T(x ** (n - 1) * x ** (1 - n), 1 + 0 ** (n - 1), **N1),
    T(total(0 ** (k - 1)), 0, **N1),
    T(total(total(w[k], 1, l), 1, n, l), total(k * w[k]), **N1),
    T(sqrt(Product(x**2, (k, 1, n))), x**n, **N1),
    T(total(u[k], 1, i) + total(u[k], i, n), total(u[k]), **AT),
    T(total(k * (k - 1) * (k - 2) * (k - 3)), 0, **N1),
    T(total(u[k] * (1 - d(k, i))), total(u[k]) - u[1], **AT),
    T(total(d(i, k) * v[k]) * total(d(i, k)), n * v[i], **AT),
    T(d(2 * i, j), 0, **AT),
    T(d(i, n) * d(j, 1), 0, **AT),  # n = 1, or i = n and j = 1
    T(d(i, n + 1 - i), 0, **AT),
    T(d(i**2, j), d(i, j), **AT),
    T(total(d(k**2, n)), 0, **N1),
    T(total(d(k * (k + 1), 2 * i)), 1, **AT),
    T(Max(i, j), i, conditions=(Ge(j, i),), **AT),
    T((i - j) / (i - j), 0, conditions=(Ne(i, j),), **AT),
    T(Product(k, (k, 1, n)), 2 ** (n - 1), **N1),  # n = 3
]
