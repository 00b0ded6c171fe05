"""A chain as the text that a mathematician would write: sentences that define and suppose, rows of LaTeX.

It is the inverse of `read`: what this writes is read as the same chain, for chains of letters, arrays and
named functions. What the language of texts does not hold, such as a recursion, is refused.
"""

from __future__ import annotations

from typing import Any

from sympy import Basic, Dummy, IndexedBase, MatrixExpr, Symbol
from sympy.core.relational import Relational

from ..statement.chain import RELATIONS, Chain, Line, Part
from ..statement.given import Given
from ..statement.recursive import RecursiveFunction
from ..statement.terms import NamedFunction, SmoothFunction
from .formulas import latex

SETS = {
    "nonzero": r"{0} \ne 0", "positive": "{0} > 0", "nonnegative": r"{0} \ge 0", "unit": "0 < {0} < 1",
    "closed unit": r"0 \le {0} \le 1", "binary": r"{0} \in \{{0, 1\}}",
}  # fmt: skip
ROWS = {"simplex": "{0} > 0", "closed simplex": r"{0} \ge 0", "affine": "", "onehot": r"{0} \in \{{0, 1\}}"}
INDICES = "klmnqrst"


class NotWritable(ValueError):
    """The language of texts has no words for a part of the chain."""


def written(chain: Chain, title: str = "") -> str:
    """The chain as a text. Raises NotWritable for what a text cannot say."""
    if any(part.supposed for part in chain.parts):
        raise NotWritable("an induction")
    every = [e for part in chain.parts for e in (part.start, *(line.expr for line in part.lines))]
    names = _Names()
    for e in every:
        names.add(e)
    rows = [row for part in chain.parts for row in _rows(part)]
    return "\n".join([*([title] if title else []), *_sentences(names, _together(chain)), *rows])


def _together(chain: Chain) -> Given:
    """The hypotheses of all parts, if they do not contradict each other."""
    free: dict[Any, Any] = {}
    domain: dict[Any, Any] = {}
    for part in chain.parts:
        for said, all_said in ((part.given.free, free), (part.given.domain, domain)):
            for letter, what in said.items():
                if all_said.setdefault(letter, what) != what:
                    raise NotWritable("parts with hypotheses of their own")
    first = chain.parts[0].given
    return Given(first.sizes, free, domain, first.facts, conditions=first.conditions)


class _Names:
    """The definitions, functions and arrays that a chain names, each once, what they lean on first."""

    def __init__(self) -> None:
        self.defined: dict[type, None] = {}
        self.smooth: dict[str, None] = {}
        self.arrays: dict[IndexedBase, None] = {}
        self.letters: dict[Symbol, None] = {}

    def add(self, e: Basic, parameters: tuple[Symbol, ...] = ()) -> None:
        if e.atoms(RecursiveFunction) or any(isinstance(a, MatrixExpr) for a in e.atoms(MatrixExpr)):
            raise NotWritable("a recursion or a matrix")
        for array in sorted(e.atoms(IndexedBase), key=str):
            self.arrays.setdefault(array)
        labels = {array.label for array in e.atoms(IndexedBase)}
        for letter in sorted(e.free_symbols - labels - set(parameters), key=str):
            if isinstance(letter, Symbol) and not isinstance(letter, Dummy):
                self.letters.setdefault(letter)
        for call in e.atoms(SmoothFunction):
            self.smooth.setdefault(type(call).latex_name.rstrip("'"))  # type: ignore[union-attr]
        for call in sorted(e.atoms(NamedFunction), key=str):
            if type(call) not in self.defined:
                self.add(type(call).body, type(call).parameters)
                self.defined.setdefault(type(call))


def _sentences(names: _Names, given: Given) -> list[str]:
    found = []
    for array in names.arrays:
        if array.shape:
            sizes = r" \times ".join(map(latex, array.shape))
            found.append(rf"{latex(array)} \in \mathbb{{R}}^{{{sizes}}}")
    said = [f"Let ${shape}$." for shape in found]
    for letter in names.letters:
        if letter.is_integer and letter.is_positive:
            said.append(rf"Let ${latex(letter)} = 1, 2, \dots$.")
        elif letter.is_positive and letter not in given.domain:
            said.append(f"Let ${latex(letter)} > 0$.")
        elif not letter.is_integer and given.domain.get(letter, "real") == "real":
            said.append(f"Let ${latex(letter)}$ be a number.")
    said += [f"Let ${name}$ be differentiable." for name in names.smooth]
    said += [f"Let ${_head(f)} = {latex(f.body)}$." for f in names.defined]
    said += [
        rf"Let ${latex(i)} = {latex(low)}, \dots, {latex(high)}$." for i, (low, high) in given.free.items()
    ]
    for letter, domain in given.domain.items():
        said += _domain(letter, domain)
    said += [f"Let ${latex(left)} = {latex(right)}$." for left, right in given.facts]
    said += [
        f"Let ${latex(condition)}$." for condition in given.conditions if isinstance(condition, Relational)
    ]
    return said


def _head(f: Any) -> str:
    """A definition's left side: the name with its parameters."""
    return latex(f(*f.parameters))


def _domain(letter: Any, domain: Any) -> list[str]:
    shape = getattr(letter, "shape", None) or ()
    taken: list[Symbol] = [Symbol(c, integer=True) for c in INDICES[: len(shape)]]
    entry = latex(letter[tuple(taken)]) if shape else latex(letter)
    if isinstance(domain, tuple):
        return [f"Let ${latex(domain[0])} < {entry} < {latex(domain[1])}$."]
    if domain in ROWS:
        own = [f"Let ${ROWS[domain].format(entry)}$."] if ROWS[domain] else []
        last = taken[-1]
        return [*own, rf"Let $\sum_{{{last}=1}}^{{{latex(shape[-1])}}} {entry} = 1$."]
    if domain in SETS:
        return [f"Let ${SETS[domain].format(entry)}$."]
    if domain == "real":
        return []
    raise NotWritable(f"the domain {domain}")


def _rows(part: Part) -> list[str]:
    def row(line: Line) -> str:
        if line.means.gap is not None or line.means.using or line.means.induction or line.means.hypothesis:
            raise NotWritable("a step with means of its own")
        because = f" && {line.because}" if line.because else ""
        return f"  &{RELATIONS[line.means.relation]} {latex(line.expr)}{because}"

    return [latex(part.start), *map(row, part.lines)]
