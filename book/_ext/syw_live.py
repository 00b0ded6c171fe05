"""Figures that move: the site serves their script once, and keeps their picture where it does not run."""

from __future__ import annotations

import json
import shutil
from html import escape
from pathlib import Path

import syw_figures
from sphinx.application import Sphinx

from helpers import live


def on_page(data: dict) -> dict:
    """An output's data as the site shows it: the picture in the site's colours, and the spec for the script."""
    svg = "".join(data["image/svg+xml"])
    picture = f'<div class="syw-figure">{syw_figures.recolour(svg[svg.find("<svg") :])}</div>'
    words = escape("".join(data["text/plain"]))
    inside = f'{picture}<p class="syw-note">{words}</p>'
    return {"text/html": live.page(data[live.MIME], inside)}


def prepare(notebook: dict) -> dict:
    """The notebook with the outputs of moving figures as the site shows them."""
    cells = []
    for cell in notebook["cells"]:
        outputs = [
            {**o, "data": on_page(o["data"])} if live.MIME in o.get("data", {}) else o
            for o in cell.get("outputs", [])
        ]
        cells.append({**cell, "outputs": outputs} if "outputs" in cell else cell)
    return {**notebook, "cells": cells}


def prepare_chapter(app: Sphinx, docname: str, content: list[str]) -> None:
    if docname.startswith("notebooks/") and live.MIME in content[0]:
        content[0] = json.dumps(prepare(json.loads(content[0])))


def copy_script(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        shutil.copyfile(live.SCRIPT, Path(app.outdir) / "_static" / live.SCRIPT.name)


def setup(app: Sphinx) -> None:
    app.connect("source-read", prepare_chapter)
    app.connect("build-finished", copy_script)
    app.add_js_file(live.SCRIPT.name, loading_method="defer")
