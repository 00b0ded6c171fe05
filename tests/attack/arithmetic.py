"""The value of an expression at one point, straight from the definitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, reduce
from typing import Any

import mpmath
from sympy import (
    Abs,
    Add,
    Expr,
    Heaviside,
    I,
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
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from helpers.proof import At, Partial

from . import matrices
from .statement import letters_of, pieces

OUTCOME: list[Callable] = []  # entered by `operators`
Scope = Mapping[str, Any]  # letters by name: what is bound around here
DEEPEST = 40


class NoValue(ArithmeticError):
    """A pole, a kink under a derivative, an entry outside its array, or what this evaluator does not know."""


@dataclass
class Place:
    """A point: numbers for letters by name, for entries by (name, indices); `draw` makes what is missing."""

    letters: dict[str, Any]
    draw: Callable[[str, tuple[int, ...]], Any]
    shapes: dict[str, tuple[int, ...]]
    entries: dict[tuple[str, tuple[int, ...]], Any] = field(default_factory=dict)
    moved: dict[Any, Any] = field(default_factory=dict)
    nesting: int = 0  # derivatives around here
    depth: int = 0  # levels of recursions around here
    given: Any = None  # the hypotheses, for what is random
    seed: int = 0
    mentioned: frozenset[str] = frozenset()  # the letters of the statement
    outcomes: Any = None  # of what is random, with their weights
    around: list[dict] = field(default_factory=list)  # the outcome just now, the innermost last
    known: dict[Any, Any] = field(default_factory=dict)  # values of recursions, while nothing is moved

    def entry(self, name: str, indices: tuple[int, ...], first: int) -> Any:
        shape = self.shapes.get(name)
        if shape and any(
            not first <= index < first + size for index, size in zip(indices, shape, strict=True)
        ):
            raise NoValue(f"{name}{indices} is outside its array")
        if (name, indices) not in self.entries:
            self.entries[name, indices] = self.draw(name, indices)
        return self.entries[name, indices]

    def outcome(self, where: Any) -> Any:
        """The value of a random letter in the outcome just now."""
        return OUTCOME[0](self, where)

    def shown(self) -> dict[str, Any]:
        named = {f"{name}{list(indices)}": number for (name, indices), number in self.entries.items()}
        return {name: str(number) for name, number in {**self.letters, **named}.items()}


def value(e: Expr, scope: Scope, place: Place) -> Any:
    """The number that `e` is; NoValue where there is none."""
    try:
        found = _value(e, scope, place)
    except (ZeroDivisionError, ValueError, TypeError, OverflowError, RecursionError) as reason:
        raise NoValue(str(reason)) from None
    if mpmath.isnan(found):
        raise NoValue("not a number")
    return found


def _value(e: Expr, scope: Scope, place: Place) -> Any:
    rule = rule_for(type(e))
    if rule is not None:
        return rule(e, scope, place)
    if "body" in pieces(e.func):
        return _defined(e, scope, place)
    if "rule" in pieces(e.func):
        return _recursion(e, scope, place)
    if e.is_Rational:
        return mpmath.mpf(int(e.p)) / int(e.q)
    if e in (oo, -oo):
        return mpmath.inf if e is oo else -mpmath.inf
    if e is I:
        return mpmath.mpc(0, 1)
    if not e.args and e.is_number and e.is_finite:
        return mpmath.mpmathify(e.evalf(mpmath.mp.dps + 10))
    raise NoValue(f"no rule for {type(e).__name__}")


def number(drawn: Any) -> Any:
    return (
        drawn
        if isinstance(drawn, (mpmath.mpf, mpmath.mpc))
        else mpmath.mpf(drawn.numerator) / drawn.denominator
    )


def _symbol(e: Symbol, scope: Scope, place: Place) -> Any:
    if e.name in scope:
        return scope[e.name]
    if e.name in place.moved:
        return place.moved[e.name]
    if place.given is not None and e in place.given.random:
        return place.outcome((e.name, ()))
    if e.name not in place.letters:
        raise NoValue(f"{e} has no value")
    return number(place.letters[e.name])


def whole(e: Expr, scope: Scope, place: Place) -> int:
    found = value(e, scope, place)
    if mpmath.im(found) != 0 or found != mpmath.floor(mpmath.re(found)):
        raise NoValue(f"{e} is not whole")
    return int(mpmath.re(found))


def key(e: Expr, scope: Scope, place: Place) -> Any:
    if isinstance(e, Symbol):
        return e.name
    if isinstance(e, Indexed):
        return str(e.base.label), tuple(whole(index, scope, place) for index in e.indices)
    if isinstance(e, MatrixElement):
        return e.parent.name, (whole(e.i, scope, place), whole(e.j, scope, place))
    if "body" in pieces(e.func):
        return e.func, tuple(value(part, scope, place) for part in e.args)
    raise NoValue(f"{e} is no variable")


def _entry(e: Indexed, scope: Scope, place: Place) -> Any:
    where = key(e, scope, place)
    if place.given is not None and e.base in place.given.random and where not in place.moved:
        return place.outcome(where)
    return read(where, place, 1)


def read(where: Any, place: Place, first: int) -> Any:
    if where in place.moved:
        return place.moved[where]
    return number(place.entry(*where, first))


def _matrix_entry(e: MatrixElement, scope: Scope, place: Place) -> Any:
    row, column = whole(e.i, scope, place), whole(e.j, scope, place)

    entries = matrix(e.parent, scope, place)
    if not (0 <= row < len(entries) and 0 <= column < len(entries[0])):
        raise NoValue(f"{e} is outside its matrix")
    return entries[row][column]


def matrix(e: MatrixExpr, scope: Scope, place: Place) -> list[list[Any]]:
    """All entries of a matrix expression."""

    def scalar(part: Any) -> Any:
        return value(part, scope, place)

    def at(name: str, indices: tuple[int, int]) -> Any:
        return read((name, indices), place, 0)

    try:
        return matrices.table(e, scalar, at)
    except (ArithmeticError, ValueError) as reason:
        raise NoValue(str(reason)) from None


def _power(e: Pow, scope: Scope, place: Place) -> Any:
    base, power = (value(part, scope, place) for part in e.args)
    if base == 0:
        if power == 0:
            return mpmath.mpf(1)
        if mpmath.re(power) <= 0:
            raise NoValue("division by 0")
        return mpmath.mpf(0)
    if mpmath.im(power) == 0 and power == mpmath.floor(mpmath.re(power)) and abs(power) < 400:
        return base ** int(mpmath.re(power))
    return mpmath.exp(power * mpmath.log(base))


def _repeated(join: Callable[[Any, Any], Any], start: int) -> Callable:
    def rule(e: Sum | Product, scope: Scope, place: Place) -> Any:
        return _loop(e, list(e.limits), scope, place, join, start)

    return rule


def _loop(e: Any, limits: list, scope: Scope, place: Place, join: Callable, start: int) -> Any:
    if not limits:
        return value(e.function, scope, place)
    index, low, high = limits[-1]
    first, last = whole(low, scope, place), whole(high, scope, place)
    if last - first > 60:
        raise NoValue("a long sum")
    inner = ({**scope, index.name: mpmath.mpf(at)} for at in range(first, last + 1))
    return reduce(join, (_loop(e, limits[:-1], s, place, join, start) for s in inner), mpmath.mpf(start))


def _delta(e: KroneckerDelta, scope: Scope, place: Place) -> Any:
    one, other = (value(part, scope, place) for part in e.args[:2])
    return mpmath.mpf(one == other)


def _partial(e: Partial, scope: Scope, place: Place) -> Any:
    """The difference quotient; NoValue at a kink, where it is another one from the left."""
    body, variable = e.args
    step = mpmath.mpf(10) ** -(25, 60, 130)[place.nesting]
    with mpmath.workdps(300):
        bound = isinstance(variable, Symbol) and variable.name in scope
        where = key(variable, scope, place)
        at = value(variable, scope, place)
        seen = [_moved(body, variable, where, at + h, scope, place, bound) for h in (-step, 0, step)]
        left, right = (seen[1] - seen[0]) / step, (seen[2] - seen[1]) / step
        if abs(left - right) > 1e-9 * (1 + abs(left)):
            raise NoValue("a kink")
        return (seen[2] - seen[0]) / (2 * step)


def _moved(body: Expr, variable: Expr, where: Any, at: Any, scope: Scope, place: Place, bound: bool) -> Any:
    if bound:
        scope = {**scope, where: at}
    before, place.nesting = dict(place.moved), place.nesting + 1
    if not bound:
        place.moved[where] = at
        if isinstance(where, tuple) and isinstance(where[0], type):
            place.moved[where[0], variable] = at  # the quantity as it is written
    try:
        return value(body, scope, place)
    finally:
        place.moved, place.nesting = before, place.nesting - 1


def _at(e: At, scope: Scope, place: Place) -> Any:
    return value(e.args[0], {**scope, e.args[1].name: value(e.args[2], scope, place)}, place)


def _limit(e: Limit, scope: Scope, place: Place) -> Any:
    body, variable, at, side = e.args
    if not isinstance(variable, Symbol):
        raise NoValue(f"{variable} is no letter that could tend to anything")
    target = value(at, scope, place)
    signs = (1,) if mpmath.isinf(target) or str(side) == "+" else (-1,) if str(side) == "-" else (1, -1)
    found = [_approach(body, variable.name, target, s, scope, place) for s in signs]
    if len(found) == 2 and found[0] != found[1] and not abs(found[0] - found[1]) < 1e-10:
        raise NoValue("two limits")
    return found[0]


def _approach(body: Expr, name: str, target: Any, side: int, scope: Scope, place: Place) -> Any:
    seen = []
    for digits in (15, 30, 45):
        with mpmath.workdps(260):
            far = mpmath.sqrt(2) * mpmath.mpf(10) ** digits
            at = mpmath.sign(target) * far if mpmath.isinf(target) else target + side / far
            seen.append(value(body, {**scope, name: at}, place))
    if abs(seen[2] - seen[1]) < 1e-13 * (1 + abs(seen[2])) and abs(seen[1] - seen[0]) < 1e-6 * (
        1 + abs(seen[2])
    ):
        return seen[2]
    steps = [seen[1] - seen[0], seen[2] - seen[1]]
    real = all(mpmath.im(v) == 0 for v in seen)
    if real and steps[1] * steps[0] > 0 and abs(steps[1]) > max(abs(steps[0]) / 2, 1e-3):  # like a logarithm
        return mpmath.sign(steps[1]) * mpmath.inf
    grows = abs(seen[2]) > 2 * abs(seen[1]) > 4 * abs(seen[0]) and abs(seen[2]) > 1000
    if grows and mpmath.im(seen[2]) == 0:
        return mpmath.sign(seen[2]) * mpmath.inf
    raise NoValue("no limit is seen")


def _defined(e: Expr, scope: Scope, place: Place) -> Any:
    """A letter of the body that is no parameter means what it means around the call."""
    own = {s.name: value(part, scope, place) for s, part in zip(e.func.parameters, e.args, strict=True)}
    if any(isinstance(where, tuple) and where[0] is e.func for where in place.moved):
        return _moved_quantity(e, tuple(own.values()), own, scope, place)
    return value(e.func.body, {**scope, **own}, place)


def _moved_quantity(e: Expr, arguments: tuple, own: dict, scope: Scope, place: Place) -> Any:
    """A quantity by which a derivative is taken; of another letter it may or may not be that quantity."""
    if not all(part.is_integer for part in e.args) and (e.func, e) not in place.moved:
        raise NoValue(f"{e} may or may not be moved")
    if (e.func, arguments) in place.moved:
        return place.moved[e.func, arguments]
    return value(e.func.body, {**scope, **own}, place)


def _recursion(e: Expr, scope: Scope, place: Place) -> Any:
    f = e.func
    own = {s.name: value(part, scope, place) for s, part in zip(f.parameters, e.args, strict=True)}
    around = {**scope, **own}
    mark = (f, mpmath.mp.dps, *sorted((name, around[name]) for name in letters_of(f) if name in around))
    if mark in place.known and not place.moved:
        return place.known[mark]
    place.depth += 1
    try:
        if place.depth > DEEPEST:
            raise NoValue("the recursion does not end")
        at_start = own[f.parameters[f.level].name] == value(f.start, scope, place)
        found = value(f.base if at_start else f.rule, around, place)
    finally:
        place.depth -= 1
    if not place.moved:
        place.known[mark] = found
    return found


def _extreme(pick: Callable) -> Callable:
    def rule(e: Expr, scope: Scope, place: Place) -> Any:
        found = [value(part, scope, place) for part in e.args]
        if any(mpmath.im(one) != 0 for one in found):
            raise NoValue("the largest of complex numbers")
        return pick(map(mpmath.re, found))

    return rule


def _heaviside(x: Any) -> Any:
    return mpmath.mpf("0.5") if x == 0 else mpmath.mpf(x > 0)


def _log(x: Any) -> Any:
    if x == 0:
        raise NoValue("log 0")
    return mpmath.log(x)


def _exp(x: Any) -> Any:
    if abs(x) > 10**60 and mpmath.re(x) > 0:
        raise NoValue("a number of too many digits")
    return mpmath.exp(x) if mpmath.re(x) > -(10**60) else mpmath.mpf(0)


def _of_one(f: Callable) -> Callable:
    return lambda e, scope, place: f(value(e.args[0], scope, place))


def _sign(x: Any) -> Any:
    return mpmath.mpf(0) if x == 0 else x / abs(x)


RULES: dict[Any, Callable] = {
    Symbol: _symbol,
    Indexed: _entry,
    MatrixElement: _matrix_entry,
    Add: lambda e, scope, place: mpmath.fsum(value(part, scope, place) for part in e.args),
    Mul: lambda e, scope, place: mpmath.fprod([value(part, scope, place) for part in e.args]),
    Pow: _power,
    exp: _of_one(_exp),
    log: _of_one(_log),
    Abs: _of_one(abs),
    sign: _of_one(_sign),
    sin: _of_one(mpmath.sin),
    cos: _of_one(mpmath.cos),
    sinh: _of_one(mpmath.sinh),
    cosh: _of_one(mpmath.cosh),
    tanh: _of_one(mpmath.tanh),
    Heaviside: _of_one(_heaviside),
    Max: _extreme(max),
    Min: _extreme(min),
    Sum: _repeated(lambda one, other: one + other, 0),
    Product: _repeated(lambda one, other: one * other, 1),
    KroneckerDelta: _delta,
    Partial: _partial,
    At: _at,
    Limit: _limit,
}


@cache
def rule_for(kind: type) -> Callable | None:
    return next((rule for known, rule in RULES.items() if issubclass(kind, known)), None)
