"""Oracles: stubs written out by hand, and exercises whose answers are right or wrong by construction."""

from __future__ import annotations

import json
import re
import zipfile

import given_away
import nbformat
import pytest
import student
import syw_notebooks
import syw_pages
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from run_notebooks import FOLDER

from helpers.places import chapters

CHECK = "from fractions import Fraction\nassert Fraction(answer) == Fraction(1, 2), 'not a half'"


def tagged(cell, *tags):
    cell.metadata["tags"] = list(tags)
    return cell


def exercise(solution: str, check: str, setup: str = "import math"):
    return new_notebook(
        cells=[
            new_code_cell(setup),
            new_markdown_cell("What is a half?"),
            tagged(new_code_cell(solution), "solution"),
            tagged(new_markdown_cell("Because it is."), "solution"),
            tagged(new_code_cell(check), "exercise"),
        ]
    )


@pytest.mark.parametrize(
    ("solution", "stub"),
    [
        ('answer = "1/2"', "answer = ..."),
        ("# the rule\na = 1\nb, c = 2, a", "a = ...\nb = ...\nc = ..."),
        ("answer: int = 5\nprint(answer)", "answer = ..."),
        ("import math\nanswer = math.pi", "import math\nanswer = ..."),
        (
            'def f(x, *, y=x(1)) -> int:\n    """Twice x."""\n    return 2 * x',
            'def f(x, *, y=x(1)) -> int:\n    """Twice x."""\n    ...',
        ),
    ],
)
def test_stub(solution, stub):
    assert student.stub(solution) == f"{student.STUB}\n{stub}"


def test_student_edition_has_no_solution_and_no_output():
    nb = exercise("answer = '1/2'", CHECK)
    nb.metadata["show_your_work"] = {"profile": "full"}
    nb.cells[0].outputs, nb.cells[0].execution_count = [new_output("stream", text="1/2")], 7
    before = nbformat.writes(nb)
    copy = student.student_edition(nb)
    text = nbformat.writes(copy)
    nbformat.validate(copy)
    assert "1/2" not in text.replace("Fraction(1, 2)", "")
    assert "Because" not in text
    assert "show_your_work" not in text
    assert [cell.cell_type for cell in copy.cells] == ["code", "markdown", "code", "code"]
    assert copy.cells[2].source == f"{student.STUB}\nanswer = ..."
    assert nbformat.writes(nb) == before


@pytest.mark.parametrize("answer", ["'1/2'", "0.5"])
def test_right_answers_pass(answer):
    assert student.problems(exercise(f"answer = {answer}", CHECK)) == []


@pytest.mark.parametrize("answer", ["'1/3'", "'half'", "1/0"])
def test_wrong_solution_is_a_problem(answer):
    assert student.problems(exercise(f"answer = {answer}", CHECK)) == [
        "Exercise 1: the solution fails its own check."
    ]


@pytest.mark.parametrize("check", ["answer is not None", "True", "assert answer"])
def test_check_that_accepts_the_stub_is_a_problem(check):
    (problem,) = student.problems(exercise("answer = 1", check))
    assert "checks nothing" in problem


def test_verdict_of_feedback_counts():
    setup = "from types import SimpleNamespace"
    check = "SimpleNamespace(ok=answer == 2)"
    assert student.problems(exercise("answer = 2", check, setup)) == []
    assert student.problems(exercise("answer = 3", check, setup)) == [
        "Exercise 1: the solution fails its own check."
    ]


def test_imports_are_only_those_that_are_used():
    nb = exercise(
        "answer = math.pi", "assert answer > m", "%matplotlib inline\nimport math, no_such_module as m2"
    )
    nb.cells.insert(1, new_code_cell("from math import e as m, tau\nimport no_such_module"))
    assert student.imports(nb, "math.pi", "answer > m") == "import math\nfrom math import e as m"


def test_solution_without_a_check():
    nb = exercise("answer = 1", "assert answer == 1")
    nb.cells.pop()
    with pytest.raises(ValueError, match="not followed"):
        student.problems(nb)


def test_command_writes_the_edition(tmp_path, capsys):
    source = tmp_path / "notebooks"
    source.mkdir()
    nbformat.write(exercise("answer = '1/2'", CHECK), source / "01-half.ipynb")
    options = ["--folder", str(source), "--out", str(tmp_path / "student")]
    assert student.main(options) == 0
    assert student.STUB in (tmp_path / "student" / "01-half.ipynb").read_text()
    assert student.main([*options, "--check"]) == 0
    assert "every stub fails" in capsys.readouterr().out
    nbformat.write(exercise("answer = '1/3'", CHECK), source / "01-half.ipynb")
    assert student.main([*options, "--check"]) == 1


