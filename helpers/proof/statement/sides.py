"""A statement made ready for the judges: its two sides, and for matrices the two entries at any place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Dummy, Expr, MatrixExpr, S, sympify
from sympy.matrices.expressions.matexpr import MatrixElement

from . import assumptions, chance
from .chain import RELATIONS
from .given import Given
from .terms import settle


class UnlikeShapes(Exception):
    """The two sides are matrices of different shape, so no numbers make them equal."""


def sides(lhs: Any, rhs: Any, given: Given | None, relation: str) -> tuple[Expr, Expr, Given]:
    """Left side, right side and hypotheses, as expressions.

    Raises ValueError for an unknown relation or an assumption that no hypothesis states, and UnlikeShapes.
    """
    if relation not in RELATIONS:
        raise ValueError(f"Unknown relation {relation!r}; use one of {', '.join(RELATIONS)}.")
    left, right, given = sympify(lhs), sympify(rhs), given or Given()
    assumptions.demand_consistent((left, right, *(side for fact in given.facts for side in fact)), given)
    chance.demand_meaning((left, right), given)
    if isinstance(left, MatrixExpr) or isinstance(right, MatrixExpr):
        return _entries(left, right, given)
    return left, right, given


def _entries(left: Expr, right: Expr, given: Given) -> tuple[Expr, Expr, Given]:
    """A matrix equation as an equation between entries (i, j), for every i and j of the shape."""
    shapes = [getattr(m, "shape", ()) for m in (left, right)]
    if min(map(len, shapes)) < 2 or any(settle(a - b) != 0 for a, b in zip(*shapes, strict=True)):
        raise UnlikeShapes(f"the left side is {_named(shapes[0])}, the right side {_named(shapes[1])}")
    free, place = dict(given.free), []
    for name, size in zip("ij", shapes[0], strict=True):
        # A dummy equals no letter of a reader, whatever it is called.
        place.append(S.Zero if size == 1 else Dummy(name, integer=True))
        if size != 1:
            free[place[-1]] = (0, size - 1)
    i, j = place
    return MatrixElement(left, i, j), MatrixElement(right, i, j), replace(given, free=free)


def _named(shape: tuple[Expr, ...]) -> str:
    return f"a {' × '.join(map(str, shape))} matrix" if len(shape) == 2 else "a number"
