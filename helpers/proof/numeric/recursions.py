"""Recursive functions for the evaluator: run them, for numbers."""

from __future__ import annotations

from typing import Any

from ..statement.recursive import RecursiveFunction
from ..work import tick
from . import evaluate as tree
from .calculus import moved_application
from .points import IllFormed, Point

DEEPEST = 60  # levels that are followed


def value(e: RecursiveFunction, env: Any, point: Point, ctx: Any) -> Any:
    """The value of one application; IllFormed if the recursion does not reach its start."""
    tick()
    f = e.func
    arguments = [tree.evaluate(a, env, point, ctx) for a in e.args]
    moved = moved_application(e, arguments, point)
    if moved is not None:
        return moved
    start = tree.whole(f.start, {}, point, ctx)
    if abs(arguments[f.level] - start) > DEEPEST:
        raise IllFormed(f"the recursion of {f.__name__} does not end")
    scope = {**env, **dict(zip(f.parameters, arguments, strict=True))}
    return tree.evaluate(f.base if arguments[f.level] == start else f.rule, scope, point, ctx)


tree.GENERAL.append((RecursiveFunction, value))
