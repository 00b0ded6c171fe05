"""Paths that move on a static page: one SVG, no kernel, no script, no library.

Each path is drawn whole, as a faint line with a dot at every step; on top of it a disc walks from dot to dot.
The walk is CSS inside the SVG, and only for readers who have not asked for less motion: they, a printer, and
a viewer that knows no CSS see the whole paths with the discs at their ends. Pointing at the figure, or
reaching it with the tabulator key, holds the walk.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from html import escape

import numpy as np

from helpers.plots._look import PALETTE, style
from helpers.plots._svg import MAX_KB, _clean, check_labels, put_on_page

POINTS_PER_INCH = 72  # an SVG of matplotlib counts in points, from the top
REST = 0.15  # the part of a round in which the discs stay at their ends


def animate_paths(
    paths: Sequence[tuple[object, object]], *, fig, alt: str, seconds: float = 8.0, color: str | None = None
) -> None:
    """Draw each path on its axes, let a disc walk along it for ever, and display the figure.

    `paths` holds pairs (ax, path), path (T, 2) in the data's units, T ≥ 2. All walks take the same step at
    the same time; a shorter one waits at its end. A round lasts `seconds`. Raises ValueError if a path leaves
    its axes or is no (T, 2) array of finite numbers, and as `show` does. Displays nothing outside Jupyter.
    """
    svg = animated_svg(paths, fig=fig, alt=alt, seconds=seconds, color=color)
    put_on_page(fig, svg, alt.strip())


def animated_svg(
    paths: Sequence[tuple[object, object]], *, fig, alt: str, seconds: float = 8.0, color: str | None = None
) -> str:
    """The animated figure as one SVG element; see `animate_paths`. The same input gives the same bytes."""
    if len(alt.strip()) < 20:
        raise ValueError("A figure needs alternative text of at least 20 characters that says what it shows.")
    if not seconds > 0:
        raise ValueError(f"A round must last longer than 0 seconds, not {seconds}.")
    color, steps = color or PALETTE["orange"], []
    fig.set_dpi(POINTS_PER_INCH)  # as savefig does for an SVG: text sizes, and so the layout, depend on it
    for ax, path in paths:
        steps.append(_checked(path, ax))
        with style():
            ax.plot(*steps[-1].T, "-", color=color, linewidth=1, marker="o", markersize=2.5, alpha=0.55)
    check_labels(fig)  # draws the figure, which settles its layout
    fig.set_layout_engine("none")  # the SVG's own text measures would move the axes a little once more
    places = [_on_page(path, ax, fig) for (ax, _), path in zip(paths, steps, strict=True)]
    svg = _insert(_static(fig, alt.strip()), _moving(places, seconds, color, alt))
    if len(svg.encode()) > 1000 * MAX_KB:
        raise ValueError(f"The figure has more than {MAX_KB} kB: draw fewer steps or plainer contours.")
    return svg


def _checked(path, ax) -> np.ndarray:
    path = np.asarray(path.detach().cpu() if hasattr(path, "detach") else path, dtype=float)
    if path.ndim != 2 or path.shape[1] != 2 or len(path) < 2 or not np.isfinite(path).all():
        raise ValueError(f"A path is (steps, 2), at least two steps of finite numbers; this is {path.shape}.")
    low, high = np.sort([ax.get_xlim(), ax.get_ylim()], axis=1).T
    if (path < low).any() or (path > high).any():
        step = int(np.argmax(((path < low) | (path > high)).any(axis=1)))
        raise ValueError(f"A path leaves its axes at step {step}: show fewer steps or widen the limits.")
    ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())  # the trail must not rescale what it was checked against
    return path


def _on_page(path: np.ndarray, ax, fig) -> np.ndarray:
    """Where the steps of a path lie in the SVG, in points from its upper left corner: (T, 2)."""
    page = ax.transData.transform(path)
    return np.column_stack([page[:, 0], fig.get_figheight() * POINTS_PER_INCH - page[:, 1]])


def _static(fig, alt: str) -> str:
    """As `to_svg`, but with the whole page: a tight box would move the origin the discs count from."""
    import matplotlib

    with style(), matplotlib.rc_context({"svg.hashsalt": alt}):
        buffer = io.StringIO()
        fig.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return _clean(buffer.getvalue(), escape(alt, quote=True))


def _moving(places: Sequence[np.ndarray], seconds: float, color: str, alt: str) -> str:
    """The discs, drawn at their ends, and the CSS that moves them; class names are this figure's own."""
    figure = "walk-" + hashlib.sha256(alt.encode()).hexdigest()[:8]
    longest = max(map(len, places))
    discs, frames, rules = [], [], []
    for k, place in enumerate(places):
        (x, y), name = place[-1], f"{figure}-{k}"
        discs.append(f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{color}"></circle>')
        frames.append(f"@keyframes {name} {{ {_keyframes(place, longest)} }}")
        rules.append(f".{name} {{ animation: {name} {seconds:g}s linear infinite; }}")
    held = ", ".join(f"svg:{how} .{figure}-{k}" for k in range(len(places)) for how in ("hover", "focus"))
    rules.append(f"{held} {{ animation-play-state: paused; }}")
    css = " ".join(frames) + f" @media (prefers-reduced-motion: no-preference) {{ {' '.join(rules)} }}"
    return f"<style>{css}</style>{''.join(discs)}"


def _keyframes(place: np.ndarray, longest: int) -> str:
    """One rule a step, as a shift from the end of the path."""
    shares = np.arange(len(place)) / (longest - 1) * (1 - REST) * 100
    shifts = [f"transform: translate({dx:.1f}px, {dy:.1f}px);" for dx, dy in place - place[-1]]
    rules = [f"{share:.2f}% {{ {shift} }}" for share, shift in zip(shares, shifts, strict=True)]
    return " ".join([*rules, "100% { transform: translate(0px, 0px); }"])


def _insert(svg: str, moving: str) -> str:
    svg = svg.replace("<svg", '<svg tabindex="0"', 1)
    end = svg.rindex("</svg>")
    return svg[:end] + moving + svg[end:]
