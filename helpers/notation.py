"""The course's symbols and named functions as SymPy objects, and what explains them.

They are made of book/notation.yaml: `from helpers.notation import n, w, sigma` gives any name of it.
Chapters, derivations and exercises take their letters from here, so that a letter means one thing in the
whole book.
Arrays count from 1, as the formulas do; matrices (`MatrixSymbol`) from 0, as SymPy does.
`NOTATION` has all entries of the file by name.

>>> from helpers.notation import NOTATION
>>> print(NOTATION["w"].text, "has", NOTATION["w"].meaning)
w[j] has weights of one output
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sympy import Expr, IndexedBase

from helpers.course import content, letters, of_texts
from helpers.proof import define

__all__ = ["Entry", "array", "of_texts", "softmax"]


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


@dataclass(frozen=True)
class Entry:
    """One entry; `symbol` is the SymPy object, `text` and `latex` how it is written."""

    name: str
    symbol: object
    text: str
    latex: str
    shape: str
    meaning: str


@cache
def _entries() -> dict[str, Entry]:
    """Whole matrices are the arrays once more, and have no entry."""
    rows = {}
    for name, entry in content("notation").items():
        kind = entry["is"]
        if kind != "matrix":
            symbol = softmax if kind == "maker" else letters()[name]
            shape = entry.get("shape") or ("function" if kind == "maker" else kind)
            rows[name] = Entry(name, symbol, entry["text"], entry["latex"], shape, entry["meaning"])
    return rows
