"""Oracles: the answers of the sheet, nbgrader's own rules written down here, and tests that are replaced."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import assignment
import given_away
import nbformat
import pytest
import student
import try_graders
import wheel
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sampling import in_trial, sample

from helpers.course import EXERCISES, in_file
from helpers.grade import lines, sheet
from helpers.places import chapters
from helpers.runtime import CourseError

ROOT = Path(__file__).parent.parent
CHAPTERS = chapters(ROOT / "notebooks")
CHAPTER = sheet.find_chapter("08")
ENTRIES = yaml.safe_load(assignment.DERIVATIONS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("assignment")
    assert assignment.main(["08", "--seed", "tests", "--out", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def key(out):
    path = out / "sheets" / f"{CHAPTER.stem}-answers.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def judged() -> dict:
    """What the judge has said so far; hidden tests of one question ask it the same and then differ."""
    return {}


@pytest.fixture
def installed(tmp_path, monkeypatch, judged):
    """A Python that finds this tree's helpers although a hidden test starts it isolated."""
    run = subprocess.run

    def once(command, *, input, **settings):
        asked = (*command[1:], input)
        if asked not in judged:
            judged[asked] = run(command, input=input, **settings)
        return judged[asked]

    monkeypatch.setattr(subprocess, "run", once)
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nshift\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -s "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))


# ---------------------------------------------------------------- the questions
@pytest.mark.parametrize("entry", sample([e["id"] for e in ENTRIES], 4))
def test_every_derivation_has_a_right_a_wrong_and_a_half_right_solution(entry):
    entry = next(e for e in ENTRIES if e["id"] == entry)
    for seed in ("", "a", "b") if in_trial() else ("a",):
        task = assignment.task_of(entry)
        names = assignment.variant.renaming_task(task, entry["letters"], seed)
        asked = assignment.variant.variant_task(task, entry["letters"], seed)
        marked = {
            kind: lines.mark(assignment.variant.in_rows(entry[kind], names), asked)
            for kind in ("solution", "wrong", "slip")
        }
        assert marked["solution"].ok
        assert {kind: m.earned for kind, m in marked.items()} == {
            "solution": 1, "wrong": 0, "slip": (asked.shares - 1) / asked.shares}  # fmt: skip
        for name, line in asked.mistakes.items():
            assert lines.mark(f"{asked.start} &= {line}", asked).mistake == name


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e["id"])
def test_no_derivation_ends_where_it_starts(entry):
    asked = assignment.task_of(entry).asked()
    assert not lines.settled(asked.start, asked.last)


def test_every_chapter_has_exercises_and_a_derivation():
    assert sorted(str(e["chapter"]) for e in ENTRIES) == [path.stem[:2] for path in CHAPTERS]
    assert all(sheet.exercises_of(path) for path in CHAPTERS)


def test_every_exercise_of_the_book_is_handed_out_also_one_that_no_notebook_asks():
    handed_out = {e.id for path in CHAPTERS for e in sheet.exercises_of(path)}
    files = {path.stem for path in (ROOT / "book" / "exercises").glob("*.yaml")}
    dropped = files - {path.stem for path in CHAPTERS}
    assert handed_out | {id for stem in dropped for id in in_file(stem)} == set(EXERCISES)
    logistic = sheet.find_chapter("01")
    asked, all_of_it = sheet.asked_in(logistic), sheet.exercises_of(logistic)
    assert all_of_it[: len(asked)] == asked
    assert "logistic.sigma-prime" in [e.id for e in all_of_it[len(asked) :]]


def test_points_are_those_of_the_entries():
    task = assignment.task_of({**ENTRIES[0], "points": 5})
    worth = replace(EXERCISE, points=4)
    made = sheet.of_chapter(CHAPTER, "x", [task])
    assert [q.points for q in made.questions] == [1] * (len(made.questions) - 1) + [5]
    assert assignment.variant.variant(worth, {}, 3).points == 4


def test_an_entry_without_a_solution_is_one_sentence(tmp_path):
    path = tmp_path / "assessment.yaml"
    path.write_text("- {chapter: '08', id: mine}")
    with pytest.raises(CourseError, match=r"assessment\.yaml: mine has no 'end'"):
        list(assignment.tasks("08", path))


