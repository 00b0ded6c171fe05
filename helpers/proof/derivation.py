"""How a notebook writes a chain: line by line, each judged when it is written."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sympy import Basic, Expr, Symbol, sympify

from .proofs import Proof, ProvedPart, Step, prove
from .show import derivation as show
from .statement.chain import Chain, Line, Means, Part, Supposed
from .statement.given import Given
from .statement.terms import as_written, settle
from .verdicts import Result, Verdict

_seen: ContextVar[list[Derivation] | None] = ContextVar("seen", default=None)


class RefutedStep(Exception):
    """A step is false. The message holds the counterexample, `.result` the whole answer."""

    def __init__(self, message: str, result: Result, derivation: Derivation) -> None:
        super().__init__(message)
        self.result, self.derivation = result, derivation


class UnprovedStep(Exception):
    """A derivation was closed although a step is less than PROVED."""


@contextmanager
def noticing() -> Iterator[list[Derivation]]:
    """Inside, every derivation that is begun is entered in the list that this gives."""
    found: list[Derivation] = []
    before = _seen.set(found)
    try:
        yield found
    finally:
        _seen.reset(before)


class Derivation:
    """`start = e1 = e2 ...`; every expression that is shown is the object that was checked.

    An expression may be passed as a function without arguments: it is then built `as_written`, so that terms
    and factors keep their order. `numeric=True` declares that agreement of numbers is all that is claimed.
    A derivation may have several parts (`part`), such as the base and the step of an induction.
    """

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
        self.heading = ""  # what it shows, in words: a page puts it in the place of the name
        self.closed = False
        self.refused = 0  # how many false steps were turned away
        self.seconds = 0.0  # spent in the judges; never printed by the derivation itself
        self.proof = prove(Chain(name, (Part(title, _built(start), given or Given()),), numeric, claim))
        if _seen.get() is not None:
            _seen.get().append(self)

    def part(
        self, title: str, start: Any, given: Given | None = None, *, supposed: Supposed | None = None
    ) -> Derivation:
        """Begin another chain for the same claim; without `given` the first part's hypotheses hold.

        `supposed` is the hypothesis of an induction whose base is the part before.
        """
        self._extend(Part(title, _built(start), given or self.given, supposed=supposed))
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
        hypothesis: bool = False,
    ) -> Derivation:
        """Add `last relation expr`. Raises RefutedStep, with a counterexample, if it is false.

        The other arguments are the means of the proof: see `statement.chain.Means`.
        """
        means = Means(relation, None if gap is None else _built(gap), tuple(using), induction, hypothesis)
        self._extend(Line(_built(expr), because, means))
        return self

    def _extend(self, new: Line | Part) -> None:
        started = time.perf_counter()
        longer = self.proof.then(new) if isinstance(new, Line) else self.proof.also(new)
        self._demand_true(longer, new)
        self.proof = longer
        self.seconds += time.perf_counter() - started

    def _demand_true(self, longer: Proof, new: Line | Part) -> None:
        if isinstance(new, Part) or longer.results[-1].verdict is not Verdict.REFUTED:
            return
        self.refused += 1
        place = f"Step {len(longer.results)} of {self.name!r}" + (f" ({new.because})" if new.because else "")
        result = longer.results[-1]
        raise RefutedStep(f"{place} is false {result.explanation}.", result, self)

    def qed(self, target: Any = None) -> Derivation:
        """Close the derivation. If `target` is not the last line it becomes one more step, and is checked.

        Raises UnprovedStep while a step is less than PROVED, unless the derivation is declared numeric.
        """
        if target is not None:
            target = _built(target)
            if settle(target) != settle(self.last):
                self.step(target, because="which is the claim")
        if not self.as_declared:
            raise UnprovedStep(self._complaint())
        self.closed = True
        return self

    @property
    def as_declared(self) -> bool:
        """Whether every step is proved, or at least checked where numbers are all that is claimed."""
        return self.verdict in self.allowed

    @property
    def allowed(self) -> tuple[Verdict, ...]:
        return (Verdict.PROVED, Verdict.CHECKED) if self.numeric else (Verdict.PROVED,)

    def _complaint(self) -> str:
        if not self.steps:
            return f"{self.name!r} has no step, so there is nothing to prove."
        weak = [(k, s) for k, s in enumerate(self.steps, 1) if s.result.verdict not in self.allowed]
        if not weak:
            return f"The induction of {self.name!r} does not reach its right side."
        place, step = weak[0]
        note = f" ({step.result.note})" if step.result.note else ""
        return (
            f"Step {place} of {self.name!r} is only {step.result.verdict}, not proved{note}; add steps "
            "in between, add a hypothesis, or declare the derivation numeric=True."
        )

    @property
    def chain(self) -> Chain:
        """The derivation as data."""
        return self.proof.chain

    @property
    def name(self) -> str:
        return self.chain.name

    @property
    def numeric(self) -> bool:
        return self.chain.numeric

    @property
    def claim(self) -> str:
        return self.chain.claim

    @property
    def start(self) -> Basic:
        return self.chain.parts[0].start

    @property
    def given(self) -> Given:
        return self.chain.parts[0].given

    @property
    def last(self) -> Basic:
        return self.chain.parts[-1].last

    @property
    def parts(self) -> tuple[ProvedPart, ...]:
        return self.proof.parts

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.proof.steps

    @property
    def verdicts(self) -> list[Verdict]:
        return [result.verdict for result in self.proof.results]

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of any step; UNKNOWN for an empty chain."""
        return self.proof.verdict

    def __repr__(self) -> str:
        return show.text(self.proof)

    def _repr_markdown_(self) -> str:
        return show.markdown(self.proof, self.heading)

    def _repr_html_(self) -> str:
        return show.html(self.proof, self.heading)


def _built(expr: Any) -> Basic:
    """An expression, or the result of a function that writes one down, with its order kept."""
    if isinstance(expr, Callable) and not isinstance(expr, (Basic, type)):
        with as_written():
            return sympify(expr())
    return sympify(expr)
