"""Recursive functions and products over layers for the evaluator: run them, for numbers."""

from __future__ import annotations

from typing import Any

from sympy import Integer

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
    if f.layers:
        return _product(f, arguments, env, point, ctx)
    start = tree.whole(f.start, {}, point, ctx)
    if abs(arguments[f.level] - start) > DEEPEST:
        raise IllFormed(f"the recursion of {f.__name__} does not end")
    scope = {**env, **dict(zip(f.parameters, arguments, strict=True))}
    return tree.evaluate(f.base if arguments[f.level] == start else f.rule, scope, point, ctx)


def _product(f: type[RecursiveFunction], arguments: list[Any], env: Any, point: Point, ctx: Any) -> Any:
    """Row times matrix, from the left: not the order in which the recursion defines it."""
    matrix, vector, width, last = f.layers
    first, row = (int(a) for a in arguments)

    def at(e: Any) -> Any:
        return tree.evaluate(e, env, point, ctx)

    end = int(at(last))
    if first > end + 1:
        raise IllFormed(f"the product {f.__name__} starts after its last layer")
    left = {row: 1}
    for layer in range(first, end + 1):
        columns = range(1, int(at(width(Integer(layer + 1)))) + 1)
        left = {
            k: sum(v * at(matrix(Integer(layer), Integer(i), Integer(k))) for i, v in left.items())
            for k in columns
        }
    return sum(v * at(vector(Integer(k))) for k, v in left.items())


tree.GENERAL.append((RecursiveFunction, value))
