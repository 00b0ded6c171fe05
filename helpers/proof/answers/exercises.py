"""Exercises with a symbolic answer, the mistakes that readers make, and what to say about an answer.

An answer is read by the grammar of formulas, compared with the right one by the same `check` that guards the
derivations, then with the catalogue of mistakes; whatever matches nothing gets a counterexample with numbers.
SymPy only: exercises run in a reader's browser.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import combinations
from math import prod

from sympy import Expr, IndexedBase

from ..judge import check, symbolic
from ..read.tokens import AnswerError
from ..read.typed import parse
from ..statement.given import Given
from ..verdicts import Result, Verdict
from ..work import STEPS, share
from .entries import entries as entries_in
from .entries import typed

__all__ = ["AnswerError", "Exercise", "Feedback", "Mistake", "feedback", "parse"]

CHECKED_ONLY = (
    "Not proved: it agrees at every point that was tried, but the algebra found no proof. "
    "Try a form that is nearer to the question."
)
PATIENCE = STEPS // 2  # steps of work for one comparison
FUNCTIONS_TEXT = "exp, log, sqrt, abs, sign, min, max, delta(j, k), sum(term, index, first, last), prod(…)"


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer: its name ("factor 1/N is missing"), the formula, a hint that is no solution."""

    name: str
    expr: str | Expr
    hint: str


@dataclass(frozen=True)
class Exercise:
    """A question with a symbolic answer.

    answer, mistakes  formulas, as text over `vocabulary` (as a reader would type them) or from SymPy
    given             hypotheses under which an answer is compared
    question          the thing asked for, unevaluated (`Partial(C, w[j])`), equal to the answer
    quantity          what the right value is called beside a counterexample: "the derivative"
    task              the homework task it belongs to: "A1-1a"
    checked_is_enough whether an answer counts that agrees at every point but is not proved; else it is not
                      called right, because numbers alone cannot tell it from a wrong one
    points            what an assignment gives for it
    """

    id: str
    prompt: str
    answer: str | Expr
    given: Given
    vocabulary: Mapping[str, object]
    mistakes: tuple[Mistake, ...]
    question: Expr | None = None
    quantity: str = "the right answer"
    task: str = ""
    checked_is_enough: bool = False
    points: int = 1

    def read(self, answer: str | Expr) -> Expr:
        """The answer as an expression; AnswerError, one sentence, if it is not a formula of this exercise."""
        if isinstance(answer, Expr):
            return answer
        return parse(answer, self.vocabulary, self.example)

    def example(self, name: str) -> str:
        """How an entry of an array is typed in this exercise: "X[s, j]"."""
        return typed(name, self.vocabulary[name], self.entries.get(name))

    @cached_property
    def solution(self) -> Expr:
        """The right answer as an expression."""
        return self.answer if isinstance(self.answer, Expr) else parse(self.answer, self.vocabulary)

    @cached_property
    def wrong(self) -> tuple[Expr, ...]:
        """The formulas of the mistakes, in their order."""
        formulas = (mistake.expr for mistake in self.mistakes)
        return tuple(e if isinstance(e, Expr) else parse(e, self.vocabulary) for e in formulas)

    @cached_property
    def entries(self) -> Mapping[str, tuple[str, ...]]:
        """The indices with which each array and function of the vocabulary stands here: {"X": ("s", "j")}."""
        asked = [] if self.question is None else [self.question]
        return entries_in(self.vocabulary, [self.solution, *asked, *self.wrong], self.solution)

    def vocabulary_text(self) -> str:
        """What a reader may type, in one line."""
        names = ", ".join(_usage(name, value) for name, value in self.vocabulary.items())
        return f"{names}; {FUNCTIONS_TEXT}; numbers and + - * / ^ ( )."

    def verify(self) -> list[Result]:
        """Prove that the answer is right and that all mistakes are wrong and different; the checks made.

        Raises ValueError naming the first answer or mistake for which that fails.
        """
        results = [] if self.question is None else [check(self.question, self.solution, self.given)]
        if any(result.verdict is not Verdict.PROVED for result in results):
            raise ValueError(f"{self.id}: the answer is not proved equal to the question: {results[0]}")
        named = [("the answer", self.solution)]
        named += zip((mistake.name for mistake in self.mistakes), self.wrong, strict=True)
        for (one, left), (other, right) in combinations(named, 2):
            results.append(check(left, right, self.given))
            if results[-1].verdict is not Verdict.REFUTED:
                raise ValueError(f"{self.id}: “{one}” and “{other}” are not told apart: {results[-1]}")
        return results

    def _repr_markdown_(self) -> str:
        return f"{self.prompt}\n\nYou may use: `{self.vocabulary_text()}`"


@dataclass(frozen=True, repr=False)
class Feedback:
    """What is said about an answer: `ok`, the `mistake` recognised (its name), and a `message` to read."""

    ok: bool
    message: str
    mistake: str | None = None
    counterexample: Mapping[str, object] | None = None
    verdict: Verdict | None = None

    def __repr__(self) -> str:
        return self.message

    def _repr_html_(self) -> str:
        label, kind = ("right", "proved") if self.ok else ("not yet", "refuted")
        if self.verdict is Verdict.CHECKED:
            label, kind = "right" if self.ok else "not proved", "checked"
        elif self.verdict is None or self.verdict is Verdict.UNKNOWN:
            label, kind = "not read" if self.verdict is None else "undecided", "unknown"
        badge = f'<span class="syw-verdict syw-{kind}">{label}</span>'
        text = self.message.removeprefix("Right: ").removeprefix("Not yet: ").removeprefix("Not proved: ")
        return f'<p class="syw-feedback">{badge} {escape(text)}</p>'


