"""Hypotheses, definitions and recursions: what is supposed, what a name hides, what an induction reaches."""

from __future__ import annotations

from sympy import (
    Abs,
    Eq,
    Ge,
    Gt,
    IndexedBase,
    KroneckerDelta,
    Le,
    Limit,
    Lt,
    Max,
    Ne,
    Product,
    Rational,
    Sum,
    exp,
    log,
    oo,
    sign,
    sqrt,
)

from helpers.proof import At, Partial, define, recursive, smooth

from .letters import AT, N1, T, a, b, c, g, i, j, k, l, m, n, p, q, s, t, u, v, w, x, y, z

d = KroneckerDelta
label = IndexedBase("c", shape=(m,), integer=True)
LABEL = {"sizes": (n, m), "free": {s: (1, m), i: (1, n)}, "domain": {label: (1, n)}}
HOT = {"sizes": (n,), "free": {i: (1, n), j: (1, n)}, "domain": {p: "onehot"}}
BIT = {"sizes": (n,), "free": {i: (1, n)}, "domain": {p: "binary"}}
LAW = {"sizes": (n,), "free": {i: (1, n)}, "domain": {p: "simplex"}}
SIGN = {"domain": {y: "sign"}}
f, f1 = smooth("f")
h = define("h", (y,), x * y)
by_k = define("by_k", (), Sum(u[k], (k, 1, n)))()
inner = define("z", (i,), u[i] * x)
outer = define("C", (), Sum(inner(k) ** 2, (k, 1, n)))()
mean = define("m", (), Sum(u[k], (k, 1, n)) / n)()
F = recursive("F", [l], start=(l, 0), base=x, rule=lambda F: F(l - 1) * y)
G = recursive("G", [l], start=(l, 0), base=0, rule=lambda G: G(l - 1) + d(l, 9))


def total(f, low=1, high=n, index=k):
    return Sum(f, (index, low, high))


