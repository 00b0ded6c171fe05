"""Batch normalisation, forward and backward, for any batch size.

HW4 problem 3.3b. x_s is one unit's weighted input for sample s of a batch of N; x̂_s is normalised with the
batch's mean x̄ and variance v (divided by N, not by N − 1), and the layer puts out γ x̂_s + β. For a loss ℓ of
all outputs, g_s stands for ∂ℓ/∂(output s): then ∂ℓ/∂x_j is the derivative of Σ g_s · (output s) with every
g_s held fast. Dropout, and what the reports print as a loss, are in `normalisation_dropout`.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Expr, KroneckerDelta, Sum, sqrt, symbols

from helpers.notation import N, X, array, b, eps, i, j, linear, n, s, t, w
from helpers.notation import x as features
from helpers.proof import Derivation, Given, Partial, define

from ._registry import derivation

x, g = array("x", N), array("g", N)
gamma, beta, shift = symbols("gamma beta a", real=True)
scale, running = symbols("c V", positive=True)
centre = symbols("M", real=True)
mean = define("mean", (), Sum(x[s], (s, 1, N)) / N, latex=r"\bar{x}")()
variance = define("v", (), Sum((x[s] - mean) ** 2, (s, 1, N)) / N)()
width = define("r", (), sqrt(variance + eps))()
xhat = define("xhat", (s,), (x[s] - mean) / width, latex=r"\hat{x}")
BATCH = Given(sizes=(N,))
APART = Given(sizes=(N,), span=(2, 3, 4))  # without ε at least two inputs must differ
ENTRY = Given(sizes=(N,), free={j: (1, N)})
PAIR = Given(sizes=(N,), free={s: (1, N), j: (1, N)})


def normalised(value: Callable[[Expr], Expr], index: Expr) -> Expr:
    """Entry `index` of the normalised batch with ε = 0, where sample t has the value `value(t)`."""
    average = Sum(value(t), (t, 1, N)) / N
    return (value(index) - average) / sqrt(Sum((value(t) - average) ** 2, (t, 1, N)) / N)


plain = define("xhat", (s,), normalised(lambda t: x[t], s), latex=r"\hat{x}")  # ε = 0
spread = define("r", (), sqrt(variance))()


def outputs() -> Expr:
    """Σ g_s (γ x̂_s + β): the loss as far as its change is concerned."""
    return Sum(g[s] * (gamma * xhat(s) + beta), (s, 1, N))


def backward(index: Expr = j, hat: type[Expr] = xhat, over: Expr = width) -> Expr:
    """∂ℓ/∂x_index = γ/(N √(v + ε)) · (N g_index − Σ g − x̂_index Σ g x̂)."""
    overlap = Sum(g[s] * hat(s), (s, 1, N))
    return gamma / (N * over) * (N * g[index] - Sum(g[s], (s, 1, N)) - hat(index) * overlap)


# ---------------------------------------------------------------- forward
@derivation("normalisation.mean", task="HW4-3.3b", title="the normalised batch has the mean 0", sizes="any N")
def mean_zero() -> Derivation:
    """(1/N) Σ x̂ = 0, so the outputs have the mean β whatever the inputs were."""
    d = Derivation("normalisation.mean", Sum(xhat(s), (s, 1, N)) / N, BATCH, title="Of the normalised batch")
    d.step(
        lambda: (Sum(x[s], (s, 1, N)) - N * mean) / (N * width),
        because="$r = \\sqrt{v + \\varepsilon}$ and the mean are the same for all samples",
    )
    d.step(0, because="$N \\bar{x}$ is the sum")
    d.part("Of the outputs", Sum(gamma * xhat(s) + beta, (s, 1, N)) / N)
    return d.step(beta, because="$\\gamma$ times 0, and $N$ times $\\beta$").qed()


@derivation("normalisation.variance", task="HW4-3.3b", title="its variance is v/(v + ε)", sizes="any N")
def variance_one() -> Derivation:
    """(1/N) Σ x̂² = v/(v + ε): just below 1 while ε is small against v."""
    d = Derivation("normalisation.variance", Sum(xhat(s) ** 2, (s, 1, N)) / N, BATCH)
    d.step(
        lambda: Sum((x[s] - mean) ** 2, (s, 1, N)) / N / (variance + eps),
        because="$r^2 = v + \\varepsilon$ is the same for all samples",
    )
    d.step(lambda: variance / (variance + eps), because="the variance")
    d.step(1, because="$\\varepsilon > 0$", relation="<", gap=eps / (variance + eps))
    return d.qed()


@derivation(
    "normalisation.scale-shift",
    task="HW4-3.3b",
    title="scale and shift of the input do not matter",
    sizes="any N",
)
def scale_shift() -> Derivation:
    """With ε = 0 the inputs c x + a, c > 0, give the same x̂ as x: a bias or a factor before it is lost."""
    d = Derivation("normalisation.scale-shift", lambda: normalised(lambda t: scale * x[t] + shift, j), ENTRY)
    d.step(
        lambda: (scale * x[j] - scale * mean) / sqrt(scale**2 * variance),
        because="the mean moves by the same $a$",
    )
    return d.step(lambda: (x[j] - mean) / sqrt(variance), because="$\\sqrt{c^2} = c$ cancels").qed()


@derivation(
    "normalisation.weight-scale",
    task="HW4-3.3b",
    title="the length of the weights does not matter",
    sizes="any N and n",
)
def weight_scale() -> Derivation:
    """With ε = 0 the weights c w, c > 0, give the same normalised inputs as w."""
    scores = define("z", (t,), Sum(w[i] * X[t, i], (i, 1, n)))
    longer = define("z_c", (t,), Sum(scale * w[i] * X[t, i], (i, 1, n)), latex="z^{(c)}")
    given = Given(sizes=(N, n), free={j: (1, N)}, span=(2, 3, 1))
    d = Derivation("normalisation.weight-scale", lambda: normalised(longer, j), given)
    d.step(lambda: normalised(lambda t: scale * scores(t), j), because="$c$ is a factor of every term of $z$")
    return d.step(lambda: normalised(scores, j), because="$c$ cancels above and below the line").qed()


@derivation(
    "normalisation.fold", task="HW4-3.3b", title="after training it is part of the weights", sizes="any n"
)
def fold() -> Derivation:
    """With a fixed mean M and variance V the layer is a weighted sum with other weights and another bias."""
    over = sqrt(running + eps)
    d = Derivation(
        "normalisation.fold",
        lambda: gamma * ((linear(w, features) + b - centre) / over) + beta,
        Given(sizes=(n,)),
    )
    d.step(
        lambda: Sum(gamma / over * w[i] * features[i], (i, 1, n)) + (gamma * (b - centre) / over + beta),
        because="multiply every weight by $\\gamma/\\sqrt{V + \\varepsilon}$",
    )
    return d.qed()


# ---------------------------------------------------------------- backward
@derivation("normalisation.mean-slope", task="HW4-3.3b", title="every input moves the mean", sizes="any N")
def mean_slope() -> Derivation:
    """∂x̄/∂x_j = 1/N."""
    d = Derivation("normalisation.mean-slope", Partial(mean, x[j]), ENTRY)
    return d.step(1 / N, because="one term of the sum is $x_j$").qed()


@derivation(
    "normalisation.variance-slope", task="HW4-3.3b", title="every input moves the variance", sizes="any N"
)
def variance_slope() -> Derivation:
    """∂v/∂x_j = 2(x_j − x̄)/N."""
    d = Derivation("normalisation.variance-slope", Partial(variance, x[j]), ENTRY)
    d.step(
        lambda: Sum(2 * (x[s] - mean) * (KroneckerDelta(s, j) - 1 / N), (s, 1, N)) / N,
        because="the chain rule: the mean moves too",
    )
    d.step(lambda: 2 * (x[j] - mean) / N, because="$\\sum(x_s - \\bar{x}) = 0$, so the mean's part drops out")
    return d.qed()


@derivation(
    "normalisation.width-slope", task="HW4-3.3b", title="every input moves what is divided by", sizes="any N"
)
def width_slope() -> Derivation:
    """∂r/∂x_j = x̂_j/N for r = √(v + ε)."""
    d = Derivation("normalisation.width-slope", Partial(width, x[j]), ENTRY)
    d.step(lambda: 1 / (2 * width) * Partial(variance, x[j]), because="the derivative of the root")
    d.step(lambda: 1 / (2 * width) * (2 * (x[j] - mean) / N), because="the derivative of the variance")
    return d.step(lambda: xhat(j) / N, because="the definition of $\\hat{x}$").qed()


@derivation(
    "normalisation.jacobian",
    task="HW4-3.3b",
    title="how one input moves every normalised input",
    sizes="any N",
)
def jacobian() -> Derivation:
    """∂x̂_s/∂x_j = (δ_sj − 1/N − x̂_s x̂_j/N)/r."""
    delta = KroneckerDelta(s, j)
    d = Derivation("normalisation.jacobian", Partial(xhat(s), x[j]), PAIR)
    d.step(
        lambda: (delta - 1 / N) / width - (x[s] - mean) / width**2 * (xhat(j) / N),
        because="quotient rule: $x_s - \\bar{x}$ moves, and so does $r$",
    )
    return d.step(lambda: (delta - 1 / N - xhat(s) * xhat(j) / N) / width, because="take out $1/r$").qed()


@derivation("normalisation.backward", task="HW4-3.3b", title="the backward pass", sizes="any N")
def backward_pass() -> Derivation:
    """∂ℓ/∂x_j = γ/(N r) · (N g_j − Σ g − x̂_j Σ g x̂): the mean and the part along x̂ are taken out of g."""
    delta, overlap = KroneckerDelta(s, j), Sum(g[s] * xhat(s), (s, 1, N))
    d = Derivation("normalisation.backward", Partial(outputs(), x[j]), ENTRY)
    d.step(
        lambda: gamma * Sum(g[s] * Partial(xhat(s), x[j]), (s, 1, N)),
        because="linearity; $\\beta$ is a constant",
    )
    d.step(
        lambda: gamma * Sum(g[s] * ((delta - 1 / N - xhat(s) * xhat(j) / N) / width), (s, 1, N)),
        because="how $x_j$ moves $\\hat{x}_s$",
    )
    d.step(
        lambda: gamma / width * (g[j] - Sum(g[s], (s, 1, N)) / N - xhat(j) * overlap / N),
        because="the delta picks $s = j$; sum term by term",
    )
    return d.step(backward, because="take out $1/N$").qed()


@derivation("normalisation.gamma", task="HW4-3.3b", title="the gradient of the learned scale", sizes="any N")
def gamma_gradient() -> Derivation:
    """∂ℓ/∂γ = Σ g x̂."""
    d = Derivation("normalisation.gamma", Partial(outputs(), gamma), BATCH)
    return d.step(Sum(g[s] * xhat(s), (s, 1, N)), because="$\\hat{x}$ does not contain $\\gamma$").qed()


@derivation("normalisation.beta", task="HW4-3.3b", title="the gradient of the learned shift", sizes="any N")
def beta_gradient() -> Derivation:
    """∂ℓ/∂β = Σ g."""
    d = Derivation("normalisation.beta", Partial(outputs(), beta), BATCH)
    return d.step(Sum(g[s], (s, 1, N)), because="every output contains $\\beta$ once").qed()


@derivation(
    "normalisation.gradient-sum", task="HW4-3.3b", title="the gradients of a batch cancel", sizes="any N"
)
def gradient_sum() -> Derivation:
    """Σ ∂ℓ/∂x_j = 0: a shift of all inputs changes nothing, so a bias before the layer never learns."""
    d = Derivation("normalisation.gradient-sum", lambda: Sum(backward(), (j, 1, N)), BATCH)
    overlap = Sum(g[s] * xhat(s), (s, 1, N))
    d.step(
        lambda: (
            gamma
            / (N * width)
            * (N * Sum(g[s], (s, 1, N)) - N * Sum(g[s], (s, 1, N)) - Sum(xhat(j), (j, 1, N)) * overlap)
        ),
        because="sum term by term",
    )
    return d.step(0, because="$\\sum \\hat{x}_j = 0$").qed()


@derivation(
    "normalisation.gradient-along", task="HW4-3.3b", title="almost no gradient along x̂", sizes="any N"
)
def gradient_along() -> Derivation:
    """Σ x̂_j ∂ℓ/∂x_j = γ/r · ε/(v + ε) · Σ g x̂: as small as ε is against v."""
    overlap = Sum(g[s] * xhat(s), (s, 1, N))
    d = Derivation("normalisation.gradient-along", lambda: Sum(xhat(j) * backward(), (j, 1, N)), BATCH)
    d.step(
        lambda: gamma / width * overlap * (1 - Sum(xhat(j) ** 2, (j, 1, N)) / N),
        because="$\\sum \\hat{x}_j = 0$ removes the middle term",
    )
    d.step(
        lambda: gamma / width * overlap * (eps / (variance + eps)),
        because="the mean square of $\\hat{x}$ is $v/(v + \\varepsilon)$",
    )
    return d.qed()


@derivation(
    "normalisation.gradient-radial",
    task="HW4-3.3b",
    title="the gradient is at right angles to the weights",
    sizes="any N and n",
)
def gradient_radial() -> Derivation:
    """Σ w ∂ℓ/∂w = 0 with ε = 0: no step of gradient descent pulls the weights towards 0."""
    given = Given(sizes=(N, n), span=(2, 3, 1))
    d = Derivation(
        "normalisation.gradient-radial",
        lambda: Sum(w[i] * Sum(g[s] * X[s, i], (s, 1, N)), (i, 1, n)),
        given,
        title="From weights to weighted inputs, for any slopes g of these",
    )
    d.step(lambda: Sum(g[s] * Sum(w[i] * X[s, i], (i, 1, n)), (s, 1, N)), because="add up in the other order")
    d.part(
        "For the slopes that batch normalisation hands down",
        lambda: Sum(backward(j, plain, spread) * x[j], (j, 1, N)),
        APART,
    )
    d.step(
        lambda: Sum(backward(j, plain, spread) * (spread * plain(j) + mean), (j, 1, N)),
        because="$x = r\\hat{x} + \\bar{x}$",
    )
    return d.step(0, because="they are at right angles to $\\hat{x}$ and to a constant").qed()


@derivation(
    "normalisation.gradient-scale", task="HW4-3.3b", title="longer weights, smaller gradient", sizes="any N"
)
def gradient_scale() -> Derivation:
    """With ε = 0 the gradient at the inputs c x is 1/c of that at x: large weights slow learning down."""

    def values(t: Expr) -> Expr:
        return scale * x[t]

    average = Sum(values(t), (t, 1, N)) / N
    hat = define("xhat_c", (s,), normalised(values, s), latex=r"\hat{x}^{(c)}")
    over = define("r_c", (), sqrt(Sum((values(t) - average) ** 2, (t, 1, N)) / N), latex="r^{(c)}")()
    d = Derivation("normalisation.gradient-scale", lambda: backward(j, hat, over), ENTRY)
    d.step(
        lambda: backward(j, plain, scale * spread),
        because="$\\hat{x}$ is the same, and $r$ is $c$ times as large",
    )
    return d.step(lambda: backward(j, plain, spread) / scale, because="take out $1/c$").qed()
