"""One step of an iteration, such as w_{t+1} = w_t - η ∇f(w_t), in a text that goes no further than this step.

Where w has no other index and no start with a value, w_t is any value: w_t and w_{t+1} are then two names of
their own, and what is said of w is said of w_t, too. Every other iteration is a recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from . import trees as g
from .names import indices, label
from .rows import Row
from .supposed import Definition, Supposed
from .uses import bounds, sums

PLAIN = "real", "vector"  # what may be said of a start that is any value


def name_steps(found: Supposed, rows: list[Row]) -> None:
    """Give the two sides of each single step names of their own, in the sentences and in the rows."""
    single = [pair for pair in dict.fromkeys(_rules(found, rows)) if _is_single(*pair, found, rows)]
    for name, letter in [*single, *_beside(single, found, rows)]:
        here = g.Name(f"{name.word}_{letter.word}", name.accents, name.bold)
        ahead = g.Name(f"{name.word}_{{{letter.word}+1}}", name.accents, name.bold)

        def renamed(
            node: g.Node, name: g.Name = name, letter: g.Name = letter, both: Any = (here, ahead)
        ) -> Any:
            at = _index(node, name)
            if at is None or not (places := _counts(at, letter)):
                return None
            return _named(node, both[places - 1])

        for d in [d for d in found.definitions if _is_rule(d.scripts, d.body, name)]:
            found.restricted.pop(id(d.body), None)
        for one in fields(found):
            if one.name != "restricted":
                setattr(found, one.name, _mapped(getattr(found, one.name), renamed))
        for row in rows:
            row.step = here if any(_is_rule(*sides, name) for sides in _sides(row)) else row.step
            row.pieces = _mapped(row.pieces, renamed)
            row.gap, row.tail = _mapped(row.gap, renamed), _mapped(row.tail, renamed)
        _say_of(here, name, found)


def _say_of(here: g.Name, name: g.Name, found: Supposed) -> None:
    """What is said of w and of a w_0 that is any value holds for w_t."""
    for said in (found.shapes, found.domains):
        starts = [entry for entry in said if isinstance(entry[0], g.Scripts) and entry[0].base == name]
        of_name = [entry for entry in said if entry[0] == name]
        said[:] = [entry for entry in said if entry not in starts]
        if not any(entry[0] == here for entry in said):
            said += [(here, entry[1]) for entry in [*of_name, *starts][:1]]


def _rules(found: Supposed, rows: list[Row]) -> Iterator[tuple[g.Name, g.Name]]:
    """Each name that an equation gives one step on, with the letter that counts the steps."""
    for left, body in _equations(found, rows):
        ahead = _ahead(left)
        if ahead and _is_rule(left, body, ahead[0]):
            yield ahead


def _beside(
    single: list[tuple[g.Name, g.Name]], found: Supposed, rows: list[Row]
) -> Iterator[tuple[g.Name, g.Name]]:
    """What is defined at the same step, such as g_t = ∇f(w_t), and named at no other."""
    for left, body in _equations(found, rows):
        for name, letter in single:
            own = left.base if isinstance(left, g.Scripts) else None
            if own in [one for one, _ in single] or not any(
                _counts(_index(u, name), letter) for u in _uses(body, name)
            ):
                continue
            if all(_counts(_index(use, own), letter) == 1 for use in _every(own, found, rows)):
                yield own, letter
                break


def _equations(found: Supposed, rows: list[Row]) -> list[tuple[g.Node, g.Node]]:
    sides = [(d.scripts, d.body) for d in found.definitions if not d.arguments]
    return sides + [pair for row in rows for pair in _sides(row)]


def _every(name: Any, found: Supposed, rows: list[Row]) -> list[Any]:
    """Each place of a text, its definitions included, at which a name stands in a formula."""
    trees = [*found.trees(), *(d.scripts for d in found.definitions), *(t for row in rows for t in row.trees)]
    return [use for tree in trees for use in _uses(tree, name)]


def _sides(row: Row) -> list[tuple[g.Node, g.Node]]:
    """The two sides of the equation with which a row begins."""
    begins = row.pieces[1:] and not row.continues and row.signs[0] == "="
    return [(row.pieces[0], row.pieces[1])] if begins else []


def _ahead(left: g.Node) -> tuple[g.Name, g.Name] | None:
    """The w and the t of w_{t+1} or w^{(t+1)}."""
    name = left.base if isinstance(left, g.Scripts) else None
    alone = isinstance(name, g.Name) and len(indices(left.below)) == (left.above is None)  # type: ignore[union-attr]
    at = _index(left, name) if alone else None
    letter = at.terms[0][1] if isinstance(at, g.Added) else None
    return (name, letter) if isinstance(letter, g.Name) and _counts(at, letter) == 2 else None


def _is_rule(left: g.Node, body: g.Node, name: g.Name) -> bool:
    ahead = _ahead(left)
    if ahead is None or ahead[0] != name:
        return False
    return any(
        (at := _index(use, name)) is not None and _counts(at, ahead[1]) == 1 for use in _uses(body, name)
    )


def _index(node: g.Node, name: g.Name | None) -> g.Node | None:
    """The first index of a name, or what stands in brackets above it."""
    if not isinstance(node, g.Scripts) or node.base != name:
        return None
    above = node.above.factors[0][1] if isinstance(node.above, g.Product) else node.above
    if isinstance(above, g.Bracket) and len(above.items) == 1:
        return above.items[0]
    return next(iter(indices(node.below)), None)


def _counts(at: g.Node | None, letter: g.Name) -> int:
    """1 for t, 2 for t + 1, else 0."""
    return {letter.word: 1, f"{letter.word}+1": 2, f"1+{letter.word}": 2}.get(label(at), 0)


def _is_letter(at: g.Node, letter: g.Name) -> bool:
    return isinstance(at, g.Name) and at != letter


def _named(node: g.Scripts, name: g.Name) -> g.Node:
    """w_{t,i}^T with the name that w_t has, and what else stands at it."""
    name = replace(name, at=node.at)
    above, below = node.above, indices(node.below)
    if isinstance(above, g.Product) and isinstance(above.factors[0][1], g.Bracket):
        above = above.factors[1][1] if len(above.factors) == 2 else g.Product(above.factors[1:], at=above.at)
    elif isinstance(above, g.Bracket):
        above = None
    else:
        below = below[1:]
    index = None if not below else below[0] if len(below) == 1 else g.Listed(tuple(below), at=node.at)
    return name if index is None and above is None else replace(node, base=name, below=index, above=above)


def _is_single(name: g.Name, letter: g.Name, found: Supposed, rows: list[Row]) -> bool:
    """Whether a text names one value of the iteration and the next, and nothing says where it starts."""
    trees = [*found.trees(), *(tree for row in rows for tree in row.trees)]
    if any(letter.word in bounds(sign)[0] for tree in trees for sign in sums(tree)):
        return False
    said = [node for node, _ in found.shapes] + [node for node, kind in found.domains if kind in PLAIN]
    every = _every(name, found, rows)
    entries = name in [node for node, _ in found.shapes]  # w_i is an entry of w
    alone = [
        use for use in every if (at := _index(use, name)) is None or (entries and _is_letter(at, letter))
    ]
    if not all(_counts(_index(use, name), letter) for use in every if use not in alone):
        return False
    if any(_counts(_index(left, name), letter) == 1 for left, _ in _equations(found, rows)):
        return False  # after w_t = a^t the next value is a claim
    alone = [use for use in alone if getattr(use, "above", None) != g.Name("*")]
    starts = [node for node in said if isinstance(node, g.Scripts) and node.base == name]
    return not starts or bool(alone) or any(_counts(_index(node, name), letter) for node in starts)


def _uses(tree: Any, name: g.Name) -> Iterator[Any]:
    """Each place of a tree at which the name stands, with its scripts; in scripts, too."""
    if tree == name or (isinstance(tree, g.Scripts) and tree.base == name):
        yield tree
    elif isinstance(tree, tuple):
        for part in tree:
            yield from _uses(part, name)
    elif isinstance(tree, g.Node):
        for one in fields(tree):
            yield from _uses(getattr(tree, one.name), name)


def _mapped(thing: Any, change: Callable[[g.Node], Any]) -> Any:
    """A tree, or all that holds trees, with each piece that `change` has another one for."""
    if isinstance(thing, g.Node) and (changed := change(thing)) is not None:
        return changed
    if isinstance(thing, (list, tuple)):
        return type(thing)(_mapped(part, change) for part in thing)
    if isinstance(thing, dict):
        return {key: _mapped(value, change) for key, value in thing.items()}
    if isinstance(thing, (g.Node, Definition)):
        made = replace(thing, **{f.name: _mapped(getattr(thing, f.name), change) for f in fields(thing)})
        named = isinstance(made, Definition) and isinstance(made.scripts, g.Name)
        return replace(made, scripts=g.Scripts(made.scripts, at=made.scripts.at)) if named else made
    return thing
