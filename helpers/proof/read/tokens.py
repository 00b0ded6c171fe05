"""Text typed by a reader, cut into the tokens that the grammar of formulas takes.

Only numbers, names, brackets, commas and arithmetic survive: kinds "number", "text" (a name) and "sign".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sympy import Rational

from .latex import GREEK, INVISIBLE, Token

POPPED = "\u202c"  # ends a change of the writing direction, and is often copied without its beginning
MAX_TEXT, MAX_TOKENS, MAX_PARTS, MAX_DEPTH, MAX_SIGNS = 1_000, 400, 300, 25, 6
MAX_INTEGER = 10**9

LETTERS = {**GREEK, "µ": "mu", "Σ": "sum", "∑": "sum", "Π": "prod", "∏": "prod", "√": "sqrt", "ŷ": "yhat"}
SIGNS = {
    "·": "*",
    "⋅": "*",
    "×": "*",
    "∗": "*",
    "⊙": "*",
    "∙": "*",
    "•": "*",
    "−": "-",
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "÷": "/",
    "**": "^",
    "′": "'",
    "’": "'",
}
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789aehijklmnoprstuvx", strict=True))
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹ⁱⁿ⁺⁻⁽⁾", "0123456789in+-()", strict=True))
MARKED = {"\u0302": "hat", "\u0304": "bar", "\u0303": "tilde"}  # an accent over the letter before it
BESIDE = re.compile(rf"([{re.escape(''.join(RAISED))}]+)([{''.join(LOWERED)}]+)")  # w²ⱼ is wⱼ²
TURNED = re.compile(r"(\w+)[ᵀ⊤](?:_([a-z0-9])([a-z0-9])(?![a-z0-9])|\s*\[([^][,]+),([^][,]+)\])")
WHOLE = "Whole vectors and matrices are not read here: write entries, as in w_j, and sums of them."
TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<text>[A-Za-z_][A-Za-z0-9_]*'*)"
    r"|(?P<sign>[-+*/^(),\[\]])|(?P<space>\s+)",
    re.ASCII,
)
TWO_READINGS = re.compile(
    r"(?<![A-Za-z_0-9.])(?:\d+(?:\.\d*)?|\.\d+)[eE][-+]\d+"
)  # 1e-3: a number, or 1·e - 3
REFUSED = {
    "=": "Write only the right-hand side, without “=”.",
    ".": "A dot can only stand inside a number, as in 0.5.",
    "'": "Quotation marks have no place in a formula.",
    '"': "Quotation marks have no place in a formula.",
    "}": "Use round brackets ( ) to group.",
    "|": "Write abs(…) for an absolute value.",
    ":": "A colon has no place in a formula.",
    "ᵀ": WHOLE,
    "⊤": WHOLE,
    ".T": WHOLE,
    "@": WHOLE,
    "!": "Factorials are not needed here, so “!” is not read.",
}


class AnswerError(ValueError):
    """The text is not a formula that this exercise can read; the message is one sentence on what to do."""


def short(text: str, width: int = 40) -> str:
    """The text on one line, cut to `width` characters."""
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"


def _typed(c: str) -> str:
    """A character as a keyboard types it: no invisible ones, no unusual spaces, no full-width letters.

    Marks that turn the direction of writing stay, and are refused: the text would not be what it looks like.
    """
    if c in INVISIBLE + POPPED or unicodedata.category(c) == "Zs":
        return " "
    return chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c


def plain(text: str) -> str:
    """Greek letters and typographic signs as the ASCII words and signs that the parser knows."""
    if text.isascii():
        return text.replace("**", "^")
    text = "".join(map(_typed, unicodedata.normalize("NFC", text)))
    text = BESIDE.sub(r"\2\1", text)
    text = re.sub(f"[{''.join(LOWERED)}]+", lambda found: "_" + _each(found.group(), LOWERED), text)
    text = re.sub(f"[{''.join(RAISED)}]+", lambda found: _power_of(_each(found.group(), RAISED)), text)
    text = re.sub(f"(?<=[A-Za-z])[{''.join(MARKED)}]", lambda found: MARKED[found.group()], text)
    text = TURNED.sub(_turned, text)
    for sign, word in SIGNS.items():
        text = text.replace(sign, word)
    # A Greek letter next to another letter or a digit is a factor of its own, as in 2λw.
    return "".join(
        f" {LETTERS[c]}{' ' * after.isalpha()}" if c in LETTERS else c
        for c, after in zip(text, text[1:] + " ", strict=True)
    )


def _each(letters: str, table: dict[str, str]) -> str:
    return "".join(table[letter] for letter in letters)


def _power_of(exponent: str) -> str:
    return f"^{exponent}" if exponent.isalnum() else f"^({exponent})"


def _turned(found: re.Match[str]) -> str:
    """The entry that a transposed matrix has at these two indices: Wᵀ[j, k] is W[k, j]."""
    name, *indices = (part.strip() for part in found.groups() if part)
    return (
        f"{name}[{indices[1]}, {indices[0]}]" if "[" in found.group() else f"{name}_{indices[1]}{indices[0]}"
    )


def cut(text: str) -> list[Token]:
    """The tokens of the text, of an answer's size and depth at most; sigma_prime is sigma'."""
    if not isinstance(text, str) or not text.strip():
        raise AnswerError("Write a formula.")
    if len(text) > MAX_TEXT:
        raise AnswerError(f"The answer is longer than {MAX_TEXT:,} characters; a shorter formula is enough.")
    text = plain(text)
    twice = TWO_READINGS.search(text)
    if twice:
        raise AnswerError(f"“{twice.group()}” can be read in two ways: write 0.001 for a number, or 2*e - 3.")
    tokens = _tokens(text)
    _limit_shape(tokens)
    return tokens


def demand_operators(tokens: Sequence[Token]) -> None:
    """Raises AnswerError for a number that is too long, or that nothing joins to what stands before it."""
    before = None
    for token in tokens:
        if token.kind == "number":
            if before is not None and (before.kind != "sign" or before.text in ")]"):
                one, other = short(before.text), short(token.text)
                raise AnswerError(f"An operator is missing between “{one}” and “{other}”.")
            _demand_short(token.text)
        before = token


def _tokens(text: str) -> list[Token]:
    """A character that no formula needs is refused before any grammar is involved."""
    out, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            why = REFUSED.get(text[at : at + 2]) or REFUSED.get(text[at])
            raise AnswerError(why or f"“{text[at]}” has no place in a formula.")
        if (kind := match.lastgroup or "space") != "space":
            out.append(Token(kind, match.group().replace("_prime", "'"), at))
        at = match.end()
    return out


def _limit_shape(tokens: Sequence[Token]) -> None:
    depth = signs = 0
    for token in tokens:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        signs = signs + 1 if token.text in ("+", "-", "^") else 0
        if depth > MAX_DEPTH or signs > MAX_SIGNS:
            raise AnswerError(f"The formula is nested more than {MAX_DEPTH} levels deep; simplify it.")
    parts = sum(token.text not in ("(", ")", "[", "]", ",") for token in tokens)
    powers = sum(token.text == "^" for token in tokens)
    if len(tokens) > MAX_TOKENS or parts > MAX_PARTS or powers > MAX_DEPTH:
        raise AnswerError("The formula has too many parts; write it more simply.")


def _demand_short(number: str) -> None:
    if len(number) > 20 or Rational(number) > MAX_INTEGER:
        raise AnswerError(f"The number {short(number, 20)} is larger or longer than this exercise needs.")
