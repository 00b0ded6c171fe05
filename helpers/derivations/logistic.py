"""Logistic regression: the gradient for any number of features and samples, L2, the bias, convexity.

A1 task 1a and HW3 problem 4.1. One sample is (x, y) with y between 0 and 1; z = Σ w_i x_i; ŷ = σ(z); its cost
is the binary cross-entropy, in nats. Two conventions for the penalty are in use, and both are derived:
½ λ Σ w² (A1 task 4, gradient λw) and λ Σ w² (HW3, gradient 2λw). The bias is never penalised.
"""

from __future__ import annotations

from sympy import DiagMatrix, Expr, KroneckerDelta, Lambda, Sum, exp, log
from sympy.matrices.expressions.matexpr import MatrixElement

from helpers.notation import (
    N,
    X,
    Xm,
    Y,
    b,
    bce,
    i,
    j,
    l,
    lam,
    linear,
    n,
    s,
    sigma,
    softplus,
    u,
    v,
    w,
    wm,
    x,
    y,
    ym,
)
from helpers.proof import Derivation, Given, Partial, define

from ._registry import derivation

ONE = Given(sizes=(n,), free={j: (1, n)}, domain={y: "closed unit"})
MANY = Given(sizes=(n, N), free={j: (1, n)}, domain={Y: "closed unit"}, span=(2, 3, 1))
BIAS = Given(sizes=(n, N), domain={Y: "closed unit"}, span=(2, 3, 1))
PAIR = Given(sizes=(n, N), free={j: (1, n), l: (1, n)}, domain={Y: "closed unit"}, span=(2, 3, 1))

z = define("z", (), linear(w, x))()  # one sample
yhat = define("yhat", (), sigma(z), latex=r"\hat{y}")()
scores = define("z", (s,), Sum(X[s, i] * w[i], (i, 1, n)), latex="z")
outputs = define("yhat", (s,), sigma(scores(s)), latex=r"\hat{y}")
biased = define("yhat", (s,), sigma(scores(s) + b), latex=r"\hat{y}")


def cost(prediction: type[Expr] = outputs) -> Expr:
    """The mean cross-entropy of N samples, in nats."""
    return Sum(bce(Y[s], prediction(s)), (s, 1, N)) / N


def squares() -> Expr:
    """Σ w²: the squared length of the weights, without the bias."""
    return Sum(w[i] ** 2, (i, 1, n))


def data_gradient(prediction: type[Expr] = outputs) -> Expr:
    """−(1/N) Σ (Y_s − ŷ_s) X_sj: the gradient of the mean cost, without penalty."""
    return -Sum((Y[s] - prediction(s)) * X[s, j], (s, 1, N)) / N


def curvature() -> Expr:
    """(1/N) Σ X_sj ŷ_s (1 − ŷ_s) X_sl: entry (j, l) of the Hessian of the mean cost."""
    return Sum(X[s, j] * outputs(s) * (1 - outputs(s)) * X[s, l], (s, 1, N)) / N


# ---------------------------------------------------------------- one sample
@derivation(
    "logistic.sigma-prime", task="A1-1a", title="the derivative of the logistic function", sizes="a number"
)
def sigma_prime() -> Derivation:
    """σ'(u) = σ(u) (1 − σ(u))."""
    d = Derivation("logistic.sigma-prime", Partial(sigma(u), u))
    d.step(exp(-u) / (1 + exp(-u)) ** 2, because="the power −1, times the inner derivative −e⁻ᵘ")
    d.step(lambda: sigma(u) * (exp(-u) / (1 + exp(-u))), because="one factor is σ(u) itself")
    d.step(lambda: sigma(u) * (1 - sigma(u)), because="e⁻ᵘ = (1 + e⁻ᵘ) − 1")
    return d.qed()


