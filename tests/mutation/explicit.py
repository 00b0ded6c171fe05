"""Matrix expressions of given sizes as SymPy's explicit matrices of plain symbols."""

from __future__ import annotations

from typing import Any

from sympy import (
    DiagMatrix,
    HadamardProduct,
    Identity,
    MatAdd,
    MatMul,
    MatPow,
    Matrix,
    MatrixExpr,
    MatrixSymbol,
    OneMatrix,
    Transpose,
    ZeroMatrix,
    diag,
    eye,
    ones,
    zeros,
)
from sympy.matrices.exceptions import ShapeError
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction


def matrix(instance: Any, m: Any, env: dict) -> Any:
    """The explicit matrix; a scalar factor stays a scalar."""
    if not isinstance(m, MatrixExpr):
        return instance.plain(m, env)
    if isinstance(m, ElementwiseApplyFunction):
        (parameter,), body = m.function.variables, m.function.expr
        return matrix(instance, m.expr, env).applyfunc(lambda x: instance.plain(body, {**env, parameter: x}))
    if isinstance(m, (MatrixSymbol, Identity, OneMatrix, ZeroMatrix)):
        return _named(instance, m, *(instance.whole(size, env) for size in m.shape))
    parts = [matrix(instance, a, env) for a in m.args]
    return _combined(m, parts)


def _named(instance: Any, m: MatrixExpr, rows: int, columns: int) -> Matrix:
    if isinstance(m, MatrixSymbol):
        return Matrix(rows, columns, lambda r, c: instance.entry(m, (int(r), int(c)), m.shape, 0))
    return {Identity: eye, OneMatrix: ones, ZeroMatrix: zeros}[type(m)](rows, columns)


def _combined(m: MatrixExpr, parts: list) -> Matrix:
    from .scalars import Ill, Undecided

    try:
        return _by_kind(m, *parts)
    except ShapeError as reason:
        raise Ill(str(reason)) from None
    except KeyError:
        raise Undecided(f"no rule for {type(m).__name__}") from None


def _by_kind(m: MatrixExpr, result: Matrix, *rest: Matrix) -> Matrix:
    if isinstance(m, (MatAdd, MatMul, HadamardProduct)):
        for part in rest:
            both = isinstance(m, HadamardProduct)
            result = (
                result.multiply_elementwise(part)
                if both
                else (result + part if isinstance(m, MatAdd) else result * part)
            )
        return result
    if isinstance(m, Transpose):
        return result.T
    if isinstance(m, DiagMatrix):
        return diag(*result)
    if isinstance(m, MatPow) and m.exp.is_Integer and m.exp > 0:
        return result ** int(m.exp)
    raise KeyError(type(m))
