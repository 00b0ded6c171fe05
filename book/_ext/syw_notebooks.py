"""What the site reads from a stored notebook: title, summary, verdicts; and what it folds: claims, solutions.

Everything comes from the notebook as stored, so nothing here can disagree with what the chapter shows.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import lru_cache
from html import unescape
from itertools import groupby
from pathlib import Path

from helpers import places
from helpers.cells import MIME as DERIVATION_MIME
from helpers.claims import CLAIM_MIME, MIME

BADGE = re.compile(r'class="syw-badge syw-(proved|checked|unknown|refuted)"')
WORDS = {"proved": "{} step{s} proved", "checked": "{} step{s} checked by numbers only",
         "unknown": "{} step{s} undecided", "refuted": "{} reported line{s} refuted"}  # fmt: skip
OPEN = '```{raw} html\n<details class="syw-solution"><summary>Show the solution</summary>\n```'
CLOSE = "```{raw} html\n</details>\n```"
LEMMA = re.compile(r'<b class="syw-number">(Lemma [\d.]+)</b> <strong title="[^"]*">([^<]*)</strong>')
ASKED = re.compile(r'feedback\(answer, "([\w.-]+)"\)')


def source(cell: dict) -> str:
    """The text of a cell; notebooks store it as a string or as a list of lines."""
    text = cell["source"]
    return text if isinstance(text, str) else "".join(text)


def verdicts(notebook: dict) -> Counter:
    """How many badges of each kind the stored outputs show."""
    found: Counter = Counter()
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html", "")
            found.update(BADGE.findall(html if isinstance(html, str) else "".join(html)))
    return found


def in_words(counts: Counter) -> str:
    """24 steps proved · 3 reported lines refuted."""
    return " · ".join(words.format(counts[kind], s="" if counts[kind] == 1 else "s")
                      for kind, words in WORDS.items() if counts[kind])  # fmt: skip


def title(notebook: dict) -> str:
    """The first heading of the notebook, without marks."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown" and (found := re.search(r"^# (.+)$", source(cell), re.MULTILINE)):
            return found[1].strip()
    raise ValueError("A chapter begins with a heading: write '# Title' in its first cell.")


def summary(notebook: dict) -> str:
    """The first paragraph under the title: the chapter's answer in one sentence."""
    text = source(notebook["cells"][0])
    paragraphs = [p.strip() for p in re.split(r"\n\s*\n", text)]
    return next((" ".join(p.split()) for p in paragraphs if p and not p.startswith(("#", "(", ":"))), "")


def chapters(folder: Path) -> dict[str, dict]:
    """Every chapter by name, in reading order; nobody changes what is handed out."""
    return {path.stem: read(path) for path in places.chapters(folder)}


