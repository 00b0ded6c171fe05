"""Sentences that suppose something in words that are not understood: which rows need them.

Such a sentence is passed over with all that it says. A row that names what it speaks of is not read, with the
reason; the others are judged, but what it may have supposed about everything makes none of them false.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from . import trees as g
from .clauses import FULL_RANK, TELLING, UnknownWord
from .draft import deep_uses
from .latex import Macro, ReadError, tokens
from .layout import Layout
from .lets import several_letters, suppose
from .prose import BESIDE_ROWS, is_reason
from .rows import Row
from .supposed import Supposed

FORMULA = re.compile(r"\$([^$]+)\$|\\\((.+?)\\\)", re.S)
CLEAR = re.compile(  # “Let $A$ and $B$ be …”: whatever it says, it says it of A and B
    r"\s*(?:let|suppose|assume|where|with|here|given)?(?:\s+that)?\s*\$x\$(?:(?:\s*,|\s+and)\s+\$x\$)*\s+"
    r"(?:be|is|are)\b(?!.*\band\b)[^$,;]*",
    re.I | re.S,
)
OUTSIDE = (
    "“{1}” supposes something of {0}, and it is not clear that this row is meant by it: say it before all "
    "rows, or in a text of its own."
)
TAKES_BACK = re.compile(
    r"\$\\?([a-zA-Z]+)[^$]*\$ (?:(?:need|may|might|can|could)(?: not)? be|(?:is|are) (?:not|no longer))\b"
)
DROPS = re.compile(
    r"\b(?:drop\w*|no longer|not|never|lift\w*|relax\w*|without)\b.{0,60}"
    r"\b(?:assum\w*|suppos\w*|let|requir\w*)\b"
    r"|\binstead of\b",
    re.I,
)
ANY = re.compile(r"\b(?:any|arbitrary|every|all|real)\b", re.I)
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
            _leave(row, names[name].about(name))
        for one in sentences:
            row.suspicion = row.suspicion or one.doubt


def supposed(parts: Layout, passing: bool) -> tuple[Supposed, list[Passed], list[Bounded]]:
    """All that the sentences of a text suppose, those that are passed over, and those not meant for all rows.

    Raises ReadError for a formula that is not read; UnknownWord, too, unless `passing`.
    """
    told = "\n".join((parts.seen, parts.title, *parts.prose))
    found, left_out, limited = Supposed(words=several_letters(parts.lets, told)), [], []
    beside = [sentence for sentence in parts.lets if BESIDE_ROWS.match(sentence)]
    for sentence in (one for one in parts.lets if one not in beside):
        said = found.copied()
        try:
            suppose(sentence, parts.macros, said)
        except UnknownWord as reason:
            if not passing:
                raise
            left_out.append(passed(sentence, reason, parts.macros))
            continue
        limited += bounded(sentence, parts.scopes.get(sentence, ()), found, said)
        found = said
    for sentence in (*beside, *parts.asides):
        # A sentence that only mentions formulas need not be one that supposes something.
        said = found.copied()
        try:
            suppose(sentence, parts.macros, said)
            limited += bounded(sentence, parts.scopes.get(sentence, ()), found, said)
            found = said if not is_reason(sentence) else said.beside(found)
        except ReadError:
            parts.told.append(sentence)
    return found, left_out, limited


@dataclass(frozen=True)
class Bounded:
    """What one sentence supposes of some names, for the rows after `first` up to `end`."""

    sentence: str
    names: frozenset[str]
    first: int
    end: int


def bounded(sentence: str, scope: Sequence[int], before: Supposed, after: Supposed) -> list[Bounded]:
    """The names of which a sentence supposes something that it does not suppose of every row."""
    if not scope:
        return []
    limited = freed(sentence, scope[0], before, after) if ANY.search(FORMULA.sub(" ", sentence)) else []
    kinds = [
        n for n, kind in after.domains[len(before.domains) :] if kind not in ("real", *TELLING, "smooth")
    ]
    trees = [*kinds, *after.conditions[len(before.conditions) :]]
    trees += [side for fact in after.facts[len(before.facts) :] for side in fact]
    trees += [one[0] for one in (*after.laws[len(before.laws) :], *after.moments[len(before.moments) :])]
    trees += [one[0] for one in after.numbered[len(before.numbered) :]]
    names = frozenset(use.name.word.rpartition(" ")[2] for tree in trees for use in deep_uses(tree, {}))
    own = Bounded(sentence.strip()[:80], names, scope[0], (*scope, 10**6)[1])
    return [*limited, own] if names else limited


def freed(sentence: str, here: int, before: Supposed, after: Supposed) -> list[Bounded]:
    """The names of which an earlier sentence supposes something, and this one says that they are any number.

    What the earlier one supposes is meant for the rows before this one.
    """
    any_number = [node for node, kind in after.domains[len(before.domains) :] if kind == "real"]
    restricted = [node for node, kind in before.domains if kind not in ("real", *TELLING, "smooth", "random")]
    names = frozenset(map(_word, any_number)) & frozenset(map(_word, restricted))
    return [Bounded(sentence.strip()[:80], names, 0, here)] if names else []


def _word(node: g.Node) -> str:
    return next((use.name.word.rpartition(" ")[2] for use in deep_uses(node, {})), "")


def leave_outside(sentences: list[Bounded], supposed: Supposed, rows: list[Row]) -> None:
    """Take out the rows for which a sentence about their names is not meant."""
    for one in sentences:
        names = dict.fromkeys(one.names, one)
        names |= {d.name.word: one for d in supposed.definitions if _named(d.body, names)}
        for row in rows:
            name = next((found for tree in row.trees if (found := _named(tree, names))), "")
            if name and not one.first < row.number <= one.end:
                _leave(row, OUTSIDE.format(name, one.sentence))


def leave_overruled(told: list[str], supposed: Supposed, rows: list[Row]) -> None:
    """Take out the rows with a name of which a sentence that is not read takes back what is supposed."""
    said = (node for node, kind in supposed.domains if kind != "real")
    known = {use.name.word.rpartition(" ")[2] for node in said for use in deep_uses(node, {})}
    for sentence in told:
        taken = set(TAKES_BACK.findall(sentence))
        if DROPS.search(sentence):
            taken |= set(re.findall(r"[a-zA-Z]+", " ".join(one for one, _ in FORMULA.findall(sentence))))
        names = dict.fromkeys(known & taken, sentence)
        for row in rows:
            if name := next((found for tree in row.trees if (found := _named(tree, names))), ""):
                _leave(
                    row, f"“{sentence[:80].strip()}” is not read, and takes back what is supposed of {name}."
                )


def _leave(row: Row, trouble: str) -> None:
    row.trouble, row.pieces, row.gap = row.trouble or trouble, [], None


def _named(tree: g.Node, names: Collection[str]) -> str:
    """One of the names that stands in the tree, where no sum binds it; "" for none."""
    for use in deep_uses(tree, {}):
        word = use.name.word.rpartition(" ")[2]
        if word in names and word not in use.bound:
            return word
    return ""
