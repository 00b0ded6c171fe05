"""Oracles: verdicts decided by hand, bundles as Jupyter gets them, counterexamples put into the formula."""

from __future__ import annotations

import math
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import yaml
from ledger_cases import (
    CHAPTER,
    DEPENDS,
    EXACT,
    RUNS,
    SHARES,
    STOPS,
    UNTESTABLE,
    course_folder,
    dataset,
    judged,
    stored,
    write_claims,
)

from helpers.claims import CLAIM_MIME, MIME, ClaimFailed, Ledger, feedback, number, read_specs
from helpers.claims._record import Erratum
from helpers.claims._words import inline
from helpers.runtime import CourseError


@pytest.fixture
def root(tmp_path, monkeypatch):
    return course_folder(tmp_path, monkeypatch)


# -- numbers


def test_number_shows_a_plain_formatted_text_in_jupyter_and_nothing_elsewhere(monkeypatch):
    import IPython

    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    number("accuracy", 0.98)
    assert shown == []
    monkeypatch.setattr(IPython, "get_ipython", object)
    number("accuracy", np.float64(0.98123), ".1%")
    number("device", "cpu")
    assert [bundle["text/plain"] for bundle in shown] == ["accuracy: 98.1%", "device: cpu"]
    assert shown[0][MIME] == {"name": "accuracy", "text": "98.1%"}


@pytest.mark.filterwarnings("error")
def test_a_tensor_that_has_a_gradient_becomes_a_number_without_a_warning(monkeypatch):
    import IPython
    import torch

    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    monkeypatch.setattr(IPython, "get_ipython", object)
    number("gain", torch.tensor(0.25, requires_grad=True), ".2f")
    assert shown[0][MIME] == {"name": "gain", "text": "0.25"}


# -- the claims file


@pytest.mark.parametrize(
    ("entry", "changes", "complaint"),
    [
        (STOPS, {"said": ""}, "'said' is missing"),
        (STOPS, {"kind": "holds"}, "kind is one of one_run, above"),
        (STOPS, {"reported": None}, "reported is a number"),
        (STOPS, {"reported": "33"}, "reported is a number, not '33'"),
        (STOPS, {"holds": "lambda m: True"}, "has no field 'holds'"),
        (STOPS, {"than": 3}, "has no field 'than'"),
        (STOPS, {"why": ""}, "why= is missing"),
        (STOPS, {"seeds": 1}, "two or more"),
        (STOPS, {"varied": ""}, "varied says what differs"),
        (STOPS, {"needs": "gpu"}, "needs is 'full' or 'any'"),
        (STOPS, {"verdict": "reproduced"}, "verdict is one of consistent, refuted"),
        (STOPS, {"reading": ""}, "verdict and reading go together"),
        (STOPS, {"depends_on": "the weather"}, "depends_on says on what"),
        (STOPS, {"id": "A1-2d"}, "not a claim's id"),
        (STOPS, {"also": ["A1-2d/F"]}, "not a claim's id"),
        (DEPENDS, {"depends_on": ""}, "depends_on says on what"),
        (DEPENDS, {"of": "median"}, "of is 'mean' or 'proportion'"),
        (UNTESTABLE, {"missing": ""}, "missing says what the report leaves out"),
        (EXACT, {"above": 0}, "needs one of equals, above and below"),
    ],
)
def test_a_file_that_breaks_the_schema_is_refused_with_name_and_line(root, entry, changes, complaint):
    write_claims(root, {**EXACT, "id": "A1-9z/book"}, {**entry, **changes})
    with pytest.raises(CourseError, match=rf"^{CHAPTER}\.yaml, line 7: .*{complaint}"):
        Ledger(CHAPTER, root=root)


