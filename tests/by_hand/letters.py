"""Letters of the statements written by hand, and how one is written down."""

from __future__ import annotations

from typing import Any

from attack.statement import Statement
from sympy import Expr, IndexedBase, Product, Sum, symbols

from helpers.proof import Given

n, m = symbols("n m", integer=True, positive=True)
i, j, k, l, q, r, s, t = symbols("i j k l q r s t", integer=True)
a, b, c, x, y, z, beta, X, Y, Z = symbols("a b c x y z beta X Y Z", real=True)
u, v, w, p, g = (IndexedBase(name, shape=(n,), real=True) for name in "uvwpg")

N1 = {"sizes": (n,)}
AT = {"sizes": (n,), "free": {i: (1, n), j: (1, n)}}


def S_(f: Any, lo: Any = 1, hi: Any = n, ix: Any = k) -> Expr:
    """The sum of `f` over the index `ix`, from 1 to n unless said otherwise."""
    return Sum(f, (ix, lo, hi))


def P_(f: Any, lo: Any = 1, hi: Any = n, ix: Any = k) -> Expr:
    """The product of `f`, as `S_` is the sum."""
    return Product(f, (ix, lo, hi))


def T(lhs: Any, rhs: Any, relation: str = "=", **hypotheses: Any) -> Statement:
    """`lhs relation rhs`, with the hypotheses of `Given` by name."""
    return Statement(lhs, rhs, Given(**hypotheses), relation)
