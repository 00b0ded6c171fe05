"""Where names are used in a tree, and which letters sums bind there; which indices run alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import trees as g
from .latex import ReadError
from .names import indices, label

Ends = tuple[g.Node, g.Node]


@dataclass(frozen=True)
class Use:
    """A name where it is used.

    bound   the letters that sums bind there, each with the node of its range in `Spans`
    follows the bracket after it, if any
    role    "value", or "bound" where a sum begins or ends
    """

    name: g.Name
    scripts: g.Scripts
    bound: Mapping[str, Any]
    follows: g.Bracket | None = None
    role: str = "value"


def uses(node: g.Node | None, bound: Mapping[str, Any], role: str = "value") -> Iterator[Use]:
    """Every name of a tree but those in the scripts of other names."""
    match node:
        case g.Name():
            yield Use(node, g.Scripts(node, at=node.at), bound, role=role)
        case g.Scripts(base=g.Name() as name):
            yield Use(name, node, bound, role=role)
            if name == g.Name("e"):
                yield from uses(node.above, bound, role)
        case g.Scripts():
            for part in (node.base, node.below, node.above):
                yield from uses(part, bound, role)
        case g.Acts(operator=g.Scripts(base=g.Sign(name="sum" | "prod")) as sign, body=body):
            yield from _of_sum(sign, body, bound)
        case g.Product():
            yield from _of_product(node, bound, role)
        case _:
            for part in _parts(node):
                yield from uses(part, bound, role)


def _of_sum(sign: g.Scripts, body: g.Node, bound: Mapping[str, Any]) -> Iterator[Use]:
    letters, low, high, condition = bounds(sign)
    inner = {**bound, **{letter: ("sum", id(sign), letter) for letter in letters}}
    for part in (low, high):
        yield from uses(part, bound, "bound")
    if isinstance(condition, g.Related):
        yield from uses(condition.pieces[1], bound, "index")
    yield from uses(body, inner)


def _of_product(node: g.Product, bound: Mapping[str, Any], role: str) -> Iterator[Use]:
    for k, (_, factor) in enumerate(node.factors):
        sign, after = node.factors[k + 1] if k + 1 < len(node.factors) else ("*", None)
        after = after.base if isinstance(after, g.Scripts) and isinstance(after.base, g.Bracket) else after
        called = after if sign == "" and isinstance(after, g.Bracket) and after.kind in "([{" else None
        head = factor.base if isinstance(factor, g.Scripts) else factor
        found = list(uses(factor, bound, role))
        if called and isinstance(head, g.Name) and found:
            found[0] = Use(found[0].name, found[0].scripts, bound, called, role)
        yield from found


def _parts(node: g.Node | None) -> Iterator[g.Node | None]:
    match node:
        case g.Acts():
            yield from (node.operator, node.body)
        case g.Added():
            yield from (term for _, term in node.terms)
        case g.Frac():
            yield from (node.above, node.below)
        case g.Root():
            yield from (node.inside, node.order)
        case g.Bracket() | g.Listed():
            yield from node.items
        case g.Related():
            yield from node.pieces
        case g.Cases():
            yield from (part for row in node.rows for part in row)


def sums(node: g.Node | None) -> Iterator[g.Scripts]:
    """The signs of all sums and products of a tree, in scripts too."""
    operator = node.operator if isinstance(node, g.Acts) else None
    if isinstance(operator, g.Scripts) and operator.base in (g.Sign("sum"), g.Sign("prod")):
        yield operator
    if isinstance(node, g.Product):
        for _, factor in node.factors:
            yield from sums(factor)
    elif isinstance(node, g.Scripts):
        for part in (node.base, node.below, node.above):
            yield from sums(part)
    elif not isinstance(node, (g.Name, g.Num, g.Words, g.Sign)):
        for part in _parts(node):
            yield from sums(part)


def products(node: g.Node | None) -> Iterator[g.Product]:
    """All products of a tree, in scripts too."""
    if isinstance(node, g.Product):
        yield node
        inside: Iterator[g.Node | None] = (factor for _, factor in node.factors)
    elif isinstance(node, g.Scripts):
        inside = iter((node.base, node.below, node.above))
    else:
        inside = iter(()) if isinstance(node, (g.Name, g.Num, g.Words, g.Sign)) else _parts(node)
    for part in inside:
        yield from products(part)


def every(node: g.Node | None) -> Iterator[g.Node]:
    """Every piece of a tree but those in scripts."""
    if node is None:
        return
    yield node
    if isinstance(node, g.Product):
        inside: Iterator[g.Node | None] = (factor for _, factor in node.factors)
    else:
        plain = isinstance(node, (g.Name, g.Num, g.Words, g.Sign))
        inside = iter(()) if plain else iter((node.base,)) if isinstance(node, g.Scripts) else _parts(node)
    for part in inside:
        yield from every(part)


def means(node: g.Node | None) -> Iterator[tuple[g.Scripts, str, g.Name]]:
    """Each sum that says no end, its index, and the letter that it is divided by: the n of 1/n Σ_i x_i."""
    for part in every(node):
        above, below = [], []
        if isinstance(part, g.Product):
            above = [f for sign, f in part.factors if sign != "/"]
            below = [f for sign, f in part.factors if sign == "/"]
            below += [f.below for f in above if isinstance(f, g.Frac)]
        elif isinstance(part, g.Frac):
            above = [f for _, f in part.above.factors] if isinstance(part.above, g.Product) else [part.above]
            below = [part.below]
        below = [f for b in below for f in ([x for _, x in b.factors] if isinstance(b, g.Product) else [b])]
        for name in (one for one in below if isinstance(one, g.Name) and not one.accents):
            for sign in (f.operator for f in above if isinstance(f, g.Acts)):
                plain = isinstance(sign, g.Scripts) and sign.base == g.Sign("sum") and sign.above is None
                letter = sign.below.word if plain and isinstance(sign.below, g.Name) else ""
                if letter in g.INDEX_LETTERS and (name.word in "nNmM" or name.word == letter.upper()):
                    yield sign, letter, name


class Spans:
    """Which indices and which directions of arrays run over the same range.

    Nodes are joined as a text uses one as an index of the other; `ends` collects the ranges that it says.
    """

    def __init__(self) -> None:
        self.parent: dict[Any, Any] = {}
        self.ends: dict[Any, list[Ends]] = {}
        self.open: set[Any] = set()  # what is read at shifted places too, such as v_{t-1}

    def find(self, node: Any) -> Any:
        while self.parent.setdefault(node, node) != node:
            node = self.parent[node]
        return node

    def join(self, one: Any, other: Any) -> bool:
        """Both run over the same range. False if the text says two different ones: then they stay apart."""
        one, other = self.find(one), self.find(other)
        if one != other and not self._differ(one, other):
            self.parent[one] = other
            self.ends.setdefault(other, []).extend(self.ends.pop(one, []))
        return self.find(one) == self.find(other)

    def _differ(self, one: Any, other: Any) -> bool:
        said = [{(label(low), label(high)) for low, high in self.ends.get(node, [])} for node in (one, other)]
        return bool(said[0] and said[1] and said[0] != said[1])

    def give(self, node: Any, ends: Ends) -> None:
        """The text says this range."""
        self.ends.setdefault(self.find(node), []).append(ends)

    def of(self, node: Any) -> list[Ends]:
        """The different ranges that the text says for it: one, if all is well."""
        different: dict[tuple[str, str], Ends] = {}
        for low, high in self.ends.get(self.find(node), []):
            different.setdefault((label(low), label(high)), (low, high))
        return list(different.values())

    def is_open(self, node: Any) -> bool:
        """Whether the text reads beyond the plain range, or over several ranges: then no length is known."""
        root = self.find(node)
        return any(self.find(other) == root for other in self.open) or len(self.of(node)) > 1

    def begins_at_one(self, node: Any) -> bool:
        return all(label(low) == "1" for low, _ in self.of(node))


def bounds(scripts: g.Scripts) -> tuple[list[str], g.Node | None, g.Node | None, g.Node | None]:
    """Letters, first and last value, and the condition of a sum or a product."""
    below, high = scripts.below, scripts.above
    if below is None:
        return [], None, high, None
    if isinstance(below, g.Related) and isinstance(below.pieces[0], g.Name):
        letter = below.pieces[0].word
        if below.signs == ("=",):
            return [letter], below.pieces[1], high, None
        if len(below.signs) == 1 and below.signs[0] in ("ne", "<", "le", ">", "ge"):
            return [letter], None, high, below
    names = [n for piece in indices(below) for n in [piece]]
    if all(isinstance(n, g.Name) and not n.accents for n in names):
        return [n.word for n in names if isinstance(n, g.Name)], None, high, None
    if isinstance(below, g.Related) and set(below.signs) <= {"le", "<"} and len(below.signs) == 2:
        low, middle, last = below.pieces
        if isinstance(middle, g.Name):
            one = g.Num("1")
            first = low if below.signs[0] == "le" else g.Added((("+", low), ("+", one)), at=low.at)
            final = last if below.signs[1] == "le" else g.Added((("+", last), ("-", one)), at=last.at)
            return [middle.word], first, final, None
    raise ReadError("It is not understood over what this sum or product runs.", scripts.at)
