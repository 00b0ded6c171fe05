"""Oracle: the ledgers and notebooks as stored, WCAG's contrast formula, and builds with planted faults."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import site_check
import syw_ledger
import syw_pages
import yaml
from bs4 import BeautifulSoup

from helpers.claims import shown
from helpers.course import ERRATA
from helpers.places import chapters
from helpers.plots import PALETTE

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
CSS = (ROOT / "book" / "_static" / "showwork.css").read_text(encoding="utf-8")
CHAPTERS = sorted(path.stem for path in chapters(ROOT / "notebooks"))


# ---------------------------------------------------------------- the palette
def colours(theme: str) -> dict[str, str]:
    block = re.search(rf'html\[data-theme="{theme}"\][^{{]*{{(.*?)}}', CSS, re.DOTALL)[1]
    return dict(re.findall(r"--syw-([\w-]+): (#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_contrast_formula_on_black_and_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_the_contrast_that_wcag_asks_for(theme):
    palette = colours(theme)
    assert set(PALETTE) <= set(palette)
    pairs = [(name, ground) for name in ("text", "muted", "ink", "blue", "orange", "green", "purple", "ochre")
             for ground in ("paper", "wash")]  # fmt: skip
    pairs += [(name, f"{name}-wash") for name in ("green", "orange", "ochre", "ink")]
    weak = {pair: round(contrast(palette[pair[0]], palette[pair[1]]), 2) for pair in pairs}
    assert {pair: value for pair, value in weak.items() if value < 4.5} == {}


# ---------------------------------------------------------------- the site as a whole
def test_the_contents_list_every_chapter_and_every_page_once():
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^[^#\n]*(?:file|root): *(\S+)", toc, re.MULTILINE)
    files = (ROOT / "book").rglob("*.md")
    pages = [path.relative_to(ROOT).with_suffix("").as_posix() for path in files]
    assert sorted(listed) == sorted([*pages, *(f"notebooks/{name}" for name in CHAPTERS)])
    assert yaml.safe_load(toc)["root"] == "book/intro"


@pytest.mark.parametrize("name", ["reported", "errata", "notation"])
def test_generated_pages_have_no_typed_numbers(name):
    text = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    assert re.findall(r"\d+", text.replace("count from 1", "")) == []


# ---------------------------------------------------------------- a fault stops the build
BARE_FIGURE = {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": "<svg></svg>"}}
NOTEBOOK = {
    "cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# N\n\nOne sentence."},
              {"cell_type": "code", "id": "b", "metadata": {}, "source": "f", "execution_count": 1,
               "outputs": [BARE_FIGURE]}],
    "metadata": {"language_info": {"name": "python", "pygments_lexer": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}  # fmt: skip
PROOFS = (
    "# Proofs\n\n```{proof} logistic.gradient\n```\n\n```{refuted} A1-1a/D\n```\n\n```{toctree}\nn\n```\n"
)


CONF = """
extensions = ["myst_nb", "sphinx_design", "showwork"]
html_theme, html_title = "sphinx_book_theme", "t"
nb_execution_mode, nitpicky = "off", True
myst_enable_extensions = ["dollarmath", "colon_fence", "attrs_inline"]
"""


def build(folder: Path, index: str, notebook: dict) -> subprocess.CompletedProcess:
    """Build two pages with the book's theme and extension; a warning is an error."""
    (folder / "notebooks").mkdir()
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "index.md").write_text(index.replace("\nn\n", "\nnotebooks/01-n\n"), encoding="utf-8")
    (folder / "notebooks" / "01-n.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", folder, folder / "out"]
    environment = {
        "PYTHONPATH": f"{ROOT / 'book' / '_ext'}:{ROOT}",
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
    }
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


def test_a_sound_build_passes_and_checks_the_proof_that_it_shows(tmp_path):
    sound = {**NOTEBOOK, "cells": NOTEBOOK["cells"][:1]}
    done = build(tmp_path, PROOFS, sound)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert page.count('class="syw-badge syw-proved"') >= 3
    assert page.count("<math ") >= 3


def test_faults_stop_the_build_each_with_its_sentence(tmp_path):
    faulty = PROOFS.replace("logistic.gradient", "no.such").replace("A1-1a/D", "Z9-9/Z")
    done = build(tmp_path, faulty, NOTEBOOK)
    assert done.returncode != 0
    assert "No chapter derives no.such" in done.stderr
    assert "There is no erratum 'Z9-9/Z'" in done.stderr
    assert "A figure has no alternative text" in done.stderr


# ---------------------------------------------------------------- the built pages say what the ledgers say
def built(page: str) -> BeautifulSoup:
    assert (SITE / page).is_file(), site_check.MISSING
    return site_check.soup(SITE / page)


def stored_ledgers() -> list[dict]:
    return [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "book" / "ledger").glob("*.json"))
    ]


def test_the_reported_page_shows_every_claim_with_its_verdict():
    rows = {row["data-claim"]: row for row in built("book/reported.html").select("table.syw-ledger tbody tr")}
    claims = {claim["id"]: claim for ledger in stored_ledgers() for claim in ledger["claims"]}
    assert rows.keys() == claims.keys()
    for id, row in rows.items():
        assert row.select_one(".syw-verdict").get_text() == claims[id]["verdict"]
        parts = [shown.measurement(entry, claims[id]) for entry in claims[id]["measured"]]
        evidence = " ".join(row.find_all("td")[1].get_text().split())
        assert all(part.partition(" ")[0] in evidence for part in parts)


def test_a_chapter_shows_each_claim_beside_its_evidence():
    for ledger in stored_ledgers():
        page = built(f"notebooks/{ledger['chapter']}.html")
        told = {div["data-claim"]: div for div in page.select(".syw-told")}
        assert told.keys() == {claim["id"] for claim in ledger["claims"]}
        for claim in ledger["claims"]:
            assert told[claim["id"]].select_one(".syw-verdict").get_text() == claim["verdict"]


def test_the_errata_page_shows_every_error_refuted_and_corrected():
    page = built("book/errata.html")
    ids = {entry["id"] for ledger in stored_ledgers() for entry in ledger["errata"]}
    shown = page.select(".syw-erratum")
    assert len(shown) == len(ids | set(ERRATA))
    for entry in shown:
        assert [badge.get_text() for badge in entry.select(".syw-badge")] == ["refuted", "proved"]
        assert entry.select_one(".syw-counterexample").get_text().strip()
    assert {tag["id"] for tag in page.select(".syw-claim-id")} >= {syw_ledger.target(entry) for entry in ids}


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_says_how_many_of_its_steps_are_proved(name):
    page = built(f"notebooks/{name}.html")
    counted = len(page.select("div.cell_output .syw-badge.syw-proved"))
    assert counted > 0
    assert f"{counted} steps proved" in page.select_one(".syw-verdict-line").get_text()


def test_the_landing_page_has_a_card_for_every_chapter_and_a_proof_made_now():
    page = built("book/intro.html")
    links = {link["href"] for link in page.select(".syw-card a")}
    assert {f"../notebooks/{name}.html" for name in CHAPTERS} == links
    assert len(page.select("article :is(.syw-badge, .syw-try-rows .syw-verdict).syw-proved")) == 3
    assert len(page.select("article .syw-badge.syw-refuted")) == 1


def test_the_whole_book_line_adds_up():
    notebooks = [
        json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8")) for name in CHAPTERS
    ]
    proved = sum(len(re.findall(r"syw-badge syw-proved", json.dumps(n["cells"]))) for n in notebooks)
    line = syw_pages.whole_book(ROOT)
    assert (f"{proved} steps proved" in line) is (proved > 1)
