"""Results of the proof checker as text for the ledger; loaded only by a notebook that records an erratum."""

from __future__ import annotations

from helpers.proof import Result
from helpers.runtime import CourseError


def verdict(result: Result) -> str:
    """The name of the verdict; CourseError if `result` did not come from the checker."""
    if not isinstance(result, Result):
        raise CourseError(f"An erratum needs results of helpers.proof.check, not {type(result).__name__}.")
    return result.verdict.name


def to_json(result: Result) -> dict:
    """Both sides in LaTeX, the verdict, how it was reached, and the counterexample as (name, value) pairs."""
    from sympy import latex

    point = result.counterexample
    return {
        "lhs": latex(result.lhs),
        "rhs": latex(result.rhs),
        "verdict": result.verdict.name,
        "method": str(result.method),
        "counterexample": point and [[latex(name), str(value)] for name, value in point.items()],
        "text": str(result),
    }
