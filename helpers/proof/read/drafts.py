"""Which names a text has, how each is written, and whether an index, a label or an argument belongs to it.

A name enters by a sentence that defines or uses it, or by a row whose left side nothing introduces: that row
defines it. Rows introduce no other name, so that a slip of the pen does not become a new letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from . import by_rows, clear, costs, layers
from . import trees as g
from .by_rows import NO_NAMES
from .chance import OPERATORS
from .draft import (
    Draft,
    Key,
    bracket_above,
    deep_uses,
    is_bound,
    is_identity,
    is_vector,
    is_whole_use,
    kind_is_range,
    letters_summed,
    parameters_of,
    rank_said,
    use_of,
)
from .fits import TRANSPOSES, fitting
from .lets import Definition, Supposed
from .names import Meaning, Vocabulary, digits, indices, label, spelled
from .partners import equally_long, find_partners
from .rows import Row
from .uses import Use, means, uses


class Drafts:
    """All drafts of one text. `vocabulary` holds what the notation knows beside them."""

    def __init__(self, supposed: Supposed, rows: list[Row], vocabulary: Vocabulary) -> None:
        self.supposed, self.rows, self.vocabulary = supposed, rows, vocabulary
        self.of: dict[Key, Draft] = {}
        self.entered: set[Key] = set()  # definitions whose shapes are being looked for
        self.bound_above = self._indices_above()
        costs.add(supposed, self._all_uses())
        supposed.definitions[:] = map(self._of_one_sample, supposed.definitions)
        self.sizes = self._size_letters()
        self.index_letters = self._index_letters() - self.sizes
        self._enter()

    def trees(self) -> list[g.Node]:
        """Every tree of the text that can be read."""
        return [*self.supposed.trees(), *(tree for row in self.rows for tree in row.trees)]

    def find(self, use: Use) -> Draft | Meaning | None:
        """The draft that fits a use, or else the meaning that the notation gives."""
        name = (use.name.word, use.name.accents)
        if use.name.word in self.sizes and not use.name.accents and use.scripts.below is None:
            return next(iter(self.vocabulary.of(use.name)), None)  # N beside a defined N_k
        fits = [
            (fit[3], draft)
            for draft in self.of.values()
            if (draft.name.word, draft.name.accents) == name
            and (fit := fitting(draft.meaning(), use.scripts)) is not None
        ]
        taking = [pair for pair in fits if use.follows and pair[1].arity == len(use.follows.items)]
        fits = taking if len(fits) > 1 and taking else fits
        if fits:
            return max(fits, key=lambda pair: pair[0])[1]
        known = [m for m in self.vocabulary.of(use.name) if fitting(m, use.scripts) is not None]
        return known[0] if known else None

    def at(self, node: g.Node) -> Draft:
        """The draft of a name. Raises ReadError for anything else."""
        found = self.find(use_of(node))
        if isinstance(found, Draft):
            return found
        base = use_of(node).name
        raise self.vocabulary.unknown(base)

    def places(self, found: Draft | Meaning, scripts: g.Scripts) -> list[g.Node]:
        """The indices of a name where it is used, those above first."""
        above = bracket_above(scripts) if found.above else []
        return above + (digits(scripts.below, found.rank) if found.rank else [])

    def indices_before(self, node: g.Node, draft: Draft) -> int:
        """How many indices of a name count its vectors, as i in x_i \\in \\mathbb{R}^n."""
        return 0 if draft.below_label else len(indices(use_of(node).scripts.below))

    def parameters(self, tree: g.Node) -> dict[str, Any]:
        """The letters that a definition binds in its body, each with the node of its range."""
        for definition in self.supposed.definitions:
            if definition.body is tree:
                draft = self.at(definition.scripts)
                letters = parameters_of(definition, self.places(draft, definition.scripts), draft)
                return {letter: ("definition", id(definition), letter) for letter in letters}
        return {}

    # ---- letters
    def _indices_above(self) -> set[tuple[str, tuple[str, ...]]]:
        """Names whose bracket above is an index, because a sum binds the letter in it, as in x^{(i)}."""
        found = set()
        for use in self._all_uses():
            above = bracket_above(use.scripts)
            if len(above) == 1 and label(above[0]) in use.bound:
                found.add((use.name.word, use.name.accents))
        return found

    def _of_one_sample(self, definition: Definition) -> Definition:
        """h(x) = σ(θᵀx) as h(x^{(i)}) = σ(θᵀx^{(i)}) where the text has x^{(i)}: x alone is all samples."""
        names = [a for a in definition.arguments if isinstance(a, g.Name)]
        if len(names) != 1 or (names[0].word, names[0].accents) not in self.bound_above:
            return definition
        above = next(u.scripts.above for u in self._all_uses() if u.name == names[0] and u.scripts.above)

        def change(node: g.Node) -> g.Node | None:
            if node == names[0]:
                return g.Scripts(names[0], above=above, at=node.at)
            if isinstance(node, g.Scripts) and node.base == names[0]:
                return node if node.above else replace(node, above=above)
            return None

        arguments, body = (layers.mapped(p, change) for p in (definition.arguments, definition.body))
        return replace(definition, arguments=arguments, body=body)

    def _all_uses(self) -> Iterator[Use]:
        for tree in self.trees():
            yield from deep_uses(tree, {})

    def _size_letters(self) -> set[str]:
        """Letters at which sums, ranges and shapes end, unless the text defines them."""
        found = {u.name.word for u in self._all_uses() if u.role == "bound" and u.name.word not in u.bound}
        ends = [end for pair in self.supposed.ranges.values() for end in pair]
        ends += [size for _, sizes in self.supposed.shapes for size in sizes]
        plain = {use_of(node).name for node, kind in self.supposed.domains if kind != "real"}
        ends += [
            name
            for tree in self.trees()
            for _, letter, name in means(tree)
            if letter not in self.supposed.ranges and name not in plain
        ]
        ends += [end for _, kind in self.supposed.domains if kind_is_range(kind) for end in kind[1:]]
        found |= {u.name.word for end in ends for u in uses(end, {})} | self.supposed.counts
        defined = {d.name.word for d in self.supposed.definitions if not (d.name.accents or d.scripts.below)}
        known = defined | set(self.supposed.ranges) | {"infty"}
        known |= {node.base.word for node in self.supposed.count_arrays}  # type: ignore[attr-defined]
        return {word for word in found - known if not self.vocabulary.of(g.Name(word))}

    def _index_letters(self) -> set[str]:
        """Letters that stand in an index somewhere and are bound by no sum there."""
        found = set(self.supposed.ranges)
        letters_of_indices = g.INDEX_LETTERS | found | letters_summed(self._all_uses())
        for use in self._all_uses():
            counted = (use.name.word, use.name.accents) in self.bound_above
            for piece in (*(bracket_above(use.scripts) if counted else ()), *indices(use.scripts.below)):
                words = {
                    u.name.word for u in uses(piece, use.bound) if not (u.scripts.below or u.name.accents)
                }
                found |= {word for word in words if word.rstrip("'") in letters_of_indices}
        return found

    # ---- names
    def _enter(self) -> None:
        for definition in self.supposed.definitions:
            self._define(definition)
        self.of |= {d.key: d for d in map(Draft.letter, self.supposed.letters)}
        for node, kind in self.supposed.domains:
            for use in uses(node, {}):
                self._introduce(use, declared=True)
            if kind in ("onehot", "simplex") and not indices(use_of(node).scripts.below):
                draft = self.at(node)
                draft.rank = draft.rank or self._rank_by_use(draft)
            if (rank := rank_said(node, kind)) and isinstance(draft := self.find(use_of(node)), Draft):
                draft.rank, draft.whole = draft.rank or rank, True
            if kind == "smooth":
                self.at(node).smooth = self.at(node).function = True
        for use in [use for node in self.supposed.count_arrays for use in uses(node, {})]:
            self._introduce(use, declared=True)
        for node, sizes in self.supposed.shapes:
            for use in uses(node, {}):
                self._introduce(use, declared=True)
            draft = self.at(node)
            before = self.indices_before(node, draft)
            draft.rank, draft.whole = max(draft.rank, before + len(sizes)), True
            draft.inner = len(sizes) if before else 0
        for definition in self.supposed.definitions:
            self._introduce_arguments(definition)
        for tree in self.supposed.trees():
            for use in deep_uses(tree, self.parameters(tree)):
                self._introduce(use)
        clear.demand_clear_digits(self)
        by_rows.define_by_rows(self)
        clear.demand_one_kind_of_label(self)
        if not self.supposed.says_anything:  # without a sentence, every name of the rows is any number
            for use in [u for row in self.rows for piece in row.pieces for u in deep_uses(piece, {})]:
                self._introduce(use)
        self._find_wholes()

    def _define(self, definition: Definition) -> Draft:
        name, scripts = definition.name, definition.scripts
        draft = Draft(name, definition=definition)
        below = indices(scripts.below)
        if below and all(self._is_index(piece) for piece in below):
            draft.rank = len(below)
        else:
            draft.below_label = label(scripts.below)
        if scripts.above is not None and (name.word, name.accents) in self.bound_above:
            draft.above = 1
        else:
            draft.above_label = label(scripts.above)
        if definition.arguments:
            self._arguments(draft, definition)
        if not draft.rank and not draft.function and not draft.below_label:
            draft.rank = self._rank_by_use(draft)
        before = self.of.get(draft.key)
        draft.other = int(before is not None and before.rank != draft.rank)
        if before is not None and before.arity != draft.arity:  # H(p) and H(p, q)
            draft.other = 2 + draft.arity
        self.of[draft.key] = draft
        for other in layers.above_it(definition, self):
            self.supposed.definitions.append(other)
            self._define(other)
        return draft

    def _rank_by_use(self, draft: Draft) -> int:
        """How many indices a name has elsewhere that is defined without one, as z_i after z = Wx + b."""
        if any(d.name == draft.name and indices(d.scripts.below) for d in self.supposed.definitions):
            return 0
        if draft.definition and any(u.name == draft.name for u in uses(draft.definition.body, {})):
            return 0  # C = 1/n Σ_i C_i
        found = 0
        for use in self._all_uses():
            below = indices(use.scripts.below)
            if use.name == draft.name and label(use.scripts.above) == draft.above_label and below:
                found = max(found, len(below)) if all(self._is_index(p) for p in below) else found
        return found

    def _arguments(self, draft: Draft, definition: Definition) -> None:
        """Whether the arguments are numbers, entries of arrays, or only a way to write the name."""
        names = [a for a in definition.arguments if isinstance(a, g.Name) and a.word != "|"]
        plain = [a for a in names if not a.accents and not a.bold]
        entries = [a for a in definition.arguments if isinstance(a, g.Scripts) and isinstance(a.base, g.Name)]
        body = list(deep_uses(definition.body, {}))
        of_entries = [u for u in body if u.name in plain and indices(u.scripts.below)]
        if not any(u.name in plain for u in body if u.role != "index"):  # J(θ) of h_θ(x), which has the θ_j
            of_entries = [u for u in self._all_uses() if u.name in plain and indices(u.scripts.below)]
        alone = len(plain) == 1
        arrays = {use_of(node).name for node, _ in self.supposed.shapes} if alone else set()
        arrays |= {u.name for u in body if alone and is_whole_use(u) and u.scripts.below is None}
        if len(plain) == 1 == len(definition.arguments) and (of_entries or plain[0] in arrays):
            draft.decoration, draft.vector = label(plain[0]), plain[0]
        elif len(plain) == len(definition.arguments) and not (
            any(map(is_whole_use, body)) or arrays & set(plain) or of_entries
        ):
            draft.function = True
        elif (
            len(entries) == len(definition.arguments) == 1
            and (places := indices(entries[0].below))
            and all(map(self._is_index, places))
        ):
            draft.function = True
            draft.through = tuple(spelled(e.base) for e in entries if isinstance(e.base, g.Name))
        else:
            draft.decoration = label(g.Listed(definition.arguments))

    def _introduce_arguments(self, definition: Definition) -> None:
        """After “Let f(x) = …” the rows may name x: it is any number."""
        if self.at(definition.scripts).function:
            for argument in definition.arguments:
                if isinstance(argument, g.Name):
                    self._introduce(Use(argument, g.Scripts(argument, at=argument.at), {}))

    def _is_index(self, piece: g.Node) -> bool:
        if isinstance(piece, g.Name):
            return (
                piece.word in g.INDEX_LETTERS | set(self.supposed.ranges) | self.index_letters
                and not piece.accents
            )
        return isinstance(piece, (g.Added, g.Product)) or (
            isinstance(piece, g.Scripts) and bool(indices(piece.below))
        )

    def _introduce(self, use: Use, declared: bool = False) -> None:
        """A draft for a name that a sentence uses, unless it is known already.

        `declared`: the sentence says what it is, so what the notation knows does not count, and what stands
        above is no power.
        """
        name, scripts = use.name, use.scripts
        plain = scripts.below is None and not name.accents
        if plain and (name.word in {*use.bound, *self.sizes, *self.index_letters}):
            return
        constant = name == g.Name("e") or name.word in NO_NAMES
        if constant and not declared and not (name.word == "pi" and scripts.below is not None):
            return
        known = self.find(use)
        if isinstance(known, Meaning) and known.function and self._is_never_called(name):
            known = None  # the course's function of that name is not meant: σ² is a variance here
        if use.role != "value" or isinstance(known, Draft) or (known and not declared):
            return
        draft = Draft(name)
        below = indices(scripts.below)
        counted = all(isinstance(p, g.Num) for p in below) and not self._has_index_elsewhere(name)
        if below and not counted and all(self._is_entry(p, use.bound) for p in below):
            draft.rank = len(below)
        elif below:
            draft.below_label = label(scripts.below)
        above = scripts.above
        if (name.word, name.accents) in self.bound_above:
            draft.above = 1
            draft.whole = not draft.rank
            draft.rank = max([draft.rank, int(is_vector(use, self)), *self._ranks(name)])
        elif above is not None and above not in TRANSPOSES and (declared or self._is_label(above)):
            draft.above_label = label(above)
        if (name.word in ("delta", "I") and draft.rank == 2) or (name.word == "I" and is_identity(self, use)):
            return
        if (name.word in {*OPERATORS, "P"} and use.follows is not None) or (
            name.word == "d" and scripts.below is None and not declared
        ):
            return
        clear.demand_no_call(self, use)
        before = self.of.get(draft.key)
        draft.other = int(before is not None and before.definition is not None and draft.rank > before.rank)
        self.of.setdefault(draft.key, draft)

    def _is_never_called(self, name: g.Name) -> bool:
        return not any(u.name == name and (u.follows or u.scripts.primes) for u in self._all_uses())

    def _is_entry(self, piece: g.Node, bound: Mapping[str, Any]) -> bool:
        return isinstance(piece, g.Num) or self._is_index(piece) or is_bound(piece, bound)

    def _has_index_elsewhere(self, name: g.Name) -> bool:
        """Whether a name with a number below it, such as w_1, has a letter there elsewhere, such as w_j."""
        for use in self._all_uses():
            if use.name == name and any(
                self._is_index(p) or is_bound(p, use.bound) for p in indices(use.scripts.below)
            ):
                return True
        return False

    def _ranks(self, name: g.Name) -> list[int]:
        """With how many indices below it a name is written in this text."""
        return [len(indices(use.scripts.below)) for use in self._all_uses() if use.name == name]

    def _is_label(self, above: g.Node) -> bool:
        """Whether what stands above an unknown name is a label: it has brackets, or counts layers."""
        if isinstance(above, g.Bracket):
            return above.kind in "(["
        if self.supposed.superscripts:
            return True
        labels = {d.above_label for d in self.of.values() if d.above_label}
        letters = self.supposed.layers | {known for known in labels if known.isalpha() and len(known) == 1}
        return any(use.name.word in letters for use in uses(above, {}))

    def _find_wholes(self) -> None:
        """Names that are used as a whole vector or matrix somewhere."""
        for use in self._all_uses():
            found = self.find(use)
            if not isinstance(found, Draft) or found.definition:
                continue
            if not found.rank and not found.above and is_vector(use, self) and use.scripts.below is None:
                found.rank = 1
            if found.rank and use.scripts.below is None:
                found.whole = True
        for one, other in equally_long(self):
            said = [kind for node, kind in self.supposed.domains if node == one.name]
            if not (one.definition or other.function or (said and "vector" not in said)):
                one.rank, one.whole = one.rank or 1, True
        for tree in self.trees():
            find_partners(self, tree)
