"""A text of formulas judged row by row: what was read, what became of it, and at which numbers it fails.

Nothing of the text is run. A row that cannot be read gets the reason, and the rows around it are judged all
the same; a row after a false one is compared with the last true one, too, so one slip is counted once.

>>> print(judge("Let $f(x) = x^2$.\\n f'(x) = 2x = 3x"))
given nothing
row 1: At(Partial(f(u), u), u, x) = 2*x  proved
row 1: 2*x = 3*x  refuted at x = -1: left side -2, right side -3
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from sympy import Basic

from . import doubts
from . import judge as judges
from .arrangements import doubted
from .equations import Equations
from .implications import Implications
from .read.latex import ReadError
from .read.text import NOTHING, Notation, Reading, read
from .show.derivation import maths
from .show.formulas import hypotheses_latex, hypotheses_text, latex, text
from .statement.chain import RELATIONS, Line, Part
from .verdicts import Result, Verdict

SIGNS = {"<=": "≤", ">=": "≥"}


@dataclass(frozen=True)
class Judged:
    """One relation of a row, or a row that could not be read.

    verdict   "proved", "checked", "refuted", "unknown", "definition", "supposed" (a recursion), or "not read"
    said      why, in words: the counterexample, or what could not be read
    mended    whether a false line lies before it and it follows from the last true one, in row `true`
    slip      the row of the last false line that still counts, if one lies before this line
    """

    row: int
    verdict: str
    said: str = ""
    left: Basic | None = None
    relation: str = "="
    right: Basic | None = None
    because: str = ""
    mended: bool = False
    result: Result | None = None
    true: int = 0
    slip: int = 0

    @property
    def remark(self) -> str:
        """What a slip before the line means for it, in words; empty without one."""
        if self.mended:
            last = f"row {self.true}" if self.true else "the first side"
            return f"follows from {last}, so the slip of row {self.slip} was mended"
        return f"goes on from the slip of row {self.slip}" if self.slip and self.verdict == "proved" else ""


@dataclass(frozen=True)
class Judgement:
    """A whole text: what it supposes and defines, and each of its relations with a verdict.

    `given` and `where` are hypotheses and definitions as LaTeX, `given_text` the hypotheses as plain text.
    """

    given: tuple[str, ...]
    where: tuple[str, ...]
    given_text: tuple[str, ...]
    lines: tuple[Judged, ...]
    trouble: str = ""

    @property
    def right(self) -> bool:
        """Whether every row was read and proved, or defines a name; one row at least must be proved."""
        verdicts = {line.verdict for line in self.lines}
        return not self.trouble and "proved" in verdicts and verdicts <= {"proved", "definition"}

    def __str__(self) -> str:
        if self.trouble:
            return f"not read: {self.trouble}"
        return "\n".join(["given " + ("; ".join(self.given_text) or "nothing"), *map(_text, self.lines)])

    def _repr_html_(self) -> str:
        if self.trouble:
            return f'<div class="syw-result">{escape(self.trouble)}</div>'
        given = "; ".join(map(maths, (*self.where, *self.given))) or "nothing"
        lines = [
            f'<div class="syw-derivation"><div class="syw-given">Given {given}.</div>',
            *map(_html, self.lines),
        ]
        return "\n".join([*lines, "</div>"])


def judge(source: str, notation: Notation = NOTHING) -> Judgement:
    """Every row of a text with its verdict. Never raises: what cannot be read is said in the judgement."""
    try:
        reading = read(source, notation)
        supposed = hypotheses(reading)
    except ReadError as reason:
        return Judgement((), (), (), (), str(reason))
    return Judgement(*supposed, tuple(sorted(judged(reading), key=lambda line: line.row)))


def hypotheses(reading: Reading) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """What a text supposes and defines, as LaTeX, and what it supposes as plain text.

    Raises ReadError for a definition that SymPy cannot build: then nothing could be shown of it.
    """
    givens = [part.given for part in reading.chain.parts]
    shown = dict.fromkeys(line for given in givens for line in hypotheses_latex(given))
    said = dict.fromkeys(line for given in givens for line in hypotheses_text(given))
    try:
        where = [f"{latex(name)} = {latex(body)}" for name, body in reading.definitions]
    except (TypeError, ValueError) as reason:
        raise ReadError(f"A definition cannot be shown: {reason}") from None
    return tuple(shown), tuple(where), tuple(said)


def judged(reading: Reading) -> Iterator[Judged]:
    """The relations of a text one after another, each judged when it is asked for; then the other rows.

    Where derivatives are taken by vectors, no row is refuted that holds in another layout of these.
    """
    lines = _judged(reading)
    yield from lines if reading.again is None else doubted(lines, reading, _judged)


def _judged(reading: Reading) -> Iterator[Judged]:
    """The lines, and the rows that are none.

    A line after a false one is compared with the last true one, too: what follows from that is right, and the
    slip is counted once.
    """
    places = iter(reading.places)
    roles = {row.number: row for row in reading.rows}
    equations, implications = Equations(reading), Implications(reading)
    base: Part | None = None
    for part in reading.chain.parts:
        chain = Sound(part, base)
        for k, line in enumerate(part.lines):
            row = roles[next(places)]
            if k == 0 and row.role == "definition":
                verdict, said, result = equations.named(part, line, row) or ("definition", "", None)
                made = Judged(row.number, verdict, said, part.start, "=", line.expr, line.because)
                yield replace(made, result=result)
                chain.begin(line.expr, row.number)
                continue
            made = _line(row.number, chain.before, line, part, base)
            if told := implications.seen(row, part, chain.before, line, made.verdict == "refuted"):
                made = replace(made, verdict=told[0], said=told[1], result=told[2])
                yield made
                chain.begin(line.expr, row.number)
                continue
            if made.verdict == "refuted" and (asked := equations.seen(row, part, chain.before, line)):
                verdict, said, result = asked
                if verdict == "refuted" and row.suspicion and not row.told:
                    verdict, said, result = "not read", row.suspicion, None
                yield replace(made, verdict=verdict, said=said, result=result)
                if chain.before == 0:  # 0 = ∂C/∂w = …: what follows goes on from the slope
                    chain.begin(line.expr, row.number)
                continue
            if made.verdict == "refuted":
                doubted, result = doubts.doubt(row, made.result, chain.before, line, part)
                if doubted:
                    yield Judged(row.number, "not read", doubted)
                    if not row.repeats:
                        chain.begin(line.expr, row.number)
                    continue
                made = replace(made, result=result, said=result.explanation if result else made.said)
            yield chain.take(made, line)
        base = part
    yield from _others(reading)


class Sound:
    """How far a chain is true: its last expression, and the last one that is joined to the beginning.

    A line that follows from a false one is a right step, but nothing is joined to the beginning by it.
    """

    def __init__(self, part: Part, base: Part | None) -> None:
        self.part, self.base, self.slip = part, base, 0
        self.begin(part.start, 0)

    def begin(self, expr: Basic, row: int) -> None:
        self.before = self.true = expr
        self.row = row

    def take(self, made: Judged, line: Line) -> Judged:
        """The judged line with what it is compared with; it is the chain's last from now on."""
        if made.verdict == "refuted" and self.slip:
            made = self.mend(made, line)
        if made.verdict == "refuted":
            self.slip = made.row
        elif made.mended:
            self.slip = 0
        elif self.slip:
            made = replace(made, slip=self.slip)
        if made.verdict == "proved" and not self.slip:
            self.true, self.row = line.expr, made.row
        self.before = line.expr
        return made

    def mend(self, made: Judged, line: Line) -> Judged:
        result = judges.line(self.true, line, self.part, self.base)
        if result.verdict is not Verdict.PROVED:
            return made
        return replace(
            made,
            verdict="proved",
            said="",
            left=self.true,
            mended=True,
            result=result,
            true=self.row,
            slip=self.slip,
        )


