"""Inequalities that follow from others by adding multiples of them: Fourier's and Motzkin's elimination.

Every product of atoms counts as a letter of its own. What is known of the letters are the conditions, the
ranges of indices, signs that can be read off, and bounds that hold whatever a function's argument is. The
opposite of the goal is added; if multiples ≥ 0 of all these add up to 0 > 0 or to -1 ≥ 0, the goal holds.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    KroneckerDelta,
    Mul,
    Poly,
    S,
    cos,
    cosh,
    floor,
    fraction,
    sign,
    sin,
    tanh,
)

from ..statement.given import Noted
from ..work import tick
from . import signs
from .algebra import cancel, expand
from .unfolding import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm

Asked = frozenset[Basic]  # the letters whose hypotheses were asked
Bound = tuple[Expr, bool, Asked]  # an expression that is ≥ 0, or > 0 if the second says so
Row = tuple[dict[Expr, Expr], bool, Asked]  # numbers before products of atoms, S.One for the constant
NOTHING: Asked = frozenset()
MOST_ROWS, MOST_MULTIPLIED = 150, 12


def follows(nf: NormalForm, e: Expr, strict: bool) -> bool:
    """Whether e ≥ 0, or e > 0 if `strict`, follows from the bounds of what stands in it; `e` is ready."""
    above, below = fraction(cancel(nf.rational(fresh(e))))
    goal = _row(nf, -above, not strict, NOTHING)
    if goal is None or not signs.is_positive(nf.restore(below), nf.domain):
        return False
    rows, known, seen = [goal], [], set()
    for _ in range(2):  # a bound may bring letters of its own, which have bounds, too
        letters = _in_order(nf, {letter for row, *_ in rows for letter in row} - seen)
        seen.update(letters)
        found = [(nf.rational(nf.ready(bound)), *how) for bound, *how in _bounds(nf, letters)]
        known += found
        rows += [row for bound in found if (row := _row(nf, *bound)) is not None]
    used = _contradiction(nf, rows)
    known = list(dict.fromkeys(known))
    products = any(letter.is_Mul or letter.is_Pow for letter in goal[0])
    if used is None and products and len(known) <= MOST_MULTIPLIED:
        # The product of what is ≥ 0 is ≥ 0.
        pairs = itertools.combinations_with_replacement(known, 2)
        found = [_row(nf, a * b, one and two, asked | too) for (a, one, asked), (b, two, too) in pairs]
        used = _contradiction(nf, [*rows, *[row for row in found if row is not None]])
    if used and isinstance(nf.domain, Noted):
        nf.domain.asked.update(used)
    return used is not None


def _row(nf: NormalForm, r: Expr, strict: bool, asked: Asked) -> Row | None:
    """A polynomial of atoms by its products of atoms; None for what is none, or has no rational numbers."""
    r = expand(r)
    atoms = sorted(r.free_symbols, key=str)
    if not r.is_polynomial(*atoms):
        return None
    terms = Poly(r, *atoms).terms() if atoms else [((), r)]
    row = {Mul(*[t**power for t, power in zip(atoms, powers, strict=True)]): c for powers, c in terms}
    return (row, strict, asked) if all(c.is_Rational for c in row.values()) else None


def _bounds(nf: NormalForm, letters: Iterable[Expr]) -> Iterator[Bound]:
    """What is known of some products of atoms, and of those together with others."""
    plain = getattr(nf.domain, "inner", nf.domain)  # to look is not to use
    atoms = sorted({t for letter in letters for t in letter.free_symbols}, key=lambda t: str(nf.meaning[t]))
    inside = set().union(*(nf.meaning[t].free_symbols for t in atoms))
    for e in map(nf.restore, [*letters, *atoms]):
        for u in (e, -e, 1 - e):
            asked: set[Basic] = set()
            if not u.is_number and signs.is_nonnegative(u, Noted(plain, asked)):
                yield u, signs.is_positive(u, Noted(plain, asked)), frozenset(asked)
    for t in atoms:
        yield from _of_function(nf, nf.meaning[t])
    for index, (low, high) in nf.given.free.items():
        if index in inside:
            yield from ((index - low, False, NOTHING), (high - index, False, NOTHING))
    yield from ((size - 1, False, NOTHING) for size in nf.given.sizes if size in inside)
    for u, word in plain.items():
        if isinstance(u, Add) and word in ("positive", "nonnegative"):
            yield u, word == "positive", frozenset((u,))


def _of_function(nf: NormalForm, e: Expr) -> Iterator[Bound]:
    """Bounds of a value of a function of a real number, whatever the number is."""
    if isinstance(e, KroneckerDelta):
        yield from ((e, False, NOTHING), (1 - e, False, NOTHING))
    if not isinstance(e, (Abs, cos, cosh, floor, sign, sin, tanh)) or not signs.is_real(e.args[0], nf.domain):
        return
    u, never = e.args[0], isinstance(e, tanh)  # whose ends are not reached
    if isinstance(e, floor):
        yield from ((u - e, False, NOTHING), (e + 1 - u, True, NOTHING))
    elif isinstance(e, cosh):
        yield e - 1, False, NOTHING
    else:
        ends = (e - u, e + u) if isinstance(e, Abs) else (1 - e, 1 + e)
        yield from ((end, never, NOTHING) for end in ends)


def _in_order(nf: NormalForm, letters: Iterable[Expr]) -> list[Expr]:
    """The same order in every run: the names of atoms are given in that of a hash."""
    return sorted(letters, key=lambda letter: str(nf.restore(letter)))


def _contradiction(nf: NormalForm, rows: list[Row]) -> Asked | None:
    """What was asked for a sum of rows that no number obeys; None if no letter is left and there is none.

    Each letter is eliminated by adding rows in which it cancels. If numbers obeyed all rows they would obey
    every sum of them with factors > 0.
    """
    while len(rows) <= MOST_ROWS:
        for row, strict, asked in rows:
            c = row.get(S.One, S.Zero)
            if not set(row) - {S.One} and (c < 0 or (c == 0 and strict)):
                return asked
        rows = [one for one in rows if set(one[0]) - {S.One}]
        letters = _in_order(nf, {letter for row, *_ in rows for letter in row} - {S.One})
        if not letters:
            return None
        letter = min(letters, key=lambda x: sum(x in row for row, *_ in rows))
        above, below = ([one for one in rows if one[0].get(letter, 0) * side > 0] for side in (1, -1))
        rows = [one for one in rows if letter not in one[0]]
        tick(20 * (1 + len(above) * len(below)))
        rows += [_sum(one, other, letter) for one in above for other in below]
    return None


def _sum(one: Row, other: Row, letter: Expr) -> Row:
    """A sum of multiples of two rows in which the letter cancels."""
    (a, strict, asked), (b, also, too) = one, other
    total = {x: a.get(x, 0) * -b[letter] + b.get(x, 0) * a[letter] for x in {*a, *b}}
    return {x: c for x, c in total.items() if c != 0}, strict or also, asked | too
