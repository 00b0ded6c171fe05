"""Oracles: a made-up chapter whose values are known beforehand, files compared byte by byte, jsonschema."""

from __future__ import annotations

import copy
import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import make
import nbformat
import pytest
import syw_ledger
import verify_claims
import yaml
from bs4 import BeautifulSoup
from ledger_cases import CHAPTER, DEPENDS, EXACT, STOPS, UNTESTABLE
from nbformat.v4 import new_code_cell, new_notebook
from sampling import in_trial

from helpers.claims import agreement, append_rows, merged, read_rows, read_specs, stored_claim
from helpers.runtime import CourseError, _processor
from tools import merge_records, pending

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = json.loads((ROOT / "book" / "_static" / "ledger.schema.json").read_text("utf-8"))
LEDGERS = sorted((ROOT / "book" / "ledger").glob("*.json"))
HERE = [31, 35, 29, 33, 34]  # holds the 33 of the report; the kept ones below do not
CELLS = (
    "%load_ext helpers",
    "from helpers.claims import Ledger\nfrom helpers.measurements import Measurements\n"
    "from helpers.runtime import pick\nfrom types import SimpleNamespace\nimport os\n"
    "data = SimpleNamespace(name='toy', tier=os.environ.get('TOY_TIER', 'folder'), train=[0], valid=[0],"
    " test=[0], classes=(), describe=lambda: 'toy')\nmeasured = Measurements('01-trial')",
    "def stop(seed):\n    return [31, 35, 29, 33, 34][seed]\n"
    "stops = measured('stops', stop, seeds=range(pick(quick=2, full=5)))",
    "%%derivation no.such\nthis is not Python",
    f'ledger = Ledger("{CHAPTER}", data)\nledger.judge("A1-2d/C", stops)',
    'ledger.judge("A1-1a/book", 3)',
    'raise ValueError("a cell that no claim before it needs")',
)


