"""The page on the reports' derivations, from book/handed-in.yaml and the stored verdicts beside it."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sympy.core.alphabets import greeks
from syw_pages import parse


def entries(folder: Path) -> list[dict[str, Any]]:
    """Each derivation with its stored lines."""
    stored = json.loads((folder / "handed-in.json").read_text(encoding="utf-8"))
    lines = {one["id"]: one["lines"] for one in stored}
    found = yaml.safe_load((folder / "handed-in.yaml").read_text(encoding="utf-8"))
    return [{**one, "lines": lines[one["id"]]} for one in found]


def ruled(one: dict[str, Any], row: int) -> list[dict[str, Any]]:
    """The lines of a row that are not right, or that could not be read."""
    return [line for line in one["lines"] if line["row"] == row and line["verdict"] not in FINE]


FINE = ("proved", "definition")


def summary(found: list[dict[str, Any]]) -> str:
    """How many lines, how many mistakes, and how many of them were found at their rows."""
    counts = Counter(line["verdict"] for one in found for line in one["lines"])
    wrong = [(one, row) for one in found for row in one["wrong"]]
    refuted = sum(any(line["verdict"] == "refuted" for line in ruled(one, row)) for one, row in wrong)
    unread = sum(any(line["verdict"] == "not read" for line in ruled(one, row)) for one, row in wrong)
    blamed = sum(
        line["verdict"] == "refuted" and line["row"] not in one["wrong"]
        for one in found
        for line in one["lines"]
    )
    missed = len(wrong) - refuted - unread
    return (
        f"{len(found)} derivations with {sum(counts.values())} lines: {counts['proved']} are proved. "
        f"Of {len(wrong)} wrong rows {refuted} are refuted with numbers, {unread} refused with a sentence "
        f"that names the mistake, and {missed} not decided. {blamed or 'No'} right rows are refuted."
    )


def row_of_table(one: dict[str, Any]) -> str:
    """One derivation as a row of the table: its lines, and what is wrong where."""
    proved = sum(line["verdict"] == "proved" for line in one["lines"])
    found = []
    for row, why in one["wrong"].items():
        verdict = next((line["verdict"] for line in ruled(one, row)), "not found")
        found.append(f"row {row}, {verdict}: {why}")
    open_ = [line for line in one["lines"] if line["verdict"] in ("checked", "unknown")]
    if open_:
        rows = ", ".join(sorted({str(line["row"]) for line in open_ if line["row"] not in one["wrong"]}))
        found += [f"row {rows}: right at all numbers tried, not proved"] if rows else []
    return f"| {one['title']} | {proved} of {len(one['lines'])} | {'; '.join(found) or 'nothing'} |"


def details(one: dict[str, Any]) -> list[str]:
    """The wrong rows of a derivation with their formulas and the numbers at which they fail."""
    made = []
    for row, why in one["wrong"].items():
        for line in ruled(one, row)[:1]:
            made += [f"{one['title']}, row {row}: {why}.", ""]
            made += ["$$", line["latex"], "$$", ""] if line["latex"] else []
            made += [f"*{line['verdict']}*: {typeset(line['said'].rstrip('.'))}.", ""] if line["said"] else []
    return made


VALUE = re.compile(r"\b([A-Za-z]+)(\d*)(\^\(\w+\))?(?:\[([\w, ]+)\])? = (-?[\d.]+)")


def typeset(said: str) -> str:
    """What the checker said, `at w^(2)[1, 2] = -1: left side -6`, with its point as formulas."""

    def value(found: re.Match) -> str:
        name, digits, layer, places, number = found.groups()
        base = f"\\hat {name[0]}" if name[1:] == "hat" else f"\\{name}" if name in greeks else name
        below = ", ".join(filter(None, (digits, places)))
        above = f"^{{{layer[1:]}}}" if layer else ""
        return f"${base}{above}{f'_{{{below}}}' if below else ''} = {number}$"

    if not said.startswith("at "):
        return said
    point, mark, sides = said.partition(": left side ")
    return VALUE.sub(value, point) + mark + re.sub(r"-(?=\d)", "−", sides)


def page(found: list[dict[str, Any]]) -> list[str]:
    """The whole page in Markdown."""
    text = [summary(found), ""]
    for report, group in groupby(found, key=lambda one: one["report"]):
        mine = list(group)
        text += [f"## Report {report}", "", "| derivation | lines proved | what is wrong |", "|:--|:--|:--|"]
        text += [*map(row_of_table, mine), ""]
        text += [line for one in mine for line in details(one)]
    return text


class HandedIn(SphinxDirective):
    """`{handed-in}`: the table, with every wrong row below it."""

    def run(self) -> list[nodes.Node]:
        folder = Path(self.env.srcdir) / "book"
        for name in ("handed-in.yaml", "handed-in.json"):
            self.env.note_dependency(str(folder / name))
        first, *rest = page(entries(folder))
        return [*self.parse_text_to_nodes(first), *parse(self, rest)]


def setup(app: Sphinx) -> dict:
    app.add_directive("handed-in", HandedIn)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
