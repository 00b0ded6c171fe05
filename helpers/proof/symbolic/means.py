"""What is left of an expectation: a function of the letters in it that are not averaged, and nothing else.

The letters that are averaged do not stand in it. So a case that is put in for an outcome, such as X > 0
outside, never reaches what is meant for every outcome inside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, Function, Indexed, MatrixSymbol, Product, Sum, Symbol
from sympy.core.basic import Basic
from sympy.matrices.expressions.matexpr import MatrixElement

from ..statement.operators import Expectation
from . import naming
from .unfolding import fresh


class Mean(Function):
    """`Mean(number, *values)`: the expectation that was entered under a number, at values for its letters."""

    def _eval_is_real(self) -> bool | None:
        return True if TEMPLATES[int(self.args[0])][0].is_real else None


TEMPLATES: list[tuple[Expr, tuple[Symbol, ...]]] = []  # number -> the expectation, and its letters
_NUMBERS: dict[Expr, int] = {}


def closed(
    body: Expr, letters: list[Basic], averaged: Callable[[Any], bool], random: Callable[[Any], bool]
) -> Mean:
    """E[body] over `letters` as a `Mean`; `averaged` says which symbols and entries they are.

    Raises ValueError for a sum over entries that are random and not averaged: they must stay to be seen.
    """
    # Equal expectations must get equal numbers, so bound indices are named by position first.
    named = naming.rename(Expectation(fresh(body), *letters))
    bound = {limit[0] for s in named.atoms(Sum, Product) for limit in s.limits}
    values: list[Expr] = []

    def opened(e: Any) -> Any:
        """`e` with a place for each letter, or index, that is neither averaged nor bound inside."""
        if isinstance(e, (Symbol, Indexed)) and averaged(e) and not isinstance(e, Indexed):
            return e
        # What stays random must stay in sight: a later case such as X = 0, or a mean around, is about it.
        if isinstance(e, Indexed) and random(e) and not averaged(e):
            if e.free_symbols & bound:
                raise ValueError(f"no rule for a mean with a sum over {e.base}, which stays random")
            return _place(e)
        # The array itself is no letter of the place: its entries are the same ones wherever the mean stands.
        if isinstance(e, Indexed):
            return e.func(e.base, *[_index(a) for a in e.indices])
        if isinstance(e, MatrixElement):
            return e.func(e.parent, *map(_index, e.args[1:])) if isinstance(e.parent, MatrixSymbol) else e
        if isinstance(e, Symbol):
            return e if e in bound else _place(e)
        return e.func(*map(opened, e.args)) if e.args else e

    def _index(e: Expr) -> Expr:
        inside = {s for s in e.free_symbols if s in bound or averaged(s)}
        return opened(e) if inside or not e.free_symbols else _place(e)

    def _place(e: Expr) -> Symbol:
        if e not in values:
            values.append(e)
        # A place keeps what its value is certain to be, and no more.
        kinds = {kind: True for kind in ("integer", "positive", "real") if getattr(e, f"is_{kind}")}
        return naming.Place(f"_p{values.index(e)}", **kinds)

    template = Expectation(opened(named.args[0]), *named.args[1:])
    places = tuple(_place(e) for e in values)
    if template not in _NUMBERS:
        _NUMBERS[template] = len(TEMPLATES)
        TEMPLATES.append((template, places))
    return Mean(_NUMBERS[template], *values)


def opened(e: Mean) -> Expectation:
    """The expectation that a `Mean` stands for, at its values."""
    template, places = TEMPLATES[int(e.args[0])]
    return fresh(template).xreplace(dict(zip(places, e.args[1:], strict=True)))
