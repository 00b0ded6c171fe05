"""Points at which a step is tried: sizes, free indices, and a value for every symbol and array entry.

Values are exact fractions, drawn when they are first read, so that one point can be evaluated quickly in
floating point, again in high precision, and printed in short decimals.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from sympy import (
    GreaterThan,
    Indexed,
    LessThan,
    MatrixSymbol,
    Rational,
    S,
    StrictGreaterThan,
    StrictLessThan,
    Symbol,
)

from ..statement.given import Given
from .rounding import Rounding

Key = Any  # a Symbol, or (array, indices)

SIMPLE = {  # whole numbers and tenths: what a reader can follow by hand
    "real": [-2, -1, 0, 1, 2, 3],
    "nonzero": [-2, -1, 1, 2, 3],
    "positive": [1, 2, 3],
    "negative": [-3, -2, -1],
    "nonnegative": [0, 1, 2, 3],
    "binary": [0, 1],
    "sign": [1, -1],
    "unit": [Fraction(k, 10) for k in range(1, 10)],
    "closed unit": [0, *(Fraction(k, 10) for k in range(1, 10)), 1],
}
# Hundredths whose last digit is 1, 3, 7 or 9: away from 0, 1/2 and 1, where accidents happen.
_UNIT = [Fraction(k, 100) for k in range(3, 98) if k % 2 and k % 5]
_POSITIVE = [Fraction(k, 100) for k in range(7, 194) if k % 2 and k % 5]
_WITHIN = _UNIT + 8 * [Fraction(1, 1000), Fraction(999, 1000)]  # an inequality is tightest at the ends
GENERIC = {
    "real": _POSITIVE + [-v for v in _POSITIVE],
    "nonzero": _POSITIVE + [-v for v in _POSITIVE],
    "positive": _POSITIVE,
    "negative": [-v for v in _POSITIVE],
    "nonnegative": _POSITIVE,
    "binary": [0, 1],
    "sign": [1, -1],
    "unit": _UNIT,
    "closed unit": _UNIT,
}


LARGEST = 24  # product of the sizes of a generic point
LARGEST_RANDOM = 6  # where every outcome is gone through


class Undeclared(Exception):
    """A size is not among the hypotheses, so it has no value to be tried at."""


class IllFormed(Exception):
    """The expression reads outside an array, or uses an index that has no range."""


class Point:
    """One assignment: whole numbers and tenths if `simple`, else hundredths times `scale`.

    With a scale below 1 what lies between 0 and 1 is drawn near its ends. With a `level` everything has this
    value, wherever its domain holds it.
    """

    level: Fraction | None = None

    def __init__(
        self, given: Given, sizes: tuple[int, ...], seed: int, simple: bool, scale: Fraction = Fraction(1)
    ) -> None:
        self.given, self.simple, self.seed, self.rng = given, simple, seed, random.Random(seed)
        self.scale = scale
        self.values: dict[Key, Any] = dict(zip(given.sizes, sizes, strict=True))
        self.chances: Any = None  # the laws of what is random, and the outcome just now
        self.entries: dict[Any, Any] = {}  # of products and inverses, while nothing is moved
        self.found: dict[Any, Any] = {}  # values of named functions: see `kept`
        self.shifted: dict[Key, Any] = {}  # values moved for a numerical derivative or a limit
        self.rounding: Rounding | None = None  # where it is looked for, as where a tie has to be exact

    @contextmanager
    def watched(self) -> Iterator[Rounding]:
        """Inside, what rounding may have hidden is entered in the record that this gives."""
        around, self.rounding = self.rounding, Rounding()
        seen = self.rounding
        try:
            yield seen
        finally:
            self.rounding = around
            if around is not None:
                around.joined(seen)

    def symbol(self, s: Symbol) -> Any:
        """The value of a symbol; IllFormed if it is an index without a range."""
        if s not in self.values:
            known = self.given.known.get(s)
            if s.is_integer and s.is_positive and known is None:
                raise Undeclared(f"the size {s} is not declared: name it in sizes")
            if s.is_integer and known is None:
                raise IllFormed(f"the index {s} has no range")
            self.values[s] = self._draw(known, s)
            self._obey(s)
        return self.values[s]

    def _obey(self, letter: Symbol) -> None:
        """Move the value past the ends that conditions such as v > 4 or x > y set: no domain reaches 4.

        Where x > y, the greater one moves, so that no two letters move each other. A condition that is still
        broken throws the point away, as any other does.
        """
        for condition in self.given.conditions:
            if not isinstance(condition, GreaterThan | StrictGreaterThan | LessThan | StrictLessThan):
                continue
            end, way = (condition.lts, 1) if condition.gts == letter else (condition.gts, -1)
            if letter not in (condition.gts, condition.lts) or (way < 0 and not end.is_Number):
                continue
            at = S.NaN if end.atoms(Indexed) else self._number(end).evalf(30)
            if not at.is_Float and not at.is_Rational:
                continue
            value, at = self.values[letter], Fraction(str(at))
            if (value - at) * way <= 0:
                reached = isinstance(condition, GreaterThan | LessThan)
                at_the_end = reached and (self.level == 0 or self.rng.random() < 0.4)
                self.values[letter] = at if at_the_end else at + way * (abs(value) or 1)

    @staticmethod
    def demand_inside(key: tuple[Any, tuple], shape: tuple, first: int) -> None:
        """Raises IllFormed if an entry lies outside of its array's shape, which may be empty."""
        if any(not first <= k < first + size for k, size in zip(key[1], shape, strict=False)):
            raise IllFormed(f"{show_key(key)} is out of range")

    def entry(self, array: Any, label: Symbol | None, indices: tuple, shape: tuple, first: int) -> Any:
        """Entry `indices` of `array`, counted from `first`; IllFormed outside `shape`, which may be empty."""
        key = (array, indices)
        if key not in self.values:
            self.demand_inside(key, shape, first)
            known = self.given.domain.get(array)
            if known in MATRICES:
                MATRICES[known](self, array, shape)
            elif known in ("simplex", "closed simplex", "onehot", "affine"):
                self._draw_row(array, indices, shape[-1], first, known)
            else:
                self.values[key] = self._draw(known, label)
        return self.values[key]

    def _draw(self, known: Any, symbol: Symbol | None) -> Any:
        if callable(known):
            return known(self.rng)
        if isinstance(known, tuple):
            low, high = (Fraction(str(self._number(end).evalf(30))) for end in known)
            if symbol is not None and symbol.is_integer:
                return Fraction(self.rng.randint(math.ceil(low), math.floor(high)))
            return low + (high - low) * self.rng.choice(SIMPLE["unit"] if self.simple else _WITHIN)
        kind = known or _assumed(symbol)
        if symbol is not None and symbol.is_integer:
            return Fraction(self.rng.choice([v for v in SIMPLE[kind] if v == int(v)]))
        if self.level is not None and BELONGS[kind](self.level):
            return self.level
        value = Fraction(self.rng.choice((SIMPLE if self.simple else GENERIC)[kind]))
        if kind in ("unit", "closed unit"):
            near_an_end = self.scale < 1
            return self.rng.choice((value * self.scale, 1 - value * self.scale)) if near_an_end else value
        return value if kind in ("binary", "sign") else value * self.scale

    def _number(self, end: Any) -> Any:
        """The end of an interval, which may name sizes and other symbols."""
        values = {s: Rational(str(self.symbol(s))) for s in end.free_symbols}
        return end.xreplace(values)

    def _draw_row(self, array: Any, indices: tuple[int, ...], size: int, first: int, known: str) -> None:
        """A whole row at once, because its entries sum to one."""
        if known == "onehot" or (known == "closed simplex" and self.rng.random() < 0.3):
            hot = self.rng.randrange(size)
            row = [Fraction(int(k == hot)) for k in range(size)]
        elif known == "affine":
            row = [self._draw(None, None) for _ in range(size - 1)]
            row.insert(self.rng.randrange(size), 1 - sum(row))
        else:
            unit = 10 if self.simple and size <= 5 else 100
            cuts = sorted(self.rng.sample(range(1, unit), size - 1))
            row = [Fraction(b - a, unit) for a, b in itertools.pairwise([0, *cuts, unit])]
        for k, value in enumerate(row):
            self.values[array, (*indices[:-1], first + k)] = value

    def keep(self, array: Any, rows: list[list[Fraction]]) -> None:
        """Store all entries of a matrix, counted from 0."""
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                self.values[array, (i, j)] = value

    def shown(self) -> dict[str, int | float]:
        """The values that were read, by name: sizes and indices, then scalars, then array entries."""

        def order(key: Key) -> tuple:
            if isinstance(key, tuple):
                return 3, str(key[0]), key[1]
            return (0 if key in self.given.sizes else 1 if key in self.given.free else 2), str(key), ()

        values = {}
        for key in sorted(self.values, key=order):
            entry = ENTRY.get(str(key))  # of two matrices that are compared
            values[entry or show_key(key)] = readable(self.values[key]) + bool(entry)
        return values | (self.chances.shown() if self.chances else {})


