"""The sign of an expression from the factors of its normal form.

As a fraction of polynomials in its atoms, 1/4 - σ(1 - σ) is (1 - e^-z)²/(4 (1 + e^-z)²): each factor has a
sign that can be read off, though the expression as it is written has none.
"""

from __future__ import annotations

from sympy import Dummy, Expr, S, factor_list, fraction

from . import signs
from .algebra import MOST_FACTORED, cancel, expand, terms
from .normal_form import NormalForm

MOST_ATOMS = 6


def has_sign(nf: NormalForm, e: Expr, strict: bool) -> bool:
    """Whether e ≥ 0, or e > 0 if `strict`, follows from the signs of the factors; `e` is ready."""
    r = _with_roots(nf, nf.rational(e))
    above, below = fraction(cancel(r))
    if len(r.free_symbols) > MOST_ATOMS or max(terms(above), terms(below)) > MOST_FACTORED:
        return False
    (c, over), (d, under) = factor_list(above), factor_list(below)
    side = S.One if c / d > 0 else S.NegativeOne
    for factor, power in over:
        sign = _sign(nf, factor, power, strict)
        if sign == 0:
            return False
        side *= sign
    # A denominator is not 0 wherever the expression has a value.
    for factor, power in under:
        sign = _sign(nf, factor, power, strict=False)
        if sign == 0:
            return False
        side *= sign
    return side > 0


def _sign(nf: NormalForm, factor: Expr, power: int, strict: bool) -> int:
    """1 or -1 for what has this sign, weakly unless `strict`; 0 if it is not known."""
    u = nf.restore(factor)
    if power % 2 == 0 and not strict and signs.is_real(u, nf.domain):
        return 1
    test = signs.is_positive if strict else signs.is_nonnegative
    if test(u, nf.domain):
        return 1
    return (-1) ** power if test(expand(-u), nf.domain) else 0


def _with_roots(nf: NormalForm, r: Expr) -> Expr:
    """`r` with t² for a letter whose root t is an atom, too: a + b - 2 √a √b is then (√a - √b)²."""
    for t, relation in list(nf.relations.items()):
        power = relation.as_poly(t).degree()
        radicand = expand(t**power - relation)
        if isinstance(radicand, Dummy) and power > 1 and r.has(radicand):
            r = r.xreplace({radicand: t**power})
    return r
