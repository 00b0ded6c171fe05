"""Cross-entropy: why y and a must not trade places, where it is smallest, and how fast a unit learns from it.

HW3 problems 3.1 and 3.4 (HW4 1.1 and 1.4). For one sample C(a) = −(y ln a + (1 − y) ln(1 − a)), in nats, with
a label y between 0 and 1 and an output a strictly between 0 and 1. Minima and limits are in
`cross_entropy_minimum`.
"""

from __future__ import annotations

from sympy import Expr, Rational, S, Sum, Symbol, exp, log

from helpers.notation import K, a, b, bce, entropy, q, r, sigma, softplus, u, y, zk
from helpers.proof import Derivation, Given, Partial, define

from ._registry import derivation

CLOSED = Given(domain={y: "closed unit", a: "unit"})
OUTPUT = Given(domain={a: "unit"})
UNIT = Given(domain={y: "closed unit"})
magnitude = Symbol("t", nonnegative=True)


def slope() -> Expr:
    """dC/da."""
    return Partial(bce(y, a), a)


# ---------------------------------------------------------------- the right formula at the end points
@derivation("cross_entropy.label-zero", task="HW3-3.1", title="the right formula at y = 0", sizes="a number")
def label_zero() -> Derivation:
    """At y = 0 the cost is −ln(1 − a): finite for every a between 0 and 1."""
    d = Derivation("cross_entropy.label-zero", lambda: bce(0, a), OUTPUT)
    d.step(lambda: -(0 * log(a) + 1 * log(1 - a)), because="definition, with $y = 0$ as a factor")
    return d.qed(-log(1 - a))


@derivation("cross_entropy.label-one", task="HW3-3.1", title="the right formula at y = 1", sizes="a number")
def label_one() -> Derivation:
    """At y = 1 the cost is −ln a: finite for every a between 0 and 1."""
    d = Derivation("cross_entropy.label-one", lambda: bce(1, a), OUTPUT)
    d.step(lambda: -(1 * log(a) + 0 * log(1 - a)), because="definition, with $1 - y = 0$ as a factor")
    return d.qed(-log(a))


# ---------------------------------------------------------------- slope, curvature, minimum
@derivation("cross_entropy.slope", task="HW3-3.4", title="the slope in the output", sizes="a number")
def slope_in_output() -> Derivation:
    """C'(a) = (a − y)/(a(1 − a)): below zero for a < y, above it for a > y, zero only at a = y."""
    d = Derivation("cross_entropy.slope", slope, CLOSED)
    d.step(lambda: -(y / a - (1 - y) / (1 - a)), because="derivative of each logarithm")
    d.step(lambda: -(y * (1 - a) - (1 - y) * a) / (a * (1 - a)), because="common denominator")
    return d.qed(lambda: (a - y) / (a * (1 - a)))


@derivation("cross_entropy.curvature", task="HW3-3.4", title="convex in the output", sizes="a number")
def curvature() -> Derivation:
    """C''(a) ≥ 1 > 0 for every y from 0 to 1, both included, and every a between 0 and 1."""
    d = Derivation("cross_entropy.curvature", lambda: Partial(slope(), a), CLOSED)
    d.step(lambda: y / a**2 + (1 - y) / (1 - a) ** 2, because="differentiate $-y/a + (1-y)/(1-a)$")
    above = y * ((1 - a) / a) * (1 / a + 1) + (1 - y) * (a / (1 - a)) * (1 / (1 - a) + 1)
    d.step(
        1,
        because="$y/a^2 \\ge y$ and $(1-y)/(1-a)^2 \\ge 1-y$, because $a$ and $1-a$ are below 1",
        relation=">=",
        gap=above,
    )
    d.step(0, because="so it is positive at $y = 0$ and $y = 1$ as well", relation=">", gap=S.One)
    return d.qed()


