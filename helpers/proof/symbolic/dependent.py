"""Rules for multiple sums with bounds that mention another index: count, contract, halve a square."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Dummy, Expr, Indexed, KroneckerDelta, Mul, S, Sum, default_sort_key

from . import naming, nesting
from .algebra import expand
from .bounds import certainly_at_least, in_range
from .unfolding import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm


def without_one(nf: NormalForm, bodies: list[Expr], limits: list[tuple]) -> Expr | None:
    """The sum with an index less: one that no factor mentions is counted, one in a delta is contracted.

    Sound: `nestings` runs over the same places, and a range is counted only if it is not reversed.
    """
    if len(limits) > naming.MOST_LIMITS or naming.independent(limits):
        return None
    for nested in nesting.nestings(limits):
        ranges = {index: (low, high) for index, low, high in nested}
        nf.ranges, before = nf.ranges | ranges, nf.ranges  # as they are in this order
        try:
            found = _counted(nf, bodies, nested) or _picked(nf, bodies, nested)
        finally:
            nf.ranges = before
        if found is not None:
            return _again(nf, *found)
    return None


Parts = tuple[list[Expr], list[tuple]]


def _counted(nf: NormalForm, bodies: list[Expr], nested: list[tuple]) -> Parts | None:
    """Without the innermost index, if nothing mentions it: so many equal terms."""
    index, low, high = nested[0]
    # So many terms, if the range is nowhere reversed by more than one: from low to low - 1 there are 0.
    if any(f.has(index) for f in bodies) or not certainly_at_least(nf, high - low + 1, S.Zero):
        return None
    return [*bodies, high - low + 1], nested[1:]


def _picked(nf: NormalForm, bodies: list[Expr], nested: list[tuple]) -> Parts | None:
    """Without the outermost index, if a delta compares it with a number that is certainly in its range."""
    index, low, high = nested[-1]
    for f in bodies:
        target = target_of(f, index)
        # An inner index in the target would be read outside of its own sum.
        if target is None or target.has(*[limit[0] for limit in nested[:-1]]):
            continue
        if in_range(nf, target, low, high):
            place = {index: target}
            rest = [fresh(g).xreplace(place) for g in bodies if g is not f]
            return rest, [tuple(part.xreplace(place) for part in limit) for limit in nested[:-1]]
    return None


def target_of(f: Expr, index: Expr) -> Expr | None:
    """The one whole number at which a delta is 1, or None: of δ(k + 1, j) over k it is j - 1."""
    if not isinstance(f, KroneckerDelta):
        return None
    gap = expand(f.args[0] - f.args[1])
    slope = gap.coeff(index, 1)
    if slope not in (S.One, S.NegativeOne):
        return None
    target = expand(index - slope * gap)
    return target if target.is_integer and not target.has(index) else None


def _again(nf: NormalForm, bodies: list[Expr], limits: list[tuple]) -> Expr:
    body = Mul(*bodies)
    return nf.rational(fresh(Sum(body, *limits) if limits else body))


def _reads_differences(body: Expr, limits: list[tuple]) -> bool:
    """Whether an entry is read at a place that both indices make, as in a convolution."""
    return any(all(a.has(limit[0]) for limit in limits) for u in body.atoms(Indexed) for a in u.indices)


def triangle(nf: NormalForm, body: Expr, limits: list[tuple]) -> Expr | None:
    """A triangle through the square, its diagonal, and the one half that comes first by name.

    The square is the half a < b, the half b < a and the diagonal; a symmetric summand has two equal halves.
    """
    found = nesting.triangle(limits)
    if found is None or _reads_differences(body, limits):
        return None
    (a, low, high), (b, _, _), apart = found
    if low.has(Dummy) or high.has(Dummy):
        return None  # an outer sum is still to come, and may see more
    turned = fresh(body).xreplace({a: b, b: a})
    half, other = (naming.named(f, [(a, low, b - 1), (b, low, high)]) for f in (body, turned))
    diagonal = nf.rational(fresh(Sum(fresh(body).xreplace({b: a}), (a, low, high))))
    # One half is an atom and the other is square - diagonal - atom, so that a sum over either of them gets
    # the same form. Which one, the names of the two decide, not where they stand.
    own = diagonal if apart == 0 else S.Zero
    if half != other and default_sort_key(half) < default_sort_key(other):
        return own + nf.atom(half)
    square = nf.rational(fresh(Sum(fresh(body), (a, low, high), (b, low, high))))
    if half == other:
        return own + (square - diagonal) / 2
    return own + square - diagonal - nf.atom(other)
