"""From a likelihood to a loss: binary and categorical cross-entropy are mean negative log-likelihoods.

HW3 problems 3.2 and 3.3 (HW4 1.2 and 1.3). The loss is L = −E ln p(y | x), the mean over the N samples of the
data. The logarithm stands inside the mean: with the mean inside the logarithm another, smaller number comes
out. The model gives label 1 of sample s the probability p_s, class k of sample s the probability p_sk; where
there is one sample, its output is a.
"""
from __future__ import annotations

from sympy import Expr, KroneckerDelta, Product, Sum, exp, log

from helpers.notation import K, N, Y, Yk, a, array, bce, k, l, pk, r, s, sigma, y, yk
from helpers.proof import Derivation, Given, Partial

from ._registry import Lines, derivation, erratum

P = array("p", N)  # the model's probability of label 1, sample by sample
Pk = array("p", N, K)
BINARY = Given(sizes=(N,), domain={Y: "binary", P: "unit"})
CLASSES = Given(sizes=(N, K), domain={Yk: "onehot", Pk: "simplex"}, span=(2, 3, 1))
ONE_CLASS = Given(sizes=(K,), domain={yk: "onehot", pk: "simplex"}, span=(3, 2, 4))


def bernoulli(label: Expr, probability: Expr) -> Expr:
    """p^y (1 − p)^(1−y): the probability of a label 0 or 1."""
    return probability**label * (1 - probability) ** (1 - label)


def mean_bce() -> Expr:
    """The mean binary cross-entropy of N samples, in nats."""
    return Sum(bce(Y[s], P[s]), (s, 1, N)) / N


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
@derivation("likelihood.bernoulli", task="HW3-3.2", title="from a Bernoulli likelihood to a loss",
            sizes="any N")
def bernoulli_to_bce() -> Derivation:
    """−E ln p(y | x) over the data is the mean of −(y ln p + (1 − y) ln(1 − p))."""
    d = Derivation("likelihood.bernoulli", -Sum(log(bernoulli(Y[s], P[s])), (s, 1, N)) / N, BINARY)
    d.step(lambda: -Sum(log(P[s] ** Y[s]) + log((1 - P[s]) ** (1 - Y[s])), (s, 1, N)) / N,
           because="logarithm of a product")
    d.step(lambda: -Sum(Y[s] * log(P[s]) + (1 - Y[s]) * log(1 - P[s]), (s, 1, N)) / N,
           because="logarithm of a power")
    return d.qed(mean_bce)


@derivation("likelihood.joint", task="HW3-3.2", title="the likelihood of all labels at once", sizes="any N")
def joint() -> Derivation:
    """The log of the joint likelihood is a sum over samples: N times the mean, so 1/N has to be written."""
    d = Derivation("likelihood.joint", -log(Product(bernoulli(Y[s], P[s]), (s, 1, N))) / N, BINARY)
    d.step(lambda: -Sum(log(bernoulli(Y[s], P[s])), (s, 1, N)) / N,
           because="independent samples: logarithm of a product")
    return d.qed(mean_bce)


@derivation("likelihood.best-constant", task="HW3-3.2", title="one probability for all samples",
            sizes="any N")
def best_constant() -> Derivation:
    """For one a for all samples the slope is (a − mean of Y)/(a(1 − a)): the best a is the share of ones."""
    share = Sum(Y[s], (s, 1, N)) / N
    d = Derivation("likelihood.best-constant", Partial(Sum(bce(Y[s], a), (s, 1, N)) / N, a),
                   Given(sizes=(N,), domain={Y: "binary", a: "unit"}))
    d.step(lambda: -Sum(Y[s] / a - (1 - Y[s]) / (1 - a), (s, 1, N)) / N,
           because="derivative of each logarithm")
    d.step(lambda: -(share / a - (1 - share) / (1 - a)), because="$a$ is the same in every term")
    return d.qed(lambda: (a - share) / (a * (1 - a)))


