"""A derivation as plain text (terminals, nbval), as Markdown with aligned LaTeX, and as HTML."""
from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from .judge import RELATIONS
from .printing import count_text, hypotheses_latex, hypotheses_text, latex, words_latex
from .printing import text as plain_text
from .verdicts import Result, Verdict, number

if TYPE_CHECKING:
    from .derivation import Derivation, Step

SIGNS = {"=": "=", "<=": "≤", ">=": "≥", "<": "<", ">": ">"}


def text(d: Derivation) -> str:
    """One line per step, verdict first; nothing in it depends on the machine or on the clock."""
    lines = [f"{d.name}: {headline(d)}"]
    hypotheses = hypotheses_text(d.given)
    if hypotheses:
        lines.append("  given " + "; ".join(hypotheses))
    lines.append(f"  {'':9} {plain_text(d.start)}")
    for s in d.steps:
        why = f"    ({s.because})" if s.because else ""
        lines.append(f"  {s.result.verdict!s:9} {SIGNS[s.relation]} {plain_text(s.expr)}{why}")
    return "\n".join(lines)


def headline(d: Derivation) -> str:
    """How many steps are proved, and whether more than that was claimed."""
    done = sum(v is Verdict.PROVED for v in d.verdicts)
    said = count_text(done, len(d.steps), d.given)
    return said + (" (declared numeric: the rest is checked by numbers only)" if d.numeric else "")


def markdown(d: Derivation) -> str:
    lines = [f"**{d.name}**: {headline(d)}", ""]
    hypotheses = hypotheses_latex(d.given)
    if hypotheses:
        lines += ["Given " + "; ".join(f"${h}$" for h in hypotheses) + ".", ""]
    rows = [rf"& {latex(d.start)}"]
    for s in d.steps:
        why = words_latex(s.because) + (" " if s.because else "") + f"[{s.result.verdict}]"
        rows.append(rf"&{RELATIONS[s.relation]} {latex(s.expr)} && \text{{{why}}}")
    body = " \\\\\n".join(rows)
    return "\n".join([*lines, "$$", r"\begin{aligned}", body, r"\end{aligned}", "$$"])


# ---- HTML: readable without any style sheet, so the layout is in the elements and the signs in the text


def html(d: Derivation) -> str:
    head = f'<strong>{escape(d.name)}</strong>: <span class="syw-count">{escape(headline(d))}</span>'
    given = "; ".join(maths(h) for h in hypotheses_latex(d.given))
    parts = ['<div class="syw-derivation">', f'<div class="syw-summary">{head}</div>']
    if given:
        parts.append(f'<div class="syw-given">Given {given}.</div>')
    parts.append(f'<div class="syw-equation">{maths(latex(d.start), display=True)}</div>')
    parts += [_step_html(s) for s in d.steps]
    return "\n".join([*parts, "</div>"])


def maths(formula: str, display: bool = False) -> str:
    """A formula that MathJax finds even inside an element that it was told to skip."""
    left, right = (r"\[", r"\]") if display else (r"\(", r"\)")
    return f'<span class="syw-math mathjax_process tex2jax_process">{left}{escape(formula)}{right}</span>'


def words(prose: str) -> str:
    """Prose with $maths$ in it as HTML."""
    parts = prose.split("$")
    if len(parts) % 2 == 0:
        return escape(prose)
    return "".join(maths(p) if k % 2 else escape(p) for k, p in enumerate(parts))


def badge(verdict: Verdict) -> str:
    return f'<span class="syw-badge syw-{verdict}">{verdict}</span>'


def _step_html(s: Step) -> str:
    why = f'<span class="syw-because">{words(s.because)}</span> ' if s.because else ""
    formula = maths(rf"{RELATIONS[s.relation]}\; {latex(s.expr)}", display=True)
    return (f'<div class="syw-step"><div class="syw-equation">{formula}</div>'
            f'<div class="syw-reason">{why}{badge(s.result.verdict)}</div>{how(s)}</div>')


def how(s: Step) -> str:
    """The fold-out: what each judge did, and where the equality is meant."""
    rows = [f"<li>{escape(line)}</li>" for line in s.result.method.split("; ") if line]
    if s.gap is not None:
        rows.append(f"<li>the gap {maths(latex(s.gap))} has a sign that can be read off</li>")
    if s.result.note:
        rows.append(f"<li>{escape(s.result.note)}</li>")
    if s.result.conditions:
        rows.append("<li>meant where " + ", ".join(maths(c) for c in s.result.conditions) + "</li>")
    summary = "<summary>how this was checked</summary>"
    return f'<details class="syw-how">{summary}<ul>{"".join(rows)}</ul></details>'


def result_html(r: Result) -> str:
    """A stand-alone result; a refutation shows the point and both values in a small table."""
    if r.counterexample is None:
        return f'<div class="syw-result">{badge(r.verdict)} {escape(r.note)}</div>'
    point = ", ".join(f"{k} = {number(v)}" for k, v in r.counterexample.items()) or "every point"
    rows = [("at", escape(point)), ("left side", number(r.lhs)), ("right side", number(r.rhs))]
    if r.note:
        rows.append(("because", escape(r.note)))
    cells = "".join(f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' for name, value in rows)
    table = f'<table class="syw-counterexample">{cells}</table>'
    return f'<div class="syw-result">{badge(r.verdict)}{table}</div>'
