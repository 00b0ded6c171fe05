"""Sums and products that leave one index out, recognised for printing."""

from __future__ import annotations

from sympy import Expr, Ne, Piecewise, Product, Sum


def left_out(e: Sum | Product) -> tuple[Expr, Expr, Expr] | None:
    """(term, index, what it must not be) of what `statement.sums` makes; None for any other sum."""
    neutral = 0 if isinstance(e, Sum) else 1
    if len(e.limits) != 1 or not isinstance(e.function, Piecewise) or len(e.function.args) != 2:
        return None
    (term, condition), (rest, _) = e.function.args
    index = e.limits[0][0]
    if not isinstance(condition, Ne) or index not in condition.args or rest != neutral:
        return None
    without = condition.args[1] if condition.args[0] == index else condition.args[0]
    return None if without.has(index) else (term, index, without)