@derivation(
    "cross_entropy.at-minimum", task="HW3-3.4", title="the least value is the entropy of y", sizes="a number"
)
def at_minimum() -> Derivation:
    """C at a = y is −(y ln y + (1 − y) ln(1 − y)): zero only for certain labels."""
    d = Derivation("cross_entropy.at-minimum", lambda: bce(y, y), Given(domain={y: "unit"}))
    d.step(lambda: -(y * log(y) + (1 - y) * log(1 - y)), because="put $a = y$")
    return d.qed(entropy(y))


@derivation(
    "cross_entropy.half", task="HW3-3.4", title="an output that knows nothing costs ln 2", sizes="a number"
)
def half() -> Derivation:
    """C at a = 1/2 is ln 2 for every label."""
    d = Derivation("cross_entropy.half", lambda: bce(y, Rational(1, 2)), UNIT)
    d.step(lambda: -(y + (1 - y)) * log(Rational(1, 2)), because="both logarithms are the same")
    return d.qed(log(2))


# ---------------------------------------------------------------- in the weighted input z
@derivation("cross_entropy.delta", task="HW3-3.6", title="the error of a logistic unit", sizes="a number")
def delta() -> Derivation:
    """dC/dz = σ(z) − y: the factor σ' has cancelled, so a saturated wrong unit still learns."""
    d = Derivation("cross_entropy.delta", lambda: Partial(bce(y, sigma(u)), u), UNIT)
    d.step(
        lambda: (sigma(u) - y) / (sigma(u) * (1 - sigma(u))) * Partial(sigma(u), u),
        because="chain rule with the slope in the output",
    )
    d.step(
        lambda: (sigma(u) - y) / (sigma(u) * (1 - sigma(u))) * (sigma(u) * (1 - sigma(u))),
        because="$\\sigma' = \\sigma(1 - \\sigma)$",
    )
    return d.qed(lambda: sigma(u) - y)


@derivation(
    "cross_entropy.quadratic-delta",
    task="HW3-3.6",
    title="the error with the quadratic cost",
    sizes="a number",
)
def quadratic_delta() -> Derivation:
    """For ½(a − y)² the error is (σ − y) σ(1 − σ): the factor σ' stays."""
    wrong = sigma(u) - y
    d = Derivation("cross_entropy.quadratic-delta", lambda: Partial(wrong**2 / 2, u), UNIT)
    d.step(lambda: (sigma(u) - y) * Partial(sigma(u), u), because="chain rule")
    d.step(
        lambda: (sigma(u) - y) * (sigma(u) * (1 - sigma(u))),
        because="$\\sigma' = \\sigma(1 - \\sigma)$ stays",
    )
    return d.qed()


@derivation(
    "cross_entropy.slow",
    task="HW3-3.6",
    title="the quadratic cost learns at most a quarter as fast",
    sizes="a number",
)
def slow() -> Derivation:
    """((σ − y) σ(1 − σ))² ≤ (σ − y)²/16, and the factor σ(1 − σ) vanishes where the unit is saturated."""
    quarter, off = Rational(1, 4), sigma(u) - Rational(1, 2)
    d = Derivation("cross_entropy.slow", lambda: ((sigma(u) - y) * (sigma(u) * (1 - sigma(u)))) ** 2, UNIT)
    d.step(
        lambda: (sigma(u) - y) ** 2 * (quarter - (sigma(u) - Rational(1, 2)) ** 2) ** 2,
        because="complete the square",
    )
    gap = (sigma(u) - y) ** 2 * off**2 * (quarter + sigma(u) * sigma(-u))
    d.step(
        (sigma(u) - y) ** 2 / 16,
        because="$\\sigma(1 - \\sigma) \\le 1/4$, with equality at $z = 0$",
        relation="<=",
        gap=gap,
    )
    return d.qed()


