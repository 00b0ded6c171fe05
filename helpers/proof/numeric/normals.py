"""Which means over normal letters the evaluator knows exactly.

A normal letter takes three values here, the nodes of Gauss and Hermite. Their weighted sum is the mean of a
polynomial of degree 5 at most, and of nothing else: every other mean stays open, so that none is refuted by
the values of a law that is not the normal one.
"""

from __future__ import annotations

from sympy import Add, Basic, Indexed, Mul, Pow, Sum, Symbol

from ..statement.given import Given
from ..statement.laws import Normal, letter_of
from ..statement.operators import Covariance, Expectation, Variance
from ..statement.terms import NamedFunction
from .evaluate import Unsettled

HIGHEST = 5  # the degree up to which three nodes are exact (Abramowitz and Stegun, 25.4.46)


def demand_exact(parts: tuple[Basic, ...], over: frozenset | None, given: Given) -> None:
    """Raises Unsettled for a mean over normal letters that three values of each do not give."""
    normal = {letter for letter, (_, law) in given.random.items() if isinstance(law, Normal)}
    if not normal:
        return
    found = degree(parts[0], normal)
    if found is None or found > HIGHEST or (found and over is not None):
        raise Unsettled("of normal letters only polynomials up to degree 5 are averaged")


def degree(e: Basic, normal: set[Basic]) -> int | None:
    """The degree of a polynomial in the normal letters and their entries together; None for no polynomial."""
    if isinstance(e, (Symbol, Indexed)) and letter_of(e) in normal:
        return 1
    if isinstance(e, (Expectation, Variance, Covariance)) and not getattr(e, "over", ()):
        return 0  # a mean over everything is a number
    inside = [degree(a, normal) for a in e.args]
    if isinstance(e, NamedFunction):
        body = degree(e.func.body, normal)
        return body if not any(inside) and None not in inside else None
    if isinstance(e, Sum):
        return inside[0] if not any(degree(x, normal) for limit in e.limits for x in limit[1:]) else None
    if None in inside:
        return None
    if not any(inside):
        return 0
    if isinstance(e, Add):
        return max(inside)  # type: ignore[type-var]
    if isinstance(e, Mul):
        return sum(inside)  # type: ignore[arg-type]
    if isinstance(e, Pow) and e.exp.is_Integer and e.exp > 0:
        return inside[0] * int(e.exp)  # type: ignore[operator]
    return None
