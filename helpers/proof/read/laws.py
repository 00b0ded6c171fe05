"""Laws that a sentence says: r ∼ Bernoulli(p), x ∼ N(μ, σ²), s ∼ Uniform{1, …, N}."""

from __future__ import annotations

from . import trees as g
from .grammar import parse
from .latex import ReadError, Token
from .names import head_of
from .supposed import Supposed


def _each(tree: g.Node) -> list[g.Node]:
    return list(tree.items) if isinstance(tree, g.Listed) else [tree]


def law(read: list[Token], at: int, found: Supposed) -> list[g.Node]:
    """r_i \\sim \\text{Bernoulli}(p), x \\sim \\mathcal{N}(0, \\sigma^2)."""
    head = head_of(parse(list(read[at + 1 :]), {"Bernoulli", "Uniform"}))
    if head is None or not head[1]:
        raise ReadError(
            "This law is not read: Bernoulli(p) and \\mathcal{N}(\\mu, \\sigma^2) are.", read[at].at
        )
    if head[0].base == g.Name("Uniform"):  # of whole numbers, or of all numbers between?
        raise ReadError("Is a whole number drawn? Then write Uniform\\{1, \\dots, N\\}.", read[at].at)
    names = _each(parse(read[:at]))
    found.laws += [(name, head[0].base.word.split()[-1], head[1]) for name in names]  # type: ignore[union-attr]
    return names


def drawn(read: list[Token], at: int, found: Supposed) -> list[g.Node]:
    """s_t ∼ Uniform{1, …, N}: a whole number, each equally likely."""
    texts = [t.text for t in read[at + 1 :]]
    if texts[:2] != ["Uniform", "lbrace"] or texts[3:6] != [",", "ldots", ","] or texts[-1] != "rbrace":
        raise ReadError("This law is not read: write Uniform\\{1, \\dots, N\\}.", read[at].at)
    names = _each(parse(read[:at]))
    ends = parse(read[at + 3 : at + 4]), parse(read[at + 7 : -1])
    found.laws += [(name, "Uniform", ends) for name in names]
    found.drawn += names
    return names


def not_put_back(found: Supposed, first: int) -> None:
    """The draws of this sentence are different numbers: its laws, from the place `first` on, say so."""
    if first == len(found.laws) or any(kind != "Uniform" for _, kind, _ in found.laws[first:]):
        raise ReadError(
            "What is drawn without replacement? Write s_t \\sim Uniform\\{1, \\dots, N\\} before it."
        )
    found.laws[first:] = [(name, "without replacement", ends) for name, _, ends in found.laws[first:]]
