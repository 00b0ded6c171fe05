"""A chain with the verdict on each of its lines.

>>> from sympy import symbols
>>> from helpers.proof.statement.chain import Chain, Line, Part
>>> from helpers.proof.statement.given import Given
>>> x = symbols("x", real=True)
>>> prove(Chain("square", (Part("", (x + 1)**2, Given(), (Line(x**2 + 2*x + 1),)),))).verdict
<Verdict.PROVED: 'proved'>
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sympy import Basic

from . import judge
from .show.formulas import latex
from .statement.chain import Chain, Line, Means, Part
from .statement.given import Given
from .symbolic.hypothesis import carried
from .verdicts import Result, Verdict


@dataclass(frozen=True)
class Step:
    """One line with what the judges said about it."""

    line: Line
    result: Result

    @property
    def expr(self) -> Basic:
        return self.line.expr

    @property
    def because(self) -> str:
        return self.line.because

    @property
    def means(self) -> Means:
        return self.line.means

    @property
    def relation(self) -> str:
        return self.line.means.relation

    @property
    def gap(self) -> Basic | None:
        return self.line.means.gap


@dataclass(frozen=True)
class ProvedPart:
    """A part of a chain with its judged steps."""

    part: Part
    steps: tuple[Step, ...]

    @property
    def title(self) -> str:
        return self.part.title

    @property
    def start(self) -> Basic:
        return self.part.start

    @property
    def given(self) -> Given:
        return self.part.given

    @property
    def supposed(self) -> tuple[Basic, Basic] | None:
        """What an induction supposes, as it is printed."""
        return self.part.supposed.sides if self.part.supposed else None


class Proof:
    """A chain and one result for each of its lines, which only the judges wrote.

    Made by `prove` alone, or line by line by `then`. Neither the chain nor a result can be put in from
    outside or replaced afterwards; `recheck` asks the judges once more.
    """

    __slots__ = ("_chain", "_results")

    def __init__(self, chain: Chain) -> None:
        object.__setattr__(self, "_chain", chain)
        object.__setattr__(self, "_results", tuple(_verdicts(chain)))

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("A proof is not changed: prove another chain.")

    @property
    def chain(self) -> Chain:
        return self._chain

    @property
    def results(self) -> tuple[Result, ...]:
        return self._results

    def then(self, line: Line) -> Proof:
        """The proof with one more line at the end of its last part; only that line is judged."""
        *before, last = self._chain.parts
        # Judged against the part as it stood before, so that no line can lean on a later one.
        result = judge.line(last.last, line, last, before[-1] if before else None)
        return self._longer(self._chain.then(line), result)

    def also(self, part: Part) -> Proof:
        """The proof with another part, which has no lines yet."""
        if part.lines:
            raise ValueError("A part is added without lines; they follow one by one.")
        return self._longer(self._chain.also(part))

    def _longer(self, chain: Chain, *results: Result) -> Proof:
        longer = Proof.__new__(Proof)
        object.__setattr__(longer, "_chain", chain)
        object.__setattr__(longer, "_results", (*self._results, *results))
        return longer

    def recheck(self) -> bool:
        """Whether the judges, asked again, say the same about every line."""
        return tuple(r.verdict for r in _verdicts(self._chain)) == tuple(r.verdict for r in self._results)

    @property
    def parts(self) -> tuple[ProvedPart, ...]:
        results = iter(self._results)
        return tuple(
            ProvedPart(part, tuple(Step(line, next(results)) for line in part.lines))
            for part in self._chain.parts
        )

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for part in self.parts for step in part.steps)

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of any line; UNKNOWN without a line, or if an induction has no end."""
        parts = self._chain.parts
        for place, part in enumerate(parts):
            if part.supposed and not carried(parts[place - 1] if place else None, part):
                return Verdict.UNKNOWN
        return max((r.verdict for r in self._results), key=lambda v: v.rank, default=Verdict.UNKNOWN)

    @property
    def unused(self) -> tuple[str, ...]:
        """LaTeX of what is supposed about letters, or as an equation, and what no proof of a line asked for.

        Empty unless every line is proved: what an unproved line would need is not known.
        """
        if self.verdict is not Verdict.PROVED:
            return ()
        used = frozenset[str]().union(*(r.used for r in self._results))
        # The judges see the value that an equation gives a letter, and never ask for the equation.
        lines = [line for part in self.parts for line in (part.start, *(step.expr for step in part.steps))]
        letters = set[Basic]().union(*(line.free_symbols for line in lines))
        for given in {part.given for part in self.parts}:
            told = {left: right.free_symbols | left.free_symbols for left, right in given.facts}
            used |= {latex(left) for left, among in told.items() if among & given.defined.keys() & letters}
        supposed = [e for part in self._chain.parts for e in part.given.supposed()]
        return tuple(dict.fromkeys(s for s in map(latex, supposed) if s not in used))


def prove(chain: Chain) -> Proof:
    """Judge every line of a chain. Raises ValueError if a line leans on a hypothesis that nothing carries."""
    return Proof(chain)


def _verdicts(chain: Chain) -> Iterator[Result]:
    for before, line, place in chain.links():
        base = chain.parts[place - 1] if place else None
        yield judge.line(before, line, chain.parts[place], base)