def _others(reading: Reading) -> Iterator[Judged]:
    """Rows that are no lines of a chain: not read, without a value, or only defining or supposing."""
    known = {*reading.places}
    for row in reading.rows:
        if row.trouble:
            yield Judged(row.number, "refuted" if row.misfit else "not read", row.trouble)
        elif row.role == "recursion":
            yield Judged(row.number, "supposed", "a recursion: it is taken as given")
        elif row.role == "definition" and row.number not in known:
            yield Judged(row.number, "definition")
        elif row.number not in known and row.signs:
            yield Judged(
                row.number, "not read", "There is nothing before it with which it could be compared."
            )


def _line(row: int, before: Basic, line: Line, part: Part, base: Part | None) -> Judged:
    try:
        result = judges.line(before, line, part, base)
    except ValueError as reason:  # a letter that assumes more than the text says
        return Judged(row, "not read", str(reason), before, line.means.relation, line.expr, line.because)
    if result.verdict is Verdict.CHECKED and line.means.relation == "=":
        result = _by_induction(before, line, part) or result
    said = result.explanation if result.verdict is Verdict.REFUTED else result.note
    return Judged(
        row, str(result.verdict), said, before, line.means.relation, line.expr, line.because, False, result
    )


def _by_induction(before: Basic, line: Line, part: Part) -> Result | None:
    """A proof by induction over one of the sizes, if there is one: no homework says that one is meant."""
    fixed = {s for ends in part.given.free.values() for end in ends for s in end.free_symbols}
    for size in part.given.sizes:
        if size in fixed:
            continue
        result = judges.line(before, replace(line, means=replace(line.means, induction=size)), part)
        if result.verdict is Verdict.PROVED:
            return result
    return None


def _text(line: Judged) -> str:
    if line.left is None or line.right is None:
        return f"row {line.row}: {line.verdict}" + (f": {line.said}" if line.said else "")
    sign = SIGNS.get(line.relation, line.relation)
    note = f" {line.said}" if line.said else ""
    mended = f" ({line.remark})" if line.remark else ""
    return f"row {line.row}: {text(line.left)} {sign} {text(line.right)}  {line.verdict}{note}{mended}"


def _html(line: Judged) -> str:
    badge = f'<span class="syw-badge syw-{line.verdict.replace(" ", "-")}">{line.verdict}</span>'
    said = f" {escape(line.said)}" if line.said else ""
    mended = f" ({line.remark})" if line.remark else ""
    shown = ""
    if line.left is not None and line.right is not None:
        shown = maths(rf"{latex(line.left)} {RELATIONS[line.relation]} {latex(line.right)}", display=True)
    return (
        f'<div class="syw-step"><div class="syw-equation">{shown}</div>'
        f'<div class="syw-reason">row {line.row}: {badge}{said}{mended}</div></div>'
    )
