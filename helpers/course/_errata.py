"""Errors of the reports, from the entries of book/errata.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sympy import Expr

from helpers.proof import Given, Result, check, refute
from helpers.proof.read.statements import state

from ._notation import of_texts
from ._sources import ContentError
from ._table import Table


@dataclass(frozen=True)
class Erratum:
    """An error of a report, in our words, with the formulas on which the checker rules.

    id       "A1-1a/D": task, report letter, and a suffix where one task has several
    report   the report's letter; where: the place in it; said: what it claims, one line of Markdown
    sentences   what the formulas suppose, as text: "Let $z = ...$"
    lhs      the left side of both lines: the report claims `lhs relation reported`, and `lhs = corrected` is
             right
    """

    id: str
    where: str
    said: str
    sentences: str
    lhs: Expr
    reported: Expr
    corrected: Expr
    given: Given
    relation: str = "="

    @property
    def report(self) -> str:
        return self.id.partition("/")[2][:1]


def built(entry: dict[str, Any]) -> Erratum:
    """The erratum of one entry. Raises ReadError for a formula, ContentError for lines that do not match."""
    id, sentences = entry["id"], entry.get("given", "")
    # A report may sum over more entries than there are: such a line is false, and so it must be readable.
    stated = state(sentences, [entry["reported"], entry["corrected"]], (), of_texts(), misfits=True)
    if any(len(sides) != 2 for sides, _ in stated.rows):
        raise ContentError(f"{id}: “reported” and “corrected” are one relation each, as in a = b.")
    ((left, reported), (relation,)), ((again, corrected), (sign,)) = stated.rows
    if left != again or sign != "=":
        raise ContentError(f"{id}: “corrected” must be an equation with the left side of “reported”.")
    where = entry.get("where", "")
    if re.match(r"(task|problem|part)\b|\d", where, re.IGNORECASE):
        raise ContentError(
            f"{id}: “where” names the task, as the id does: begin with the line, or leave it out."
        )
    words = (id, where, entry["said"], sentences)
    return Erratum(*words, left, reported, corrected, stated.given, relation)


def rule(error: Erratum) -> tuple[Result, Result]:
    """The checker's verdicts on an erratum: the reported line refuted, the corrected line proved.

    Raises ValueError if no counterexample to the reported line is found.
    """
    refuted = refute(error.lhs, error.reported, error.given, relation=error.relation)
    return refuted, check(error.lhs, error.corrected, error.given)


ERRATA: Table[Erratum] = Table("errata", built)