@pytest.fixture
def course(tmp_path, monkeypatch) -> Path:
    """A course of one chapter, published with other values than those that its code gives."""
    monkeypatch.setenv("COURSE_DEVICE", "cpu")
    for name in ("claims", "ledger", "measured"):
        (tmp_path / "book" / name).mkdir(parents=True)
    entries = yaml.safe_dump([STOPS, DEPENDS, UNTESTABLE, EXACT], sort_keys=False, allow_unicode=True)
    (tmp_path / "book" / "claims" / f"{CHAPTER}.yaml").write_text(entries, encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    nbformat.write(notebook, tmp_path / "notebooks" / f"{CHAPTER}.ipynb")
    shutil.copytree(
        ROOT / "helpers", tmp_path / "helpers", ignore=shutil.ignore_patterns("__pycache__", "*.npz")
    )
    write(tmp_path, published(tmp_path))
    return tmp_path


def published(root: Path) -> dict:
    """A record by hand: the exact claim as published is right, and our code says otherwise."""
    specs = read_specs(root / "book" / "claims" / f"{CHAPTER}.yaml")
    values = {"A1-2d/C": [32.0, 34.0, 30.0, 33.0, 35.0], "A1-1a/book": [1.0]}
    claims = [
        stored_claim(specs[id], {"measured": [{"setting": "", "values": some}]}).to_json()
        for id, some in values.items()
    ]
    by = dict.fromkeys(("python", "torch", "sympy", "commit"), "1") | {
        "device": "cpu (another)",
        "profile": "full",
    }
    record = {"schema": 2, "chapter": CHAPTER, "profile": "full", "data": None, "provenance": by}
    return record | {"claims": claims, "errata": []}


def write(root: Path, record: dict) -> None:
    (root / "book" / "ledger" / f"{CHAPTER}.json").write_text(json.dumps(record), encoding="utf-8")


def verified(root: Path, *words: str) -> list[dict]:
    assert verify_claims.main([*words, "--root", str(root)]) == 0
    return read_rows(root / "book" / "verified.json")


def contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


# -- a run


def test_a_full_run_appends_a_row_and_changes_nothing_else(course, capsys):
    before = contents(course)
    (row,) = verified(course, "A1-2d/C", "--profile", "full")
    assert (row["id"], row["verdict"], row["agrees"]) == ("A1-2d/C", "consistent", True)
    assert row["measured"][0]["values"] == HERE
    assert _processor() in row["device"]
    assert "A1-2d/C: consistent, as published" in capsys.readouterr().out
    jsonschema.validate(read(course), SCHEMA)
    rows = verified(course, "A1-2d/C", "A1-1a/book", "--profile", "full")
    assert rows[0] == row
    assert [(r["id"], r["verdict"], r["agrees"]) for r in rows[1:]] == [
        ("A1-2d/C", "consistent", True), ("A1-1a/book", "refuted", False)
    ]  # fmt: skip
    after = contents(course)
    del after[course / "book" / "verified.json"]
    assert after == before


def read(root: Path) -> dict:
    return json.loads((root / "book" / "verified.json").read_text("utf-8"))


def test_what_the_book_keeps_is_not_read(course):
    (course / "book" / "measured" / f"{CHAPTER}.json").write_text("no JSON: whoever reads this fails")
    (row,) = verified(course, "A1-2d/C", "--profile", "full")
    assert row["measured"][0]["values"] == HERE


def test_a_quick_run_says_so_and_does_not_count(course, capsys):
    rows = verified(course, "A1-2d/C", "A1-1a/book", "--profile", "quick")
    assert [(r["profile"], r["verdict"], r["agrees"]) for r in rows] == [
        ("quick", "pending", None), ("quick", "refuted", False)
    ]  # fmt: skip
    assert "A1-2d/C: quick profile: pending, not to be compared" in capsys.readouterr().out


def test_the_embedded_digits_do_not_count_either(course, monkeypatch):
    monkeypatch.setenv("TOY_TIER", "embedded")
    (row,) = verified(course, "A1-2d/C", "--profile", "full")
    assert (row["tier"], row["verdict"], row["agrees"]) == ("embedded", "consistent", None)


# -- what is kept


@pytest.fixture
def kept(course, tmp_path) -> Path:
    """The course as its publisher's full run leaves it: measurements kept, and the record that follows."""
    folder = tmp_path / "run"
    script = verify_claims.scratch(course, folder, CHAPTER, ["A1-2d/C"])
    ours = verify_claims.surroundings(course, folder, "full") | {"COURSE_PUBLISH": "1"}
    subprocess.run([sys.executable, script.name], cwd=script.parent, env=ours, check=True)
    shutil.copytree(folder / "book" / "measured", course / "book" / "measured", dirs_exist_ok=True)
    shutil.rmtree(folder)
    write_values(course, HERE)
    return course


def write_values(root: Path, values: list[float]) -> None:
    """The record of `values` in place of the measured ones, with mean, interval and verdict that follow."""
    record = published(root)
    spec = read_specs(root / "book" / "claims" / f"{CHAPTER}.yaml")["A1-2d/C"]
    record["claims"][0] = stored_claim(spec, {"measured": [{"setting": "", "values": values}]}).to_json()
    write(root, record)


def test_a_record_that_follows_from_what_is_kept_passes_and_nothing_changes(kept, capsys):
    before = contents(kept)
    assert verify_claims.main(["A1-2d/C", "--kept", "--root", str(kept)]) == 0
    assert f"{CHAPTER}: 1 of 1 claims follow from what is kept" in capsys.readouterr().out
    assert contents(kept) == before


@pytest.mark.parametrize(
    "values",
    [[value + 0.003 for value in HERE], [HERE[0] + 0.3, *HERE[1:]], HERE[:4], HERE[::-1]],
    ids=["shifted", "one moved", "a seed dropped", "another order"],
)
def test_a_record_that_is_changed_in_all_places_alike_is_found_by_what_is_kept(kept, values, capsys):
    write_values(kept, values)
    assert verify_claims.main(["A1-2d/C", "--kept", "--root", str(kept)]) == 1
    assert "A1-2d/C: the record does not" in capsys.readouterr().out


def test_what_is_not_kept_is_not_measured(kept, capfd):
    shutil.rmtree(kept / "book" / "measured")
    (kept / "book" / "measured").mkdir()
    assert verify_claims.main(["A1-2d/C", "--kept", "--root", str(kept)]) == 1
    assert "keeps no measurement 'stops'" in capfd.readouterr().err


@pytest.mark.skipif(not (in_trial() and os.environ.get("COURSE_DATA")), reason="make trial, on full data")
@pytest.mark.parametrize("path", LEDGERS, ids=lambda path: path.stem)
def test_the_books_records_follow_from_what_it_keeps(path):
    ids = verify_claims.asked_for(ROOT, [])[path.stem]
    assert verify_claims.compare(ROOT, path.stem, ids) == []


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        ({"a": [1.0, "x", None]}, {"a": [1.0 + 1e-12, "x", None]}, True),
        ({"a": 0.5}, {"a": 0.503}, False),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([1.0, 2.0], [1.0], False),
        (None, 1.0, False),
        ("refuted", "consistent", False),
        (1e-17, 3e-16, True),
    ],
)
def test_numbers_are_compared_to_rounding_and_all_else_exactly(one, other, equal):
    assert verify_claims.same(one, other) is equal


