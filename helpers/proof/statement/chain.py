"""A derivation as data: lines under one another, each with its reason. Nothing here is judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sympy import Basic, Expr, Symbol

from .given import Given

RELATIONS = {"=": "=", "<=": r"\le", ">=": r"\ge", "<": "<", ">": ">"}  # and how LaTeX writes them


@dataclass(frozen=True)
class Means:
    """What a line claims and by which means it is proved.

    relation    how it stands to the line before: a key of `RELATIONS`
    gap         of an inequality: the larger side minus the smaller one, written so that its sign can be read
    off
    using       applications of recursive functions whose definition the line uses
    induction   a size over which an equality is proved by induction
    hypothesis  whether the line uses what its part supposes
    """

    relation: str = "="
    gap: Expr | None = None
    using: tuple[Expr, ...] = ()
    induction: Symbol | None = None
    hypothesis: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a chain: it follows from the line before, or so it claims."""

    expr: Basic
    because: str = ""
    means: Means = field(default_factory=Means)


@dataclass(frozen=True)
class Supposed:
    """The hypothesis of an induction: left = right where `index` is `neighbour`, to be shown at `index`."""

    left: Expr
    right: Expr
    index: Symbol
    neighbour: Expr

    @property
    def sides(self) -> tuple[Expr, Expr]:
        """Both sides as they are supposed, one level away."""
        left, right = (side.xreplace({self.index: self.neighbour}) for side in (self.left, self.right))
        return left, right


@dataclass(frozen=True)
class Part:
    """One chain of a derivation: `start = e1 = e2 ...` under hypotheses of its own."""

    title: str
    start: Basic
    given: Given
    lines: tuple[Line, ...] = ()
    supposed: Supposed | None = None

    @property
    def last(self) -> Basic:
        return self.lines[-1].expr if self.lines else self.start


@dataclass(frozen=True)
class Chain:
    """A whole derivation. An induction has two parts: its base, and then its step with what is supposed.

    numeric  whether agreement of numbers is all that is claimed
    claim    what it shows, in words
    """

    name: str
    parts: tuple[Part, ...]
    numeric: bool = False
    claim: str = ""

    def then(self, line: Line) -> Chain:
        """The chain with one more line at the end of its last part."""
        *before, last = self.parts
        return replace(self, parts=(*before, replace(last, lines=(*last.lines, line))))

    def also(self, part: Part) -> Chain:
        """The chain with another part."""
        return replace(self, parts=(*self.parts, part))

    def links(self) -> Iterator[tuple[Basic, Line, int]]:
        """Each line with the expression before it and the place of its part."""
        for place, part in enumerate(self.parts):
            before = part.start
            for line in part.lines:
                yield before, line, place
                before = line.expr
