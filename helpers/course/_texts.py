"""The texts of the course's derivations by id: they stand in the chapters, and in one packed file of them.

A chapter's cell that begins with `%%derivation id` holds one. An installed package has no notebooks beside
it: it carries `texts.json`, which is made of them when the package is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from helpers.places import chapters
from helpers.runtime import CourseError

PACKED = Path(__file__).with_name("texts.json")
MAGIC = "%%derivation"


@dataclass(frozen=True)
class Text:
    """One derivation as it is written in its chapter; `chapter` is the notebook's name without its ending."""

    id: str
    text: str
    chapter: str


def of_notebook(path: Path) -> Iterator[Text]:
    """The derivations of one notebook. Raises CourseError for a cell without an id."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or not source.startswith(MAGIC):
            continue
        head, _, text = source.partition("\n")
        id = head.removeprefix(MAGIC).strip()
        if not id:
            raise CourseError(f"A derivation of {path.name} has no id: write it after {MAGIC}.")
        yield Text(id, text, path.stem)


def gathered(notebooks: Iterable[Path]) -> dict[str, Text]:
    """The derivations of all notebooks. Raises CourseError for an id that two of them use."""
    found: dict[str, Text] = {}
    for path in notebooks:
        for text in of_notebook(path):
            if text.id in found:
                where = f"{found[text.id].chapter} and {text.chapter}"
                raise CourseError(f"{text.id} is derived twice, in {where}: recall it in one of them.")
            found[text.id] = text
    return found


@cache
def texts() -> dict[str, Text]:
    """All derivations of the course, from the notebooks or else from the packed file."""
    notebooks = [path for path in chapters() if path.is_file()]
    return gathered(notebooks) if notebooks else packed()


def packed() -> dict[str, Text]:
    """What the packed file holds; nothing if there is none."""
    if not PACKED.exists():
        return {}
    return {entry["id"]: Text(**entry) for entry in json.loads(PACKED.read_text(encoding="utf-8"))}


def text_of(id: str) -> Text:
    """The derivation with this id. Raises CourseError, with the nearest id, if there is none."""
    if id not in texts():
        near = get_close_matches(id, texts(), n=1)
        raise CourseError(f"No chapter derives {id}." + (f" Did you mean {near[0]}?" if near else ""))
    return texts()[id]


def pack() -> str:
    """The packed file, as a package carries it."""
    return json.dumps([asdict(text) for text in texts().values()], ensure_ascii=False, indent=1) + "\n"
