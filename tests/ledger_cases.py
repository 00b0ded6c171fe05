"""Claims and a data set for the tests of the ledger."""

from __future__ import annotations

import json
from types import SimpleNamespace

from helpers.claims import Ledger

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


def course_folder(tmp_path, monkeypatch):
    """An empty course in the quick profile."""
    (tmp_path / "book" / "ledger").mkdir(parents=True)
    monkeypatch.setenv("COURSE_PROFILE", "quick")
    return tmp_path


def stored(root) -> dict:
    return json.loads((root / "book" / "ledger" / f"{CHAPTER}.json").read_text(encoding="utf-8"))


def full_run(root, monkeypatch, **claims) -> None:
    with monkeypatch.context() as full:
        full.setenv("COURSE_PROFILE", "full")
        full.setenv("COURSE_PUBLISH", "1")
        ledger = Ledger(CHAPTER, data=dataset(), root=root)
        for id, claim in (claims or {"A1-2d/C": FULL}).items():
            ledger.claim(id, **claim)
        ledger.save()
