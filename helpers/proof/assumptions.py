"""What symbols assume, compared with what the hypotheses say.

SymPy's constructors use the assumptions of a symbol at once: |p| is p for a positive p, before any judge sees
it. So an assumption that says more than the printed hypotheses would be a hidden one, and is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Expr, Product, Sum, Symbol
from sympy.core.basic import Basic

from .objects import Given, PrintedByName

ABOVE_ZERO = ("positive", "unit", "simplex")
NOT_BELOW_ZERO = (*ABOVE_ZERO, "nonnegative", "closed unit", "binary", "onehot")
CONTINUOUS = ("real", "nonzero", "unit", "closed unit", "simplex")  # words that do not say "whole"
SPARSE = ("even", "odd", "prime", "composite")  # of whole numbers: a range of indices has others, too


def demand_consistent(expressions: Iterable[Expr], given: Given) -> None:
    """Raises ValueError, naming both, if a symbol assumes more than its domain or its range says."""
    for symbol, domain in given.domain.items():
        if isinstance(symbol, Symbol) and not callable(domain):
            _demand_domain(symbol, domain)
    for index, (low, high) in given.free.items():
        _demand_range(index, low, high)
    for node in _sums(expressions):
        for index, low, high in node.limits:
            _demand_range(index, low, high)


def _demand_domain(s: Symbol, domain: Any) -> None:
    if isinstance(domain, tuple):
        above, not_below, below = domain[0].is_nonnegative, domain[0].is_nonnegative, domain[1].is_nonpositive
    else:
        above, not_below, below = domain in ABOVE_ZERO, domain in NOT_BELOW_ZERO, False
    hidden = (
        (s.is_positive and not above)
        or (s.is_nonnegative and not not_below)
        or (s.is_nonpositive and not below)
        or (s.is_integer and domain in CONTINUOUS)
        or (s.is_nonzero and not (s.is_positive or s.is_negative) and domain != "nonzero")
        or any(getattr(s, f"is_{kind}") for kind in SPARSE)
    )
    if hidden:
        raise ValueError(f"The symbol {s} assumes {_assumed(s)}, which its domain {domain} does not say.")


def _demand_range(index: Symbol, low: Expr, high: Expr) -> None:
    hidden = (
        (index.is_positive and not (low - 1).is_nonnegative)
        or (index.is_nonnegative and not low.is_nonnegative)
        or (index.is_nonpositive and not high.is_nonpositive)
        or (index.is_nonzero and not (index.is_positive or index.is_negative))
        or any(getattr(index, f"is_{kind}") for kind in SPARSE)
    )
    if hidden:
        raise ValueError(
            f"The index {index} assumes {_assumed(index)}, which its range from {low} to {high} does not say."
        )


def _assumed(s: Symbol) -> str:
    kinds = ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "integer", *SPARSE)
    return ", ".join(kind for kind in kinds if getattr(s, f"is_{kind}"))


def _sums(expressions: Iterable[Basic]) -> Iterable[Expr]:
    """Every sum and product, those in definitions too."""
    waiting, seen = list(expressions), set()
    while waiting:
        e = waiting.pop()
        yield from e.atoms(Sum, Product)
        for call in e.atoms(PrintedByName):
            if call.func not in seen:
                seen.add(call.func)
                waiting += [getattr(call.func, p) for p in ("base", "rule", "body") if hasattr(call.func, p)]
