"""One name of a text before its value is made, and what a tree tells about names and their arguments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sympy import IndexedBase

from ..statement.given import OF_MATRICES
from . import trees as g
from .fits import TRANSPOSES
from .latex import ReadError
from .lets import Definition
from .names import Meaning, indices, label, spelled
from .uses import Use, uses

if TYPE_CHECKING:
    from .drafts import Drafts

KINDS = {"matrix": 2, "vector": 1, **dict.fromkeys(OF_MATRICES, 2)}  # what a word says about a name's rank
PLACEHOLDER = IndexedBase("placeholder")
Key = tuple[str, tuple[str, ...], str, str, int]  # a name with its labels; the last tells t from t_i


@dataclass
class Draft:
    """A name of the text before its value is made: how it is written, and how it is used.

    whole       it is used as a vector or a matrix without an index
    decoration  what stands in brackets after it and never changes, as (y, f(x)) in L(y, f(x))
    through     for each argument that must be an entry of an array, as A_k in σ(A_k), the array's name
    """

    name: g.Name
    rank: int = 0
    above: int = 0
    above_label: str = ""
    below_label: str = ""
    whole: bool = False
    function: bool = False
    smooth: bool = False
    decoration: str = ""
    through: tuple[str, ...] = ()
    definition: Definition | None = None
    other: int = 0  # 1 if the text defines the same name with another number of indices, too
    inner: int = 0  # how many of its indices count the entries of one vector, as j in x_{ij} for x_i in R^n
    vector: g.Name | None = None  # the vector that it is a function of, as x in softmax(x)_i

    @classmethod
    def letter(cls, node: g.Scripts) -> Draft:
        """w_0 as a letter, where w_t has a definition for all t."""
        return cls(use_of(node).name, below_label=label(node.below))

    @property
    def arity(self) -> int:
        """How many things stand in the brackets after it where it is defined."""
        return len(self.definition.arguments) if self.definition else 0

    @property
    def key(self) -> Key:
        return self.name.word, self.name.accents, self.above_label, self.below_label, self.other

    @property
    def symbol_name(self) -> str:
        """The name of the SymPy symbol, such as yhat, mu_B or z^(l), which prints as what was typed."""
        style, _, letter = self.name.word.rpartition(" ")
        name = letter + style + "".join(self.name.accents)
        if self.above_label == "*":
            return f"{name}^*"
        if self.below_label:
            name += f"_{self.below_label}"
        return name + (f"^({self.above_label})" if self.above_label else "")

    @property
    def latex_name(self) -> str:
        """The name as it was typed; one of several letters is upright, or it would be a product."""
        shown = spelled(self.name)
        if shown.isalpha() and len(shown) > 1:
            shown = rf"\operatorname{{{shown}}}"
        if self.below_label:
            shown += f"_{{{self.below_label}}}"
        if self.above_label == "*":
            return f"{shown}^{{*}}"
        return shown + (f"^{{({self.above_label})}}" if self.above_label else "")

    def meaning(self, value: Any = None, ranges: tuple = ()) -> Meaning:
        """The name with its value; without one it serves only to see which uses fit."""
        placeholder = PLACEHOLDER if self.whole or self.definition or self.rank else None
        return Meaning(
            word=self.name.word,
            value=placeholder if value is None else value,
            rank=self.rank,
            above=self.above,
            above_label=self.above_label,
            below_label=self.below_label,
            ranges=ranges,
            function=self.function,
            accents=self.name.accents,
            decoration=self.decoration,
            through=self.through,
            inner=self.inner,
            arity=self.arity,
            vector=(self.vector, self.definition) if self.vector else None,
        )


def bracket_above(scripts: g.Scripts) -> list[g.Node]:
    """What stands in brackets above a name, perhaps beside a transpose."""
    above = scripts.above.factors[0][1] if isinstance(scripts.above, g.Product) else scripts.above
    return list(above.items) if isinstance(above, g.Bracket) else []


def use_of(node: g.Node) -> Use:
    """A name on its own as a use. Raises ReadError for anything else."""
    scripts = node if isinstance(node, g.Scripts) else g.Scripts(node, at=node.at)
    if not isinstance(scripts.base, g.Name):
        raise ReadError("A name is needed here.", node.at)
    return Use(scripts.base, scripts, {})


def rank_said(node: g.Node, kind: object) -> int:
    """How many indices a word such as “matrix” says that a name has."""
    plain = isinstance(node, g.Name) or (isinstance(node, g.Scripts) and not indices(node.below))
    return KINDS.get(kind, 0) if plain and isinstance(kind, str) else 0


def parameters_of(definition: Definition, places: list[g.Node], draft: Draft) -> list[str]:
    """The letters that a definition leaves open: its indices, then its arguments."""
    letters = [p.word for p in places if isinstance(p, g.Name)]
    for argument in definition.arguments if not draft.decoration else ():
        if isinstance(argument, g.Name):
            letters.append(argument.word)
        elif isinstance(argument, g.Scripts):
            letters += [p.word for p in indices(argument.below) if isinstance(p, g.Name)]
    return letters


def kind_is_range(kind: object) -> bool:
    return isinstance(kind, tuple)


def without_minus(left: g.Node, right: g.Node) -> tuple[g.Node, g.Node]:
    """-D = a as D = -a."""
    if isinstance(left, g.Added) and len(left.terms) == 1 and left.terms[0][0] == "-":
        return left.terms[0][1], g.Added((("-", g.Bracket("(", (right,), at=right.at)),), at=right.at)
    return left, right


def letters_summed(all_uses: Iterable[Use]) -> set[str]:
    """Letters over which a sum runs and which stand alone in an index there, such as the z of Σ_z q_z."""
    return {
        piece.word
        for use in all_uses
        for piece in indices(use.scripts.below)
        if isinstance(piece, g.Name) and piece.word in use.bound and not piece.accents
    }


def deep_uses(tree: g.Node | None, bound: Mapping[str, Any]) -> Iterator[Use]:
    """Every name of a tree, those in indices and powers too."""
    for use in uses(tree, bound):
        yield use
        for piece in indices(use.scripts.below):
            for inner in deep_uses(piece, use.bound):
                yield Use(
                    inner.name,
                    inner.scripts,
                    inner.bound,
                    inner.follows,
                    "index" if not inner.scripts.below else inner.role,
                )
        above = use.scripts.above
        if above is not None and not isinstance(above, g.Bracket) and use.name != g.Name("e"):
            for inner in deep_uses(above, use.bound):
                yield Use(inner.name, inner.scripts, inner.bound, inner.follows, "above")


def is_bound(piece: g.Node, bound: Mapping[str, Any]) -> bool:
    return isinstance(piece, g.Name) and piece.word in bound


def is_transposed(scripts: g.Scripts) -> bool:
    """Whether a name or a bracket is transposed, perhaps beside an index above it."""
    above = scripts.above
    parts = [f for _, f in above.factors] if isinstance(above, g.Product) else [above]
    return any(part in TRANSPOSES for part in parts)


def is_identity(drafts: Drafts, use: Use) -> bool:
    """Whether I is the identity matrix: the text has a matrix, and says nothing of I."""
    said = [node for node, _ in (*drafts.supposed.domains, *drafts.supposed.shapes)]
    matrices = any(d.rank == 2 for d in drafts.of.values())
    return matrices and use.follows is None and not any(use_of(node).name == use.name for node in said)


def is_whole_use(use: Use) -> bool:
    """Whether a name is written as a vector or a matrix: in bold, or transposed."""
    return use.name.bold or is_transposed(use.scripts)


def is_vector(use: Use, drafts: Drafts) -> bool:
    """Whether a name is written as a vector; γ^T is a power where T is a size and γ^t stands beside it."""
    if use.name.bold or use.scripts.above != g.Name("T") or "T" not in drafts.sizes:
        return is_whole_use(use)
    same = (u for u in drafts._all_uses() if u.name == use.name and not is_whole_use(u))
    return not any(isinstance(u.scripts.above, (g.Num, g.Name, g.Added)) for u in same)
