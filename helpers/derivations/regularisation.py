"""Penalties on the weights: L2 and weight decay, and what a penalty does to the weights.

A1 task 4 has J = C + λR with R = ½ Σ w², gradient λw; HW3 problem 4 has J = C + λ Σ w², gradient 2λw. Both
are derived, and each formula says which one it belongs to. Rates η are per step. The L1 penalty is in
`regularisation_l1`, stable rates are in `regularisation_rates`.
"""

from __future__ import annotations

from sympy import Expr, Rational, Sum, Symbol, sqrt, symbols

from helpers.notation import (
    K,
    N,
    W,
    X,
    Y,
    array,
    bce,
    eta,
    i,
    j,
    k,
    l,
    lam,
    n,
    s,
    sigma,
    w,
    x,
)
from helpers.proof import Derivation, Given, Partial, define, smooth

from ._registry import Lines, derivation, erratum
from .softmax import mean_cost, mean_gradient

ENTRY = Given(sizes=(n,), free={j: (1, n)})
NO_INDEX = Given(sizes=(n, N), domain={Y: "unit"}, span=(2, 3, 1))
MATRIX = Given(sizes=(K, n), free={l: (1, K), j: (1, n)}, span=(2, 3, 1))

loss, loss_slope = smooth("f")  # any differentiable cost of one weighted input
cost = loss(Sum(w[i] * x[i], (i, 1, n)))
outputs = define("yhat", (s,), sigma(Sum(X[s, i] * w[i], (i, 1, n))), latex=r"\hat{y}")
data = array("c", n)  # coordinates of the data term along its axes
curve = array("h", n)  # curvature of the cost along each axis
weight, grad, first = symbols("w g m", real=True)
second = Symbol("v", positive=True)
P = Rational(9, 10)  # how much two features have in common
RIDGE = Given(sizes=(n,), domain={curve: "positive"})


def squares() -> Expr:
    """Σ w²."""
    return Sum(w[i] ** 2, (i, 1, n))


def data_cost() -> Expr:
    """Σ over the samples of the binary cross-entropy, in nats."""
    return Sum(bce(Y[s], outputs(s)), (s, 1, N))


# ---------------------------------------------------------------- L2: gradient and weight decay
@derivation("regularisation.half-squares", task="A1-4a", title="the gradient of ½ Σ w²", sizes="any K and n")
def half_squares() -> Derivation:
    """∂R/∂W_lj = W_lj for R = ½ Σ Σ W²: one number for each weight, not their sum."""
    half = Sum(W[k, i] ** 2, (k, 1, K), (i, 1, n)) / 2
    d = Derivation("regularisation.half-squares", lambda: Partial(half, W[l, j]), MATRIX)
    d.step(
        lambda: Sum(Partial(W[k, i] ** 2, W[l, j]), (k, 1, K), (i, 1, n)) / 2,
        because="the derivative of a sum",
    )
    d.step(lambda: 2 * W[l, j] / 2, because="only the term $k = l$, $i = j$ contains $W_{lj}$")
    return d.qed(W[l, j])


@derivation(
    "regularisation.softmax-gradient",
    task="A1-4a",
    title="softmax regression with ½ λ Σ W²",
    sizes="any K, n and N",
)
def softmax_gradient() -> Derivation:
    """∂J/∂W_lj = −(1/N) Σ X_sj (Y_sl − ŷ_sl) + λ W_lj for J = C + ½ λ Σ Σ W²."""
    penalty = Sum(W[k, i] ** 2, (k, 1, K), (i, 1, n)) / 2
    d = Derivation(
        "regularisation.softmax-gradient",
        lambda: Partial(mean_cost() + lam * penalty, W[l, j]),
        mean_gradient().given,
    )
    d.step(
        lambda: mean_gradient().last + lam * Partial(penalty, W[l, j]),
        because="the gradient of the mean cost",
    )
    d.step(lambda: mean_gradient().last + lam * W[l, j], because="the gradient of $\\frac12\\sum W^2$")
    return d.qed()


@derivation("regularisation.weight-decay", task="A1-4a", title="½ λ Σ w² is weight decay", sizes="any n")
def weight_decay() -> Derivation:
    """One step of gradient descent on C + ½λΣw² is w(1 − ηλ) − η ∂C/∂w, for any cost of z = Σ w x."""
    start = w[j] - eta * Partial(cost + lam * squares() / 2, w[j])
    d = Derivation("regularisation.weight-decay", start, ENTRY)
    d.step(
        lambda: w[j] - eta * (Partial(cost, w[j]) + lam * w[j]),
        because="the penalty's gradient is $\\lambda w_j$",
    )
    return d.qed(lambda: (1 - eta * lam) * w[j] - eta * Partial(cost, w[j]))


