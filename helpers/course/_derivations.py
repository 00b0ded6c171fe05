"""The chapters' derivations as chains, from their texts. Nothing is judged here."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from helpers.proof.read.latex import ReadError
from helpers.proof.read.text import Reading, read
from helpers.proof.statement.chain import Chain

from ._notation import of_texts
from ._sources import ContentError
from ._table import Table


@dataclass(frozen=True)
class Derived:
    """A derivation of a chapter as it was read.

    title    what it shows, as its text says
    chapter  the notebook in which it stands, by its name without the ending
    """

    id: str
    title: str
    chapter: str
    text: str
    reading: Reading

    @property
    def chain(self) -> Chain:
        """Its lines, not judged."""
        return self.reading.chain


def read_wholly(text: str, id: str) -> Reading:
    """A text with every one of its rows. Raises ReadError for the first row that would not be judged."""
    reading = read(text, of_texts(), id)
    for row in reading.rows:
        if row.role == "recursion":
            raise ReadError(f"Row {row.number} supposes a recursion, which is not read in a derivation.")
        if row.trouble:
            raise ReadError(f"Row {row.number}: {row.trouble}")
    return reading


def built(entry: dict[str, Any]) -> Derived:
    """The derivation of one entry. Raises ReadError for a text of which a row cannot be read."""
    reading = read_wholly(entry["text"], entry["id"])
    return Derived(reading=reading, title=reading.layout.title or entry["id"], **entry)


class Derivations(Table[Derived]):
    """id -> derivation. An id that no chapter derives is said with the nearest one."""

    def __getitem__(self, id: str) -> Derived:
        if id not in self:
            near = get_close_matches(id, self, n=1)
            raise ContentError(f"No chapter derives {id}." + (f" Did you mean {near[0]}?" if near else ""))
        return super().__getitem__(id)


DERIVATIONS = Derivations("derivations", built)
