"""Errata as the checker sees them, as text for the ledger; loaded only when one is recorded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from helpers.claims._claim import ClaimFailed
from helpers.claims._record import Erratum
from helpers.course import ERRATA, rule
from helpers.proof import Result, Verdict
from helpers.proof.show.formulas import latex
from helpers.proof.show.numbers import number
from helpers.proof.statement.chain import RELATIONS
from helpers.runtime import CourseError

if TYPE_CHECKING:
    from sympy import Expr

    from helpers.course import Erratum as Reported


def catalogued(id: str) -> Reported:
    """The erratum `id` of the catalogue; CourseError if there is none."""
    if id not in ERRATA:
        raise CourseError(f"No erratum has the id {id!r}: the catalogue has {', '.join(ERRATA)}.")
    return ERRATA[id]


def ruled(error: Reported) -> Erratum:
    """What the checker says to the two lines of an erratum, now.

    Raises ClaimFailed unless the reported line is REFUTED and the corrected one PROVED.
    """
    try:
        refuted, corrected = rule(error)
    except ValueError as reason:  # no counterexample was found
        raise ClaimFailed(f"Erratum {error.id}: no error is shown. {reason}") from reason
    if corrected.verdict is not Verdict.PROVED:
        raise ClaimFailed(
            f"Erratum {error.id}: the corrected line is {corrected.verdict}, not proved: it is no correction."
        )
    lines = to_json(refuted, error.lhs, error.reported), to_json(corrected, error.lhs, error.corrected)
    return Erratum(error.id, error.where, error.said, *lines)


def to_json(result: Result, lhs: Expr, rhs: Expr) -> dict:
    """One line in LaTeX, its verdict, how it was reached, where it fails."""
    sides = f"left side {number(result.lhs)}, right side {number(result.rhs)}"
    point = result.counterexample
    return {
        "lhs": latex(lhs),
        "rhs": latex(rhs),
        "relation": RELATIONS[result.relation],
        "verdict": result.verdict.name,
        "method": result.method,
        "counterexample": point and [[_name(name), number(value)] for name, value in point.items()],
        "text": result.method if point is None else sides,
    }


def _name(name: str) -> str:
    """LaTeX of a name in a counterexample: "lambda" and "X[2, 1]" become \\lambda and X_{2, 1}."""
    from sympy import Symbol

    base, _, index = re.sub(r"\]$", "", name).partition("[")
    return latex(Symbol(base)) + (f"_{{{index}}}" if index else "")
