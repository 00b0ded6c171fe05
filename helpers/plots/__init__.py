"""Arrays and histories to axes: functions take `ax` and return `ax`; `show` puts the figure on the page.

The order of use is `figure` → drawing functions → `show(fig, alt=…)`. A figure becomes one small SVG that is
transparent and drawn in mid-tones, so it reads on a light and on a dark page; the site swaps exactly these
colours for its own. The alternative text travels inside the SVG. The same figure gives the same bytes.
Inputs are plain arrays, lists or tensors on any device; nothing here knows how they were made.
"""

from helpers.plots._draw import (
    curves,
    half_width,
    heatmap,
    images,
    interval_bars,
    legend,
    mean_band,
    weights_image,
)
from helpers.plots._look import PALETTE, SERIES, SMALL, WIDE, figure, style
from helpers.plots._svg import SHOWN, check_label, check_labels, require, show, shown, to_png, to_svg
from helpers.plots._table import Table, table

__all__ = [
    "PALETTE",
    "SERIES",
    "SHOWN",
    "SMALL",
    "WIDE",
    "Table",
    "check_label",
    "check_labels",
    "curves",
    "figure",
    "half_width",
    "heatmap",
    "images",
    "interval_bars",
    "legend",
    "mean_band",
    "require",
    "show",
    "shown",
    "style",
    "table",
    "to_png",
    "to_svg",
    "weights_image",
]
