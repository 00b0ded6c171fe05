"""Controls, views and layers: each function checks what it is given and returns its part of the spec.

A *reference* is a number, or the name of a control, of a letter that a layer runs over, or of a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from helpers.plots import PALETTE, check_label

Reference = float | str
DASH = {"-": "", "--": "7 4", ":": "2 4", "-.": "8 4 2 4"}


def plain_list(values: Any) -> list:
    values = values.detach().cpu().numpy() if hasattr(values, "detach") else np.asarray(values)
    if values.dtype.kind not in "fiub":
        return values.tolist()
    return np.vectorize(lambda v: float(f"{v:.5g}"), otypes=[float])(values).tolist()


def _colour(name: str) -> str:
    if name not in PALETTE:
        raise ValueError(f"{name!r} is no colour of the palette: take one of {', '.join(PALETTE)}.")
    return name


# ---------------------------------------------------------------- controls
def slider(
    name: str, stops: Sequence[float], start: float, *, label: str = "", unit: str = "", format: str = ".3g"
) -> dict:
    """A slider over `stops`, such as np.linspace(0, 2, 41) or the settings of a stored table.

    It begins at the stop nearest to `start`; `label` is what a reader sees, `unit` stands after the number.
    """
    stops = [float(f"{v:.10g}") for v in stops]
    if len(stops) < 2:
        raise ValueError(f"The slider {name} has {len(stops)} stops: it needs two at least.")
    near = int(np.abs(np.asarray(stops) - start).argmin())
    return {"kind": "slider", "name": name, "label": label or name, "unit": unit, "stops": stops,
            "start": near, "format": format, "names": None}  # fmt: skip


def buttons(name: str, steps: Sequence[str], *, label: str = "Step") -> dict:
    """Buttons Start, Back and Next over `steps`, each a sentence that says what happens in it."""
    return {"kind": "steps", "name": name, "label": label, "unit": "", "stops": list(range(len(steps))),
            "start": 0, "format": "d", "names": list(steps)}  # fmt: skip


# ---------------------------------------------------------------- layers of a plane
def curve(y: str, over: str, *, label: str = "", colour: str = "blue", dash: str = "-", n: int = 160) -> dict:
    """The reference `y` while the letter `over` runs along the horizontal axis."""
    return {"kind": "curve", "over": over, "x": None, "y": y, "from": None, "to": None, "n": n,
            **_pen(label, colour, dash)}  # fmt: skip


def path(
    x: Reference,
    y: Reference,
    over: str,
    ends: tuple[Reference, Reference],
    *,
    label: str = "",
    colour: str = "green",
    dash: str = "-",
    n: int = 120,
) -> dict:
    """The points (x, y) while the letter `over` runs between `ends`, which may be the name of a control."""
    return {"kind": "path", "over": over, "x": x, "y": y, "from": ends[0], "to": ends[1], "n": n,
            **_pen(label, colour, dash)}  # fmt: skip


def orbit(
    start: dict[str, Reference],
    next: dict[str, Reference],
    n: Reference,
    x: Reference,
    y: Reference,
    *,
    label: str = "",
    colour: str = "orange",
) -> dict:
    """n steps of a recursion: the letters of `start` become what `next` says, all at once; draws (x, y)."""
    if set(start) != set(next):
        raise ValueError(f"start has the letters {sorted(start)}, next {sorted(next)}: they must agree.")
    return {"kind": "orbit", "start": start, "next": next, "n": n, "x": x, "y": y,
            **_pen(label, colour, "-"), "size": 3.5}  # fmt: skip


def contours(
    f: str, x: str, y: str, levels: Sequence[float], *, label: str = "", colour: str = "ink"
) -> dict:
    """Lines on which `f` has the `levels`; `x` and `y` are the letters of the axes. Level 0: a boundary."""
    return {"kind": "contours", "f": f, "x": x, "y": y, "levels": plain_list(levels), "label": label,
            "colour": _colour(colour)}  # fmt: skip


def points(
    x: Any, y: Any, *, group: Sequence[str] | None = None, label: str = "", colour: str = "blue",
    joined: bool = False, dash: str = "-", size: float | None = None, faint: bool = False,
) -> dict:  # fmt: skip
    """Stored numbers: arrays (n,) or `table(...)` rows; `group` has a colour for each, `joined` is a line."""
    pen = _pen(label, colour, dash)
    pen |= {"joined": joined, "size": (0 if joined else 4) if size is None else size, "faint": faint}
    group = None if group is None else [_colour(name) for name in group]
    return {"kind": "points", "x": _stored(x), "y": _stored(y), "group": group, **pen}


def mark(x: Reference, y: Reference, *, label: str = "", colour: str = "orange") -> dict:
    """One point."""
    return {"kind": "mark", "x": x, "y": y, **_pen(label, colour, "-"), "joined": False, "size": 6}


def table(name: str, *at: str) -> dict:
    """Rows of a stored table: its first axes are those of the controls `at`, the last is what is drawn."""
    return {"table": name, "at": list(at)}


def _stored(values: Any) -> Any:
    return values if isinstance(values, dict) else plain_list(values)


def _pen(label: str, colour: str, dash: str) -> dict:
    return {"label": label, "colour": _colour(colour), "dash": DASH[dash], "joined": True, "size": 0}


# ---------------------------------------------------------------- views
def axis(label: str, low: float, high: float, *, log: bool = False) -> dict:
    """An axis from `low` to `high`; the label ends in a unit: "cost (nats)"."""
    if not low < high or (log and low <= 0):
        raise ValueError(f"The axis {label!r} runs from {low} to {high}: low must be below high.")
    check_label("plane's", label)
    return {"label": label, "from": float(low), "to": float(high), "log": log}


def plane(
    x: dict, y: dict, *layers: dict, alt: str, square: bool = False, drag: tuple[str, str] | None = None
) -> dict:
    """Axes with layers. `drag`: a pointer on the plane moves these two controls, as their sliders do."""
    return {"kind": "plane", "x": x, "y": y, "layers": list(layers), "alt": alt, "square": square,
            "drag": list(drag) if drag else None}  # fmt: skip


def bars(
    labels: Any, y: Any, *, label: str, alt: str, ends: tuple[float, float] = (0, 1), top: int | None = None,
    colour: str = "blue", format: str = ".3f", room: int = 60,
) -> dict:  # fmt: skip
    """One bar for each label: `y` has references, or is a `table(...)` row; `top` shows the longest only.

    `room` is the width for the labels in pixels of 460.
    """
    check_label("bars'", label)
    y = y if isinstance(y, dict) else list(y)
    labels = labels if isinstance(labels, dict) else list(labels)
    return {"kind": "bars", "labels": labels, "y": y, "label": label, "alt": alt, "from": ends[0],
            "to": ends[1], "top": top, "colour": _colour(colour), "format": format, "room": room}  # fmt: skip


def node(x: float, y: float, label: str, value: Reference | None = None, since: int | None = None) -> dict:
    """A circle at (x, y), both from 0 to 1 and y downwards; its value is shown from the step `since` on."""
    return {"x": x, "y": y, "label": label, "value": value, **({} if since is None else {"from": since})}


def edge(
    a: int, b: int, label: str = "", value: Reference | None = None, since: int | None = None, t: float = 0.5
) -> dict:
    """A line from the node numbered `a` to `b`, its text at the part `t` of the way."""
    return {"a": a, "b": b, "label": label, "value": value, "t": t,
            **({} if since is None else {"from": since})}  # fmt: skip


def diagram(
    nodes: Sequence[dict],
    edges: Sequence[dict],
    step: str,
    *,
    alt: str,
    height: int = 260,
    format: str = ".3f",
) -> dict:
    """A network whose values appear while the buttons `step` go on; what is new stands out."""
    return {"kind": "diagram", "nodes": list(nodes), "edges": list(edges), "step": step, "alt": alt,
            "height": height, "format": format}  # fmt: skip


def pictures(files: Sequence[str], at: str, *, alts: Sequence[str], alt: str) -> dict:
    """One picture for each stop of the control `at`: addresses that begin with data:image/png;base64."""
    if len(files) != len(alts):
        raise ValueError(f"{len(files)} pictures and {len(alts)} texts: each picture needs its own.")
    return {"kind": "pictures", "pictures": list(files), "at": at, "alts": list(alts), "alt": alt}
