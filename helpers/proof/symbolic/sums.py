"""The rules of the normal form for finite sums: contract deltas, flatten, split, name the indices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sympy import (
    Abs,
    Add,
    Expr,
    Mul,
    Pow,
    Product,
    S,
    Sum,
    default_sort_key,
    factor_list,
    fraction,
    sign,
)

from . import closed, dependent, naming, onehot, orthonormal, signs
from .algebra import cancel, expand
from .bounds import certainly_at_least, in_range
from .naming import rename
from .unfolding import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm

Factor = tuple[Expr, int]  # an atom's meaning and its power
MOST_TERMS = 8  # sums of at most so many terms are written out


def sum_rational(nf: NormalForm, r: Expr, index: Expr, low: Expr, high: Expr) -> Expr:
    """The sum over `index` of a rational function of atoms, term by term of its numerator."""
    numerator, denominator = fraction(cancel(r))

    def depends(t: Expr) -> bool:
        return index in nf.meaning.get(t, t).free_symbols

    # A factor without the index may be taken out of a finite sum; of a denominator, only what depends on
    # the index stays inside.
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
        result += outside * _sum_monomial(nf, _with_signs_merged(nf, factors), (index, low, high))
    return result * inside / denominator


def _sum_monomial(nf: NormalForm, factors: list[Factor], limit: tuple[Expr, Expr, Expr]) -> Expr:
    index, low, high = limit
    length = expand(high - low + 1)
    # A range of few terms is written out; one that is reversed is empty, and its sum 0, as range() has
    # it.
    if length.is_Integer and length <= MOST_TERMS:
        body = Mul(*[v**m for v, m in factors])
        return Add(*[nf.rational(fresh(body, {index: low + k})) for k in range(int(length))])
    for place, (u, _) in enumerate(factors):
        # Contracting puts the target in for the index, so it has to be a whole number, too.
        if (target := dependent.target_of(u, index)) is not None:
            # A delta picks one term, if its target is certain to be in the range; if it is certain to be
            # outside, the sum is 0; else neither is said.
            if in_range(nf, target, low, high):
                rest = Mul(*[v**m for other, (v, m) in enumerate(factors) if other != place])
                return nf.rational(fresh(rest, {index: target}))
            if certainly_at_least(nf, low - 1, target) or certainly_at_least(nf, target, high + 1):
                return S.Zero
    in_closed_form = closed.value(nf, factors, limit)
    if in_closed_form is not None:
        return in_closed_form
    bodies, limits = _flatten(nf, factors, limit)
    hot = onehot.contracted(nf, bodies)
    if hot is not None:
        return nf.rational(fresh(Sum(Mul(*hot), *limits)))
    for rule in (orthonormal.contracted, dependent.without_one):
        shorter = rule(nf, bodies, limits)
        if shorter is not None:
            return shorter
    result = S.One
    for body, own in _components(bodies, limits):
        result *= _canonical_sum(nf, body, own)
    return result


def _flatten(nf: NormalForm, factors: list[Factor], limit: tuple) -> tuple[list[Expr], list[tuple]]:
    """Open inner sums (and small powers of them): their product is one multiple sum."""
    bodies, limits = [], [limit]
    for u, power in factors:
        # A product of sums is a multiple sum. Their limits come first: inner bounds may mention the index.
        if not isinstance(u, Sum) or not 0 < power <= 3:
            bodies.append(_power(nf, u, power))
            continue
        for copy in [fresh(u) for _ in range(power)]:
            limits = [tuple(own) for own in copy.limits] + limits
            nf.ranges.update({own[0]: (own[1], own[2]) for own in copy.limits})
            bodies += Mul.make_args(copy.function)
    return bodies, limits


def _power(nf: NormalForm, u: Expr, power: int) -> Expr:
    word = signs.domain_of(u, nf.domain)
    if power > 1 and word in ("binary", "onehot"):
        return u
    if power > 1 and word == "sign":  # y² = 1 for -1 and for 1
        return u ** (power % 2)
    return u**power


def _with_signs_merged(nf: NormalForm, factors: list[Factor]) -> list[Factor]:
    """u sign(u) is |u|, |u| sign(u) is u, |u|^2 is u^2, and sign(u)^2 is 1 where u is not 0."""
    powers: dict[Expr, int] = {}
    for u, m in factors:  # a factor may occur twice, above and below the fraction bar
        powers[u] = powers.get(u, 0) + m
    for s in [u for u in powers if isinstance(u, sign)]:
        u, a = s.args[0], Abs(s.args[0])
        if not signs.is_real(u, nf.domain):
            continue  # a complex u times its sign is no length
        while powers[s] > 0 and (powers.get(u, 0) > 0 or powers.get(a, 0) > 0):
            old, new = (a, u) if powers.get(a, 0) > 0 else (u, a)
            powers[s], powers[old], powers[new] = powers[s] - 1, powers[old] - 1, powers.get(new, 0) + 1
        if signs.never_zero(u, nf.domain):
            powers[s] %= 2
    for a in [u for u in powers if isinstance(u, Abs)]:
        if powers[a] > 1 and a.args[0].is_real:
            # |u|² = u² for real u only; a complex u has |u|² = u times its conjugate.
            powers[a.args[0]] = powers.get(a.args[0], 0) + powers[a] - powers[a] % 2
            powers[a] %= 2
    return [(u, m) for u, m in powers.items() if m != 0]


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
        # Sum over i and k of f(i) g(k) is (sum of f)(sum of g): for indices that share no factor and no
        # bound.
        yield Mul(*[f for f in bodies if f.free_symbols & linked]), own


def _canonical_sum(nf: NormalForm, body: Expr, limits: list[tuple]) -> Expr:
    if body == 1 and naming.independent(limits):
        counts = [high - low + 1 for _, low, high in limits]
        # A reversed range is empty, so "last minus first plus one" needs a range that is not reversed.
        if all(certainly_at_least(nf, count, S.Zero) for count in counts):
            return Mul(*[nf.rational(count) for count in counts])
    halves = dependent.triangle(nf, body, limits)
    if halves is not None:
        return halves
    return nf.atom(naming.canonical(body, limits))


def constant_product(nf: NormalForm, body: Expr, limits: tuple) -> Expr:
    """A product of equal factors is a power; the ranges must not be reversed, and 0 needs one factor."""
    counts = [high - low + 1 for _, low, high in limits]
    # 0 to the power 0 is 1: the product of no factors is 1, that of one or more zeros is 0.
    least = S.One if body == 0 else S.Zero
    if naming.independent(limits) and all(certainly_at_least(nf, count, least) for count in counts):
        return S.Zero if body == 0 else nf.rational(Pow(fresh(body), Mul(*counts)))
    return nf.atom(rename(Product(fresh(body), *limits)))


def regroup(nf: NormalForm, numerator: Expr) -> tuple[Expr, list[Sum]]:
    """The terms without a sum, and the others with the sums over equal ranges joined under one sign."""
    rest, groups = S.Zero, {}
    for term in Add.make_args(numerator):
        atoms = [f for f in Mul.make_args(term) if isinstance(nf.meaning.get(f), Sum)]
        if not atoms:
            rest += term
            continue
        chosen = max(atoms, key=lambda f: default_sort_key(nf.meaning[f]))
        u = nf.meaning[chosen]
        groups.setdefault(u.limits, []).append(nf.restore(term / chosen) * u.function)
    joint = [fresh(Sum(Add(*parts), *limits)) for limits, parts in groups.items()]
    for one in joint:
        nf.ranges.update({limit[0]: (limit[1], limit[2]) for limit in one.limits})
    return rest, joint
