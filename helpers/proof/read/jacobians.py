"""Derivatives by a vector, and how their entries are arranged: books differ, and a text may say how.

Without a word ∂z/∂x has a row for each entry of z and ∂C/∂x of a number C is a column, as most books have it.
∂z/∂xᵀ and ∂zᵀ/∂x say themselves what is a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Indexed, MatrixSymbol, S

from .grids import Grid, as_grid
from .latex import ReadError


@dataclass(frozen=True)
class Arrangement:
    """Which of the arrangements that books use.

    turned  ∂z/∂x has a row for each entry of x
    row     the derivative of a number by a column is a row
    """

    turned: bool
    row: bool
    means: str


USUAL = Arrangement(False, False, "∂C/∂x of a number C is a column, and ∂z/∂x has a row for each entry of z")
DENOMINATOR = Arrangement(True, False, "in denominator layout, where ∂z/∂x has a row for each entry of x")
NUMERATOR = Arrangement(False, True, "in numerator layout, where ∂C/∂x of a number C is a row")
LAYOUT = re.compile(r"\b(numerator|denominator)[- ]layout\b", re.I)
NO = re.compile(r"\b(?:not|no|never|instead|than|unlike|or)\b", re.I)


def said(text: str) -> Arrangement:
    """The layout that a text says it uses; the usual arrangement if it says none, or two."""
    sentences = [one for one in text.split(".") if not NO.search(one)]
    found = {hit.lower() for one in sentences for hit in LAYOUT.findall(one)}
    if len(found) != 1:
        return USUAL
    return NUMERATOR if found == {"numerator"} else DENOMINATOR


Derive = Callable[[Expr, Expr], Expr]


def jacobian(value: Any, by: Any, turned: bool, derive: Derive, at: int) -> tuple[Grid, bool]:
    """The derivatives of the entries of one vector by those of another, and whether their order is a matter
    of layout. Raises ReadError for matrices, for two rows, and where nothing joins the two vectors.
    """
    z, x = as_grid(value), as_grid(by)
    if S.One not in (z.rows, z.columns) or S.One not in (x.rows, x.columns):
        raise ReadError(
            "A matrix is derived by a number only, and by a matrix only a number: write one entry.", at
        )
    if z.columns != 1 and x.columns != 1:
        raise ReadError("∂ of a row by a row is not read: write ∂z/∂x, or one entry of each.", at)
    upright = z.columns == 1

    above, below = z if upright else z.T, x if x.columns == 1 else x.T
    one, other = above.entry(S.One, S.One), below.entry(S.One, S.One)
    derive(one, other)  # what cannot be derived is said here, and not when an entry is asked for
    if isinstance(one, Indexed) and one.base not in other.args:
        raise ReadError(f"Nothing says how {one.base} depends on {other.args[0]}: define it in a “Let”.", at)

    def entry(i: Expr, j: Expr) -> Expr:
        return derive(above.entry(i, S.One), below.entry(j, S.One))

    found = Grid(above.rows, below.rows, entry)
    by_layout = upright and x.columns == 1
    return (found.T if not upright or (by_layout and turned) else found), by_layout


def is_upright(by: Any) -> bool:
    """Whether ∂C/∂x of a number C is a column or a row by layout only: x is no transposed name."""
    return isinstance(by, MatrixSymbol) or (isinstance(by, Grid) and by.rows != 1)
