"""Whether what a sentence says of x_i is said of all i: “for $i \\ge 2$” or “for a fixed $k$” do not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import randomness
from . import trees as g
from .clauses import KINDS, TELLING
from .latex import ReadError
from .names import label
from .supposed import PART_ONLY, Supposed

if TYPE_CHECKING:
    from .lets import Place

ONE = g.Num("1")
APART = re.compile(r"[\s,]*\band(?:\s+let)?\s*")  # what comes next is said for itself
OF_INDEX = re.compile(  # i \ge 2, i \ne j, i = 2, …, n, 1 < i
    r"\s*(?:\d+\s*(?:<|\\leq?\b)\s*)?(?P<letter>[i-t])\s*(?:<|>|=|\\(?:le|ge|leq|geq|ne|neq|in)\b)"
)
FIXED = re.compile(r"\b(?:an?|fixed|given|single)(?: [a-z]+)*\s*$")
FIXED_AFTER = re.compile(r"\s*(?:be|is) (?:an? )?(?:fixed|given|single|the)\b")
FROM_ONE = re.compile(r"\s*[i-t]\s*(?:\\geq?\s*1|>\s*0)\s*$")


def demand_all(places: list[Place], sentence: str, found: Supposed) -> None:
    """Raises ReadError for what is said of x_i where the sentence says that it is meant for some i only."""
    for place in places:
        part = OF_INDEX.match(place.source)
        alone = re.fullmatch(r"\s*([i-l])\s*", place.source)
        if alone and (FIXED.search(place.before) or FIXED_AFTER.match(place.after)):
            found.fixed.add(alone[1])
        whole = place.kind == "restricted" or FROM_ONE.match(place.source) or APART.fullmatch(place.before)
        if part and not whole and not _is_whole(part["letter"], places, found):
            _demand_not_said(part["letter"], place, places, sentence)
    for letter in found.fixed:
        _demand_not_said(letter, None, places, sentence)


def _demand_not_said(letter: str, place: Place | None, places: list[Place], sentence: str) -> None:
    """Raises ReadError if something is said of an array whose index is this letter."""
    for other in places:
        plain = re.sub(r"\\[a-zA-Z]+", "", other.source)
        below = re.search(rf"_\s*(?:{letter}|\{{[^{{}}]*{letter})", plain)
        says = re.search(
            r"[=<>]|\\(?:in|sim|le|ge|leq|geq|ne|neq)\b", other.source.replace(r"\in \mathbb", "")
        )
        words = any(re.search(pattern, sentence) for pattern, kind in KINDS if kind not in TELLING)
        if other is not place and below and (says or words or randomness.CHANCE.search(sentence)):
            raise ReadError(PART_ONLY)


def _is_whole(letter: str, places: list[Place], found: Supposed) -> bool:
    """Whether an index runs from 1 to the size of what it is an index of, as far as that is said."""
    if letter in found.counts:  # t = 1, 2, …
        return True
    low, high = found.ranges.get(letter, (None, None))
    if low != ONE or not isinstance(high, (g.Name, g.Num)):
        return low == ONE and not any(place.kind == "domain" for place in places)
    bases = [node.base for place in places for node in place.subjects if isinstance(node, g.Scripts)]
    return all(high in sizes for node, sizes in found.shapes if node in bases)


def demand_whole(place: Place, earlier: Place, found: Supposed) -> None:
    """Raises ReadError where "for ..." says something of a part of an array only."""
    if place.kind == "range":
        letters = [s.word for s in place.subjects if isinstance(s, g.Name)]
        if all(label(found.ranges[letter][0]) == "1" for letter in letters if letter in found.ranges):
            return
    raise ReadError(PART_ONLY)
