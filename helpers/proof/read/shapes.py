"""Which directions of vectors and matrices are equally long, because a text multiplies or adds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import trees as g
from .draft import Draft, is_transposed
from .drafts import Drafts
from .names import Meaning, indices
from .uses import Spans, Use

Axis = Callable[[Draft | Meaning, int], Any]
ONE = "one"  # the direction of a vector that has a single place
Shape = tuple[Any, Any]  # nodes of rows and of columns


def join_shapes(node: g.Node | None, drafts: Drafts, spans: Spans, axis: Axis) -> Shape | None:
    """Joins what must be equally long inside a tree. Gives its own directions; None for a number."""

    def inside(part: g.Node | None) -> Shape | None:
        return join_shapes(part, drafts, spans, axis)

    match node:
        case g.Name() | g.Scripts(base=g.Name()):
            return _of_name(node, drafts, axis) or _of_defined(node, drafts, inside)
        case g.Scripts(base=g.Bracket() as bracket):
            found = inside(bracket)
            if found and is_transposed(node):
                return found[1], found[0]
            return found if found and _is_power(node.above) else None
        case g.Bracket(items=(item,)):
            return inside(item)
        case g.Added():
            found = [shape for _, term in node.terms if (shape := inside(term)) is not None]
            for shape in found[1:]:
                _join(spans, found[0], shape)
            return found[0] if found else None
        case g.Product():
            return _of_product([inside(factor) for _, factor in node.factors], node, spans)
        case g.Acts():
            return inside(node.body)
        case g.Frac():
            inside(node.below)
            return inside(node.above)
        case g.Related():
            found = [shape for piece in node.pieces if (shape := inside(piece)) is not None]
            for shape in found[1:]:
                _join(spans, found[0], shape)
    return None


def _is_power(above: g.Node | None) -> bool:
    """A whole power or an inverse, which is as large as what it is taken of."""
    minus = g.Added((("-", g.Num("1")),))
    return above == minus or (isinstance(above, g.Num) and above.text.isdigit())


def _join(spans: Spans, one: Shape, other: Shape) -> None:
    for a, b in zip(one, other, strict=True):
        if ONE not in (a, b):
            spans.join(a, b)


def _of_name(node: g.Node, drafts: Drafts, axis: Axis) -> Shape | None:
    scripts = node if isinstance(node, g.Scripts) else g.Scripts(node, at=node.at)
    assert isinstance(scripts.base, g.Name)
    found = drafts.find(Use(scripts.base, scripts, {}))
    if found is not None and found.inner == 1 and len(indices(scripts.below)) == found.rank - 1:  # x_i
        shape = (axis(found, found.above + found.rank - 1), ONE)
        return (shape[1], shape[0]) if is_transposed(scripts) else shape
    whole = scripts.below is None or (found is not None and bool(found.below_label))
    if found is None or not whole or found.rank not in (1, 2) or found.function:
        return None
    first = axis(found, found.above)
    shape = (first, axis(found, found.above + 1) if found.rank == 2 else ONE)
    return (shape[1], shape[0]) if is_transposed(scripts) else shape


def _of_defined(node: g.Node, drafts: Drafts, inside: Callable[[g.Node], Shape | None]) -> Shape | None:
    """A whole vector that is defined, such as z = Wx + b, is as long as what it stands for."""
    scripts = node if isinstance(node, g.Scripts) else g.Scripts(node, at=node.at)
    assert isinstance(scripts.base, g.Name)
    found = drafts.find(Use(scripts.base, scripts, {}))
    plain = isinstance(found, Draft) and not found.rank and not found.function and scripts.below is None
    if not plain or found.definition is None or found.key in drafts.entered:  # type: ignore[union-attr]
        return None
    drafts.entered.add(found.key)  # type: ignore[union-attr]
    shape = inside(found.definition.body)  # type: ignore[union-attr]
    drafts.entered.discard(found.key)  # type: ignore[union-attr]
    return (shape[1], shape[0]) if shape and is_transposed(scripts) else shape


def _of_product(shapes: list[Shape | None], node: g.Product, spans: Spans) -> Shape | None:
    result: Shape | None = None
    for (sign, _), shape in zip(node.factors, shapes, strict=True):
        if shape is None:
            continue
        if result is None:
            result = shape
        elif sign == "odot":
            _join(spans, result, shape)
        else:
            if ONE not in (result[1], shape[0]):
                spans.join(result[1], shape[0])
            result = (result[0], shape[1])
    return None if result == (ONE, ONE) else result
