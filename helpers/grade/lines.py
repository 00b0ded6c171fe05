"""Derivations as answers: a text of rows, judged line by line, that must lead from the question to its end.

What may be supposed and what the names mean is the question's: it stands before the student's text, and a
text that supposes more, or means something else by a name, is not counted. Nothing of a text is run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Basic, Function, IndexedBase, Limit, Symbol

from helpers.notation import of_texts
from helpers.proof import Verdict, check
from helpers.proof.homework import Judgement, hypotheses, judge
from helpers.proof.read.latex import ReadError
from helpers.proof.read.text import Reading, read
from helpers.proof.show.formulas import latex
from helpers.proof.statement.chain import Part
from helpers.proof.statement.terms import At, Partial

LONGEST = 20_000  # characters of a text
UNKNOWN_END = "Every line holds. Whether the last one is what was asked for is looked at when it is graded."
OPEN = (Partial, At, Limit)  # what a result must no longer contain


@dataclass(frozen=True)
class Task:
    """A derivation that is asked for.

    given      sentences that begin with Let: the names and the hypotheses
    start, end the two ends of the chain, as LaTeX; without an end it is not known where a text should lead
    least      how many lines it must have at least
    points     what an assignment gives for it
    """

    id: str
    prompt: str
    given: str
    start: str
    end: str
    least: int = 2
    points: int = 3

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Task:
        return cls(**{name: data[name] for name in cls.__dataclass_fields__})

    def asked(self) -> Part:
        """The question as one line, start = end, which nobody has judged. Raises ReadError."""
        return read(self.text(), of_texts(), self.id).chain.parts[0]

    def text(self) -> str:
        return f"{self.given}\n{self.start} = {self.end or self.start}"


@dataclass(frozen=True)
class Marked:
    """What became of a text: whether it counts, why not, and how many of its lines are proved."""

    ok: bool
    said: str
    proved: int = 0
    lines: int = 0


def mark(text: str, task: Task) -> Marked:
    """Judge a student's text line by line; never raises."""
    if not text.strip():
        return Marked(False, "Nothing is written here yet.")
    if len(text) > LONGEST:
        return Marked(False, f"This text is longer than {LONGEST:,} characters.")
    whole = f"{task.given}\n{text}"
    judgement = judge(whole, of_texts())
    if judgement.trouble:
        return Marked(False, f"Not read: {judgement.trouble}")
    report, proved, lines = _report(judgement)
    if not judgement.right:
        return Marked(False, report, proved, lines)
    try:
        reading, asked = read(whole, of_texts()), task.asked()
    except ReadError as reason:
        return Marked(False, f"Not read: {reason}", proved, lines)
    missing = _supposes_more(judgement, task) or _leads_elsewhere(reading, asked, task)
    note = missing or ("" if task.end else UNKNOWN_END)
    return Marked(not missing, f"{note}\n{report}" if note else report, proved, lines)


def _report(judgement: Judgement) -> tuple[str, int, int]:
    """The verdicts row by row, as the rows are counted without sentences; how many claim, and are proved."""
    claims = [line for line in judgement.lines if line.verdict not in ("definition", "supposed")]
    rows = [f"Row {line.row}: {line.verdict}{f', {line.said}' if line.said else ''}." for line in claims]
    proved = sum(line.verdict == "proved" for line in claims)
    return "\n".join([f"{proved} of {len(claims)} lines proved.", *rows]), proved, len(claims)


def _supposes_more(judgement: Judgement, task: Task) -> str:
    """Why a text does not count that changes what is given; empty if it does not."""
    given, where, _ = hypotheses(read(task.text(), of_texts()))
    if extra := [line for line in judgement.given if line not in given and "\\in \\{1, 2" not in line]:
        return f"The text supposes more than the question does: {extra[0]}."
    if lost := [line for line in where if line not in judgement.where]:
        return f"The text gives another meaning to a name of the question: {lost[0]}."
    return ""


def _leads_elsewhere(reading: Reading, asked: Part, task: Task) -> str:
    """Why a chain of true lines is not the derivation that was asked for; empty if it is."""
    chains = [part for part in reading.chain.parts if latex(part.start) == latex(asked.start)]
    if not chains:
        return f"No row begins with the left side that is asked for, {task.start}."
    part = chains[-1]
    if any(line.means.relation != "=" for line in part.lines):
        return "The derivation has to be a chain of equalities."
    if len(part.lines) < task.least:
        return f"Show at least {task.least} lines between the two ends."
    if not task.end:
        return ""
    if not settled(part.last, asked.last):
        return "The last line still contains what is to be worked out."
    if check(part.last, asked.last, asked.given).verdict is not Verdict.PROVED:
        return "The last line is true, but it is not the result that is asked for."
    return ""


def settled(last: Basic, end: Basic) -> bool:
    """Whether a result is written with nothing but the names of the end that is asked for."""
    return not last.has(*OPEN) and names(last) <= names(end)


def names(e: Basic) -> set[str]:
    """The letters, arrays and functions of a term, without the letters that only count in a sum."""
    arrays = {str(array.label) for array in e.atoms(IndexedBase)}
    functions = {f.func.__name__ for f in e.atoms(Function)}
    letters = {s.name for s in e.free_symbols if isinstance(s, Symbol) and not s.is_integer}
    return arrays | functions | letters
