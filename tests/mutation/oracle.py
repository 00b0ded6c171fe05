"""What is true of a mutated step, found without the checker: plain numbers for a few sizes.

Nothing here is shared with the judges of `helpers.proof`, only the objects that a derivation is made of.
Sizes and free indices become numbers, every sum is written out, array entries become plain symbols,
derivatives are SymPy's own on those symbols (`scalars`, `explicit`), and the result is evaluated in double
precision at random points that obey the hypotheses (`values`). A limit is the value very close to the point,
in 300 digits.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from sympy import Basic, Expr, Float, Ge, Gt, Le, Limit, Lt, Ne

from helpers.proof import Given

from .scalars import Ill, Instance, Undecided
from .values import Values, number

POINTS = 6
SIFTED = 300  # points where hypotheses throw many away
TOLERANCE = 1e-8
MOST_PLACES = 12  # combinations of free indices tried for one assignment of sizes


class Place:
    """One assignment of sizes and free indices, with values for whatever is read there."""

    def __init__(self, given: Given, fixed: dict, before: Basic, seed: int, many: int) -> None:
        self.given, self.instance, self.before = given, Instance(given, fixed, seed), before
        sifted = any(map(is_real, given.conditions)) or given.defined
        count = 2 if before.has(Limit) else SIFTED if sifted else many or POINTS
        self.values = Values(given, self.instance, count, seed)

    @cached_property
    def left(self) -> np.ndarray:
        return self.numbers(self.before)

    @cached_property
    def allowed(self) -> np.ndarray:
        """The points at which the hypotheses hold that the domains do not already guarantee."""
        allowed = np.ones(self.values.count, dtype=bool)
        for fact in self.given.facts:
            try:
                sides = [self.numbers(side) for side in fact[:2]]
            except Ill:  # a hypothesis about every row: its index has no value here, the domain sees to it
                continue
            allowed &= np.abs(sides[0] - sides[1]) < 1e-9
        for condition in filter(is_real, self.given.conditions):
            allowed &= obeys(type(condition), *map(self.numbers, condition.args))
        for letter in self.given.defined:
            allowed &= inside(self.numbers(letter).real, self.given.domain.get(letter))
        return allowed

    def numbers(self, e: Basic) -> np.ndarray:
        with np.errstate(all="ignore"):
            return number(self.instance.plain(e), self.values)

    def matrix(self, m: Basic) -> np.ndarray:
        """All entries at all points, shape (rows, columns, points)."""
        entries = self.instance.matrix(m)
        with np.errstate(all="ignore"):
            return np.array([number(entry, self.values) for entry in entries]).reshape(*entries.shape, -1)

    def broken(self, mutant: Basic, relation: str) -> bool | None:
        """Whether `before relation mutant` fails at one of the points; None if no point can be compared."""
        if getattr(mutant, "is_Matrix", False) or getattr(self.before, "is_Matrix", False):
            a, b = self.matrix(self.before), self.matrix(mutant)
            if a.shape != b.shape:
                raise Ill("the shapes differ")
        else:
            a, b = self.left, self.numbers(mutant)
            if relation in ("<", ">"):
                constants = [self.instance.plain(side) for side in (self.before, mutant)]
                if not any(side.free_symbols or side.has(Limit) for side in constants):
                    return exactly(*constants, relation)
        usable = self.allowed & ~np.isnan(a) & ~too_close(a, b, relation)
        if not usable.any():
            return None
        return bool((fails(a, b, relation) & usable).any())


def exactly(a: Expr, b: Expr, relation: str) -> bool | None:
    """Whether `a relation b` is false of two constants, in a hundred digits; None if they seem equal."""
    difference = (a - b).evalf(100, maxn=1000)
    if not difference.is_Float or abs(difference) < Float(10) ** -80:
        return None
    return bool(difference > 0) is (relation == "<")


def too_close(a: np.ndarray, b: np.ndarray, relation: str) -> np.ndarray:
    """Where double precision cannot tell `a < b` from `a = b`."""
    with np.errstate(all="ignore"):
        return (np.abs(a - b) <= 1e-13 * (1 + np.abs(a) + np.abs(b))) & (relation in ("<", ">"))


def fails(a: np.ndarray, b: np.ndarray, relation: str) -> np.ndarray:
    """Where `a relation b` is false by more than rounding; a right side without a value counts as false."""
    finite = np.isfinite(a) & np.isfinite(b)
    with np.errstate(all="ignore"):
        slack = TOLERANCE * (1 + np.abs(a) + np.abs(b))
        if relation == "=":
            wrong = np.abs(a - b) > slack
        else:
            over = (a - b).real if relation in ("<=", "<") else (b - a).real
            wrong = (over > slack) | (np.abs((a - b).imag) > slack)
    return np.where(finite, wrong, ~_same_infinity(a, b))


def _same_infinity(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.isinf(a) & np.isinf(b) & (np.sign(a.real) == np.sign(b.real))


class Oracle:
    """The truth about `before relation mutant` under `given`, for any number of mutants of one step."""

    def __init__(self, before: Basic, given: Given, many: int = 0) -> None:
        self.places = list(places(before, given, many))

    def truth(self, mutant: Basic, relation: str = "=") -> str:
        """ "ill" (reads outside an array, or an index without a range), "wrong", "equal" or "undecided".

        "equal" means that no difference was seen; for an inequality, that no violation was.
        """
        compared = False
        for place in self.places:
            try:
                broken = place.broken(mutant, relation)
            except Ill:
                return "ill"
            except Undecided:
                return "undecided"
            if broken:
                return "wrong"
            compared = compared or broken is not None
        return "equal" if compared else "undecided"


def places(before: Basic, given: Given, many: int = 0) -> Iterator[Place]:
    """A few unequal sizes, all of size 1 if that is allowed, and all free indices for each.

    `many`: how many points are tried at each place, if not the usual number.
    """
    seed = itertools.count(1)
    for sizes in assignments(given):
        found = list(itertools.islice(_indices(given, sizes, list(given.free)), 4 * MOST_PLACES))
        found = [indices for indices in found if _whole_conditions_hold(given, {**sizes, **indices})]
        # Both ends of every range stay in when there are too many.
        every = max(1, -(-len(found) // MOST_PLACES))
        for indices in found[::-every]:
            yield Place(given, {**sizes, **indices}, before, next(seed), many)


def is_real(condition: Basic) -> bool:
    """Whether a condition is about numbers that are drawn, and not about sizes and indices only."""
    return not all(s.is_integer for s in condition.free_symbols)


def _whole_conditions_hold(given: Given, fixed: dict) -> bool:
    instance = Instance(given, fixed, 0)
    return all(bool(c.func(*map(instance.plain, c.args))) for c in given.conditions if not is_real(c))


def obeys(kind: type, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Where the relation of a hypothesis holds."""
    return {Ne: np.not_equal, Gt: np.greater, Ge: np.greater_equal, Lt: np.less, Le: np.less_equal}[kind](
        a.real, b.real
    )


