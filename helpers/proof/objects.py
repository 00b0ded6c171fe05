"""What a derivation is made of: partial derivatives, named functions, and the hypotheses of a step."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Any

from sympy import Basic, Expr, Function, IndexedBase, MatrixSymbol, Symbol, evaluate, sympify
from sympy.printing.precedence import PRECEDENCE

DOMAINS = {
    "real": r"\in \mathbb{R}",
    "nonzero": r"\ne 0",
    "positive": "> 0",
    "nonnegative": r"\ge 0",
    "unit": r"\in (0, 1)",
    "closed unit": r"\in [0, 1]",
    "binary": r"\in \{0, 1\}",
    "simplex": r"> 0,\ \text{summing to } 1",
    "onehot": r"\text{ one-hot}",
}
GREEK = ("sigma", "phi", "psi", "rho", "theta", "tau")
ALIASES = {"pos": "positive", "one-hot": "onehot"}


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
        return rf"\left. {body} \right|_{{{variable} = {value}}}"

    def _sympystr(self, printer: Any) -> str:
        return f"At({', '.join(map(printer._print, self.args))})"


class PrintedByName(Function):
    """Base of the course's own functions: SymPy would print one called gamma as Euler's gamma function."""

    latex_name: str | None = None

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        """Arguments that are indices become subscripts: a_k rather than a(k)."""
        name = self.func.latex_name or printer._deal_with_super_sub(self.func.__name__)
        shown = ", ".join(printer._print(a) for a in self.args)
        if self.args and all(a.is_integer for a in self.args):
            return f"{name}_{{{shown}}}" + (f"^{{{exp}}}" if exp else "")
        arguments = rf"\left({shown}\right)" if self.args else ""
        return f"{name}^{{{exp}}}{arguments}" if exp else name + arguments

    def _sympystr(self, printer: Any) -> str:
        return f"{self.func.__name__}({', '.join(printer._print(a) for a in self.args)})"


class NamedFunction(PrintedByName):
    """Base of the functions made by `define`: printed by name, unfolded by every check."""

    parameters: tuple[Symbol, ...] = ()
    body: Expr


class SmoothFunction(PrintedByName):
    """Base of the functions made by `smooth`: any differentiable real function."""

    is_real = True
    family: tuple[str, str] = ("", "")
    order: int = 0

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


def waves(name: str) -> list[tuple[float, float, float]]:
    """Amplitude, frequency, phase of the sines that stand for `smooth(name)` when numbers are needed."""
    rng = random.Random(name)
    return [(rng.uniform(-1, 1), rng.uniform(0.3, 1.5), rng.uniform(0, 6)) for _ in range(3)]


def as_written() -> Any:
    """Context in which SymPy keeps terms and factors in the order in which they are typed.

    What is shown is then the typed tree itself; both judges read that tree, so display cannot differ from
    what was checked.
    """
    return evaluate(False)


@dataclass(frozen=True, eq=False)
class Given:
    """The hypotheses under which a step is meant.

    sizes   symbols that are integers >= 1 (numbers of features, classes, samples)
    free    free index -> (first, last), both inclusive
    domain  symbol, array or matrix -> a word of `DOMAINS`, a pair (low, high), or a function of a
            `random.Random` that returns a number
    facts   equations (lhs, rhs) that hold, such as (Sum(y[k], (k, 1, K)), 1); they are tested on the domain
    span    the values tried for every size; digits: working precision in decimal digits; points: how many
            generic points the evaluator tries
    Raises ValueError, in one sentence, on a hypothesis that it does not understand.
    """

    sizes: tuple[Symbol, ...] = ()
    free: Mapping[Symbol, tuple[Any, Any]] = field(default_factory=dict)
    domain: Mapping[Basic, Any] = field(default_factory=dict)
    facts: tuple[tuple[Any, Any], ...] = ()
    span: tuple[int, ...] = (2, 3, 1, 4)
    digits: int = 40
    points: int = 24

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "sizes", tuple(self.sizes))
        put(self, "free", MappingProxyType({i: _range(i, r) for i, r in dict(self.free).items()}))
        put(self, "domain", MappingProxyType({s: _domain(s, d) for s, d in dict(self.domain).items()}))
        put(self, "facts", tuple((sympify(left), sympify(right)) for left, right in self.facts))
        for size in self.sizes:
            if not (isinstance(size, Symbol) and size.is_integer and size.is_positive):
                raise ValueError(f"The size {size} must be a Symbol with integer=True and positive=True.")
        if not self.span or min(self.span) < 1:
            raise ValueError("The sizes in span must be 1 or more.")


def _range(index: Any, bounds: Any) -> tuple[Expr, Expr]:
    if not (isinstance(index, Symbol) and index.is_integer):
        raise ValueError(f"The free index {index} must be a Symbol with integer=True.")
    if not (isinstance(bounds, (tuple, list)) and len(bounds) == 2):
        raise ValueError(f"The range of the free index {index} must be a pair (first, last).")
    return sympify(bounds[0]), sympify(bounds[1])


def _domain(symbol: Any, domain: Any) -> str | tuple[Expr, Expr] | Callable[[random.Random], Any]:
    if not isinstance(symbol, (Symbol, IndexedBase, MatrixSymbol)):
        raise ValueError(f"A domain belongs to a symbol, an array or a matrix, not to {symbol}.")
    if callable(domain):
        return domain
    if isinstance(domain, (tuple, list)) and len(domain) == 2:
        return sympify(domain[0]), sympify(domain[1])
    domain = ALIASES.get(domain, domain)
    if domain not in DOMAINS:
        raise ValueError(f"{symbol} has the unknown domain {domain!r}; use a pair or {', '.join(DOMAINS)}.")
    return domain
