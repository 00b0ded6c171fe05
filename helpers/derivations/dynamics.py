"""Training dynamics: what gradient descent does to λ and η, and why gradients vanish behind sigmoid layers.

HW4 problems 2.1, 2.2 and 2.3a. J = C + λ Σ w², in nats; η is the rate per step. The bound σ′ ≤ ¼ decides the
rest: a factor w σ′(z) of the full product can only reach 1 where |w| ≥ 4. For how many inputs it does is in
`dynamics_interval`, momentum in `dynamics_momentum`; the stable rate 2/h is in `regularisation_rates`.
"""

from __future__ import annotations

from sympy import Abs, Expr, Rational, Sum, Symbol, tanh

from helpers.notation import N, Y, array, b, c, eps, eta, i, lam, n, sigma, u, w
from helpers.proof import At, Derivation, Given, Partial, define

from ._registry import derivation
from .logistic import cost, squares

DATA = Given(sizes=(n, N), domain={Y: "closed unit"}, span=(2, 3, 1))
weight, a = Symbol("w", real=True), Symbol("a", real=True)  # one weight and its input
below = Symbol("d", positive=True)
slope = define("sigma'", (u,), sigma(u) * (1 - sigma(u)), latex=r"\sigma'")
gap = (sigma(u) - Rational(1, 2)) ** 2
h = array("h", n)
product, slack = Symbol("P_L", nonnegative=True), Symbol("epsilon", nonnegative=True)


def objective() -> Expr:
    """J = C + λ Σ w², with C the mean cross-entropy of N samples."""
    return cost() + lam * squares()


# ---------------------------------------------------------------- λ and η by gradient descent
@derivation("dynamics.penalty-slope", task="HW4-2.1", title="the cost's derivative by λ", sizes="any n and N")
def penalty_slope() -> Derivation:
    """∂J/∂λ = Σ w² ≥ 0, whatever the data."""
    d = Derivation("dynamics.penalty-slope", Partial(objective(), lam), DATA)
    d.step(squares(), because="$C$ does not contain $\\lambda$")
    d.step(0, because="squares are not negative", relation=">=", gap=squares())
    return d.qed()


@derivation(
    "dynamics.penalty-descent", task="HW4-2.1", title="gradient descent drives λ down", sizes="any n and N"
)
def penalty_descent() -> Derivation:
    """A step of rate ε on λ never raises it: descent cannot choose λ, it only switches the penalty off."""
    d = Derivation("dynamics.penalty-descent", lambda: lam - eps * Partial(objective(), lam), DATA)
    d.step(lambda: lam - eps * squares(), because="$\\partial J/\\partial\\lambda = \\sum_i w_i^2$")
    d.step(lam, because="$\\varepsilon \\sum_i w_i^2$ is not negative", relation="<=", gap=eps * squares())
    return d.qed()


@derivation(
    "dynamics.rate-descent", task="HW4-2.1", title="gradient descent leaves η alone", sizes="any n and N"
)
def rate_descent() -> Derivation:
    """The cost does not contain η, so its derivative by η is 0 and a step leaves η as it is."""
    d = Derivation("dynamics.rate-descent", lambda: eta - eps * Partial(objective(), eta), DATA)
    return d.step(eta, because="$J$ does not contain $\\eta$").qed()


@derivation(
    "dynamics.rate-after-step", task="HW4-2.1", title="the cost after one step does contain η", sizes="any n"
)
def rate_after_step() -> Derivation:
    """On C = ½ Σ h w² the cost after one step has the derivative −Σ h² w² (1 − ηh) by η."""
    moved = Sum(h[i] * (w[i] - eta * h[i] * w[i]) ** 2, (i, 1, n)) / 2
    d = Derivation("dynamics.rate-after-step", Partial(moved, eta), Given(sizes=(n,)))
    d.step(
        lambda: Sum(h[i] * (w[i] - eta * h[i] * w[i]) * (-h[i] * w[i]), (i, 1, n)),
        because="derivative of a square; the 2 cancels the ½",
    )
    return d.qed(lambda: -Sum((h[i] * w[i]) ** 2 * (1 - eta * h[i]), (i, 1, n)))


@derivation(
    "dynamics.rate-at-zero", task="HW4-2.1", title="the first bit of rate always helps", sizes="any n"
)
def rate_at_zero() -> Derivation:
    """At η = 0 that derivative is −‖∇C‖², with ∂C/∂w_i = h_i w_i."""
    moved = Sum(h[i] * (w[i] - u * h[i] * w[i]) ** 2, (i, 1, n)) / 2
    d = Derivation("dynamics.rate-at-zero", At(Partial(moved, u), u, 0), Given(sizes=(n,)))
    slowest = Sum((h[i] * w[i]) ** 2, (i, 1, n))
    d.step(-slowest, because="the derivative above, with $\\eta = 0$")
    d.step(0, because="squares are not negative", relation="<=", gap=slowest)
    return d.qed()


# ---------------------------------------------------------------- how large a derivative can be
@derivation(
    "dynamics.sigma-prime-most",
    task="HW4-2.2",
    title="the logistic function's slope is at most ¼",
    sizes="a number",
)
def sigma_prime_most() -> Derivation:
    """σ′(u) ≤ ¼, because ¼ − σ′ = (σ − ½)²."""
    d = Derivation("dynamics.sigma-prime-most", Partial(sigma(u), u))
    d.step(lambda: sigma(u) * (1 - sigma(u)), because="$\\sigma' = \\sigma(1 - \\sigma)$")
    d.step(lambda: Rational(1, 4) - gap, because="complete the square")
    d.step(Rational(1, 4), because="a square is not negative", relation="<=", gap=gap)
    return d.qed()


