"""Expectation and variance: textbook lines that must be proved, and false neighbours that must not.

Oracle: probability as it is taught; for the false ones a law that breaks them stands beside the line.
"""

from __future__ import annotations

import pytest
from sampling import sample
from sympy import Abs, IndexedBase, KroneckerDelta, Max, Sum, exp, log, sin, sqrt, symbols

from helpers.proof import (
    Bernoulli,
    Categorical,
    Derivation,
    Given,
    Moments,
    Partial,
    Together,
    Uniform,
    Verdict,
    WithoutReplacement,
    check,
    judge,
    recursive,
)
from helpers.proof import Covariance as Cov
from helpers.proof import Expectation as E
from helpers.proof import Variance as Var

n, N, B = symbols("n N B", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
s = symbols("s", integer=True)
X, Y, Z, a, b, c, p, mu, var, sw, sx = symbols("X Y Z a b c p mu var sw sx", real=True)
w, x = (IndexedBase(name, shape=(n,), real=True) for name in "wx")
m = IndexedBase("m", shape=(n,), real=True)
g = IndexedBase("g", shape=(N,), real=True)
S = IndexedBase("S", integer=True)
q, y = (IndexedBase(name, shape=(n,), real=True) for name in "qy")

ANY = Given(random={X: Moments(), Y: Moments()})
APART = Given(random={X: Moments(), Y: Moments()}, independent=(X, Y))
KNOWN = Given(random={X: Moments(mu, var)}, domain={var: "nonnegative"})
COIN = Given(random={X: Bernoulli(p)}, domain={p: "unit"})
CENTRED = Given(random={X: Moments(0), Y: Moments(0)}, independent=(X, Y))
MASK = Given(sizes=(n,), random={m: Bernoulli(1 - p)}, independent=(m,), domain={p: "unit"})
LAYER = Given(sizes=(n,), random={w: Moments(0, sw**2), x: Moments(0, sx**2)}, independent=(w, x))
BLOCK = Given(sizes=(n,), random={w: Moments(0, sw**2), x: Moments(mu, sx**2)}, independent=(w, Together(x)))
DRAWN = Given(sizes=(N, B), random={S: Uniform(1, N)}, independent=(S,))
EMPTIED = Given(sizes=(N, B), random={S: WithoutReplacement(1, N)}, conditions=(N > 1, B <= N))
LABEL = Given(
    sizes=(n,), free={j: (1, n)}, random={s: Categorical(y[k], (k, 1, n))}, domain={y: "simplex", q: "unit"}
)
SAMPLE = Given(sizes=(n,), random={x: Moments(mu, var)}, independent=(x,), domain={var: "nonnegative"})

full = Sum(g[k], (k, 1, N)) / N
spread = Sum((g[k] - full) ** 2, (k, 1, N)) / N
batch = Sum(g[S[j]], (j, 1, B)) / B
neuron = Sum(w[i] * x[i], (i, 1, n))
dropped = Sum(w[i] * m[i] * x[i], (i, 1, n)) / (1 - p)
average = Sum(x[k], (k, 1, n)) / n

TRUE = {
    "linear": (E(a * X + b * Y + c), a * E(X) + b * E(Y) + c, ANY),
    "a constant": (E(a), a, ANY),
    "the mean of a mean": (E(E(X) + X), 2 * E(X), ANY),
    "variance": (Var(X), E(X**2) - E(X) ** 2, ANY),
    "variance, scaled and moved": (Var(a * X + b), a**2 * Var(X), ANY),
    "variance of a sum": (Var(X + Y), Var(X) + Var(Y) + 2 * Cov(X, Y), ANY),
    "independent": (E(X**2 * exp(Y)), E(X**2) * E(exp(Y)), APART),
    "variance of an independent sum": (Var(X - Y), Var(X) + Var(Y), APART),
    "covariance of independent letters": (Cov(X, Y), 0, APART),
    "variance of a product, zero means": (Var(X * Y), Var(X) * Var(Y), CENTRED),
    "second moment": (E(X**2), var + mu**2, KNOWN),
    "bias and variance": (E((X - c) ** 2), Var(X) + (mu - c) ** 2, KNOWN),
    "a function of a coin": (E(exp(a * X)), 1 - p + p * exp(a), COIN),
    "variance of a coin": (Var(X), p * (1 - p), COIN),
    "a coin is its square": (X**2, X, COIN),
    "dropout keeps the mean": (E(dropped), Sum(w[i] * x[i], (i, 1, n)), MASK),
    "dropout's variance": (Var(dropped), p / (1 - p) * Sum(w[i] ** 2 * x[i] ** 2, (i, 1, n)), MASK),
    "dropout as a penalty": (
        E((c - dropped) ** 2),
        (c - Sum(w[i] * x[i], (i, 1, n))) ** 2 + p / (1 - p) * Sum(w[i] ** 2 * x[i] ** 2, (i, 1, n)),
        MASK,
    ),
    "a neuron's mean": (E(neuron), 0, LAYER),
    "a neuron's variance": (Var(neuron), n * sw**2 * sx**2, LAYER),
    "inputs that depend on each other": (Var(neuron), n * sw**2 * (sx**2 + mu**2), BLOCK),
    "a batch's gradient": (E(batch), full, DRAWN),
    "its noise": (Var(batch), spread / B, DRAWN),
    "drawn without replacement": (E(batch), full, EMPTIED),
    "less noise": (Var(batch), spread / B * (N - B) / (N - 1), EMPTIED),
    "cross-entropy": (E(-log(q[s])), -Sum(y[k] * log(q[k]), (k, 1, n)), LABEL),
    "an indicator": (E(KroneckerDelta(s, j)), y[j], LABEL),
    "the gradient of a mean": (Partial(E((a * X - b) ** 2), a), E(2 * X * (a * X - b)), ANY),
    "the mean of a sample": (Var(average), var / n, SAMPLE),
    "Bessel": (E(Sum((x[i] - average) ** 2, (i, 1, n))), (n - 1) * var, SAMPLE),
    "over one letter": (E(X * Y, X), Y * E(X), APART),
}
chain = recursive("f", [k], start=(k, 0), base=X, rule=lambda f: f(k - 1))
XOR = Given(random={X: Moments(), Y: Moments(), Z: Moments()}, independent=((X, Y), (Y, Z), (X, Z)))
FALSE = {  # with what breaks it
    "a product, X = Y a fair sign": (E(X * Y), E(X) * E(Y), ANY),
    "a sum, X = Y": (Var(X + Y), Var(X) + Var(Y), ANY),
    "a product with means 1": (Var(X * Y), Var(X) * Var(Y), APART),
    "one over": (E(1 / (X**2 + 1)), 1 / (E(X) ** 2 + 1), ANY),
    "the square": (E(X**2), E(X) ** 2, ANY),
    "a mean is no value": (E(X), X, ANY),
    "without the square": (Var(a * X), a * Var(X), ANY),
    "the third moment": (E(X**3), mu**3 + 3 * mu * var, KNOWN),
    "dropout not scaled back": (E(Sum(m[i] * x[i], (i, 1, n))), Sum(x[i], (i, 1, n)), MASK),
    "inputs with a mean": (Var(neuron), n * sw**2 * sx**2, BLOCK),
    "noise without replacement": (Var(batch), spread / B, EMPTIED),
    "noise of dependent draws": (
        Var(batch),
        spread / B,
        Given(sizes=(N, B), random={S: Uniform(1, N)}),
    ),
    "a sample's spread over n": (E(Sum((x[i] - average) ** 2, (i, 1, n))), n * var, SAMPLE),
}


@pytest.mark.parametrize("name", sample(TRUE, 3))
def test_a_textbook_line_is_proved(name):
    assert check(*TRUE[name]).verdict is Verdict.PROVED


@pytest.mark.parametrize("name", FALSE)
def test_a_false_line_is_refuted_and_the_symbolic_judge_alone_does_not_accept_it(name):
    assert check(*FALSE[name]).verdict is Verdict.REFUTED
    assert not judge.symbolic(*FALSE[name])


def test_independence_in_pairs_is_not_enough():
    """Two fair signs and their product: E[XYZ] = 1."""
    assert not judge.symbolic(E(X * Y * Z), E(X) * E(Y) * E(Z), XOR)
    assert not judge.symbolic(E(X * Y * Z), E(X * Z) * E(Y), XOR)
    assert check(E(X * Y), E(X) * E(Y), XOR).verdict is Verdict.PROVED


INSIDE = {  # false, each by a case that holds for the outcome outside and not inside
    "a sign outside": ((Abs(X) + X) * (E(Abs(X)) - E(X)), 0, ANY),
    "the larger outside": (Max(0, X) * (E(Max(0, X)) - E(X)), 0, ANY),
    "a coin outside": (exp(X * E(sqrt(X + 2))), 1 + X * (exp(sqrt(3)) - 1), COIN),
    "a label outside": (
        KroneckerDelta(s, j) * (E(sin(q[s])) - sin(q[j])),
        0,
        Given(sizes=(n,), free={j: (1, n)}, random={s: Uniform(1, n)}),
    ),
    "a letter that is held": (E(E(exp(X * Y), X) * Y, Y), E(E(exp(X * Y), X), Y) * E(Y), APART),
    "an entry that is held": (
        E(E(exp(X * x[1]), X) * x[1], x),
        E(E(exp(X * x[1]), X), x) * E(x[1]),
        Given(sizes=(n,), random={X: Moments(), x: Moments()}, independent=(X, x)),
    ),
}


@pytest.mark.parametrize("name", INSIDE)
def test_what_holds_for_the_outcome_outside_is_not_put_in_inside(name):
    assert not judge.symbolic(*INSIDE[name])
    assert check(*INSIDE[name]).verdict is Verdict.REFUTED


def test_two_draws_without_replacement_need_two_numbers():
    """At N = 1 there is no second draw, and 1/(N - 1) would stand for nothing."""
    loose = Given(sizes=(N, B), random={S: WithoutReplacement(1, N)}, conditions=(B <= N,))
    assert not judge.symbolic(Var(batch), spread / B * (N - B) / (N - 1), loose)


def test_a_derivative_by_what_a_law_mentions_is_not_taken_inside():
    assert check(Partial(E(X), p), 0, COIN).verdict is Verdict.REFUTED
    assert check(Partial(E(X), p), 1, COIN).verdict is Verdict.CHECKED  # true, and not seen


REFUSED = {
    "supposed about a random letter": lambda: check(X, X, Given(random={X: Moments()}, facts=((X, a),))),
    "a random size": lambda: check(E(s), 1, Given(free={s: (1, 2)}, random={s: Uniform(1, 2)})),
    "a random index of a sum": lambda: check(Sum(s, (s, 1, 2)), 3, Given(random={s: Uniform(1, 2)})),
    "independent, not random": lambda: Given(random={X: Moments()}, independent=(X, Y)),
    "dependent and held": lambda: check(E(X * Y, X), Y * E(X), ANY),
    "random by a recursion": lambda: check(E(chain(2) * X), chain(2) * E(X), ANY),
    "a slope by what is averaged": lambda: check(Partial(E(X**2), X), 0, ANY),
    "positive by assumption": lambda: Given(random={symbols("u", positive=True): Moments()}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_meaning_is_refused(name):
    with pytest.raises(ValueError, match=r"random|independent|sign"):
        REFUSED[name]()


def test_the_variance_of_a_neuron_as_a_textbook_derives_it():
    d = Derivation("init", lambda: Var(neuron), LAYER)
    d.step(Sum(Var(w[i] * x[i]), (i, 1, n)), "independent terms")
    d.step(Sum(E(w[i] ** 2) * E(x[i] ** 2), (i, 1, n)), "zero means")
    d.step(Sum(Var(w[i]) * Var(x[i]), (i, 1, n)), "zero means")
    d.qed(n * sw**2 * sx**2)
    assert d.verdict is Verdict.PROVED
    assert r"\operatorname{Var}" in d._repr_markdown_()


def test_the_laws_stand_under_given():
    shown = repr(Derivation("drop", E(dropped), MASK).step(Sum(w[i] * x[i], (i, 1, n))))
    assert "m ~ Bernoulli(1 - p)" in shown
    assert "m independent" in shown


def test_a_random_entry_beyond_the_last_is_seen():
    beyond = check(E(Sum(m[i + 1] * x[i], (i, 1, n))), E(Sum(m[i] * x[i], (i, 1, n))), MASK)
    assert beyond.verdict is Verdict.REFUTED
    assert "out of range" in beyond.note
