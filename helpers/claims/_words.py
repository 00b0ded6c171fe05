"""Words of a ledger as HTML: inline Markdown; a refuted line with the one that is proved in its place."""

from __future__ import annotations

import re
import unicodedata
from html import escape

from helpers.claims._record import Erratum
from helpers.claims._spec import parse_id

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
NUMBER = re.compile(r"[−-]?\d[\d.,]*(?:( × |-)\d+)*(\s%)?")  # as code it is quoted, and looks like any number


def powers(text: str) -> str:
    """8 × 10⁻¹⁰ for 8e-10, as Python formats it; 10⁻¹⁰ for 1e-10."""
    raised = re.sub(r"e([+-]\d+)$", lambda e: f" × 10{str(int(e[1])).translate(RAISED)}", text)
    return raised.removeprefix("1 × ")


def inline(words: str) -> str:
    """Inline Markdown (`code`, *emphasis*, $maths$) as HTML; maths so that Jupyter and the site set it."""
    parts = re.split(r"(`[^`]+`|\$[^$]+\$|\*[^*\s][^*]*\*)", words)
    return "".join(_inline(part) for part in parts)


def plain(words: str) -> str:
    """The same words without marks, where only text can stand: $\\lambda = 2$ as λ = 2, `200` as 200."""
    words = re.sub(r"\$([^$]+)\$", lambda maths: re.sub(r"\\([A-Za-z]+)", _letter, maths[1]), words)
    words = words.translate(str.maketrans("", "", "`{}")).replace(r"\|", "‖")
    return re.sub(r"\*([^*\s][^*]*)\*", r"\1", words)


def minus(text: str) -> str:
    """The text with a true minus sign before its negative numbers; that of an exponent stays."""
    return re.sub(r"(?<![\w)])-(?=[\d.])", "−", text)


def _letter(name: re.Match[str]) -> str:
    """λ of \\lambda; a name that is no Greek letter stays a word."""
    size = "CAPITAL" if name[1][0].isupper() else "SMALL"
    spelt = name[1].upper().replace("LAMBDA", "LAMDA")  # as Unicode has it
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {spelt}")
    except KeyError:
        return name[1]


def _inline(part: str) -> str:
    text = escape(part[1:-1], quote=False)
    if len(part) > 2 and part[0] == part[-1] == "`":
        return text.replace(" ", "\u00a0") if NUMBER.fullmatch(text) else f"<code>{text}</code>"
    if len(part) > 2 and part[0] == part[-1] == "$":
        return _maths(text)
    if len(part) > 2 and part[0] == part[-1] == "*":
        return f"<em>{text}</em>"
    return escape(part, quote=False)


def erratum_html(e: Erratum) -> str:
    """The reported line with the numbers that refute it, and the line that is proved in its place."""
    point = e.refuted["counterexample"]
    at = ", ".join(f"{_maths(name)} = {escape(minus(value))}" for name, value in point)
    below = f'<div class="syw-counterexample">At {at}: {escape(minus(e.refuted["text"]))}.</div>'
    task, report = parse_id(e.id)
    place = f", {escape(e.where)}" if e.where else ""
    teller = f"Report {report}" if report else "Our own line"
    words = f"<p><strong>{teller}</strong>, {escape(task)}{place}: {inline(e.said)}.</p>"
    lines = _line(e.refuted, "as reported", "refuted", below) + _line(e.corrected, "in its place", "proved")
    return f'<div class="syw-erratum">{words}{lines}</div>'


def _line(line: dict, reason: str, verdict: str, below: str = "") -> str:
    formula = escape(f"{line['lhs']} {line['relation']} {line['rhs']}", quote=False)
    equation = f'<div class="syw-equation">{_maths(formula, "[]")}</div>'
    mark = " syw-has-refuted" if verdict == "refuted" else ""
    badge = f'<span class="syw-badge syw-{verdict}">{verdict}</span>'
    return (
        f'<div class="syw-derivation{mark}"><div class="syw-step">{equation}'
        f'<div class="syw-reason">{reason} {badge}</div>{below}</div></div>'
    )


def _maths(formula: str, brackets: str = "()") -> str:
    """Maths that MathJax finds both in Jupyter and inside an output that the site tells it to skip."""
    left, right = brackets
    return f'<span class="syw-math mathjax_process tex2jax_process">\\{left}{formula}\\{right}</span>'