@derivation("dynamics.sigma-prime-zero", task="HW4-2.2", title="the bound is reached at 0", sizes="a number")
def sigma_prime_zero() -> Derivation:
    """σ′(0) = ¼, so the bound is ≤ and not <."""
    d = Derivation("dynamics.sigma-prime-zero", At(Partial(sigma(u), u), u, 0))
    d.step(lambda: sigma(0) * (1 - sigma(0)), because="$\\sigma' = \\sigma(1 - \\sigma)$")
    return d.qed(Rational(1, 4))


@derivation(
    "dynamics.tanh-prime-most", task="HW4-2.2", title="the slope of tanh is at most 1", sizes="a number"
)
def tanh_prime_most() -> Derivation:
    """tanh′(u) = 1 − tanh²(u) ≤ 1, reached at 0: four times the room of the logistic function."""
    d = Derivation("dynamics.tanh-prime-most", Partial(tanh(u), u))
    d.step(lambda: 1 - tanh(u) ** 2, because="derivative of tanh")
    d.step(1, because="a square is not negative", relation="<=", gap=tanh(u) ** 2)
    return d.qed()


@derivation("dynamics.steep", task="HW4-2.2", title="a steeper logistic function", sizes="a number")
def steep() -> Derivation:
    """σ(c u) has a slope of at most c/4: with c > 4 the factors can exceed 1, and then they explode."""
    d = Derivation("dynamics.steep", Partial(sigma(c * u), u))
    d.step(lambda: c * slope(c * u), because="chain rule")
    d.step(
        c / 4, because="$\\sigma' \\le \\frac14$", relation="<=", gap=c * (sigma(c * u) - Rational(1, 2)) ** 2
    )
    return d.qed()


# ---------------------------------------------------------------- a product of many factors
@derivation(
    "dynamics.vanishing",
    task="HW4-2.2",
    title="the product of L factors w σ′(z)",
    sizes="any depth L, by induction: the base, and the step from any L to L + 1",
)
def vanishing() -> Derivation:
    """|w_1 σ′(z_1) … w_L σ′(z_L)| ≤ |w_1|/4 … |w_L|/4: below 4 the product vanishes with depth."""
    d = Derivation(
        "dynamics.vanishing",
        lambda: Abs(weight) * slope(u),
        title="Base: one factor",
        claim="$P_L \\le Q_L$ for every $L$, where $P_L = \\prod_{l=1}^L |w_l \\sigma'(z_l)|$ and "
        "$Q_L = \\prod_{l=1}^L |w_l|/4$; with equal weights $Q_L = (|w|/4)^L$",
    )
    d.step(Abs(weight) / 4, because="$\\sigma' \\le \\frac14$", relation="<=", gap=Abs(weight) * gap)
    d.part(
        "Step: suppose $P_L \\le Q_L$, that is, $Q_L = P_L + \\epsilon$ with $\\epsilon \\ge 0$",
        lambda: product * (Abs(weight) * slope(u)),
    )
    d.step(
        lambda: (product + slack) * (Abs(weight) / 4),
        relation="<=",
        because="one more factor: $P_L \\le Q_L$ and $\\sigma' \\le \\frac14$",
        gap=slack * Abs(weight) / 4 + product * Abs(weight) * gap,
    )
    return d.qed()


@derivation(
    "dynamics.weight-four", task="HW4-2.3a", title="a factor of 1 needs a weight of 4", sizes="a number"
)
def weight_four() -> Derivation:
    """|w σ′(wa + b)| ≤ |w|/4 for every input a and bias b, so it can only reach 1 if |w| ≥ 4."""
    d = Derivation("dynamics.weight-four", lambda: Abs(weight * slope(weight * a + b)))
    d.step(lambda: Abs(weight) * slope(weight * a + b), because="$\\sigma' = \\sigma(1-\\sigma)$ is positive")
    d.step(
        Abs(weight) / 4,
        because="$\\sigma' \\le \\frac14$",
        relation="<=",
        gap=Abs(weight) * (sigma(weight * a + b) - Rational(1, 2)) ** 2,
    )
    return d.qed()


@derivation(
    "dynamics.weight-below-four",
    task="HW4-2.3a",
    title="below 4 every factor is below 1",
    sizes="a number; |w| = 4/(1 + d) with any d > 0",
)
def weight_below_four() -> Derivation:
    """|w| < 4 gives |w| σ′(z) < 1 for every z: the same bound, read the other way."""
    small = define("|w|", (), 4 / (1 + below), latex="|w|")()
    d = Derivation(
        "dynamics.weight-below-four", lambda: small * slope(u), title="$|w| = 4/(1 + d)$ with $d > 0$"
    )
    d.step(
        1, because="$\\sigma' \\le \\frac14$ and $|w| < 4$", relation="<", gap=(below + 4 * gap) / (1 + below)
    )
    return d.qed()


@derivation(
    "dynamics.weight-exactly-four",
    task="HW4-2.3a",
    title="with a weight of 4 there is one input",
    sizes="a number",
)
def weight_exactly_four() -> Derivation:
    """With w = 4 the factor is 1 at a = −b/w, where z = 0."""
    d = Derivation("dynamics.weight-exactly-four", At(4 * slope(4 * a + b), a, -b / 4))
    d.step(lambda: 4 * slope(0), because="$z = 0$")
    return d.qed(1)


# ---------------------------------------------------------------- the reports' errors
