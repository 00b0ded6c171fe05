"""A table of results: HTML where it is shown, aligned text where it is compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from helpers.plots._svg import shown


@dataclass(frozen=True, repr=False)
class Table:
    """Rows of text under heads; the site numbers it."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str
    name: str

    def __repr__(self) -> str:
        lines = [self.heads, *self.rows]
        widths = [max(len(line[k]) for line in lines) for k in range(len(self.heads))]
        texts = ["  ".join(f"{cell:{w}}" for cell, w in zip(line, widths, strict=True)) for line in lines]
        return "\n".join(text.rstrip() for text in texts)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict, dict]:
        head = "".join(f'<th scope="col">{_html(cell)}</th>' for cell in self.heads)
        body = "".join(
            f'<tr><th scope="row">{_html(row[0])}</th>'
            + "".join(f"<td>{_html(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in self.rows
        )
        html = (
            f'<table class="syw-table"><caption>{escape(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )
        return {"text/html": html, "text/plain": repr(self)}, shown("table", self.name, self.caption)


def table(columns: dict[str, Sequence], *, caption: str, name: str = "", format: str = ".3g") -> Table:
    """The `columns`, each a head with its unit and n values, as a table; the first names the rows.

    Numbers that are not whole are written in `format`, texts as they stand, with $formulas$ typeset.
    Raises ValueError if the columns differ in length or the caption is missing.
    """
    lengths = {head: len(values) for head, values in columns.items()}
    if len(set(lengths.values())) != 1:
        raise ValueError(f"The columns differ in length: {lengths}. Give each head one value a row.")
    if not caption.strip():
        raise ValueError("A table needs a caption that says what stands in it.")
    cells = [[_cell(value, format) for value in values] for values in columns.values()]
    return Table(tuple(columns), tuple(zip(*cells, strict=True)), caption.strip(), name)


def _html(cell: str) -> str:
    """The text of a cell; `$formula$` becomes what the site and JupyterLab typeset."""
    maths = r'<span class="syw-math mathjax_process tex2jax_process">\\(\1\\)</span>'
    return re.sub(r"\$([^$]+)\$", maths, escape(cell))


def _cell(value: Any, format_: str) -> str:
    if isinstance(value, str):
        return value
    number = float(value)
    text = f"{number:,.0f}" if number == round(number) and abs(number) < 1e15 else format(number, format_)
    return text.replace("-", "−")