@derivation("logistic.gradient", task="A1-1a", title="the gradient of one sample's cost", sizes="any n")
def gradient() -> Derivation:
    """∂C/∂w_j = −(y − ŷ) x_j for any number of features."""
    a = sigma(linear(w, x))
    d = Derivation("logistic.gradient", lambda: Partial(-(y * log(a) + (1 - y) * log(1 - a)), w[j]), ONE)
    d.step(
        lambda: Partial(-(y * log(yhat) + (1 - y) * log(1 - yhat)), w[j]),
        because="write z for the weighted input and ŷ for σ(z)",
    )
    d.step(
        lambda: -(y / yhat - (1 - y) / (1 - yhat)) * Partial(yhat, w[j]),
        because="chain rule: the derivative of each logarithm",
    )
    d.step(
        lambda: -(y / yhat - (1 - y) / (1 - yhat)) * (yhat * (1 - yhat)) * Partial(z, w[j]),
        because="σ′ = σ(1 − σ)",
    )
    d.step(lambda: -(y * (1 - yhat) - (1 - y) * yhat) * Partial(z, w[j]), because="the denominators cancel")
    d.step(lambda: -(y - yhat) * Partial(z, w[j]), because="y ŷ cancels")
    d.step(lambda: -(y - yhat) * x[j], because="only the term $i = j$ of $z$ contains $w_j$")
    return d.qed()


@derivation("logistic.bias", task="A1-1a", title="the bias as the weight of a constant 1", sizes="any n")
def bias() -> Derivation:
    """∂C/∂b = −(y − ŷ): the same formula with 1 in the place of x_j, which is the bias trick."""
    a = define("yhat", (), sigma(z + b), latex=r"\hat{y}")()
    d = Derivation("logistic.bias", Partial(bce(y, a), b), Given(sizes=(n,), domain={y: "closed unit"}))
    d.step(lambda: -(y / a - (1 - y) / (1 - a)) * Partial(a, b), because="the derivative of each logarithm")
    d.step(
        lambda: -(y / a - (1 - y) / (1 - a)) * (a * (1 - a)) * Partial(z + b, b),
        because="ŷ = σ(z + b), and σ′ = σ(1 − σ)",
    )
    d.step(lambda: -(y - a) * Partial(z + b, b), because="the denominators cancel")
    d.step(lambda: -(y - a), because="b is the weight of an input that is always 1")
    return d.qed()


@derivation(
    "logistic.stable", task="A1-1a", title="the cost without the logarithm of a tiny number", sizes="a number"
)
def stable() -> Derivation:
    """The cost equals softplus(u) − y u, which stays finite in floating point when σ(u) rounds to 0 or 1."""
    d = Derivation("logistic.stable", bce(y, sigma(u)), Given(domain={y: "closed unit"}))
    d.step(lambda: -(y * log(sigma(u)) + (1 - y) * log(exp(-u) * sigma(u))), because="1 − σ(u) = e⁻ᵘ σ(u)")
    d.step(lambda: -log(sigma(u)) + (1 - y) * u, because="logarithm of a product; collect ln σ(u)")
    d.step(lambda: log(1 + exp(-u)) + u - y * u, because="σ(u) = 1/(1 + e⁻ᵘ)")
    d.step(lambda: softplus(u) - y * u, because="u = ln eᵘ")
    return d.qed()


# ---------------------------------------------------------------- N samples
@derivation(
    "logistic.mean-gradient", task="A1-1a", title="the gradient of the mean cost", sizes="any n and N"
)
def mean_gradient() -> Derivation:
    """∂C/∂w_j = −(1/N) Σ (Y_s − ŷ_s) X_sj."""
    d = Derivation("logistic.mean-gradient", Partial(cost(), w[j]), MANY)
    d.step(lambda: Sum(Partial(bce(Y[s], outputs(s)), w[j]), (s, 1, N)) / N, because="linearity")
    d.step(
        lambda: -Sum((Y[s] - outputs(s)) * Partial(scores(s), w[j]), (s, 1, N)) / N,
        because="one sample: chain rule, σ′ = σ(1 − σ)",
    )
    d.step(data_gradient, because="only the term $i = j$ of $z$ contains $w_j$")
    return d.qed()


