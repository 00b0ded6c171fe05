"""Points that obey the hypotheses: indices in their ranges, conditions kept, values where facts give them.

A point that breaks a hypothesis says nothing about a statement, so it is not tried.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import mpmath

from ..statement.given import Given
from ..work import tick
from .evaluate import Undefined, evaluate, whole
from .points import IllFormed, Point, belongs, points
from .scalars import holds

TRIES = 12  # points that may be drawn for each that is tried, where hypotheses throw some away


def narrow(given: Given) -> bool:
    """Whether hypotheses are such that a point that is drawn may break them."""
    return bool(given.conditions or given.defined)


def obeying(given: Given, count: int, *, simple: bool, scale: Fraction = Fraction(1)) -> Iterator[Point]:
    """Up to `count` points that obey the hypotheses: see `points`."""
    found = 0
    for point in points(given, count * (TRIES if narrow(given) else 1), simple=simple, scale=scale):
        if obeys(point, given):
            found += 1
            yield point
        if found == count:
            return


def obeys(point: Point, given: Given) -> bool:
    """Draw the free indices; False if the point does not obey the hypotheses."""
    tick()
    try:
        return _place_indices(point, given) and _kept(point, given)
    except (IllFormed, Undefined, ArithmeticError):  # a hypothesis that has no value here holds nowhere near
        return False


def _place_indices(point: Point, given: Given) -> bool:
    """Draw the free indices, whose bounds may depend on the sizes and on earlier indices.

    False if an index has no value at these sizes, or if a fact puts it outside of its range.
    """
    rng = random.Random(-1 - point.seed)
    for index in sorted(given.free, key=lambda index: index in given.defined):
        first, last = (whole(end, {}, point, mpmath.fp) for end in given.free[index])
        if index in given.defined:
            point.values[index] = whole(index, {}, point, mpmath.fp)
            if not first <= point.values[index] <= last:
                return False
            continue
        if last < first:
            return False
        point.values[index] = rng.randint(first, last)
    point.found.clear()  # an end may have been worked out before its index had a value
    return True


def _kept(point: Point, given: Given) -> bool:
    """Whether conditions hold, matrices with orthonormal columns can be, and defined letters fit."""
    for matrix, word in given.domain.items():
        if word == "orthogonal":
            rows, columns = (whole(size, {}, point, mpmath.fp) for size in matrix.shape)
            if rows < columns:
                return False
    with mpmath.workdps(given.digits):
        if not all(_has_room(letter, ends, point) for letter, ends in given.domain.items()):
            return False
        if not all(_clearly(condition, point) for condition in given.conditions):
            return False
        return all(_fits(letter, point, given) for letter in given.defined if letter not in given.free)


def _has_room(letter: Any, domain: Any, point: Point) -> bool:
    """Whether a pair of ends leaves a number between them; of whole numbers, the ends count, too."""
    if not isinstance(domain, tuple):
        return True
    low, high = (evaluate(end, {}, point, mpmath.mp) for end in domain)
    whole_numbers = getattr(letter, "label", letter).is_integer
    return bool(mpmath.ceil(low) <= mpmath.floor(high) if whole_numbers else low < high)


def _clearly(condition: Any, point: Point) -> bool:
    """Whether a condition holds by more than rounding, or as an exact equality of what may be equal."""
    left, right = (evaluate(side, {}, point, mpmath.mp) for side in condition.args)
    if mpmath.im(left) != 0 or mpmath.im(right) != 0:
        return False
    near = abs(left - right) <= mpmath.mpf(10) ** (8 - mpmath.mp.dps) * (1 + abs(left))
    if near and left != right:
        return False
    return holds(condition, {}, point, mpmath.mp)


def _fits(letter: Any, point: Point, given: Given) -> bool:
    value = evaluate(letter, {}, point, mpmath.mp)
    if mpmath.im(value) != 0 or not mpmath.isfinite(value):
        return False
    point.values[letter] = value  # to be shown; whoever reads the letter asks the fact
    known, ends = given.domain.get(letter), None
    if isinstance(known, tuple):
        ends = [evaluate(end, {}, point, mpmath.mp) for end in known]
    return belongs(value, known, letter, ends)
