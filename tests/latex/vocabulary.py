"""What the pairs are built from: letters, arrays and shorthands, without the reader's help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, IndexedBase, Integer, Ne, Piecewise, Sum, Symbol, exp, sympify


@dataclass(frozen=True)
class Pair:
    """A text and what it means, coded by hand; a text that must be refused has no parts.

    parts   one tuple a chain: its start and then each line, every defined name replaced by its definition
    signs   the relation of each line of the first part where one of them is no =
    given   hypotheses of the first part: any of free, domain, facts, conditions, each compared as a whole
    entry   the free indices of the meaning, where vectors or matrices are read whole
    why     of a text that must be refused: what is wrong with it
    """

    id: str
    text: str
    parts: tuple[tuple[Expr, ...], ...] = ()
    signs: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    entry: tuple[Symbol, ...] = ()
    why: str = ""


def pair(
    id: str,
    text: str,
    *parts: tuple[Any, ...],
    signs: tuple[str, ...] = (),
    entry: tuple[Symbol, ...] = (),
    **given: Any,
) -> Pair:
    return Pair(id, text, tuple(tuple(map(sympify, part)) for part in parts), signs, given, entry)


def refused(id: str, text: str, why: str) -> Pair:
    return Pair(id, text, why=why)


def reals(names: str) -> Any:
    made = [Symbol(name, real=True) for name in names.split()]
    return made if len(made) > 1 else made[0]


def indices(names: str) -> Any:
    made = [Symbol(name, integer=True) for name in names.split()]
    return made if len(made) > 1 else made[0]


def sizes(names: str) -> Any:
    made = [Symbol(name, integer=True, positive=True) for name in names.split()]
    return made if len(made) > 1 else made[0]


def array(name: str, *shape: Any) -> IndexedBase:
    return IndexedBase(Symbol(name, real=True), shape=shape)


def logistic(u: Any) -> Expr:
    return 1 / (1 + exp(-u))


def one_if(condition: Any) -> Expr:
    return Piecewise((1, condition), (0, True))


def without(term: Any, index: Symbol, left_out: Any, last: Any) -> Sum:
    """The sum over index = 1..last that leaves one index out."""
    return Sum(Piecewise((term, Ne(index, left_out)), (Integer(0), True)), (index, 1, last))
