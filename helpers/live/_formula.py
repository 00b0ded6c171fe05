"""A proved line as a function of named numbers, in JavaScript and in Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sympy import Expr, Indexed, Symbol, lambdify, sympify
from sympy.core.function import AppliedUndef
from sympy.printing.codeprinter import PrintMethodNotImplementedError
from sympy.printing.jscode import jscode

NAME = re.compile(r"[A-Za-z]\w*")


@dataclass(frozen=True)
class Formula:
    """One number from others: `args` are the names that it asks for, `javascript` what a page runs."""

    args: tuple[str, ...]
    javascript: str
    expr: Expr = field(repr=False)

    @cached_property
    def python(self) -> Any:
        """The same as a NumPy function of `args`, which draws the still picture."""
        return lambdify([Symbol(name) for name in self.args], self.expr, "numpy")

    def spec(self) -> dict:
        return {"args": list(self.args), "js": self.javascript}


@dataclass(frozen=True)
class Mean:
    """The mean over samples of the formula named `of`: `over` has an array for each letter of a sample."""

    of: str
    over: dict[str, list[float]]

    def spec(self) -> dict:
        return {"mean": self.of, "over": self.over}


def mean(of: str, **over: Sequence[float]) -> Mean:
    """The mean over samples of the formula called `of`; each keyword is a letter with its n values.

    Raises ValueError if the arrays differ in length.
    """
    arrays = {name: [float(v) for v in values] for name, values in over.items()}
    if len({len(values) for values in arrays.values()}) != 1:
        raise ValueError("A mean needs arrays of one length: give each letter one value a sample.")
    return Mean(of, arrays)


def formula(of: Any, **numbers: int) -> Formula:
    """The last line of a proved derivation, or any SymPy expression, for sizes and indices that are numbers.

    `numbers` gives each size and index: formula(recall("softmax.jacobian"), K=3, l=1, q=2). An entry w[2]
    becomes the name w2, X[1, 2] the name X1_2; other letters keep theirs.
    Raises ValueError for a derivation that is not proved, and for what no number comes out of.
    """
    verdict = str(getattr(of, "verdict", "proved"))
    if verdict != "proved":
        raise ValueError(f"Only a proved derivation can be shown: this one is {verdict}.")
    expr = _plain(sympify(getattr(of, "last", of)), numbers)
    names = sorted(symbol.name for symbol in expr.free_symbols)
    if strange := [name for name in names if not NAME.fullmatch(name)]:
        raise ValueError(f"{strange[0]} is no name that a page can use: letters and digits only.")
    try:
        javascript = jscode(expr)
    except PrintMethodNotImplementedError:
        wanted = "give its sizes and indices, or another line"
        raise ValueError(f"{expr} cannot be computed in a page: {wanted}.") from None
    return Formula(tuple(names), " ".join(javascript.split()), expr)


def _plain(expr: Expr, numbers: dict[str, int]) -> Expr:
    """`expr` without sums, named functions and arrays. Sums first: a body's own letters are not the sum's."""
    before = None
    while expr != before:
        before = expr
        here = {s: numbers[s.name] for s in expr.free_symbols if isinstance(s, Symbol) and s.name in numbers}
        expr = expr.subs(here).doit(deep=True)
        expr = expr.replace(lambda e: hasattr(type(e), "body"), _unfold)
    entries = expr.atoms(Indexed)
    if unknown := [e for e in entries if not all(i.is_Integer for i in e.indices)]:
        raise ValueError(f"{unknown[0]} has an index without a number: name it, such as formula(…, j=1).")
    named = {e: Symbol(f"{e.base.name}{'_'.join(map(str, e.indices))}") for e in entries}
    expr = expr.xreplace(named)
    if open_ones := expr.atoms(AppliedUndef):
        raise ValueError(f"{open_ones.pop()} has no formula: give a line in which it is written out.")
    # One symbol for a name, whatever was assumed of it: SymPy keeps a real u and a plain u apart.
    return expr.xreplace({s: Symbol(s.name) for s in expr.free_symbols})


def _unfold(call: Expr) -> Expr:
    named = type(call)
    return named.body.xreplace(dict(zip(named.parameters, call.args, strict=True)))
