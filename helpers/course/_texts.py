"""The texts of derivations: they stand in the chapters, in cells that begin with `%%derivation id`.

Standard library only, since an installer reads them, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.places import chapters

from ._yaml import ContentError

MAGIC = "%%derivation"


@dataclass(frozen=True)
class Text:
    """One derivation as it is written in its chapter; `chapter` is the notebook's name without its ending."""

    id: str
    text: str
    chapter: str


def of_notebook(path: Path) -> Iterator[Text]:
    """The derivations of one notebook. Raises ContentError for a cell without an id."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or not source.startswith(MAGIC):
            continue
        head, _, text = source.partition("\n")
        id = head.removeprefix(MAGIC).strip()
        if not id:
            raise ContentError(f"A derivation of {path.name} has no id: write it after {MAGIC}.")
        yield Text(id, text, path.stem)


def gathered(notebooks: Iterable[Path]) -> dict[str, Text]:
    """The derivations of all notebooks. Raises ContentError for an id that two of them use."""
    found: dict[str, Text] = {}
    for path in notebooks:
        for text in of_notebook(path):
            if text.id in found:
                where = f"{found[text.id].chapter} and {text.chapter}"
                raise ContentError(f"{text.id} is derived twice, in {where}: recall it in one of them.")
            found[text.id] = text
    return found


def of_chapters() -> dict[str, Text]:
    """The derivations of all chapters, in reading order; none without a working tree."""
    return gathered(path for path in chapters() if path.is_file())
