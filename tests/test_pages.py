"""Oracle: ledgers, notebooks and figures made by hand, with what the pages must say about them."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest
import showwork
import syw_figures
import syw_ledger
import syw_notebooks
import syw_proofs
from bs4 import BeautifulSoup

from helpers.plots import PALETTE

RUNS = {
    "setting": "",
    "values": [1.0, 2.0, 3.0],
    "n": 3,
    "mean": 2.0,
    "low": 1.5,
    "high": 2.5,
    "level": 0.95,
    "holds": True,
}
CLAIM = {
    "id": "A1-2d/C",
    "task": "A1-2d",
    "report": "C",
    "said": "it stops after $32$ epochs",
    "verdict": "refuted",
    "on": None,
    "why": None,
    "because": "It stops later.",
    "unit": "epochs",
    "measured": [RUNS],
}
SIDE = {
    "lhs": "a",
    "rhs": "b",
    "relation": "=",
    "counterexample": [["w_{1}", "-2"]],
    "text": "left side -1, right side 2",
}
ERROR = {
    "id": "A1-1a/D",
    "task": "A1-1a",
    "report": "D",
    "where": "last line",
    "said": "a is b",
    "refuted": SIDE,
    "corrected": {**SIDE, "rhs": "c", "counterexample": None},
}
LEDGER = {
    "schema": 1,
    "chapter": "01-x",
    "profile": "full",
    "provenance": {"device": "cpu", "commit": "abc1234"},
    "data": {"name": "MNIST", "tier": "folder", "summary": "MNIST, folder tier"},
    "claims": [CLAIM],
    "errata": [ERROR],
}


# ---------------------------------------------------------------- numbers and words
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (32.4, "32.4"),
        (20000.0, "20,000"),
        (-1.25, "−1.25"),
        (0.98164, "0.9816"),
        (0, "0"),
        (1.5e-7, "1.5 × 10⁻⁷"),
    ],
)
def test_numbers_are_short_and_typographic(value, text):
    assert syw_ledger.number(value) == text


def test_a_measurement_says_its_interval_and_runs():
    assert syw_ledger.measurement(RUNS, "epochs") == "**2** epochs [(95 %: 1.5 to 2.5, n = 3)]{.syw-spread}"
    one = {**RUNS, "n": 1, "values": [2.0], "low": None, "high": None, "setting": "in order"}
    assert syw_ledger.measurement(one, "") == "in order: **2** [(one run, no interval)]{.syw-spread}"


def test_the_ends_of_an_interval_have_no_more_decimals_than_the_mean():
    assert [syw_ledger.end(value, -0.001224) for value in (-0.0023834, -6.534e-5)] == [
        "−0.002383",
        "−0.000065",
    ]
    assert [syw_ledger.end(value, 25.8) for value in (21.17, 30.43)] == ["21.2", "30.4"]
    assert syw_ledger.end(1.25e-7, 2.5e-7) == "1.25 × 10⁻⁷"
    assert syw_ledger.end(21.17, 26.0) == "21.17"


def test_the_strip_puts_runs_interval_and_mean_in_proportion():
    drawn = BeautifulSoup(syw_ledger.strip(RUNS), "html.parser")
    assert [dot["cx"] for dot in drawn.select("circle")] == ["4.0", "60.0", "116.0"]
    assert [path["d"] for path in drawn.select("path")] == ["M32.0 7H88.0", "M60.0 2V12"]
    assert drawn.svg["aria-label"] == "3 runs from 1 to 3"
    assert syw_ledger.strip({**RUNS, "values": [2.0], "low": None, "high": None}) == ""


def test_the_claims_page_holds_words_numbers_verdict_and_conditions():
    page = "\n".join(syw_ledger.claims_page([LEDGER], {"01-x": "The title"}))
    assert "## The title" in page
    assert "[refuted]{.syw-verdict .syw-refuted}" in page
    assert "it stops after $32$ epochs" in page
    assert "**2** epochs" in page
    assert "#claim-a1-2d-c" in page
    assert "MNIST, folder tier · full profile · device cpu" in page
    assert "1 refuted." in page


def test_a_claim_without_measurement_says_why_and_one_that_depends_says_on_what():
    untested = {**CLAIM, "verdict": "not testable here", "why": "the rate is missing", "measured": None}
    depends = {**CLAIM, "verdict": "depends", "on": "the order", "measured": [RUNS, {**RUNS, "holds": False}]}
    page = "\n".join(syw_ledger.claims_page([{**LEDGER, "claims": [untested, depends]}], {}))
    assert "Not measured: the rate is missing" in page
    assert "on the order" in page
    assert "1 depends · 1 not testable here" in page


def test_an_erratum_shows_both_lines_and_the_counterexample_with_true_minus_signs():
    page = "\n".join(syw_ledger.errata_page([LEDGER], {}))
    assert r"a \;=\; b" in page
    assert r"a \;=\; c" in page
    assert "At $w_{1}$ = −2: left side −1, right side 2." in page


def test_errata_without_a_chapter_have_a_section_of_their_own():
    other = {**ERROR, "id": "A1-1b/C", "said": "something else"}
    page = "\n".join(syw_ledger.errata_page([LEDGER], {}, [other]))
    assert (
        page.index("Reported: a is b.") < page.index("## Not yet in a chapter") < page.index("something else")
    )


def test_empty_ledgers_give_a_sentence():
    assert syw_ledger.claims_page([], {})[0] == "No chapter has recorded a claim yet."
    assert syw_ledger.errata_page([], {})[0] == "No chapter has recorded an error yet."


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ("{", "is no JSON"),
        (json.dumps({**LEDGER, "schema": 2}), "has schema 2, not 1"),
        (json.dumps({key: LEDGER[key] for key in LEDGER if key != "claims"}), "lacks claims"),
        (json.dumps({**LEDGER, "claims": [{**CLAIM, "verdict": "perhaps"}]}), "unknown verdict 'perhaps'"),
    ],
)
def test_a_damaged_ledger_is_refused_in_one_sentence(tmp_path, damage, complaint):
    (tmp_path / "01-x.json").write_text(damage, encoding="utf-8")
    with pytest.raises(syw_ledger.LedgerError, match=complaint) as error:
        syw_ledger.read_all(tmp_path)
    assert "01-x.json" in str(error.value)


# ---------------------------------------------------------------- figures and colours
def test_figures_take_the_palette_of_the_site():
    svg = "".join(f'<path style="stroke: {value}; fill: none"/>' for value in PALETTE.values())
    assert re.findall(r"var\(--syw-(\w+)\)", syw_figures.recolour(svg)) == list(PALETTE)
    assert "#" not in syw_figures.recolour(svg)


def test_colours_in_attributes_move_into_the_style_and_others_stay():
    made = syw_figures.recolour(
        '<text fill="#7a828e" style="opacity: 0.5">a</text><path style="fill: #123456"/>'
    )
    assert made == '<text style="fill: var(--syw-ink); opacity: 0.5">a</text><path style="fill: #123456"/>'
    assert syw_figures.recolour('<a href="#7a828e"/>') == '<a href="#7a828e"/>'


@pytest.mark.parametrize(
    "svg", ["<svg></svg>", '<svg role="img"></svg>', '<svg role="img" aria-label=" "></svg>']
)
def test_a_figure_without_a_text_is_a_problem(svg):
    assert "no alternative text" in syw_figures.problem(svg)
    assert syw_figures.problem('<svg role="img" aria-label="a curve"></svg>') is None
    assert "no <svg>" in syw_figures.problem("<p>")


# ---------------------------------------------------------------- proofs on pages
def test_an_erratum_is_judged_and_a_false_one_is_no_erratum():
    from sympy import Symbol

    from helpers.course import Erratum
    from helpers.proof import Given

    x = Symbol("x", real=True)

    def error(reported, corrected) -> Erratum:
        return Erratum("A1-1a/Z", "", "", "", x + x, reported, corrected, Given())

    judged = syw_proofs.judged(error(x**2, 2 * x))
    value = float(dict(judged["refuted"]["counterexample"])["x"])
    assert value + value != value**2
    with pytest.raises(ValueError, match="not proved"):
        syw_proofs.judged(error(x**2, 3 * x))
    with pytest.raises(ValueError, match=r"counterexample|true|equal"):
        syw_proofs.judged(error(2 * x, 2 * x))


def test_the_notation_page_has_every_symbol_once():
    from helpers.notation import NOTATION

    page = syw_proofs.notation_page(list(NOTATION.values()))
    assert sorted(re.findall(r"^\| `(\w+)` \|", "\n".join(page), re.MULTILINE)) == sorted(NOTATION)


def test_thebe_is_dropped_and_other_scripts_stay():
    def script(filename: str = "", body: str = "") -> SimpleNamespace:
        return SimpleNamespace(filename=filename, attributes={"body": body})

    files = [
        script("_static/sphinx-thebe.js"),
        script(body='const THEBE_JS_URL = "…"'),
        script("_static/theme.js"),
    ]
    showwork.drop_thebe(None, "", "", {"script_files": files}, None)
    assert [kept.filename for kept in files] == ["_static/theme.js"]


def test_a_missing_mathjax_is_one_sentence(monkeypatch):
    app = SimpleNamespace(builder=SimpleNamespace(format="html"))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(RuntimeError, match="install the package sphinx-mathjax-offline"):
        showwork.copy_mathjax(app, None)


def test_the_list_of_derivations_has_every_one_once_and_links_to_its_chapters():
    from helpers.derivations import ALL

    shown = {"softmax.jacobian": {"02-softmax": "Softmax"}}
    page = "\n".join(syw_proofs.derivations_page(list(ALL.values()), shown))
    rows = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| what")]
    assert len(rows) == len(ALL)
    assert [row for row in rows if "[Softmax](/notebooks/02-softmax.ipynb)" in row] == [
        next(row for row in rows if row.startswith(f"| {ALL['softmax.jacobian'].heading} |"))
    ]
    assert "`logistic.gradient`" in page  # no chapter shows it: it has its name instead
    code = {"cell_type": "code", "source": 'ALL["softmax.jacobian"]()'}
    prose = {"cell_type": "markdown", "source": 'ALL["no.code"]()'}
    assert syw_notebooks.shown({"cells": [code, prose]}) == ["softmax.jacobian"]
