"""Entries of matrix expressions at a point, from the definitions: the numerical judge's half.

The symbolic judge has rules of its own; the two must not share code.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import mpmath
from sympy import Determinant, IndexedBase, Integer, MatrixExpr, MatrixSymbol, Symbol, Trace
from sympy.matrices.expressions.matexpr import MatrixElement

from ..statement.terms import PrintedByName
from . import evaluate as tree
from .points import IllFormed, Point


def entry(m: Any, place: tuple[int, int], env: Any, point: Point, ctx: Any) -> Any:
    """Entry `place` (counted from 0) of the matrix expression `m`; a scalar factor is its own every entry.

    Raises Unsupported for an operation without a rule, IllFormed outside the shape.
    """
    if not isinstance(m, MatrixExpr):
        return tree.evaluate(m, env, point, ctx)
    kind, (i, j) = type(m).__name__, place
    if kind == "MatrixSymbol":
        return tree.read((m, place), env, point, ctx)
    _inside(m, place, env, point, ctx)
    if kind in ENTRYWISE:
        return ENTRYWISE[kind]([entry(a, place, env, point, ctx) for a in m.args])
    if kind in KEPT:
        return _kept(m, place, env, point, ctx)
    if kind == "Transpose":
        return entry(m.args[0], (j, i), env, point, ctx)
    if kind == "DiagMatrix":
        at = (i, 0) if m.args[0].shape[1] == 1 else (0, i)
        return entry(m.args[0], at, env, point, ctx) if i == j else 0
    if kind == "ElementwiseApplyFunction":
        (parameter,), body = m.function.variables, m.function.expr
        return tree.evaluate(body, {**env, parameter: entry(m.expr, place, env, point, ctx)}, point, ctx)
    if kind == "Gradient":
        return tree.evaluate(m.partial(Integer(i), Integer(j)), env, point, ctx)
    if kind in CONSTANT:
        return CONSTANT[kind](i, j)
    return _power(m, place, env, point, ctx)


def _kept(m: Any, place: tuple[int, int], env: Any, point: Point, ctx: Any) -> Any:
    """An entry that may be asked for again: kept for what is moved just now, unless it is bound around it."""
    state = _state(m, env, point)
    if state is None:
        return KEPT[type(m).__name__](m, place, env, point, ctx)
    key = m, place, state, ctx is mpmath.mp, mpmath.mp.prec
    if key not in point.entries:
        value = KEPT[type(m).__name__](m, place, env, point, ctx)
        if len(point.entries) > MOST_KEPT:
            point.entries.clear()
        point.entries[key] = value
    return point.entries[key]


def _state(m: Any, env: Any, point: Point) -> Any:
    """What decides the value of a matrix at this point: what of it is moved just now, or () for nothing.

    None if it may be another one each time: it is random, or has letters that are bound around it.
    """
    letters, named = _letters(m)
    if point.given.random or not letters.isdisjoint(env):
        return None
    if not point.shifted:
        return ()
    moved = {key[0] if isinstance(key, tuple) else key for key in point.shifted}
    if named:
        return None
    return () if letters.isdisjoint(moved) else frozenset(point.shifted.items())


@lru_cache(maxsize=1_000)
def _letters(m: Any) -> tuple[frozenset, bool]:
    """The letters and arrays of a matrix, and whether it applies a named function."""
    return frozenset(m.free_symbols | m.atoms(Symbol, MatrixSymbol, IndexedBase)), bool(
        m.atoms(PrintedByName)
    )


def _inverse_entry(m: Any, place: tuple[int, int], env: Any, point: Point, ctx: Any) -> Any:
    inverse, state = _inverse(m, env, point), _state(m, env, point)
    if state is not None:
        rows, columns = range(inverse.rows), range(inverse.cols)
        numbers = ctx is mpmath.mp, mpmath.mp.prec
        point.entries.update({(m, (i, j), state, *numbers): inverse[i, j] for i in rows for j in columns})
    return inverse[place]


def _times(values: list[Any]) -> Any:
    result = 1
    for v in values:
        result = result * v
    return result


KEPT = {"MatMul": lambda *a: _product(*a), "Inverse": _inverse_entry}
ENTRYWISE = {"MatAdd": sum, "HadamardProduct": _times}
CONSTANT = {"Identity": lambda i, j: int(i == j), "OneMatrix": lambda i, j: 1, "ZeroMatrix": lambda i, j: 0}


def _inside(m: Any, place: tuple[int, int], env: Any, point: Point, ctx: Any) -> None:
    rows, columns = (tree.whole(s, env, point, ctx) for s in m.shape)
    if not (0 <= place[0] < rows and 0 <= place[1] < columns):
        raise IllFormed(f"entry {list(place)} is outside a {rows} x {columns} matrix")


def _product(m: Any, place: tuple[int, int], env: Any, point: Point, ctx: Any) -> Any:
    """Row times column, for the first factor and the product of the rest."""
    first, *rest = m.args
    if not rest:
        return entry(first, place, env, point, ctx)
    others = m.func(*rest) if len(rest) > 1 else rest[0]
    if not isinstance(first, MatrixExpr) or not isinstance(others, MatrixExpr):
        return entry(first, place, env, point, ctx) * entry(others, place, env, point, ctx)
    inner = range(tree.whole(first.shape[1], env, point, ctx))
    left = [entry(first, (place[0], k), env, point, ctx) for k in inner]
    right = [entry(others, (k, place[1]), env, point, ctx) for k in inner]
    return sum(a * b for a, b in zip(left, right, strict=True))


def _numbers(m: Any, env: Any, point: Point) -> Any:
    """All entries of a square matrix as numbers, in high precision."""
    size = tree.whole(m.shape[0], env, point, mpmath.mp)
    rows = [[entry(m, (i, j), env, point, mpmath.mp) for j in range(size)] for i in range(size)]
    return mpmath.matrix(rows)


def _inverse(m: Any, env: Any, point: Point) -> Any:
    numbers = _numbers(m.arg, env, point)
    if abs(mpmath.det(numbers)) < SINGULAR:
        raise tree.Undefined(f"{m.arg} has no inverse")
    return mpmath.inverse(numbers)


def _determinant(e: Determinant, env: Any, point: Point, ctx: Any) -> Any:
    return ctx.convert(mpmath.det(_numbers(e.arg, env, point)))


def _trace(e: Trace, env: Any, point: Point, ctx: Any) -> Any:
    places = range(tree.whole(e.arg.shape[0], env, point, ctx))
    return sum(entry(e.arg, (k, k), env, point, ctx) for k in places)


MOST_KEPT = 20_000  # entries at one point
SINGULAR = mpmath.mpf(10) ** -20


def _power(m: Any, place: tuple[int, int], env: Any, point: Point, ctx: Any) -> Any:
    kind = type(m).__name__
    if kind == "HadamardPower":
        return entry(m.base, place, env, point, ctx) ** tree.evaluate(m.exp, env, point, ctx)
    if kind != "MatPow" or not (m.exp.is_Integer and m.exp > 0):
        raise tree.Unsupported(f"the evaluator has no rule for {kind}")
    power = tree.whole(m.exp, env, point, ctx)
    if power == 1:
        return entry(m.base, place, env, point, ctx)
    inner = range(tree.whole(m.shape[0], env, point, ctx))
    lower = m.func(m.base, power - 1)
    return sum(
        entry(m.base, (place[0], k), env, point, ctx) * entry(lower, (k, place[1]), env, point, ctx)
        for k in inner
    )


def _matrix_element(e: MatrixElement, env: Any, point: Point, ctx: Any) -> Any:
    i, j = tree.whole(e.i, env, point, ctx), tree.whole(e.j, env, point, ctx)
    return entry(e.parent, (i, j), env, point, ctx)


tree.RULES.update({MatrixElement: _matrix_element, Determinant: _determinant, Trace: _trace})
