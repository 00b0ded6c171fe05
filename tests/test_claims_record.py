"""Oracles: the stored JSON read by the standard library, files compared byte by byte, scipy.stats."""

from __future__ import annotations

import json
import math

import pytest
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
    full_run,
    judged,
    stored,
    write_claims,
)
from scipy import stats

from helpers.claims import ClaimFailed, Ledger
from helpers.claims._record import measured_on
from helpers.runtime import CourseError


@pytest.fixture
def root(tmp_path, monkeypatch):
    return course_folder(tmp_path, monkeypatch)


# -- profiles, tiers, the record


def test_a_record_names_the_machine_of_the_values_that_are_kept(tmp_path):
    kept = tmp_path / "01-topic.json"
    assert measured_on(kept) == {}
    kept.write_text(
        json.dumps({"made_with": [{"device": name} for name in ("cpu (one)", "gpu", "cpu (one)")]})
    )
    assert measured_on(kept) == {"device": "cpu (one), gpu"}


def test_a_claim_that_needs_full_and_has_no_record_asks_for_a_full_run(root):
    with pytest.raises(CourseError, match=f"COURSE_PROFILE=full make run NB={CHAPTER}"):
        judged(root)


@pytest.mark.parametrize(
    ("profile", "tier"), [("quick", "folder"), ("quick", "embedded"), ("full", "embedded")]
)
def test_elsewhere_the_stored_measurement_is_judged(root, monkeypatch, profile, tier):
    full_run(root, monkeypatch)
    before = (root / "book" / "ledger" / f"{CHAPTER}.json").read_bytes()
    monkeypatch.setenv("COURSE_PROFILE", profile)
    ledger = judged(root, tier, **{"A1-2d/C": [1, 1, 1]})  # nonsense of a short run
    assert ledger.claims["A1-2d/C"]["measured"][0]["values"] == RUNS
    ledger.save()
    assert (root / "book" / "ledger" / f"{CHAPTER}.json").read_bytes() == before


def test_a_claim_for_every_machine_is_judged_on_every_machine(root, monkeypatch):
    full_run(root, monkeypatch)
    with pytest.raises(ClaimFailed, match="A1-1a/book is refuted"):
        judged(root, **{"A1-1a/book": 3})


def test_stored_values_are_judged_again_by_the_file_as_it_is_now(root, monkeypatch):
    full_run(root, monkeypatch)
    write_claims(root, {**STOPS, "reported": 50}, DEPENDS, UNTESTABLE, EXACT)
    with pytest.raises(ClaimFailed, match="A1-2d/C is refuted by what was measured"):
        judged(root)


def test_a_number_that_was_moved_after_the_run_is_noticed_and_may_be_explained(root, monkeypatch):
    full_run(root, monkeypatch)
    moved = {**STOPS, "tells_apart": 50}
    write_claims(root, moved, DEPENDS, UNTESTABLE, EXACT)
    with pytest.raises(ClaimFailed, match="A1-2d/C: a number that decides it was changed after"):
        full_run(root, monkeypatch)
    full_run(root, monkeypatch, **{"A1-2d/C": [32, *RUNS[1:]]})  # measured anew
    write_claims(
        root, {**moved, "tells_apart": 30, "changed": "it was far too wide"}, DEPENDS, UNTESTABLE, EXACT
    )
    full_run(root, monkeypatch, **{"A1-2d/C": [32, *RUNS[1:]]})
    assert stored(root)["claims"][0]["changed"] == "it was far too wide"


def test_a_new_claim_needs_no_full_run_to_be_written_down(root, monkeypatch):
    full_run(root, monkeypatch)
    new = {k: v for k, v in STOPS.items() if k not in ("verdict", "reading")} | {"id": "A1-2d/D"}
    write_claims(root, STOPS, DEPENDS, UNTESTABLE, EXACT, new)
    ledger = judged(root, **{"A1-2d/D": [1, 2]})
    ledger.save()
    assert ledger.claims["A1-2d/D"]["verdict"] == "pending"


def test_record_holds_the_evidence(root, monkeypatch):
    full_run(root, monkeypatch)
    record = stored(root)
    assert record["data"] == {
        "name": "MNIST", "tier": "folder", "summary": "MNIST, folder", "train": 9, "valid": 3, "test": 2
    }  # fmt: skip
    assert {"python", "torch", "sympy", "device", "commit"} <= record["provenance"].keys()
    stops, depends, untestable, exact = record["claims"]
    half = stats.t.ppf(0.975, 4) * stats.tstd(RUNS) * math.sqrt(1 + 1 / 5)
    (entry,) = stops["measured"]
    assert (entry["mean"], entry["low"], entry["high"]) == pytest.approx((32.4, 32.4 - half, 32.4 + half))
    assert (stops["task"], stops["reports"], stops["verdict"], stops["strict"]) == (
        "A1-2d", "C", "consistent", "undecided"
    )  # fmt: skip
    assert [(e["setting"], e["verdict"]) for e in depends["measured"]] == [
        ("batch 128", "consistent"), ("batch 1", "refuted")
    ]  # fmt: skip
    assert depends["measured"][0]["values"] == SHARES["batch 128"]
    assert (untestable["measured"], untestable["missing"]) == ([], "the friend")
    assert (exact["measured"][0]["n"], exact["measured"][0]["low"]) == (1, None)


def test_a_full_run_that_is_not_the_publishers_replaces_nothing(root, monkeypatch, capsys):
    full_run(root, monkeypatch)
    before = (root / "book" / "ledger" / f"{CHAPTER}.json").read_bytes()
    monkeypatch.setenv("COURSE_PROFILE", "full")
    monkeypatch.delenv("COURSE_PUBLISH", raising=False)
    judged(root, **{"A1-2d/C": [32, *RUNS[1:]]}).save()
    assert (root / "book" / "ledger" / f"{CHAPTER}.json").read_bytes() == before
    assert "only a full `make run`" in capsys.readouterr().out


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
        full_run(root, monkeypatch)
    assert stored(root) == before
    assert [p.name for p in (root / "book" / "ledger").iterdir()] == [f"{CHAPTER}.json"]


def test_no_ledger_folder(tmp_path):
    with pytest.raises(CourseError, match="book/ledger"):
        Ledger(CHAPTER, root=tmp_path)


def test_verdicts_and_what_is_shown_are_the_same_everywhere(root, monkeypatch):
    texts = set()
    full_run(root, monkeypatch)
    for profile, tier in (("quick", "folder"), ("full", "folder"), ("quick", "embedded")):
        monkeypatch.setenv("COURSE_PROFILE", profile)
        ledger = judged(root, tier)
        texts.add((repr(ledger.verdicts()), repr(list(ledger.claims.values()))))
    assert len(texts) == 1


def test_the_table_says_once_where_it_was_measured(root, monkeypatch):
    full_run(root, monkeypatch)
    html = judged(root).table()._repr_html_()
    assert html.count("full profile") == 1
    assert "<details>" in html
    assert "0.50; the mean: 0.38 to 0.62 (95 %), n = 3 (start)" in html
    assert dataset().describe() in html
