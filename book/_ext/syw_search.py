"""Search: what each page says, section by section, as one script that the search page loads.

Sphinx's own index knows neither sentences nor which page a reader means, and shows a page's furniture as its
content. Here every section, glossary term and claim is an entry of its own, with its sentences apart from the
words that are only to be found (cells of tables, titles of boxes). Code and formulas' LaTeX are no text.
book/search.yaml says what pages weigh and which words mean the same; book/_static/search.js ranks.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import yaml
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

VOID = {"br", "img", "hr", "input", "meta", "link", "wbr", "source", "col"}
SILENT = {
    "script",
    "style",
    "svg",
    "pre",
    "nav",
    "form",
    "button",
    "select",
    "noscript",
    "summary",
    "annotation",
}
QUIET = {"headerlink", "syw-try", "syw-how", "syw-verdict-line", "cell_input",
         "syw-reading-line", "syw-alone", "syw-counterexample", "syw-api", "toctree-wrapper"}  # fmt: skip
BADGES = {"syw-badge", "syw-verdict"}  # what they say stands in the glossary of badges alone
BLOCKS = {"p", "li", "dd", "dt", "td", "th", "tr", "figcaption", "caption", "div", "section", "ul", "ol",
          "dl", "table", "details", "figure", "blockquote", "br"}  # fmt: skip
PROSE = {"p", "li", "dd", "figcaption", "blockquote", "dt"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS |= HEADINGS
ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z“(])")
FORMULA = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]")  # in rows that are written as HTML
LONGEST_FORMULA = 24  # letters; a longer one is a dot-dot-dot in running text


SIGNS = {"le": "≤", "ge": "≥", "ne": "≠", "to": "→", "cdot": "·", "times": "×", "partial": "∂", "infty": "∞",
         "in": "∈", "pm": "±", "ell": "ℓ", "ln": "ln ", "log": "log ", "exp": "exp ", "max": "max ",
         "min": "min "}  # fmt: skip


@dataclass
class Entry:
    """One place that a search can lead to."""

    anchor: str
    title: str
    sentences: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def plain(latex: str) -> str:
    """A short formula as running text, `\\(\\sigma'(z)\\)` as σ'(z); a long one as a dot-dot-dot."""
    text = re.sub(r"^\s*\\[(\[]|\\[)\]]\s*$", "", latex.strip())
    text = re.sub(
        r"\\hat\s*\{?([A-Za-z])\}?", lambda hat: unicodedata.normalize("NFC", f"{hat[1]}\u0302"), text
    )
    text = re.sub(r"\\(?:tilde|bar|mathbf|mathrm|text|operatorname)\b", "", text)
    text = re.sub(rf"\\({'|'.join(SIGNS)})(?![a-z])|\\([,;!])", _sign, text)
    text = re.sub(r"\\([A-Za-z]+)", _letter, text)
    text = " ".join(re.sub(r"[{}]", "", text).split())
    return text if "\\" not in text and len(text) <= LONGEST_FORMULA else "…"


def _sign(match: re.Match) -> str:
    return SIGNS[match[1]] if match[1] else " "


def _letter(match: re.Match) -> str:
    size = "CAPITAL" if match[1][0].isupper() else "SMALL"
    try:
        name = match[1].removeprefix("var").upper().replace("LAMBDA", "LAMDA")  # as Unicode spells it
        return unicodedata.lookup(f"GREEK {size} LETTER {name}")
    except KeyError:
        return match[0]


class Reader(HTMLParser):
    """Reads the body of one page into its entries, in one pass."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.entries = [Entry("", "")]
        self.stack: list[tuple[str, str]] = []  # (tag, what it is: silent, maths, or nothing)
        self.sections: list[str] = []
        self.text: list[str] = []
        self.formula: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        if tag in BLOCKS:
            self.flush()
        if tag in VOID:
            return
        quiet = classes & QUIET or (classes & BADGES and not self.is_in("dt"))
        kind = "silent" if tag in SILENT or quiet else ""
        if not kind and (tag == "math" or "math" in classes):
            kind = "maths"
        self.stack.append((tag, kind))
        if tag == "section":
            self.sections.append(given.get("id", ""))
        id = given.get("id", "")
        if tag == "dt" or (id.startswith("claim-") and tag in ("tr", "span")):
            self.entries.append(Entry(id or self.entries[-1].anchor, ""))
        elif tag in HEADINGS:
            anchor = self.sections[-1] if self.sections else ""
            self.entries.append(Entry("" if tag == "h1" else anchor, ""))

    def handle_endtag(self, tag: str) -> None:
        if not self.is_in(tag):
            return
        if tag in BLOCKS:
            self.flush()
        while self.stack:
            name, kind = self.stack.pop()
            if name == "section":
                self.sections.pop()
            if kind == "maths" and not self.inside("maths"):
                self.text.append(plain("".join(self.formula)))
                self.formula.clear()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self.inside("silent"):
            (self.formula if self.inside("maths") else self.text).append(data)

    def is_in(self, tag: str) -> bool:
        return any(name == tag for name, _ in self.stack)

    def inside(self, kind: str) -> bool:
        return any(what == kind for _, what in self.stack)

    def flush(self) -> None:
        """What was read since the last block, as the title, the sentences or the words of the open entry."""
        text = FORMULA.sub(lambda formula: plain(formula[0]), " ".join("".join(self.text).split()))
        self.text.clear()
        if not text:
            return
        entry, tag = self.entries[-1], next((t for t, _ in reversed(self.stack) if t in BLOCKS), "")
        named = tag in ("dt", "th") or entry.anchor.startswith("claim-")
        if tag in HEADINGS or (named and not entry.title):
            entry.title = f"{entry.title} {text}".strip()
        elif tag in PROSE and text[-1] in ".?!:" and len(text.split()) > 3:
            entry.sentences += sentences(text)
        else:
            entry.words.append(text)


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph; a very short one, such as "Figure 1.1.", stays with the next."""
    found: list[str] = []
    for one in ENDS.split(text):
        if found and len(found[-1].split()) < 4:
            found[-1] += f" {one}"
        else:
            found.append(one)
    return found


