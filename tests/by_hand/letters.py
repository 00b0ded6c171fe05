"""Letters of the statements written by hand, and how one is written down."""

from __future__ import annotations

from typing import Any

from attack.statement import Statement
from sympy import IndexedBase, symbols

from helpers.proof import Given

n, m = symbols("n m", integer=True, positive=True)
i, j, k, l, q, r, s, t = symbols("i j k l q r s t", integer=True)
a, b, c, x, y, z, beta, X, Y, Z = symbols("a b c x y z beta X Y Z", real=True)
u, v, w, p, g = (IndexedBase(name, shape=(n,), real=True) for name in "uvwpg")


def T(lhs: Any, rhs: Any, relation: str = "=", **hypotheses: Any) -> Statement:
    """`lhs relation rhs`, with the hypotheses of `Given` by name."""
    return Statement(lhs, rhs, Given(**hypotheses), relation)
