"""The first state of a figure as a picture in the book's look, for print and for pages without JavaScript."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np

from helpers.live._values import Values, write
from helpers.plots import PALETTE
from helpers.plots import figure as new_figure

DASHES = {"": "-", "7 4": "--", "2 4": ":", "8 4 2 4": "-."}


def still(views: list[dict], values: Values) -> Any:
    """A matplotlib figure with one axes for each view, side by side."""
    wide = len(views) > 1
    fig, axs = new_figure(1, len(views), size=(7.2 if wide else 4.6, 3.0), squeeze=False)
    for ax, view in zip(axs[0], views, strict=True):
        DRAW[view["kind"]](ax, view, values)
    return fig


def _plane(ax: Any, view: dict, values: Values) -> None:
    for layer in view["layers"]:
        LAYERS[layer["kind"]](ax, layer, view, values)
    for name, axis in (("x", view["x"]), ("y", view["y"])):
        ax.set(**{f"{name}lim": (axis["from"], axis["to"]), f"{name}label": axis["label"]})
        if axis["log"]:
            ax.set(**{f"{name}scale": "log"})
    if view["square"]:
        ax.set_box_aspect(1)
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False, fontsize=8)


def _style(layer: dict) -> dict:
    line = DASHES[layer["dash"]] if layer["joined"] else "none"
    dot = {"marker": "o", "markersize": 1.3 * layer["size"]} if layer["size"] else {}
    faint = {"alpha": 0.55} if layer.get("faint") else {}
    return (
        {"color": PALETTE[layer["colour"]], "linestyle": line, "label": layer["label"] or None} | dot | faint
    )


def _curve(ax: Any, layer: dict, view: dict, values: Values) -> None:
    low = view["x"]["from"] if layer["from"] is None else float(values.get(layer["from"]))
    high = view["x"]["to"] if layer["to"] is None else float(values.get(layer["to"]))
    t = np.linspace(low, high, layer["n"] + 1)
    x, y = (
        np.broadcast_to(t if what is None else values.get(what, **{layer["over"]: t}), t.shape)
        for what in (layer["x"], layer["y"])
    )
    ax.plot(x, y, **_style(layer))


def _contours(ax: Any, layer: dict, view: dict, values: Values) -> None:
    x, y = (np.linspace(view[name]["from"], view[name]["to"], 57) for name in ("x", "y"))
    letters = dict(zip((layer["x"], layer["y"]), np.meshgrid(x, y), strict=True))
    z = np.broadcast_to(values.get(layer["f"], **letters), (57, 57))
    colour = PALETTE[layer["colour"]]
    ax.contour(x, y, z, sorted(layer["levels"]), colors=colour, linewidths=1, linestyles="-")
    if layer["label"]:
        ax.plot([], [], color=colour, linewidth=1, label=layer["label"])


def _points(ax: Any, layer: dict, view: dict, values: Values) -> None:
    if layer["kind"] == "orbit":
        x, y = zip(*values.orbit(layer), strict=True)
    elif layer["kind"] == "mark":
        x, y = [values.get(layer["x"])], [values.get(layer["y"])]
    else:
        x, y = values.get(layer["x"]), values.get(layer["y"])
    if layer.get("group"):
        ax.scatter(x, y, c=[PALETTE[name] for name in layer["group"]], s=2 * layer["size"] ** 2)
    else:
        ax.plot(x, y, **_style(layer))


def _bars(ax: Any, view: dict, values: Values) -> None:
    y = view["y"]
    found = np.array(values.get(y) if isinstance(y, dict) else [float(values.get(one)) for one in y])
    labels = values.get(view["labels"])
    order = np.argsort(-found, kind="stable")[: view["top"]] if view["top"] else np.arange(len(found))
    ax.barh(range(len(order)), found[order], color=PALETTE[view["colour"]], height=0.7)
    for row, k in enumerate(order):
        ax.text(max(found[k], 0), row, " " + write(found[k], view["format"]), va="center", fontsize=8)
    ax.set(yticks=range(len(order)), yticklabels=[labels[k] for k in order], xlabel=view["label"],
           xlim=(view["from"], view["to"]), ylim=(len(order) - 0.5, -0.5))  # fmt: skip
    ax.grid(visible=False)


def _diagram(ax: Any, view: dict, values: Values) -> None:
    now = values.get(view["step"])

    def said(part: dict) -> str:
        hidden = part["value"] is None or now < part.get("from", now)
        return "" if hidden else write(values.get(part["value"]), view["format"])

    for part in view["edges"]:
        (xa, ya), (xb, yb) = [[view["nodes"][part[end]][c] for c in "xy"] for end in "ab"]
        ax.plot([xa, xb], [ya, yb], color=PALETTE["rule"], linewidth=1, zorder=1)
        at = xa + part["t"] * (xb - xa), ya + part["t"] * (yb - ya)
        ax.annotate(f"{part['label']} {said(part)}".strip(), at, ha="center", va="bottom", fontsize=8)
    for part in view["nodes"]:
        ax.plot(
            part["x"], part["y"], "o", markersize=26, markerfacecolor="none", color=PALETTE["ink"], zorder=2
        )
        ax.annotate(part["label"], (part["x"], part["y"]), ha="center", va="center", fontsize=9)
        ax.annotate(
            said(part), (part["x"], part["y"]), (0, -24), textcoords="offset points", ha="center", fontsize=8
        )
    ax.set(xlim=(-0.1, 1.1), ylim=(1.25, -0.15))
    ax.set_axis_off()


def _pictures(ax: Any, view: dict, values: Values) -> None:
    from PIL import Image

    data = base64.b64decode(view["pictures"][values.place[view["at"]]].partition(",")[2])
    ax.imshow(Image.open(io.BytesIO(data)), interpolation="none")
    ax.set_axis_off()


LAYERS = {"curve": _curve, "path": _curve, "orbit": _points, "points": _points, "mark": _points,
          "contours": _contours}  # fmt: skip
DRAW = {"plane": _plane, "bars": _bars, "diagram": _diagram, "pictures": _pictures}
