"""Oracles: scipy.stats for intervals, verdicts decided by hand, counterexamples put into the formula."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from ledger_cases import CHAPTER, DEPENDS, STOPS, UNTESTABLE, course_folder, stored
from scipy import stats

from helpers.claims import MIME, ClaimFailed, Ledger, Measured, feedback, interval, number
from helpers.claims._table import inline
from helpers.runtime import CourseError


@pytest.fixture
def root(tmp_path, monkeypatch):
    return course_folder(tmp_path, monkeypatch)


# -- numbers


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
@pytest.mark.parametrize("n", [2, 3, 5, 40])
def test_interval_is_scipys_t_interval(n, level):
    values = np.random.default_rng(n).normal(3, 2, n)
    low, high = stats.t.interval(level, n - 1, loc=values.mean(), scale=stats.sem(values))
    assert interval(values, level) == pytest.approx((values.mean(), low, high), rel=1e-12)


def test_interval_by_hand():
    # n = 3, values 1 2 3: mean 2, s = 1, t(2; 0.975) = 4.302653, half width 4.302653 / sqrt(3)
    assert interval([1, 2, 3]) == pytest.approx((2, 2 - 2.484138, 2 + 2.484138), abs=1e-6)
    assert all(type(end) is float for end in interval(np.array([1, 2, 3], dtype=np.float32)))


@pytest.mark.parametrize(("values", "level"), [([1.0], 0.95), ([], 0.95), ([1, 2], 1.0), ([1, 2], 95)])
def test_interval_refuses(values, level):
    with pytest.raises(CourseError):
        interval(values, level)


def test_single_value_has_no_interval_that_could_prove_anything():
    one = Measured((5.0,))
    assert (one.low, one.high) == (-math.inf, math.inf)
    assert not one.low > 0
    assert not one.high < 100


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


# -- judging


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"measured": [50, 51, 52, 53, 54]}, "refuted"),
        ({"verdict": "refuted"}, "reproduced"),
        ({"holds": lambda m: m.n > 5}, "refuted"),
    ],
)
def test_wrong_verdict_fails(root, changes, found):
    with pytest.raises(ClaimFailed, match=f"the measurement says {found}"):
        Ledger(CHAPTER, root=root).claim("A1-2d/C", **STOPS | changes)


def test_right_verdicts_pass(root):
    ledger = Ledger(CHAPTER, root=root)
    assert repr(ledger.claim("A1-2d/C", **STOPS)) == "A1-2d/C: reproduced"
    ledger.claim("A1-2d/D", **STOPS | {"measured": [50, 51, 52, 53, 54], "verdict": "refuted"})
    assert ledger.claim("A1-2e/C", **DEPENDS).holds == (True, False)
    ledger.claim("HW4-5.2/E", **UNTESTABLE)
    assert repr(ledger.verdicts()).splitlines() == [
        "A1-2d/C    reproduced",
        "A1-2d/D    refuted",
        "A1-2e/C    depends",
        "HW4-5.2/E  not testable here",
    ]


def test_depends_needs_both_answers(root):
    always = DEPENDS | {"holds": lambda m: m.high < 100}
    with pytest.raises(ClaimFailed, match="says reproduced"):
        Ledger(CHAPTER, root=root).claim("A1-2e/C", **always)


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "true"},
        {"verdict": "not testable here"},
        {"verdict": "depends", "on": "the weather"},
        {"said": ""},
        {"on": "the weather"},
        {"why": "no reason"},
        {"needs": "gpu"},
        {"needs": "full"},
        {"quick": ([1], lambda m: True, "weaker")},
        {"measured": None},
        {"measured": []},
        {"measured": [1, math.nan, 2, 3, 4]},
        {"measured": "33"},
        {"measured": {"a": [1], "b": [2]}},
        {"holds": None},
        {"holds": lambda m: m.mean},
        {"holds": lambda m: None},
        {"seeds": range(4)},
        {"report": "D"},
    ],
)
def test_incoherent_claims_are_refused(root, changes):
    with pytest.raises(CourseError, match="A1-2d/C"):
        Ledger(CHAPTER, root=root).claim("A1-2d/C", **STOPS | changes)


@pytest.mark.parametrize("id", ["A1-2d", "A1-2d/F", "a1-2d/C", "A1-2d/C/D", ""])
def test_ids_are_checked(root, id):
    with pytest.raises(CourseError, match="id"):
        Ledger(CHAPTER, root=root).claim(id, **STOPS)


def test_cell_may_run_twice_but_id_names_one_claim(root):
    ledger = Ledger(CHAPTER, root=root)
    ledger.claim("A1-2d/C", **STOPS)
    ledger.claim("A1-2d/C", **STOPS)
    assert len(ledger.claims) == 1
    with pytest.raises(CourseError, match="used twice"):
        ledger.claim("A1-2d/C", **STOPS | {"said": "stops after 32 epochs"})


def test_inline_words_are_escaped():
    assert inline("a < b & *c* `d<e` $f<g$") == (
        "a &lt; b &amp; <em>c</em> <code>d&lt;e</code> "
        '<span class="syw-math mathjax_process tex2jax_process">\\(f&lt;g\\)</span>'
    )
    assert inline("2 * 3 * 4, 5 $") == "2 * 3 * 4, 5 $"


# -- errata


def test_erratum_of_the_catalogue(root):
    ledger = Ledger(CHAPTER, root=root)
    erratum = ledger.erratum("A1-1a/D", report="D")
    assert repr(ledger.verdicts()) == "A1-1a/D  refuted, correction proved"
    assert (erratum.refuted["verdict"], erratum.corrected["verdict"]) == ("REFUTED", "PROVED")
    assert erratum.refuted["counterexample"]
    assert erratum.refuted["lhs"] == erratum.corrected["lhs"] != erratum.refuted["rhs"]
    assert "as reported" in erratum._repr_html_()


def test_erratum_by_hand(root, monkeypatch):
    from sympy import symbols

    from helpers.derivations import Lines
    from helpers.proof import check

    a, b = symbols("a b", real=True)
    lines = Lines(lhs=(a + b) ** 2, reported=a**2 + b**2, corrected=a**2 + 2 * a * b + b**2)
    wrong, right = check(lines.lhs, lines.reported), check(lines.lhs, lines.corrected)
    monkeypatch.setenv("COURSE_PROFILE", "full")
    monkeypatch.setenv("COURSE_PUBLISH", "1")
    ledger = Ledger(CHAPTER, root=root)
    ledger.erratum("A1-1a/C", where="line 1", said="no $2ab$", refuted=wrong, corrected=right, lines=lines)
    ledger.save()
    (erratum,) = stored(root)["errata"]
    point = {name: float(value) for name, value in erratum["refuted"]["counterexample"]}
    assert (point["a"] + point["b"]) ** 2 != pytest.approx(point["a"] ** 2 + point["b"] ** 2)
    assert Ledger(CHAPTER, root=root).stored["errata"]["A1-1a/C"].said == "no $2ab$"
    for refuted, corrected in ((right, right), (wrong, wrong), (right, wrong)):
        with pytest.raises(ClaimFailed, match="A1-1a/D"):
            ledger.erratum("A1-1a/D", where="", said="", refuted=refuted, corrected=corrected)
    with pytest.raises(CourseError, match="two results"):
        ledger.erratum("A1-1a/D", where="", said="", refuted="REFUTED", corrected=right)


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
    from helpers.derivations import EXERCISES

    id, exercise = next(iter(EXERCISES.items()))
    assert feedback(exercise.answer, id).ok
    assert not feedback("0", id).ok
    with pytest.raises(CourseError, match="No exercise has the id 'nonsense'"):
        feedback("0", "nonsense")