@derivation(
    "logistic.gradient-half-l2",
    task="A1-4a",
    title="the gradient with the penalty ½ λ Σ w²",
    sizes="any n and N",
)
def gradient_half_l2() -> Derivation:
    """∂J/∂w_j = ∂C/∂w_j + λ w_j for J = C + λ R, R = ½ Σ w²."""
    d = Derivation("logistic.gradient-half-l2", Partial(cost() + lam * squares() / 2, w[j]), MANY)
    d.step(lambda: Partial(cost(), w[j]) + lam * Partial(squares(), w[j]) / 2, because="linearity")
    d.step(lambda: data_gradient() + lam * Partial(squares(), w[j]) / 2, because="the mean cost's gradient")
    d.step(lambda: data_gradient() + lam * w[j], because="$w_i^2$ by $w_j$ gives $2w_j$ for $i = j$, else 0")
    return d.qed()


@derivation(
    "logistic.gradient-l2", task="HW3-4.1", title="the gradient with the penalty λ Σ w²", sizes="any n and N"
)
def gradient_l2() -> Derivation:
    """∂J/∂w_j = ∂C/∂w_j + 2 λ w_j for J = C + λ Σ w², with a bias in the scores."""
    d = Derivation("logistic.gradient-l2", Partial(cost(biased) + lam * squares(), w[j]), MANY)
    d.step(lambda: Partial(cost(biased), w[j]) + lam * Partial(squares(), w[j]), because="linearity")
    d.step(lambda: data_gradient(biased) + lam * Partial(squares(), w[j]), because="the mean cost's gradient")
    d.step(
        lambda: data_gradient(biased) + lam * Sum(2 * w[i] * KroneckerDelta(i, j), (i, 1, n)),
        because="$w_i^2$ contains $w_j$ only for $i = j$",
    )
    d.step(lambda: data_gradient(biased) + 2 * lam * w[j], because="the delta picks $i = j$")
    return d.qed()


@derivation(
    "logistic.bias-l2",
    task="HW3-4.1",
    title="the bias gradient: the penalty has no bias",
    sizes="any n and N",
)
def bias_l2() -> Derivation:
    """∂J/∂b = −(1/N) Σ (Y_s − ŷ_s), with no term in λ."""
    d = Derivation("logistic.bias-l2", Partial(cost(biased) + lam * squares(), b), BIAS)
    d.step(Partial(cost(biased), b), because="λ Σ w² does not contain b")
    d.step(
        lambda: -Sum((Y[s] - biased(s)) * Partial(scores(s) + b, b), (s, 1, N)) / N,
        because="one sample: chain rule, σ′ = σ(1 − σ)",
    )
    d.step(lambda: -Sum(Y[s] - biased(s), (s, 1, N)) / N, because="z + b by b gives 1")
    return d.qed()


# ---------------------------------------------------------------- matrix form, second derivatives
@derivation(
    "logistic.matrix", task="HW3-4.1", title="the gradient as one matrix product", sizes="any n and N"
)
def matrix() -> Derivation:
    """∇J = −Xᵀ(y − σ(Xw))/N + 2λw, entry by entry; the entries of matrices count from 0."""
    at = MatrixElement(Xm * wm, s, 0)
    mean = Sum(bce(ym[s, 0], sigma(at)), (s, 0, N - 1)) / N
    given = Given(sizes=(n, N), free={j: (0, n - 1)}, domain={ym: "closed unit"}, span=(2, 3, 1))
    loss = mean + lam * Sum(wm[i, 0] ** 2, (i, 0, n - 1))
    d = Derivation("logistic.matrix", Partial(loss, wm[j, 0]), given)
    d.step(
        lambda: -Sum((ym[s, 0] - sigma(at)) * Xm[s, j], (s, 0, N - 1)) / N + 2 * lam * wm[j, 0],
        because="the gradient, entry by entry",
    )
    outcome = (Xm * wm).applyfunc(Lambda(u, sigma(u)))
    d.step(
        MatrixElement(-Xm.T * (ym - outcome) / N + 2 * lam * wm, j, 0),
        because="a sum over samples is a product with Xᵀ",
    )
    return d.qed()


