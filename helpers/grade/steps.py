"""Which lines of a derivation earn a share of its points: those that are a step, and nothing else.

Two lines are *alike* if one is only a rearrangement of the other: they are equal whatever the named
quantities and the derivatives in them are. So each of those is taken for a letter, letters get numbers that
depend on nothing but how they are written, and the lines' values are compared. What is true by algebra alone,
such as a line that is repeated or has a zero added to it, is alike to the line before it and earns nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import reduce
from math import prod
from operator import mul

import mpmath
from sympy import (
    Add,
    Basic,
    Expr,
    Function,
    Indexed,
    IndexedBase,
    Limit,
    Mul,
    Pow,
    Product,
    Sum,
    Symbol,
    evaluate,
)
from sympy.core.function import Application, AppliedUndef

from helpers.proof.statement.terms import At, Partial, PrintedByName, is_leaf

POINTS, DIGITS = 3, 12
MOST = 40  # terms of a sum that are added up
OPEN = (Partial, At, Limit)  # what a result must no longer contain

Bound = Mapping[Basic, int]


def steps(start: Basic, end: Basic, lines: Iterable[Basic]) -> int:
    """How many of the `lines`, each equal to `start`, are steps on the way from there to `end`.

    A line is none that is alike to one before it or to `start`, that still holds what `start` asks to work
    out, or that is `end` with something put to it. Where algebra alone leads from `start` to `end`, all that
    is asked is that no line is written like another.
    """
    first, last = form(start), form(end)
    alike = form if first != last else written
    known: set[object] = {alike(start)}
    for line in lines:
        padded = form(line) == last and any(_padded(line, side) for side in (start, end))
        if not (padded or _still_asks(*map(_named, (line, start, end)))):
            known.add(alike(line))
    return len(known) - 1


def settled(last: Basic, end: Basic) -> bool:
    """Whether a result is written with nothing but the names of the end that is asked for."""
    return not last.has(*OPEN) and names(last) <= names(end)


def names(e: Basic) -> set[str]:
    """The letters, arrays and functions of a term, without the letters that only count in a sum."""
    arrays = {str(array.label) for array in e.atoms(IndexedBase)}
    functions = {f.func.__name__ for f in e.atoms(Function)}
    letters = {s.name for s in e.free_symbols if isinstance(s, Symbol) and not s.is_integer}
    return arrays | functions | letters


def _still_asks(line: Basic, start: Basic, end: Basic) -> bool:
    """Whether a line holds the derivative that `start` asks for, or of more than that; else all its names
    that have to go."""
    if asked := start.atoms(Partial):
        return any(
            one.args[1] == other.args[1] and one.args[0].has(other.args[0])
            for one in line.atoms(Partial)
            for other in asked
        )
    gone = start.atoms(AppliedUndef) - end.atoms(AppliedUndef)
    return bool(gone) and all(line.has(name) for name in gone)


# ---------------------------------------------------------------- as it is written
def written(e: Basic) -> str:
    """How a term is written, but for the order of terms and factors, ones and zeros."""
    if isinstance(e, (Add, Mul)):
        return f"{type(e).__name__}({', '.join(sorted(_parts(e, type(e))))})"
    if isinstance(e, Symbol):
        return e.name
    if is_leaf(e) and not isinstance(e, PrintedByName):
        return str(e)
    return f"{type(e).__name__}({', '.join(map(written, e.args))})"


def _parts(e: Basic, kind: type) -> list[str]:
    """The terms (or factors) of a term, brackets inside brackets taken off, its numbers as one number."""
    flat, inner = [], [e]
    while inner:
        part = inner.pop()
        if isinstance(part, kind):
            inner += part.args
        else:
            flat.append(part)
    numbers = [part for part in flat if part.is_number and not part.has(*OPEN)]
    with evaluate(True):
        number = sum(n.doit() for n in numbers) if kind is Add else prod(n.doit() for n in numbers)
    others = [written(part) for part in flat if part not in numbers]
    return (
        others if numbers and number == (0 if kind is Add else 1) else others + [str(number)] * bool(numbers)
    )


def _padded(line: Basic, end: Basic) -> bool:
    """Whether a line is `end` itself, or with factors or terms put to it."""
    return any(Counter(_parts(end, kind)) <= Counter(_parts(line, kind)) for kind in (Mul, Add))


def _named(e: Basic) -> Basic:
    """The term with SymPy's automatic evaluation, its letters and functions known by nothing but their names.

    So terms of two readings can be compared.
    """
    with evaluate(True):
        return _renamed(e)


def _renamed(e: Basic) -> Basic:
    if isinstance(e, Symbol):
        return e if e.is_integer else Symbol(e.name)
    if isinstance(e, PrintedByName):
        return Function(type(e).__name__)(*map(_renamed, e.args))
    if isinstance(e, Indexed):
        return IndexedBase(str(e.base.label))[tuple(map(_renamed, e.indices))]
    return e if is_leaf(e) else e.func(*map(_renamed, e.args))


# ---------------------------------------------------------------- alike
def form(e: Basic) -> tuple[str, ...]:
    """What a term is up to rearrangement: its values at some points; names and derivatives are letters."""
    e = _named(e)
    with mpmath.workdps(2 * DIGITS):
        return tuple(_rounded(_value(e, point, {})) for point in range(POINTS))


def _rounded(x: mpmath.mpc) -> str:
    return mpmath.nstr(mpmath.chop(x, mpmath.mpf(10) ** -(DIGITS + 4)), DIGITS)


def _value(e: Basic, point: int, bound: Bound) -> mpmath.mpc:
    try:
        found = _known(e, point, bound)
    except (ArithmeticError, ValueError, TypeError):  # no value there: a letter like any other
        found = None
    return _letter(_text(e, point, bound), point) if found is None else found


def _known(e: Basic, point: int, bound: Bound) -> mpmath.mpc | None:
    """The value of what algebra knows; None for what counts as a letter."""
    if isinstance(e, Symbol):
        return mpmath.mpf(_whole(e, bound)) if e.is_integer else None
    if isinstance(e, Partial):
        return _slope(e, point, bound)
    if isinstance(e, (Sum, Product)):
        return _run(e.function, e.limits, type(e), point, bound)
    if isinstance(e, (Add, Mul, Pow)):
        values = [_value(a, point, bound) for a in e.args]
        if isinstance(e, Pow):
            return values[0] ** values[1]
        return sum(values) if isinstance(e, Add) else reduce(mul, values)
    if isinstance(e, Application) and not isinstance(e, AppliedUndef):
        inner = [_value(a, point, bound) for a in e.args]
        return mpmath.mpmathify(e.func(*inner).evalf(2 * DIGITS))
    if isinstance(e, Expr) and e.is_number and not e.has(AppliedUndef, *OPEN):
        return mpmath.mpmathify(e.evalf(2 * DIGITS))
    return None


def _slope(e: Partial, point: int, bound: Bound) -> mpmath.mpc:
    """A derivative is a letter; a number before it, or a constant added below it, makes no other of it."""
    body, variable = e.args
    moving = [term for term in Add.make_args(body) if term.has(variable) or term.atoms(AppliedUndef)]
    number, rest = Add(*moving).as_coeff_Mul()
    inner = (_rounded(_value(a, point, bound)) for a in (rest, variable))
    return _value(number, point, bound) * _letter(f"d({', '.join(inner)})", point)


def _run(body: Expr, limits: tuple, kind: type, point: int, bound: Bound) -> mpmath.mpc | None:
    """A sum or product written out, its last index outermost."""
    if not limits:
        return _value(body, point, bound)
    *inner, (index, first, last) = limits
    ends = [int(mpmath.nint(mpmath.re(_value(end, point, bound)))) for end in (first, last)]
    if not 0 <= ends[1] - ends[0] < MOST:
        return None
    values = [_run(body, tuple(inner), kind, point, {**bound, index: k}) for k in range(ends[0], ends[1] + 1)]
    if None in values:
        return None
    return sum(values) if kind is Sum else reduce(mul, values)


def _whole(letter: Symbol, bound: Bound) -> int:
    return bound[letter] if letter in bound else random.Random(f"whole {letter}").randint(3, 6)


def _letter(text: str, point: int) -> mpmath.mpf:
    draw = random.Random(f"{point} {text}")
    return mpmath.mpf(draw.uniform(0.3, 1.7) * draw.choice((-1, 1)))


def _text(e: Basic, point: int, bound: Bound) -> str:
    """How a term is written that counts as a letter: arguments and places by their values."""
    if isinstance(e, (AppliedUndef, Indexed)):
        inner = e.args[1:] if isinstance(e, Indexed) else e.args
        head = e.args[0] if isinstance(e, Indexed) else type(e).__name__
        return f"{head}({', '.join(_rounded(_value(a, point, bound)) for a in inner)})"
    return str(e.xreplace({index: Symbol(str(k)) for index, k in bound.items()}))
