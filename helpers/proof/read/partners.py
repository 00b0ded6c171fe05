"""Which letters are vectors, by what stands beside them, and which may be where nothing says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from . import trees as g
from .draft import Draft, is_transposed, rank_said, use_of
from .grids import Misfit
from .latex import ReadError
from .names import indices, spelled
from .uses import Use, products, uses

if TYPE_CHECKING:
    from .drafts import Drafts


SIZE = (
    "Is {0} a vector or a matrix? Say its size in a line that begins with “Let”, as in “Let "
    "${0} \\in \\mathbb{{R}}^{{m \\times n}}$”."
)


def find_partners(drafts: Drafts, tree: g.Node) -> None:
    """In wᵀx, where w is a vector, x is one."""
    for product in products(tree):
        for (_, one), (sign, other) in zip(product.factors, product.factors[1:], strict=False):
            name = other.base if isinstance(other, g.Scripts) else other
            if (
                sign
                or not isinstance(name, g.Name)
                or not isinstance(one, g.Scripts)
                or not is_transposed(one)
            ):
                continue
            found = drafts.find(Use(name, other if isinstance(other, g.Scripts) else g.Scripts(name), {}))
            if isinstance(found, Draft) and not (found.rank or found.definition or found.function):
                found.rank, found.whole = 1, True


def unsized(drafts: Drafts, trees: Iterable[g.Node]) -> str:
    """A capital that stands there as a whole, and nothing says what it is; "" for none."""
    sized = {use_of(node).name for node, _ in drafts.supposed.shapes}
    sized |= {use_of(node).name for node, kind in drafts.supposed.domains if rank_said(node, kind)}
    sized |= {use.name for use in drafts._all_uses() if indices(use.scripts.below)}
    for use in (use for tree in trees for use in uses(tree, {})):
        found = drafts.find(use)
        plain = isinstance(found, Draft) and found.whole and found.definition is None
        if plain and use.name.word.rpartition(" ")[2].isupper() and use.name not in sized:
            return spelled(use.name)
    return next((spelled(name) for tree in trees for name in _after_matrices(drafts, tree)), "")


def _after_matrices(drafts: Drafts, tree: g.Node) -> Iterator[g.Name]:
    """The w of Xw, where X is a matrix and no sentence says that w is a number: it may be a vector."""
    numbers = [node for node, kind in drafts.supposed.domains if kind != "real"] + drafts.supposed.numbers
    for product in products(tree):
        for (_, one), (sign, other) in zip(product.factors, product.factors[1:], strict=False):
            if sign or not isinstance(other, g.Name) or not isinstance(one, (g.Name, g.Scripts)):
                continue
            base = one.base if isinstance(one, g.Scripts) else one
            found = [drafts.find(use_of(node)) for node in (one, other) if isinstance(base, g.Name)]
            sizes = [f.rank for f in found if isinstance(f, Draft) and not (f.definition or f.function)]
            if sizes == [2, 0] and other not in numbers:
                yield other


def demand_sizes(drafts: Drafts, draft: Draft, reason: Exception) -> None:
    """Raises ReadError where sizes do not fit, and a letter may be a vector of which nothing is said."""
    body = draft.definition.body if draft.definition else None
    name = unsized(drafts, [body]) if isinstance(reason, Misfit) and body is not None else ""
    if name:
        raise ReadError(SIZE.format(name), draft.name.at)


def equally_long(drafts: Drafts) -> Iterator[tuple[Draft, Draft]]:
    """A vector with another one: u in f(u) with the x of f(x), and the mean of x with x."""
    pairs: list[tuple[g.Node, g.Node]] = []
    for use in drafts._all_uses():
        found = drafts.find(use)
        items = use.follows.items if use.follows and getattr(found, "vector", None) else ()
        pairs += [(items[0], found.vector)] if len(items) == 1 else []  # type: ignore[union-attr, list-item]
    pairs += [
        (value, node) for node, kind, value in drafts.supposed.moments if _has_vector(drafts, node, kind)
    ]
    for names in (pair for pair in pairs if all(isinstance(name, g.Name) for name in pair)):
        one, other = (drafts.find(use_of(name)) for name in names)
        if isinstance(one, Draft) and isinstance(other, Draft) and not (one.above or other.above):
            yield one, other


def _has_vector(drafts: Drafts, node: g.Node, kind: str) -> bool:
    """Whether this is the mean of a vector whose entries have no common law: it is a vector, too."""
    supposed = drafts.supposed
    said = [one for one, _ in supposed.shapes] + [n for n, word in supposed.domains if word == "vector"]
    varied = [one for one, which, _ in supposed.moments if which == "variance"]
    return kind == "mean" and node in said and node not in (*varied, *supposed.apart)
