"""The table of derivations, and the decorator with which a topic fills it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps

from helpers.proof import Derivation
from helpers.proof.derivation import is_writing, writing

DERIVATIONS: dict[str, Entry] = {}
HOME: dict[str, str] = {}  # id -> the topic that entered it


@dataclass(frozen=True)
class Entry:
    """One derivation of the course; calling it returns the checked `Derivation` (built once).

    task   the homework task it answers: "A1-1a"
    title  what it shows, in words
    sizes  what is symbolic: "any number of features n"
    """

    id: str
    task: str
    title: str
    sizes: str
    build: Callable[[], Derivation]
    write: Callable[[], Derivation]

    @property
    def heading(self) -> str:
        """The title as the head of a derivation or the first cell of a row."""
        return self.title[0].upper() + self.title[1:]

    def __call__(self) -> Derivation:
        return self.build()

    def written(self) -> Derivation:
        """The derivation as it is written down, before any line is judged."""
        with writing():
            return self.write()


def derivation(id: str, *, task: str, title: str, sizes: str) -> Callable:
    """Enters a function that returns a finished `Derivation`; the function is called once and remembered."""

    def enter(build: Callable[[], Derivation]) -> Callable[[], Derivation]:
        _once(id, build)

        @wraps(build)
        def write() -> Derivation:
            made = build()
            made.heading = DERIVATIONS[id].heading
            return made

        judged = cache(write)

        @wraps(build)
        def remembered() -> Derivation:
            return write() if is_writing() else judged()  # what was only written is not remembered as judged

        DERIVATIONS[id] = Entry(id, task, title, sizes, remembered, write)
        return remembered

    return enter


def _once(id: str, build: Callable) -> None:
    if id in HOME:
        raise ValueError(f"{id!r} is entered twice.")
    HOME[id] = build.__module__.rpartition(".")[2]
