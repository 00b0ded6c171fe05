"""How a ledger looks in a notebook: verdicts as text that never varies, evidence as a table."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from html import escape

from helpers.claims._measure import Measured
from helpers.claims._record import Claim, Erratum, parse_id

BADGE = {
    "reproduced": "reproduced",
    "refuted": "refuted",
    "depends": "depends",
    "not testable here": "untestable",
}


@dataclass(frozen=True, repr=False)
class Verdicts:
    """Ids and verdicts, one a line, and their counts."""

    claims: tuple[Claim, ...]
    errata: tuple[Erratum, ...]

    def __repr__(self) -> str:
        lines = [(c.id, c.verdict) for c in self.claims]
        lines += [(e.id, "refuted, correction proved") for e in self.errata]
        width = max((len(id) for id, _ in lines), default=0)
        return "\n".join(f"{id:{width}}  {verdict}" for id, verdict in lines) or "no claims"


@dataclass(frozen=True, repr=False)
class Evidence:
    """The evidence table, HTML in a notebook and plain text in a terminal."""

    claims: tuple[Claim, ...]
    tier: str
    device: str
    stored: dict

    def __repr__(self) -> str:
        rows = [f"{c.id}: {c.verdict}; {_values(c)}; {self._source(c)}" for c in self.claims]
        return "\n".join(rows) or "no claims"

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th scope="col">{name}</th>' for name in ("Claim", "Reported", "Measured", "Verdict")
        )
        body = "".join(f"<tr>{self._cells(c)}</tr>" for c in self.claims)
        return f'<table class="syw-ledger"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'

    def _cells(self, c: Claim) -> str:
        quick = f" Judged here instead: {inline(c.quick)}." if c.judged == "stored" else ""
        note = f'<br><small class="syw-note">{escape(self._source(c))}.{quick}</small>'
        depends = f" on {inline(c.on)}" if c.on else ""
        badge = f'<span class="syw-verdict syw-{BADGE[c.verdict]}">{c.verdict}</span>{depends}'
        reason = inline(c.why or c.because)
        return (
            f'<th scope="row">{escape(c.id)}</th><td>{inline(c.said)}</td>'
            f"<td>{escape(_values(c))}{note}</td><td>{badge}<br><small>{reason}</small></td>"
        )

    def _source(self, c: Claim) -> str:
        if c.verdict == "not testable here":
            return "nothing to measure"
        if c.judged == "here":
            return f"judged here, {self.tier}, {self.device}"
        data, made = self.stored["data"], self.stored["provenance"]
        tier = f"{data['name']}, {data['tier']} tier" if data else "no data"
        return f"stored verdict of the full run, {tier}, {made['device']}, commit {made['commit']}"


def _values(c: Claim) -> str:
    unit = f" {c.unit}" if c.unit else ""
    return "; ".join(_value(m, unit) for m in c.measured) or "–"


def _value(m: Measured, unit: str) -> str:
    name = f"{m.setting}: " if m.setting else ""
    if m.n == 1:
        return f"{name}{m.mean:.4g}{unit} (n = 1)"
    return f"{name}{m.mean:.4g}{unit} ({m.low:.4g} to {m.high:.4g}, n = {m.n})"


def inline(words: str) -> str:
    """Inline Markdown (`code`, *emphasis*, $maths$) as HTML; maths so that Jupyter and the site set it."""
    parts = re.split(r"(`[^`]+`|\$[^$]+\$|\*[^*\s][^*]*\*)", words)
    return "".join(_inline(part) for part in parts)


def _inline(part: str) -> str:
    text = escape(part[1:-1], quote=False)
    if len(part) > 2 and part[0] == part[-1] == "`":
        return f"<code>{text}</code>"
    if len(part) > 2 and part[0] == part[-1] == "$":
        return _maths(text)
    if len(part) > 2 and part[0] == part[-1] == "*":
        return f"<em>{text}</em>"
    return escape(part, quote=False)


def show(erratum: Erratum) -> None:
    """Put an erratum on the page at once; nothing outside Jupyter."""
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.display import display

        display(erratum)


def erratum_html(e: Erratum) -> str:
    """The reported line with the numbers that refute it, and the line that is proved in its place."""
    at = ", ".join(f"{_maths(name)} = {escape(value)}" for name, value in e.refuted["counterexample"])
    below = f'<div class="syw-counterexample">At {at}: {escape(e.refuted["text"])}.</div>'
    task, report = parse_id(e.id)
    place = f", {escape(e.where)}" if e.where else ""
    teller = f"Report {report}" if report else "Our own line"
    words = f"<p><strong>{teller}</strong>, {escape(task)}{place}: {inline(e.said)}.</p>"
    lines = _line(e.refuted, "as reported", "refuted", below) + _line(e.corrected, "in its place", "proved")
    return f'<div class="syw-erratum">{words}{lines}</div>'


def _line(line: dict, reason: str, verdict: str, below: str = "") -> str:
    equation = ""
    if line["lhs"] is not None:
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
