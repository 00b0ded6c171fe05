"""Oracle: SciPy's t-interval of the values in a ledger, against the table that its chapter shows.

The table in a chapter and the page "reported" were made from one measurement; the page is built from the
ledger's file alone. So a number that was changed in one of the two places has to differ from the other.
"""

from __future__ import annotations

import copy
import json
import statistics
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from scipy import stats

ROOT = Path(__file__).resolve().parents[1]
LEDGERS = sorted((ROOT / "book" / "ledger").glob("*.json"))


def tables(notebook: dict) -> list[BeautifulSoup]:
    """The evidence that a chapter shows, each table in one output."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    htmls = ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]
    return [BeautifulSoup(html, "html.parser") for html in htmls if 'class="syw-ledger"' in html]


def shown(table: BeautifulSoup) -> list[tuple[str, str, str]]:
    """(id, measured, verdict) of each row, as text."""
    rows = []
    for row in table.select("tbody tr"):
        _, measured, verdict = row.find_all("td")
        rows.append((row.th.get_text(), next(measured.strings), verdict.span.get_text()))
    return rows


def told(claim: dict) -> tuple[str, str, str]:
    """What a row has to say about a claim of a ledger, worked out from the single values."""
    unit = f" {claim['unit']}" if claim["unit"] else ""
    parts = [entry_told(entry, unit) for entry in claim["measured"] or []]
    return claim["id"], "; ".join(parts) or "–", claim["verdict"]


def entry_told(entry: dict, unit: str) -> str:
    values, name = entry["values"], f"{entry['setting']}: " if entry["setting"] else ""
    mean, n = statistics.fmean(values), len(values)
    if n == 1:
        return f"{name}{mean:.4g}{unit} (n = 1)"
    half = stats.t.ppf((1 + entry["level"]) / 2, n - 1) * statistics.stdev(values) / n**0.5
    low, high = mean - half, mean + half
    return f"{name}{mean:.4g}{unit} ({low:.4g} to {high:.4g}, n = {n})"


def differences(ledger: dict, notebook: dict) -> list[str]:
    """The ids of claims that a chapter shows otherwise than the ledger says."""
    (table,) = tables(notebook)
    here, there = shown(table), [told(claim) for claim in ledger["claims"]]
    wrong = {id for id, *_ in set(here) ^ set(there)}
    return sorted(wrong) or ([] if here == there else ["the order"])


def chapter(path: Path) -> tuple[dict, dict]:
    notebook = ROOT / "notebooks" / f"{path.stem}.ipynb"
    return json.loads(path.read_text("utf-8")), json.loads(notebook.read_text("utf-8"))


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_a_chapter_shows_what_its_ledger_says(path):
    ledger, notebook = chapter(path)
    assert differences(ledger, notebook) == []
    for entry in (entry for claim in ledger["claims"] for entry in claim["measured"] or []):
        assert entry["mean"] == pytest.approx(statistics.fmean(entry["values"]), rel=1e-8)
        assert entry["n"] == len(entry["values"])


# ---------------------------------------------------------------- can that fail?
def shifted(claim: dict) -> None:
    """Values, mean and interval moved together by one in a hundred: the ledger contradicts itself nowhere."""
    for entry in claim["measured"]:
        step = 0.01 * abs(entry["mean"])
        entry["values"] = [value + step for value in entry["values"]]
        for key in ("mean", "low", "high"):
            entry[key] = entry[key] and entry[key] + step


EDITS = {
    "shifted": shifted,
    "spread": lambda claim: claim["measured"][0].update(
        values=[1.1 * v for v in claim["measured"][0]["values"]]
    ),
    "another verdict": lambda claim: claim.update(
        verdict="refuted" if claim["verdict"] != "refuted" else "reproduced"
    ),
    "another unit": lambda claim: claim.update(unit="percent"),
    "one run more": lambda claim: claim["measured"][0]["values"].append(claim["measured"][0]["mean"]),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_an_edited_ledger_is_found(path, edit):
    ledger, notebook = chapter(path)
    ledger = copy.deepcopy(ledger)
    claim = next(claim for claim in ledger["claims"] if claim["measured"] and claim["measured"][0]["mean"])
    EDITS[edit](claim)
    assert differences(ledger, notebook) == [claim["id"]]


def test_an_edited_table_is_found():
    ledger, notebook = chapter(LEDGERS[0])
    text = json.dumps(notebook)
    claim = next(claim for claim in ledger["claims"] if claim["measured"])
    number = f"{statistics.fmean(claim['measured'][0]['values']):.4g}"
    edited = json.loads(text.replace(f"<td>{number} ", f"<td>{float(number) * 1.01:.4g} ", 1))
    assert differences(ledger, edited) == [claim["id"]]


def test_claims_in_another_order_and_left_out_ones_are_found():
    ledger, notebook = chapter(LEDGERS[0])
    turned = {**ledger, "claims": ledger["claims"][::-1]}
    assert differences(turned, notebook) == ["the order"]
    assert differences({**ledger, "claims": ledger["claims"][1:]}, notebook) == [ledger["claims"][0]["id"]]
