"""Oracle: notebooks made by hand, with what the site must make of them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import syw_notebooks
import syw_pages

from helpers.cells import MIME as DERIVATION_MIME
from helpers.claims import CLAIM_MIME


def cell(kind: str, text: str, *tags: str, html: str = "") -> dict:
    made = {"cell_type": kind, "metadata": {"tags": list(tags)}, "source": text}
    return {**made, "outputs": [{"data": {"text/html": html}}]} if kind == "code" else made


def test_badges_are_counted_in_stored_outputs_only():
    badge = '<span class="syw-badge syw-proved">proved</span>'
    notebook = {"cells": [cell("code", "d", html=badge * 3), cell("markdown", badge),
                          cell("code", "r", html=badge.replace("proved", "refuted"))]}  # fmt: skip
    counts = syw_notebooks.verdicts(notebook)
    assert counts == {"proved": 3, "refuted": 1}
    assert syw_notebooks.in_words(counts) == "3 steps proved · 1 reported line refuted"


def test_refuted_lines_are_counted_in_the_ledger_where_there_is_one():
    badge = '<span class="syw-badge syw-refuted">refuted</span>'
    notebook = {"cells": [cell("code", "x", html=badge.replace("refuted", "proved") + badge)]}
    assert syw_pages.counted(notebook, None) == {"proved": 1, "refuted": 1}
    assert syw_pages.counted(notebook, {"errata": [{}, {}, {}]}) == {"proved": 1, "refuted": 3}


def test_title_and_summary_come_from_the_first_cell():
    notebook = {"cells": [cell("markdown", "# A title\n\n**One\nsentence.**\n\nMore.")]}
    assert syw_notebooks.title(notebook) == "A title"
    assert syw_notebooks.summary(notebook) == "**One sentence.**"
    with pytest.raises(ValueError, match="begins with a heading"):
        syw_notebooks.title({"cells": [cell("markdown", "no heading")]})


def test_each_run_of_solution_cells_is_folded_once_and_nothing_else_changes():
    cells = [cell("markdown", "ask"), cell("markdown", "why", "solution"), cell("code", "x", "solution"),
             cell("markdown", "next"), cell("code", "y", "solution")]  # fmt: skip
    notebook = {"cells": cells, "metadata": {}}
    before = copy.deepcopy(notebook)
    folded = syw_notebooks.wrap_solutions(notebook)["cells"]
    shape = [
        "open" if "<details" in c["source"] else "close" if "</details" in c["source"] else "" for c in folded
    ]
    assert shape == ["", "open", "", "", "close", "", "open", "", "close"]
    assert [c for c in folded if "details" not in c["source"]] == cells
    assert notebook == before
    assert len({c["id"] for c in folded if "id" in c}) == 4


def test_the_cell_that_asks_the_checker_is_folded_with_the_answer_and_no_other_exercise():
    asks = 'feedback(answer, "a.b")'
    cells = [cell("code", "answer = 1", "solution"), cell("code", asks, "exercise"),
             cell("code", "answer = 2", "solution"), cell("code", "assert answer == 2", "exercise"),
             cell("code", asks, "exercise")]  # fmt: skip
    folded = syw_notebooks.wrap_solutions({"cells": cells})["cells"]
    shape = [
        "open" if "<details" in c["source"] else "close" if "</details" in c["source"] else c["source"]
        for c in folded
    ]
    assert shape == ["open", "answer = 1", asks, "answer = 2", "close", "assert answer == 2", asks]


def test_the_code_that_judges_claims_is_folded_and_nothing_else_changes():
    judged = cell("code", 'ledger.judge("A/C", 1)', "continues", html="<p>consistent</p>")
    judged["outputs"][0]["data"][CLAIM_MIME] = {"id": "A/C"}
    cells = [cell("markdown", 'ledger.judge("A/C")'), cell("code", "x = 1", html="<p>1</p>"), judged]
    before = copy.deepcopy(cells)
    told = syw_notebooks.tell_claims({"cells": cells})["cells"]
    assert told[:2] == cells[:2]
    assert told[2]["metadata"]["tags"] == ["continues", "hide-input"]
    assert told[2]["outputs"] == [{"data": {"text/html": "<p>consistent</p>"}}]
    assert cells == before


def test_of_a_written_derivation_the_box_is_seen_and_not_its_text_beside_it():
    written = cell("code", "%%derivation a.b\nu &= u", html="<p>proved</p>")
    recalled = cell("code", 'recall("a.b")', html="<p>proved</p>")
    for known in (written, recalled):
        known["outputs"][0]["data"][DERIVATION_MIME] = {"name": "a.b"}
    cells = [cell("code", "%%derivation a.b", html="<p>no box</p>"), written, recalled]
    before = copy.deepcopy(cells)
    shown = syw_notebooks.show_derivations({"cells": cells})["cells"]
    assert shown[0] == cells[0]
    assert [c["metadata"]["tags"] for c in shown[1:]] == [["remove-input"], []]
    assert [c["outputs"] for c in shown[1:]] == 2 * [[{"data": {"text/html": "<p>proved</p>"}}]]
    assert cells == before


@pytest.mark.parametrize("tag", ["hide-cell", "hide-output"])
def test_a_lemma_in_a_fold_says_what_it_is(tag):
    box = '<b class="syw-number">Lemma 4.2</b> <strong title="a.b">The slope of it</strong>'
    lemma = cell("code", "%%derivation a.b\nu &= u", tag, html=box)
    lemma["outputs"][0]["data"][DERIVATION_MIME] = {"name": "a.b"}
    shown = syw_notebooks.show_derivations({"cells": [lemma]})["cells"][0]["metadata"]
    prompts = shown["mystnb"]
    assert set(prompts.values()) == {"Lemma 4.2: The slope of it"}
    assert shown["tags"] == [tag, "remove-input"]


def test_each_exercise_with_a_known_id_gets_a_field_to_try_it_above_its_solution():
    cells = [cell("markdown", "ask"), cell("code", "answer = 1", "solution"),
             cell("code", 'feedback(answer, "logistic.gradient")', "exercise"),
             cell("code", "answer = 2", "solution"),
             cell("code", "assert answer == 2", "exercise")]  # fmt: skip
    offered = syw_notebooks.offer_checkers({"cells": cells})["cells"]
    new = [c["source"] for c in offered if c not in cells]
    assert new == ["```{try-step} logistic.gradient\n:asked:\n```"]
    assert offered.index(cells[1]) == 2


def test_a_tag_puts_a_field_before_the_books_own_derivation() -> None:
    shown = {
        "cell_type": "code",
        "id": "a",
        "metadata": {"tags": ["derive-it:softmax.jacobian"]},
        "source": "",
    }
    cells = syw_notebooks.offer_derivations({"cells": [shown]})["cells"]
    assert [cell["source"] for cell in cells] == ["```{derive-it} softmax.jacobian\n```", ""]
    assert syw_notebooks.offer_derivations({"cells": cells[:1]})["cells"] == cells[:1]


def test_a_derivation_that_was_not_run_is_said_with_what_to_do(tmp_path: Path) -> None:
    cell = {"cell_type": "code", "metadata": {}, "source": "%%derivation a.b\nx = x", "outputs": []}
    title = {"cell_type": "markdown", "metadata": {}, "source": "# One"}
    (tmp_path / "notebooks").mkdir()
    notebook = {"cells": [title, cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "notebooks" / "01-one.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    app = SimpleNamespace(srcdir=tmp_path)
    env = SimpleNamespace(srcdir=tmp_path, app=app, note_dependency=lambda _: None)
    with pytest.raises(ValueError, match=r"a\.b has no output in 01-one: run `make run NB=01`"):
        syw_pages.Derivations.run(SimpleNamespace(env=env, error=ValueError))
