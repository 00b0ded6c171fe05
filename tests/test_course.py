"""Oracle: the judges prove every entry, entries that are false on purpose, and slips planted in the YAML."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sampling import in_trial, sample
from sympy import Symbol

from helpers.course import (
    DERIVATIONS,
    ERRATA,
    EXERCISES,
    ContentError,
    Erratum,
    _errata,
    _exercises,
    packed,
    rule,
)
from helpers.course._sources import SCHEMAS
from helpers.course._yaml import read
from helpers.places import chapters
from helpers.proof import Given, Partial, Verdict
from helpers.proof.answers import feedback

# Every grader is tried by `make trial`; a chapter's own, by tests/test_student.py.
GRADED = sample(EXERCISES, 6)
TASK = r"(A1-\d[a-e]|HW3-\d\.\d|HW4-\d\.\d[a-c]?)"
u = Symbol("u", real=True)


# ---------------------------------------------------------------- every exercise
@pytest.mark.parametrize("id", GRADED)
def test_every_exercise_is_sound(id):
    exercise = EXERCISES[id]
    assert exercise.id == id
    assert re.fullmatch(TASK, exercise.task)
    verdicts = [result.verdict for result in exercise.verify()]
    pairs = len(exercise.mistakes) * (len(exercise.mistakes) + 1) // 2
    assert verdicts == [Verdict.PROVED] + [Verdict.REFUTED] * pairs


@pytest.mark.parametrize("id", GRADED)
def test_feedback_knows_the_answer_and_names_every_mistake(id):
    exercise = EXERCISES[id]
    assert feedback(exercise.answer, exercise).verdict is Verdict.PROVED
    for mistake in exercise.mistakes:
        found = feedback(mistake.expr, exercise)
        assert not found.ok
        assert found.mistake == mistake.name
        assert mistake.hint in found.message


@pytest.mark.parametrize("id", EXERCISES)
def test_every_formula_is_read_and_no_hint_gives_the_answer_away(id):
    exercise = EXERCISES[id]
    assert all(exercise.read(mistake.expr) is not None for mistake in exercise.mistakes)
    assert exercise.solution is not None
    squeezed = exercise.answer.replace(" ", "")
    assert all(squeezed not in mistake.hint.replace(" ", "") for mistake in exercise.mistakes)
    assert squeezed not in exercise.prompt.replace(" ", "")
    assert exercise.answer not in exercise.vocabulary_text()


def test_there_are_enough():
    assert len(EXERCISES) >= 60
    assert sum(len(exercise.mistakes) for exercise in EXERCISES.values()) >= 395
    assert len(ERRATA) >= 47  # and report B's BP2, which holds for layers of one size: a claim that depends


# ---------------------------------------------------------------- every erratum
def recorded_in(cells, ledger) -> set[str]:
    """The errata that these cells enter in the ledger, which raises unless each is refuted and corrected."""
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    run = [
        cell for cell in code if not {"nbval-skip", "raises-exception"} & {*cell["metadata"].get("tags", [])}
    ]
    entered = any("ledger.erratum(" in "".join(cell["source"]) for cell in run)
    return {erratum["id"] for erratum in ledger["errata"]} if entered else set()


@pytest.fixture(scope="module")
def errata_left_to_chapters(request) -> set[str]:
    """What need not be judged here: a chapter that enters an erratum judges it, in the same command."""
    if in_trial() or not request.config.getoption("nbval", False):
        return set()
    found: set[str] = set()
    for path in chapters():
        ledger = json.loads((path.parents[1] / "book" / "ledger" / f"{path.stem}.json").read_text("utf-8"))
        found |= recorded_in(json.loads(path.read_text("utf-8"))["cells"], ledger)
    return found


@pytest.mark.parametrize(
    ("source", "tags", "found"),
    [
        ('ledger.erratum("T/A")', [], {"T/A"}),
        ('ledger.erratum("T/A")', ["nbval-ignore-output"], {"T/A"}),  # it runs, and would raise
        ('ledger.erratum("T/A")', ["nbval-skip"], set()),
        ('ledger.erratum("T/A")', ["raises-exception"], set()),
        ("ledger.table()", [], set()),
    ],
)
def test_only_errata_that_a_chapter_enters_are_left_to_it(source, tags, found):
    cell = {"cell_type": "code", "metadata": {"tags": tags}, "source": [source]}
    assert recorded_in([cell], {"errata": [{"id": "T/A"}]}) == found


@pytest.mark.parametrize("id", ERRATA)
def test_every_erratum_is_refuted_and_its_correction_proved(id, errata_left_to_chapters):
    error = ERRATA[id]
    assert error.id == id
    assert re.fullmatch(TASK + r"/[A-E](-[a-z0-9-]+)?", id)
    assert id.partition("/")[2].startswith(error.report)
    assert "\n" not in error.where + error.said
    if id in errata_left_to_chapters:
        return
    refuted, proved = rule(error)
    assert refuted.verdict is Verdict.REFUTED
    assert refuted.counterexample
    assert refuted.lhs != refuted.rhs or refuted.relation in ("<", ">")  # equal sides break a strict bound
    assert proved.verdict is Verdict.PROVED


def test_an_erratum_that_is_true_is_refused():
    true = Erratum("A1-1a/D-x", "", "", "", Partial(u**2, u), 2 * u, 2 * u, Given())
    with pytest.raises(ValueError, match="No counterexample"):
        rule(true)


def test_a_correction_that_is_false_is_not_proved():
    false = Erratum("A1-1a/D-x", "", "", "", Partial(u**2, u), u, 3 * u, Given())
    assert rule(false)[1].verdict is Verdict.REFUTED


# ---------------------------------------------------------------- entries that say something wrong
ASKED = {
    "id": "a.b", "task": "A1-1a", "prompt": "…", "given": "Let $z = \\sum_{i=1}^n w_i x_i$.",
    "question": "\\frac{\\partial z}{\\partial w_j}", "quantity": "it", "names": "x, j", "answer": "x[j]",
    "mistakes": [{"name": "sign", "answer": "-x[j]", "hint": "…"}],
}  # fmt: skip
CLAIMED = {
    "id": "A1-1a/D", "where": "last line", "said": "…", "given": "Let $u$ be a number.",
    "reported": "u^2 = 2u", "corrected": "u^2 = u u",
}  # fmt: skip


def test_an_exercise_is_read():
    exercise = _exercises.exercise_of(ASKED)
    assert [result.verdict for result in exercise.verify()] == [Verdict.PROVED, Verdict.REFUTED]
    assert str(exercise.given.free) == "{j: (1, n)}"


def test_a_mistake_that_is_the_answer_is_found():
    same = [{"name": "none", "answer": "1*x[j]", "hint": "…"}]
    with pytest.raises(ValueError, match="“none” are not told apart"):
        _exercises.exercise_of({**ASKED, "mistakes": same}).verify()


def test_a_false_answer_is_found():
    with pytest.raises(ValueError, match="the answer is not proved"):
        _exercises.exercise_of({**ASKED, "answer": "2*x[j]"}).verify()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"names": "x, j, q"}, None),  # any letter of an index may be typed
        ({"names": "x, yhat"}, "yhat is to be typed, and no sentence says what it is"),
        ({"question": "\\frac{\\partial z}{\\partial v_j}"}, "v is not known here"),
        ({"question": "z = x_j"}, "the one side that is asked for"),
        ({"given": "Let $z = \\sum_{i=1}^n w_i x_i$ unless it rains."}, "“unless” is not understood"),
    ],
)
def test_what_an_exercise_must_not_say(changed, words):
    if words is None:
        assert _exercises.exercise_of({**ASKED, **changed}).vocabulary["q"].is_integer
        return
    with pytest.raises(ValueError, match=words):
        _exercises.exercise_of({**ASKED, **changed})


@pytest.mark.parametrize("corrected", ["u = u", "u^2 \\le u^2", "u^2"])
def test_both_lines_of_an_erratum_have_one_left_side(corrected):
    assert _errata.built(CLAIMED).relation == "="
    with pytest.raises(ContentError, match="corrected"):
        _errata.built({**CLAIMED, "corrected": corrected})


@pytest.mark.parametrize("where", ["Task 1a, last line", "problem 2, part 3", "3.2, first line"])
def test_an_erratum_says_where_in_the_task_and_not_which_task(where):
    assert _errata.built({key: text for key, text in CLAIMED.items() if key != "where"}).where == ""
    with pytest.raises(ContentError, match="names the task, as the id does"):
        _errata.built({**CLAIMED, "where": where})


# ---------------------------------------------------------------- the files
GOOD = """- id: A1-1a/D
  where: line 1
  said: nothing
  reported: u = 2
  corrected: u = 1
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("id: a", "the file must be a list: begin each entry with “- ”"),
        (GOOD.replace("  said: nothing\n", ""), "line 1: this entry has no “said”; add it"),
        (GOOD.replace("said:", "sad:"), "line 3: “sad” is no key of an entry; the keys are id, where, said"),
        (GOOD.replace("nothing", ""), "line 3: “said” is empty"),
        (GOOD.replace("nothing", "[u]"), r"line 3: “said” must be one text; put it into '…'"),
        (GOOD + "  said: more\n", "line 6: “said” stands twice"),
        (GOOD.replace("nothing", "a: b"), "line 3: this is no YAML"),
    ],
)
def test_a_slip_in_a_file_is_named_with_its_line(tmp_path: Path, text, words):
    path = tmp_path / "book" / "errata.yaml"
    path.parent.mkdir()
    path.write_text(GOOD)
    assert read(path, SCHEMAS["errata"])[0]["corrected"] == "u = 1"
    path.write_text(text)
    with pytest.raises(ContentError, match=f"^book/errata.yaml.*{words}"):
        read(path, SCHEMAS["errata"])


