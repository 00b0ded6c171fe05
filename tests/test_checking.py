"""Oracle: texts whose mistakes are known, files as people save them, the status that a script relies on."""

from __future__ import annotations

import codecs
import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.checking import mark, task, tasks
from helpers.checking.command import main
from helpers.checking.files import derivations
from helpers.proof import check
from helpers.proof.homework import judge

ROOT = Path(__file__).parent.parent
RIGHT = "Let $p = \\sigma(z)$.\n" + r"\frac{d p}{d z} = p(1 - p)" + "\n"
WRONG = "Let $p = \\sigma(z)$.\n" + r"\frac{d p}{d z} = -p(1 - p)" + "\n"
SLIP = r"""Let $p_k = \frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}}$.
\begin{align}
\frac{\partial p_k}{\partial z_j} &= p_k (\delta_{jk} - p_j) \\
 &= p_k \delta_{jk} + p_k p_j \\
 &= p_j p_k + \delta_{jk} p_k \\
 &= p_k \delta_{jk} - p_k p_j
\end{align}
"""
FIELDS = ["line", "verdict", "counterexample", "mistake", "message"]
VERDICTS = {"proved", "checked", "unknown", "refuted", "unread"}


def write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> str:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return str(path)


def records(capsys: pytest.CaptureFixture, *arguments: str) -> tuple[int, list[dict]]:
    status = main([*arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


# ---------------------------------------------------------------- one text
def test_a_slip_is_named_once_and_what_mends_it_is_said() -> None:
    lines = mark(SLIP).lines
    assert [(line.row, line.verdict) for line in lines] == [
        (1, "proved"),
        (2, "refuted"),
        (3, "proved"),
        (4, "proved"),
    ]
    assert lines[2].message == "goes on from the slip of row 2"
    assert lines[3].message == "follows from row 1, so the slip of row 2 was mended"
    assert mark(SLIP).status == 1


def test_two_slips_are_two() -> None:
    text = r"Let $x$ be a number." + "\n" + r"(x+1)^2 = x^2 + 1 \\ = 1 + x^2 \\ = x^2 \\ = x^2 + 2x + 1"
    assert [line.verdict for line in mark(text).lines] == ["refuted", "proved", "refuted", "proved"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (WRONG, "the sign is wrong"),
        (
            r"Let $x_i$ be numbers and $m = \frac1n \sum_{i=1}^n x_i$." + "\n" + r"m = \sum_i x_i",
            "the factor 1/n is missing",
        ),
        (r"Let $f(x) = x^2$." + "\n" + r"f'(x) = x", "a factor 2 is missing"),
    ],
)
def test_mistakes_have_names(text: str, name: str) -> None:
    assert [line.mistake.name for line in mark(text).lines if line.mistake] == [name]


def test_a_wrong_answer_of_the_catalogue_is_recognised() -> None:
    """Oracle: a mistake of the course's own exercise, typed in LaTeX with the reader's letters."""
    text = (
        r"Let $z = \sum_{i=1}^n w_i x_i$, $\hat y = \sigma(z)$ "
        + r"and $C = -(y \ln \hat y + (1-y) \ln(1-\hat y))$."
        + "\n"
        + r"\frac{\partial C}{\partial w_j} = -(y - \hat y)"
    )
    (line,) = mark(text).lines
    assert line.mistake is not None
    assert "x" in f"{line.mistake.name} {line.mistake.hint}"
    other = mark(text.replace(r"-(y - \hat y)", r"-(y - \hat y) x_j^3")).lines[0]
    assert other.verdict == "refuted"
    assert other.mistake is None


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{\partial E}{\partial w_i} = \frac{\partial E}{\partial o} \frac{\partial o}{\partial w_i}",
        r"\frac{\partial L}{\partial z_k} = \hat y_k - y_k",
        r"\frac{1}{1 + e^{-z}} = g",
        r"E[x^2] = E[x]^2",
    ],
)
def test_what_nothing_is_said_of_gets_no_verdict(text: str) -> None:
    """An E that no sentence defines would be a constant, and its derivatives 0: neither right nor wrong."""
    assert not {line.verdict for line in judge(text).lines} & {"proved", "refuted"}
    assert "Nothing says" in str(judge(text))


def test_a_false_identity_needs_no_sentence() -> None:
    assert [line.verdict for line in judge(r"(a + b)^2 = a^2 + b^2").lines] == ["refuted"]


# ---------------------------------------------------------------- tasks
def test_every_task_is_read_as_it_stands() -> None:
    found = list(tasks())
    assert len(found) >= 60
    for one in found[::10]:
        assert not judge(f"{one.text} = {one.goal}").trouble


def test_a_task_asks_for_its_start_its_goal_and_lines_in_between() -> None:
    asked = task("softmax.jacobian")
    lines = [r"= \frac{e^{z_l} \delta_{lq} \sum_{k=1}^K e^{z_k} - e^{z_l} e^{z_q}}{(\sum_{k=1}^K e^{z_k})^2}"]
    whole = mark("\n".join([*lines, r"= \hat y_l (\delta_{lq} - \hat y_q)"]), asked)
    assert (whole.status, whole.reached) == (0, True)
    leap = mark(r"= \hat y_l (\delta_{lq} - \hat y_q)", asked)
    assert (leap.status, leap.reached) == (1, False)
    assert "the book takes 2 lines" in leap.remarks[0]
    assert not mark(lines[0], asked).reached
    assert not mark(r"\hat y_l = \frac{e^{z_l}}{\sum_{k=1}^K e^{z_k}}", asked).reached


