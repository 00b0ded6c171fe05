"""A figure as one SVG element: labelled, described, and the same every time."""

from __future__ import annotations

import base64
import io
import os
import re
import sys
from html import escape

from helpers.places import mnist
from helpers.plots._look import INK, style
from helpers.runtime import display, profile

MAX_KB = 150
SHOWN = "show-your-work"  # in an output's metadata: what it is, its name for links, its caption

# Counting something needs no unit; every other axis label ends in one: "loss (nats)".
COUNTED = re.compile(
    r"\b(step|epoch|batch|seed|run|digit|class|layer|depth|image|pixel|feature|sample|term|iteration|neuron)"
    r"(s|es)?\b",
    re.IGNORECASE,
)


def check_labels(fig) -> None:
    """Raises ValueError if an axis with numbers has no label, or one without a unit such as "loss (nats)"."""
    fig.draw_without_rendering()
    for ax in (ax for ax in fig.axes if ax.axison and ax.get_visible()):
        for axis in (ax.xaxis, ax.yaxis):
            ticks = (t.get_text() for t in axis.get_ticklabels() if t.get_visible())
            if any(re.search(r"\d", text) for text in ticks):  # categories name themselves
                check_label(axis.axis_name, axis.get_label_text().strip())


def check_label(axis: str, label: str) -> None:
    """Raises ValueError if the label of an axis with numbers is empty or ends in no unit."""
    if not label:
        raise ValueError(f"A {axis} axis has no label: set one with its unit, such as 'loss (nats)'.")
    if "(" not in label and not COUNTED.search(label):
        raise ValueError(f"The {axis} axis {label!r} has no unit: write '{label} (unit)' or '… (no unit)'.")


def to_svg(fig, alt: str) -> str:
    """The figure as one SVG element with the alternative text inside; the same bytes every time."""
    import matplotlib
    from matplotlib.legend import Legend
    from matplotlib.text import Text

    for text in fig.findobj(Text):  # what was made outside `style` is black or in a white box
        text.set_color(INK if text.get_color() in ("black", "k") else text.get_color())
    for drawn in fig.findobj(Legend):
        drawn.set_frame_on(False)
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
    svg = svg.replace("<image ", '<image image-rendering="pixelated" ')
    look = "max-width: 100%; height: auto; stroke-linejoin: round; stroke-linecap: butt"
    root = f'<svg role="img" aria-label="{alt}" font-family="system-ui, sans-serif" style="{look}"'
    svg = svg.replace("<svg", root, 1)
    end = svg.index(">", len(root)) + 1
    svg = f"{svg[:end]}<title>{alt}</title>{svg[end:]}"
    return re.sub(r"\n\s*", " ", svg)


def require(holds: dict[str, object]) -> None:
    """Raises ValueError naming the first statement that is not true: `holds` has a truth value for each.

    The text describes the published figure. A reader's quick run may show something else, on few digits or
    with another version of PyTorch: that is said in a sentence, and the chapter goes on.
    """
    for words, true in holds.items():
        if bool(true):
            continue
        if _must_hold():
            raise ValueError(
                f"The figure does not show what is said of it: {words!r} is false. Say what is true."
            )
        print(f"In this run it is not so that “{words}”: the text describes the published figure.")


def _must_hold() -> bool:
    """In the full profile, and in the tests of a machine that has the data."""
    tested = "PYTEST_VERSION" in os.environ  # pytest sets it for the kernels that nbval starts, too
    return profile() == "full" or (tested and mnist().tier == "folder")


def show(fig, alt: str, *, name: str = "", caption: str = "", holds: dict[str, object] | None = None) -> None:
    """Display `fig` in a notebook with its alternative text (a sentence that says what is to be seen).

    `holds` has each statement that the text or the caption makes, with its truth in the plotted arrays:
    {"the validation loss ends higher": valid[-1] > train[-1]}.
    The site numbers the figure, puts `caption` below it, and [Figure](#name) links to it.
    Raises ValueError if a statement of `holds` is false (see `require`), the text has fewer than 20
    characters, an axis lacks
    a label or unit, or the SVG has more than 150 kB. Displays nothing outside Jupyter.
    """
    require(holds or {})
    if len(alt.strip()) < 20:
        raise ValueError("A figure needs alternative text of at least 20 characters that says what it shows.")
    check_labels(fig)
    svg = to_svg(fig, alt.strip())
    size = len(svg.encode()) / 1000
    if size > MAX_KB:
        raise ValueError(f"The figure has {size:.0f} kB, over {MAX_KB}: draw fewer points or rasterise.")
    if "matplotlib.pyplot" in sys.modules:  # or the inline backend would show it a second time
        sys.modules["matplotlib.pyplot"].close(fig)
    # The PNG is for viewers that show no SVG of a notebook they do not trust.
    bundle = {"image/svg+xml": svg, "image/png": to_png(fig), "text/plain": alt.strip()}
    display(bundle, metadata=shown("figure", name, caption), raw=True)


def shown(kind: str, name: str, caption: str) -> dict:
    """The metadata of an output that the site numbers."""
    return {SHOWN: {"kind": kind, "name": name, "caption": caption}}


def to_png(fig) -> str:
    """The figure as a PNG in base64, in at most 64 colours, so that a notebook stays small."""
    from PIL import Image

    with style():
        buffer = io.BytesIO()
        fig.savefig(buffer, format="png", dpi=96, bbox_inches="tight", metadata={"Software": None})
    small = io.BytesIO()
    Image.open(buffer).quantize(64, method=Image.Quantize.FASTOCTREE).save(small, "PNG", optimize=True)
    return base64.b64encode(small.getvalue()).decode()
