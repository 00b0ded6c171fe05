"""Hypotheses that are equations, conditions, labels and kinds of matrices; sums with ranges that depend.

Oracle: school algebra; every false line is refuted, and the symbolic judge alone does not accept it.
"""

from __future__ import annotations

from contextlib import suppress

import pytest
from sympy import (
    Abs,
    Eq,
    Identity,
    IndexedBase,
    KroneckerDelta,
    MatrixSymbol,
    Max,
    Min,
    Ne,
    Piecewise,
    Product,
    Rational,
    Sum,
    exp,
    log,
    sqrt,
    symbols,
    tanh,
)

from helpers.proof import (
    Bernoulli,
    Given,
    Moments,
    Partial,
    Uniform,
    Verdict,
    check,
    define,
    judge,
    product_except,
    recursive,
    sum_except,
)
from helpers.proof.show.formulas import latex, text

n, m = symbols("n m", integer=True, positive=True)
i, j, k, l, q, s = symbols("i j k l q s", integer=True)
a, b, c, z, p, y, u = symbols("a b c z p y u", real=True)
f, g = IndexedBase("f", real=True), IndexedBase("g", real=True)
x, w = (IndexedBase(name, shape=(n,), real=True) for name in "xw")
out = IndexedBase("o", shape=(m,), real=True)
t = IndexedBase("t", shape=(n,), integer=True)
A, U = MatrixSymbol("A", n, n), MatrixSymbol("U", n, n)
tall, v = MatrixSymbol("T", n, m), MatrixSymbol("v", n, 1)

SIZED = Given(sizes=(n,))
AT = Given(sizes=(n,), free={i: (1, n), k: (1, n)})
BINARY = Given(domain={y: "binary", p: "unit"})
LABEL = Given(sizes=(n, m), free={s: (1, n), q: (1, m)}, domain={t: (1, m)})
softmax = define("P", (k,), exp(out[k]) / Sum(exp(out[j]), (j, 1, m)))


def at(**more):
    return Given(sizes=(n,), free={i: (1, n), k: (1, n)}, **more)


def of(**domain):
    letters = {"A": A, "U": U, "T": tall}
    return Given(sizes=(n, m), domain={letters[name]: word for name, word in domain.items()})


