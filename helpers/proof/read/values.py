"""What the names of a text stand for: symbols, arrays, functions, and what is supposed about them.

What a sentence leaves open is not guessed but found from the rest: the length of an array from the sum that
runs over it, the range of a free index from the array that it enters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, IndexedBase, S, Symbol

from ..statement.laws import Pattern
from ..statement.terms import define, smooth, symbol
from . import clear, hypotheses, random_letters, recursions, wholes
from . import trees as g
from .draft import Draft, kind_is_range, parameters_of, use_of
from .drafts import Drafts
from .formulas import Formulas
from .grids import Misfit, is_grid
from .latex import ReadError
from .lets import Supposed
from .names import Meaning, Vocabulary, digits, is_index, label, spelled
from .partners import demand_sizes, equally_long
from .rows import Row
from .shapes import join_shapes
from .uses import Spans, Use, bounds, means, sums, uses


@dataclass(frozen=True)
class Notation:
    """Names that are known before a text begins, and the domains of their values."""

    meanings: tuple[Meaning, ...] = ()
    domains: Mapping[Any, Any] = field(default_factory=dict)


NOTHING = Notation()


class Values:
    """The values of all names of one text, from what its sentences say and how its rows use them."""

    def __init__(self, supposed: Supposed, rows: list[Row], notation: Notation) -> None:
        self.supposed, self.notation = supposed, notation
        self.vocabulary = Vocabulary()
        for meaning in notation.meanings:
            self.vocabulary.add(meaning)
        self.drafts = Drafts(supposed, rows, self.vocabulary)
        for draft in self.drafts.of.values():  # a name of the text means what the text says, and nothing else
            if not (draft.above_label or draft.below_label):
                self.vocabulary.meanings.pop((draft.name.word, draft.name.accents), None)
        bound = {letter for tree in self.drafts.trees() for sign in sums(tree) for letter in bounds(sign)[0]}
        # What is read under a sum may be written out after it: no letter of our own is one of the text's.
        self.letters = (
            bound | self.drafts.index_letters | self.drafts.sizes | {key[0] for key in self.drafts.of}
        )
        self.formulas = Formulas(
            self.vocabulary,
            operators=self.supposed.operators,
            taken=set(self.letters),
            declared=set(self.supposed.ranges),
        )
        self.spans = Spans()
        self.sizes: dict[str, Symbol] = {}
        self.unsaid: set[Symbol] = set()  # the sizes of which the text says nothing
        self.free: set[str] = set()  # letters that are an index and bound by no sum
        self.definitions: list[tuple[Expr, Expr]] = []
        self.costs: dict[type, str] = {}  # of which is only said on what they depend
        self.inside: set[Any] = set()  # definitions whose free letters are being looked for
        self.domain: dict[Any, Any] = {}
        self.alike: list[Any] = []  # letters that are identically distributed
        self.random: dict[Any, Pattern] = {}
        self.independent: tuple[tuple[Any, ...], ...] = ()
        self.blocks: tuple[Any, ...] = ()  # vectors that are independent as wholes
        self.misfits = False  # whether an index may enter an array of another length, to be refuted
        self.whole = False  # whether vectors and matrices are terms of their own: see `wholes`

    def make_names(self) -> None:
        """The values of all names and what is supposed about them."""
        clear.demand_no_factor(self.drafts)
        for letter in sorted(self.drafts.sizes):
            self.add_size(letter)
        self.find_spans()
        wholes.find_recursions(self)
        wholes.join_squares(self)
        self.whole = wholes.has_whole(self)
        self.make_values()

    # ---- over what indices run
    def find_spans(self) -> None:
        for letter, ends in self.supposed.ranges.items():
            self.spans.give(("free", letter), ends)
        for node, sizes in self.supposed.shapes:
            draft = self.drafts.at(node)
            first = draft.above + self.drafts.indices_before(node, draft)
            for place, size in enumerate(sizes, first):
                self.spans.give(("axis", draft.key, place), (g.Num("1"), size))
        for node in (
            *(node for node, _ in self.supposed.shapes),
            *(node for node, _ in self.supposed.domains),
        ):
            self.join_uses(node, {})
        for tree in self.supposed.trees():
            self.find_spans_of(tree)
        for row in self.drafts.rows:
            try:
                for tree in row.trees:
                    self.find_spans_of(tree)
            except ReadError as reason:
                row.trouble, row.pieces, row.gap = str(reason), [], None
        for one, other in (pair for pair in equally_long(self.drafts) if pair[0].rank == pair[1].rank == 1):
            self.spans.join(self.axis(one, 0), self.axis(other, 0))
        for definition in self.supposed.definitions:
            draft = self.drafts.at(definition.scripts)
            for place, piece in enumerate(self.drafts.places(draft, definition.scripts)):
                if isinstance(piece, g.Name):
                    self.spans.join(("definition", id(definition), piece.word), ("axis", draft.key, place))

    def find_spans_of(self, tree: g.Node) -> None:
        for sign in sums(tree):
            letters, low, high, _ = bounds(sign)
            if high is not None and len(letters) == 1:
                self.spans.give(("sum", id(sign), letters[0]), (low or g.Num("1"), high))
        for sign, letter, name in means(tree):
            if name.word in self.sizes and letter not in self.supposed.ranges:
                self.spans.give(("sum", id(sign), letter), (g.Num("1"), name))
        self.join_uses(tree, self.drafts.parameters(tree))
        join_shapes(tree, self.drafts, self.spans, self.axis)

    def is_plain(self, node: g.Node) -> bool:
        """Whether a name is a letter, an array or a matrix, and not defined."""
        found = self.drafts.find(use_of(node))
        return isinstance(found, Draft) and found.definition is None

    def shape(self, tree: g.Node) -> Any:
        """The directions of a vector or a matrix; None for a number."""
        return join_shapes(tree, self.drafts, self.spans, self.axis)

    def join_uses(self, tree: g.Node | None, bound: Mapping[str, Any]) -> None:
        for use in uses(tree, bound):
            found = self.drafts.find(use)
            if found is None:
                self.join_delta(use)
                continue
            for place, piece in enumerate(self.drafts.places(found, use.scripts)):
                axis = self.axis(found, place)
                if isinstance(piece, g.Name) and piece.word not in self.sizes:
                    self.join_index(piece, use.bound.get(piece.word, ("free", piece.word)), axis)
                elif not isinstance(piece, g.Num) and not self.is_draw_from(piece, axis):
                    self.spans.open.add(axis)
                self.join_uses(piece, use.bound)
            self.join_uses(use.scripts.above, use.bound)

    def is_draw_from(self, piece: g.Node, axis: Any) -> bool:
        """Whether an index is a number drawn by its law, as in g_{i_t}: it stays in the range said."""
        name = piece.base if isinstance(piece, g.Scripts) else piece
        drawn = {use_of(node).name for node in self.supposed.drawn}
        return name in drawn and bool(self.spans.of(axis))

    def join_index(self, letter: g.Name, index: Any, axis: Any) -> None:
        """An index runs over what it enters. Raises ReadError if it enters two ranges of different length."""
        if self.spans.join(index, axis) or self.misfits:
            return
        (low, high), (first, last) = self.spans.of(index)[0], self.spans.of(axis)[0]
        lengths = {label(high), label(last)} <= set(self.sizes) and label(high) != label(last)
        if lengths or (label(low), label(first)) == (
            "0",
            "1",
        ):  # Σ to n - 1 is a part of the array, and meant
            raise ReadError(
                f"The index {letter.word} runs from {label(low)} to {label(high)}, and enters an array whose "
                f"entries run from {label(first)} to {label(last)}.",
                letter.at,
            )

    def join_delta(self, use: Use) -> None:
        """Both indices of a Kronecker delta run over the same range."""
        places = digits(use.scripts.below, 2)
        if use.name.word == "delta" and len(places) == 2 and all(isinstance(p, g.Name) for p in places):
            one, other = (use.bound.get(p.word, ("free", p.word)) for p in places)  # type: ignore[attr-defined]
            self.spans.join(one, other)

    def axis(self, found: Draft | Meaning, place: int) -> Any:
        """The node of one direction of an array."""
        if isinstance(found, Draft):
            return "axis", found.key, place
        node = ("known", found.name, found.above_label, found.rank, place)
        if place < len(found.ranges) and found.ranges[place] is not None and not self.spans.of(node):
            low, high = found.ranges[place]  # type: ignore[misc]
            self.spans.give(node, (_written(low), _written(high)))
        return node

    def ends(self, node: Any, what: str, fresh: bool = True) -> tuple[Expr, Expr] | None:
        """First and last value of an index or a direction; a size of its own where the text says none."""
        said = self.spans.of(node)
        if len(said) > 1:
            ways = " and ".join(f"from {label(low)} to {label(high)}" for low, high in said)
            raise ReadError(f"{what} runs {ways} in this text: say which is meant in a “Let”.")
        if said:
            low, high = said[0]
            return self.formulas.index(low), self.formulas.index(high)
        if not fresh:
            return None
        self.unsaid.add(size := self.add_size(self.free_name()))
        self.spans.give(node, (g.Num("1"), g.Name(size.name)))
        return S.One, size

    def add_size(self, letter: str) -> Symbol:
        self.sizes[letter] = symbol(letter, integer=True, positive=True)
        self.vocabulary.add(Meaning(letter, self.sizes[letter]))
        return self.sizes[letter]

    def free_name(self) -> str:
        taken = {m.word for m in self.vocabulary} | self.letters
        return next(c for c in (*"nmKNMPQRSd", *(f"n{k}" for k in range(99))) if c not in taken)

    def make_values(self) -> None:
        for draft in self.drafts.of.values():
            if draft.definition is None:
                self.make_plain(draft)
        self.make_free_indices()
        self.make_spans()
        waiting = [d for d in self.drafts.of.values() if d.definition is not None]
        while waiting:
            ready = [d for d in waiting if not self.leans_on(d, waiting)]
            if not ready:
                around = dict.fromkeys(spelled(d.name) for d in waiting if self.leans_on(d, waiting))
                raise ReadError(clear.circle(list(around)), waiting[0].name.at)
            for draft in ready:
                waiting.remove(draft)
                try:
                    self.make_defined(draft)
                except (ReadError, Misfit) as reason:
                    if draft.definition is None or draft.definition.row is None:
                        demand_sizes(self.drafts, draft, reason)
                        raise
                    draft.definition.row.trouble = str(reason)
        hypotheses.make_domains(self)
        random_letters.make_laws(self, hypotheses.bare)

    def make_plain(self, draft: Draft) -> None:
        """A letter, an array, a matrix, or a function about which nothing is known."""
        name = draft.symbol_name
        if draft.smooth:
            self.vocabulary.add(draft.meaning(smooth(name)[0]))
            return
        directions = draft.above + draft.rank
        whole = {
            node: kind for node, kind in self.supposed.domains if kind_is_range(kind) and kind[0] == "whole"
        }
        whole |= dict.fromkeys(self.supposed.drawn)
        is_integer = any(self.drafts.find(use_of(node)) is draft for node in whole)
        assumed = {"integer": True} if is_integer else {"real": True}
        if any(self.drafts.find(use_of(node)) is draft for node in self.supposed.count_arrays):
            assumed = {"integer": True, "positive": True}
        if not directions:
            self.vocabulary.add(draft.meaning(symbol(name, **assumed)))
            return
        nodes = [("axis", draft.key, place) for place in range(directions)]
        what = f"An index of {spelled(draft.name)}"
        if any(self.is_open(node) for node in nodes):
            known = tuple(None if self.is_open(node) else self.ends(node, what, False) for node in nodes)
            self.vocabulary.add(draft.meaning(IndexedBase(name, **assumed), known))
            return
        ranges = tuple(self.ends(node, what) for node in nodes)
        if not is_integer and wholes.is_whole(self, draft, ranges):
            self.vocabulary.add(draft.meaning(wholes.matrix(name, ranges), ranges))
            return
        shape = tuple(high for _, high in ranges)  # type: ignore[misc]
        self.vocabulary.add(draft.meaning(IndexedBase(name, shape=shape, **assumed), ranges))

    def is_open(self, node: Any) -> bool:
        """Whether no length of its own belongs to a direction: it is read beyond it, or is ragged."""
        counts = {c.base.word for c in self.supposed.count_arrays}  # type: ignore[attr-defined]
        ragged = any(
            u.name.word in counts for ends in self.spans.of(node) for end in ends for u in uses(end, {})
        )
        return ragged or self.spans.is_open(node) or not self.spans.begins_at_one(node)

    def make_free_indices(self) -> None:
        """Letters that are an index and bound nowhere; one without a range is any whole number from 1 on."""
        letters = set(self.supposed.ranges)
        for tree in self.drafts.trees():
            letters |= self.free_letters(tree, self.drafts.parameters(tree))
        for letter in sorted(letters - set(self.sizes)):
            if not self.spans.of(("free", letter)):
                self.add_size(letter)
            else:
                self.free.add(letter)
                self.vocabulary.add(Meaning(letter, symbol(letter, integer=True)))
        for letter in sorted(self.free):  # now that each is known: a range may end at d_l
            self.ends(("free", letter), f"The index {letter}", fresh=False)

    def free_letters(self, tree: g.Node | None, bound: Mapping[str, Any]) -> set[str]:
        """Letters of a tree that are not bound, and stand in an index here or elsewhere."""
        found: set[str] = set()
        for use in uses(tree, bound):
            known = self.drafts.find(use)
            if isinstance(known, Draft) and known.definition is not None and known.key not in self.inside:
                self.inside.add(known.key)
                body = known.definition.body  # whose free letters mean what they mean where the name is used
                found |= self.free_letters(body, {**use.bound, **self.drafts.parameters(body)})
                self.inside.discard(known.key)
            plain = use.scripts.below is None and not use.name.accents
            if plain and use.name.word in self.drafts.index_letters and use.name.word not in use.bound:
                found |= {use.name.word} if self.is_unmet(use) else set()
            pieces = (
                self.drafts.places(known, use.scripts) if known is not None else digits(use.scripts.below, 2)
            )
            for piece in pieces:
                found |= self.free_letters(piece, use.bound)
            power = use.scripts.above
            if power is not None and (known is None or not (known.above_label or known.above)):
                found |= self.free_letters(power, use.bound)
        return found

    def is_unmet(self, use: Use) -> bool:
        """Whether a letter is nothing but an index."""
        found = self.drafts.find(use)
        return found is None or (
            isinstance(found, Meaning) and found.word in self.free and is_index(found.value)
        )

    def make_spans(self) -> None:
        """The ranges of sums that do not say them."""
        found = {}
        for tree in self.drafts.trees():
            for sign in sums(tree):
                letters, _, high, _ = bounds(sign)
                for letter in letters if high is None else ():
                    ends = self.ends(("sum", id(sign), letter), f"The index {letter}", False)
                    if ends is not None:
                        found[id(sign), letter] = ends
        self.formulas.spans = found

    def leans_on(self, draft: Draft, waiting: Iterable[Draft]) -> bool:
        assert draft.definition is not None
        start = draft.definition.start
        bodies = [draft.definition.body, *([start.definition.body] if start else [])]
        named = (use for body in bodies for use in uses(body, dict.fromkeys(self.drafts.parameters(body))))
        used = [
            self.drafts.find(u) for u in named if u.name.word not in u.bound or u.scripts.below is not None
        ]
        return any(found is other and not (start and other is draft) for found in used for other in waiting)

    def make_defined(self, draft: Draft) -> None:
        definition = draft.definition
        assert definition is not None
        places = self.drafts.places(draft, definition.scripts)
        letters = parameters_of(definition, places, draft)
        count = len(places) if not draft.through else len(letters)
        parameters = [
            symbol(letter, integer=True)
            if k < count or letter in self.drafts.index_letters
            else symbol(letter, real=True)
            for k, letter in enumerate(letters)
        ]
        if definition.start is not None:
            recursions.make(self, draft, definition.start, parameters)
            return
        body = self.read_with(parameters, definition.body)
        if draft.rank and not places and not is_grid(body):
            raise ReadError(
                f"{spelled(draft.name)} is a number here, and elsewhere it has an index.", draft.name.at
            )
        if is_grid(body):  # a whole vector has no name of its own among the terms: it stands for its entries
            self.vocabulary.add(draft.meaning(wholes.named(self, draft, body)))
            return
        alike = [d for d in self.drafts.of.values() if d.name == draft.name and d.decoration]
        held = f"({draft.decoration})" if draft.decoration and len(alike) > 1 else ""  # H(p) and H(p, q)
        function = define(draft.symbol_name + held, parameters, body, latex=draft.latex_name + held)
        if definition.of:  # shown as it was said
            self.costs[function] = spelled(draft.name)
            body = smooth(draft.symbol_name)[0](Symbol(", ".join(map(label, definition.of))))
        self.definitions.append((function(*parameters), body))
        what = f"An index of {spelled(draft.name)}"
        axes = [("axis", draft.key, k) for k in range(len(places))]
        ragged = self.supposed.count_arrays
        ranges = tuple(
            None if ragged and self.is_open(axis) else self.ends(axis, what, False) for axis in axes
        )
        self.vocabulary.add(draft.meaning(function if parameters else function(), ranges))

    def read_with(self, parameters: list[Symbol], body: g.Node) -> Any:
        """The term for a body whose open letters are `parameters`."""
        before = dict(self.formulas.scope)
        self.formulas.scope |= {p.name: p for p in parameters}
        try:
            return self.formulas.read(body)
        finally:
            self.formulas.scope = before


def _written(e: Expr) -> g.Node:
    """A tree for a bound that the notation gives: a size or a number."""
    return g.Num(str(e)) if e.is_Integer else g.Name(str(e))
