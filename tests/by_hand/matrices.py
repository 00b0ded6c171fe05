"""Matrices: the order of factors, transposes, Hadamard and matrix products, traces, diagonals, sizes 1."""

from __future__ import annotations

from sympy import (
    Determinant,
    DiagMatrix,
    HadamardProduct,
    Identity,
    Inverse,
    MatrixSymbol,
    OneMatrix,
    Sum,
    Trace,
    ZeroMatrix,
    sqrt,
)

from helpers.proof import Gradient, Partial

from .letters import T, i, j, k, m, n

A, B, C = (MatrixSymbol(name, n, n) for name in "ABC")
F, H = MatrixSymbol("F", m, n), MatrixSymbol("H", n, m)
S, Q = MatrixSymbol("S", n, n), MatrixSymbol("Q", n, n)
v, w, o = MatrixSymbol("v", n, 1), MatrixSymbol("w", n, 1), MatrixSymbol("o", m, 1)
eye, ones = Identity(n), OneMatrix(n, 1)
N1, NM = {"sizes": (n,)}, {"sizes": (n, m)}
SYM = {"sizes": (n,), "domain": {S: "symmetric", Q: "orthogonal"}}
INV = {"sizes": (n,), "domain": {A: "invertible"}}


def had(*parts):
    return HadamardProduct(*parts)


def total(f, index=k, last=n - 1):
    return Sum(f, (index, 0, last))


