"""The rules for matrices with orthonormal columns and for inverses: UᵀU = I and A A⁻¹ = I, by entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Expr, Inverse, KroneckerDelta, Mul, Sum, expand
from sympy.matrices.expressions.matexpr import MatrixElement

from .unfolding import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm


def contracted(nf: NormalForm, bodies: list[Expr], limits: list[tuple]) -> Expr | None:
    """The sum with one of its indices gone, where it runs over two columns of a U with UᵀU = I.

    The sum over k of U[k, i] U[k, j] is δ(i, j). If U is square, then also U Uᵀ = I, and so for two rows.
    """
    for limit in limits:
        index = limit[0]
        inside = [f for f in bodies if f.has(index)]
        pair = [*inside[0].args[:1] * 2] if len(inside) == 1 and _is_square(inside[0]) else inside
        others = [other for other in limits if other is not limit]
        # Exactly two factors may mention the index, and no bound: a third factor would be left without it.
        if len(pair) != 2 or any(other[1].has(index) or other[2].has(index) for other in others):
            continue
        delta = _delta(nf, *pair, limit)
        if delta is not None:
            body = Mul(delta, *[f for f in bodies if not f.has(index)])
            return nf.rational(fresh(Sum(body, *others) if others else body))
    return None


def _is_square(f: Expr) -> bool:
    return f.is_Pow and f.exp == 2


def _delta(nf: NormalForm, one: Expr, other: Expr, limit: tuple) -> Expr | None:
    """The delta that the sum over `limit` of two entries of the same matrix is, or None."""
    index, low, high = limit
    elements = isinstance(one, MatrixElement) and isinstance(other, MatrixElement)
    for a, inverse in ((one, other), (other, one)):
        if elements and isinstance(inverse.parent, Inverse) and inverse.parent.arg == a.parent:
            return _beside_inverse(a, inverse, limit)
    if not elements or one.parent != other.parent or nf.domain.get(one.parent) != "orthogonal":
        return None
    rows, columns = one.parent.shape
    # Columns are orthonormal; rows are only if there are as many of them. The sum must run over all of them.
    square = expand(rows - columns) == 0
    for place, size in ((1, rows), (2, columns)):
        shift, second = (expand(e.args[place] - index) for e in (one, other))
        rest = [e.args[3 - place] for e in (one, other)]
        free = not any(e.has(index) for e in (shift, *rest))
        whole = expand(low + shift) == 0 and expand(high + shift - size + 1) == 0 and (place == 1 or square)
        if free and whole and shift == second:
            return KroneckerDelta(*rest)
    return None


def _beside_inverse(a: Expr, inverse: Expr, limit: tuple) -> Expr | None:
    """The sum over k of A[i, k] A⁻¹[k, j], or of A⁻¹[i, k] A[k, j], is δ(i, j), if it runs over all k."""
    index, low, high = limit
    for first, second in ((a, inverse), (inverse, a)):
        shift = expand(first.j - index)
        met = not shift.has(index) and expand(second.i - index - shift) == 0
        whole = expand(low + shift) == 0 and expand(high + shift - a.parent.shape[0] + 1) == 0
        if met and whole and not (first.i.has(index) or second.j.has(index)):
            return KroneckerDelta(first.i, second.j)
    return None