def read(path: Path) -> dict:
    """A notebook as stored, read once as long as its file stays the same."""
    found = path.stat()
    return _read(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _read(path: Path, changed: int, size: int) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def numbered(name: str, notebook: dict) -> str:
    """The title of the chapter `name` with its number: 4. Fours and nines."""
    return f"{int(name[:2])}. {title(notebook)}"


def titles(folder: Path) -> dict[str, str]:
    return {name: numbered(name, notebook) for name, notebook in chapters(folder).items()}


def markdown(cell_id: str, text: str) -> dict:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": text}


def has(cell: dict, tag: str) -> bool:
    return tag in cell["metadata"].get("tags", [])


def drop_solutions(notebook: dict) -> dict:
    """The notebook without the cells tagged `solution` and without what the cell after each says about it."""
    cells, before = [], False
    for cell in notebook["cells"]:
        hidden = has(cell, "solution")
        if not hidden:
            bare = before and has(cell, "exercise") and "outputs" in cell
            cells.append({**cell, "outputs": [], "execution_count": None} if bare else cell)
        before = hidden
    return {**notebook, "cells": cells}


def wrap_solutions(notebook: dict) -> dict:
    """The notebook with each run of cells tagged `solution` between the two halves of a dropdown.

    The cell after it that asks the checker about the answer, as the page's field does, goes into it too.
    """
    cells: list[dict] = []
    inside = False
    within = []
    for cell in notebook["cells"]:
        asks = inside and has(cell, "exercise") and bool(ASKED.search(source(cell)))
        inside = has(cell, "solution") or asks
        within.append((inside, cell))
    for hidden, run in groupby(within, lambda pair: pair[0]):
        place = len(cells)
        fold = [markdown(f"open-{place}", OPEN), markdown(f"close-{place}", CLOSE)] if hidden else []
        cells += [*fold[:1], *(cell for _, cell in run), *fold[1:]]
    return {**notebook, "cells": cells}


def tell_claims(notebook: dict) -> dict:
    """The notebook with the code of each cell that judges a claim folded, and its outputs as HTML alone."""
    cells = []
    for cell in notebook["cells"]:
        if any(CLAIM_MIME in output.get("data", {}) for output in cell.get("outputs", [])):
            tags = [*cell["metadata"].get("tags", []), "hide-input"]
            metadata = {**cell["metadata"], "tags": tags, "mystnb": {"code_prompt_show": "What was measured"}}
            cell = {**cell, "metadata": metadata, "outputs": [_without_json(o) for o in cell["outputs"]]}
        cells.append(cell)
    return {**notebook, "cells": cells}


def show_derivations(notebook: dict) -> dict:
    """The notebook with each derivation as its box alone: the LaTeX that it was read from is folded in it.

    A derivation in a fold is a lemma, and the fold says of what.
    """
    cells = []
    for cell in notebook["cells"]:
        if any(DERIVATION_MIME in output.get("data", {}) for output in cell.get("outputs", [])):
            cell = {**cell, "outputs": [_without_json(o) for o in cell["outputs"]]}
            if source(cell).startswith("%%derivation"):
                tags = [*cell["metadata"].get("tags", []), "remove-input"]
                cell = {**cell, "metadata": {**cell["metadata"], "tags": tags}}
            folded = has(cell, "hide-cell") or has(cell, "hide-output")
            if folded and (said := LEMMA.search("".join(_html(cell["outputs"])))):
                prompts = {
                    f"code_prompt_{verb}": unescape(f"{said[1]}: {said[2]}") for verb in ("show", "hide")
                }
                cell = {**cell, "metadata": {**cell["metadata"], "mystnb": prompts}}
        cells.append(cell)
    return {**notebook, "cells": cells}


def _html(outputs: list[dict]) -> list[str]:
    return ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]


def _without_json(output: dict) -> dict:
    kept = output.get("data", {}).items()
    data = {kind: part for kind, part in kept if kind not in (CLAIM_MIME, DERIVATION_MIME)}
    return {**output, "data": data} if "data" in output else output


def drop_numbers(notebook: dict) -> dict:
    """The notebook without the outputs that only tell the runner what to write into the sentences."""
    cells = [
        {**c, "outputs": [o for o in c["outputs"] if MIME not in o.get("data", {})]} if "outputs" in c else c
        for c in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def offer_derivations(notebook: dict) -> dict:
    """The notebook with a field to derive it oneself before each cell tagged `derive-it:ID`."""
    cells: list[dict] = []
    for cell in notebook["cells"]:
        for tag in cell["metadata"].get("tags", []):
            if tag.startswith("derive-it:"):
                field = f"```{{derive-it}} {tag.removeprefix('derive-it:')}\n```"
                cells.append(markdown(f"derive-{len(cells)}", field))
        cells.append(cell)
    return {**notebook, "cells": cells}


def offer_checkers(notebook: dict) -> dict:
    """The notebook with a field to try an answer in above the solution of each catalogued exercise."""
    cells = list(notebook["cells"])
    for place in range(len(cells) - 1, 0, -1):
        cell, before = cells[place], cells[place - 1]
        asked = ASKED.search(source(cell))
        if asked and has(cell, "exercise") and has(before, "solution"):
            field = f"```{{try-step}} {asked[1]}\n:asked:\n```"
            cells.insert(place - 1, markdown(f"try-{place}", field))
    return {**notebook, "cells": cells}
