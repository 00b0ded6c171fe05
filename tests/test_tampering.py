"""Oracle: a copy of the course in which one thing is wrong has to fail, and the untouched copy has to pass.

The copy holds a tiny notebook, so that the machinery is tested and not the patience: nbval through the root
conftest.py, the rules of tests/test_notebooks.py, the runner behind `make run`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parent.parent
CONTENT = ("book/errata.yaml", "book/notation.yaml")
COPIED = ("helpers", "tools", "conftest.py", "pyproject.toml", "tests/test_notebooks.py", *CONTENT)
LIGHT = (  # the machinery needs no more
    ("from helpers.claims import Rule, find",),
    ("sorted('cab')",),
    ("import time\ntime.time()", "nbval-ignore-output"),
    ("round(find(Rule('above', seeds=3), [1, 2, 4]).high, 6)",),
)
WORDS, CLOCK, NUMBERS = 1, 2, 3
PROOF = (
    ("from helpers.notation import sigma, u\nfrom helpers.proof import Partial, check",),
    ("check(Partial(sigma(u), u), sigma(u) * (1 - sigma(u))).verdict",),
)
FLIPS = (
    ("book/notation.yaml", r"\sigma(u) = \frac{1}{1 + e^{-u}}", r"\sigma(u) = \frac{1}{1 + e^{u}}"),
    (
        "helpers/claims/_rule.py",
        "max(float(low), rule.possible[0]), min(float(high)",
        "max(float(low), rule.possible[0]), min(float(low)",
    ),
)


def run(folder: Path, *command: str) -> subprocess.CompletedProcess:
    """Run Python in the copy, importing the copy's helpers, and without what the outer pytest has set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COURSE_"))}
    environment = kept | {"PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True
    )


def failures(folder: Path) -> set[tuple[str, str]]:
    """(notebook, what failed): a cell under nbval, or a rule about stored outputs."""
    chosen = "Cell or fresh or executed"
    options = ("--nbval", "-rf", "-p", "no:cacheprovider", "-p", "no:xdist", "--color=no", "-k", chosen)
    answer = run(folder, "-m", "pytest", *options, "notebooks", "tests/test_notebooks.py::test_notebook")
    assert re.search(r"\d+ passed", answer.stdout), answer.stdout[-3000:] + answer.stderr[-3000:]
    cells = re.findall(r"^FAILED notebooks/([\w-]+)\.ipynb::(Cell \d+)", answer.stdout, flags=re.M)
    rules = re.findall(r"^FAILED \S+::test_notebook\[([\w-]+)-(\w+)\]", answer.stdout, flags=re.M)
    found = set(cells) | set(rules)
    assert (answer.returncode != 0) == bool(found), answer.stdout[-3000:]
    return found


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A small copy of the course; its two notebooks were executed by the runner."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "tests").mkdir()
    (folder / "notebooks").mkdir()
    (folder / "book").mkdir()
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    for name, sources in (("01-light", LIGHT), ("02-proof", PROOF)):
        cells = [new_code_cell(source, metadata={"tags": list(tags)}) for source, *tags in sources]
        nbformat.write(new_notebook(cells=cells), folder / "notebooks" / f"{name}.ipynb")
    made = run(folder, "tools/run_notebooks.py", "--jobs", "2")
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


def variant(course: Path, name: str, edit: Callable) -> Path:
    path = course / "notebooks" / f"{name}.ipynb"
    nb = nbformat.read(course / "notebooks" / "01-light.ipynb", as_version=4)
    edit(nb.cells)
    nbformat.write(nb, path)
    return path


def nudge_last_digit(cells) -> None:
    """An edit within the tolerance of the compare: only the seal can see it."""
    text = cells[NUMBERS].outputs[0].data["text/plain"]
    digits = re.findall(r"\d+\.\d+", text)[0]
    cells[NUMBERS].outputs[0].data["text/plain"] = text.replace(
        digits, digits[:-1] + str((int(digits[-1]) + 1) % 10)
    )


EDITS = {  # name: (edit, what has to fail)
    "03-edited-compared": (
        lambda cells: cells[WORDS].outputs[0].data.update({"text/plain": "['a']"}),
        {"Cell 1", "fresh"},
    ),
    "04-edited-ignored": (
        lambda cells: cells[CLOCK].outputs[0].data.update({"text/plain": "1.5"}),
        {"fresh"},
    ),
    "05-edited-slightly": (nudge_last_digit, {"fresh"}),
    "06-removed-output": (lambda cells: cells[WORDS].update(outputs=[]), {"Cell 1", "fresh"}),
    "07-never-run": (
        lambda cells: [cell.update(outputs=[], execution_count=None) for cell in cells],
        {"executed", "fresh"},
    ),
    "08-code-edited": (lambda cells: cells[CLOCK].update(source="import time\n-time.time()"), {"fresh"}),
}


def test_edited_notebooks_fail_and_the_untouched_ones_pass(course):
    paths = [variant(course, name, edit) for name, (edit, _) in EDITS.items()]
    found = failures(course)
    for path in paths:
        path.unlink()
    assert found == {(name, what) for name, (_, expected) in EDITS.items() for what in expected}


def test_flipped_signs_in_helpers_fail(course):
    for file, right, wrong in FLIPS:
        text = (course / file).read_text(encoding="utf-8")
        assert text.count(right) == 1
        (course / file).write_text(text.replace(right, wrong), encoding="utf-8")
    found = failures(course)
    for file, _, _ in FLIPS:
        shutil.copy(ROOT / file, course / file)
    assert found == {("01-light", f"Cell {NUMBERS}"), ("02-proof", "Cell 1")}
