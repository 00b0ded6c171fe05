"""Values of named functions that a point has found already.

A mean inside a sum over samples is the same for every term; worked out anew for each, a mean of means costs
the square of the number of samples. A value is found again only where everything that it depends on is the
same: the arguments with their types (0 to the power 0 is 1 for the whole number 0 only), the letters around
the call that its body or a function inside its body names, what a derivative has moved just now, and the
precision. Where outcomes are gone through, nothing is kept: they change from one to the next. Nor is it where
rounding is looked for, since a value that is found again rounds nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import mpmath
from sympy import Function, Symbol

from ..statement.recursive import RecursiveFunction
from ..statement.terms import NamedFunction
from .points import Point

MOST = 20_000  # values that a point keeps


@cache
def letters(function: type[Function]) -> tuple[Symbol, ...]:
    """The letters that a function may take from around its call: too many do no harm, one too few would."""
    found: set[Symbol] = set()
    seen, waiting = {function}, [function]
    while waiting:
        one = waiting.pop()
        for body in (one.base, one.rule) if issubclass(one, RecursiveFunction) else (one.body,):
            found |= body.atoms(Symbol)
            inside = {call.func for call in body.atoms(NamedFunction, RecursiveFunction)} - seen
            seen |= inside
            waiting += inside
    return tuple(sorted(found, key=str))


def value(
    function: type[Function],
    arguments: list[Any],
    env: Mapping[Symbol, Any],
    point: Point,
    ctx: Any,
    work_out: Callable[[], Any],
) -> Any:
    """What `work_out` gives, from memory where the point has found it before."""
    if point.given.random or point.rounding:
        return work_out()
    scope = [(s, env[s], type(env[s])) for s in letters(function) if s in env]
    key = (
        function,
        tuple(arguments),
        tuple(map(type, arguments)),
        tuple(scope),
        tuple(point.shifted.items()),
        mpmath.mp.dps if ctx is mpmath.mp else 0,
    )
    if key not in point.found:
        found = work_out()
        if len(point.found) >= MOST:
            point.found.clear()
        point.found[key] = found
    return point.found[key]
