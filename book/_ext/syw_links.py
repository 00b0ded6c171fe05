"""Numbers of chapters, results, figures and tables, and links wherever they, or terms, are named.

The notebook stays plain Markdown: [Result](#logistic.gradient) and [Figure](02-softmax-regression.ipynb#gap)
are links in any viewer, and on the site their words become "Result 1.2" and "Figure 2.3". "chapter 4" needs
no mark. A derivation in a folded cell is a lemma: "Lemma 1.1", [Lemma](#logistic.curvature). A result is
named by its derivation, a figure or table by `name=` where it is shown. The first use of a term on a page
leads to the glossary. Each link tells what is behind it before it is followed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

import syw_again
import syw_figures
import syw_live
import syw_notebooks
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from syw_search import plain

from helpers import live
from helpers.plots import SHOWN

LOGGER = logging.getLogger(__name__)
RESULT = re.compile(
    r'<div class="syw-derivation([^"]*)">(\s*<div class="syw-summary">)'
    r'<strong title="([\w.-]+)">(.*?)</strong>'
)
LINK = re.compile(r"\[([^\]\[]+)\]\(([\w-]+\.ipynb)?#([\w.-]+)\)")
CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
CHAPTERS = re.compile(
    r"\b[Cc]hapters?\s+\d+(?:(?:,\s*(?:and\s+)?|\s+(?:and|or|to)\s+)\d+)*\b(?!\s+of\b|\.\d)"
)
ONE = re.compile(r"[Cc]hapter\s+\d+|\d+")
QUIET = (nodes.reference, nodes.title, nodes.literal, nodes.math, nodes.raw, nodes.literal_block, nodes.term,
         nodes.caption, nodes.citation, nodes.target, nodes.subtitle)  # fmt: skip
UNLINKED = ("book/bibliography", "book/changelog", "book/glossary")


@dataclass(frozen=True)
class Target:
    """What a link can lead to: "Result 1.2" in the page `doc`, and what it says."""

    number: str
    doc: str
    preview: str


# ---------------------------------------------------------------- numbers
class Numbering:
    """Gives the results, figures and tables of one chapter their numbers, in the order of the page."""

    def __init__(self, name: str) -> None:
        self.doc, self.chapter = f"notebooks/{name}", int(name[:2])
        self.folded = False  # the cell that is numbered: what is derived in a fold is a lemma
        self.counts: Counter[str] = Counter()
        self.targets: dict[str, Target] = {}

    def give(self, kind: str, id: str, preview: str) -> str:
        """The next number of a kind: "Figure 3.2". What has an id can be linked to."""
        self.counts[kind] += 1
        number = f"{kind} {self.chapter}.{self.counts[kind]}"
        if id:
            self.targets.setdefault(id, Target(number, self.doc, preview))
        return number

    def output(self, output: dict) -> dict:
        """An output with its number, as the site shows it; the same output if it gets none."""
        data, shown = output.get("data", {}), output.get("metadata", {}).get(SHOWN, {})
        if "image/svg+xml" in data:
            return {**output, "data": {"text/html": self.figure(data, shown)}}
        if shown.get("kind") == "table":
            number = self.give("Table", shown.get("name", ""), shown.get("caption", ""))
            html = "".join(data["text/html"]).replace("<caption>", f"<caption><b>{number}.</b> ", 1)
            return {**output, "data": {"text/html": _named(html, "table", shown.get("name", ""))}}
        html = "".join(data.get("text/html", ""))
        if "syw-summary" not in html:
            return output
        return {**output, "data": {**data, "text/html": RESULT.sub(self.result, html)}}

    def result(self, match: re.Match) -> str:
        css, head, id, title = match.groups()
        again = id in self.targets
        kind = "Lemma" if self.folded else "Result"
        number = self.targets[id].number if again else self.give(kind, id, unescape(title))
        anchor = "" if again else f' id="{id}"'
        return (f'<div class="syw-derivation{css}"{anchor}>{head}<b class="syw-number">{number}</b> '
                f'<strong title="{id}">{title}</strong>')  # fmt: skip

    def figure(self, data: dict, shown: dict) -> str:
        """A numbered figure; one that moves keeps its picture for where its script does not run."""
        svg = "".join(data["image/svg+xml"])
        if wrong := syw_figures.problem(svg):
            LOGGER.warning(wrong, location=self.doc)
        name, caption = shown.get("name", ""), shown.get("caption", "")
        number = self.give("Figure", name, caption or "".join(data.get("text/plain", "")).strip("'\""))
        moving = live.MIME in data
        inside = syw_live.on_page(data) if moving else syw_figures.inline(svg)
        caption = f"<figcaption><b>{number}.</b> {escape(caption)}</figcaption>"
        return _named(f'<figure class="syw-numbered">{inside}{caption}</figure>', "figure", name)


def _named(html: str, tag: str, name: str) -> str:
    return html.replace(f"<{tag}", f'<{tag} id="{escape(name)}"', 1) if name else html


def number(name: str, notebook: dict) -> tuple[dict, dict[str, Target]]:
    """The chapter `name` with every number in it, and what can be linked to."""
    giver, cells = Numbering(name), []
    for cell in notebook["cells"]:
        hidden = syw_notebooks.has(cell, "remove-cell") or syw_notebooks.has(cell, "remove-output")
        if cell["cell_type"] == "code" and not hidden:
            giver.folded = syw_notebooks.has(cell, "hide-cell") or syw_notebooks.has(cell, "hide-output")
            cell = {**cell, "outputs": [giver.output(output) for output in cell["outputs"]]}
        cells.append(cell)
    for place, cell in enumerate(cells):
        if cell["cell_type"] == "markdown":
            text = re.sub(
                r"^# (?!\d)", f"# {giver.chapter}. ", syw_notebooks.source(cell), count=1, flags=re.M
            )
            cells[place] = {**cell, "source": text}
            break
    return {**notebook, "cells": cells}, giver.targets


def all_targets(folder: Path) -> dict[str, Target]:
    """Everything in the book that has a name; a name that two chapters use belongs to the first."""
    found: dict[str, Target] = {}
    for name, notebook in syw_notebooks.chapters(folder).items():
        for id, target in number(name, notebook)[1].items():
            found.setdefault(id, target)
    return found


def targets(app: Sphinx) -> dict[str, Target]:
    """Those of `all_targets`, found once in a build."""
    if not hasattr(app, "syw_targets"):
        app.syw_targets = all_targets(Path(app.srcdir) / "notebooks")  # type: ignore[attr-defined]
    return app.syw_targets  # type: ignore[attr-defined]


@syw_again.answers("target")
def target(app: Sphinx, id: str) -> Target | None:
    return targets(app).get(id)


class Elsewhere(Mapping[str, Target]):
    """The targets of other chapters; what a page looks up is noted, since its links then depend on it."""

    def __init__(self, app: Sphinx, page: str) -> None:
        self.app, self.page, self.found = app, page, targets(app)

    def __getitem__(self, id: str) -> Target:
        syw_again.asks(self.app.env, "target", id, self.page)
        return self.found[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)


# ---------------------------------------------------------------- links that an author writes
def link(text: str, here: Mapping[str, Target], book: Mapping[str, Target], doc: str) -> str:
    """Markdown with its links to results, figures and tables as HTML: numbered, with a preview."""

    def one(match: re.Match) -> str:
        words, file, id = match.groups()
        target = (here if not file or doc.endswith(file.removesuffix(".ipynb")) else book).get(id)
        bare = words in ("Result", "Lemma", "Figure", "Table")
        if target is None:
            if bare:
                LOGGER.warning(f"{words} {id!r} is named, but nothing has this name.", location=doc)
            return match[0]
        page = "" if target.doc == doc else f"{Path(target.doc).name}.html"
        shown = target.number if bare else words
        return f'<a class="syw-ref" href="{page}#{id}" title="{escape(target.preview)}">{shown}</a>'

    parts = CODE.split(text)
    return "".join(part if k % 2 else LINK.sub(one, part) for k, part in enumerate(parts))


def prepare_chapter(app: Sphinx, docname: str, content: list[str]) -> None:
    if not docname.startswith("notebooks/"):
        return
    elsewhere = Elsewhere(app, docname)
    notebook, here = number(Path(docname).name, json.loads(content[0]))
    for place, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "markdown":
            text = link(syw_notebooks.source(cell), here, elsewhere, docname)
            notebook["cells"][place] = {**cell, "source": text}
    content[0] = json.dumps(notebook)


# ---------------------------------------------------------------- links that nobody writes
def reference(words: str, address: str, preview: str) -> nodes.reference:
    return nodes.reference("", words, internal=True, refuri=address, reftitle=preview, classes=["syw-ref"])


def free_texts(doctree: nodes.document) -> list[nodes.Text]:
    """The running text, without titles, code, formulas and what is a link already."""

    def quiet(node: nodes.Node | None) -> bool:
        while node is not None:
            if isinstance(node, QUIET):
                return True
            node = node.parent
        return False

    return [text for text in doctree.findall(nodes.Text) if not quiet(text.parent)]


def replace(text: nodes.Text, found: list[tuple[int, int, nodes.Node]]) -> None:
    """Put the nodes `found`, each with its place in the text, where their words stood."""
    words, parts, last = str(text), [], 0
    for start, end, node in found:
        parts += [nodes.Text(words[last:start]), node]
        last = end
    text.parent.replace(text, [*parts, nodes.Text(words[last:])])


def link_chapters(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Each "chapter 4" and "chapters 1 and 03" leads to its page."""
    names = {int(doc[10:12]): doc for doc in app.env.found_docs if doc.startswith("notebooks/")}
    for text in free_texts(doctree):
        found = []
        for mention in CHAPTERS.finditer(str(text)):
            for part in ONE.finditer(mention[0]):
                k = int(re.search(r"\d+", part[0])[0])
                name = names.get(k, docname)
                if name == docname:
                    continue
                words = re.sub(r"\d+", str(k), part[0])
                preview = app.env.titles[name].astext()
                address = app.builder.get_relative_uri(docname, name)
                start = mention.start() + part.start()
                found.append((start, start + len(part[0]), reference(words, address, preview)))
        if found:
            replace(text, found)


