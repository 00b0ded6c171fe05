"""The gradient by a vector or a matrix, in the shape of what the derivative is taken by."""

from __future__ import annotations

from typing import Any

from sympy import MatrixExpr, MatrixSymbol, S, sympify
from sympy.matrices.expressions.matexpr import MatrixElement

from .terms import Partial


class Gradient(MatrixExpr):
    """The partial derivatives of the number `f` by the entries of the matrix `by`, in its shape.

    f may be a 1 × 1 matrix, such as wᵀAw. Raises ValueError for another shape, or a `by` that is no symbol.
    """

    def __new__(cls, f: Any, by: Any) -> Gradient:
        f, by = sympify(f), sympify(by)
        if not isinstance(by, MatrixSymbol):
            raise ValueError(f"{by} is no matrix or vector, so there is no gradient by it.")
        if isinstance(f, MatrixExpr) and tuple(f.shape) != (1, 1):
            raise ValueError(
                f"{f} is a {' × '.join(map(str, f.shape))} matrix; a gradient is that of a number."
            )
        return MatrixExpr.__new__(cls, f, by)

    @property
    def shape(self) -> tuple[Any, Any]:
        return self.args[1].shape

    def partial(self, i: Any, j: Any) -> Partial:
        """Entry (i, j), counted from 0: a derivative not yet worked out."""
        f, by = self.args
        number = MatrixElement(f, S.Zero, S.Zero) if isinstance(f, MatrixExpr) else f
        return Partial(number, MatrixElement(by, i, j))

    def _entry(self, i: Any, j: Any, **_: Any) -> Partial:
        return self.partial(i, j)

    def _latex(self, printer: Any) -> str:
        f, by = self.args
        shown = printer._print(f)
        if f.is_Add or f.is_Mul or getattr(f, "is_MatAdd", False) or getattr(f, "is_MatMul", False):
            shown = rf"\left[{shown}\right]"
        return rf"\nabla_{{{printer._print(by)}}} {shown}"

    def _sympystr(self, printer: Any) -> str:
        return f"Gradient({', '.join(map(printer._print, self.args))})"
