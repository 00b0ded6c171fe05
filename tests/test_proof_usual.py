r"""Lines that a first course writes, and false ones beside them: closed forms, recursions, one-hot rows.

Oracle: the mathematics. Every right line is proved, for every size; its false twin is refuted.
"""

from __future__ import annotations

import pytest
from sympy import (
    Eq,
    IndexedBase,
    KroneckerDelta,
    Max,
    Piecewise,
    Product,
    Rational,
    Sum,
    exp,
    log,
    sqrt,
    symbols,
)

from helpers.proof import Given, Partial, Verdict, check, define, homework, judge, product_except, recursive

n, m = symbols("n m", integer=True, positive=True)
i, j, k, l, s, t = symbols("i j k l s t", integer=True)
a, b, c, x, y, z, beta, mu, eta = symbols("a b c x y z beta mu eta", real=True)
u, p, v = (IndexedBase(name, shape=(n,), real=True) for name in "upv")
g = IndexedBase("g", real=True)
Y = IndexedBase("Y", shape=(m, n), real=True)
d = KroneckerDelta
sigma = define("sigma", (x,), 1 / (1 + exp(-x)))
moved = recursive("v", [l], start=(l, 0), base=0, rule=lambda f: mu * f(l - 1) + g[l - 1])
mean = recursive("m", [l], start=(l, 0), base=0, rule=lambda f: mu * f(l - 1) + (1 - mu) * y)
late = recursive("q", [l], start=(l, 0), base=0, rule=lambda f: f(l - 1) + d(l, 9))
down = recursive("d", [l], start=(l, n), base=x, rule=lambda f: 2 * f(l + 1))
SIZED, UNIT = Given(sizes=(n,)), Given(sizes=(n,), domain={beta: "unit", mu: "unit"})
AT = {"sizes": (n,), "free": {i: (1, n), j: (1, n)}}
HOT = Given(**AT, domain={p: "onehot"})
ROWS = Given(sizes=(n, m), free={i: (1, n), j: (1, n), s: (1, m), t: (1, m)}, domain={Y: "onehot"})
ABOVE = Given(**AT, domain={p: "positive", a: "positive", b: "positive"})
INDUCTION = {"induction": n}


def total(f, low=1, high=n):
    return Sum(f, (k, low, high))


def times(low, high):
    return Product(v[k], (k, low, high))


