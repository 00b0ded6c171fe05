"""What symbols assume, compared with what the hypotheses say.

SymPy's constructors use the assumptions of a symbol at once: |p| is p for a positive p, before any judge sees
it. So an assumption that says more than the printed hypotheses would be a hidden one, and is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sympy import Dummy, Expr, Indexed, Limit, Product, Sum, Symbol, oo
from sympy.core.basic import Basic

from .given import Given
from .recursive import RecursiveFunction
from .terms import At, NamedFunction, PrintedByName

ABOVE_ZERO = ("positive", "unit", "simplex")
NOT_BELOW_ZERO = (*ABOVE_ZERO, "nonnegative", "closed unit", "binary", "onehot", "closed simplex")
WHOLE = ("binary", "onehot", "sign")  # words that say that a number is whole
SPARSE = ("even", "odd", "prime", "composite")  # of whole numbers: a range of indices has others, too


def demand_consistent(expressions: Iterable[Expr], given: Given) -> None:
    """Raises ValueError, naming both, if a letter assumes more than its domain, range or value says."""
    for size in given.sizes:
        if _kinds(size, SPARSE):
            raise ValueError(
                f"The size {size} assumes {_assumed(size)}; a size is any whole number from 1 on."
            )
    for letter, domain in given.domain.items():
        symbol = getattr(letter, "label", letter)
        if isinstance(symbol, Symbol) and not callable(domain):
            _demand_domain(symbol, domain)
    for index, (low, high) in given.free.items():
        _demand_range(index, low, high)
    for node in _binders(expressions):
        if isinstance(node, (Sum, Product)):
            for index, low, high in node.limits:
                _demand_range(index, low, high)
        elif isinstance(node, (At, Limit)):
            _demand_value(node.args[1], node.args[2], given, tends=isinstance(node, Limit))
        else:
            for parameter, value in zip(node.func.parameters, node.args, strict=True):
                _demand_value(parameter, value, given)


def _demand_domain(s: Symbol, domain: Any) -> None:
    if isinstance(domain, tuple):
        above, not_below, below = domain[0].is_positive, domain[0].is_nonnegative, domain[1].is_nonpositive
        above = above or (not_below and not s.is_integer)  # the pair excludes its ends
        continuous = False
    else:
        above, not_below, below = domain in ABOVE_ZERO, domain in NOT_BELOW_ZERO, False
        continuous = domain not in WHOLE
    hidden = (
        (s.is_positive and not above)
        or (s.is_nonnegative and not not_below)
        or (s.is_nonpositive and not below)
        or (s.is_integer and continuous)
        or (s.is_nonzero and not (s.is_positive or s.is_negative) and domain not in ("nonzero", "sign"))
        or _kinds(s, SPARSE)
    )
    if hidden:
        raise ValueError(f"The symbol {s} assumes {_assumed(s)}, which its domain {domain} does not say.")


def _demand_value(letter: Symbol, value: Expr, given: Given, tends: bool = False) -> None:
    """What a letter assumes must hold for what is put in for it, or for what it tends to."""
    for kind in _kinds(letter, ("positive", "negative", "nonnegative", "nonpositive", "nonzero", *SPARSE)):
        holds = getattr(_informed(value, given), f"is_{kind}")
        if not holds and not (tends and _beside(letter, value)):
            raise ValueError(f"The letter {letter} assumes {kind}, which the value {value} does not say.")
    if letter.is_integer and not value.is_integer and not (tends and value.is_infinite):
        raise ValueError(f"The letter {letter} assumes integer, which the value {value} does not say.")


def _informed(value: Expr, given: Given) -> Expr:
    """`value` with letters that assume what their domains say."""
    if given.domain.get(1 - value) == "unit":
        return Dummy(positive=True)
    letters: dict[Basic, Dummy] = {}
    for part in value.atoms(Symbol, Indexed):
        domain = given.domain.get(getattr(part, "base", part))
        if isinstance(domain, str) and domain in NOT_BELOW_ZERO:
            letters[part] = Dummy(**{"positive" if domain in ABOVE_ZERO else "nonnegative": True})
    return value.xreplace(letters)


def _beside(letter: Symbol, value: Expr) -> bool:
    """A positive letter may tend to 0 or grow without end, a negative one likewise."""
    end = oo if letter.is_nonnegative else -oo
    return bool(value.is_zero or value == end) and not _kinds(letter, SPARSE)


def _kinds(s: Symbol, kinds: Iterable[str]) -> list[str]:
    return [kind for kind in kinds if getattr(s, f"is_{kind}")]


def _demand_range(index: Symbol, low: Expr, high: Expr) -> None:
    hidden = (
        (index.is_positive and not (low - 1).is_nonnegative)
        or (index.is_nonnegative and not low.is_nonnegative)
        or (index.is_nonpositive and not high.is_nonpositive)
        or (index.is_nonzero and not (index.is_positive or index.is_negative))
        or _kinds(index, SPARSE)
    )
    if hidden:
        raise ValueError(
            f"The index {index} assumes {_assumed(index)}, which its range from {low} to {high} does not say."
        )


def _assumed(s: Symbol) -> str:
    kinds = ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "integer", *SPARSE)
    return ", ".join(_kinds(s, kinds))


def _binders(expressions: Iterable[Basic]) -> Iterator[Expr]:
    """Every node that gives a letter its values, those in definitions too."""
    waiting, seen = list(expressions), set()
    while waiting:
        e = waiting.pop()
        yield from e.atoms(Sum, Product, At, Limit, NamedFunction, RecursiveFunction)
        for call in e.atoms(PrintedByName):
            if call.func not in seen:
                seen.add(call.func)
                waiting += [getattr(call.func, p) for p in ("base", "rule", "body") if hasattr(call.func, p)]
