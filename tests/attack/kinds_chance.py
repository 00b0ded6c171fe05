"""Expectations and variances: what follows from the declared laws and independence, and what does not."""

from __future__ import annotations

from random import Random

from sympy import Abs, IndexedBase, KroneckerDelta, Max, Rational, Sum, exp, log

from helpers.proof import (
    Bernoulli,
    Categorical,
    Covariance,
    Expectation,
    Given,
    Moments,
    Partial,
    Together,
    Uniform,
    Variance,
    WithoutReplacement,
    define,
)

from .letters import X, Y, Z, a, b, c, e, i, j, k, m, n, s, u, v, w
from .statement import Statement

E, V, C = Expectation, Variance, Covariance
t = IndexedBase("t", shape=(m,), integer=True)
LAWS = [Moments(), Moments(0), Moments(a), Moments(a, b), Moments(0, 1), Bernoulli(c)]
NUMBERS = {b: "nonnegative", c: "unit"}


def moments(r: Random) -> Statement:
    """Two or three letters, independent of each other or not."""
    laws = {letter: r.choice(LAWS) for letter in (X, Y, Z)}
    independent = r.choice(
        [(), (X, Y), (X, Y, Z), ((X, Y), (Y, Z)), ((X, Y), (Y, Z), (X, Z)), (Together(X, Z), Y)]
    )
    f = r.choice([X, X**2, Abs(X), exp(X), X * (1 - X)])
    rules = [
        (E(X * Y), E(X) * E(Y)),
        (E(X * Y * Z), r.choice([E(X) * E(Y) * E(Z), E(X * Z) * E(Y), E(X) * E(Y * Z)])),
        (E(f * Y), E(f) * E(Y)),
        (V(X + Y), V(X) + V(Y)),
        (V(X - Y), V(X) + V(Y) - r.choice([0, 2, 2]) * C(X, Y)),
        (V(X * Y), V(X) * V(Y)),
        (V(2 * X + 3), r.choice([4, 4, 2]) * V(X)),
        (V(X), E(X**2) - r.choice([E(X) ** 2, 0])),
        (E(X**2), r.choice([b + a**2, a**2, 1, c, E(X)])),
        (E(X), r.choice([0, a, c])),
        (E((X - a) ** 2), V(X) + r.choice([(E(X) - a) ** 2, 0])),
        (C(X, Y + Z), C(X, Y) + r.choice([C(X, Z), C(Y, Z)])),
        (C(X, X), V(X)),
        (E(E(X) * Y), E(X) * E(Y)),
        (E(E(X) * X), r.choice([E(X) ** 2, E(X**2)])),
        (E(X - E(X)), 0),
        (E(1 / X), 1 / E(X)),
        (E(Max(X, Y)), E(X) + E(Max(0, Y - X))),
        (E(exp(X + Y)), E(exp(X)) * E(exp(Y))),
        (V(X + Y + Z), V(X) + V(Y) + V(Z)),
        (X**2 - X, r.choice([0, X * (X - 1)])),
        (E(X**3), r.choice([c, E(X**2), E(X)])),
        (E(f), r.choice([f.xreplace({X: a}), E(f)])),
    ]
    left, right = r.choice(rules)
    return Statement(left, right, Given(random=laws, independent=independent, domain=NUMBERS))


def few_outcomes(r: Random) -> Statement:
    """Letters of few values: their law is written out."""
    p = r.choice([c, c, 1 - c, a])
    keep = r.choice([c, 1 - c])
    rules = [
        (E(exp(a * X)), 1 - p + p * exp(a)),
        (E(X * Y), r.choice([p * c, p])),
        (V(X), p * (1 - p)),
        (E(u[i] * X / keep), u[i]),
        (V(u[i] * X / keep), u[i] ** 2 * (1 - keep) / keep),
        (E(log(1 + X)), p * log(2)),
        (E(Abs(X - a)), p * Abs(1 - a) + (1 - p) * Abs(a)),
        (E(a**X), 1 + p * (a - r.choice([1, 1, 0]))),
        (E(X * exp(Y)), r.choice([p * E(exp(Y)), E(X)])),
        (E(Max(0, X - Y)), r.choice([p * (1 - c), p * c])),
        (E(1 / (1 + X)), 1 - p / r.choice([2, 2, 3])),
        (V(X + Y), p * (1 - p) + c * (1 - c)),
    ]
    independent = r.choice([(), (X, Y), (X, Y)])
    given = Given(
        sizes=(n,),
        free={i: (1, n)},
        random={X: Bernoulli(p), Y: Bernoulli(c)},
        independent=independent,
        domain={a: r.choice(["real", "unit", "positive"]), c: "unit"},
    )
    return Statement(*r.choice(rules), given)


