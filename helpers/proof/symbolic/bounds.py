"""Whether a whole number is certain to lie in a range: from signs, ranges, labels and conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Add, Expr, default_sort_key, expand

if TYPE_CHECKING:
    from .normal_form import NormalForm

MOST_INDICES = 12  # that are put at an end of their range, one after the other


def in_range(nf: NormalForm, target: Expr, low: Expr, high: Expr) -> bool:
    """Whether low <= target <= high is certain, from the known ranges of the indices in `target`."""
    return certainly_at_least(nf, target, low) and certainly_at_least(nf, high, target)


def certainly_at_least(nf: NormalForm, e: Expr, least: Expr) -> bool:
    """Whether e >= least is certain, from signs and from the known ranges of the indices."""
    gap = nf.labelled(e - least)
    if gap.is_nonnegative or expand(_bound(nf, gap, 0)).is_nonnegative:
        return True
    # From a condition u ≥ 0: gap is u + rest. Conditions are kept as words about u.
    for u in [
        u for u in nf.domain if isinstance(u, Add) and u.is_integer and u.free_symbols & gap.free_symbols
    ]:
        rest = expand(gap - u)
        if (rest.is_nonnegative or expand(_bound(nf, rest, 0)).is_nonnegative) and nf.domain[
            u
        ] == "nonnegative":
            return True
    return False


def _bound(nf: NormalForm, target: Expr, end: int) -> Expr:
    """The least (end 0) or greatest (end 1) value of `target`, index by index, each at the end of its range.

    Innermost first: with i up to q, q - i is at least q - q, which is 0, whatever the range of q.
    """
    target = expand(target)
    for _ in range(MOST_INDICES):
        known = {s for s in target.free_symbols if s in nf.ranges}
        bounds = {s: nf.ranges[s][0].free_symbols | nf.ranges[s][1].free_symbols for s in known}
        inner = [s for s in known if not any(s in bounds[other] for other in known)]
        if not inner:
            break
        index = min(inner, key=default_sort_key)
        slope = target.coeff(index, 1)
        if not slope.is_Number or expand(target - slope * index).has(index):
            break
        value = nf.ranges[index][end if slope > 0 else 1 - end]
        target = expand(target - slope * index + slope * value)
    return target
