"""A text read as a chain: its sentences give the vocabulary and the hypotheses, its rows the lines.

A name that no sentence introduces and that the notation does not hold is an error. A row that cannot be read
is left out of the chain and says why; the rows around it are read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

from sympy import Basic, Expr, Indexed, IndexedBase, Symbol

from ..statement.chain import Chain, Line, Means, Part
from ..statement.chain import Supposed as Supposition
from ..statement.terms import settle
from ..work import OutOfWork
from . import (
    compared,
    conditions,
    costs,
    derivatives,
    hypotheses,
    jacobians,
    passed,
    pointwise,
    prose,
    recursions,
    steps,
)
from . import trees as g
from .grids import Misfit
from .latex import ReadError
from .layout import Layout, layout
from .names import Vocabulary, head_of, indices, label
from .parts import parts
from .rows import Row, blocks
from .unsaid import Unsaid, reasons, residual, uncounted
from .uses import bounds, sums, uses
from .values import NOTHING, Notation, Values

RECURSION = (
    "It may follow from the recursion that a row supposes: say it in a line that begins with “Let”, and "
    "where it starts, as in “Let $h_0 = 0$ and $h_t = w h_{t-1}$ for $t \\ge 1$”."
)
OUT_OF_THE_BLUE = "It says what a letter is, and nothing says from what it follows."
HYPOTHESIS = re.compile(r"\bhypothesis\b")


@dataclass
class Reading:
    """What was read.

    chain      the lines; `places` has for each the number of its row in the text
    troubles   for each row that is not judged, why: it cannot be read, or its shapes do not fit
    """

    chain: Chain
    places: list[int]
    rows: list[Row]
    layout: Layout
    vocabulary: Vocabulary
    definitions: tuple[tuple[Expr, Expr], ...] = ()  # each name of the text with what it stands for
    arrangement: jacobians.Arrangement | None = None  # of derivatives by vectors, if the text has any
    by_layout: str = ""  # "vector", or "matrix" if only numbers are derived, by matrices
    again: Callable[[jacobians.Arrangement], Reading] | None = None  # the text under another arrangement

    @property
    def troubles(self) -> dict[int, str]:
        return {row.number: row.trouble for row in self.rows if row.trouble}


def read(
    text: str,
    notation: Notation = NOTHING,
    name: str = "text",
    arrangement: jacobians.Arrangement | None = None,
) -> Reading:
    """The chain that a text writes down. Raises ReadError, one sentence, for what has no reading.

    `arrangement` is that of derivatives by vectors; without it the one that the text says, or the usual one.
    """
    used = arrangement or jacobians.said(text)
    try:
        readers = [Reader(layout(part), notation, passing=True) for part in parts(text)]
        for reader in readers:
            reader.values.formulas.arrangement = used
        reading = _joined([reader.reading(name) for reader in readers])
        if found := [way for reader in readers if (way := reader.values.formulas.by_layout)]:
            reading.arrangement, reading.again = used, partial(read, text, notation, name)
            reading.by_layout = max(found)
        return reading
    except (ReadError, OutOfWork, MemoryError):
        raise
    except Misfit as reason:  # in a sentence: in a row it is a verdict
        raise ReadError(f"The sizes in a sentence do not fit: {reason}.") from None
    except Exception as reason:  # a form of text that nobody thought of: it is not read, and nothing breaks
        raise ReadError(
            "This text has a form that is not read here: look at its brackets, indices and commas."
        ) from reason


def _joined(readings: list[Reading]) -> Reading:
    """The parts of a text as one chain, their rows numbered on."""
    whole, *others = readings
    for other in others:
        before = len(whole.rows)
        for row in other.rows:
            row.number += before
        whole.rows.extend(other.rows)
        whole.places += [before + place for place in other.places]
        whole.chain = replace(whole.chain, parts=(*whole.chain.parts, *other.chain.parts))
        whole.definitions += other.definitions
    whole.chain = replace(whole.chain, parts=tuple(_with_base(list(whole.chain.parts))))
    return whole


def _with_base(found: list[Part]) -> list[Part]:
    """The base of an induction is shown under the hypotheses of its step, which are those of the text."""
    for k, step in enumerate(found):
        if k and step.supposed and set(found[k - 1].given.known) <= set(step.given.known):
            left, index = step.supposed.left, step.supposed.index
            at = {index: left.func.start}  # type: ignore[attr-defined]
            free = {
                i: tuple(end.xreplace(at) for end in ends)
                for i, ends in step.given.free.items()
                if i != index
            }
            found[k - 1] = replace(found[k - 1], given=replace(step.given, free=free))
    return found


def notation(text: str) -> Notation:
    """Names and their domains from sentences alone, for texts that are read later."""
    reader = Reader(layout(text), NOTHING)
    reader.values.make_names()
    domain = reader.values.domain
    known = [m for m in reader.values.vocabulary if isinstance(m.value, type) or m.value in domain]
    return Notation(tuple(known), dict(domain))


class Reader:
    """One text on its way from trees to a chain."""

    def __init__(self, parts: Layout, notation: Notation, passing: bool = False) -> None:
        self.layout, self.rows = parts, parts.rows
        self.supposed, left_out, bounded = passed.supposed(parts, passing)
        for row in self.rows:
            row.parse(self.supposed.words)
        steps.name_steps(self.supposed, self.rows)
        recursions.gather(self.supposed)
        for row in self.rows:
            for piece in row.trees:
                held = self.supposed.conditions
                held += [c for c in conditions.supposed(piece) if c not in held]
        self.cases = conditions.of_rows(self.rows, parts.macros, self.supposed.words)
        self.supposed.mentioned += [one for found in self.cases.values() for one in found]
        passed.doubt_ranks(parts.lets, self.rows)
        passed.leave_out(left_out, self.supposed, self.rows)
        passed.leave_outside(bounded, self.supposed, self.rows)
        passed.leave_overruled(parts.told, self.supposed, self.rows)
        self.values = Values(self.supposed, self.rows, notation)

    def reading(self, name: str) -> Reading:
        """The chain. Raises ReadError if there is no row, or none that states anything."""
        if not self.rows:
            raise ReadError("There is no formula in this text.")
        self.values.make_names()
        self.supposed.demand_formulas()
        self.demand_one_role()
        chain, places = self.chain(name)
        compared.doubt_sizes(self.rows, self.values)
        definitions = tuple(self.values.definitions)
        return Reading(chain, places, self.rows, self.layout, self.values.vocabulary, definitions)

    # ---- the chain
    def chain(self, name: str) -> tuple[Chain, list[int]]:
        parts: list[Part] = []
        places: list[int] = []
        for block in blocks(self.rows):
            part, rows = self.part(block)
            if part is not None:
                parts.append(replace(part, title=block[0].heading or ""))
                places += rows
        if not parts and not any(row.trouble for row in self.rows):
            raise ReadError("No row of this text states anything that could be judged.")
        return Chain(name, tuple(parts)), places

    def part(self, block: list[Row]) -> tuple[Part | None, list[int]]:
        """The rows of a block that can be read, one after another; the others are left out of the chain."""
        read = self.values_of(block)
        if read:
            self.suspect_sums(read)
        if len(read) < 2:
            return None, []
        components: dict[Symbol, tuple[Expr, Expr]] = {}
        fitting = [
            (e, v)
            for e, v in zip(
                read,
                compared.by_entries(read, self.values.formulas.letter, self.unsaid(), components),
                strict=True,
            )
            if v is not None
        ]
        read, values = self.without_unsaid([e for e, _ in fitting], [v for _, v in fitting])
        if len(read) < 2:
            return None, []
        trees = [row.pieces[k] for row, k, _ in read]
        try:
            gaps, supposed = self.gaps(read), self.supposition(values[0])
            if supposed is not None:
                trees += self.supposed.hypothesis or ()
            with self.case(block[0].case):
                given = hypotheses.given(self.values, trees, [*values, *gaps.values()], components)
        except ValueError as reason:  # a hypothesis that the judges do not take
            for row, _, _ in read:
                row.trouble = row.trouble or str(reason)
            return None, []
        part = Part("", values[0], given, supposed=supposed)
        lines = [
            self.line(part, before, value, row, k, gaps)
            for before, value, (row, k, _) in zip(values, values[1:], read[1:], strict=False)
        ]
        return replace(part, lines=tuple(lines)), [row.number for row, _, _ in read[1:]]

    @contextmanager
    def case(self, when: str) -> Iterator[None]:
        """For the rows of a case, what a sentence says of their indices, as in “If $i = j$,”."""
        facts, conditions = list(self.supposed.facts), list(self.supposed.conditions)
        for tree in self.cases.get(when, ()):
            equal = tree.signs == ("=",)
            (self.supposed.facts if equal else self.supposed.conditions).append(
                tree.pieces if equal else tree
            )  # type: ignore
        yield
        self.supposed.facts[:], self.supposed.conditions[:] = facts, conditions

    def values_of(self, block: list[Row]) -> list[tuple[Row, int, Any]]:
        """Each formula of a block that can be read, with its row and its place there."""
        read: list[tuple[Row, int, Any]] = []
        vocabulary = self.values.vocabulary
        for row in block:
            alone = len(block) == 1 and len(row.pieces) == 2
            if row.trouble or (alone and self.defines_function(row)):
                read += self.beginning(row, block, row.tail)
                continue
            try:
                for k, piece in enumerate(pointwise.pieces(row, vocabulary, self.values.formulas.scope)):
                    if (
                        k or row.role != "recursion"
                    ):  # a recursion is supposed: its chain begins after the sign
                        read.append((row, k, self.values.formulas.read(piece)))
            except ReadError as reason:
                row.trouble = row.trouble or str(reason)
                mine = [entry for entry in read if entry[0] is row]
                if len(mine) < 2 - row.continues or set(row.signs) != {"="}:
                    read = [entry for entry in read if entry[0] is not row]
                    read += self.beginning(row, block, row.pieces[-1])
            except Misfit as reason:
                row.trouble, row.misfit = str(reason), True
            except (OutOfWork, MemoryError):
                raise
            except Exception:  # as in `read`, but for this row alone
                row.trouble = "This row has a form that is not read here: look at its brackets and indices."
                read = [entry for entry in read if entry[0] is not row]
        return read

    def beginning(self, row: Row, block: list[Row], tree: g.Node | None) -> list[tuple[Row, int, Any]]:
        """The last side of the first row of a chain, where only what stands before it cannot be read."""
        if tree is None or row is not block[0] or len(block) == 1 or len(row.sources) == 1:
            return []
        try:
            row.pieces = row.pieces or [tree]
            return [(row, len(row.pieces) - 1, self.values.formulas.read(tree))]
        except (ReadError, Misfit):
            return []

    @staticmethod
    def line(part: Part, before: Any, value: Any, row: Row, k: int, gaps: dict[int, Expr]) -> Line:
        """The line that formula `k` of a row is, after the formula `before` it."""
        relation = row.signs[k if row.continues else k - 1] if row.continues or k else "="
        last = k == len(row.pieces) - 1
        because = row.because if last else ""
        hypothesis = part.supposed is not None and HYPOTHESIS.search(because) is not None
        using = () if hypothesis else recursions.used((before, value), part.given.free)
        gap = gaps.get(row.number) if last else None
        return Line(value, because, Means(relation, gap, using, None, hypothesis))

    def gaps(self, read: list[tuple[Row, int, Any]]) -> dict[int, Expr]:
        """The gaps that reasons name, by the number of the row."""
        rows = {row.number: row for row, _, _ in read if row.gap is not None}
        return {number: self.values.formulas.read(row.gap) for number, row in rows.items()}  # type: ignore[arg-type]

    def supposition(self, start: Any) -> Supposition | None:
        """What an induction supposes, if a sentence says so and a chain begins with `start` one level on."""
        if self.supposed.hypothesis is None:
            return None
        left, right = map(self.values.formulas.read, self.supposed.hypothesis)
        found = recursions.supposed(left, right)
        return found if settle(start) == found.left else None

    def unsaid(self) -> Unsaid:
        sentences = (*self.layout.lets, *self.layout.asides, *(f"${when}$" for when in self.cases))
        rows = (row.trees for row in self.rows if g.Num("0") not in row.pieces)  # ∂y/∂w = 0: y is constant
        moving = derivatives.derived((*self.supposed.trees(), *rows))
        v = self.values
        return Unsaid(v.vocabulary, sentences, v.notation.meanings, v.random, moving)

    def without_unsaid(self, read: list[tuple[Row, int, Any]], values: list[Any]) -> tuple[list, list]:
        """What can be judged though nothing is said of some names; the rows that cannot be have trouble."""
        unsaid = self.unsaid()
        kept = []
        for entry, value in zip(read, values, strict=True):
            said = unsaid.empty(value) or costs.beyond(value, self.values.costs) or residual(value)
            entry[0].trouble = entry[0].trouble or said
            kept += [] if said else [(entry, value)]
        defined = {d.name.word for d in self.supposed.definitions}
        supposed = [n for row in self.rows if row.role == "recursion" for n in self.names_of(row)]
        for (_, before), (entry, value) in pairwise(kept):
            row = entry[0]
            if any(side.has(name) for name in supposed for side in (before, value)):
                row.suspicion = row.suspicion or RECURSION
            counts = {s for v in (before, value) if isinstance(v, Basic) for s in v.free_symbols}
            starts = self.supposed.unsaid if any(map(recursions.leans, (before, value))) else []
            unclear = recursions.unstarted(row.trees, starts) or unsaid.one_sided(before, value)
            row.suspicion = row.suspicion or unclear or uncounted(counts, self.values.unsaid)
            row.unreal = row.unreal or unsaid.unreal(before, value)
            row.blocks = self.values.blocks
            row.unsaid |= {name: unsaid.names[name] for name in unsaid.of(before) | unsaid.of(value)}
            told = [*self.layout.told, *reasons(row.because)]
            row.suspicion = (
                row.suspicion or unsaid.told(told, before, value, defined) or prose.hedge(row.because)
            )
            row.suspicion = row.suspicion or unsaid.described(self.supposed.described, before, value)
            if row.told and isinstance(before, (Symbol, Indexed)):
                row.suspicion = row.suspicion or OUT_OF_THE_BLUE
        return [entry for entry, _ in kept], [value for _, value in kept]

    def names_of(self, row: Row) -> list[Any]:
        """The array whose recursion a row supposes, or a value of which only the next step is said."""
        head = head_of(row.pieces[0]) if row.pieces else None
        name = row.step or (head[0].base if head else None)
        known = self.values.vocabulary.of(name) if name else []  # type: ignore[arg-type]
        said = row.step in [node for node, _ in (*self.supposed.shapes, *self.supposed.domains)]
        return [m.value for m in known if isinstance(m.value, (IndexedBase, Symbol)) and not said]

    def defines_function(self, row: Row) -> bool:
        """Whether a row says what a function is: its letters are open there, so there is nothing to judge."""
        mine = (d for d in self.supposed.definitions if d.row is row)
        return any(self.values.drafts.at(d.scripts).function for d in mine)

    def demand_one_role(self) -> None:
        """An index that a sum binds and that is free beside it: the sum may reach less far than is meant."""
        for row in self.rows:
            for piece in row.trees:
                bound = {letter for sign in sums(piece) for letter in bounds(sign)[0]}
                both = sorted(bound & self.values.free_letters(piece, {}))
                if both:
                    row.trouble = (
                        f"The index {both[0]} is bound by a sum and free beside it: put all that the sum is "
                        "over into brackets, or rename one of the two."
                    )

    def suspect_sums(self, read: list[tuple[Row, int, Any]]) -> None:
        """An index that stands twice in a row and not at the beginning of its chain may lack a sum."""
        start = self.values.free_letters(read[0][0].pieces[read[0][1]], {}) | set(self.supposed.ranges)
        for row, k, _ in read[1:]:
            tree = row.pieces[k]
            for letter in sorted(self.values.free_letters(tree, {}) - start - set(self.values.sizes)):
                if self.count(tree, letter) > 1 or any(before.suspicion for before, _, _ in read):
                    row.repeats = True
                    row.suspicion = (
                        f"The index {letter} is free here, and not where the chain begins: is a sum over "
                        f"{letter} missing? Repeated indices are not summed by themselves."
                    )

    def count(self, tree: g.Node, letter: str) -> int:
        """How often a letter is an index of a tree."""
        return sum(label(piece) == letter for use in uses(tree, {}) for piece in indices(use.scripts.below))
