"""A derivation as plain text (terminals, nbval), as Markdown with aligned LaTeX, and as HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ..statement.chain import RELATIONS
from .formulas import count_text, hypotheses_latex, hypotheses_text, latex, words_latex
from .formulas import text as plain_text
from .numbers import badge

if TYPE_CHECKING:
    from ..proofs import Proof, ProvedPart, Step

SIGNS = {"=": "=", "<=": "≤", ">=": "≥", "<": "<", ">": ">"}


def headline(d: Proof) -> str:
    """How many steps are proved, and whether less than a proof was claimed."""
    done = sum(bool(result) for result in d.results)
    said = count_text(done, len(d.results), [part.given for part in d.parts])
    return said + (" (declared numeric: the rest is checked by numbers only)" if d.chain.numeric else "")


# ---- plain text


def text(d: Proof) -> str:
    """One line per step, verdict first; nothing in it depends on the machine or on the clock."""
    lines = [f"{d.chain.name}: {headline(d)}"]
    if d.chain.claim:
        lines.append(f"  claim: {d.chain.claim}")
    for place, part in enumerate(d.parts):
        lines += _part_text(part, shown=not place or part.given is not d.parts[0].given)
    if d.unused:
        lines.append(f"  no step uses what is given about {', '.join(d.unused)}")
    return "\n".join(lines)


def _part_text(part: ProvedPart, shown: bool) -> list[str]:
    lines = [f"  {part.title}"] if part.title else []
    hypotheses = hypotheses_text(part.given)
    if hypotheses and shown:
        lines.append("  given " + "; ".join(hypotheses))
    if part.supposed:
        lines.append(f"  suppose {plain_text(part.supposed[0])} = {plain_text(part.supposed[1])}")
    lines.append(f"  {'':9} {plain_text(part.start)}")
    for s in part.steps:
        why = f"    ({s.because})" if s.because else ""
        lines.append(f"  {s.result.verdict!s:9} {SIGNS[s.relation]} {plain_text(s.expr)}{why}")
    return lines


# ---- Markdown


def markdown(d: Proof, heading: str = "") -> str:
    """Aligned LaTeX with a reason and a verdict per line."""
    lines = [f"**{heading or d.chain.name}**: {headline(d)}", ""]
    if d.chain.claim:
        lines += [f"Claim: {d.chain.claim}", ""]
    for place, part in enumerate(d.parts):
        lines += _part_markdown(part, shown=not place or part.given is not d.parts[0].given)
    if d.unused:
        lines += ["", f"No step uses what is given about {', '.join(f'${u}$' for u in d.unused)}."]
    return "\n".join(lines)


def _part_markdown(part: ProvedPart, shown: bool) -> list[str]:
    lines = [f"*{part.title}*", ""] if part.title else []
    hypotheses = hypotheses_latex(part.given)
    if hypotheses and shown:
        lines += ["Given " + "; ".join(f"${h}$" for h in hypotheses) + ".", ""]
    if part.supposed:
        lines += [f"Suppose ${latex(part.supposed[0])} = {latex(part.supposed[1])}$.", ""]
    rows = [rf"& {latex(part.start)}"]
    for s in part.steps:
        why = words_latex(s.because) + (" " if s.because else "") + f"[{s.result.verdict}]"
        rows.append(rf"&{RELATIONS[s.relation]} {latex(s.expr)} && \text{{{why}}}")
    return [*lines, "$$", r"\begin{aligned}", " \\\\\n".join(rows), r"\end{aligned}", "$$"]


# ---- HTML: readable without any style sheet, so the layout is in the elements and the signs in the text


def html(d: Proof, heading: str = "") -> str:
    """What the site and JupyterLab show: one block per step, with a fold-out that says how it was checked."""
    tip = f' title="{escape(d.chain.name)}"' if heading else ""
    name = f"<strong{tip}>{words(heading or d.chain.name)}</strong>"
    head = f'{name}: <span class="syw-count">{escape(headline(d))}</span>'
    lines = ['<div class="syw-derivation">', f'<div class="syw-summary">{head}</div>']
    if d.chain.claim:
        lines.append(f'<div class="syw-claim">Claim: {words(d.chain.claim)}</div>')
    for place, part in enumerate(d.parts):
        lines += _part_html(part, shown=not place or part.given is not d.parts[0].given)
    if d.unused:
        letters = ", ".join(maths(u) for u in d.unused)
        lines.append(f'<div class="syw-given">No step uses what is given about {letters}.</div>')
    return "\n".join([*lines, "</div>"])


def _part_html(part: ProvedPart, shown: bool) -> list[str]:
    lines = [f'<div class="syw-part"><em>{words(part.title)}</em></div>'] if part.title else []
    hypotheses = hypotheses_latex(part.given)
    if hypotheses and shown:
        given = "; ".join(maths(h) for h in hypotheses)
        lines.append(f'<div class="syw-given">Given {given}.</div>')
    if part.supposed:
        left, right = map(latex, part.supposed)
        lines.append(f'<div class="syw-given">Suppose {maths(f"{left} = {right}")}.</div>')
    lines.append(f'<div class="syw-equation">{maths(latex(part.start), display=True)}</div>')
    return lines + [_step_html(s) for s in part.steps]


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


def _step_html(s: Step) -> str:
    why = f'<span class="syw-because">{words(s.because)}</span> ' if s.because else ""
    formula = maths(rf"{RELATIONS[s.relation]}\; {latex(s.expr)}", display=True)
    return (
        f'<div class="syw-step"><div class="syw-equation">{formula}</div>'
        f'<div class="syw-reason">{why}{badge(s.result.verdict)} {how(s)}</div></div>'
    )


def how(s: Step) -> str:
    """The fold-out: what each judge did, and where the equality is meant."""
    rows = [escape(line) for line in s.result.method.split("; ") if line]
    if s.means.gap is not None:
        rows.append(f"the gap is {maths(latex(s.means.gap))}")
    rows += [f"by definition of {maths(latex(a))}" for a in s.means.using]
    if s.result.note:
        rows.append(escape(s.result.note))
    if s.result.conditions:
        rows.append("meant where " + ", ".join(maths(c) for c in s.result.conditions))
    items = "".join(f"<li>{row}</li>" for row in rows)
    return f'<details class="syw-how"><summary>how this was checked</summary><ul>{items}</ul></details>'
