"""What a page asks of the checker: text in, JSON out. Runs in the reader's page, and while the book is built.

A reply says what became of the reader's line: `verdict` (a word of `Verdict`, or "unread"), `message`,
`latex` (how the line was read), `point` (rows of a name and a number, where the line is false) and `reached`
(the goal is there). A reply is never a stack trace.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from typing import Any

from sympy import Basic, Expr, Indexed, IndexedBase, Limit, MatrixSymbol, Symbol
from sympy import preorder_traversal as parts

from helpers import checking
from helpers.checking.forms import same_form
from helpers.course import DERIVATIONS, EXERCISES
from helpers.proof import Given, Partial, Result, Verdict, as_written, check, homework
from helpers.proof.answers import AnswerError, feedback, parse, readable_point
from helpers.proof.read.latex import ReadError
from helpers.proof.read.text import Reading
from helpers.proof.show.formulas import latex
from helpers.proof.statement.chain import RELATIONS, Part
from helpers.proof.statement.terms import NamedFunction, SmoothFunction, settle

Vocabulary = Mapping[str, object]


def reply(function: Callable[..., dict[str, Any]]) -> Callable[..., str]:
    """The reply as JSON; whatever goes wrong inside becomes one sentence."""

    @wraps(function)
    def replying(*words: str) -> str:
        try:
            return json.dumps(function(*words))
        except AnswerError as error:
            return json.dumps({"verdict": "unread", "message": str(error)})
        except Exception as error:  # SymPy raises many kinds; the reader needs none of them
            message = f"This line was too much for the checker ({type(error).__name__}); try a simpler form."
            return json.dumps({"verdict": "unknown", "message": message})

    return replying


# ---------------------------------------------------------------- what a page may ask
@reply
def answer(id: str, text: str) -> dict[str, Any]:
    """What `feedback` says to an answer of an exercise of the catalogue."""
    exercise = EXERCISES[id]
    said = feedback(text, exercise)
    if said.verdict is None:
        return {"verdict": "unread", "message": said.message}
    made = {"verdict": str(said.verdict), "message": said.message, "mistake": said.mistake,
            "latex": shown(text, exercise.vocabulary)}  # fmt: skip
    if said.verdict is Verdict.REFUTED:
        result = check(exercise.read(text), exercise.solution, exercise.given)
        made["point"] = rows(result, "your answer", exercise.quantity)
        made["message"] = said.message if said.mistake else f"Not yet: this is not {exercise.quantity}."
    return made


@reply
def step(id: str, names: str, lines: str, text: str) -> dict[str, Any]:
    """Whether `text` equals the line before it: the last of `lines`, or the start of the derivation."""
    part, vocabulary = first(id), words(id, names)
    before = [parse(line, vocabulary) for line in json.loads(lines)][-1:]
    previous, line = before[0] if before else part.start, parse(text, vocabulary)
    made = {"latex": shown(text, vocabulary)}
    if settle(previous) == line:
        return made | {"verdict": "unread", "message": "That is the line before, written again."}
    result = check(previous, line, part.given)
    made |= {"verdict": str(result.verdict), "message": _ruling(result, part)}
    if result.verdict is Verdict.REFUTED:
        made["point"] = rows(result, "the line before", "your line")
    return made | {"reached": same_form(line, part.last)}


@reply
def read(kind: str, id: str, names: str, text: str) -> dict[str, Any]:
    """How a line is read, without judging it."""
    vocabulary = EXERCISES[id].vocabulary if kind == "answer" else words(id, names)
    return {"latex": shown(text, vocabulary)}


# ---------------------------------------------------------------- a text of the reader's own
@reply
def text(source: str, task: str) -> dict[str, Any]:
    """How a text is read: its hypotheses, its definitions, and how many relations there are to judge."""
    try:
        reading = started(source, task).reading
    except ReadError as error:
        return {"verdict": "unread", "message": str(error)}
    given, where, _ = homework.hypotheses(reading)
    rows = [{"row": line.row, "latex": _relation(line), "because": line.because} for line in planned(reading)]
    return {"given": given, "where": where, "rows": rows}


@reply
def relation(source: str, task: str, place: str) -> dict[str, Any]:
    """The verdict on one relation of a text, in the order of its rows; after the last, `done`."""
    lines = started(source, task)
    while len(lines.judged) <= int(place):
        line = next(lines.waiting, None)
        if line is None:
            remarks, reached = checking.marking.asked(lines.source, task_of(task))
            return {"done": True, "remarks": remarks, "reached": reached}
        lines.judged.append(line)
    line = lines.judged[int(place)]
    verdict = "unread" if line.verdict == "not read" else line.verdict
    made = {"row": line.row, "latex": _relation(line), "because": line.because, "remark": line.remark,
            "verdict": verdict, "message": line.said}  # fmt: skip
    if line.result is not None and line.result.verdict is Verdict.REFUTED:
        made["message"], made["point"] = "", rows(line.result, "the left side", "the right side")
    return made


@reply
def mistake(source: str, task: str, place: str) -> dict[str, Any]:
    """The name of the mistake in a line that was refuted, with a hint; empty if it has none."""
    lines = started(source, task)
    line = lines.judged[int(place)]
    found = checking.marking.name_of(lines.reading, lines.source, line, int(place), task_of(task))
    return {"name": found.name, "hint": found.hint} if found else {}


@reply
def begin(task: str) -> dict[str, Any]:
    """What a reader begins with who takes a task: its sentences, its first side, its goal."""
    asked = checking.task(task)
    return {"text": asked.text, "goal": asked.goal, "title": asked.title, "lines": asked.lines}


@dataclass
class Judging:
    """A text as it was read: the relations judged already, and those still waiting."""

    reading: Reading
    source: str
    judged: list[homework.Judged]
    waiting: Iterator[homework.Judged]


@lru_cache(maxsize=4)
def started(source: str, task: str) -> Judging:
    """A text as it was read, with its relations waiting to be judged."""
    asked = task_of(task)
    reading, whole = checking.marking.opened(source, asked)
    return Judging(reading, whole, [], homework.judged(reading))


def task_of(id: str) -> checking.Task | None:
    return checking.task(id) if id else None


def planned(reading: Reading) -> Iterator[homework.Judged]:
    """Every relation that will be judged, without a verdict."""
    places = iter(reading.places)
    for part in reading.chain.parts:
        before = part.start
        for line in part.lines:
            yield homework.Judged(next(places), "", "", before, line.means.relation, line.expr, line.because)
            before = line.expr


def _relation(line: homework.Judged) -> str:
    if line.left is None or line.right is None:
        return ""
    return f"{latex(line.left)} {RELATIONS[line.relation]} {latex(line.right)}"


# ---------------------------------------------------------------- the lines and the words of a derivation
def first(id: str) -> Part:
    """The lines and hypotheses of a derivation, not judged here: its chapter has them proved."""
    return DERIVATIONS[id].chain.parts[0]


@cache
def words(id: str, abbreviations: str) -> Vocabulary:
    """What may be typed in a derivation: its names, `diff` and, from JSON, the page's abbreviations.

    Raises ValueError for an abbreviation whose name is taken.
    """
    found = names_of(id)
    for name, text in json.loads(abbreviations).items():
        if name in found:
            raise ValueError(f"{name} has a meaning in {id} already: give the abbreviation another name.")
        found[name] = parse(text, found)
    return found


def names_of(id: str) -> dict[str, object]:
    """The names in a derivation's lines and in what they are defined by, except indices that a sum binds.

    Raises ValueError for matrices and limits: they cannot be typed.
    """
    part = first(id)
    given, found = part.given, {}
    for line in (part.start, *(line.expr for line in part.lines)):
        if line.has(MatrixSymbol, Limit):
            raise ValueError(f"{id} has matrices or limits, which cannot be typed.")
        found |= {name: value for name, value in _names_in(line, given).items() if name not in found}
    return {**found, **{index.name: index for index in given.free}, "diff": derivative}


def _names_in(e: Basic, given: Given) -> dict[str, object]:
    found: dict[str, object] = {}
    for part in parts(e):
        if isinstance(part, NamedFunction):
            inside = _names_in(part.func.body, given)
            own = {symbol.name for symbol in part.func.parameters}
            found |= {name: value for name, value in inside.items() if name not in {*found, *own}}
        if isinstance(part, (NamedFunction, SmoothFunction)):
            found[part.func.__name__] = part.func if part.args else part
        elif isinstance(part, IndexedBase):
            found[str(part.label)] = part
        elif isinstance(part, Symbol) and (not part.is_integer or part in given.sizes or part in given.free):
            found.setdefault(part.name, part)
    return found


def derivative(expr: Expr, variable: Expr) -> Partial:
    """What `diff(expr, variable)` means in a line: a derivative that is not worked out."""
    if not isinstance(variable, (Symbol, Indexed)):
        raise AnswerError("diff takes a formula and a variable to derive by, as in diff(w[j]^2, w[j]).")
    return Partial(expr, variable)


derivative.parameters = (Symbol("f"), Symbol("v"))  # what it takes, as functions of the book say it


# ---------------------------------------------------------------- how a line is shown
def shown(text: str, vocabulary: Vocabulary) -> str:
    """LaTeX of a line as it was read, in the reader's order and abbreviations if that is the same line."""
    line = parse(text, vocabulary)
    short_for = abbreviations(vocabulary)
    try:
        with as_written():
            typed = parse(text, {**vocabulary, **{symbol.name: symbol for symbol in short_for}})
        return latex(typed if settle(typed).xreplace(short_for) == line else line)
    except Exception:  # some numbers cannot be put together unevaluated; the line itself was read
        return latex(line)


