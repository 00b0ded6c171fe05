"""Equations by which a step may rewrite an application of a recursive function.

They are made here only, from the function's own definition or from the hypothesis of an induction; no step
can bring one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sympy import Dummy, Expr, Integer, Symbol, expand
from sympy.core.basic import Basic

from ..statement.recursive import RecursiveFunction
from ..statement.terms import is_leaf, settle
from .unfolding import demand_visible, fresh, unfold

MOST = 8  # steps from the start of a recursion that are written out


@dataclass(frozen=True)
class Rule:
    """An equation left = right for all values of `forall`; left is a function application.

    Rules are made here only, from definitions and from the hypothesis of an induction, so that no step can
    bring its own.
    """

    left: Expr
    right: Expr
    forall: tuple[Symbol, ...] = ()


def definition(application: Expr, certainly_different: Callable[[Expr, Expr], bool]) -> Rule:
    """The recursion's own equation at one level, for all values of the other arguments.

    Raises ValueError if it is not certain whether the level is the one at which the recursion starts.
    """
    if not isinstance(application, RecursiveFunction):
        raise ValueError(f"{application} is not an application of a function made by `recursive`.")
    function, level = application.func, application.args[application.func.level]
    # Which of its two lines defines f at this level must be certain; at the start it is the base,
    # elsewhere the rule.
    at_start = expand(level - function.start) == 0
    if not at_start and not certainly_different(level, function.start):
        raise ValueError(f"The range of {level} must exclude {function.start}, where {function} starts.")
    others = [p for k, p in enumerate(function.parameters) if k != function.level]
    body = function.base if at_start else function.rule
    for parameter in function.parameters:
        demand_visible(body, parameter)  # of another recursion inside, which the letter would not reach
    own: dict[Symbol, Expr] = {p: _anything(p) for p in others}
    variables = tuple(own.values())
    own[function.parameters[function.level]] = level
    left = function(*function.parameters).xreplace(own)
    return Rule(left, fresh(settle(body)).xreplace(own), variables)


def _anything(p: Symbol) -> Dummy:
    """A letter for whatever may stand at the place of `p`: whole only if `p` is."""
    return Dummy(p.name, integer=True) if p.is_integer else Dummy(p.name)


def hypothesis(left: Expr, right: Expr, forall: Iterable[Symbol]) -> Rule:
    """An induction hypothesis as a rule, with variables of its own so that nothing is captured."""
    own = {s: _anything(s) for s in forall}
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


def unrolled(e: Expr) -> Expr:
    """`e` with every application that lies few steps from its start replaced by what these steps give."""
    for _ in range(MOST + 1):
        found = [rule for call in e.atoms(RecursiveFunction) for rule in _towards_start(call)]
        if not found:
            return e
        e = rewrite(e, found)
    return e


def _towards_start(call: RecursiveFunction) -> Iterator[Rule]:
    """The definition of an application at the start, or of one that it brings nearer to it."""
    distance = expand(call.args[call.func.level] - call.func.start)
    if not distance.is_Integer or abs(distance) > MOST:
        return
    nearer = all(abs(distance + step) < abs(distance) for step in _neighbours(call.func))
    if distance == 0 or nearer:
        yield definition(call, lambda a, b: distance != 0)


def _neighbours(f: type[RecursiveFunction]) -> list[Expr]:
    """How far the levels lie from its own at which the rule of `f` uses `f`; not a number counts as far."""
    own = f.parameters[f.level]
    found = (expand(a.args[f.level] - own) for a in f.rule.atoms(RecursiveFunction) if a.func is f)
    return [step if step.is_Integer else Integer(MOST + 1) for step in found]


def _match(r: Rule, e: Basic) -> dict[Symbol, Expr] | None:
    """What the rule's variables stand for in `e`, or None."""
    if e.func is not r.left.func:
        return None
    bound: dict[Symbol, Expr] = {}
    for pattern, argument in zip(r.left.args, e.args, strict=True):
        # A letter of the rule stands for anything at its first place, and for the same thing at every
        # other.
        if pattern in r.forall and pattern not in bound:
            bound[pattern] = argument
        elif expand(bound.get(pattern, pattern) - argument) != 0:
            return None
    return bound
