"""A text read as a chain: its sentences give the vocabulary and the hypotheses, its rows the lines.

What a sentence leaves open is not guessed but found from the rest: the length of an array from the sum that runs
over it, the range of a free index from the array that it enters. A name that no sentence introduces and that the
notation does not hold is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, IndexedBase, MatrixExpr, MatrixSymbol, Ne, S, Symbol

from ..statement.chain import Chain, Line, Means, Part
from ..statement.given import Given
from ..statement.terms import define, smooth
from . import grammar as g
from .formulas import RELATIONALS, Formulas, fitting
from .latex import ReadError
from .layout import Layout, Row, layout
from .lets import Definition, Supposed, suppose
from .names import Meaning, Vocabulary, digits, indices, is_index, label, spelled
from .uses import Ends, Spans, Use, bounds, sums, uses

INDEX_LETTERS = frozenset("ijklmnqrst")
Key = tuple[str, tuple[str, ...], str, str]  # a name with its labels


@dataclass(frozen=True)
class Notation:
    """Names that are known before a text begins, and the domains of their values."""

    meanings: tuple[Meaning, ...] = ()
    domains: Mapping[Any, Any] = field(default_factory=dict)


@dataclass
class Reading:
    """What was read: the chain, the row of the text behind each of its lines, and what the names mean."""

    chain: Chain
    places: list[int]
    layout: Layout
    vocabulary: Vocabulary
    supposed: Supposed


@dataclass
class Draft:
    """A name of the text before its value is made: how it is written, and how it is used."""

    name: g.Name
    rank: int = 0
    above: int = 0
    above_label: str = ""
    below_label: str = ""
    whole: bool = False
    function: bool = False
    smooth: bool = False
    definition: Definition | None = None
    ends: tuple[Ends | None, ...] = ()

    @property
    def key(self) -> Key:
        return self.name.word, self.name.accents, self.above_label, self.below_label

    def meaning(self, value: Any = None, ranges: tuple = ()) -> Meaning:
        return Meaning(
            self.name.word, value if value is not None else PLACEHOLDER if self.whole else None, self.rank,
            self.above, self.above_label, self.below_label, ranges, self.function, self.name.accents,
        )  # fmt: skip


PLACEHOLDER = IndexedBase("placeholder")


def read(text: str, notation: Notation = Notation(), name: str = "text") -> Reading:
    """The chain that a text writes down. Raises ReadError, one sentence with the place, for what has no reading."""
    return Reader(layout(text), notation).reading(name)


class Reader:
    """One text on its way from trees to a chain."""

    def __init__(self, parts: Layout, notation: Notation) -> None:
        self.layout, self.notation = parts, notation
        self.supposed = Supposed()
        for sentence in parts.lets:
            suppose(sentence, parts.macros, self.supposed)
        self.rows = parts.rows
        self.chain_trees = [piece for row in self.rows for piece in row.pieces]
        self.drafts: dict[Key, Draft] = {}
        self.spans = Spans()
        self.sizes: dict[str, Symbol] = {}
        self.vocabulary = Vocabulary()
        for meaning in notation.meanings:
            self.vocabulary.add(meaning)
        self.formulas = Formulas(self.vocabulary)
        self.domain: dict[Any, Any] = {}
        self.free: set[str] = set()  # letters that are an index and bound by no sum

    def reading(self, name: str) -> Reading:
        if not self.rows:
            raise ReadError("There is no formula in this text.")
        self.draft_names()
        self.find_spans()
        self.make_sizes()
        self.make_values()
        chain, places = self.chain(name)
        return Reading(chain, places, self.layout, self.vocabulary, self.supposed)

    # ---- which names there are
    def draft_names(self) -> None:
        """A draft for every name that the sentences define or use, and for those that a row defines."""
        self.bound_above = self.indices_above()
        for definition in self.supposed.definitions:
            self.draft_definition(definition)
        for node, _ in (*self.supposed.shapes, *self.supposed.domains):
            for use in uses(node, {}):
                self.draft_use(use)
        for node, kind in self.supposed.domains:
            if kind == "smooth":
                self.draft_of(node).smooth = self.draft_of(node).function = True
        for tree in self.supposed.trees():
            parameters = self.parameters_of(tree)
            for use in uses(tree, parameters):
                self.draft_use(use)
        self.define_by_rows()
        self.find_wholes()

    def indices_above(self) -> set[tuple[str, tuple[str, ...]]]:
        """Names whose bracket above is an index, because a sum binds the letter in it, as in x^{(i)}."""
        found = set()
        for tree in (*self.supposed.trees(), *self.chain_trees):
            for use in uses(tree, {}):
                above = use.scripts.above
                if isinstance(above, g.Bracket) and len(above.items) == 1 and label(above.items[0]) in use.bound:
                    found.add((use.name.word, use.name.accents))
        return found

    def parameters_of(self, tree: g.Node) -> dict[str, Any]:
        """The letters that a definition's own name binds in its body."""
        for definition in self.supposed.definitions:
            if definition.body is tree:
                draft = self.draft_of(definition.scripts)
                places = self.places(draft, definition.scripts)
                letters = [p.word for p in places if isinstance(p, g.Name)]
                letters += [a.word for a in definition.arguments if isinstance(a, g.Name)]
                return {letter: ("definition", id(definition), letter) for letter in letters}
        return {}

    def draft_definition(self, definition: Definition) -> None:
        name, scripts = definition.name, definition.scripts
        draft = Draft(name, definition=definition, function=bool(definition.arguments))
        below = indices(scripts.below)
        if below and all(self.is_index(piece) for piece in below):
            draft.rank = len(below)
        else:
            draft.below_label = label(scripts.below)
        if scripts.above is not None and (name.word, name.accents) in self.bound_above:
            draft.above = 1
        else:
            draft.above_label = label(scripts.above)
        for argument in definition.arguments:
            if not isinstance(argument, g.Name):
                raise ReadError(f"The arguments of {spelled(name)} must be plain letters here.", argument.at)
        self.drafts[draft.key] = draft

    def is_index(self, piece: g.Node) -> bool:
        if isinstance(piece, g.Name):
            known = piece.word in INDEX_LETTERS or piece.word in self.supposed.ranges
            return known and not piece.accents
        return isinstance(piece, (g.Added, g.Product)) or (
            isinstance(piece, g.Scripts) and bool(indices(piece.below))
        )

    def draft_use(self, use: Use) -> None:
        """A draft for a name that a sentence uses, unless it is known already."""
        name, scripts = use.name, use.scripts
        if not name.accents and scripts.below is None and (name.word in use.bound or name == g.Name("e")):
            return
        if use.role != "value" or name.word in ("bold 1", "bb 1", "top", "bb E", "bb R"):
            return
        if self.known(use) or (name.word in self.supposed.ranges and scripts.below is None):
            return
        below = indices(scripts.below)
        draft = Draft(name)
        if below and all(self.is_index(p) or _bound(p, use.bound) or isinstance(p, g.Num) for p in below):
            draft.rank = len(below)
        elif below:
            draft.below_label = label(scripts.below)
        above = scripts.above
        if (name.word, name.accents) in self.bound_above and isinstance(above, g.Bracket):
            draft.above = 1
        elif above is not None and self.is_label(above):
            draft.above_label = label(above)
        if name.word == "delta" and draft.rank == 2:
            return
        if self.demand_no_call(use):
            self.drafts.setdefault(draft.key, draft)

    def is_label(self, above: g.Node) -> bool:
        """Whether what stands above an unknown name is a label: in brackets, or with a letter that counts layers."""
        if isinstance(above, g.Bracket):
            return above.kind in "(["
        layers = {*self.supposed.layers, *(d.above_label for d in self.drafts.values() if d.above_label)}
        shown = label(above)
        return shown in layers or any(part.name.word in self.supposed.layers for part in uses(above, {})) or (
            isinstance(above, g.Num) and any(layer.isdigit() for layer in layers)
        ) or any(len(layer) == 1 and layer.isalpha() and layer in shown for layer in layers)

    def demand_no_call(self, use: Use) -> bool:
        inside = use.follows.items if use.follows else ()
        if len(inside) == 1 and isinstance(inside[0], (g.Name, g.Scripts)) and use.scripts.below is None:
            shown = spelled(use.name)
            raise ReadError(
                f"Is {shown} a function of what stands in the brackets, or a factor? Say “Let ${shown}$ be a "
                f"differentiable function”, define it, or write {shown} \\cdot (…).",
                use.name.at,
            )
        return True

    def known(self, use: Use) -> bool:
        return self.find(use) is not None

    def find(self, use: Use) -> Draft | Meaning | None:
        """The draft or the meaning that fits a use, drafts first."""
        drafts = [d for d in self.drafts.values() if (d.name.word, d.name.accents) == (use.name.word, use.name.accents)]
        fits = [(fitting(d.meaning(), use.scripts), d) for d in drafts]
        found = [(f[3], d) for f, d in fits if f is not None]
        if found:
            return max(found, key=lambda pair: pair[0])[1]
        meanings = [(fitting(m, use.scripts), m) for m in self.vocabulary.of(use.name)]
        return next((m for f, m in meanings if f is not None), None)

    def draft_of(self, node: g.Node) -> Draft:
        scripts = node if isinstance(node, g.Scripts) else g.Scripts(node, at=node.at)
        if not isinstance(scripts.base, g.Name):
            raise ReadError("A name is needed here.", node.at)
        found = self.find(Use(scripts.base, scripts, {}))
        if isinstance(found, Draft):
            return found
        raise self.vocabulary.unknown(scripts.base)

    def define_by_rows(self) -> None:
        """A row whose left side is a name that nothing introduces defines it."""
        for row in self.rows:
            if row.continues or not row.signs or row.signs[0] != "=":
                continue
            node = row.pieces[0]
            scripts = node if isinstance(node, g.Scripts) else g.Scripts(node, at=node.at)
            if not isinstance(scripts.base, g.Name) or scripts.primes or self.known(Use(scripts.base, scripts, {})):
                continue
            if scripts.base.word == "delta" and scripts.below is not None:
                continue
            definition = Definition(scripts, (), row.pieces[1])
            self.supposed.definitions.append(definition)
            self.draft_definition(definition)
            row.because = row.because or "definition"
            for use in uses(row.pieces[1], self.parameters_of(row.pieces[1])):
                if not self.known(use) and use.role == "value":
                    self.draft_use(use)

    def find_wholes(self) -> None:
        """Names that are used as a whole vector or matrix somewhere."""
        for node, _ in self.supposed.shapes:
            self.draft_of(node).rank = max(self.draft_of(node).rank, self.rank_of_shape(node))
        for tree in (*self.supposed.trees(), *self.chain_trees):
            for use in uses(tree, {}):
                found = self.find(use)
                if isinstance(found, Draft) and found.rank and use.scripts.below is None and not found.definition:
                    found.whole = True
                if isinstance(found, Draft) and not found.rank and not found.definition and _transposed(use.scripts):
                    found.rank, found.whole = 1, True

    def rank_of_shape(self, node: g.Node) -> int:
        return next(len(sizes) for other, sizes in self.supposed.shapes if other is node)

    def places(self, draft: Draft | Meaning, scripts: g.Scripts) -> list[g.Node]:
        """The indices of a name where it is used, those above first."""
        above: list[g.Node] = []
        if draft.above and scripts.above is not None:
            above = list(scripts.above.items) if isinstance(scripts.above, g.Bracket) else [scripts.above]
        return above + (digits(scripts.below, draft.rank) if draft.rank else [])

    # ---- over what they run
    def find_spans(self) -> None:
        for letter, ends in self.supposed.ranges.items():
            self.spans.give(("free", letter), ends)
        for node, sizes in self.supposed.shapes:
            draft = self.draft_of(node)
            for place, size in enumerate(sizes):
                self.spans.give(("axis", draft.key, place), (g.Num("1"), size))
        for tree in (*self.supposed.trees(), *self.chain_trees):
            for sign in sums(tree):
                letters, low, high, _ = bounds(sign)
                if high is not None and len(letters) == 1:
                    self.spans.give(("sum", id(sign), letters[0]), (low or g.Num("1"), high))
            self.join_uses(tree, self.parameters_of(tree))
        for definition in self.supposed.definitions:
            draft = self.draft_of(definition.scripts)
            for place, piece in enumerate(self.places(draft, definition.scripts)):
                if isinstance(piece, g.Name):
                    self.spans.join(("definition", id(definition), piece.word), ("axis", draft.key, place))

    def join_uses(self, tree: g.Node | None, bound: Mapping[str, Any]) -> None:
        for use in uses(tree, bound):
            found = self.find(use)
            if found is None:
                self.join_delta(use)
                continue
            for place, piece in enumerate(self.places(found, use.scripts)):
                if isinstance(piece, g.Name) and not piece.accents:
                    node = use.bound.get(piece.word, ("free", piece.word))
                    self.spans.join(node, self.axis(found, place))
                self.join_uses(piece, use.bound)
            self.join_uses(use.scripts.above, use.bound)

    def join_delta(self, use: Use) -> None:
        """Both indices of a Kronecker delta run over the same range."""
        places = digits(use.scripts.below, 2)
        if use.name.word == "delta" and len(places) == 2 and all(isinstance(p, g.Name) for p in places):
            one, other = (use.bound.get(p.word, ("free", p.word)) for p in places)  # type: ignore[attr-defined]
            self.spans.join(one, other)

    def axis(self, found: Draft | Meaning, place: int) -> Any:
        if isinstance(found, Draft):
            return "axis", found.key, place
        node = ("known", found.name, found.above_label, found.rank, place)
        if place < len(found.ranges) and found.ranges[place] is not None and not self.spans.of(node):
            low, high = found.ranges[place]  # type: ignore[misc]
            self.spans.give(node, (_written(low), _written(high)))
        return node

    # ---- sizes
    def make_sizes(self) -> None:
        """A size for every letter at which a sum ends and that means nothing else."""
        for tree in (*self.supposed.trees(), *self.chain_trees):
            for use in uses(tree, {}):
                if use.role == "bound" and use.name.word not in use.bound:
                    self.size(use.name)
        ends = [end for pair in self.supposed.ranges.values() for end in pair]
        ends += [size for _, sizes in self.supposed.shapes for size in sizes]
        ends += [end for _, kind in self.supposed.domains if isinstance(kind, tuple) for end in kind]
        for end in ends:
            for use in uses(end, {}):
                self.size(use.name)

    def size(self, name: g.Name) -> None:
        if name.word in self.supposed.ranges or self.vocabulary.of(name) or name.word in self.sizes:
            return
        if any((d.name.word, d.name.accents) == (name.word, name.accents) for d in self.drafts.values()):
            return
        self.sizes[name.word] = Symbol(name.word, integer=True, positive=True)
        self.vocabulary.add(Meaning(name.word, self.sizes[name.word]))

    def fresh_size(self) -> Symbol:
        taken = {spelled(g.Name(m.word)) for m in self.vocabulary} | set(self.sizes)
        letter = next(c for c in ("n", "m", "K", "N", "M", "P", "Q", "R", "S") if c not in taken)
        self.sizes[letter] = Symbol(letter, integer=True, positive=True)
        self.vocabulary.add(Meaning(letter, self.sizes[letter]))
        return self.sizes[letter]

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
        size = self.fresh_size()
        self.spans.give(node, (g.Num("1"), g.Name(size.name)))
        return S.One, size

    # ---- values
    def make_values(self) -> None:
        for draft in self.drafts.values():
            if draft.definition is None:
                self.make_plain(draft)
        self.make_free_indices()
        self.make_spans()
        waiting = [d for d in self.drafts.values() if d.definition is not None]
        while waiting:
            ready = [d for d in waiting if not self.leans_on(d, waiting)]
            if not ready:
                names = ", ".join(spelled(d.name) for d in waiting)
                raise ReadError(f"The definitions of {names} go round in a circle.", waiting[0].name.at)
            for draft in ready:
                self.make_defined(draft)
                waiting.remove(draft)
        self.make_domains()

    def make_plain(self, draft: Draft) -> None:
        name = symbol_name(draft)
        if draft.smooth:
            self.vocabulary.add(draft.meaning(smooth(name)[0]))
            return
        directions = draft.above + draft.rank
        if not directions:
            self.vocabulary.add(draft.meaning(Symbol(name, real=True)))
            return
        said = [self.spans.of(("axis", draft.key, place)) for place in range(directions)]
        plain = all(len(ends) <= 1 and (not ends or label(ends[0][0]) == "1") for ends in said)
        if draft.whole and not plain:
            raise ReadError(f"{spelled(draft.name)} is used whole, and its indices do not begin at 1.", draft.name.at)
        if not plain:
            self.vocabulary.add(draft.meaning(IndexedBase(name, real=True)))
            return
        shown = spelled(draft.name)
        ranges = tuple(self.ends(("axis", draft.key, k), f"An index of {shown}") for k in range(directions))
        shape = tuple(high for _, high in ranges)  # type: ignore[misc]
        if draft.whole:
            value: Any = MatrixSymbol(name, *(shape if len(shape) == 2 else (*shape, 1)))
        else:
            value = IndexedBase(name, shape=shape, real=True)
        self.vocabulary.add(draft.meaning(value, ranges))

    def make_free_indices(self) -> None:
        """Letters that are an index and bound nowhere: free in the statement, or parameters."""
        letters = {*self.supposed.ranges}
        for tree in (*self.supposed.trees(), *self.chain_trees):
            letters |= self.free_letters(tree, {})
        self.free = letters - set(self.sizes)
        for letter in sorted(self.free):
            self.vocabulary.add(Meaning(letter, Symbol(letter, integer=True)))

    def free_letters(self, tree: g.Node | None, bound: Mapping[str, Any]) -> set[str]:
        found: set[str] = set()
        for use in uses(tree, bound):
            known = self.find(use)
            parts = self.places(known, use.scripts) if known is not None else digits(use.scripts.below, 2)
            for piece in parts:
                for inner in uses(piece, use.bound):
                    plain = inner.scripts.below is None and not inner.name.accents
                    if plain and inner.name.word not in use.bound and self.is_unmet(inner):
                        found.add(inner.name.word)
                    found |= self.free_letters(inner.scripts.below, use.bound) if not plain else set()
            power = use.scripts.above
            if known is not None and power is not None and not known.above_label and not known.above:
                found |= {u.name.word for u in uses(power, use.bound) if self.is_free_letter(u)}
        return found

    def is_free_letter(self, use: Use) -> bool:
        plain = use.scripts.below is None and not use.name.accents and use.name.word in INDEX_LETTERS
        return plain and use.name.word not in use.bound and self.is_unmet(use)

    def is_unmet(self, use: Use) -> bool:
        """Whether a letter is nothing but an index."""
        found = self.find(use)
        return found is None or (isinstance(found, Meaning) and found.word in self.free and is_index(found.value))

    def make_spans(self) -> None:
        spans = {}
        for tree in (*self.supposed.trees(), *self.chain_trees):
            for sign in sums(tree):
                for letter in bounds(sign)[0]:
                    node = ("sum", id(sign), letter)
                    if len(self.spans.of(node)) == 1 and not bounds(sign)[2]:
                        found = self.ends(node, f"The index {letter}", fresh=False)
                        if found is not None:
                            spans[id(sign), letter] = found
        self.formulas.spans = spans

    def leans_on(self, draft: Draft, waiting: Iterable[Draft]) -> bool:
        assert draft.definition is not None
        used = [self.find(use) for use in uses(draft.definition.body, {})]
        return any(found is other for found in used for other in waiting)

    def make_defined(self, draft: Draft) -> None:
        definition = draft.definition
        assert definition is not None
        before = dict(self.formulas.scope)
        places = self.places(draft, definition.scripts)
        parameters = []
        for piece in places:
            assert isinstance(piece, g.Name)
            parameters.append(Symbol(piece.word, integer=True))
            self.formulas.scope[piece.word] = parameters[-1]
        for argument in definition.arguments:
            assert isinstance(argument, g.Name)
            whole = argument.word in self.free_letters(definition.body, {})
            parameters.append(Symbol(argument.word, integer=True) if whole else Symbol(argument.word, real=True))
            self.formulas.scope[argument.word] = parameters[-1]
        body = self.formulas.read(definition.body)
        self.formulas.scope = before
        if isinstance(body, MatrixExpr):
            self.vocabulary.add(draft.meaning(body))
            return
        function = define(symbol_name(draft), parameters, body, latex=latex_name(draft))
        shown = spelled(draft.name)
        ranges = tuple(self.ends(("axis", draft.key, k), f"An index of {shown}", False) for k in range(len(places)))
        value = function if parameters else function()
        self.vocabulary.add(draft.meaning(value, ranges))

    # ---- hypotheses
    def make_domains(self) -> None:
        for node, kind in self.supposed.domains:
            if kind in ("smooth", "layer"):
                continue
            value = self.bare(node)
            if isinstance(kind, tuple):
                kind = tuple(self.formulas.number(end) for end in kind)
            self.domain[value] = kind if kind != "sums to 1" else _summing(self.domain.get(value))

    def bare(self, node: g.Node) -> Any:
        """The letter, array or matrix of a name, whatever its indices."""
        scripts = node if isinstance(node, g.Scripts) else g.Scripts(node, at=node.at)
        if isinstance(scripts.base, g.Name):
            found = self.find(Use(scripts.base, scripts, {}))
            if isinstance(found, (Draft, Meaning)):
                same = [m for m in self.vocabulary.of(scripts.base) if _same(m, found)]
                if same and isinstance(same[-1].value, (Symbol, IndexedBase, MatrixSymbol)):
                    return same[-1].value
        raise ReadError("Only letters, arrays and matrices have a domain; a defined quantity has none of its own.", node.at)

    def given(self, trees: list[g.Node], values: list[Any]) -> Given:
        """The hypotheses of one part: only what its formulas name."""
        free: dict[Symbol, tuple[Expr, Expr]] = {}
        sizes = dict(self.sizes)
        for letter in sorted(set().union(*(self.free_letters(tree, {}) for tree in trees))):
            if letter in sizes:
                continue
            found = self.ends(("free", letter), f"The index {letter}", fresh=False)
            if found is not None:
                free[Symbol(letter, integer=True)] = found
        names = set().union(*(_names(v) for v in values))
        facts = [tuple(map(self.formulas.read, pair)) for pair in self.supposed.facts]
        for left, right in facts:
            names |= _names(left) | _names(right)
        known = {v: kind for v, kind in self.notation.domains.items() if v in names}
        domain = {**known, **{v: kind for v, kind in self.domain.items()}}
        used = {s.name for s in names if isinstance(s, Symbol)} | {
            s.name for pair in free.values() for end in pair for s in end.free_symbols
        }
        chosen = tuple(s for s in sizes.values() if s.name in used)
        known_sizes = tuple(s for s in names if isinstance(s, Symbol) and s.is_integer and s.is_positive and s not in chosen)
        return Given((*chosen, *sorted(known_sizes, key=str)), free, domain, tuple(facts))

    # ---- the chain
    def chain(self, name: str) -> tuple[Chain, list[int]]:
        parts: list[Part] = []
        places: list[int] = []
        for block in _blocks(self.rows):
            trees = [piece for row in block for piece in row.pieces]
            values = [self.read_piece(tree) for tree in trees]
            given = self.given(trees, values)
            lines, start, k = [], values[0], 0
            for row in block:
                for j in range(len(row.pieces)):
                    if k:
                        relation = row.signs[j if row.continues else j - 1]
                        last = j == len(row.pieces) - 1
                        lines.append(Line(values[k], row.because if last else "", Means(relation)))
                        places.append(row.number)
                    k += 1
            parts.append(Part("", start, given, tuple(lines)))
        return Chain(name, tuple(parts)), places

    def read_piece(self, tree: g.Node) -> Any:
        return self.formulas.read(tree)