TRUE = {
    "a letter with a value": (a**2 - b**2, 2 * b + 1, Given(facts=((a, b + 1),))),
    "its slope by another": (Partial(a**2 - b**2, b), 2 - 2 * a, Given(facts=((a, b + 1),))),
    "solved for a letter": (a**2 - b**2, a - b, Given(facts=((a + b, 1),), domain={a: "unit", b: "unit"})),
    "as an equation": (a * c, b * c, Given(conditions=(Eq(a, b),))),
    "one after the other": (a, c + 2, Given(facts=((a, b + 1), (b, c + 1)))),
    "equal indices": (KroneckerDelta(i, k) * x[i], x[k], at(facts=((i, k),))),
    "different indices": (KroneckerDelta(i, k) * x[i], 0, at(conditions=(Ne(i, k),))),
    "ordered indices": (KroneckerDelta(i, k), 0, at(conditions=(i < k,))),
    "a sum between ordered indices": (Sum(1, (j, i, k)), k - i + 1, at(conditions=(i <= k,))),
    "above the kink": (Max(0, z), z, Given(conditions=(z > 0,))),
    "below the kink": (Partial(Max(0, z), z), 0, Given(conditions=(z < 0,))),
    "an entry above the kink": (Partial(Max(0, x[i]), x[i]), 1, at(conditions=(x[i] > 0,))),
    "a larger one": (Max(a, b), a, Given(conditions=(a > b,))),
    "through another": (Abs(a), a, Given(conditions=(a > b, b > 0))),
    "a difference under a root": (sqrt((a - b) ** 2), a - b, Given(conditions=(a >= b,))),
    "symmetric": (A * v, A.T * v, of(A="symmetric")),
    "a quadratic form": (v.T * A * v, v.T * A.T * v, of(A="symmetric")),
    "orthogonal": ((U * v).T * (U * v), v.T * v, of(U="orthogonal")),
    "a square one from the left, too": (
        U * U.T,
        Identity(n),
        Given(sizes=(n,), facts=((U.T * U, Identity(n)),)),
    ),
    "orthonormal columns": (tall.T * tall, Identity(m), of(T="orthogonal")),
    "invertible": (A.I * A * v, v, of(A="invertible")),
    "a label": (Sum(KroneckerDelta(t[s], k) * log(out[k]), (k, 1, m)), log(out[t[s]]), LABEL),
    "the slope at a label": (
        Partial(-log(softmax(t[s])), out[q]),
        softmax(q) - KroneckerDelta(t[s], q),
        LABEL,
    ),
    "likelihood of two classes": (log(p**y * (1 - p) ** (1 - y)), y * log(p) + (1 - y) * log(1 - p), BINARY),
    "a power of two values": (p**y * (1 - p) ** (1 - y), y * p + (1 - y) * (1 - p), BINARY),
    "log of a square": (log(a**2), 2 * log(Abs(a))),
    "tanh": (Partial(tanh(a), a), 1 - tanh(a) ** 2),
    "tanh of a sum": (tanh(a + b), (tanh(a) + tanh(b)) / (1 + tanh(a) * tanh(b))),
    "the larger and the smaller": (Max(a, b) + Min(a, b), a + b),
    "leaky": (Piecewise((a, a > 0), (a / 10, True)), Max(a, a / 10)),
    "log-sum-exp": (log(Sum(exp(x[k] - c), (k, 1, n))) + c, log(Sum(exp(x[k]), (k, 1, n))), SIZED),
    "its slope": (Partial(log(Sum(exp(x[k]), (k, 1, n))), x[i]), exp(x[i]) / Sum(exp(x[k]), (k, 1, n)), AT),
    "softplus": (log(1 + exp(a)), Max(0, a) + log(1 + exp(-Abs(a)))),
    "triangle": (Sum(f[i, j], (j, 1, i), (i, 1, n)), Sum(f[i, j], (i, j, n), (j, 1, n)), SIZED),
    "strict triangle": (
        Sum(f[i, j], (j, 1, i - 1), (i, 1, n)),
        Sum(f[i, j], (i, j + 1, n), (j, 1, n)),
        SIZED,
    ),
    "three indices": (
        Sum(f[i, j] * x[k], (k, 1, j), (j, 1, i), (i, 1, n)),
        Sum(f[i, j] * x[k], (i, j, n), (j, k, n), (k, 1, n)),
        SIZED,
    ),
    "a square of a sum": (
        Sum(x[i], (i, 1, n)) ** 2,
        Sum(x[i] ** 2, (i, 1, n)) + 2 * Sum(x[i] * x[j], (j, 1, i - 1), (i, 1, n)),
        SIZED,
    ),
    "partial sums": (Sum(Sum(x[j], (j, 1, i)), (i, 1, n)), Sum((n + 1 - j) * x[j], (j, 1, n)), SIZED),
    "all but one": (sum_except(x[i], i, k, 1, n), Sum(x[i], (i, 1, n)) - x[k], AT),
    "all but one, in two parts": (
        sum_except(x[i], i, k, 1, n),
        Sum(x[i], (i, 1, k - 1)) + Sum(x[i], (i, k + 1, n)),
        AT,
    ),
    "a product of all but one": (product_except(x[i], i, k, 1, n) * x[k], Product(x[i], (i, 1, n)), AT),
    "convolution turned": (Sum(f[k] * g[i - k], (k, 0, i)), Sum(g[k] * f[i - k], (k, 0, i)), AT),
    "convolution shifted": (Sum(f[k] * g[i - k], (k, 0, n)), Sum(f[i - k] * g[k], (k, i - n, i)), AT),
    "product of polynomials": (
        Sum(f[k] * g[i - k], (k, 0, i), (i, 0, n)),
        Sum(f[k] * Sum(g[j], (j, 0, n - k)), (k, 0, n)),
        SIZED,
    ),
    "through time": (
        Partial(Sum(Sum(x[j] * a ** (i - j), (j, 1, i)), (i, 1, n)), x[k]),
        Sum(a ** (i - k), (i, k, n)),
        AT,
    ),
}
FALSE = {
    "a letter with another value": (a - b, 2, Given(facts=((a, b + 1),))),
    "a slope beside the point": (Partial(a, b), 1, Given(facts=((a, b + 1),))),
    "one above": (KroneckerDelta(i, k + 1), 0, at(conditions=(Ne(i, k),))),
    "reversed": (Sum(1, (j, i, k)), k - i + 1, at(conditions=(i > k,))),
    "the wrong side": (Max(0, z), 0, Given(conditions=(z > 0,))),
    "another entry": (Abs(x[k]), x[k], at(conditions=(x[i] > 0,))),
    "not symmetric together": (A * U, U * A, of(A="symmetric", U="symmetric")),
    "rows of a tall one": (tall * tall.T, Identity(n), of(T="orthogonal")),
    "not its own inverse": (U * U, Identity(n), of(U="orthogonal")),
    "a label taken for 1": (Partial(-log(softmax(t[s])), out[q]), softmax(q) - 1, LABEL),
    "a label beyond the sum": (
        Sum(KroneckerDelta(t[s], k), (k, 1, m)),
        1,
        Given(sizes=(n, m), free={s: (1, n)}, domain={t: (1, m + 1)}),
    ),
    "between the two values": (
        p**y * (1 - p) ** (1 - y),
        y * p + (1 - y) * (1 - p),
        Given(domain={y: "closed unit", p: "unit"}),
    ),
    "log of a square": (log(a**2), 2 * log(a)),
    "triangle with its edge": (
        Sum(f[i, j], (j, 1, i - 1), (i, 1, n)),
        Sum(f[i, j], (i, j, n), (j, 1, n)),
        SIZED,
    ),
    "both halves with the edge": (
        Sum(f[i, j], (j, 1, n), (i, 1, n)),
        Sum(f[i, j], (j, 1, i), (i, 1, n)) + Sum(f[i, j], (i, 1, j), (j, 1, n)),
        SIZED,
    ),
    "one left out outside": (
        sum_except(x[i], i, k, 2, n),
        Sum(x[i], (i, 2, n)) - x[k],
        AT,
    ),
    "a product of all but one at 0": (product_except(a, i, k, 1, n), a**n, AT),
    "a corner cut too far": (
        Sum(f[k] * g[j], (j, 0, n - k), (k, 0, n)),
        Sum(f[k] * g[j], (k, 0, n - j - 1), (j, 0, n)),
        SIZED,
    ),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_true_line_is_proved(name):
    assert check(*TRUE[name]).verdict is Verdict.PROVED


@pytest.mark.parametrize("name", FALSE)
def test_a_false_line_is_refuted_and_the_symbolic_judge_alone_does_not_accept_it(name):
    assert check(*FALSE[name]).verdict is Verdict.REFUTED
    with suppress(ValueError):
        assert not judge.symbolic(*FALSE[name])


def test_a_value_outside_its_domain_is_a_failing_hypothesis():
    result = check(a, b, Given(facts=((a, -(b**2) - 1),), domain={a: "positive"}))
    assert result.verdict is Verdict.UNKNOWN
    assert "fails on its domain" in result.note


def test_two_values_for_a_letter_are_a_failing_hypothesis():
    assert check(b, c, Given(facts=((a, b), (a, c)))).verdict is Verdict.PROVED  # a = b and so b = c
    assert check(a, a, Given(facts=((a, 1), (a, 2)))).verdict is Verdict.UNKNOWN


def test_conditions_that_cannot_hold_decide_nothing():
    assert check(x[i], 0, at(conditions=(i < k, k < i))).verdict is not Verdict.PROVED
    with pytest.raises(ValueError, match="can never hold"):
        Given(conditions=(Ne(a, a),))


@pytest.mark.parametrize(
    "more",
    [
        {"domain": {a: (3, 1)}},
        {"random": {a: Bernoulli(2)}},
        {"random": {a: Bernoulli(Rational(-1, 2))}},
        {"random": {a: Moments(0, -1)}},
        {"random": {s: Uniform(8, 6)}},
    ],
    ids=str,
)
def test_what_no_number_and_no_law_obeys_is_refused(more):
    with pytest.raises(ValueError, match=r"has no value|has the law"):
        Given(**more)


def test_an_induction_has_no_condition_on_its_index():
    f = recursive("f", [l], start=(l, 0), base=a, rule=lambda f: f(l - 1))
    from helpers.proof import induction

    with pytest.raises(ValueError, match="No condition"):
        induction("bad", f(l), a, l, Given(sizes=(n,), free={l: (1, n)}, conditions=(l > 2,)))


def test_what_is_left_out_stands_below_the_sign():
    e = sum_except(x[i] + 1, i, k, 1, n)
    assert latex(e).startswith(r"\sum_{\substack{i = 1 \\ i \ne k}}^{n}")
    assert text(e) == "Sum(x[i] + 1, i = 1..n, i != k)"
