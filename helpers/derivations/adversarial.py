"""How far a small change of an image can move a classifier: the step of one gradient, and its rivals.

HW4 problem 5.2. x has n pixels, g_i is the derivative of a loss by pixel i, and δ is a change of the image.
To first order the loss moves by Σ g_i δ_i. The largest move with no pixel changed by more than ε is that of
the fast gradient sign method, δ = ε sign(g). For a linear classifier "to first order" is exact. ε has the
units of x; `adversarial_transforms` says what it is in others, and what blurs and temperatures do.
"""

from __future__ import annotations

from sympy import Abs, Expr, Integer, KroneckerDelta, Rational, Sum, Symbol, exp, log, sign, sqrt

from helpers.notation import (
    K,
    W,
    array,
    b,
    bce,
    eps,
    i,
    j,
    k,
    l,
    linear,
    n,
    sigma,
    softplus,
    w,
    x,
    y,
    yk,
)
from helpers.proof import At, Derivation, Given, Partial, define, smooth

from ._registry import derivation

g, delta, p = array("g", n), array("delta", n), array("p", n)
score = define("z", (), linear(w, x) + b)()
SUMS = Given(sizes=(n,))
BOX = Given(sizes=(n,), domain={p: "closed unit"})
ENTRY = Given(sizes=(n,), free={j: (1, n)}, domain={y: "closed unit"})


def length(values: Expr = g) -> Expr:
    """‖values‖₂."""
    return sqrt(Sum(values[i] ** 2, (i, 1, n)))


def total(values: Expr = g) -> Expr:
    """‖values‖₁ = Σ |values|."""
    return Sum(Abs(values[i]), (i, 1, n))


def changed(change: Expr) -> Expr:
    """Σ g_i · change_i: how much the loss moves to first order."""
    return Sum(g[i] * change, (i, 1, n))


# ---------------------------------------------------------------- the gradient by the image
@derivation(
    "adversarial.first-order", task="HW4-5.2", title="a small change moves the loss by Σ g δ", sizes="any n"
)
def first_order() -> Derivation:
    """The slope of the loss along δ is Σ g_i δ_i, for any loss of a weighted sum of pixels."""
    t = Symbol("t", real=True)
    loss, loss_slope = smooth("f")
    moved = loss(Sum(w[i] * (x[i] + t * delta[i]), (i, 1, n)))
    d = Derivation("adversarial.first-order", At(Partial(moved, t), t, 0), SUMS)
    d.step(lambda: loss_slope(linear(w, x)) * Sum(w[i] * delta[i], (i, 1, n)), because="chain rule")
    return d.step(
        lambda: Sum(loss_slope(linear(w, x)) * w[i] * delta[i], (i, 1, n)), because="$g_i = f'(z)\\,w_i$"
    ).qed()


@derivation(
    "adversarial.input-gradient", task="HW4-5.2", title="logistic regression, by the image", sizes="any n"
)
def input_gradient() -> Derivation:
    """∂C/∂x_j = −(y − σ(z)) w_j: its sign is that of the weight, or its opposite, for all pixels at once."""
    a = define("yhat", (), sigma(score), latex=r"\hat{y}")()
    d = Derivation("adversarial.input-gradient", Partial(bce(y, a), x[j]), ENTRY)
    d.step(lambda: -(y - a) * Partial(score, x[j]), because="chain rule, $\\sigma' = \\sigma(1 - \\sigma)$")
    return d.step(lambda: -(y - a) * w[j], because="only the term $i = j$ of $z$ contains $x_j$").qed()


@derivation(
    "adversarial.input-gradient-softmax",
    task="HW4-5.2",
    title="softmax regression, by the image",
    sizes="any K and n",
)
def input_gradient_softmax() -> Derivation:
    """∂C/∂x_j = −Σ_k (y_k − a_k) W_kj: the errors of the classes, sent back through the weights."""
    given = Given(
        sizes=(K, n),
        free={j: (1, n)},
        domain={yk: "simplex"},
        facts=((Sum(yk[k], (k, 1, K)), 1),),
        span=(2, 3, 1),
    )
    z = define("z", (k,), Sum(W[k, i] * x[i], (i, 1, n)))
    a = define("a", (k,), exp(z(k)) / Sum(exp(z(l)), (l, 1, K)))
    loss, mean = -Sum(yk[k] * log(a(k)), (k, 1, K)), Sum(a(l) * W[l, j], (l, 1, K))
    d = Derivation("adversarial.input-gradient-softmax", Partial(loss, x[j]), given)
    d.step(
        lambda: -Sum(yk[k] * (Partial(z(k), x[j]) - Sum(a(l) * Partial(z(l), x[j]), (l, 1, K))), (k, 1, K)),
        because="$\\ln a_k = z_k - \\ln\\sum e^z$",
    )
    d.step(
        lambda: -Sum(yk[k] * W[k, j], (k, 1, K)) + Sum(yk[k], (k, 1, K)) * mean,
        because="$\\partial z_k/\\partial x_j = W_{kj}$",
    )
    return d.step(lambda: -Sum((yk[k] - a(k)) * W[k, j], (k, 1, K)), because="$\\sum y = 1$").qed()