def _blocks(rows: list[Row]) -> list[list[Row]]:
    """Rows that go on from one another; a row that states nothing and leads to nothing is an error."""
    blocks: list[list[Row]] = []
    for row in rows:
        if row.continues and row.signs:
            if not blocks:
                raise ReadError("The first row begins with a relation: what stands before it?", row.at)
            blocks[-1].append(row)
        else:
            blocks.append([row])
    for block in blocks:
        if len(block) == 1 and not block[0].signs:
            raise ReadError(f"Row {block[0].number} states nothing: it holds no “=”. Is one missing?", block[0].at)
    return blocks


def _bound(piece: g.Node, bound: Mapping[str, Any]) -> bool:
    return isinstance(piece, g.Name) and piece.word in bound


def _transposed(scripts: g.Scripts) -> bool:
    return scripts.above in (g.Name("top"), g.Name("T"), g.Words("T"))


def _written(e: Expr) -> g.Node:
    """A tree for a bound that the notation gives: a size or a number."""
    return g.Num(str(e)) if e.is_Integer else g.Name(str(e))


def _same(m: Meaning, found: Draft | Meaning) -> bool:
    return (m.rank, m.above, m.above_label, m.below_label) == (
        found.rank, found.above, found.above_label, found.below_label
    )  # fmt: skip


