"""The numerical judge's evaluator: its own recursion over the tree, straight from the definitions.

It shares no code with the normal form: sums are loops, derivatives are central differences, named functions
are calls with their own scope, matrices are `evaluate_matrices`. SymPy simplifies nothing here. The same
recursion runs in floating point (`mpmath.fp`) and in high precision (`mpmath.mp`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import mpmath
from sympy import (
    Abs,
    Add,
    Expr,
    Heaviside,
    Indexed,
    KroneckerDelta,
    Limit,
    Max,
    Min,
    Mul,
    Pow,
    Product,
    Sum,
    Symbol,
    cos,
    cosh,
    exp,
    log,
    oo,
    sign,
    sin,
    sinh,
    tanh,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from . import evaluate_limits, evaluate_matrices, evaluate_recursion
from .deadline import tick
from .objects import At, NamedFunction, Partial, SmoothFunction, waves
from .points import IllFormed, Point
from .recursion import RecursiveFunction

Env = Mapping[Symbol, Any]  # values of bound indices and parameters: lexical scope, so nothing is captured


class Undefined(ArithmeticError):
    """No finite value at this point: a pole, log 0, or a sum without end."""


class Unsettled(Exception):
    """A limit could not be told apart from another one: the point says nothing about either side."""


class Unsupported(Exception):
    """The evaluator does not know this kind of node, so the numerical judge has no answer."""


def evaluate(e: Expr, env: Env, point: Point, ctx: Any) -> Any:
    """The value of `e` at `point`, where `ctx` is `mpmath.mp` or `mpmath.fp`.

    Raises Undefined (or another ArithmeticError), IllFormed or Unsupported.
    """
    rule = RULES.get(type(e))
    if rule is not None:
        return rule(e, env, point, ctx)
    if not e.args and e.is_number and not isinstance(e, NamedFunction):
        return _number(e, ctx)
    for kind, general in GENERAL:
        if isinstance(e, kind):
            return general(e, env, point, ctx)
    raise Unsupported(f"the evaluator has no rule for {type(e).__name__}")


def _number(e: Expr, ctx: Any) -> Any:
    if e.is_Integer:
        return int(e)
    if e.is_Rational:
        return ctx.mpf(e.p) / e.q
    if e in (oo, -oo):
        return ctx.inf if e is oo else -ctx.inf
    if e.is_finite is not True:
        raise Undefined(f"{e} is not a number")
    return ctx.convert(mpmath.mpmathify(e.evalf(mpmath.mp.dps + 5)))


def as_number(value: Any, ctx: Any) -> Any:
    """A drawn value in the arithmetic of `ctx`; whole numbers stay Python integers."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else ctx.mpf(value.numerator) / value.denominator
    return value if isinstance(value, int) else ctx.convert(value)


def whole(e: Expr, env: Env, point: Point, ctx: Any) -> int:
    """The value of an index or a bound, which must be a whole number."""
    value = evaluate(e, env, point, ctx)
    if value != int(value):
        raise IllFormed(f"{e} is used as an index but is not a whole number")
    return int(value)


def _symbol(e: Symbol, env: Env, point: Point, ctx: Any) -> Any:
    if e in env:
        return env[e]
    if e in point.shifted:
        return point.shifted[e]
    return as_number(point.symbol(e), ctx)


def key_of(e: Expr, env: Env, point: Point, ctx: Any) -> Any:
    """Under which key a point stores the value of a symbol or of an entry."""
    if isinstance(e, Symbol):
        return e
    if isinstance(e, Indexed):
        return e.base, tuple(whole(k, env, point, ctx) for k in e.indices)
    if isinstance(e, MatrixElement):
        return e.parent, (whole(e.i, env, point, ctx), whole(e.j, env, point, ctx))
    raise IllFormed(f"{e} is not a variable")


def read(key: Any, env: Env, point: Point, ctx: Any) -> Any:
    """The value stored under `key`, drawn if need be; IllFormed outside the array's shape."""
    if key in point.shifted:
        return point.shifted[key]
    if isinstance(key, Symbol):
        return as_number(point.symbol(key), ctx)
    array, indices = key
    if (array, indices) in point.values:
        return as_number(point.values[array, indices], ctx)
    shape = tuple(whole(s, {}, point, ctx) for s in array.shape or ())
    label, first = (array.label, 1) if hasattr(array, "label") else (None, 0)
    return as_number(point.entry(array, label, indices, shape, first), ctx)


def _indexed(e: Indexed, env: Env, point: Point, ctx: Any) -> Any:
    return read(key_of(e, env, point, ctx), env, point, ctx)


def _matrix_element(e: MatrixElement, env: Env, point: Point, ctx: Any) -> Any:
    i, j = whole(e.i, env, point, ctx), whole(e.j, env, point, ctx)
    return evaluate_matrices.entry(e.parent, (i, j), env, point, ctx)


def _add(e: Add, env: Env, point: Point, ctx: Any) -> Any:
    return sum([evaluate(a, env, point, ctx) for a in e.args])


def _mul(e: Mul, env: Env, point: Point, ctx: Any) -> Any:
    result = 1
    for a in e.args:
        result = result * evaluate(a, env, point, ctx)
    return result


