"""Standard inequalities without a gap: each proved by its name under its condition, and not without it.

Oracle: the inequalities themselves; beside each false one stands what breaks it.
"""

from __future__ import annotations

import pytest
from sampling import sample
from sympy import Abs, IndexedBase, Max, S, Sum, Symbol, exp, log, sinh, sqrt, symbols, tanh

from helpers.proof import Expectation, Given, Moments, Variance, Verdict, check, define, judge
from helpers.proof.numeric.points import points
from helpers.proof.numeric.search import _confirmed

n = symbols("n", integer=True, positive=True)
j, k = symbols("j k", integer=True)
a, b, X = symbols("a b X", real=True)
c, d = symbols("c d", positive=True)
p, q, x, u, v = (IndexedBase(name, shape=(n,), real=True) for name in "pqxuv")
LAWS = Given(sizes=(n,), domain={p: "simplex", q: "simplex", x: "positive"})
LOOSE = Given(sizes=(n,), domain={p: "unit", q: "unit", x: "real"})
SIZED = Given(sizes=(n,))
RANDOM = Given(random={X: Moments()})
softmax = define("s", (k,), exp(u[k]) / Sum(exp(u[j]), (j, 1, n)))


def total(f):
    return Sum(f, (k, 1, n))


PROVED = {  # smaller, larger, hypotheses, a word of the argument
    "divergence": (0, total(p[k] * log(p[k] / q[k])), LAWS, "Gibbs"),
    "cross-entropy": (-total(p[k] * log(p[k])), -total(p[k] * log(q[k])), LAWS, "Gibbs"),
    "cross-entropy of softmax": (-total(p[k] * log(p[k])), -total(p[k] * log(softmax(k))), LAWS, "Gibbs"),
    "largest entropy": (-total(p[k] * log(p[k])), log(n), LAWS, "Gibbs"),
    "least entropy": (0, -total(p[k] * log(p[k])), LAWS, "sign"),
    "free energy": (total(p[k] * u[k]) - total(p[k] * log(p[k])), log(total(exp(u[k]))), LAWS, "Gibbs"),
    "logarithm": (log(c), c - 1, SIZED, "ln u"),
    "from below": (1 - 1 / c, log(c), SIZED, "ln u"),
    "exponential": (1 - a, exp(-a), SIZED, "exp v"),
    "concave": (total(p[k] * log(x[k])), log(total(p[k] * x[k])), LAWS, "inequality"),
    "convex": (exp(total(p[k] * u[k])), total(p[k] * exp(u[k])), LAWS, "inequality"),
    "geometric mean": (total(log(x[k])) / n, log(total(x[k]) / n), LAWS, "inequality"),
    "Cauchy and Schwarz": (total(u[k] * v[k]) ** 2, total(u[k] ** 2) * total(v[k] ** 2), SIZED, "Cauchy"),
    "under a root": (Abs(total(u[k] * v[k])), sqrt(total(u[k] ** 2) * total(v[k] ** 2)), SIZED, "Cauchy"),
    "two means": (sqrt(c * d), (c + d) / 2, SIZED, "factors"),
    "two squares": (a * b, a**2 + b**2, SIZED, "squares"),
    "one square": (a * b, (a**2 + b**2) / 2, SIZED, "sign"),
    "a triangle": (Abs(a + b), Abs(a) + Abs(b), SIZED, "triangle"),
    "a sum's": (Abs(total(u[k])), total(Abs(u[k])), SIZED, "triangle"),
    "the larger": (a, Max(a, b), SIZED, "sign"),
    "variance": (Expectation(X) ** 2, Expectation(X**2), RANDOM, ""),
}
NOT = {
    "no laws": (0, total(p[k] * log(p[k] / q[k])), LOOSE),  # p = 0.1, q = 0.9, n = 1
    "turned": (total(p[k] * log(p[k] / q[k])), 0, LAWS),
    "a part of the law": (0, Sum(p[k] * log(p[k] / q[k]), (k, 2, n)), LAWS),
    "weights that sum to more": (exp(total(p[k] * u[k])), total(p[k] * exp(u[k])), LOOSE),  # n = 2, u < 0
    "a sum for a product": (total(u[k] * v[k]) ** 2, total(u[k] ** 2) + total(v[k] ** 2), SIZED),
    "a negative square": (0, a**2 + 3 * a * b + b**2, SIZED),
    "turned means": ((c + d) / 2, sqrt(c * d), SIZED),
}


@pytest.mark.parametrize("name", sample(PROVED, 2))
def test_a_standard_inequality_is_proved_by_its_name(name):
    smaller, larger, given, word = PROVED[name]
    result = check(smaller, larger, given, relation="<=")
    assert result.verdict is Verdict.PROVED
    assert word in result.method


@pytest.mark.parametrize("name", sample(NOT, 2))
def test_without_its_condition_it_is_refuted_and_not_accepted(name):
    smaller, larger, given = NOT[name]
    assert check(smaller, larger, given, relation="<=").verdict is Verdict.REFUTED
    assert not judge.symbolic(smaller, larger, given, relation="<=")


STRICT = {  # larger, smaller, and whether it is always the larger
    "softplus": (log(1 + exp(a)), a, True),
    "its mean": (log(exp(a) + exp(b)), (a + b) / 2 + log(2), False),  # a = b
    "roots": (sqrt(c) + sqrt(d), sqrt(c + d), True),
    "roots that may be 0": (sqrt(abs(a)) + sqrt(c), sqrt(abs(a) + c), False),
    "a root": (sqrt(1 + a**2), a, True),
    "a square's root": (sqrt(a**2), a, False),
    "logarithm": (c, log(c), True),
    "its tangent": (c - 1, log(c), False),
    "exponential": (exp(a), a, True),
    "its own tangent": (exp(a), 1 + a, False),
    "an end": (4, X, True),
    "an end of whole numbers": (4, j, False),
    "not the other end": (X, 2, False),
}


@pytest.mark.parametrize("name", STRICT)
def test_a_strict_one_is_proved_where_nothing_is_equal(name):
    larger, smaller, always = STRICT[name]
    given = Given(domain={X: (1, 4), j: (1, 4)})
    assert judge.symbolic(larger, smaller, given, relation=">") is always
    assert (check(larger, smaller, given, relation=">").verdict is Verdict.PROVED) is always
    assert not judge.symbolic(smaller, larger, given, relation=">")


def test_none_of_them_is_strict():
    assert check(log(c), c - 1, SIZED, relation="<").verdict is Verdict.REFUTED
    assert not judge.symbolic(0, Variance(X), RANDOM, relation="<")


def test_a_variance_is_not_negative_for_real_letters_only():
    assert check(Variance(X), 0, RANDOM, relation=">=").verdict is Verdict.PROVED


@pytest.mark.parametrize("rising", [sinh, tanh])
def test_what_rises_through_zero_has_the_sign_of_its_argument(rising):
    s = Symbol("s", real=True)
    assert check(2 * rising(s), 0, Given(domain={s: "positive"}), relation=">").verdict is Verdict.PROVED
    assert check(rising(s), 0, Given(), relation=">=").verdict is Verdict.REFUTED
    assert check(-rising(s), 0, Given(domain={s: "positive"}), relation=">").verdict is Verdict.REFUTED


def test_what_is_lost_in_rounding_is_no_counterexample():
    u = Symbol("u", real=True)
    point = next(points(Given(domain={u: (300, 400)}), 1, simple=True))
    assert _confirmed(1 / (1 + exp(-u)), S.One, point, point.given, "<") is None
    assert _confirmed(u**2 - 1, (u - 1) * (u + 1), point, point.given, "<") is not None  # they are equal
