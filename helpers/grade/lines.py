"""Derivations as answers: a text of rows, judged line by line, that must lead from the question to its end.

What may be supposed and what the names mean is the question's: it stands before the student's text, and a
text that supposes more, or means something else by a name, is not counted. Nothing of a text is run.

The points are shared by lines. The course's own derivation has n lines, and each is worth one n-th. A line
earns its share if it is proved, follows from a line that holds, and is a step (see `steps`); the closing line
earns its own if the result is reached by steps. Without it there are at most n - 1 shares, and a line that is
false or cannot be read takes one share with it. So no text earns more for being longer. A text of which every
line holds, that reaches the result by enough steps, has all points, however many lines it takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic, Symbol

from helpers.notation import of_texts
from helpers.proof import Verdict, check
from helpers.proof.answers.factors import equal, off_by
from helpers.proof.homework import Judged, Judgement, hypotheses, judged
from helpers.proof.read.latex import ReadError
from helpers.proof.read.text import Reading, read
from helpers.proof.show.formulas import latex
from helpers.proof.statement.chain import Line, Part
from helpers.proof.statement.terms import PrintedByName

from .steps import names, settled, steps

LONGEST = 20_000  # characters of a text
UNKNOWN_END = "Every line holds. Whether the last one is what was asked for is looked at when it is graded."
NAMED = 4  # false lines of a text that are compared with the known mistakes


@dataclass(frozen=True)
class Task:
    """A derivation that is asked for.

    given      sentences that begin with Let: the names and the hypotheses
    start, end the two ends of the chain, as LaTeX; without an end it is not known where a text should lead
    least      how many lines it must have at least
    points     what an assignment gives for it
    shares     into how many shares the points go: the lines of the course's own derivation
    mistakes   {name of a mistake: the line that it leads to, as LaTeX}
    """

    id: str
    prompt: str
    given: str
    start: str
    end: str
    least: int = 2
    points: float = 3
    shares: int = 0
    mistakes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Task:
        return cls(**{name: data[name] for name in cls.__dataclass_fields__ if name in data})

    @property
    def worth(self) -> int:
        """The number of shares."""
        return max(self.shares, self.least)

    def asked(self) -> Part:
        """The question as one line, start = end, which nobody has judged. Raises ReadError."""
        parts = read(self.text(), of_texts(), self.id).chain.parts
        if not parts:
            raise ReadError(f"Nothing of the question {self.id} can be read as a formula.")
        return parts[0]

    def text(self) -> str:
        return f"{self.given}\n{self.start} = {self.end or self.start}"


@dataclass(frozen=True)
class Marked:
    """What became of a text: whether it is all right, what is said, and what it earns.

    earned    the part of the points, 0 to 1
    mistake   the name of the first mistake that has one
    decided   whether every line was proved, refuted or not read
    """

    ok: bool
    said: str
    earned: float = 0
    mistake: str = ""
    decided: bool = True


def mark(text: str, task: Task) -> Marked:
    """Judge a student's text line by line; never raises."""
    if not text.strip():
        return Marked(False, "Nothing is written here yet.")
    if len(text) > LONGEST:
        return Marked(False, f"This text is longer than {LONGEST:,} characters.")
    try:
        reading, asked = read(f"{task.given}\n{text}", of_texts()), task.asked()
        given, where, _ = hypotheses(reading)
    except ReadError as reason:
        return Marked(False, f"Not read: {reason}")
    found = tuple(judged(reading))
    slips = dict(_slips(reading, found, task))
    report, name = _report(found, slips), next(iter(slips.values()), "")
    judgement = Judgement(given, where, (), found)
    if more := _supposes_more(reading, judgement, task):
        return Marked(False, f"{more}\n{report}", mistake=name)
    way = _way(_asked_lines(reading, found, asked), found, asked, task)
    ok = judgement.right and not way.missing
    note = UNKNOWN_END if not task.end else ""
    said = [note] if ok else [way.missing if judgement.right else "", way.shares(bool(task.end))]
    decided = not any(line.verdict in ("checked", "unknown") for line in found)
    return Marked(ok, "\n".join(filter(None, [*said, report])), 1 if ok else way.earned, name, decided)


def _report(found: Sequence[Judged], slips: Mapping[int, str]) -> str:
    """The verdicts row by row, as the rows are counted without sentences; each slip with its name."""
    claims = [(k, line) for k, line in enumerate(found) if line.verdict not in ("definition", "supposed")]
    rows = []
    for k, line in sorted(claims, key=lambda claim: claim[1].row):
        parts = [line.verdict, line.said, line.remark, slips.get(k, "")]
        rows.append(f"Row {line.row}: {', '.join(filter(None, parts))}.")
    proved = sum(line.verdict == "proved" for _, line in claims)
    return "\n".join([f"{proved} of {len(claims)} lines proved.", *rows])


def _supposes_more(reading: Reading, judgement: Judgement, task: Task) -> str:
    """Why a text does not count that changes what is given; empty if it does not."""
    question = read(task.text(), of_texts())
    given, where, _ = hypotheses(question)
    if new := sorted(_defined_anew(reading, question)):
        return f"The text gives another meaning to a name of the question: {new[0]}."
    if extra := [line for line in judgement.given if line not in given and "\\in \\{1, 2" not in line]:
        return f"The text supposes more than the question does: {extra[0]}."
    if lost := [line for line in where if line not in judgement.where]:
        return f"The text gives another meaning to a name of the question: {lost[0]}."
    return ""


