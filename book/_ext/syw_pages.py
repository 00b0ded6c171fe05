"""What is generated: ledgers, errata, notation, proofs, and the line under a chapter's title.

A proof or a refuted line is judged while the page is built: a false step stops the build.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from pathlib import Path

import nbformat
import syw_again
import syw_ledger
import syw_links
import syw_notebooks
import syw_proofs
import syw_tight
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from helpers.claims import read_rows
from helpers.course import of_notebook


def parse(directive: SphinxDirective, lines: list[str]) -> list[nodes.Node]:
    """Markdown lines, headings included, as the nodes of the page that is being read."""
    holder = nodes.section()
    holder.document = directive.state.document
    text = StringList(lines, "generated")
    directive.state.nested_parse(text, directive.content_offset, holder, match_titles=True)
    return holder.children


def whole_book(root: Path) -> str:
    """One line of counts over all chapters: 24 steps proved · 3 reported lines refuted · 9 claims judged."""
    stored = {ledger["chapter"]: ledger for ledger in syw_ledger.read_all(root / "book" / "ledger")}
    chapters = syw_notebooks.chapters(root / "notebooks").items()
    counts = sum((counted(notebook, stored.get(name)) for name, notebook in chapters), Counter())
    claims = [claim for ledger in stored.values() for claim in ledger["claims"]]
    parts = [syw_notebooks.in_words(counts), f"{len(claims)} claims judged" if claims else ""]
    return f"[{' · '.join(part for part in parts if part)}]{{.syw-tally}}"


class Tally(SphinxDirective):
    """`{tally}`: that line."""

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        ledgers(self)
        for path in syw_notebooks.places.chapters(root / "notebooks"):
            self.env.note_dependency(str(path))
        return parse(self, [whole_book(root)])


def counted(notebook: dict, ledger: dict | None) -> Counter:
    """The steps in a chapter's outputs by verdict, and the lines that its ledger refutes, shown or not."""
    counts = syw_notebooks.verdicts(notebook)
    if ledger:
        counts["refuted"] = len(ledger["errata"])
    return counts


def ledgers(directive: SphinxDirective) -> list[dict]:
    """All ledgers; the page is built anew when one of them changes."""
    folder = Path(directive.env.srcdir) / "book" / "ledger"
    for path in folder.glob("*.json"):
        directive.env.note_dependency(str(path))
    return syw_ledger.read_all(folder)


@syw_again.answers("titles")
def titles(app: Sphinx, _: str) -> dict[str, str]:
    return syw_notebooks.titles(Path(app.srcdir) / "notebooks")


def titles_for(directive: SphinxDirective) -> dict[str, str]:
    """The chapters' numbered titles; the page is built anew when one of them changes."""
    syw_again.asks(directive.env, "titles")
    return titles(directive.env.app, "")


class Ledger(SphinxDirective):
    """`{ledger}`: all claims of all chapters."""

    def run(self) -> list[nodes.Node]:
        titles = titles_for(self)
        again = Path(self.env.srcdir) / "book" / "verified.json"
        self.env.note_dependency(str(again))
        return parse(self, syw_ledger.claims_page(ledgers(self), titles, read_rows(again)))


class Errata(SphinxDirective):
    """`{errata}`: all refuted lines, from the ledgers and from book/errata.yaml."""

    def run(self) -> list[nodes.Node]:
        from helpers.course import ERRATA

        titles = titles_for(self)
        stored = ledgers(self)
        recorded = [entry for ledger in stored for entry in ledger["errata"]]
        known = {entry["id"] for entry in recorded}
        for entry in recorded:  # a ledger keeps the formulas, and the catalogue says what their letters are
            if entry["id"] in ERRATA:
                entry["given"] = ERRATA[entry["id"]].sentences
        try:
            others = [syw_proofs.judged(error) for error in ERRATA.values() if error.id not in known]
        except ValueError as error:
            raise self.error(str(error)) from None
        return parse(self, syw_ledger.errata_page(stored, titles, others))


