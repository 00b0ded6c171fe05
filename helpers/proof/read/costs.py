"""A cost of which a text only says on what it depends, as in “Let C be a differentiable function of z”.

Its rows are about first derivatives at one point. There a differentiable C has a value and slopes, which may
be any numbers, and c + Σ s_k z_k with any c and s_k has them, too. So a row about the value and the first
derivatives holds for every C if it holds for this one, and fails for some C if it fails here. What needs more
of C (second derivatives, another point, a mean) is not judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

from sympy import Basic, Limit

from ..statement.gradient import Gradient
from ..statement.operators import Covariance, Expectation, Variance
from ..statement.recursive import RecursiveFunction
from ..statement.terms import At, NamedFunction, Partial
from . import trees as g
from .latex import ReadError
from .names import indices, label
from .supposed import Definition, Supposed
from .uses import Use
from .uses import uses as uses_in

MORE = (
    "Of {0} the text says only on what it depends: second derivatives, means, limits and values at other "
    "points of it are not judged."
)


def add(supposed: Supposed, uses: Iterable[Use]) -> None:
    """Definitions for costs that the text never writes with an argument: C(z) is a function like others."""
    uses = list(uses)
    for node, arguments in supposed.costs:
        name = node.base if isinstance(node, g.Scripts) else node
        called = any(u.name == name and (u.follows or u.scripts.primes) for u in uses)
        own = indices(node.below) if isinstance(node, g.Scripts) else []
        known = [len(indices(d.scripts.below)) for d in supposed.definitions if d.name == name]
        if called or len(own) in known:
            continue
        _demand_apart(node, arguments, supposed)
        bare = (node, *arguments)
        supposed.domains[:] = [
            (n, k) for n, k in supposed.domains if k not in ("real", "smooth") or n not in bare
        ]
        supposed.functions[:] = [n for n in supposed.functions if n != node]
        supposed.definitions.insert(0, _linear(node, arguments, supposed, uses))


def _linear(node: g.Node, arguments: tuple[g.Node, ...], supposed: Supposed, uses: list[Use]) -> Definition:
    scripts = node if isinstance(node, g.Scripts) else g.Scripts(node)
    word, own = label(scripts.base).replace("\\", ""), indices(scripts.below)  # L_i has a slope for each i
    taken = {use.name.word for use in uses}
    letters = [g.Name(c) for c in "pqruvhgabcdefo" if c not in taken]
    terms: list[tuple[str, g.Node]] = [("+", _at(g.Name(f"{word}(0)"), own))]  # no text can have these names
    for argument in arguments:
        of = argument if isinstance(argument, g.Scripts) else g.Scripts(argument)
        slope = g.Name(f"d{word}/d{_written(of)}".replace("\\", ""))  # as a counterexample shows it
        rank = 0 if _is_single(of) else _rank(of, supposed, uses)
        if not rank and _is_whole(of, supposed) and not own:
            product = g.Product((("", g.Scripts(slope, above=g.Name("top"))), ("", argument)))
            is_matrix = label(of.base)[-1:].isupper()  # tr(Sᵀ Z) is the sum over all entries
            held = (
                g.Product((("", g.Words("tr")), ("", g.Bracket("(", (product,))))) if is_matrix else product
            )
            terms.append(("+", held))
            continue
        # ℓ_i of z_i is a function of that entry; ℓ_i of w is one of all.
        at = [place if place in own else letter for place, letter in _places(of, letters, rank)]
        entry = g.Scripts(of.base, _listed(at), of.above) if rank else argument
        summed = [place for place in at if place not in own]
        term: g.Node = g.Product((("", _at(slope, [*own, *summed])), ("", entry)))
        for letter in summed:
            term = g.Acts(g.Scripts(g.Sign("sum"), letter), term)
        terms.append(("+", term))
    return Definition(scripts, (), g.Added(tuple(terms)), of=arguments)


def _places(of: g.Scripts, letters: list[g.Node], rank: int) -> list[tuple[g.Node | None, g.Node]]:
    """The indices that a sentence writes, each with a letter over which to sum instead."""
    return list(zip_longest(indices(of.below)[:rank], letters[:rank]))


def _listed(at: list[g.Node]) -> g.Node | None:
    return g.Listed(tuple(at)) if len(at) > 1 else at[0] if at else None


def _at(name: g.Name, at: list[g.Node]) -> g.Node:
    return g.Scripts(name, _listed(at)) if at else name


def _rank(of: g.Scripts, supposed: Supposed, uses: list[Use]) -> int:
    """With how many indices the text writes what a cost depends on."""
    written = [(label(u.scripts.above), len(indices(u.scripts.below))) for u in uses if u.name == of.base]
    same = [rank for above, rank in written if above == label(of.above)]
    others = [] if any(same) else [rank for _, rank in written]  # z^{l+1} has as many as z^l_j
    sizes = [len(said) for node, said in supposed.shapes if node == (of if of.above else of.base)]
    return max([len(indices(of.below)), *same, *others, *sizes])


def _is_whole(of: g.Scripts, supposed: Supposed) -> bool:
    """Whether it is a vector as a whole: in bold, or defined by what is in bold or has a size."""
    sized = {node for node, _ in supposed.shapes}
    inside = [u for d in supposed.definitions if label(d.scripts) == label(of) for u in uses_in(d.body, {})]
    names = [of.base, *(u.name for u in inside)]
    return any(isinstance(n, g.Name) and (n.bold or n in sized) for n in names)


def _demand_apart(name: g.Name, arguments: tuple[g.Node, ...], supposed: Supposed) -> None:
    """Raises ReadError if a cost is said to depend on z and on w, where z depends on w: which is ∂C/∂w?"""
    for node in arguments:
        inside, waiting = set(), {_written(node)}
        while waiting:
            inside |= waiting
            bodies = [d.body for d in supposed.definitions if _written(d.scripts) in waiting]
            waiting = {_written(u.scripts) for body in bodies for u in uses_in(body, {})} - inside
        if both := [other for other in arguments if other is not node and _written(other) in inside]:
            of, one, two = label(name), label(node), label(both[0])
            raise ReadError(
                f"{of} is called a function of {one} and of {two}, and {one} depends on {two}: is {one} held "
                f"where {of} is derived by {two}, or not? Name only one of the two.",
                node.at,
            )


def _written(node: g.Node) -> str:
    """A name with its label, without the indices that run."""
    plain = not isinstance(node, g.Scripts) or _is_single(node)
    return label(node if plain else g.Scripts(node.base, None, node.above))


def _is_single(of: g.Scripts) -> bool:
    """Whether it is w_1, one entry or a letter of its own."""
    return any(isinstance(place, g.Num) for place in indices(of.below))


def beyond(value: Any, costs: dict[type, str]) -> str:
    """A sentence if a formula needs more of a cost than its value and slopes at one point; else empty."""
    if not isinstance(value, Basic):
        return ""
    for cost, name in costs.items():
        for one in unfolded(value):
            outer = one.atoms(Partial, Gradient)
            twice = any(_holds(inner, cost) for slope in outer for inner in _slopes(slope.args[0]))
            elsewhere = one.atoms(At, Limit, Expectation, Variance, Covariance)
            moving = one.has(RecursiveFunction) and _holds(value, cost)  # w_t: another point for each t
            if twice or moving or any(_holds(other, cost) for other in elsewhere):
                return MORE.format(name)
    return ""


def _slopes(value: Basic) -> list[Basic]:
    return [slope for one in unfolded(value) for slope in one.atoms(Partial, Gradient)]


def _holds(value: Basic, function: type) -> bool:
    return any(type(call) is function for one in unfolded(value) for call in one.atoms(NamedFunction))


def unfolded(value: Any) -> Iterable[Basic]:
    """A formula, and what each function in it stands for."""
    waiting, seen = [value] if isinstance(value, Basic) else [], set()
    while waiting:
        one = waiting.pop()
        yield one
        functions = {type(call) for call in one.atoms(NamedFunction)} - seen
        seen |= functions
        waiting += [function.body for function in functions]