def test_a_true_or_false_is_one(tmp_path: Path):
    path = tmp_path / "x.yaml"
    path.write_text("- sure: perhaps\n")
    with pytest.raises(ContentError, match="true or false"):
        read(path, {"sure": bool})


def test_points_are_whole_numbers(tmp_path):
    path = tmp_path / "x.yaml"
    for text in ("0", "-1", "1.5", "many"):
        path.write_text(f"- points: {text}")
        with pytest.raises(ContentError, match=r"line 1: “points” must be a whole number"):
            read(path, {"points": int})
    path.write_text("- points: 2")
    assert read(path, {"points": int}) == [{"points": 2}]
    assert _exercises.exercise_of({**ASKED, "points": 2}).points == 2
    assert _exercises.exercise_of(ASKED).points == 1


# ---------------------------------------------------------------- without the book
WITHOUT = """
import json, sys
sys.modules["yaml"] = None
from helpers.course import DERIVATIONS, EXERCISES, ERRATA
print(json.dumps([*map(list, (EXERCISES, ERRATA, DERIVATIONS)),
                  EXERCISES["softmax.delta"].answer, DERIVATIONS["softmax.delta"].title]))
"""


def test_an_installation_without_the_book_has_the_same(tmp_path: Path):
    root = Path(__file__).resolve().parents[1]
    for part in ("__init__.py", "notation.py", "places.py", "runtime.py", "proof", "course"):
        source, target = root / "helpers" / part, tmp_path / "helpers" / part
        target.parent.mkdir(exist_ok=True)
        subprocess.run(["cp", "-r", str(source), str(target)], check=True)
    (tmp_path / "helpers" / "course" / "course.json").write_text(packed(), encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}){WITHOUT}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    said = EXERCISES["softmax.delta"].answer, DERIVATIONS["softmax.delta"].title
    assert json.loads(done.stdout) == [list(EXERCISES), list(ERRATA), list(DERIVATIONS), *said]
