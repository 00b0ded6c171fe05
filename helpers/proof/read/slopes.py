"""Derivatives by a value of a recursion, such as ∂h_t/∂h_{t-1} where h_t = tanh(w h_{t-1} + u x_t).

What is derived is written out by its definitions until the value stands in it; a letter takes its place. If
some other value of a recursion is left that may depend on it too, nothing is read.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Product, Sum, Symbol, evaluate, expand

from ..statement.recursive import RecursiveFunction
from ..statement.terms import At, NamedFunction, Partial, settle
from .latex import ReadError

STEPS = 6  # definitions that are written out, one inside another


def by_a_level(value: Expr, variable: Any, at: int) -> Expr:
    """The derivative of `value` by an application of a recursion. Raises ReadError if it cannot be seen."""
    variable = _settled(variable)
    written = _settled(value)
    for _ in range(STEPS):
        calls = written.atoms(NamedFunction, RecursiveFunction) - {variable}
        calls = {c for c in calls if not _before(c, variable)}
        if not calls:
            break
        written = _settled(written.xreplace({c: _written_out(c, at) for c in calls}))
    others = written.atoms(NamedFunction, RecursiveFunction) - {variable}
    if not written.has(variable) or not all(_before(c, variable) for c in others):
        raise ReadError(
            "It is not seen how the upper side of this derivative depends on the lower one: define it by that"
            " in a Let line.",
            at,
        )
    taken = {one.name for one in written.atoms(Symbol)}
    letter = Symbol(next(c for c in (*"uvsrq", "u0") if c not in taken), real=True)
    return At(Partial(written.xreplace({variable: letter}), letter), letter, variable)


def _settled(e: Expr) -> Expr:
    """With the levels of recursions worked out, so that t - 1 + 1 is t."""
    with evaluate(True):
        settled = {
            c: c.func(*(expand(settle(a)) if a.is_integer else a for a in c.args))
            for c in e.atoms(RecursiveFunction)
        }
    return e.xreplace(settled)


def _written_out(call: Any, at: int) -> Expr:
    """The definition of a call at its arguments. Raises ReadError where a sum binds a letter of these."""
    function = call.func
    body = function.rule if isinstance(call, RecursiveFunction) else function.body
    bound = {limit[0] for one in body.atoms(Sum, Product) for limit in one.limits}
    if bound & set().union(*(a.free_symbols for a in call.args)):
        raise ReadError(
            "An index of this derivative is bound by a sum in a definition: rename one of the two.", at
        )
    return body.xreplace(dict(zip(function.parameters, call.args, strict=True)))


def _before(call: Any, variable: Any) -> bool:
    """Whether a value of a recursion comes before the one that is derived by: it does not depend on it."""
    if not (isinstance(call, RecursiveFunction) and call.func is variable.func):
        return False
    level = call.func.level
    with evaluate(True):
        own = next(iter(call.func.rule.atoms(call.func))).args[level] - call.func.parameters[level]
        step = expand(call.args[level] - variable.args[level])
        return bool(step.is_number and expand(own) * step > 0)
