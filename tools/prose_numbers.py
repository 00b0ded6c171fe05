"""Numbers in a chapter's sentences: written there by the runner, from what the cells printed.

A sentence says `<!--number:accuracy-->98.1%<!--/number-->`. Everything that shows Markdown hides the
comments, so JupyterLab, an editor, a code host and the site all show 98.1%. `fill` puts in what the cells
printed with `helpers.claims.number`, and `wrong` says where text and cells disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbformat import NotebookNode

from helpers.claims import MIME

MARK = re.compile(r"<!--number:(?P<name>[^<>]+?)-->(?P<text>.*?)<!--/number-->", re.DOTALL)
FIRST = re.compile(
    r"^[ \t>*+-]*(?:\d+\.[ \t]+)?<!--number:", re.MULTILINE
)  # CommonMark takes such a line for HTML
HALF = re.compile(r"<!--/?number\b")
NOTE = re.compile(r"\n*<!--numbers-->.*?<!--/numbers-->", re.DOTALL)
HYPHEN = re.compile(r"(?<![\w-])-(?=\.?\d)")
OWN = "\\*"  # after a number that is the reader's own


def printed(nb: NotebookNode) -> dict[str, str]:
    """Name and text of every number that the stored outputs hold; a later one replaces an earlier one.

    Sentences have a true minus sign, which is longer than the hyphen that Python prints.
    """
    found = {}
    for output in (o for cell in nb.cells for o in cell.get("outputs", [])):
        bundle = output.get("data", {}).get(MIME)
        if bundle:
            found[bundle["name"]] = HYPHEN.sub("−", bundle["text"])
    return found


def fill(nb: NotebookNode, own: str = "") -> list[str]:
    """Write the printed numbers into the sentences; the names that no cell printed, whose text stays.

    `own` says whose numbers they are, if they are not the published ones: then each gets a star, and the note
    under the title tells what the star means.
    """
    numbers, missing = printed(nb), []

    def text(mark: re.Match) -> str:
        name = mark["name"]
        if name not in numbers:
            missing.append(name)
            return mark[0]
        return f"<!--number:{name}-->{numbers[name]}{OWN if own else ''}<!--/number-->"

    for cell in _markdown(nb):
        cell.source = MARK.sub(text, cell.source)
    if title := next(_markdown(nb), None):
        _note(title, f"*Numbers with a star are not the published ones: {own}.*" if own else "")
    return missing


def _note(cell: NotebookNode, text: str) -> None:
    """Put the note at the end of the first cell of text, or take it away."""
    cell.source = NOTE.sub("", cell.source)
    if text:
        cell.source += f"\n\n<!--numbers-->{text}<!--/numbers-->"


def unmarked(source: str) -> str:
    """Prose with each number that the runner wrote taken out."""
    return NOTE.sub("", MARK.sub(" ", source))


def wrong(nb: NotebookNode) -> list[str]:
    """A sentence for each number in the text that no cell printed so, and for each mark that is not whole."""
    numbers, found = printed(nb), []
    for cell in _markdown(nb):
        for mark in MARK.finditer(cell.source):
            if mark["name"] not in numbers:
                found.append(f"No cell prints the number {mark['name']!r} that a sentence names.")
            elif mark["text"] != numbers[mark["name"]]:
                found.append(
                    f"A sentence says {mark['text']!r} where the cell prints {numbers[mark['name']]!r}."
                )
        if HALF.search(MARK.sub("", NOTE.sub("", cell.source))):
            found.append("A number's mark lacks its other half: write <!--number:name--><!--/number-->.")
        if FIRST.search(cell.source):
            found.append(
                "A line begins with a number's mark: put a word before it, or the line is no Markdown."
            )
    return found


def _markdown(nb: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in nb.cells if cell.cell_type == "markdown")