@derivation("logistic.hessian", task="HW3-4.1", title="the matrix of second derivatives", sizes="any n and N")
def hessian() -> Derivation:
    """∂²C/∂w_l∂w_j = (1/N) Σ X_sj ŷ_s (1 − ŷ_s) X_sl."""
    d = Derivation("logistic.hessian", Partial(Partial(cost(), w[j]), w[l]), PAIR)
    d.step(lambda: Partial(data_gradient(), w[l]), because="the gradient of the mean cost")
    d.step(lambda: Sum(X[s, j] * Partial(outputs(s), w[l]), (s, 1, N)) / N, because="only ŷ contains $w_l$")
    d.step(curvature, because="σ′ = σ(1 − σ), and $z_s$ by $w_l$ gives $X_{sl}$")
    return d.qed()


@derivation("logistic.hessian-matrix", task="HW3-4.1", title="the Hessian as XᵀSX/N", sizes="any n and N")
def hessian_matrix() -> Derivation:
    """H = XᵀSX/N with S = diag(ŷ(1 − ŷ)), entry by entry; the entries of matrices count from 0."""
    at = MatrixElement(Xm * wm, s, 0)
    given = Given(sizes=(n, N), free={j: (0, n - 1), l: (0, n - 1)}, span=(2, 3, 1))
    start = Sum(Xm[s, j] * sigma(at) * (1 - sigma(at)) * Xm[s, l], (s, 0, N - 1)) / N
    slopes = (Xm * wm).applyfunc(Lambda(u, sigma(u) * (1 - sigma(u))))
    d = Derivation("logistic.hessian-matrix", start, given)
    d.step(
        MatrixElement(Xm.T * DiagMatrix(slopes) * Xm / N, j, l),
        because="a diagonal matrix scales the rows of X",
    )
    return d.qed()


@derivation("logistic.convex", task="HW3-4.1", title="the cost is convex in the weights", sizes="any n and N")
def convex() -> Derivation:
    """vᵀHv ≥ 0 for every direction v, so every minimum is a global one."""
    along = Sum(X[s, j] * v[j], (j, 1, n))
    d = Derivation("logistic.convex", Sum(v[j] * curvature() * v[l], (j, 1, n), (l, 1, n)), BIAS)
    d.step(
        lambda: Sum(outputs(s) * (1 - outputs(s)) * along**2, (s, 1, N)) / N,
        because="both sums over features are the same number",
    )
    squared = Sum(outputs(s) * sigma(-scores(s)) * along**2, (s, 1, N)) / N
    d.step(squared, because="1 − σ(z) = σ(−z)")
    d.step(0, because="σ > 0 and squares are not negative", relation=">=", gap=squared)
    return d.qed()


@derivation(
    "logistic.one-minimum", task="HW3-4.1", title="with a penalty there is one minimum", sizes="any n and N"
)
def one_minimum() -> Derivation:
    """vᵀ(H + 2λI)v ≥ 2λ‖v‖², so the penalised cost is strictly convex and has one minimum in the weights."""
    data = Sum(v[j] * curvature() * v[l], (j, 1, n), (l, 1, n))
    length = Sum(v[j] ** 2, (j, 1, n))
    squared = Sum(outputs(s) * sigma(-scores(s)) * Sum(X[s, j] * v[j], (j, 1, n)) ** 2, (s, 1, N)) / N
    d = Derivation("logistic.one-minimum", data + 2 * lam * length, BIAS)
    d.step(lambda: squared + 2 * lam * length, because="the quadratic form of the data, as above")
    d.step(lambda: 2 * lam * length, because="the first term is not negative", relation=">=", gap=squared)
    return d.qed()


# ---------------------------------------------------------------- the reports' errors
