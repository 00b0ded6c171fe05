"""Hypotheses that are equations for a letter, conditions, labels, and kinds of matrices, used too far."""

from __future__ import annotations

from random import Random

from sympy import (
    Abs,
    Identity,
    IndexedBase,
    KroneckerDelta,
    Limit,
    Max,
    Min,
    Ne,
    Product,
    Rational,
    Sum,
    cosh,
    exp,
    log,
    sign,
    sinh,
    sqrt,
)

from helpers.proof import At, Given, Partial, define

from .letters import A, C, D, a, b, c, e, i, j, k, l, m, n, u, v, x, y
from .statement import Statement

labels = IndexedBase("t", shape=(m,), integer=True)


def equations(r: Random) -> Statement:
    """A letter that has its value from others: under derivatives, at other values, in definitions."""
    value = r.choice([b + 1, 2 * b, b**2, exp(b), b + c, b - c])
    fact = r.choice([(a, value), (value, a), (a - value, 0), (a - b, 1), (a, value + c - c)])
    more = r.choice([(), (), ((b, c + 2),), ((c, a),)])
    h = define("h", [a], a**2 + b)
    rules = [
        (a - b, r.choice([1, value - b])),
        (a * c, r.choice([value * c, c * b + c])),
        (Partial(a**2, a), r.choice([2 * a, 2 * value])),
        (Partial(a * b, b), r.choice([a, a + b, value])),
        (Partial(a, b), r.choice([0, 1])),
        (At(a + b, a, 3), r.choice([3 + b, value + b])),
        (At(a + b, b, 3), r.choice([a + 3, 4 + 3])),
        (h(3) - h(0), 9),
        (h(a), r.choice([value**2 + b, a**2 + b])),
        (Sum(a * u[k], (k, 1, n)), value * Sum(u[k], (k, 1, n))),
        (Limit(a * x, x, b, "+-"), r.choice([a * b, value * b, b * (b + 1)])),
        (Abs(a - value + x), Abs(x)),
        (log(exp(a)), value),
    ]
    domain = {a: r.choice(["real", "real", "positive", "nonzero"]), b: r.choice(["real", "positive", "unit"])}
    left, right = r.choice(rules)
    return Statement(left, right, Given(sizes=(n,), facts=(fact, *more), domain=domain))


def equal_indices(r: Random) -> Statement:
    """Indices that are equal, different or in order."""
    condition = r.choice([(), (Ne(i, j),), (i < j,), (i <= j,), (i > j + 1,)])
    facts = r.choice([(), (), ((i, j),), ((i, j + 1),)]) if not condition else ()
    rules = [
        (KroneckerDelta(i, j) * x, r.choice([0, x, 0])),
        (KroneckerDelta(i, j + 1) * x, r.choice([0, x])),
        (u[i] - u[j], 0),
        (u[i] * v[j], u[j] * v[i]),
        (Sum(KroneckerDelta(k, i) * KroneckerDelta(k, j), (k, 1, n)), r.choice([0, 1])),
        (Partial(u[i] ** 2, u[j]), r.choice([0, 2 * u[i], 2 * u[j] * KroneckerDelta(i, j)])),
        (Sum(u[k], (k, i, j)), Sum(u[k], (k, 1, j)) - Sum(u[k], (k, 1, i - 1))),
        (Sum(1, (k, i, j)), j - i + 1),
        (Sum(KroneckerDelta(k, j), (k, i, n)), r.choice([1, 0])),
        (Sum(Sum(KroneckerDelta(i, j) * u[i], (i, 1, n)), (j, 1, n)), Sum(u[i], (i, 1, n))),
        (Max(i, j), r.choice([i, j])),
        (Product(x, (k, i, j)), x ** (j - i + 1)),
    ]
    given = Given(sizes=(n,), free={i: (1, n), j: (1, n)}, conditions=condition, facts=facts)
    return Statement(*r.choice(rules), given)


