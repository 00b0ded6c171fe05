"""What the site makes shorter of a chapter: rows joined, reasons and many errata folded, and nothing lost."""

from __future__ import annotations

import copy
import re

import pytest
import syw_tight

MATHS = '<span class="syw-math mathjax_process tex2jax_process">\\[{}\\]</span>'


def derivation(left: str, first: str) -> str:
    return (
        f'<div class="syw-derivation"><div class="syw-equation">{MATHS.format(left)}</div>\n'
        f'<div class="syw-step"><div class="syw-equation">{MATHS.format(first)}</div>'
        '<div class="syw-reason">why</div></div></div>'
    )


def told(why: str = "a run more") -> str:
    note = f'<p class="syw-note">Why this number: {why}. </p>' if why else ""
    return (
        '<div class="syw-told"><p>consistent</p><p class="syw-evidence">31 epochs</p>'
        f'<p class="syw-evidence">claimed: 32 epochs</p><svg></svg><p class="syw-reading">So.</p>{note}</div>'
    )


def erratum(k: int) -> str:
    lines = "".join(
        f'<div class="syw-derivation">{MATHS.format(side)}</div>' for side in (f"x = {k}", f"x = {k} + 1")
    )
    return f'<div class="syw-erratum"><p><strong>Report C</strong>: line {k}.</p>{lines}</div>'


def page(*htmls: str) -> dict:
    outputs = [{"output_type": "display_data", "data": {"text/html": html}} for html in htmls]
    prose = {"cell_type": "markdown", "source": "words"}
    return {"cells": [prose, {"cell_type": "code", "outputs": outputs}]}


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>|\\[\[\]();]", " ", html).split())


def test_a_short_left_side_stands_in_the_row_of_its_first_line():
    html = syw_tight.one_row(derivation(r"\frac{\partial}{\partial w_j} C", r"=\; - (y - \hat{y}) x_j"))
    assert html.count("syw-equation") == 1
    assert words(html) == words(derivation(r"\frac{\partial}{\partial w_j} C", r"=\; - (y - \hat{y}) x_j"))


@pytest.mark.parametrize("side", [0, 1])
def test_a_long_row_stays_as_it_is(side):
    sides = ["x", r"=\; y"]
    sides[side] = sides[side] + " + a b c d" * 12
    assert syw_tight.one_row(derivation(*sides)) == derivation(*sides)


def test_the_reason_for_the_number_is_folded_beside_what_is_claimed():
    html = syw_tight.folded_reason(told())
    claimed, fold = html.index("claimed: 32 epochs"), html.index("<details")
    assert claimed < fold < html.index("<svg>")
    assert html.count("Why this number: a run more.") == 1
    assert syw_tight.folded_reason(told("")) == told("")


def test_few_errata_are_seen_in_full_and_many_are_lines_with_the_right_formula():
    few = page(*(erratum(k) for k in range(syw_tight.MANY)))
    assert syw_tight.tighten(few) == few
    many = page(*(erratum(k) for k in range(syw_tight.MANY + 1)))
    for k, output in enumerate(syw_tight.tighten(many)["cells"][1]["outputs"]):
        html = output["data"]["text/html"]
        summary = re.search(r"<summary>(.*?)</summary>", html)[1]
        assert summary.startswith("<strong>Report C</strong>")
        assert f"\\(x = {k} + 1\\)" in summary
        assert f"x = {k}\\]" in html.partition("</summary>")[2]


def test_the_notebook_itself_does_not_change():
    notebook = page(told(), derivation("x", r"=\; y"), "<p>words</p>")
    before = copy.deepcopy(notebook)
    shown = syw_tight.tighten(notebook)
    assert notebook == before
    assert shown["cells"][0] == before["cells"][0]
    assert shown["cells"][1]["outputs"][2] == before["cells"][1]["outputs"][2]
