"""The terms that SymPy lacks: partial derivatives, values at a point, named and unknown functions.

A term is data: nothing here is worked out, and both judges read the same tree, each by rules of its own.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

from sympy import Basic, Expr, Function, IndexedBase, MatrixSymbol, Symbol, evaluate, sympify
from sympy.printing.precedence import PRECEDENCE

GREEK = ("sigma", "phi", "psi", "rho", "theta", "tau")


class Partial(Expr):
    """The partial derivative of `expr` with respect to `variable`, not yet worked out.

    SymPy's own `diff` answers 0 when the variable hides inside a named function, and lets a sum's
    index capture the variable's index; a `Partial` is only evaluated once every name is unfolded and
    every bound index renamed.
    """

    is_commutative = True
    precedence = PRECEDENCE["Mul"]

    def __new__(cls, expr: Any, variable: Any) -> Partial:
        return Expr.__new__(cls, sympify(expr), sympify(variable))

    def _latex(self, printer: Any) -> str:
        body, variable = self.args
        shown = printer._print(body)
        if body.is_Add or body.is_Mul or body.is_Pow:
            shown = rf"\left[{shown}\right]"
        return rf"\frac{{\partial}}{{\partial {printer._print(variable)}}} {shown}"

    def _sympystr(self, printer: Any) -> str:
        return f"Partial({printer._print(self.args[0])}, {printer._print(self.args[1])})"


class At(Expr):
    """The value of `expr` where `variable` is `value`; a `Partial` inside comes before the value."""

    is_commutative = True
    precedence = PRECEDENCE["Mul"]

    def __new__(cls, expr: Any, variable: Any, value: Any) -> At:
        return Expr.__new__(cls, sympify(expr), sympify(variable), sympify(value))

    @property
    def free_symbols(self) -> set[Basic]:
        return (self.args[0].free_symbols - {self.args[1]}) | self.args[2].free_symbols

    def _latex(self, printer: Any) -> str:
        body, variable, value = map(printer._print, self.args)
        return body if variable == value else rf"\left. {body} \right|_{{{variable} = {value}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"At({', '.join(map(printer._print, self.args))})"


class PrintedByName(Function):
    """Base of the course's own functions: SymPy would print one called gamma as Euler's gamma function."""

    latex_name: str | None = None

    def _eval_evalf(self, prec: int) -> None:
        """No value: SymPy would take that of mpmath's function of this name, and assume its sign."""

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        """Arguments that are indices become subscripts: a_k rather than a(k), but σ(0)."""
        name = self.func.latex_name or printer._deal_with_super_sub(self.func.__name__)
        if name.isalpha() and len(name) > 1:
            name = rf"\operatorname{{{name}}}"  # in italics it would be a product
        shown = ", ".join(printer._print(a) for a in self.args)
        open_letters = getattr(self.func, "parameters", self.args)
        if self.args and all(
            a.is_integer and p.is_integer for a, p in zip(self.args, open_letters, strict=True)
        ):
            return f"{name}_{{{shown}}}" + (f"^{{{exp}}}" if exp else "")
        arguments = rf"\left({shown}\right)" if self.args else ""
        return f"{name}^{{{exp}}}{arguments}" if exp else name + arguments

    def _sympystr(self, printer: Any) -> str:
        return f"{self.func.__name__}({', '.join(printer._print(a) for a in self.args)})"


class NamedFunction(PrintedByName):
    """Base of the functions made by `define`: printed by name, unfolded by every check."""

    parameters: tuple[Symbol, ...] = ()
    body: Expr
    is_number = False  # z() has no free letters, but its body may: SymPy must not compare it, as in max(0, z)


class SmoothFunction(PrintedByName):
    """Base of the functions made by `smooth`: any differentiable function of a real number, real itself."""

    family: tuple[str, str] = ("", "")
    order: int = 0

    def _eval_is_real(self) -> bool | None:
        return True if self.args[0].is_real else None

    def fdiff(self, argindex: int = 1) -> Expr:
        name, latex = self.family
        return _smooth(name, latex, self.order + 1)(self.args[0])


def define(name: str, params: Iterable[Symbol], body: Any, latex: str | None = None) -> type[Function]:
    """A function that is printed as `name(...)` and that every check replaces by its `body`.

    `params` are the symbols of `body` that stand for the arguments. Any other letter of `body` means what it
    means where the function is used, as on paper: after h(y) = x y the value of h(y) at x = 5 is 5 y, and
    in a sum over k a body's k is the sum's. Both judges read it so. Each call makes a class of its own, so
    two definitions that share a name can never be confused with each other.
    """
    # A class of its own for each definition: equality of classes is equality of definitions.
    params = tuple(params)
    made = {"nargs": (len(params),), "parameters": params, "body": sympify(body), "latex_name": latex}
    return type(name, (NamedFunction,), made)


def smooth(name: str, latex: str | None = None) -> tuple[type[Function], type[Function]]:
    """A differentiable function about which nothing else is known, and its derivative: `(f, f_prime)`."""
    return _smooth(name, latex or "", 0), _smooth(name, latex or "", 1)


@cache
def _smooth(name: str, latex: str, order: int) -> type[Function]:
    shown = latex or (rf"\{name}" if name in GREEK else name)
    made = {"nargs": (1,), "family": (name, latex), "order": order, "latex_name": shown + "'" * order}
    return type(name + "'" * order, (SmoothFunction,), made)


@cache
def waves(name: str) -> tuple[tuple[float, float, float], ...]:
    """Amplitude, frequency, phase of the sines that stand for `smooth(name)` when numbers are needed."""
    rng = random.Random(name)
    return tuple((rng.uniform(-1, 1), rng.uniform(0.3, 1.5), rng.uniform(0, 6)) for _ in range(3))


def as_written() -> Any:
    """Context in which SymPy keeps terms and factors in the order in which they are typed.

    What is shown is then the typed tree itself; both judges read that tree, so display cannot differ from
    what was checked.
    """
    return evaluate(False)


@lru_cache(maxsize=10_000)
def symbol(name: str, **assumed: bool) -> Symbol:
    """One object for one letter, however often SymPy empties its own cache, which `as_written` makes it do.

    The numeric judge looks letters up millions of times; objects that are equal only are compared at length.
    """
    return Symbol(name, **assumed)


def settle(e: Basic) -> Basic:
    """`e` rebuilt with SymPy's automatic evaluation on: what an expression kept `as_written` stands for."""
    with evaluate(True):
        return _settled(e)


@lru_cache(maxsize=10_000)
def _settled(e: Basic) -> Basic:
    return e if is_leaf(e) else e.func(*[_settled(a) for a in e.args])


def is_leaf(e: Basic) -> bool:
    """Whether rewriting stops at `e`: an array's or matrix's shape is part of its name."""
    return not e.args or isinstance(e, (MatrixSymbol, IndexedBase))


def rebuilt(e: Basic, args: list[Basic]) -> Basic:
    """`e` with new arguments; `e` itself if none is new, because building costs time."""
    return e if all(a is b for a, b in zip(args, e.args, strict=True)) else e.func(*args)
