"""The evaluator's rules for numbers: letters, entries, sums, products, powers and functions of one number."""

from __future__ import annotations

from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from typing import Any

import mpmath
from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Expr,
    Ge,
    Gt,
    Heaviside,
    Indexed,
    KroneckerDelta,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Ne,
    Not,
    Or,
    Piecewise,
    Pow,
    Product,
    S,
    Sum,
    Symbol,
    ceiling,
    cos,
    cosh,
    erf,
    exp,
    false,
    floor,
    log,
    sign,
    sin,
    sinh,
    tan,
    tanh,
    true,
)

from ..statement.terms import SmoothFunction, waves
from ..work import tick
from .chances import chances
from .evaluate import (
    GENERAL,
    RULES,
    Env,
    Undefined,
    Unsettled,
    Unsupported,
    as_number,
    evaluate,
    key_of,
    read,
    whole,
)
from .points import Point
from .rounding import Rounding

MOST_BITS = 1_000_000  # of a number that is worked with


def _symbol(e: Symbol, env: Env, point: Point, ctx: Any) -> Any:
    if e in env:
        return env[e]
    # Most of these are empty, and to look a letter up costs more than to see that.
    if point.shifted and e in point.shifted:
        return point.shifted[e]
    if point.given.random and e in point.given.random:
        return chances(point).value(e, e, ctx)
    if point.given.defined and e in point.given.defined:
        return by_hypothesis(e, point, ctx)
    return as_number(point.symbol(e), ctx)


def by_hypothesis(e: Symbol, point: Point, ctx: Any) -> Any:
    """The value that a fact gives to a letter: at the point, not where a derivative has moved something."""
    shifted, point.shifted = point.shifted, {}
    try:
        return evaluate(point.given.defined[e], {}, point, ctx)
    finally:
        point.shifted = shifted


def _indexed(e: Indexed, env: Env, point: Point, ctx: Any) -> Any:
    if point.given.random and e.base in point.given.random:
        key = key_of(e, env, point, ctx)
        point.demand_inside(key, tuple(whole(s, {}, point, ctx) for s in e.base.shape or ()), 1)
        return point.shifted[key] if key in point.shifted else chances(point).value(key, e.base, ctx)
    return read(key_of(e, env, point, ctx), env, point, ctx)


def _add(e: Add, env: Env, point: Point, ctx: Any) -> Any:
    return _total([evaluate(a, env, point, ctx) for a in e.args], point)


def _total(terms: list[Any], point: Point) -> Any:
    total = sum(terms)
    if point.rounding:
        point.rounding.of_sum(terms, total)
    return total


def _mul(e: Mul, env: Env, point: Point, ctx: Any) -> Any:
    first, *others = e.args
    result = evaluate(first, env, point, ctx)
    for a in others:
        result = result * evaluate(a, env, point, ctx)
    if point.rounding:
        point.rounding.of_values([result])
    return result


def _pow(e: Pow, env: Env, point: Point, ctx: Any) -> Any:
    base, power = (evaluate(a, env, point, ctx) for a in e.args)
    # 0 to a negative power is a pole; 0^0 is 1 for a whole power only.
    if base == 0 and not (isinstance(power, int) and power >= 0) and ctx.re(power) <= 0:
        raise Undefined(f"division by zero: {e.base} = 0")
    _demand_moderate(base, power)
    plain = isinstance(power, int) and (power >= 0 or not isinstance(base, int))
    result = base**power if plain else ctx.power(base, power)
    if point.rounding:
        point.rounding.of_values([result])
    return result


def _demand_moderate(base: Any, power: Any) -> None:
    """Raises Unsettled for a power that would take for ever, or more memory than there is."""
    bits = base.bit_length() if isinstance(base, int) else 1
    if isinstance(power, int) and (power.bit_length() > 64 or (bits > 1 and bits * power > MOST_BITS)):
        raise Unsettled(f"a power of {base} is too large to be worked out")


def _range(e: Sum | Product, env: Env, point: Point, ctx: Any) -> range:
    _, low, high = e.limits[-1]
    if low.is_infinite or high.is_infinite:
        raise Unsupported("a sum without end")
    # A reversed range is empty; SymPy would follow Karr and subtract the missing terms.
    return range(whole(low, env, point, ctx), whole(high, env, point, ctx) + 1)


def _terms(e: Sum | Product, env: Env, point: Point, ctx: Any) -> list[Any]:
    # The last limit is the outermost one, as SymPy writes multiple sums.
    inner = e.func(e.function, *e.limits[:-1]) if len(e.limits) > 1 else e.function
    scope, index = dict(env), e.limits[-1][0]
    values = []
    for k in _range(e, env, point, ctx):
        tick()
        scope[index] = k
        values.append(evaluate(inner, scope, point, ctx))
    return values


def _sum(e: Sum, env: Env, point: Point, ctx: Any) -> Any:
    return _total(_terms(e, env, point, ctx), point)


def _product(e: Product, env: Env, point: Point, ctx: Any) -> Any:
    result = 1
    for value in _terms(e, env, point, ctx):
        result = result * value
    return result


def _delta(e: KroneckerDelta, env: Env, point: Point, ctx: Any) -> int:
    a, b = (evaluate(k, env, point, ctx) for k in e.args[:2])
    return int(a == b)


def _smooth(e: SmoothFunction, env: Env, point: Point, ctx: Any) -> Any:
    """A fixed sum of sines, differentiated `order` times."""
    x = evaluate(e.args[0], env, point, ctx)
    order, total = e.func.order, 0
    for wave in waves(e.func.family[0]):
        amplitude, frequency, phase = (ctx.mpf(number) for number in wave)
        total += amplitude * frequency**order * ctx.sin(frequency * x + phase + order * ctx.pi / 2)
    return total


