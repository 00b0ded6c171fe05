"""Whether a name, as it is written, can have a meaning: its labels, its indices, and what is left above."""

from __future__ import annotations

from . import trees as g
from .grids import Grid
from .names import Meaning, digits, indices, is_whole, label, spelled
from .supposed import TRANSPOSED

STAR = g.Name("*")  # s^* is a name of its own
TRANSPOSES = TRANSPOSED


def fitting(m: Meaning, scripts: g.Scripts) -> tuple[Meaning, list[g.Node], g.Node | None, int] | None:
    """The indices and the power that a name has if it means `m`; None if labels or indices do not match."""
    below, above, score = scripts.below, scripts.above, 0
    if above == STAR and m.above_label != "*":
        return None
    if m.above_label:
        rest = _without_label(above, m.above_label)
        if rest is None:
            return None
        above, score = rest[0], score + 2
    places: list[g.Node] = []
    if m.above:
        place = _index_above(above)
        if place is None:
            return (m, [], above, score) if below is None and (above is None or above in TRANSPOSES) else None
        (index, above) = place
        places = [index]
    if m.below_label:
        if label(below) != m.below_label:
            return None
        return m, places, above, score + 2
    found = digits(below, m.rank)
    may_be_whole = (
        is_whole(m.value) or isinstance(m.value, Grid) or (isinstance(m.value, type) and not m.function)
    )
    if len(found) not in ({m.rank, m.rank - m.inner} | ({0} if may_be_whole else set())):
        return None
    if (
        isinstance(above, g.Bracket)
        and not m.function
        and (
            above.kind == "["
            or (len(above.items) == 1 and isinstance(above.items[0], (g.Name, g.Num, g.Added)))
        )
    ):
        return None  # a bracket above is a label, which this name does not have
    return m, places + found, above, score + (len(found) == m.rank)


def _index_above(above: g.Node | None) -> tuple[g.Node, g.Node | None] | None:
    """The index in brackets above a name, and what stands beside it, such as a transpose."""
    parts = [above] if above is not None else []
    if isinstance(above, g.Product) and all(sign == "" for sign, _ in above.factors):
        parts = [f for _, f in above.factors]
    if not parts or not isinstance(parts[0], g.Bracket) or len(parts[0].items) != 1 or len(parts) > 2:
        return None
    return parts[0].items[0], parts[1] if len(parts) == 2 else None


def _without_label(above: g.Node | None, wanted: str) -> tuple[g.Node | None] | None:
    """What is left above a name once its label is taken away; None if it is not there."""
    if above is None:
        return None
    if label(above) == wanted:
        return (None,)
    parts = list(above.items) if isinstance(above, g.Listed) else []
    if isinstance(above, g.Product) and all(sign == "" for sign, _ in above.factors):
        parts = [f for _, f in above.factors]
    if len(parts) == 2 and label(parts[0]) == wanted:
        return (parts[1],)
    if len(parts) == 2 and label(parts[1]) == wanted:
        return (parts[0],)
    return None


def misfit(name: g.Name, known: list[Meaning], scripts: g.Scripts) -> str:
    shown = spelled(name)
    if scripts.above == STAR:
        return "The “*” above a name is not a power: say in a “Let” what the name is."
    if isinstance(scripts.above, g.Bracket) and not any(m.above_label for m in known):
        above = label(scripts.above)
        return f"{shown} has no label {above}: say in a “Let” what {shown}^{{({above})}} is."
    labels = ", ".join(f"{shown}^{{({m.above_label})}}" for m in known if m.above_label)
    if labels and scripts.above is None:
        return f"{shown} is only known with a label, as {labels}."
    if labels and label(scripts.above) not in {m.above_label for m in known}:
        above = label(scripts.above)
        return f"{shown} is known as {labels}: say in a “Let” what {shown}^{{({above})}} is."
    ranks = sorted({m.rank + m.above for m in known})
    counts = " or ".join("no index" if r == 0 else f"{r} ind{'ex' if r == 1 else 'ices'}" for r in ranks)
    return f"{shown} takes {counts}, and here it has {len(indices(scripts.below))}."
