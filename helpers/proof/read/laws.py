"""Laws that a sentence says: r ∼ Bernoulli(p), x ∼ N(μ, σ²), s ∼ Uniform{1, …, N}."""

from __future__ import annotations

from collections.abc import Callable

from . import chance
from . import trees as g
from .grammar import parse
from .latex import ReadError, Token
from .names import head_of
from .supposed import Definition, Supposed
from .uses import uses

MOMENTS = {"E": "mean", "bb E": "mean", "V": "variance", "bb V": "variance", "Var": "variance"}


def _each(tree: g.Node) -> list[g.Node]:
    return list(tree.items) if isinstance(tree, g.Listed) else [tree]


def law(read: list[Token], at: int, found: Supposed) -> list[g.Node]:
    """r_i \\sim \\text{Bernoulli}(p), x \\sim \\mathcal{N}(0, \\sigma^2)."""
    head = head_of(parse(list(read[at + 1 :]), {"Bernoulli", "Uniform"}))
    if head is None or not head[1]:
        raise ReadError(
            "This law is not read: Bernoulli(p) and \\mathcal{N}(\\mu, \\sigma^2) are.", read[at].at
        )
    used = [use.name.word.split()[-1] for part in head[1] for use in uses(part, {}) if not use.scripts.below]
    if {"I", "Sigma"} & set(used):
        raise ReadError(
            r"A law of a whole vector is not read: say it of its entries, x_i \sim N(0, 1).", read[at].at
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


def moment(left: g.Node, right: g.Node, found: Supposed, named: Callable[[g.Node], bool]) -> g.Node | None:
    """Enter E[x_i] = 0, E[x_i^2] = 1, Var(w_i) = \\sigma^2 or P(Y_k = 1) = y_k; the name that it is about.

    None for what is no mean; raises ReadError for a mean that no law says. `named`: whether it is a name.
    """
    bracket = left.factors[1][1] if isinstance(left, g.Product) and len(left.factors) == 2 else None
    if not isinstance(left, g.Product) or not isinstance(bracket, g.Bracket):
        return None
    head, name = left.factors[0][1], bracket.items[0] if len(bracket.items) == 1 else None
    matrix = isinstance(right, g.Name) and (right.word == "Sigma" or right.bold)
    if chance.operator_of(head) in ("Cov", "Var") and matrix and name is not None and named(name):
        found.definitions.append(Definition(g.Scripts(right, at=right.at), (), left))
        return name
    if chance.operator_of(head) == "Cov":
        raise ReadError("A covariance is not supposed here: say who is independent of whom.", left.at)
    kind = MOMENTS.get(chance.operator_of(head))
    if isinstance(name, g.Related) and name.signs == ("=",) and name.pieces[1] == g.Num("1"):
        kind = "chance of 1" if head in (g.Name("P"), g.Name("bb P")) else None
        name = name.pieces[0]
    if kind is None or name is None:
        return None
    if kind == "mean" and isinstance(name, g.Scripts) and name.above == g.Num("2"):  # E[x_i^2]
        kind = "square"
        name = name.base if name.below is None else g.Scripts(name.base, name.below, at=name.at)
    if not named(name):
        raise ReadError("Only the mean of a letter, of its square, and its variance are read here.", left.at)
    found.moments.append((name, kind, right))
    return name


def not_put_back(found: Supposed, first: int) -> None:
    """The draws of this sentence are different numbers: its laws, from the place `first` on, say so."""
    if first == len(found.laws) or any(kind != "Uniform" for _, kind, _ in found.laws[first:]):
        raise ReadError(
            "What is drawn without replacement? Write s_t \\sim Uniform\\{1, \\dots, N\\} before it."
        )
    found.laws[first:] = [(name, "without replacement", ends) for name, _, ends in found.laws[first:]]
