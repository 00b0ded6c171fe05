"""Stored outputs made shorter for a page: results are seen, and how a number was judged is folded.

The notebook and its outputs stay as they are; only what the site is given changes.

derivations  a short left side and its first line stand in one row
claims       the reason for the number that decides is folded
errata       where a chapter shows many, each is a line that opens: what was reported, and what is right
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MANY = 3  # errata that a page shows in full
WIDE = 48  # letters of a formula that fit beside its reason
NARROW = r"\\(?:left|right|d?frac|mathrm|mathbb|operatorname|text|[,;!:])|[{}^_\s]"
MATHS = r'<span class="syw-math[^"]*">\\\[((?:(?!\\\]).)*)\\\]</span>'
LINE = rf'<div class="syw-equation">{MATHS}'
BEGINS = re.compile(rf'{LINE}</div>\s*<div class="syw-step">{LINE}', re.S)
ASKED = r'<p class="syw-evidence">(claimed: .*?)</p>'
CLAIMED = re.compile(rf'{ASKED}(.*?)<p class="syw-note">(Why this number: .*?)</p>', re.S)
ERRATUM = re.compile(r'<div class="syw-erratum"><p>(.*?)</p>(.*)</div>', re.S)
INLINE = '<span class="syw-math mathjax_process tex2jax_process">\\({}\\)</span>'
DISPLAY = '<span class="syw-math mathjax_process tex2jax_process">\\[{}\\]</span>'


def width(formula: str) -> int:
    """About how many letters wide a formula is: a command is one letter, a fraction as long as its parts."""
    return len(re.sub(r"\\[a-zA-Z]+", "x", re.sub(NARROW, "", formula)))


def one_row(html: str) -> str:
    """A derivation whose left side stands before its first line, where both fit beside the reason."""

    def joined(match: re.Match) -> str:
        left, first = match.groups()
        if width(left) + width(first) > WIDE:
            return match[0]
        row = DISPLAY.format(f"{left} \\;{first}")
        return f'<div class="syw-step"><div class="syw-equation">{row}'

    return BEGINS.sub(joined, html)


def folded_reason(html: str) -> str:
    """A claim whose deciding number is explained in a fold beside it."""
    fold = r'<details class="syw-why"><summary>why this number</summary><p class="syw-note">\3</p></details>'
    return CLAIMED.sub(rf'<div class="syw-evidence">\1 {fold}</div>\2', html)


def folded_erratum(html: str) -> str:
    """An erratum as a line: what was reported, and the formula that is right; the rest is inside."""

    def folded(match: re.Match) -> str:
        words, lines = match.groups()
        formulas = re.findall(MATHS, lines, re.S)
        right = f" Right: {INLINE.format(formulas[-1])}." if formulas else ""
        return f'<details class="syw-erratum"><summary>{words}{right}</summary>{lines}</details>'

    return ERRATUM.sub(folded, html)


def outputs(notebook: dict) -> Iterator[str]:
    """The HTML of every stored output."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            yield "".join(output.get("data", {}).get("text/html", ""))


def tighten(notebook: dict) -> dict:
    """The notebook with its outputs as the site shows them."""
    many = sum(html.count('class="syw-erratum"') for html in outputs(notebook)) > MANY

    def tight(output: dict) -> dict:
        html = "".join(output.get("data", {}).get("text/html", ""))
        if "syw-" not in html:
            return output
        html = folded_reason(one_row(html))
        html = folded_erratum(html) if many else html
        return {**output, "data": {**output["data"], "text/html": html}}

    cells = [
        {**cell, "outputs": [tight(output) for output in cell["outputs"]]} if "outputs" in cell else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}
