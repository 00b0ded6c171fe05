"""Vectors and matrices that a row compares: by one entry with free indices; and sizes that do not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import IndexedBase, S, Symbol

from ..statement.terms import settle
from . import wholes
from .grids import Grid, as_grid, is_grid, shown
from .partners import SIZE, unsized
from .rows import Row
from .unsaid import Unsaid
from .values import Values

A_NUMBER = "A number is compared with a vector or a matrix here."
VARIANCE = (
    "The variance of a vector is its covariance matrix here, and it is compared with something of "
    "another size: write the variance of one entry, as in Var(x_i)."
)


def doubt_sizes(rows: list[Row], values: Values) -> None:
    """Sizes that do not fit make no row false where nothing says them: A may be a matrix as well."""
    for row in (row for row in rows if row.misfit):
        if name := unsized(values.drafts, row.trees):
            row.misfit, row.trouble = False, SIZE.format(name)
        elif values.formulas.of_vector:
            row.misfit, row.trouble = False, VARIANCE


def by_entries(
    read: list[tuple[Row, int, Any]],
    letter: Callable[[], Symbol],
    unsaid: Unsaid,
    components: dict[Symbol, tuple[Any, Any]],
) -> list[Any]:
    """Vectors that are known by their entries, as one entry with free indices; None for what has none."""
    grids = [as_grid(v) for *_, v in read if is_grid(v)]
    values = wholes.alike([v for *_, v in read])
    if not any(isinstance(v, Grid) for v in values):
        return values
    sizes = [(x.rows, x.columns) for x in grids if x.rows is not None and x.columns is not None]
    at = []
    for size in sizes[0]:
        at.append(S.One if size == 1 else letter())
        if size != 1:
            components[at[-1]] = (S.One, size)
    values = []
    for row, _, value in read:
        if is_grid(value):
            x = as_grid(value)
            same = all(
                a is None or settle(a - b) == 0 for a, b in zip((x.rows, x.columns), sizes[0], strict=True)
            )
            if not same:
                row.trouble = f"this is {shown(x)}, and what it is compared with {shown(grids[0])}"
                row.misfit = True
            values.append(x.entry(*at) if same else None)
        else:
            row.trouble = row.trouble if value == 0 else A_NUMBER
            said = all(isinstance(name, IndexedBase) for name in unsaid.of(value))
            row.misfit = row.misfit or (said and not value.is_number)  # x = 1 may mean ones
            values.append(value if value == 0 else None)
    return values
