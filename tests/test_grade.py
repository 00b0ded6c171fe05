"""Oracles: the catalogue of answers and mistakes, and submissions that are hostile by construction."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from sampling import sample

from helpers.course import EXERCISES, content
from helpers.grade import __main__ as command
from helpers.grade import lines, look, sheet, submission, variant, worker
from helpers.grade.look import NotYet
from helpers.grade.marking import Failed, Marker, grade
from helpers.proof.answers import feedback
from helpers.runtime import CourseError

SEED = "a test"
CHAPTER = sheet.find_chapter("08")
TASK = lines.Task("t", "Derive it.", r"Let $a = \sigma(z)$ and $C = \frac{1}{2} (a - y)^2$.",
                  r"\frac{d C}{d z}", "(a - y) a (1 - a)")  # fmt: skip
RIGHT = r"""\frac{d C}{d z} &= (a - y) \frac{d a}{d z}
&= (a - y) a (1 - a)"""


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "metadata": {}, "source": c, "outputs": []} for c in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


# ---------------------------------------------------------------- exercises as files
def travelled(id: str, seed: str = "", answers: bool = True) -> sheet.Question:
    """The question as it comes out of a sheet's file; with a `seed` as a variant with other letters."""
    asked = {"entry": content("exercises")[id], "letters": {}}
    if seed:
        asked |= {"letters": {"w": "q", "x": "h"}, "factor": variant.factor_of(id, seed)}
    one = sheet.Sheet("a", "A", (sheet.Question("answer_1", id, "answer", 1, asked),))
    return sheet.of_json((one if answers else one.without_answers()).to_json()).questions[0]


@pytest.mark.parametrize("id", EXERCISES)
def test_every_exercise_comes_back_as_it_was_stored(id):
    back, exercise = travelled(id).exercise(), EXERCISES[id]
    for field in fields(exercise):  # functions are made anew: they are compared as they are written
        assert repr(getattr(back, field.name)) == repr(getattr(exercise, field.name))


@pytest.mark.parametrize("id", sample(EXERCISES, 16))
def test_without_answers_the_question_itself_judges(id):
    question = travelled(id, answers=False)
    assert set(question.asked["entry"]) == set(content("exercises")[id]) - {"answer", "mistakes"}
    asked = question.exercise()
    assert feedback(EXERCISES[id].answer, asked).ok
    assert not feedback(EXERCISES[id].mistakes[0].expr, asked).ok


def test_a_question_that_is_no_exercise_is_one_sentence():
    for asked in (
        {},
        {"entry": {"id": "x"}},
        {"entry": content("exercises")["logistic.gradient"] | {"question": "("}},
    ):
        with pytest.raises(CourseError, match="answer_1 is no exercise"):
            sheet.Question("answer_1", "x", "answer", 1, asked).exercise()


# ---------------------------------------------------------------- variants
@pytest.mark.parametrize("id", sample(EXERCISES, 16))
def test_a_variant_is_another_question_with_the_same_kinds_of_answers(id):
    exercise = EXERCISES[id]
    letters = variant.renaming([exercise], SEED)
    asked = variant.variant(exercise, letters, variant.factor_of(id, SEED))
    assert feedback(asked.answer, asked).ok
    assert not feedback(exercise.answer, asked).ok
    for mistake in asked.mistakes:
        assert feedback(mistake.expr, asked).mistake == mistake.name


def test_letters_change_in_formulas_and_code_and_not_in_words():
    letters = {"w": "q", "x": "h"}
    assert variant.in_prompt(r"With $\sum_i w_i x_i$ and `w[1]` we exit", letters) == (
        r"With $\sum_i q_i h_i$ and `q[1]` we exit"
    )
    assert variant.in_prose("the numerator's sign, w s", {"s": "T", "w": "q"}) == "the numerator's sign, q T"
    assert variant.in_answer("exp(x)*w[j] + max(w, x)", letters) == "exp(h)*q[j] + max(q, h)"
    assert variant.in_rows(r"w x \text{where x} \xi", letters) == r"q h \text{where x} \xi"


def test_a_counterexample_is_told_in_the_letters_of_the_question():
    open_one = travelled("logistic.gradient", SEED, answers=False).exercise()
    said = variant.told(feedback("0", open_one), {"w": "q", "x": "h"}).message
    assert ", q = (" in said
    assert "w = (" not in said


# ---------------------------------------------------------------- what is read of a notebook
def test_answers_are_read_and_nothing_is_run(tmp_path):
    ran = tmp_path / "ran"
    found = submission.of_sources(
        [
            f"import os\nos.system('touch {ran}')\nanswer_1 = 'x'",
            "answer_2 = open('answers').read()",
            "answer_3 = 'a' 'b'\nanswer_4 = 2\nanswer_5 = ...",
            "%%derivation one\nrow\nrow",
            "if True:\n    answer_6 = 'hidden'",
            "answer_7 = 'old'\nanswer_7 = 'new'\nanswer_1: str = 'y'",
            "while True pass",
            "answer = 'by id'\nfeedback(answer, \"topic.name\")",
            "answer_8 = 'x'\nanswer_8 = answer_8 + '1'",
        ]
    )
    assert found.texts == {"answer_1": "y", "answer_3": "ab", "answer_4": "2", "one": "row\nrow",
                           "answer_7": "new", "answer": "by id", "topic.name": "by id"}  # fmt: skip
    assert set(found.troubles) == {"answer_2", "answer_8"}
    assert found.broken == [7]
    assert not ran.exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', "[" * 100_000, '{"cells": [{}]}'])