TRUE = [
    T(x, 3, conditions=(Eq(x, 3),)),
    T(x + y, 2 * a, facts=((x, a + b), (y, a - b))),
    T(x * y, 1, facts=((y, 1 / x),), domain={x: "positive"}),
    T(total(u[k]) ** 2, 9, facts=((total(u[k]), 3),), **N1),
    T(Abs(x - y), x - y, conditions=(Gt(x, y),)),
    T(Max(x, y), x, conditions=(Ge(x, y),)),
    T(sign(x - y), 1, conditions=(Gt(x, y),)),
    T(d(i, j), 0, conditions=(Ne(i, j),), **AT),
    T(d(i, j), 0, conditions=(Lt(i, j),), **AT),
    T(log(x - 4) + log(x + 4), log(x**2 - 16), conditions=(Gt(x, 4),)),
    T(sqrt((x - y) ** 2), y - x, conditions=(Le(x, y),)),
    T(total(d(label[s], k)), 1, **LABEL),
    T(total(u[k] * d(label[s], k)), u[label[s]], **LABEL),
    T(total(total(d(label[s], k), 1, m, s)), m, **LABEL),
    T(p[i] ** 2, p[i], **HOT),
    T(p[i] * p[j] * (1 - d(i, j)), 0, **HOT),
    T(p[i] * p[j], d(i, j) * p[i], **HOT),
    T(total(p[k] * u[k]) ** 2, total(p[k] * u[k] ** 2), **HOT),
    T(total(p[k] ** 3), 1, **HOT),
    T(total(p[k] * exp(u[k])), exp(total(p[k] * u[k])), **HOT),
    T(p[i] * exp(p[i]), p[i] * exp(1), **BIT),
    T((1 - p[i]) * p[i], 0, **BIT),
    T(2 ** p[i], 1 + p[i], **BIT),
    T(total(p[k]) - p[i], 1 - p[i], **LAW),
    T(y**2, 1, **SIGN),
    T(1 / y, y, **SIGN),
    T(Max(y, 0), (1 + y) / 2, **SIGN),
    T(exp(y) + exp(-y), exp(1) + exp(-1), **SIGN),
    T(Partial(f(x**2), x), 2 * x * f1(x**2)),
    T(Partial(f(f(x)), x), f1(f(x)) * f1(x)),
    T(f(x + y) - f(y + x), 0),
    T(At(h(y), x, 5), 5 * y),
    T(h(x), x**2),
    T(h(h(y)), x**2 * y),
    T(Partial(h(x), x), 2 * x),
    T(total(by_k, 1, m, k), m * by_k, sizes=(n, m)),
    T(Partial(outer, inner(j)), 2 * inner(j), **AT),
    T(Partial(outer, x), total(2 * inner(k) * u[k]), **N1),
    T(total((u[k] - mean) ** 2), total(u[k] ** 2) - n * mean**2, **N1),
    T(Partial(mean, u[i]), 1 / n, **AT),
    T(F(2), x * y**2),
    T(G(8), 0),
    T(G(9), 1),
    T(F(3) / F(1), y**2, domain={x: "nonzero", y: "nonzero"}),
]
FALSE = [
    T(x, 2, conditions=(Eq(x, 3),)),
    T(x * y, 1, facts=((y, -1 / x),), domain={x: "positive"}),
    T(total(u[k]), 3, **N1),
    T(total(u[k] ** 2), 9, facts=((total(u[k]), 3),), **N1),
    T(u[1], 3, facts=((total(u[k]), 3),), **N1),
    T(Abs(x - y), y - x, conditions=(Gt(x, y),)),
    T(Abs(x - y), x - y, conditions=(Ne(x, y),)),
    T(sign(x - y), 1, conditions=(Ge(x, y),)),
    T(Max(x, y), x, conditions=(Ge(x + 1, y),)),
    T(d(i, j), 0, conditions=(Le(i, j),), **AT),
    T(d(i, j), 1, conditions=(Ge(i, j),), **AT),
    T(d(i, j) + d(j, q), 0, conditions=(Ne(i, j),), sizes=(n,), free={i: (1, n), j: (1, n), q: (1, n)}),
    T(d(i, q), 0, conditions=(Ne(i, j), Ne(j, q)), sizes=(n,), free={i: (1, n), j: (1, n), q: (1, n)}),
    T(log(x - 4) + log(x + 4), log(x**2 - 16), conditions=(Ne(x, 4), Ne(x, -4))),
    T(sqrt((x - y) ** 2), x - y, conditions=(Le(x, y),)),
    T(total(d(label[s], k), 2), 1, **LABEL),
    T(total(u[k] * d(label[s], k)), u[s], **{**LABEL, "free": {s: (1, m), i: (1, n)}}),
    T(d(label[s], i), 0, **LABEL),
    T(total(d(label[s], i), 1, m, s), 1, **LABEL),
    T(total(total(d(label[s], k) * d(label[t], k), 1, n), 1, m, t), 1, **LABEL | {"free": {s: (1, m)}}),
    T(p[i] * p[j], d(i, j), **HOT),
    T(p[i] * p[j], 0, **HOT),
    T(p[i] + p[j], 1 + d(i, j), **HOT),
    T(p[i] * p[j], p[i], **HOT),
    T(p[i] * p[j], d(i, j) * p[i], **{**HOT, "domain": {p: "binary"}}),
    T(p[i] * p[j], d(i, j) * p[i], **{**HOT, "domain": {p: "simplex"}}),
    T(p[i] * g[j], d(i, j) * p[i], **{**HOT, "domain": {p: "onehot", g: "onehot"}}),
    T(total(p[k] ** 2), 1, **LAW),
    T(total(p[k] ** 2), total(p[k]), sizes=(n,), domain={p: "closed simplex"}),
    T(total(p[k]), 1, **BIT),
    T(total(p[k], 2), 1, **LAW),
    T(total(p[k], 1, n - 1), 1, **HOT),
    T(p[i] ** 2, p[i], **LAW),
    T(2 ** p[i], 1 + p[i], sizes=(n,), free={i: (1, n)}, domain={p: "unit"}),
    T(total(p[k] * p[n + 1 - k]), 0, **HOT),  # the middle
    T(exp(total(p[k] * u[k])), total(p[k] * exp(u[k])), **BIT),
    T(y**2, y, **SIGN),
    T(y**3, 1, **SIGN),
    T(Max(y, 0), y, **SIGN),
    T(Abs(y + x), Abs(y) + Abs(x), **SIGN),
    T(Partial(f(x**2), x), f1(x**2)),
    T(Partial(f(f(x)), x), f1(x) ** 2),
    T(Partial(f(x * y), y), y * f1(x * y)),
    T(f(x), x),
    T(f(x + 2 * y), f(x) + 2 * f(y)),
    T(f(0), 0),
    T(Partial(f(x), x), f1(y)),
    T(At(h(y), x, 5), x * y),
    T(h(x), x * y),
    T(Partial(h(x), x), x),
    T(Limit(h(y), x, 0, "+-"), x * y),
    T(total(by_k, 1, m, k), by_k, sizes=(n, m)),
    T(total(inner(k)), n * inner(1), **N1),
    T(Partial(outer, inner(j)), 2 * total(inner(k)), **AT),
    T(Partial(outer, x), 0, **N1),
    T(total((u[k] - mean) ** 2), total(u[k] ** 2) - mean**2, **N1),
    T(Partial(mean, u[i]), 1, **AT),
    T(Partial((u[i] - mean) ** 2, u[i]), 2 * (u[i] - mean), **AT),
    T(F(2), x * y),
    T(F(n), x * y, **N1),
    T(G(n), 0, **N1),  # n = 9
    T(G(12), 0),
    T(Product(1 + G(k), (k, 1, n)), 1, **N1),
    T(Partial(F(2), y), 2 * x),
    T(a * c, b * c, facts=((a, b + 1),)),
    T(x / z, y / z, conditions=(Le(x, y),), domain={z: "positive"}),
    T(Limit(x**z, x, oo, "-"), oo, domain={z: "nonnegative"}),
    T(v[i] * w[i], v[j] * w[j], facts=((total(v[k]), 1),), **AT),
    T(x, Rational(1, 2), facts=((x, 1 - y),)),
]
