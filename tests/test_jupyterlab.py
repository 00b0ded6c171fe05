"""Oracle: JupyterLab itself, which does not trust the chapter, seen by a browser; planted faults are noticed.

A chapter that somebody received is not trusted: its SVG and its HTML are not shown. It has to read well all
the same, as it does on a code host or in an editor.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from prose_numbers import MARK

from helpers.places import chapters

PATIENCE = 60  # seconds for the server to answer, and for a page
WHOLE = {"windowingMode": "none"}  # or cells that are out of sight would not be drawn
RAW = re.compile(r"\{glue|<!--|-->|\{(?:doc|ref|numref|eq|cite)\}")
PICTURE = "image/svg+xml"
DRAWN = """() =>
    [...document.querySelectorAll('.jp-Notebook .jp-MarkdownOutput')].every(text => text.innerText.trim()) &&
    [...document.querySelectorAll('.jp-Notebook img')].every(picture => picture.complete)"""
LOADED = "pictures => pictures.filter(p => p.src.startsWith('data:image/png') && p.naturalWidth > 99).length"
SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="200"><rect width="200" height="200"/></svg>'
)


def light() -> Path:
    """The chapter with the fewest cells among those that have a figure and a number in their prose."""
    found = []
    for path in chapters():
        nb = nbformat.read(path, as_version=4)
        if figures(nb) and any(MARK.search(cell.source) for cell in prose(nb)):
            found.append((len(nb.cells), path))
    return min(found)[1]


def prose(nb) -> list:
    return [cell for cell in nb.cells if cell.cell_type == "markdown"]


def figures(nb) -> int:
    outputs = [output for cell in nb.cells if cell.cell_type == "code" for output in cell.outputs]
    return sum(PICTURE in output.get("data", {}) for output in outputs)


def faulty():
    """A chapter as it must not be: numbers that one tool only understands, a figure that needs trust."""
    picture = new_output("display_data", data={PICTURE: SQUARE, "text/plain": "a square"})
    words = "It reached {glue:text}`accuracy`, after <!--number:n-->16<!--/number-->*0* epochs."
    return new_notebook(cells=[new_markdown_cell(words), new_code_cell("1", outputs=[picture])])


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """The address and folder of a JupyterLab that knows of no one's settings and trusts nothing."""
    folder = tmp_path_factory.mktemp("lab")
    work, settings = folder / "work", folder / "settings" / "@jupyterlab" / "notebook-extension"
    for path in (work, settings):
        path.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text(json.dumps(WHOLE), encoding="utf-8")
    own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {f"JUPYTERLAB_{name}_DIR": str(folder / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}")
    options = ("--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={work}")
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            (*command, *options), env=os.environ | own, cwd=work, stdout=log, stderr=log
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _await(f"{address}/api/status", server, folder / "log")
        yield address, work
    finally:
        server.kill()  # no kernel runs, and asked to end it waits for browsers
        server.wait(timeout=PATIENCE)


def _await(url: str, server: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=PATIENCE).close()
            return
        except OSError:
            ended = server.poll() is not None or time.monotonic() > end
            assert not ended, log.read_text(encoding="utf-8")
            time.sleep(0.2)


@pytest.fixture(scope="module")
def tab(chromium):
    tab = chromium.new_page(viewport={"width": 1280, "height": 900})
    tab.set_default_timeout(1000 * PATIENCE)
    yield tab
    tab.close()


def problems(tab, address: str, path: Path) -> list[str]:
    """What a reader who opens the notebook, and runs nothing, would stumble over."""
    nb = nbformat.read(path, as_version=4)
    tab.goto(f"{address}/lab/workspaces/{path.stem}/tree/{path.name}")  # nothing of another visit is restored
    tab.locator(".jp-Notebook .jp-Cell").nth(len(nb.cells) - 1).wait_for(state="attached")
    tab.locator("[data-icon='ui-components:not-trusted']").first.wait_for(state="attached")
    shown = tab.locator(".jp-Notebook .jp-MarkdownCell .jp-MarkdownOutput")
    shown.nth(len(prose(nb)) - 1).wait_for(state="attached")
    tab.wait_for_function(DRAWN)
    found = []
    for cell, text in zip(prose(nb), shown.all_inner_texts(), strict=True):
        found += [f"raw: {raw}" for raw in RAW.findall(text)]
        for mark in MARK.finditer(cell.source):
            if not re.search(rf"(?<!\w){re.escape(mark['text'])}(?!\w)", text):
                found.append(f"no {mark['text']} in: {text[:80]}")
    pictures = tab.locator(".jp-Notebook .jp-OutputArea img")
    seen = pictures.evaluate_all(LOADED)
    return found + ([f"{seen} of {figures(nb)} figures"] if seen != figures(nb) else [])


def test_a_chapter_reads_well_untrusted(tab, lab):
    address, folder = lab
    path = folder / light().name
    nb = nbformat.read(light(), as_version=4)
    nb.metadata.pop("kernelspec", None)  # nothing is run here, so no kernel is wanted
    nbformat.write(nb, path)
    assert problems(tab, address, path) == []


def test_what_only_the_site_would_show_is_noticed(tab, lab):
    address, folder = lab
    path = folder / "faulty.ipynb"
    nbformat.write(faulty(), path)
    found = problems(tab, address, path)
    assert [problem.partition(":")[0] for problem in found] == ["raw", "no 16 in", "0 of 1 figures"]
