"""Oracles: chapters made by hand, and a small site built with the book's extension."""

from __future__ import annotations

import syw_links
from docutils import nodes
from docutils.core import publish_doctree
from syw_links import Target

from helpers import live
from helpers.plots import SHOWN

BOX = '<div class="syw-derivation"><div class="syw-summary"><strong title="{0}">{1}</strong></div></div>'
SVG = '<svg role="img" aria-label="a curve"><path style="stroke: #3f7fc4"/></svg>'


def output(html: str = "", **more) -> dict:
    metadata = {SHOWN: more.pop("shown")} if "shown" in more else {}
    return {
        "output_type": "display_data",
        "data": {**({"text/html": html} if html else {}), **more},
        "metadata": metadata,
    }


def code(*outputs: dict, tags: tuple[str, ...] = ()) -> dict:
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": "", "outputs": list(outputs)}


def text(source: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def chapter() -> dict:
    named = {"kind": "figure", "name": "gap", "caption": "A gap & more"}
    fall = BOX.format("l2.norm", "The norm&#x27;s fall")
    table = {"kind": "table", "name": "rates", "caption": "Rates"}
    return {"cells": [
        text("# Penalties\n\nMore."),
        code(output(BOX.format("l2.gradient", "The gradient")), output(fall)),
        code(output(**{"image/svg+xml": SVG, "text/plain": "a curve"})),
        code(output(**{"image/svg+xml": SVG, "text/plain": "a curve", "shown": named})),
        code(output(BOX.format("l2.gradient", "The gradient"))),
        code(output("<table><caption>Rates</caption></table>", shown=table)),
        code(output(**{"image/svg+xml": SVG}), tags=("remove-cell",)),
    ]}  # fmt: skip


def shown(cell: dict) -> str:
    return "".join(o["data"]["text/html"] for o in cell["outputs"])


def test_everything_gets_its_number_in_the_order_of_the_page():
    made, targets = syw_links.number("03-penalties", chapter())
    cells = made["cells"]
    assert cells[0]["source"].startswith("# 3. Penalties")
    assert 'id="l2.gradient"' in shown(cells[1])
    assert '<b class="syw-number">Result 3.1</b> <strong title="l2.gradient">' in shown(cells[1])
    assert "Result 3.2</b>" in shown(cells[1])
    assert "<b>Figure 3.1.</b>" in shown(cells[2])
    assert '<figure id="gap"' in shown(cells[3])
    assert "<b>Figure 3.2.</b> A gap &amp; more</figcaption>" in shown(cells[3])
    assert "var(--syw-blue)" in shown(cells[3])
    assert "Result 3.1</b>" in shown(cells[4])  # shown again: the same number and no second anchor
    assert "id=" not in shown(cells[4])
    assert '<table id="rates"><caption><b>Table 3.1.</b> Rates' in shown(cells[5])
    assert "text/html" not in cells[6]["outputs"][0]["data"]
    assert targets == {
        "l2.gradient": Target("Result 3.1", "notebooks/03-penalties", "The gradient"),
        "l2.norm": Target("Result 3.2", "notebooks/03-penalties", "The norm's fall"),
        "gap": Target("Figure 3.2", "notebooks/03-penalties", "A gap & more"),
        "rates": Target("Table 3.1", "notebooks/03-penalties", "Rates"),
    }


def test_a_derivation_in_a_fold_is_a_lemma_with_numbers_of_its_own():
    cells = [text("# Penalties"), code(output(BOX.format("l2.end", "An end")), tags=("hide-cell",)),
             code(output(BOX.format("l2.gradient", "The gradient")), tags=("hide-input",))]  # fmt: skip
    made, targets = syw_links.number("03-penalties", {"cells": cells})
    assert [targets[id].number for id in ("l2.end", "l2.gradient")] == ["Lemma 3.1", "Result 3.1"]
    assert "Lemma 3.1</b>" in shown(made["cells"][1])


def test_a_figure_that_moves_keeps_its_picture_and_its_spec_but_no_script():
    data = {
        "image/svg+xml": SVG,
        "text/plain": "a curve",
        live.MIME: {"controls": [], "readout": "</script>"},
    }
    made, _ = syw_links.number("03-penalties", {"cells": [text("# P"), code(output(**data))]})
    html = shown(made["cells"][1])
    assert html.count("<script") == html.count("</script>") == 1
    assert 'type="application/json"' in html
    assert "var(--syw-blue)" in html
    assert "<b>Figure 3.1.</b>" in html


def test_links_are_numbered_and_say_what_they_lead_to():
    _, here = syw_links.number("03-penalties", chapter())
    book = {"softmax.gradient": Target("Result 2.4", "notebooks/02-softmax", 'The "gradient"')} | here
    doc = "notebooks/03-penalties"
    made = syw_links.link(
        "By [Result](#l2.norm) and [this](02-softmax.ipynb#softmax.gradient).", here, book, doc
    )
    assert made == (
        'By <a class="syw-ref" href="#l2.norm" title="The norm\'s fall">Result 3.2</a> and '
        '<a class="syw-ref" href="02-softmax.html#softmax.gradient" '
        'title="The &quot;gradient&quot;">this</a>.'
    ).replace("norm's", "norm&#x27;s")
    code_only = "`[Result](#l2.norm)` and [a heading](#the-task)"
    assert syw_links.link(code_only, here, book, doc) == code_only


def test_a_link_to_nothing_is_a_warning_which_stops_the_build(monkeypatch):
    said = []
    monkeypatch.setattr(syw_links.LOGGER, "warning", lambda message, **_: said.append(message))
    assert syw_links.link("[Figure](#nowhere)", {}, {}, "notebooks/03-penalties") == "[Figure](#nowhere)"
    assert said == ["Figure 'nowhere' is named, but nothing has this name."]


class Env:
    found_docs = ("notebooks/01-one", "notebooks/03-three", "notebooks/04-four", "book/glossary")
    titles = {doc: nodes.title("", doc) for doc in found_docs}  # noqa: RUF012


class App:
    env = Env()

    class builder:
        @staticmethod
        def get_relative_uri(here: str, there: str) -> str:
            return f"{there}.html"


def links(source: str, doc: str = "notebooks/03-three") -> list[tuple[str, str]]:
    tree = publish_doctree(source)
    syw_links.link_chapters(App, tree, doc)
    terms = {"batch": ("term-batch", "some samples"), "batch normalisation": ("term-bn", "a layer")}
    syw_links.link_terms(App, tree, doc, terms)
    return [
        (ref.astext(), ref["refuri"]) for ref in tree.findall(nodes.reference) if "syw-ref" in ref["classes"]
    ]


def test_chapters_are_linked_wherever_they_are_named():
    assert links("See chapter 04, chapters 01, 03 and 04, and Chapter 1.") == [
        ("chapter 4", "notebooks/04-four.html"), ("1", "notebooks/01-one.html"),
        ("4", "notebooks/04-four.html"), ("Chapter 1", "notebooks/01-one.html"),
    ]  # fmt: skip
    assert links("In chapter 4 of another book, ``chapter 1``, chapter 99.") == []


def test_the_first_use_of_a_term_leads_to_the_glossary():
    assert links("A batch, batches, and Batch normalisation; debatch is none.\n\nA batch again.") == [
        ("batch", "book/glossary.html#term-batch"), ("Batch normalisation", "book/glossary.html#term-bn"),
    ]  # fmt: skip
    assert links("Batch\n=====\n\nBatch two\n---------\n\nNothing ``batch``.") == []
