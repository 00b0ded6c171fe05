"""SymPy's `expand` and `cancel`, refused where they would take for ever.

Nothing can interrupt SymPy everywhere, so the size of the result is estimated first, and counts as work.
"""

from __future__ import annotations

from math import comb

import sympy
from sympy import Expr

from ..work import tick

MOST_TERMS = 20_000
MOST_FACTORED, MOST_LETTERS = 30, 4  # terms and letters of a polynomial that is taken apart


class TooLarge(ValueError):
    """An expansion would have more terms than the symbolic judge works with."""


def terms(e: Expr) -> int:
    """An upper bound for the number of terms of `e` when it is multiplied out."""
    if e.is_Add:
        return sum(terms(a) for a in e.args)
    if e.is_Mul:
        result = 1
        for a in e.args:
            result = min(result * terms(a), MOST_TERMS + 1)
        return result
    if e.is_Pow and e.exp.is_Integer:
        base, power = terms(e.base), abs(int(e.exp))
        return 1 if base == 1 else comb(min(base, MOST_TERMS) + power - 1, power)
    return 1


def _guard(e: Expr) -> None:
    size = terms(e)
    # Refused before it is begun, so that no other thread or page has to be interrupted.
    if size > MOST_TERMS:
        raise TooLarge(f"an expansion of more than {MOST_TERMS} terms")
    tick(10 * size)


def expand(e: Expr) -> Expr:
    """`e` multiplied out; raises TooLarge."""
    _guard(e)
    return sympy.expand(e)


def cancel(e: Expr) -> Expr:
    """`e` as a reduced fraction of polynomials; raises TooLarge."""
    _guard(e)
    return sympy.cancel(e)


def factored(e: Expr) -> Expr:
    """A small polynomial as a product, v² - 16 = (v - 4)(v + 4); anything else as it is."""
    letters = e.free_symbols
    if not 0 < len(letters) <= MOST_LETTERS or terms(e) > MOST_FACTORED or not e.is_polynomial(*letters):
        return e
    tick(50 * terms(e))
    return sympy.factor(e)