@derivation("regularisation.weight-decay-2", task="HW4-3.1", title="λ Σ w² is weight decay", sizes="any n")
def weight_decay_2() -> Derivation:
    """One step of gradient descent on C + λΣw² is w(1 − 2ηλ) − η ∂C/∂w: a decay of 2λ, not λ."""
    start = w[j] - eta * Partial(cost + lam * squares(), w[j])
    d = Derivation("regularisation.weight-decay-2", start, ENTRY)
    d.step(
        lambda: w[j] - eta * (Partial(cost, w[j]) + 2 * lam * w[j]),
        because="the penalty's gradient is $2 \\lambda w_j$",
    )
    return d.qed(lambda: (1 - 2 * eta * lam) * w[j] - eta * Partial(cost, w[j]))


def adam(gradient: Expr) -> Expr:
    """The change of a weight in one Adam step, betas 0.9 and 0.999, without bias correction and ε.

    m and v are the running means of the gradient and of its square before the step.
    """
    mean = Rational(9, 10) * first + gradient / 10
    square = Rational(999, 1000) * second + gradient**2 / 1000
    return -eta * mean / sqrt(square)


def adam_with_penalty() -> Expr:
    """A weight after one Adam step on C + ½λw²: the penalty's gradient goes through Adam's scaling."""
    return weight + adam(grad + lam * weight)


def adam_with_decay() -> Expr:
    """A weight after one Adam step on C alone, with the weight decayed beside it (AdamW)."""
    return (1 - eta * lam) * weight + adam(grad)


@derivation(
    "regularisation.adam-first-step",
    task="HW4-3.3",
    title="Adam's first step does not see λ",
    sizes="a weight",
)
def adam_first_step() -> Derivation:
    """From m = v = 0, bias corrected, the step is η g/|g|: with g and w positive, λ has no effect at all."""
    g, at = symbols("g w", positive=True)
    total = g + lam * at
    d = Derivation("regularisation.adam-first-step", lambda: at - eta * total / sqrt(total**2))
    d.step(
        at - eta, because="$\\hat{m} = g + \\lambda w$ and $\\hat{v} = (g + \\lambda w)^2$: their ratio is 1"
    )
    return d.qed()


# ---------------------------------------------------------------- what a penalty does to the weights
@derivation(
    "regularisation.ridge-norm",
    task="A1-4e",
    title="the norm falls as λ grows: a quadratic cost",
    sizes="any n",
)
def ridge_norm() -> Derivation:
    """Along the axes of a quadratic cost w = c/(h + λ), and d‖w‖²/dλ = −2 Σ c²/(h + λ)³ ≤ 0."""
    slope = 2 * Sum(data[i] ** 2 / (curve[i] + lam) ** 3, (i, 1, n))
    norm = Sum((data[i] / (curve[i] + lam)) ** 2, (i, 1, n))
    d = Derivation("regularisation.ridge-norm", lambda: Partial(norm, lam), RIDGE)
    d.step(-slope, because="differentiate each term")
    d.step(0, because="curvatures are positive, squares are not negative", relation="<=", gap=slope)
    return d.qed()


@derivation("regularisation.shrinkage", task="A1-4b", title="rare patterns shrink most", sizes="any n")
def shrinkage() -> Derivation:
    """Along axis j a quadratic cost's minimum shrinks by h/(h + λ): nearly 1 where data is plenty (h ≫ λ)."""
    given = Given(sizes=(n,), free={j: (1, n)}, domain={curve: "positive", data: "positive"})
    d = Derivation(
        "regularisation.shrinkage", lambda: (data[j] / (curve[j] + lam)) / (data[j] / curve[j]), given
    )
    d.step(
        lambda: curve[j] / (curve[j] + lam), because="divide the minimum at $\\lambda$ by the minimum at 0"
    )
    d.step(1, because="$\\lambda > 0$", relation="<", gap=lam / (curve[j] + lam))
    return d.qed()


def two_weights(strength: Expr) -> tuple[Expr, Expr]:
    """The minimum of ½ w₁² + .9 w₁w₂ + ½ w₂² − w₁ − .9 w₂ + ½ λ (w₁² + w₂²), by Cramer's rule."""
    below = (1 + strength) ** 2 - P**2
    return ((1 + strength) - P * P) / below, ((1 + strength) * P - P) / below


@derivation(
    "regularisation.weight-grows", task="A1-4b", title="one weight can grow with λ", sizes="two weights"
)
def weight_grows() -> Derivation:
    """The second of two weights is 0 at λ = 0 and positive for every λ > 0, so not all weights shrink."""
    w1, w2 = two_weights(lam)
    d = Derivation(
        "regularisation.weight-grows",
        lambda: (1 + lam) * w1 + P * w2,
        title="The slope in the first weight is 0",
        claim="the second weight grows from 0 when the penalty is switched on",
    )
    d.step(1, because="put in the solution")
    d.part("The slope in the second weight is 0", P * w1 + (1 + lam) * w2)
    d.step(P, because="put in the solution")
    above = P * lam / (lam**2 + 2 * lam + Rational(19, 100))
    d.part("The second weight", w2).step(above, because="multiply out; at $\\lambda = 0$ this is 0")
    d.step(0, because="numerator and denominator are positive", relation=">", gap=above)
    return d.qed()


