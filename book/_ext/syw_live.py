"""Figures that move: the site serves their script once, and keeps their picture where it does not run."""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path

import syw_figures
from sphinx.application import Sphinx

from helpers import live


def on_page(data: dict) -> str:
    """What the site shows of an output: the picture in its colours, and the spec for the script."""
    words = escape("".join(data["text/plain"]))
    inside = syw_figures.inline("".join(data["image/svg+xml"])) + f'<p class="syw-note">{words}</p>'
    return live.page(data[live.MIME], inside)


def copy_script(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        shutil.copyfile(live.SCRIPT, Path(app.outdir) / "_static" / live.SCRIPT.name)


def setup(app: Sphinx) -> None:
    app.connect("build-finished", copy_script)
    app.add_js_file(live.SCRIPT.name, loading_method="defer")
