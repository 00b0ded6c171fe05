"""Means, laws and matrices: what independence, symmetry or an inverse would give if it were there."""

from __future__ import annotations

from sympy import (
    Abs,
    Determinant,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerDelta,
    MatrixSymbol,
    Max,
    Product,
    Rational,
    Sum,
    Trace,
    ZeroMatrix,
    exp,
    log,
    sign,
    sqrt,
)

from helpers.proof import (
    Bernoulli,
    Categorical,
    Covariance,
    Expectation,
    Moments,
    Normal,
    Partial,
    Uniform,
    Variance,
)

from .letters import IndexedBase, T, X, Y, Z, a, b, c, i, j, k, l, m, n, s, u, v, x, y

N1 = {"sizes": (n,)}


def S_(f, lo=1, hi=n, ix=k):
    return Sum(f, (ix, lo, hi))


half = Rational(1, 2)
E, V, C = Expectation, Variance, Covariance
D = IndexedBase("D", shape=(n,), real=True)
M_ = IndexedBase("M", shape=(n,), real=True)
P = IndexedBase("P", shape=(n,), real=True)
XY = {"random": {X: Moments(), Y: Moments()}}
AP = {**XY, "independent": (X, Y)}
XYZ = {"random": {X: Moments(), Y: Moments(), Z: Moments()}}
COIN = {"random": {X: Bernoulli(c)}, "domain": {c: "closed unit"}}
CC = {"random": {X: Bernoulli(c), Y: Bernoulli(c)}, "domain": {c: "closed unit"}}
CCI = {**CC, "independent": (X, Y)}
IID = {"sizes": (n,), "random": {D: Moments(a, b)}, "independent": (D,), "domain": {b: "nonnegative"}}
IIDA = {**IID, "free": {i: (1, n), j: (1, n)}}
LOOSE = {
    "sizes": (n,),
    "random": {D: Moments(a, b)},
    "domain": {b: "nonnegative"},
    "free": {i: (1, n), j: (1, n)},
}
MASK = {
    "sizes": (n,),
    "random": {M_: Bernoulli(c)},
    "independent": (M_,),
    "domain": {c: "unit"},
    "free": {i: (1, n), j: (1, n)},
}
DIE = {"sizes": (n,), "random": {s: Uniform(1, n)}}
LAW = {"sizes": (n,), "random": {s: Categorical(P[k], (k, 1, n))}, "domain": {P: "simplex"}}
NR = {"random": {X: Normal(a, b)}, "domain": {b: "nonnegative"}}
A, B = MatrixSymbol("A", n, n), MatrixSymbol("B", n, n)
G = MatrixSymbol("G", n, m)
H = MatrixSymbol("H", m, n)
q1 = MatrixSymbol("q", n, 1)
r1 = MatrixSymbol("r", n, 1)
Sy = MatrixSymbol("S", n, n)
U = MatrixSymbol("U", n, n)
UT = MatrixSymbol("U", n, m)
SYM = {"sizes": (n,), "domain": {Sy: "symmetric"}}
ORT = {"sizes": (n,), "domain": {U: "orthogonal"}}
Id = Identity(n)