def abbreviated(e: Basic, vocabulary: Vocabulary) -> str:
    """LaTeX of a formula in which the vocabulary's abbreviations are used, the longest first."""
    short_for = sorted(abbreviations(vocabulary).items(), key=lambda pair: -pair[1].count_ops())
    with as_written():
        for symbol, value in short_for:
            e = e.xreplace({value: symbol})
    return latex(e)


def abbreviations(vocabulary: Vocabulary) -> dict[Symbol, Expr]:
    """The names that stand for a formula, not for a symbol, an array or a function."""
    return {
        Symbol(name): value
        for name, value in vocabulary.items()
        if isinstance(value, Expr) and value.args and not isinstance(value, (Indexed, IndexedBase))
    }


def definitions(vocabulary: Vocabulary) -> list[str]:
    """What the abbreviations and named functions of a vocabulary stand for, as LaTeX equations."""
    made = []
    for name, value in vocabulary.items():
        function = value if isinstance(value, type) else type(value)
        if issubclass(function, NamedFunction) and (function is value or not value.args):
            made.append(f"{latex(function(*function.parameters))} = {latex(function.body)}")
        elif Symbol(name) in abbreviations({name: value}):
            others = {other: one for other, one in vocabulary.items() if one != value}
            made.append(f"{latex(Symbol(name))} = {abbreviated(value, others)}")
    return made