def test_own_questions_are_asked_too_and_are_kept_out_of_git(tmp_path):
    path = tmp_path / "assessment.yaml"
    path.write_text(yaml.safe_dump([{**ENTRIES[0], "chapter": "08", "id": "mine"}]))
    made, _ = assignment.items(CHAPTER, "x", assignment.DERIVATIONS, path)
    assert [q.id for q in made.questions][-1] == "mine"
    assert "/assessment.yaml" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


# ---------------------------------------------------------------- nothing that is handed out holds an answer
def handed_out(out: Path) -> list[Path]:
    return [
        p for part in ("students", "nbgrader/release") for p in sorted((out / part).rglob("*")) if p.is_file()
    ]


def test_no_answer_in_what_students_get(out, key):
    text = "".join(
        p.read_text(encoding="utf-8") for p in handed_out(out) if p.suffix in (".ipynb", ".json", ".md")
    )
    assert "look(" in text
    for answer in key.values():
        for formula in filter(None, (answer["right"], *answer["wrong"], answer["slip"])):
            assert json.dumps(formula)[1:-1] not in text
    assert "HIDDEN" not in text
    assert "mistakes" not in text


def test_the_wheel_holds_no_answers_and_its_list_is_true(out):
    (path,) = (out / "students" / CHAPTER.stem).glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        record = archive.read(next(n for n in names if n.endswith("RECORD"))).decode()
        for line in record.splitlines():
            name, digest, size = line.rsplit(",", 2)
            if digest:
                assert (digest, int(size)) == (
                    f"sha256={wheel._sum(archive.read(name))}",
                    len(archive.read(name)),
                )
    assert {n.split("/")[1] for n in names if n.startswith("helpers/")} == set(wheel.CHECKER)
    assert len(record.splitlines()) == len(names)


def test_every_file_is_there(out):
    there = {str(p.relative_to(out)) for p in out.rglob("*")}
    name = CHAPTER.stem
    for folder in (f"students/{name}", "nbgrader", f"otter/{name}"):
        for file in ("README.md", "environment.yml", "requirements.txt", "LICENSE", "LICENSE-book"):
            assert f"{folder}/{file}" in there
        assert "need no data" in (out / folder / "README.md").read_text(encoding="utf-8")
    assert {"README.md", f"sheets/{name}.json", f"gradescope/{name}.zip"} <= there


# ---------------------------------------------------------------- nbgrader
def cleared(source: str) -> str:
    """What nbgrader leaves of a cell: solution regions become the stub, hidden tests go."""
    source = re.sub(rf"{assignment.BEGIN}.*?{assignment.END}", assignment.STUB, source, flags=re.DOTALL)
    return re.sub(r"\n*### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", "", source, flags=re.DOTALL)


def test_the_release_is_the_source_as_nbgrader_clears_it(out, key):
    source, release = (
        nbformat.read(out / "nbgrader" / part / CHAPTER.stem / f"{CHAPTER.stem}.ipynb", as_version=4)
        for part in ("source", "release")
    )
    assert [cleared(cell.source) for cell in source.cells] == [cell.source for cell in release.cells]
    assert [c.metadata for c in source.cells] == [c.metadata for c in release.cells]
    grades = [c.metadata.nbgrader for c in source.cells if c.metadata.get("nbgrader", {}).get("grade")]
    assert [g.points for g in grades] == [1] * (len(key) - 1) + [3]
    ids = [c.metadata.nbgrader.grade_id for c in source.cells if "nbgrader" in c.metadata]
    assert len(set(ids)) == len(ids)
    nbformat.validate(source)


def hidden_tests(out: Path) -> dict[str, str]:
    path = out / "nbgrader" / "source" / CHAPTER.stem / f"{CHAPTER.stem}.ipynb"
    found = {}
    for cell in nbformat.read(path, as_version=4).cells:
        if assignment.HIDDEN[0] in cell.source:
            found[re.search(r"isinstance\((\w+), str\)", cell.source)[1]] = cell.source
    return found


@pytest.mark.parametrize("name", ["answer_2", "derivation_1"])
def test_hidden_tests_accept_the_right_answer_and_tell_what_is_wrong(out, key, name, installed):
    test = hidden_tests(out)[name]
    exec(test, {name: key[name]["right"]})
    with pytest.raises(AssertionError, match=r"Not yet: |refuted, at"):
        exec(test, {name: key[name]["wrong"][-1]})
    for empty in ("", ..., 3):
        with pytest.raises(AssertionError, match="is empty"):
            exec(test, {name: empty})