@derivation(
    "regularisation.norm-falls",
    task="A1-4e",
    title="the norm never grows with λ: any cost",
    sizes="any cost, any model",
)
def norm_falls() -> Derivation:
    """Let C₁, R₁ be cost and penalty at a minimum of C + λ₁R, and C₂, R₂ for λ₂ = λ₁ + d > λ₁. Then R₂ ≤ R₁.

    Each is best at its own λ: p = C₂ + λ₁R₂ − (C₁ + λ₁R₁) and q = C₁ + λ₂R₁ − (C₂ + λ₂R₂) are not negative.
    """
    cost_1, cost_2, norm_1, norm_2 = symbols("C_1 C_2 R_1 R_2", real=True)
    weak, more = symbols("lambda_1 d", positive=True)
    p, q = symbols("p q", nonnegative=True)
    d = Derivation(
        "regularisation.norm-falls",
        norm_1 - norm_2,
        title="The difference of the penalties",
        claim=r"a larger $\lambda$ never gives a larger $R$",
    )
    d.step(
        lambda: (
            (
                (cost_2 + weak * norm_2 - (cost_1 + weak * norm_1))
                + (cost_1 + (weak + more) * norm_1 - (cost_2 + (weak + more) * norm_2))
            )
            / more
        ),
        because="the costs cancel, and $\\lambda_2 - \\lambda_1 = d$",
    )
    d.part("The two brackets are p and q, which are not negative", (p + q) / more)
    d.step(0, because="and $d > 0$", relation=">=", gap=(p + q) / more)
    return d.qed()


@derivation(
    "regularisation.norm-bound", task="A1-4e", title="a bound on the norm, for any cost", sizes="any cost"
)
def norm_bound() -> Derivation:
    """‖w‖² ≤ 2 C(0)/λ at the minimum of C + ½λ‖w‖² if C ≥ 0: it cannot cost more than w = 0, by p ≥ 0."""
    at_zero, at_minimum, less = symbols("C_0 C p", nonnegative=True)
    start = 2 * (at_zero - less - at_minimum) / lam
    d = Derivation("regularisation.norm-bound", start)
    d.step(
        2 * at_zero / lam,
        because="$C(w) + \\lambda\\|w\\|^2/2 = C(0) - p$; neither $C(w)$ nor $p$ is negative",
        relation="<=",
        gap=2 * (less + at_minimum) / lam,
    )
    return d.qed()


# ---------------------------------------------------------------- scikit-learn's C
@derivation(
    "regularisation.scikit-half", task="A1-4a", title="scikit-learn's C for ½ λ Σ w²", sizes="any n and N"
)
def scikit_half() -> Derivation:
    """Cost + ½λΣw² is λ times scikit-learn's objective, C Σ loss + ½ Σ w², with C = 1/(Nλ): one minimum."""
    d = Derivation("regularisation.scikit-half", lambda: data_cost() / N + lam * squares() / 2, NO_INDEX)
    d.step(lambda: lam * (1 / (N * lam) * data_cost() + squares() / 2), because="take out $\\lambda$")
    return d.qed()


@derivation("regularisation.scikit", task="HW3-4.2", title="scikit-learn's C for λ Σ w²", sizes="any n and N")
def scikit() -> Derivation:
    """Cost + λΣw² is 2λ times scikit-learn's objective with C = 1/(2Nλ)."""
    d = Derivation("regularisation.scikit", lambda: data_cost() / N + lam * squares(), NO_INDEX)
    d.step(
        lambda: 2 * lam * (1 / (2 * N * lam) * data_cost() + squares() / 2), because="take out $2 \\lambda$"
    )
    return d.qed()


# ---------------------------------------------------------------- the reports' errors
@erratum(
    "A1-4a/C",
    where="Task 4a, derivative of the penalty",
    said=r"$\partial R/\partial w$ is the sum of all weights",
)
def report_c_sum() -> Lines:
    half = Sum(W[k, i] ** 2, (k, 1, K), (i, 1, n)) / 2
    return Lines(Partial(half, W[l, j]), Sum(W[k, i], (k, 1, K), (i, 1, n)), W[l, j], MATRIX)


@erratum("A1-4a/D", where="Task 4a, first line", said=r"$\|w\|^2$ is $\frac12\sum w^2$")
def report_d_half() -> Lines:
    norm = Sum(W[k, i] * W[k, i], (k, 1, K), (i, 1, n))
    return Lines(
        norm,
        Sum(W[k, i] ** 2, (k, 1, K), (i, 1, n)) / 2,
        Sum(W[k, i] ** 2, (k, 1, K), (i, 1, n)),
        Given(sizes=(K, n), span=(2, 3, 1)),
    )


@erratum(
    "A1-4b/C",
    where="Task 4b",
    said="the penalty makes every weight smaller",
)
def report_c_all_shrink() -> Lines:
    return Lines(two_weights(lam)[1], 0, P * lam / (lam**2 + 2 * lam + Rational(19, 100)))
