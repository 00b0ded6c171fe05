"""Dropout: what it does on average and how much noise it adds; and what report E prints as a loss.

HW4 problem 3. p is the rate at which values are dropped, as in torch.nn.Dropout(p): a value is kept with
probability 1 − p. Inverted dropout divides what it keeps by 1 − p while it trains, and does nothing when it
is tested. Each unit has a mask of its own, 1/(1 − p) or 0. An expectation is written out: probability times
value, over the values that a mask can take; for two different units it is the product of two such sums.
"""

from __future__ import annotations

from sympy import Abs, Expr, Integer, KroneckerDelta, Sum, Symbol, exp, log

from helpers.notation import K, eta, i, j, k, l, lam, linear, n, pk, q, softmax, u, w, x, y, yk, zk
from helpers.proof import Derivation, Given, Partial, smooth

from ._registry import Lines, derivation, erratum

p = Symbol("p", positive=True)
ONE = Given(domain={p: "unit"})
UNITS = Given(sizes=(n,), domain={p: "unit"})
zero = Integer(0)
total = ((Sum(yk[k], (k, 1, K)), 1),)
BOUND = Given(sizes=(K,), domain={yk: "closed simplex", pk: "simplex"})
SCORES = Given(sizes=(K,), free={q: (1, K)}, domain={yk: "closed simplex"})
a = softmax(zk)


def kept(index: Expr) -> Expr:
    """w_i x_i, what unit i adds to the next unit's weighted input."""
    return w[index] * x[index]


def product_of_masks() -> Expr:
    """The average of the product of two masks: 1/(1 − p) for a unit with itself, else 1 · 1."""
    same = KroneckerDelta(i, k)
    single = (1 - p) * (1 / (1 - p)) + zero * p
    return same * ((1 - p) * (1 / (1 - p)) ** 2 + zero**2 * p) + (1 - same) * single**2


# ---------------------------------------------------------------- dropout
@derivation("normalisation.dropout-mean", task="HW4-3.1", title="dropout keeps the mean", sizes="one value")
def dropout_mean() -> Derivation:
    """A value u becomes u/(1 − p) with probability 1 − p and 0 with probability p: on average u."""
    d = Derivation(
        "normalisation.dropout-mean",
        lambda: (1 - p) * (u / (1 - p)) + zero * p,
        ONE,
        title="Inverted dropout",
    )
    d.step(u, because="$1 - p$ cancels")
    d.part("Without the division", lambda: (1 - p) * u + zero * p)
    d.step(lambda: (1 - p) * u, because="so every value has to be multiplied by $1 - p$ when it is tested")
    return d.qed()


@derivation(
    "normalisation.dropout-variance", task="HW4-3.1", title="the noise that dropout adds", sizes="one value"
)
def dropout_variance() -> Derivation:
    """The variance of a value u under inverted dropout is u² p/(1 − p): at p = 0.4 two thirds of u²."""
    d = Derivation(
        "normalisation.dropout-variance", lambda: (1 - p) * (u / (1 - p) - u) ** 2 + p * (zero - u) ** 2, ONE
    )
    d.step(lambda: (1 - p) * (u * p / (1 - p)) ** 2 + p * u**2, because="$1/(1 - p) - 1 = p/(1 - p)$")
    d.step(lambda: u**2 * p * (p / (1 - p) + 1), because="take out $u^2 p$")
    return d.step(lambda: u**2 * (p / (1 - p)), because="$p + (1 - p) = 1$").qed()


@derivation("normalisation.dropout-sum", task="HW4-3.1", title="dropout before a weighted sum", sizes="any n")
def dropout_sum() -> Derivation:
    """The weighted input keeps its mean Σ w x and gets the variance p/(1 − p) Σ w² x²."""
    d = Derivation(
        "normalisation.dropout-sum",
        lambda: Sum(kept(i) * ((1 - p) * (1 / (1 - p)) + zero * p), (i, 1, n)),
        UNITS,
        title="The mean",
    )
    d.step(linear(w, x), because="each mask is 1 on average")
    d.part(
        "The variance: mean square minus squared mean",
        lambda: Sum(kept(i) * kept(k) * product_of_masks(), (i, 1, n), (k, 1, n)) - linear(w, x) ** 2,
    )
    d.step(
        lambda: (
            Sum(kept(i) ** 2, (i, 1, n)) / (1 - p)
            + linear(w, x) ** 2
            - Sum(kept(i) ** 2, (i, 1, n))
            - linear(w, x) ** 2
        ),
        because="a unit with itself has $1/(1 - p)$, all other pairs 1",
    )
    d.step(lambda: p / (1 - p) * Sum(kept(i) ** 2, (i, 1, n)), because="$1/(1 - p) - 1 = p/(1 - p)$")
    return d.qed()


