"""All mutants of a step: the right-hand side, the claim or the gap with one edit in it.

An edit changes one node of the tree: a sign, a factor, a term, an exponent, an index, a bound, a constant, a
function. `edits` applies every kind of edit at every node; nothing here knows what is true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    Lambda,
    Limit,
    MatAdd,
    MatMul,
    MatrixExpr,
    MatrixSymbol,
    Mul,
    Number,
    Pow,
    Product,
    Sum,
    Symbol,
    Transpose,
    Tuple,
    cosh,
    exp,
    log,
    oo,
    sign,
    sinh,
    tanh,
)
from sympy.matrices.expressions.hadamard import HadamardProduct
from sympy.matrices.expressions.matexpr import MatrixElement

from helpers.proof import At, Given, Partial
from helpers.proof.proofs import Step
from helpers.proof.statement.operators import Expectation
from helpers.proof.statement.recursive import RecursiveFunction
from helpers.proof.statement.terms import NamedFunction, SmoothFunction

FRACTIONS = ("unit", "closed unit", "binary", "simplex", "closed simplex", "onehot")
OPAQUE = (Symbol, IndexedBase, MatrixSymbol, Tuple)
CALLS = (NamedFunction, SmoothFunction, RecursiveFunction)
Edit = tuple[str, Basic]


@dataclass(frozen=True)
class Mutant:
    """One edited step. `part` says what was edited: "side", "relation" or "gap"."""

    kind: str
    part: str
    expr: Basic
    relation: str
    gap: Basic | None


def mutants(step: Step, given: Given) -> list[Mutant]:
    """The different single-edit mutants of a step, in an order that depends on nothing but the step."""
    right, gap, relation = settled(step.expr), step.gap, step.relation
    scope = frozenset(given.free)
    found = [Mutant(kind, "side", e, relation, gap) for kind, e in _sides(right, given, scope)]
    found += [Mutant("relation", "relation", right, other, gap) for other in OTHERS.get(relation, ())]
    if gap is not None:
        own = settled(gap)
        found += [Mutant(kind, "gap", right, relation, e) for kind, e in edits(own, given, scope) if e != own]
    first: dict[tuple, Mutant] = {}
    for m in found:
        first.setdefault((m.part, m.expr, m.relation, m.gap), m)
    return list(first.values())


OTHERS = {"<=": (">=", "="), ">=": ("<=", "="), "<": (">", "="), ">": ("<", "=")}


def _sides(right: Basic, given: Given, scope: frozenset) -> Iterator[Edit]:
    if right != 0:
        yield "sign", -right
    if isinstance(right, MatrixExpr):
        yield "transpose", Transpose(right)
    for kind, e in edits(right, given, scope):
        if e != right:
            yield kind, e


def settled(e: Basic) -> Basic:
    """`e` as SymPy writes it when it keeps no order: sums and products flat, numbers multiplied out."""
    return e if not e.args or isinstance(e, OPAQUE[:3]) else e.func(*map(settled, e.args))


def edits(e: Basic, given: Given, scope: frozenset) -> Iterator[Edit]:
    """Every edit at `e` or below it; `scope` holds the free indices and those bound around `e`."""
    for kind, build in _here(e, given, scope):
        new = _built(build)
        if new is not None:
            yield kind, new
    for k, inside in _children(e):
        for kind, new in edits(e.args[k], given, scope | inside):
            whole = _built(lambda k=k, new=new: e.func(*e.args[:k], new, *e.args[k + 1 :]))
            if whole is not None:
                yield kind, whole


def _built(build: Callable[[], Basic]) -> Basic | None:
    """The edited tree; None where SymPy itself refuses it: shapes that do not fit, or no number."""
    try:
        new = build()
    except (ValueError, TypeError, ZeroDivisionError, AttributeError):
        return None
    return None if new.has(oo * 0) else new


def _children(e: Basic) -> list[tuple[int, frozenset]]:
    """Which arguments are expressions of their own, and which indices they bind."""
    if isinstance(e, (*OPAQUE, Indexed, MatrixElement, KroneckerDelta)) and not _entry_of_formula(e):
        return []
    if isinstance(e, (Sum, Product)):
        return [(0, frozenset(limit[0] for limit in e.limits))]
    if isinstance(e, (Partial, At, Limit, Expectation)) or _entry_of_formula(e):
        return [(0, frozenset())]
    if isinstance(e, Lambda):
        return [(1, frozenset())]
    return [(k, frozenset()) for k, a in enumerate(e.args) if not _is_index(a)]


def _entry_of_formula(e: Basic) -> bool:
    return isinstance(e, MatrixElement) and not isinstance(e.parent, MatrixSymbol)


def _is_index(a: Basic) -> bool:
    """Whether an argument counts layers or entries: those are edited as indices, not as numbers."""
    return isinstance(a, Expr) and bool(a.is_integer) and bool(a.free_symbols) and not isinstance(a, CALLS)


def _here(e: Basic, given: Given, scope: frozenset) -> Iterator[tuple[str, Callable]]:
    """The edits of this node alone, each as a function that builds it."""
    for kinds, rule in RULES:
        if isinstance(e, kinds):
            yield from rule(e, given, scope)


def _term(e: Add | MatAdd, *_) -> Iterator:
    for k, a in enumerate(e.args):
        rest = (*e.args[:k], *e.args[k + 1 :])
        yield "drop term", lambda rest=rest: e.func(*rest)
        yield "sign", lambda rest=rest, a=a: e.func(*rest, -a)


def _factor(e: Mul, *_) -> Iterator:
    for k in range(len(e.args)):
        yield "drop factor", lambda k=k: e.func(*e.args[:k], *e.args[k + 1 :])


def _power(e: Pow, *_) -> Iterator:
    yield "exponent + 1", lambda: Pow(e.base, e.exp + 1)
    yield "exponent - 1", lambda: Pow(e.base, e.exp - 1)
    yield "sign in exponent", lambda: Pow(e.base, -e.exp)


def _exponential(e: exp, *_) -> Iterator:
    yield "exponent + 1", lambda: exp(e.args[0] + 1)
    yield "exponent - 1", lambda: exp(e.args[0] - 1)
    yield "sign in exponent", lambda: exp(-e.args[0])
    yield "function", lambda: 1 + e.args[0]


def _function(e: Expr, *_) -> Iterator:
    x = e.args[0]
    for other in OTHER_FUNCTIONS[type(e)]:
        yield "function", lambda other=other: other(x)
    yield "sign in argument", lambda: e.func(-x)


OTHER_FUNCTIONS: dict[type, tuple] = {
    log: (lambda x: x, lambda x: log(1 - x)),
    cosh: (sinh,),
    sinh: (cosh,),
    tanh: (lambda x: x, lambda x: 1 / tanh(x)),
    Abs: (lambda x: x,),
    sign: (lambda x: x, Abs),
}


def _call(e: Expr, given: Given, scope: frozenset) -> Iterator:
    """A named function: its argument's sign, its place, its complement, its derivative."""
    real = [k for k, a in enumerate(e.args) if not _is_index(a)]
    for k in real:
        yield "sign in argument", lambda k=k: e.func(*e.args[:k], -e.args[k], *e.args[k + 1 :])
        yield "function", lambda k=k: e.args[k]
    if isinstance(e, NamedFunction):
        yield "1 - y", lambda: 1 - e
    if isinstance(e, SmoothFunction):
        yield "function", lambda: e.fdiff()
    yield "square", lambda: e**2
    yield from _places(e, scope)


