"""Rewriting that respects binding: SymPy's diff, subs and xreplace let a sum's index capture a free one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sympy import (
    Derivative,
    Determinant,
    Dummy,
    Expr,
    Indexed,
    IndexedBase,
    Inverse,
    Limit,
    MatrixSymbol,
    Product,
    Sum,
    Symbol,
    Trace,
    evaluate,
)
from sympy.core.basic import Basic
from sympy.matrices.expressions.matexpr import MatrixElement

from ..statement.operators import Covariance, Expectation, Variance
from ..statement.terms import At, NamedFunction, Partial, PrintedByName, is_leaf, rebuilt, settle
from . import matrices


class CannotDifferentiate(ValueError):
    """SymPy left a derivative unevaluated, so the symbolic judge has no answer."""


def fresh(e: Basic, put: Mapping[Symbol, Basic] = MappingProxyType({})) -> Basic:
    """`e` with every bound index renamed to a new dummy, so that no later substitution can be captured.

    `put` gives values to letters that stand free in `e`, in the same pass: building costs time. An index of
    the same name hides such a letter, and what is put in is not looked into, so nothing in it is captured.
    """
    if not e.args:
        return put.get(e, e) if isinstance(e, Symbol) else e
    if is_leaf(e):
        return e.xreplace(dict(put))
    if isinstance(e, (At, Limit)):
        body, letter, value, *side = e.args
        variable = letter.as_dummy()
        return e.func(fresh(body, {**put, letter: variable}), variable, fresh(value, put), *side)
    if not isinstance(e, (Sum, Product)):
        return rebuilt(e, [fresh(a, put) for a in e.args])
    limits: list[tuple[Basic, ...]] = []
    inside = dict(put)
    # From the outermost inwards: an index may occur in the bounds of those that stand inside it.
    for index, low, high in reversed(e.limits):
        ends = fresh(low, inside), fresh(high, inside)
        inside[index] = Dummy(index.name, integer=True)
        limits.insert(0, (inside[index], *ends))
    return e.func(fresh(e.function, inside), *limits)


class HiddenVariable(ValueError):
    """A variable stands in the definition of a recursion, where the symbolic judge does not look."""


def demand_visible(e: Basic, variable: Basic) -> None:
    """Raises HiddenVariable if a recursion inside `e` may depend on `variable` through its own definition.

    The normal form takes an application of a recursive function for a letter of its own. A derivative, a
    limit, a sum or a value put in for `variable` would then pass by what the base or the rule says about it.
    """
    letter = variable.func if isinstance(variable, PrintedByName) else variable
    letter = getattr(letter, "base", getattr(letter, "parent", letter))
    seen: set[type] = set()
    waiting = [e]
    while waiting:
        for call in waiting.pop().atoms(PrintedByName):
            function = call.func
            if function in seen:
                continue
            seen.add(function)
            parts = [getattr(function, part) for part in ("base", "rule", "body") if hasattr(function, part)]
            waiting += parts
            recursive = hasattr(function, "rule") and letter not in function.parameters
            if recursive and (function is letter or any(_mentions(part, letter) for part in parts)):
                raise HiddenVariable(f"{variable} stands in the recursion of {function.__name__}")


def _mentions(e: Basic, letter: Any) -> bool:
    """Whether `letter` stands free in `e`: an index that a sum inside `e` binds is another letter."""
    return letter in e.free_symbols if isinstance(letter, Symbol) else e.has(letter)


def unfold(e: Basic, keep: frozenset[type] = frozenset()) -> Basic:
    """`e` with named functions replaced by their bodies and every `Partial` worked out, inside out.

    The functions in `keep` stay names: they are what a `Partial` around `e` differentiates by.
    """
    if is_leaf(e) and not isinstance(e, NamedFunction):  # a name without arguments is no leaf
        return e
    if isinstance(e, (Partial, At, Limit)):
        demand_visible(e.args[0], e.args[1])
    if isinstance(e, (Sum, Product)):
        for limit in e.limits:
            demand_visible(e.function, limit[0])
    if isinstance(e, Partial):
        return _differentiated(*e.args, keep)
    # The derivative inside comes first: it is the value of the slope, not the slope of the value.
    if isinstance(e, At):
        body, letter, value = e.args
        at = {letter: unfold(value, keep)}
        return fresh(unfold(body, keep), at) if letter.is_Symbol else fresh(unfold(body, keep)).xreplace(at)
    if isinstance(e, MatrixElement) and not isinstance(e.parent, (MatrixSymbol, Inverse)):
        return unfold(matrices.entry(e.parent, e.i, e.j), keep)
    if isinstance(e, Trace):
        k = Dummy("k", integer=True)
        return unfold(Sum(matrices.entry(e.arg, k, k), (k, 0, e.arg.shape[0] - 1)), keep)
    if isinstance(e, (Variance, Covariance)):
        return unfold(_by_means(e), keep)
    e = rebuilt(e, [unfold(a, keep) for a in e.args])
    if not isinstance(e, NamedFunction) or e.func in keep:
        return e
    for parameter in e.func.parameters:
        demand_visible(e.func.body, parameter)
    return fresh(_unfolded_body(e.func, keep), dict(zip(e.func.parameters, e.args, strict=True)))


@lru_cache(maxsize=500)
def _unfolded_body(function: type[NamedFunction], keep: frozenset[type]) -> Basic:
    """Before arguments are put in: a Partial in it is meant with respect to the parameter."""
    return unfold(settle(function.body), keep)


def _by_means(e: Variance | Covariance) -> Expr:
    """E[ab] - E[a] E[b], which is the definition multiplied out, E being linear and its value a number."""
    a, b = e.args if len(e.args) == 2 else e.args * 2
    return Expectation(a * b) - Expectation(a) * Expectation(b)


def _differentiated(body: Expr, variable: Expr, keep: frozenset[type]) -> Expr:
    """The derivative of `body` by a letter, by an entry, or by a quantity that is defined by others.

    By such a quantity, say a_k: everything else is unfolded first, so that every way through a_k is seen, and
    every a is held as an entry of an array of its own. Its definition comes back afterwards.
    """
    if not isinstance(variable, PrintedByName):
        return _plain_derivative(fresh(unfold(body, keep)), variable)
    if not isinstance(variable, NamedFunction):
        raise CannotDifferentiate(f"{variable} has no definition that can be put in")
    inside = fresh(unfold(body, keep | {variable.func}))
    calls = inside.atoms(variable.func) | {variable}
    if all(a.is_integer for call in calls for a in call.args) and variable.args:
        array = IndexedBase(Dummy(variable.func.__name__, real=True), real=True)
        held = {call: array[call.args] for call in calls}
    elif calls == {variable}:
        array, held = None, {variable: Dummy(real=True)}
    else:
        raise CannotDifferentiate(f"{variable} may or may not equal another value of {variable.func}")
    result = _plain_derivative(inside.xreplace(held), held[variable])
    back = result.xreplace({stand_in: call for call, stand_in in held.items()})
    # Entries whose index is a sum's have been renamed with it.
    of_array = lambda a: isinstance(a, Indexed) and a.base == array  # noqa: E731
    return unfold(back.replace(of_array, lambda a: variable.func(*a.indices)), keep)


def _plain_derivative(e: Expr, variable: Expr) -> Expr:
    # Every name that could hide the variable is unfolded; SymPy gives 0 for what does not contain it.
    determinants = [d for d in e.atoms(Determinant) if d.has(_letter_of(variable))]
    if determinants:
        return fresh(_by_determinants(e, variable, {d: Dummy("det", real=True) for d in determinants}))
    held = _inverses_held(e, variable)
    result = e.xreplace(held).diff(variable)
    if result.has(Derivative):
        raise CannotDifferentiate(f"no symbolic derivative of {e}")
    back = {array.base: inverse.parent for inverse, array in held.items()}
    of_inverse = lambda a: isinstance(a, Indexed) and a.base in back  # noqa: E731
    result = result.replace(of_inverse, lambda a: MatrixElement(back[a.base], *a.indices)) if held else result
    return fresh(result)


def _letter_of(variable: Expr) -> Any:
    return getattr(variable, "base", getattr(variable, "parent", variable))


def _by_determinants(e: Expr, variable: Expr, held: dict[Expr, Dummy]) -> Expr:
    """The chain rule through each determinant: that of M has the slope det M · tr(M⁻¹ ∂M)."""
    back = {letter: d for d, letter in held.items()}
    inside = e.xreplace(held)
    total = _plain_derivative(inside, variable)
    for letter, d in back.items():
        i, j = (Dummy(name, integer=True) for name in "ij")
        size = d.arg.shape[0]
        slope = _plain_derivative(fresh(unfold(matrices.entry(d.arg, i, j))), variable)
        step = Sum(MatrixElement(Inverse(d.arg), j, i) * slope, (i, 0, size - 1), (j, 0, size - 1))
        total += inside.diff(letter) * d * step
    return total.xreplace(back)


def _inverses_held(e: Expr, variable: Expr) -> dict[Expr, Indexed]:
    """The entries of inverses as those of arrays that do not change with the variable.

    Raises CannotDifferentiate if an inverse does change with it.
    """
    entries = [a for a in e.atoms(MatrixElement) if isinstance(a.parent, Inverse)]
    letter = _letter_of(variable)
    for a in entries:
        if a.parent.has(letter):
            raise CannotDifferentiate(f"{a.parent} changes with {variable}")
    arrays = {a.parent: IndexedBase(Dummy("inverse", real=True), real=True) for a in entries}
    return {a: arrays[a.parent][a.i, a.j] for a in entries}


@lru_cache(maxsize=500)
def prepare(e: Expr) -> Expr:
    """`e` unfolded, differentiated, with fresh bound indices: the only form the normal form accepts."""
    with evaluate(True):
        return fresh(unfold(settle(e)))
