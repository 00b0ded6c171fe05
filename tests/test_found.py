"""Oracles: the stored records and notebooks, and small sites with and without a repository and an address."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import site_check
import syw_landing
import syw_links
import syw_reading
import syw_repro
import syw_share
from bs4 import BeautifulSoup
from docutils.core import publish_doctree

from helpers.places import chapters
from tools import agreement

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
CHAPTERS = [path.stem for path in chapters(ROOT / "notebooks")]


def built(page: str) -> BeautifulSoup:
    assert (SITE / page).is_file(), site_check.MISSING
    return site_check.soup(SITE / page)


# ---------------------------------------------------------------- the landing page
def test_the_landing_page_has_a_line_to_break_a_refuted_line_and_a_measured_picture():
    first = built("book/intro.html").select_one(".syw-first")
    assert [badge.text for badge in first.select(".syw-try-rows .syw-verdict")] == ["proved", "proved"]
    assert len(first.select(".syw-try-begin")) == 3
    assert first.select_one(".syw-erratum .syw-refuted")
    assert first.select_one(".syw-counterexample")
    assert first.select_one("figure.syw-result svg")
    assert first.select_one("figcaption a").text.startswith("Figure ")


def test_each_card_has_number_picture_and_reading_time():
    cards = built("book/intro.html").select(".syw-card")
    assert [card.select_one(".sd-card-title").text.strip().split(".")[0] for card in cards] == [
        str(k + 1) for k in range(len(CHAPTERS))
    ]
    for card, name in zip(cards, CHAPTERS, strict=True):
        picture = card.select_one("img.syw-card-picture")
        assert picture["alt"].strip()
        assert (SITE / "book" / picture["src"]).resolve().read_bytes().startswith(b"\x89PNG")
        notebook = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
        assert f"{syw_reading.minutes(notebook)} minutes to read" in card.text


def test_a_false_first_text_and_a_missing_picture_stop_the_build(monkeypatch, tmp_path):
    false = "\n".join(syw_landing.judged_rows("Let $C = x^2$.\n\\frac{d C}{d x} = 3 x"))
    assert "syw-refuted" in false
    monkeypatch.setattr(syw_landing, "chosen", lambda root: {CHAPTERS[0]: "no-such-figure"})
    with pytest.raises(ValueError, match="names the figure 'no-such-figure'"):
        syw_landing.pictures(ROOT)


# ---------------------------------------------------------------- reading time
def text(source: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def drawing(*tags: str) -> dict:
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": "<svg/>"}}
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": "", "outputs": [output]}


def test_reading_time_counts_words_and_open_figures_by_section():
    ten = "word " * syw_reading.WORDS * 10
    cells = [text(f"# T\n\n{ten}{ten}"), text(f"## Limits\n\n{ten}"),
             *[drawing() for _ in range(10)], drawing("hide-cell")]  # fmt: skip
    found = syw_reading.parts({"cells": cells})
    assert found[""] == pytest.approx(20, abs=0.1)
    assert found["Limits"] == pytest.approx(10 + 10 / syw_reading.FIGURES, abs=0.1)
    assert syw_reading.minutes({"cells": cells}) == 35
    assert syw_reading.minutes({"cells": cells}, ("Limits",)) == 20
    said = syw_reading.line({"cells": cells})
    assert "About 35 minutes" in said
    assert '<a href="#limits">Limits</a>' in said
    assert "about 20 minutes" in said
    assert "skip" not in syw_reading.line({"cells": cells[:1]})


def test_what_can_be_skipped_is_linked_in_every_chapter():
    for name in CHAPTERS:
        page = built(f"notebooks/{name}.html")
        links = [link["href"][1:] for link in page.select(".syw-reading-line a")]
        assert [bool(page.find(id=link)) for link in links] == [True] * len(syw_reading.SKIPPED), name


# ---------------------------------------------------------------- Reproducibility
def test_nothing_on_the_page_is_typed():
    source = (ROOT / "book" / "reproducibility.md").read_text(encoding="utf-8")
    assert re.findall(r"\d+", re.sub(r"`[^`]*`", "", source)) == []


def test_every_chapter_stands_with_its_values_and_seconds():
    page = built("book/reproducibility.html").get_text(" ")
    records = syw_repro.measured(ROOT / "book" / "measured")
    kept = [member for record in records.values() for member in syw_repro.members(record)]
    assert f"{len(kept):,} values" in page
    assert syw_repro.duration(sum(member["seconds"] for member in kept)) in page
    for record in records.values():
        assert all(made["commit"] in page and made["device"] in page for made in record["made_with"])
    locks = syw_repro.locked(ROOT)
    assert all(locks[name] in page for name in ("torch", "sympy", "numpy"))
    from helpers.data import _tiers

    assert all(value in page for value in _tiers.FILES.values())


def test_a_changed_record_changes_the_page():
    notebooks = {
        "01-x": {"cells": [text("# X")], "metadata": {"show_your_work": {"seconds": 7.0, "device": "d"}}}
    }
    member = {"value": 1, "seconds": 120.0, "made_with": 0}
    record = {
        "made_with": [{"device": "cpu (A)", "commit": "abc"}],
        "measurements": {"m": {"members": {"0": member}}},
    }
    one = "\n".join(syw_repro.chapters_table(notebooks, {"01-x": record}))
    assert "| 1 | 2\u00a0min | 7\u00a0s | `abc` |" in one
    assert one.endswith("which took 2\u00a0min on cpu (A) to measure one after the other.")
    record["measurements"]["m"]["members"]["1"] = {**member, "seconds": 9000.0}
    assert "| 2 | 2.5\u00a0h |" in "\n".join(syw_repro.chapters_table(notebooks, {"01-x": record}))
    two = {**notebooks, "02-y": {"cells": [text("# Y")], "metadata": {}}}
    other = {**record, "made_with": [{"device": "gpu (B)", "commit": "def"}]}
    apart = "\n".join(syw_repro.chapters_table(two, {"01-x": record, "02-y": other}))
    assert "| cpu (A) | `abc` |" in apart
    assert "| gpu (B) | `def` |" in apart
    assert syw_repro.agreement_lines(Path("nowhere.json"), {}) == ["No second run has been compared yet."]


def records(folder: Path, value: object, array: list[float], key: str = "k") -> Path:
    folder.mkdir()
    members = {
        "0": {
            "value": {"dict": [["a", value], ["elapsed", [folder.name]], ["w", {"array": "m/0"}]]},
            "seconds": 1,
        }
    }
    made = [{"device": folder.name, "torch": "2", "commit": "c"}]
    record = {"made_with": made, "measurements": {"m": {"key": key, "members": members}}}
    (folder / "01-x.json").write_text(json.dumps(record), encoding="utf-8")
    np.savez(folder / "01-x.npz", **{"m/0": np.array(array)})
    return folder


def test_two_machines_are_compared_number_by_number(tmp_path):
    old = records(tmp_path / "old", [1.0, 2.0, {"float": "nan"}], [4.0, 0.0])
    new = records(tmp_path / "new", [1.0, 2.2, {"float": "nan"}], [4.0, 0.0])
    found = agreement.agreement(old, new)
    assert found["made_with"][0]["device"] == "new"
    assert (found["chapters"]["01-x"]["numbers"], found["chapters"]["01-x"]["equal"]) == (5, 4)
    assert found["chapters"]["01-x"]["largest"] == pytest.approx(0.2 / 2.2)
    other = records(tmp_path / "other", [1.0, 2.0, 3.0], [4.0, 0.0], key="another")
    assert agreement.agreement(old, other)["chapters"] == {}
    (tmp_path / "a.json").write_text(json.dumps(found), encoding="utf-8")
    assert "| X | 5 | 4 (80.0%) | 0.0e+00 | 9.1e-02 |" in syw_repro.agreement_lines(
        tmp_path / "a.json", {"01-x": "X"}
    )


# ---------------------------------------------------------------- the changelog
def test_the_changelog_has_dates_and_the_newest_stands_first():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    days = [datetime.strptime(day, "%d %B %Y") for day in re.findall(r"^### (.+)$", text, re.MULTILINE)]
    assert days
    assert days == sorted(set(days), reverse=True)
    entries = re.split(r"^### .+$", text, flags=re.MULTILINE)
    undated = entries[0].partition("\n## Next\n")[0]  # what is not released has no date yet
    assert not re.search(r"^- ", undated, re.MULTILINE)
    assert all(re.search(r"^- ", entry, re.MULTILINE) for entry in entries[1:])


# ---------------------------------------------------------------- the first address
def test_the_first_address_leads_on_and_has_all_that_a_page_has():
    page = built("index.html")
    assert page.select_one("meta[http-equiv=refresh]")["content"] == "0; url=book/intro.html"
    assert page.title.text == "Show Your Work"
    assert page.html["lang"] == "en"
    assert page.select_one("body a")["href"] == "book/intro.html"
    assert (SITE / page.select_one("link[rel=icon]")["href"]).is_file()


@pytest.mark.parametrize("page", ["index.html", "404.html", "search.html", "book/intro.html"])
def test_a_phone_is_told_its_width(page):
    assert len(built(page).select("meta[name=viewport]")) == 1


# ---------------------------------------------------------------- what a shared link shows
@pytest.mark.parametrize("page", [f"notebooks/{CHAPTERS[0]}", "book/glossary", "book/intro"])
def test_every_page_describes_itself(page):
    found = built(f"{page}.html")
    said = found.select("meta[name=description]")
    assert len(said) == 1
    assert 20 < len(said[0]["content"]) <= syw_share.LONGEST
    tags = {tag["property"]: tag["content"] for tag in found.select("meta[property^='og:']")}
    assert {
        "og:title",
        "og:description",
        "og:image",
        "og:image:alt",
        "og:site_name",
        "og:type",
    } <= tags.keys()
    assert (SITE / page).parent.joinpath(tags["og:image"]).resolve().is_file()
    assert not re.search(r"\\[a-z]|[{}$]", said[0]["content"])


def test_a_description_is_of_whole_sentences_or_cut_at_a_word():
    assert syw_share.shortened("One sentence is here. " * 20).endswith("is here.")
    assert len(syw_share.shortened("One sentence is here. " * 20)) <= syw_share.LONGEST
    assert syw_share.shortened("word " * 90).endswith("word…")


def test_previews_of_terms_have_no_latex():
    tree = publish_doctree("The width :math:`\\sigma` of a bell and :math:`\\frac{1}{2}`.")
    assert syw_links.said_by(tree) == "The width σ of a bell and …."
    seen = [
        a.get("title", "")
        for name in CHAPTERS
        for a in built(f"notebooks/{name}.html").select("a.syw-ref[href*=glossary]")
    ]
    assert len(seen) > 20
    assert [title for title in seen if "\\" in title] == []


# ---------------------------------------------------------------- small sites
CONF = """
extensions = ["myst_nb", "sphinx_design", "showwork"]
html_theme, html_title = "sphinx_book_theme", "t"
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath", "colon_fence"]
html_baseurl = {base!r}
html_theme_options = {options!r}
"""


def small(folder: Path, base: str, options: dict) -> BeautifulSoup:
    """A site of one page and one chapter; the page."""
    (folder / "notebooks").mkdir(parents=True)
    (folder / "book").mkdir()
    for name in ("search.yaml", "pictures.yaml"):
        text_ = (ROOT / "book" / name).read_text(encoding="utf-8") if name == "search.yaml" else ""
        (folder / "book" / name).write_text(text_, encoding="utf-8")
    (folder / "conf.py").write_text(CONF.format(base=base, options=options), encoding="utf-8")
    (folder / "index.md").write_text(
        "# Start\n\nA first sentence.\n\n```{toctree}\nnotebooks/01-n\n```\n", encoding="utf-8"
    )
    cells = [{**text("# N\n\nAn answer in one sentence."), "id": "a"}]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "notebooks" / "01-n.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    environment = {
        "PYTHONPATH": f"{ROOT / 'book' / '_ext'}:{ROOT}",
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
    }
    command = [sys.executable, "-m", "sphinx", "-q", folder, folder / "out"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return BeautifulSoup(
        (folder / "out" / "notebooks" / "01-n.html").read_text(encoding="utf-8"), "html.parser"
    )


def buttons(page: BeautifulSoup) -> str:
    return " ".join(link.get("href") or "" for link in page.select(".bd-header-article a, .header-article a"))


def test_a_site_with_an_address_and_a_repository(tmp_path):
    url = "https://github.com/someone/book"
    page = small(tmp_path, "https://example.org/book/", {"repository_url": url})
    for part in (f"{url}/issues/new", f"{url}/edit/main", "mybinder.org", "colab.research"):
        assert part in buttons(page), part
    addresses = [
        place.text for place in ElementTree.parse(tmp_path / "out" / "sitemap.xml").findall(".//{*}loc")
    ]
    assert addresses == [
        "https://example.org/book/index.html",
        "https://example.org/book/notebooks/01-n.html",
    ]
    assert page.select_one("meta[property='og:image']")["content"].startswith(
        "https://example.org/book/_static/"
    )
    assert (
        page.select_one("meta[property='og:url']")["content"]
        == "https://example.org/book/notebooks/01-n.html"
    )
    lost = BeautifulSoup((tmp_path / "out" / "404.html").read_text(encoding="utf-8"), "html.parser")
    assert lost.base["href"] == "/book/"


def test_a_site_without_them_promises_nothing(tmp_path):
    page = small(tmp_path, "", {})
    assert not re.search(r"issues/new|/edit/|mybinder|colab", buttons(page))
    assert not (tmp_path / "out" / "sitemap.xml").exists()
    lost = BeautifulSoup((tmp_path / "out" / "404.html").read_text(encoding="utf-8"), "html.parser")
    assert lost.base is None
    assert [link["href"] for link in lost.select("li a")] == ["notebooks/01-n.html"]


def test_this_site_has_no_button_for_a_repository_that_it_does_not_name():
    assert not re.search(r"issues/new|/edit/|mybinder|colab", buttons(built(f"notebooks/{CHAPTERS[0]}.html")))


def test_a_chapter_runs_alone_with_the_package_of_the_site(tmp_path):
    """Notebook and wheel in an empty folder, as a reader would have them: the chapter begins to run."""
    page = built(f"notebooks/{CHAPTERS[2]}.html")
    notebook, wheel = (SITE / "notebooks" / link["href"] for link in page.select(".syw-alone a"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "package")
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"][:2]
    script = "\n".join(code).replace("%load_ext helpers", "import helpers; print(helpers.__file__)")
    (tmp_path / "cells.py").write_text(script, encoding="utf-8")
    environment = {"PYTHONPATH": str(tmp_path / "package"), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    run = [sys.executable, "cells.py"]
    done = subprocess.run(
        run, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "package") in done.stdout


def test_a_picture_is_the_png_beside_the_figure():
    output = {
        "data": {"image/svg+xml": "<svg/>", "image/png": base64.b64encode(b"x").decode(), "text/plain": "'a'"}
    }
    bare = {"data": {"image/svg+xml": "<svg/>"}}
    notebook = {"cells": [{"outputs": [bare, output]}]}
    assert syw_landing.picture(notebook, None) is output
    assert syw_landing.alternative(output) == "a"
    assert syw_landing.picture(notebook, "none") is None