def drawn_indices(r: Random) -> Statement:
    """An index that is drawn: uniformly, by weights, in a range that may be shifted."""
    law = r.choice([Uniform(1, n), Uniform(1, n), Categorical(e[k], (k, 1, n)), Uniform(2, n)])
    mean = Sum(u[k], (k, 1, n)) / n
    weighted = Sum(e[k] * u[k], (k, 1, n))
    rules = [
        (E(u[s]), r.choice([mean, weighted])),
        (V(u[s]), Sum(u[k] ** 2, (k, 1, n)) / n - mean**2),
        (V(u[s]), Sum(e[k] * u[k] ** 2, (k, 1, n)) - weighted**2),
        (E(KroneckerDelta(s, i)), r.choice([e[i], 1 / n])),
        (E(KroneckerDelta(s, i) * u[s]), r.choice([e[i] * u[i], u[i] / n])),
        (E(u[s] * v[s]), E(u[s]) * E(v[s])),
        (E(u[s] * X), E(u[s]) * E(X)),
        (E(-log(u[s] ** 2 + 1)), -Sum(e[k] * log(u[k] ** 2 + 1), (k, 1, n))),
        (E(s), r.choice([(n + 1) / 2, Sum(k * e[k], (k, 1, n))])),
        (Partial(E(u[s] ** 2), u[i]), r.choice([2 * u[i] * e[i], 2 * u[i] / n])),
        (E(Partial(u[s] ** 2, u[i])), Partial(E(u[s] ** 2), u[i])),
        (E(Sum(u[k], (k, 1, s))), Sum(u[k] * (n + 1 - k), (k, 1, n)) / n),
        (E(u[s]) - u[s], 0),
    ]
    given = Given(
        sizes=(n,),
        free={i: (1, n)},
        random={s: law, X: Moments(r.choice([0, a]))},
        independent=r.choice([(), (s, X)]),
        domain={e: "simplex"},
    )
    return Statement(*r.choice(rules), given)


def families(r: Random) -> Statement:
    """Sums over arrays of random entries."""
    law = r.choice([Moments(a, b), Moments(0, b), Moments(), Bernoulli(c)])
    other = r.choice([Moments(0, 1), Moments(a), Moments(0, b)])
    independent = r.choice(
        [(), (v,), (v, w), (v, w), (v, Together(w)), (Together(v), Together(w)), (Together(v, w),)]
    )
    total = Sum(v[k], (k, 1, n))
    dot = Sum(v[k] * w[k], (k, 1, n))
    mean = total / n
    rules = [
        (E(total), r.choice([n * a, 0, n * c, Sum(E(v[k]), (k, 1, n))])),
        (V(total), r.choice([n * b, Sum(V(v[k]), (k, 1, n)), n**2 * b])),
        (V(mean), r.choice([b / n, b])),
        (V(dot), r.choice([n * b, n * b**2, Sum(V(v[k]) * V(w[k]), (k, 1, n))])),
        (V(dot), Sum(V(v[k]) * E(w[k] ** 2), (k, 1, n))),
        (E(dot), Sum(E(v[k]) * E(w[k]), (k, 1, n))),
        (E(total**2), r.choice([n * b + n**2 * a**2, n * b, Sum(E(v[k] ** 2), (k, 1, n))])),
        (E(Sum((v[k] - mean) ** 2, (k, 1, n))), r.choice([n - 1, n]) * b),
        (E(v[i] * v[j]), r.choice([a**2, a**2 + b * KroneckerDelta(i, j), E(v[i]) * E(v[j])])),
        (V(Sum(u[k] * v[k], (k, 1, n))), r.choice([b, c * (1 - c)]) * Sum(u[k] ** 2, (k, 1, n))),
        (C(v[i], total), r.choice([b, V(v[i]), 0])),
        (E(v[i] * w[j]), E(v[i]) * E(w[j])),
        (
            E((u[i] - Sum(u[k] * v[k], (k, 1, n))) ** 2),
            (u[i] - c * Sum(u[k], (k, 1, n))) ** 2 + c * (1 - c) * Sum(u[k] ** 2, (k, 1, n)),
        ),
    ]
    given = Given(
        sizes=(n,),
        free={i: (1, n), j: (1, n)},
        random={v: law, w: other},
        independent=independent,
        domain=NUMBERS,
    )
    return Statement(*r.choice(rules), given)


