"""Errata as the checker sees them, as text for the ledger; loaded only when one is recorded."""

from __future__ import annotations

import re

from helpers.claims._claim import ClaimFailed
from helpers.proof import Result, Verdict
from helpers.proof.show.formulas import latex
from helpers.proof.show.numbers import number
from helpers.proof.statement.chain import RELATIONS
from helpers.runtime import CourseError


def catalogued(id: str) -> tuple[object, Result, Result]:
    """The erratum `id` of the catalogue and what the checker says to its two lines, now."""
    from helpers.course import ERRATA, rule

    if id not in ERRATA:
        raise CourseError(
            f"No erratum has the id {id!r}: pass refuted= and corrected=, or one of {', '.join(ERRATA)}."
        )
    return ERRATA[id], *rule(ERRATA[id])


def require(id: str, refuted: Result, corrected: Result) -> None:
    """Raises ClaimFailed unless the reported line is REFUTED and the corrected one PROVED."""
    for result in (refuted, corrected):
        if not isinstance(result, Result):
            kind = type(result).__name__
            raise CourseError(f"Erratum {id} needs two results of helpers.proof.check, not {kind}.")
    if refuted.verdict is not Verdict.REFUTED:
        raise ClaimFailed(
            f"Erratum {id}: the reported line is {refuted.verdict}, not refuted: no error is shown."
        )
    if corrected.verdict is not Verdict.PROVED:
        raise ClaimFailed(
            f"Erratum {id}: the corrected line is {corrected.verdict}, not proved: it is no correction."
        )


def to_json(result: Result, lhs=None, rhs=None) -> dict:
    """One line in LaTeX (None without the expressions), its verdict, how it was reached, where it fails."""
    sides = f"left side {number(result.lhs)}, right side {number(result.rhs)}"
    point = result.counterexample
    return {
        "lhs": None if lhs is None else latex(lhs),
        "rhs": None if rhs is None else latex(rhs),
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