def inside(values: np.ndarray, domain: Any) -> np.ndarray:
    """Where values that follow from others lie in the domain that is given for them."""
    if isinstance(domain, tuple):
        low, high = (complex(end.evalf()).real for end in domain)
        return (low < values) & (values < high)
    low, high = {
        "positive": (0, np.inf),
        "nonnegative": (0, np.inf),
        "unit": (0, 1),
        "closed unit": (0, 1),
    }.get(domain, (-np.inf, np.inf))
    return (low <= values) & (values <= high)


def assignments(given: Given) -> list[dict]:
    """A few unequal sizes, and all of size 1, as far as the conditions allow them."""
    small = sorted({size for size in given.span if 1 < size <= 4} or set(given.span))
    count = len(given.sizes)
    turns = (
        [[small[:2][(k + turn) % len(small[:2])] for k in range(count)] for turn in (1, 0)] if count else [[]]
    )
    if 1 in given.span and count:
        turns.append([1] * count)
    turns = [turn for turn in turns if _allows(given, turn)]
    if len(turns) < 3 and count:
        others = (list(turn) for turn in itertools.product(small, repeat=count))
        turns += [turn for turn in others if turn not in turns and _allows(given, turn)][-2:]
    return [dict(zip(given.sizes, turn, strict=True)) for turn in turns]


def _allows(given: Given, turn: list[int]) -> bool:
    """Whether the conditions on sizes alone hold; those on indices are asked later."""
    fixed = dict(zip(given.sizes, turn, strict=True))
    own = [c for c in given.conditions if c.free_symbols <= set(given.sizes)]
    return all(bool(c.xreplace(fixed)) for c in own)


def _indices(given: Given, sizes: dict, names: list, chosen: dict | None = None) -> Iterator[dict]:
    """All values of the free indices; a range may depend on sizes and on indices before it."""
    chosen = chosen or {}
    if not names:
        yield chosen
        return
    instance = Instance(given, {**sizes, **chosen}, 0)
    low, high = (instance.whole(end, {}) for end in given.free[names[0]])
    for k in range(low, high + 1):
        yield from _indices(given, sizes, names[1:], {**chosen, names[0]: k})


__all__ = ["Ill", "Oracle", "Undecided", "places"]
