"""What a name of a figure's spec is worth: the same rules as `reader` and `format` in live.js."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.live._formula import Formula, Mean

FIELD = re.compile(r"\{(\w+)(?::([^}]*))?\}")


class Values:
    """The names of a figure at the start of its controls: numbers, formulas, rows of tables."""

    def __init__(self, controls: list[dict], formulas: dict[str, Formula | Mean], tables: dict[str, list]):
        self.controls = {control["name"]: control for control in controls}
        self.formulas, self.tables = formulas, tables
        self.place = {name: control["start"] for name, control in self.controls.items()}

    def get(self, what: Any, **letters: Any) -> Any:
        """The value of a reference, letters first; arrays as letters give arrays."""
        if isinstance(what, (int, float)):
            return what
        if isinstance(what, dict):
            return self._row(what)
        if isinstance(what, list):
            return what
        if what in letters:
            return letters[what]
        if what in self.controls:
            return self.controls[what]["stops"][self.place[what]]
        if what not in self.formulas:
            raise ValueError(f"{what!r} is no control, no letter and no formula of this figure.")
        return self._formula(self.formulas[what], letters)

    def _formula(self, found: Formula | Mean, letters: dict) -> Any:
        if isinstance(found, Formula):
            values = [np.asarray(self.get(name, **letters), dtype=float)[()] for name in found.args]
            with np.errstate(all="ignore"):  # what is no number is drawn as a gap, and read as "undefined"
                return found.python(*values)
        one: Callable[..., Any] = lambda row: self.get(found.of, **{**letters, **row})  # noqa: E731
        rows = [
            dict(zip(found.over, values, strict=True)) for values in zip(*found.over.values(), strict=True)
        ]
        return sum(one(row) for row in rows) / len(rows)

    def _row(self, what: dict) -> list:
        row = self.tables[what["table"]]
        for name in what["at"]:
            row = row[self.place[name]]
        return row

    def orbit(self, layer: dict) -> list[tuple[float, float]]:
        """The points of a recursion, (n + 1, 2)."""
        state = {name: self.get(first) for name, first in layer["start"].items()}
        found = []
        for _ in range(int(self.get(layer["n"])) + 1):
            found.append((float(self.get(layer["x"], **state)), float(self.get(layer["y"], **state))))
            state = {name: self.get(then, **state) for name, then in layer["next"].items()}
        return found

    def shown(self, name: str) -> str:
        """A control as its label shows it."""
        control = self.controls[name]
        if control["names"]:
            return control["names"][self.place[name]]
        unit = f" {control['unit']}" if control["unit"] else ""
        return write(self.get(name), control["format"]) + unit

    def readout(self, text: str) -> str:
        """`text` with {name} and {name:.3f} filled in."""
        return FIELD.sub(self._field, text)

    def _field(self, match: re.Match) -> str:
        name, how = match[1], match[2]
        return self.shown(name) if name in self.controls and how is None else write(self.get(name), how or "")


def write(value: Any, how: str = "") -> str:
    """A number as text, with a true minus sign and never "−0"; "∞" and "undefined" where it is none."""
    if isinstance(value, str):
        return value
    value = float(np.asarray(value))
    if not math.isfinite(value):
        return "undefined" if math.isnan(value) else "∞" if value > 0 else "−∞"
    if how == "d":
        text = f"{round(value):d}"
    elif how.endswith("g") or not how:  # as a page writes it: no power of ten where digits will do
        text = np.format_float_positional(float(format(value, how or ".6g")), trim="-")
    else:
        text = format(value, how)
    return re.sub(r"^−(0(?:\.0*)?%?)$", r"\1", text.replace("-", "−"))
