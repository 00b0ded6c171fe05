"""Oracles: the stored JSON read by the standard library, files compared byte by byte, scipy.stats."""

from __future__ import annotations

import pytest
from ledger_cases import CHAPTER, DEPENDS, FULL, STOPS, UNTESTABLE, course_folder, dataset, full_run, stored
from scipy import stats

from helpers.claims import ClaimFailed, Ledger
from helpers.runtime import CourseError


@pytest.fixture
def root(tmp_path, monkeypatch):
    return course_folder(tmp_path, monkeypatch)


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


def test_a_full_run_that_is_not_the_publishers_replaces_nothing(root, monkeypatch, capsys):
    full_run(root, monkeypatch)
    before = (root / "book" / "ledger" / f"{CHAPTER}.json").read_bytes()
    monkeypatch.setenv("COURSE_PROFILE", "full")
    monkeypatch.delenv("COURSE_PUBLISH", raising=False)
    ledger = Ledger(CHAPTER, data=dataset(), root=root)
    ledger.claim("A1-2d/C", **FULL | {"measured": [30, 31, 32, 33, 34]})
    ledger.save()
    assert (root / "book" / "ledger" / f"{CHAPTER}.json").read_bytes() == before
    assert "only a full `make run`" in capsys.readouterr().out


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
