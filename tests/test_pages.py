"""Oracle: ledgers, notebooks and figures made by hand, with what the pages must say about them."""

from __future__ import annotations

import json
import re
from types import SimpleNamespace

import pytest
import showwork
import syw_figures
import syw_ledger
import syw_proofs
from bs4 import BeautifulSoup

from helpers.claims import shown
from helpers.plots import PALETTE

RUNS = {
    "setting": "",
    "verdict": "refuted",
    "values": [1.0, 2.0, 3.0],
    "n": 3,
    "mean": 2.0,
    "low": 1.5,
    "high": 2.5,
}
CLAIM = {
    "id": "A1-2d/CD",
    "also": ["HW4-1.1/E"],
    "task": "A1-2d",
    "reports": "CD",
    "said": "it stops after $32$ epochs",
    "kind": "one_run",
    "verdict": "refuted",
    "strict": "undecided",
    "on": "",
    "missing": "",
    "reading": "It stops later.",
    "why": "half",
    "changed": "",
    "unit": "epochs",
    "varied": "start",
    "needs": "full",
    "fixed": "0123456789abcdef",
    "reported": 32,
    "claimed": [32, 32],
    "groups": 1,
    "measured": [RUNS],
}
OURS = {**CLAIM, "id": "A1-2d/book", "also": [], "reports": "", "verdict": "consistent"}
OURS["strict"] = "consistent"
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
    "schema": 2,
    "chapter": "01-x",
    "profile": "full",
    "provenance": {"device": "cpu", "commit": "abc1234"},
    "data": {"name": "MNIST", "tier": "folder", "summary": "MNIST, folder tier"},
    "claims": [CLAIM],
    "errata": [ERROR],
}


# ---------------------------------------------------------------- numbers and words
@pytest.mark.parametrize(
    ("value", "half", "text"),
    [
        (32.4, 0, "32.4"),
        (20000.0, 0, "20,000"),
        (-1.25, 0, "−1.25"),
        (0.98164, 0, "0.982"),
        (0, 0, "0"),
        (1.5e-7, 0, "1.5 × 10⁻⁷"),
        (25.8, 15.3, "26"),
        (97.79, 1.06, "97.8"),
        (97.953, 0.064, "97.95"),
        (-0.0012, 0.0012, "−0.0012"),
        (-0.0003, 0.08, "0.00"),
    ],
)
def test_numbers_are_short_and_typographic(value, half, text):
    assert shown.number(value, half) == text


def test_a_measurement_says_its_interval_and_runs():
    assert shown.measurement(RUNS, CLAIM) == "2.0 epochs; one more run: 1.5 to 2.5 (95 %), n = 3 (start)"
    one = {**RUNS, "n": 1, "values": [2.0], "low": None, "high": None, "setting": "in order"}
    assert shown.measurement(one, {**CLAIM, "unit": ""}) == "in order: 2"
    share = {**RUNS, "mean": 0.98, "low": 0.97, "high": 0.99}
    assert shown.measurement(share, {**CLAIM, "unit": "fraction right"}).startswith("98.0 % right; one more")


def test_an_end_that_is_not_the_claimed_one_does_not_look_like_it():
    above = {**CLAIM, "kind": "above", "claimed": [0.0, None], "unit": ""}
    told = shown.measurement({**RUNS, "mean": 0.72, "low": 0.039, "high": 1.4}, above)
    assert told.startswith("0.72; the mean: 0.04 to 1.40 (95 %)")
    assert "0.0 to 1.4" in shown.measurement({**RUNS, "mean": 0.7, "low": 0.039, "high": 1.4},
                                             {**above, "claimed": [-1.0, None]})  # fmt: skip


def test_runs_that_are_all_alike_are_counted_and_drawn_without_a_bar():
    alike = {**RUNS, "values": [2.0] * 5, "n": 5, "low": None, "high": None, "share": 0.5493}
    claim = {**CLAIM, "kind": "above", "claimed": [1.0, None], "measured": [alike]}
    assert shown.measurement(alike, claim) == (
        "2 epochs; the same in all 5 of 5 (start), and so in at least 54 % of all (95 %)"
    )
    shared = shown.measurement({**alike, "n": 10, "values": [2.0] * 10}, {**claim, "groups": 2})
    assert "in all 5 of 5" in shared
    drawn = BeautifulSoup(shown.drawing(claim), "html.parser")
    assert (len(drawn.select("circle")), len(drawn.select(".syw-bar"))) == (1, 0)
    both = BeautifulSoup(shown.drawing({**claim, "measured": [RUNS, alike]}), "html.parser")
    assert (len(both.select("circle")), len(both.select(".syw-bar"))) == (4, 1)