def _symmetric(point: Point, array: Any, shape: tuple) -> None:
    lower = [[point._draw(None, None) for _ in range(i + 1)] for i in range(shape[0])]
    size = range(shape[0])
    point.keep(array, [[lower[max(i, j)][min(i, j)] for j in size] for i in size])


def _orthogonal(point: Point, array: Any, shape: tuple) -> None:
    """Columns of a product of reflections, each of them with a vector of whole numbers."""
    size, columns = shape
    rows = [[Fraction(i == j) for j in range(size)] for i in range(size)]
    for _ in range(1 if point.simple else 2):
        v = [Fraction(point.rng.choice([-2, -1, 1, 2, 3])) for _ in range(size)]
        length = sum(a * a for a in v)
        along = [2 * sum(row[k] * v[k] for k in range(size)) / length for row in rows]
        rows = [[row[k] - a * v[k] for k in range(size)] for row, a in zip(rows, along, strict=True)]
    point.keep(array, [row[:columns] for row in rows])


def _invertible(point: Point, array: Any, shape: tuple) -> None:
    """A triangular matrix with no 0 on its diagonal times another one."""
    size = range(shape[0])
    left, right = ([[point._draw(None, None) for _ in size] for _ in size] for _ in range(2))
    diagonal = [point._draw("nonzero", None) for _ in size]
    lower = [[left[i][j] if j < i else diagonal[i] if i == j else 0 for j in size] for i in size]
    upper = [[right[i][j] if j > i else Fraction(i == j) for j in size] for i in size]
    product = [[sum(lower[i][k] * upper[k][j] for k in size) for j in size] for i in size]
    point.keep(array, product)


