"""The whole figure: a spec that is checked, a picture of its start, and what a notebook and the site get."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from helpers.live._formula import Formula, Mean
from helpers.live._parts import plain_list
from helpers.live._still import still
from helpers.live._values import FIELD, Values
from helpers.plots import require, shown, to_png, to_svg
from helpers.runtime import display

MIME = "application/vnd.show-your-work.live+json"
SCRIPT = Path(__file__).with_name("live.js")
MAX_KB = 150


@dataclass(frozen=True)
class Figure:
    """A figure that moves; `values` reads its names at the start, `spec` is what live.js gets."""

    spec: dict
    alt: str
    values: Values = field(repr=False)
    name: str = ""
    caption: str = ""

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        fig = still(self.spec["views"], self.values)
        png = to_png(fig)
        picture = f'<img src="data:image/png;base64,{png}" alt="{escape(self.alt)}">'
        script = f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>"
        data = {
            "text/html": page(self.spec, f"{picture}<p>{escape(self.still_text())}</p>") + script,
            "image/svg+xml": to_svg(fig, self.alt),
            "image/png": png,
            MIME: self.spec,
            "text/plain": f"{self.alt} {self.still_text()}",
        }
        return data, shown("figure", self.name, self.caption)

    def still_text(self) -> str:
        """The readout at the start, which stands under the picture where nothing moves."""
        said = ", ".join(
            f"{c['label']} {self.values.shown(name)}" for name, c in self.values.controls.items()
        )
        return f"Here: {said}. {self.values.readout(self.spec['readout'])}"


def page(spec: dict, inside: str) -> str:
    """The HTML of a figure: `inside` stands there until live.js takes it over."""
    data = json.dumps(spec, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace(
        "<", "\\u003c"
    )
    return f'<div class="syw-live"><script type="application/json">{data}</script>{inside}</div>'


def figure(
    controls: list[dict],
    views: list[dict],
    *,
    readout: str,
    alt: str,
    formulas: dict[str, Formula | Mean] | None = None,
    tables: dict[str, Any] | None = None,
    name: str = "",
    caption: str = "",
    holds: dict[str, object] | None = None,
) -> Figure:
    """A figure of `controls` and `views`; see the functions of this package for their parts.

    `readout`   a sentence with names in braces, read out whenever something moves: "cost {C:.3f} nats"
    `formulas`  formulas and means by name; the letters of each are controls, letters of layers or formulas
    `tables`    stored arrays by name
    `alt`       what the picture shows, without numbers that move
    `name`, `caption` and `holds` are those of `helpers.plots.show`.
    Raises ValueError for a false statement of `holds`, a name that nothing defines, a value that is not
    finite at the start, and a spec of more than 150 kB.
    """
    formulas = formulas or {}
    stored = {name: plain_list(values) for name, values in (tables or {}).items()}
    spec = {"controls": controls, "formulas": {name: f.spec() for name, f in formulas.items()},
            "tables": stored, "views": views, "readout": readout}  # fmt: skip
    values = Values(controls, formulas, stored)
    require(holds or {})
    _check(values, views, readout, alt)
    size = len(json.dumps(spec)) / 1000
    if size > MAX_KB:
        raise ValueError(f"The figure has {size:.0f} kB, over {MAX_KB}: store fewer stops or fewer points.")
    return Figure(spec, alt.strip(), values, name, caption)


def show(*parts: Any, **words: Any) -> None:
    """`figure` with the same arguments, displayed. Displays nothing outside Jupyter."""
    display(figure(*parts, **words))


def _check(values: Values, views: list[dict], readout: str, alt: str) -> None:
    if len(alt.strip()) < 20:
        raise ValueError("A figure needs alternative text of at least 20 characters that says what it shows.")
    clash = values.controls.keys() & values.formulas.keys()
    if clash:
        raise ValueError(f"{clash.pop()} names a control and a formula: rename one of them.")
    for name, _ in FIELD.findall(readout):
        found = values.get(name)
        if not isinstance(found, str) and not math.isfinite(float(found)):
            raise ValueError(f"{name} is {found} at the start: begin where it has a value.")
    for view in views:
        if "step" in view and view["step"] not in values.controls:
            raise ValueError(f"{view['step']!r} is no control: the diagram needs the name of its buttons.")
