"""Oracle: textbook truths and falsehoods that set traps; the false must be refuted, the true proved."""

from __future__ import annotations

import pytest
from sympy import (
    Expr,
    IndexedBase,
    KroneckerDelta,
    LambertW,
    Product,
    Rational,
    S,
    Sum,
    exp,
    log,
    sqrt,
    symbols,
    tanh,
)

from helpers.proof import Given, Partial, Verdict, check
from helpers.proof.judge import numeric, symbolic

n = symbols("n", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
x, y = symbols("x y", real=True)
p, q = symbols("p q", positive=True)
w, v = (IndexedBase(name, shape=(n,), real=True) for name in "wv")
A = IndexedBase("A", shape=(n, n), real=True)
pw = IndexedBase("pw", shape=(n,), positive=True)
FREE = Given(sizes=(n,), free={i: (1, n), j: (1, n)})
SIZED, NONE = Given(sizes=(n,)), Given()
PROVED, CHECKED, UNKNOWN, REFUTED = Verdict


def total(f: Expr, index: Expr = i) -> Sum:
    return Sum(f, (index, 1, n))


def double(f: Expr) -> Sum:
    return Sum(f, (i, 1, n), (j, 1, n))


HOSTILE = {  # name: (left, right, given, the verdicts that are right)
    "capture: d/dw_i of sum w_i v_i": (Partial(total(w[i] * v[i]), w[i]), v[i], FREE, PROVED),
    "capture: SymPy's answer": (Partial(total(w[i] * v[i]), w[i]), total(v[i]), FREE, REFUTED),
    "shadowed index": (Sum(total(w[i]), (i, 1, n)), n * total(w[i]), SIZED, PROVED),
    "square of a sum": (total(w[i]) ** 2, double(w[i] * w[j]), SIZED, PROVED),
    "square of a sum is no sum of squares": (total(w[i]) ** 2, total(w[i] ** 2), SIZED, REFUTED),
    "order of summation": (
        total(w[i] * total(A[i, j] * v[j], j)),
        total(v[j] * total(A[i, j] * w[i]), j),
        SIZED,
        PROVED,
    ),
    "transposed": (
        total(w[i] * total(A[i, j] * v[j], j)),
        total(v[j] * total(A[j, i] * w[i]), j),
        SIZED,
        REFUTED,
    ),
    "sum of quotients": (
        total(w[i] / (1 + exp(v[i]))) + total(w[i] * exp(v[i]) / (1 + exp(v[i]))),
        total(w[i]),
        SIZED,
        PROVED,
    ),
    "quotient of sums": (total(w[i] * v[i]) / total(v[i]), total(w[i]), SIZED, REFUTED),
    "exp of a sum": (exp(total(w[i])), Product(exp(w[i]), (i, 1, n)), SIZED, PROVED),
    "sum of exp": (total(exp(w[i])), exp(total(w[i])), SIZED, REFUTED),
    "log of a sum": (log(total(pw[i])), total(log(pw[i])), SIZED, REFUTED),
    "log of a product": (log(Product(pw[i], (i, 1, n))), total(log(pw[i])), SIZED, PROVED),
    "true for n <= 4 only": ((n - 1) * (n - 2) * (n - 3) * (n - 4) * total(w[i]), S.Zero, SIZED, REFUTED),
    "off by 1e-15": (total(w[i]) + Rational(1, 10**15), total(w[i]), SIZED, REFUTED),
    "off by 1e-25": (total(w[i]) + Rational(1, 10**25), total(w[i]), SIZED, CHECKED),
    "log of a product of any sign": (log(x * y), log(x) + log(y), NONE, REFUTED),
    "log of a product of positives": (log(p * q), log(p) + log(q), NONE, PROVED),
    "square of a root": (sqrt(x) ** 2, x, NONE, PROVED),
    "root of a product of any sign": (sqrt(x * y), sqrt(x) * sqrt(y), NONE, REFUTED),
    "root of a square": (sqrt(x**2), x, NONE, REFUTED),
    "binary square": (y**2, y, Given(domain={y: "binary"}), PROVED),
    "false hypothesis": (total(w[i]), S.One, Given(sizes=(n,), facts=((total(w[i]), 1),)), UNKNOWN),
    "removable pole": ((x**2 - 1) / (x - 1), x + 1, NONE, PROVED),
    "delta outside the range": (total(w[i] * KroneckerDelta(i, n + 1)), S.Zero, SIZED, PROVED),
    "empty sum at n = 1": (Sum(w[i], (i, 2, n)), total(w[i]) - w[1], SIZED, PROVED),
    "count": (total(1), n, SIZED, PROVED),
    "count off by one": (Sum(1, (i, 0, n)), n, SIZED, REFUTED),
    "sum of the whole numbers": (total(i), n * (n + 1) / 2, SIZED, PROVED),
    "a sum that telescopes": (total(1 / (i * (i + 1))), n / (n + 1), SIZED, PROVED),
    "delta moves an index": (KroneckerDelta(i, j) * w[i], KroneckerDelta(i, j) * w[j], FREE, PROVED),
    "delta is not 0": (KroneckerDelta(i, j) * w[i], S.Zero, FREE, REFUTED),
    "second derivative": (
        Partial(Partial(total(w[k] ** 3, k), w[i]), w[j]),
        6 * KroneckerDelta(i, j) * w[i],
        FREE,
        PROVED,
    ),
    "product rule on sums": (
        Partial(total(w[k], k) * total(w[k] * v[k], k), w[j]),
        total(w[k] * v[k], k) + v[j] * total(w[k], k),
        FREE,
        PROVED,
    ),
    "tanh": (tanh(x), (exp(x) - exp(-x)) / (exp(x) + exp(-x)), NONE, PROVED),
    "a function the evaluator lacks": (LambertW(p) * exp(LambertW(p)), p, NONE, UNKNOWN),
    "a mean is no sum": (Partial(total(w[k] ** 2, k) / n, w[j]), 2 * w[j], FREE, REFUTED),
    "variance": (
        total((w[i] - total(w[k], k) / n) ** 2) / n,
        total(w[i] ** 2) / n - (total(w[k], k) / n) ** 2,
        SIZED,
        PROVED,
    ),
    "1/3 is not 1/n": (total(w[i]) / 3, total(w[i]) / n, SIZED, REFUTED),
    "shifted index": (Sum(w[i + 1], (i, 0, n - 1)), total(w[i]), SIZED, PROVED),
    "reads outside the array": (total(w[i + 1] * 0 + w[i]), total(w[i + 1]), SIZED, REFUTED),
    "power of a whole number": (x ** (n + 2), x**n * x**2, SIZED, PROVED),
    "log of a fraction": (log(Rational(1, 4)), 2 * log(Rational(1, 2)), NONE, PROVED),
    "root of a mean square": (sqrt(total(w[i] ** 2) / n**2), sqrt(total(w[i] ** 2)) / n, SIZED, PROVED),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_cases(name: str) -> None:
    left, right, given, verdict = HOSTILE[name]
    assert check(left, right, given).verdict is verdict


@pytest.mark.parametrize("name", [name for name, case in HOSTILE.items() if case[3] is REFUTED])
def test_a_false_equality_is_refuted_either_way_round_and_by_the_numbers_alone(name: str) -> None:
    left, right, given, _ = HOSTILE[name]
    assert check(right, left, given).verdict is REFUTED
    assert numeric(left, right, given).verdict is REFUTED
    assert not symbolic(left, right, given)