# ---------------------------------------------------------------- files
def test_json_has_one_object_a_derivation(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    text = "# First\n\n" + SLIP + "\n# Second\n\n" + RIGHT
    status, found = records(capsys, write(tmp_path, "two.md", text))
    assert status == 1
    assert [(one["title"], len(one["lines"])) for one in found] == [("First", 4), ("Second", 1)]
    assert all(list(one) == ["file", "title", "lines"] for one in found)
    assert all(list(line) == FIELDS and line["verdict"] in VERDICTS for one in found for line in one["lines"])
    assert found[0]["lines"][1]["counterexample"] == {"K": 1, "j": 1, "k": 1, "z[1]": -1}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
def test_any_encoding(tmp_path: Path, capsys: pytest.CaptureFixture, encoding: str) -> None:
    text = "Für die Lösung gilt:\n" + RIGHT
    status, found = records(capsys, write(tmp_path, "a.tex", text, encoding))
    assert status == 0
    assert found[0]["lines"][0]["verdict"] == "proved"


def test_exit_status(tmp_path: Path) -> None:
    right, wrong = write(tmp_path, "r.tex", RIGHT), write(tmp_path, "w.md", WRONG)
    unread, empty = write(tmp_path, "u.txt", r"x \foo = x"), write(tmp_path, "e.txt", "Hello there.")
    assert [main([one]) for one in (right, wrong, unread, empty)] == [0, 1, 2, 2]
    assert main([right, unread]) == 2
    assert main([right, unread, wrong]) == 1
    assert main([str(tmp_path / "missing.tex")]) == 2
    assert main([right, "--task", "softmax.jacobain"]) == 2


def test_nothing_of_a_notebook_is_run(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    ran = tmp_path / "ran"
    cells = [
        ("markdown", ["# Homework\n", RIGHT]),
        ("code", f"open({str(ran)!r}, 'w')\nderive(r'''{WRONG}''', 'slope')"),
        ("code", "%%derivation sigma.slope\n" + RIGHT),
        ("code", "derive(text)"),
    ]
    notebook = {"cells": [{"cell_type": kind, "source": source} for kind, source in cells]}
    status, found = records(capsys, write(tmp_path, "n.ipynb", json.dumps(notebook)))
    assert status == 1
    assert [(one["title"], one["lines"][0]["verdict"]) for one in found] == [
        ("Homework", "proved"),
        ("slope", "refuted"),
        ("sigma.slope", "proved"),
    ]
    assert not ran.exists()


def test_what_stands_in_blocks_of_code_is_no_derivation(tmp_path: Path) -> None:
    text = "```python\nx = 1\n```\n\n## Maths\n\n```latex\n" + RIGHT + "```\n"
    assert [one.title for one in derivations(Path(write(tmp_path, "a.md", text)))] == ["Maths"]


def test_hostile_files_are_refused_with_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    os.mkfifo(tmp_path / "pipe.tex")
    (tmp_path / "endless.txt").symlink_to("/dev/zero")
    names = [str(tmp_path / name) for name in ("pipe.tex", "endless.txt")]
    names.append(write(tmp_path, "deep.ipynb", "[" * 100_000))
    names.append(write(tmp_path, "long.txt", "x" * 1_000_000 + " = x"))
    names.append(write(tmp_path, "list.ipynb", '{"cells": 3}'))
    names.append(write(tmp_path, "script.py", "x = 1"))
    names.append(str(tmp_path))
    assert main(names) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == len(names)
    assert (
        main(
            [
                write(
                    tmp_path,
                    "bytes.tex",
                    "\x00\xff = \udcff".encode("utf-8", "surrogatepass").decode("latin-1"),
                )
            ]
        )
        == 2
    )


def test_a_page_for_each_student_and_a_table_for_the_class(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    files = [write(tmp_path, "one.tex", SLIP), write(tmp_path / "b", "one.tex", RIGHT)]
    files.append(write(tmp_path, "=cmd.md", "# <script>alert(1)</script>\n" + WRONG))
    assert main([*files, "--html", str(tmp_path / "out"), "--csv", str(tmp_path / "class.csv")]) == 1
    pages = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert pages == ["=cmd.md.html", "one.tex-2.html", "one.tex.html"]
    assert "<script>" not in (tmp_path / "out" / "=cmd.md.html").read_text(encoding="utf-8")
    assert "so the slip of row 2 was mended" in (tmp_path / "out" / "one.tex.html").read_text(
        encoding="utf-8"
    )
    data = (tmp_path / "class.csv").read_bytes()
    assert data.startswith(codecs.BOM_UTF8)
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert [row["first wrong line"] for row in rows] == ["2", "", "1"]
    assert rows[2]["mistake"] == "the sign is wrong"


def test_the_command_as_a_reader_runs_it(tmp_path: Path) -> None:
    file = write(tmp_path, "a.tex", WRONG)
    done = subprocess.run(
        [sys.executable, "-m", "helpers.proof", "check", file],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 1
    assert "refuted: at z = " in done.stdout
    assert check(1, 1).verdict.value == "proved"
