"""Oracle: fifty queries with the page that each reader means, put to the search page in a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import site_check
import site_server
import syw_search
import yaml
from playwright.sync_api import expect
from sphinx.errors import ExtensionError

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
ASKED = [tuple(one) for one in yaml.safe_load((ROOT / "tests" / "search.yaml").read_text(encoding="utf-8"))]
BUSY = 120_000  # milliseconds, on a machine that does much else
FIND = """queries => Object.fromEntries(queries.map(query => {
  const place = document.getElementById("search-results");
  sywSearchShow(query);
  const items = [...place.querySelectorAll("ul.search > li")];
  return [query, {
    pages: items.map(item => item.querySelector("a").getAttribute("href").replace(/[.]html.*/, "")),
    snippets: items.map(item => item.querySelector(".syw-snippet")?.textContent ?? ""),
    defined: place.querySelectorAll(".syw-defined").length,
  }];
}))"""
CHROME = re.compile(
    r"Show the code|Hide the code|Contents|Previous|\.pdf|Try it here|def \w+\(|import |\\[a-z]+|[{}]"
)


def misplaced(found: dict, asked: list[tuple[str, str]]) -> list[str]:
    """Queries whose page is not first or second; a term of the glossary is to be explained above all."""
    problems = []
    for query, wanted in asked:
        seen = found[query]
        good = seen["defined"] > 0 if wanted == "book/glossary" else wanted in seen["pages"][:2]
        if not good:
            problems.append(f"{query}: {wanted} is not among {seen['pages'][:2]}")
    return problems


def unread(found: dict) -> list[str]:
    """Snippets that are no sentence: furniture of the page, code, LaTeX, or words without an end."""
    seen = {snippet for one in found.values() for snippet in one["snippets"][:5]}
    return sorted(s for s in seen if not s or s[-1] not in ".?!:" or CHROME.search(s))


@pytest.fixture(scope="module")
def page(chromium):
    """The search page as a file, not served: what a reader opens who has the folder alone."""
    assert (SITE / "search.html").is_file(), site_check.MISSING
    tab = chromium.new_page()
    tab.goto((SITE / "search.html").as_uri())
    tab.wait_for_function("window.sywSearch")
    yield tab
    tab.close()


@pytest.fixture(scope="module")
def found(page):
    return page.evaluate(FIND, [query for query, _ in ASKED])


def test_the_wanted_page_is_first_or_second(found):
    assert len(ASKED) >= 40
    assert misplaced(found, ASKED) == []


def test_snippets_are_sentences(found):
    assert unread(found) == []


def test_a_wrong_rank_and_a_snippet_of_furniture_are_noticed(found):
    other = "book/changelog"
    assert misplaced(found, [("momentum", other)]) == [
        f"momentum: {other} is not among {found['momentum']['pages'][:2]}"
    ]
    assert len(misplaced({"x": {"pages": [], "defined": 0}}, [("x", "book/glossary")])) == 1
    for snippet in ("Show the code", "def f(x): return.", r"The \frac is seen.", "no end", ""):
        assert unread({"x": {"snippets": [snippet]}}) == [snippet]


def test_ranks_depend_on_what_is_written(page):
    """With the weights turned round the evidence comes before the chapters: the ranks are no accident."""
    ranks = """query => {
      const turned = sywSearch.entries.map(entry => entry.weight);
      sywSearch.entries.forEach(entry => entry.weight = 1 / entry.weight ** 3);
      const pages = sywSearch.pages(query).pages.map(({ doc }) => doc);
      sywSearch.entries.forEach((entry, k) => entry.weight = turned[k]);
      return pages;
    }"""
    assert not page.evaluate(ranks, "early stopping")[0].startswith("notebooks/")


def test_a_reader_types_and_follows(chromium):
    with site_server.serve(SITE) as address:
        tab = chromium.new_page()
        tab.set_default_timeout(BUSY)
        tab.goto(f"{address}/book/changelog.html")
        tab.keyboard.press("Control+k")
        tab.keyboard.type("vanishing gradient")
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/search.html?q=vanishing+gradient")
        expect(tab.locator(".syw-defined")).to_contain_text("Slopes that shrink", timeout=BUSY)
        tab.locator(".bd-search-container input").fill("xyzzyplugh")
        expect(tab.locator("#search-results")).to_contain_text("did not match", timeout=BUSY)
        tab.locator(".bd-search-container input").fill("momentum")
        tab.locator(".syw-places a").first.click()
        tab.wait_for_url("**/notebooks/**#**")
        tab.close()


# ---------------------------------------------------------------- what is read from a page
BODY = r"""<section id="top"><h1>1. Title<a class="headerlink" href="#top">#</a></h1>
<p>The slope of <span class="math">\(\sigma'(z)\)</span> is
<span class="math">\(\frac{\partial C}{\partial w}\)</span>.
Figure 1.1. Another sentence follows here.</p><pre>x = 1.</pre><script>no.</script>
<section id="part"><h2>A part</h2><p>Of<br>course this is one, too.</p>
<table><tr id="claim-a"><th>A1 · report C</th>
<td><p>It stops after \(\lambda\) epochs.</p></td><td>31</td></tr></table></section></section>
<dl><dt id="term-x">epoch<a class="headerlink">#</a></dt>
<dd><p>One pass over the training images.</p></dd></dl>"""


def test_a_page_is_read_into_its_places():
    top, part, claim, term = syw_search.read(BODY)
    assert (top.anchor, top.title) == ("", "1. Title")
    assert top.sentences == ["The slope of σ'(z) is ….", "Figure 1.1. Another sentence follows here."]
    assert (part.anchor, part.title, part.sentences) == ("part", "A part", ["course this is one, too."])
    assert (claim.anchor, claim.title) == ("claim-a", "A1 · report C")
    assert (claim.sentences, claim.words) == (["It stops after λ epochs."], ["31"])
    assert (term.anchor, term.title, term.sentences) == (
        "term-x",
        "epoch",
        ["One pass over the training images."],
    )


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\(\lambda\)", "λ"),
        (r"\((\hat y - y)\,x\)", "(ŷ - y) x"),
        (r"\(a \le \Omega\)", "a ≤ Ω"),
        (r"\(\frac12\)", "…"),
        ("x" * 30, "…"),
    ],
)
def test_short_formulas_are_letters_and_long_ones_dots(latex, text):
    assert syw_search.plain(latex) == text


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"weights": {"book/x": 3}}, "the weight of book/x is 3"),
        ({"same": [["one"]]}, "no list of at least two words"),
        ({"more": 1}, "and no more"),
    ],
)
def test_a_slip_in_the_settings_is_one_sentence(tmp_path, change, complaint):
    sound = yaml.safe_load((ROOT / "book" / "search.yaml").read_text(encoding="utf-8"))
    path = tmp_path / "search.yaml"
    path.write_text(yaml.safe_dump(sound | change), encoding="utf-8")
    with pytest.raises(ExtensionError, match=complaint):
        syw_search.settings(path)
