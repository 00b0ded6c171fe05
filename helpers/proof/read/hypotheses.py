"""The hypotheses of a text: domains, laws, facts, and what of them the formulas of one part need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import IndexedBase, MatrixSymbol, Symbol

from ..statement.given import Given
from ..statement.terms import NamedFunction, symbol
from . import conditions, random_letters, recursions, wholes
from . import trees as g
from .draft import Draft, kind_is_range, use_of
from .grids import Grid
from .latex import ReadError
from .names import Meaning

if TYPE_CHECKING:
    from .values import Values

SUMMING = {  # what a row is that sums to 1 and whose entries are ...
    None: "affine", "positive": "simplex", "unit": "simplex", "nonnegative": "closed simplex",
    "closed unit": "closed simplex", "binary": "onehot", "onehot": "onehot", "simplex": "simplex",
}  # fmt: skip


def make_domains(names: Values) -> None:
    for node, kind, said in names.supposed.numbered:
        found = names.drafts.find(use_of(node))
        if isinstance(found, Draft) and not found.rank and not found.definition:
            names.supposed.domains.append((node, kind))
        else:  # of one entry of an array, or of something that is defined
            names.supposed.conditions += said
    for node, kind in names.supposed.domains:
        if kind in ("smooth", "random", "real", "matrix", "vector"):
            continue
        value = bare(names, node)
        if (
            kind == "nonzero"
            and isinstance(value, (IndexedBase, MatrixSymbol))
            and use_of(node).scripts.below is None
        ):
            square = g.Scripts(g.Bracket("Vert", (node,), at=node.at), None, g.Num("2"), at=node.at)
            names.supposed.conditions.append(g.Related((square, g.Num("0")), (">",), at=node.at))
            continue
        if kind_is_range(kind):
            names.domain[value] = tuple(names.formulas.number(end) for end in kind[1:])  # type: ignore[index]
        else:
            names.domain[value] = together(names.domain.get(value), kind, node)


def bare(names: Values, node: g.Node) -> Any:
    """The letter or the array of a name, whatever its indices."""
    use = use_of(node)
    found = names.drafts.find(use)
    for m in reversed(names.vocabulary.of(use.name)):
        if found is not None and _same(m, found) and isinstance(m.value, (Symbol, IndexedBase, MatrixSymbol)):
            return m.value
    raise ReadError(
        "Only a letter or an array has a domain; a defined quantity has none of its own.", node.at
    )


def given(names: Values, trees: list[g.Node], values: list[Any], components: dict) -> Given:
    """The hypotheses of one part: only what its formulas name."""
    free = dict(components)
    facts_too = [*(side for fact in names.supposed.facts for side in fact), *names.supposed.conditions]
    for letter in sorted(set().union(*(names.free_letters(tree, {}) for tree in (*trees, *facts_too)))):
        ends = (
            None
            if letter in names.sizes
            else names.ends(("free", letter), f"The index {letter}", fresh=False)
        )
        if ends is not None:
            free[symbol(letter, integer=True)] = ends
    # An index whose range ends at d_l comes after l.
    free = dict(
        sorted(free.items(), key=lambda pair: len({s for e in pair[1] for s in e.free_symbols} & set(free)))
    )
    facts = equations(names)
    named = set().union(*(names_in(v) for v in (*values, *(side for fact in facts for side in fact))))
    for law in (law for letter, (_, law) in names.random.items() if letter in named):
        named |= set().union(*(names_in(part) for part in law.parts()))
    named |= {s for pair in free.values() for end in pair for s in end.free_symbols}
    for domain in names.domain.values():
        named |= {s for end in domain if isinstance(domain, tuple) for s in end.free_symbols}
    known = {v: kind for v, kind in names.notation.domains.items() if v in named}
    own = {v: kind for v, kind in names.domain.items() if v in named}
    labels = {array.label for array in named if isinstance(array, IndexedBase)}
    sizes = [s for s in named - labels if isinstance(s, Symbol) and s.is_integer and s.is_positive]
    random, independent = random_letters.of_part(names, named)
    return Given(
        tuple(sorted(sizes, key=str)),
        free,
        {**known, **own},
        facts,
        conditions=(
            *(conditions.condition(names.formulas, c) for c in names.supposed.conditions),
            *recursions.where_it_runs(values, free),
            *conditions.of_factorials(values),
        ),
        random=random,
        independent=independent,
    )


def equations(names: Values) -> tuple[tuple[Any, Any], ...]:
    """The equations that are supposed. Raises ReadError for one between vectors that are known by entries."""
    facts = tuple(
        tuple(wholes.alike([names.formulas.read(left), names.formulas.read(right)]))
        for left, right in names.supposed.facts
    )
    if any(isinstance(side, Grid) for fact in facts for side in fact):
        raise ReadError(
            "An equation between vectors or matrices is supposed here: let it define one of them, as in “Let "
            "$b = A x$”."
        )
    return facts


def together(before: Any, kind: Any, node: g.Node) -> Any:
    """What two sentences say about the same letter; raises ReadError where that cannot be said in one."""
    if before is None or before == kind:
        return SUMMING[None] if kind == "sums to 1" else kind
    if kind == "sums to 1" and before in SUMMING:
        return SUMMING[before]
    if before == "affine" and kind in SUMMING:
        return SUMMING[kind]
    weaker = {
        ("positive", "nonnegative"),
        ("positive", "nonzero"),
        ("unit", "positive"),
        ("onehot", "binary"),
        ("sign", "nonzero"),
        ("symmetric invertible", "symmetric"),
        ("symmetric invertible", "invertible"),
        ("positive definite", "symmetric"),
        ("positive definite", "invertible"),
        ("positive definite", "symmetric invertible"),
        ("orthogonal", "invertible"),
    }
    if {before, kind} == {"symmetric", "invertible"}:
        return "symmetric invertible"
    if (before, kind) in weaker or (before == "simplex" and kind in ("positive", "unit", "nonnegative")):
        return before
    if (kind, before) in weaker:
        return kind
    raise ReadError("Two sentences say different things about the same name: put them into one.", node.at)


def _same(m: Meaning, found: Draft | Meaning) -> bool:
    return (m.rank, m.above, m.above_label, m.below_label) == (
        found.rank,
        found.above,
        found.above_label,
        found.below_label,
    )


def names_in(e: Any) -> set[Any]:
    """Symbols, arrays and matrices of an expression, in definitions and shapes too."""
    if isinstance(e, Grid):
        return set()
    found = set(e.atoms(Symbol, IndexedBase, MatrixSymbol))
    for array in [a for a in found if isinstance(a, (IndexedBase, MatrixSymbol))]:
        found |= {s for size in array.shape or () for s in getattr(size, "free_symbols", ())}
    for function in {type(f) for f in e.atoms(NamedFunction)}:
        found |= names_in(function.body)
    return found
