"""What a definition with a letter for the layer says of the next layers: δ^l = ∂C/∂z^l says what δ^{l+1} is.

It is said of those layers that the text names, and of no layer below 0: a^{l-1} stays a letter, or z^l would
be made of z^{l-1}, that of z^{l-2}, and so on without end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from . import trees as g
from .lets import Definition
from .names import label
from .uses import bounds, sums, uses

if TYPE_CHECKING:
    from .drafts import Drafts


def above_it(definition: Definition, drafts: Drafts) -> list[Definition]:
    """The definitions of the same name with other labels that the text uses and does not define."""
    name = definition.name
    place = placed(definition.scripts.above)
    itself = any(use.name == name for use in uses(definition.body, {}))
    bound = {letter for sign in sums(definition.body) for letter in bounds(sign)[0]}
    if place is None or place[0] in bound or itself or (name.word, name.accents) in drafts.bound_above:
        return []
    letter, here = place
    told = {label(d.scripts.above) for d in drafts.supposed.definitions if d.name == name}
    found: dict[int, Definition] = {}
    for use in drafts._all_uses():
        other = placed(use.scripts.above) if use.name == name else None
        if other is None or other[0] != letter or other[1] < 0 or label(use.scripts.above) in told:
            continue
        found[other[1]] = moved(definition, letter, other[1] - here)
    return list(found.values())


def placed(above: g.Node | None) -> tuple[str, int] | None:
    """The letter and the whole number of a label such as l, (l) or [l+1]; None for any other."""
    if isinstance(above, g.Bracket) and above.kind in "([" and len(above.items) == 1:
        above = above.items[0]
    if isinstance(above, g.Name) and above.word in (*g.INDEX_LETTERS, "ell") and not above.accents:
        return above.word, 0
    if not isinstance(above, g.Added) or len(above.terms) != 2:
        return None
    (first, base), (sign, number) = above.terms
    if first == "-" or not isinstance(number, g.Num) or not number.text.isdigit():
        return None
    inner = placed(base) if isinstance(base, g.Name) else None
    return (inner[0], int(sign + number.text)) if inner else None


def moved(definition: Definition, letter: str, by: int) -> Definition:
    """The definition for the layer that lies `by` layers on: its letter is moved wherever it stands."""

    def change(node: g.Node) -> g.Node | None:
        place = placed(node) if isinstance(node, (g.Name, g.Added)) else None
        return _label(letter, place[1] + by, node.at) if place and place[0] == letter else None

    scripts, arguments, body = (
        mapped(part, change) for part in (definition.scripts, definition.arguments, definition.body)
    )
    return replace(definition, scripts=scripts, arguments=arguments, body=body)


def _label(letter: str, place: int, at: int) -> g.Node:
    name = g.Name(letter, at=at)
    if place == 0:
        return name
    return g.Added((("+", name), ("+" if place > 0 else "-", g.Num(str(abs(place)), at=at))), at=at)


def mapped(part: Any, change: Callable[[g.Node], g.Node | None]) -> Any:
    """A tree with what `change` puts in the place of its nodes; None leaves a node and goes on inside it."""
    if isinstance(part, tuple):
        return tuple(mapped(inner, change) for inner in part)
    if not isinstance(part, g.Node):
        return part
    changed = change(part)
    if changed is not None:
        return changed
    inner = {f.name: mapped(getattr(part, f.name), change) for f in fields(part) if f.name != "at"}
    return replace(part, **inner)
