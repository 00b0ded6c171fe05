"""Oracle: a real browser looks at every page of the built site; planted faults show that it can complain."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import browser
import pytest
import site_check
import site_server
from playwright.sync_api import expect, sync_playwright
from syw_notebooks import source

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
PAGES = site_server.pages(SITE) or [Path("book/intro.html")]
CHAPTERS = [page for page in PAGES if page.parts[0] == "notebooks"]


@pytest.fixture(scope="module")
def chromium():
    executable = browser.find()
    assert executable, browser.ADVICE
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=browser.FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address():
    assert (SITE / "index.html").is_file(), site_check.MISSING
    with site_server.serve(SITE) as address:
        yield address


@pytest.fixture(scope="module")
def look(chromium, address):
    tab = chromium.new_page()
    yield site_check.Look(tab, address)
    tab.close()


@pytest.fixture
def tab(chromium):
    tab = chromium.new_page()
    yield tab
    tab.close()


# ---------------------------------------------------------------- every page
@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_looks_right(look, page):
    assert look.problems(page) == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere_and_images_have_a_text(address, page):
    assert site_check.read_problems(SITE, page) == []


def test_formulas_are_typeset_at_all(look):
    assert look.problems("book/notation.html") == []
    assert look.tab.locator("article mjx-container").count() > 20


def test_the_root_leads_to_the_landing_page(tab, address):
    tab.goto(f"{address}/")
    tab.wait_for_url(f"{address}/book/intro.html")


# ---------------------------------------------------------------- what a reader presses
def test_search_finds_a_word(tab, address):
    tab.goto(f"{address}/search.html?q=counterexample")
    expect(tab.locator("#search-results li").first).to_be_visible()
    assert "counterexample" in tab.locator("#search-results").inner_text().lower()


def test_search_says_when_it_finds_nothing(tab, address):
    tab.goto(f"{address}/search.html?q=xyzzyplugh")
    expect(tab.locator("#search-results")).to_contain_text("did not match")
    assert tab.locator("#search-results ul.search li").count() == 0


def background(tab) -> int:
    """The brightness of the page's background, 0 (black) to 765 (white)."""
    colour = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(int(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3])


@pytest.mark.parametrize(("scheme", "dark"), [("light", False), ("dark", True)])
def test_the_page_follows_the_system(chromium, address, scheme, dark):
    context = chromium.new_context(color_scheme=scheme)
    tab = context.new_page()
    tab.goto(f"{address}/book/intro.html")
    expect(tab.locator("html")).to_have_attribute("data-theme", scheme)
    assert (background(tab) < 200) is dark
    context.close()


def test_the_button_changes_between_light_and_dark(chromium, address):
    context = chromium.new_context(color_scheme="light")
    tab = context.new_page()
    tab.goto(f"{address}/book/intro.html")
    seen = {background(tab)}
    for _ in range(3):
        tab.locator("button.theme-switch-button:visible").first.click()
        seen.add(background(tab))
    assert min(seen) < 200 < 600 < max(seen)
    context.close()


SIDEWAYS = "found => found.filter(pre => pre.scrollWidth > pre.clientWidth).map(pre => pre.innerText)"


@pytest.mark.parametrize("page", CHAPTERS, ids=str)
def test_code_wraps_and_is_copied_as_it_was_written(chromium, address, page):
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(f"{address}/{page}")
    assert tab.locator("article .highlight pre").evaluate_all(SIDEWAYS) == []
    longest = max(code_of(page), key=len)
    shown = tab.locator("div.cell_input div.highlight").filter(has_text=longest.splitlines()[-1]).first
    shown.locator("button.copybtn").dispatch_event("click")
    tab.wait_for_function("async () => (await navigator.clipboard.readText()).length > 0")
    assert tab.evaluate("navigator.clipboard.readText()").strip() == longest.strip()
    context.close()


