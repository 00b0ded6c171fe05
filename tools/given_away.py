"""Where a student's notebook gives an answer away: `python tools/given_away.py [NAME …]` lists the places.

Looked at is what stands in *Your turn* and after it, since the derivations before it are the lesson itself:
code that asks for feedback on a formula it spells out, formulas in prose that are proved equal to an answer,
and the docstring and the defaults of a function that a student is to write. `without` leaves those out.
"""

from __future__ import annotations

import ast
import copy
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from helpers.grade.sheet import asked_in, find_chapter  # noqa: E402 (helpers lies above tools)
from helpers.places import chapters  # noqa: E402
from helpers.proof.answers import AnswerError, Exercise, feedback  # noqa: E402

TURN = re.compile(r"^## Your turn", re.MULTILINE)
SPAN = re.compile(r"\$([^$\n]+)\$|`([^`\n]+)`")
LEFT_OUT = "*(Left out in this edition: it gives an answer away.)*"
LATEX = [(r"\\hat\s*\{?\s*(\w)\s*\}?", r"\1hat"), (r"\\(?:bar|overline)\s*\{?\s*(\w)\s*\}?", r"\1bar"),
         (r"\\(?:left|right|,|;|!|cdot)", " "), (r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"(\1)/(\2)"),
         (r"\\varepsilon", "epsilon"), (r"\\([A-Za-z]+)", r"\1 "), (r"_\{?(\w)\}?", r"[\1]"),
         (r"\^\{([^{}]*)\}", r"^(\1)"), (r"\|([^|]+)\|", r"abs(\1)"), (r"[{}]", " ")]  # fmt: skip
PRODUCT = re.compile(r"(?<=[\w\])])\s+(?=[\w(])|(?<=[\])])(?=[\w(])")


@dataclass(frozen=True)
class Place:
    """A piece of a cell that gives the answer of an exercise away."""

    cell: int
    piece: str
    id: str
    why: str

    def __str__(self) -> str:
        return f"cell {self.cell}: {self.piece!r} {self.why} {self.id}"


def places(nb: NotebookNode, exercises: tuple[Exercise, ...]) -> Iterator[Place]:
    """Where the student's notebook gives an answer away; of cells tagged `solution` it has the stub."""
    begun = False
    for number, cell in enumerate(nb.cells):
        begun = begun or (cell.cell_type == "markdown" and bool(TURN.search(cell.source)))
        if "solution" in cell.metadata.get("tags", []):
            if cell.cell_type == "code":
                yield from _kept(number, cell.source)
        elif begun and cell.cell_type == "markdown":
            for span in SPAN.finditer(cell.source):
                if id := answered(span[1] or span[2], exercises):
                    yield Place(number, span[0], id, "is the answer of")
        elif begun:
            for said, id in re.findall(r'feedback\(\s*r?(["\'].*?["\']),\s*["\']([\w.-]+)["\']', cell.source):
                yield Place(number, said, id, "is an attempt, with its hint, at")


def _kept(number: int, source: str) -> Iterator[Place]:
    """What a function's stub keeps of its solution: a docstring or default that holds what it returns."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef):
            continue
        kept = (ast.get_docstring(node) or "") + " ".join(map(ast.unparse, node.args.defaults))
        for end in ast.walk(node):
            if isinstance(end, ast.Return) and end.value is not None and not isinstance(end.value, ast.Name):
                text = ast.unparse(end.value)
                if _plain(text) in _plain(kept):
                    yield Place(number, text, node.name, "stands in the docstring or a default of")


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def answered(text: str, exercises: tuple[Exercise, ...]) -> str:
    """The id of the exercise whose answer a formula is, as it is typed or in LaTeX; empty if of none.

    The right side of an equation counts. A name or number alone is no answer that anybody would miss.
    """
    for formula in {text, text.split("=")[-1]}:
        typed = formula
        for pattern, new in LATEX:
            typed = re.sub(pattern, new, typed)
        typed = PRODUCT.sub("*", typed.strip())
        if re.fullmatch(r"[\w\[\]]*", typed):
            continue
        for exercise in exercises:
            try:
                exercise.read(typed)
            except AnswerError:
                continue
            if feedback(typed, exercise).ok:
                return exercise.id
    return ""


def without(nb: NotebookNode, found: list[Place]) -> NotebookNode:
    """The notebook without these places: a code cell goes, and of prose the paragraph or the item."""
    nb = copy.deepcopy(nb)
    for number in {place.cell for place in found}:
        cell = nb.cells[number]
        pieces = [place.piece for place in found if place.cell == number]
        if cell.cell_type == "code":
            cell.cell_type, cell.source = "markdown", LEFT_OUT
            for key in ("outputs", "execution_count"):
                cell.pop(key, None)
            _lead_in(nb, number)
        else:
            blocks = re.split(r"(\n\s*\n|\n(?=[-*] ))", cell.source)
            cell.source = "".join(_block(block, pieces) for block in blocks)
    return nb


def _lead_in(nb: NotebookNode, number: int) -> None:
    """The sentence before a cell that goes speaks of what it shows, so it goes, too."""
    before = nb.cells[number - 1]
    if number and before.cell_type == "markdown" and "#" not in before.source and len(before.source) < 200:
        before.source = LEFT_OUT
        nb.cells[number].source = ""


def _block(block: str, pieces: list[str]) -> str:
    if not any(piece in block for piece in pieces):
        return block
    return f"- {LEFT_OUT}" if block.startswith(("- ", "* ")) else LEFT_OUT


def of_chapter(path: Path) -> list[Place]:
    return list(places(nbformat.read(path, as_version=4), asked_in(path)))


def main(arguments: list[str]) -> int:
    wanted = [find_chapter(name) for name in arguments] or chapters(ROOT / "notebooks")
    for path in wanted:
        for place in of_chapter(path):
            print(f"{path.stem}, {place}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
