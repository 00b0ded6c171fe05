"""One row of a text: its formulas and the relations between them, before anything is known about names."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from . import trees as g
from .grammar import parse
from .latex import ReadError, Token, tokens
from .uses import bounds, sums

OTHER = "This row is for some indices only, and the rows before it are not: begin another chain."
UPDATE = "This row says what a name becomes, and claims nothing: what it is equal to would be judged."
GAP = re.compile(r"\bthe gap is \$([^$]+)\$")


@dataclass
class Row:
    """One row: formulas with relations between them, its reason, and the condition that it states for itself.

    `continues` says that it goes on from the row before, because it begins with a relation.
    """

    sources: list[list[Token]]
    signs: list[str]
    because: str = ""
    at: int = 0
    number: int = 0
    heading: str | None = None  # of the part that begins with this row
    pieces: list[g.Node] = field(default_factory=list)
    tail: g.Node | None = None  # the last side, if that is all that can be read of the row
    gap: g.Node | None = None  # of an inequality: the larger side minus the smaller, if the reason says it
    trouble: str = ""  # why the row cannot be read
    suspicion: str = ""  # what may be wrong with the way it is written, should it turn out false
    case: str = ""  # the equation or inequality of two indices for which a sentence says that it holds
    unreal: str = ""  # what is to be said of its letters, should it fail only where a side is no real number
    unsaid: dict[Any, str] = field(default_factory=dict)  # letters of which nothing is said, as LaTeX
    blocks: tuple[Any, ...] = ()  # vectors of the text that are independent of each other as wholes
    repeats: bool = False  # an index stands twice in it, and may be meant to be summed over
    misfit: bool = False  # its shapes do not go together, so it has no value
    implied: bool = False  # a ⇒ stands before it
    equivalent: bool = False  # a ⇔ does
    update: bool = False  # a name and an arrow stand before it: it says what the name becomes
    shall: bool = False  # its relation has a “!” above it: it says what shall hold
    zeroed: bool = False  # words before it say that something is set to zero
    told: bool = False  # it stands in a sentence
    step: g.Name | None = None  # the w_t of which it says the next one, in a text of one step
    role: str = ""  # "definition" or "recursion", if its left side is a name that nothing else introduces

    def parse(self, words: Collection[str]) -> None:
        """The trees of the row, in which `words` are names of several letters; or why there are none."""
        try:
            self.pieces = [parse(source, words) for source in self.sources]
            self.gap = self._read_gap(words)
            for piece in self.trees:
                for sign in sums(piece):
                    bounds(sign)
        except ReadError as reason:
            self.trouble, self.pieces, self.gap = str(reason), [], None
            self.tail = self._read_tail(words)

    def _read_tail(self, words: Collection[str]) -> g.Node | None:
        """The last side of a row that cannot be read as a whole: the rows after it go on from there."""
        try:
            return parse(self.sources[-1], words) if len(self.sources) > 1 and not self.continues else None
        except ReadError:
            return None

    def _read_gap(self, words: Collection[str]) -> g.Node | None:
        said = GAP.search(self.because)
        if said is None:
            return None
        if self.signs[-1:] in ([], ["="]):
            raise ReadError("A gap belongs to an inequality, and this row ends in none.", self.at)
        return parse(tokens(said.group(1)), words)

    @property
    def trees(self) -> list[g.Node]:
        """The pieces, and the gap; the last side alone of a row that cannot be read."""
        return [*self.pieces, *(tree for tree in (self.gap, self.tail) if tree is not None)]

    @property
    def continues(self) -> bool:
        return len(self.signs) == len(self.sources)


def blocks(rows: list[Row]) -> list[list[Row]]:
    """Rows that go on from one another; a row that states nothing and leads to nothing has trouble."""
    found: list[list[Row]] = []
    for row in rows:
        if row.continues and row.signs and found and row.heading is None:
            if row.case not in ("", found[-1][0].case):
                row.trouble = row.trouble or OTHER
            found[-1].append(row)
        elif row.continues and row.signs:
            row.trouble = row.trouble or "The first row begins with a relation: what stands before it?"
        else:
            found.append([row])
    for block in found:
        if len(block) == 1 and not block[0].signs:
            says = UPDATE if block[0].update else "This row states nothing: it holds no “=”. Is one missing?"
            block[0].trouble = block[0].trouble or says
    return found
