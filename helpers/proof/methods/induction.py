"""Proof by induction over a symbolic index or depth, for functions defined by recursion.

It only writes the two parts down. Whether the hypothesis may be used as the lines use it is for the judge.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Expr, Symbol, expand, sympify

from ..derivation import Derivation
from ..statement.chain import Supposed
from ..statement.given import Given
from ..statement.recursive import RecursiveFunction
from ..statement.terms import settle
from ..symbolic import rules
from ..symbolic.unfolding import fresh


def induction(
    name: str, left: Any, right: Any, index: Symbol, given: Given, *, because: str = "", claim: str = ""
) -> Derivation:
    """left = right for every value of `index`, from the recursions of both sides.

    `left` applies a recursive function f at the level `index`, and f's rule uses f at one neighbouring level,
    `index` + 1 or `index` - 1. `given.free[index]` is the range of the step; the base is the level at which f
    starts. `because` says why f obeys its recursion. Raises ValueError if left has no such form, or if the
    hypothesis is used where it was not supposed.
    """
    left, right = sympify(left), sympify(right)
    neighbour = _neighbour(left, index)
    at_base = {index: left.func.start}
    free = {i: tuple(end.xreplace(at_base) for end in ends) for i, ends in given.free.items() if i != index}
    base_left, base_right = left.xreplace(at_base), settle(right).xreplace(at_base)
    title = f"Base: {index} = {left.func.start}"
    d = Derivation(name, base_left, replace(given, free=free), title=title, claim=claim)
    d.step(base_right, "both sides where the recursion starts", using=_recursions(base_left, base_right))
    _step_part(d, Supposed(left, settle(right), index, neighbour), given, because)
    return d.qed()


def _step_part(d: Derivation, supposed: Supposed, given: Given, because: str) -> None:
    left, right, index = supposed.left, supposed.right, supposed.index
    others = tuple(i for i in left.args if i != index)
    own = rules.definition(left, lambda a, b: True)  # only to write the line, which is judged like any other
    unrolled = fresh(own.right).xreplace(dict(zip(own.forall, others, strict=True)))
    replaced = rules.rewrite(fresh(unrolled), (rules.hypothesis(*supposed.sides, others),))
    d.part(f"Step: from {supposed.neighbour} to {index}", left, given, supposed=supposed)
    d.step(unrolled, because or "the recursion", using=(left,))
    d.step(replaced, "the hypothesis", hypothesis=True)
    d.step(right, "the recursion of the right side", using=_recursions(right))


def _neighbour(left: Expr, index: Symbol) -> Expr:
    if not isinstance(left, RecursiveFunction) or left.args[left.func.level] != index:
        raise ValueError(f"The left side must be a function made by `recursive`, applied at {index}.")
    f = left.func
    level = f.parameters[f.level]
    used = {a.args[f.level] for a in f.rule.atoms(RecursiveFunction) if a.func is f}
    steps = {expand(place - level) for place in used}
    if len(steps) != 1 or abs(next(iter(steps))) != 1:
        raise ValueError(f"The rule of {f} must use {f} at one neighbouring level, one above or one below.")
    return index + next(iter(steps))


def _recursions(*sides: Expr) -> tuple[Expr, ...]:
    found: dict[Expr, None] = {}
    for side in sides:
        for a in sorted(side.atoms(RecursiveFunction), key=str):
            found[a] = None
    return tuple(found)
