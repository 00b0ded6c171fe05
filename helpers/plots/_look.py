"""The palette, the style, and a new figure in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

INK, RULE = "#7a828e", "#a3a9b2"
PALETTE = {
    "ink": INK,
    "rule": RULE,
    "blue": "#3f7fc4",
    "orange": "#d9722e",
    "green": "#2a9d7f",
    "purple": "#a06bb5",
    "ochre": "#b48c1e",
}
SERIES = tuple(PALETTE[name] for name in ("blue", "orange", "green", "purple", "ochre", "ink"))
DASHES = ("-", "--", "-.", ":", "-", "--")
SPLITS = {"train": PALETTE["blue"], "valid": PALETTE["orange"], "test": PALETTE["green"]}
WIDE, SMALL = (7.2, 3.2), (3.5, 2.6)  # inches


def _rc() -> dict:
    from cycler import cycler

    return {
        **dict.fromkeys(
            ("axes.edgecolor", "axes.labelcolor", "text.color", "xtick.color", "ytick.color"), INK
        ),
        **dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor"), "none"),
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "grid.color": RULE,
        "grid.alpha": 0.35,
        "grid.linewidth": 0.6,
        "axes.prop_cycle": cycler(color=SERIES) + cycler(linestyle=DASHES),
        "lines.linewidth": 1.6,
        "legend.frameon": False,
        "font.family": "sans-serif",
        "font.size": 10,
        "mathtext.fontset": "dejavusans",
        "svg.fonttype": "none",
        "image.composite_image": False,
    }


@contextmanager
def style() -> Iterator[None]:
    """The book's look as a context manager; `figure` and `show` enter it themselves."""
    import matplotlib

    with matplotlib.rc_context(_rc()):
        yield


def figure(nrows: int = 1, ncols: int = 1, size: tuple[float, float] = WIDE, **subplots):
    """A new figure and its axes (one, or an array), as `pyplot.subplots` gives, but known to no global state.

    `size` is in inches, at most 7.2 wide; further keywords (`sharex`, …) go to `Figure.subplots`.
    """
    from matplotlib.figure import Figure

    if size[0] > WIDE[0]:
        raise ValueError(f"A figure is at most {WIDE[0]} inches wide, not {size[0]}: make it taller instead.")
    with style():
        fig = Figure(figsize=size, layout="constrained")
        return fig, fig.subplots(nrows, ncols, **subplots)
