"""How large an answer may grow while SymPy puts it together: exponents, digits, terms, sums inside sums."""

from __future__ import annotations

from collections.abc import Callable
from math import comb, log10, prod
from typing import Any

from sympy import Expr, Indexed, IndexedBase, Max, Min, Pow, Product, Sum, Symbol, Tuple, nan, oo, zoo
from sympy.core.parameters import global_parameters

from ..statement.terms import PrintedByName, is_leaf, rebuilt
from .tokens import AnswerError, short

MAX_EXPONENT, MAX_TERMS, MAX_RANGE, MAX_NESTED_SUMS = 12, 2_000, 12, 3
INFINITE = (zoo, nan, oo, -oo)
MAX_DIGITS = 30  # of any number that arises while the formula is put together


def limited(written: Expr) -> Expr:
    """A formula that was read as it is written, put together by SymPy; inside `as_written` it stays as it is.

    Raises AnswerError for what is too large, and for a part that has no value, such as 1/0.
    """
    if nested_sums(written) > MAX_NESTED_SUMS:
        raise AnswerError(f"More than {MAX_NESTED_SUMS} sums inside one another are not read here.")
    value = _settled(written) if global_parameters.evaluate else written
    _demand_finite(value)
    if _terms(value) > MAX_TERMS:
        raise AnswerError(f"Multiplied out, the formula has more than {MAX_TERMS:,} terms; simplify it.")
    return value


def _settled(e: Any) -> Any:
    """`e` put together from the inside out, so that what would grow too large is met while it is small."""
    if is_leaf(e):
        return e
    parts = [_settled(part) for part in e.args]
    if isinstance(e, Tuple):  # where a sum begins and ends
        return rebuilt(e, parts)
    for part in parts:  # before it vanishes, as in 1/(1/0)
        _demand_finite(part)
    if isinstance(e, (Sum, Product)):
        _demand_short(e, parts[1:])
    if isinstance(e, (Sum, Product, Indexed, PrintedByName)):  # of which SymPy works nothing out
        return rebuilt(e, parts)
    return RULES.get(e.func, e.func)(*parts)


def _demand_finite(value: Any) -> None:
    """Raises AnswerError for infinity, for what has no value, and for a number with many digits."""
    if any(value is one for one in INFINITE):
        raise AnswerError("Part of the formula has no value, such as a division by zero or log(0).")
    if value.is_Rational:
        _few_digits(log10(max(abs(value.p), value.q)))


def nested_sums(e: Any) -> int:
    """How deep sums and products with an index stand inside one another."""
    deepest = max(map(nested_sums, e.args), default=0) if not isinstance(e, (Symbol, IndexedBase)) else 0
    return deepest + isinstance(e, (Sum, Product)) * len(getattr(e, "limits", ()))


def _demand_short(e: Expr, limits: list[Any]) -> None:
    """Raises AnswerError unless it is known how far a sum or a product goes, and that is not far."""
    for _, first, last in limits:
        first, last = _demand_bound(first), _demand_bound(last)
        if (last - first).is_Number and last - first > MAX_RANGE:
            word = "sum" if isinstance(e, Sum) else "product"
            raise AnswerError(f"A {word} over more than {MAX_RANGE} written-out terms is not read here.")


def _compared(sign: type) -> Callable[..., Expr]:
    """max or min, for which SymPy wants real numbers; f(2) of a function without a formula is none to it."""

    def compared(*parts: Expr) -> Expr:
        try:
            return sign(*parts)
        except ValueError:
            name = sign.__name__.lower()
            raise AnswerError(f"{name} compares real numbers, and it is not known that these are.") from None

    return compared


def _demand_bound(value: Expr) -> Expr:
    """A size, an index or a number, plus or minus a number: else a sum could go on for ever."""
    number, rest = value.as_coeff_Add()
    known = rest == 0 or (isinstance(rest, Symbol) and rest.is_integer)
    if not (known and number.is_Integer and abs(number) <= MAX_RANGE):
        raise AnswerError("The bounds of a sum are a size, an index or a small number, as in N or j - 1.")
    return value


def _power(base: Expr, exponent: Expr) -> Expr:
    if exponent.is_Rational and max(abs(exponent), exponent.q) > MAX_EXPONENT:
        raise AnswerError(f"The exponent {short(str(exponent), 20)} is outside ±{MAX_EXPONENT}.")
    if base.is_Rational and exponent.is_Rational and base != 0:
        _few_digits(float(abs(exponent)) * log10(max(abs(base.p), base.q)))
    return base**exponent


def _few_digits(digits: float) -> None:
    if digits > MAX_DIGITS:
        raise AnswerError(f"A number in the formula has more than {MAX_DIGITS} digits.")


def _terms(expr: Expr) -> int:
    """How many terms the expression has when multiplied out, at most; a function counts as its inside."""
    if not expr.args or expr.is_Number:
        return 1
    inner = [_terms(arg) for arg in expr.args]
    if expr.is_Add:
        return sum(inner)
    if expr.is_Mul:
        return prod(inner)
    if expr.is_Pow and expr.exp.is_Integer:
        power = abs(int(expr.exp))
        return comb(inner[0] + power - 1, power) if inner[0] > 1 else max(1, MAX_TERMS * (power // 100))
    return max(inner)


RULES: dict[type, Callable[..., Expr]] = {
    Pow: _power,
    Max: _compared(Max),
    Min: _compared(Min),
}
