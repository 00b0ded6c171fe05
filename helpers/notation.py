"""The course's symbols and named functions as SymPy objects, and the table that explains them.

They are made of book/notation.yaml: `from helpers.notation import n, w, sigma` gives any name of it.
Chapters, derivations and exercises take their letters from here, so that a letter means one thing in the
whole book.
Arrays count from 1, as the formulas do; matrices (`MatrixSymbol`) from 0, as SymPy does.

>>> table("n", "w", "sigma")
n      n                        size      number of features
w      w[j]                     n         weights of one output
sigma  sigma(u) = 1/(1 + e^-u)  function  logistic function
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from sympy import Expr, IndexedBase, Sum, Symbol

from helpers.course import content, letters, of_texts
from helpers.proof import define

__all__ = ["Entry", "Table", "array", "linear", "of_texts", "softmax", "table"]


def __getattr__(name: str) -> Any:
    """A name of the notation, and NOTATION itself, when they are first asked for."""
    if name == "NOTATION":
        return _entries()
    if name in letters():
        return letters()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; its names: {', '.join(letters())}")


def __dir__() -> list[str]:
    return sorted({*globals(), *letters(), "NOTATION"})


def array(name: str, *shape: Expr) -> IndexedBase:
    """A real array whose entries count from 1 in every direction."""
    return IndexedBase(name, shape=shape, real=True)


def softmax(scores: IndexedBase, name: str = "a") -> type[Expr]:
    """The function k -> exp(scores[k]) / sum over l of exp(scores[l]), printed as `name`(k).

    `scores` has one entry per class, shape (K,).
    """
    made, known = letters()["softmax"], letters()["zk"]
    # The number of classes stands in the array's shape too: the array goes first.
    body = made.body.xreplace({known[made.parameters[0]]: scores[made.parameters[0]]})
    inner = {e: scores[e.indices[0]] for e in body.atoms(type(known[1])) if e.base == known}
    body = body.xreplace(inner).xreplace({known.shape[0]: scores.shape[0]})
    return define(name, made.parameters, body, latex=name)


def linear(weights: IndexedBase, inputs: IndexedBase) -> Expr:
    """The weighted input: sum over i of weights[i] * inputs[i], both of shape (n,)."""
    i = Symbol("i", integer=True)
    return Sum(weights[i] * inputs[i], (i, 1, weights.shape[0]))


# ---------------------------------------------------------------- the table
@dataclass(frozen=True)
class Entry:
    """One line of the notation table; `symbol` is the SymPy object, `text` and `latex` how it is written."""

    name: str
    symbol: object
    text: str
    latex: str
    shape: str
    meaning: str


@cache
def _entries() -> dict[str, Entry]:
    """The rows of the table; whole matrices are the arrays once more, and have none."""
    rows = {}
    for name, entry in content("notation").items():
        kind = entry["is"]
        if kind != "matrix":
            symbol = softmax if kind == "maker" else letters()[name]
            shape = entry.get("shape") or ("function" if kind == "maker" else kind)
            rows[name] = Entry(name, symbol, entry["text"], entry["latex"], shape, entry["meaning"])
    return rows


@dataclass(frozen=True)
class Table:
    """Rows of the notation table; renders as Markdown, HTML or plain text."""

    entries: tuple[Entry, ...]

    def __repr__(self) -> str:
        rows = [(e.name, e.text, e.shape, e.meaning) for e in self.entries]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]

        def line(row: tuple[str, ...]) -> str:
            return "  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True))

        return "\n".join(map(line, rows))

    def _repr_markdown_(self) -> str:
        rows = [f"| `{e.name}` | ${e.latex}$ | {e.shape} | {e.meaning} |" for e in self.entries]
        return "\n".join(["| name | symbol | shape | meaning |", "|:---|:---|:---|:---|", *rows])

    def _repr_html_(self) -> str:
        rows = [
            f"<tr><td><code>{escape(e.name)}</code></td><td>${e.latex.replace('<', '&lt;')}$</td>"
            f"<td>{escape(e.shape)}</td><td>{escape(e.meaning)}</td></tr>"
            for e in self.entries
        ]
        head = "<tr><th>name</th><th>symbol</th><th>shape</th><th>meaning</th></tr>"
        return f'<table class="syw-notation"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'


def table(*names: str) -> Table:
    """The rows of the notation table for `names`, in that order; without names, the whole table.

    Raises ValueError naming the first unknown name.
    """
    rows = _entries()
    for name in names:
        if name not in rows:
            raise ValueError(f"{name!r} is not in the notation table; it has {', '.join(rows)}.")
    return Table(tuple(rows[name] for name in names or rows))
