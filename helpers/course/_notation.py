"""The notation, from the entries of book/notation.yaml: SymPy objects, and what texts need not say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from sympy import Expr, IndexedBase, MatrixSymbol, Symbol

from helpers.proof import define
from helpers.proof.read.latex import ReadError
from helpers.proof.read.text import Notation, notation
from helpers.proof.statement.terms import settle

from ._sources import ContentError, content

ASSUMED: dict[str, dict[str, bool]] = {
    "size": {"integer": True, "positive": True},
    "index": {"integer": True},
    "real": {"real": True},
    "positive": {"positive": True},
}
KINDS = (*ASSUMED, "array", "matrix", "function", "maker")


@cache
def letters() -> dict[str, Any]:
    """name -> symbol, array, matrix or function; for a maker the function that its definition defines.

    Raises ContentError for an entry that says nothing of the kind.
    """
    made: dict[str, Any] = {}
    for name, entry in content("notation").items():
        made[name] = _object(entry, made)
    return made


def _object(entry: dict[str, Any], sizes: dict[str, Any]) -> Any:
    kind, typed = entry["is"], entry["text"].partition("[")[0]
    if kind in ASSUMED:
        return Symbol(typed, **ASSUMED[kind])
    if kind in ("array", "matrix"):
        shape = [_size(word.strip(), entry, sizes) for word in entry.get("shape", "").split("×")]
        return IndexedBase(typed, shape=shape, real=True) if kind == "array" else MatrixSymbol(typed, *shape)
    if kind in ("function", "maker"):
        return _function(entry)
    raise ContentError(f"{entry['name']} in the notation: “is” must be one of {', '.join(KINDS)}.")


def _size(word: str, entry: dict[str, Any], sizes: dict[str, Any]) -> Expr | int:
    if word.isdigit():
        return int(word)
    if word not in sizes:
        raise ContentError(
            f"{entry['name']} in the notation: “shape” names sizes that stand before it, as in N × n."
        )
    return sizes[word]


def _function(entry: dict[str, Any]) -> type[Expr]:
    """The function of an entry: it is read as in a text, and built as SymPy sorts it."""
    read = _said(f"Let ${entry.get('definition', entry['latex'])}$.", entry)
    found = [m.value for m in read.meanings if isinstance(m.value, type)]
    if len(found) != 1:
        raise ContentError(
            f"{entry['name']} in the notation: its formula must define one function, f(u) = …."
        )
    (made,) = found
    return define(made.__name__, made.parameters, settle(made.body), latex=made.latex_name)


def _said(sentence: str, entry: dict[str, Any]) -> Notation:
    try:
        return notation(sentence)
    except ReadError as trouble:
        raise ContentError(f"{entry['name']} in the notation: {trouble}") from None


@cache
def of_texts() -> Notation:
    """What a text need not say: the functions and positive numbers that the notation marks as known."""
    meanings, domains = [], {}
    for name, entry in content("notation").items():
        if entry.get("known"):
            formula = entry.get("definition", entry["latex"])
            kind = entry["is"]
            read = _said(f"Let ${formula}{' > 0' if kind == 'positive' else ''}$.", entry)
            value = letters()[name]
            meanings += [replace(m, value=value) if kind == "function" else m for m in read.meanings]
            domains |= read.domains
    return Notation(tuple(meanings), domains)
