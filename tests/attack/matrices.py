"""Matrices as lists of rows of numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any

import mpmath
from sympy import (
    DiagMatrix,
    HadamardProduct,
    Identity,
    Integer,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixSymbol,
    OneMatrix,
    Transpose,
    ZeroMatrix,
)
from sympy.matrices.expressions.hadamard import HadamardPower
from sympy.matrices.expressions.matexpr import MatrixExpr

from helpers.proof import Gradient

Table = list[list[Any]]


def table(m: MatrixExpr, scalar: Callable, at: Callable) -> Table:
    """All entries of `m`. `scalar` gives the value of a scalar expression, `at` that of a named entry."""
    rows, columns = (int(scalar(size)) for size in m.shape)

    def inner(part: Any) -> Table:
        return table(part, scalar, at)

    def filled(entry: Callable[[int, int], Any]) -> Table:
        return [[entry(i, j) for j in range(columns)] for i in range(rows)]

    if isinstance(m, MatrixSymbol):
        return filled(lambda i, j: at(m.name, (i, j)))
    if isinstance(m, (MatAdd, HadamardProduct)):
        parts = [inner(part) for part in m.args]
        join = mpmath.fsum if isinstance(m, MatAdd) else mpmath.fprod
        return filled(lambda i, j: join([part[i][j] for part in parts]))
    if isinstance(m, MatMul):
        factors = [part for part in m.args if isinstance(part, MatrixExpr)]
        front = mpmath.fprod([scalar(part) for part in m.args if not isinstance(part, MatrixExpr)])
        product = reduce(times, [inner(part) for part in factors])
        return filled(lambda i, j: front * product[i][j])
    return _special(m, inner, filled, scalar)


def _special(m: MatrixExpr, inner: Callable, filled: Callable, scalar: Callable) -> Table:
    if isinstance(m, Transpose):
        turned = inner(m.arg)
        return filled(lambda i, j: turned[j][i])
    if isinstance(m, (Inverse, MatPow)):
        base = mpmath.matrix(inner(m.args[0]))
        try:
            power = base ** int(m.args[1])
        except TypeError:  # mpmath finds no pivot and indexes by None
            raise ZeroDivisionError("a matrix without an inverse") from None
        if int(m.args[1]) < 0 and mpmath.norm(power * base ** -int(m.args[1]) - mpmath.eye(base.rows)) > 1e-9:
            raise ZeroDivisionError("a matrix without an inverse, but for rounding")
        return filled(lambda i, j: power[i, j])
    if isinstance(m, HadamardPower):
        base = inner(m.base)
        return filled(lambda i, j: base[i][j] ** int(scalar(m.exp)))
    if isinstance(m, Gradient):
        return filled(lambda i, j: scalar(m.partial(Integer(i), Integer(j))))
    if isinstance(m, DiagMatrix):
        vector = [entry for row in inner(m.args[0]) for entry in row]
        return filled(lambda i, j: vector[i] if i == j else mpmath.mpf(0))
    constant = {Identity: lambda i, j: mpmath.mpf(i == j), OneMatrix: lambda i, j: mpmath.mpf(1)}
    constant[ZeroMatrix] = lambda i, j: mpmath.mpf(0)
    for kind, entry in constant.items():
        if isinstance(m, kind):
            return filled(entry)
    raise ValueError(f"no rule for {type(m).__name__}")


def times(one: Table, other: Table) -> Table:
    return [
        [mpmath.fsum(r[k] * other[k][j] for k in range(len(other))) for j in range(len(other[0]))]
        for r in one
    ]