@pytest.mark.parametrize("text", ["- id: [", "- just words", "- id: A1-2d/C\n  said: x\n"])
def test_a_damaged_file_is_refused_with_its_name_and_line(root, text):
    (root / "book" / "claims" / f"{CHAPTER}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=rf"^{CHAPTER}\.yaml, line \d"):
        Ledger(CHAPTER, root=root)


def test_an_id_names_one_claim(root):
    write_claims(root, STOPS, {**EXACT, "also": ["A1-2d/C"]})
    with pytest.raises(CourseError, match="A1-2d/C is used twice"):
        Ledger(CHAPTER, root=root)


def test_the_hash_changes_with_what_decides_and_with_no_word(tmp_path):
    def fixed(**changes):
        path = tmp_path / "claims.yaml"
        path.write_text(yaml.safe_dump([{**STOPS, **changes}]), encoding="utf-8")
        return read_specs(path)["A1-2d/C"].fixed

    words = ({"said": "x"}, {"why": "x"}, {"reading": "x"}, {"varied": "x"}, {"changed": "x"})
    assert {fixed(**change) for change in words} == {fixed()}
    numbers = ({"reported": 32}, {"tells_apart": 21}, {"seeds": 6}, {"groups": 5}, {"unit": "steps"},
               {"possible": [0, 99]}, {"needs": "any"}, {"printed_to": 1}, {"settings": ["a"]})  # fmt: skip
    assert len({fixed(**change) for change in numbers} | {fixed()}) == len(numbers) + 1


# -- judging


def test_verdicts_follow_from_the_file_and_the_values(root, monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", "full")
    ledger = judged(root)
    assert repr(ledger.verdicts()).splitlines() == [
        "A1-2d/C     consistent",
        "A1-2e/CD    depends",
        "HW4-5.2/E   not testable here",
        "A1-1a/book  consistent",
    ]


@pytest.mark.parametrize(
    ("id", "measured", "found"),
    [
        ("A1-2d/C", [50, 51, 52, 53, 54], "refuted"),
        ("A1-2d/C", [20, 45, 12, 60, 33], "undecided"),
        ("A1-2d/C", RUNS[:4], "pending"),
        ("A1-2e/CD", {**SHARES, "batch 1": [0.5, 0.45, 0.55]}, "consistent"),
        ("A1-1a/book", 2, "refuted"),
    ],
)
def test_a_reading_of_another_verdict_fails(root, monkeypatch, id, measured, found):
    monkeypatch.setenv("COURSE_PROFILE", "full")
    with pytest.raises(ClaimFailed, match=f"{id} is {found} by what was measured"):
        judged(root, **{id: measured})


@pytest.mark.parametrize("measured", [[], "33", [1, math.nan, 2, 3, 4], list(range(6)), [None] * 5])
def test_values_that_cannot_be_judged_are_refused(root, monkeypatch, measured):
    monkeypatch.setenv("COURSE_PROFILE", "full")
    with pytest.raises(CourseError, match="A1-2d/C"):
        judged(root, **{"A1-2d/C": measured})


def test_an_unknown_claim_and_one_that_no_cell_judges_are_refused(root):
    ledger = Ledger(CHAPTER, data=dataset(), root=root)
    with pytest.raises(CourseError, match=r"No claim 'A1-9z/C' in book/claims/01-trial\.yaml"):
        ledger.judge("A1-9z/C", 1)
    with pytest.raises(CourseError, match="No cell judges A1-2d/C"):
        ledger.save()


def test_a_designed_setting_that_was_not_measured_leaves_a_claim_pending(root):
    write_claims(root, {**{k: v for k, v in DEPENDS.items() if k not in ("verdict", "reading", "depends_on")},
                        "settings": ["batch 128", "batch 1", "batch 20"]})  # fmt: skip
    ledger = judged(root)
    assert repr(ledger.verdicts()) == "A1-2e/CD  pending"


def test_a_proof_is_taken_at_its_word(root):

    write_claims(root, {k: v for k, v in {**EXACT, "kind": "proved"}.items() if k != "equals"})
    for name, verdict in (("PROVED", "consistent"), ("REFUTED", "refuted"), ("UNKNOWN", "undecided")):
        result = SimpleNamespace(verdict=SimpleNamespace(name=name))
        ledger = Ledger(CHAPTER, root=root)
        if verdict == "consistent":
            ledger.judge("A1-1a/book", result)
            assert ledger.claims["A1-1a/book"]["proof"] == "PROVED"
        else:
            with pytest.raises(ClaimFailed, match=f"is {verdict}"):
                ledger.judge("A1-1a/book", result)


def test_jupyter_gets_the_claim_as_json_as_html_and_as_text(root, monkeypatch):
    import IPython

    bundles = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append(bundle))
    monkeypatch.setattr(IPython, "get_ipython", object)
    monkeypatch.setenv("COURSE_PROFILE", "full")
    judged(root)
    first = bundles[0]
    assert [bundle["text/plain"] for bundle in bundles][:2] == ["A1-2d/C: consistent", "A1-2e/CD: depends"]
    assert first[CLAIM_MIME]["measured"][0]["values"] == RUNS
    html = first["text/html"]
    for part in ("consistent", "32 epochs", "25 to 40", "n = 5 (start)", "<svg", "An ordinary run."):
        assert part in html, part
    assert "<svg" not in bundles[3]["text/html"]  # nothing varied, so that there is no interval to draw


def test_inline_words_are_escaped():
    assert inline("a < b & *c* `d<e` $f<g$") == (
        "a &lt; b &amp; <em>c</em> <code>d&lt;e</code> "
        '<span class="syw-math mathjax_process tex2jax_process">\\(f&lt;g\\)</span>'
    )
    assert inline("2 * 3 * 4, 5 $") == "2 * 3 * 4, 5 $"


# -- errata


def test_erratum_of_the_catalogue(root):
    ledger = Ledger(CHAPTER, root=root)
    ledger.erratum("A1-1a/D")
    erratum = ledger.errata["A1-1a/D"]
    assert repr(ledger.verdicts()) == "A1-1a/D  refuted, correction proved"
    assert (erratum.refuted["verdict"], erratum.corrected["verdict"]) == ("REFUTED", "PROVED")
    assert erratum.refuted["counterexample"]
    assert erratum.refuted["lhs"] == erratum.corrected["lhs"] != erratum.refuted["rhs"]
    assert "as reported" in erratum._repr_html_()


def test_a_refutation_shows_true_minus_signs():
    line = {"lhs": "f_{-1}", "rhs": "-x", "relation": "=", "verdict": "REFUTED"}
    line |= {"counterexample": [["x_{-1}", "-2"], ["y", "3e-05"]], "text": "left side -0.44, right side 1"}
    # In formulas TeX sets the sign.
    html = Erratum("A1-1a/D", "", "a slip", line, line)._repr_html_()
    for shown in ("= −2", "= 3e-05: left side −0.44, right side 1.", "x_{-1}", "f_{-1} = -x"):
        assert shown in html


def test_an_erratum_shows_itself_in_a_loop_with_both_formulas(root, monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setattr("IPython.get_ipython", lambda: object())
    monkeypatch.setattr(IPython.display, "display", shown.append)
    ledger = Ledger(CHAPTER, root=root)
    for id in ("A1-1a/C", "A1-1a/D"):
        assert ledger.erratum(id) is None  # or the last of a cell would be shown twice
    assert [erratum.id for erratum in shown] == ["A1-1a/C", "A1-1a/D"]
    for erratum in shown:
        html = erratum._repr_html_()
        assert html.count("syw-equation") == 2
        assert html.index("as reported") < html.index("At ") < html.index("in its place")
        assert f"<strong>Report {erratum.id[-1]}</strong>, A1-1a" in html


def test_an_erratum_is_stored_with_both_lines_and_a_wrong_one_is_none(root, monkeypatch):
    from sympy import symbols

    from helpers.claims import _proofs
    from helpers.course import Erratum
    from helpers.proof import Given

    a, b = symbols("a b", real=True)

    def error(reported, corrected) -> Erratum:
        return Erratum("A1-1a/C", "line 1", "no $2ab$", "", (a + b) ** 2, reported, corrected, Given())

    right, wrong = a**2 + 2 * a * b + b**2, a**2 + b**2
    monkeypatch.setenv("COURSE_PROFILE", "full")
    monkeypatch.setenv("COURSE_PUBLISH", "1")
    monkeypatch.setattr(_proofs, "ERRATA", {"A1-1a/C": error(wrong, right)})
    write_claims(root)
    ledger = Ledger(CHAPTER, root=root)
    ledger.erratum("A1-1a/C")
    ledger.save()
    (erratum,) = stored(root)["errata"]
    point = {name: float(value) for name, value in erratum["refuted"]["counterexample"]}
    assert (point["a"] + point["b"]) ** 2 != pytest.approx(point["a"] ** 2 + point["b"] ** 2)
    assert Ledger(CHAPTER, root=root).stored["errata"]["A1-1a/C"].said == "no $2ab$"
    for refuted, corrected in ((right, right), (wrong, wrong), (right, wrong)):
        monkeypatch.setattr(_proofs, "ERRATA", {"A1-1a/C": error(refuted, corrected)})
        with pytest.raises(ClaimFailed, match="A1-1a/C"):
            ledger.erratum("A1-1a/C")


def test_unknown_erratum(root):
    with pytest.raises(CourseError, match="No erratum has the id"):
        Ledger(CHAPTER, root=root).erratum("A1-9z/D")


def test_ledger_without_errata_loads_no_sympy(root):
    code = (
        "import sys, helpers.claims; print([m for m in ('sympy', 'torch', 'matplotlib') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


# -- exercises


def test_feedback_by_id_and_unknown_id():
    from helpers.course import EXERCISES

    id, exercise = next(iter(EXERCISES.items()))
    assert feedback(exercise.answer, id).ok
    assert not feedback("0", id).ok
    with pytest.raises(CourseError, match="No exercise has the id 'nonsense'"):
        feedback("0", "nonsense")