lse, pair = log(total(exp(u[k]))), log(exp(a) + exp(b))
unrolled, picked = Sum(mu ** (n - 1 - i) * g[i], (i, 0, n - 1)), total(p[k] * u[k])
hinge = Partial(Max(0, 1 - y * z), z)
product = Product(p[k], (k, 1, n))
LINES = {  # left, relation, right, a wrong right side, hypotheses, means
    "weights": (total(beta ** (n - k)), "=", (1 - beta**n) / (1 - beta), 1 / (1 - beta), UNIT, {}),
    "bias correction": ((1 - beta) * total(beta ** (n - k)), "=", 1 - beta**n, 1 - beta ** (n - 1), UNIT, {}),
    "also where the ratio may be 1": ((1 - x) * total(x**k, 0), "=", 1 - x ** (n + 1), 1 - x**n, SIZED, {}),
    "powers of two": (total(2**k, 0), "=", 2 ** (n + 1) - 1, 2**n - 1, SIZED, {}),
    "signs by turns": (total((-1) ** k), "=", ((-1) ** n - 1) / 2, 0, SIZED, {}),
    "whole numbers": (total(k), "=", n * (n + 1) / 2, n * (n - 1) / 2, SIZED, {}),
    "cubes": (total(k**3), "=", total(k) ** 2, total(k) ** 3, SIZED, {}),
    "a range that may be reversed": (total(k, 2), "=", n * (n + 1) / 2 - 1, n * (n + 1) / 2, SIZED, {}),
    "momentum": (moved(n), "=", unrolled, mu * unrolled, SIZED, INDUCTION),
    "Adam's mean": (mean(n), "=", (1 - mu**n) * y, (1 - mu ** (n + 1)) * y, SIZED, INDUCTION),
    "Adam's mean, corrected": (mean(n) / (1 - mu**n), "=", y, mu * y, UNIT, INDUCTION),
    "two steps": (mean(2), "=", (1 - mu**2) * y, (1 - mu) * y, SIZED, {}),
    "two steps down": (down(n - 2), "=", 4 * x, 2 * x, SIZED, {}),
    "one-hot": (p[i] * p[j], "=", d(i, j) * p[i], d(i, j), HOT, {}),
    "three entries": (p[i] ** 2 * p[j] * p[i], "=", d(i, j) * p[j], 0, HOT, {}),
    "a one-hot row": (Y[s, i] * Y[s, j], "=", d(i, j) * Y[s, i], Y[s, i], ROWS, {}),
    "what it picks, squared": (picked**2, "=", total(p[k] * u[k] ** 2), picked, HOT, {}),
    "a part of the row": (p[i] * total(p[k] * u[k], 1), "=", p[i] * u[i], p[i] * u[j], HOT, {}),
    "slope of the logarithm of a product": (Partial(log(product), p[j]), "=", 1 / p[j], n / p[j], ABOVE, {}),
    "slope of a product": (Partial(product, p[j]), "=", product_except(p[k], k, j, 1, n), product, ABOVE, {}),
    "slope of the hinge": (hinge, "=", Piecewise((-y, y * z < 1), (0, True)), -y, Given(), {}),
    "the softest maximum": (lse, ">=", u[i], u[i] + Rational(1, 10), Given(**AT), {}),
    "of two, from below": (pair, ">=", Max(a, b), Max(a, b) + Rational(1, 10), Given(), {}),
    "of two, from above": (pair, "<=", Max(a, b) + log(2), Max(a, b) + Rational(1, 2), Given(), {}),
    "softplus": (log(1 + exp(x)), ">=", Max(0, x), Max(0, x) + Rational(1, 2), Given(), {}),
    "slope of sigma": (Partial(sigma(x), x), "<=", Rational(1, 4), Rational(6, 25), Given(), {}),
    "two means": (sqrt(a * b), "<=", (a + b) / 2, (a + b) / 3, ABOVE, {}),
    "harmonic and geometric mean": (2 * a * b / (a + b), "<=", sqrt(a * b), a, ABOVE, {}),
    "a definite form": (x**2 + x + 1, ">", 0, 1, Given(), {}),
    "ranges": (i + j, "<=", 2 * n, 2 * n - 1, Given(**AT), {}),
    "a power below 1": (beta**n, "<", 1, beta, UNIT, {}),
    "an exponential above 1": (exp(x), ">", 1, 2, Given(domain={x: "positive"}), {}),
}  # fmt: skip
NOT = {  # false because a condition of the rule is not met: never accepted by the symbolic judge alone
    "a ratio that may be 1": (d(i, j) * total((i - j + 1) ** k), "=", 5 * d(i, j), Given(**AT), {}),
    "a reversed range": (total(k, 5), "=", n * (n + 1) / 2 - 10, SIZED, {}),
    "a reversed geometric one": (total(beta**k, 3), "=", (beta**3 - beta ** (n + 1)) / (1 - beta), UNIT, {}),
    "a recursion with another step later": (late(n), "=", 0, SIZED, INDUCTION),
    "entries of 0 and 1": (p[i] * p[j], "=", d(i, j) * p[i], Given(**AT, domain={p: "binary"}), {}),
    "of two rows": (Y[s, i] * Y[t, j], "=", d(i, j) * Y[s, i], ROWS, {}),
    "of one column": (Y[s, i] * Y[t, i], "=", d(s, t) * Y[s, i], ROWS, {}),
    "products with a gap": (times(1, i - 1) * times(i + 2, n) * v[i], "=", times(1, n), Given(**AT), {}),
    "they begin later": (times(2, i - 1) * times(i + 1, n) * v[i], "=", times(2, n), Given(**AT), {}),
    "a term that is not summed": (log(total(exp(u[k]), 2)), ">=", u[i], Given(**AT), {}),
    "terms of any sign": (log(total(v[k])), ">=", log(v[i]), Given(**AT), {}),
    "a strict one that is an equality for n = 1": (lse, ">", u[i], Given(**AT), {}),
    "two means that may be equal": (sqrt(a * b), "<", (a + b) / 2, ABOVE, {}),
    "a form that is 0 somewhere": (x**2 + 2 * x + 1, ">", 0, Given(), {}),
    "an odd factor": ((x - 3) ** 2 * (x - 7), ">=", 0, Given(), {}),
    "a base of at least 1": (x**n, ">", 1, Given(sizes=(n,), domain={x: "positive"}), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_a_usual_line_is_proved_and_its_false_twin_is_not(name):
    left, relation, right, wrong, given, means = LINES[name]
    assert check(left, right, given, relation=relation, **means).verdict is Verdict.PROVED
    assert check(left, wrong, given, relation=relation, **means).verdict is Verdict.REFUTED
    assert not judge.symbolic(left, wrong, given, relation=relation, **means)


@pytest.mark.parametrize("name", NOT)
def test_without_its_condition_a_rule_does_not_fire(name):
    left, relation, right, given, means = NOT[name]
    assert check(left, right, given, relation=relation, **means).verdict is Verdict.REFUTED
    try:
        accepted = judge.symbolic(left, right, given, relation=relation, **means)
    except Exception:  # it has no rule, which is no yes
        accepted = False
    assert not accepted


def test_the_ratio_that_is_1_is_a_condition_or_a_case():
    closed = (1 - x**n) / (1 - x)
    result = check(total(x ** (n - k)), closed, SIZED)
    assert result.verdict is Verdict.PROVED
    assert "two cases" in result.method
    assert result.conditions  # a denominator of the line itself
    at_one = Given(sizes=(n,), conditions=(Eq(x, 1),))
    assert check(total(x ** (n - k)), n, at_one).verdict is Verdict.PROVED
    assert check(total(x ** (n - k)), 1, at_one).verdict is Verdict.REFUTED


TEXTS = {
    "Let $0 < \\beta < 1$.\n (1-\\beta)\\sum_{i=1}^t \\beta^{t-i} = 1 - \\beta^t": "1 - \\beta^{t-1}",
    "Let $v_0 = 0$ and $v_{t+1} = \\mu v_t + g_t$.\n v_t = \\sum_{i=0}^{t-1} \\mu^{t-1-i} g_i": "g_0",
    "\\ln \\sum_{j=1}^n e^{z_j} \\ge z_i": "z_i + 1",
    "Let $y$ be one-hot.\n y_i y_j = \\delta_{ij} y_i": "\\delta_{ij}",
}  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_usual_line_of_a_text_is_proved(text):
    assert homework.judge(text).right
    sign = "\\ge " if "\\ge" in text else " = "
    false = text.rpartition(sign)[0] + sign + TEXTS[text]
    assert [line.verdict for line in homework.judge(false).lines] == ["refuted"]