def test_what_is_no_notebook_is_one_sentence(tmp_path, text):
    path = tmp_path / "a.ipynb"
    path.write_text(text)
    with pytest.raises(submission.Unreadable, match=r"a\.ipynb is not a notebook"):
        submission.read(path)


def test_a_pipe_and_a_huge_file_are_not_opened(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.ipynb")
    with pytest.raises(submission.Unreadable, match="not a file"):
        submission.read(tmp_path / "pipe.ipynb")
    monkeypatch.setattr(submission, "LARGEST", 3)
    (tmp_path / "big.ipynb").write_text(notebook("1"))
    with pytest.raises(submission.Unreadable, match="larger"):
        submission.read(tmp_path / "big.ipynb")


# ---------------------------------------------------------------- marks
@pytest.fixture(scope="module")
def asked():
    return sheet.of_chapter(CHAPTER, SEED, [TASK])


@pytest.fixture(scope="module")
def marker():
    with Marker() as made:
        yield made


def cells(asked, choose) -> list[str]:
    made = [f"{q.name} = {choose(q)!r}" for q in asked.questions if q.kind == "answer"]
    return [*made, f'derivation_1 = r"""{RIGHT}"""']


def test_right_answers_get_all_points_and_wrong_ones_none(tmp_path, asked, marker):
    right, wrong = tmp_path / "right.ipynb", tmp_path / "wrong.ipynb"
    right.write_text(notebook(*cells(asked, lambda q: q.exercise().answer)))
    made = grade("right", right, asked, marker)
    assert made.points == asked.points == 10
    answers = cells(asked, lambda q: q.exercise().mistakes[1].expr)
    wrong.write_text(notebook(*answers[:-1], answers[-1].replace("a - y", "a + y")))
    made = grade("wrong", wrong, asked, marker)
    assert made.points == 0
    assert [m.mistake for m in made.marks if m.question.kind == "answer"] == [
        q.exercise().mistakes[1].name for q in asked.questions if q.kind == "answer"
    ]
    for mark in made.marks[:-1]:  # the gradebook has the name and the numbers at which it fails
        assert mark.mistake in mark.said
        assert "your expression is" in mark.said


def test_the_published_answers_are_worth_nothing(tmp_path, asked, marker):
    path = tmp_path / "copied.ipynb"
    path.write_text(notebook(*(f"{q.name} = {EXERCISES[q.id].answer!r}" for q in asked.questions[:-1])))
    assert grade("copied", path, asked, marker).points == 0


HOSTILE = [
    "while True:\n    pass",
    "answer_1 = 'x' * 10**10",
    "import os\nos._exit(0)",
    "from helpers.course import EXERCISES\nanswer_1 = EXERCISES['dynamics.factor'].answer",
    f"answer_1 = '{'(' * 4000}'",
    "answer_1 = '9^9^9^9'",
    f"answer_1 = '{'x*' * 20_000}x'",
    f"answer_1 = {'-' * 50_000}1",
    'answer_1 = \'__import__("os").system("ls")\'',
    "feedback = look = lambda *_: True\nanswer_1 = '0'",
    "answer_1 = '\\ud800'",
]


def test_an_attack_costs_its_own_answer_only(tmp_path, asked, marker):
    right = cells(asked, lambda q: q.exercise().answer)
    known: dict = {}
    for place, attack in enumerate(HOSTILE):
        path = tmp_path / f"{place}.ipynb"
        path.write_text(notebook(attack, *right[1:]))
        made = grade("x", path, asked, marker, known)
        assert [m.points for m in made.marks] == [0, *(q.points for q in asked.questions[1:])], attack


def test_a_judge_that_breaks_is_said_and_started_anew(asked):
    question = vars(asked.questions[1])
    job = {"do": "mark", "question": question, "answer": asked.questions[1].exercise().answer}
    with Marker(seconds=0.001) as slow, pytest.raises(Failed, match="within"):
        slow.ask(job)
    with Marker(megabytes=30) as small, pytest.raises(Failed):
        small.ask(job | {"answer": "0" * 60_000_000})  # more than the process may have
    with Marker() as again:
        again.ask({"do": "read", "path": "nowhere"})
        again.process.kill()
        assert again.ask(job)["ok"]


def test_grading_stays_within_its_memory(tmp_path, asked):
    path = tmp_path / "right.ipynb"
    path.write_text(notebook(*cells(asked, lambda q: q.exercise().answer)))
    with Marker(megabytes=384) as made:
        assert grade("x", path, asked, made).points == asked.points
        status = Path(f"/proc/{made.process.pid}/status")
        if status.exists():  # its own peak: among the children of this process are those of other tests
            peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
            assert int(peak.split()[1]) < 384 * 1024


# ---------------------------------------------------------------- the command and the gradebook
@pytest.fixture
def handed_in(tmp_path, asked):
    (tmp_path / "sheet.json").write_text(asked.to_json())
    for name, choose in (("=ann", lambda q: q.exercise().answer), ("bob", lambda q: "0")):
        folder = tmp_path / "submitted" / name / "08"
        folder.mkdir(parents=True)
        (folder / "any.ipynb").write_text(notebook(*cells(asked, choose)[:-1]))
    (tmp_path / "submitted" / "cy").mkdir()
    (tmp_path / "submitted" / "cy" / "x.ipynb").write_text("{")
    return tmp_path


def test_the_gradebook_has_a_row_for_each_student(handed_in, capsys):
    table = handed_in / "marks.csv"
    words = [str(handed_in / "submitted"), "--sheet", str(handed_in / "sheet.json"), "--csv", str(table)]
    assert command.main(words) == 1
    assert "cy: x.ipynb is not a notebook." in capsys.readouterr().err
    rows = {row["student"]: row for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())}
    assert {name: row["total"] for name, row in rows.items()} == {"'=ann": "7", "bob": "0", "cy": "0"}
    assert "answer_1 (0/1): Not yet" in rows["bob"]["feedback"]
    assert rows["bob"]["out of"] == "10"