class Refuted(SphinxDirective):
    """`{refuted} A1-1a/D`: one entry of that catalogue, judged now."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        from helpers.course import ERRATA

        if self.arguments[0] not in ERRATA:
            raise self.error(f"There is no erratum {self.arguments[0]!r}; there are {', '.join(ERRATA)}.")
        return parse(self, syw_ledger.erratum(syw_proofs.judged(ERRATA[self.arguments[0]])))


class Notation(SphinxDirective):
    """`{notation}`: every symbol of helpers.notation."""

    def run(self) -> list[nodes.Node]:
        from helpers.notation import NOTATION

        return parse(self, syw_proofs.notation_page(list(NOTATION.values())))


class Derivations(SphinxDirective):
    """`{derivations}`: every derivation of the chapters, with its number, its place and its LaTeX."""

    def run(self) -> list[nodes.Node]:
        from helpers.proof.read.layout import layout

        folder = Path(self.env.srcdir) / "notebooks"
        targets = syw_links.targets(self.env.app)
        found: dict[str, list[tuple[str, str, str, str]]] = {}
        for name, notebook in syw_notebooks.chapters(folder).items():
            self.env.note_dependency(str(folder / f"{name}.ipynb"))
            rows = found.setdefault(syw_notebooks.numbered(name, notebook), [])
            for text in of_notebook(folder / f"{name}.ipynb"):
                if text.id not in targets:
                    number = name.partition("-")[0]
                    raise self.error(f"{text.id} has no output in {name}: run `make run NB={number}`.")
                heading = layout(text.text).title or text.id
                cell = f"%%derivation {text.id}\n{text.text}"
                rows.append((targets[text.id].number, f"../notebooks/{name}.html#{text.id}", heading, cell))
        return parse(self, syw_proofs.derivations_page(found))


class Proof(SphinxDirective):
    """`{proof} logistic.gradient`: a derivation of a chapter, judged now."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        from helpers.cells import derive
        from helpers.course import DERIVATIONS, ContentError

        id = self.arguments[0]
        syw_again.asks(self.env, "derivation", id)
        try:
            found = derive(DERIVATIONS[id].text, id)
        except ContentError as reason:
            raise self.error(str(reason)) from None
        return [nodes.raw("", found._repr_html_(), format="html")]


def verdict_line(notebook: dict, ledger: dict | None) -> str:
    """The quiet line under a chapter's title, as HTML; it leads to the pages with the evidence."""
    parts = []
    if steps := syw_notebooks.in_words(counted(notebook, ledger)):
        parts.append(f'<a href="../book/how-it-is-checked.html">{steps}</a>')
    if ledger and ledger["claims"]:
        parts.append(f'<a href="../book/reported.html">claims: {syw_ledger.tally(ledger["claims"])}</a>')
    if ledger:
        made = syw_ledger.conditions(ledger)
        parts.append(f"<details><summary>Where this was measured</summary>{made}</details>")
    return f'<div class="syw-verdict-line">{"".join(parts)}</div>' if parts else ""


def ledger_path(app: Sphinx, docname: str) -> Path:
    return Path(app.srcdir) / "book" / "ledger" / f"{Path(docname).name}.json"


def ledger_of(app: Sphinx, docname: str) -> dict | None:
    """The ledger of a chapter; None if it has none yet."""
    path = ledger_path(app, docname)
    return syw_ledger.read(path) if path.exists() else None


def add_verdict_line(app: Sphinx, doctree: nodes.document) -> None:
    """Put the verdict line under the title of every chapter."""
    name = app.env.docname
    if not name.startswith("notebooks/"):
        return
    notebook = syw_notebooks.read(Path(app.srcdir) / f"{name}.ipynb")
    app.env.note_dependency(str(ledger_path(app, name)))
    line = verdict_line(notebook, ledger_of(app, name))
    heading = next(iter(doctree.findall(nodes.title)), None)
    if heading is not None and line:
        heading.parent.insert(heading.parent.index(heading) + 1, nodes.raw("", line, format="html"))


def prepare_chapter(app: Sphinx, docname: str, content: list[str]) -> None:
    if docname.startswith("notebooks/"):
        notebook = syw_notebooks.tell_claims(syw_notebooks.drop_numbers(json.loads(content[0])))
        notebook = syw_notebooks.offer_checkers(notebook)
        if with_solutions():
            notebook = syw_notebooks.wrap_solutions(notebook)
        else:
            notebook = without_solutions(notebook, Path(app.srcdir) / f"{docname}.ipynb")
        notebook = syw_tight.tighten(syw_notebooks.show_derivations(notebook))
        content[0] = json.dumps(syw_notebooks.offer_derivations(notebook))


def with_solutions() -> bool:
    """Does the site show solutions? COURSE_SOLUTIONS=0 builds one that does not."""
    return os.environ.get("COURSE_SOLUTIONS", "") != "0"


def without_solutions(notebook: dict, chapter: Path) -> dict:
    """The notebook without solutions, and without the prose that the student edition leaves out."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
    import given_away  # only such a site needs it

    nb = nbformat.reads(json.dumps(notebook), as_version=4)
    found = list(given_away.places(nb, given_away.asked_in(chapter)))
    return syw_notebooks.drop_solutions(given_away.without(nb, found))


def clear_sources(app: Sphinx, error: Exception | None) -> None:
    """Take the solutions out of the copies of the notebooks that the site offers, if it shows none."""
    if error is not None or with_solutions() or app.builder.format != "html":
        return
    for path in (Path(app.outdir) / "_sources" / "notebooks").glob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook = without_solutions(notebook, Path(app.srcdir) / "notebooks" / path.name)
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("source-read", prepare_chapter)
    app.connect("doctree-read", add_verdict_line)
    app.connect("build-finished", clear_sources)
    for directive in (Tally, Ledger, Errata, Refuted, Notation, Derivations, Proof):
        app.add_directive(directive.__name__.lower(), directive)
