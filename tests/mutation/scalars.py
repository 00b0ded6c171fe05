"""An expression over symbolic sizes, written out for given sizes as a SymPy expression over plain symbols."""

from __future__ import annotations

import random
from typing import Any

from sympy import (
    Add,
    Basic,
    Dummy,
    Expr,
    Indexed,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Limit,
    Matrix,
    MatrixExpr,
    MatrixSymbol,
    Mul,
    Product,
    Sum,
    Symbol,
    sin,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from helpers.proof import At, Given, Partial
from helpers.proof.statement.operators import Covariance, Expectation, Variance
from helpers.proof.statement.recursive import RecursiveFunction
from helpers.proof.statement.terms import NamedFunction, SmoothFunction

from . import explicit, outcomes

DEEPEST = 40  # levels of a recursion that are followed


class Ill(Exception):
    """The expression reads outside an array, or uses an index without a range."""


class Undecided(Exception):
    """The oracle has no rule for something, so it says nothing."""


class Instance:
    """Sizes and free indices as numbers; one plain symbol for every array entry that is read."""

    def __init__(self, given: Given, fixed: dict[Symbol, int], seed: int) -> None:
        self.given, self.fixed, self.seed = given, {k: Integer(v) for k, v in fixed.items()}, seed
        self.entries: dict[tuple, Symbol] = {}
        self.origin: dict[Symbol, tuple] = {}  # plain symbol -> (array, indices, length of its last row)
        self.outcome: dict | None = None  # the random entries that have a value; None where no mean is taken
        self.held: dict[tuple, Symbol] = {}  # values of functions by which a derivative is just taken

    def plain(self, e: Basic, env: dict | None = None) -> Expr:
        """`e` without sums, arrays, named functions and derivatives. Raises Ill or Undecided."""
        env = env or {}
        if isinstance(e, Symbol):
            return self._symbol(e, env)
        for kind, rule in RULES:
            if isinstance(e, kind):
                return rule(self, e, env)
        if isinstance(e, MatrixExpr):
            raise Undecided(f"no rule for {type(e).__name__}")
        return e.func(*[self.plain(a, env) for a in e.args]) if e.args else e

    def matrix(self, m: Basic) -> Matrix:
        """A matrix expression as an explicit matrix."""
        return explicit.matrix(self, m, {})

    def whole(self, e: Any, env: dict) -> int:
        value = self.plain(e, env)
        if not value.is_Integer:
            raise Ill(f"{e} is no whole number")
        return int(value)

    def demand_inside(self, array: Any, place: tuple[int, ...], shape: tuple | None, first: int) -> list[int]:
        """The lengths of an array. Raises Ill for an entry outside of it."""
        lengths = [self.whole(size, {}) for size in shape or ()]
        if any(not first <= k < first + length for k, length in zip(place, lengths, strict=False)):
            raise Ill(f"{array}{list(place)} is out of range")
        return lengths

    def entry(self, array: Any, place: tuple[int, ...], shape: tuple | None, first: int) -> Expr:
        """The plain symbol of one entry; arrays of whole numbers (layer widths) get their number at once."""
        if (array, place) not in self.entries:
            lengths = self.demand_inside(array, place, shape, first)
            label = getattr(array, "label", None)
            if getattr(label, "is_integer", False):
                return Integer(random.Random(f"{array}{place}").randint(1, 3))
            positive = True if getattr(label, "is_positive", False) else None
            symbol = Symbol(f"{array}{list(place)}/{first}", real=True, positive=positive)
            self.entries[array, place] = symbol
            self.origin[symbol] = (array, place, first, lengths[-1] if lengths else 0)
        return self.entries[array, place]

    def _symbol(self, e: Symbol, env: dict) -> Expr:
        if e in env:
            return env[e]
        if e in self.given.random:
            return outcomes.value(self, e, ())
        if e in self.fixed:
            return self.fixed[e]
        if e in self.given.defined:
            return self.plain(self.given.defined[e])
        if e.is_integer and e not in self.given.domain:
            raise Ill(f"the index {e} has no range")
        return e

    def _indexed(self, e: Indexed, env: dict) -> Expr:
        place = tuple(self.whole(k, env) for k in e.indices)
        if e.base in self.given.random:
            return outcomes.value(self, e.base, place)
        return self.entry(e.base, place, e.base.shape, 1)

    def _matrix_element(self, e: MatrixElement, env: dict) -> Expr:
        place = self.whole(e.i, env), self.whole(e.j, env)
        if isinstance(e.parent, MatrixSymbol):
            return self.entry(e.parent, place, e.parent.shape, 0)
        whole = explicit.matrix(self, e.parent, env)
        if not all(0 <= k < size for k, size in zip(place, whole.shape, strict=True)):
            raise Ill(f"entry {place} of a {whole.shape} matrix")
        return whole[place]

    def _terms(self, e: Sum | Product, env: dict) -> list[Expr]:
        """One term for each value of the outermost index; a reversed range is empty."""
        index, low, high = e.limits[-1]
        inner = e.func(e.function, *e.limits[:-1]) if len(e.limits) > 1 else e.function
        if low.is_infinite or high.is_infinite:
            raise Undecided("a sum without end")
        values = range(self.whole(low, env), self.whole(high, env) + 1)
        return [self.plain(inner, {**env, index: Integer(k)}) for k in values]

    def _delta(self, e: KroneckerDelta, env: dict) -> Expr:
        return Integer(self.whole(e.args[0], env) == self.whole(e.args[1], env))

    def _partial(self, e: Partial, env: dict) -> Expr:
        body, variable = e.args
        if variable in env:  # a parameter of a named function: first the derivative, then its value
            own = Dummy("x", real=True)
            return self.plain(body, {**env, variable: own}).diff(own).subs(own, env[variable])
        if isinstance(variable, NamedFunction):
            return self._by_value(body, variable, env)
        place = self.plain(variable, env)
        if not isinstance(place, Symbol):
            raise Undecided(f"no derivative by {variable}")
        return self.plain(body, env).diff(place)

    def _by_value(self, body: Basic, call: NamedFunction, env: dict) -> Expr:
        """By an intermediate quantity: its value is a letter of its own, until the derivative is taken."""
        own, held = Dummy("x", real=True), self.held
        self.held = {**held, _call(self, call, env): own}
        found = self.plain(body, env).diff(own)
        self.held = held
        return found.subs(own, self.plain(call, env))

    def _at(self, e: At, env: dict) -> Expr:
        body, variable, value = e.args
        value = self.plain(value, env)
        if variable.is_integer:
            there = Instance(self.given, {**self.fixed, variable: value}, self.seed)
            there.entries, there.origin, there.outcome = self.entries, self.origin, self.outcome
            return there.plain(body, env)
        inner = {name: bound for name, bound in env.items() if name != variable}
        return self.plain(body, inner).subs(variable, value)

    def _limit(self, e: Limit, env: dict) -> Expr:
        body, variable, to, side = e.args
        return Limit(self.plain(body, {**env, variable: variable}), variable, self.plain(to, env), str(side))

    def _named(self, e: NamedFunction, env: dict) -> Expr:
        called = _call(self, e, env)
        if called in self.held:
            return self.held[called]
        return self.plain(e.func.body, dict(zip(e.func.parameters, called[1:], strict=True)))

    def _recursive(self, e: RecursiveFunction, env: dict) -> Expr:
        """The recursion itself."""
        f, arguments = e.func, [self.plain(a, env) for a in e.args]
        level, start = arguments[f.level], self.whole(f.start, {})
        if not level.is_Integer or abs(int(level) - start) > DEEPEST:
            raise Ill(f"the recursion of {f.__name__} does not end")
        scope = dict(zip(f.parameters, arguments, strict=True))
        return self.plain(f.base if level == start else f.rule, scope)

    def _smooth(self, e: SmoothFunction, env: dict) -> Expr:
        """Some differentiable function that belongs to the name, derived as often as the name says."""
        rng, x = random.Random(f"oracle {e.func.family[0]}"), Dummy("x", real=True)
        p, q, r = (rng.randint(3, 9) / Integer(7) for _ in range(3))
        return (sin(p * x + q) + r * x * x / 3).diff(x, e.func.order).subs(x, self.plain(e.args[0], env))


def _call(instance: Instance, e: NamedFunction, env: dict) -> tuple:
    return (e.func, *(instance.plain(a, env) for a in e.args))


RULES = [
    (Expectation, outcomes.mean),
    (Variance, outcomes.variance),
    (Covariance, outcomes.covariance),
    (Indexed, Instance._indexed),
    (MatrixElement, Instance._matrix_element),
    (Partial, Instance._partial),
    (Sum, lambda self, e, env: Add(*self._terms(e, env))),
    (Product, lambda self, e, env: Mul(*self._terms(e, env))),
    (KroneckerDelta, Instance._delta),
    (At, Instance._at),
    (Limit, Instance._limit),
    (NamedFunction, Instance._named),
    (SmoothFunction, Instance._smooth),
    (RecursiveFunction, Instance._recursive),
    (IndexedBase, lambda self, e, env: e),
]