def sign_conditions(r: Random) -> Statement:
    """Signs of letters, of entries and of differences."""
    conditions = r.choice(
        [
            (a > b,),
            (a >= b,),
            (Ne(a, b),),
            (a > 0,),
            (a < 0,),
            (u[i] > 0,),
            (a > b, b > 0),
            (a > b, b > c),
            (a + b > 0,),
        ]
    )
    rules = [
        (Abs(a - b), r.choice([a - b, b - a])),
        (Max(a, b), r.choice([a, b])),
        (Min(a, b), r.choice([a, b])),
        (sqrt((a - b) ** 2), a - b),
        (log((a - b) ** 2), 2 * log(a - b)),
        (sign(a - b) ** 2, 1),
        ((a - b) / (a - b) * x, x),
        (Abs(a), r.choice([a, -a])),
        (log(a * b), log(a) + log(b)),
        (Max(0, u[i]), r.choice([u[i], 0])),
        (Partial(Max(0, u[i]), u[i]), r.choice([0, 1])),
        (Partial(Max(0, u[i]), u[j]), r.choice([0, KroneckerDelta(i, j)])),
        (Sum(Abs(u[k]), (k, 1, n)), Sum(u[k], (k, 1, n))),
        (Abs(u[i]) * Abs(u[j]), u[i] * Abs(u[j])),
        (Abs(a - c), a - c),
        (Abs(a + b), a + b),
        (sqrt(a**2 * x**2), a * Abs(x)),
        (Limit(Abs(x - a) / (x - a), x, b, "+-"), r.choice([1, -1])),
    ]
    given = Given(sizes=(n,), free={i: (1, n), j: (1, n)}, conditions=conditions)
    return Statement(*r.choice(rules), given)


def labelled(r: Random) -> Statement:
    """A whole number as an index: inside its array, or not quite."""
    low, high = r.choice([(1, n), (1, n), (1, n), (2, n), (0, n), (1, n + 1), (1, 3)])
    other = r.choice([k, j])
    f = r.choice([u[k], k * x, x**k])
    rules = [
        (Sum(KroneckerDelta(labels[i], k) * f, (k, 1, n)), f.xreplace({k: labels[i]})),
        (Sum(KroneckerDelta(labels[i], k), (k, 1, n)), 1),
        (Partial(u[labels[i]], u[j]), r.choice([KroneckerDelta(labels[i], j), 1, 0])),
        (Partial(-log(exp(u[labels[i]])), u[j]), -KroneckerDelta(labels[i], j)),
        (Sum(u[labels[k]], (k, 1, m)), Sum(u[j] * Sum(KroneckerDelta(labels[k], j), (k, 1, m)), (j, 1, n))),
        (Sum(KroneckerDelta(labels[k], labels[i]), (k, 1, m)), r.choice([1, m])),
        (KroneckerDelta(labels[i], j) * u[labels[i]], KroneckerDelta(labels[i], other) * u[j]),
        (sum_of(labels[i]), r.choice([labels[i], labels[i] * (labels[i] + 1) / 2])),
        (Sum(1, (k, labels[i], n)), n - labels[i] + 1),
    ]
    given = Given(sizes=(n, m), free={i: (1, m), j: (1, n), k: (1, n)}, domain={labels: (low, high)})
    return Statement(*r.choice(rules), given)


def sum_of(end):
    return Sum(1, (l, 1, end))


def special_matrices(r: Random) -> Statement:
    """Symmetric, orthogonal and invertible matrices: what follows and what does not."""
    word = r.choice(["symmetric", "orthogonal", "orthogonal", "invertible"])
    rules = [
        (C.T, C),
        (C * D, D * C),
        ((C * D).T, D.T * C),
        (C.T * C, Identity(n)),
        (C * C.T, Identity(n)),
        (C * C, Identity(n)),
        (C * C.T * D, D),
        (C * D * C.T, D),
        (C.I * C * D, D),
        ((C.T * D * C).T, C.T * D * C),
        ((C * A).T * (C * A), A.T * A),
        ((A.T * C * A).T, A.T * C * A),
        (C[i - 1, j - 1], C[j - 1, i - 1]),
        (Sum(C[k, i - 1] ** 2, (k, 0, n - 1)), r.choice([1, n])),
        (Sum(C[k, i - 1] * C[k, j - 1], (k, 0, n - 1)), KroneckerDelta(i, j)),
        (Sum(C[k, i - 1] * C[k, j - 1], (k, 0, n - 2)), KroneckerDelta(i, j)),
        (Sum(C[i - 1, k] * C[k, j - 1], (k, 0, n - 1)), KroneckerDelta(i, j)),
        (Partial(C[0, n - 1] * C[n - 1, 0], C[0, n - 1]), r.choice([C[n - 1, 0], 2 * C[0, n - 1]])),
        (
            Sum(C[k, l] * u[k + 1] * v[l + 1], (k, 0, n - 1), (l, 0, n - 1)),
            Sum(C[l, k] * u[k + 1] * v[l + 1], (k, 0, n - 1), (l, 0, n - 1)),
        ),
    ]
    wide = [(A.T * A, Identity(m)), (A * A.T, Identity(n)), (A * A.T * A, A), (A.T * A * A.T, A.T)]
    if r.random() < 0.25:
        return Statement(*r.choice(wide), Given(sizes=(n, m), domain={A: "orthogonal"}))
    given = Given(sizes=(n, m), free={i: (1, n), j: (1, n)}, domain={C: word})
    return Statement(*r.choice(rules), given)


