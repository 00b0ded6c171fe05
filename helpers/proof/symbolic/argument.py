"""The symbolic judge: which argument proves a step, in words, or none.

Equalities go through the normal form, inequalities through a gap whose sign can be read off, sums over a
symbolic range through induction when asked, recursions through the definitions that the step names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

from sympy import Add, Basic, Dummy, Expr, Integer, Inverse, Product, S, Sum, fraction, oo, together

from ..statement import chance
from ..statement.chain import Means
from ..statement.given import SYMMETRIC, Given
from ..statement.terms import PrintedByName
from ..work import OutOfWork, share
from . import (
    bounds,
    factors,
    inequalities,
    intervals,
    inverses,
    orders,
    recursions,
    rules,
    signs,
    splitting,
    sums,
)
from .algebra import expand, factored
from .conditions import kinks
from .normal_form import HYPERBOLIC, NormalForm
from .possible import demand_possible
from .rules import Rule
from .unfolding import demand_visible, fresh, prepare

BESIDE_INVERSES = "the difference is 0 by V A = A V = I for every inverse V of an A, for all sizes"
LAST = 30_000  # steps of work for what is tried last
FOR_ALL = "normal form of the difference is 0 for all sizes"


def argument(left: Expr, right: Expr, given: Given, how: Means, supposed: tuple[Rule, ...] = ()) -> str:
    """The argument that proves the step, in words; "" if none is recognised.

    `supposed` are the rules of an induction's hypothesis, which only the judge of a chain makes.

    Raises what SymPy raises, NoLimit, CannotDifferentiate or NoEntryRule where a rule is missing, and
    NeverMeant where a condition of the statement holds nowhere.
    """
    _demand_fixed_laws(left, right, given)
    found = _found(left, right, given, how, supposed)
    if found:
        demand_possible(left, right, given)
    return found


def _found(left: Expr, right: Expr, given: Given, how: Means, supposed: tuple[Rule, ...]) -> str:
    if how.relation == "=" and left == right:
        # The same tree has the same value wherever it has one; its conditions are shown all the same.
        return "both sides are the same expression"
    if how.relation != "=":
        return _inequality(left, right, given, how, supposed)
    # Infinity is no number: it may only be what a limit tends to, never a term.
    if right in (oo, -oo):
        return "algebra of limits" if NormalForm(given).tends_to(left, right) else ""
    if how.induction is not None:
        return _by_induction(left - right, given, how.induction)
    if inverses.proves(left, right, given):
        return BESIDE_INVERSES
    nf = NormalForm(given, _rules(given, how, supposed), kinks(left, right))
    if any(prepare(side).has(*HYPERBOLIC) for side in (left, -right)):
        # Many lines hold whatever tanh is; written out by exp they would be long.
        short = NormalForm(given, nf.rules, nf.apart)
        short.whole = True
        if short.is_zero(left, -right):
            return FOR_ALL
    if nf.is_zero(left, -right):
        return FOR_ALL
    if not nf.rules and nf.unsure and splitting.proved(left, right, given, nf.unsure):
        return f"{FOR_ALL}, in two cases"
    plain = _without_symmetry(left, right, given)
    if plain is not None and NormalForm(plain, nf.rules, nf.apart).is_zero(left, -right):
        return FOR_ALL
    return _last_resort(lambda: next(filter(None, _by_any_size(left, right, given)), ""))


def _without_symmetry(left: Expr, right: Expr, given: Given) -> Given | None:
    """Symmetric matrices as any that have an inverse: then A A⁻¹ = I is seen in their entries."""
    if not (left.has(Inverse) or right.has(Inverse)):
        return None
    words = {m: "invertible" for m, word in given.domain.items() if word in SYMMETRIC}
    return replace(given, domain={**given.domain, **words}) if words else None


def _demand_fixed_laws(left: Expr, right: Expr, given: Given) -> None:
    """Raises ValueError if a derivative is by something that a law mentions: E changes with its law, too."""
    parts = [part for _, law in given.random.values() for part in law.parts()]
    for variable in chance.varied((left, right)):
        letter = getattr(variable, "base", getattr(variable, "parent", variable))
        letter = variable.func if isinstance(variable, PrintedByName) else letter
        if any(letter in part.free_symbols or part.has(letter) for part in parts):
            raise ValueError(f"A law depends on {variable}, by which a derivative is taken.")


def _rules(given: Given, how: Means, supposed: tuple[Rule, ...]) -> tuple[Rule, ...]:
    nf = NormalForm(given)

    def different(a: Expr, b: Expr) -> bool:
        return sums.certainly_at_least(nf, a, b + 1) or sums.certainly_at_least(nf, b, a + 1)

    return (*supposed, *(rules.definition(application, different) for application in how.using))


def _inequality(left: Expr, right: Expr, given: Given, how: Means, supposed: tuple[Rule, ...]) -> str:
    larger, smaller = (right, left) if "<" in how.relation else (left, right)
    strict = "=" not in how.relation
    if how.gap is None:
        return _without_gap(larger - smaller, given, strict) or _last_resort(
            lambda: _from_simpler(larger - smaller, given, strict, depth=0)
        )
    nf = NormalForm(given, _rules(given, how, supposed))
    # larger - smaller = gap, or ≥ gap, and gap > 0: either proves the relation.
    if manifest(how.gap, given, strict=strict):
        sign = f"gap {'> 0' if strict else '≥ 0'} can be read off"
        if nf.is_zero(larger, -smaller, -how.gap):
            return f"normal form of larger minus smaller minus gap is 0 for all sizes; {sign}"
        if manifest(_form(nf, larger - smaller - how.gap), given, strict=False):
            return f"larger minus smaller minus gap is not negative; {sign}"
    if manifest(_form(nf, larger - smaller), given, strict=strict):
        return "the sign of larger minus smaller can be read off its normal form"
    return ""


def _form(nf: NormalForm, e: Expr) -> Expr:
    return nf.canonical(nf.ready(e))


def _without_gap(difference: Expr, given: Given, strict: bool) -> str:
    """By bounds of numbers, by a sign that can be read off, or by a standard inequality."""
    with suppress(intervals.NoEnclosure):
        bounded = _by_intervals(difference, given, strict)
        if bounded:
            return bounded
    nf = NormalForm(given)
    if manifest(difference, given, strict=strict) or manifest(_form(nf, difference), given, strict=strict):
        return "the sign of larger minus smaller can be read off"
    ready = nf.ready(difference)
    if ready.is_integer and bounds.certainly_at_least(nf, ready, S.One if strict else S.Zero):
        return "the ranges of whole numbers"
    if factors.has_sign(nf, ready, strict):
        return "the factors of larger minus smaller have signs that can be read off"
    return inequalities.proved(nf, difference, lambda e: manifest(e, given, strict=strict), strict)


def _simpler(e: Expr, given: Given, strict: bool, depth: int) -> bool:
    """Whether e ≥ 0, or > 0 if `strict`, is proved, as a part of an argument at this depth."""
    try:
        return bool(_without_gap(e, given, strict) or _from_simpler(e, given, strict, depth))
    except OutOfWork:
        raise
    except Exception:  # SymPy raises many kinds; none of them may count as yes
        return False


def _from_simpler(e: Expr, given: Given, strict: bool, depth: int) -> str:
    found = orders.proved(e, given, strict, _simpler, depth)
    if found or depth:
        return found
    e = prepare(e)
    for n in (n for n in given.sizes if e.has(n) and _may_grow(n, given)):
        demand_visible(e, n)  # a recursion that hides n would be the same one at n + 1
        without = replace(given, sizes=tuple(s for s in given.sizes if s != n))
        rise = _last_taken_out(e.xreplace({n: n + 1}), n, given) - e
        if _simpler(e.xreplace({n: Integer(1)}), without, strict, 1) and _simpler(rise, given, False, 1):
            return f"induction over {n}: larger minus smaller has the sign at {n} = 1, and never falls"
    return ""


def _last_taken_out(e: Expr, n: Expr, given: Given) -> Expr:
    """`e` with the last term of every sum up to n + 1 beside it, where there certainly is one."""

    def beside(s: Sum) -> Expr:
        (k, low, high), *others = s.limits
        if others or expand(high - n) != 1 or not bounds.certainly_at_least(NormalForm(given), high, low):
            return s
        return Sum(s.function, (k, low, n)) + fresh(s.function, {k: high})

    return e.replace(lambda s: isinstance(s, Sum), beside)


def _by_intervals(difference: Expr, given: Given, strict: bool) -> str:
    least = intervals.enclose(prepare(difference), given.known).a
    # Asked this way round, because nothing compares with what is no number: ∞ - ∞ must not pass for a yes.
    if not (least > 0 if strict else least >= 0):
        return ""
    return f"interval arithmetic: the larger side minus the smaller is at least {intervals.short(least)}"


def manifest(gap: Expr, given: Given, *, strict: bool) -> bool:
    """Whether the sign of the gap can be read off, as written or over a common denominator."""
    sign = signs.is_positive if strict else signs.is_nonnegative
    plain = prepare(gap)
    if sign(plain, given.known):
        return True
    # A fraction has the sign of its numerator if its denominator is positive.
    above, below = fraction(together(plain))

    def holds(test: Callable, e: Expr) -> bool:
        return any(test(form, given.known) for form in (e, expand(e), factored(e), _from_ends(e, given)))

    return any(holds(sign, side * above) and holds(signs.is_positive, side * below) for side in (1, -1))


def _from_ends(e: Expr, given: Given) -> Expr:
    """Letters beyond an end as the end and what they are beyond it: v > 4 is 4 + s with s > 0."""
    beyond = {}
    for letter in e.free_symbols:
        for way in (1, -1):
            for gap in (g for g in given.known if isinstance(g, Add) and g.coeff(letter) == way):
                end, word = gap - way * letter, given.known[gap]
                if end.is_Number and word in ("positive", "nonnegative"):
                    beyond[letter] = way * (Dummy(**{word: True}) - end)
        ends = (
            None if letter.is_integer else given.domain.get(letter)
        )  # of whole numbers the ends belong to it
        if isinstance(ends, tuple) and all(end.is_number for end in ends) and e.coeff(letter).is_number:
            rising = e.coeff(letter).is_positive
            beyond[letter] = ends[0] + Dummy(positive=True) if rising else ends[1] - Dummy(positive=True)
    return expand(e.xreplace(beyond)) if beyond and e.is_polynomial(*beyond) else e


def _spoken_of(given: Given) -> list[Basic]:
    """The expressions in the hypotheses: ends of ranges and domains, facts, conditions, rows."""
    rows = [array for array, domain in given.domain.items() if domain in signs.ROWS]
    shapes = [size for array in rows for size in getattr(array, "shape", None) or ()]
    return [*chance.hypotheses(given), *shapes]


def _last_resort(find: Callable[[], str]) -> str:
    """What `find` says within a share of the work; where it fails, the line only stays unproved."""
    try:
        with share(LAST):
            return find()
    except Exception:  # SymPy raises many kinds; none of them may count as yes
        return ""


def _by_any_size(left: Expr, right: Expr, given: Given) -> Iterator[str]:
    """Induction over each size, for the difference of the sides or for their quotient."""
    for n in filter(lambda n: _may_grow(n, given), given.sizes):
        with suppress(ValueError, NotImplementedError):
            yield _by_induction(left - right, given, n)
        a, b = map(prepare, (left, right))
        if a.has(Product) or b.has(Product):
            beyond, first = {n: n + 1}, {n: Integer(1)}
            # With b > 0, a = b from n to n + 1 if both grow by the same factor.
            kept = NormalForm(given).is_zero(a.xreplace(beyond) * b, -b.xreplace(beyond) * a)
            base = kept and NormalForm(given).is_zero((a - b).xreplace(first))
            if base and manifest(b, given, strict=True):
                yield f"induction over {n}: the sides are equal at {n} = 1, and grow by the same factor"


def _may_grow(n: Expr, given: Given) -> bool:
    """An index or a hypothesis that depends on n would mean another statement for n + 1."""
    return n in given.sizes and not any(e.has(n) for e in _spoken_of(given))


def _by_induction(difference: Expr, given: Given, n: Expr) -> str:
    """The difference is 0 for size 1, and does not change from any size to the next."""
    demand_visible(difference, n)
    if not _may_grow(n, given):
        raise ValueError(f"induction over {n} needs a size on which no index and no hypothesis depends")
    e = prepare(difference)
    without = replace(given, sizes=tuple(s for s in given.sizes if s != n))
    # Base and step together are induction over the whole numbers from 1 on, which a size is.
    base = NormalForm(without).is_zero(e.xreplace({n: Integer(1)}))
    step = NormalForm(given).is_zero(e.xreplace({n: n + 1}) - e)
    if base and not step and recursions.by_induction(difference, n, NormalForm(given), NormalForm(without)):
        return f"induction over {n}: the recursion carries the equation from {n} to {n} + 1"
    said = f"induction over {n}: the difference is 0 at {n} = 1 and does not change from {n} to {n} + 1"
    return said if base and step else ""
