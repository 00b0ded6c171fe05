"""Where an equality is meant: poles, branches and kinks that its hypotheses do not already exclude."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from sympy import Abs, Expr, Heaviside, Limit, Max, Min, Pow, cancel, log, sign

from . import printing, signs
from .objects import At, Given, NamedFunction, Partial
from .rewriting import is_leaf, prepare

NEGATIVE = r" \text{ (principal branch where negative)}"


def conditions(left: Expr, right: Expr, given: Given) -> tuple[str, ...]:
    """LaTeX of each condition, in the order of the text: x ≠ 0, or which branch is meant.

    An equality is proved where both sides are defined. What the hypotheses imply is not repeated.
    """
    found: dict[str, None] = {}
    for e in (left, right):
        for kind, part in _delicate(e):
            condition = _condition(kind, part, given)
            if condition:
                found[condition] = None
    return tuple(found)


def _delicate(e: Expr) -> Iterator[tuple[str, Expr]]:
    """Denominators, arguments of logarithms and radicands of `e`, with named functions left as names."""
    if is_leaf(e) or isinstance(e, Limit):
        return
    if isinstance(e, log):
        yield "log", e.args[0]
    if isinstance(e, Pow) and e.exp.could_extract_minus_sign():
        yield from (("pole", f) for f in _factors(e.base))
    if isinstance(e, Pow) and e.exp.is_Rational and not e.exp.is_Integer:
        yield "root", e.base
    if isinstance(e, NamedFunction):
        values = dict(zip(e.func.parameters, e.args, strict=True))
        yield from ((kind, part.xreplace(values)) for kind, part in _delicate(e.func.body))
    if isinstance(e, At):
        yield from ((kind, part.xreplace({e.args[1]: e.args[2]})) for kind, part in _delicate(e.args[0]))
        return
    if isinstance(e, Partial):
        yield from (("kink", part) for part in _kinks(e.args[0], e.args[1]))
    for a in e.args:
        yield from _delicate(a)


def _kinks(e: Expr, variable: Expr) -> Iterator[Expr]:
    """What must not be 0 for `e` to have a derivative by `variable`; SymPy differentiates |u| at 0, too."""
    letter = getattr(variable, "base", getattr(variable, "parent", variable))
    if is_leaf(e) and not isinstance(e, NamedFunction):
        return
    if isinstance(e, (Abs, sign, Heaviside)) and e.has(letter):
        yield e.args[0]
    if isinstance(e, (Max, Min)) and e.has(letter):
        gaps = (one - other for one, other in combinations(e.args, 2))
        yield from (-gap if gap.could_extract_minus_sign() else gap for gap in gaps)
    if isinstance(e, NamedFunction):
        values = dict(zip(e.func.parameters, e.args, strict=True))
        yield from _kinks(e.func.body.xreplace(values), variable)
    for a in e.args:
        yield from _kinks(a, variable)


def _factors(e: Expr) -> Iterator[Expr]:
    """A product is 0 only where one of its factors is."""
    if e.is_Mul:
        for a in e.args:
            yield from _factors(a)
    elif isinstance(e, Pow) and e.exp.is_positive:
        yield from _factors(e.base)
    elif not (isinstance(e, Pow) and e.exp.is_negative):
        yield e


def _condition(kind: str, part: Expr, given: Given) -> str:
    plain = prepare(part)
    forms = (plain, cancel(plain))
    if any(signs.is_positive(form, given.domain) for form in forms):
        return ""
    if kind == "root" and any(signs.is_nonnegative(form, given.domain) for form in forms):
        return ""
    if kind in ("pole", "kink") and _never_zero(forms, given):
        return ""
    shown = printing.latex(part)
    if kind == "root":
        return shown + r" \ge 0" + NEGATIVE
    known = kind in ("pole", "kink") or any(signs.is_nonnegative(form, given.domain) for form in forms)
    return shown + r" \ne 0" + ("" if known else NEGATIVE)


def _never_zero(forms: tuple[Expr, ...], given: Given) -> bool:
    return any(
        form.is_nonzero
        or signs.domain_of(form, given.domain) == "nonzero"
        or signs.is_positive(cancel(-form), given.domain)
        for form in forms
    )
