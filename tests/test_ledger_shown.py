"""Oracle: the claims file and the values alone. Every verdict is worked out again without the notebook, and
what the record, the notebook and the site's page say about each claim is compared value by value.

The three were made from one measurement. So a number that was changed in one of them has to differ from the
others, and a margin that was changed in the claims file from the hash in the record, whatever was resealed.
"""

from __future__ import annotations

import copy
import json
import math
import re
from pathlib import Path

import pytest
import syw_ledger
import yaml
from bs4 import BeautifulSoup
from sampling import sample

from helpers.claims import CLAIM_MIME, VERDICTS, read_specs, shown, stored_claim

ROOT = Path(__file__).resolve().parents[1]
LEDGERS = sorted((ROOT / "book" / "ledger").glob("*.json"))


def chapter(path: Path) -> tuple[dict, dict, list[dict]]:
    """(record, notebook, claims file as plain data) of a chapter."""
    notebook = ROOT / "notebooks" / f"{path.stem}.ipynb"
    text = (ROOT / "book" / "claims" / f"{path.stem}.yaml").read_text("utf-8")
    return json.loads(path.read_text("utf-8")), json.loads(notebook.read_text("utf-8")), yaml.safe_load(text)


def told(notebook: dict) -> list[dict]:
    """The claims as the notebook's outputs have them."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    return [data[CLAIM_MIME] for data in (o.get("data", {}) for o in outputs) if CLAIM_MIME in data]


def differences(record: dict, notebook: dict, entries: list[dict], folder: Path) -> set[str]:
    """The ids of claims of which record, notebook, page and claims file do not say the same."""
    path = folder / f"{record['chapter']}.yaml"
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    specs = read_specs(path)
    there = {claim["id"]: claim for claim in record["claims"]}
    here = {claim["id"]: claim for claim in told(notebook)}
    wrong = set(there) ^ set(specs) | set(there) ^ set(here)
    for id in set(there) & set(here) & set(specs):
        again = stored_claim(specs[id], there[id]).to_json()
        wrong |= {id} if not there[id] == here[id] == again else set()
    wrong |= html_differences(notebook) | table_differences(record, notebook)
    return wrong | page_differences(record, here)


def html_differences(notebook: dict) -> set[str]:
    """The ids of claims that a reader of the notebook sees otherwise than its JSON says."""
    bundles = [o.get("data", {}) for cell in notebook["cells"] for o in cell.get("outputs", [])]
    claims = [(b[CLAIM_MIME], "".join(b["text/html"])) for b in bundles if CLAIM_MIME in b]
    return {claim["id"] for claim, html in claims if html != shown.claim_html(claim)}


def page_differences(record: dict, here: dict[str, dict]) -> set[str]:
    """The ids of claims whose row on the page shows other evidence than the notebook."""
    page = BeautifulSoup("\n".join(syw_ledger.claims_page([record], {})), "html.parser")
    rows = {row["data-claim"]: row for row in page.select("tbody tr")}
    wrong = set(rows) ^ set(here)
    for id in set(rows) & set(here):
        parts = BeautifulSoup(shown.evidence_html(here[id]) + shown.verdict_html(here[id]), "html.parser")
        evidence = [cell.decode_contents() for cell in rows[id].find_all("td")[1:]]
        wrong |= {id} if "".join(evidence) != parts.decode() else set()
    return wrong


def table_differences(record: dict, notebook: dict) -> set[str]:
    """The ids of claims that the notebook's table shows otherwise than the record has them."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    htmls = ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]
    (table,) = (BeautifulSoup(h, "html.parser") for h in htmls if 'class="syw-ledger"' in h)
    rows = {row.th.get_text(): row for row in table.select("tbody tr")}
    wrong = set(rows) ^ {claim["id"] for claim in record["claims"]}
    for claim in (claim for claim in record["claims"] if claim["id"] in rows):
        measured, verdict = (cell.get_text() for cell in rows[claim["id"]].find_all("td"))
        numbers = " | ".join(shown.measurement(entry, claim) for entry in claim["measured"]) or "–"
        right = BeautifulSoup(shown.inline(numbers), "html.parser").get_text()
        wrong |= {claim["id"]} if (measured, verdict) != (right, claim["verdict"]) else set()
    return wrong


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_every_verdict_follows_from_the_values_and_all_places_show_the_same(path, tmp_path):
    record, notebook, entries = chapter(path)
    assert differences(record, notebook, entries, tmp_path) == set()


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_no_interval_contradicts_its_verdict_or_leaves_what_is_possible(path):
    specs = read_specs(ROOT / "book" / "claims" / f"{path.stem}.yaml")
    for claim in json.loads(path.read_text("utf-8"))["claims"]:
        assert claim["verdict"] in VERDICTS
        low, high = ((-1) ** k * -math.inf if e is None else e for k, e in enumerate(claim["claimed"]))
        for entry in claim["measured"]:
            exact = claim["kind"] == "exact" or entry["verdict"] == "pending"
            assert (entry["low"] is None) == (exact or "share" in entry), claim["id"]
            if entry["low"] is None:
                continue
            least, most = specs[claim["id"]].rule.possible
            assert least <= entry["low"] < entry["high"], claim["id"]
            assert entry["high"] <= most, claim["id"]
            inside = low < entry["low"] and entry["high"] < high
            overlaps = entry["low"] < high and low < entry["high"]
            if entry["verdict"] == "refuted":
                assert not overlaps, claim["id"]
            elif claim["kind"] == "one_run":
                assert max(entry["low"], low) <= min(entry["high"], high), claim["id"]
            else:
                assert (entry["verdict"] == "consistent") == inside, claim["id"]


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_what_did_not_vary_has_no_interval_and_is_decided_by_its_value(path):
    """Equal values show no spread, whether nothing could vary or all runs were alike by chance."""
    specs = read_specs(ROOT / "book" / "claims" / f"{path.stem}.yaml")
    for claim in json.loads(path.read_text("utf-8"))["claims"]:
        rule = specs[claim["id"]].rule
        for entry in claim["measured"]:
            alike = len(set(entry["values"])) == 1 and rule.of == "mean" and not rule.images
            assert ("share" in entry) == (alike and claim["kind"] != "exact"), claim["id"]
            if "share" in entry and entry["verdict"] in ("consistent", "refuted"):
                inside = rule.low < entry["values"][0] < rule.high
                assert (entry["verdict"] == "consistent") == inside, claim["id"]
                assert 0.5 < entry["share"] == pytest.approx(0.05 ** (1 / entry["n"])), claim["id"]


