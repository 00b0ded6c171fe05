"""Multiple sums whose ranges depend on each other, such as triangles: every way to nest the same terms.

A bound like j ≤ i - 1 compares two indices, or an index and an end, by a whole number. The tightest such
comparisons that follow from the bounds are computed; two nestings run over the same places if they have the
same ones. A reversed range is empty, so a sum is a sum over the places that its bounds allow, and over
finitely many places the order does not matter.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from sympy import Expr, expand

Limit = tuple[Expr, Expr, Expr]
Least = dict[tuple[Expr, Expr], int]  # (a, b) -> c: a is at least b + c


def nestings(limits: list[Limit]) -> Iterator[list[Limit]]:
    """The same places in every order of the indices in which each has one lower and one upper end.

    Innermost first, as SymPy writes limits. Nothing if a bound compares by more than a whole number.
    """
    least = _closure(limits)
    if least is None:
        return
    indices = [limit[0] for limit in limits]
    for order in itertools.permutations(indices):
        nested = _nested(order, least)
        # The same comparisons follow from both, so whatever one allows the other allows.
        if nested is not None and _closure(nested) == least:
            yield nested


def corners(limits: list[Limit]) -> list[list[Limit]]:
    """Both orders of two indices with a + b ≤ h: the inner one runs up to h minus the other."""
    if len(limits) != 2:
        return []
    (a, first, end), (b, low, high) = limits
    together = expand(end + b)
    # b ≤ high must say no more than that a has a place: then the places are a ≥ first, b ≥ low, a + b ≤ h.
    if first.has(b) or together.has(b) or expand(together - first - high) != 0:
        return []
    return [list(limits), [(b, low, together - a), (a, first, expand(together - low))]]


def triangle(limits: list[Limit]) -> tuple[Limit, Limit, int] | None:
    """(a, low, high), (b, low, high) and c of 0 or 1, if the limits say low ≤ a, a + c ≤ b, b ≤ high."""
    least = _closure(limits) if len(limits) == 2 else None
    if least is None:
        return None
    for a, b in itertools.permutations([limit[0] for limit in limits]):
        ends = {node for pair in least for node in pair} - {a, b}
        lows, highs = [e for e in ends if (a, e) in least], [e for e in ends if (e, b) in least]
        c = least.get((b, a))
        if c not in (0, 1) or (a, b) in least or len(lows) != 1 or len(highs) != 1:
            continue
        low, high = lows[0] + least[a, lows[0]], highs[0] - least[highs[0], b]
        # Only if nothing else is said: a third bound would cut a corner off.
        if _closure([(a, low, b - c), (b, low, high)]) == least:
            return (a, low, high), (b, low, high), c
    return None


def _closure(limits: list[Limit]) -> Least | None:
    """The tightest comparisons that follow; None where a bound is no index or end plus a whole number."""
    indices = {limit[0] for limit in limits}
    least: Least = {}
    for index, low, high in limits:
        for end, side in ((low, 1), (high, -1)):
            parts = _end(end, indices)
            if parts is None:
                return None
            node, number = parts
            pair = (index, node) if side == 1 else (node, index)
            least[pair] = max(least.get(pair, side * number), side * number)
    nodes = {node for pair in least for node in pair}
    # a ≥ c + p and c ≥ b + q give a ≥ b + p + q, so whatever is entered follows from the bounds. Where the
    # bounds contradict each other the places are none, and so they are for every nesting with the same ones.
    for through, a, b in itertools.product(nodes, repeat=3):
        if (a, through) in least and (through, b) in least and a != b:
            found = least[a, through] + least[through, b]
            least[a, b] = max(least.get((a, b), found), found)
    return least


def _end(end: Expr, indices: set[Expr]) -> tuple[Expr, int] | None:
    number, rest = expand(end).as_coeff_Add()
    # A bound such as 2i or i + j compares no two ends by a whole number.
    if not number.is_Integer or (rest.free_symbols & indices and rest not in indices):
        return None
    return rest, int(number)


def _nested(order: tuple[Expr, ...], least: Least) -> list[Limit] | None:
    """The indices from the outermost on, each between the ends that do not follow from another one."""
    limits: list[Limit] = []
    for place, index in enumerate(order):
        inner = set(order[place:])
        nodes = sorted({n for pair in least for n in pair} - inner, key=str)
        below = _tightest([(n, least[index, n]) for n in nodes if (index, n) in least], least, 1)
        above = _tightest([(n, least[n, index]) for n in nodes if (n, index) in least], least, -1)
        if len(below) != 1 or len(above) != 1:
            return None
        (low, up), (high, down) = below[0], above[0]
        limits.insert(0, (index, low + up, high - down))
    return limits


def _tightest(ends: list[tuple[Expr, int]], least: Least, side: int) -> list[tuple[Expr, int]]:
    """The ends that are not implied by another: n ≥ j follows from n ≥ i and i ≥ j."""

    def implied(node: Expr, number: int, by: Expr, by_number: int) -> bool:
        between = least.get((by, node) if side == 1 else (node, by))
        return between is not None and by_number + between >= number

    kept = list(ends)
    for one in ends:
        if any(other != one and implied(*one, *other) for other in kept):
            kept.remove(one)
    return kept
