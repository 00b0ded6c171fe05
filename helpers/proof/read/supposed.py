"""All that the sentences of a text define and suppose, as trees: nothing is understood of names yet."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, fields, replace
from typing import Any

from . import trees as g
from .latex import ReadError
from .uses import uses

PART_ONLY = "What holds for a part of an array only is not read here: give that part a name of its own."
TRANSPOSED = {g.Name("top"), g.Name("T"), g.Words("T"), g.Words("⊤")}


@dataclass(frozen=True)
class Definition:
    """`name` with its scripts, the names of its arguments, and what it stands for."""

    scripts: g.Scripts
    arguments: tuple[g.Node, ...]
    body: g.Node
    row: Any = None  # the row that defines it, if no sentence does
    start: Start | None = None  # of a recursion
    of: tuple[g.Node, ...] = ()  # on what it depends, if that is all that the text says

    @property
    def name(self) -> g.Name:
        assert isinstance(self.scripts.base, g.Name)
        return self.scripts.base


@dataclass(frozen=True)
class Start:
    """Which index of a recursion is its level, and the definition that says where it starts."""

    place: int
    definition: Definition


@dataclass
class Supposed:
    """All that the sentences of a text define and suppose, as trees."""

    definitions: list[Definition] = field(default_factory=list)
    domains: list[tuple[g.Node, object]] = field(
        default_factory=list
    )  # a word, or ("whole" or "open", low, high)
    facts: list[tuple[g.Node, g.Node]] = field(default_factory=list)
    conditions: list[g.Related] = field(default_factory=list)
    ranges: dict[str, tuple[g.Node, g.Node]] = field(default_factory=dict)
    shapes: list[tuple[g.Node, tuple[g.Node, ...]]] = field(default_factory=list)
    counts: set[str] = field(default_factory=set)  # letters that are any whole number from 1 on
    count_arrays: list[g.Scripts] = field(default_factory=list)  # the same of arrays, as d_l = 1, 2, …
    layers: set[str] = field(default_factory=set)
    superscripts: bool = False  # whether every superscript is a layer
    laws: list[tuple[g.Node, str, tuple[g.Node, ...]]] = field(default_factory=list)  # name, law, arguments
    drawn: list[g.Node] = field(default_factory=list)  # names whose law gives whole numbers
    moments: list[tuple[g.Node, str, g.Node]] = field(
        default_factory=list
    )  # name, "mean" or "variance", value
    in_words: list[tuple[g.Node, str]] = field(default_factory=list)  # name, and what it is said to be
    independent: list[list[Any]] = field(default_factory=list)  # of names, and of tuples of them: blocks
    alike: list[Any] = field(default_factory=list)  # names that are said to be identically distributed
    described: list[g.Node] = field(default_factory=list)  # called a loss, a prediction and so on
    fixed: set[str] = field(default_factory=set)  # indices that stand for one number
    numbers: list[g.Node] = field(default_factory=list)  # names of which it is said that they are numbers
    apart: list[g.Node] = field(default_factory=list)  # names the entries of which are independent
    functions: list[g.Node] = field(default_factory=list)  # names that are called functions, and no more
    costs: list[tuple[g.Node, tuple[g.Node, ...]]] = field(default_factory=list)  # and on what they depend
    words: set[str] = field(default_factory=set)  # names of several letters
    numbered: list[tuple[g.Node, object, list[g.Related]]] = field(
        default_factory=list
    )  # what is said of x_1
    hypothesis: tuple[g.Scripts, g.Node] | None = None  # of an induction: an equation at a neighbouring level
    restricted: dict[int, list[g.Related]] = field(default_factory=dict)  # for which indices a body holds
    mentioned: list[g.Node] = field(default_factory=list)  # what cases suppose: it names letters, and no more
    letters: list[g.Scripts] = field(default_factory=list)  # w_0 beside a defined w_t: a letter of its own
    unsaid: list[g.Scripts] = field(
        default_factory=list
    )  # of those, where recursions start, if nothing says it
    operators: dict[str, g.Node] = field(default_factory=dict)  # letter -> by what \\partial_letter derives

    def copied(self) -> Supposed:
        """Another one that holds the same, and may get more."""
        return replace(self, **{one.name: copy(getattr(self, one.name)) for one in fields(self)})

    def beside(self, before: Supposed) -> Supposed:
        """This without what a reason added to `before` and may not. Raises ReadError if it defines a name.

        That f'(x) = x is no definition of f', and a sum of what is defined has its value without being told.
        """
        if len(self.definitions) > len(before.definitions):
            raise ReadError("A reason defines nothing.")
        defined = [d.name for d in self.definitions]
        new = self.domains[len(before.domains) :]
        kept = [entry for entry in new if _base(entry[0]) not in defined]
        self.domains[len(before.domains) :] = kept
        return self

    @property
    def says_anything(self) -> bool:
        return bool(
            self.definitions
            or self.domains
            or self.facts
            or self.conditions
            or self.shapes
            or self.ranges
            or self.laws
            or self.numbered
        )

    def names_all(self, word: str) -> bool:
        """Whether sentences have named each letter of a word: then it is their product, as ab in ab = 1."""
        said = [*(node for node, _ in self.domains), *(node for node, _ in self.shapes)]
        named = {
            node.word
            for node in map(_base, [*said, *(d.name for d in self.definitions)])
            if isinstance(node, g.Name)
        }
        return set(word) <= named

    def defined_first(self, left: g.Node, right: g.Node) -> tuple[g.Node, g.Node]:
        """A x = b turned round, because it says what the vector b is, which nothing defines yet."""
        plain = isinstance(right, g.Name) and any(node == right for node, _ in self.shapes)
        held = [d.name for d in self.definitions] + [use.name for use in uses(left, {})]
        product = isinstance(left, g.Product) and not any(isinstance(f, g.Bracket) for _, f in left.factors)
        return (right, left) if plain and product and right not in held else (left, right)

    def knows(self, scripts: g.Scripts) -> bool:
        """Whether this is the square of a known y, or the derivative of a defined f: no name of its own."""
        name = scripts.base
        plain = name if scripts.below is None else g.Scripts(name, scripts.below, at=scripts.at)
        if isinstance(scripts.above, g.Num) and plain in [n for n, _ in (*self.domains, *self.shapes)]:
            return True
        if not isinstance(name, g.Name) or "prime" not in name.accents:
            return False
        function = g.Name(name.word, tuple(a for a in name.accents if a != "prime"), name.bold)
        return any(d.name == function for d in self.definitions)

    def demand_formulas(self) -> None:
        """Raises ReadError for a name that words make a mean, a sum or an optimum, and no formula does.

        It would be read as any number, and a right line about the mean be refuted.
        """
        given: list[g.Node] = [d.scripts for d in self.definitions]
        given += [name for name, *_ in (*self.laws, *self.moments)]
        known = list(map(_base, [*given, *(side for fact in self.facts for side in fact)]))
        for name, word in self.in_words:
            if _base(name) not in known:
                raise ReadError(
                    f"“{word}” says in words what a letter is: say it by a formula, as in “Let $m = \\frac1n "
                    "\\sum_{i=1}^n x_i$”."
                )

    def trees(self) -> list[g.Node]:
        """Every tree in which names are used."""
        found: list[g.Node] = [d.body for d in self.definitions]
        for start in (d.start for d in self.definitions if d.start):
            found += [start.definition.scripts, start.definition.body]
        found += self.hypothesis or ()
        for left, right in self.facts:
            found += [left, right]
        found += [part for name, _, arguments in self.laws for part in (name, *arguments)]
        found += [part for name, _, value in self.moments for part in (name, value)]
        found += [condition for *_, conditions in self.numbered for condition in conditions]
        return [*found, *self.conditions, *self.mentioned]


def of_matrix(left: g.Node, right: g.Node) -> tuple[g.Node, str] | None:
    """What A^T = A and Q^T Q = I say of a matrix; None for any other equation."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, g.Scripts) and one == g.Scripts(other, None, one.above) and _turns(one):
            return other, "symmetric"
        factors = [f for _, f in one.factors] if isinstance(one, g.Product) else []
        if len(factors) == 2 and _turns(factors[0]) and factors[0].base == factors[1] and _is_one(other):
            return factors[1], "orthogonal"
    return None


def _turns(node: g.Node) -> bool:
    plain = isinstance(node, g.Scripts) and node.below is None and not node.primes
    return plain and isinstance(node.base, g.Name) and node.above in TRANSPOSED  # type: ignore[attr-defined]


def _is_one(node: g.Node) -> bool:
    return _base(node) == g.Name("I") and getattr(node, "above", None) is None


def _base(node: g.Node) -> g.Node:
    return node.base if isinstance(node, g.Scripts) else node