def code_of(page: Path) -> list[str]:
    """The code cells of a chapter that the site shows unfolded."""
    notebook = json.loads((ROOT / page.with_suffix(".ipynb")).read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return [
        source(cell)
        for cell in cells
        if not {"remove-cell", "hide-input", "solution"} & {*cell["metadata"].get("tags", [])}
    ]


@pytest.mark.parametrize("page", CHAPTERS, ids=str)
def test_solutions_are_hidden_until_opened(tab, address, page):
    tab.goto(f"{address}/{page.as_posix()}")
    folds = tab.locator("details.syw-solution")
    assert folds.count() > 0, "A chapter has exercises with solutions."
    assert tab.locator("details.syw-solution[open]").count() == 0
    inside = folds.first.locator("> :not(summary)").first
    expect(inside).to_be_hidden()
    folds.first.locator("summary").click()
    expect(inside).to_be_visible()


def test_figures_follow_dark_mode(chromium, address):
    drawn = [page for page in PAGES if "syw-figure" in (SITE / page).read_text(encoding="utf-8")]
    assert drawn or not CHAPTERS, "No chapter shows a figure."
    for page in drawn[:1]:
        colours = {}
        for scheme in ("light", "dark"):
            context = chromium.new_context(color_scheme=scheme)
            tab = context.new_page()
            tab.goto(f"{address}/{page.as_posix()}")
            colours[scheme] = tab.locator(".syw-figure text").first.evaluate("e => getComputedStyle(e).fill")
            context.close()
        assert colours["light"] != colours["dark"]


# ---------------------------------------------------------------- can the checks fail?
PLANTED = {
    "another host's script": ('<script src="https://example.org/x.js"></script>', "another host"),
    "a script that asks another host": ("<script>fetch('//example.org')</script>", "to another host"),
    "raw maths": (r"<p>so \frac{1}{2} is left</p>", "raw maths"),
    "maths between dollars": ("<p>so $x^2$ is left</p>", "raw maths"),
    "maths that is wrong": (r'<span class="math">\(\frac{1}\)</span>', "MathJax refuses"),
    "a script that fails": ("<script>undefinedFunction()</script>", "script error"),
    "a complaint": ("<script>console.error('no')</script>", "console error: no"),
    "a missing file": ('<img src="nowhere.png" alt="nothing">', "HTTP 404"),
    "a wide box": ('<div style="width: 2000px">wide</div>', "at 1280 px"),
    "a box too wide for a phone": ('<div style="width: 600px; height: 2px"></div>', "at 390 px"),
}  # fmt: skip
UNREAD = {
    "an image without a text": ('<img src="../_static/logo.svg">', "no alternative text"),
    "an image with an empty text": ('<img src="../_static/logo.svg" alt=" ">', "no alternative text"),
    "a figure without a text": ('<p class="syw-figure"><svg></svg></p>', "no alternative text"),
    "a broken link": ('<a href="nowhere.html">x</a>', "leads to no file"),
    "a broken anchor": ('<a href="#nowhere">x</a>', "leads to no anchor"),
    "a broken anchor elsewhere": ('<a href="intro.html#nowhere">x</a>', "leads to no anchor"),
    "another host's style": ('<link rel="stylesheet" href="//example.org/x.css">', "another host"),
}  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory, address):
    """A small copy of the site in which faults may be planted."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(SITE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("jupyter_execute"))
    return folder


@pytest.fixture(scope="module")
def look_at_copy(chromium, copy):
    with site_server.serve(copy) as address:
        tab = chromium.new_page()
        yield site_check.Look(tab, address)
        tab.close()


def plant(folder: Path, fault: str, name: str) -> Path:
    page = Path("book") / f"{name.replace(' ', '-').replace(chr(39), '')}.html"
    sound = (folder / "book" / "changelog.html").read_text(encoding="utf-8")
    assert "</article>" in sound
    (folder / page).write_text(sound.replace("</article>", f"{fault}</article>"), encoding="utf-8")
    return page


def test_the_copy_is_sound_before_a_fault_is_planted(look_at_copy, copy):
    page = plant(copy, "", "sound")
    assert look_at_copy.problems(page) == []
    assert site_check.read_problems(copy, page) == []


@pytest.mark.parametrize("name", PLANTED)
def test_looking_finds_a_planted_fault(look_at_copy, copy, name):
    fault, complaint = PLANTED[name]
    problems = look_at_copy.problems(plant(copy, fault, name))
    assert any(complaint in problem for problem in problems), problems


@pytest.mark.parametrize("name", UNREAD)
def test_reading_finds_a_planted_fault(copy, name):
    fault, complaint = UNREAD[name]
    problems = site_check.read_problems(copy, plant(copy, fault, name))
    assert any(complaint in problem for problem in problems), problems