@pytest.mark.parametrize("path", chapters(FOLDER), ids=lambda path: path.stem)
def test_exercises_of_the_book(path):
    nb = nbformat.read(path, as_version=4)
    assert list(student.exercises(nb))
    assert student.problems(nb) == []


def test_full_disk_is_one_sentence_and_nothing_half_written(tmp_path, monkeypatch):
    source = tmp_path / "notebooks"
    source.mkdir()
    nbformat.write(exercise("answer = '1/2'", CHECK), source / "01-half.ipynb")

    def full(self, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(SystemExit, match=r"01-half\.ipynb cannot be written .No space left"):
        student.main(["--folder", str(source), "--out", str(tmp_path / "student")])
    assert list((tmp_path / "student").iterdir()) == []


def test_the_folder_that_is_printed_is_the_one_that_was_written(tmp_path, capsys):
    source = tmp_path / "notebooks"
    source.mkdir()
    nbformat.write(exercise("answer = '1/2'", CHECK), source / "01-half.ipynb")
    student.main(["--folder", str(source), "--out", str(tmp_path / "elsewhere")])
    said = capsys.readouterr().out.splitlines()
    assert said[0] == str(tmp_path / "elsewhere" / "01-half.ipynb")
    assert said[1] == f"Begin with {tmp_path / 'elsewhere' / 'README.md'}."


def test_edition_is_complete_and_its_wheel_brings_the_records(tmp_path):
    source, out = tmp_path / "notebooks", tmp_path / "student"
    source.mkdir()
    nbformat.write(exercise("answer = '1/2'", CHECK), source / "01-half.ipynb")
    assert student.main(["--folder", str(source), "--out", str(out)]) == 0
    text = (out / "README.md").read_text(encoding="utf-8")
    (package,) = out.glob("*.whl")
    assert {p.name for p in out.iterdir()} == {"01-half.ipynb", "README.md", "environment.yml", "LICENSE",
                                               "LICENSE-book", package.name}  # fmt: skip
    assert package.name in text
    environment = yaml.safe_load((out / "environment.yml").read_text(encoding="utf-8"))
    assert environment["dependencies"][-1] == {"pip": [f"./{package.name}"]}  # pip takes no option there
    assert "## Data" in text
    with zipfile.ZipFile(package) as archive:
        names = archive.namelist()
    assert [n for n in names if n.startswith("book/ledger/")]
    assert not [
        n for n in names if "derive" in n or "assessment" in n or n.startswith(("tests", "notebooks"))
    ]


def test_links_to_pages_that_the_edition_does_not_have_are_words():
    nb = exercise("answer = '1/2'", CHECK)
    nb.cells[1].source = "See [how](../book/how-to-read.md), [here](#a) and [there](02-more.ipynb)."
    assert student.student_edition(nb).cells[1].source == "See how, [here](#a) and [there](02-more.ipynb)."


@pytest.mark.parametrize("path", chapters(FOLDER), ids=lambda path: path.stem)
def test_no_link_of_the_edition_leads_out_of_it(path):
    edition = student.student_edition(nbformat.read(path, as_version=4))
    said = "\n".join(cell.source for cell in edition.cells if cell.cell_type == "markdown")
    links = re.findall(r"\]\(([^)\s#]+)[^)]*\)", said)
    assert not [to for to in links if "//" not in to and ("/" in to or not (FOLDER / to).is_file())]


def test_a_site_without_solutions_leaves_out_what_the_student_edition_leaves_out():
    path = next(path for path in chapters(FOLDER) if path.stem.startswith("07"))
    nb = json.loads(path.read_text(encoding="utf-8"))
    before = [c for c in nb["cells"] if given_away.LEFT_OUT in "".join(c["source"])]
    after = syw_pages.without_solutions(nb, path)
    assert not before
    assert given_away.LEFT_OUT in json.dumps(after, ensure_ascii=False)
    assert not list(given_away.places(nbformat.from_dict(after), given_away.asked_in(path)))
    assert not [c for c in after["cells"] if "solution" in c["metadata"].get("tags", [])]


def test_a_site_without_solutions_has_neither_answers_nor_what_is_said_about_them():
    nb = nbformat.from_dict(exercise("answer = '1/2'", CHECK))
    nb.cells[-1].outputs = [new_output("stream", text="Right: 1/2")]
    dropped = syw_notebooks.drop_solutions(nb)
    text = json.dumps(dropped)
    assert "answer = '1/2'" not in text
    assert "Because it is." not in text
    assert "Right: 1/2" not in text
    assert len(dropped["cells"]) == len(nb.cells) - 2
