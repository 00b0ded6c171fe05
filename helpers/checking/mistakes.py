"""The name of a mistake: a line that equals one of the catalogue's wrong answers, or is off by a factor.

The catalogue's formulas are read in the reader's own letters: they are put under his text as more rows. Where
they cannot be read so, they are about something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sympy import Basic

from helpers.course import ERRATA, EXERCISES
from helpers.notation import of_texts
from helpers.proof.answers.factors import equal, off_by
from helpers.proof.homework import Judged
from helpers.proof.read.latex import ReadError
from helpers.proof.read.text import Reading, read
from helpers.proof.show.formulas import latex
from helpers.proof.statement.chain import Part

__all__ = ["Named", "named"]

WORD = re.compile(r"\\?[A-Za-z]+")


@dataclass(frozen=True)
class Named:
    """A mistake by its name, with a hint that is no solution."""

    name: str
    hint: str = ""


@dataclass(frozen=True)
class Known:
    """A wrong formula of the catalogue: `asked` is what it was an answer to. Both are LaTeX."""

    asked: str
    wrong: str
    named: Named


def named(source: str, line: Judged, part: Part, task: str = "") -> Named | None:
    """What is wrong with a refuted line of a text, if that has a name; `part` is the chain it stands in.

    `task` is the id of the task that the text is an answer to, if that is known.
    """
    if line.right is None or line.left is None or line.relation != "=":
        return None
    for known in _candidates(source, task):
        if (found := _equals(source, known, line, part)) is not None:
            return found
    factor = off_by(line.left, line.right, part.given)
    return Named(factor) if factor else None


# ---------------------------------------------------------------- the catalogue
def _candidates(source: str, task: str) -> Iterator[list[Known]]:
    """The wrong answers to each question of which the text has the letters, the task's own first."""
    words = set(WORD.findall(source))
    for _, known in sorted(_catalogue(), key=lambda entry: entry[0] != task):
        if set(WORD.findall(known[0].asked)) - COMMANDS <= words:
            yield known


@cache
def _catalogue() -> list[tuple[str, list[Known]]]:
    found = [(id, _of_exercise(exercise)) for id, exercise in EXERCISES.items()]
    found += [(id, _of_erratum(error)) for id, error in ERRATA.items()]
    return [(id, known) for id, known in found if known]


COMMANDS = {rf"\{name}" for name in ("frac", "left", "right", "partial", "sum", "log", "ln", "exp", "cdot")}
COMMANDS |= {r"\hat", r"\sigma", r"\text", r"\operatorname", r"\substack", r"\leq", r"\prod", r"\lim", r"\to"}
COMMANDS |= {"e", "bce", "softplus"}  # the notation's functions
COMMANDS |= set("iklr")  # letters that sums bind


def _of_exercise(exercise: Any) -> list[Known]:
    if exercise.question is None:
        return []
    asked = latex(exercise.question)
    return [
        Known(asked, latex(exercise.read(mistake.expr)), Named(mistake.name, mistake.hint))
        for mistake in exercise.mistakes
    ]


def _of_erratum(error: Any) -> list[Known]:
    if error.relation != "=" or not all(isinstance(side, Basic) for side in (error.lhs, error.reported)):
        return []
    name = f"as in report {error.report}: {error.said}"
    return [Known(latex(error.lhs), latex(error.reported), Named(name))]


def _equals(source: str, known: list[Known], line: Judged, part: Part) -> Named | None:
    """The wrong answer that the line is, if the text derives what was asked for."""
    rows = "\n".join(f"{one.asked} = {one.wrong}" for one in known)
    try:
        reading = read(f"{source}\n\n{rows}", of_texts())
    except ReadError:
        return None
    added = _added(reading, len(known))
    if added is None or not equal(part.start, added[0].start, part.given):
        return None
    for one, theirs in zip(known, added, strict=True):
        if equal(line.right, theirs.last, part.given):
            return one.named
    return None


def _added(reading: Reading, count: int) -> list[Part] | None:
    """The chains of the last `count` rows, if all of them were read."""
    rows = [row.number for row in reading.rows[-count:]]
    if any(reading.rows[k - 1].trouble for k in rows) or reading.places[-count:] != rows:
        return None
    return list(reading.chain.parts[-count:])
