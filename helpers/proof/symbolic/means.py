"""What is left of an expectation: a function of the letters in it that are not averaged, and nothing else.

The letters that are averaged do not stand in it. So a case that is put in for an outcome, such as X > 0
outside, never reaches what is meant for every outcome inside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Expr, Function, Indexed, MatrixSymbol, Product, Sum, Symbol, default_sort_key
from sympy.core.basic import Basic
from sympy.matrices.expressions.matexpr import MatrixElement

from ..statement.operators import Expectation
from . import naming
from .unfolding import fresh


class Mean(Function):
    """`Mean(number, *values)`: the expectation that was entered under a number, at values for its letters."""

    @classmethod
    def eval(cls, number: Expr, *values: Expr) -> Expr | None:
        # E[x_i x_j] is E[x_j x_i]: letters that may be exchanged stand in one order, so that equal sums are.
        ordered = list(values)
        for places in ALIKE[int(number)]:
            held = sorted((values[k] for k in places), key=default_sort_key)
            for k, value in zip(places, held, strict=True):
                ordered[k] = value
        return None if tuple(ordered) == values else cls(number, *ordered)

    def _eval_is_real(self) -> bool | None:
        return True if TEMPLATES[int(self.args[0])][0].is_real else None


TEMPLATES: list[tuple[Expr, tuple[Symbol, ...]]] = []  # number -> the expectation, and its letters
ALIKE: list[list[list[int]]] = []  # number -> the groups of its letters that may be exchanged
_NUMBERS: dict[Expr, int] = {}


def closed(
    body: Expr, letters: list[Basic], averaged: Callable[[Any], bool], random: Callable[[Any], bool]
) -> Mean:
    """E[body] over `letters` as a `Mean`; `averaged` says which symbols and entries they are.

    Raises ValueError for a sum over entries that are random and not averaged: they must stay to be seen.
    """
    # Equal expectations must get equal numbers, so bound indices are named by position first.
    named = naming.rename(Expectation(fresh(body), *letters))
    places = _Places(named, averaged, random)
    template = Expectation(places.put(named.args[0]), *named.args[1:])
    if template not in _NUMBERS:
        _NUMBERS[template] = len(TEMPLATES)
        own = tuple(map(places.of, places.values))
        TEMPLATES.append((template, own))
        ALIKE.append(_exchangeable(template, own))
    return Mean(_NUMBERS[template], *places.values)


def _exchangeable(template: Expr, own: tuple[Symbol, ...]) -> list[list[int]]:
    """The groups of letters of which any two may be exchanged in the expectation without changing it."""
    groups: list[list[int]] = []
    for k, letter in enumerate(own):
        for group in groups:
            other = own[group[0]]
            if template.xreplace({letter: other, other: letter}) == template:
                group.append(k)
                break
        else:
            groups.append([k])
    return [group for group in groups if len(group) > 1]


class _Places:
    """Puts a place for each letter, or index, that is neither averaged nor bound inside an expectation."""

    def __init__(self, e: Expr, averaged: Callable[[Any], bool], random: Callable[[Any], bool]) -> None:
        self.averaged, self.random = averaged, random
        self.bound = {limit[0] for s in e.atoms(Sum, Product) for limit in s.limits}
        self.values: list[Expr] = []  # what the places stand for, in the order of their numbers

    def of(self, e: Expr) -> Symbol:
        """The place of a value; equal values have one place."""
        if e not in self.values:
            self.values.append(e)
        # A place keeps what its value is certain to be, and no more.
        kinds = {kind: True for kind in ("integer", "positive", "real") if getattr(e, f"is_{kind}")}
        return naming.Place(f"_p{self.values.index(e)}", **kinds)

    def put(self, e: Any) -> Any:
        if isinstance(e, Symbol):
            return e if self.averaged(e) or e in self.bound else self.of(e)
        if isinstance(e, Indexed):
            return self.entry(e)
        if isinstance(e, MatrixElement):
            return e.func(e.parent, *map(self.index, e.args[1:])) if isinstance(e.parent, MatrixSymbol) else e
        return e.func(*map(self.put, e.args)) if e.args else e

    def entry(self, e: Indexed) -> Expr:
        # What stays random must stay in sight: a later case such as X = 0, or a mean around, is about it.
        if self.random(e) and not self.averaged(e):
            if e.free_symbols & self.bound:
                raise ValueError(f"no rule for a mean with a sum over {e.base}, which stays random")
            return self.of(e)
        # The array itself is no letter of the place: its entries are the same ones wherever the mean stands.
        return e.func(e.base, *map(self.index, e.indices))

    def index(self, e: Expr) -> Expr:
        inside = any(s in self.bound or self.averaged(s) for s in e.free_symbols)
        return self.put(e) if inside or not e.free_symbols else self.of(e)


def opened(e: Mean) -> Expectation:
    """The expectation that a `Mean` stands for, at its values."""
    template, places = TEMPLATES[int(e.args[0])]
    return fresh(template).xreplace(dict(zip(places, e.args[1:], strict=True)))
