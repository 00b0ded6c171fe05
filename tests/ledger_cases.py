"""Claims and a data set for the tests of the ledger."""

from __future__ import annotations

import json
from types import SimpleNamespace

import yaml

from helpers.claims import Ledger

CHAPTER = "01-trial"
RUNS = [31, 35, 29, 33, 34]  # one more run: 25.1 to 39.7
STOPS = {
    "id": "A1-2d/C",
    "said": "stops after `33` epochs",
    "kind": "one_run",
    "reported": 33,
    "tells_apart": 20,
    "why": "the other report says 13",
    "unit": "epochs",
    "seeds": 5,
    "varied": "start",
    "needs": "full",
    "verdict": "consistent",
    "reading": "An ordinary run.",
}
DEPENDS = {
    "id": "A1-2e/CD",
    "said": "shuffling saves epochs",
    "kind": "below",
    "than": 0.8,
    "why": "a fifth",
    "seeds": 3,
    "varied": "start",
    "verdict": "depends",
    "depends_on": "the batch size",
    "reading": "Only with small batches.",
}
SHARES = {"batch 128": [0.5, 0.45, 0.55], "batch 1": [1.05, 0.95, 1.0]}
UNTESTABLE = {"id": "HW4-5.2/E", "said": "fooled a friend", "kind": "untestable", "missing": "the friend"}
EXACT = {
    "id": "A1-1a/book",
    "said": "the sum is `1`",
    "kind": "exact",
    "equals": 1,
    "verdict": "consistent",
    "reading": "Counted.",
}
MEASURED = {"A1-2d/C": RUNS, "A1-2e/CD": SHARES, "HW4-5.2/E": None, "A1-1a/book": 1}


def dataset(tier: str = "folder") -> SimpleNamespace:
    return SimpleNamespace(
        name="MNIST",
        tier=tier,
        train=range(9),
        valid=range(3),
        test=range(2),
        describe=lambda: f"MNIST, {tier}",
    )


def course_folder(tmp_path, monkeypatch, *entries: dict):
    """A course in the quick profile, with the claims of `entries`, by default all of the above."""
    for name in ("ledger", "claims"):
        (tmp_path / "book" / name).mkdir(parents=True)
    write_claims(tmp_path, *(entries or (STOPS, DEPENDS, UNTESTABLE, EXACT)))
    monkeypatch.setenv("COURSE_PROFILE", "quick")
    return tmp_path


def write_claims(root, *entries: dict) -> None:
    path = root / "book" / "claims" / f"{CHAPTER}.yaml"
    path.write_text(yaml.safe_dump([*entries], sort_keys=False, allow_unicode=True), encoding="utf-8")


def stored(root) -> dict:
    return json.loads((root / "book" / "ledger" / f"{CHAPTER}.json").read_text(encoding="utf-8"))


def judged(root, tier: str = "folder", **measured) -> Ledger:
    """A ledger in which every claim of the file is judged, by MEASURED where nothing else is given."""
    ledger = Ledger(CHAPTER, data=dataset(tier), root=root)
    for id in ledger.specs:
        ledger.judge(id, (MEASURED | measured).get(id))
    return ledger


def full_run(root, monkeypatch, **measured) -> None:
    with monkeypatch.context() as full:
        full.setenv("COURSE_PROFILE", "full")
        full.setenv("COURSE_PUBLISH", "1")
        judged(root, **measured).save()