def _entry(e: Indexed | MatrixElement, given: Given, scope: frozenset) -> Iterator:
    if _entry_of_formula(e):
        yield from _places(e, scope)
        return
    yield "square", lambda: e**2
    if given.domain.get(getattr(e, "base", getattr(e, "parent", None))) in FRACTIONS:
        yield "1 - y", lambda: 1 - e
    yield from _places(e, scope)


def _places(e: Expr, scope: frozenset) -> Iterator:
    """Indices: another one that is in scope, the next and the previous one, two of them exchanged."""
    first = 0 if isinstance(e, CALLS) else 1
    places = [k for k in range(first, len(e.args)) if _is_index(e.args[k])]
    for k in places:

        def put(new: Basic, k: int = k) -> Basic:
            return e.func(*e.args[:k], new, *e.args[k + 1 :])

        here = e.args[k]
        for other in sorted(scope - {here}, key=str):
            yield "index swapped", lambda put=put, other=other: put(other)
        yield "index shifted", lambda put=put, here=here: put(here + 1)
        yield "index shifted", lambda put=put, here=here: put(here - 1)
    if len(places) >= 2:
        k, l = places[:2]
        args = list(e.args)
        args[k], args[l] = args[l], args[k]
        yield "transpose", lambda: e.func(*args)


