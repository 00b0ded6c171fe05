"""Functions defined by recursion over a symbolic index, and equations that may be used to rewrite a step.

A recursion such as "delta at layer l from delta at layer l + 1" cannot be unfolded for a symbolic depth. The
function stays opaque to the normal form; a step says whose definition it uses, and the evaluator runs the
recursion itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sympy import Dummy, Expr, Function, I, Pow, Sum, Symbol, expand, log, sympify
from sympy.core.basic import Basic

from .objects import PrintedByName
from .rewriting import fresh, is_leaf, settle, unfold


class RecursiveFunction(PrintedByName):
    """Base of the functions made by `recursive`."""

    parameters: tuple[Symbol, ...] = ()
    level: int = 0  # which parameter the recursion runs over
    start: Expr
    base: Expr
    rule: Expr
    layers: tuple[Any, ...] = ()  # of a product over layers, for the evaluator


@dataclass(frozen=True)
class Rule:
    """An equation left = right for all values of `forall`; left is a function application.

    Rules are made here only, from definitions and from the hypothesis of an induction, so that no step can
    bring its own.
    """

    left: Expr
    right: Expr
    forall: tuple[Symbol, ...] = ()


def recursive(
    name: str,
    params: Iterable[Symbol],
    *,
    start: tuple[Symbol, Any],
    base: Any,
    rule: Callable[[type[Function]], Any],
    latex: str | None = None,
) -> type[RecursiveFunction]:
    """The function that is `base` where the parameter start[0] is start[1], and `rule(itself)` elsewhere."""
    params = tuple(params)
    index, at = start
    made: dict[str, Any] = {
        "nargs": (len(params),),
        "parameters": params,
        "level": params.index(index),
        "start": sympify(at),
        "base": sympify(base),
        "latex_name": latex,
        "is_real": True,
    }
    function = type(name, (RecursiveFunction,), made)
    function.rule = sympify(rule(function))
    if _may_be_complex(function.base) or _may_be_complex(function.rule):
        del made["is_real"]  # which SymPy reads once, when the class is made
        function = type(name, (RecursiveFunction,), made)
        function.rule = sympify(rule(function))
    return function


def _may_be_complex(e: Expr) -> bool:
    """Whether a piece of a definition holds i, or a root or logarithm of something of unknown sign."""
    roots = (p for p in e.atoms(Pow) if not p.exp.is_integer and not p.base.is_nonnegative)
    logs = (l for l in e.atoms(log) if not l.args[0].is_positive)
    return e.has(I) or any(roots) or any(logs)


def layer_product(
    name: str,
    params: Iterable[Symbol],
    *,
    matrix: Callable[[Any, Any, Any], Any],
    vector: Callable[[Any], Any],
    width: Callable[[Any], Any],
    last: Any,
    latex: str | None = None,
) -> type[RecursiveFunction]:
    """Row i of matrix(l) matrix(l+1) ... matrix(last) vector, as a function of params (l, i).

    matrix(l, i, k) is an entry of width(l) x width(l + 1). By definition the row is vector(i) for
    l = last + 1, and otherwise the sum over k of matrix(l, i, k) times row k of the product from l + 1. The
    evaluator multiplies the matrices from the left instead.
    """
    l, i = params = tuple(params)
    k = Dummy("k", integer=True)
    last = sympify(last)
    product = recursive(
        name,
        params,
        start=(l, last + 1),
        base=vector(i),
        latex=latex,
        rule=lambda f: Sum(matrix(l, i, k) * f(l + 1, k), (k, 1, width(l + 1))),
    )
    product.layers = (matrix, vector, width, last)
    return product


def definition(application: Expr, certainly_different: Callable[[Expr, Expr], bool]) -> Rule:
    """The recursion's own equation at one level, for all values of the other arguments.

    Raises ValueError if it is not certain whether the level is the one at which the recursion starts.
    """
    if not isinstance(application, RecursiveFunction):
        raise ValueError(f"{application} is not an application of a function made by `recursive`.")
    function, level = application.func, application.args[application.func.level]
    at_start = expand(level - function.start) == 0
    if not at_start and not certainly_different(level, function.start):
        raise ValueError(f"The range of {level} must exclude {function.start}, where {function} starts.")
    others = [p for k, p in enumerate(function.parameters) if k != function.level]
    own: dict[Symbol, Expr] = {p: Dummy(p.name, integer=True) for p in others}
    variables = tuple(own.values())
    own[function.parameters[function.level]] = level
    body = function.base if at_start else function.rule
    left = function(*function.parameters).xreplace(own)
    return Rule(left, fresh(settle(body)).xreplace(own), variables)


def hypothesis(left: Expr, right: Expr, forall: Iterable[Symbol]) -> Rule:
    """An induction hypothesis as a rule, with variables of its own so that nothing is captured."""
    own = {s: Dummy(s.name, integer=True) for s in forall}
    return Rule(settle(left).xreplace(own), fresh(settle(right)).xreplace(own), tuple(own.values()))


def rewrite(e: Basic, rules: Iterable[Rule]) -> Basic:
    """`e` with every application that a rule matches replaced, once. Bound indices must be fresh."""
    rules = list(rules)
    if is_leaf(e) or not rules:
        return e
    for r in rules:
        bound = _match(r, e)
        if bound is not None:
            return fresh(unfold(r.right)).xreplace(bound)
    return e.func(*[rewrite(a, rules) for a in e.args])


def _match(r: Rule, e: Basic) -> dict[Symbol, Expr] | None:
    """What the rule's variables stand for in `e`, or None."""
    if e.func is not r.left.func:
        return None
    bound: dict[Symbol, Expr] = {}
    for pattern, argument in zip(r.left.args, e.args, strict=True):
        if pattern in r.forall and pattern not in bound:
            bound[pattern] = argument
        elif expand(bound.get(pattern, pattern) - argument) != 0:
            return None
    return bound
