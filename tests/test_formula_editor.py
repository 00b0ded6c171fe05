"""Oracle: the text itself, which must stay as it is; our reader, to whom old and new text say the same."""

from __future__ import annotations

import shutil
import sys
import tarfile
from pathlib import Path

import formula_editor
import npm
import pytest
import site_server
import try_site
import yaml

from helpers.notation import of_texts
from helpers.proof.read.text import read

ROOT = Path(__file__).resolve().parents[1]
SHOWN = yaml.safe_load((ROOT / "book" / "gallery.yaml").read_text(encoding="utf-8"))
MORE = {
    "a display, a reason and cases": r"""Suppose $x > 0$ and $C = x^2$, then
\[ \frac{dC}{dx} = 2 x \]
% a remark
\begin{align}
|x| &= \begin{cases} x & x > 0 \\ -x & x \le 0 \end{cases} && \text{as defined} \\[1ex]
    &= x. \label{last}
\end{align}
and that is all.""",
    "lines without a display": r"""Let $C = (y - w x)^2$.
\frac{\partial C}{\partial w} = -2 (y - w x) x
  = -2xy + 2wx^2
""",
}
TEXTS = {one["title"]: one["text"] for one in SHOWN} | MORE


@pytest.fixture(scope="module")
def mathlive(tmp_path_factory) -> Path:
    """MathLive as `make book` has fetched it already, or fetched now."""
    folder = tmp_path_factory.mktemp("parts") / "mathlive"
    if formula_editor.OUT.is_dir():
        shutil.copytree(formula_editor.OUT, folder)
    formula_editor.assemble(folder)
    return folder


@pytest.fixture(scope="module")
def site(mathlive, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = try_site.build(folder, {"index": try_site.OWN}, python=None, editor=mathlive)
    assert done.returncode == 0, done.stderr
    return folder / "out"


@pytest.fixture(scope="module")
def address(site):
    with site_server.serve(site) as address:
        yield address


class Page(try_site.Visit):
    def __init__(self, chromium, address: str) -> None:
        super().__init__(chromium, address)
        self.text = self.tab.locator(".syw-try-area")
        self.fields, self.lines = self.tab.locator("math-field"), self.tab.locator(".syw-try-lines li")

    def open(self, text: str) -> None:
        self.text.fill(text)
        self.press("Write without LaTeX")
        self.fields.first.wait_for()

    def type(self, text: str) -> None:
        """Type into the field that has the cursor."""
        self.tab.wait_for_function("document.activeElement?.tagName === 'MATH-FIELD'")
        self.tab.keyboard.type(text)

    def keys(self, *names: str) -> None:
        for name in names:
            self.tab.keyboard.press(name)

    def reads(self, part: str) -> None:
        """Wait until the text has this part; MathLive reports what is typed a little later."""
        self.tab.wait_for_function(
            "part => document.querySelector('.syw-try-area').value.includes(part)", arg=part
        )

    def press(self, name: str) -> None:
        self.tab.get_by_role("button", name=name).last.click()


@pytest.fixture
def page(chromium, address):
    page = Page(chromium, f"{address}/index.html")
    yield page
    assert page.complaints == []
    assert page.foreign(address) == []
    page.tab.close()


REWRITE = """fields => fields.forEach((field) => {
  for (const one of ["moveToMathfieldEnd", ["insert", "q"], "deleteBackward"]) field.executeCommand(one);
})"""


def meant(text: str) -> tuple:
    """What our reader makes of a text, and the rows that it does not read."""
    reading = read(text, of_texts())
    lines = [(str(part.start), [str(line.expr) for line in part.lines]) for part in reading.chain.parts]
    defined = [(str(name), str(what)) for name, what in reading.definitions]
    return lines, defined, {*reading.troubles}


@pytest.mark.parametrize("name", TEXTS)
def test_looking_at_a_text_changes_nothing_and_a_rewritten_one_says_the_same(page, name):
    text = TEXTS[name]
    page.open(text)
    assert page.text.input_value() == text
    assert not page.text.is_visible()
    assert page.tab.evaluate("document.documentElement.scrollWidth") <= 390
    # Every field writes its formula anew, in MathLive's own LaTeX.
    page.fields.evaluate_all(REWRITE)
    written = page.text.input_value()
    assert written != text
    assert meant(written) == meant(text)
    page.press("Write in LaTeX")
    assert page.text.is_visible()
    assert page.text.input_value() == written


def test_a_line_is_written_as_it_looks(page):
    page.open("Let $C = (y - w x)^2$.\n\\begin{align}\nC &= (wx - y)^2 \\\\\n&= w\n\\end{align}")
    page.fields.last.click()
    page.keys("End")
    page.type("+1/2")
    page.keys("Enter")
    page.type("sum")
    page.type("i=1")
    page.keys("Tab")
    page.type("n")
    page.keys("Tab")
    page.type("sigma")
    page.type("_i")
    page.reads("&=w+\\frac12 \\\\\n&=\\sum_{i=1}^{n}\\sigma_{i}\n\\end{align}")
    page.press("Say what a letter is")
    page.type("z=w")
    page.reads("Let $C = (y - w x)^2$.\nLet $z=w$.\n\\begin{align}")
    assert page.lines.count() == 5
    page.press("Remove line 5")
    page.reads("&=w+\\frac12\n\\end{align}")
    assert page.lines.count() == 4


def test_an_empty_text_is_begun(page):
    page.press("Write without LaTeX")
    page.press("Add a line")
    page.type("a=b")
    page.keys("Enter")
    page.type("c")
    page.press("Say what a letter is")
    page.type("b=c")
    page.reads("Let $b=c$.\na=b\n=c")


def test_a_text_that_is_put_in_is_shown(page):
    page.open("a = b")
    page.tab.get_by_role("button", name="A lost sign").click()
    page.lines.nth(3).wait_for()
    assert page.fields.nth(0).evaluate("field => field.value") == "C = (y - w x)^2"


def test_a_command_that_the_editor_lacks_stays_latex(page):
    page.open("\\mycommand{x} = y\na = b")
    plain = page.tab.locator(".syw-try-lines input")
    assert plain.input_value() == "\\mycommand{x} = y"
    plain.fill("\\mycommand{x} = z")
    plain.press("Enter")
    page.type("c")
    page.reads("\\mycommand{x} = z\n=c\na = b")


def test_a_book_without_it_says_so(chromium, site, tmp_path):
    copy = shutil.copytree(site, tmp_path / "site")
    shutil.rmtree(copy / "_static" / "mathlive")
    page = Page(chromium, (copy / "index.html").as_uri())
    page.text.fill("a = b")
    page.press("Write without LaTeX")
    page.tab.get_by_text("built without the formula editor").wait_for(timeout=5000)
    assert page.text.is_visible()
    page.tab.close()


def test_another_archive_than_ours_is_refused_and_only_what_is_shown_is_kept(mathlive, tmp_path, monkeypatch):
    kept = {path.name for path in mathlive.iterdir()}
    assert kept == {*formula_editor.FILES, "fonts", formula_editor.STAMP}
    archive = tmp_path / "mathlive-0.111.1.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(mathlive / "mathlive.min.js", "package/mathlive.min.js")
    bring = f"import shutil; shutil.copy({str(archive)!r}, '.')"
    monkeypatch.setattr(npm, "tool", lambda name: [sys.executable, "-c", bring])
    with pytest.raises(npm.Unavailable, match="not the one this book was tested with"):
        formula_editor.assemble(tmp_path / "made")
    assert not (tmp_path / "made").exists()
