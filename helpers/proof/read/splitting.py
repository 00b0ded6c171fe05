"""A block of formulas cut into rows: at each \\\\, at a relation that begins a line, and after a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .cutting import unwrapped

BEGINS = re.compile(r"\s*(?:&|=|<|>|≤|≥|\\(?:le|ge|leq|geq|lt|gt)\b)")
ALIGNED = re.compile(r"(?<!&)&\s*=")
OWN = re.compile(r"\s*[^&=\s][^&=]*(?<!&)(?:&\s*)?=")  # a line with a left side and a relation of its own
GOES_ON = re.compile(r"(?:[-+*/=<>≤≥]|\\(?:cdot|times|le|ge|leq|geq|circ|odot))\s*&?\s*\Z")
RELATES = re.compile(r"[=<>≤≥]|\\(?:le|ge|leq|geq)\b")


def split_rows(block: str) -> Iterator[tuple[str, str]]:
    """Source of each row with its reason: what stands after &&."""
    sources = _outside_of_braces(block)
    sources = (
        _by_lines(sources[0])
        if len(sources) == 1
        else [row for source in sources for row in _after_reasons(source)]
    )
    for source in sources:
        formula, mark, reason = source.partition("&&")
        yield formula, _reason(reason) if mark else ""


def _by_lines(block: str) -> list[str]:
    """Rows that no \\\\ parts: a line without a relation in it or before it goes on, and so does
    one after a sign that wants a right side.
    """
    sources: list[str] = []
    for line in filter(str.strip, block.split("\n")):
        inside = bool(sources) and (_is_open(sources[-1]) or bool(GOES_ON.search(sources[-1])))
        more = inside or (not BEGINS.match(line) and not RELATES.search(line))
        if sources and more and "&&" not in sources[-1] and not sources[-1].rstrip().endswith("&"):
            sources[-1] += "\n" + line
        else:
            sources.append(line)
    return sources


def _is_open(source: str) -> bool:
    """Whether a brace or an environment is begun in a piece of text and not ended there."""
    marks = re.sub(r"\\[{}]", "", source)
    return marks.count("{") > marks.count("}") or source.count(r"\begin") > source.count(r"\end")


def _after_reasons(source: str) -> list[str]:
    """A row cut where a \\\\ was forgotten: before a line with its own left side after a relation at an &,
    and before one that begins with a relation after a reason.
    """
    rows: list[str] = []
    for line in source.split("\n"):
        forgotten = rows and (
            ("&&" in rows[-1] and BEGINS.match(line))
            or (ALIGNED.search(rows[-1]) and OWN.match(line) and not GOES_ON.search(rows[-1]))
        )
        if rows and not forgotten:
            rows[-1] += "\n" + line
        else:
            rows.append(line)
    return rows


def _outside_of_braces(block: str) -> list[str]:
    """The block cut at each \\\\ that stands outside of braces and environments."""
    parts, depth, start, k = [], 0, 0, 0
    while k < len(block):
        if block.startswith(r"\\", k):
            if depth == 0:
                parts.append(block[start:k])
                room = re.compile(r"\\\\(?:\s*\[\s*-?[\d.]+\s*[a-z]{2}\s*\])?\*?").match(block, k)
                k = start = room.end() if room else k + 2
                continue
            k += 2
        elif block.startswith(r"\begin", k):
            depth, k = depth + 1, k + 6
        elif block.startswith(r"\end", k):
            depth, k = depth - 1, k + 4
        elif block[k] == "\\":
            k += 2
        else:
            depth += (block[k] == "{") - (block[k] == "}")
            k += 1
    return [part for part in (*parts, block[start:]) if part.strip()]


def _reason(text: str) -> str:
    """Words of a reason without \\text{...} around them."""
    text = text.strip().rstrip("\\").strip().replace("&", " ")
    text = re.sub(r"^\\(?:quad|qquad)\s*", "", text)
    inside = re.fullmatch(r"\\(?:text|mbox|textrm|textit)\{(.*)\}\s*[.,]?", text, re.S)
    return unwrapped(" ".join((inside.group(1) if inside else text).split()))
