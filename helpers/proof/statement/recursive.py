"""Functions defined by recursion over a symbolic index, such as delta at layer l from delta at layer l + 1.

Such a function cannot be unfolded for a symbolic depth: the symbolic judge takes its applications for letters
and rewrites them by the definitions that a step names; the numerical judge runs the recursion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sympy import (
    Abs,
    Expr,
    Function,
    Heaviside,
    I,
    KroneckerDelta,
    Piecewise,
    Pow,
    Symbol,
    ceiling,
    cos,
    cosh,
    erf,
    exp,
    floor,
    log,
    sign,
    sin,
    sinh,
    sympify,
    tan,
    tanh,
)

from .terms import PrintedByName


class RecursiveFunction(PrintedByName):
    """Base of the functions made by `recursive`."""

    parameters: tuple[Symbol, ...] = ()
    level: int = 0  # which parameter the recursion runs over
    start: Expr
    base: Expr
    rule: Expr
    real: bool = False  # whether it is real at real arguments

    def _eval_is_real(self) -> bool | None:
        return True if self.func.real and all(a.is_real for a in self.args) else None


def recursive(
    name: str,
    params: Iterable[Symbol],
    *,
    start: tuple[Symbol, Any],
    base: Any,
    rule: Callable[[type[Function]], Any],
    latex: str | None = None,
) -> type[RecursiveFunction]:
    """The function that is `base` where the parameter start[0] is start[1], and `rule(itself)` elsewhere.

    A letter of `base` or of the rule that is no parameter means what it means where the function is used, as
    in `define`. The function is real at real arguments if its pieces are.
    """
    params = tuple(params)
    index, at = start
    made: dict[str, Any] = {
        "nargs": (len(params),),
        "parameters": params,
        "level": params.index(index),
        "start": sympify(at),
        "base": sympify(base),
        "latex_name": latex,
    }

    def build(real: bool) -> type[RecursiveFunction]:
        function = type(name, (RecursiveFunction,), {**made, "real": real})
        function.rule = sympify(rule(function))
        return function

    real = build(True)  # SymPy remembers what it once asked, so what turns out not to be real is built anew
    return build(False) if _may_be_complex(real.base) or _may_be_complex(real.rule) else real


REAL = (Abs, Heaviside, KroneckerDelta, Piecewise, PrintedByName, ceiling, cos, cosh, erf, exp, floor, log)
REAL = (*REAL, sign, sin, sinh, tan, tanh)  # at real arguments, but for what is looked at below


def _may_be_complex(e: Expr, seen: frozenset[type] = frozenset()) -> bool:
    """Whether a piece of a definition holds i, a root or a log of unknown sign, or a function like asin."""
    roots = (p for p in e.atoms(Pow) if not p.exp.is_integer and not p.base.is_nonnegative)
    logs = (l for l in e.atoms(log) if not l.args[0].is_positive)
    calls = {call.func for call in e.atoms(PrintedByName)} - seen
    inside = (getattr(f, "body", None) for f in calls)
    return (
        e.has(I)
        or not all(isinstance(f, REAL) for f in e.atoms(Function))
        or any(roots)
        or any(logs)
        or any(not getattr(f, "real", True) for f in calls)
        or any(body is not None and _may_be_complex(body, seen | calls) for body in inside)
    )
