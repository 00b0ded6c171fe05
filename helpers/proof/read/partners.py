"""Vectors that are known as such by what stands before them in a product."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import trees as g
from .draft import Draft, is_transposed
from .uses import Use, products

if TYPE_CHECKING:
    from .drafts import Drafts


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
