"""Entries of matrix expressions of symbolic shape, from the definitions: the symbolic judge's half.

The evaluator has rules of its own (`evaluate_matrices`); the two must not share code.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import (
    Add,
    DiagMatrix,
    Dummy,
    Expr,
    HadamardProduct,
    Identity,
    Inverse,
    KroneckerDelta,
    MatAdd,
    MatMul,
    MatPow,
    MatrixExpr,
    MatrixSymbol,
    Mul,
    OneMatrix,
    S,
    Sum,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.hadamard import HadamardPower
from sympy.matrices.expressions.matexpr import MatrixElement

from ..statement.gradient import Gradient


class NoEntryRule(ValueError):
    """A matrix operation whose entries the symbolic judge cannot write out."""


def entry(m: MatrixExpr, i: Expr, j: Expr) -> Expr:
    """Entry (i, j) of `m`, counted from 0, as a scalar expression over entries of matrix symbols."""
    if isinstance(m, MatrixSymbol):
        return MatrixElement(m, i, j)
    # (AB)_ij is the sum over k of A_ik B_kj, in this order: the factors of a product are never exchanged.
    if isinstance(m, MatMul):
        return _product(list(m.args), i, j)
    if isinstance(m, MatAdd):
        return Add(*[entry(a, i, j) for a in m.args])
    # Entry by entry, so numbers, which may be exchanged.
    if isinstance(m, HadamardProduct):
        return Mul(*[entry(a, i, j) for a in m.args])
    if isinstance(m, HadamardPower):
        return entry(m.base, i, j) ** m.exp
    if isinstance(m, Transpose):
        return entry(m.arg, j, i)
    if isinstance(m, Gradient):
        return m.partial(i, j)
    if isinstance(m, ElementwiseApplyFunction):
        return m.function(entry(m.expr, i, j))
    # The entries of an inverse cannot be written out for a symbolic size: they stay what they are.
    if isinstance(m, Inverse):
        return MatrixElement(m, i, j)
    if isinstance(m, MatPow) and m.exp.is_Integer and m.exp > 0:
        return _product([m.base] * int(m.exp), i, j)
    return _constant_or_diagonal(m, i, j)


def _constant_or_diagonal(m: MatrixExpr, i: Expr, j: Expr) -> Expr:
    if isinstance(m, DiagMatrix):
        vector = m.args[0]
        column = vector.shape[1] == 1
        return KroneckerDelta(i, j) * (entry(vector, i, S.Zero) if column else entry(vector, S.Zero, i))
    if isinstance(m, Identity):
        return KroneckerDelta(i, j)
    if isinstance(m, OneMatrix):
        return S.One
    if isinstance(m, ZeroMatrix):
        return S.Zero
    raise NoEntryRule(f"no rule for the entries of {type(m).__name__}")


def _cancelled(chain: list[MatrixExpr]) -> list[MatrixExpr]:
    """Without a matrix beside its own inverse; that the inverse exists is a condition, and shown."""
    kept: list[MatrixExpr] = []
    for m in chain:
        kept.append(m)
        for inverse, factors, first in _beside(kept):
            if list(inverse.arg.args if isinstance(inverse.arg, MatMul) else [inverse.arg]) == factors:
                del kept[first:]
                break
    return kept or [Identity(chain[0].shape[0])]


def _beside(chain: list[MatrixExpr]) -> Iterator[tuple[Inverse, list[MatrixExpr], int]]:
    """Each inverse near the end with the factors that are beside it there, and where they begin."""
    for first in range(len(chain) - 1):
        if isinstance(chain[first], Inverse):
            yield chain[first], chain[first + 1 :], first
        if isinstance(chain[-1], Inverse):
            yield chain[-1], chain[first:-1], first


def _product(factors: list[Expr], i: Expr, j: Expr) -> Expr:
    """Scalars in front; one sum for each place where two matrices meet."""
    while any(isinstance(f, MatMul) for f in factors):
        factors = [g for f in factors for g in (f.args if isinstance(f, MatMul) else (f,))]
    inverse = any(f.has(Inverse) for f in factors if isinstance(f, MatrixExpr))
    for place, f in enumerate(factors):
        # A(B + C) = AB + AC: written out where an inverse may meet what it is the inverse of.
        if isinstance(f, MatAdd) and inverse:
            return Add(*[entry(MatMul(*factors[:place], a, *factors[place + 1 :]), i, j) for a in f.args])
    scalars = [f for f in factors if not isinstance(f, MatrixExpr)]
    chain = _cancelled([f for f in factors if isinstance(f, MatrixExpr)])
    ends = [Dummy("k", integer=True) for _ in chain[1:]]
    rows, columns = [i, *ends], [*ends, j]
    terms = [entry(m, r, c) for m, r, c in zip(chain, rows, columns, strict=True)]
    limits = [(k, 0, m.shape[1] - 1) for k, m in zip(ends, chain, strict=False)]
    body = Mul(*terms)
    return Mul(*scalars) * (Sum(body, *limits) if limits else body)
