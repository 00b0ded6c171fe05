"""The rule for one-hot rows: y_i y_j is δ(i, j) y_i, since one entry is 1 and all others are 0.

So the product of Σ y_k f_k and Σ y_l g_l over the same row is a double sum with a delta, too.
"""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

from sympy import Expr, Indexed, KroneckerDelta, Mul, Poly, Sum, fraction

from . import signs
from .algebra import cancel, expand
from .unfolding import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm


def _places(nf: NormalForm, a: Expr, b: Expr) -> tuple[Expr, Expr] | None:
    """The last indices of two entries of one row of a one-hot array, if they are not the same; else None."""
    if not (isinstance(a, Indexed) and isinstance(b, Indexed)) or a.base != b.base or a == b:
        return None
    (*row, i), (*other, j) = a.indices, b.indices
    # Both are entries of the row, or they could not be read; so the rule needs no range.
    same_row = all(expand(one - two) == 0 for one, two in zip(row, other, strict=True))
    return (i, j) if same_row and signs.domain_of(a, nf.domain) == "onehot" else None


def contracted(nf: NormalForm, bodies: list[Expr]) -> list[Expr] | None:
    """The factors of a sum with a delta for the second of two entries of one row; None if there are none."""
    for place, a in enumerate(bodies):
        for other, b in enumerate(bodies[:place]):
            places = _places(nf, a, b)
            if places is not None:
                rest = [f for at, f in enumerate(bodies) if at != other]
                return [KroneckerDelta(*places), *rest]
    return None


def reduced(nf: NormalForm, numerator: Expr) -> Expr:
    """The numerator with every product of two entries, or sums over entries, of one row replaced."""
    plain = getattr(nf.domain, "inner", nf.domain)  # to look is not to use
    if "onehot" not in plain.values():
        return numerator
    atoms = sorted((t for t in numerator.free_symbols if _entry(nf, t)), key=lambda t: str(nf.meaning[t]))
    for one, other in combinations_with_replacement(atoms, 2):
        product = _product(nf, nf.meaning[one], nf.meaning[other])
        if product is None or not numerator.has(one) or not numerator.has(other):
            continue
        result = []
        for powers, c in Poly(numerator, *dict.fromkeys((one, other))).terms():
            m, k = powers if one != other else (powers[0] // 2, powers[0] - powers[0] // 2)
            both = product * one ** (m - 1) * other ** (k - 1) if m and k else one**m * other**k
            result.append(c * both)
        numerator = expand(fraction(cancel(sum(result)))[0])
    return numerator


def _entry(nf: NormalForm, t: Expr) -> Indexed | None:
    """The one-hot entry that an atom is, or that its summand has as a factor at the index of the sum."""
    e = nf.meaning.get(t)
    if isinstance(e, Indexed):
        return e if signs.domain_of(e, nf.domain) == "onehot" else None
    if not isinstance(e, Sum) or len(e.limits) > 1:
        return None
    found = (f for f in Mul.make_args(e.function) if isinstance(f, Indexed) and f.has(e.limits[0][0]))
    return next((f for f in found if signs.domain_of(f, nf.domain) == "onehot"), None)


def _product(nf: NormalForm, a: Expr, b: Expr) -> Expr | None:
    """a b as a rational function of atoms, if the rule applies to it."""
    if isinstance(a, Indexed) and isinstance(b, Indexed):
        places = _places(nf, a, b)
        return None if places is None else nf.rational(KroneckerDelta(*places)) * nf.rational(a)
    a, b = (fresh(e) for e in (a, b))
    bodies = [f for e in (a, b) for f in Mul.make_args(e.function if isinstance(e, Sum) else e)]
    hot = contracted(nf, bodies)
    limits = [limit for e in (a, b) if isinstance(e, Sum) for limit in e.limits]
    if hot is None or any(end.has(*[limit[0] for limit in limits]) for _, *ends in limits for end in ends):
        return None
    return nf.rational(fresh(Sum(Mul(*hot), *limits)))
