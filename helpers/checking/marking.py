"""A text judged as homework: each row with its verdict and the name of its mistake, and what the task asks.

>>> marked = mark(r"Let $f(x) = x^2$." + "\\n" + r"f'(x) = -2x")
>>> [(line.row, line.verdict, line.mistake.name) for line in marked.lines]
[(1, 'refuted', 'the sign is wrong')]
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic

from helpers.notation import of_texts
from helpers.proof import check
from helpers.proof.answers import readable_point
from helpers.proof.homework import Judged, hypotheses, judged
from helpers.proof.read.latex import ReadError
from helpers.proof.read.text import Reading, read
from helpers.proof.statement.chain import Part
from helpers.proof.verdicts import Verdict
from helpers.proof.work import STEPS

from .forms import same_form
from .mistakes import Named, named
from .tasks import Task

__all__ = ["Marked", "MarkedLine", "asked", "at", "mark", "marking", "name_of", "opened"]

WORDS = {"not read": "unread", "definition": "unknown", "supposed": "unknown"}  # of a verdict, for machines
NAMED = 4  # refuted lines of a text that are looked up in the catalogue


@dataclass(frozen=True)
class MarkedLine:
    """One line with its verdict, and its mistake if that has a name."""

    judged: Judged
    mistake: Named | None = None

    @property
    def row(self) -> int:
        return self.judged.row

    @property
    def verdict(self) -> str:
        return self.judged.verdict

    @property
    def message(self) -> str:
        """The verdict's reason in words: what could not be read, at which numbers it fails, what it mends."""
        said = {"definition": "it says what the name stands for, so there is nothing to judge"}
        parts = [self.judged.said or said.get(self.verdict, ""), self.judged.remark]
        if self.mistake is not None:
            parts += [f"{self.mistake.name}. {self.mistake.hint}".strip().rstrip(".")]
        return "; ".join(filter(None, parts))

    @property
    def point(self) -> dict[str, Any] | None:
        """The numbers at which the line fails, by name; None where it does not fail at numbers."""
        result = self.judged.result
        if result is None or result.verdict is not Verdict.REFUTED or not result.counterexample:
            return None
        return dict(result.counterexample)

    def record(self) -> dict[str, Any]:
        """The line for a machine: verdict one of proved, checked, unknown, refuted, unread."""
        return {
            "line": self.row,
            "verdict": WORDS.get(self.verdict, self.verdict),
            "counterexample": self.point,
            "mistake": self.mistake and self.mistake.name,
            "message": self.message,
        }


@dataclass(frozen=True)
class Marked:
    """A whole text: what is supposed, its lines, and what the task would still ask for.

    trouble  why the text could not be read at all; remarks: sentences about beginning, length and end
    """

    title: str
    given: tuple[str, ...] = ()
    lines: tuple[MarkedLine, ...] = ()
    trouble: str = ""
    remarks: tuple[str, ...] = ()
    reached: bool = True
    source: str = field(default="", repr=False)

    @property
    def status(self) -> int:
        """0: all right; 1: something is wrong; 2: something is not read or not decided, or nothing there."""
        verdicts = {line.verdict for line in self.lines}
        if "refuted" in verdicts:
            return 1
        open_ = verdicts - {"proved", "definition", "supposed"}
        if self.trouble or open_ or "proved" not in verdicts:
            return 2
        return 0 if self.reached else 1


def mark(source: str, task: Task | None = None, title: str = "") -> Marked:
    """Every line of a text judged, the wrong ones named. Never raises for what a text says."""
    try:
        reading, source = opened(source, task)
        shown = hypotheses(reading)[2]
    except ReadError as reason:
        return Marked(title, trouble=str(reason), reached=task is None, source=source)
    lines = tuple(sorted(marking(reading, source, task), key=lambda line: line.row))
    remarks, reached = asked(source, task)
    return Marked(title or reading.layout.title, shown, lines, "", tuple(remarks), reached, source)


def opened(source: str, task: Task | None = None) -> tuple[Reading, str]:
    """A text as it is read, with what the task gives before it. Raises ReadError.

    What the text itself says of a name counts: if it cannot stand beside the task's sentences, it is alone.
    """
    if task is None:
        return read(source, of_texts()), source
    begun = source.lstrip().startswith(("=", "&"))
    given = "\n".join([*task.sentences, *([task.start] if begun else [])])
    first: ReadError | None = None
    for text in (f"{given}\n{source}", source):
        try:
            return read(text, of_texts()), text
        except ReadError as reason:
            first = first or reason
    raise first or ReadError("There is no formula in this text.")


def marking(reading: Reading, source: str, task: Task | None = None) -> Iterator[MarkedLine]:
    """The lines one after another, each judged and named when it is asked for."""
    wrong = 0
    for place, line in enumerate(judged(reading)):
        wrong += line.verdict == "refuted"
        name = name_of(reading, source, line, place, task) if wrong <= NAMED else None
        yield MarkedLine(line, name)


def name_of(
    reading: Reading, source: str, line: Judged, place: int, task: Task | None = None
) -> Named | None:
    """The name of a mistake, if it has one: `place` is that of the line among those judged."""
    if line.verdict != "refuted" or line.result is None or line.left is None:
        return None
    parts = [part for part in reading.chain.parts for _ in part.lines]
    return named(source, line, parts[min(place, len(parts) - 1)], task.id if task else "")


# ---------------------------------------------------------------- what a task asks
def asked(source: str, task: Task | None) -> tuple[list[str], bool]:
    """Sentences about where the text begins, how long it is and where it ends; and whether it arrives."""
    if task is None:
        return [], True
    try:
        reading = read(f"{source}\n\n{task.start} = {task.goal}", of_texts())
    except ReadError:
        return [f"The names of the task are not those of the text: use those of {task.id}."], False
    *mine, ends = reading.chain.parts
    if not reading.rows or reading.rows[-1].trouble or reading.places[-1] != reading.rows[-1].number:
        return [f"The names of the task are not those of the text: use those of {task.id}."], False
    chains = [part for part in mine if _equal(part.start, ends.start, part)]
    if not chains:
        return [f"No chain begins with ${task.start}$, where this task begins."], False
    whole = [part for part in chains if _equal(part.last, ends.last, part)]
    if not whole:
        return [f"The last line is not yet ${task.goal}$."], False
    if not any(same_form(part.last, ends.last) for part in whole):
        return [f"The last line equals ${task.goal}$, but is not written so: one more line."], False
    return _length(sum(len(part.lines) for part in chains), task.lines)


def _length(steps: int, book: int) -> tuple[list[str], bool]:
    """What is said about a text that arrives: whether it has steps at all, and how many the book takes."""
    if steps == 1 and book > 1:
        said = f"The goal itself as the first line is no derivation: the book takes {book} lines. "
        return [said + "Write the lines in between."], False
    leap = ", so some of the steps are leaps" if 2 * steps < book else ""
    words = ["one line" if count == 1 else f"{count} lines" for count in (steps, book)]
    return [f"It arrives in {words[0]}; the book takes {words[1]}{leap}."], True


def _equal(one: Basic, other: Basic, part: Part) -> bool:
    try:
        return check(one, other, part.given, steps=STEPS // 4).verdict is Verdict.PROVED
    except ValueError:
        return False


def at(line: MarkedLine) -> str:
    """The numbers at which a line fails, in words; empty where it does not fail at numbers."""
    result = line.judged.result
    if line.point is None or result is None:
        return ""
    left, right = ("no value" if v is None else f"{v:.6g}" for v in (result.lhs, result.rhs))
    return f"at {readable_point(line.point)} the left side is {left}, the right side {right}"
