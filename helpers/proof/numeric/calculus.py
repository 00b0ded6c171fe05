"""The evaluator's rules for derivatives, limits, values at a point and named functions."""

from __future__ import annotations

from typing import Any

import mpmath
from sympy import Expr, Limit, Symbol

from ..statement.terms import At, NamedFunction, Partial, PrintedByName
from ..work import tick
from . import kept, limits
from .evaluate import GENERAL, RULES, Env, Unsettled, evaluate, key_of
from .points import IllFormed, Point

KINK = 1e-8  # relative difference of two slopes that is more than a curvature can make


def _partial(e: Partial, env: Env, point: Point, ctx: Any) -> Any:
    """Central difference. In high precision the digits are doubled first, so nesting loses none.

    By a quantity that is defined by others, as in the derivative of C by an output a_k, the definition gives
    the value, which is then moved; whatever does not go through that quantity stays as it is.
    """
    body, variable = e.args
    exact, digits = ctx is mpmath.mp, mpmath.mp.dps
    # The error of a central difference is of the order of the step squared, its rounding of 1/step.
    with mpmath.workdps(2 * digits if exact else digits):
        step = ctx.mpf(10) ** (-digits // 2 - 2 if exact else -5)
        if variable in env:  # a parameter of a named function, or the variable of a limit
            near = ({**env, variable: env[variable] + s} for s in (step, -step))
            high, low = (evaluate(body, place, point, ctx) for place in near)
            if exact:
                _demand_one_slope(high, evaluate(body, env, point, ctx), low, step, variable)
            return (high - low) / (2 * step)
        key = key_of(variable, env, point, ctx)
        at = evaluate(variable, env, point, ctx)
        named = isinstance(variable, PrintedByName)
        moved = [(variable, at + s) if named else at + s for s in (step, -step)]
        high, low = (_moved(key, value, body, env, point, ctx) for value in moved)
        if exact:
            _demand_one_slope(high, evaluate(body, env, point, ctx), low, step, variable)
        return (high - low) / (2 * step)


def _demand_one_slope(high: Any, here: Any, low: Any, step: Any, variable: Expr) -> None:
    """Raises Unsettled at a kink, where the slopes from right and left differ, as those of |x| at 0 do."""
    right, left = (high - here) / step, (here - low) / step
    if abs(right - left) > KINK * (1 + abs(right) + abs(left)):
        raise Unsettled(f"there is a kink or a jump in the direction of {variable}")


def moved_application(e: PrintedByName, arguments: list[Any], point: Point) -> Any:
    """The value that a derivative gives to an application just now; None if it gives none.

    Raises Unsettled where another application, of numbers that are no indices, only happens to agree:
    sigma(z) at z = 1 is not the quantity sigma(t) at t = 1.
    """
    if not point.shifted or (e.func, tuple(arguments)) not in point.shifted:
        return None
    variable, value = point.shifted[e.func, tuple(arguments)]
    if e != variable and not all(a.is_integer for a in e.args):
        raise Unsettled(f"{e} may or may not be meant by {variable}")
    return value


def _moved(key: Any, value: Any, body: Expr, env: Env, point: Point, ctx: Any) -> Any:
    """The value of `body` with one stored number moved."""
    before = point.shifted.get(key)
    point.shifted[key] = value
    try:
        return evaluate(body, env, point, ctx)
    finally:
        if before is None:
            del point.shifted[key]
        else:
            point.shifted[key] = before


def _at(e: At, env: Env, point: Point, ctx: Any) -> Any:
    body, variable, value = e.args
    if not isinstance(variable, Symbol):
        raise IllFormed(f"{variable} is not a variable")
    return evaluate(body, {**env, variable: evaluate(value, env, point, ctx)}, point, ctx)


def _limit(e: Limit, env: Env, point: Point, ctx: Any) -> Any:
    """Always in high precision: floating point cannot come close enough."""
    body, variable, at, side = e.args
    target = evaluate(at, env, point, mpmath.mp)
    try:
        with point.watched() as seen:
            found = limits.approach(
                target, str(side), lambda x: evaluate(body, {**env, variable: x}, point, mpmath.mp)
            )
    except IllFormed:  # a sum of n terms is not seen at an n that is not whole, and too long at a far one
        raise Unsettled(f"{e} is not seen") from None
    if found is None or seen.noise:
        raise Unsettled(f"{e} does not settle")
    return ctx.convert(found)


def _named(e: NamedFunction, env: Env, point: Point, ctx: Any) -> Any:
    """A letter of the body that is no parameter means what it means around the call, as for `unfold`."""
    tick()
    arguments = [evaluate(a, env, point, ctx) for a in e.args]
    moved = moved_application(e, arguments, point)
    if moved is not None:
        return moved
    scope = {**env, **dict(zip(e.func.parameters, arguments, strict=True))}
    return kept.value(e.func, arguments, env, point, ctx, lambda: evaluate(e.func.body, scope, point, ctx))


RULES.update({Partial: _partial, At: _at, Limit: _limit})
GENERAL.append((NamedFunction, _named))
