"""Softmax regression: gradient, Jacobian, Hessian and convexity for any number of classes and features.

A1 task 1b and HW3 problems 3.5 and 3.6. The weighted inputs are z_k = Σ W_ki x_i, the outputs a = softmax(z),
the cost C = −Σ y_k ln a_k, in nats. The label y may be one-hot or soft: only Σ y_k = 1 is ever used, and each
derivation says where. The limits of softmax(c z) are in `softmax_limits`.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, IndexedBase, KroneckerDelta, Sum, exp, log

from helpers.notation import (
    K,
    N,
    W,
    X,
    array,
    b,
    i,
    j,
    k,
    l,
    n,
    q,
    r,
    s,
    sigma,
    softmax,
    x,
    yk,
    zk,
)
from helpers.proof import Derivation, Given, Partial, define

from ._registry import derivation

SUM_Y = Sum(yk[k], (k, 1, K))
WEIGHT = {l: (1, K), j: (1, n)}  # the free indices of W[l, j]
ANY = Given(sizes=(K, n), free=WEIGHT, span=(2, 3, 1))
SOFT = Given(sizes=(K, n), free=WEIGHT, domain={yk: "closed simplex"}, span=(2, 3, 1))
LABEL = Given(sizes=(K,), free={q: (1, K)}, domain={yk: "closed simplex"})
ONE_HOT = Given(sizes=(K,), free={q: (1, K)}, domain={yk: "onehot"})
PAIR = Given(sizes=(K,), free={l: (1, K), q: (1, K)})
ENTRY = Given(sizes=(K,), free={q: (1, K)})
DIRECTION = Given(sizes=(K,))
v = array("v", K)

a = softmax(zk)
total = Sum(exp(zk[r]), (r, 1, K))
scores = define("z", (k,), Sum(W[k, i] * x[i], (i, 1, n)), latex="z")
yhat = define("yhat", (k,), exp(scores(k)) / Sum(exp(scores(r)), (r, 1, K)), latex=r"\hat{y}")
many_scores = define("z", (s, k), Sum(W[k, i] * X[s, i], (i, 1, n)), latex="z")
mass = array("u", N, K)  # any positive numbers: divided by their sum they are any soft label
labels = define("Y", (s, k), mass[s, k] / Sum(mass[s, r], (r, 1, K)), latex="Y")
many_total = Sum(exp(many_scores(s, r)), (r, 1, K))
many = define("yhat", (s, k), exp(many_scores(s, k)) / many_total, latex=r"\hat{y}")


def cost(outputs: type[Expr] = a, label: IndexedBase = yk) -> Expr:
    """−Σ y_k ln a_k: the cross-entropy of one sample, in nats."""
    return -Sum(label[k] * log(outputs(k)), (k, 1, K))


def mean_cost() -> Expr:
    """The mean cross-entropy of N samples, in nats."""
    return -Sum(labels(s, k) * log(many(s, k)), (k, 1, K), (s, 1, N)) / N


# ---------------------------------------------------------------- softmax itself
@derivation("softmax.sums-to-one", task="HW3-3.5", title="the outputs sum to one", sizes="any K")
def sums_to_one() -> Derivation:
    """Σ a_k = 1 for any scores."""
    d = Derivation("softmax.sums-to-one", lambda: Sum(a(k), (k, 1, K)), DIRECTION)
    d.step(lambda: Sum(exp(zk[k]), (k, 1, K)) / total, because="all outputs have the same denominator")
    return d.qed(1)


@derivation("softmax.positive", task="HW3-3.5", title="every output is positive", sizes="any K")
def positive() -> Derivation:
    """a_q > 0; together with Σ a_k = 1 this, and nothing else, makes the outputs a distribution."""
    d = Derivation("softmax.positive", a(q), ENTRY)
    d.step(exp(zk[q]) / total, because="definition")
    d.step(
        0, because="an exponential is positive, and so is a sum of them", relation=">", gap=exp(zk[q]) / total
    )
    return d.qed()


@derivation(
    "softmax.shift",
    task="HW3-3.5",
    title="the same number added to all scores changes nothing",
    sizes="any K",
)
def shift() -> Derivation:
    """softmax(z + b) = softmax(z), so subtracting the largest score is free and prevents overflow."""
    d = Derivation("softmax.shift", lambda: exp(zk[q] + b) / Sum(exp(zk[r] + b), (r, 1, K)), ENTRY)
    d.step(lambda: exp(b) * exp(zk[q]) / (exp(b) * total), because="$e^b$ is a factor of every term")
    d.step(lambda: exp(zk[q]) / total, because="it cancels")
    return d.qed(a(q))


@derivation(
    "softmax.two-classes",
    task="HW3-3.5",
    title="with two classes softmax is the logistic function",
    sizes="K = 2",
)
def two_classes() -> Derivation:
    """a_1 = σ(z_1 − z_2): only the difference of the two scores counts."""
    z = array("z", 2)
    d = Derivation("softmax.two-classes", lambda: exp(z[1]) / (exp(z[1]) + exp(z[2])))
    d.step(lambda: 1 / (1 + exp(z[2] - z[1])), because="divide above and below by $e^{z_1}$")
    return d.qed(sigma(z[1] - z[2]))


@derivation(
    "softmax.log-sum-exp", task="HW3-3.5", title="softmax is the gradient of log-sum-exp", sizes="any K"
)
def log_sum_exp() -> Derivation:
    """∂/∂z_q ln Σ e^(z_k) = a_q."""
    d = Derivation("softmax.log-sum-exp", lambda: Partial(log(total), zk[q]), ENTRY)
    d.step(lambda: Partial(total, zk[q]) / total, because="derivative of the logarithm")
    d.step(lambda: exp(zk[q]) / total, because="only the term $r = q$ contains $z_q$")
    return d.qed(a(q))


@derivation(
    "softmax.jacobian", task="A1-1b", title="the derivative of every output by every score", sizes="any K"
)
def jacobian() -> Derivation:
    """∂a_l/∂z_q = a_l (δ_lq − a_q): every output depends on every score."""
    d = Derivation("softmax.jacobian", lambda: Partial(a(l), zk[q]), PAIR)
    d.step(
        lambda: (KroneckerDelta(l, q) * exp(zk[l]) * total - exp(zk[l]) * exp(zk[q])) / total**2,
        because="quotient rule; the numerator contains $z_q$ only if $l = q$",
    )
    d.step(lambda: KroneckerDelta(l, q) * a(l) - a(l) * a(q), because="divide")
    return d.qed(lambda: a(l) * (KroneckerDelta(l, q) - a(q)))


# ---------------------------------------------------------------- the gradient
def towards_gradient(name: str, given: Given) -> Derivation:
    """∂C/∂W_lj up to the point where the sum of the labels appears."""
    d = Derivation(name, lambda: Partial(cost(yhat), W[l, j]), given)

    def log_total() -> Expr:
        return log(Sum(exp(scores(r)), (r, 1, K)))

    d.step(
        lambda: -Sum(yk[k] * (Partial(scores(k), W[l, j]) - Partial(log_total(), W[l, j])), (k, 1, K)),
        because="logarithm of a quotient",
    )
    d.step(
        lambda: -Sum(yk[k] * (KroneckerDelta(k, l) * x[j] - Partial(log_total(), W[l, j])), (k, 1, K)),
        because="$z_k$ contains $W_{lj}$ only if $k = l$; then its factor is $x_j$",
    )
    d.step(
        lambda: -Sum(yk[k] * (KroneckerDelta(k, l) * x[j] - yhat(l) * x[j]), (k, 1, K)),
        because="the derivative of log-sum-exp is softmax",
    )
    return d.step(
        lambda: x[j] * (yhat(l) * SUM_Y - yk[l]), because="the delta picks $k = l$; $\\hat{y}_l$ has no $k$"
    )


@derivation(
    "softmax.gradient-any-labels",
    task="A1-1b",
    title="the gradient for labels of any sum",
    sizes="any K and n",
)
def gradient_any_labels() -> Derivation:
    """∂C/∂W_lj = x_j (ŷ_l Σ y_k − y_l) for any numbers y: without the hypothesis this is where it ends."""
    return towards_gradient("softmax.gradient-any-labels", ANY).qed()


@derivation("softmax.gradient", task="A1-1b", title="the gradient of one sample's cost", sizes="any K and n")
def gradient() -> Derivation:
    """∂C/∂W_lj = −x_j (y_l − ŷ_l) for labels that sum to one, one-hot or soft."""
    d = towards_gradient("softmax.gradient", SOFT)
    d.step(lambda: x[j] * (yhat(l) - yk[l]), because="here, and only here: $\\sum_k y_k = 1$")
    return d.qed(lambda: -x[j] * (yk[l] - yhat(l)))


@derivation(
    "softmax.mean-gradient", task="A1-1b", title="the gradient of the mean cost", sizes="any K, n and N"
)
def mean_gradient() -> Derivation:
    """∂C/∂W_lj = −(1/N) Σ X_sj (Y_sl − ŷ_sl); each label is any positive numbers u divided by their sum."""
    given = Given(sizes=(K, n, N), free=WEIGHT, domain={mass: "positive"}, span=(2, 1, 3), points=12)
    d = Derivation("softmax.mean-gradient", lambda: Partial(mean_cost(), W[l, j]), given)
    d.step(
        lambda: Sum(X[s, j] * (many(s, l) * Sum(labels(s, k), (k, 1, K)) - labels(s, l)), (s, 1, N)) / N,
        because="the derivative of a sum; each sample as above",
    )
    d.step(
        lambda: Sum(X[s, j] * (many(s, l) - labels(s, l)), (s, 1, N)) / N,
        because="each sample's labels sum to one",
    )
    return d.qed(lambda: -Sum(X[s, j] * (labels(s, l) - many(s, l)), (s, 1, N)) / N)


# ---------------------------------------------------------------- the error and the second derivatives
def towards_delta(name: str, given: Given) -> Derivation:
    """∂C/∂z_q through the Jacobian."""
    d = Derivation(name, lambda: Partial(cost(), zk[q]), given)
    d.step(
        lambda: -Sum(yk[k] / a(k) * Partial(a(k), zk[q]), (k, 1, K)),
        because="chain rule: every output counts",
    )
    d.step(
        lambda: -Sum(yk[k] / a(k) * (a(k) * (KroneckerDelta(k, q) - a(q))), (k, 1, K)), because="the Jacobian"
    )
    d.step(lambda: a(q) * SUM_Y - yk[q], because="$a_k$ cancels; the delta picks $k = q$")
    return d.step(lambda: a(q) - yk[q], because="the labels sum to one")


@derivation(
    "softmax.delta", task="HW3-3.6", title="the error of a softmax output, for soft labels", sizes="any K"
)
def delta() -> Derivation:
    """δ_q = ∂C/∂z_q = a_q − y_q for any label that sums to one."""
    return towards_delta("softmax.delta", LABEL).qed()


@derivation(
    "softmax.delta-one-hot",
    task="HW3-3.6",
    title="the error of a softmax output, for one class",
    sizes="any K",
)
def delta_one_hot() -> Derivation:
    """The same for one-hot labels: a special case of the soft ones."""
    return towards_delta("softmax.delta-one-hot", ONE_HOT).qed()


@derivation(
    "softmax.delta-class", task="HW3-3.6", title="the error when class l is the right one", sizes="any K"
)
def delta_class() -> Derivation:
    """With C = −ln a_l for the right class l, δ_q = a_q − δ_lq: both cases, q = l and q ≠ l, in one line."""
    d = Derivation("softmax.delta-class", lambda: Partial(-log(a(l)), zk[q]), PAIR)
    d.step(lambda: -Partial(a(l), zk[q]) / a(l), because="derivative of the logarithm")
    d.step(lambda: -(KroneckerDelta(l, q) - a(q)), because="the Jacobian; $a_l$ cancels")
    return d.qed(lambda: a(q) - KroneckerDelta(l, q))


@derivation("softmax.at-zero", task="A1-4b", title="the cost before learning", sizes="any K")
def at_zero() -> Derivation:
    """With all scores 0 the cost is ln K for every label: 2.303 nats for ten digits is no bug."""
    flat = define("a", (k,), 1 / Sum(1, (r, 1, K)))
    d = Derivation("softmax.at-zero", lambda: cost(flat), LABEL)
    d.step(lambda: -Sum(yk[k] * log(1 / K), (k, 1, K)), because="$e^0 = 1$, $K$ times")
    d.step(lambda: log(K) * SUM_Y, because="$\\ln(1/K) = -\\ln K$ has no $k$")
    return d.qed(log(K))


@derivation("softmax.hessian", task="A1-1b", title="the second derivatives of the cost", sizes="any K")
def hessian() -> Derivation:
    """∂²C/∂z_l∂z_q = a_q (δ_ql − a_l): the Jacobian again, whatever the label."""
    d = Derivation(
        "softmax.hessian", lambda: Partial(Partial(cost(), zk[q]), zk[l]), replace(LABEL, free=PAIR.free)
    )
    d.step(lambda: Partial(a(q) - yk[q], zk[l]), because="the error of a softmax output")
    d.step(lambda: Partial(a(q), zk[l]), because="labels do not depend on the scores")
    return d.qed(lambda: a(q) * (KroneckerDelta(q, l) - a(l)))


@derivation("softmax.convex", task="A1-1b", title="the cost is convex in the scores", sizes="any K")
def convex() -> Derivation:
    """vᵀHv = Σ a_k (v_k − Σ a_l v_l)² ≥ 0: the variance of v under the outputs. So it is convex in W too."""
    mean = Sum(a(l) * v[l], (l, 1, K))
    spread = Sum(a(k) * (v[k] - mean) ** 2, (k, 1, K))
    start = Sum(v[q] * a(q) * (KroneckerDelta(q, l) - a(l)) * v[l], (q, 1, K), (l, 1, K))
    d = Derivation("softmax.convex", start, DIRECTION)
    d.step(
        lambda: Sum(a(k) * v[k] ** 2, (k, 1, K)) - mean**2, because="the delta picks $q = l$; two equal sums"
    )
    d.step(spread, because="a mean of squares less the square of the mean is a variance: $\\sum_k a_k = 1$")
    d.step(0, because="outputs are positive, squares are not negative", relation=">=", gap=spread)
    return d.qed()


# ---------------------------------------------------------------- the reports' errors