def binary_letters(r: Random) -> Statement:
    """Letters that are 0 or 1, as exponents and factors."""
    p = r.choice([x, a])
    rules = [
        (p**y * (1 - p) ** (1 - y), y * p + (1 - y) * (1 - p)),
        (log(p**y * (1 - p) ** (1 - y)), y * log(p) + (1 - y) * log(1 - p)),
        (p**y, r.choice([1 + y * (p - 1), p * y])),
        (exp(y * b), 1 + y * (exp(b) - r.choice([1, 1, 0]))),
        (y ** r.choice([2, 3]), y),
        (Abs(y - b), y * Abs(1 - b) + (1 - y) * Abs(b)),
        (Partial(p**y * (1 - p) ** (1 - y), p), r.choice([2 * y - 1, y / p - (1 - y) / (1 - p)])),
        (Partial(y**2, y), r.choice([1, 2 * y])),
        (log(1 + y), y * log(2)),
        (log((a * b) ** 2), r.choice([2 * log(Abs(a)) + 2 * log(Abs(b)), 2 * log(a * b)])),
        (log(a**2 / b**4), 2 * log(Abs(a)) - 4 * log(Abs(b))),
        (log(a**2 * x), 2 * log(Abs(a)) + log(x)),
        (log(a**3), 3 * log(Abs(a))),
    ]
    domain = {
        y: r.choice(["binary", "binary", "closed unit"]),
        x: r.choice(["unit", "positive", "real"]),
        a: r.choice(["unit", "real"]),
    }
    return Statement(*r.choice(rules), Given(domain=domain))


def signs_of_labels(r: Random) -> Statement:
    """Letters that are -1 or 1, as factors and in exponents, and their squares in sums."""
    rules = [
        (y**2, 1),
        (y ** r.choice([3, 5]), y),
        (1 / y, y),
        (log(1 + exp(-y * b)), r.choice([1, -1]) * y * b / 2 + log(1 + exp(-b)) + b / 2 * r.choice([-1, 1])),
        (exp(y * b), r.choice([cosh(b) + y * sinh(b), cosh(b) - y * sinh(b), exp(b)])),
        (Abs(y), 1),
        (Abs(y * b), Abs(b)),
        (sign(y * b), y * sign(b)),
        (Max(0, 1 - y * b), (1 + y) / 2 * Max(0, 1 - b) + (1 - y) / 2 * Max(0, r.choice([1 + b, 1 - b]))),
        (Partial(y**2, y), r.choice([2 * y, 0])),
        (Partial(log(1 + exp(-y * b)), b), r.choice([-1, 1]) * y / (1 + exp(y * b))),
        (sqrt(y**2 * b**2), r.choice([Abs(b), b])),
        ((y * b) ** a, y * b**a),
        (log(y**2), 0),
        (log(y + 1), log(2)),
        (1 / (1 - y), r.choice([Rational(1, 2), y / (1 - y)])),
        (Sum(e[k] ** 2, (k, 1, n)), r.choice([n, Sum(e[k], (k, 1, n))])),
        (Sum(e[k] ** 3 * v[k], (k, 1, n)), Sum(e[k] * v[k], (k, 1, n))),
        (Sum(exp(e[k]), (k, 1, n)), n * cosh(1) + sinh(1) * Sum(e[k] ** r.choice([1, 2]), (k, 1, n))),
    ]
    domain = {y: r.choice(["sign", "sign", "nonzero"]), e: "sign", a: r.choice(["unit", "real"])}
    return Statement(*r.choice(rules), Given(sizes=(n,), domain=domain))


KINDS = [equations, equal_indices, sign_conditions, labelled, special_matrices, binary_letters]
