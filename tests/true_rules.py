"""Rules that make true statements, each at random: what `true_statements` draws its sample by.

Every rule gives (left, right, hypotheses). They start from what is true by school algebra, not from what the
checker can prove.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import sympy
from sympy import (
    Abs,
    Expr,
    IndexedBase,
    Integer,
    KroneckerDelta,
    MatrixSymbol,
    Max,
    Min,
    Piecewise,
    Product,
    Rational,
    Sum,
    Trace,
    cosh,
    exp,
    expand,
    factor,
    log,
    sign,
    sinh,
    sqrt,
    symbols,
    tanh,
)

from helpers.proof import (
    Bernoulli,
    Covariance,
    Expectation,
    Given,
    Gradient,
    Moments,
    Partial,
    Uniform,
    Variance,
    product_except,
    sum_except,
)

n, m = symbols("n m", integer=True, positive=True)
i, j, k, l, s = symbols("i j k l s", integer=True)
a, b, c, x, y, X, Y = symbols("a b c x y X Y", real=True)
u, v, w, e = (IndexedBase(name, shape=(n,), real=True) for name in "uvwe")
f, g = IndexedBase("f", real=True), IndexedBase("g", real=True)
S = IndexedBase("S", shape=(m,), integer=True)
A, C, D = MatrixSymbol("A", n, m), MatrixSymbol("C", n, n), MatrixSymbol("D", n, n)
p = MatrixSymbol("p", n, 1)


def sigma(t: Expr) -> Expr:
    return 1 / (1 + exp(-t))


def total(body: Expr, index: Any = k) -> Sum:
    return Sum(body, (index, 1, n))


def softmax(at: Any) -> Expr:
    return exp(u[at]) / total(exp(u[l]), l)


def number(r: Random) -> Expr:
    return r.choice([Integer(2), Integer(3), Integer(-1), Rational(1, 2), a, b])


def scalar(r: Random, depth: int = 2) -> Expr:
    """A smooth expression in a, b, x."""
    if depth == 0:
        return r.choice([a, b, x, Integer(2), Rational(1, 3)])
    one, other = scalar(r, depth - 1), scalar(r, depth - 1)
    return r.choice([one + other, one * other, one - other, one**2, exp(one), sigma(one), tanh(one), one])


def summand(r: Random, index: Any = k) -> Expr:
    t = r.choice([u, v, w])[index]
    return r.choice(
        [
            t,
            t**2,
            t * w[index],
            number(r) * t + 1,
            exp(t),
            sigma(t),
            tanh(a * t),
            (t - b) ** 2,
            t * exp(x * t),
        ]
    )


def derivatives(r: Random) -> tuple:
    """SymPy differentiates a plain expression; the checker gets the derivative unworked."""
    letter, body = r.choice([a, b, x]), scalar(r, 3)
    return Partial(body, letter), r.choice([lambda d: d, factor])(body.diff(letter)), Given()


def slopes_of_sums(r: Random) -> tuple:
    t = symbols("t", real=True)
    outer = r.choice([t, t**2, exp(t), log(1 + exp(t)), tanh(t), sqrt(t**2 + 1)])
    inner = r.choice([u[k] * w[k], u[k] ** 2, (u[k] - v[k]) ** 2, exp(u[k]), sigma(u[k]) * w[k], tanh(u[k])])
    whole = total(inner)
    slope = inner.xreplace({u[k]: t}).diff(t).xreplace({t: u[i]}).subs(k, i)
    return Partial(outer.xreplace({t: whole}), u[i]), outer.diff(t).xreplace({t: whole}) * slope, AT


def softmaxes(r: Random) -> tuple:
    cost = -total(e[k] * log(softmax(k)))
    given = Given(sizes=(n,), free={i: (1, n), j: (1, n)}, domain={e: r.choice(["simplex", "onehot"])})
    rules = [
        (Partial(softmax(i), u[j]), softmax(i) * (KroneckerDelta(i, j) - softmax(j))),
        (Partial(log(softmax(i)), u[j]), KroneckerDelta(i, j) - softmax(j)),
        (Partial(cost, u[i]), softmax(i) - e[i]),
        (Partial(Partial(cost, u[i]), u[j]), softmax(i) * (KroneckerDelta(i, j) - softmax(j))),
        (total(softmax(k)), 1),
        (total(Partial(softmax(i), u[k])), 0),
        (total(Partial(cost, u[k])), 0),
        (total(u[k] * Partial(softmax(i), u[k])), softmax(i) * (u[i] - total(softmax(k) * u[k]))),
        (total(softmax(k) * log(softmax(k))), total(softmax(k) * u[k]) - log(total(exp(u[k])))),
        (log(softmax(i) / softmax(j)), u[i] - u[j]),
        (total(e[k] * (number(r) + u[k])), None),
    ]
    left, right = r.choice(rules)
    if right is None:
        q = number(r)
        left, right = total(e[k] * (q + u[k])), q + total(e[k] * u[k])
    return left, right, given


def logistics(r: Random) -> tuple:
    t, q = r.choice([a, a * x, a - b, x]), r.choice([y, y, b])
    cost = -q * log(sigma(t)) - (1 - q) * log(1 - sigma(t))
    letter = sorted(t.free_symbols, key=str)[0]
    rules = [
        (Partial(sigma(t), letter), sigma(t) * (1 - sigma(t)) * t.diff(letter)),
        (sigma(t) + sigma(-t), 1),
        (cost, log(1 + exp(t)) - q * t),
        (Partial(cost, letter), None),
        (sigma(t), exp(t) / (1 + exp(t))),
        (sigma(t), (1 + tanh(t / 2)) / 2),
        (log(sigma(t)) - log(1 - sigma(t)), t),
        (sigma(t) * (1 - sigma(t)), 1 / (exp(t / 2) + exp(-t / 2)) ** 2),
        (1 - tanh(t) ** 2, 4 * sigma(2 * t) * (1 - sigma(2 * t))),
        (tanh(t), sinh(t) / cosh(t)),
    ]
    left, right = r.choice(rules)
    if right is None:
        left, right = Partial(cost.xreplace({q: y}), letter), (sigma(t) - y) * t.diff(letter)
    return left, right, Given()


def linear_sums(r: Random) -> tuple:
    """Terms taken apart, constants taken out, sums of products."""
    one, other, q = summand(r), summand(r), number(r)
    rules = [
        (total(one + q * other), total(one) + q * total(other)),
        (total(expand((u[k] - q) ** 2)), total(u[k] ** 2) - 2 * q * total(u[k]) + n * q**2),
        (total((one - total(one) / n) ** 2), total(one**2) - total(one) ** 2 / n),
        (total(one - total(one) / n), 0),
        (Sum(one * other.subs(k, l), (k, 1, n), (l, 1, n)), total(one) * total(other)),
        (total(q), n * q),
        (total(total(KroneckerDelta(k, l) * one), l), total(one)),
        (total(KroneckerDelta(k, i) * one), one.subs(k, i)),
        (total((1 - KroneckerDelta(k, i)) * one), total(one) - one.subs(k, i)),
        (total(exp(u[k] + q)), exp(q) * total(exp(u[k]))),
    ]
    return *r.choice(rules), AT


def ranges(r: Random) -> tuple:
    """Ranges that are cut, turned, shifted, peeled."""
    one = summand(r)

    def at(index: Any) -> Expr:
        return one.subs(k, index)

    rules = [
        (total(one), Sum(one, (k, 1, i)) + Sum(one, (k, i + 1, n))),
        (total(one), at(1) + Sum(one, (k, 2, n))),
        (total(one), at(n) + Sum(one, (k, 1, n - 1))),
        (total(at(n + 1 - k)), total(one)),
        (Sum(at(k + 1), (k, 0, n - 1)), total(one)),
        (total(f[k + 1] - f[k]), f[n + 1] - f[1]),
        (total(f[k] - f[k - 1]), f[n] - f[0]),
        (sum_except(one, k, i, 1, n), total(one) - at(i)),
        (sum_except(one, k, i, 1, n), Sum(one, (k, 1, i - 1)) + Sum(one, (k, i + 1, n))),
        (total(one), Sum(at(k - 1), (k, 2, n + 1))),
    ]
    return *r.choice(rules), AT


def triangles(r: Random) -> tuple:
    pair = r.choice([f[i, j], u[i] * v[j], u[i] * u[j], (u[i] - u[j]) ** 2, exp(u[i]) * w[j]])
    turned = pair.subs({i: k, j: i}).subs(k, j)
    square = Sum(pair, (j, 1, n), (i, 1, n))
    below, above = Sum(pair, (j, 1, i - 1), (i, 1, n)), Sum(pair, (j, i + 1, n), (i, 1, n))
    diagonal = Sum(pair.subs(j, i), (i, 1, n))
    rules = [
        (Sum(pair, (j, 1, i), (i, 1, n)), Sum(pair, (i, j, n), (j, 1, n))),
        (below, Sum(pair, (i, j + 1, n), (j, 1, n))),
        (square, below + diagonal + above),
        (square - below, Sum(pair, (j, i, n), (i, 1, n))),
        (above, Sum(turned, (j, 1, i - 1), (i, 1, n))),
        (total(u[k]) ** 2, total(u[k] ** 2) + 2 * Sum(u[i] * u[j], (j, 1, i - 1), (i, 1, n))),
        (Sum(Sum(u[j], (j, 1, i)), (i, 1, n)), Sum((n + 1 - j) * u[j], (j, 1, n))),
        (Sum(f[k] * g[i - k], (k, 0, i), (i, 0, n)), Sum(f[k] * Sum(g[j], (j, 0, n - k)), (k, 0, n))),
        (Sum((u[i] - u[j]) ** 2, (i, 1, n), (j, 1, n)), 2 * n * total(u[k] ** 2) - 2 * total(u[k]) ** 2),
    ]
    return *r.choice(rules), SIZED


def products(r: Random) -> tuple:
    one = r.choice([u[k], 1 + u[k] ** 2, exp(u[k]), a * u[k]])
    whole = Product(one, (k, 1, n))
    rules = [
        (whole, Product(one, (k, 1, i)) * Product(one, (k, i + 1, n))),
        (whole, one.subs(k, n) * Product(one, (k, 1, n - 1))),
        (whole, one.subs(k, 1) * Product(one, (k, 2, n))),
        (Product(one * v[k], (k, 1, n)), whole * Product(v[k], (k, 1, n))),
        (whole**2, Product(one**2, (k, 1, n))),
        (Product(exp(u[k]), (k, 1, n)), exp(total(u[k]))),
        (log(Product(1 + u[k] ** 2, (k, 1, n))), total(log(1 + u[k] ** 2))),
        (Product(a, (k, 1, n)), a**n),
        (product_except(one, k, i, 1, n) * one.subs(k, i), whole),
        (Product(one, (k, 1, n)), Product(one.subs(k, n + 1 - k), (k, 1, n))),
    ]
    return *r.choice(rules), AT


def kinks(r: Random) -> tuple:
    t = r.choice([a, a * b, a - b])
    rules = [
        (Max(a, b), (a + b + Abs(a - b)) / 2),
        (Max(a, b) + Min(a, b), a + b),
        (Max(a, b) * Min(a, b), a * b),
        (Max(0, t) - Max(0, -t), t),
        (Max(0, t) + Max(0, -t), Abs(t)),
        (sqrt(t**2), Abs(t)),
        (t * sign(t), Abs(t)),
        (Abs(a * b), Abs(a) * Abs(b)),
        (Piecewise((t, t > 0), (0, True)), Max(0, t)),
        (Max(t, t / 10), Piecewise((t, t > 0), (t / 10, True))),
        (log(t**2), 2 * log(Abs(t))),
        (Max(a + c, b + c), c + Max(a, b)),
        (Partial(Max(0, a) ** 2, a), 2 * Max(0, a)),
        (Partial(Abs(a) ** 3, a), 3 * a * Abs(a)),
        (log(1 + exp(a)), Max(0, a) + log(1 + exp(-Abs(a)))),
        (Max(a, b, c), Max(a, Max(b, c))),
    ]
    return *r.choice(rules), Given()


def powers(r: Random) -> tuple:
    q = Given(domain={x: "positive", y: "positive", b: "unit", c: "binary"})
    rules = [
        (x ** (a + 1), x * x**a),
        ((x * y) ** a, x**a * y**a),
        (log(x**a * y), a * log(x) + log(y)),
        (exp(a * log(x)), x**a),
        (sqrt(x * y), sqrt(x) * sqrt(y)),
        (Partial(x**a, x), a * x ** (a - 1)),
        (Partial(x**a, a), x**a * log(x)),
        (b**c * (1 - b) ** (1 - c), c * b + (1 - c) * (1 - b)),
        (log(b**c * (1 - b) ** (1 - c)), c * log(b) + (1 - c) * log(1 - b)),
        (Partial(log(x) ** 2 / 2, x), log(x) / x),
        (log(sqrt(x) / y**2), log(x) / 2 - 2 * log(y)),
        (x / sqrt(x), sqrt(x)),
        (Partial(sqrt(x**2 + y), x), x / sqrt(x**2 + y)),
        (exp(a + log(x)), x * exp(a)),
    ]
    return *r.choice(rules), q


def matrices(r: Random) -> tuple:
    rest = C * p - D * p
    rules = [
        ((C * D).T, D.T * C.T),
        (Trace(C * D), Trace(D * C)),
        (Trace(A.T * A), Sum(A[i, j] ** 2, (i, 0, n - 1), (j, 0, m - 1))),
        ((C + D) * A, C * A + D * A),
        (C * (D * A), (C * D) * A),
        (p.T * C * p, p.T * C.T * p),
        (Gradient(p.T * C * p, p), (C + C.T) * p),
        (Gradient(rest.T * rest, p), 2 * (C - D).T * rest),
        (Gradient(Trace(C * D), C), D.T),
        (Trace(C + a * D), Trace(C) + a * Trace(D)),
        (Trace(p * p.T), (p.T * p)[0, 0]),
        ((A * A.T).T, A * A.T),
    ]
    return *r.choice(rules), Given(sizes=(n, m))


def chances(r: Random) -> tuple:
    law = r.choice([Moments(), Moments(a), Moments(a, b)])
    given = Given(sizes=(n,), random={X: law, Y: Moments()}, independent=(X, Y), domain={b: "nonnegative"})
    q = number(r)
    rules = [
        (Expectation(q * X + Y), q * Expectation(X) + Expectation(Y)),
        (Expectation(X * Y), Expectation(X) * Expectation(Y)),
        (Variance(q * X + c), q**2 * Variance(X)),
        (Variance(X - Y), Variance(X) + Variance(Y)),
        (Expectation((X - q) ** 2), Variance(X) + (Expectation(X) - q) ** 2),
        (Covariance(X + Y, X), Variance(X)),
        (Variance(X), Expectation(X**2) - Expectation(X) ** 2),
        (Expectation(X**2 * exp(Y)), Expectation(X**2) * Expectation(exp(Y))),
    ]
    return *r.choice(rules), given


def families(r: Random) -> tuple:
    masks = Given(sizes=(n,), random={v: Bernoulli(c)}, independent=(v,), domain={c: "unit"})
    layer = Given(sizes=(n,), random={v: Moments(0, b**2), w: Moments(a, 1)}, independent=(v, w))
    drawn = Given(sizes=(n, m), random={S: Uniform(1, n)}, independent=(S,))
    mean, batch = total(u[k]) / n, Sum(u[S[k]], (k, 1, m)) / m
    rules = [
        (Expectation(total(u[k] * v[k])), c * total(u[k]), masks),
        (Variance(total(u[k] * v[k])), c * (1 - c) * total(u[k] ** 2), masks),
        (Variance(total(v[k] * w[k])), n * b**2 * (1 + a**2), layer),
        (Expectation(total(v[k] ** 2)), n * b**2, layer),
        (Variance(total(v[k]) / n), b**2 / n, layer),
        (Expectation(batch), mean, drawn),
        (Variance(batch), (total(u[k] ** 2) / n - mean**2) / m, drawn),
    ]
    return r.choice(rules)


def conditions(r: Random) -> tuple:
    rules = [
        (a**2 - b**2, 2 * b + 1, Given(facts=((a, b + 1),))),
        (a * x + (1 - a) * y, y + a * (x - y), Given()),
        (a**2 + 2 * a * b + b**2, 1, Given(facts=((a + b, 1),))),
        (Max(0, x), x, Given(conditions=(x > 0,))),
        (Abs(a - b), b - a, Given(conditions=(a < b,))),
        (KroneckerDelta(i, j) * u[i], u[j], Given(sizes=(n,), free={i: (1, n), j: (1, n)}, facts=((i, j),))),
        (
            Partial(u[i] ** 2, u[j]),
            0,
            Given(sizes=(n,), free={i: (1, n), j: (1, n)}, conditions=(sympy.Ne(i, j),)),
        ),
        (Sum(1, (k, i, j)), j - i + 1, Given(sizes=(n,), free={i: (1, n), j: (1, n)}, conditions=(i <= j,))),
        (total(e[k]) * a, a, Given(sizes=(n,), domain={e: "simplex"})),
        (total(e[k] ** 2), 1, Given(sizes=(n,), domain={e: "onehot"})),
    ]
    return r.choice(rules)


SIZED = Given(sizes=(n,))
AT = Given(sizes=(n,), free={i: (1, n), j: (1, n)})
DRAWS: tuple[Callable[[Random], tuple], ...] = (
    derivatives,
    slopes_of_sums,
    softmaxes,
    logistics,
    linear_sums,
    ranges,
    triangles,
    products,
    kinks,
    powers,
    matrices,
    chances,
    families,
    conditions,
)
