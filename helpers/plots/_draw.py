"""Curves, intervals and images on axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.plots._look import DASHES, INK, PALETTE, RULE, SPLITS


def _array(values) -> np.ndarray:
    """Anything array-like, on any device, as a NumPy array."""
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    return np.asarray(values)


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
    if kept is not None:
        ax.axvline(kept, color=INK, linestyle=":", linewidth=1, label="kept")
    ax.set(xlabel=x, ylabel=ylabel)
    return legend(ax)


def half_width(runs) -> np.ndarray:
    """Half of the 95 % t-interval of the mean over the first axis: (n, …) -> (…); n must be at least 2."""
    from scipy.special import stdtrit

    runs = _array(runs).astype(float)
    n = len(runs)
    if n < 2:
        raise ValueError("An interval needs at least two runs: give one row for each seed.")
    return stdtrit(n - 1, 0.975) * runs.std(axis=0, ddof=1) / np.sqrt(n)


def mean_band(x, runs, *, ax, label: str | None = None, color: str | None = None):
    """The mean over seeds and its t-interval: x (T,), runs (n, T); a band for the mean, not for the runs."""
    runs = _array(runs).astype(float)
    if runs.ndim != 2 or runs.shape[1] != len(x):
        raise ValueError(f"runs must be (seeds, {len(x)}), one row for each seed, not {runs.shape}.")
    mean, half = runs.mean(axis=0), half_width(runs)
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
    return legend(ax, loc="lower right", bbox_to_anchor=(1, 1))  # within, its ring would be a value


def _see_through(*stops: tuple[float, str, float], name: str):
    """A colour map from (place from 0 to 1, colour, opacity) stops; transparent is "nothing", on any page."""
    from matplotlib.colors import LinearSegmentedColormap, to_rgba

    places = [(at, to_rgba(colour, alpha)) for at, colour, alpha in stops]
    return LinearSegmentedColormap.from_list(name, places)


def images(x, titles: Sequence[str] = (), *, axs):
    """Images, one on each of `axs`, which it returns: x (n, h, w), (n, 1, h, w) or flat (n, h·h) is grey.

    x (n, 3, h, w) is in colour, from 0 to 1 or bytes; what lies outside is clipped.
    """
    x, size = _array(x), 9
    if x.ndim == 4 and x.shape[1] == 3:
        x, size = np.clip(x, 0, 255 if x.dtype == np.uint8 else 1).transpose(0, 2, 3, 1), 8
    else:
        side = round(x[0].size ** 0.5)
        x = x.reshape(len(x), *(x.shape[-2:] if x.ndim > 2 else (side, side)))
    for ax in np.ravel(axs):
        ax.set_axis_off()
    for k, (ax, image) in enumerate(zip(np.ravel(axs), x, strict=False)):
        ax.imshow(image, cmap="gray", interpolation="none")  # colours have no need of the map
        if k < len(titles):
            ax.set_title(titles[k], fontsize=size)
    return axs


def weights_image(w, *, ax, shape: tuple[int, int] = (28, 28), limit: float | None = None):
    """Weights (h·w,) as an image: blue below zero, orange above, clear at zero; full colour at ±`limit`."""
    image = _array(w).reshape(shape)
    limit = float(np.abs(image).max()) if limit is None else limit
    blue, orange = PALETTE["blue"], PALETTE["orange"]
    cmap = _see_through((0, blue, 1), (0.5, blue, 0), (0.5, orange, 0), (1, orange, 1), name="signed")
    ax.imshow(image, cmap=cmap, vmin=-limit or -1, vmax=limit or 1, interpolation="none")
    ax.set(xticks=[], yticks=[])
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color(RULE)
    return ax


def heatmap(
    values, rows: Sequence, columns: Sequence, *, ax, xlabel: str, ylabel: str, fmt: str = ".3f",
    limits: tuple[float, float] | None = None,
):  # fmt: skip
    """A table (r, c) as tinted cells, each with its number; a cell that is not a number stays empty.

    The tint runs over `limits`, which tables side by side share; left out, from the least to the greatest.
    """
    values = _array(values).astype(float)
    if values.shape != (len(rows), len(columns)):
        raise ValueError(f"values must be {(len(rows), len(columns))}, rows by columns, not {values.shape}.")
    cmap = _see_through((0, PALETTE["blue"], 0.0), (1, PALETTE["blue"], 0.4), name="tint")
    low, high = (np.nanmin(values), np.nanmax(values)) if limits is None else limits
    ax.imshow(values, cmap=cmap, vmin=low, vmax=high, aspect="auto", interpolation="none")
    for (r, c), value in np.ndenumerate(values):
        if not np.isnan(value):
            ax.text(c, r, format(value, fmt), ha="center", va="center")
    ax.set(xticks=range(len(columns)), xticklabels=columns, yticks=range(len(rows)), yticklabels=rows,
           xlabel=xlabel, ylabel=ylabel)  # fmt: skip
    ax.grid(visible=False)
    return ax