def _pow(e: Pow, env: Env, point: Point, ctx: Any) -> Any:
    base, power = (evaluate(a, env, point, ctx) for a in e.args)
    if base == 0 and not (isinstance(power, int) and power >= 0) and ctx.re(power) <= 0:
        raise Undefined(f"division by zero: {e.base} = 0")
    if isinstance(power, int) and (power >= 0 or not isinstance(base, int)):
        return base**power
    return ctx.power(base, power)


def _range(e: Sum | Product, env: Env, point: Point, ctx: Any) -> range:
    _, low, high = e.limits[-1]
    if low.is_infinite or high.is_infinite:
        raise Unsupported("a sum without end")
    # A reversed range is empty; SymPy would follow Karr and subtract the missing terms.
    return range(whole(low, env, point, ctx), whole(high, env, point, ctx) + 1)


def _terms(e: Sum | Product, env: Env, point: Point, ctx: Any) -> list[Any]:
    inner = e.func(e.function, *e.limits[:-1]) if len(e.limits) > 1 else e.function
    scope, index = dict(env), e.limits[-1][0]
    values = []
    for k in _range(e, env, point, ctx):
        tick()
        scope[index] = k
        values.append(evaluate(inner, scope, point, ctx))
    return values


def _sum(e: Sum, env: Env, point: Point, ctx: Any) -> Any:
    return sum(_terms(e, env, point, ctx))


def _product(e: Product, env: Env, point: Point, ctx: Any) -> Any:
    result = 1
    for value in _terms(e, env, point, ctx):
        result = result * value
    return result


def _delta(e: KroneckerDelta, env: Env, point: Point, ctx: Any) -> int:
    a, b = (evaluate(k, env, point, ctx) for k in e.args[:2])
    return int(a == b)


def _partial(e: Partial, env: Env, point: Point, ctx: Any) -> Any:
    """Central difference. In high precision the digits are doubled first, so nesting loses none."""
    body, variable = e.args
    exact, digits = ctx is mpmath.mp, mpmath.mp.dps
    with mpmath.workdps(2 * digits if exact else digits):
        step = ctx.mpf(10) ** (-digits // 2 - 2 if exact else -5)
        if variable in env:  # a parameter of a named function, or the variable of a limit
            high, low = ({**env, variable: env[variable] + s} for s in (step, -step))
            return (evaluate(body, high, point, ctx) - evaluate(body, low, point, ctx)) / (2 * step)
        key = key_of(variable, env, point, ctx)
        at = read(key, env, point, ctx)
        sides = [_moved(key, at + s, body, env, point, ctx) for s in (step, -step)]
        return (sides[0] - sides[1]) / (2 * step)


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
    found = evaluate_limits.approach(
        target, str(side), lambda x: evaluate(body, {**env, variable: x}, point, mpmath.mp)
    )
    if found is None:
        raise Unsettled(f"{e} does not settle")
    return ctx.convert(found)


def _named(e: NamedFunction, env: Env, point: Point, ctx: Any) -> Any:
    """A letter of the body that is no parameter means what it means around the call, as for `unfold`."""
    arguments = [evaluate(a, env, point, ctx) for a in e.args]
    return evaluate(e.func.body, {**env, **dict(zip(e.func.parameters, arguments, strict=True))}, point, ctx)


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
    with mpmath.workprec(mpmath.mp.prec + mpmath.mag(x) + 10):
        doublings = mpmath.floor(x / mpmath.ln2)
        rest = mpmath.exp(x - doublings * mpmath.ln2)
    return mpmath.ldexp(rest, int(doublings))


def _log(x: Any, ctx: Any) -> Any:
    if x == 0:
        raise Undefined("log 0")
    return ctx.log(x)


FUNCTIONS: dict[type, Callable[..., Any]] = {
    exp: lambda ctx, x: _exp(x, ctx),
    log: lambda ctx, x: _log(x, ctx),
    tanh: lambda ctx, x: ctx.tanh(x),
    sin: lambda ctx, x: ctx.sin(x),
    cos: lambda ctx, x: ctx.cos(x),
    sinh: lambda ctx, x: ctx.sinh(x),
    cosh: lambda ctx, x: ctx.cosh(x),
    sign: lambda ctx, x: ctx.sign(x),
    Abs: lambda ctx, x: abs(x),
    Max: lambda ctx, *xs: max(xs),
    Min: lambda ctx, *xs: min(xs),
    Heaviside: lambda ctx, x, at_zero=0.5: at_zero if x == 0 else int(x > 0),
}


def _function(e: Expr, env: Env, point: Point, ctx: Any) -> Any:
    return FUNCTIONS[type(e)](ctx, *[evaluate(a, env, point, ctx) for a in e.args])


RULES: dict[type, Callable[..., Any]] = {
    Symbol: _symbol,
    Indexed: _indexed,
    MatrixElement: _matrix_element,
    Add: _add,
    Mul: _mul,
    Pow: _pow,
    Sum: _sum,
    Product: _product,
    KroneckerDelta: _delta,
    Partial: _partial,
    Limit: _limit,
    At: _at,
    **dict.fromkeys(FUNCTIONS, _function),
}
GENERAL = [
    (Symbol, _symbol),
    (NamedFunction, _named),
    (SmoothFunction, _smooth),
    (RecursiveFunction, evaluate_recursion.value),
]
