"""A chain of equalities and inequalities in which every step is checked when it is written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sympy import Basic, Expr, Symbol, sympify

from . import judge, render
from .objects import Given, as_written
from .recursion import Rule
from .rewriting import settle
from .symbolic import Means
from .verdicts import Result, Verdict


class RefutedStep(Exception):
    """A step is false. The message holds the counterexample; `.result` the whole answer."""

    def __init__(self, message: str, result: Result) -> None:
        super().__init__(message)
        self.result = result


class UnprovedStep(Exception):
    """A derivation was closed although a step is less than PROVED."""


@dataclass(frozen=True)
class Step:
    """One line: `relation expr`, why, by which means, and what the judges said."""

    expr: Basic
    because: str
    result: Result
    means: Means = field(default_factory=Means)

    @property
    def relation(self) -> str:
        return self.means.relation

    @property
    def gap(self) -> Basic | None:
        return self.means.gap

    def check(self, before: Any, expr: Any, given: Given, seconds: float | None = None) -> Result:
        """The verdict on another pair of sides by the means of this step: what a mutation test asks."""
        return judge.judged(*judge.sides(before, expr, given, self.relation), self.means, seconds)


@dataclass
class Part:
    """One chain of a derivation: `start = e1 = e2 ...` under hypotheses of its own."""

    title: str
    start: Basic
    given: Given
    steps: list[Step] = field(default_factory=list)
    supposed: tuple[Basic, Basic] | None = None  # the hypothesis of an induction, shown above the chain


class Derivation:
    """`start = e1 = e2 ...`; every expression that is shown is the object that was checked.

    An expression may be passed as a function without arguments: it is then built `as_written`, so that terms
    and factors keep their order. `numeric=True` declares that agreement of numbers is all that is claimed.
    A derivation may have several parts (`part`), such as the base and the step of an induction.
    """

    made: list[Derivation] | None = None  # filled only while `python -m helpers.proof` runs a file

    def __init__(
        self,
        name: str,
        start: Any,
        given: Given | None = None,
        *,
        numeric: bool = False,
        title: str = "",
        claim: str = "",
    ) -> None:
        self.name, self.numeric, self.claim = name, numeric, claim
        self.heading = ""  # what it shows, in words: a page puts it in the place of the name
        self.parts = [Part(title, _built(start), given or Given())]
        self.closed = False
        self.refused = 0  # how many false steps were turned away
        self.seconds = 0.0  # spent in the judges; never printed by the derivation itself
        if Derivation.made is not None:
            Derivation.made.append(self)

    def part(self, title: str, start: Any, given: Given | None = None) -> Derivation:
        """Begin another chain for the same claim; without `given` the first part's hypotheses hold."""
        self.parts.append(Part(title, _built(start), given or self.given))
        return self

    def step(
        self,
        expr: Any,
        because: str = "",
        *,
        relation: str = "=",
        gap: Any = None,
        using: Iterable[Expr] = (),
        induction: Symbol | None = None,
        _rules: tuple[Rule, ...] = (),
    ) -> Derivation:
        """Add `last relation expr`. Raises RefutedStep, with a counterexample, if it is false.

        `gap`, `using` and `induction` are the means of the proof: see `check`.
        """
        expr, part = _built(expr), self.parts[-1]
        means = Means(relation, None if gap is None else _built(gap), tuple(using), induction, _rules)
        started = time.perf_counter()
        result = judge.judged(*judge.sides(self.last, expr, part.given, relation), means)
        self.seconds += time.perf_counter() - started
        if result.verdict is Verdict.REFUTED:
            self.refused += 1
            place = f"Step {len(self.steps) + 1} of {self.name!r}" + (f" ({because})" if because else "")
            raise RefutedStep(f"{place} is false {result.explanation}.", result)
        part.steps.append(Step(expr, because, result, means))
        return self

    def qed(self, target: Any = None) -> Derivation:
        """Close the derivation. If `target` is not the last line it becomes one more step, and is checked.

        Raises UnprovedStep while a step is less than PROVED, unless the derivation is declared numeric.
        """
        if target is not None:
            target = _built(target)
            if settle(target) != settle(self.last):
                self.step(target, because="which is the claim")
        allowed = (Verdict.PROVED, Verdict.CHECKED) if self.numeric else (Verdict.PROVED,)
        if not self.steps or any(v not in allowed for v in self.verdicts):
            raise UnprovedStep(self._complaint(allowed))
        self.closed = True
        return self

    def _complaint(self, allowed: tuple[Verdict, ...]) -> str:
        if not self.steps:
            return f"{self.name!r} has no step, so there is nothing to prove."
        place, weak = next((k, s) for k, s in enumerate(self.steps, 1) if s.result.verdict not in allowed)
        note = f" ({weak.result.note})" if weak.result.note else ""
        return (
            f"Step {place} of {self.name!r} is only {weak.result.verdict}, not proved{note}; add steps "
            "in between, add a hypothesis, or declare the derivation numeric=True."
        )

    def links(self) -> Iterator[tuple[Basic, Step, Given]]:
        """Each step with the expression before it and its hypotheses, so that it can be checked again."""
        for part in self.parts:
            before = part.start
            for s in part.steps:
                yield before, s, part.given
                before = s.expr

    @property
    def start(self) -> Basic:
        return self.parts[0].start

    @property
    def given(self) -> Given:
        return self.parts[0].given

    @property
    def steps(self) -> list[Step]:
        return [s for part in self.parts for s in part.steps]

    @property
    def last(self) -> Basic:
        part = self.parts[-1]
        return part.steps[-1].expr if part.steps else part.start

    @property
    def verdicts(self) -> list[Verdict]:
        return [s.result.verdict for s in self.steps]

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of any step; UNKNOWN for an empty chain."""
        return max(self.verdicts, key=lambda v: v.rank, default=Verdict.UNKNOWN)

    def __repr__(self) -> str:
        return render.text(self)

    def _repr_markdown_(self) -> str:
        return render.markdown(self)

    def _repr_html_(self) -> str:
        return render.html(self)


def _built(expr: Any) -> Basic:
    """An expression, or the result of a function that writes one down, with its order kept."""
    if isinstance(expr, Callable) and not isinstance(expr, (Basic, type)):
        with as_written():
            return sympify(expr())
    return sympify(expr)
