"""Proof by induction over a symbolic index or depth, for functions defined by recursion."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sympy import Expr, Product, Sum, Symbol, expand, sympify

from . import recursion, sums
from .derivation import Derivation
from .normal_form import NormalForm
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
    _demand_reached(index, neighbour, start, given)
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
    unrolled_fresh = fresh(unrolled)
    _demand_supposed(unrolled_fresh, left, neighbour, index, given)
    replaced = recursion.rewrite(unrolled_fresh, (rule,))
    d.part(f"Step: from {neighbour} to {index}", left, given)
    d.parts[-1].supposed = supposed
    d.step(unrolled, because or "the recursion", using=(left,))
    d.step(replaced, "the hypothesis", _rules=(rule,))
    d.step(right, "the recursion of the right side", using=_recursions(right))


def _demand_reached(index: Symbol, neighbour: Expr, start: Expr, given: Given) -> None:
    """Raises ValueError unless the steps begin right beside the base: else nothing carries them."""
    first, last = given.free[index]
    end, beside = (first, start + 1) if neighbour == index - 1 else (last, start - 1)
    if expand(end - beside) != 0:
        raise ValueError(f"The range of {index} must begin beside {start}, at {beside}, not at {end}.")


def _demand_supposed(unrolled: Expr, left: Expr, neighbour: Expr, index: Symbol, given: Given) -> None:
    """Raises ValueError if the step uses the hypothesis for arguments for which it was not supposed.

    The hypothesis is the statement one level away, for the other arguments in their ranges there.
    """
    nf = NormalForm(given)
    for node in unrolled.atoms(Sum, Product):
        nf.ranges.update({limit[0]: (limit[1], limit[2]) for limit in node.limits})
    for call in (a for a in unrolled.atoms(RecursiveFunction) if a.func is left.func):
        if expand(call.args[left.func.level] - neighbour) != 0:
            continue
        for own, argument in zip(left.args, call.args, strict=True):
            if own == index or own not in given.free:
                continue
            low, high = (end.xreplace({index: neighbour}) for end in given.free[own])
            if not sums.in_range(nf, argument, low, high):
                raise ValueError(
                    f"The hypothesis is used at {own} = {argument}, not seen to lie in its range."
                )


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