@derivation("likelihood.sum-form", task="HW3-3.2", title="the form y a + (1 − y)(1 − a)", sizes="a label")
def sum_form() -> Derivation:
    """For y in {0, 1} the sum form is the probability as well, with the same logarithm."""
    given = Given(domain={y: "binary", a: "unit"})
    d = Derivation("likelihood.sum-form", log(y * a + (1 - y) * (1 - a)), given)
    d.step(lambda: y * log(a) + (1 - y) * log(1 - a),
           because="two cases: at $y = 1$ both are $\\ln a$, at $y = 0$ "
           "both are $\\ln(1 - a)$; in between they differ")
    return d.qed(log(bernoulli(y, a)))


# ---------------------------------------------------------------- K classes
@derivation("likelihood.categorical", task="HW3-3.3", title="from a categorical likelihood to a loss",
            sizes="any N and K")
def categorical_to_ce() -> Derivation:
    """−E ln p(y | x) is −(1/N) Σ Σ Y_sk ln p_sk: the mean over samples of a sum over classes."""
    d = Derivation("likelihood.categorical", -log(Product(categorical(), (s, 1, N))) / N, CLASSES)
    d.step(lambda: -Sum(log(categorical()), (s, 1, N)) / N, because="logarithm of the product over samples")
    d.step(lambda: -Sum(Sum(Yk[s, k] * log(Pk[s, k]), (k, 1, K)), (s, 1, N)) / N,
           because="logarithm of the product over classes")
    return d.qed()


@derivation("likelihood.one-class", task="HW3-3.3", title="only the right class's logarithm is left",
            sizes="any K")
def one_class() -> Derivation:
    """With the label δ_kl the cross-entropy is −ln p_l."""
    given = Given(sizes=(K,), free={l: (1, K)}, domain={pk: "simplex"})
    d = Derivation("likelihood.one-class", -Sum(KroneckerDelta(k, l) * log(pk[k]), (k, 1, K)), given)
    d.step(lambda: -log(pk[l]), because="the delta picks $k = l$")
    return d.qed()


@derivation("likelihood.binary-terms", task="HW3-3.3", title="a sum of binary terms is another loss",
            sizes="any K")
def binary_terms_differ() -> Derivation:
    """K binary cross-entropies exceed the categorical one by −Σ (1 − y_k) ln(1 − p_k) ≥ 0."""
    extra = -Sum((1 - yk[k]) * log(1 - pk[k]), (k, 1, K))
    given = Given(sizes=(K,), domain={yk: "onehot", pk: "unit"})
    d = Derivation("likelihood.binary-terms", binary_terms(), given)
    d.step(lambda: cross_entropy() + extra, because="each binary term has two logarithms")
    d.step(cross_entropy, because="$1 - p_k < 1$, so its logarithm is negative", relation=">=", gap=extra)
    return d.qed()


@derivation("likelihood.twice", task="HW3-3.3", title="two classes: the binary terms count twice",
            sizes="K = 2")
def twice() -> Derivation:
    """For K = 2, with a_2 = 1 − a_1 and y_2 = 1 − y_1, the binary terms make twice the cross-entropy."""
    d = Derivation("likelihood.twice", bce(y, a) + bce(1 - y, 1 - a), Given(domain={y: "unit", a: "unit"}))
    d.step(lambda: bce(y, a) + bce(y, a), because="class 2 asks the same question, with yes and no exchanged")
    return d.qed(lambda: 2 * -(y * log(a) + (1 - y) * log(1 - a)))


@derivation("likelihood.two-softmax", task="HW3-3.3", title="two softmax classes give binary cross-entropy",
            sizes="K = 2")
def two_softmax() -> Derivation:
    """The categorical cross-entropy of two classes is the binary one of σ(z_1 − z_2)."""
    z = array("z", 2)
    both = exp(z[1]) + exp(z[2])
    d = Derivation("likelihood.two-softmax", -(y * log(exp(z[1]) / both) + (1 - y) * log(exp(z[2]) / both)),
                   Given(domain={y: "unit"}))
    d.step(lambda: -(y * log(sigma(z[1] - z[2])) + (1 - y) * log(1 - sigma(z[1] - z[2]))),
           because="divide above and below by $e^{z_1}$, or by $e^{z_2}$")
    return d.qed(bce(y, sigma(z[1] - z[2])))