@derivation("cross_entropy.convex", task="HW3-3.4", title="convex in the weighted input", sizes="a number")
def convex() -> Derivation:
    """d²C/dz² = σ(1 − σ) > 0, whatever the label."""
    d = Derivation("cross_entropy.convex", lambda: Partial(Partial(bce(y, sigma(u)), u), u), UNIT)
    d.step(lambda: Partial(sigma(u) - y, u), because="the error of a logistic unit")
    d.step(lambda: sigma(u) * (1 - sigma(u)), because="$\\sigma' = \\sigma(1 - \\sigma)$")
    d.step(
        0,
        because="$1 - \\sigma(z) = \\sigma(-z)$, and both are positive",
        relation=">",
        gap=sigma(u) * sigma(-u),
    )
    return d.qed()


@derivation(
    "cross_entropy.quadratic-not-convex",
    task="HW3-3.6",
    title="the quadratic cost is not convex",
    sizes="a number",
)
def quadratic_not_convex() -> Derivation:
    """At y = 0 and σ(z) = 0.9 the second derivative of ½(σ − y)² is −0.0567: the slope gets flatter."""
    curve = define("f", (u,), Partial(Partial(sigma(u) ** 2 / 2, u), u))
    d = Derivation("cross_entropy.quadratic-not-convex", lambda: curve(log(9)))
    d.step(
        lambda: sigma(log(9)) ** 2 * (1 - sigma(log(9))) * (2 - 3 * sigma(log(9))),
        because="$(\\sigma^2(1-\\sigma))' = \\sigma^2(1-\\sigma)(2-3\\sigma)$, at $z = \\ln 9$",
    )
    d.step(Rational(-567, 10000), because="$\\sigma(\\ln 9) = 0.9$")
    d.step(0, because="a negative number", relation="<", gap=Rational(567, 10000))
    return d.qed()


# ---------------------------------------------------------------- forms that are safe in floating point
@derivation(
    "cross_entropy.safe-positive",
    task="HW3-3.1",
    title="softplus without overflow, z not negative",
    sizes="a number",
)
def safe_positive() -> Derivation:
    """ln(1 + e^t) − y t = t − y t + ln(1 + e^(−t)): no large exponential for t ≥ 0."""
    d = Derivation("cross_entropy.safe-positive", lambda: bce(y, sigma(magnitude)), UNIT)
    d.step(lambda: softplus(magnitude) - y * magnitude, because="the cost as softplus")
    d.step(
        lambda: magnitude - y * magnitude + log(1 + exp(-magnitude)), because="$1 + e^t = e^t (1 + e^{-t})$"
    )
    return d.qed()


@derivation(
    "cross_entropy.safe-negative",
    task="HW3-3.1",
    title="softplus without overflow, z not positive",
    sizes="a number",
)
def safe_negative() -> Derivation:
    """At z = −t ≤ 0 the cost is y t + ln(1 + e^(−t)): in both cases max(z, 0) − y z + ln(1 + e^(−|z|))."""
    d = Derivation("cross_entropy.safe-negative", lambda: bce(y, sigma(-magnitude)), UNIT)
    d.step(lambda: softplus(-magnitude) + y * magnitude, because="the cost as softplus, at $z = -t$")
    d.step(lambda: y * magnitude + log(1 + exp(-magnitude)), because="definition of softplus")
    return d.qed()


@derivation(
    "cross_entropy.log-softmax",
    task="HW3-3.1",
    title="the logarithm of softmax without overflow",
    sizes="any K",
)
def log_softmax() -> Derivation:
    """ln a_q = (z_q − b) − ln Σ e^(z_r − b) for any b; with b = max z no term overflows."""
    d = Derivation(
        "cross_entropy.log-softmax",
        lambda: log(exp(zk[q]) / Sum(exp(zk[r]), (r, 1, K))),
        Given(sizes=(K,), free={q: (1, K)}),
    )
    d.step(lambda: zk[q] - log(Sum(exp(zk[r]), (r, 1, K))), because="logarithm of a quotient")
    d.step(
        lambda: zk[q] - log(exp(b) * Sum(exp(zk[r] - b), (r, 1, K))),
        because="$e^b$ is a factor of every term",
    )
    return d.qed(lambda: (zk[q] - b) - log(Sum(exp(zk[r] - b), (r, 1, K))))
