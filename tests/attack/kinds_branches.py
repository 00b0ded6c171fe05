"""Powers, roots, logarithms and complex numbers, with the sign that makes each rule true or another one."""

from __future__ import annotations

from random import Random

from sympy import Abs, I, Rational, Sum, cos, exp, log, sin, sqrt

from helpers.proof import Given

from .letters import a, e, i, j, k, n, u, x, y
from .statement import Statement

WORDS = ["real", "real", "nonzero", "positive", "nonnegative", "unit", "closed unit", "binary"]
PAIRS = [(0, 3), (-2, 2), (1, 2), (-3, -1)]
EXPONENTS = [Rational(1, 2), Rational(1, 3), Rational(3, 2), Rational(2, 3), Rational(-1, 2), a, 2 * a]


def domains(r: Random) -> Given:
    return Given(domain={s: r.choice(WORDS + PAIRS) for s in (x, y) if r.random() < 0.85})


def powers(r: Random) -> Statement:
    """(xy)^p, (x/y)^p, (x^q)^p and the like."""
    p, q = r.choice(EXPONENTS), r.choice([2, 3, 4, -2, a, Rational(1, 2)])
    rules = [
        ((x * y) ** p, x**p * y**p),
        ((x / y) ** p, x**p / y**p),
        ((x**q) ** p, x ** (p * q)),
        ((x**2 * y) ** p, Abs(x) ** (2 * p) * y**p),
        (sqrt(x**2 * y), x * sqrt(y)),
        (sqrt(x) * sqrt(y), sqrt(x * y)),
        (sqrt(x**2), x),
        ((-x) ** p, (-1) ** p * x**p),
        ((1 / x) ** p, x ** (-p)),
        (x**p * x**q, x ** (p + q)),
        (sqrt((x - y) ** 2), x - y),
        (sqrt((1 - x) ** 2), 1 - x),
        (sqrt(x * (1 - x)), sqrt(x) * sqrt(1 - x)),
        ((x**2 * (1 + y) ** 4) ** p, x ** (2 * p) * (1 + y) ** (4 * p)),
    ]
    return Statement(*r.choice(rules), domains(r))


def logarithms(r: Random) -> Statement:
    """Logarithms of products, powers and exponentials."""
    p = r.choice([2, 3, a, -1, Rational(1, 2)])
    z = r.choice([x, I * x, x + I * y])
    rules = [
        (log(x * y), log(x) + log(y)),
        (log(x / y), log(x) - log(y)),
        (log(x**p), p * log(x)),
        (log(x**2), 2 * log(Abs(x))),
        (log(exp(z)), z),
        (exp(log(x)), x),
        (exp(p * log(x)), x**p),
        (log(exp(z) * exp(y)), z + y),
        (log(x**2 * y**2), 2 * log(x) + 2 * log(y)),
        (log((1 - x) * y), log(1 - x) + log(y)),
        (log(sqrt(x)), log(x) / 2),
        (log(Abs(x) * Abs(y)), log(Abs(x)) + log(Abs(y))),
        (log(Abs(x)), log(x)),
        (log(x - x**2), log(x) + log(1 - x)),
    ]
    return Statement(*r.choice(rules), domains(r))


def sums_of_logarithms(r: Random) -> Statement:
    """The same rules for entries and products over them."""
    given = Given(sizes=(n,), free={i: (1, n), j: (1, n)}, domain={e: r.choice(WORDS)})
    total = Sum(e[k], (k, 1, n))
    low = r.choice([1, 1, 2])
    rules = [
        (log(e[i] * e[j]), log(e[i]) + log(e[j])),
        (Sum(log(e[k] ** 2), (k, 1, n)), 2 * Sum(log(e[k]), (k, 1, n))),
        (log(e[i] * total), log(e[i]) + log(total)),
        (log(e[i] / total), log(e[i]) - log(total)),
        (sqrt(e[i] * e[j]), sqrt(e[i]) * sqrt(e[j])),
        (Sum(sqrt(e[k] ** 2), (k, low, n)), Sum(e[k], (k, low, n))),
        (exp(Sum(log(e[k]), (k, low, n))) * e[1], exp(Sum(log(e[k]), (k, 1, n)))),
        (Abs(Sum(e[k], (k, low, n))), Sum(Abs(e[k]), (k, low, n))),
        (sqrt(Sum(e[k] ** 2, (k, low, n)) ** 2), Sum(e[k] ** 2, (k, low, n))),
    ]
    return Statement(*r.choice(rules), given)


def complex_numbers(r: Random) -> Statement:
    """Moduli, roots and exponentials of complex quantities."""
    z, s = r.choice([I * x, x + I * y, exp(I * x), 2 * I * x]), r.choice([2, 3, 4])
    rules = [
        (sqrt(exp(s * z)), exp(s * z / 2)),
        (exp(z) ** s, exp(s * z)),
        (exp(z) ** Rational(1, s), exp(z / s)),
        (Abs(z) ** 2, z**2),
        (Abs(exp(z)), exp(z)),
        (Abs(exp(I * x)), 1),
        (exp(I * x), cos(x) + I * sin(x)),
        (sqrt(z**2), z),
        (sqrt(z) * sqrt(z), z),
        (sqrt(-x), I * sqrt(x)),
        (sqrt(x) * sqrt(-x), r.choice([I * x, I * Abs(x), sqrt(-(x**2))])),
        (log(I * x), log(x) + log(I)),
        (Sum(Abs(I * u[k]) ** 2, (k, 1, n)), r.choice([1, -1]) * Sum(u[k] ** 2, (k, 1, n))),
        (exp(I * x) * exp(-I * x), 1),
        (cos(x) ** 2 + sin(x) ** 2, r.choice([1, cos(x)])),
        ((I * x) ** 2, r.choice([1, -1]) * x**2),
    ]
    left, right = r.choice(rules)
    return Statement(left, right, Given(sizes=(n,), domain={x: r.choice(["real", "positive", "unit"])}))


def whole_powers(r: Random) -> Statement:
    """Powers whose exponents are indices or sizes: the base may be 0 or negative."""
    low = r.choice([0, 1, 2])
    given = Given(sizes=(n,), free={i: (low, 6), j: (low, 6)}, domain={y: "nonzero"})
    base = r.choice([x, y, -y, x - 1, u[1]])
    rules = [
        (base ** (i + j), base**i * base**j),
        (base ** (i - 1) * base, base**i),
        ((2 * base) ** i, 2**i * base**i),
        (base ** (2 * i), (base**i) ** 2),
        (base ** (2 * i), Abs(base) ** (2 * i)),
        (Abs(base**i), base**i),
        (Abs(base) ** i, Abs(base**i)),
        (base**n * base, base ** (n + 1)),
        ((-base) ** n, (-1) ** n * base**n),
        ((-base) ** n, -(base**n)),
        (sqrt(base ** (2 * n)), base**n),
        (Sum(base**k, (k, 1, n)) * (1 - base), base - base ** (n + 1)),
        (Sum(base**k, (k, 0, n)) - Sum(base**k, (k, 1, n)), 1),
        (Sum(base**k, (k, 0, n - 1)) * base, Sum(base**k, (k, 1, n))),
        (base**i / base**j, base ** (i - j)),
        (log(base ** (2 * i)), 2 * i * log(base)),
    ]
    return Statement(*r.choice(rules), given)


KINDS = [powers, logarithms, sums_of_logarithms, complex_numbers, whole_powers]
