"""A chain of equalities and inequalities in which every step is checked when it is written."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import Basic, sympify

from . import judge, render
from .objects import Given, as_written
from .rewriting import settle
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
    """One line: `relation expr`, why, and what the judges said."""

    expr: Basic
    because: str
    relation: str
    result: Result
    gap: Basic | None = None


class Derivation:
    """`start = e1 = e2 ...`; every expression that is shown is the object that was checked.

    An expression may be passed as a function without arguments: it is then built `as_written`, so that terms
    and factors keep their order. `numeric=True` declares that agreement of numbers is all that is claimed.
    """

    made: list[Derivation] | None = None  # filled only while `python -m helpers.proof` runs a file

    def __init__(self, name: str, start: Any, given: Given | None = None, *, numeric: bool = False) -> None:
        self.name, self.given, self.numeric = name, given or Given(), numeric
        self.start = _built(start)
        self.steps: list[Step] = []
        self.closed = False
        if Derivation.made is not None:
            Derivation.made.append(self)

    def step(self, expr: Any, because: str = "", *, relation: str = "=", gap: Any = None) -> Derivation:
        """Add `last relation expr`. Raises RefutedStep, with a counterexample, if it is false."""
        expr, gap = _built(expr), None if gap is None else _built(gap)
        result = judge.check(self.last, expr, self.given, relation=relation, gap=gap)
        if result.verdict is Verdict.REFUTED:
            place = f"Step {len(self.steps) + 1} of {self.name!r}" + (f" ({because})" if because else "")
            raise RefutedStep(f"{place} is false {result.explanation}.", result)
        self.steps.append(Step(expr, because, relation, result, gap))
        return self

    def qed(self, target: Any = None) -> Derivation:
        """Close the chain. If `target` is not the last line it becomes one more step, and is checked.

        Raises UnprovedStep while a step is less than PROVED, unless the derivation is declared numeric.
        """
        if target is not None:
            target = _built(target)
            if settle(target) != settle(self.last):
                self.step(target, because="which is the claim")
        weak = [k for k, s in enumerate(self.steps, 1) if s.result.verdict is not Verdict.PROVED]
        allowed = (Verdict.PROVED, Verdict.CHECKED) if self.numeric else (Verdict.PROVED,)
        if not self.steps or any(v not in allowed for v in self.verdicts):
            raise UnprovedStep(self._complaint(weak))
        self.closed = True
        return self

    def _complaint(self, weak: list[int]) -> str:
        if not self.steps:
            return f"{self.name!r} has no step, so there is nothing to prove."
        first = self.steps[weak[0] - 1]
        return (f"Step {weak[0]} of {self.name!r} is only {first.result.verdict}, not proved"
                + (f" ({first.result.note})" if first.result.note else "")
                + "; add steps in between, add a hypothesis, or declare the derivation numeric=True.")

    @property
    def last(self) -> Basic:
        return self.steps[-1].expr if self.steps else self.start

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
