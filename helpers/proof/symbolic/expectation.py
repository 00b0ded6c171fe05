"""The rules of the normal form for expectations. A random letter takes finitely many values.

E is linear, so it goes term by term, through finite sums, and past what is not random. A product splits only
between letters that one group declares mutually independent. What is left is one letter, whose law is asked,
or an atom: the same expression has the same expectation, and nothing else about it is used.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from sympy import (
    Add,
    Dummy,
    Expr,
    Indexed,
    KroneckerDelta,
    Mul,
    Product,
    S,
    Sum,
    Symbol,
    binomial,
    default_sort_key,
    expand,
    factorial2,
    fraction,
    nan,
    oo,
    zoo,
)

from ..statement.laws import Bernoulli, Group, Moments, Normal, WithoutReplacement, law_of, letter_of, unit
from ..statement.operators import Expectation
from . import bounds, means
from .algebra import cancel
from .algebra import expand as expanded
from .unfolding import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm

MOST_COPIES = 4  # the highest power of a sum that is written out
HIGHEST = 5  # the highest moment of a normal letter that is written out


def value(nf: NormalForm, e: Expectation) -> Expr:
    """The expectation as a rational function of atoms."""
    over = frozenset(e.over) or frozenset(nf.given.random)
    numerator, denominator = fraction(cancel(nf.rational(fresh(e.args[0]))))
    # 1/E[X] is not E[1/X]: a denominator in which something is random is not taken apart.
    if any(_chance(nf, nf.meaning.get(t, t), over) for t in denominator.free_symbols):
        return _mean(nf, [nf.restore(numerator / denominator)], over)
    result = S.Zero
    for term in Add.make_args(expanded(numerator)):
        outside, inside = S.One, []
        for f in Mul.make_args(term):
            base, power = f.as_base_exp()
            meaning = nf.meaning.get(base, base)
            # What is not random is a number for E, and what is random but not averaged over is declared
            # independent (statement.chance), so that it is a number for this E, too.
            if base.is_Number or not _chance(nf, meaning, over):
                outside *= f
            else:
                inside += [(meaning, int(power))]
        result += outside * (_of_product(nf, inside, over) if inside else S.One)
    return result / denominator


def _chance(nf: NormalForm, e: Expr, over: frozenset) -> set[Expr]:
    """The random letters and entries in `e` that an expectation over `over` is about."""
    if isinstance(e, Expectation):
        return _chance(nf, e.args[0], over - frozenset(e.over)) if e.over else set()
    if isinstance(e, (Symbol, Indexed)) and letter_of(e) in over and letter_of(e) in nf.given.random:
        return {e}
    if isinstance(e, Indexed):
        return set().union(*(_chance(nf, a, over) for a in e.indices))
    return set().union(*(_chance(nf, a, over) for a in e.args))


def _of_product(nf: NormalForm, factors: list[tuple[Expr, int]], over: frozenset) -> Expr:
    """E of a product of powers: sums go outside, a finite sum being a finite sum of expectations."""
    bodies, limits = [], []
    for f, power in factors:
        # E of a finite sum is the sum of the E, if the number of terms is not random itself.
        fixed = isinstance(f, Sum) and not any(_chance(nf, end, over) for own in f.limits for end in own[1:])
        if not fixed or power > MOST_COPIES:
            bodies.append(f**power)
            continue
        for copy in [fresh(f) for _ in range(power)]:
            limits += [tuple(own) for own in copy.limits]
            bodies.append(copy.function)
    if limits:
        inside = Expectation(Mul(*bodies), *sorted(over, key=str))
        return nf.rational(fresh(Sum(inside, *limits)))
    return _mean(nf, bodies, over)


def _mean(nf: NormalForm, factors: list[Expr], over: frozenset, apart: frozenset = frozenset()) -> Expr:
    """E of a product of factors without sums; the entries in the pairs of `apart` are different ones."""
    found = [_chance(nf, f, over) for f in factors]
    entries = sorted(set().union(*found), key=default_sort_key)
    bound = {limit[0] for f in factors for s in f.atoms(Sum, Product) for limit in s.limits}
    nested = any(_chance(nf, index, over) for x in entries if isinstance(x, Indexed) for index in x.indices)
    if nested or any(x.free_symbols & bound for x in entries):
        return _atom(nf, factors, over)  # many entries behind one name
    # x_i and x_j may be the same letter, whose square has another mean than the product of two.
    for a, b in combinations(entries, 2):
        if letter_of(a) == letter_of(b) and frozenset((a, b)) not in apart:
            return _by_equality(nf, factors, over, apart, a, b)
    # Only one group that speaks of all of them: independence in pairs says nothing about three.
    group = next((g for g in nf.given.independent if _holds_all(nf, g, entries)), None)
    parts = _components(factors, found, entries, group, nf) if group else [factors]
    return Mul(*[_of_component(nf, part, over, group) for part in parts])


def _holds_all(nf: NormalForm, group: Group, entries: list[Expr]) -> bool:
    return all(unit(x, group, nf.given.random) is not None for x in entries)


def _by_equality(
    nf: NormalForm, factors: list[Expr], over: frozenset, apart: frozenset, a: Expr, b: Expr
) -> Expr:
    """Two entries of one array are the same one or two different ones: both cases, by deltas."""
    gaps = [expand(i - j) for i, j in zip(a.indices, b.indices, strict=True)]
    different = nf.rational(Mul(*[KroneckerDelta(i, j) for i, j in zip(a.indices, b.indices, strict=True)]))
    result = S.Zero
    if different != 0:
        same = [fresh(f).xreplace({b: a}) for f in factors]
        result = different * _mean(nf, same, over, apart)
    if all(gap == 0 for gap in gaps):
        return result
    return result + (1 - different) * _mean(nf, factors, over, apart | {frozenset((a, b))})


def _components(
    factors: list[Expr], found: list[set[Expr]], entries: list[Expr], group: Group, nf: NormalForm
) -> list[list[Expr]]:
    """Factors by the independent units that they share: E of the product is the product of their E."""
    # Factors that share a unit stay together; functions of different units are independent as the units are.
    units = [frozenset(unit(x, group, nf.given.random) for x in own) for own in found]
    parts: list[tuple[set, list[Expr]]] = []
    for own, f in zip(units, factors, strict=True):
        joined, members = set(own), [f]
        for part in [p for p in parts if p[0] & own]:
            parts.remove(part)
            joined, members = joined | part[0], part[1] + members
        parts.append((joined, members))
    return [members for _, members in parts]


def _of_component(nf: NormalForm, factors: list[Expr], over: frozenset, group: Group | None) -> Expr:
    """E of what cannot be split further, by the law of a letter in it, or as an atom."""
    entries = sorted(set().union(*(_chance(nf, f, over) for f in factors)), key=default_sort_key)
    body = Mul(*factors)
    if not entries:  # as where two entries were found equal, and the delta between them is 1
        return nf.rational(fresh(body))
    laws = {x: law_of(x, nf.given.random) for x in entries}
    if all(isinstance(law, WithoutReplacement) for law in laws.values()):
        drawn = _drawn(nf, body, entries, laws[entries[0]], over)
        return _atom(nf, factors, over) if drawn is None else drawn
    # A letter of few values that is independent of all others here: E is the weighted sum over its values.
    if len(entries) == 1 or group:
        units = {x: unit(x, group, nf.given.random) if group else x for x in entries}
        for x in entries:
            alone = sum(units[x] == other for other in units.values()) == 1
            if alone and not isinstance(laws[x], (Moments, WithoutReplacement)):
                by_values = _over_values(nf, body, x, laws[x], over)
                if by_values is not None:
                    return by_values
    if len(entries) == 1 and isinstance(laws[entries[0]], Moments):
        known = _moment(body, entries[0], laws[entries[0]], over)
        if known is not None:
            return nf.rational(nf.ready(known))
    return _atom(nf, factors, over)


def _moment(body: Expr, x: Expr, law: Moments, over: frozenset) -> Expr | None:
    """E[x] and E[x²] = Var[x] + E[x]², where the law says them; of a normal law higher moments, too."""
    if body == x and law.mean is not None:
        return law.mean
    if body == x**2 and law.variance is not None:
        mean = Expectation(x, *sorted(over, key=str)) if law.mean is None else law.mean
        return law.variance + mean**2
    base, power = body.as_base_exp()
    if not isinstance(law, Normal) or base != x or not power.is_Integer or not 2 < power <= HIGHEST:
        return None  # of any other law nothing more is known: third moments and functions of x stay atoms
    # x = μ + u, where E[u^j] is 0 for an odd j and (j - 1)(j - 3)⋯1 · Var[x]^(j/2) for an even one.
    terms = [
        binomial(power, j) * factorial2(j - 1) * law.variance ** (j // 2) * law.mean ** (power - j)
        for j in range(0, int(power) + 1, 2)
    ]
    return Add(*terms)


def _over_values(nf: NormalForm, body: Expr, x: Expr, law: object, over: frozenset) -> Expr | None:
    """Σ P(x = v) E[body at v]; None if the body has no value at one of the two of a Bernoulli letter."""
    names = sorted(over, key=str)
    if isinstance(law, Bernoulli):
        off, on = (fresh(body).xreplace({x: S(v)}) for v in (0, 1))
        # 0 ln 0 and 0/0 have no value, even if the outcome 0 has the chance 1 - p of one half or none.
        if any(case.has(zoo, nan, oo, -oo) for case in (off, on)):
            return None
        p = nf.ready(law.p)
        return nf.rational(fresh(p * Expectation(on, *names) + (1 - p) * Expectation(off, *names)))
    first, last = map(nf.ready, law.ends)
    k = Dummy("k", integer=True)
    weight = getattr(law, "weight", None)
    # Of a uniform law the range has a number, or there would be nothing to draw; so the count is not 0.
    chance = 1 / (last - first + 1) if weight is None else nf.ready(weight).xreplace({law.limit[0]: k})
    inside = Expectation(fresh(body).xreplace({x: k}), *names)
    return nf.rational(fresh(Sum(chance * inside, (k, first, last))))


def _drawn(
    nf: NormalForm, body: Expr, entries: list[Expr], law: WithoutReplacement, over: frozenset
) -> Expr | None:
    """One entry is uniform; two different ones are any two different numbers, each pair equally likely."""
    first, last = map(nf.ready, law.ends)
    count = expand(last - first + 1)
    names = sorted(over, key=str)
    if len(entries) > 2 or len({letter_of(x) for x in entries}) > 1:
        return None
    k, l = Dummy("k", integer=True), Dummy("l", integer=True)
    if len(entries) == 1:
        inside = Expectation(fresh(body).xreplace({entries[0]: k}), *names)
        return nf.rational(fresh(Sum(inside / count, (k, first, last))))
    # Two are drawn only from two numbers; without that, 1/(N - 1) would stand for a term that is not there.
    if not bounds.certainly_at_least(nf, count, S(2)):
        return None
    inside = Expectation(fresh(body).xreplace({entries[0]: k, entries[1]: l}), *names)
    pairs = Sum(inside * (1 - KroneckerDelta(k, l)), (k, first, last), (l, first, last))
    return nf.rational(fresh(pairs / (count * (count - 1))))


def _atom(nf: NormalForm, factors: list[Expr], over: frozenset) -> Expr:
    """The expectation as an atom, over the letters that stand in it."""
    body = nf.restore(cancel(nf.rational(fresh(Mul(*factors)))))
    letters = sorted({letter_of(x) for x in _chance(nf, body, over)}, key=str)
    # The mean over letters that do not stand in it changes nothing: chances sum to 1.
    if not letters:
        return nf.rational(fresh(body))
    return nf.atom(
        means.closed(
            body, letters, lambda e: letter_of(e) in letters, lambda e: letter_of(e) in nf.given.random
        )
    )