def test_gradescopes_results(handed_in, asked):
    results = handed_in / "results" / "results.json"
    words = [str(handed_in / "submitted" / "bob"), "--sheet", str(handed_in / "sheet.json")]
    assert command.main([*words, "--gradescope", str(results)]) == 0
    made = json.loads(results.read_text(encoding="utf-8"))
    assert (made["score"], len(made["tests"])) == (0, len(asked.questions))
    assert sum(test["max_score"] for test in made["tests"]) == 10


def test_the_student_edition_is_graded_by_the_chapters_ids(tmp_path, capsys):
    answers = [f'answer = {e.answer!r}\nfeedback(answer, "{e.id}")' for e in sheet.asked_in(CHAPTER)]
    path = tmp_path / f"{CHAPTER.name}"
    path.write_text(notebook(*answers))
    assert command.main([str(path)]) == 0
    assert ",4,4,1,1,1,1," in capsys.readouterr().out


def test_what_cannot_be_graded_is_said(tmp_path, capsys):
    (tmp_path / "a").mkdir()
    assert command.main([str(tmp_path)]) == 2
    for name in ("one", "two"):
        (tmp_path / "a" / f"{name}.ipynb").write_text(notebook("1"))
    assert command.main([str(tmp_path)]) == 2
    assert "a handed in more than one" in capsys.readouterr().err
    assert command.main([str(tmp_path / "a" / "one.ipynb")]) == 2
    assert "Say what is graded" in capsys.readouterr().err
    (tmp_path / "sheet.json").write_text("{}")
    with pytest.raises(CourseError, match="is no sheet"):
        sheet.read(tmp_path / "sheet.json")


def test_nothing_but_sympy_is_needed():
    heavy = "('torch', 'numpy', 'nbformat', 'matplotlib')"
    code = f"import sys, helpers.grade.__main__; print([m for m in {heavy} if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


# ---------------------------------------------------------------- what a student sees
def test_look_says_what_the_grader_will_say(tmp_path, asked):
    (tmp_path / "questions.json").write_text(asked.without_answers().to_json())
    first = asked.questions[0]
    assert look("answer_1", first.exercise().answer, tmp_path).startswith("Right")
    with pytest.raises(NotYet, match="your expression is"):
        look("answer_1", first.exercise().mistakes[0].expr, tmp_path)
    for empty in ("", ..., None):
        with pytest.raises(NotYet, match="still empty"):
            look("answer_1", empty, tmp_path)
    with pytest.raises(NotYet, match="between quotes"):
        look("answer_1", [1], tmp_path)
    with pytest.raises(CourseError, match="not beside"):
        look("answer_1", "0", Path("/nowhere"))
    assert "looked at when it is graded" in look("derivation_1", RIGHT, tmp_path)


def test_a_broken_job_does_not_end_the_worker():
    jobs = '{"do": "mark"}\n{"do": "read", "path": "nowhere"}\nnonsense\n'
    code = "from helpers.grade.worker import main; raise SystemExit(main([]))"
    done = subprocess.run(
        [sys.executable, "-c", code], input=jobs, capture_output=True, text=True, check=True
    )
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert "failed" in first
    assert second["unreadable"] == "nowhere is not a file."
    assert "failed" in third
    assert worker.mark(vars(sheet.of_chapter(CHAPTER).questions[0]), "x" * 9000)["ok"] is False
