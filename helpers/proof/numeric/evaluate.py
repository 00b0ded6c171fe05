"""The numerical judge's evaluator: its own recursion over the tree, straight from the definitions.

It shares no rule with the normal form: sums are loops, derivatives are central differences, named functions
are calls with their own scope, matrices are products of rows and columns. SymPy simplifies nothing here. The
same recursion runs in floating point (`mpmath.fp`) and in high precision (`mpmath.mp`).

The rules stand in `scalars`, `calculus`, `matrices` and `recursions`; each enters its own in the table below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import mpmath
from sympy import Expr, Indexed, Integer, Symbol, oo
from sympy.matrices.expressions.matexpr import MatrixElement

from ..statement.terms import NamedFunction, PrintedByName
from .points import IllFormed, Point

Env = Mapping[Symbol, Any]  # values of bound indices and parameters: lexical scope, so nothing is captured


class Undefined(ArithmeticError):
    """No finite value at this point: a pole, log 0, or a sum without end."""


class Unsettled(Exception):
    """A limit could not be told apart from another one: the point says nothing about either side."""


class Unsupported(Exception):
    """The evaluator does not know this kind of node, so the numerical judge has no answer."""


Rule = Callable[[Any, Env, Point, Any], Any]
RULES: dict[type, Rule] = {}  # a kind of node -> its rule
GENERAL: list[
    tuple[type, Rule]
] = []  # a class of kinds, such as all named functions -> the rule for all of them


def evaluate(e: Expr, env: Env, point: Point, ctx: Any) -> Any:
    """The value of `e` at `point`, where `ctx` is `mpmath.mp` or `mpmath.fp`.

    Raises Undefined (or another ArithmeticError), IllFormed or Unsupported.
    """
    rule = RULES.get(type(e))
    if rule is not None:
        return rule(e, env, point, ctx)
    if isinstance(e, Integer):
        return e.p
    if not e.args and e.is_number and not isinstance(e, NamedFunction):
        return _number(e, ctx)
    for kind, general in GENERAL:
        if isinstance(e, kind):
            return general(e, env, point, ctx)
    raise Unsupported(f"the evaluator has no rule for {type(e).__name__}")


def _number(e: Expr, ctx: Any) -> Any:
    if e.is_Rational:
        return ctx.mpf(e.p) / e.q
    if e in (oo, -oo):
        return ctx.inf if e is oo else -ctx.inf
    if e.is_finite is not True:
        raise Undefined(f"{e} is not a number")
    return ctx.convert(mpmath.mpmathify(e.evalf(mpmath.mp.dps + 5)))


def as_number(value: Any, ctx: Any) -> Any:
    """A drawn value in the arithmetic of `ctx`; whole numbers stay Python integers."""
    if type(value) is int:
        return value
    if isinstance(value, Fraction):
        above, below = value.as_integer_ratio()
        return above if below == 1 else ctx.mpf(above) / below
    return value if isinstance(value, int) else ctx.convert(value)


def whole(e: Expr, env: Env, point: Point, ctx: Any) -> int:
    """The value of an index or a bound, which must be a whole number."""
    value = evaluate(e, env, point, ctx)
    if type(value) is int:
        return value
    if value != int(value):
        raise IllFormed(f"{e} is used as an index but is not a whole number")
    return int(value)


def key_of(e: Expr, env: Env, point: Point, ctx: Any) -> Any:
    """Under which key a point stores the value of a symbol or of an entry."""
    if isinstance(e, Indexed):
        base, *indices = e.args
        return base, tuple([whole(k, env, point, ctx) for k in indices])
    if isinstance(e, Symbol):
        return e
    if isinstance(e, PrintedByName):
        return e.func, tuple(evaluate(a, env, point, ctx) for a in e.args)
    if isinstance(e, MatrixElement):
        return e.parent, (whole(e.i, env, point, ctx), whole(e.j, env, point, ctx))
    raise IllFormed(f"{e} is not a variable")


def read(key: Any, env: Env, point: Point, ctx: Any) -> Any:
    """The value stored under `key`, drawn if need be; IllFormed outside the array's shape."""
    if point.shifted and key in point.shifted:
        return point.shifted[key]
    if isinstance(key, Symbol):
        return as_number(point.symbol(key), ctx)
    drawn = point.values.get(key)
    if drawn is not None:
        return as_number(drawn, ctx)
    array, indices = key
    shape = tuple(whole(s, {}, point, ctx) for s in array.shape or ())
    label, first = (array.label, 1) if hasattr(array, "label") else (None, 0)
    return as_number(point.entry(array, label, indices, shape, first), ctx)