def test_nbgrader_takes_the_last_value_of_a_test_for_the_points(out, key, installed):
    """nbgrader gives what a test cell shows as its value; a cell that shows nothing has all points."""
    *before, last = ast.parse(hidden_tests(out)["derivation_1"]).body
    for kind, points in (("right", 3.0), ("slip", 1.5)):
        names = {"derivation_1": key["derivation_1"][kind]}
        exec(compile(ast.Module(before, []), "<test>", "exec"), names)
        assert eval(compile(ast.Expression(last.value), "<test>", "eval"), names) == points


def test_otter_adds_up_one_test_for_each_share(out, key, installed):
    cells = nbformat.read(out / "otter" / CHAPTER.stem / f"{CHAPTER.stem}.ipynb", as_version=4).cells
    tests = [c.source for c in cells if re.search(r"def test_hidden_\d\(derivation_1\)", c.source)]
    assert [float(re.search(r"points: ([\d.]+)", test)[1]) for test in tests] == [1.5, 1.5]
    for kind, passed in (("right", [1, 1]), ("slip", [1, 0]), ("wrong", [0, 0])):
        found = []
        for k, test in enumerate(tests, 1):
            exec(test, names := {})
            try:
                names[f"test_hidden_{k}"](key["derivation_1"][kind])
                found.append(1)
            except AssertionError:
                found.append(0)
        assert found == passed


def test_a_replaced_judge_is_noticed(out, key, monkeypatch):
    test = hidden_tests(out)["answer_2"]
    monkeypatch.setattr(subprocess, "run", subprocess.run)  # put back afterwards
    exec(try_graders.SAYS_YES, {})
    with pytest.raises(AssertionError, match="was replaced"):
        exec(test, {"answer_2": key["answer_2"]["right"]})


# ---------------------------------------------------------------- Gradescope
def test_gradescopes_zip_grades_without_the_repository(out, key, tmp_path):
    made = try_graders.attempts(key, sheet.read(out / "sheets" / f"{CHAPTER.stem}.json"), False, tmp_path)
    release = out / "nbgrader" / "release" / CHAPTER.stem / f"{CHAPTER.stem}.ipynb"
    with zipfile.ZipFile(out / "gradescope" / f"{CHAPTER.stem}.zip") as archive:
        archive.extractall(tmp_path / "source")
    with zipfile.ZipFile(next((tmp_path / "source").glob("*.whl"))) as archive:
        archive.extractall(tmp_path / "packages")
    shutil.copy(tmp_path / "source" / "run_autograder", tmp_path)  # Gradescope puts it there
    for name, points in (("right", 10), ("wrong", 0)):
        (tmp_path / "submission").mkdir(exist_ok=True)
        nbformat.write(try_graders.handed_in(release, made[name], key), tmp_path / "submission" / "a.ipynb")
        place = {
            "AUTOGRADER": str(tmp_path),
            "PYTHON": sys.executable,
            "PYTHONPATH": str(tmp_path / "packages"),
        }
        subprocess.run(["bash", "run_autograder"], cwd=tmp_path, env=os.environ | place, check=True)
        results = json.loads((tmp_path / "results" / "results.json").read_text(encoding="utf-8"))
        assert results["score"] == points


# ---------------------------------------------------------------- the tools themselves
def tools_are_there() -> bool:
    return (try_graders.HOME / ".complete").is_file()


@pytest.mark.skipif(
    not tools_are_there(), reason="nbgrader and otter are not installed: make trial does that"
)
@pytest.mark.skipif(not in_trial(), reason="minutes: make trial")
def test_nbgrader_and_otter_give_all_or_nothing(tmp_path):
    found = try_graders.try_chapter(try_graders.environment(), CHAPTER, tmp_path, False, False)
    for points in found["points"].values():
        assert points["right"] == found["full"]
        assert not any(points["wrong"].values())
        assert not any(points["stub"].values())


