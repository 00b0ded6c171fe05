"""What the names of a text mean: letters with accents, their labels, and how their indices are written.

A name is a letter with its accents and labels. A label is a part above or below that never changes, such as
the layer in a^{(l)} or the batch in \\mu_B; an index is a part that takes values, such as j in w_j.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sympy import Expr, IndexedBase, MatrixExpr, Symbol

from .latex import ReadError
from .trees import LETTERS, Added, Bracket, Listed, Name, Node, Num, Product, Related, Scripts, Words

Range = tuple[Expr, Expr]


@dataclass(frozen=True)
class Meaning:
    """What one name stands for.

    value    Symbol, IndexedBase, MatrixSymbol, or the class of a function (`define`, `recursive`, `smooth`)
    rank     how many indices are written below it; `above`: how many above it, before those below
    above_label, below_label   the labels that belong to the name, as `label` writes them
    ranges   the first and last value of each index, those above first, where they are known
    function whether arguments follow in brackets
    """

    word: str
    value: Any
    rank: int = 0
    above: int = 0
    above_label: str = ""
    below_label: str = ""
    ranges: tuple[Range | None, ...] = ()
    function: bool = False
    accents: tuple[str, ...] = ()
    decoration: str = ""  # what always stands in brackets after it
    through: tuple[str, ...] = ()  # arrays whose entries its arguments must be
    inner: int = 0  # how many of its indices, the last ones, may be left out, as in x_i for a vector
    arity: int = 0  # how many things stand in the brackets after it, if a definition of the text says so
    vector: Any = None  # of a function of a vector: the vector's name and the definition

    @property
    def name(self) -> tuple[str, tuple[str, ...]]:
        return self.word, self.accents


@dataclass
class Vocabulary:
    """The meanings of all names; one letter may have several, such as a label y and its entries y_k."""

    meanings: dict[tuple[str, tuple[str, ...]], list[Meaning]] = field(default_factory=dict)

    @property
    def explicit(self) -> bool:
        """Whether a text says in brackets what it sums, so that a term without the index is meant so."""
        return False

    def shown(self, name: Name) -> str:
        """The name as the text writes it, for sentences."""
        return spelled(name)

    def add(self, meaning: Meaning) -> None:
        """Enter a meaning; one with the same labels and indices is replaced, so a text may rename."""
        found = self.meanings.setdefault(meaning.name, [])
        found[:] = [m for m in found if _shape(m) != _shape(meaning)] + [meaning]

    def of(self, name: Name) -> list[Meaning]:
        return self.meanings.get((name.word, name.accents), [])

    def __iter__(self) -> Iterator[Meaning]:
        for meanings in self.meanings.values():
            yield from meanings

    def unknown(self, name: Name) -> ReadError:
        """The sentence about a name that means nothing yet, with the nearest one that does."""
        shown = spelled(name)
        known = sorted({spelled(Name(m.word, m.accents)) for m in self})
        alike = [k for k in known if k.lower() == shown.lower()]
        near = alike or difflib.get_close_matches(shown, known, n=1, cutoff=0.7)
        hint = f"did you mean {near[0]}? Else say" if near else "say"
        return ReadError(
            f"{shown} is not known here: {hint} what it is in a line that begins with “Let”.", name.at
        )


def _shape(m: Meaning) -> tuple:
    return m.rank, m.above, m.above_label, m.below_label, m.function, m.arity


def spelled(name: Name) -> str:
    """The name as LaTeX, for sentences."""
    style, _, letter = name.word.rpartition(" ")
    letter, mark, below = letter.partition("_")  # w_{t+1} may be a name
    shown = rf"\{letter}" if letter in LETTERS and len(letter) > 1 else letter  # \R is a set
    if style:
        command = {"cal": "mathcal", "bb": "mathbb", "frak": "mathfrak", "bold": "mathbf"}.get(style, style)
        shown = rf"\{command}{{{shown}}}"
    for accent in name.accents:
        shown = f"{shown}'" if accent == "prime" else rf"\{accent}{{{shown}}}"
    return shown + mark + below


def label(node: Node | None) -> str:
    """A canonical spelling of what stands above or below a name: (l+1), [l+1] and l+1 give l+1."""
    if node is None:
        return ""
    if isinstance(node, Bracket) and node.kind in "([":
        return ",".join(map(label, node.items))
    if isinstance(node, Num):
        return node.text
    if isinstance(node, Name):
        return spelled(node)
    if isinstance(node, Words):
        return node.text
    if isinstance(node, Listed):
        return ",".join(map(label, node.items))
    if isinstance(node, Related):
        signs = ("", *node.signs)
        return "".join(sign + label(piece) for sign, piece in zip(signs, node.pieces, strict=True))
    if isinstance(node, Added):
        return "".join(s + label(t) for s, t in node.terms).removeprefix("+")
    if isinstance(node, Product):
        return "".join(s + label(f) for s, f in node.factors)
    if isinstance(node, Scripts):
        below, above = label(node.below), label(node.above)
        return (
            label(node.base)
            + (f"_{below}" if below else "")
            + (f"^{above}" if above else "")
            + "'" * node.primes
        )
    return f"?{node.at}"


def indices(node: Node | None) -> list[Node]:
    """What stands in an index, one piece for each index: i, j and ij, but 2i and l-1 are one."""
    if node is None:
        return []
    if isinstance(node, Listed):
        return [piece for item in node.items for piece in indices(item)]
    if isinstance(node, Related) and node.signs == ("ne",):  # \theta_{i \ne k}: theta_i, supposing i \ne k
        return [node.pieces[0]]
    factors = node.factors if isinstance(node, Product) and not isinstance(node.factors[0][1], Num) else ()
    if factors and all(sign == "" and isinstance(f, (Name, Num, Scripts)) for sign, f in factors):
        return [f for _, f in factors]
    return [node]


def digits(node: Node | None, rank: int) -> list[Node]:
    """The indices where a number such as 12 stands for two of them."""
    found = indices(node)
    if len(found) == 1 < rank and isinstance(found[0], Num) and len(found[0].text) == rank:
        return [Num(d, at=found[0].at) for d in found[0].text]
    return found


def is_whole(value: Any) -> bool:
    """Whether a meaning is a vector or a matrix when no index is written."""
    return isinstance(value, (IndexedBase, MatrixExpr))


def is_index(value: Any) -> bool:
    return isinstance(value, Symbol) and bool(value.is_integer)


def head_of(node: Node) -> tuple[Scripts, tuple[Node, ...]] | None:
    """A name with its scripts, and what stands in the brackets after it; None for anything else."""
    arguments: tuple[Node, ...] = ()
    if isinstance(node, Product) and len(node.factors) == 2:
        (_, head), (sign, bracket) = node.factors
        if sign or not isinstance(bracket, Bracket) or bracket.kind != "(":
            return None
        node, arguments = head, bracket.items
    scripts = node if isinstance(node, Scripts) else Scripts(node, at=node.at)
    if isinstance(scripts.base, Words):
        scripts = Scripts(
            Name(scripts.base.text, at=node.at), scripts.below, scripts.above, scripts.primes, at=node.at
        )
    if not isinstance(scripts.base, Name):
        return None
    if scripts.primes:  # f' as a name of its own
        name = primed(scripts.base, scripts.primes)
        scripts = Scripts(name, scripts.below, scripts.above, at=node.at)
    return scripts, arguments


def demand_no_prime(scripts: Scripts, what: str) -> None:
    """Raises ReadError for a prime where it has no meaning: dropped, it would change what is read."""
    if scripts.primes:
        raise ReadError(f"A prime stands at {what}, which is no function of a number.", scripts.at)


def primed(name: Name, primes: int) -> Name:
    """The name with primes as part of it."""
    return Name(name.word, (*name.accents, *["prime"] * primes), name.bold, at=name.at)
