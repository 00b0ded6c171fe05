"""Derivations in a notebook, written as a mathematician writes them: `%%derivation` and `derive(r"…")`.

After `%load_ext helpers` a cell may begin with `%%derivation sigma.slope`. Then come a title, sentences that
begin with Let, and rows of LaTeX, each with its reason after &&. A false line stops the cell with its
counterexample; so does one that is less than proved, or cannot be read.

>>> derive(r"\\sigma'(u) = \\sigma(u) (1 - \\sigma(u))", "sigma.slope").verdict
<Verdict.PROVED: 'proved'>
"""

from __future__ import annotations

from copy import copy
from html import escape
from typing import Any

from sympy import Expr

from helpers.course import DERIVATIONS, read_wholly
from helpers.proof import Derivation
from helpers.proof.read.text import Reading
from helpers.proof.show.derivation import maths, words
from helpers.proof.show.formulas import latex

MIME = "application/vnd.show-your-work.derivation+json"


class Written(Derivation):
    """A derivation read from a text; its output carries the text, so that it can be judged elsewhere."""

    text: str = ""
    home: str = ""  # of one that is recalled: where it is derived
    definitions: tuple[tuple[Expr, Expr], ...] = ()

    def _repr_html_(self) -> str:
        """The derivation with the definitions of its text above, and the text itself, to be copied, below.

        One that is recalled is folded: it has been shown before.
        """
        if not self.home:
            return self._unfolded()
        summary = f"{words(self.heading or self.name)} (derived {escape(self.home)})"
        return f"<details><summary>{summary}</summary>{self._unfolded()}</details>"

    def _unfolded(self) -> str:
        head, found, rest = super()._repr_html_().partition('<div class="syw-equation">')
        equations = (f"{latex(name)} = {latex(body)}" for name, body in self.definitions)
        let = "; ".join(map(maths, dict.fromkeys(equations)))  # each part of the text has them anew
        said = f'<div class="syw-given">Let {let}.</div>\n' if let else ""
        source = f"<details><summary>as LaTeX</summary><pre>{escape(self.text.strip())}</pre></details>"
        return head + said + found + rest.removesuffix("</div>") + source + "</div>"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        lines = [
            {"relation": s.relation, "because": s.because, "verdict": str(s.result.verdict)}
            for s in self.steps
        ]
        return {
            "text/plain": repr(self),
            "text/html": self._repr_html_(),
            MIME: {"name": self.name, "text": self.text, "lines": lines},
        }


_derived: dict[str, Written] = {}  # by this kernel, so that nothing is proved twice in it


def recall(id: str) -> Written:
    """A derivation that was shown before: from this kernel, or else read and proved from its chapter's text.

    It is shown folded. Raises ContentError if no chapter derives it, and what `derive` raises.
    """
    home = "above"
    if id not in _derived:
        found = DERIVATIONS[id]
        _derived[id], home = _judged(found.text, found.reading, id), f"in chapter {found.chapter}"
    made = copy(_derived[id])
    made.home = home
    return made


def derive(text: str, name: str = "") -> Written:
    """The derivation that `text` writes down, judged line by line.

    Raises ReadError for what cannot be read, RefutedStep with a counterexample for a false line, UnprovedStep
    for one that is less than proved.
    """
    made = _judged(text, read_wholly(text, name), name)
    if name:
        _derived[name] = made
    return made


def _judged(text: str, reading: Reading, name: str) -> Written:
    first, *others = reading.chain.parts
    made = Written(name or reading.layout.title, first.start, first.given, title=first.title)
    made.text, made.heading, made.definitions = text, reading.layout.title, reading.definitions
    for part in (first, *others):
        if part is not first:
            made.part(part.title, part.start, part.given, supposed=part.supposed)
        for line in part.lines:
            how = line.means
            made.step(
                line.expr,
                line.because,
                relation=how.relation,
                gap=how.gap,
                using=how.using,
                hypothesis=how.hypothesis,
            )
    made.qed()
    return made


def register(shell: Any) -> None:
    """Make `%%derivation` known to an IPython shell."""

    def derivation(line: str, cell: str) -> Written:
        return derive(cell, line.strip())

    shell.register_magic_function(derivation, "cell", "derivation")