# ---------------------------------------------------------------- no pixel changed by more than ε
@derivation("adversarial.sign-step", task="HW4-5.2", title="what the sign step gains", sizes="any n")
def sign_step() -> Derivation:
    """δ = ε sign(g) moves the loss by ε Σ |g|, to first order."""
    d = Derivation("adversarial.sign-step", lambda: changed(eps * sign(g[i])), SUMS)
    return d.step(lambda: eps * total(), because="$g \\cdot \\mathrm{sign}(g) = |g|$").qed()


@derivation(
    "adversarial.sign-best", task="HW4-5.2", title="no other change within ε gains more", sizes="any n"
)
def sign_best() -> Derivation:
    """Σ g δ ≤ ε Σ |g| if |δ_i| ≤ ε for every i: such a δ_i is ε(1 − 2p_i) with p_i between 0 and 1."""
    gap = eps * Sum((1 - p[i]) * (Abs(g[i]) - g[i]) + p[i] * (Abs(g[i]) + g[i]), (i, 1, n))
    d = Derivation("adversarial.sign-best", lambda: changed(eps * (1 - 2 * p[i])), BOX)
    d.step(lambda: eps * total() - gap, because="add and subtract $\\varepsilon|g_i|$")
    d.step(eps * total(), because="$|g_i|$ is at least $g_i$ and at least $-g_i$", relation="<=", gap=gap)
    return d.qed()


@derivation("adversarial.sign-length", task="HW4-5.2", title="how long the sign step is", sizes="any n")
def sign_length() -> Derivation:
    """Its Euclidean length is ε √n if no g_i is 0: small in every pixel, large in all of them together."""
    d = Derivation(
        "adversarial.sign-length",
        lambda: sqrt(Sum((eps * sign(g[i])) ** 2, (i, 1, n))),
        Given(sizes=(n,), domain={g: "nonzero"}),
    )
    d.step(lambda: sqrt(n * eps**2), because="the square of a sign is 1")
    return d.step(lambda: eps * sqrt(n), because="$\\varepsilon > 0$").qed()


@derivation(
    "adversarial.random-signs", task="HW4-5.2", title="a random change of the same size", sizes="any n"
)
def random_signs() -> Derivation:
    """With δ_i = ±ε, each sign by a toss of its own, the mean move is 0 and its variance ε² Σ g²."""
    half, same = Rational(1, 2), KroneckerDelta(i, j)

    def one_toss() -> Expr:
        return half - half

    def pair() -> Expr:
        return same * (half + half) + (1 - same) * one_toss() ** 2

    d = Derivation(
        "adversarial.random-signs",
        lambda: changed(eps * one_toss()),
        SUMS,
        title="The mean: plus and minus, each with probability ½",
    )
    d.step(Integer(0), because="either sign is as likely")
    d.part(
        "The variance: pairs of pixels", lambda: Sum(eps * g[i] * (eps * g[j]) * pair(), (i, 1, n), (j, 1, n))
    )
    d.step(
        lambda: Sum(eps * g[i] * (eps * g[j]) * same, (i, 1, n), (j, 1, n)),
        because="two tosses that do not depend on each other: the product of their means is 0",
    )
    return d.step(lambda: eps**2 * Sum(g[i] ** 2, (i, 1, n)), because="the delta picks $i = j$").qed()


@derivation(
    "adversarial.many-pixels", task="HW4-5.2", title="why many pixels help the attacker", sizes="any n"
)
def many_pixels() -> Derivation:
    """If all |g_i| = c, the sign step gains √n times the standard deviation of a random one of its size."""
    c = Symbol("c", positive=True)
    d = Derivation(
        "adversarial.many-pixels", lambda: eps * Sum(c, (i, 1, n)) / sqrt(eps**2 * Sum(c**2, (i, 1, n))), SUMS
    )
    d.step(lambda: (eps * n * c) / (eps * sqrt(n) * c), because="$n$ equal terms")
    return d.step(sqrt(n), because="28 for an image of 28 × 28 pixels").qed()


# ---------------------------------------------------------------- a change of a given Euclidean length
@derivation(
    "adversarial.cauchy-schwarz", task="HW4-5.2", title="the most that a given length gains", sizes="any n"
)
def cauchy_schwarz() -> Derivation:
    """(Σ g δ)² ≤ Σ g² Σ δ²: what is missing is half the sum of all (g_i δ_j − g_j δ_i)²."""
    crossed = Sum((g[i] * delta[j] - g[j] * delta[i]) ** 2, (i, 1, n), (j, 1, n)) / 2
    both = Sum(g[i] ** 2, (i, 1, n)) * Sum(delta[i] ** 2, (i, 1, n))
    d = Derivation("adversarial.cauchy-schwarz", Sum(g[i] * delta[i], (i, 1, n)) ** 2, SUMS)
    d.step(lambda: both - crossed, because="Lagrange's identity: multiply out the squares")
    return d.step(both, because="squares are not negative", relation="<=", gap=crossed).qed()