def feedback(answer: str | Expr, exercise: Exercise) -> Feedback:
    """What to say about `answer`: right, a known mistake with its hint, or a counterexample with numbers.

    An answer that cannot be read gets one sentence that says why; nothing in it is ever run.
    """
    try:
        given_answer = exercise.read(answer)
    except AnswerError as error:
        return Feedback(False, str(error))
    result = check(given_answer, exercise.solution, exercise.given, steps=PATIENCE)
    if result.verdict is Verdict.PROVED:
        return Feedback(True, _praise(exercise), verdict=result.verdict)
    if result.verdict is Verdict.CHECKED:
        return Feedback(exercise.checked_is_enough, CHECKED_ONLY, verdict=result.verdict)
    if result.verdict is Verdict.UNKNOWN:
        return Feedback(
            False, f"This could not be decided ({result.note}); try a simpler form.", verdict=result.verdict
        )
    known = _recognise(given_answer, exercise)
    if known is not None:
        return Feedback(
            False, f"Not yet: {known.name}. {known.hint}", known.name, result.counterexample, result.verdict
        )
    return Feedback(False, _difference(result, exercise), None, result.counterexample, result.verdict)


def _praise(exercise: Exercise) -> str:
    sizes = " and ".join(map(str, exercise.given.sizes))
    return f"Right: proved equal to {exercise.quantity}{f' for every {sizes}' if sizes else ''}."


def _recognise(answer: Expr, exercise: Exercise) -> Mistake | None:
    """The catalogued mistake that the answer is proved to be or, failing that, agrees with at every point."""
    agreeing = None
    for mistake, wrong in zip(exercise.mistakes, exercise.wrong, strict=True):
        verdict = check(answer, wrong, exercise.given, steps=PATIENCE // 4).verdict
        # A transposed index has no value where the sizes differ; that it is this mistake can still be seen.
        if verdict is Verdict.PROVED or (verdict is Verdict.UNKNOWN and _same(answer, wrong, exercise.given)):
            return mistake
        if verdict is Verdict.CHECKED and agreeing is None:
            agreeing = mistake
    return agreeing


def _same(answer: Expr, wrong: Expr, given: Given) -> bool:
    try:
        with share(PATIENCE // 4):
            return symbolic(answer, wrong, given)
    except Exception:  # SymPy raises many kinds; none of them may count as recognised
        return False


def _difference(result: Result, exercise: Exercise) -> str:
    """At which point the answer and the right one differ, with both values."""
    where = readable_point(result.counterexample or {})
    yours, right = _value(result.lhs, result.note), _value(result.rhs, "")
    values = f"your expression is {yours} and {exercise.quantity} is {right}"
    return f"Not yet: at {where}, {values}." if where else f"Not yet: {values}."


def _value(value: object, why: str) -> str:
    return _number(value) if value is not None else f"undefined ({why})" if why else "undefined"


def readable_point(values: Mapping[str, object]) -> str:
    """y = 1, w = (1, 2): the entries of an array are gathered under its name."""
    shown, arrays = {}, {}
    for key, value in values.items():
        name, bracket, indices = key.partition("[")
        if bracket:
            arrays.setdefault(name, {})[tuple(map(int, indices.rstrip("]").split(",")))] = value
        else:
            shown[name] = _number(value)
    for name, entries in arrays.items():
        shown |= (
            {name: _array(entries)}
            if _complete(entries)
            else {f"{name}[{', '.join(map(str, at))}]": _number(value) for at, value in entries.items()}
        )
    return ", ".join(f"{name} = {value}" for name, value in shown.items())


def _complete(entries: Mapping[tuple[int, ...], object]) -> bool:
    """Whether every entry of the array is there: only entries that a formula read have a value."""
    axes = [sorted(set(axis)) for axis in zip(*entries, strict=True)]
    whole = all(axis[0] in (0, 1) and axis == list(range(axis[0], axis[-1] + 1)) for axis in axes)
    return whole and len(entries) == prod(map(len, axes))


def _array(entries: Mapping[tuple[int, ...], object]) -> str:
    """(1, 2) for a vector, ((1, 2), (3, 4)) for a matrix, in the order of the indices."""
    if () in entries:
        return _number(entries[()])
    rows: dict[int, dict[tuple[int, ...], object]] = {}
    for indices, value in sorted(entries.items()):
        rows.setdefault(indices[0], {})[indices[1:]] = value
    return f"({', '.join(map(_array, rows.values()))})"


def _number(value: object) -> str:
    """A short decimal with a true minus sign; four digits tell two values apart for a reader."""
    return f"{value:.4g}".replace("-", "−")


def _usage(name: str, value: object) -> str:
    """How a name of the vocabulary is typed: w[1..n], sigma(u), y."""
    if isinstance(value, IndexedBase):
        return f"{name}[{', '.join(f'1..{size}' for size in value.shape or ('…',))}]"
    if isinstance(value, Expr):
        return name
    return f"{name}({', '.join(map(str, getattr(value, 'parameters', '…')))})"