def _defined_anew(reading: Reading, question: Reading) -> Iterator[str]:
    """The letters and functions of a question that a text defines, unless it says what they are anyway."""
    given = {type(name).__name__ for name, _ in question.definitions}
    terms = [body for _, body in question.definitions]
    terms += [e for part in question.chain.parts for e in (part.start, part.last)]
    used = {letter.name for e in terms for letter in e.free_symbols if isinstance(letter, Symbol)}
    used = used.union(*map(names, terms)) - given
    known = {type(f).__name__: type(f) for e in terms for f in e.atoms(PrintedByName)}
    for name, body in reading.definitions:
        if (word := type(name).__name__) in used:
            same = known.get(word)
            if same is None or not equal(same(*name.args), body, question.chain.parts[0].given):
                yield word


# ---------------------------------------------------------------- names of mistakes
def _slips(reading: Reading, found: Sequence[Judged], task: Task) -> Iterator[tuple[int, str]]:
    """(place of a false line, the name of its mistake), where the task or a factor gives it one."""
    false = [
        (k, part, one)
        for k, ((part, _), one) in enumerate(zip(_lines(reading), found, strict=False))
        if one.verdict == "refuted" and one.relation == "=" and one.left is not None
    ]
    known = [(name, _known(line, task)) for name, line in task.mistakes.items()] if false else []
    for k, part, one in false[:NAMED]:
        same = [name for name, wrong in known if equal(one.right, wrong, part.given)]
        if name := same[0] if same else off_by(one.left, one.right, part.given):
            yield k, name


def _known(line: str, task: Task) -> Basic:
    return read(f"{task.given}\n{task.start} = {line}", of_texts()).chain.parts[0].last


# ---------------------------------------------------------------- the way that is asked for
@dataclass(frozen=True)
class Way:
    """How far a text comes on the way that is asked for.

    missing  why a text whose lines are all true is not there; empty if it is
    steps    how many lines before the closing one earn a share
    closed   whether the closing line earns its own
    lost     how many rows are false, not read or not decided
    worth    into how many shares the points go
    """

    missing: str
    steps: int
    closed: bool
    lost: int
    worth: int

    @property
    def earned(self) -> float:
        got = min(self.steps, self.worth - 1) + self.closed
        return max(0, min(got, self.worth - self.lost)) / self.worth

    def shares(self, end_known: bool) -> str:
        """The part of the points in words."""
        end = f"the result is {'' if self.closed else 'not '}reached by steps"
        if not end_known:
            end = "whether the last line is the result is looked at when it is graded"
        lost = f", rows that do not: {self.lost}" if self.lost else ""
        got = f"{round(self.earned * self.worth)} of {self.worth} shares of the points"
        return f"{got}. Steps that hold: {self.steps}{lost}; {end}."


Row = tuple[Part, Line, Judged]


def _lines(reading: Reading) -> Iterator[tuple[Part, Line]]:
    """The lines of all chains, in the order in which they are judged."""
    return ((part, line) for part in reading.chain.parts for line in part.lines)


def _asked_lines(reading: Reading, found: Sequence[Judged], asked: Part) -> list[Row]:
    """The lines of the chains that begin with the left side that is asked for."""
    begun = latex(asked.start)
    rows = zip(_lines(reading), found, strict=False)
    return [(part, line, one) for (part, line), one in rows if latex(part.start) == begun]


def _way(rows: Sequence[Row], found: Sequence[Judged], asked: Part, task: Task) -> Way:
    lost = sum(line.verdict not in ("proved", "definition") for line in found)
    if not rows:
        none = f"No row begins with the left side that is asked for, {task.start}."
        return Way(none, 0, False, lost, task.worth)
    good = list(_holding(rows))
    last = rows[-1][1]
    holds = bool(good) and good[-1] is last
    missing = _missing(rows, asked, task)
    closes = holds and not missing
    count = steps(asked.start, asked.last, [one.expr for one in good if not (closes and one is last)])
    if not missing and count < task.least - 1:
        missing = f"Show at least {task.least} lines that are steps: a rearrangement of another line is none."
    return Way(missing, count, closes and not missing and bool(task.end), lost, task.worth)


def _holding(rows: Sequence[Row]) -> Iterator[Line]:
    """The lines that are proved to equal the left side: each follows from one that does."""
    inside: Part | None = None
    for part, line, one in rows:
        if part is not inside:
            inside, last, gap = part, part.start, False
        follows = one.mended or not one.slip  # after a slip: only from the last line before it
        holds = one.verdict == "proved" and follows and line.means.relation == "="
        if holds and gap:  # the line before it was not decided, so it is compared with the last that holds
            holds = check(last, line.expr, part.given).verdict is Verdict.PROVED
        if holds:
            last, gap = line.expr, False
            yield line
        elif one.verdict not in ("refuted", "not read"):
            gap = True


def _missing(rows: Sequence[Row], asked: Part, task: Task) -> str:
    """Why a chain of true lines is not the derivation that was asked for; empty if it is."""
    if any(line.means.relation != "=" for _, line, _ in rows):
        return "The derivation has to be a chain of equalities."
    if len(rows) < task.least:
        return f"Show at least {task.least} lines between the two ends."
    if not task.end:
        return ""
    last = rows[-1][1].expr
    if not settled(last, asked.last):
        return "The last line still contains what is to be worked out."
    if check(last, asked.last, asked.given).verdict is not Verdict.PROVED:
        return "The last line is true, but it is not the result that is asked for."
    return ""
