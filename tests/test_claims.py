"""Oracles: scipy.stats for intervals, verdicts decided by hand, JSON read by the standard library."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from helpers.claims import ClaimFailed, Ledger, Measured, feedback, interval, number
from helpers.claims._table import inline
from helpers.runtime import CourseError

CHAPTER = "01-trial"
STOPS = {  # 31 to 35 epochs over five seeds; the reported 33 lies in the interval
    "said": "stops after 33 epochs",
    "because": "The interval holds the reported number.",
    "measured": [31, 35, 29, 33, 34],
    "holds": lambda m: m.low <= 33 <= m.high,
    "verdict": "reproduced",
    "unit": "epochs",
    "seeds": range(5),
}
FULL = STOPS | {"needs": "full", "quick": ([3.0], lambda m: m.mean > 1, "it stops by itself")}
DEPENDS = {
    "said": "shuffling halves the epochs",
    "because": "Only with small batches.",
    "measured": {"batch 128": [0.5, 0.4, 0.6], "batch 1": [1.1, 0.9, 1.0]},
    "holds": lambda m: m.high < 0.8,
    "verdict": "depends",
    "on": "the batch size",
}
UNTESTABLE = {
    "said": "fooled a friend",
    "verdict": "not testable here",
    "why": "no friend",
    "because": "none",
}


def dataset(tier: str = "folder") -> SimpleNamespace:
    return SimpleNamespace(
        name="MNIST",
        tier=tier,
        train=range(9),
        valid=range(3),
        test=range(2),
        describe=lambda: f"MNIST, {tier}",
    )


@pytest.fixture
def root(tmp_path, monkeypatch):
    (tmp_path / "book" / "ledger").mkdir(parents=True)
    monkeypatch.setenv("COURSE_PROFILE", "quick")
    return tmp_path


def stored(root) -> dict:
    return json.loads((root / "book" / "ledger" / f"{CHAPTER}.json").read_text(encoding="utf-8"))


def full_run(root, monkeypatch, **claims) -> None:
    with monkeypatch.context() as full:
        full.setenv("COURSE_PROFILE", "full")
        ledger = Ledger(CHAPTER, data=dataset(), root=root)
        for id, claim in (claims or {"A1-2d/C": FULL}).items():
            ledger.claim(id, **claim)
        ledger.save()


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


def test_number_glues_a_plain_formatted_text(monkeypatch):
    glued = {}
    monkeypatch.setattr("myst_nb.glue", lambda name, value, display: glued.update({name: value}))
    number("accuracy", np.float64(0.98123), ".1%")
    number("device", "cpu")
    assert glued == {"accuracy": "98.1%", "device": "cpu"}


def test_number_without_myst_nb(monkeypatch):
    monkeypatch.setitem(sys.modules, "myst_nb", None)
    number("accuracy", 0.98)


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


# -- profiles, tiers, the record


def test_full_claim_is_not_judged_in_quick_without_a_record(root):
    with pytest.raises(CourseError, match=f"COURSE_PROFILE=full make run NB={CHAPTER}"):
        Ledger(CHAPTER, data=dataset(), root=root).claim("A1-2d/C", **FULL)


@pytest.mark.parametrize(
    ("profile", "tier"), [("quick", "folder"), ("quick", "embedded"), ("full", "embedded")]
)
def test_elsewhere_the_stored_verdict_is_used(root, monkeypatch, profile, tier):
    full_run(root, monkeypatch)
    before = (root / "book" / "ledger" / f"{CHAPTER}.json").read_bytes()
    monkeypatch.setenv("COURSE_PROFILE", profile)
    ledger = Ledger(CHAPTER, data=dataset(tier), root=root)
    claim = ledger.claim("A1-2d/C", **FULL | {"measured": [1, 1, 1, 1, 1]})  # nonsense of a short run
    assert claim.measured[0].values == (31, 35, 29, 33, 34)
    assert "stored verdict" in repr(ledger.table())
    assert "it stops by itself" in ledger.table()._repr_html_()
    ledger.save()
    assert (root / "book" / "ledger" / f"{CHAPTER}.json").read_bytes() == before


def test_the_weaker_statement_is_judged_everywhere(root, monkeypatch):
    never = FULL | {"quick": ([0.5], lambda m: m.mean > 1, "it stops by itself")}
    full_run(root, monkeypatch)
    for profile in ("quick", "full"):
        monkeypatch.setenv("COURSE_PROFILE", profile)
        with pytest.raises(ClaimFailed, match="it stops by itself"):
            Ledger(CHAPTER, data=dataset(), root=root).claim("A1-2d/C", **never)


def test_stored_values_are_judged_again(root, monkeypatch):
    full_run(root, monkeypatch)
    with pytest.raises(ClaimFailed, match="the measurement says refuted"):
        Ledger(CHAPTER, data=dataset(), root=root).claim("A1-2d/C", **FULL | {"holds": lambda m: m.mean > 40})


def test_full_run_judges_what_it_measured(root, monkeypatch):
    full_run(root, monkeypatch)
    monkeypatch.setenv("COURSE_PROFILE", "full")
    with pytest.raises(ClaimFailed):
        Ledger(CHAPTER, data=dataset(), root=root).claim("A1-2d/C", **FULL | {"measured": [1, 1, 1, 1, 1]})


def test_record_holds_the_evidence(root, monkeypatch):
    full_run(root, monkeypatch, **{"A1-2d/C": FULL, "A1-2e/C": DEPENDS, "HW4-5.2/E": UNTESTABLE})
    record = stored(root)
    assert record["data"] == {
        "name": "MNIST", "tier": "folder", "summary": "MNIST, folder", "train": 9, "valid": 3, "test": 2
    }  # fmt: skip
    assert {"python", "torch", "sympy", "device", "commit"} <= record["provenance"].keys()
    stops, depends, untestable = record["claims"]
    low, high = stats.t.interval(0.95, 4, loc=32.4, scale=stats.sem([31, 35, 29, 33, 34]))
    (entry,) = stops["measured"]
    assert (entry["mean"], entry["low"], entry["high"]) == pytest.approx((32.4, low, high), rel=1e-9)
    assert (stops["task"], stops["report"], stops["seeds"]) == ("A1-2d", "C", [0, 1, 2, 3, 4])
    assert [e["setting"] for e in depends["measured"]] == ["batch 128", "batch 1"]
    assert untestable["measured"] is None


def test_single_value_is_stored_without_interval(root, monkeypatch):
    full_run(
        root,
        monkeypatch,
        **{"A1-2d/C": STOPS | {"measured": 33, "seeds": (), "holds": lambda m: m.mean == 33}},
    )
    (entry,) = stored(root)["claims"][0]["measured"]
    assert (entry["n"], entry["low"], entry["high"]) == (1, None, None)


@pytest.mark.parametrize("word", ["said", "because", "unit"])
def test_changed_words_are_noticed(root, monkeypatch, word):
    full_run(root, monkeypatch)
    ledger = Ledger(CHAPTER, data=dataset(), root=root)
    ledger.claim("A1-2d/C", **FULL | {word: "other words"})
    with pytest.raises(CourseError, match=rf"other words than the notebook \({word}\)"):
        ledger.save()


def test_missing_claim_is_noticed(root, monkeypatch):
    full_run(root, monkeypatch, **{"A1-2d/C": FULL, "A1-2e/C": DEPENDS})
    ledger = Ledger(CHAPTER, data=dataset(), root=root)
    ledger.claim("A1-2d/C", **FULL)
    with pytest.raises(CourseError, match="A1-2e/C"):
        ledger.save()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema": 1}', '{"schema": 7, "claims": [], "errata": []}']
)
def test_damaged_record(root, text):
    (root / "book" / "ledger" / f"{CHAPTER}.json").write_text(text)
    with pytest.raises(CourseError, match=CHAPTER):
        Ledger(CHAPTER, root=root)


def test_failed_write_leaves_the_old_record(root, monkeypatch):
    full_run(root, monkeypatch)
    before = stored(root)
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        full_run(root, monkeypatch, **{"A1-2d/C": STOPS})
    assert stored(root) == before
    assert [p.name for p in (root / "book" / "ledger").iterdir()] == [f"{CHAPTER}.json"]


def test_no_ledger_folder(tmp_path):
    with pytest.raises(CourseError, match="book/ledger"):
        Ledger(CHAPTER, root=tmp_path)


def test_verdicts_are_the_same_everywhere(root, monkeypatch):
    texts = set()
    full_run(root, monkeypatch)
    for profile, tier in (("quick", "folder"), ("full", "folder"), ("quick", "embedded")):
        monkeypatch.setenv("COURSE_PROFILE", profile)
        ledger = Ledger(CHAPTER, data=dataset(tier), root=root)
        ledger.claim("A1-2d/C", **FULL)
        texts.add(repr(ledger.verdicts()))
    assert texts == {"A1-2d/C  reproduced"}


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
