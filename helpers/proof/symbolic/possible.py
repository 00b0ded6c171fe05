"""Whether the conditions under which an equality is meant can hold at all.

An equality is proved where both sides have values. One that has values nowhere would be proved about nothing:
of p = (AB)(AB)⁻¹p with an AB of too low a rank the algebra is right, and there is no such number.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Add, Dummy, Expr, MatAdd, MatMul, MatrixExpr, S, Transpose, nan, zoo

from ..statement.given import Given
from . import bounds, matrices
from .conditions import conditions
from .normal_form import NormalForm


class NeverMeant(ValueError):
    """A condition of the statement holds nowhere, so nothing follows from it."""


def demand_possible(left: Expr, right: Expr, given: Given) -> None:
    """Raises NeverMeant if a denominator is always 0, an inverse never exists, or a logarithm is that of 0.

    What is not seen here is no harm: the numerical judge then finds no point with a value, and says so.
    """
    if left.has(zoo, nan) or right.has(zoo, nan):  # what SymPy makes of a division by 0
        raise NeverMeant("something is divided by 0")
    for kind, part, _ in conditions(left, right, given):
        if _never(kind, part, given):
            raise NeverMeant(f"the statement has no value anywhere: {SAID[kind].format(part)}")


SAID = {
    "pole": "something is divided by {}, which is always 0",
    "kink": "a derivative is taken at a kink, where {} is 0",
    "log": "{} is always 0, and its logarithm is taken",
    "inverse": "{} never has an inverse",
}


def _never(kind: str, part: Expr, given: Given) -> bool:
    nf = NormalForm(given)
    if kind == "inverse":
        return _singular(nf, part)
    # Roots and logarithms of negative numbers have values, complex ones, for both judges.
    if kind == "root":
        return False
    # A numerator that is the zero polynomial in its atoms is 0 at every point.
    return nf.vanishes(nf.rational(nf.ready(part)), depth=0)


def _singular(nf: NormalForm, m: MatrixExpr) -> bool:
    """Whether a square matrix has a rank below its size, or entries that are all 0."""
    if any(bounds.certainly_at_least(nf, m.shape[0], rank + 1) for rank in _ranks(m)):
        return True
    i, j = (Dummy(name, integer=True) for name in "ij")
    try:
        return nf.vanishes(nf.rational(nf.ready(matrices.entry(m, i, j))), depth=0)
    except matrices.NoEntryRule:  # an inverse inside has no entries that could be written down
        return False


def _ranks(m: MatrixExpr) -> Iterator[Expr]:
    """Numbers that the rank of `m` does not exceed.

    A product has at most the rank of each factor, a sum at most the sum of the ranks of its terms, a matrix
    at most its number of rows and that of its columns.
    """
    yield from m.shape
    if isinstance(m, Transpose):
        yield from _ranks(m.arg)
    if isinstance(m, MatMul):
        for factor in m.args:
            if isinstance(factor, MatrixExpr):
                yield from _ranks(factor)
    if isinstance(m, MatAdd):
        # The narrowest place of each term is enough: u uᵀ + v vᵀ has at most rank 1 + 1.
        yield Add(*[min(_ranks(term), key=_narrow) for term in m.args])


def _narrow(size: Expr) -> tuple[bool, Expr]:
    """Numbers first, so that a vector counts as narrower than what has a letter for its size."""
    return (False, size) if size.is_Integer else (True, S.Zero)
