"""What is true, found without the checker: both sides as plain numbers of mpmath at many points.

Only the objects that a statement is made of come from `helpers.proof`; the arithmetic is this file's own. A
point at which a side has no value, or at which a derivative does not exist, decides nothing. A difference
counts only if it is the same in many more digits.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain
from typing import Any

import mpmath
from sympy import Expr, Limit, MatrixExpr

from helpers.proof import Partial

from . import values
from .arithmetic import NoValue, Place, matrix, value
from .statement import Statement

POINTS = 40
ENOUGH = 4  # points with a value on both sides
DIGITS, MORE = 50, 130


class Truth(Enum):
    TRUE = "true"
    FALSE = "false"
    OPEN = "open"


@dataclass
class Answer:
    """`point` is where it is false; `compared` is at how many points both sides have a value."""

    truth: Truth
    compared: int = 0
    point: dict[str, Any] = field(default_factory=dict)
    sides: tuple[Any, Any] = (None, None)

    @property
    def shown(self) -> str:
        at = ", ".join(f"{name} = {number}" for name, number in self.point.items())
        return f"{at or 'everywhere'}: {_short(self.sides[0])} and {_short(self.sides[1])}"


def _short(number: Any) -> str:
    return "-" if number is None else mpmath.nstr(mpmath.mpmathify(number), 8)


def truth(statement: Statement, points: int = POINTS) -> Answer:
    """False with a point, true as far as the points tell, or open if too few points decide."""
    if statement.nowhere:
        return Answer(Truth.FALSE)
    left, right = statement.meant or (statement.lhs, statement.rhs)
    compared = 0
    for seed in range(points):
        with mpmath.workdps(MORE):  # a hypothesis may give a letter its value
            place = values.draw(statement, random.Random(seed), seed)
        if place is None:
            continue
        try:
            sides = _sides(left, right, place, DIGITS)
        except NoValue:
            continue
        compared += 1
        if breaks(*sides, statement.relation, _slack(left, right)) and _confirmed(
            left, right, place, statement
        ):
            return Answer(Truth.FALSE, compared, place.shown(), sides)
    return Answer(Truth.TRUE if compared >= ENOUGH else Truth.OPEN, compared)


def _sides(left: Expr, right: Expr, place: Place, digits: int) -> tuple[Any, Any]:
    with mpmath.workdps(digits):
        if isinstance(left, MatrixExpr):
            pairs = zip(
                *(chain.from_iterable(matrix(side, {}, place)) for side in (left, right)), strict=True
            )
            return max(pairs, key=lambda pair: abs(pair[0] - pair[1]))
        return value(left, {}, place), value(right, {}, place)


def _slack(left: Expr, right: Expr) -> float:
    """What the limit and the difference quotient leave of a zero."""
    return (
        1e-9
        if left.has(Limit) or right.has(Limit)
        else 1e-12
        if left.has(Partial) or right.has(Partial)
        else 1e-20
    )


def _confirmed(left: Expr, right: Expr, place: Place, statement: Statement) -> bool:
    try:
        again = _sides(left, right, place, MORE)
    except NoValue:
        return False
    return breaks(*again, statement.relation, _slack(left, right))


def breaks(left: Any, right: Any, relation: str, slack: float) -> bool:
    """Whether the two numbers contradict `left relation right` by more than rounding."""
    with mpmath.workdps(MORE):
        if mpmath.isinf(left) or mpmath.isinf(right):
            return relation == "=" and left != right
        room = slack * (1 + abs(left) + abs(right))
        if relation == "=":
            return bool(abs(left - right) > room)
        if abs(mpmath.im(left)) > room or abs(mpmath.im(right)) > room:
            return True
        low, high = map(mpmath.re, (left, right) if "<" in relation else (right, left))
        if "=" in relation:
            return bool(low > high + room)
        return bool(low > high + room or low == high)
