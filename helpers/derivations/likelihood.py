"""From a likelihood to a loss: binary and categorical cross-entropy are mean negative log-likelihoods.

HW3 problems 3.2 and 3.3 (HW4 1.2 and 1.3). The loss is L = −E ln p(y | x), the mean over the N samples of the
data. The logarithm stands inside the mean: with the mean inside the logarithm another, smaller number comes
out. The model gives label 1 of sample s the probability p_s, class k of sample s the probability p_sk; where
there is one sample, its output is a.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Expr, KroneckerDelta, Product, Sum, Symbol, exp, log

from helpers.notation import K, N, Y, Yk, a, array, bce, k, l, pk, s, sigma, y, yk
from helpers.proof import At, Derivation, Given, Partial, define

from ._registry import derivation

P = array("p", N)  # the model's probability of label 1, sample by sample
Pk = array("p", N, K)
gk = array("g", K)
Q = define("p", (s,), sigma(array("z", N)[s]))  # the same as the output of a model
BINARY = Given(sizes=(N,), domain={Y: "binary", P: "unit"})
CLASSES = Given(sizes=(N, K), domain={Yk: "onehot", Pk: "simplex"}, span=(2, 3, 1))
ONE_CLASS = Given(sizes=(K,), domain={yk: "onehot", pk: "simplex"}, span=(3, 2, 4))


t = Symbol("t", real=True)  # how far along a path


def bernoulli(label: Expr, probability: Expr) -> Expr:
    """p^y (1 − p)^(1−y): the probability of a label 0 or 1."""
    return probability**label * (1 - probability) ** (1 - label)


def mean_bce(output: Callable[[Expr], Expr] = P.__getitem__) -> Expr:
    """The mean binary cross-entropy of N samples, in nats."""
    return Sum(bce(Y[s], output(s)), (s, 1, N)) / N


def categorical() -> Expr:
    """The product over classes of p_sk^Y_sk: the probability of sample s's one-hot label."""
    return Product(Pk[s, k] ** Yk[s, k], (k, 1, K))


def binary_terms() -> Expr:
    """K binary cross-entropies, one for each class: the loss of K independent yes-or-no questions."""
    return Sum(bce(yk[k], pk[k]), (k, 1, K))


def cross_entropy() -> Expr:
    """−Σ y_k ln p_k: the cross-entropy of one sample, in nats."""
    return -Sum(yk[k] * log(pk[k]), (k, 1, K))


# ---------------------------------------------------------------- two classes
@derivation(
    "likelihood.bernoulli", task="HW3-3.2", title="from a Bernoulli likelihood to a loss", sizes="any N"
)
def bernoulli_to_bce() -> Derivation:
    """−E ln p(y | x) over the data is the mean of −(y ln p + (1 − y) ln(1 − p))."""
    d = Derivation("likelihood.bernoulli", lambda: -Sum(log(bernoulli(Y[s], P[s])), (s, 1, N)) / N, BINARY)
    d.step(
        lambda: -Sum(log(P[s] ** Y[s]) + log((1 - P[s]) ** (1 - Y[s])), (s, 1, N)) / N,
        because="logarithm of a product",
    )
    d.step(
        lambda: -Sum(Y[s] * log(P[s]) + (1 - Y[s]) * log(1 - P[s]), (s, 1, N)) / N,
        because="logarithm of a power",
    )
    return d.qed(mean_bce)


@derivation("likelihood.joint", task="HW3-3.2", title="the likelihood of all labels at once", sizes="any N")
def joint() -> Derivation:
    """The logarithm of the joint likelihood is a sum over samples, N times the mean: 1/N must be written."""
    d = Derivation(
        "likelihood.joint",
        lambda: -log(Product(bernoulli(Y[s], Q(s)), (s, 1, N))) / N,
        Given(sizes=(N,), domain={Y: "binary"}),
    )
    d.step(
        lambda: -Sum(log(bernoulli(Y[s], Q(s))), (s, 1, N)) / N,
        because="independent samples: logarithm of a product",
    )
    return d.qed(mean_bce(Q))


