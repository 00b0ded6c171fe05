"""All kinds by name, and the statement that a seed stands for."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from . import (
    kinds_branches,
    kinds_chains,
    kinds_chance,
    kinds_edges,
    kinds_given,
    kinds_gradients,
    kinds_hypotheses,
    kinds_kinks,
    kinds_limits,
    kinds_names,
    kinds_proofs,
    kinds_quantities,
    kinds_ranges,
    kinds_standard,
    kinds_sums,
)
from .statement import Statement

FILES = (
    kinds_names,
    kinds_branches,
    kinds_sums,
    kinds_kinks,
    kinds_limits,
    kinds_hypotheses,
    kinds_quantities,
    kinds_proofs,
    kinds_chains,
    kinds_ranges,
    kinds_given,
    kinds_chance,
    kinds_gradients,
    kinds_standard,
)
KINDS: dict[str, Callable[[Random], Statement]] = {
    kind.__name__: kind for file in FILES for kind in file.KINDS
}
# A table of their own, so that the fixed sample of the others stays what it is.
EDGES: dict[str, Callable[[Random], Statement]] = {kind.__name__: kind for kind in kinds_edges.KINDS}


def statement(seed: int, number: int, kinds: dict | None = None) -> tuple[str, Statement]:
    """The `number`-th statement of a seed; the kinds take turns."""
    kinds = kinds or KINDS
    name = list(kinds)[number % len(kinds)]
    return name, kinds[name](Random(f"{seed} {number}"))