TRUE = [
    T((A * B).T, B.T * A.T, **N1),
    T((A * B * C).T, C.T * B.T * A.T, **N1),
    T(A * (B + C), A * B + A * C, **N1),
    T((A + B) * (A + B), A * A + A * B + B * A + B * B, **N1),
    T(A * eye, A, **N1),
    T(A - A, ZeroMatrix(n, n), **N1),
    T(had(A, B), had(B, A), **N1),
    T(had(A, B).T, had(A.T, B.T), **N1),
    T(had(A, B + C), had(A, B) + had(A, C), **N1),
    T(had(v, w), DiagMatrix(v) * w, **N1),
    T(DiagMatrix(v) * w, DiagMatrix(w) * v, **N1),
    T(DiagMatrix(v) * DiagMatrix(w), DiagMatrix(w) * DiagMatrix(v), **N1),
    T(DiagMatrix(v) * ones, v, **N1),
    T(Trace(A * B), Trace(B * A), **N1),
    T(Trace(A * B * C), Trace(C * A * B), **N1),
    T(Trace(A.T), Trace(A), **N1),
    T(Trace(A + B), Trace(A) + Trace(B), **N1),
    T(Trace(F * H), Trace(H * F), **NM),
    T(Trace(eye), n, **N1),
    T(Trace(v * w.T), (w.T * v)[0, 0], **N1),
    T(Trace(F.T * F), Sum(F[i, j] ** 2, (i, 0, m - 1), (j, 0, n - 1)), **NM),
    T((v.T * w)[0, 0], total(v[k, 0] * w[k, 0]), **N1),
    T((v.T * w)[0, 0], (w.T * v)[0, 0], **N1),
    T((ones.T * v)[0, 0], total(v[k, 0]), **N1),
    T((ones.T * ones)[0, 0], n, **N1),
    T(v * w.T * v, (w.T * v)[0, 0] * v, **N1),
    T(S.T, S, **SYM),
    T((A.T * A).T, A.T * A, **N1),
    T(Q.T * Q, eye, **SYM),
    T(Q * Q.T, eye, **SYM),
    T(Trace(Q.T * A * Q), Trace(A), **SYM),
    T((S * A).T, A.T * S, **SYM),
    T((v.T * S * w)[0, 0], (w.T * S * v)[0, 0], **SYM),
    T(((Q * v).T * (Q * w))[0, 0], (v.T * w)[0, 0], **SYM),
    T(A + B, B + A, **N1),
    T(A * Inverse(A), eye, **INV),
    T(Inverse(A) * A * v, v, **INV),
    T(Gradient((v.T * w)[0, 0], v), w, **N1),
    T(Gradient((v.T * v)[0, 0], v), 2 * v, **N1),
    T(Gradient((v.T * A * v)[0, 0], v), (A + A.T) * v, **N1),
    T(Gradient((v.T * S * v)[0, 0], v), 2 * S * v, **SYM),
    T(Gradient(Trace(A * B), A), B.T, **N1),
    T(Gradient(((F * v - o).T * (F * v - o))[0, 0], v), 2 * F.T * (F * v - o), **NM),
    T(Gradient((o.T * F * v)[0, 0], F), o * v.T, **NM),
    T(Partial((v.T * v)[0, 0], v[i, 0]), 2 * v[i, 0], sizes=(n,), free={i: (0, n - 1)}),
    T(0, (v.T * v)[0, 0], "<=", **N1),
    T((v.T * w)[0, 0] ** 2, (v.T * v)[0, 0] * (w.T * w)[0, 0], "<=", **N1),
    T((v.T * A.T * A * v)[0, 0], 0, ">=", **N1),
]
FALSE = [
    T(A * B, B * A, **N1),
    T((A * B).T, A.T * B.T, **N1),
    T((A + B) * (A + B), A * A + 2 * A * B + B * B, **N1),
    T((A + B) * (A - B), A * A - B * B, **N1),
    T(A * B, had(A, B), **N1),
    T(had(A, B) * v, had(A * v, B * v), **N1),
    T(had(A * B, C), A * had(B, C), **N1),
    T(had(v, w), v * w.T, **N1),
    T(DiagMatrix(v), v * v.T, **N1),
    T(DiagMatrix(v) * A, A * DiagMatrix(v), **N1),
    T(DiagMatrix(v) * w, v, **N1),
    T(DiagMatrix(A * v), A * DiagMatrix(v), **N1),
    T(had(A, eye), A, **N1),
    T(had(A, ones * ones.T), ones * ones.T * A, **N1),
    T(Trace(A * B), Trace(A) * Trace(B), **N1),
    T(Trace(A * B * C), Trace(A * C * B), **N1),
    T(Trace(A * A), Trace(A) ** 2, **N1),
    T(Trace(A.T * A), Trace(A * A), **N1),
    T(Trace(eye), 1, **N1),
    T(Trace(F * H), 0, **NM),
    T(Trace(v * w.T), total(v[k, 0]) * total(w[k, 0]), **N1),
    T((v.T * w)[0, 0], total(v[k, 0]) * total(w[k, 0]), **N1),
    T((ones.T * ones)[0, 0], 1, **N1),
    T(v * w.T, w * v.T, **N1),
    T(v * v.T, (v.T * v)[0, 0] * eye, **N1),
    T(v * w.T * v, (v.T * v)[0, 0] * w, **N1),
    T(A.T, A, **N1),
    T(A.T * A, A * A.T, **N1),
    T((S * A).T, S * A.T, **SYM),
    T((S * Q).T, S * Q, **SYM),
    T(Q.T, Q, **SYM),
    T(Q * Q, eye, **SYM),
    T(Q.T * A * Q, A, **SYM),
    T(Trace(Q), n, **SYM),
    T(F.T * F, Identity(n), **NM),
    T(A * A, A, **N1),
    T(A * Inverse(A), Inverse(A), **INV),
    T(Inverse(A) * v, A * v, **INV),
    T(A, eye, **INV),
    T(Gradient((v.T * w)[0, 0], v), v, **N1),
    T(Gradient((v.T * v)[0, 0], v), v, **N1),
    T(Gradient((v.T * A * v)[0, 0], v), 2 * A * v, **N1),
    T(Gradient((v.T * A * v)[0, 0], v), 2 * A.T * v, **N1),
    T(Gradient(Trace(A * B), A), B, **N1),
    T(Gradient(Trace(A * A), A), 2 * A, **N1),
    T(Gradient(((F * v - o).T * (F * v - o))[0, 0], v), 2 * F.T * F * v - o.T * F, **NM),
    T(Gradient(((F * v - o).T * (F * v - o))[0, 0], v), 2 * F.T * (o - F * v), **NM),
    T(Gradient((o.T * F * v)[0, 0], F), v * o.T, **NM),
    T(Gradient((o.T * F * v)[0, 0], o), F.T * o, **NM),
    T(Partial((v.T * v)[0, 0], v[i, 0]), 2 * v[0, 0], sizes=(n,), free={i: (0, n - 1)}),
    T(Partial(Trace(A * A), A[i, j]), 2 * A[i, j], sizes=(n,), free={i: (0, n - 1), j: (0, n - 1)}),
    T((v.T * A * v)[0, 0], 0, ">=", **N1),
    T((v.T * S * v)[0, 0], 0, ">=", **SYM),
    T((v.T * v)[0, 0], 0, ">", **N1),
    T((v.T * w)[0, 0] ** 2, (v.T * v)[0, 0] * (w.T * w)[0, 0], "<", **N1),
    T((v.T * w)[0, 0], (v.T * v)[0, 0], "<=", **N1),
    T(Trace(A.T * A), 0, ">", **N1),
    T(sqrt((v.T * v)[0, 0]), total(v[k, 0]), **N1),
    T((v.T * v)[0, 0], total(v[k, 0], k, n), **N1),
    T(F * v, v * F, **NM),
    T(A * v, v.T * A, **N1),
    T(had(v, v), v * v.T * v, **N1),
    T(Determinant(A), Trace(A), **N1),
    T(Determinant(A + B), Determinant(A) + Determinant(B), **N1),
]
