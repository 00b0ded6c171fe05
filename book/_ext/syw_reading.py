"""How long a chapter takes to read, and what can be skipped at a first reading, under its title.

Counted from the stored notebook: words of running text, lines of derivations and figures that are not folded
away. The rates are those of slow reading with a pencil; they are stated in *How to read this book*.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import syw_notebooks
from docutils import nodes
from sphinx.application import Sphinx

WORDS, LINES, FIGURES = 180, 2, 2  # a minute
SKIPPED = ("Formula and automatic differentiation", "What the reports said", "Limits")
FOLDED = ("hide-cell", "hide-output", "remove-cell", "remove-output", "solution")
MARKS = re.compile(r"<[^>]+>|\$[^$]+\$|`[^`]*`|[#*_>|-]")


def parts(notebook: dict) -> dict[str, float]:
    """Minutes by section, in order; what stands before the first section has the name ''."""
    found, section = {"": 0.0}, ""
    for cell in notebook["cells"]:
        text = syw_notebooks.source(cell)
        if cell["cell_type"] == "markdown":
            if heading := re.search(r"^## (.+)$", text, re.MULTILINE):
                section = heading[1].strip()
            found[section] = found.get(section, 0) + len(MARKS.sub(" ", text).split()) / WORDS
        elif not any(syw_notebooks.has(cell, tag) for tag in FOLDED):
            lines = sum(syw_notebooks.verdicts({"cells": [cell]}).values())
            drawn = sum("image/svg+xml" in output.get("data", {}) for output in cell.get("outputs", []))
            found[section] = found.get(section, 0) + lines / LINES + drawn / FIGURES
    return found


def minutes(notebook: dict, without: tuple[str, ...] = ()) -> int:
    """The whole chapter, or what is left without some sections, to five minutes; never none."""
    spent = sum(took for section, took in parts(notebook).items() if section not in without)
    return max(5, 5 * round(spent / 5))


def line(notebook: dict) -> str:
    """The sentence under the title, as HTML."""
    there = [section for section in SKIPPED if section in parts(notebook)]
    said = f"About {minutes(notebook)} minutes to read."
    if there:
        links = [f'<a href="#{nodes.make_id(section)}">{escape(section)}</a>' for section in there]
        listed = ", ".join(links[:-1]) + (" and " if links[:-1] else "") + links[-1]
        short = minutes(notebook, tuple(there))
        said += f" At a first reading skip {listed}, and leave folds closed: about {short} minutes."
    return f'<p class="syw-reading-line">{said}</p>'


def add_line(app: Sphinx, doctree: nodes.document) -> None:
    name = app.env.docname
    if not name.startswith("notebooks/"):
        return
    notebook = syw_notebooks.read(Path(app.srcdir) / f"{name}.ipynb")
    heading = next(iter(doctree.findall(nodes.title)), None)
    if heading is not None:
        heading.parent.insert(heading.parent.index(heading) + 1, nodes.raw("", line(notebook), format="html"))


def name_rates(app: Sphinx, config) -> None:
    rates = {"words": WORDS, "lines": LINES, "figures": FIGURES}
    config.myst_substitutions.update({f"{name}_a_minute": str(rate) for name, rate in rates.items()})


def setup(app: Sphinx) -> None:
    app.connect("config-inited", name_rates, priority=200)  # after showwork's own
    app.connect("doctree-read", add_line, priority=600)  # above the line of verdicts, which comes first