# ---------------------------------------------------------------- the reports' errors
@erratum("HW3-3.2/B", where="3.2, first line", said="the loss is the negative logarithm of an expectation")
def report_b_expectation() -> Lines:
    f = bernoulli(Y[s], P[s])
    return Lines(-Sum(log(f), (s, 1, N)) / N, -log(Sum(f, (s, 1, N)) / N), mean_bce(), BINARY)


@erratum("HW3-3.2/B-product", where="3.2, second line",
         said="an expectation over the data is a product over the data")
def report_b_product() -> Lines:
    f = bernoulli(Y[s], P[s])
    return Lines(-log(Sum(f, (s, 1, N)) / N), -log(Product(f, (s, 1, N))),
                 log(N) - log(Sum(f, (s, 1, N))), BINARY)


@erratum("HW3-3.2/B-mean", where="3.2, last line",
         said="the logarithm of a product over samples is the *mean* of the logarithms")
def report_b_mean() -> Lines:
    return Lines(-log(Product(bernoulli(Y[s], P[s]), (s, 1, N))), mean_bce(), N * mean_bce(), BINARY)


@erratum("HW3-3.3/B", where="3.3, last line", said="a factor $1/n$ that the line before does not have")
def report_b_classes() -> Lines:
    double = -Sum(Sum(Yk[s, k] * log(Pk[s, k]), (k, 1, K)), (s, 1, N))
    return Lines(-Sum(log(categorical()), (s, 1, N)), double / N, double, CLASSES)


@erratum("HW3-3.3/A", where="3.3, last line",
         said="the loss is the double sum over samples and classes, without $1/N$")
def report_a_mean() -> Lines:
    double = -Sum(Sum(Yk[s, k] * log(Pk[s, k]), (k, 1, K)), (s, 1, N))
    return Lines(-Sum(log(categorical()), (s, 1, N)) / N, double, double / N, CLASSES)


@erratum("HW3-3.3/A-bound", where="3.3, last line",
         said="the sum over classes runs to the number of samples $N$")
def report_a_bound() -> Lines:
    def over_classes(last: Expr) -> Expr:
        return -Sum(Sum(Yk[s, k] * log(Pk[s, k]), (k, 1, last)), (s, 1, N)) / N

    return Lines(-Sum(log(categorical()), (s, 1, N)) / N, over_classes(N), over_classes(K), CLASSES)


@erratum("HW4-1.2/E", where="Problem 1, part 2",
         said=r"$\ln(y\theta + (1-y)(1-\theta))$ is $y\ln\theta + (1-y)\ln(1-\theta)$")
def report_e_distributes() -> Lines:
    return Lines(y * log(a) + (1 - y) * log(1 - a), log(y * a + (1 - y) * (1 - a)), log(bernoulli(y, a)),
                 Given(domain={y: "unit", a: "unit"}))


@erratum("HW4-1.3/E", where="Problem 1, part 3",
         said="a categorical probability is a sum of Bernoulli probabilities")
def report_e_sum() -> Lines:
    terms = Sum(yk[r] * pk[r] + (1 - yk[r]) * (1 - pk[r]), (r, 1, K))
    return Lines(log(Product(pk[k] ** yk[k], (k, 1, K))), log(terms), -cross_entropy(), ONE_CLASS)


@erratum("HW4-1.3/E-terms", where="Problem 1, part 3, last line",
         said="the categorical loss is the sum over classes of binary cross-entropies")
def report_e_terms() -> Lines:
    return Lines(-log(Product(pk[k] ** yk[k], (k, 1, K))), binary_terms(), cross_entropy(), ONE_CLASS)
