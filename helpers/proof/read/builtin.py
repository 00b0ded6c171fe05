"""Functions that every text knows: log, exp, max, tanh, tr, diag and the norms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sympy import (
    Abs,
    Determinant,
    DiagMatrix,
    Expr,
    MatMul,
    MatrixExpr,
    Max,
    Min,
    Pow,
    S,
    Symbol,
    Trace,
    Transpose,
    cos,
    cosh,
    erf,
    exp,
    log,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

from ..statement.terms import At, Partial
from . import grids
from . import trees as g
from .grids import Grid, as_grid, is_grid
from .latex import ReadError
from .names import demand_no_prime, label

if TYPE_CHECKING:
    from .formulas import Formulas

PLAIN_FUNCTIONS: dict[str, Callable[..., Expr]] = {
    "log": log, "ln": log, "exp": exp, "tanh": tanh, "sinh": sinh, "cosh": cosh, "sin": sin, "cos": cos,
    "tan": tan,
    "sign": sign, "sgn": sign, "erf": erf, "abs": Abs, "sqrt": sqrt,
}  # fmt: skip


OF_THE_VALUE = {"tanh", "sinh", "cosh", "sin", "cos", "tan"}  # log(x)^2 is written for log(x^2), too
TRACES = ("tr", "Tr", "trace")


def built_in(
    f: Formulas, name: str, scripts: g.Scripts, factors: list[tuple[str, g.Node]], k: int
) -> tuple[Any, int]:
    """log, exp, max, tr, diag ... with the bracket or the factor after it."""
    after = factors[k + 1][1] if k + 1 < len(factors) else None
    if name in OF_THE_VALUE and isinstance(after, g.Scripts) and isinstance(after.base, g.Bracket):
        scripts, factors = of_the_value(scripts, after, factors, k)
    given, used = arguments(f, name, scripts, factors, k)
    value = call(f, name, given, scripts)
    if isinstance(scripts.above, g.Added):
        raise ReadError(
            f"Is {name} with a minus above it the inverse function, or one over it? Say which.", scripts.at
        )
    if scripts.above is not None:
        value = f.power(value, scripts.above)
    return value, used


def of_the_value(
    scripts: g.Scripts, after: g.Scripts, factors: list[tuple[str, g.Node]], k: int
) -> tuple[g.Scripts, list[tuple[str, g.Node]]]:
    """tanh(z)^2 as tanh^2(z)."""
    if after.below or after.primes or scripts.above:
        return scripts, factors
    moved = [*factors[: k + 1], (factors[k + 1][0], after.base), *factors[k + 2 :]]
    return replace(scripts, above=after.above), moved


def arguments(f: Formulas, name: str, scripts: g.Scripts, factors: list, k: int) -> tuple[list[Any], int]:
    if k + 1 == len(factors) or factors[k + 1][0] != "":
        raise ReadError(f"{name} has no argument: write it in brackets.", scripts.at)
    after = factors[k + 1][1]
    if isinstance(after, g.Bracket) and after.kind in "([{":
        return [f.value(item) for item in after.items], 2
    if isinstance(after, g.Scripts) and isinstance(after.base, g.Bracket) and after.base.kind in "([{":
        raise ReadError(
            f"Is the power that of {name}, or that of its argument? Write {name}^2(…) or more brackets.",
            after.at,
        )
    value, used = f.application(factors, k + 1)
    beyond = factors[k + 1 + used : k + 2 + used]
    if beyond and beyond[0][0] == "" and not _begins_anew(beyond[0][1]):
        raise ReadError(
            f"Does {name} hold only the next factor, or all that follow? Put its argument in brackets.",
            scripts.at,
        )
    return [value], 1 + used


def call(f: Formulas, name: str, arguments: list[Any], scripts: g.Scripts) -> Any:
    first = arguments[0]
    if scripts.below is not None and name != "log":
        raise ReadError(f"{name} with an index is not read here.", scripts.at)
    if name in ("max", "min") and len(arguments) > 1:
        demand_no_prime(scripts, name)
        return (Max if name == "max" else Min)(*arguments, evaluate=False)
    if len(arguments) > 1:
        raise ReadError(f"{name} takes one argument.", scripts.at)
    if scripts.below is not None:
        demand_no_prime(scripts, "a logarithm to a base")
        return f.times([log(first, evaluate=False), Pow(log(f.number(scripts.below)), -1, evaluate=False)])
    if name in PLAIN_FUNCTIONS or name.lower() == "relu":
        function = _relu if name.lower() == "relu" else lambda u: _unevaluated(PLAIN_FUNCTIONS[name], u)
        return f.entrywise(lambda u: derived(function, u, scripts.primes), first)
    demand_no_prime(scripts, name)
    if name in TRACES and not is_grid(first):  # of a product with one row and one column
        return first
    if not is_grid(first):
        raise ReadError(f"“{name}” is not known here as a function of a number.", scripts.at)
    if name in TRACES:
        return grids.trace(first, f.letter) if isinstance(first, Grid) else Trace(first)
    if name == "det" and isinstance(first, MatrixExpr):
        return Determinant(first)
    if name == "diag":
        return grids.diagonal(first) if isinstance(first, Grid) else DiagMatrix(first)
    raise ReadError(f"“{name}” is not known here.", scripts.at)


def norm(f: Formulas, bracket: g.Bracket, scripts: g.Scripts | None) -> Expr:
    """‖x‖, ‖x‖_1, ‖x‖^2."""
    x = f.value(bracket.items[0])
    if not is_grid(x):
        raise ReadError("A norm is read of a vector or a matrix; of a number write |x|.", bracket.at)
    kind = label(scripts.below) if scripts else ""
    if scripts:
        demand_no_prime(scripts, "a norm")
    if kind not in ("", "1", "2", "F"):
        raise ReadError(f"The norm with index {kind} is not read here.", bracket.at)
    squared = grids.norm(as_grid(x), kind, f.letter)
    if isinstance(x, MatrixExpr) and kind != "1":
        squared = Trace(MatMul(Transpose(x), x, evaluate=False))
    above = scripts.above if scripts else None
    if kind == "1":
        return f.power(squared, above)
    return squared if above == g.Num("2") else f.power(Pow(squared, S.Half, evaluate=False), above)


def derived(function: Callable[[Expr], Expr], u: Expr, order: int) -> Expr:
    """The derivative of a function of one number, at `u`; without a prime its value."""
    if not order:
        return function(u)
    letter = Symbol("u", real=True)
    body = function(letter)
    for _ in range(order):
        body = Partial(body, letter)
    return At(body, letter, u)


def _relu(u: Expr) -> Expr:
    return Max(0, u, evaluate=False)


def _begins_anew(node: g.Node) -> bool:
    """Whether a factor cannot belong to the argument of the function before it: it is an operator."""
    base = node.base if isinstance(node, g.Scripts) else node
    return isinstance(base, (g.Sign, g.Acts))


def _unevaluated(function: Callable[..., Expr], u: Expr) -> Expr:
    return Pow(u, S.Half, evaluate=False) if function is sqrt else function(u, evaluate=False)
