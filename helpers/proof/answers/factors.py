"""The name of a mistake that is nothing but a factor."""

from __future__ import annotations

from sympy import Basic, Integer, Rational

from ..judge import check
from ..statement.given import Given
from ..statement.terms import NamedFunction
from ..verdicts import Verdict
from ..work import STEPS

PATIENCE = STEPS // 8  # steps of work for one comparison


def off_by(right: Basic, wrong: Basic, given: Given) -> str:
    """The name of the mistake if `wrong` is `right` times -1, 2, 1/2 or a size; else empty."""
    if not (wrong.free_symbols or wrong.atoms(NamedFunction)):  # a number is a multiple of any
        return ""
    sizes = [
        pair
        for size in given.sizes
        for pair in ((size, f"the factor 1/{size} is missing"), (1 / size, f"a factor 1/{size} too many"))
    ]
    for factor, name in [
        (Integer(-1), "the sign is wrong"),
        (Integer(2), "a factor 2 too many"),
        (Rational(1, 2), "a factor 2 is missing"),
        *sizes,
    ]:
        if equal(wrong, factor * right, given):
            return name
    return ""


def equal(one: Basic, other: Basic, given: Given) -> bool:
    """Whether two terms are proved equal in few steps of work."""
    try:
        return check(one, other, given, steps=PATIENCE).verdict is Verdict.PROVED
    except ValueError:  # a letter that stands for something else there
        return False