PROVED = [
    T(V(2 * X + 1), 4 * V(X), **XY),
    T(C(X + Y, Z), C(X, Z) + C(Y, Z), **XYZ),
    T(C(a * X, Y), a * C(X, Y), **XY),
    T(V(X), E(X**2) - E(X) ** 2, **XY),
    T(E((X - E(X)) ** 2), V(X), **XY),
    T(V(X - E(X)), V(X), **XY),
    T(E((X - y) ** 2), V(X) + (E(X) - y) ** 2, **XY),
    T(V(X * Y), E(X) ** 2 * V(Y) + E(Y) ** 2 * V(X) + V(X) * V(Y), **AP),
    T(E(X**3), c, **COIN),
    T(E(exp(y * X)), 1 - c + c * exp(y), **COIN),
    T(E(log(1 + X)), c * log(2), **COIN),
    T(E(Max(X, Y)), 2 * c - c**2, **CCI),
    T(E(2**X), 1 + c, **COIN),
    T(E(S_(D[k]) / n), a, **IID),
    T(E(S_(D[k]) ** 2), n * b + n**2 * a**2, **IID),
    T(V(S_(u[k] * D[k])), b * S_(u[k] ** 2), **IID),
    T(C(S_(u[k] * D[k]), S_(v[k] * D[k])), b * S_(u[k] * v[k]), **IID),
    T(E(S_((D[k] - a) ** 2) / n), b, **IID),
    T(E((S_(D[k]) / n - a) ** 2), b / n, **IID),
    T(E(D[i] * S_(D[k])), b + n * a**2, **IIDA),
    T(E(S_(M_[k] * u[k]) / c), S_(u[k]), **MASK),
    T(V(S_(M_[k] * u[k] / c)), (1 - c) / c * S_(u[k] ** 2), **MASK),
    T(V(s), (n**2 - 1) / 12, **DIE),
    T(-E(log(P[s])), -S_(P[k] * log(P[k])), **LAW),
    T(E(u[s] / P[s]), S_(u[k]), **LAW),
    T(E(X**4), a**4 + 6 * a**2 * b + 3 * b**2, **NR),
    T(E((X - a) ** 3), 0, **NR),
    T(E((X - a) ** 4), 3 * b**2, **NR),
    T(E(X**2), E(X) ** 2, ">=", **XY),
    T(V(X), 0, ">=", **XY),
    T(E(X**2), 0, ">=", **XY),
    T(E(Abs(X)), 0, ">=", **XY),
    T(E(Abs(X)), E(X), ">=", **XY),
    T(Abs(E(X)), E(Abs(X)), "<=", **XY),
    T(E(exp(X)), exp(E(X)), ">=", **XY),
    T(E(exp(X)), 0, ">", **XY),
    T(C(X, Y) ** 2, V(X) * V(Y), "<=", **XY),
    T(E(X * Y) ** 2, E(X**2) * E(Y**2), "<=", **XY),
    T(E((X - y) ** 2), V(X), ">=", **XY),
    T(E(Max(X, Y)), Max(E(X), E(Y)), ">=", **XY),
    T(E(Max(0, X)), Max(0, E(X)), ">=", **XY),
    T(E(X), 0, ">=", **COIN),
    T(E(X), 1, "<=", **COIN),
    T(V(S_(D[k]) / n), b, "<=", **IID),
    T(E(X), E(Y) + 1, "<", random={X: Moments(0, 1), Y: Moments(0, 1)}),
    T(E((X - Y) ** 2), 0, ">=", **XY),
    T(E(X**4), E(X**2) ** 2, ">=", **XY),
    T(E(E(X * Y, X)), E(X) * E(Y), **AP),
    T(Trace(A * B * Sy), Trace(Sy * A * B), **N1),
    T(Trace(A + 2 * B), Trace(A) + 2 * Trace(B), **N1),
    T(Trace(G * H), Trace(H * G), sizes=(n, m)),
    T(Inverse(A * B), Inverse(B) * Inverse(A), **N1),
    T(Inverse(A).T, Inverse(A.T), **N1),
    T(Determinant(A * B), Determinant(A) * Determinant(B), **N1),
    T(Determinant(A.T), Determinant(A), **N1),
    T(Determinant(x * A), x**n * Determinant(A), **N1),
    T(Determinant(Inverse(A)), 1 / Determinant(A), **N1),
    T(Determinant(U) ** 2, 1, **ORT),
    T(Determinant(Id), 1, **N1),
    T(Trace(U.T * A * U), Trace(A), **ORT),
    T(U * U.T, Id, **ORT),
    T((U * q1).T * (U * q1), q1.T * q1, **ORT),
    T(q1.T * r1, r1.T * q1, **N1),
    T(q1.T * A * r1, r1.T * A.T * q1, **N1),
    T(q1.T * Sy * r1, r1.T * Sy * q1, **SYM),
    T(Inverse(A) * (A + B), Id + Inverse(A) * B, **N1),
    T(Inverse(A) - Inverse(B), Inverse(A) * (B - A) * Inverse(B), **N1),
    T(Inverse(Id + A) * A, Id - Inverse(Id + A), **N1),
    T(Inverse(Id + G * H) * G, G * Inverse(Identity(m) + H * G), sizes=(n, m)),
    T(Trace(q1 * r1.T), (r1.T * q1)[0, 0], **N1),
    T(Trace(A.T * B), Sum(A[k, l] * B[k, l], (k, 0, n - 1), (l, 0, n - 1)), **N1),
    T(Partial((q1.T * A * q1)[0, 0], q1[i, 0]), ((A + A.T) * q1)[i, 0], sizes=(n,), free={i: (0, n - 1)}),
    T(Partial(Trace(A * B), A[i, j]), B[j, i], sizes=(n,), free={i: (0, n - 1), j: (0, n - 1)}),
    T(
        Partial(log(Determinant(A)), A[i, j]),
        Inverse(A)[j, i],
        sizes=(n,),
        free={i: (0, n - 1), j: (0, n - 1)},
    ),
    T(Partial(Trace(A.T * A), A[i, j]), 2 * A[i, j], sizes=(n,), free={i: (0, n - 1), j: (0, n - 1)}),
    T(
        Partial((r1.T * A * q1)[0, 0], A[i, j]),
        (r1 * q1.T)[i, j],
        sizes=(n,),
        free={i: (0, n - 1), j: (0, n - 1)},
    ),
    T(Trace(A.T * A), 0, ">=", **N1),
    T((q1.T * A.T * A * q1)[0, 0], 0, ">=", **N1),
    T((q1.T * q1)[0, 0], 0, ">=", **N1),
    T((q1.T * Sy * q1)[0, 0], 0, ">=", sizes=(n,), domain={Sy: "positive definite"}),
    T((q1.T * r1)[0, 0] ** 2, (q1.T * q1)[0, 0] * (r1.T * r1)[0, 0], "<=", **N1),
    T(Trace((A - B).T * (A - B)), 0, ">=", **N1),
]
TRUE = [
    *PROVED,
    T(E(exp(S_(M_[k] * u[k]))), Product(1 - c + c * exp(u[k]), (k, 1, n)), **MASK),
    T(
        Inverse(A + q1 * r1.T),
        Inverse(A) - Inverse(A) * q1 * r1.T * Inverse(A) / (1 + (r1.T * Inverse(A) * q1)[0, 0]),
        **N1,
    ),
    T(
        Partial(Trace(Inverse(A) * B), A[i, j]),
        -(Inverse(A) * B * Inverse(A))[j, i],
        sizes=(n,),
        free={i: (0, n - 1), j: (0, n - 1)},
    ),
    T(Trace(A.T * B) ** 2, Trace(A.T * A) * Trace(B.T * B), "<=", **N1),
    T(Determinant(Sy), 0, ">", sizes=(n,), domain={Sy: "positive definite"}),
    T(Trace(Sy), 0, ">", sizes=(n,), domain={Sy: "positive definite"}),
]
FALSE = [
    T(E(1 / X), 1 / E(X), **XY),
    T(E(X / Y), E(X) / E(Y), **AP),
    T(E(X * Y * Z), E(X) * E(Y) * E(Z), random=XYZ["random"], independent=((X, Y), (Y, Z), (X, Z))),
    T(E(X**2 * Y), E(X) ** 2 * E(Y), **AP),
    T(E((X - Y) ** 2), V(X) + V(Y), **AP),
    T(C(X, X * Y), V(X), **AP),
    T(E(sign(X) ** 2), 1, **XY),
    T(E(X * sign(X)), E(X), **XY),
    T(E(sign(X) ** 2) + E(Partial(Abs(X), X)), 1 + E(Partial(Abs(X), X)), **XY),
    T(E(X**2), E(X), **XY),
    T(E(exp(X)), 1 + c, **COIN),
    T(E(1 / X), 1 / c, **COIN),
    T(E(log(X)), 0, **COIN),
    T(E(Max(X, Y)), c, **CC),
    T(E(Max(X, Y)), 2 * c, **CCI),
    T(V(X + Y), 2 * c * (1 - c), **CC),
    T(E((1 - X) ** 2), (1 - c) ** 2, **COIN),
    T(E(X**y), c**y, **COIN),
    T(E(0**X) if False else E(2**X), 2**c, **COIN),
    T(E(S_(D[k]) ** 2), n**2 * a**2 + b, **IID),
    T(V(S_(D[k])), n * b, **LOOSE),
    T(V(S_(D[k]) / n), b / n, **LOOSE),
    T(C(D[i], D[j]), 0, **IIDA),
    T(C(D[i], D[j]), b * KroneckerDelta(i, j), **LOOSE),
    T(E(S_((D[k] - S_(D[l], 1, n, l) / n) ** 2)) / n, b, **IID),
    T(E(S_((D[k] - S_(D[l], 1, n, l) / n) ** 2)) / (n - 1), b * (n - 1) / n, **IID),
    T(E(D[1] ** 2 * D[n]), (a**2 + b) * a, **IID),
    T(E(D[i] * S_(D[k])), n * a**2, **IIDA),
    T(E(D[i] ** 3), a**3 + 3 * a * b, **IIDA),
    T(E(S_(D[k])) * E(1 / n), 1, **IID),
    T(V(M_[i] * x / c), x**2 * (1 - c), **MASK),
    T(E(S_(M_[k] * u[k])), S_(u[k]), **MASK),
    T(V(S_(M_[k] * u[k])), c * S_(u[k] ** 2), **MASK),
    T(E(S_(M_[k] * u[k]) ** 2), c * S_(u[k] ** 2) + c**2 * S_(u[k]) ** 2, **MASK),
    T(E(exp(S_(M_[k]))), exp(n * c), **MASK),
    T(E(M_[i] / (1 + M_[i])), c / (1 + c), **MASK),
    T(E(s**2), ((n + 1) / 2) ** 2, **DIE),
    T(E(u[s]), u[1], **DIE),
    T(E(1 / s), 2 / (n + 1), **DIE),
    T(E(u[s] ** 2), E(u[s]) ** 2, **DIE),
    T(E(KroneckerDelta(s, 1)), 1, **DIE),
    T(E(log(P[s])), log(E(P[s])), **LAW),
    T(E(P[s]), 1 / n, **LAW),
    T(E(KroneckerDelta(s, s)), P[1], **LAW),
    T(E(s), 1, sizes=(n,), random={s: Categorical(u[k], (k, 1, n))}),
    T(E(X), c + 1, random={X: Bernoulli(c)}),
    T(E(X**4), 3 * b**2, **NR),
    T(E(X**3), a**3, **NR),
    T(E(exp(X)), exp(a + b), **NR),
    T(E(Abs(X)), a, **NR),
    T(E(X**6), 15 * b**3, random={X: Normal(0, b)}, domain={b: "nonnegative"}),
    T(E(Max(0, X)), a / 2, **NR),
    T(E(X**2), 0, "<", **XY),
    T(E(X**2), 0, ">", **XY),
    T(E(X**2), E(X) ** 2, ">", **XY),
    T(E(exp(X)), exp(E(X)), ">", **XY),
    T(E(X * Y) ** 2, E(X**2) * E(Y**2), ">=", **XY),
    T(E(log(X)), log(E(X)), ">=", **XY),
    T(V(X), 0, ">", **XY),
    T(C(X, Y), 0, ">=", **XY),
    T(E(X), 0, ">=", **XY),
    T(E(X * Y), 0, ">=", **AP),
    T(V(X + Y), V(X), ">=", **XY),
    T(E(Abs(X)), E(X), ">", **XY),
    T(c * (1 - c), Rational(1, 4), "<", **COIN),
    T(E(E(X * Y, X)), E(X) * Y, **AP),
    T(E(X * Y, X), X * E(Y), **AP),
    T(Partial(E(X * x), x), E(x), **XY),
    T(Partial(E(Abs(X - x)), x), -1, **XY),
    T(Inverse(A * B), Inverse(A) * Inverse(B), **N1),
    T(Inverse(A + B), Inverse(A) + Inverse(B), **N1),
    T(Trace(A * B * A.T), Trace(A * A * B), **N1),
    T(Trace(A * B * Sy), Trace(A * Sy * B), **N1),
    T(Determinant(2 * A), 2 * Determinant(A), **N1),
    T(Sy * A, A * Sy, **SYM),
    T(A.T * Sy * A - A * Sy * A.T, ZeroMatrix(n, n), **SYM),
    T(U * U.T, 2 * Id, **ORT),
    T(UT * UT.T, Id, sizes=(n, m), domain={UT: "orthogonal"}),
    T(U * A * U.T, A, **ORT),
    T(U, Id, **ORT),
    T(Trace(U.T * A * U), Trace(A) + 1, **ORT),
    T(q1.T * r1, r1 * q1.T, **N1),
    T(q1 * r1.T, r1 * q1.T, **N1),
    T(q1.T * A * r1, r1.T * A * q1, **N1),
    T((q1.T * r1) ** 2 if False else q1.T * r1 * q1.T * r1, q1.T * q1 * r1.T * r1, **N1),
    T(HadamardProduct(A, B) * q1, A * HadamardProduct(B * q1, q1), **N1),
    T(HadamardProduct(A, B).T, HadamardProduct(B, A), **N1),
    T(G * H, H * G, sizes=(n, m)),
    T(Trace(G * G.T), Trace(H * H.T), sizes=(n, m)),
    T(Inverse(Id + A), Id - A, **N1),
    T(Inverse(A.T * A) * A.T, A, **N1),
    T(Inverse(x * A), x * Inverse(A), **N1),
    T(A * Inverse(B) * A, A * A * Inverse(B), **N1),
    T(Inverse(A) * B * A, B, **N1),
    T(
        Inverse(A + q1 * q1.T),
        Inverse(A) - Inverse(A) * q1 * q1.T * Inverse(A) / (1 - (q1.T * Inverse(A) * q1)[0, 0]),
        **N1,
    ),
    T(Trace(Inverse(A) * B * A), Trace(A), **N1),
    T(Inverse(Inverse(A) + Inverse(B)), A + B, **N1),
    T(Id * x + A, (x + 1) * A, **N1),
    T(Trace(q1 * r1.T), (q1.T * q1)[0, 0], **N1),
    T(Partial((q1.T * A * q1)[0, 0], q1[i, 0]), 2 * (A * q1)[i, 0], sizes=(n,), free={i: (0, n - 1)}),
    T(Partial(Trace(A * B), A[i, j]), B[i, j], sizes=(n,), free={i: (0, n - 1), j: (0, n - 1)}),
    T(Partial(Determinant(A), A[0, 0]), 1, **N1),
    T(Partial(Trace(A.T * A), A[i, j]), A[i, j], sizes=(n,), free={i: (0, n - 1), j: (0, n - 1)}),
    T(
        Partial((q1.T * q1)[0, 0] ** half if False else sqrt((q1.T * q1)[0, 0]), q1[i, 0]),
        q1[i, 0],
        sizes=(n,),
        free={i: (0, n - 1)},
    ),
    T((q1.T * Sy * q1)[0, 0], 0, ">=", **SYM),
    T((q1.T * Sy * q1)[0, 0], 0, ">", sizes=(n,), domain={Sy: "positive definite"}),
    T(Determinant(Sy), 0, ">=", **SYM),
    T(Trace(A * A), 0, ">=", **N1),
    T((q1.T * r1)[0, 0] ** 2, (q1.T * q1)[0, 0] * (r1.T * r1)[0, 0], ">=", **N1),
    T(Trace(A.T * B) ** 2, Trace(A.T * A) * Trace(B.T * B), ">", **N1),
]
