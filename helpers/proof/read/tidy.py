"""What changes only how a block of formulas looks, in the spellings of copied pages: it is taken away.

Wikipedia puts braces around everything, {\\displaystyle {\\begin{aligned}...}}; cases are often an array
beside one large brace. Nothing is read here, and no name, sign or number is changed.
"""

from __future__ import annotations

import re

from .commands import OPERATORS
from .latex import Token
from .trees import LETTERS

STYLE = re.compile(r"\{?\s*\\(?:display|text|script)style\b\s*")
CASES = re.compile(
    r"\\(?:left|bigl?|Bigl?|biggl?)\s*\\(?:\{|lbrace\b)\s*"
    r"\\begin\s*\{(?P<kind>array|matrix|aligned|gathered)\}(?:\[[tcb]\])?(?:(?<=array\})\s*\{[^{}]*\})?"
    r"(?P<rows>.*?)\\end\s*\{(?P=kind)\}\s*\\(?:right|bigr?)\s*\.",
    re.S,
)
ENDS = " \n\t.,;"


def tidy(block: str) -> str:
    """A block without braces around the whole of it, and with cases in the environment that is named so."""
    block = CASES.sub(r"\\begin{cases}\g<rows>\\end{cases}", block)
    while (inside := _inside(block)) is not None:
        block = inside
    return block


def _inside(block: str) -> str | None:
    """What stands in braces around a whole block, or after the command for its style; None without either."""
    text = block.strip()
    bare = text.rstrip(ENDS)
    if bare.startswith("{") and _closes(bare) == len(bare) - 1:
        return bare[1:-1]
    style = STYLE.match(text)
    return text[style.end() :] if style and not style[0].startswith("{") else None


def _closes(text: str) -> int:
    """Where the brace that a text begins with is closed; -1 if it never is."""
    depth, k = 0, 0
    while k < len(text):
        if text[k] == "\\":
            k += 2
            continue
        depth += (text[k] == "{") - (text[k] == "}")
        if depth == 0:
            return k
        k += 1
    return -1


BARE = {"(", ")", "[", "]", "|", "Vert", "lbrace", "rbrace", "lvert", "rvert", "=", "<", ">", "le", "ge"}


ALONE = {"|", "Vert", "cdot", "times", *LETTERS, *OPERATORS}  # commands that take nothing: \alpha{}


def without_single_braces(read: list[Token]) -> list[Token]:
    r"""Without braces around one bracket or relation, as in {\Bigl (}, and without empty ones: \alpha{}."""
    kept: list[Token] = []
    k = 0
    while k < len(read):
        opens = read[k].kind == "sign" and read[k].text == "{"
        texts = [t.text for t in read[k + 1 : k + 3]]
        if opens and len(texts) == 2 and texts[1] == "}" and texts[0] in BARE:
            kept.append(read[k + 1])
            k += 3
        elif opens and texts[:1] == ["}"] and kept and kept[-1].text in ALONE:
            k += 2
        else:
            kept.append(read[k])
            k += 1
    return kept
