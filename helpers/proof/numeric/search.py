"""The numerical judge: look for a point at which the two sides differ, first quickly, then thoroughly.

Points of small whole numbers are tried first, in floating point: nearly every false step ends there, in
milliseconds and with a counterexample that a reader can follow by hand. A difference seen in floating point
counts only after high precision has confirmed it at the same point.

What it finds is a fact about one point and holds whatever the symbolic judge says; that nothing was found
proves nothing. A factor may vanish at every point that is tried: so points beyond the constants that the
statement itself mentions are tried, too.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
from sympy import Expr, preorder_traversal

from ..statement.given import Given
from ..statement.terms import PrintedByName
from ..work import STEPS, OutOfWork, share
from .evaluate import Undefined, Unsettled, evaluate
from .obeying import TRIES, narrow, obeying, obeys
from .points import IllFormed, Point, points

QUICK = 24  # simple points, tried in floating point, smallest sizes first
SCALES = (Fraction(1, 10), Fraction(1, 100), Fraction(10))  # for inequalities
CONSTANT_DIGITS = (200, 400)
TIE_DIGITS = 6_000  # two sides that agree to so many are equal: e^-13000 is not lost beside 1
LEVELS = (Fraction(0), Fraction(1), Fraction(1, 2))  # what all quantities are, where a strict < may fail
TIES = 3  # points at each of them
FAR = 8  # points beyond the sizes and values of the others
FAR_STEPS = STEPS // 100  # that one of them may take
REACH, FARTHEST = 10, 60  # the least and the greatest constant beyond which sizes lie
HIGHEST = 10**9  # the same for values
ZERO = 1e-18  # what is smaller is what rounding left of a zero
MORE_DIGITS = (100, 700)  # in which a difference has to be seen, too
ROUGH, FINE = 1e-5, 1e-20  # relative differences that count, in floating point and in high precision


@dataclass(frozen=True)
class Finding:
    """What the search found: a `point` where the statement fails, with both values (None: there is none).

    Without a point: at how many generic `points` both sides had values and agreed, whether these are `enough`
    to say so, and why there are not more.
    """

    point: dict[str, Any] | None = None
    left: Any = None
    right: Any = None
    points: int = 0
    enough: bool = False
    note: str = ""


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


def search(left: Expr, right: Expr, given: Given, relation: str = "=") -> Finding:
    """A point where `left relation right` fails, or how many points were tried without one.

    Raises Unsupported if a node has no rule, Undeclared for a size without a value, OutOfWork under a limit.
    """
    return quick_counterexample(left, right, given, relation) or thorough(left, right, given, relation)


def quick_counterexample(left: Expr, right: Expr, given: Given, relation: str) -> Finding | None:
    """A confirmed counterexample among the simple points, or None."""
    return _first_counterexample(left, right, given, relation, obeying(given, QUICK, simple=True), ill=True)


def _first_counterexample(
    left: Expr, right: Expr, given: Given, relation: str, tried: Iterator[Point], ill: bool = False
) -> Finding | None:
    """The first point at which floating point sees a difference that high precision confirms.

    With `ill`, a point at which one side alone reads outside its array counts, too.
    """
    for point in tried:
        rough = sides_at(left, right, point, mpmath.fp)
        if not ((ill and rough.ill) or (rough.both and differs(rough, relation, ROUGH))):
            continue
        exact = _confirmed(left, right, point, given, relation, ill)
        if exact is not None:
            return _refuted(exact, point)
    return None


def _confirmed(
    left: Expr, right: Expr, point: Point, given: Given, relation: str, ill: bool = True
) -> Sides | None:
    """The sides at `point` in high precision if they still differ there; None if the difference was noise.

    More digits again, because a derivative is a difference quotient: where a probability is 1e-50, a step of
    1e-42 is not small. A strict inequality fails where both sides are equal, and 1 - sigma(300) is 0 to a
    hundred digits: equal sides have to be equal to very many.
    """
    exact = None
    for digits in (given.digits, *MORE_DIGITS):
        with mpmath.workdps(digits), point.watched() as seen:
            sides = sides_at(left, right, point, mpmath.mp)
            # Inside the block: outside it, mpmath would round both sides before they are compared.
            if not ((ill and sides.ill) or (sides.both and differs(sides, relation, FINE))):
                return None
        exact = exact or sides
    if seen.noise and not sides.ill:
        return None
    if relation in ("<", ">") and exact and exact.both and exact.left == exact.right:
        return exact if _tied(left, right, point) else None
    return exact


def _tied(left: Expr, right: Expr, point: Point) -> bool:
    """Whether the sides are equal to thousands of digits, all but the last hundred, which may be rounding.

    Not if something was so small that it may be lost: 1 - exp(-exp(16)) is less than 1 by less than any
    rounding.
    """
    with mpmath.workdps(TIE_DIGITS), point.watched() as seen:
        sides = sides_at(left, right, point, mpmath.mp)
        near = sides.both and abs(sides.left - sides.right) < mpmath.mpf(10) ** (100 - TIE_DIGITS)
        return near and not seen.extreme


def thorough(left: Expr, right: Expr, given: Given, relation: str) -> Finding:
    """All generic points in high precision, then those farther away."""
    good, lonely, why = 0, None, ""
    with mpmath.workdps(given.digits):
        for point in obeying(given, given.points, simple=False):
            sides = sides_at(left, right, point, mpmath.mp)
            why = why or sides.ill_left or sides.ill_right or sides.why
            if sides.ill or (sides.both and differs(sides, relation, FINE)):
                if _confirmed(left, right, point, given, relation) is not None:
                    return _refuted(sides, point)
                continue
            good += sides.both
            if lonely is None and (sides.left is None) != (sides.right is None):
                lonely = _refuted(sides, point)
        found = _of_numbers(left, right, given, relation) or _at_ties(left, right, given, relation)
        if found is None and relation != "=":
            found = _at_other_scales(left, right, given, relation)
    found = found or _farther_away(left, right, given, relation)
    # A pole of one side, as at n = 1 of (n² - 1)/(n - 1) = n + 1, is a condition; one everywhere is not.
    found = found or (None if good else lonely)
    if found is not None:
        return found
    enough = 2 * good >= given.points
    note = f"{good} of {given.points} points could be evaluated" + (f": {why}" if why else "")
    return Finding(points=good, enough=enough, note="" if enough else note)


def _of_numbers(left: Expr, right: Expr, given: Given, relation: str) -> Finding | None:
    """Two constants that differ by less than is told apart elsewhere, such as a value beside a zero.

    Their difference has to be the same, but for a thousandth, with as many digits again: noise is not.
    """
    if left.free_symbols or right.free_symbols:
        return None
    point, gaps = Point(given, tuple(1 for _ in given.sizes), seed=0, simple=True), []
    for digits in CONSTANT_DIGITS:
        with mpmath.workdps(digits), point.watched() as seen:
            sides = sides_at(left, right, point, mpmath.mp)
            if seen.noise or not (sides.both and differs(sides, relation, 10.0 ** (-digits // 2))):
                return None
            gaps.append(sides.left - sides.right)
    settled = abs(gaps[0] - gaps[1]) <= abs(gaps[1]) / 1000 and gaps[1] != 0
    return _refuted(sides, point) if settled else None


def _at_ties(left: Expr, right: Expr, given: Given, relation: str) -> Finding | None:
    """Where all quantities are equal: 0, 1 or a half. Many a strict inequality fails only there."""
    for level in LEVELS:
        for point in points(given, TIES, simple=True):
            point.level = level
            if not obeys(point, given):
                continue
            found = _first_counterexample(left, right, given, relation, iter([point]))
            if found is not None:
                return found
    return None


def _at_other_scales(left: Expr, right: Expr, given: Given, relation: str) -> Finding | None:
    """An inequality may hold at middling values and fail by little at small or at large ones."""
    for scale in SCALES:
        for point in obeying(given, given.points // 2, simple=False, scale=scale):
            sides = sides_at(left, right, point, mpmath.mp)
            seen = sides.both and differs(sides, relation, FINE)
            if seen and _confirmed(left, right, point, given, relation, ill=False) is not None:
                return _refuted(sides, point)
    return None


def _farther_away(left: Expr, right: Expr, given: Given, relation: str) -> Finding | None:
    """Sizes and values beyond every constant of the statement, where no factor was made to vanish."""
    for point in _far_points(left, right, given):
        try:
            with share(FAR_STEPS):
                found = _first_counterexample(left, right, given, relation, iter([point]))
        except OutOfWork:  # large sizes cost much; that one could not be tried says nothing
            continue
        if found is not None:
            return found
    return None


def _far_points(left: Expr, right: Expr, given: Given) -> Iterator[Point]:
    """All sizes beyond the constants, or one of them and the others small, or all of middling size."""
    constants = [REACH, *_constants(left), *_constants(right)]
    beyond = max(c for c in constants if c <= FARTHEST + 1) + 1
    for k in range(FAR):
        rng = random.Random(k)
        small = [rng.randint(2, 4) for _ in given.sizes]
        if k == 0:
            small = [beyond for _ in small]
        elif k % 2 and small:
            small[k // 2 % len(small)] = beyond + k
        else:
            small = [rng.randint(5, REACH) for _ in small]
        scale = Fraction((10, 3 * max(constants), 1)[k % 3])
        for again in range(TRIES if narrow(given) else 1):
            point = Point(given, tuple(small), seed=1_000 + k + 1_000 * again, simple=False, scale=scale)
            if obeys(point, given):
                yield point
                break


def _constants(e: Expr, seen: frozenset[type] = frozenset()) -> Iterator[int]:
    """Whole numbers that the statement mentions, in its definitions too, as far as they can be reached."""
    for node in preorder_traversal(e):
        if node.is_Rational and abs(node) > 1:
            yield min(int(abs(node)), HIGHEST) + 1
        if isinstance(node, PrintedByName) and node.func not in seen:
            for part in ("body", "base", "rule"):
                if hasattr(node.func, part):
                    yield from _constants(getattr(node.func, part), seen | {node.func})


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
    if abs(mpmath.im(a)) > slack or abs(mpmath.im(b)) > slack:
        return True
    a, b = (mpmath.re(a), mpmath.re(b)) if relation in ("<=", "<") else (mpmath.re(b), mpmath.re(a))
    return a > b + slack or (a == b and relation in ("<", ">"))


def _refuted(sides: Sides, point: Point) -> Finding:
    why = sides.ill_left or sides.ill_right or ("" if sides.both else sides.why)
    return Finding(point.shown(), plain(sides.left), plain(sides.right), note=why)


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
