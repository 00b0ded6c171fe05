"""The landing page: a derivation with a line to break, a picture of a result, and a card for each chapter.

`{break-it} landing.yaml`             the first text of the file, judged at build time; the others spoil it
`{result} 04-fours-and-nines#nine`    a stored figure, with its number and a link to where it comes from
`{chapters}`                          a card a chapter: picture, number, answer, verdicts, reading time
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from html import escape
from pathlib import Path

import syw_figures
import syw_ledger
import syw_links
import syw_notebooks
import syw_pages
import syw_reading
import trystep
import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from helpers.plots import SHOWN

FOLDER = "pictures"  # inside the site's _static


# ---------------------------------------------------------------- a line to break
class BreakIt(trystep.Try):
    """`{break-it} FILE`: a field with a true derivation, its verdicts, and buttons that spoil a line."""

    kind = "text"

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir) / Path(self.env.docname).parent / self.arguments[0]
        self.env.note_dependency(str(path))
        texts = yaml.safe_load(path.read_text(encoding="utf-8"))
        rows = "".join(judged_rows(texts[0]["text"]))
        if "syw-proved" not in rows or "syw-refuted" in rows:
            raise self.error(f"{path.name}: the first text is to be true, and is not proved.")
        buttons = "".join(
            f'<button type="button" class="syw-try-begin" data-text="{escape(one["text"])}" '
            f'title="{escape(one["about"])}">{escape(one["title"])}</button>'
            for one in texts
        )
        form = trystep.text_form_html(
            self.key(), buttons, '<input type="hidden" class="syw-try-task" value="">'
        )
        form = form.replace("></textarea>", f">{escape(texts[0]['text'])}</textarea>").replace(
            'rows="9"', 'rows="5"'
        )
        form = form.replace('aria-label="Verdicts"></ol>', f'aria-label="Verdicts">{rows}</ol>')
        return self.box("Break a line", [], form)


def judged_rows(text: str) -> Iterator[str]:
    """Each line of a text with its verdict, as page.js shows it; the same judge, at build time."""
    from trystep import judge

    for place in range(20):
        line = json.loads(judge.relation(text, "", str(place)))
        if line.get("done"):
            return
        verdict = line["verdict"]
        badge = f'<span class="syw-verdict syw-{verdict}">{verdict}</span>'
        shown = trystep.maths(rf"\displaystyle {line.get('latex', '')}")
        yield f'<li><span class="syw-try-label">Row {line.get("row", "")}</span>{shown} {badge}</li>'


# ---------------------------------------------------------------- pictures
def figures(notebook: dict) -> dict[str, dict]:
    """The outputs of a chapter that are figures, by name or by place."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    drawn = [output for output in outputs if "image/svg+xml" in output.get("data", {})]
    return {
        output.get("metadata", {}).get(SHOWN, {}).get("name") or str(k): output
        for k, output in enumerate(drawn)
    }


def picture(notebook: dict, name: str | None) -> dict | None:
    """The figure that stands for a chapter: the named one, else the first that has a PNG beside it."""
    found = figures(notebook)
    if name is not None:
        return found.get(name)
    return next((output for output in found.values() if "image/png" in output["data"]), None)


def alternative(output: dict) -> str:
    """What the figure shows, in words."""
    return "".join(output["data"].get("text/plain", "")).strip("'\"")


def chosen(root: Path) -> dict[str, str]:
    """Which figure stands for which chapter: {"04-fours-and-nines": "nine"}, from book/pictures.yaml."""
    path = root / "book" / "pictures.yaml"
    return (yaml.safe_load(path.read_text(encoding="utf-8")) or {}) if path.is_file() else {}


def pictures(root: Path) -> dict[str, dict]:
    """The figure of every chapter that has one. ValueError if a chosen one is not there."""
    names, found = chosen(root), {}
    for chapter, notebook in syw_notebooks.chapters(root / "notebooks").items():
        output = picture(notebook, names.get(chapter))
        if output is None and chapter in names:
            raise ValueError(
                f"book/pictures.yaml names the figure {names[chapter]!r}, which chapter {chapter} does not "
                f"have; it has {', '.join(figures(notebook))}."
            )
        if output is not None:
            found[chapter] = output
    return found


def write_pictures(app: Sphinx, error: Exception | None) -> None:
    """The pictures of the cards and of shared links, as files."""
    if error is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for chapter, output in pictures(Path(app.confdir)).items():
        (folder / f"{chapter}.png").write_bytes(base64.b64decode("".join(output["data"]["image/png"])))


class Result(SphinxDirective):
    """`{result} CHAPTER#FIGURE`: a stored figure, on another page."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        folder = Path(self.env.srcdir) / "notebooks"
        chapter, _, name = self.arguments[0].partition("#")
        notebook = syw_notebooks.chapters(folder).get(chapter)
        found = figures(notebook) if notebook else {}
        if name not in found:
            raise self.error(
                f"There is no figure {self.arguments[0]!r}; the chapter has {', '.join(found) or 'none'}."
            )
        self.env.note_dependency(str(folder / f"{chapter}.ipynb"))
        target = syw_links.number(chapter, notebook)[1][name]
        svg = syw_figures.inline("".join(found[name]["data"]["image/svg+xml"]))
        address = f"../notebooks/{chapter}.html#{name}"
        caption = (
            f'<figcaption><a href="{address}">{target.number}</a>: {escape(target.preview)}</figcaption>'
        )
        return [
            nodes.raw("", f'<figure class="syw-numbered syw-result">{svg}{caption}</figure>', format="html")
        ]


# ---------------------------------------------------------------- cards
class Chapters(SphinxDirective):
    """`{chapters}`: a card a chapter: its picture, its answer in one sentence, its verdicts, its time."""

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        stored = {ledger["chapter"]: ledger for ledger in syw_pages.ledgers(self)}
        try:
            drawn = pictures(root)
        except ValueError as error:
            raise self.error(str(error)) from None
        lines = ["::::{grid} 1 1 2 2", ":gutter: 3", ""]
        for name, notebook in syw_notebooks.chapters(root / "notebooks").items():
            self.env.note_dependency(str(root / "notebooks" / f"{name}.ipynb"))
            lines += card(name, notebook, stored.get(name), drawn.get(name))
        if len(lines) == 3:
            return syw_pages.parse(self, ["No chapter is finished yet."])
        return syw_pages.parse(self, [*lines, "::::"])


def card(name: str, notebook: dict, ledger: dict | None, drawn: dict | None) -> list[str]:
    steps = syw_notebooks.in_words(syw_pages.counted(notebook, ledger))
    tallied = syw_ledger.tally(ledger["claims"] if ledger else [])
    minutes = f"{syw_reading.minutes(notebook)} minutes to read"
    foot = "<br>".join(part for part in (minutes, steps, f"claims: {tallied}" if tallied else "") if part)
    image = []
    if drawn is not None:
        address = f"../_static/{FOLDER}/{name}.png"
        said = escape(alternative(drawn))
        tag = f'<img class="syw-card-picture" src="{address}" alt="{said}" loading="lazy">'
        image = ["```{raw} html", tag, "```", ""]
    return [f":::{{grid-item-card}} {syw_notebooks.numbered(name, notebook)}", f":link: /notebooks/{name}",
            ":link-type: doc", ":class-card: syw-card", "", *image, syw_notebooks.summary(notebook), "",
            "```{card-footer}", foot, "```", ":::", ""]  # fmt: skip


def setup(app: Sphinx) -> None:
    app.add_directive("break-it", BreakIt)
    app.add_directive("result", Result)
    app.add_directive("chapters", Chapters)
    app.connect("build-finished", write_pictures)
