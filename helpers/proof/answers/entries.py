"""With which indices the arrays and functions of a question are typed: its own, where it has some."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sympy import Basic, Indexed, IndexedBase, Symbol, preorder_traversal


def entries(
    vocabulary: Mapping[str, object], formulas: Sequence[Basic], secret: Basic
) -> dict[str, tuple[str, ...]]:
    """{"X": ("s", "j")}: indices that the vocabulary has, from the first formula in which X stands with such.

    What stands with no such index anywhere, and what would be the `secret` as a whole, is left out.
    """
    names = {v: name for name, v in vocabulary.items() if isinstance(v, Symbol) and v.is_integer}
    order = list(names)
    found = {}
    for name, value in vocabulary.items():
        if value == secret or secret in _uses(value, secret):
            continue
        used = (_indices(value, formula) for formula in formulas)
        first = next(filter(None, ({one for one in seen if set(one) <= set(names)} for seen in used)), None)
        if first:
            found[name] = tuple(
                names[index] for index in min(first, key=lambda one: [*map(order.index, one)])
            )
    return found


def typed(name: str, base: IndexedBase, indices: Sequence[str] | None) -> str:
    """An entry as it is typed; with numbers where no index is given."""
    places = indices or [str(k + 1) for k in range(_rank(base))]
    return f"{name}[{', '.join(places)}]"


def _rank(value: object) -> int:
    shape = value.shape if isinstance(value, IndexedBase) else getattr(value, "parameters", None)
    return len(shape or (1,))


def _indices(value: object, formula: Basic) -> set[tuple[Basic, ...]]:
    return {e.args[-_rank(value) :] for e in _uses(value, formula)}


def _uses(value: object, formula: Basic) -> Iterator[Basic]:
    """Where `value` stands with its indices."""
    parameters = getattr(value, "parameters", ())
    indexed = bool(parameters) and all(one.is_integer for one in parameters)
    for e in preorder_traversal(formula):
        if (e.base == value) if isinstance(e, Indexed) else (indexed and e.func is value and e.args):
            yield e