def test_what_was_stored_of_the_tools_holds_what_the_page_says():
    stored = json.loads((ROOT / "book" / "graders.json").read_text(encoding="utf-8"))
    for found in stored.values():
        for tool, attempts in found["points"].items():
            assert attempts["right"] == found["full"], tool
            assert not any(attempts["wrong"].values())
            assert not any(attempts["stub"].values())
            if "one slip" in attempts:  # one false line costs a share of the derivation, with every tool
                slipped, full = attempts["one slip"], found["full"]
                assert slipped == found["points"]["helpers.grade"]["one slip"], tool
                assert 0 < slipped["derivation_1"] < full["derivation_1"]
                assert {n: p for n, p in slipped.items() if n != "derivation_1"} == {
                    n: p for n, p in full.items() if n != "derivation_1"}  # fmt: skip
        own = found["points"]["helpers.grade"]
        assert all(
            not own[a].get(name) for a, names in found["attacks"].items() if a in own for name in names
        )
        assert not found["commands were run"]["helpers.grade"]


def test_a_tool_that_gives_other_marks_is_found():
    full, none, part = {"a": 1, "d": 3}, {"a": 0, "d": 0}, {"a": 1, "d": 1.5}
    own = {"right": full, "wrong": none, "stub": none, "one slip": part}
    good = {"full": full, "points": {"helpers.grade": own, "otter": own}}
    assert try_graders.faults(good) == []
    for attempt, given in (("right", part), ("wrong", part), ("stub", full), ("one slip", full)):
        bad = {"full": full, "points": {"helpers.grade": own, "otter": own | {attempt: given}}}
        assert any(fault.startswith(f"otter: {attempt} got ") for fault in try_graders.faults(bad))


# ---------------------------------------------------------------- what is given away
EXERCISE = EXERCISES["logistic.gradient"]  # -(y - yhat)*x[j]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (new_markdown_cell(r"The gradient is $-(y-\hat y)\,x_j$, of course."), 1),
        (new_markdown_cell(r"So $\partial C/\partial w_j = (\hat y - y) x_j$."), 1),
        (new_markdown_cell("Write `x[j]*(yhat - y)` there."), 1),
        (new_code_cell('feedback("-(y - yhat)", "logistic.gradient")'), 1),
        (new_markdown_cell(r"The factors are $x_j$ and $y$, the wrong sign is $(y-\hat y)\,x_j$."), 0),
        (new_code_cell('feedback(answer, "logistic.gradient")'), 0),
    ],
)
def test_what_gives_an_answer_away_is_found_and_left_out(cell, found):
    nb = new_notebook(
        cells=[new_markdown_cell(r"$-(y-\hat y)\,x_j$"), new_markdown_cell("## Your turn"), cell]
    )
    places = list(given_away.places(nb, (EXERCISE,)))
    assert [place.cell for place in places] == [2] * found
    after = given_away.without(nb, places)
    assert list(given_away.places(after, (EXERCISE,))) == []
    assert (given_away.LEFT_OUT in nbformat.writes(after)) == bool(found)


def test_a_docstring_or_default_that_holds_the_solution_is_found():
    source = "def f(x, y={0}):\n    '''{1}'''\n    return (x - 1) * x"
    for default, said, found in (("0", "Twice.", 0), ("0", "Returns (x-1)*x.", 1), ("(x - 1)*x", "", 1)):
        cell = new_code_cell(source.format(default, said), metadata={"tags": ["solution"]})
        assert len(list(given_away.places(new_notebook(cells=[cell]), ()))) == found


KNOWN = {"02": {"softmax.gradient"}, "07": {"stochastic.variance"}, "09": {"normalisation.dropout-variance"}}


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_the_student_edition_gives_no_answer_away(path):
    """What is known is left out of the edition; a further one is to be written otherwise."""
    nb, asked = nbformat.read(path, as_version=4), sheet.asked_in(path)
    found = list(given_away.places(nb, asked))
    assert {place.id for place in found} <= KNOWN.get(path.stem[:2], set())
    edition = student.student_edition(given_away.without(nb, found))
    assert list(given_away.places(edition, asked)) == []
    begun = next(k for k, cell in enumerate(edition.cells) if given_away.TURN.search(cell.source))
    text = "\n".join(cell.source for cell in edition.cells[begun:])
    assert not [e.id for e in asked for said in (str(e.answer), repr(e.answer)) if said in text]
