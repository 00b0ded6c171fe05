"""The numerical judge: look for a point at which the two sides differ, first quickly, then thoroughly.

Points of small whole numbers are tried first, in floating point: nearly every false step ends there, in
milliseconds and with a counterexample that a reader can follow by hand. A difference seen in floating point
counts only after high precision has confirmed it at the same point.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import mpmath
from sympy import Expr

from .evaluate import Undefined, Unsettled, Unsupported, evaluate, whole
from .objects import Given
from .points import IllFormed, Point, points
from .verdicts import Result, Verdict

QUICK = 12  # simple points, tried in floating point
SCALES = (Fraction(1, 10), Fraction(1, 100), Fraction(10))  # for inequalities
WIDE = (5, 6, 7, 10)  # sizes beyond those of Given.span, for equalities, with values ten times as large
ZERO = 1e-18  # what is smaller is what rounding left of a zero
ROUGH, FINE = 1e-5, 1e-20  # relative differences that count, in floating point and in high precision


@dataclass(frozen=True)
class Sides:
    """What became of both sides at one point: values, or the reason why there is none."""

    left: Any
    right: Any
    ill_left: str = ""
    ill_right: str = ""
    why: str = ""

    @property
    def both(self) -> bool:
        return self.left is not None and self.right is not None

    @property
    def ill(self) -> bool:
        return bool(self.ill_left) != bool(self.ill_right)


def judge(left: Expr, right: Expr, given: Given, relation: str = "=") -> Result:
    """REFUTED with a point where `left relation right` fails; CHECKED if every point agrees; else UNKNOWN.

    Raises Unsupported if a node has no rule, OutOfTime under a time limit.
    """
    found = quick_counterexample(left, right, given, relation)
    return thorough(left, right, given, relation) if found is None else found


def quick_counterexample(left: Expr, right: Expr, given: Given, relation: str) -> Result | None:
    """A confirmed counterexample among the simple points, or None."""
    for point in points(given, QUICK, simple=True):
        if not _place_indices(point, given):
            continue
        rough = sides_at(left, right, point, mpmath.fp)
        if not (rough.ill or (rough.both and differs(rough, relation, ROUGH))):
            continue
        with mpmath.workdps(given.digits):
            exact = sides_at(left, right, point, mpmath.mp)
            # Inside the block: outside it, mpmath would round both sides before they are compared.
            if exact.ill or (exact.both and differs(exact, relation, FINE)):
                return _refuted(exact, point, relation)
    return None


def thorough(left: Expr, right: Expr, given: Given, relation: str) -> Result:
    """All generic points in high precision."""
    good, lonely, why = 0, None, ""
    with mpmath.workdps(given.digits):
        for point in points(given, given.points, simple=False):
            if not _place_indices(point, given):
                continue
            sides = sides_at(left, right, point, mpmath.mp)
            why = why or sides.ill_left or sides.ill_right or sides.why
            if sides.ill or (sides.both and differs(sides, relation, FINE)):
                return _refuted(sides, point, relation)
            good += sides.both
            if lonely is None and (sides.left is None) != (sides.right is None):
                lonely = _refuted(sides, point, relation)
        far = (_wide_counterexample if relation == "=" else _far_counterexample)(left, right, given, relation)
    if far is not None:
        return far
    if lonely is not None:
        return lonely  # unlike at a simple point, a pole at a generic one is no accident
    verdict = Verdict.CHECKED if 2 * good >= given.points else Verdict.UNKNOWN
    note = f"{good} of {given.points} points could be evaluated" + (f": {why}" if why else "")
    note = "" if verdict is Verdict.CHECKED else note
    return Result(verdict, method="numeric", note=note, relation=relation, points=good)


def _far_counterexample(left: Expr, right: Expr, given: Given, relation: str) -> Result | None:
    """An inequality may hold at middling values and fail at small or at large ones."""
    for scale in SCALES:
        for point in points(given, given.points // 2, simple=False, scale=scale):
            if not _place_indices(point, given):
                continue
            sides = sides_at(left, right, point, mpmath.mp)
            if sides.both and differs(sides, relation, FINE):
                return _refuted(sides, point, relation)
    return None


def _wide_counterexample(left: Expr, right: Expr, given: Given, relation: str) -> Result | None:
    """A factor may vanish at every small size or value and blind the points so far: larger ones, quickly."""
    for point in points(replace(given, span=WIDE), len(WIDE), simple=False, scale=Fraction(10)):
        if not _place_indices(point, given):
            continue
        rough = sides_at(left, right, point, mpmath.fp)
        if rough.both and differs(rough, relation, ROUGH):
            exact = sides_at(left, right, point, mpmath.mp)
            if exact.both and differs(exact, relation, FINE):
                return _refuted(exact, point, relation)
    return None


def sides_at(left: Expr, right: Expr, point: Point, ctx: Any) -> Sides:
    try:
        first = _value(left, point, ctx)
        (a, ill_a, why_a), (b, ill_b, why_b) = first, first if left == right else _value(right, point, ctx)
    except Unsettled as reason:
        return Sides(None, None, why=str(reason))
    return Sides(a, b, ill_a, ill_b, why_a or why_b)


def _value(e: Expr, point: Point, ctx: Any) -> tuple[Any, str, str]:
    try:
        value = evaluate(e, {}, point, ctx)
    except IllFormed as reason:
        return None, str(reason), ""
    except (Undefined, ArithmeticError, ValueError, TypeError) as reason:
        return None, "", str(reason)
    return (None, "", "the value is not a number") if mpmath.isnan(value) else (value, "", "")


def differs(sides: Sides, relation: str, tolerance: float) -> bool:
    """Whether the two values break the relation by more than rounding."""
    a, b = sides.left, sides.right
    if mpmath.isinf(a) or mpmath.isinf(b):
        return a != b
    slack = tolerance * (1 + abs(a) + abs(b))
    if relation == "=":
        return abs(a - b) > slack
    if mpmath.im(a) != 0 or mpmath.im(b) != 0:
        return True
    a, b = (mpmath.re(a), mpmath.re(b)) if relation in ("<=", "<") else (mpmath.re(b), mpmath.re(a))
    return a > b + slack or (a == b and relation in ("<", ">"))


def _place_indices(point: Point, given: Given) -> bool:
    """Draw the free indices, whose bounds may depend on the sizes and on earlier indices.

    False if an index has no value at these sizes: then the point does not obey the hypotheses.
    """
    rng = random.Random(-1 - point.seed)
    for index, (low, high) in given.free.items():
        first, last = (whole(end, {}, point, mpmath.fp) for end in (low, high))
        if last < first:
            return False
        point.values[index] = rng.randint(first, last)
    return True


def _refuted(sides: Sides, point: Point, relation: str) -> Result:
    why = sides.ill_left or sides.ill_right or ("" if sides.both else sides.why)
    return Result(
        Verdict.REFUTED,
        point.shown(),
        plain(sides.left),
        plain(sides.right),
        method="numeric",
        relation=relation,
        note=why,
    )


def plain(value: Any) -> int | float | complex | None:
    """A Python number for a value of the evaluator; None where there is none."""
    if value is None or isinstance(value, int):
        return value
    if mpmath.im(value) != 0:
        return complex(value)
    if abs(value) < ZERO:
        return 0
    real = float(mpmath.re(value))
    if mpmath.isinf(real):
        return real
    return int(real) if real.is_integer() else real


__all__ = ["Unsupported", "differs", "judge", "plain", "quick_counterexample", "sides_at", "thorough"]
