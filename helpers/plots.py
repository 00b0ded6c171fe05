"""Arrays and histories to axes: functions take `ax` and return `ax`; `show` puts the figure on the page.

The order of use is `figure` → drawing functions → `show(fig, alt=…)`. A figure becomes one small SVG that is
transparent and drawn in mid-tones, so it reads on a light and on a dark page; the site swaps exactly these
colours for its own. The alternative text travels inside the SVG. The same figure gives the same bytes.
Inputs are plain arrays, lists or tensors on any device; nothing here knows how they were made.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape

import numpy as np

INK, RULE = "#7a828e", "#a3a9b2"
PALETTE = {
    "ink": INK,
    "rule": RULE,
    "blue": "#3f7fc4",
    "orange": "#d9722e",
    "green": "#2a9d7f",
    "purple": "#a06bb5",
    "ochre": "#b8901f",
}
SERIES = tuple(PALETTE[name] for name in ("blue", "orange", "green", "purple", "ochre", "ink"))
DASHES = ("-", "--", "-.", ":", "-", "--")
SPLITS = {"train": PALETTE["blue"], "valid": PALETTE["orange"], "test": PALETTE["green"]}
WIDE, SMALL = (7.2, 3.2), (3.5, 2.6)  # inches
MAX_KB = 150

# Counting something needs no unit; every other axis label ends in one: "loss (nats)".
COUNTED = re.compile(
    r"\b(step|epoch|batch|seed|run|digit|class|layer|depth|image|pixel|feature|sample|term|iteration|neuron)"
    r"(s|es)?\b",
    re.IGNORECASE,
)


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


def _array(values) -> np.ndarray:
    """Anything array-like, on any device, as a NumPy array."""
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    return np.asarray(values)


# -- curves and intervals


def legend(ax, **options):
    """A frameless legend where it covers least; drawn only if something has a label."""
    if ax.get_legend_handles_labels()[0]:
        ax.legend(frameon=False, **options)
    return ax


def curves(
    history,
    *,
    ax,
    x: str = "step",
    y: Sequence[str] = ("train_loss", "valid_loss"),
    ylabel: str = "loss (nats)",
    best: bool = True,
):
    """Lists of a training history against its steps or epochs, with a hairline where the kept weights are.

    `history` has a list for `x` and for each name in `y`, all of length T, and `best_step` or `best_epoch`.
    """
    names = {"train": "training", "valid": "validation", "test": "test"}
    for dash, name in zip(DASHES, y, strict=False):
        split = name.split("_")[0]
        label, color = names.get(split, name), SPLITS.get(split)
        ax.plot(getattr(history, x), getattr(history, name), dash, color=color, label=label)
    kept = getattr(history, f"best_{x}", None)
    if best and kept is not None:
        ax.axvline(kept, color=INK, linestyle=":", linewidth=1, label="kept")
    ax.set(xlabel=x, ylabel=ylabel)
    return legend(ax)


def half_width(runs, level: float = 0.95) -> np.ndarray:
    """Half of the t-interval of the mean over the first axis: (n, …) -> (…); n must be at least 2."""
    from scipy.special import stdtrit

    runs = _array(runs).astype(float)
    n = len(runs)
    if n < 2:
        raise ValueError("An interval needs at least two runs: give one row for each seed.")
    return stdtrit(n - 1, (1 + level) / 2) * runs.std(axis=0, ddof=1) / np.sqrt(n)


def mean_band(x, runs, *, ax, label: str | None = None, color: str | None = None, level: float = 0.95):
    """The mean over seeds and its t-interval: x (T,), runs (n, T); a band for the mean, not for the runs."""
    runs = _array(runs).astype(float)
    if runs.ndim != 2 or runs.shape[1] != len(x):
        raise ValueError(f"runs must be (seeds, {len(x)}), one row for each seed, not {runs.shape}.")
    mean, half = runs.mean(axis=0), half_width(runs, level)
    (line,) = ax.plot(_array(x), mean, color=color, label=label)
    ax.fill_between(_array(x), mean - half, mean + half, color=line.get_color(), alpha=0.18, linewidth=0)
    return legend(ax)


def interval_bars(
    runs: dict[str, Sequence[float]], *, ax, xlabel: str, reported: dict[str, float] | None = None
):
    """One row for each name: runs as faint dots, mean and t-interval as a bar, the reported as a ring."""
    dot = {"marker": "o", "linestyle": "none"}
    reported = {name: value for name, value in (reported or {}).items() if name in runs}
    for row, values in enumerate(runs.values()):
        values = _array(values).astype(float)
        ax.plot(values, np.full(len(values), row), color=INK, alpha=0.45, markersize=3.5, **dot)
        half = half_width(values) if len(values) > 1 else 0.0
        ax.errorbar(values.mean(), row, xerr=half, fmt="s", color=PALETTE["blue"], markersize=5, capsize=4)
    if reported:
        rows = [list(runs).index(name) for name in reported]
        ring = {"markerfacecolor": "none", "markersize": 9, "color": PALETTE["orange"], "label": "reported"}
        ax.plot(list(reported.values()), rows, **ring, **dot)
    ax.set(yticks=range(len(runs)), yticklabels=list(runs), xlabel=xlabel, ylim=(len(runs) - 0.5, -0.5))
    ax.grid(axis="x")
    return legend(ax)


# -- images


def _see_through(*stops: tuple[str, float], name: str):
    """A colour map from (colour, opacity) stops; transparent is "nothing", on a light and on a dark page."""
    from matplotlib.colors import LinearSegmentedColormap, to_rgba

    return LinearSegmentedColormap.from_list(name, [to_rgba(colour, alpha) for colour, alpha in stops])


def images(x, titles: Sequence[str] = (), *, axs):
    """Grey images, x (n, h, w), (n, 1, h, w) or flat (n, h·h), one on each of `axs`; returns `axs`."""
    x = _array(x)
    side = round(x[0].size ** 0.5)
    shape = x.shape[-2:] if x.ndim > 2 else (side, side)
    for ax in np.ravel(axs):
        ax.set_axis_off()
    for k, (ax, image) in enumerate(zip(np.ravel(axs), x, strict=False)):
        ax.imshow(image.reshape(shape), cmap="gray", interpolation="none")
        if k < len(titles):
            ax.set_title(titles[k], fontsize=9)
    return axs


def weights_image(w, *, ax, shape: tuple[int, int] = (28, 28), limit: float | None = None):
    """Weights (h·w,) as an image: blue below zero, orange above, clear at zero; full colour at ±`limit`."""
    image = _array(w).reshape(shape)
    limit = float(np.abs(image).max()) if limit is None else limit
    blue, orange = PALETTE["blue"], PALETTE["orange"]
    cmap = _see_through((blue, 1), (blue, 0), (orange, 0), (orange, 1), name="signed")
    ax.imshow(image, cmap=cmap, vmin=-limit or -1, vmax=limit or 1, interpolation="none")
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color(RULE)
    return ax


def heatmap(values, rows: Sequence, columns: Sequence, *, ax, xlabel: str, ylabel: str, fmt: str = ".3f"):
    """A table (r, c) as tinted cells, each with its number; the tint runs from the least to the greatest."""
    values = _array(values).astype(float)
    if values.shape != (len(rows), len(columns)):
        raise ValueError(f"values must be {(len(rows), len(columns))}, rows by columns, not {values.shape}.")
    cmap = _see_through((PALETTE["blue"], 0.0), (PALETTE["blue"], 0.5), name="tint")
    ax.imshow(values, cmap=cmap, aspect="auto", interpolation="none")
    for (r, c), value in np.ndenumerate(values):
        ax.text(c, r, format(value, fmt), ha="center", va="center")
    ax.set(xticks=range(len(columns)), xticklabels=columns, yticks=range(len(rows)), yticklabels=rows,
           xlabel=xlabel, ylabel=ylabel)  # fmt: skip
    ax.grid(visible=False)
    return ax


# -- showing


def check_labels(fig) -> None:
    """Raises ValueError if an axis with numbers has no label, or one without a unit such as "loss (nats)"."""
    fig.draw_without_rendering()
    for ax in (ax for ax in fig.axes if ax.axison and ax.get_visible()):
        for axis in (ax.xaxis, ax.yaxis):
            ticks = (t.get_text() for t in axis.get_ticklabels() if t.get_visible())
            if any(re.search(r"\d", text) for text in ticks):  # categories name themselves
                _check_label(axis.axis_name, axis.get_label_text().strip())


def _check_label(axis: str, label: str) -> None:
    if not label:
        raise ValueError(f"A {axis} axis has no label: set one with its unit, such as 'loss (nats)'.")
    if "(" not in label and not COUNTED.search(label):
        raise ValueError(f"The {axis} axis {label!r} has no unit: write '{label} (unit)' or '… (no unit)'.")


def to_svg(fig, alt: str) -> str:
    """The figure as one SVG element with the alternative text inside; the same bytes every time."""
    import matplotlib
    from matplotlib.text import Text

    for text in fig.findobj(Text):
        if text.get_color() in ("black", "k"):  # made outside `style`: invisible on a dark page
            text.set_color(INK)
    with style(), matplotlib.rc_context({"svg.hashsalt": alt}):  # ids differ between the figures of one page
        buffer = io.StringIO()
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, bbox_inches="tight")
    return _clean(buffer.getvalue(), escape(alt, quote=True))


def _clean(svg: str, alt: str) -> str:
    """Drop what would leak into the page (style sheet, unused ids, fonts) and add what a reader needs."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    used = set(re.findall(r'(?:url\(#|href="#)([\w.-]+)', svg))
    svg = re.sub(r' id="([\w.-]+)"', lambda m: m[0] if m[1] in used else "", svg)
    svg = re.sub(r"font-family: [^;\"]*;? ?", "", svg)
    svg = re.sub(r"<defs>\s*</defs>|base64,\s+", lambda m: "" if m[0][0] == "<" else "base64,", svg)
    svg = svg.replace("<image ", '<image style="image-rendering: pixelated" ')
    look = "max-width: 100%; height: auto; stroke-linejoin: round; stroke-linecap: butt"
    root = f'<svg role="img" aria-label="{alt}" font-family="system-ui, sans-serif" style="{look}"'
    svg = svg.replace("<svg", root, 1)
    end = svg.index(">", len(root)) + 1
    svg = f"{svg[:end]}<title>{alt}</title>{svg[end:]}"
    return re.sub(r"\n\s*", " ", svg)


def show(fig, alt: str) -> None:
    """Display `fig` in a notebook with its alternative text (a sentence that says what is to be seen).

    Raises ValueError if the text has fewer than 20 characters, an axis lacks a label or unit, or the SVG has
    more than 150 kB. Displays nothing outside Jupyter.
    """
    if len(alt.strip()) < 20:
        raise ValueError("A figure needs alternative text of at least 20 characters that says what it shows.")
    check_labels(fig)
    svg = to_svg(fig, alt.strip())
    size = len(svg.encode()) / 1000
    if size > MAX_KB:
        raise ValueError(f"The figure has {size:.0f} kB, over {MAX_KB}: draw fewer points or rasterise.")
    if "matplotlib.pyplot" in sys.modules:  # or the inline backend would show it a second time
        sys.modules["matplotlib.pyplot"].close(fig)
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.display import display

        display({"image/svg+xml": svg, "text/plain": alt.strip()}, raw=True)
