"""Oracle: what a person found in the reports' derivations, row by row: the list of errata."""

from __future__ import annotations

import json
from pathlib import Path

import judge_handed_in as tool
import pytest
import syw_handed
from sampling import in_trial

STORED = {one["id"]: one for one in json.loads(tool.VERDICTS.read_text(encoding="utf-8"))}
TEXTS = tool.texts()
QUICK = ("A-3.1", "A-3.3", "A-3.4", "B-3.2", "B-3.3", "B-4.1", "C-4a", "D-1a", "D-4a", "E-1.2", "E-1.3")
UNDECIDED = {("E-2.3a", 2)}  # σ′ < 1/4 fails only where both sides are equal: two values that do not differ


def test_verdicts_belong_to_the_texts() -> None:
    assert [one["id"] for one in TEXTS] == list(STORED)
    assert {one["id"]: tool.digest(one) for one in TEXTS} == {id: one["of"] for id, one in STORED.items()}


@pytest.mark.parametrize("one", TEXTS, ids=[one["id"] for one in TEXTS])
def test_every_mistake_is_found_at_its_row_and_no_other_row_is_blamed(one: dict) -> None:
    lines = STORED[one["id"]]["lines"]
    refuted = {line["row"] for line in lines if line["verdict"] == "refuted"}
    unread = {line["row"] for line in lines if line["verdict"] == "not read"}
    missed = {row for id, row in UNDECIDED if id == one["id"]}
    assert refuted | unread == set(one["wrong"]) - missed
    assert not {line["row"] for line in lines if line["verdict"] == "proved"} & missed


@pytest.mark.parametrize(
    "one", [one for one in TEXTS if in_trial() or one["id"] in QUICK], ids=lambda one: one["id"]
)
def test_stored_verdicts_are_those_of_today(one: dict) -> None:
    assert tool.verdicts(one) == STORED[one["id"]]


def test_the_page_counts_what_is_stored() -> None:
    found = syw_handed.entries(Path(tool.TEXTS).parent)
    text = "\n".join(syw_handed.page(found))
    assert "No right rows are refuted" in text
    wrong = [
        {**found[0], "wrong": {}, "lines": [{"row": 1, "verdict": "refuted", "latex": "x", "said": "at x"}]}
    ]
    assert "1 right rows are refuted" in syw_handed.summary(wrong)
    assert sum(len(one["wrong"]) for one in found) == text.count("*refuted*:") + text.count(
        "*not read*:"
    ) + len(UNDECIDED)


def test_the_numbers_of_a_refutation_are_formulas():
    said = "at n = 2, j19 = 1, w^(2)[1, 2] = -1, yhat[2] = 0.9, lambda = 3: left side 0, right side -6"
    shown = (
        "at $n = 2$, $j_{19} = 1$, $w^{(2)}_{1, 2} = -1$, $\\hat y_{2} = 0.9$, $\\lambda = 3$: "
        "left side 0, right side −6"
    )
    assert syw_handed.typeset(said) == shown
    assert syw_handed.typeset("The index k is bound.") == "The index k is bound."
    assert syw_handed.typeset("at theta = 0.2: left side 1") == "at $\\theta = 0.2$: left side 1"
