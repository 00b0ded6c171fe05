"""Oracles: style sheets and pages small enough to say by hand what is left of them; the limits of a page."""

from __future__ import annotations

import random
import re
import string
from pathlib import Path

import pytest
import site_weight
import syw_code
import syw_figures
import syw_light
from docutils import nodes
from docutils.utils import new_document
from pygments import highlight
from pygments.lexers import PythonLexer
from sampling import sample
from site_pages import PAGES, SITE

PAGE = """<html data-theme="auto"><head><meta charset="utf-8" />
<meta name="viewport" content="width=device-width"><meta name="viewport" content="a=b"/>
<script>dataset.theme = localStorage.getItem("theme") || "auto";</script>
<script defer src="../_static/scripts/fontawesome.js?digest=1"></script>
<link rel="stylesheet" href="../_static/sphinx-thebe.css?v=1" />
<link rel="stylesheet" href="../_static/showwork.css?v=1" /></head>
<body><div id="pst-scroll-pixel-helper"></div><a class="headerlink" href="#a">#</a>
<nav aria-label="Page"></nav><nav aria-label="Page"></nav><nav aria-label="Main"></nav></body></html>"""


# ---------------------------------------------------------------- pages
def test_a_finished_page_loads_less_and_sets_its_theme_at_once():
    made = syw_light.finish(PAGE, "../")
    assert "fontawesome" not in made
    assert "sphinx-thebe" not in made
    assert made.count('name="viewport"') == 1
    head = made.partition("<body")[0]
    assert head.index("localStorage") < head.index("matchMedia") < head.index("without-scripts.css")
    assert head.index("without-scripts.css") < head.index(
        "showwork.css"
    )  # the book's style has the last word
    assert '<a class="headerlink" tabindex="-1"' in made


def test_landmarks_of_one_name_are_told_apart():
    made = syw_light.finish(PAGE, "../")
    assert re.findall(r'<nav aria-label="([^"]*)"', made) == ["Page", "Page (2)", "Main"]


def test_what_is_no_page_stays_as_it_is():
    assert syw_light.finish("nothing", "") == "nothing"


# ---------------------------------------------------------------- styles
def test_a_style_sheet_is_cut_into_its_rules():
    css = '@import "a{";/* b{ */ a,b{c:d;e:"}"} @media print{f{g:h}}'
    assert [(head.strip(), body) for head, body in syw_light.rules(css)] == [
        ('@import "a{";', ""),
        ("a,b", 'c:d;e:"}"'),
        ("@media print", "f{g:h}"),
    ]


def test_a_style_sheet_that_ends_within_a_rule_is_an_error():
    with pytest.raises(ValueError, match="ends within a rule: a"):
        list(syw_light.rules("a{b:c"))


def test_rules_of_icons_are_dropped_and_others_stay():
    css = "@font-face{src:url(fontawesome/x.woff2)}.fa-sun,.fas{a:b}.x .fa-sun,.y{c:d}.fable{e:f}"
    assert syw_light.without_icons(css).split("\n") == [".y{c:d}", ".fable{e:f}"]


def test_rules_of_a_theme_become_rules_for_the_readers_system():
    css = (
        "html[data-theme=dark]{a:1}html[data-theme='light'],html:not([data-theme]){a:2}b{c:3}"
        '@media print{html[data-theme="dark"] p{d:4}}'
    )
    light, dark = syw_light.by_system(css)
    assert light == "html[data-theme=auto]{a:2}"
    assert dark.split("\n") == [
        "html[data-theme=auto]{a:1}",
        "@media print{html[data-theme=auto] p{d:4}}",
    ]


# ---------------------------------------------------------------- fewer elements
def test_code_has_elements_only_where_it_has_a_colour():
    html = highlight('x = f(a, "b") + 1\n', PythonLexer(), syw_code.Lines(nowrap=False))
    assert re.findall(r'<span class="(\w+)">([^<]*)', html) == [("s", '"b"'), ("mi", "1")]


def test_a_quoted_number_looks_like_a_number_and_code_like_code():
    doctree = new_document("page")
    doctree += [
        nodes.paragraph("", "", nodes.literal("", text)) for text in ("98.0 %", "784-200-10", "fit", "x[1]")
    ]
    syw_code.plain_numbers(None, doctree)
    assert [literal.astext() for literal in doctree.findall(nodes.literal)] == ["fit", "x[1]"]
    assert doctree.astext().split("\n\n") == ["98.0\u00a0%", "784-200-10", "fit", "x[1]"]


def test_only_a_line_that_may_not_fit_says_how_it_wraps():
    short, long = "    x = 1\n", f"    y = {'1' * 50}\n"
    assert syw_code.line(short) == short
    assert syw_code.line(long) == f'<span class="syw-line" style="--indent: 4">{long}</span>'


def test_plain_code_has_the_colour_of_the_text_in_both_themes():
    css = (SITE / "_static" / "pygments.css").read_text(encoding="utf-8")
    for theme in ("light", "dark"):
        (text,) = re.findall(rf'"{theme}"\] \.highlight {{ background: #\w+; color: (#\w+) }}', css)
        for kind in ("n", "p", "w", "nn"):
            assert f'"{theme}"] .highlight .{kind} {{ color: {text} }}' in css


def test_groups_that_say_nothing_are_taken_out_of_a_drawing():
    svg = '<svg><!-- a --><g><g style="b"><g><path/></g></g><use/></g></svg>'
    assert syw_figures.flatten(svg) == '<svg><g style="b"><path/></g><use/></svg>'


# ---------------------------------------------------------------- limits
@pytest.mark.parametrize("page", sample(PAGES, 2), ids=str)
def test_a_page_is_light(page):
    assert (SITE / page).is_file(), "The site is not built: run make book first."
    assert site_weight.too_heavy(SITE, page) == []


def test_a_heavy_page_is_found(tmp_path):
    (tmp_path / "a.js").write_text("x" * 1_300_000, encoding="utf-8")
    (tmp_path / "a.css").write_bytes(bytes(range(256)) * 10)
    noise = "".join(random.Random(0).choices(string.ascii_letters, k=1_000_000))
    html = f'<script src="a.js"></script><link rel="stylesheet" href="a.css"><p>{noise}{"<b></b>" * 12_000}'
    (tmp_path / "a.html").write_text(html, encoding="utf-8")
    bytes_, scripts, nodes = site_weight.too_heavy(tmp_path, Path("a.html"))
    assert "bytes, more than 600,000" in bytes_
    assert "scripts of 1,300,000 bytes" in scripts
    assert "12,003 elements" in nodes


def test_figures_weigh_nothing_here(tmp_path):
    (tmp_path / "a.html").write_text(f"<p>a</p><svg>{'<path/>' * 9}</svg>", encoding="utf-8")
    (tmp_path / "b.html").write_text("<p>a</p>", encoding="utf-8")
    weights = [site_weight.weigh(tmp_path, Path(name)) for name in ("a.html", "b.html")]
    assert weights[0].transfer == weights[1].transfer
    assert weights[0].nodes == weights[1].nodes + 10
