"""Whether a formula is written in the form that was asked for."""

from __future__ import annotations

from math import prod

from sympy import Add, Basic, IndexedBase, Product, Sum, Symbol, Tuple, expand

from helpers.proof.statement.terms import settle

__all__ = ["same_form"]


def same_form(line: Basic, goal: Basic) -> bool:
    """Whether a line is the goal up to order, brackets and letters of bound indices; nothing may cancel."""
    line, goal = settle(line), settle(goal)
    return _terms(line) == _terms(goal) and expand(_multiplied_out(line) - _multiplied_out(goal)) == 0


def _terms(e: Basic) -> int:
    """How many terms `e` has when multiplied out, before any of them cancel."""
    if e.is_Add:
        return sum(map(_terms, e.args))
    if e.is_Mul:
        return prod(map(_terms, e.args))
    return _terms(e.function) if isinstance(e, Sum) else 1


def _multiplied_out(e: Basic, depth: int = 0) -> Basic:
    """`e` without brackets, but no name unfolded; sums term by term, their indices named by depth."""
    if not e.args or isinstance(e, IndexedBase):
        return e
    if not isinstance(e, (Sum, Product)):
        return expand(e.func(*(_multiplied_out(part, depth) for part in e.args)))
    new = {limit[0]: Symbol(f"_{depth + k}", integer=True) for k, limit in enumerate(e.limits)}
    limits = [Tuple(*limit).xreplace(new) for limit in e.limits]
    body = _multiplied_out(e.function.xreplace(new), depth + len(new))
    if isinstance(e, Product):
        return Product(body, *limits)
    terms = [term.as_independent(*new.values(), as_Add=False) for term in Add.make_args(body)]
    return Add(*(constant * Sum(rest, *limits) for constant, rest in terms))
