"""Gradients by vectors and matrices with a transpose, a factor or a hypothesis too many or too few."""

from __future__ import annotations

from random import Random

from sympy import Inverse, MatMul, MatrixSymbol, Sum, Trace, exp

from helpers.proof import Given, Gradient

from .letters import A, B, C, D, H, a, k, m, n
from .statement import Statement

p = MatrixSymbol("p", n, 1)
q = MatrixSymbol("q", n, 1)
y = MatrixSymbol("r", m, 1)


def gradients(r: Random) -> Statement:
    """By a column, by a matrix, through traces and functions."""
    two = r.choice([1, 2, 2])
    E = r.choice([C, C.T, D])
    rest = A * y - p
    inner = Sum(p[k, 0] * q[k, 0], (k, 0, n - 1))
    rules = [
        (Gradient(p.T * C * p, p), r.choice([(C + C.T) * p, 2 * C * p, 2 * C.T * p])),
        (Gradient(p.T * C * q, p), r.choice([C * q, C.T * q])),
        (Gradient(p.T * C * q, C), r.choice([p * q.T, q * p.T])),
        (Gradient(rest.T * rest, y), two * A.T * rest),
        (Gradient(rest.T * rest, A), two * rest * y.T),
        (Gradient(rest.T * rest, p), -two * rest),
        (Gradient(rest.T * C * rest, y), r.choice([A.T * (C + C.T) * rest, 2 * A.T * C * rest])),
        (Gradient(Trace(C * D), C), r.choice([D.T, D])),
        (Gradient(Trace(C * E), C), r.choice([E.T, C.T + C, 2 * C])),
        (Gradient(Trace(A.T * H), A), r.choice([H, A])),
        (Gradient(Trace(A * A.T), A), two * A),
        (Gradient(exp(inner), p), exp(inner) * r.choice([q, p])),
        (Gradient(a * inner, p), r.choice([a * q, q])),
        (Gradient(Gradient(p.T * C * p, p)[0, 0], p), r.choice([C, C + C.T]) * q),
    ]
    given = Given(sizes=(n, m), domain=r.choice([{}, {}, {C: "symmetric"}]))
    return Statement(*r.choice(rules), given)


def inverses(r: Random) -> Statement:
    """Inverses beside what they invert, and nearly beside."""
    rules = [
        (MatMul(Inverse(C), C, D), r.choice([D, D.T])),
        (MatMul(C, D, Inverse(C)), r.choice([D, MatMul(Inverse(C), D, C)])),
        (MatMul(Inverse(C * D), C, D), MatMul(Inverse(D), r.choice([D, D, C]))),
        (MatMul(C, D + Inverse(C)), MatMul(C, D) + MatMul(C, Inverse(C))),
        (MatMul(A, B, Inverse(A * B), p), r.choice([p, 2 * p])),
        (MatMul(B, Inverse(A * B), A), MatMul(Inverse(C), C)),
        (MatMul(C + D, Inverse(C), p), p + MatMul(D, Inverse(C), p)),
    ]
    given = Given(sizes=(n, m), domain=r.choice([{}, {C: "invertible"}, {C: "orthogonal"}]))
    left, right = r.choice(rules)
    return Statement(left, right, given) if left.shape == right.shape else Statement(left, left, given)


KINDS = [gradients, inverses]
