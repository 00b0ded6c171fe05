"""Vectors and matrices by their entries: how ŷ, defined by its ŷ_s, is read where it is written whole.

A grid is not a term. It says what stands in each place, so that products, sums and gradients of whole vectors
become statements about one entry with free indices, which is what a reader would write out by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sympy import (
    Abs,
    Add,
    Expr,
    Identity,
    KroneckerDelta,
    MatMul,
    MatrixExpr,
    Mul,
    OneMatrix,
    Pow,
    S,
    Sum,
    Symbol,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from ..statement.terms import settle
from .latex import ReadError

Letters = Callable[[], Symbol]  # gives an index letter that nothing else uses


class Misfit(ValueError):
    """Two shapes that do not go together: the formula has no value."""


@dataclass(frozen=True)
class Grid:
    """rows × columns entries, counted from 1; a size that is None takes what its neighbour has (1, I)."""

    rows: Expr | None
    columns: Expr | None
    entry: Callable[[Expr, Expr], Expr]
    whole: Callable[[Expr, Expr], MatrixExpr] | None = None  # the matrix, once its rows and columns are known

    @property
    def T(self) -> Grid:
        whole = self.whole and (lambda rows, columns: Transpose(self.whole(columns, rows)))
        return Grid(self.columns, self.rows, lambda i, j: self.entry(j, i), whole)

    @property
    def is_number(self) -> bool:
        return self.rows == 1 and self.columns == 1

    def each(self, function: Callable[[Expr], Expr]) -> Grid:
        """The function of every entry."""
        return Grid(self.rows, self.columns, lambda i, j: function(self.entry(i, j)))


def column(size: Expr | None, entry: Callable[[Expr], Expr]) -> Grid:
    """A vector as a matrix of one column."""
    return Grid(size, S.One, lambda i, j: entry(i))


def of_matrix(m: MatrixExpr) -> Grid:
    """The entries of a matrix expression."""
    rows, columns = m.shape

    def entry(i: Expr, j: Expr) -> Expr:
        return MatrixElement(m, settle(i - 1), settle(j - 1))

    return Grid(rows, columns, entry)


def ones() -> Grid:
    """The vector of ones, as long as it has to be."""
    return Grid(None, S.One, lambda i, j: S.One, OneMatrix)


def zeros() -> Grid:
    """The vector or matrix of zeros, as large as it has to be."""
    return Grid(None, None, lambda i, j: S.Zero, ZeroMatrix)


def identity(size: Expr | None = None) -> Grid:
    """The identity matrix of this size, or as large as it has to be."""
    return Grid(size, size, lambda i, j: KroneckerDelta(i, j), lambda rows, columns: Identity(rows))


def diagonal(x: Grid) -> Grid:
    """The matrix with the vector x on its diagonal."""
    x = x if x.columns == 1 else x.T
    return Grid(x.rows, x.rows, lambda i, j: Mul(KroneckerDelta(i, j), x.entry(i, S.One), evaluate=False))


def common(one: Expr | None, other: Expr | None, what: str) -> Expr | None:
    """The size that both have. Raises Misfit if they differ."""
    if one is None or other is None:
        return other if one is None else one
    if settle(one - other) != 0:
        raise Misfit(f"{what}: {one} and {other} are different sizes")
    return one


def shown(x: Grid) -> str:
    return f"{'?' if x.rows is None else x.rows} × {'?' if x.columns is None else x.columns}"


def added(grids: list[Grid]) -> Grid:
    """Their sum, entry by entry."""
    what = "a sum of " + " and ".join(map(shown, grids))
    rows, columns = grids[0].rows, grids[0].columns
    for x in grids[1:]:
        rows, columns = common(rows, x.rows, what), common(columns, x.columns, what)
    return Grid(rows, columns, lambda i, j: Add(*[x.entry(i, j) for x in grids], evaluate=False))


def hadamard(grids: list[Grid]) -> Grid:
    """Their product entry by entry."""
    what = "an entrywise product of " + " and ".join(map(shown, grids))
    rows, columns = grids[0].rows, grids[0].columns
    for x in grids[1:]:
        rows, columns = common(rows, x.rows, what), common(columns, x.columns, what)
    return Grid(rows, columns, lambda i, j: Mul(*[x.entry(i, j) for x in grids], evaluate=False))


def scaled(numbers: list[Expr], x: Grid) -> Grid:
    """A number times every entry."""
    if not numbers:
        return x
    whole = x.whole and (lambda rows, columns: MatMul(*numbers, x.whole(rows, columns), evaluate=False))
    return replace(x.each(lambda e: Mul(*numbers, e, evaluate=False)), whole=whole)


def times(one: Grid, other: Grid, letters: Letters) -> Grid:
    """The matrix product; where both meet in a single row and column, no sum is needed."""
    if one.is_number or other.is_number:
        number, rest = (one, other) if one.is_number else (other, one)
        return scaled([number.entry(S.One, S.One)], rest)
    size = common(one.columns, other.rows, f"a product of {shown(one)} and {shown(other)}")
    if size == 1:
        return Grid(
            one.rows,
            other.columns,
            lambda i, j: Mul(one.entry(i, S.One), other.entry(S.One, j), evaluate=False),
        )
    if size is None:
        raise ReadError(
            "It is not said how long the vector of ones is, or how large I is: add its size, as in I_n."
        )
    k = letters()

    def entry(i: Expr, j: Expr) -> Expr:
        return Sum(Mul(one.entry(i, k), other.entry(k, j), evaluate=False), (k, 1, size))

    return Grid(one.rows, other.columns, entry)


def norm(x: Grid, kind: str, letters: Letters) -> Expr:
    """Σ |x| for the kind "1", else Σ x²: the square of the length."""
    i, j = letters(), letters()
    entry = x.entry(i, S.One if x.columns == 1 else j)
    summand = Abs(entry, evaluate=False) if kind == "1" else Pow(entry, 2, evaluate=False)
    limits = [(i, 1, x.rows)] if x.columns == 1 else [(i, 1, x.rows), (j, 1, x.columns)]
    return Sum(summand, *limits)


def trace(x: Grid, letters: Letters) -> Expr:
    """The sum of the diagonal."""
    i = letters()
    return Sum(x.entry(i, i), (i, 1, common(x.rows, x.columns, f"the trace of {shown(x)}")))


def is_grid(value: Any) -> bool:
    """Whether a value is a vector or a matrix."""
    return isinstance(value, (MatrixExpr, Grid))


def as_grid(value: Any) -> Grid:
    return value if isinstance(value, Grid) else of_matrix(value)


def one_entry(value: Any) -> Any:
    """The number in a grid of one entry; anything else as it is."""
    if isinstance(value, Grid) and value.is_number:
        return value.entry(S.One, S.One)
    if isinstance(value, MatrixExpr) and value.shape == (1, 1):
        return MatrixElement(value, S.Zero, S.Zero)
    return value
