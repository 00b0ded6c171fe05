"""The rules of the normal form for finite sums: contract deltas, flatten, split, name the indices."""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sympy import (
    Add,
    Expr,
    KroneckerDelta,
    Mul,
    Product,
    S,
    Sum,
    Symbol,
    cancel,
    default_sort_key,
    expand,
    factor_list,
    fraction,
    preorder_traversal,
)

from . import signs
from .rewriting import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm

Factor = tuple[Expr, int]  # an atom's meaning and its power
MOST_LIMITS = 5  # 5! = 120 orders of summation are compared; beyond that the given order stands


def sum_rational(nf: NormalForm, r: Expr, index: Expr, low: Expr, high: Expr) -> Expr:
    """The sum over `index` of a rational function of atoms, term by term of its numerator."""
    numerator, denominator = fraction(cancel(r))

    def depends(t: Expr) -> bool:
        return index in nf.meaning.get(t, t).free_symbols

    inside = Mul(*[f**m for f, m in factor_list(denominator)[1] if any(map(depends, f.free_symbols))])
    result = S.Zero
    for term in Add.make_args(expand(numerator)):
        outside, factors = S.One, [(nf.restore(inside), -1)] if inside != 1 else []
        for f in Mul.make_args(term):
            base, power = f.as_base_exp()
            if base.is_Number or not depends(base):
                outside *= f
            else:
                factors.append((nf.meaning[base], int(power)))
        result += outside * _sum_monomial(nf, factors, (index, low, high))
    return result * inside / denominator


def _sum_monomial(nf: NormalForm, factors: list[Factor], limit: tuple[Expr, Expr, Expr]) -> Expr:
    index, low, high = limit
    for place, (u, _) in enumerate(factors):
        if isinstance(u, KroneckerDelta):
            target = u.args[0] if u.args[1] == index else u.args[1]
            if index in u.args[:2] and not target.has(index) and in_range(nf, target, low, high):
                rest = Mul(*[v**m for other, (v, m) in enumerate(factors) if other != place])
                return nf.rational(fresh(rest).xreplace({index: target}))
    bodies, limits = _flatten(nf, factors, limit)
    result = S.One
    for body, own in _components(bodies, limits):
        result *= _canonical_sum(nf, body, own)
    return result


def in_range(nf: NormalForm, target: Expr, low: Expr, high: Expr) -> bool:
    """Whether low <= target <= high is certain, from the known ranges of the indices in `target`."""
    least, most = _bound(nf, target, 0), _bound(nf, target, 1)
    return bool(expand(least - low).is_nonnegative and expand(high - most).is_nonnegative)


def _bound(nf: NormalForm, target: Expr, end: int) -> Expr:
    bound = S.Zero
    for term in Add.make_args(expand(target)):
        c, index = term.as_coeff_Mul()
        known = nf.ranges.get(index)
        bound += term if known is None else c * known[end if c > 0 else 1 - end]
    return bound


def _flatten(nf: NormalForm, factors: list[Factor], limit: tuple) -> tuple[list[Expr], list[tuple]]:
    """Open inner sums (and small powers of them): their product is one multiple sum."""
    bodies, limits = [], [limit]
    for u, power in factors:
        fixed = isinstance(u, Sum) and not any(b.has(limit[0]) for own in u.limits for b in own[1:])
        if not fixed or not 0 < power <= 3:
            bodies.append(_power(nf, u, power))
            continue
        for copy in [fresh(u) for _ in range(power)]:
            limits += [tuple(own) for own in copy.limits]
            nf.ranges.update({own[0]: (own[1], own[2]) for own in copy.limits})
            bodies += Mul.make_args(copy.function)
    return bodies, limits


def _power(nf: NormalForm, u: Expr, power: int) -> Expr:
    if power > 1 and signs.domain_of(u, nf.domain) in ("binary", "onehot"):
        return u
    return u**power


def _components(bodies: list[Expr], limits: list[tuple]) -> Iterator[tuple[Expr, list[tuple]]]:
    """Groups of indices that no factor connects: the sum of their product is the product of their sums."""
    todo = {limit[0]: limit for limit in limits}
    links = [set(f.free_symbols) for f in bodies] + [
        {limit[0]} | limit[1].free_symbols | limit[2].free_symbols for limit in limits
    ]
    while todo:
        linked, before = {next(iter(todo))}, None
        while before != linked:
            before = set(linked)
            for link in links:
                if link & linked:
                    linked |= link & set(todo)
        own = [todo.pop(index) for index in list(todo) if index in linked]
        yield Mul(*[f for f in bodies if f.free_symbols & linked]), own


def _canonical_sum(nf: NormalForm, body: Expr, limits: list[tuple]) -> Expr:
    if body == 1 and _independent(limits):
        return Mul(*[nf.rational(high - low + 1) for _, low, high in limits])
    orders = itertools.permutations(limits) if len(limits) <= MOST_LIMITS else [limits]
    named = [rename(Sum(fresh(body), *order)) for order in orders if _well_ordered(order)]
    return nf.atom(min(named, key=default_sort_key))


def _independent(limits: list[tuple]) -> bool:
    indices = {limit[0] for limit in limits}
    return not any((low.free_symbols | high.free_symbols) & indices for _, low, high in limits)


def _well_ordered(limits: tuple) -> bool:
    """An index may occur only in the bounds of the limits before it (they are the inner ones)."""
    for place, limit in enumerate(limits):
        inner = {other[0] for other in limits[:place]}
        if (limit[1].free_symbols | limit[2].free_symbols) & inner:
            return False
    return True


def rename(e: Expr) -> Expr:
    """`e` with its bound indices named by position, so that equal sums become identical trees.

    Such names may only ever be bound: whoever takes the sum apart again must call `fresh` first, or an
    inner `_q0` would capture an outer one.
    """
    names: dict[Expr, Symbol] = {}
    for node in preorder_traversal(e):
        if isinstance(node, (Sum, Product)):
            for limit in node.limits:
                names.setdefault(limit[0], Symbol(f"_q{len(names)}", integer=True))
    return e.xreplace(names)


def regroup(nf: NormalForm, numerator: Expr) -> list[Expr]:
    """Sums over equal ranges joined under one sign: if each joint summand vanishes, so does the whole.

    Returns the joint summands; a term without a sum is returned as it is, and does not vanish.
    """
    groups: dict[tuple, list[Expr]] = {}
    for term in Add.make_args(numerator):
        atoms = [f for f in Mul.make_args(term) if isinstance(nf.meaning.get(f), Sum)]
        if not atoms:
            return [S.One]
        chosen = max(atoms, key=lambda f: default_sort_key(nf.meaning[f]))
        u = nf.meaning[chosen]
        groups.setdefault(u.limits, []).append(nf.restore(term / chosen) * u.function)
    summands = []
    for limits, parts in groups.items():
        joint = fresh(Sum(Add(*parts), *limits))
        nf.ranges.update({limit[0]: (limit[1], limit[2]) for limit in joint.limits})
        summands.append(nf.rational(joint.function))
    return summands