def _by_squares(point: Point, array: Any, shape: tuple, kind: str) -> None:
    """L D Lᵀ with ones on the diagonal of the triangular L: the entries of D say what it is."""
    size = range(shape[0])
    lower = [[point._draw(None, None) if j < i else Fraction(int(i == j)) for j in size] for i in size]
    middle = [point._draw(kind, None) for _ in size]
    point.keep(
        array, [[sum(lower[i][k] * middle[k] * lower[j][k] for k in size) for j in size] for i in size]
    )


MATRICES = {
    "symmetric": _symmetric,
    "orthogonal": _orthogonal,
    "invertible": _invertible,
    "symmetric invertible": lambda *drawn: _by_squares(*drawn, "nonzero"),
    "positive definite": lambda *drawn: _by_squares(*drawn, "positive"),
}


def belongs(value: Any, known: Any, symbol: Symbol, ends: Any = None) -> bool:
    """Whether a value that a hypothesis gives to a letter lies in its domain; `ends` are those of a pair."""
    if isinstance(known, tuple):
        return bool(ends[0] < value < ends[1])
    return bool(BELONGS[known or _assumed(symbol)](value))


BELONGS = {
    "real": lambda v: True,
    "nonzero": lambda v: v != 0,
    "positive": lambda v: v > 0,
    "negative": lambda v: v < 0,
    "nonnegative": lambda v: v >= 0,
    "unit": lambda v: 0 < v < 1,
    "closed unit": lambda v: 0 <= v <= 1,
    "binary": lambda v: v in (0, 1),
    "sign": lambda v: v in (-1, 1),
}


def _assumed(symbol: Symbol | None) -> str:
    if symbol is None:
        return "real"
    if symbol.is_positive:
        return "positive"
    return "nonnegative" if symbol.is_nonnegative else "negative" if symbol.is_negative else "real"


ENTRY = {"_i": "row", "_j": "column"}


def show_key(key: Key) -> str:
    if not isinstance(key, tuple):
        return str(key)
    name, place = key
    if isinstance(name, MatrixSymbol):  # SymPy counts its entries from 0
        place = tuple(k + 1 for k in (place if name.shape[1] != 1 else place[:1]))
    return f"{name}[{', '.join(map(str, place))}]"


def readable(value: Any) -> int | float:
    """An int where the value is whole, else a float, which prints as the short decimal that was drawn."""
    return int(value) if value == int(value) else float(value)


def points(given: Given, count: int, *, simple: bool, scale: Fraction = Fraction(1)) -> Iterator[Point]:
    """`count` points over the combinations of the sizes in `given.span`: always the same ones.

    Simple ones have the smallest sizes first, because somebody may follow them by hand; the others take the
    combinations in a fixed, mixed order.
    """
    combinations = list(itertools.product(given.span, repeat=len(given.sizes)))
    if simple:
        combinations.sort(key=lambda sizes: (sum(sizes), sizes))
    else:
        # Time is better spent on more points than on the few that are large in every direction.
        largest = LARGEST_RANDOM if given.random else LARGEST
        combinations = [sizes for sizes in combinations if math.prod(sizes) <= largest] or combinations[:1]
        random.Random(0).shuffle(combinations)
    for k, sizes in zip(range(count), itertools.cycle(combinations), strict=False):
        yield Point(given, sizes, seed=2 * k + simple, simple=simple, scale=scale)
