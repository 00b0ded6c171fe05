"""Random double-precision values that obey the hypotheses, and the value of a plain expression there."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from functools import reduce
from operator import mul
from typing import Any

import mpmath
import numpy as np
from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Heaviside,
    Limit,
    Max,
    Min,
    Mul,
    Pow,
    Rational,
    Symbol,
    cos,
    cosh,
    exp,
    lambdify,
    log,
    oo,
    sign,
    sin,
    sinh,
    tanh,
)

from helpers.proof import Given


class Values:
    """`count` values for each plain symbol, drawn when it is first read."""

    def __init__(self, given: Given, instance: Any, count: int, seed: int) -> None:
        self.given, self.instance, self.count, self.seed = given, instance, count, seed
        self.drawn: dict[Symbol, np.ndarray] = {}
        self.rows: dict[tuple, np.ndarray] = {}
        self.limits: dict[Basic, np.ndarray] = {}

    def of(self, s: Symbol) -> np.ndarray:
        if s not in self.drawn:
            array, place, first, length = self.instance.origin.get(s, (s, (), 0, 0))
            domain = self.given.domain.get(array)
            if domain in ("simplex", "closed simplex", "onehot"):
                self.drawn[s] = self._row(array, place[:-1], length, domain)[:, place[-1] - first]
            else:
                self.drawn[s] = self._draw(domain, s)
        return self.drawn[s]

    def _rng(self, name: str) -> np.random.Generator:
        return np.random.default_rng(random.Random(f"{self.seed} {name}").getrandbits(64))

    def _draw(self, domain: Any, s: Symbol) -> np.ndarray:
        rng = self._rng(s.name)
        if callable(domain):
            own = random.Random(f"{self.seed} {s.name}")
            return np.array([complex(domain(own)) for _ in range(self.count)])
        if isinstance(domain, tuple):
            low, high = (complex(end.evalf()).real for end in domain)
            share = rng.uniform(0, 1, self.count)
            return low + (high - low) * share + 0j
        assumed = "positive" if s.is_positive or s.is_nonnegative else "negative" if s.is_negative else ""
        kind = domain or assumed
        drawn = RANGES[kind](rng, self.count)
        if kind in UNBOUNDED:  # the same scale for all symbols of a point: small, large
            drawn *= np.resize(SCALES, self.count)
        return np.round(drawn * 1024) / 1024 + 0j  # short fractions, for limits

    def _row(self, array: Any, row: tuple, length: int, domain: str) -> np.ndarray:
        if (array, row) not in self.rows:
            rng = self._rng(f"{array}{row}")
            share = rng.dirichlet(np.ones(length), self.count)
            self.rows[array, row] = (_hottest(share) if domain == "onehot" else share) + 0j
        return self.rows[array, row]


def _hottest(share: np.ndarray) -> np.ndarray:
    return (share == share.max(axis=1, keepdims=True)).astype(float)


def _real(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.uniform(-2, 2, count)


RANGES = {
    "": _real,
    "real": _real,
    "nonzero": _real,
    "positive": lambda rng, count: rng.uniform(0.1, 2, count),
    "negative": lambda rng, count: rng.uniform(-2, -0.1, count),
    "nonnegative": lambda rng, count: rng.uniform(0, 2, count),
    "unit": lambda rng, count: rng.uniform(0.03, 0.97, count),
    "closed unit": lambda rng, count: rng.uniform(0.03, 0.97, count),
    "binary": lambda rng, count: rng.integers(0, 2, count).astype(float),
}


UNBOUNDED = ("", "real", "nonzero", "positive", "negative", "nonnegative")
SCALES = (1, 1, 1, 1, 1, 1, 0.1, 3, 0.3)  # only where there are many points


def number(e: Expr, values: Values) -> np.ndarray:
    """The values of a plain expression: complex, infinite or nan where it has none."""
    if isinstance(e, Symbol):
        return values.of(e)
    if isinstance(e, Limit):
        return _limit(e, values)
    if not e.args:
        return np.full(values.count, _constant(e))
    if isinstance(e, Pow) and e.exp.is_Integer:
        return _whole_power(number(e.base, values), int(e.exp))
    # Adding 0 turns -0 into 0, which decides on which side of a branch cut a negative number lies.
    parts = [number(a, values) + 0j for a in e.args]
    if type(e) not in FUNCTIONS:
        from .scalars import Undecided

        raise Undecided(f"no value for {type(e).__name__}")
    return FUNCTIONS[type(e)](*parts)


def _constant(e: Expr) -> complex:
    if e in (oo, -oo):
        return complex(math.inf if e is oo else -math.inf)
    if e.is_finite is False:  # zoo and nan
        return complex(math.nan)
    return complex(e)


def _whole_power(base: np.ndarray, power: int) -> np.ndarray:
    positive = reduce(mul, [base] * abs(power), np.ones_like(base))
    return np.where(positive == 0, np.nan, 1 / positive) if power < 0 else positive


def _limit(e: Limit, values: Values) -> np.ndarray:
    """The value very close to the point, with the drawn values as fractions for every other symbol."""
    if e not in values.limits:
        body, variable, to, side = e.args
        others = sorted((body.free_symbols | to.free_symbols) - {variable}, key=str)
        found = []
        for k in range(values.count):
            at = {s: Rational(float(values.of(s)[k].real)) for s in others}
            found.append(_approached(lambdify(variable, body.subs(at), "mpmath"), to.subs(at), str(side)))
        values.limits[e] = np.array(found)
    return values.limits[e]


def _approached(f: Callable, to: Expr, side: str) -> complex:
    """What f settles at, an infinity where it grows on, nan where neither can be seen."""
    if side == "+-" and to not in (oo, -oo):
        right, left = (_approached(f, to, one) for one in "+-")
        return right if right == left or abs(right - left) < 1e-9 else complex(math.nan)
    with mpmath.workdps(300):
        near, nearer = (f(_close(to, side, mpmath.mpf(10) ** digits / 7)) for digits in (40, 80))
        if abs(nearer - near) < 1e-9 * (1 + abs(near)):
            return complex(nearer)
        grows = abs(nearer) > 1.5 * abs(near) > 30 and mpmath.im(nearer) == 0
        return complex(mpmath.sign(nearer) * mpmath.inf) if grows else complex(math.nan)


def _close(to: Expr, side: str, far: Any) -> Any:
    if to in (oo, -oo):
        return far if to is oo else -far
    return mpmath.mpmathify(to.evalf(300)) + (-1 if side == "-" else 1) / far


def _principal(base: np.ndarray, power: np.ndarray) -> np.ndarray:
    return np.exp(power * np.log(base))


def _log(x: np.ndarray) -> np.ndarray:
    return np.where(x == 0, np.nan, np.log(x))


FUNCTIONS = {
    Add: lambda *xs: sum(xs),
    Mul: lambda *xs: reduce(mul, xs),
    Pow: _principal,
    exp: np.exp,
    log: _log,
    sin: np.sin,
    cos: np.cos,
    sinh: np.sinh,
    cosh: np.cosh,
    tanh: np.tanh,
    Abs: lambda x: np.abs(x) + 0j,
    sign: lambda x: np.sign(x.real) + 0j,
    Max: lambda *xs: reduce(np.maximum, [x.real for x in xs]) + 0j,
    Min: lambda *xs: reduce(np.minimum, [x.real for x in xs]) + 0j,
    Heaviside: lambda x, *_: np.heaviside(x.real, 0.5) + 0j,
}
