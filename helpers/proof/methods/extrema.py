"""Minima, maxima and zeros, with the conditions that make them proofs: first and second order, ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import mpmath
from sympy import Expr, Limit, Rational, Symbol, oo, sympify

from ..derivation import Derivation
from ..numeric.evaluate import evaluate
from ..numeric.points import Point
from ..statement.given import Given
from ..statement.terms import At, Partial
from ..symbolic import signs
from ..symbolic.conditions import conditions
from ..symbolic.intervals import DIGITS
from ..symbolic.unfolding import prepare


def only_minimum(
    name: str,
    f: Any,
    x: Symbol,
    at: Any,
    given: Given,
    *,
    curvature: Any,
    ends: Iterable[tuple] = (),
    claim: str = "",
) -> Derivation:
    """`f` is smallest at x = `at`, and nowhere else, on the domain that `given` states for x.

    First order: the derivative vanishes at `at`. Second order: the second derivative equals `curvature`,
    whose positive sign can be read off on the whole domain, so f is strictly convex and has no other minimum.
    Ends: each (end, side, limit) or (end, side, limit, gap) says what f tends to there; a finite limit is
    shown to be no better than the minimum, through `gap` = limit - f(at). Returns a closed derivation; raises
    RefutedStep or UnprovedStep.
    """
    return _extremum(name, sympify(f), x, sympify(at), given, sympify(curvature), ends, claim, least=True)


def only_maximum(
    name: str,
    f: Any,
    x: Symbol,
    at: Any,
    given: Given,
    *,
    curvature: Any,
    ends: Iterable[tuple] = (),
    claim: str = "",
) -> Derivation:
    """The same for the largest value: `curvature` is negative, and `gap` = f(at) - limit."""
    return _extremum(name, sympify(f), x, sympify(at), given, sympify(curvature), ends, claim, least=False)


def _demand_interval(x: Symbol, given: Given) -> Any:
    """The domain of x; ValueError unless it is an interval, without which convexity says nothing."""
    domain = given.domain.get(x, "real")
    if not (isinstance(domain, tuple) or domain in INTERVALS):
        raise ValueError(f"The domain of {x} must be an interval: a pair, or one of {', '.join(INTERVALS)}.")
    if any(e.has(x) for e in (*given.conditions, *given.defined, *given.defined.values())):
        raise ValueError(f"No condition and no equation may speak of {x}; its domain says where it lies.")
    return domain


INTERVALS: dict[str, tuple[Any, Any]] = {
    "real": (-oo, oo),
    "positive": (0, oo),
    "nonnegative": (0, oo),
    "unit": (0, 1),
    "closed unit": (0, 1),
}


def _demand_inside(at: Expr, x: Symbol, given: Given) -> None:
    """Raises ValueError unless `at` is seen to lie in the domain of x, which has to be an interval."""
    domain = _demand_interval(x, given)
    # A pair is an open interval: x² is not least at 0 for x in (0, 1), where it has no least value.
    sign = signs.is_nonnegative if domain in ("nonnegative", "closed unit") else signs.is_positive
    low, high = domain if isinstance(domain, tuple) else map(sympify, INTERVALS[domain])
    gaps = [gap for end, gap in ((low, at - low), (high, high - at)) if end not in (oo, -oo)]
    if at in (oo, -oo) or at.has(x) or not all(sign(prepare(gap), given.domain) for gap in gaps):
        raise ValueError(f"The point {at} is not seen to lie in the domain of {x}.")


def _demand_smooth(f: Expr, x: Symbol, given: Given) -> None:
    """Raises ValueError if `f` may have a pole, a branch or a kink in its domain."""
    slope = Partial(f, x)
    broken = [e for kind, e, _ in conditions(f, Partial(slope, x), given) if e.has(x) or kind == "inverse"]
    if broken:
        raise ValueError(
            f"{broken[0]} may be 0 or negative in the domain of {x}, where {f} is then not smooth."
        )


def _extremum(
    name: str,
    f: Expr,
    x: Symbol,
    at: Expr,
    given: Given,
    curvature: Expr,
    ends: Iterable[tuple],
    claim: str,
    *,
    least: bool,
) -> Derivation:
    _demand_inside(at, x, given)
    _demand_smooth(f, x, given)
    # On an interval, f'' > 0 makes f strictly convex, and a convex f is least where its slope vanishes.
    bent, sense = ("convex", ">") if least else ("concave", "<")
    d = Derivation(name, At(Partial(f, x), x, at), given, title="First order", claim=claim)
    d.step(0, f"the derivative vanishes at ${at}$".replace("*", ""))
    d.part("Second order, for every value", Partial(Partial(f, x), x))
    d.step(curvature, "the second derivative")
    d.step(
        0,
        f"so it is strictly {bent}, and has no other extremum",
        relation=sense,
        gap=curvature if least else -curvature,
    )
    for end, side, limit, *gap in ends:
        d.part(f"End point {end}", Limit(f, x, end, side))
        d.step(limit, "what it tends to there")
        if gap:
            d.step(At(f, x, at), "no better than at the extremum", relation=sense + "=", gap=gap[0])
    return d.qed()


def extremum_at_end(
    name: str,
    f: Any,
    x: Symbol,
    end: Any,
    side: str,
    given: Given,
    *,
    slope: Any,
    value: Any,
    least: bool = True,
    claim: str = "",
) -> Derivation:
    """`f` has its extreme value at an end point, because its derivative never changes sign.

    `slope` equals the derivative and has a sign that can be read off; `value` is the limit of f at `end`,
    which is the left end if side is "+", the right end if "-". `least`: whether it is the least value.
    """
    f, slope = sympify(f), sympify(slope)
    domain = _demand_interval(x, given)
    low, high = domain if isinstance(domain, tuple) else INTERVALS[domain]
    if sympify(end) != sympify(low if side == "+" else high):
        raise ValueError(f"{end} is not the {'left' if side == '+' else 'right'} end of the domain of {x}.")
    _demand_smooth(f, x, given)
    # On an interval a function whose slope keeps its sign has its extreme value at an end.
    rises = (side == "+") == least
    d = Derivation(name, Partial(f, x), given, title="Slope, for every value", claim=claim)
    d.step(slope, "the derivative")
    d.step(
        0,
        f"so it {'rises' if rises else 'falls'} everywhere",
        relation=">" if rises else "<",
        gap=slope if rises else -slope,
    )
    d.part(f"End point {end}", Limit(f, x, end, side))
    return d.step(value, "its value there").qed()


def only_zero(
    name: str,
    g: Any,
    x: Symbol,
    between: tuple[Any, Any],
    given: Given,
    *,
    slope: Any,
    digits: int = 25,
    claim: str = "",
) -> tuple[Derivation, Rational, Rational]:
    """`g` has exactly one zero, with `digits` decimals that interval arithmetic guarantees.

    `slope` equals the derivative and has a sign that can be read off on the whole domain of x; `between` are
    two numbers where g has different signs. Returns the derivation and two decimals low < high =
    low + 10^-digits with the zero between them. Raises ValueError if there is no change of sign.
    """
    g, slope = sympify(g), sympify(slope)
    low, high = _decimals(g, x, between, digits)
    for end in (low, high):
        _demand_inside(end, x, given)
    _demand_smooth(g, x, given)
    # At most one zero by the slope, at least one by the change of sign: so exactly one.
    falls = _sign(g, x, low) > 0
    down, up = ("<", ">") if falls else (">", "<")
    d = Derivation(name, Partial(g, x), given, title="Slope, for every value", claim=claim)
    d.step(slope, "the derivative")
    d.step(0, "so there is at most one zero", relation=down, gap=-slope if falls else slope)
    there = replace(given, domain={s: k for s, k in given.domain.items() if s != x})
    d.part(f"Left of the zero, at {x} = {_decimal(low, digits)}", At(g, x, low), there).step(
        0, "by interval arithmetic", relation=up
    )
    d.part(f"Right of the zero, at {x} = {_decimal(high, digits)}", At(g, x, high), there).step(
        0, "so there is at least one zero, and it lies between", relation=down
    )
    return d.qed(), low, high


def _decimals(g: Expr, x: Symbol, between: tuple[Any, Any], digits: int) -> tuple[Rational, Rational]:
    """Bisection in exact decimals."""
    unit = 10**digits
    low, high = (int(sympify(end) * unit) for end in between)
    first = _sign(g, x, Rational(low, unit))
    if first * _sign(g, x, Rational(high, unit)) >= 0:
        raise ValueError(f"{g} does not change its sign between {between[0]} and {between[1]}.")
    while high - low > 1:
        middle = (low + high) // 2
        if _sign(g, x, Rational(middle, unit)) == first:
            low = middle
        else:
            high = middle
    return Rational(low, unit), Rational(high, unit)


def _sign(g: Expr, x: Symbol, at: Rational) -> int:
    """Only a search: the signs that count are proved afterwards."""
    with mpmath.workdps(DIGITS):
        return int(mpmath.sign(evaluate(At(g, x, at), {}, Point(Given(), (), 0, simple=False), mpmath.mp)))


def _decimal(value: Rational, digits: int) -> str:
    whole, rest = divmod(int(value * 10**digits), 10**digits)
    return f"{whole}.{rest:0{digits}d}"
