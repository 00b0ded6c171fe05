"""Expectations over a table of outcomes, cases and relations, traces: more rules for the evaluator."""

from __future__ import annotations

from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from random import Random
from typing import Any

import mpmath
from sympy import Eq, Expr, Ge, Gt, Le, Lt, Ne, Piecewise, Trace, floor

from helpers.proof import Covariance, Expectation, Variance

from . import chance
from .arithmetic import OUTCOME, RULES, NoValue, Place, Scope, matrix, value

COMPARED = {Eq: eq, Ne: ne, Gt: gt, Ge: ge, Lt: lt, Le: le}


def _table(place: Place) -> list:
    laws = [part for _, law in place.given.random.values() for part in law.parts()]
    moved = {where if isinstance(where, str) else str(where[0]) for where in place.moved}
    if moved & {str(s) for part in laws for s in part.free_symbols}:
        raise NoValue("the law moves, too")
    if place.outcomes is None:

        def number(e: Expr, scope: Scope) -> Any:
            return value(e, scope, place)

        try:
            with mpmath.workdps(140):
                place.outcomes = chance.table(
                    place.given, place.shapes, place.mentioned, number, Random(f"{place.seed} law")
                )
        except chance.NoLaw as reason:
            raise NoValue(str(reason)) from None
        place.around = [Random(f"{place.seed} one").choice(place.outcomes)[0]]
    return place.outcomes


def _outcome(place: Place, where: Any) -> Any:
    _table(place)
    if where not in place.around[-1]:
        raise NoValue(f"{where} is not drawn")
    return place.around[-1][where]


def _expectation(e: Expectation, scope: Scope, place: Place) -> Any:
    """The weighted sum over the table; over some letters only, the others keep their values."""
    names = {str(getattr(letter, "label", letter)) for letter in e.over}
    return _mean(lambda: value(e.args[0], scope, place), place, names)


def _mean(f: Callable[[], Any], place: Place, names: set[str]) -> Any:
    total, outcomes = mpmath.mpf(0), _table(place)
    kept = place.around[-1]
    for at, weight in outcomes:
        inside = at if not names else {w: at[w] if w[0] in names else kept[w] for w in at}
        place.around.append(inside)
        try:
            total += weight * f()
        finally:
            place.around.pop()
    return total


def _covariance(e: Any, scope: Scope, place: Place) -> Any:
    one, other = e.args if len(e.args) == 2 else e.args * 2

    def mean(part: Expr) -> Any:
        return _mean(lambda: value(part, scope, place), place, set())

    at_one, at_other = mean(one), mean(other)
    return _mean(
        lambda: (value(one, scope, place) - at_one) * (value(other, scope, place) - at_other), place, set()
    )


def _trace(e: Trace, scope: Scope, place: Place) -> Any:
    rows = matrix(e.arg, scope, place)
    return mpmath.fsum(rows[i][i] for i in range(len(rows)))


def _cases(e: Piecewise, scope: Scope, place: Place) -> Any:
    for case, condition in e.args:
        if condition == True or holds(condition, scope, place):  # noqa: E712
            return value(case, scope, place)
    raise NoValue("no case holds")


def holds(condition: Any, scope: Scope, place: Place) -> bool:
    """Whether a relation between numbers holds; NoValue if it is too close to tell."""
    one, other = (value(side, scope, place) for side in condition.args)
    if one != other and abs(one - other) < mpmath.mpf(10) ** -20:
        raise NoValue("too close to tell")
    return bool(COMPARED[type(condition)](one, other))


def _floor(e: Expr, scope: Scope, place: Place) -> Any:
    x = value(e.args[0], scope, place)
    near = mpmath.nint(mpmath.re(x))
    if mpmath.im(x) != 0 or (x != near and abs(x - near) < mpmath.mpf(10) ** -20):
        raise NoValue("no real number, or too close to a whole one to tell")
    return near if x == near else mpmath.floor(x)


OUTCOME.append(_outcome)
RULES.update(
    {
        Trace: _trace,
        Piecewise: _cases,
        floor: _floor,
        Expectation: _expectation,
        Variance: _covariance,
        Covariance: _covariance,
    }
)
