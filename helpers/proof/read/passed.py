"""Sentences that suppose something in words that are not understood: which rows need them.

Such a sentence is passed over with all that it says. A row that names what it speaks of is not read, with the
reason; the others are judged, but what it may have supposed about everything makes none of them false.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import trees as g
from .draft import deep_uses
from .latex import Macro, ReadError, tokens
from .lets import FULL_RANK
from .rows import Row
from .supposed import Supposed

FORMULA = re.compile(r"\$([^$]+)\$|\\\((.+?)\\\)", re.S)
CLEAR = re.compile(  # “Let $A$ and $B$ be …”: whatever it says, it says it of A and B
    r"\s*(?:let|suppose|assume|where|with|here|given)?(?:\s+that)?\s*\$x\$(?:(?:\s*,|\s+and)\s+\$x\$)*\s+"
    r"(?:be|is|are)\b(?!.*\band\b)[^$,;]*",
    re.I | re.S,
)
SHAPE = re.compile(r"\\in\s*\\(?:mathbb\s*\{?\s*R\b|R\b).*", re.S)  # of the sizes nothing more is said


@dataclass(frozen=True)
class Passed:
    """A sentence that is not read, and why; the words of the names in its formulas."""

    sentence: str
    reason: str
    names: frozenset[str]

    def about(self, name: str) -> str:
        return (
            f"“{self.shown}” is not read, and says something of {name}, which this row needs. {self.reason}"
        )

    @property
    def doubt(self) -> str:
        """Why a row that seems false is not refuted beside it; "" if it only speaks of its own names."""
        if CLEAR.fullmatch(FORMULA.sub("$x$", self.sentence)):
            return ""
        return f"It may hold by “{self.shown}”, which is not read. {self.reason}"

    @property
    def shown(self) -> str:
        return self.sentence.strip()[:80]


def passed(sentence: str, reason: ReadError, macros: dict[str, Macro]) -> Passed:
    """The sentence with the names of its formulas. Raises the reason if one of them is no formula."""
    found: set[str] = set()
    for one, other in FORMULA.findall(sentence):
        try:
            read = tokens(SHAPE.sub("", one or other), macros)
        except ReadError:
            raise reason from None
        found |= {t.text for t in read if t.kind in ("letter", "command", "text")}
    return Passed(sentence, str(reason), frozenset(found))


def doubt_ranks(sentences: list[str], rows: list[Row]) -> None:
    """A full rank is only used where an inverse stands; an inequality may need it, so it is not refuted."""
    said = next((one for one in sentences if re.search(FULL_RANK, one, re.I)), "")
    for row in rows:
        if said and set(row.signs) - {"="}:
            row.suspicion = (
                row.suspicion or f"It may hold by the rank in “{said.strip()[:80]}”, which is not used."
            )


def leave_out(sentences: list[Passed], supposed: Supposed, rows: list[Row]) -> None:
    """Take out the definitions and the rows that need one of the sentences; doubt the other rows."""
    names = {name: one for one in sentences for name in one.names}
    while needing := [d for d in supposed.definitions if _named(d.body, names) or d.name.word in names]:
        supposed.definitions[:] = [d for d in supposed.definitions if d not in needing]
        names |= {d.name.word: names[_named(d.body, names) or d.name.word] for d in needing}
    for row in rows:
        name = next((found for tree in row.trees if (found := _named(tree, names))), "")
        if name:
            row.trouble, row.pieces, row.gap = row.trouble or names[name].about(name), [], None
        for one in sentences:
            row.suspicion = row.suspicion or one.doubt


def _named(tree: g.Node, names: dict[str, Passed]) -> str:
    """One of the names that stands in the tree, where no sum binds it; "" for none."""
    for use in deep_uses(tree, {}):
        word = use.name.word.rpartition(" ")[2]
        if word in names and word not in use.bound:
            return word
    return ""
