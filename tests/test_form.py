"""Oracles: a chapter that has the form, copies that each break one rule, a page whose lengths are known."""

from __future__ import annotations

import form
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from run_notebooks import FOLDER

from helpers.places import chapters

PICTURE = '<figure class="syw-numbered" style="height:300px;margin:0"><b>Figure 1.1.</b></figure>'


def code(source: str, *tags: str, text: str = ""):
    outputs = [new_output("display_data", data={"text/plain": text})] if text else []
    hidden = {"jupyter": {"source_hidden": True}} if "hide-input" in tags else {}
    return new_code_cell(source, metadata={"tags": list(tags), **hidden}, outputs=outputs)


def good():
    drawing = """fig, ax = figure()
ax.plot(loss)
show(fig, alt=f"The loss falls to {loss[-1]:.2f} nats", holds={"it falls": loss[-1] < loss[0]})"""
    cells = [
        new_markdown_cell("# A chapter\n\n**Answer.**"),
        code("from helpers.plots import figure, show", "hide-input"),
        new_markdown_cell("## The task\n\nTrain for `50` epochs at the rate `0.05`."),
        new_markdown_cell(
            "## Measure\n\nIt ends at <!--number:end-->0.31<!--/number--> nats, as $0.5$ is not."
        ),
        code("loss = train()"),
        code(drawing, "hide-input"),
        code('ledger.erratum("A1-1a/C")', text="A1-1a/C: refuted, correction proved"),
        code("ledger.verdicts()", text="A1-1a/C  refuted, correction proved"),
        new_markdown_cell("## Your turn\n\nDifferentiate it."),
        new_markdown_cell("The answer is: the chain rule.", metadata={"tags": ["solution"]}),
        code('answer = "(yhat - y) * x[j]"', "solution"),
        code("feedback(answer, 'logistic.gradient')", "exercise"),
    ]
    return new_notebook(cells=cells)


def faults(nb) -> list[str]:
    return [sentence for rule in form.RULES for sentence in rule(nb)]


def test_a_chapter_with_this_form_has_no_fault():
    assert faults(good()) == []


def plotting_unfolded(nb):
    nb.cells[5].metadata = {"tags": []}


def imports_unfolded(nb):
    nb.cells[1].metadata = {"tags": []}


def folded_on_the_site_only(nb):
    del nb.cells[5].metadata["jupyter"]


def a_long_cell(nb):
    nb.cells[4].source = "\n".join(f"a{k} = {k}" for k in range(21))


def a_number_in_backticks(nb):
    nb.cells[3].source += " The accuracy is `0.914`."


def an_epoch_typed(nb):
    nb.cells[3].source += " It stopped at epoch 93."


def a_percentage_typed(nb):
    nb.cells[3].source += " That is `81 %` of them."


def a_solution_in_prose(nb):
    nb.cells[8].source += " The answer is simple."


def the_typed_answer_in_prose(nb):
    nb.cells[8].source += " You should get `(yhat-y)*x[j]`."


def an_alt_with_a_typed_number(nb):
    nb.cells[5].source = nb.cells[5].source.replace("{loss[-1]:.2f}", "0.31")


def an_alt_that_nothing_checks(nb):
    nb.cells[5].source = nb.cells[5].source.split(", holds")[0] + ")"


def an_erratum_announced_and_not_shown(nb):
    nb.cells[6].outputs = []


BROKEN = {
    plotting_unfolded: "draws and is not tagged", imports_unfolded: "only imports and is not tagged",
    folded_on_the_site_only: "with --fold", a_long_cell: "has 21 lines", a_number_in_backticks: "`0.914`",
    an_epoch_typed: "epoch 93", a_percentage_typed: "`81 %`", a_solution_in_prose: "The answer is"[4:],
    the_typed_answer_in_prose: "shows the answer", an_alt_with_a_typed_number: "a text types 0.31",
    an_alt_that_nothing_checks: "a text says 'falls' and no holds=",
    an_erratum_announced_and_not_shown: "A1-1a/C is announced and not shown",
}  # fmt: skip


@pytest.mark.parametrize("spoil", BROKEN, ids=lambda f: f.__name__)
def test_each_fault_is_named_once(spoil):
    nb = good()
    spoil(nb)
    (sentence,) = faults(nb)
    assert BROKEN[spoil] in sentence


def test_folding_marks_what_the_site_folds_and_nothing_else():
    nb = good()
    folded_on_the_site_only(nb)
    nb.cells[4].metadata["jupyter"] = {"source_hidden": True}
    assert form.fold(nb) == 2
    assert faults(nb) == []
    assert "source_hidden" in nb.cells[5].metadata["jupyter"]
    assert not nb.cells[4].metadata["jupyter"]["source_hidden"]
    assert form.fold(nb) == 0


# -- the page


def page_of(chromium, tmp_path, body: str) -> dict:
    path = tmp_path / "page.html"
    path.write_text(f"<!doctype html><meta charset=utf-8><body style='margin:0'><article>{body}</article>")
    tab = chromium.new_page()
    try:
        return form.measure(tab, path.as_uri())
    finally:
        tab.close()


def gap(px: int, inside: str = "") -> str:
    return f'<div style="height:{px}px">{inside}</div>'


def test_a_page_is_measured_in_screens_and_words(chromium, tmp_path):
    fold = "<details open><summary>more</summary><p>two words</p><pre>not counted</pre></details>"
    body = gap(900, "one two three four five six") + PICTURE + gap(1500) + PICTURE + gap(600, fold)
    page = page_of(chromium, tmp_path, body)
    assert page["height"] == 3600
    assert form.stretches(page) == pytest.approx([1.0, 1500 / 900, 600 / 900])
    assert (page["words"], page["folded"]) == (9 + 1, 2)  # "Figure" twice
    assert form.too_long(page) == []
    assert form.summary(page).startswith("4.0 screens of 16; 2 figures, screens without one: 1.0, 1.7, 0.7; ")


@pytest.mark.parametrize(("body", "fault"), [
    (gap(900) + (PICTURE + gap(2400)) * 6, "has 19.0 screens"),
    (gap(1900) + PICTURE, "first figure comes after 2.1 screens"),
    (gap(900) + PICTURE + gap(2800), "3.1 screens on end have no figure"),
    (gap(900, "three words here") + PICTURE + "<details><p>four words are folded now</p></details>",
     "of the words are folded"),
    (gap(900, "many words in the open") + PICTURE + '<details><b class="syw-number">Result 1.2</b></details>',
     "Result 1.2 stands in a fold only"),
])  # fmt: skip
def test_each_fault_of_a_page_is_named(chromium, tmp_path, body, fault):
    (sentence,) = form.too_long(page_of(chromium, tmp_path, body))
    assert fault in sentence


# -- the chapters that have this form


@pytest.mark.parametrize("path", chapters(FOLDER), ids=lambda path: path.stem)
def test_every_chapter_has_this_form(path):
    """Its page is measured in tests/test_accessible.py, where a browser has it open."""
    assert faults(nbformat.read(path, as_version=4)) == []
