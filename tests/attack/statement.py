"""What a generator hands over: the statement, the means of its proof, and what it is meant to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sympy import Basic, Function, Symbol, sympify

from helpers.proof import Given


@dataclass
class Statement:
    """`lhs relation rhs` under `given`.

    means    further arguments of `check`: gap, using, induction
    meant    (lhs, rhs) in letters that assume nothing, where SymPy has used an assumption before any judge
             could see it; the hypotheses are those of `given`, and a letter is known by its name
    attempt  builds a proof of another kind (an extremum, an induction); it closes, or raises
    skip     (symbol, value): the statement says nothing where they are equal
    nowhere  by its making it has no value anywhere, so nothing may be proved about it
    """

    lhs: Any
    rhs: Any
    given: Given = field(default_factory=Given)
    relation: str = "="
    means: dict[str, Any] = field(default_factory=dict)
    meant: tuple[Any, Any] | None = None
    attempt: Callable[[], Any] | None = None
    skip: tuple[Any, Any] | None = None
    nowhere: bool = False

    def __post_init__(self) -> None:
        self.lhs, self.rhs = sympify(self.lhs), sympify(self.rhs)

    def __str__(self) -> str:
        given = self.given
        parts = [f"{self.lhs} {self.relation} {self.rhs}"]
        parts += [f"sizes {given.sizes}"] if given.sizes else []
        parts += [f"free {dict(given.free)}"] if given.free else []
        parts += [f"domain {dict(given.domain)}"] if given.domain else []
        parts += [f"facts {given.facts}"] if given.facts else []
        parts += [f"conditions {given.conditions}"] if given.conditions else []
        parts += [f"random {dict(given.random)} independent {given.independent}"] if given.random else []
        parts += [f"by {self.means}"] if self.means else []
        parts += [f"meant as {self.meant}"] if self.meant else []
        return " | ".join(parts) + definitions(self)


def definitions(statement: Statement) -> str:
    """The bodies of the functions that the statement applies, for whoever reads a report."""
    shown: dict[str, str] = {}
    waiting = [statement.lhs, statement.rhs]
    while waiting:
        for call in waiting.pop().atoms(Function):
            found = pieces(call.func)
            said = f"{call.func.__name__}{getattr(call.func, 'parameters', ())} = {found}"
            if found and said not in shown:
                shown[said] = said
                waiting += found.values()
    return "".join(f" | {said}" for said in shown)


def pieces(function: type) -> dict[str, Basic]:
    """What a function made by `define` or `recursive` stands for."""
    found = {name: getattr(function, name, None) for name in ("body", "base", "rule")}
    return {name: piece for name, piece in found.items() if isinstance(piece, Basic)}


@cache
def letters_of(function: type) -> tuple[str, ...]:
    """The letters on which a value may depend, those of the definitions inside it too."""
    names, seen, waiting = {s.name for s in function.parameters}, {function}, [function]
    while waiting:
        for part in pieces(waiting.pop()).values():
            names |= {s.name for s in part.atoms(Symbol)}
            inside = {call.func for call in part.atoms(Function)} - seen
            seen |= inside
            waiting += inside
    return tuple(sorted(names))
