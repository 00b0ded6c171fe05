"""Oracle: MathML written down by hand for small formulas, and what a browser makes of the typeset page."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import syw_maths
from bs4 import BeautifulSoup
from syw_maths import Refused, Typesetter, has_rows, in_html

SITE = Path(__file__).resolve().parents[1] / "_build" / "html"
MACROS = {"R": r"\mathbb{R}", "softmax": r"\operatorname{softmax}"}


@pytest.fixture(scope="module")
def typeset():
    return Typesetter(MACROS)


def bare(mathml: str) -> str:
    """Tags without attributes."""
    return re.sub(r"<(\w+)[^>]*>", r"<\1>", mathml)


@pytest.mark.parametrize(
    ("tex", "mathml"),
    [
        ("x", "<math><mi>x</mi></math>"),
        (r"\frac{1}{w_j}", "<math><mfrac><mn>1</mn><msub><mi>w</mi><mi>j</mi></msub></mfrac></math>"),
        (r"\R", "<math><mi>ℝ</mi></math>"),
        (r"\sigma'", "<math><mi>σ</mi><mo>′</mo></math>"),
        (
            r"x^{\left(y\right)}",
            "<math><msup><mi>x</mi><mrow><mo>(</mo><mi>y</mi><mo>)</mo></mrow></msup></math>",
        ),
        (r"\sum_{j} x", "<math><msub><mo>∑</mo><mi>j</mi></msub><mi>x</mi></math>"),
        (r"a \;=\; b", "<math><mi>a</mi><mo>=</mo><mi>b</mi></math>"),
    ],
)
def test_a_formula_becomes_the_mathml_that_we_wrote_down(typeset, tex, mathml):
    assert bare(typeset(tex)) == mathml


@pytest.mark.parametrize(
    ("tex", "count", "parts"),
    [
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", 2, "mtr"),
        (r"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}", 2, "mtr"),
        (r"\hat{y} + \bar{x} + \tilde{w} + \vec{a}", 4, "mover"),
        (r"\sum_{i=1}^{n} x_i", 1, "munderover"),
        (r"\boxed{x} = \color{red}{y}", 2, '[style*="color"], [style*="border"]'),
        (r"E = m \tag{3}", 1, ".tml-tag"),
        (r"\softmax(z)", 1, "mi:-soup-contains(softmax)"),
    ],
)
def test_what_the_chapters_use_is_set(typeset, tex, count, parts):
    made = BeautifulSoup(typeset(tex, True), "html.parser")
    assert len(made.select(parts)) == count
    assert made.math["alttext"] == tex
    assert made.math["display"] == "block"


def test_a_bracket_grows_only_around_what_is_tall(typeset):
    def grows(tex: str) -> list[str]:
        return re.findall(r'stretchy="(\w+)"', typeset(tex))

    assert grows(r"\left(u + v\right)") == ["false", "false"]
    assert grows(r"\left(\frac{u}{v}\right)") == ["true", "true"]
    assert grows(r"\left(\left(u\right) \frac{1}{2}\right)") == ["true", "false", "false", "true"]


def test_a_long_inline_formula_may_break_and_a_short_one_may_not(typeset):
    long = " + ".join(f"x_{{{k}}}" for k in range(30))
    assert 'class="syw-breaks"' in typeset(long)
    assert "syw-breaks" not in typeset("x + y")
    assert "syw-breaks" not in typeset(long, True)


@pytest.mark.parametrize("tex", [r"\frac{1}", r"\nosuch{x}", "{x", r"\left( x"])
def test_what_is_no_formula_is_refused_with_a_reason(typeset, tex):
    with pytest.raises(Refused, match=r"\w+ \w+"):
        typeset(tex)


def test_a_definition_in_one_formula_does_not_reach_the_next(typeset):
    typeset(r"\gdef\mine{x} \mine")
    with pytest.raises(Refused):
        typeset(r"\mine + 1")


def test_nothing_that_is_typed_becomes_markup_of_its_own(typeset):
    made = typeset(r'\text{<img src=x onerror="alert(1)">}')
    assert "<img" not in made
    assert "<a" not in typeset("x") + made
    with pytest.raises(Refused):
        typeset(r"\href{javascript:alert(1)}{x}")


def test_formulas_in_html_are_found_and_dollars_in_code_are_left():
    asked = []

    def note(tex: str, display: bool) -> str:
        asked.append((tex, display))
        return "M"

    html = (
        r'<span class="math notranslate">\(a &lt; b\)</span><div class="math" id="e">\[c\]</div>'
        r'<span class="syw-math mathjax_process">\[d\]</span><p>5 $ and 6 $</p>'
        '<div class="output text_html"><p title="$t$">of $e$ and <code>$f$</code> for 5 $</p></div>'
    )
    assert in_html(html, note) == (
        'M<div class="math" id="e">M</div>M<p>5 $ and 6 $</p>'
        '<div class="output text_html"><p title="$t$">of M and <code>$f$</code> for 5 $</p></div>'
    )
    assert asked == [("a < b", False), ("c", True), ("d", True), ("e", False)]


def test_rows_are_told_from_the_rows_of_an_environment():
    assert has_rows(r"a &= b \\ &= c")
    assert not has_rows(r"\begin{aligned} a \\ b \end{aligned}")
    assert not has_rows(r"\sum_{\substack{i \\ j}} x")


def test_a_formula_that_cannot_be_set_is_a_warning_with_its_place(monkeypatch):
    said = []
    monkeypatch.setattr(syw_maths.logger, "warning", lambda *words, **where: said.append((words, where)))
    app = SimpleNamespace(syw_typesetter=Typesetter({}))
    assert syw_maths.set_or_warn(app, r"\nosuch < 1", False, "book/intro") == r"<code>\nosuch &lt; 1</code>"
    (((_, tex, why), where),) = said
    assert (tex, where) == (r"\nosuch < 1", {"location": "book/intro"})
    assert r"\nosuch" in str(why)


def test_a_sign_behind_a_formula_stays_on_its_line(chromium, tmp_path):
    static, page = Path(syw_maths.__file__).resolve().parents[1] / "_static", chromium.new_page()
    script, style = (
        (static / "reach.js").read_text("utf-8"),
        (static / "maths" / "maths.css").read_text("utf-8"),
    )
    formula = "<math><mi>x</mi><mo>=</mo><mi>y</mi></math>"
    held = re.search(r"^.*\.syw-held.*$", style, re.MULTILINE)[0]
    text = f"<article style='width: 1px'>a {formula}<b>.</b> a {formula}). b {formula} c</article>"
    (tmp_path / "a.html").write_text(f"<style>{held}</style><script>{script}</script>{text}", "utf-8")
    page.goto((tmp_path / "a.html").as_uri())
    assert page.locator(".syw-held").all_text_contents() == ["x=y)."]
    assert page.locator(".syw-held").evaluate("held => held.getClientRects().length") == 1
    page.close()


def test_the_pages_have_formulas_and_no_typesetter():
    page = (SITE / "notebooks" / "01-logistic-regression.html").read_text(encoding="utf-8")
    assert page.count("<math ") > 100
    assert not re.search(r"<script[^>]*(?:mathjax|tex-chtml)", page)
    assert not (SITE / "_static" / "mathjax").exists()
    assert (SITE / "_static" / "maths" / "typeset.js").is_file()
