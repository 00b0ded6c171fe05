"""Recursions, definitions, equations, letters of few values, rows, and hypotheses that nothing obeys."""

from __future__ import annotations

from sympy import (
    Abs,
    E,
    Integer,
    KroneckerDelta,
    Limit,
    Max,
    Ne,
    Product,
    Sum,
    Symbol,
    acosh,
    asin,
    exp,
    log,
    sign,
    sqrt,
)

from helpers.proof import At, Partial, define, recursive, sum_except

from .letters import T, a, b, i, j, k, l, n, p, u, v, w, x, y, z

N1 = {"sizes": (n,)}
AT = {"sizes": (n,), "free": {i: (1, n), j: (1, n)}}


def S_(f, lo=1, hi=n, ix=k):
    return Sum(f, (ix, lo, hi))


def P_(f, lo=1, hi=n, ix=k):
    return Product(f, (ix, lo, hi))


F0 = recursive("F", [l], start=(l, Integer(0)), base=Integer(1), rule=lambda F: F(l - 1) * x)
F1 = recursive("F", [l], start=(l, Integer(0)), base=x, rule=lambda F: F(l - 1) + k)
FA = recursive("F", [l], start=(l, Integer(0)), base=acosh(x), rule=lambda F: F(l - 1))
FB = recursive("F", [l], start=(l, Integer(0)), base=(-1) ** x, rule=lambda F: F(l - 1))
FC = recursive("F", [l], start=(l, Integer(0)), base=asin(x), rule=lambda F: F(l - 1))
FD = recursive("F", [l], start=(l, Integer(0)), base=log(exp(x)), rule=lambda F: F(l - 1) + F(l - 1))
G2 = recursive("G", [l], start=(l, n), base=u[n], rule=lambda F: F(l + 1) + u[l])
h = define("h", [y], x * y)
hk = define("h", [x], x * k)

m0 = define("m", (), S_(u[k]) / n)
B_ = {"domain": {x: "binary", y: "binary"}}
SG = {"domain": {x: "sign", y: "sign"}}
OH = {"sizes": (n,), "domain": {u: "onehot"}, "free": {i: (1, n), j: (1, n)}}
SI = {"sizes": (n,), "domain": {p: "simplex"}, "free": {i: (1, n), j: (1, n)}}
AF = {"sizes": (n,), "domain": {u: "affine"}, "free": {i: (1, n)}}
mi = Symbol("mi", integer=True)


