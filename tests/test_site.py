"""Oracle: a real browser looks at every page of the built site; planted faults show that it can complain."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import site_check
import site_server
from playwright.sync_api import expect
from sampling import sample
from site_pages import CHAPTERS, PAGES, SITE, some
from site_visits import Visits, code_of, code_problems, dark_problems, solution_problems

DRAWN = [
    page for page in PAGES if (SITE / page).is_file() and "syw-figure" in (SITE / page).read_text("utf-8")
]


@pytest.fixture(scope="module")
def address():
    assert (SITE / "index.html").is_file(), site_check.MISSING
    with site_server.serve(SITE) as address:
        yield address


@pytest.fixture(scope="module")
def visits(chromium, address):
    visits = Visits(chromium, address)
    yield visits
    visits.context.close()


@pytest.fixture
def tab(visits):
    tab = visits.context.new_page()
    yield tab
    tab.close()


# ---------------------------------------------------------------- every page, loaded once
@pytest.mark.parametrize("page", some(written=3, chapters=3), ids=str)
def test_a_page_looks_right(visits, page):
    assert visits.problems(page, "looks") == []


@pytest.mark.parametrize("page", sample(CHAPTERS, 3), ids=str)
def test_code_wraps_and_is_copied_as_it_was_written(visits, page):
    assert code_of(page)
    assert visits.problems(page, "code") == []


@pytest.mark.parametrize("page", sample(CHAPTERS, 3), ids=str)
def test_solutions_are_hidden_until_opened(visits, page):
    assert visits.problems(page, "solutions") == []


@pytest.mark.parametrize("page", sample(DRAWN, 3), ids=str)
def test_figures_follow_dark_mode(visits, page):
    assert visits.problems(page, "dark") == []


def test_some_chapters_have_figures_and_the_notation_has_formulas(visits):
    assert DRAWN or not CHAPTERS
    notation = Path("book/notation.html")
    assert visits.problems(notation, "looks") == []
    assert visits.formulas[notation] > 20


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere_and_images_have_a_text(address, page):
    assert site_check.read_problems(SITE, page) == []


# ---------------------------------------------------------------- what a reader presses
def test_the_root_leads_to_the_landing_page(tab, address):
    tab.goto(f"{address}/")
    tab.wait_for_url(f"{address}/book/intro.html")


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
def test_the_page_follows_the_system_and_the_button_changes_it(chromium, address, scheme, dark):
    context = chromium.new_context(color_scheme=scheme)
    tab = context.new_page()
    tab.goto(f"{address}/book/intro.html")
    expect(tab.locator("html")).to_have_attribute("data-theme", scheme)
    seen = [background(tab)]
    for _ in range(3):
        tab.locator("button.theme-switch-button:visible").first.click()
        seen.append(background(tab))
    assert (seen[0] < 200) is dark
    assert min(seen) < 200 < 600 < max(seen)
    context.close()


# ---------------------------------------------------------------- can the checks fail?
PLANTED = {
    "another host's script": ('<script src="https://example.org/x.js"></script>', "another host"),
    "a script that asks another host": ("<script>fetch('//example.org')</script>", "to another host"),
    "raw maths": (r"<p>so \frac{1}{2} is left</p>", "raw maths"),
    "maths between dollars": ("<p>so $x^2$ is left</p>", "raw maths"),
    "maths that is not typeset": ('<span class="math">x + 1</span>', "a formula is not typeset"),
    "maths that is wrong": ("<math><mfrac><mn>1</mn></mfrac></math>", "maths with missing parts"),
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
    "a link without a name": ('<a href="intro.html"><img src="../_static/logo.svg" alt=""></a>', "no name"),
    "an empty heading": ("<h2></h2>", "no name"),
    "an apostrophe escaped twice": ("<p>the cost&amp;#x27;s slope</p>", "escaped twice"),
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


# What a reader does, on a page where all of it goes wrong.
BROKEN = {
    "wide": '<div class="highlight" style="width: 90px"><pre style="white-space: pre; overflow: auto">'
    f"{'x' * 200}</pre></div>",
    "copied": '<div class="cell_input"><div class="highlight">'  # a button leaves line numbers out
    '<pre><span class="linenos">b = 2\n</span>a = 1</pre></div></div>',
    "figure": '<p class="syw-figure"><svg aria-label="a"><text style="fill: #123456">a</text></svg></p>',
    "solution": '<details class="syw-solution" open><summary>Solution</summary><p>2</p></details>',
}


def test_what_a_reader_does_can_go_wrong(chromium, copy):
    page = plant(copy, "".join(BROKEN.values()), "a reader's day")
    with site_server.serve(copy) as address:
        visits = Visits(chromium, address)
        visits.look.problems(page)
        tab = visits.look.tab
        wide, copied = code_problems(tab, ["b = 2\na = 1"])
        assert wide.startswith("code does not wrap: xxx")
        assert copied == r"copied as 'a = 1', written as 'b = 2\na = 1'"
        assert dark_problems(tab) == ["the letters of the first figure are rgb(18, 52, 86) in both themes"]
        assert solution_problems(tab) == ["1 solutions are open from the start"]
        assert visits.problems(Path("book/changelog.html"), "solutions") == ["there is no solution"]
        visits.context.close()