@derivation(
    "likelihood.best-constant", task="HW3-3.2", title="one probability for all samples", sizes="any N"
)
def best_constant() -> Derivation:
    """For one a for all samples the slope is (a − mean of Y)/(a(1 − a)): the best a is the share of ones."""
    share = Sum(Y[s], (s, 1, N)) / N
    d = Derivation(
        "likelihood.best-constant",
        lambda: Partial(Sum(bce(Y[s], a), (s, 1, N)) / N, a),
        Given(sizes=(N,), domain={Y: "binary", a: "unit"}),
    )
    d.step(
        lambda: -Sum(Y[s] / a - (1 - Y[s]) / (1 - a), (s, 1, N)) / N, because="derivative of each logarithm"
    )
    d.step(lambda: -(share / a - (1 - share) / (1 - a)), because="$a$ is the same in every term")
    return d.qed(lambda: (a - share) / (a * (1 - a)))


@derivation("likelihood.sum-form", task="HW3-3.2", title="the form y a + (1 − y)(1 − a)", sizes="a label")
def sum_form() -> Derivation:
    """For the labels 0 and 1, and only there, ln(y a + (1 − y)(1 − a)) is y ln a + (1 − y) ln(1 − a)."""
    sum_log, power_log = log(y * a + (1 - y) * (1 - a)), -bce(y, a)
    d = Derivation(
        "likelihood.sum-form",
        At(sum_log, y, 1),
        Given(domain={a: "unit"}),
        title="Label 1",
        claim="for labels 0 and 1 the two forms have the same logarithm",
    )
    d.step(log(a), because="$1 - y = 0$").step(At(power_log, y, 1), because="$1 - y = 0$ here as well")
    d.part("Label 0", At(sum_log, y, 0))
    d.step(log(1 - a), because="$y = 0$").step(At(power_log, y, 0), because="$y = 0$ here as well")
    return d.qed()


@derivation("likelihood.jensen", task="HW3-3.2", title="why E ln p is not ln E p", sizes="any N")
def jensen() -> Derivation:
    """−E ln p ≥ −ln E p, along a path from all p equal to their mean (t = 0) to what they are (t = 1).

    φ(t) = −(1/N) Σ ln(m + t(p_s − m)) with m the mean: its slope at t = 0 is 0 and it is convex, so
    φ(1) = −E ln p is not below φ(0) = −ln m.
    """
    m = Sum(P[s], (s, 1, N)) / N
    path = define("phi", (t,), -Sum(log(m + t * (P[s] - m)), (s, 1, N)) / N, latex=r"\varphi")
    given = Given(sizes=(N,), domain={P: "unit", t: "unit"})
    d = Derivation(
        "likelihood.jensen",
        path(t),
        given,
        title="The path",
        claim=r"$-E\ln p \ge -\ln E p$: the two are different losses",
    )
    d.step(path.body, because="$m$ is the mean of all $p_s$").part("Where it begins", At(path(t), t, 0))
    d.step(-log(m), because="all probabilities are their mean").part("Where it ends", At(path(t), t, 1))
    d.step(-Sum(log(P[s]), (s, 1, N)) / N, because="all probabilities are what they are")
    d.part("The slope at the beginning", At(Partial(path(t), t), t, 0))
    d.step(0, because="the distances from the mean sum to 0")
    bent = Sum((P[s] - m) ** 2 / ((1 - t) * m + t * P[s]) ** 2, (s, 1, N)) / N
    d.part("The curvature along the path", Partial(Partial(path(t), t), t))
    d.step(bent, because="differentiate twice")
    d.step(0, because="squares are not negative: the path never turns down", relation=">=", gap=bent)
    return d.qed()