@pytest.mark.parametrize(
    ("id", "complaint"), [("A1-9/Z", "A1-9/Z is no claim"), ("HW4-5.2/E", "HW4-5.2/E is no claim")]
)
def test_an_unknown_id_and_an_untestable_claim_are_refused(course, capsys, id, complaint):
    with pytest.raises(SystemExit):
        verify_claims.main([id, "--root", str(course)])
    assert complaint in capsys.readouterr().err


def test_code_that_fails_appends_nothing(course, capfd):
    assert verify_claims.main(["--root", str(course)]) == 1  # A1-2e/CD stands in no cell: all are run
    said = capfd.readouterr().err
    assert "ValueError: a cell that no claim" in said
    assert f"{CHAPTER} ended with status 1" in said
    assert not (course / "book" / "verified.json").exists()


def test_the_command_passes_the_ids_on(monkeypatch):
    called = []
    monkeypatch.setattr(make, "install_all", lambda: None)
    monkeypatch.setattr(make, "doctor_for", lambda purpose: None)
    monkeypatch.setattr(make, "tool", lambda *words: called.append(words))
    monkeypatch.setenv("ID", "A1-2d/C A1-2d/D")
    assert make.main(["verify-claims"]) == 0
    monkeypatch.setenv("KEPT", "1")
    assert make.main(["verify-claims"]) == 0
    ids = ("verify_claims.py", "A1-2d/C", "A1-2d/D")
    assert called == [ids, (*ids, "--kept")]


# -- rows


@pytest.fixture
def row(course) -> dict:
    return {
        "id": "A1-2d/C", "chapter": CHAPTER, "date": "2026-01-31", "device": "cuda (a card)", "python": "3",
        "torch": "2", "sympy": "1", "commit": "abc", "profile": "full", "tier": "folder",
        "fixed": published(course)["claims"][0]["fixed"], "verdict": "consistent", "published": "consistent",
        "agrees": True, "proof": "", "measured": [],
    }  # fmt: skip


def test_machines_are_counted_once_each_by_their_last_row(course, row):
    claim = published(course)["claims"][0]
    other = {**row, "device": "mps (a laptop)", "verdict": "refuted", "agrees": False}
    assert agreement(claim, "cpu", []) is None
    assert agreement(claim, "cpu", [row, row]) == (2, 2)
    assert agreement(claim, "cpu", [row, other]) == (2, 3)
    assert agreement(claim, "cpu", [other, {**other, "verdict": "consistent"}]) == (2, 2)
    assert agreement(claim, "cpu", [{**other, "device": "cpu"}]) == (0, 1)
    threads = [{**row, "device": name} for name in ("AMD", "cpu (AMD, 1 thread)", "cpu (AMD, 16 threads)")]
    assert agreement(claim, "cpu (AMD, 2 threads)", threads) == (1, 1)


@pytest.mark.parametrize(
    "fault",
    [{"profile": "quick"}, {"tier": "embedded"}, {"fixed": "0" * 16}, {"verdict": "pending"}, {"id": "x"}],
)
def test_a_row_that_cannot_be_compared_counts_for_nothing(course, row, fault):
    assert agreement(published(course)["claims"][0], "cpu", [{**row, **fault}]) is None


def test_the_page_shows_machines_where_there_are_rows(course, row):
    record = published(course)
    page = BeautifulSoup("\n".join(syw_ledger.claims_page([record], {}, [row])), "html.parser")
    assert [note.get_text() for note in page.select(".syw-machines")] == ["2 of 2 machines"]
    assert "2 of 2" in page.select_one('tr[data-claim="A1-2d/C"]').get_text()
    assert "syw-machines" not in "\n".join(syw_ledger.claims_page([record], {}))


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 2, "rows": []}', '{"schema": 1, "rows": [{}]}'])
def test_a_damaged_file_is_named_and_left_alone(tmp_path, row, text):
    path = tmp_path / "verified.json"
    path.write_text(text)
    with pytest.raises(CourseError, match=r"verified\.json is damaged"):
        append_rows(path, [row])
    assert path.read_text() == text


def wrong_rows(rows: list[dict], folder: Path) -> list[str]:
    """The ids of rows under the present margins whose values do not give the verdict that they state."""
    specs = {id: spec for path in folder.glob("*.yaml") for id, spec in read_specs(path).items()}
    same = [r for r in rows if r["id"] in specs and specs[r["id"]].fixed == r["fixed"]]
    return [r["id"] for r in same if stored_claim(specs[r["id"]], r).verdict() != r["verdict"]]


