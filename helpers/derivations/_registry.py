"""The tables of derivations, exercises and errata, and the three decorators with which a topic fills them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, wraps
from typing import Any

from sympy import sympify

from helpers.proof import Derivation, Given, Result, check, refute
from helpers.proof.answers import Exercise
from helpers.proof.derivation import is_writing, writing

DERIVATIONS: dict[str, Entry] = {}
ERRATA: dict[str, Erratum] = {}
BUILDERS: dict[str, Callable[[], Exercise]] = {}
HOME: dict[tuple[str, str], str] = {}  # (table, id) -> the topic that entered it


@dataclass(frozen=True)
class Entry:
    """One derivation of the course; calling it returns the checked `Derivation` (built once).

    task   the homework task it answers: "A1-1a"
    title  what it shows, in words
    sizes  what is symbolic: "any number of features n"
    """

    id: str
    task: str
    title: str
    sizes: str
    build: Callable[[], Derivation]
    write: Callable[[], Derivation]

    @property
    def heading(self) -> str:
        """The title as the head of a derivation or the first cell of a row."""
        return self.title[0].upper() + self.title[1:]

    def __call__(self) -> Derivation:
        return self.build()

    def written(self) -> Derivation:
        """The derivation as it is written down, before any line is judged."""
        with writing():
            return self.write()


@dataclass(frozen=True)
class Lines:
    """A claimed `lhs relation reported`, and what is right: `lhs = corrected`, both under `given`."""

    lhs: Any
    reported: Any
    corrected: Any
    given: Given = field(default_factory=Given)
    relation: str = "="


@dataclass(frozen=True)
class Erratum:
    """An error of a report, in our words, with the formulas on which the checker rules.

    id      "A1-1a/D": task, report letter, and a suffix where one task has several
    report  the report's letter; where: the place in it; said: what it claims, one line of Markdown
    """

    id: str
    task: str
    report: str
    where: str
    said: str
    lines: Callable[[], Lines]

    @property
    def lhs(self) -> Any:
        return sympify(self.lines().lhs)

    @property
    def reported(self) -> Any:
        return sympify(self.lines().reported)

    @property
    def corrected(self) -> Any:
        return sympify(self.lines().corrected)

    @property
    def given(self) -> Given:
        return self.lines().given


def derivation(id: str, *, task: str, title: str, sizes: str) -> Callable:
    """Enters a function that returns a finished `Derivation`; the function is called once and remembered."""

    def enter(build: Callable[[], Derivation]) -> Callable[[], Derivation]:
        _once("ALL", id, build)

        @wraps(build)
        def write() -> Derivation:
            made = build()
            made.heading = DERIVATIONS[id].heading
            return made

        judged = cache(write)

        @wraps(build)
        def remembered() -> Derivation:
            return write() if is_writing() else judged()  # what was only written is not remembered as judged

        DERIVATIONS[id] = Entry(id, task, title, sizes, remembered, write)
        return remembered

    return enter


def exercise(id: str, *, task: str) -> Callable:
    """Enters a function that returns an `Exercise`; the decorator fills in its id and task."""

    def enter(build: Callable[[], Exercise]) -> Callable[[], Exercise]:
        _once("EXERCISES", id, build)
        BUILDERS[id] = cache(lambda: replace(build(), id=id, task=task))
        return BUILDERS[id]

    return enter


def erratum(id: str, *, where: str, said: str) -> Callable:
    """Enters a function that returns the `Lines` of an error; task and report are read from the id."""
    task, _, rest = id.partition("/")

    def enter(lines: Callable[[], Lines]) -> Callable[[], Lines]:
        _once("ERRATA", id, lines)
        remembered = cache(lines)
        ERRATA[id] = Erratum(id, task, rest[:1], where, said, remembered)
        return remembered

    return enter


def rule(error: Erratum) -> tuple[Result, Result]:
    """The checker's verdicts on an erratum: the reported line refuted, the corrected line proved.

    Raises ValueError if no counterexample to the reported line is found.
    """
    lines = error.lines()
    refuted = refute(lines.lhs, lines.reported, lines.given, relation=lines.relation)
    return refuted, check(lines.lhs, lines.corrected, lines.given)


def _once(table: str, id: str, build: Callable) -> None:
    if (table, id) in HOME:
        raise ValueError(f"{id!r} is entered twice in {table}.")
    HOME[table, id] = build.__module__.rpartition(".")[2]
