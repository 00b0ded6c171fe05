"""Oracle: two claims made by hand; what a reader sees of them in the browser after each choice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import syw_ledger
from test_pages import CLAIM, LEDGER

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def table(chromium):
    """The page of two claims of reports, with the site's own script."""
    other = {**CLAIM, "id": "A1-1b/D", "also": [], "task": "A1-1b", "reports": "D", "verdict": "consistent"}
    page = "\n".join(syw_ledger.claims_page([{**LEDGER, "claims": [CLAIM, other]}], {}))
    html = re.sub(r"```.*", "", page)
    script = (ROOT / "book" / "_static" / "showwork.js").read_text(encoding="utf-8")
    tab = chromium.new_page()
    tab.set_content(f"<!doctype html><body>{html}<script>{script}</script></body>")
    yield tab
    tab.close()


def shown_rows(tab) -> list[str]:
    rows = tab.locator("tbody tr")
    return [row.get_attribute("data-claim") for row in rows.all() if row.is_visible()]


def test_the_table_is_sorted_by_a_column_up_and_down(table):
    assert shown_rows(table) == ["A1-2d/CD", "A1-1b/D"]
    table.get_by_role("button", name="Task").click()
    assert shown_rows(table) == ["A1-1b/D", "A1-2d/CD"]
    assert table.locator("th[aria-sort=ascending]").inner_text() == "Task"
    table.get_by_role("button", name="Task").click()
    assert shown_rows(table) == ["A1-2d/CD", "A1-1b/D"]


def test_the_table_is_filtered_by_report_task_and_verdict(table):
    table.get_by_label("report").select_option("C")
    assert shown_rows(table) == ["A1-2d/CD"]
    assert table.locator("output").inner_text() == "1 of 2 claims"
    table.get_by_label("report").select_option("D")
    assert len(shown_rows(table)) == 2
    table.get_by_label("verdict").select_option("consistent")
    assert shown_rows(table) == ["A1-1b/D"]
    table.get_by_label("task").select_option("A1-2d")
    assert shown_rows(table) == []