def read(body: str) -> list[Entry]:
    """The entries of a page, from the HTML of its text; the first is the page itself."""
    reader = Reader()
    reader.feed(body)
    reader.close()
    reader.flush()
    filled = [entry for entry in reader.entries if entry.title or entry.sentences or entry.words]
    return [entry for entry in filled if entry.title] or filled


# ---------------------------------------------------------------- the settings
def settings(path: Path) -> dict:
    """book/search.yaml; nothing set where there is none. Raises ExtensionError that names what is wrong."""
    if not path.is_file():
        return {"weights": {}, "same": [], "ignored": []}
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    if set(found) != {"weights", "same", "ignored"}:
        raise ExtensionError(f"{path.name} must have weights, same and ignored, and no more.")
    for page, weight in found["weights"].items():
        if not isinstance(weight, (int, float)) or not 0 < weight <= 2:
            raise ExtensionError(f"{path.name}: the weight of {page} is {weight!r}: give a number up to 2.")
    for group in found["same"]:
        if not isinstance(group, list) or len(group) < 2 or not all(isinstance(w, str) for w in group):
            raise ExtensionError(
                f"{path.name}: {group!r} is no list of at least two words that mean the same."
            )
    return found


def weight(doc: str, weights: dict[str, float]) -> float:
    """What a page weighs: its own entry, else that of the nearest folder around it, else 1."""
    places = (doc, *map(str, PurePosixPath(doc).parents))
    return next((weights[place] for place in places if place in weights), 1.0)


# ---------------------------------------------------------------- the site
def keep(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Keep the entries of a page beside its doctree; the same text is not read again."""
    if doctree is None:
        return
    path, body = kept(app, pagename), context["body"]
    known = hashlib.sha256(READ_BY + body.encode()).hexdigest()
    if path.is_file() and json.loads(path.read_text(encoding="utf-8"))["of"] == known:
        return
    found = [[e.anchor, e.title, "\n".join(e.sentences), " ".join(e.words)] for e in read(body)]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"of": known, "entries": found}, ensure_ascii=False)
    path.write_text(text, encoding="utf-8")


READ_BY = Path(__file__).read_bytes()  # by other code a text may have other entries


def entries(app: Sphinx, docname: str) -> list[list[str]]:
    """The kept entries of a page: [anchor, title, sentences, words]."""
    return json.loads(kept(app, docname).read_text(encoding="utf-8"))["entries"]


def kept(app: Sphinx, docname: str) -> Path:
    return Path(app.doctreedir) / "search" / f"{docname.replace('/', '.')}.json"


def write_index(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    given = settings(Path(app.confdir) / "book" / "search.yaml")
    pages = [[doc, weight(doc, given["weights"]), entries(app, doc)] for doc in sorted(app.env.found_docs)]
    data = {"pages": pages, "same": given["same"], "ignored": given["ignored"]}
    script = f"sywSearchData({json.dumps(data, ensure_ascii=False, separators=(',', ':'))});\n"
    (Path(app.outdir) / "_static" / "search-data.js").write_text(script, encoding="utf-8")


def take_over(app: Sphinx) -> None:
    """No index of Sphinx's own: its search page would be the second one."""
    if app.builder.format == "html":
        app.builder.search = False


def page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    if app.builder.format == "html":
        yield "search", {"title": "Search"}, "syw_search.html"


def templates(app: Sphinx, config) -> None:
    config.templates_path.append(str(Path(__file__).parent / "templates"))


def setup(app: Sphinx) -> None:
    app.connect("config-inited", templates)
    app.connect("builder-inited", take_over)
    app.connect("html-collect-pages", page)
    app.connect("html-page-context", keep, priority=850)
    app.connect("build-finished", write_index)
