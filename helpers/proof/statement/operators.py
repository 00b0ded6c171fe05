"""Expectation, variance and covariance as terms: what is random is said by the hypotheses."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, sympify
from sympy.printing.precedence import PRECEDENCE

from .laws import letter_of


class Expectation(Expr):
    """The mean of `expr` over everything random in it, or over the letters `over` only.

    What else is random in `expr` must then be independent of these letters, and stays as it is. Every
    expectation that is written is taken to exist.
    """

    is_commutative = True
    precedence = PRECEDENCE["Atom"]

    def __new__(cls, expr: Any, *over: Any) -> Expectation:
        return Expr.__new__(cls, sympify(expr), *map(sympify, over))

    @property
    def over(self) -> tuple[Basic, ...]:
        return tuple(map(letter_of, self.args[1:]))

    def _eval_is_real(self) -> bool | None:
        return True if self.args[0].is_real else None

    def _eval_derivative(self, variable: Basic) -> Expr:
        # A mean of finitely many values; that no law mentions the variable is asked before any proof.
        return self.func(self.args[0].diff(variable), *self.args[1:])

    def _latex(self, printer: Any) -> str:
        below = ", ".join(map(printer._print, self.args[1:]))
        return rf"\mathbb{{E}}{f'_{{{below}}}' if below else ''}\left[{printer._print(self.args[0])}\right]"

    def _sympystr(self, printer: Any) -> str:
        below = ", ".join(map(printer._print, self.args[1:]))
        return f"E{f'_{{{below}}}' if below else ''}[{printer._print(self.args[0])}]"


class Variance(Expr):
    """The mean of (expr - E expr)² over everything random in `expr`."""

    is_commutative = True
    precedence = PRECEDENCE["Atom"]

    def __new__(cls, expr: Any) -> Variance:
        return Expr.__new__(cls, sympify(expr))

    def _latex(self, printer: Any) -> str:
        return rf"\operatorname{{Var}}\left[{printer._print(self.args[0])}\right]"

    def _sympystr(self, printer: Any) -> str:
        return f"Var[{printer._print(self.args[0])}]"


class Covariance(Expr):
    """The mean of (a - E a)(b - E b) over everything random in a and b."""

    is_commutative = True
    precedence = PRECEDENCE["Atom"]

    def __new__(cls, a: Any, b: Any) -> Covariance:
        return Expr.__new__(cls, sympify(a), sympify(b))

    def _latex(self, printer: Any) -> str:
        return rf"\operatorname{{Cov}}\left[{', '.join(map(printer._print, self.args))}\right]"

    def _sympystr(self, printer: Any) -> str:
        return f"Cov[{', '.join(map(printer._print, self.args))}]"


OPERATORS = (Expectation, Variance, Covariance)
