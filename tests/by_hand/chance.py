"""Expectations: independence that nobody said, laws, conditioning by indices, means over some letters."""

from __future__ import annotations

from sympy import Abs, IndexedBase, KroneckerDelta, Max, Rational, Sum, cos, exp, log, sign

from helpers.proof import (
    Bernoulli,
    Categorical,
    Covariance,
    Expectation,
    Moments,
    Partial,
    Uniform,
    Variance,
)

from .letters import T, X, Y, a, b, c, i, j, k, l, n, s, u, x

E, V, C = Expectation, Variance, Covariance
half = Rational(1, 2)
d = KroneckerDelta
D = IndexedBase("D", shape=(n,), real=True)
M = IndexedBase("M", shape=(n,), real=True)
S = IndexedBase("S", integer=True)
P = IndexedBase("P", shape=(n,), real=True)
XY = {X: Moments(), Y: Moments()}
ALONE = {"random": XY}
APART = {"random": XY, "independent": (X, Y)}
KNOWN = {"random": {X: Moments(a, b), Y: Moments(a, b)}, "independent": (X, Y), "domain": {b: "nonnegative"}}
COIN = {"random": {X: Bernoulli(c)}, "domain": {c: "closed unit"}}
COINS = {"random": {X: Bernoulli(c), Y: Bernoulli(c)}, "domain": {c: "closed unit"}}
IID = {"sizes": (n,), "random": {D: Moments(a, b)}, "independent": (D,), "domain": {b: "nonnegative"}}
LOOSE = {"sizes": (n,), "random": {D: Moments(a, b)}, "domain": {b: "nonnegative"}}
MASK = {"sizes": (n,), "random": {M: Bernoulli(c)}, "independent": (M,), "domain": {c: "unit"}}
DIE = {"sizes": (n,), "random": {s: Uniform(1, n)}}
LAW = {"sizes": (n,), "random": {s: Categorical(P[k], (k, 1, n))}, "domain": {P: "simplex"}}


def total(f, low=1, high=n, index=k):
    return Sum(f, (index, low, high))


