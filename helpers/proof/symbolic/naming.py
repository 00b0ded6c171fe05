"""One name for equal sums: indices shifted, turned, ordered and named, so that equal sums are equal trees."""

from __future__ import annotations

import itertools

from sympy import (
    Expr,
    Function,
    Indexed,
    Product,
    S,
    Sum,
    Symbol,
    default_sort_key,
    preorder_traversal,
)

from . import nesting
from .unfolding import fresh

MOST_LIMITS = 5  # 5! = 120 orders of summation are compared; beyond that the given order stands


def canonical(body: Expr, limits: list[tuple]) -> Expr:
    """The sum with its indices shifted, turned, ordered and named: equal sums become the same tree."""
    return min((named(*way) for way in directions(body, limits)), key=_simplest)


def _simplest(e: Sum) -> tuple:
    """First the sums that read their entries at plain indices."""
    places = [a for u in e.function.atoms(Indexed, Function) for a in u.args[1:] if isinstance(u, Indexed)]
    return sum(not a.is_Symbol for a in places), default_sort_key(e)


def named(body: Expr, limits: list[tuple]) -> Expr:
    """The same without turning any index."""
    for limit in limits:
        body, limits = _anchored(body, limits, limit[0])
    # Finite sums may be taken in any order in which no bound mentions an index that is summed outside it.
    ways = itertools.permutations(limits) if len(limits) <= MOST_LIMITS else [limits]
    orders = [order for order in ways if _well_ordered(order)]
    if not independent(limits) and len(limits) <= MOST_LIMITS:
        orders = list(nesting.nestings(limits)) or nesting.corners(limits) or orders
        sums = [rename(Sum(*_anchored_inside(fresh(body), order))) for order in orders]
        return min(sums, key=_simplest)
    return min((rename(Sum(fresh(body), *order)) for order in orders), key=_simplest)


def _anchored_inside(body: Expr, limits: list[tuple]) -> list:
    """Body and limits with the innermost index shifted by an outer one, where that makes a place plain."""
    body, limits = _anchored(body, list(limits), limits[0][0])
    return [body, *limits]


def directions(body: Expr, limits: list[tuple]) -> list[tuple[Expr, list[tuple]]]:
    """The sum with every index running upwards through most places that are read; both ways if they tie.

    Sound: low + high - k runs through low..high as k does, each number once; if the range is empty, both are.
    """
    ways = [(body, limits)]
    for index, low, high in limits:
        slopes = [a.coeff(index, 1) for u in body.atoms(Indexed, Function) for a in u.args if a.has(index)]
        up, down = slopes.count(S.One), slopes.count(S.NegativeOne)
        if not down or up > down or _bounds_mention(limits, index):
            continue
        turned = [(fresh(b, {index: low + high - index}), own) for b, own in ways]
        ways = turned if down > up else ways + turned
    return ways


def _anchored(body: Expr, limits: list[tuple], index: Expr) -> tuple[Expr, list[tuple]]:
    """Shift `index` so that entries are read at the index itself: w[i + 1] over 0..n-1 is w[i] over 1..n."""
    places = [a - index for u in body.atoms(Indexed, Function) for a in u.args if a.has(index)]
    offsets = [c for c in places if c.is_Integer]
    along = [c for c in places if not c.has(index)]
    alike = len(set(along)) == 1 and not along[0].is_Integer and along[0].is_integer
    # A shift of the index moves the whole range with it, so no term is lost, whatever the range. By a letter,
    # too, if that is whole and no bound of another index would have to follow.
    if alike and not _bounds_mention(limits, index):
        c = along[0]
    elif not offsets or min(offsets) == 0:
        return body, limits
    else:
        c = min(offsets)
    place = {index: index - c}
    ends = [(i, *(end.xreplace(place) for end in (low, high))) for i, low, high in limits]
    moved = [(i, low + c, high + c) if i == index else (i, low, high) for i, low, high in ends]
    return fresh(body, place), moved


def _bounds_mention(limits: list[tuple], index: Expr) -> bool:
    return any(bound.has(index) for _, *bounds in limits for bound in bounds)


def independent(limits: list[tuple]) -> bool:
    indices = {limit[0] for limit in limits}
    return not any((low.free_symbols | high.free_symbols) & indices for _, low, high in limits)


def _well_ordered(limits: tuple) -> bool:
    """An index may occur only in the bounds of the limits before it (they are the inner ones)."""
    for place, limit in enumerate(limits):
        inner = {other[0] for other in limits[:place]}
        if (limit[1].free_symbols | limit[2].free_symbols) & inner:
            return False
    return True


class Place(Symbol):
    """The name of a bound index by its position; no symbol of a reader equals one, whatever it is called."""


def rename(e: Expr) -> Expr:
    """`e` with its bound indices named by position, so that equal sums become identical trees.

    Such names may only ever be bound: whoever takes the sum apart again must call `fresh` first, or an
    inner `_q0` would capture an outer one.
    """
    names: dict[Expr, Symbol] = {}
    for node in preorder_traversal(e):
        if isinstance(node, (Sum, Product)):
            for limit in node.limits:
                names.setdefault(limit[0], Place(f"_q{len(names)}", integer=True))
    return e.xreplace(names)