@derivation("adversarial.length-step", task="HW4-5.2", title="the step along the gradient", sizes="any n")
def length_step() -> Derivation:
    """δ = ε g/‖g‖ has the length ε and gains ε ‖g‖: by Cauchy–Schwarz nothing of that length gains more."""
    d = Derivation(
        "adversarial.length-step", lambda: changed(eps * g[i] / length()), SUMS, title="What it gains"
    )
    d.step(
        lambda: eps * Sum(g[i] ** 2, (i, 1, n)) / length(),
        because="$\\varepsilon/\\|g\\|$ is a common factor",
    )
    d.step(lambda: eps * length(), because="$\\|g\\|^2/\\|g\\| = \\|g\\|$")
    d.part("Its squared length", lambda: Sum((eps * g[i] / length()) ** 2, (i, 1, n)))
    return d.step(eps**2, because="$\\sum g^2 = \\|g\\|^2$").qed()


@derivation("adversarial.norms", task="HW4-5.2", title="the two measures of a gradient", sizes="any n")
def norms() -> Derivation:
    """‖g‖₁² ≤ n ‖g‖₂²: equal when all |g_i| are equal."""
    apart = Sum((Abs(g[i]) - Abs(g[j])) ** 2, (i, 1, n), (j, 1, n)) / 2
    d = Derivation("adversarial.norms", total() ** 2, SUMS)
    d.step(lambda: n * Sum(g[i] ** 2, (i, 1, n)) - apart, because="multiply out; $|g|^2 = g^2$")
    d.step(n * Sum(g[i] ** 2, (i, 1, n)), because="squares are not negative", relation="<=", gap=apart)
    return d.qed()


# ---------------------------------------------------------------- a linear classifier
@derivation(
    "adversarial.safe", task="HW4-5.2", title="how far a linear classifier's score can fall", sizes="any n"
)
def safe() -> Derivation:
    """With |δ_i| ≤ ε the score stays at least z − ε ‖w‖₁: the class is safe while ε < z/‖w‖₁."""
    gap = eps * Sum((1 - p[i]) * (Abs(w[i]) - w[i]) + p[i] * (Abs(w[i]) + w[i]), (i, 1, n))
    d = Derivation("adversarial.safe", lambda: Sum(w[i] * (x[i] - eps * (1 - 2 * p[i])), (i, 1, n)) + b, BOX)
    d.step(lambda: score - eps * total(w) + gap, because="every $\\delta_i$ is $-\\varepsilon(1 - 2p_i)$")
    d.step(
        lambda: score - eps * total(w),
        because="$|w_i|$ is at least $w_i$ and at least $-w_i$",
        relation=">=",
        gap=gap,
    )
    return d.qed()


@derivation("adversarial.minimal", task="HW4-5.2", title="the smallest change to the boundary", sizes="any n")
def minimal() -> Derivation:
    """δ = −(z/‖w‖₁) sign(w) brings the score to 0, and changes no pixel by more than |z|/‖w‖₁."""
    d = Derivation(
        "adversarial.minimal", lambda: Sum(w[i] * (x[i] - score / total(w) * sign(w[i])), (i, 1, n)) + b, SUMS
    )
    d.step(lambda: score - score / total(w) * total(w), because="$w \\cdot \\mathrm{sign}(w) = |w|$")
    return d.step(0, because="$\\|w\\|_1$ cancels").qed()


@derivation(
    "adversarial.minimal-length", task="HW4-5.2", title="the shortest change to the boundary", sizes="any n"
)
def minimal_length() -> Derivation:
    """δ = −z w/‖w‖² brings the score to 0 and has the length |z|/‖w‖: the distance to the boundary."""
    square = Sum(w[k] ** 2, (k, 1, n))
    d = Derivation(
        "adversarial.minimal-length",
        lambda: Sum(w[i] * (x[i] - score * w[i] / square), (i, 1, n)) + b,
        SUMS,
        title="The score",
    )
    d.step(lambda: score - score * square / square, because="$\\sum w^2 = \\|w\\|^2$")
    d.step(0, because="$\\|w\\|^2$ cancels")
    d.part("The squared length", lambda: Sum((score * w[i] / square) ** 2, (i, 1, n)))
    return d.step(lambda: score**2 / square, because="$z^2/\\|w\\|^4$ is a common factor").qed()


@derivation(
    "adversarial.training", task="HW4-5.2", title="the worst case is a penalty inside the loss", sizes="any n"
)
def training() -> Derivation:
    """With label 1 and the worst change within ε, logistic regression's cost is softplus(ε ‖w‖₁ − z)."""
    worst = define("z", (), score - eps * total(w), latex="z'")()
    d = Derivation("adversarial.training", bce(1, sigma(worst)), SUMS)
    d.step(lambda: log(1 + exp(-worst)), because="the label is 1, and $\\sigma(z) = 1/(1 + e^{-z})$")
    return d.step(lambda: softplus(eps * total(w) - score), because="the score in the worst case").qed()