TRUE = [
    T(E(X + Y), E(X) + E(Y), **ALONE),
    T(E(2 * X + 3), 2 * E(X) + 3, **ALONE),
    T(E(E(X)), E(X), **ALONE),
    T(E(X * E(Y)), E(X) * E(Y), **ALONE),
    T(E((X - E(X)) * (Y - E(Y))), E(X * Y) - E(X) * E(Y), **ALONE),
    T(C(X, X), V(X), **ALONE),
    T(C(X, Y), C(Y, X), **ALONE),
    T(V(X + Y), V(X) + V(Y) + 2 * C(X, Y), **ALONE),
    T(V(X - Y), V(X) + V(Y) - 2 * C(X, Y), **ALONE),
    T(V(-X), V(X), **ALONE),
    T(V(a * X + b), a**2 * V(X), **ALONE),
    T(E(X * Y), E(X) * E(Y), **APART),
    T(E(X**2 * Y), E(X**2) * E(Y), **APART),
    T(E(exp(X) * exp(Y)), E(exp(X)) * E(exp(Y)), **APART),
    T(E(exp(X + Y)), E(exp(X)) * E(exp(Y)), **APART),
    T(V(X + Y), V(X) + V(Y), **APART),
    T(V(X * Y), E(X**2) * E(Y**2) - E(X) ** 2 * E(Y) ** 2, **APART),
    T(C(X, Y), 0, **APART),
    T(C(X + Y, X - Y), V(X) - V(Y), **ALONE),
    T(E(X * Y), a**2, **KNOWN),
    T(E(X**2), a**2 + b, **KNOWN),
    T(V(X - Y), 2 * b, **KNOWN),
    T(E((X - Y) ** 2), 2 * b, **KNOWN),
    T(E(X), c, **COIN),
    T(E(X**5), c, **COIN),
    T(V(X), c * (1 - c), **COIN),
    T(E(exp(X)), 1 - c + c * exp(1), **COIN),
    T(E(X * (1 - X)), 0, **COIN),
    T(E(sign(X)), c, **COIN),
    T(E(Max(X, half)), (1 + c) / 2, **COIN),
    T(E((X - c) ** 3), c * (1 - c) * (1 - 2 * c), **COIN),
    T(E(total(D[k])), n * a, **IID),
    T(V(total(D[k])), n * b, **IID),
    T(V(total(D[k]) / n), b / n, **IID),
    T(E(total(D[k] ** 2)), n * (a**2 + b), **IID),
    T(E(D[i] * D[j]), a**2 + b * d(i, j), free={i: (1, n), j: (1, n)}, **IID),
    T(C(D[i], D[j]), b * d(i, j), free={i: (1, n), j: (1, n)}, **IID),
    T(E((total(D[k]) / n) ** 2), a**2 + b / n, **IID),
    T(E(total((D[k] - total(D[l], 1, n, l) / n) ** 2)), (n - 1) * b, **IID),
    T(E(total(u[k] * D[k])), a * total(u[k]), **LOOSE),
    T(E(total(M[k])), n * c, **MASK),
    T(E(M[i] * M[j]), c**2 + c * (1 - c) * d(i, j), free={i: (1, n), j: (1, n)}, **MASK),
    T(E(total(M[k] * u[k] / c)), total(u[k]), **MASK),
    T(E(total(M[k] * u[k]) ** 2), c**2 * total(u[k]) ** 2 + c * (1 - c) * total(u[k] ** 2), **MASK),
    T(E(s), (n + 1) / 2 + 0 * n, **DIE),
    T(E(u[s]), total(u[k]) / n, **DIE),
    T(E(d(s, i)), 1 / n, free={i: (1, n)}, **DIE),
    T(E(u[s]), total(P[k] * u[k]), **LAW),
    T(E(d(s, i)), P[i], free={i: (1, n)}, **LAW),
    T(V(u[s]), total(P[k] * u[k] ** 2) - total(P[k] * u[k]) ** 2, **LAW),
    T(E(log(P[s])), total(P[k] * log(P[k])), **LAW),
    T(E(1 / P[s]), n, **LAW),
    T(Partial(E((X - x) ** 2), x), 2 * x - 2 * E(X), **ALONE),
    T(E(Partial((X - x) ** 2, x)), Partial(E((X - x) ** 2), x), **ALONE),
    T(E(X) ** 2, E(X**2), "<=", **ALONE),
    T(exp(E(X)), E(exp(X)), "<=", **ALONE),
    T(0, V(X), "<=", **ALONE),
    T(E(X * Y), (E(X**2) + E(Y**2)) / 2, "<=", **ALONE),
    T(E((X + Y) ** 2), 2 * E(X**2) + 2 * E(Y**2), "<=", **ALONE),
    T(V(X), Rational(1, 4), "<=", **COIN),
    T(
        V(c * X + (1 - c) * Y),
        (c**2 + (1 - c) ** 2) * b,
        **{**KNOWN, "domain": {b: "nonnegative", c: "unit"}},
    ),
]
FALSE = [
    T(E(X * Y), E(X) * E(Y), **ALONE),
    T(E(X * Y), E(X) * E(Y), **COINS),
    T(V(X + Y), V(X) + V(Y), **ALONE),
    T(V(X - Y), V(X) - V(Y), **APART),
    T(V(X - Y), V(X + Y), **ALONE),
    T(C(X, Y), 0, **ALONE),
    T(E(X**2), E(X) ** 2, **ALONE),
    T(E(1 / (1 + X**2)), 1 / (1 + E(X**2)), **ALONE),
    T(E(exp(X)), exp(E(X)), **ALONE),
    T(E(Abs(X)), Abs(E(X)), **ALONE),
    T(E(Max(X, 0)), Max(E(X), 0), **ALONE),
    T(E(Max(X, Y)), Max(E(X), E(Y)), **APART),
    T(E(X**3), E(X) ** 3, **ALONE),
    T(E(X**3), E(X**2) * E(X), **ALONE),
    T(E((X - E(X)) ** 3), 0, **ALONE),
    T(E((X - a) ** 3), 0, **KNOWN),
    T(E((X - a) ** 4), 3 * b**2, **KNOWN),
    T(E(X * Y * (X - Y)), 1, **KNOWN),
    T(E(X), E(Y), **APART),
    T(E(X**2), E(Y**2), **ALONE),
    T(X, E(X), **ALONE),
    T(X * Y, E(X) * E(Y), **APART),
    T(E(X * Y), a**2, **{**KNOWN, "independent": ()}),
    T(V(X * Y), b**2, **KNOWN),
    T(V(X * Y), V(X) * V(Y), **APART),
    T(V(2 * X), 2 * V(X), **ALONE),
    T(V(X + X), 2 * V(X), **ALONE),
    T(V(X + 1), V(X) + 1, **ALONE),
    T(V(a * X + b), a**2 * V(X) + b, **ALONE),
    T(C(X, X), E(X**2), **ALONE),
    T(C(2 * X, 3 * Y), 5 * C(X, Y), **ALONE),
    T(E(X + Y), E(X) - E(Y), **ALONE),
    T(E(X), c**2, **COIN),
    T(E(X**2), c**2, **COIN),
    T(V(X), c, **COIN),
    T(V(X), c * (1 - c), random={X: Bernoulli(c**2)}, domain={c: "closed unit"}),
    T(E(cos(X)), cos(c), **COIN),
    T(E(X) * E(1 - X), E(X * (1 - X)), **COIN),
    T(V(X), Rational(1, 5), "<=", **COIN),
    T(V(X), Rational(1, 4), "<", **COIN),
    T(E(X * Y), c, **COINS),
    T(E(X * Y), c**2, **COINS),
    T(V(total(D[k])), n * b, **LOOSE),
    T(V(total(D[k]) / n), b / n, **LOOSE),
    T(V(total(D[k]) / n), b, **IID),
    T(V(total(D[k])), n**2 * b, **IID),
    T(E(total(D[k]) ** 2), n * (a**2 + b), **IID),
    T(E(D[i] * D[j]), a**2, free={i: (1, n), j: (1, n)}, **IID),
    T(E(D[i] * D[j]), a**2 + b, free={i: (1, n), j: (1, n)}, **IID),
    T(E(D[1] * D[n]), a**2, **IID),  # n = 1
    T(C(D[i], D[n + 1 - i]), 0, free={i: (1, n)}, **IID),  # the middle
    T(E(total((D[k] - total(D[l], 1, n, l) / n) ** 2)), n * b, **IID),
    T(E(total((D[k] - a) ** 2)), (n - 1) * b, **IID),
    T(E((total(D[k]) / n) ** 2), a**2, **IID),
    T(E(exp(total(D[k]))), exp(n * a), **IID),
    T(E(M[i] * M[j]), c**2, free={i: (1, n), j: (1, n)}, **MASK),
    T(E(M[i] * M[j]), c, free={i: (1, n), j: (1, n)}, **MASK),
    T(E(total(M[k] * u[k])), total(u[k]), **MASK),
    T(E(total(M[k] * u[k] / c) ** 2), total(u[k]) ** 2, **MASK),
    T(E(total(M[k])) ** 2, E(total(M[k]) ** 2), **MASK),
    T(E(s), n / 2, **DIE),
    T(E(s**2), E(s) ** 2, **DIE),
    T(E(u[s]), total(u[k]), **DIE),
    T(E(u[s] ** 2), (total(u[k]) / n) ** 2, **DIE),
    T(E(d(s, i)), half, free={i: (1, n)}, **DIE),
    T(E(d(s, 3)), 1 / n, **DIE),  # n = 2
    T(E(u[s]), total(u[k]) / n, **LAW),
    T(E(u[s]), total(P[k]) * total(u[k]), **LAW),
    T(E(1 / P[s]), 1, **LAW),
    T(E(log(P[s])), 0, "<", **LAW),  # n = 1
    T(E(P[s]), half, ">=", **LAW),
    T(E(u[s] * s), E(u[s]) * E(s), **DIE),
    T(Partial(E((X - x) ** 2), x), 2 * x, **ALONE),
    T(Partial(E(exp(x * X)), x), E(exp(x * X)), **ALONE),
    T(E(X) ** 2, E(X**2), "<", **ALONE),
    T(E(X) ** 2, E(X**2), ">=", **ALONE),
    T(0, V(X), "<", **ALONE),
    T(E(exp(X)), exp(E(X)), "<=", **ALONE),
    T(E(X * Y), E(X) * E(Y), "<=", **ALONE),
    T(V(X + Y), V(X) + V(Y), "<=", **ALONE),
    T(V(X), 1, "<=", **ALONE),
    T(E(X**2), E(Abs(X)), ">=", **ALONE),
    T(V(c * X + (1 - c) * Y), b, **{**KNOWN, "domain": {b: "nonnegative", c: "unit"}}),
]