def samples(r: Random) -> Statement:
    """Batches drawn with or without replacement."""
    without = r.random() < 0.5
    law = WithoutReplacement(1, n) if without else Uniform(1, n)
    full = Sum(u[k], (k, 1, n)) / n
    spread = Sum((u[k] - full) ** 2, (k, 1, n)) / n
    batch = Sum(u[t[k]], (k, 1, m)) / m
    fewer = (n - m) / (n - 1)
    rules = [
        (E(batch), full),
        (V(batch), r.choice([spread / m, spread / m * fewer, spread])),
        (V(batch), r.choice([spread / m, spread / m * fewer])),
        (E(batch**2), full**2 + r.choice([spread / m, spread / m * fewer])),
        (E(u[t[i]]), full),
        (E(u[t[i]] * u[t[j]]), full**2 + r.choice([spread, 0]) * KroneckerDelta(i, j)),
        (C(u[t[i]], u[t[j]]), r.choice([0, -spread / (n - 1), spread * KroneckerDelta(i, j)])),
        (
            E(KroneckerDelta(t[i], t[j])),
            r.choice([KroneckerDelta(i, j), 1 / n, KroneckerDelta(i, j) * (1 - 1 / n) + 1 / n]),
        ),
        (E(Sum(KroneckerDelta(t[k], i), (k, 1, m))), m / r.choice([n, n, 1])),
        (V(Sum(u[k], (k, 1, m)) * u[t[i]]), Sum(u[k], (k, 1, m)) ** 2 * spread),
        (E((batch - full) ** 2), V(batch)),
    ]
    conditions = r.choice([(n > 1,), (n > 1, m <= n), (m <= n,), ()])
    ends = r.choice([(1, m), (1, m), (1, n)])
    given = Given(
        sizes=(n, m),
        free={i: ends, j: (1, m)},
        random={t: law},
        independent=r.choice([(t,), (t,), ()]),
        conditions=conditions,
    )
    return Statement(*r.choice(rules), given)


def conditional(r: Random) -> Statement:
    """Expectations over some letters only, operators inside each other, in definitions and derivatives."""
    h = define("h", [k], E(X * u[k]), latex="h")
    g = define("g", [b], E((X - b) ** 2))
    rules = [
        (E(X * Y, X), Y * E(X)),
        (E(E(X * Y, X), Y), r.choice([E(X) * E(Y), E(X * Y)])),
        (E(X * Y, X), r.choice([X * Y, E(X * Y)])),
        (E(X + Y, X), r.choice([E(X) + Y, E(X) + E(Y)])),
        (V(E(X * Y, X)), V(Y) * r.choice([E(X) ** 2, E(X**2)])),
        (h(i), E(X) * u[i]),
        (Sum(h(k), (k, 1, n)), E(X) * Sum(u[k], (k, 1, n))),
        (Partial(g(b), b), r.choice([2 * b - 2 * E(X), 2 * b])),
        (Partial(E(exp(a * X)), a), E(X * exp(a * X))),
        (Partial(E(X), c), r.choice([0, 1])),
        (Partial(E(X**2 * c), c), r.choice([E(X**2), 2 * c])),
        (E(Partial(X**2 * b, b)), E(X**2)),
        (E(X * Rational(1, 2)) + X, r.choice([E(X) / 2 + X, Rational(3, 2) * E(X)])),
    ]
    law = r.choice([Moments(), Moments(a), Moments(0, 1), Bernoulli(c), Moments(c, 1)])
    given = Given(
        sizes=(n,),
        free={i: (1, n)},
        random={X: law, Y: r.choice([Moments(), Bernoulli(a)])},
        independent=r.choice([(X, Y), (X, Y), ()]),
        domain={c: "unit", a: "unit"},
    )
    return Statement(*r.choice(rules), given)


def inside_and_outside(r: Random) -> Statement:
    """The same letter as an outcome and under an operator, with cases that hold for one of them only."""
    f, g = (r.choice([X, Abs(X), Max(0, X), X**2, exp(X), X * Abs(X)]) for _ in range(2))
    factor = r.choice([X, Abs(X) + X, Max(0, X), Abs(X), 1 - X, X * (1 - X), Max(0, -X)])
    rules = [
        (factor * (E(f) - E(g)), r.choice([0, factor * E(f) - factor * E(g)])),
        (factor * E(f), r.choice([factor * f, E(f) * factor, E(f * factor)])),
        (E(f * E(g)), r.choice([E(f) * E(g), E(f * g)])),
        (Max(0, E(X)), r.choice([E(Max(0, X)), (E(X) + Abs(E(X))) / 2])),
        (exp(X * E(f)), r.choice([1 + X * (exp(E(f)) - 1), exp(X) * exp(E(f))])),
        (E(E(exp(X * Y), X) * Y, Y), E(E(exp(X * Y), X), Y) * r.choice([E(Y), Y])),
        (E(f * Y, X), Y * r.choice([E(f), f])),
        (Abs(X) * V(X), r.choice([X, Abs(X)]) * (E(X**2) - E(X) ** 2)),
        (KroneckerDelta(s, i) * E(u[s]), KroneckerDelta(s, i) * r.choice([E(u[s]), u[i]])),
        (KroneckerDelta(s, i) * u[s], KroneckerDelta(s, i) * u[i]),
        (E(KroneckerDelta(s, i) * u[s]), E(KroneckerDelta(s, i)) * r.choice([u[i], E(u[s])])),
    ]
    given = Given(
        sizes=(n,),
        free={i: (1, n)},
        random={X: r.choice([Moments(), Moments(0), Bernoulli(c)]), Y: Moments(), s: Uniform(1, n)},
        independent=(X, Y, s),
        domain={c: "unit"},
    )
    return Statement(*r.choice(rules), given)


KINDS = [inside_and_outside, moments, few_outcomes, drawn_indices, families, samples, conditional]
