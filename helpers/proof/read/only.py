"""For which two indices a row holds, as in p_i (1 - p_i) \\quad (i = j) and \\text{if } i \\ne j: ..."""

from __future__ import annotations

import re

from .latex import Token
from .trees import INDEX_LETTERS

WORDS = {"if", "for", "when", "where", "case", "case:", "if:", "for:", "when:", "falls", "si", "wenn", "für"}
INSIDE = re.compile(
    r"(?:if|for|when|where|case)\s*\$?\s*([a-z]'?)\s*(=|\\ne)\s*([a-z]'?)\s*\$?\s*[:,.]?", re.IGNORECASE
)
STOPS = {".", ",", ";", ":"}


def split(read: list[Token]) -> tuple[list[Token], str]:
    """A row without the condition on two indices at its end or at its beginning, and that condition."""
    for taken in (_at_the_end, _at_the_beginning):
        rest, case = taken(read)
        if case and any(t.text == "=" for t in rest):
            return rest, case
    return read, ""


def _at_the_end(read: list[Token]) -> tuple[list[Token], str]:
    rest = list(read)
    while rest and rest[-1].text in STOPS:
        rest.pop()
    if rest and rest[-1].kind == "text" and (said := INSIDE.fullmatch(rest[-1].text.strip(" ()"))):
        return _without_room(rest[:-1]), " ".join(said.groups())
    closed = bool(rest) and rest[-1].text == ")"
    case = _case(rest[:-1] if closed else rest)
    if not case:
        return read, ""
    before = rest[: -3 - closed]
    if closed and before and before[-1].text == "(":
        return _without_room(before[:-1]), case
    if not closed and before and before[-1].kind == "text" and before[-1].text.strip(" ,").lower() in WORDS:
        return _without_room(before[:-1]), case
    beside = before and before[-1].text == "quad"
    return (_without_room(before), case) if beside and not closed else (read, "")


def _at_the_beginning(read: list[Token]) -> tuple[list[Token], str]:
    start = 0
    while start < len(read) and read[start].text in ("&", "quad"):
        start += 1
    if start == len(read) or read[start].kind != "text":
        return read, ""
    words = read[start].text.strip()
    if said := INSIDE.fullmatch(words):
        return _after_stops(read[start + 1 :]), " ".join(said.groups())
    if words.lower() not in WORDS:
        return read, ""
    case = _case(read[start + 1 : start + 4])
    rest = read[start + 4 :]
    stopped = rest and (rest[0].text in STOPS or rest[0].text in ("quad", "&", "Rightarrow", "to"))
    return (_after_stops(rest), case) if case and stopped else (read, "")


def _case(read: list[Token]) -> str:
    """The last three tokens as a condition on two indices; empty if they are none."""
    if len(read) < 3:
        return ""
    one, sign, other = read[-3:]
    letters = all(t.kind == "letter" and t.text in INDEX_LETTERS for t in (one, other))
    return " ".join(map(str, read[-3:])) if letters and sign.text in ("=", "ne") else ""


def _without_room(read: list[Token]) -> list[Token]:
    while read and (read[-1].text in ("quad", "&") or read[-1].text in STOPS):
        read = read[:-1]
    return read


def _after_stops(read: list[Token]) -> list[Token]:
    while read and (read[0].text in STOPS or read[0].text in ("quad", "&", "Rightarrow", "to")):
        read = read[1:]
    return read