PROVED = [
    T(F0(3), x**3),
    T(G2(n), u[n], **N1),
    T(h(5), 5 * x),
    T(S_(u[k] - m0()), 0, **N1),
    T(Partial(S_((u[k] - m0()) ** 2), u[i]), 2 * (u[i] - m0()), **AT),
    T(S_((u[k] - m0()) * v[k]), S_((u[k] - m0()) * (v[k] - S_(v[l], 1, n, l) / n)), **N1),
    T(x * y, 0, facts=((x, 0),)),
    T(Abs(x - y), x - y, conditions=(x >= y,)),
    T(KroneckerDelta(i, j), 0, sizes=(n,), free={i: (1, n), j: (1, n)}, conditions=(i > j,)),
    T(x**2 - y**2, 0, facts=((x, y),)),
    T(x, y, facts=((x + z, y + z),)),
    T(x * y, 1, facts=((y, 1 / x),), domain={x: "nonzero"}),
    T((1 - x) ** 2, 1 - x, **B_),
    T(exp(a * x), 1 - x + x * exp(a), **B_),
    T(Abs(x - y), x + y - 2 * x * y, **B_),
    T(Max(x, y), x + y - x * y, **B_),
    T(a**x * b ** (1 - x), x * a + (1 - x) * b, domain={x: "binary", a: "positive", b: "positive"}),
    T(
        x * log(a) + (1 - x) * log(b),
        log(a**x * b ** (1 - x)),
        domain={x: "binary", a: "positive", b: "positive"},
    ),
    T((x * y) ** 2, 1, **SG),
    T((x - y) ** 2, 2 - 2 * x * y, **SG),
    T(Abs(a - x), Abs(1 - x * a), domain={x: "sign"}),
    T((1 - x * y) / 2, (x - y) ** 2 / 4, **SG),
    T(log(1 + exp(-x * a)), -log(1 / (1 + exp(-x * a))), domain={x: "sign"}),
    T(
        1 / (1 + exp(-x * a)),
        (1 + x) / 2 / (1 + exp(-a)) + (1 - x) / 2 * (1 - 1 / (1 + exp(-a))),
        domain={x: "sign"},
    ),
    T(x**3, x, **SG),
    T(u[i] * u[j], KroneckerDelta(i, j) * u[i], **OH),
    T(S_(u[k] ** 2), 1, **OH),
    T(S_(u[k] * v[k]) ** 2, S_(u[k] * v[k] ** 2), **OH),
    T(S_((u[k] - v[k]) ** 2), 1 + S_(v[k] ** 2) - 2 * S_(u[k] * v[k]), **OH),
    T(S_(u[k] * (1 - v[k])), 1 - S_(u[k] * v[k]), **OH),
    T(1 - p[i], sum_except(p[k], k, i, 1, n), **SI),
    T(S_(p[k] * (x - u[k])), x - S_(p[k] * u[k]), **SI),
    T(S_(p[k] * (u[k] - S_(p[l] * u[l], 1, n, l)) ** 2), S_(p[k] * u[k] ** 2) - S_(p[k] * u[k]) ** 2, **SI),
    T(S_(p[k] * (1 - p[k])), 1 - S_(p[k] ** 2), **SI),
    T(S_(u[k] * (v[k] + x)), x + S_(u[k] * v[k]), **AF),
    T(mi, 1, ">=", domain={mi: (1, n)}, sizes=(n,)),
    T(S_(KroneckerDelta(mi, k) * u[k]), u[mi], sizes=(n,), domain={mi: (1, n)}),
    T(Partial(S_(S_(u[k] * u[i], 1, n, i)), u[i]), 2 * S_(u[k]), **AT),
]
TRUE = [
    *PROVED,
    T(F0(n), x**n, **N1),
    T(F0(n + 1), x * F0(n), **N1),
    T(G2(1), S_(u[k]), **N1),
    T(Partial(F0(3), x), 3 * x**2),
    T(S_(u[k] * log(v[k])), log(S_(u[k] * v[k])), sizes=(n,), domain={u: "onehot", v: "positive"}),
    T(exp(S_(u[k] * v[k])), S_(u[k] * exp(v[k])), **OH),
    T(P_(v[k] ** u[k]), S_(u[k] * v[k]), sizes=(n,), domain={u: "onehot", v: "positive"}),
]
FALSE = [
    T(F0(n), x * n, **N1),
    T(F0(n), x ** (n - 1), **N1),
    T(F0(n + 1), F0(n), **N1),
    T(Partial(F0(n), x), 0, **N1),
    T(S_(F0(k), 1, n), F0(n), **N1),
    T(S_(F1(2), 1, n), n * (x + 2 * k), **N1),
    T(At(F0(n), x, 0), 1, **N1),
    T(Abs(FA(2)) ** 2, FA(2) ** 2),
    T(Abs(FB(1)) ** 2, FB(1) ** 2),
    T(Abs(FC(1)) ** 2, FC(1) ** 2),
    T(FD(2), 2 * x),
    T(G2(1), S_(u[k], 1, n - 1), **N1),
    T(F0(-1), 1 / x),
    T(F0(0), x),
    T(F0(n) / F0(n - 1), 1, **N1),
    T(sign(F0(n)), 1, **N1),
    T(F0(2 * n), F0(n) * 2, **N1),
    T(G2(n), u[1], **N1),
    T(F0(i), F0(j), **AT),
    T(F0(n) - F0(n - 1), F0(n - 1), **N1),
    T(h(5), 5),
    T(S_(hk(u[k])), k * S_(u[k]), sizes=(n,), free={k: (1, n)}),
    T(Partial(m0() ** 2, u[i]), 2 * m0(), **AT),
    T(Partial(S_((u[k] - m0()) ** 2), u[i]), 2 * (u[i] - m0()) + 2 * m0(), **AT),
    T(x, 0, facts=((x * y, 0),)),
    T(x, y, facts=((x**2, y**2),)),
    T(x / y, -z, facts=((x, y * z),), domain={y: "nonzero"}),
    T(Partial(x**2 * y, x), 0, facts=((x * y, 0),)),
    T(Partial(x * y, x), 0, facts=((y, x),)),
    T(Partial(a**2, b), 2 * a, facts=((a, b + 1),)),
    T(a * b, b**2, facts=((a, b + 1),)),
    T(x, 1, facts=((x**2, 1),)),
    T(x, 1, facts=((exp(x), exp(y)),)),
    T(sqrt(x**2), x, facts=((x, y**3),)),
    T(log(x), 2 * log(y), facts=((x, y**2),), domain={y: "nonzero"}),
    T(x, y, facts=((x + y, 2 * z), (x - y, 0 * z + 1))),
    T(S_(x**k, 0, n - 1), (x**n - 1) / (x - 1) + 1, sizes=(n,), conditions=(Ne(x, 1),)),
    T(x, y, conditions=(x >= y,)),
    T(i, j + 1, sizes=(n,), free={i: (1, n), j: (1, n)}, conditions=(i > j,)),
    T(Abs(x - y), y - x, conditions=(x >= y,)),
    T(Max(x, y), y, conditions=(x >= y,)),
    T(x + y, x * y, **B_),
    T(x**2, 1, **B_),
    T((x + y) ** 2, x + y, **B_),
    T(x * y, x, **B_),
    T(exp(x), 1 + x, **B_),
    T(x * (1 - y), x - y, **B_),
    T(Abs(x - y), x - y, **B_),
    T(Max(x, y), x + y, **B_),
    T(2 ** (x + y), 1 + x + y, **B_),
    T(x**2, x, **SG),
    T(x * y, 1, **SG),
    T(Abs(x + y), 2, **SG),
    T(Max(0, -x * y), 1, **SG),
    T(exp(x * y), x * y * E, **SG),
    T(log(1 + exp(-x * y)), log(1 + exp(x * y)), **SG),
    T((x - y) ** 2, 2, **SG),
    T(sqrt(1 + x), 1 + x / 2, **B_),
    T(x**a, x, **B_),
    T(u[i] * u[j], u[i], **OH),
    T(S_(u[k]) ** 2, n, **OH),
    T(S_(u[k] * v[k]) ** 2, S_(v[k] ** 2), **OH),
    T(u[i] ** 2, 1, **OH),
    T(S_(u[k] * log(v[k])), log(S_(v[k])), sizes=(n,), domain={u: "onehot", v: "positive"}),
    T(S_(k * u[k]), 1, **OH),
    T(exp(S_(u[k] * v[k])), S_(exp(u[k] * v[k])), **OH),
    T(S_((u[k] - v[k]) ** 2), 1 + S_(v[k] ** 2) - 2 * S_(v[k]), **OH),
    T(S_(u[k], 1, n - 1), 1, **OH),
    T(u[i] + u[j], 1, **OH),
    T(S_(u[k] * v[k]) * S_(u[k] * w[k]), S_(u[k] * v[k]) + S_(u[k] * w[k]), **OH),
    T(p[i], 1 / n, **SI),
    T(S_(p[k], 2, n), 1, **SI),
    T(S_(p[k] ** 2), 1, **SI),
    T(1 - p[i], S_(p[k], 1, n - 1), **SI),
    T(S_(p[k] * p[n + 1 - k]), 1, **SI),
    T(P_(p[k]), 1, **SI),
    T(u[i], 1, **AF),
    T(S_(Abs(u[k])), 1, **AF),
    T(S_(u[k]), 1, ">", **AF),
    T(u[i], 1, "<=", **AF),
    T(S_(u[k] ** 2), 1, ">=", **AF),
    T(x, -5, conditions=(x > 1, x < 0)),
    T(i, i + 1, sizes=(n,), free={i: (n + 1, n)}),
    T(x, 1, facts=((x, x + 1),)),
    T(x, 7, facts=((y, 1), (y, 2))),
    T(1, 2, facts=((S_(p[k]), 2),), sizes=(n,), domain={p: "simplex"}),
    T(sqrt(-1 - x**2), 1),
    T(log(-1 - x**2) - log(-1 - x**2) + 1, 2),
    T(1 / (x - x + 0 * y) if False else 1 / (x * (1 - x)), 5, domain={x: "binary"}),
    T(y / x, 1, facts=((x, 0),)),
    T(mi, 2, ">=", domain={mi: (1, n)}, sizes=(n,)),
    T(mi, 1, ">", domain={mi: (1, n)}, sizes=(n,)),
    T(S_(KroneckerDelta(mi, k)), 0, sizes=(n,), domain={mi: (1, n)}),
    T(k * S_(u[k]), S_(k * u[k]), sizes=(n,), free={k: (1, n)}),
    T(At(S_(x * u[k]), x, k), S_(k * u[k]), sizes=(n,), free={k: (1, n)}),
    T(S_(At(x**2, x, k)), n * k**2, sizes=(n,), free={k: (1, n)}),
    T(Partial(S_(S_(u[k] * u[i], 1, n, i)), u[i]), S_(u[k]), **AT),
    T(Limit(S_(x * u[k]), x, k, "+-"), S_(k * u[k]), sizes=(n,), free={k: (1, n)}),
    T(S_(S_(u[k], 1, k, k)), S_(k * u[k]), **N1),
]
