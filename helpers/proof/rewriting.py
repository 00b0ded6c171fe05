"""Rewriting that respects binding: SymPy's diff, subs and xreplace let a sum's index capture a free one."""

from __future__ import annotations

from functools import lru_cache

from sympy import Derivative, Dummy, Expr, IndexedBase, Limit, MatrixSymbol, Product, Sum, Tuple, evaluate
from sympy.core.basic import Basic
from sympy.matrices.expressions.matexpr import MatrixElement

from . import matrices
from .objects import At, NamedFunction, Partial, PrintedByName


class CannotDifferentiate(ValueError):
    """SymPy left a derivative unevaluated, so the symbolic judge has no answer."""


def is_leaf(e: Basic) -> bool:
    """Whether rewriting stops at `e`: an array's or matrix's shape is part of its name."""
    return not e.args or isinstance(e, (MatrixSymbol, IndexedBase))


def rebuilt(e: Basic, args: list[Basic]) -> Basic:
    """`e` with new arguments; `e` itself if none is new, because building costs time."""
    return e if all(a is b for a, b in zip(args, e.args, strict=True)) else e.func(*args)


def fresh(e: Basic) -> Basic:
    """`e` with every bound index renamed to a new dummy, so that no later substitution can be captured."""
    if is_leaf(e):
        return e
    if isinstance(e, At):
        variable = e.args[1].as_dummy()
        return At(fresh(e.args[0]).xreplace({e.args[1]: variable}), variable, fresh(e.args[2]))
    if isinstance(e, Limit):
        variable = e.args[1].as_dummy()
        return Limit(fresh(e.args[0]).xreplace({e.args[1]: variable}), variable, *e.args[2:])
    if not isinstance(e, (Sum, Product)):
        return rebuilt(e, [fresh(a) for a in e.args])
    body, limits = fresh(e.function), []
    for index, low, high in e.limits:
        # Limits run from the innermost outwards, so an index may occur in the bounds that came before it.
        new = {index: Dummy(index.name, integer=True)}
        body = body.xreplace(new)
        limits = [Tuple(*limit).xreplace(new) for limit in limits]
        limits.append((new[index], fresh(low), fresh(high)))
    return e.func(body, *limits)


class HiddenVariable(ValueError):
    """A variable stands in the definition of a recursion, where the symbolic judge does not look."""


def demand_visible(e: Basic, variable: Basic) -> None:
    """Raises HiddenVariable if a recursion inside `e` may depend on `variable` through its own definition.

    The normal form takes an application of a recursive function for a letter of its own. A derivative, a
    limit or a value put in for `variable` would then pass by what the base or the rule says about it.
    """
    letter = getattr(variable, "base", getattr(variable, "parent", variable))
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
            if recursive and any(part.has(letter) for part in parts):
                raise HiddenVariable(f"{variable} stands in the recursion of {function.__name__}")


def unfold(e: Basic) -> Basic:
    """`e` with named functions replaced by their bodies and every `Partial` worked out, inside out."""
    if is_leaf(e) and not isinstance(e, NamedFunction):  # a name without arguments is no leaf
        return e
    if isinstance(e, (Partial, At, Limit)):
        demand_visible(e.args[0], e.args[1])
    if isinstance(e, Partial):
        result = fresh(unfold(e.args[0])).diff(e.args[1])
        if result.has(Derivative):
            raise CannotDifferentiate(f"no symbolic derivative of {e.args[0]}")
        return fresh(result)
    if isinstance(e, At):
        return fresh(unfold(e.args[0])).xreplace({e.args[1]: unfold(e.args[2])})
    if isinstance(e, MatrixElement) and not isinstance(e.parent, MatrixSymbol):
        return unfold(matrices.entry(e.parent, e.i, e.j))
    e = rebuilt(e, [unfold(a) for a in e.args])
    if not isinstance(e, NamedFunction):
        return e
    # The body first: a Partial in it is meant with respect to the parameter, not to the argument.
    arguments = dict(zip(e.func.parameters, e.args, strict=True))
    return fresh(unfold(settle(e.func.body))).xreplace(arguments)


def settle(e: Basic) -> Basic:
    """`e` rebuilt with SymPy's automatic evaluation on: what an expression kept `as_written` stands for."""
    with evaluate(True):
        return _settled(e)


@lru_cache(maxsize=10_000)
def _settled(e: Basic) -> Basic:
    return e if is_leaf(e) else e.func(*[_settled(a) for a in e.args])


@lru_cache(maxsize=500)
def prepare(e: Expr) -> Expr:
    """`e` unfolded, differentiated, with fresh bound indices: the only form the normal form accepts."""
    with evaluate(True):
        return fresh(unfold(settle(e)))