def said_by(node: nodes.Node) -> str:
    """The text of a node with its short formulas as letters: a preview is no place for LaTeX."""
    texts = node.findall(nodes.Text)
    return " ".join("".join(plain(t) if isinstance(t.parent, nodes.math) else t for t in texts).split())


@syw_again.shown_by_others
def glossary(app: Sphinx) -> dict[str, tuple[str, str]]:
    """Each term of the glossary in small letters, with its anchor and what it says."""
    doc = "book/glossary"
    if doc not in app.env.found_docs:
        return {}
    found = {}
    for item in app.env.get_doctree(doc).findall(nodes.definition_list_item):
        said = " ".join(said_by(part) for part in item.findall(nodes.definition))
        for term in item.findall(nodes.term):
            found[term.astext().lower()] = (term["ids"][0], said)
    return found


def link_terms(app: Sphinx, doctree: nodes.document, docname: str, terms: dict[str, tuple[str, str]]) -> None:
    """The first use of each term on a page leads to its entry; a longer term goes before a shorter one."""
    if not terms:
        return
    names = sorted(map(re.escape, terms), key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w-])({'|'.join(names)})(?:e?s)?(?![\w-])", re.IGNORECASE)
    page, used = app.builder.get_relative_uri(docname, "book/glossary"), set()
    for text in free_texts(doctree):
        found = []
        for match in pattern.finditer(str(text)):
            name = match[1].lower()
            if name not in used:
                used.add(name)
                anchor, said = terms[name]
                found.append((*match.span(), reference(match[0], f"{page}#{anchor}", said)))
        if found:
            replace(text, found)


def add_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format != "html" or docname in UNLINKED:
        return
    link_chapters(app, doctree, docname)
    if docname.startswith("notebooks/"):
        if not hasattr(app, "syw_glossary"):
            app.syw_glossary = glossary(app)  # type: ignore[attr-defined]
        link_terms(app, doctree, docname, app.syw_glossary)


def setup(app: Sphinx) -> None:
    app.connect("source-read", prepare_chapter, priority=100)  # before solutions and claims are wrapped
    app.connect("doctree-resolved", add_links)
