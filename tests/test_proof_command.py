"""Oracle: the exit status and the lines of the command, run as a reader runs it; and what importing costs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAD = """
from sympy import symbols, Sum
from helpers.proof import Derivation, Given, RefutedStep
x = symbols("x", real=True); n, i = symbols("n i", integer=True, positive=True)
"""
GOOD = 'Derivation("square", (x + 1)**2).step(x**2 + 2*x + 1, "binomial").qed()\n'
FALSE = 'Derivation("freshman", (x + 1)**2).step(x**2 + 1)\n'
WEAK = (
    'Derivation("parity", Sum((-1)**i**2, (i, 1, n)), Given(sizes=(n,)){}).step(Sum((-1)**i, (i, 1, n))){}\n'
)


def python(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, check=False)


def run(path: Path) -> subprocess.CompletedProcess:
    return python("-m", "helpers.proof", str(path))


def script(folder: Path, body: str) -> Path:
    path = folder / "script.py"
    path.write_text(HEAD + body, encoding="utf-8")
    return path


def notebook(folder: Path, *cells: str, tags: tuple[str, ...] = ()) -> Path:
    path = folder / "book.ipynb"
    made = [{"cell_type": "markdown", "source": "# Title", "metadata": {}}]
    for cell in cells:
        made.append({"cell_type": "code", "source": cell, "metadata": {"tags": list(tags)}, "outputs": []})
    path.write_text(json.dumps({"cells": made, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}))
    return path


def test_a_script_whose_derivations_hold(tmp_path: Path) -> None:
    done = run(script(tmp_path, GOOD + 'print("noise")\n' + WEAK.format(", numeric=True", ".qed()")))
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["ok", "square:"], ["ok", "parity:"]]
    assert "1 of 1 step proved (" in lines[0]
    assert lines[0].endswith(" s)")
    assert "declared numeric" in lines[1]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (WEAK.format("", ""), "NOT  parity: 0 of 1 step proved for symbolic n; step 1 is only checked"),
        (f"try: {FALSE}except RefutedStep: pass\n", "NOT  freshman: 0 of 0 steps proved; open: the error"),
        (FALSE, "NOT  freshman: refuted. Step 1 of 'freshman' is false at x = "),
        (GOOD.replace(".qed()", ""), "NOT  square: 1 of 1 step proved; open: it has no qed()"),
        ('Derivation("empty", x)\n', "NOT  empty: open: no step"),
    ],
)
def test_what_is_not_as_declared_fails_and_the_next_is_judged(tmp_path: Path, body: str, said: str) -> None:
    done = run(script(tmp_path, body + GOOD))
    assert done.returncode == 1
    first, second = done.stdout.splitlines()
    assert first.startswith(said)
    assert second.startswith("ok   square: 1 of 1 step proved")


def test_what_a_file_does_to_its_own_results_does_not_count(tmp_path: Path) -> None:
    forged = (
        'd = Derivation("forged", x).step(x).qed()\n'
        "from dataclasses import replace\n"
        "from helpers.proof.statement.chain import Line\n"
        "part = replace(d.chain.parts[0], lines=(Line(3*x),))\n"
        "class Forged:\n"
        "    chain = replace(d.chain, parts=(part,))\n"
        "    verdict, results = d.proof.verdict, d.proof.results\n"
        "d.proof = Forged()\n"
    )
    done = run(script(tmp_path, forged))
    assert done.returncode == 1
    assert "NOT  forged" in done.stdout


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("1/0\n", "ZeroDivisionError"),
        ("import sys; sys.exit(3)\n", "exit status 3"),
        ("def broken(:\n", "SyntaxError"),
    ],
)
def test_a_file_that_stops_fails_with_the_reason(tmp_path: Path, body: str, said: str) -> None:
    done = run(script(tmp_path, body))
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_several_files_are_judged_one_after_the_other(tmp_path: Path) -> None:
    good = script(tmp_path, GOOD)
    bad = tmp_path / "bad.py"
    bad.write_text(HEAD + FALSE)
    done = python("-m", "helpers.proof", str(bad), str(good), str(tmp_path / "missing.py"))
    assert done.returncode == 2
    assert [line.split()[0].rstrip(":").endswith(".py") for line in done.stdout.splitlines()] == [
        True,
        False,
    ] * 2
    assert "cannot be read" in done.stderr


def test_notebooks_run_cell_by_cell_in_their_own_folder(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("ONE = 1\n")
    magic = "%matplotlib inline\n!ls\nfrom beside import ONE"
    cells = [HEAD, magic, GOOD.replace("+ 1,", "+ ONE,"), "display(x)"]
    assert run(notebook(tmp_path, *cells)).returncode == 0
    refuted = run(notebook(tmp_path, *cells, FALSE))
    assert refuted.returncode == 1
    assert "NOT  freshman: refuted" in refuted.stdout
    assert run(notebook(tmp_path, HEAD, FALSE, tags=("raises-exception",))).returncode == 0


def test_no_derivation_is_an_error(tmp_path: Path) -> None:
    done = run(script(tmp_path, ""))
    assert done.returncode == 2
    assert "makes no derivation" in done.stderr


def test_unreadable_files_are_refused_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "list.ipynb").write_text("[]")
    (tmp_path / "text.rst").write_text("x")
    (tmp_path / "deep.ipynb").write_text("[" * 100_000)
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "endless.py").symlink_to("/dev/zero")
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe\x00")
    refused = {
        "missing.py": "cannot be read",
        "broken.ipynb": "is not a notebook",
        "list.ipynb": "is not a notebook",
        "text.rst": "neither",
        ".": "is not a file",
        "deep.ipynb": "is not a notebook",
        "pipe.py": "is not a file",
        "endless.py": "is not a file",
        "binary.py": "cannot be read",
    }
    done = python("-m", "helpers.proof", *(str(tmp_path / name) for name in refused))
    assert done.returncode == 2
    for (name, said), line in zip(refused.items(), done.stderr.splitlines(), strict=True):
        assert str(tmp_path / name) in line
        assert said in line
    assert done.stdout == ""


def test_usage() -> None:
    done = python("-m", "helpers.proof")
    assert done.returncode == 2
    assert "usage" in done.stderr


# ---- importing

LOADED = """
import sys, time
import helpers.proof
print(time.process_time())
print(" ".join(sorted({name.split(".")[0] for name in sys.modules})))
"""


def test_importing_is_quick_and_loads_only_sympy_and_mpmath() -> None:
    """Oracle: the interpreter's own table of modules, against a bare one; the best of three runs."""
    alone, names = python("-c", LOADED.replace("helpers.proof", "sympy, mpmath")).stdout.splitlines()
    bare = set(names.split())
    assert {"sympy", "mpmath"} <= bare
    seconds = []
    for _ in range(3):
        spent, names = python("-c", LOADED).stdout.splitlines()
        seconds.append(float(spent))
        assert set(names.split()) - bare - set(sys.stdlib_module_names) == {"helpers"}
    assert min(seconds) <= 1.5 * float(alone) + 0.3  # the same machine, as busy as it is


def test_a_text_is_told_which_command_judges_it(tmp_path: Path) -> None:
    text = tmp_path / "homework.tex"
    text.write_text("x = x", encoding="utf-8")
    done = run(text)
    assert done.returncode == 2
    assert f"python -m helpers.proof check {text}" in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_no_console_stops_the_report(tmp_path, encoding):
    text = tmp_path / "a.md"
    text.write_text(
        "Let $u$ be a number.\n\n$$\\frac{\\partial u^2}{\\partial u} = 3 u$$\n", encoding="utf-8"
    )
    missing = tmp_path / "∂.py"
    for words, status in ((["check", str(text)], 1), ([str(missing)], 2)):
        done = subprocess.run(
            [sys.executable, "-m", "helpers.proof", *words],
            env={**os.environ, "PYTHONIOENCODING": encoding}, capture_output=True, text=True, cwd=ROOT,
        )  # fmt: skip
        assert done.returncode == status, done.stderr
        assert "UnicodeEncodeError" not in done.stderr
    assert r"\u2202.py cannot be read" in done.stderr