def test_the_verdicts_of_stored_rows_follow_from_their_values(course, row):
    rows = read_rows(ROOT / "book" / "verified.json")
    assert wrong_rows(rows, ROOT / "book" / "claims") == []
    moved = {**row, "measured": [{"setting": "", "values": [60, 61, 62, 60, 61]}]}
    assert wrong_rows([moved], course / "book" / "claims") == ["A1-2d/C"]


# -- the schema


@pytest.mark.parametrize("path", [*LEDGERS, ROOT / "book" / "verified.json"], ids=lambda path: path.stem)
def test_every_record_follows_the_schema(path):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(path.read_text("utf-8")), SCHEMA)


FAULTS = {
    "a key less": lambda record, row: record["claims"][0].pop("fixed"),
    "a key more": lambda record, row: record["claims"][0].update(note="x"),
    "a wrong kind": lambda record, row: record["claims"][0].update(kind="roughly"),
    "a wrong verdict": lambda record, row: record["claims"][0].update(verdict="true"),
    "a number as text": lambda record, row: record["claims"][0]["measured"][0].update(mean="0.5"),
    "a share above all": lambda record, row: record["claims"][0]["measured"][0].update(share=1.5),
    "no provenance": lambda record, row: record.pop("provenance"),
    "a row without device": lambda record, row: row.pop("device"),
    "a row with a wrong date": lambda record, row: row.update(date="yesterday"),
    "a row that agrees in words": lambda record, row: row.update(agrees="yes"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_schema_rejects(course, row, fault):
    record = published(course)
    jsonschema.validate(record, SCHEMA)
    jsonschema.validate({"schema": 1, "rows": [row]}, SCHEMA)
    FAULTS[fault](record, row)
    right = 0
    for each in (record, {"schema": 1, "rows": [row]}):
        right += jsonschema.Draft202012Validator(SCHEMA).is_valid(each)
    assert right == 1


# -- a release


def test_a_pending_claim_is_not_published(course, monkeypatch, capsys):
    record = published(course)
    monkeypatch.setattr(pending, "pending", functools.partial(pending.pending, course / "book" / "ledger"))
    assert pending.main() == 0
    record["claims"][1]["verdict"] = "pending"
    write(course, record)
    assert pending.main() == 1
    assert "A1-1a/book" in capsys.readouterr().out
    workflow = (ROOT / ".github" / "workflows" / "site.yml").read_text("utf-8")
    assert workflow.index("tools/pending.py") < workflow.index("make.py book")


# -- two records of one chapter


def test_records_merge_claim_by_claim(course):
    base = published(course)
    ours, theirs = copy.deepcopy(base), copy.deepcopy(base)
    ours["claims"][0]["said"] = "ours"
    theirs["claims"][1]["said"] = "theirs"
    theirs["claims"].append({**theirs["claims"][1], "id": "A1-1b/book"})
    theirs["provenance"]["device"] = "cuda (a card)"
    whole = merged(base, ours, theirs)
    assert [claim["said"] for claim in whole["claims"]] == ["ours", "theirs", "theirs"]
    (apart,) = whole["apart"]
    assert (apart["ids"], apart["provenance"]["device"]) == (["A1-1a/book", "A1-1b/book"], "cuda (a card)")
    assert [syw_ledger.device_of(whole, claim["id"]) for claim in whole["claims"]] == [
        "cpu (another)", "cuda (a card)", "cuda (a card)"
    ]  # fmt: skip
    jsonschema.validate(whole, SCHEMA)
    del theirs["claims"][0]
    with pytest.raises(CourseError, match="A1-2d/C was changed on both sides"):
        merged(base, ours, theirs)
    assert [claim["id"] for claim in merged(base, base, theirs)["claims"]] == ["A1-1a/book", "A1-1b/book"]
    with pytest.raises(CourseError, match="two chapters"):
        merged(base, ours, {**theirs, "chapter": "02-other"})


def test_the_merge_command_replaces_ours_or_nothing(course, tmp_path, capsys):
    base = published(course)
    theirs = {**base, "claims": base["claims"][:1]}
    files = [tmp_path / name for name in ("base.json", "ours.json", "theirs.json")]
    for path, record in zip(files, (base, base, theirs), strict=True):
        path.write_text(json.dumps(record), encoding="utf-8")
    assert merge_records.main([*map(str, files)]) == 0
    assert json.loads(files[1].read_text("utf-8")) == theirs
    changed = {**base, "claims": [{**base["claims"][0], "said": "x"}]}
    files[1].write_text(json.dumps(changed), encoding="utf-8")
    files[0].write_text("", encoding="utf-8")
    assert merge_records.main([*map(str, files)]) == 1
    assert "A1-2d/C was changed on both sides" in capsys.readouterr().err
    assert json.loads(files[1].read_text("utf-8")) == changed
