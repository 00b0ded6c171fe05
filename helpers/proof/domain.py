"""Where an equality is meant: the poles and branches that its hypotheses do not already exclude."""
from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Limit, Pow, Product, Sum, cancel, log

from . import printing, signs
from .objects import At, Given, NamedFunction
from .rewriting import is_leaf, prepare


def conditions(left: Expr, right: Expr, given: Given) -> tuple[str, ...]:
    """LaTeX of each condition, in the order of the text: x ≠ 0, or x > 0 for a principal branch.

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
        yield "branch", e.args[0]
    if isinstance(e, Pow) and e.exp.could_extract_minus_sign():
        yield "pole", e.base
    if isinstance(e, Pow) and e.exp.is_Rational and not e.exp.is_Integer:
        yield "branch", e.base
    if isinstance(e, NamedFunction):
        for kind, part in _delicate(e.func.body):
            yield kind, part.xreplace(dict(zip(e.func.parameters, e.args, strict=True)))
    if isinstance(e, At):
        for kind, part in _delicate(e.args[0]):
            yield kind, part.xreplace({e.args[1]: e.args[2]})
        return
    for a in e.args:
        yield from _delicate(a)


def _condition(kind: str, part: Expr, given: Given) -> str:
    if part.is_Number and part.is_positive:
        return ""
    plain = prepare(part)
    if signs.is_positive(plain, given.domain) or signs.is_positive(cancel(plain), given.domain):
        return ""
    if kind == "pole" and signs.domain_of(plain, given.domain) == "nonzero":
        return ""
    if kind == "pole":
        return "" if signs.is_positive(cancel(-plain), given.domain) else rf"{printing.latex(part)} \ne 0"
    if isinstance(plain, (Sum, Product)) and signs.is_nonnegative(plain, given.domain):
        return rf"{printing.latex(part)} \ne 0"
    return rf"{printing.latex(part)} > 0 \text{{ or the principal branch}}"
