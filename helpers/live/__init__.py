"""Figures that move: sliders and step buttons over planes, bars, diagrams and pictures.

The order of use is controls (`slider`, `buttons`) → formulas (`formula`, `mean`) → views (`plane`, `bars`,
`diagram`, `pictures`) → `show`. The formulas come from the proved statements themselves and are printed as
JavaScript, so that what moves is what was proved. In a trusted notebook and on the site the figure is live;
in print, without JavaScript and in an untrusted notebook its first state stands there as a picture.
"""

from helpers.live._formula import Formula, Mean, formula, mean
from helpers.live._parts import (
    axis,
    bars,
    buttons,
    contours,
    curve,
    diagram,
    edge,
    mark,
    node,
    orbit,
    path,
    pictures,
    plane,
    points,
    slider,
    table,
)
from helpers.live._show import MIME, SCRIPT, figure, page, show
from helpers.live._values import Values, write

__all__ = [
    "MIME",
    "SCRIPT",
    "Formula",
    "Mean",
    "Values",
    "axis",
    "bars",
    "buttons",
    "contours",
    "curve",
    "diagram",
    "edge",
    "figure",
    "formula",
    "mark",
    "mean",
    "node",
    "orbit",
    "page",
    "path",
    "pictures",
    "plane",
    "points",
    "show",
    "slider",
    "table",
    "write",
]