def _summing(before: Any) -> str:
    return {"positive": "simplex", "unit": "simplex"}.get(before, "closed simplex")


def _names(e: Any) -> set[Any]:
    """Symbols, arrays and matrices of an expression, in definitions too."""
    found = set(e.atoms(Symbol, IndexedBase, MatrixSymbol))
    for array in list(found):
        if isinstance(array, (IndexedBase, MatrixSymbol)):
            found |= {s for size in array.shape or () for s in size.free_symbols}
    for call in e.atoms():
        pass
    for function in {type(f) for f in _calls(e)}:
        found |= _names(function.body)
    return found


def _calls(e: Any) -> list[Any]:
    from ..statement.terms import NamedFunction

    return list(e.atoms(NamedFunction))


def symbol_name(draft: Draft) -> str:
    """The name of the SymPy symbol, such as yhat, mu_B or z^(l), which prints as what was typed."""
    style, _, letter = draft.name.word.rpartition(" ")
    name = letter + style + "".join(draft.name.accents)
    if draft.below_label:
        name += f"_{draft.below_label}"
    return name + (f"^({draft.above_label})" if draft.above_label else "")


def latex_name(draft: Draft) -> str:
    shown = spelled(draft.name)
    if draft.below_label:
        shown += f"_{{{draft.below_label}}}"
    return shown + (f"^{{({draft.above_label})}}" if draft.above_label else "")
