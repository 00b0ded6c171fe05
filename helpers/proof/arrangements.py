"""Rows that are false as derivatives by vectors are arranged here, and hold in another layout: not refuted.

A slip and another book's layout look alike, so such a row is not read, and it is said what to write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from .read.jacobians import DENOMINATOR, NUMERATOR, USUAL, Arrangement
from .read.latex import ReadError

if TYPE_CHECKING:
    from .homework import Judged
    from .read.text import Reading

HOLDS = "proved", "checked", "unknown", "definition"
SAID = (
    "It may hold {other}. {used} Transpose, or say at the beginning which layout is meant, as in “We use "
    "denominator layout.”"
)
HERE = {USUAL: f"Without a word on that, {USUAL.means}."}


def doubted(
    lines: Iterable[Judged], reading: Reading, judged: Callable[[Reading], Iterator[Judged]]
) -> Iterator[Judged]:
    """The lines, none of them refuted that holds in another layout than the text's."""
    told: dict[int, str] = {}
    others = [one for one in (DENOMINATOR, NUMERATOR, USUAL) if one != reading.arrangement]
    for line in lines:
        if line.slip in told and reading.by_layout != "matrix":
            line = replace(line, slip=0, mended=False)
        if line.verdict == "refuted" and line.row not in told:
            found = next((one for one in others if _holds(line.row, reading, one, judged)), None)
            if found is not None:
                told[line.row] = SAID.format(
                    other=found.means if found is not USUAL else f"where {found.means}",
                    used=HERE.get(reading.arrangement, f"The text is read {reading.arrangement.means}."),
                )
        # A gradient by a matrix has its shape in nearly every book: there it is a slip, and a word is enough.
        if line.verdict == "refuted" and line.row in told and reading.by_layout == "matrix":
            yield replace(line, said=f"{line.said}. {told[line.row]}")
            continue
        if line.verdict == "refuted" and line.row in told:
            line = replace(line, verdict="not read", said=told[line.row], result=None)
        yield line


def _holds(
    row: int, reading: Reading, other: Arrangement, judged: Callable[[Reading], Iterator[Judged]]
) -> bool:
    """Whether nothing of a row is false in another layout."""
    try:
        found = [line for line in judged(reading.again(other)) if line.row == row]
    except ReadError:
        return False
    return bool(found) and all(line.verdict in HOLDS for line in found)
