"""Proof by induction over a symbolic index or depth, for functions defined by recursion."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Expr, Symbol, expand, sympify

from . import recursion
from .derivation import Derivation
from .objects import Given
from .recursion import RecursiveFunction
from .rewriting import fresh, settle


def induction(
    name: str, left: Any, right: Any, index: Symbol, given: Given, *, because: str = "", claim: str = ""
) -> Derivation:
    """left = right for every value of `index`, from the recursions of both sides.

    `left` applies a recursive function f at the level `index`, and f's rule uses f at one neighbouring level,
    `index` + 1 or `index` - 1. `given.free[index]` is the range of the step; the base is the level at which f
    starts. `because` says why f obeys its recursion. Raises ValueError if left has no such form.
    """
    left, right = sympify(left), sympify(right)
    neighbour = _neighbour(left, index)
    start = left.func.start
    at_base = {index: start}
    free = {i: tuple(end.xreplace(at_base) for end in ends) for i, ends in given.free.items() if i != index}
    base_given = replace(given, free=free)
    base_left, base_right = left.xreplace(at_base), settle(right).xreplace(at_base)
    d = Derivation(name, base_left, base_given, title=f"Base: {index} = {start}", claim=claim)
    d.step(base_right, "both sides where the recursion starts", using=_recursions(base_left, base_right))
    _step_part(d, left, right, neighbour, index, given, because)
    return d.qed()


def _step_part(
    d: Derivation, left: Expr, right: Expr, neighbour: Expr, index: Symbol, given: Given, because: str
) -> None:
    others = tuple(i for i in left.args if i != index)
    supposed = tuple(side.xreplace({index: neighbour}) for side in (left, settle(right)))
    rule = recursion.hypothesis(*supposed, others)
    own = recursion.definition(left, lambda a, b: True)
    unrolled = fresh(own.right).xreplace(dict(zip(own.forall, others, strict=True)))
    replaced = recursion.rewrite(fresh(unrolled), (rule,))
    d.part(f"Step: from {neighbour} to {index}", left, given)
    d.parts[-1].supposed = supposed
    d.step(unrolled, because or "the recursion", using=(left,))
    d.step(replaced, "the hypothesis", _rules=(rule,))
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
