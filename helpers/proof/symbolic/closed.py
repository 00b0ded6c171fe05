"""Sums with a closed form: of whole powers of the index, and of a geometric sequence.

Both telescope. If F(k) - F(k - 1) is the summand at every k, the sum from low to high is F(high) less
F(low - 1), for a range that is not reversed by more than one: from low to low - 1 there is no term, and both
ends are the same place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Expr, Integer, Mul, Pow, Symbol, bernoulli, binomial, exp, expand, fraction

from . import bounds, signs
from .algebra import cancel
from .unfolding import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm

Limit = tuple[Expr, Expr, Expr]
HIGHEST = 6  # power of the index of which the closed form is written


def value(nf: NormalForm, factors: list[tuple[Expr, int]], limit: Limit) -> Expr | None:
    """The sum of the product of the factors, which all have the index in them; None if no rule applies."""
    index, low, high = limit
    if not bounds.certainly_at_least(nf, high, low - 1):
        return None
    if len(factors) == 1 and factors[0][0] == index and 0 < factors[0][1] <= HIGHEST:
        up_to = _powers(factors[0][1], index)
        ends = (fresh(up_to, {index: end}) for end in (high, low - 1))
        return nf.rational(next(ends)) - nf.rational(next(ends))
    if all(_is_geometric(u, index) for u, _ in factors):
        return _geometric(nf, Mul(*[u**m for u, m in factors]), limit)
    return None


def _powers(m: int, k: Symbol) -> Expr:
    """1^m + ... + k^m by Bernoulli's numbers, B_1 being +1/2; it telescopes at every whole k."""
    terms = (binomial(m + 1, j) * bernoulli(j) * k ** (m + 1 - j) for j in range(m + 1) if j != 1)
    return expand(sum(terms) / (m + 1) + k**m / Integer(2))


def _is_geometric(u: Expr, index: Expr) -> bool:
    """Whether u is a fixed base to a power that is linear in the index."""
    base, power = (u.exp, u.exp) if isinstance(u, exp) else u.as_base_exp()
    if not isinstance(u, (exp, Pow)) or (not isinstance(u, exp) and base.has(index)):
        return False
    slope = expand(power).coeff(index, 1)
    return slope != 0 and not slope.has(index) and not expand(power - slope * index).has(index)


def _geometric(nf: NormalForm, body: Expr, limit: Limit) -> Expr | None:
    """(f(high + 1) - f(low))/(q - 1) if f(k + 1) = q f(k) for every k, and q is certain not to be 1."""
    index, low, high = limit
    here, there = (nf.rational(fresh(body, {index: index + step})) for step in (0, 1))
    ratio = cancel(there / here)
    if any(index in nf.meaning.get(t, t).free_symbols for t in ratio.free_symbols):
        return None
    # Asked as an equation without a division: where f is 0, the quotient says nothing.
    if cancel(there - ratio * here) != 0 or not _is_not_one(nf, ratio):
        return None  # the sum stays as it is
    first, beyond = (nf.rational(fresh(body, {index: end})) for end in (low, high + 1))
    return (beyond - first) / (ratio - 1)


def _is_not_one(nf: NormalForm, ratio: Expr) -> bool:
    gap = nf.restore(cancel(ratio - 1))
    above = fraction(cancel(ratio - 1))[0]
    # A base b with 0 < b < 1 may occur as exp(ln b), or as exp(-ln b): its numerator has the sign.
    forms = (gap, nf.restore(above))
    certain = gap.is_nonzero is True or any(
        signs.is_positive(side * form, nf.domain) or signs.never_zero(side * form, nf.domain)
        for form in forms
        for side in (1, -1)
    )
    if not certain:
        nf.unsure += [form for form in dict.fromkeys(forms) if form not in nf.unsure]
    return certain