def test_values_that_are_compared_one_by_one_are_told_by_their_ends():
    exact = {**CLAIM, "kind": "exact", "unit": "nats"}
    entry = {**RUNS, "values": [0.3, 0.1, 0.2], "low": None, "high": None, "mean": 0.2}
    assert shown.measurement(entry, exact) == "0.1 to 0.3 nats (3 values)"
    assert shown.measurement({**entry, "values": [0.1] * 3}, exact) == "0.1 nats (3 values)"


def test_a_drawing_is_told_without_marks():
    claim = {**CLAIM, "unit": r"points by $\lambda = 2$ on `200` images, $\|w\|$"}
    label = BeautifulSoup(shown.drawing(claim), "html.parser").svg["aria-label"]
    assert "points by λ = 2 on 200 images, ‖w‖; one more run" in label


def test_the_drawing_puts_runs_interval_mean_and_claim_on_one_axis():
    drawn = BeautifulSoup(shown.drawing({**CLAIM, "claimed": [5.0, 5.0], "reported": 5}), "html.parser")
    assert [dot["cx"] for dot in drawn.select("circle")] == ["8.0", "64.0", "120.0"]
    assert [path["d"] for path in drawn.select("path")] == ["M36.0 12H92.0", "M64.0 6V18", "M8 20H232"]
    assert (drawn.rect["x"], drawn.rect["width"]) == ("232.0", "2.0")
    assert drawn.svg["aria-label"].endswith("claimed: 5 epochs")
    above = BeautifulSoup(shown.drawing({**CLAIM, "kind": "above", "claimed": [2.0, None]}), "html.parser")
    assert (above.rect["x"], above.rect["width"]) == ("120.0", "120.0")
    assert shown.drawing({**CLAIM, "measured": [{**RUNS, "low": None, "high": None}]}) == ""


def test_the_claims_page_holds_words_numbers_verdicts_and_conditions():
    page = "\n".join(syw_ledger.claims_page([{**LEDGER, "claims": [CLAIM, OURS]}], {"01-x": "The title"}))
    tables = BeautifulSoup(page, "html.parser").select("table.syw-ledger")
    assert [len(table.select("tbody tr")) for table in tables] == [1, 1]
    row = tables[0].tbody.tr
    assert (row["id"], row["data-report"], row["data-verdict"]) == ("claim-a1-2d-cd", "CD", "refuted")
    assert row.select_one("#claim-hw4-1-1-e")
    assert "A1-2d · reports C and D" in row.get_text()
    assert "one more run: 1.5 to 2.5" in row.get_text()
    assert row.select_one(".syw-verdict").get_text() == "refuted"
    assert [option.get_text() for option in BeautifulSoup(page, "html.parser").select("option")] == [
        "all", "C", "D", "all", "A1-2d", "all", "refuted"
    ]  # fmt: skip
    for part in (
        "MNIST, folder tier · full profile · device cpu",
        "1 refuted.",
        "counted apart: 1 consistent.",
    ):
        assert part in page
    assert "at most 1 wrong verdicts are" in " ".join(page.split())
    assert '<a href="#claim-a1-2d-cd">A1-2d/CD</a> (then undecided)' in page


def test_a_claim_without_measurement_says_what_is_missing_and_one_that_depends_on_what():
    untested = {**CLAIM, "verdict": "not testable here", "missing": "the rate", "measured": [], "why": ""}
    depends = {**CLAIM, "id": "A1-2e/C", "verdict": "depends", "on": "the order"}
    page = "\n".join(syw_ledger.claims_page([{**LEDGER, "claims": [untested, depends]}], {}))
    assert "Missing: the rate" in page
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
        (json.dumps({**LEDGER, "schema": 1}), "has schema 1, not 2"),
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

    from helpers.claims import ClaimFailed
    from helpers.course import Erratum
    from helpers.proof import Given

    x = Symbol("x", real=True)

    def error(reported, corrected) -> Erratum:
        return Erratum("A1-1a/E", "", "", "", x + x, reported, corrected, Given())

    judged = syw_proofs.judged(error(x**2, 2 * x))
    value = float(dict(judged["refuted"]["counterexample"])["x"])
    assert value + value != value**2
    with pytest.raises(ClaimFailed, match="not proved"):
        syw_proofs.judged(error(x**2, 3 * x))
    with pytest.raises(ClaimFailed, match="no error is shown"):
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


def test_the_list_of_derivations_links_to_each_and_gives_its_latex():
    cell = "%%derivation a.b\nTwo\n\n1 + 1 &< 3"
    (head, _, link, _, fold, _) = syw_proofs.derivations_page(
        {"1. One": [("Result 1.1", "../notebooks/01-one.html#a.b", "Two", cell)]}
    )
    assert head == "## 1. One"
    assert link == '<a class="syw-ref" href="../notebooks/01-one.html#a.b">Result 1.1</a>: Two'
    assert "\n" not in fold
    assert BeautifulSoup(fold, "html.parser").pre.text == cell