def _exp(x: Any, ctx: Any) -> Any:
    """mpmath multiplies e by itself for a whole x, however large; here such an x is reduced modulo ln 2."""
    if ctx is not mpmath.mp or mpmath.im(x) != 0 or abs(x) < 10**9:
        return ctx.exp(x)
    if mpmath.mag(x) > MOST_BITS // 10:
        raise Unsettled("an exponential is too large to be worked out")
    with mpmath.workprec(mpmath.mp.prec + mpmath.mag(x) + 10):
        doublings = mpmath.floor(x / mpmath.ln2)
        rest = mpmath.exp(x - doublings * mpmath.ln2)
    return mpmath.ldexp(rest, int(doublings))


def _log(x: Any, ctx: Any) -> Any:
    if x == 0:
        raise Undefined("log 0")
    return ctx.log(x)


def _floor(x: Any, ctx: Any) -> Any:
    """The whole part; a quotient that is whole up to rounding is whole, what only tends to it is not."""
    rounding = 1e-9 if ctx is mpmath.fp else mpmath.mpf(10) ** (10 - mpmath.mp.dps)
    nearest = ctx.floor(x + 0.5)
    return int(nearest if abs(x - nearest) < rounding * (1 + abs(x)) else ctx.floor(x))


def _cases(e: Piecewise, env: Env, point: Point, ctx: Any) -> Any:
    """The first case whose condition holds; Undefined if none does."""
    for value, condition in e.args:
        if holds(condition, env, point, ctx):
            return evaluate(value, env, point, ctx)
    raise Undefined("no case holds")


def holds(condition: Any, env: Env, point: Point, ctx: Any) -> bool:
    if condition in (true, false):
        return condition is true
    if isinstance(condition, (And, Or)):
        return (all if isinstance(condition, And) else any)(holds(c, env, point, ctx) for c in condition.args)
    if isinstance(condition, Not):
        return not holds(condition.args[0], env, point, ctx)
    if type(condition) not in COMPARED:
        raise Unsupported(f"the evaluator has no rule for {condition}")
    left, right = (evaluate(side, env, point, ctx) for side in condition.args)
    _demand_seen(left, right, condition.args, env, point, ctx)
    return bool(COMPARED[type(condition)](left, right))


def _demand_seen(left: Any, right: Any, sides: Any, env: Env, point: Point, ctx: Any) -> None:
    """Raises Unsettled if two values differ by no more than rounding: which is greater is not seen.

    Such a difference is tiny. What is tiny for another reason, as exp(-1000) - 0, is told apart by looking
    where sums cancel.
    """
    gap = left - right
    if ctx is not mpmath.mp or gap == 0 or mpmath.mag(gap) > -mpmath.mp.prec // 2:
        return
    with point.watched() as seen:
        terms = [evaluate(side, env, point, ctx) for side in sides]
        seen.of_sum([terms[0], -terms[1]], terms[0] - terms[1])
    if seen.covers(gap):
        raise Unsettled(f"{sides[0]} and {sides[1]} differ by rounding only")


COMPARED = {Eq: eq, Ne: ne, Gt: gt, Ge: ge, Lt: lt, Le: le}
FUNCTIONS: dict[type, Callable[..., Any]] = {
    exp: lambda ctx, x: _exp(x, ctx),
    log: lambda ctx, x: _log(x, ctx),
    tanh: lambda ctx, x: ctx.tanh(x),
    sin: lambda ctx, x: ctx.sin(x),
    cos: lambda ctx, x: ctx.cos(x),
    tan: lambda ctx, x: ctx.tan(x),
    sinh: lambda ctx, x: ctx.sinh(x),
    cosh: lambda ctx, x: ctx.cosh(x),
    erf: lambda ctx, x: ctx.erf(x),
    floor: lambda ctx, x: _floor(x, ctx),
    ceiling: lambda ctx, x: -_floor(-x, ctx),
    sign: lambda ctx, x: ctx.sign(x),
    Abs: lambda ctx, x: abs(x),
    Max: lambda ctx, *xs: max(xs),
    Min: lambda ctx, *xs: min(xs),
    Heaviside: lambda ctx, x, at_zero=0.5: at_zero if x == 0 else int(x > 0),
}


def _function(e: Expr, env: Env, point: Point, ctx: Any) -> Any:
    arguments = [evaluate(a, env, point, ctx) for a in e.args]
    if isinstance(e, (sign, Heaviside)):
        _demand_seen(arguments[0], 0, (e.args[0], S.Zero), env, point, ctx)
    value = FUNCTIONS[type(e)](ctx, *arguments)
    if point.rounding:
        _watch(e, arguments, value, point.rounding)
    return value


def _watch(e: Expr, arguments: list[Any], value: Any, seen: Rounding) -> None:
    seen.of_values([*arguments, value])
    if isinstance(e, (tanh, erf)):
        seen.of_end(abs(value), 1)
    if isinstance(e, (sinh, cosh)):  # e^x and e^-x, of which one may vanish beside the other
        seen.of_distance(2 * abs(arguments[0]) / mpmath.ln2)


RULES.update(
    {
        Symbol: _symbol,
        Indexed: _indexed,
        Add: _add,
        Mul: _mul,
        Pow: _pow,
        Sum: _sum,
        Product: _product,
        KroneckerDelta: _delta,
        Piecewise: _cases,
        **dict.fromkeys(FUNCTIONS, _function),
    }
)
GENERAL += [(Symbol, _symbol), (SmoothFunction, _smooth)]
