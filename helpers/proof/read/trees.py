"""The pieces of a formula as they are written, before anything is known about the names in it."""

from __future__ import annotations

from dataclasses import dataclass, field

INDEX_LETTERS = frozenset("ijklmnqrst")
LETTERS = {  # commands that are letters
    *(
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "lambda",
        "mu",
        "nu",
    ),
    *("xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta"),
    *("Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "ell", "infty", "ldots", "emptyset"),
    *("top", "prime", "R"),
}


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a formula; `at` is its place in the text and takes no part in comparisons."""

    at: int = field(compare=False, kw_only=True, default=0)


@dataclass(frozen=True, slots=True)
class Num(Node):
    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A letter or a word, with its accents from the inside out; `bold` marks a whole vector or matrix."""

    word: str
    accents: tuple[str, ...] = ()
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Words(Node):
    """Words in \\text{...}."""

    text: str


@dataclass(frozen=True, slots=True)
class Scripts(Node):
    """`base` with what is written below, above, and as primes."""

    base: Node
    below: Node | None = None
    above: Node | None = None
    primes: int = 0


@dataclass(frozen=True, slots=True)
class Bracket(Node):
    """( ), [ ], { } or | | around items that commas separate."""

    kind: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Product(Node):
    """Factors from left to right, each with the sign before it: "", "*", "/", "odot"."""

    factors: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Added(Node):
    """Terms from left to right, each with "+" or "-"."""

    terms: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Frac(Node):
    above: Node
    below: Node


@dataclass(frozen=True, slots=True)
class Root(Node):
    inside: Node
    order: Node | None = None


@dataclass(frozen=True, slots=True)
class Sign(Node):
    """An operator that acts on what follows it: sum, prod, partial, nabla, lim, log and other functions."""

    name: str


@dataclass(frozen=True, slots=True)
class Related(Node):
    """Two or more pieces with =, <, \\le, \\ne, \\in ... between them."""

    pieces: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """Rows of (value, condition)."""

    rows: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Acts(Node):
    """An operator with all that it acts on: a sum, a product, a limit, a derivative."""

    operator: Node
    body: Node


@dataclass(frozen=True, slots=True)
class Listed(Node):
    """Pieces that commas separate, as in an index."""

    items: tuple[Node, ...]