def _delta(e: KroneckerDelta, given: Given, scope: frozenset) -> Iterator:
    for k, here in enumerate(e.args[:2]):
        for other in sorted(scope - set(e.args), key=str):
            yield "index swapped", lambda here=here, other=other: e.xreplace({here: other})
        yield "index shifted", lambda k=k: KroneckerDelta(e.args[k] + 1, e.args[1 - k])
    yield "1 - y", lambda: 1 - e


def _symbol(e: Symbol, given: Given, scope: frozenset) -> Iterator:
    if e.is_integer and e not in given.sizes:
        return
    yield "square", lambda: e**2
    if given.domain.get(e) in FRACTIONS:
        yield "1 - y", lambda: 1 - e
    if e in given.sizes:
        yield "constant", lambda: e + 1
        yield "constant", lambda: e - 1


def _constant(e: Expr, *_) -> Iterator:
    if e in (oo, -oo):
        yield "constant", lambda: -e
        return
    yield "constant", lambda: e + 1
    yield "constant", lambda: e - 1


def _bounds(e: Sum | Product, *_) -> Iterator:
    for k, (index, low, high) in enumerate(e.limits):
        for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            limits = (*e.limits[:k], Tuple(index, low + a, high + b), *e.limits[k + 1 :])
            yield "bound shifted", lambda limits=limits: e.func(e.function, *limits)
        rest = (*e.limits[:k], *e.limits[k + 1 :])
        yield "sum dropped", lambda rest=rest: e.func(e.function, *rest) if rest else e.function
    yield "function", lambda: (Product if isinstance(e, Sum) else Sum)(e.function, *e.limits)


def _derivative(e: Partial, *_) -> Iterator:
    yield "function", lambda: e.args[0]
    yield "square", lambda: e**2


def _where(e: At | Limit, *_) -> Iterator:
    body, variable, at, *side = e.args
    if at not in (oo, -oo):
        yield "place", lambda: e.func(body, variable, at + 1, *side)
    if side and at in (oo, -oo):
        yield "place", lambda: Limit(body, variable, -at, "+" if at is -oo else "-")


def _matrix_factor(e: MatMul | HadamardProduct, *_) -> Iterator:
    for k, a in enumerate(e.args):
        yield "drop factor", lambda k=k: e.func(*e.args[:k], *e.args[k + 1 :])
        if isinstance(a, MatrixExpr):
            yield "transpose", lambda k=k, a=a: e.func(*e.args[:k], Transpose(a), *e.args[k + 1 :])
    if isinstance(e, HadamardProduct):
        yield "function", lambda: MatMul(*e.args)


RULES: list[tuple] = [
    ((Add, MatAdd), _term),
    (Mul, _factor),
    (Pow, _power),
    (exp, _exponential),
    (tuple(OTHER_FUNCTIONS), _function),
    (CALLS, _call),
    ((Indexed, MatrixElement), _entry),
    (KroneckerDelta, _delta),
    (Symbol, _symbol),
    ((Sum, Product), _bounds),
    (Partial, _derivative),
    ((At, Limit), _where),
    ((MatMul, HadamardProduct), _matrix_factor),
    (Number, _constant),
]
