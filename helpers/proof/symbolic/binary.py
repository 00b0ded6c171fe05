"""The rule for letters with two values: f(y) is y f(1) + (1 - y) f(0), whatever f is, if y is 0 or 1.

If y is -1 or 1 it is (1 + y)/2 f(1) + (1 - y)/2 f(-1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Abs, Expr, Indexed, Pow, Product, Sum, Symbol, exp, log, nan, oo, sign, zoo
from sympy.matrices.expressions.matexpr import MatrixElement

from . import signs
from .unfolding import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm

SPLIT = (exp, Pow, log, Abs, sign)
MOST = 3  # letters in one atom: each doubles the terms


def cases(nf: NormalForm, e: Expr) -> Expr | None:
    """The atom by the two values of one of its letters; None if it has none, or no value in one case.

    Sound: one of the two terms is 0 and the other is e. Both need a value, since 0 times a pole has none.
    """
    if not isinstance(e, SPLIT):
        return None
    letters = _letters(nf, e)
    if not 0 < len(letters) <= MOST:
        return None
    y = letters[0]
    least = -1 if signs.domain_of(y, nf.domain) == "sign" else 0
    off, on = (fresh(e).xreplace({y: value}) for value in (0 * y + least, 0 * y + 1))
    if any(case.has(zoo, nan, oo, -oo) for case in (off, on)):
        return None
    is_on = (y - least) / (1 - least)  # 1 where y is 1, and 0 at its other value
    return is_on * on + (1 - is_on) * off


def _letters(nf: NormalForm, e: Expr) -> list[Expr]:
    """What has two values in `e`, but no entry whose index is bound inside: that is many letters."""
    bound = {limit[0] for s in e.atoms(Sum, Product) for limit in s.limits}
    found = [
        y
        for y in e.atoms(Symbol, Indexed, MatrixElement)
        if signs.domain_of(y, nf.domain) in ("binary", "onehot", "sign") and not y.free_symbols & bound
    ]
    return sorted(found, key=str)