# ---------------------------------------------------------------- K classes
@derivation(
    "likelihood.categorical",
    task="HW3-3.3",
    title="from a categorical likelihood to a loss",
    sizes="any N and K",
)
def categorical_to_ce() -> Derivation:
    """−E ln p(y | x) is −(1/N) Σ Σ Y_sk ln p_sk: the mean over samples of a sum over classes."""
    d = Derivation("likelihood.categorical", lambda: -log(Product(categorical(), (s, 1, N))) / N, CLASSES)
    d.step(lambda: -Sum(log(categorical()), (s, 1, N)) / N, because="logarithm of the product over samples")
    d.step(
        lambda: -Sum(Sum(Yk[s, k] * log(Pk[s, k]), (k, 1, K)), (s, 1, N)) / N,
        because="logarithm of the product over classes",
    )
    return d.qed()


@derivation(
    "likelihood.one-class", task="HW3-3.3", title="only the right class's logarithm is left", sizes="any K"
)
def one_class() -> Derivation:
    """With the label δ_kl the cross-entropy is −ln p_l."""
    given = Given(sizes=(K,), free={l: (1, K)}, domain={pk: "simplex"})
    d = Derivation("likelihood.one-class", lambda: -Sum(KroneckerDelta(k, l) * log(pk[k]), (k, 1, K)), given)
    d.step(lambda: -log(pk[l]), because="the delta picks $k = l$")
    return d.qed()


@derivation(
    "likelihood.binary-terms", task="HW3-3.3", title="a sum of binary terms is another loss", sizes="any K"
)
def binary_terms_differ() -> Derivation:
    """K binary cross-entropies exceed the categorical one by −Σ (1 − y_k) ln(1 − p_k) ≥ 0."""
    d = Derivation(
        "likelihood.binary-terms",
        binary_terms,
        Given(sizes=(K,), domain={yk: "onehot", pk: "unit"}),
        title="The difference",
    )
    d.step(
        lambda: cross_entropy() - Sum((1 - yk[k]) * log(1 - pk[k]), (k, 1, K)),
        because="each binary term has two logarithms",
    )
    extra = Sum((1 - yk[k]) * gk[k], (k, 1, K))
    d.part(
        "It is not negative: every p between 0 and 1 is 1 − 1/eᵍ with g > 0",
        -Sum((1 - yk[k]) * log(1 - (1 - exp(-gk[k]))), (k, 1, K)),
        Given(sizes=(K,), domain={yk: "onehot", gk: "positive"}),
    )
    d.step(extra, because="$\\ln e^{-g} = -g$")
    d.step(0, because="no term is negative", relation=">=", gap=extra)
    return d.qed()


@derivation(
    "likelihood.twice", task="HW3-3.3", title="two classes: the binary terms count twice", sizes="K = 2"
)
def twice() -> Derivation:
    """For K = 2, with a_2 = 1 − a_1 and y_2 = 1 − y_1, the binary terms make twice the cross-entropy."""
    d = Derivation(
        "likelihood.twice", lambda: bce(y, a) + bce(1 - y, 1 - a), Given(domain={y: "unit", a: "unit"})
    )
    d.step(lambda: bce(y, a) + bce(y, a), because="class 2 asks the same question, with yes and no exchanged")
    return d.qed(lambda: 2 * -(y * log(a) + (1 - y) * log(1 - a)))


@derivation(
    "likelihood.two-softmax",
    task="HW3-3.3",
    title="two softmax classes give binary cross-entropy",
    sizes="K = 2",
)
def two_softmax() -> Derivation:
    """The categorical cross-entropy of two classes is the binary one of σ(z_1 − z_2)."""
    z = array("z", 2)
    both = exp(z[1]) + exp(z[2])
    d = Derivation(
        "likelihood.two-softmax",
        lambda: -(y * log(exp(z[1]) / both) + (1 - y) * log(exp(z[2]) / both)),
        Given(domain={y: "unit"}),
    )
    d.step(
        lambda: -(y * log(sigma(z[1] - z[2])) + (1 - y) * log(1 - sigma(z[1] - z[2]))),
        because="divide above and below by $e^{z_1}$, or by $e^{z_2}$",
    )
    return d.qed(bce(y, sigma(z[1] - z[2])))


# ---------------------------------------------------------------- the reports' errors