# ---------------------------------------------------------------- what a reply is made of
def rows(result: Result, left: str, right: str) -> list[tuple[str, str]]:
    """Where two sides differ: the LaTeX of each name with its numbers, and the value of both sides there."""
    arrays: dict[str, dict[str, Any]] = {}
    for key, value in (result.counterexample or {}).items():
        arrays.setdefault(key.partition("[")[0], {})[key] = value
    point = [row for name, entries in arrays.items() for row in _entries(name, readable_point(entries))]
    return [*point, (rf"\text{{{left}}}", _number(result.lhs)), (rf"\text{{{right}}}", _number(result.rhs))]


def _entries(name: str, readable: str) -> list[tuple[str, str]]:
    """The rows of one name: (w, (1, 2)), or an entry a row where only some of an array matter."""
    found = []
    for piece in re.split(rf", (?={re.escape(name)}\[)", readable):
        written, _, value = piece.partition(" = ")
        indices = written[len(name) + 1 : -1]
        found.append((latex(Symbol(name)) + (f"_{{{indices}}}" if indices else ""), value))
    return found


def _number(value: Any) -> str:
    return "undefined" if value is None else f"{value:.4g}".replace("-", "−")


def _ruling(result: Result, part: Part) -> str:
    sizes = " and ".join(map(str, part.given.sizes))
    return {
        Verdict.PROVED: f"This step holds{f' for every {sizes}' if sizes else ''}.",
        Verdict.CHECKED: "It agrees at all numbers tried, but the algebra found no proof; try a small step.",
        Verdict.REFUTED: "This step is false.",
    }.get(result.verdict, f"This step could not be decided ({result.note}); try a smaller one.")
