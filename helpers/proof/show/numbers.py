"""Values and points of a counterexample, in words and as a small table."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..verdicts import Result, Verdict


def number(value: Any, digits: int = 6) -> str:
    """Significant digits of a float, whole numbers as they are, "undefined" for None."""
    if value is None:
        return "undefined"
    return f"{value:.{digits}g}" if isinstance(value, (float, complex)) else str(value)


def distinct(left: Any, right: Any) -> tuple[str, str]:
    """Both values in as many digits as it takes to see that they differ."""
    for digits in range(6, 18):
        shown = number(left, digits), number(right, digits)
        if shown[0] != shown[1]:
            break
    return shown


def badge(verdict: Verdict) -> str:
    """The verdict as a small label; its word is its text, so it needs no colour."""
    return f'<span class="syw-badge syw-{verdict}">{verdict}</span>'


def result_html(r: Result) -> str:
    """A stand-alone result; a refutation shows the point and both values in a small table."""
    if r.counterexample is None:
        return f'<div class="syw-result">{badge(r.verdict)} {escape(r.note)}</div>'
    point = ", ".join(f"{k} = {number(v)}" for k, v in r.counterexample.items()) or "every point"
    left, right = distinct(r.lhs, r.rhs)
    rows = [("at", escape(point)), ("left side", left), ("right side", right)]
    if r.note:
        rows.append(("because", escape(r.note)))
    cells = "".join(f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' for name, value in rows)
    table = f'<table class="syw-counterexample">{cells}</table>'
    return f'<div class="syw-result">{badge(r.verdict)}{table}</div>'
