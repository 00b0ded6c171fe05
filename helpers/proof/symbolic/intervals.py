"""Guaranteed enclosures: mpmath's interval arithmetic rounds outwards, so a sign that it sees is proved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
from sympy import Add, Expr, Mul, Pow, Symbol, cosh, exp, log, pi, sinh, tanh

from ..work import tick

DIGITS = 60


class NoEnclosure(ValueError):
    """A quantity without numerical bounds, or a function without an interval rule."""


def enclose(e: Expr, domain: Mapping[Any, Any]) -> Any:
    """An interval (`mpmath.iv.mpf`, with ends `.a` and `.b`) that contains every value of `e`.

    Symbols range over the pair of numbers that `domain` gives them. Raises NoEnclosure.
    """
    before, mpmath.iv.dps = mpmath.iv.dps, DIGITS
    try:
        return _enclose(e, domain)
    finally:
        mpmath.iv.dps = before


def _enclose(e: Expr, domain: Mapping[Any, Any]) -> Any:
    tick()
    iv = mpmath.iv
    if e.is_Rational:
        return iv.mpf(int(e.p)) / int(e.q)
    if e is pi:
        return iv.pi
    if isinstance(e, Symbol):
        return _range(e, domain)
    parts = [_enclose(a, domain) for a in e.args]
    if isinstance(e, Add):
        return sum(parts[1:], parts[0])
    if isinstance(e, Mul):
        return _product(parts)
    if isinstance(e, Pow):
        return _power(e, parts)
    if type(e) in RULES:
        return RULES[type(e)](*parts)
    raise NoEnclosure(f"no interval rule for {type(e).__name__}")


def _range(e: Symbol, domain: Mapping[Any, Any]) -> Any:
    # The pair excludes its ends; an enclosure may be wider than what it encloses, never narrower.
    ends = domain.get(e)
    if not isinstance(ends, tuple) or not all(end.is_number for end in ends):
        raise NoEnclosure(f"{e} has no numerical bounds")
    low, high = (_enclose(end, {}) for end in ends)
    return mpmath.iv.mpf([low.a, high.b])


def _product(parts: list[Any]) -> Any:
    result = parts[0]
    for p in parts[1:]:
        result = result * p
    return result


def _power(e: Pow, parts: list[Any]) -> Any:
    base, power = parts
    if e.exp.is_Integer:
        return base ** int(e.exp)
    # x^y = exp(y log x) needs x > 0 on the whole interval.
    if not base.a > 0:
        raise NoEnclosure(f"{e.base} is not certainly positive")
    return mpmath.iv.exp(power * mpmath.iv.log(base))


def _log(x: Any) -> Any:
    if not x.a > 0:
        raise NoEnclosure("the argument of a logarithm is not certainly positive")
    return mpmath.iv.log(x)


def _hyperbolic(sign: int, x: Any) -> Any:
    up = mpmath.iv.exp(x)
    return (up + sign / up) / 2


RULES = {
    exp: lambda x: mpmath.iv.exp(x),
    log: _log,
    cosh: lambda x: _hyperbolic(1, x),
    sinh: lambda x: _hyperbolic(-1, x),
    tanh: lambda x: 1 - 2 / (mpmath.iv.exp(2 * x) + 1),
}


def short(end: Any) -> str:
    """The end of an interval in three digits, for a sentence."""
    return mpmath.nstr(mpmath.mpf(end), 3)
