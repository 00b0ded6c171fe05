"""Single formulas under sentences: what an exercise asks, what a report claims, and the names to answer with.

A text of many rows is a derivation and is read by `text`. Here every formula stands for itself, and the names
that the sentences define can be asked for as they are typed: `yhat`, `sigma'`, `beta_1`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sympy import Expr

from ..statement.given import Given
from ..statement.terms import SmoothFunction, smooth, symbol
from . import hypotheses
from .builtin import PLAIN_FUNCTIONS
from .grids import is_grid
from .latex import ReadError
from .layout import Row, layout
from .names import Meaning
from .text import Reader
from .trees import INDEX_LETTERS
from .values import NOTHING, Notation

__all__ = ["Stated", "state"]


@dataclass(frozen=True)
class Stated:
    """Formulas as they were read.

    rows    for each formula its sides, and the relations between them: ("=", "<=", ...)
    given   what the sentences suppose about the names of the formulas and about `names`
    names   typed name -> symbol, array, function, or the quantity that it names
    """

    rows: tuple[tuple[tuple[Expr, ...], tuple[str, ...]], ...]
    given: Given
    names: dict[str, Any]


def state(
    sentences: str,
    formulas: Iterable[str],
    names: Iterable[str] = (),
    notation: Notation = NOTHING,
    misfits: bool = False,
) -> Stated:
    """Read each of `formulas` under `sentences`, and find what each of `names` stands for.

    `misfits` lets an index run beyond an array: a claim that does so is false, not unreadable.
    Raises ReadError, one sentence, for what cannot be read and for a name that means nothing there.
    """
    formulas = list(formulas)
    rows = " \\\\\n".join(formulas)
    reader = Reader(layout(f"{sentences}\n\\begin{{align}}\n{rows}\n\\end{{align}}"), notation)
    if len(reader.rows) != len(formulas):
        raise ReadError(f"{len(formulas)} formulas make {len(reader.rows)} rows: each must be one row.")
    reader.values.misfits = misfits
    reader.values.make_names()
    reader.demand_one_role()
    read = tuple(_row(reader, row, text) for row, text in zip(reader.rows, formulas, strict=True))
    found = {name: named(name, reader) for name in names}
    trees = [piece for row in reader.rows for piece in row.pieces]
    values = [side for sides, _ in read for side in sides]
    values += [value for value in found.values() if isinstance(value, Expr)]
    given = hypotheses.given(reader.values, trees, values, {})
    order = [*found, *map(str, given.sizes)]  # "for every n and N", as the names are listed
    return Stated(
        read, replace(given, sizes=tuple(sorted(given.sizes, key=lambda s: order.index(str(s))))), found
    )


def _row(reader: Reader, row: Row, text: str) -> tuple[tuple[Expr, ...], tuple[str, ...]]:
    if row.trouble:
        raise ReadError(f"In “{text}”: {row.trouble}")
    try:
        sides = tuple(reader.values.formulas.read(piece) for piece in row.pieces)
    except ReadError as trouble:
        raise ReadError(f"In “{text}”: {trouble}") from None
    if any(map(is_grid, sides)):
        raise ReadError(f"“{text}” is a whole vector or matrix: write it for one entry.")
    return sides, tuple(row.signs)


def named(name: str, reader: Reader) -> Any:
    """What a name stands for as it is typed. Raises ReadError if it stands for nothing, or for two things."""
    found = [m for m in reader.values.vocabulary if name in spellings(m)]
    if len(found) > 1:
        raise ReadError(f"{name} stands for {len(found)} things in these sentences: rename one of them.")
    if found:
        return found[0].value
    whole = [m.value for m in reader.values.vocabulary if f"{name}'" in [s + "''" for s in spellings(m)]]
    if whole and issubclass(whole[0], SmoothFunction):  # f' of a function that is only differentiable
        return smooth(*whole[0].family)[1]
    if name in PLAIN_FUNCTIONS:
        return PLAIN_FUNCTIONS[name]
    if name in INDEX_LETTERS:
        return symbol(name, integer=True)
    raise ReadError(f"{name} is to be typed, and no sentence says what it is.")


def spellings(m: Meaning) -> set[str]:
    """How a name is typed: yhat, xbar, sigma', beta_1 or beta1."""
    word = m.word.rpartition(" ")[2] + "".join("'" if a == "prime" else a for a in m.accents)
    if m.above_label:
        return set()
    return {word + m.below_label, f"{word}_{m.below_label}"} if m.below_label else {word}