@derivation(
    "normalisation.dropout-penalty",
    task="HW4-3.1",
    title="dropout is a penalty on the weights",
    sizes="any n",
)
def dropout_penalty() -> Derivation:
    """With a squared error, dropout on the inputs adds p/(1 − p) Σ w² x² to the cost on average.

    It is an L2 penalty in which each weight counts by the square of what it multiplies.
    """

    def pairs() -> Expr:
        return Sum(kept(i) * kept(k) * product_of_masks(), (i, 1, n), (k, 1, n))

    noise = p / (1 - p) * Sum(w[i] ** 2 * x[i] ** 2, (i, 1, n))
    d = Derivation("normalisation.dropout-penalty", lambda: y**2 - 2 * y * linear(w, x) + pairs(), UNITS)
    d.step(
        lambda: y**2 - 2 * y * linear(w, x) + linear(w, x) ** 2 + noise,
        because="the variance of the weighted sum",
    )
    return d.step(lambda: (y - linear(w, x)) ** 2 + noise, because="the square of a difference").qed()


# ---------------------------------------------------------------- a loss without a logarithm
@derivation(
    "normalisation.loss-bound", task="HW4-3.1", title="between −1 and 0: not a cross-entropy", sizes="any K"
)
def loss_bound() -> Derivation:
    """−Σ y p lies between −1 and 0 for any label; with a penalty added it is still at least −1."""
    below, penalty = Sum(yk[k] * (1 - pk[k]), (k, 1, K)), lam * Sum(Abs(w[i]), (i, 1, n))
    d = Derivation("normalisation.loss-bound", -Sum(yk[k] * pk[k], (k, 1, K)), BOUND, title="From above")
    d.step(0, because="no term of the sum is negative", relation="<=", gap=Sum(yk[k] * pk[k], (k, 1, K)))
    d.part("From below", -Sum(yk[k] * pk[k], (k, 1, K)))
    d.step(lambda: -1 + below, because="$\\sum y = 1$")
    d.step(-1, because="$p \\le 1$", relation=">=", gap=below)
    d.part(
        "With an L1 penalty",
        lambda: -Sum(yk[k] * pk[k], (k, 1, K)) + penalty,
        Given(sizes=(K, n), domain={yk: "closed simplex", pk: "simplex"}, span=(2, 3, 1)),
    )
    return d.step(-1, because="the penalty is not negative", relation=">=", gap=below + penalty).qed()


@derivation(
    "normalisation.probability-slope",
    task="HW4-3.1",
    title="why it learns slowly from a bad start",
    sizes="any K",
)
def probability_slope() -> Derivation:
    """The slope of −Σ y a by a score has the factor a_q that the cross-entropy's a_q − y_q has not.

    For a one-hot label it is −a(1 − a) at the right class: near 0 where a is near 0, as for a squared error.
    """
    d = Derivation("normalisation.probability-slope", Partial(-Sum(yk[k] * a(k), (k, 1, K)), zk[q]), SCORES)
    d.step(
        lambda: -Sum(yk[k] * (a(k) * (KroneckerDelta(k, q) - a(q))), (k, 1, K)),
        because="the Jacobian of the softmax",
    )
    d.step(lambda: a(q) * (Sum(yk[k] * a(k), (k, 1, K)) - yk[q]), because="the delta picks $k = q$")
    return d.qed()


# ---------------------------------------------------------------- the reports' errors
@erratum(
    "HW4-3.1/E-negative",
    where="Problem 3, part 1, the loss",
    said="the loss is negative because of the network",
)
def report_e_negative() -> Lines:
    given = Given(sizes=(K,), domain={yk: "onehot"})
    normaliser = log(Sum(exp(zk[l]), (l, 1, K)))
    return Lines(
        -Sum(yk[k] * log(a(k)), (k, 1, K)),
        -Sum(yk[k] * a(k), (k, 1, K)),
        normaliser - Sum(yk[k] * zk[k], (k, 1, K)),
        given,
    )


@erratum(
    "HW4-3.1/E-decay",
    where="Problem 3, part 1, the settings",
    said="trained with L2 regularisation, but without weight decay",
)
def report_e_decay() -> Lines:
    cost, _ = smooth("f")
    loss = cost(linear(w, x))
    data = eta * Partial(loss, w[j])
    return Lines(
        w[j] - eta * Partial(loss + lam * Sum(w[i] ** 2, (i, 1, n)), w[j]),
        w[j] - data,
        (1 - 2 * eta * lam) * w[j] - data,
        Given(sizes=(n,), free={j: (1, n)}),
    )


@erratum(
    "HW4-3.2/E",
    where="Problem 3, part 2, the printed losses",
    said="with an L1 penalty the loss falls to $-2.56$",
)
def report_e_below() -> Lines:
    penalty = lam * Sum(Abs(w[i]), (i, 1, n))
    above = Sum(yk[k] * (1 - pk[k]), (k, 1, K))
    given = Given(sizes=(K, n), domain={yk: "closed simplex", pk: "simplex"}, span=(2, 3, 1))
    return Lines(-Sum(yk[k] * pk[k], (k, 1, K)) + penalty, -1 + above - penalty, -1 + above + penalty, given)
