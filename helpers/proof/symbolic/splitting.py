"""A proof by two cases: a letter is not some number, and it is.

The sum of a geometric sequence has a closed form where its ratio is not 1. Where no hypothesis says so, both
cases are proved: with the ratio not 1 as one more hypothesis, and with the number put in for the letter.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Ne, Symbol, exp, expand, nan, zoo

from ..statement import chance
from ..statement.given import Given
from .normal_form import NormalForm
from .unfolding import fresh, prepare

MOST = 2  # letters, one after the other


def proved(left: Expr, right: Expr, given: Given, unsure: list[Expr], depth: int = MOST) -> bool:
    """Whether left = right, by cases for a letter at which one of `unsure` is 0."""
    for letter, value in _zeros(unsure, given):
        other = NormalForm(given.where(*given.conditions, Ne(letter, value)))
        if other.is_zero(left, -right) and _at(left, right, given, letter, value):
            return True
        if depth > 1 and other.unsure and other.unsure != unsure:
            rest = [gap for gap in other.unsure if gap not in unsure]
            if proved(left, right, other.given, rest, depth - 1) and _at(left, right, given, letter, value):
                return True
    return False


def _zeros(unsure: list[Expr], given: Given) -> Iterator[tuple[Symbol, Expr]]:
    """The letters for which one of the expressions can be solved for 0, with a number as the value."""
    spoken = [*chance.hypotheses(given), *given.defined, *given.random]
    for gap in unsure:
        gap = _exponent(gap)
        for letter in sorted(gap.free_symbols, key=str):
            slope = expand(gap).coeff(letter, 1)
            rest = expand(gap - slope * letter)
            solved = slope.is_number and slope != 0 and rest.is_number
            # A hypothesis about the letter, or a range that it bounds, would be another one at the number.
            free = letter.is_real and not letter.is_integer and not any(e.has(letter) for e in spoken)
            if solved and free:
                yield letter, -rest / slope


def _exponent(gap: Expr) -> Expr:
    """u for exp(u) - 1, which is 0 for a real u just where u is; any other expression as it is."""
    for side in (gap, -gap):
        if isinstance(side + 1, exp):
            return (side + 1).exp
    return gap


def _at(left: Expr, right: Expr, given: Given, letter: Symbol, value: Expr) -> bool:
    """Whether left = right where the letter is that number; a side without a value there claims nothing."""
    sides = [fresh(prepare(side)).xreplace({letter: value}) for side in (left, right)]
    if any(side in (zoo, nan) for side in sides):
        return True
    return NormalForm(given).is_zero(sides[0], -sides[1])