def test_few_runs_are_few():
    """At most three claims rest on fewer than five runs of something random."""
    few = {
        claim["id"]
        for path in LEDGERS
        for claim in json.loads(path.read_text("utf-8"))["claims"]
        for entry in claim["measured"]
        if claim["kind"] != "exact" and entry["n"] < 5
    }
    assert len(few) <= 3, few


def printed(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_the_printed_ends_lie_where_the_true_ones_do(path):
    """A reader who judges by the printed interval comes to the printed verdict."""
    for claim in json.loads(path.read_text("utf-8"))["claims"]:
        times, _ = shown.scale(claim["unit"])
        for entry in (entry for entry in claim["measured"] if entry["low"] is not None):
            text = shown.measurement(entry, claim)
            found = re.search(r": (\S+) to (\S+) \(95 %\)", text)
            for end, told in zip(("low", "high"), found.groups(), strict=True):
                for claimed in (times * each for each in claim["claimed"] if each is not None):
                    true, seen = times * entry[end] - claimed, printed(told) - claimed
                    assert (seen > 0) == (true > 0) or abs(true) < 1e-9, text


@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_where_only_text_can_stand_there_are_no_marks(path):
    record = json.loads(path.read_text("utf-8"))
    table = repr(shown.Evidence(tuple(record["claims"]), "here"))
    labels = [BeautifulSoup(shown.drawing(c), "html.parser").svg for c in record["claims"]]
    for text in [table, *(svg["aria-label"] for svg in labels if svg)]:
        assert not set("`$\\{}") & set(text), text


# ---------------------------------------------------------------- can that fail?
def first(claims: list[dict]) -> dict:
    """The first claim that an interval decides."""
    return next(c for c in claims if any(entry["low"] is not None for entry in c["measured"]))


def moved(record, notebook, entries):
    """A value moved by three thousandths; mean and interval are left."""
    first(record["claims"])["measured"][0]["values"][0] += 0.003


def shifted(record, notebook, entries):
    """Values, mean and interval moved together: the record contradicts itself nowhere."""
    for entry in first(record["claims"])["measured"]:
        step = 0.003 * abs(entry["mean"]) + 1e-6
        entry["values"] = [value + step for value in entry["values"]]
        for key in ("mean", "low", "high"):
            entry[key] += step


def dropped(record, notebook, entries):
    """A seed left out, in the record and in the notebook."""
    for claim in (first(record["claims"]), first(told(notebook))):
        claim["measured"][0]["values"].pop()
        claim["measured"][0]["n"] -= 1


def widened(record, notebook, entries):
    """A margin of the claims file made wider after the run."""
    id = first(record["claims"])["id"]
    (entry,) = (entry for entry in entries if entry["id"] == id)
    name = next(name for name in ("tells_apart", "than", "by", "within", "high") if name in entry)
    entry[name] = 1.1 * entry[name] + 0.1


def rejudged(record, notebook, entries):
    """Another verdict, in the record and in the notebook."""
    for claim in (first(record["claims"]), first(told(notebook))):
        claim["verdict"] = "refuted" if claim["verdict"] != "refuted" else "consistent"


def retold(record, notebook, entries):
    """A value changed where the notebook shows it, and nowhere else."""
    first(told(notebook))["measured"][0]["values"][0] += 0.003


def left_out(record, notebook, entries):
    record["claims"].remove(first(record["claims"]))


EDITS = (moved, shifted, dropped, widened, rejudged, retold, left_out)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
@pytest.mark.parametrize("path", sample(LEDGERS, 4), ids=lambda path: path.stem)
def test_an_edit_is_found_whatever_is_sealed_again(path, edit, tmp_path):
    record, notebook, entries = copy.deepcopy(chapter(path))
    if not any(entry["low"] is not None for claim in record["claims"] for entry in claim["measured"]):
        pytest.skip("nothing in this chapter varied")
    id = first(record["claims"])["id"]
    edit(record, notebook, entries)
    assert id in differences(record, notebook, entries, tmp_path)


def test_a_number_changed_in_the_notebooks_table_is_found(tmp_path):
    record, notebook, entries = chapter(LEDGERS[0])
    claim = first(record["claims"])
    number = shown.measurement(claim["measured"][0], claim)
    edited = json.loads(
        json.dumps(notebook, ensure_ascii=False).replace(f"<td>{number}", f"<td>9{number}", 1)
    )
    assert differences(record, edited, entries, tmp_path) == {claim["id"]}


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("fraction right", (100.0, " % right")),
        ("points gained", (100.0, " points gained")),
        ("points, share of steps", (100.0, " points, share of steps")),
        ("pointsman", (1.0, " pointsman")),
        ("epochs", (1.0, " epochs")),
        ("", (1.0, "")),
    ],
)
def test_fractions_and_their_differences_are_shown_in_hundredths(unit, expected):
    assert shown.scale(unit) == expected


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [([None, 1e-10], "below 10⁻¹⁰ nats"), ([-2.5e-7, None], "above −2.5 × 10⁻⁷ nats"),
     ([1000, None], "above 1,000 nats"), ([0.1, 0.25], "0.1 to 0.25 nats")],
)  # fmt: skip
def test_what_is_claimed_is_written_as_a_reader_writes_it(claimed, expected):
    assert shown.region({"kind": "compare", "unit": "nats", "claimed": claimed}) == expected
    assert [shown.number(value) for value in (2005.5, 0.000123, 3e-17)] == ["2,006", "0.000123", "3 × 10⁻¹⁷"]


def test_who_said_a_claim_is_told_without_ids_and_quoted_numbers_are_no_code():
    also = ["HW3-3.4/A-slope", "HW4-1.4/E", "HW4-1.4/E-again"]
    said = shown.who({"task": "HW3-3.4", "reports": "B", "also": also})
    assert said == "HW3-3.4 · reports A and B; HW4-1.4 · report E"
    assert shown.who({"task": "A1-2", "reports": "", "also": []}) == "A1-2 · our own expectation"
    assert shown.inline("`98.0 %`, `8\u00a0%` of `fit`") == "98.0\u00a0%, 8\u00a0% of <code>fit</code>"
