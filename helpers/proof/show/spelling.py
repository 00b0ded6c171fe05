"""How a formula is spelled in a text: no index with two roles, no braces that only a machine writes."""

from __future__ import annotations

import re
from typing import Any

from sympy import Basic, Dummy, Product, Sum, Symbol, evaluate

from ..statement.terms import is_leaf

LETTERS = "rstqlkjimnp"


class NotWritable(ValueError):
    """The language of texts has no words for a part of the chain."""


def open_names(f: Any) -> str:
    """The name of a defined function, without arguments."""
    return f.latex_name or f.__name__


def with_own_letters(e: Basic, taken: set[Any]) -> Basic:
    """`e` with each bound index that is free elsewhere, or bound around it, under a letter of its own."""
    names = {s.name for s in taken if isinstance(s, Symbol)}
    every = names | {s.name for s in e.atoms(Symbol)}
    return _renamed(e, names, every)


def _renamed(e: Basic, outer: set[str], every: set[str]) -> Basic:
    if is_leaf(e):
        return e
    if isinstance(e, (Sum, Product)):
        own = {limit[0]: _own(limit[0], outer, every) for limit in e.limits}
        with evaluate(False):
            body = e.function.xreplace({a: b for a, b in own.items() if a != b})
            inner = outer | {letter.name for letter in own.values()}
            limits = [(own[i], *(end.xreplace(own) for end in ends)) for i, *ends in e.limits]
            made = _renamed(body, inner, every)
            if made == e.function and all(a == b for a, b in own.items()):
                return e
            return e.func(made, *limits)
    args = [_renamed(a, outer, every) for a in e.args]
    if all(a is b for a, b in zip(args, e.args, strict=True)):
        return e
    with evaluate(False):
        return e.func(*args)


def _own(letter: Symbol, outer: set[str], every: set[str]) -> Symbol:
    if letter.name not in outer and not isinstance(letter, Dummy):
        return letter
    name = letter.name
    if name in outer:
        name = next(c for c in LETTERS if c not in every | outer)
    return Symbol(name, integer=True)


NAME = r"(?:\\[a-z]+|[A-Za-z])(?:\{\w\})?(?:\^\{\([^{}]*\)\}|_\{[^{}]*\})?"
LARGE = re.compile(r"\\frac|\\sum|\\prod|\\lim|\\left|\\begin")
ROUND = re.compile(r"\\left\(((?:(?!\\left|\\right)[^()])*)\\right\)")


CALL = re.compile(r"(\\(?:log|exp|cosh|sinh|tanh|operatorname\{sign\}))\{(\((?:[^{}()]|\{[^{}]*\})*\))\}")


def plain(shown: str) -> str:
    """LaTeX without what only a printer writes: {z}_{q} as z_q, \\log{\\left(x \\right)} as \\ln(x)."""
    shown = re.sub(rf"(?<![A-Za-z])\{{({NAME})\}}_\{{", r"\1_{", shown)
    before = ""
    while before != shown:
        before = shown
        shown = ROUND.sub(_small, shown)
    shown = CALL.sub(r"\1\2", shown)
    shown = re.sub(r"\\log\b", r"\\ln", shown)
    shown = re.sub(r"([_^])\{([\w*])\}", r"\1\2", shown)
    shown = re.sub(r"([({]|^)- (?=[\\\w(])", r"\1-", shown)
    return shown.replace(r" \right", r"\right")


def _small(found: re.Match[str]) -> str:
    inside = found.group(1).strip()
    return found.group(0) if LARGE.search(inside) else f"({inside})"
