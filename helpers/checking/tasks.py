"""The course's derivations as tasks: what is given, where to begin, and the formula to arrive at.

A task is made from a derivation of a chapter: the sentences that its lines need, its first side and its last
one. One of several parts, or with an inequality, is no task.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from helpers.course import DERIVATIONS
from helpers.proof.read.latex import ReadError
from helpers.proof.show.written import NotWritable, written
from helpers.proof.statement.chain import Chain, Line

__all__ = ["Task", "UnknownTask", "task", "tasks"]


class UnknownTask(ValueError):
    """There is no task with that name; the message says which there are."""


@dataclass(frozen=True)
class Task:
    """A derivation of the book to be made by the reader.

    sentences   what is given, each a line that begins with Let
    start, goal the first side and the last one, as LaTeX
    lines       how many lines the book takes
    """

    id: str
    title: str
    sentences: tuple[str, ...]
    start: str
    goal: str
    lines: int

    @property
    def text(self) -> str:
        """What a reader begins with: the sentences, and the first side."""
        return "\n".join([*self.sentences, self.start])


def tasks() -> Iterator[Task]:
    """Every task of the course, in reading order."""
    for id in DERIVATIONS:
        if made := _made(id):
            yield made


def task(id: str) -> Task:
    """One task. Raises UnknownTask with the nearest names."""
    from difflib import get_close_matches

    if id not in DERIVATIONS:
        near = get_close_matches(id, DERIVATIONS, n=3, cutoff=0.4) or ["e.g. " + next(iter(DERIVATIONS))]
        near = ", ".join(near)
        raise UnknownTask(f"There is no task {id!r}; there is {near}. Use --tasks for the list.")
    made = _made(id)
    if made is None:
        raise UnknownTask(f"{id} is not a chain of equalities that can be typed as a text.")
    return made


@cache
def _made(id: str) -> Task | None:
    """The task of a derivation that is one chain of equalities; None for any other."""
    found = DERIVATIONS[id]
    part, links = found.chain.parts[0], found.chain.parts[0].lines
    if len(found.chain.parts) > 1 or not links or any(line.means.relation != "=" for line in links):
        return None
    plain = replace(part.given, random={}, independent=())  # the laws stand in the text's own sentences
    ends = Chain(id, (replace(part, title="", given=plain, lines=(Line(part.last),), supposed=None),))
    try:
        *_, start, goal = written(ends).split("\n")
    except (NotWritable, ReadError):
        return None
    sentences = tuple(found.reading.layout.lets)
    return Task(id, found.title, sentences, start, goal.strip().removeprefix("&= "), len(links))
