"""Momentum on a quadratic: the exact region of stability, and what lies beyond it.

HW4 problem 2.4. Along one axis the cost is half its curvature times w²; h is the rate times the curvature. A
step is v ← μ v − h w, then w ← w + v. All follows from p(r) = r² − (1 + μ − h) r + μ: the weight converges
from every start exactly if both roots of p lie inside the unit circle, so if |μ| < 1 and 0 < h < 2(1 + μ).
The region is proved in both directions, for real roots and for complex ones.
"""

from __future__ import annotations

from sympy import Expr, Integer, sqrt, symbols

from helpers.notation import L, array, eta, mu, t
from helpers.proof import Derivation, Given, define, induction, recursive

from ._registry import derivation

h, r, s, x, g = symbols("h r s x g", real=True)
rho, tau = symbols("rho tau", real=True)
y, q, small, large = symbols("y q alpha beta", positive=True)
p = define("p", (r,), r**2 - (1 + mu - h) * r + mu)
centre = define("x", (), (1 + mu - h) / 2, latex="x")()
steady = define("v", (), -eta * g / (1 - mu), latex="v_*")()
STEPS = Given(sizes=(L,), free={t: (1, L)})
weight = array("w", L)  # the weight after each step


# ---------------------------------------------------------------- the characteristic polynomial
@derivation(
    "dynamics.momentum-recurrence", task="HW4-2.4", title="three weights in a row", sizes="any step t"
)
def momentum_recurrence() -> Derivation:
    """w_(t+1) = (1 + μ − h) w_t − μ w_(t−1): the velocity is the last difference of weights."""
    velocity, given = weight[t] - weight[t - 1], Given(sizes=(L,), free={t: (2, L)}, span=(2, 3, 4))
    d = Derivation("dynamics.momentum-recurrence", lambda: weight[t] + (mu * velocity - h * weight[t]), given)
    return d.step(lambda: (1 + mu - h) * weight[t] - mu * weight[t - 1], because="collect the weights").qed()


@derivation(
    "dynamics.momentum-polynomial",
    task="HW4-2.4",
    title="the characteristic polynomial",
    sizes="a number; any step t",
)
def momentum_polynomial() -> Derivation:
    """det(rI − M) = p(r) for (w, v) ← M(w, v) with the rows (1 − h, μ) and (−h, μ) of M."""
    d = Derivation(
        "dynamics.momentum-polynomial",
        lambda: (r - (1 - h)) * (r - mu) - (-mu) * h,
        title="$\\det(rI - M)$; the rows of $rI - M$ are $(r - (1-h), -\\mu)$ and $(h, r - \\mu)$",
    )
    d.step(lambda: r**2 - (1 - h) * r - mu * r + (1 - h) * mu + mu * h, because="multiply out")
    d.step(p(r), because="$\\mu h$ cancels")
    d.part(
        "$w_t = r^t$ follows the recurrence where $p(r) = 0$",
        lambda: r ** (t + 1) - ((1 + mu - h) * r**t - mu * r ** (t - 1)),
        STEPS,
    )
    return d.step(lambda: r ** (t - 1) * p(r), because="take out $r^{t-1}$").qed()


@derivation(
    "dynamics.momentum-values",
    task="HW4-2.4",
    title="p at 1 and −1, and the product of its roots",
    sizes="a number",
)
def momentum_values() -> Derivation:
    """p(1) = h, p(−1) = 2 + 2μ − h, and the roots multiply to μ."""
    root = sqrt(centre**2 - mu)
    d = Derivation("dynamics.momentum-values", p(1), title="At $1$")
    d.step(h, because="$1 - (1 + \\mu - h) + \\mu$")
    d.part("At $-1$", p(-1))
    d.step(lambda: 2 + 2 * mu - h, because="$1 + (1 + \\mu - h) + \\mu$")
    d.part("The roots, real or complex, with $x = (1 + \\mu - h)/2$", p(r))
    d.step(lambda: (r - (centre + root)) * (r - (centre - root)), because="complete the square")
    d.part("Their product", lambda: (centre + root) * (centre - root))
    d.step(lambda: centre**2 - (centre**2 - mu), because="difference of squares")
    return d.step(mu, because="cancel").qed()


# ---------------------------------------------------------------- inside the region both roots are inside
@derivation(
    "dynamics.momentum-stable-real",
    task="HW4-2.4",
    title="inside the region: real roots",
    sizes="every μ = 2ρ − 1 and h = 2(1 + μ)τ, with ρ and τ between 0 and 1: the whole region",
)
def momentum_stable_real() -> Derivation:
    """For |μ| < 1 and 0 < h < 2(1 + μ) no real root has |r| ≥ 1: put r = (1 + s)/(1 − s) with s ≥ 0."""
    m = define("mu", (), 2 * rho - 1, latex=r"\mu")()
    inside = define("p", (r,), r**2 - (1 + m - 2 * (1 + m) * tau) * r + m)
    whole = 4 * rho * (1 - tau) * s**2 + 4 * (1 - rho) * s + 4 * rho * tau
    given = Given(domain={rho: "unit", tau: "unit", s: "nonnegative"})
    d = Derivation(
        "dynamics.momentum-stable-real",
        lambda: (1 - s) ** 2 * p((1 + s) / (1 - s)),
        title="$r = (1+s)/(1-s)$ has $|r| \\ge 1$ for $s \\ge 0$, and is every such $r$ but $-1$",
    )
    d.step(lambda: p(-1) * s**2 + 2 * (1 - mu) * s + p(1), because="collect the powers of $s$")
    d.part(
        "With $\\mu = 2\\rho - 1$ and $h = 2(1+\\mu)\\tau$ none of these is a root",
        lambda: inside(-1) * s**2 + 2 * (1 - m) * s + inside(1),
        given,
    )
    d.step(whole, because="$p(-1) = 4\\rho(1-\\tau)$, $1 - \\mu = 2(1-\\rho)$, $p(1) = 4\\rho\\tau$")
    d.step(0, because="no term is negative, the last is positive", relation=">", gap=whole)
    d.part("Nor is $-1$", inside(-1), given)
    return d.step(0, because="$4\\rho(1-\\tau)$ is positive", relation=">", gap=4 * rho * (1 - tau)).qed()


@derivation(
    "dynamics.momentum-stable-complex",
    task="HW4-2.4",
    title="inside the region: complex roots",
    sizes="a number",
)
def momentum_stable_complex() -> Derivation:
    """Complex roots x ± iy have x² + y² = μ, so they are inside the circle for μ < 1 and not for μ ≥ 1."""
    d = Derivation(
        "dynamics.momentum-stable-complex", p(r), title="$y^2 = \\mu - x^2$, with $x = (1+\\mu-h)/2$"
    )
    d.step(lambda: (r - centre) ** 2 + (mu - centre**2), because="complete the square")
    d.part("The squared modulus", lambda: centre**2 + (mu - centre**2))
    return d.step(mu, because="cancel").qed()


# ---------------------------------------------------------------- and only there
@derivation(
    "dynamics.momentum-needed-real",
    task="HW4-2.4",
    title="outside the region: real roots",
    sizes="any two real roots 2ρ − 1 and 2τ − 1, with ρ and τ between 0 and 1",
)
def momentum_needed_real() -> Derivation:
    """If both real roots are inside, then h > 0, h < 2(1 + μ) and |μ| < 1."""
    first, second = (define(name, (), 2 * part - 1)() for name, part in (("r_1", rho), ("r_2", tau)))
    given = Given(domain={rho: "unit", tau: "unit"})
    d = Derivation(
        "dynamics.momentum-needed-real",
        lambda: (1 - first) * (1 - second),
        given,
        title="$h = p(1)$ is positive",
    )
    d.step(0, because="both factors are positive", relation=">", gap=4 * (1 - rho) * (1 - tau))
    d.part("$2 + 2\\mu - h = p(-1)$ is positive", lambda: (-1 - first) * (-1 - second), given)
    d.step(0, because="both factors are negative", relation=">", gap=4 * rho * tau)
    d.part("$1 - \\mu^2$ is positive, where $\\mu = r_1 r_2$", lambda: 1 - (first * second) ** 2, given)
    d.step(lambda: (1 - first**2) + first**2 * (1 - second**2), because="insert $r_1^2$")
    return d.step(
        0,
        because="the first term is positive, the second not negative",
        relation=">",
        gap=4 * rho * (1 - rho) + first**2 * (4 * tau * (1 - tau)),
    ).qed()


@derivation(
    "dynamics.momentum-needed-complex",
    task="HW4-2.4",
    title="outside the region: complex roots",
    sizes="any two complex roots x ± iy",
)
def momentum_needed_complex() -> Derivation:
    """For complex roots h > 0 and h < 2(1 + μ) always hold, and μ is their squared modulus."""
    pair = define("p", (r,), (r - x) ** 2 + y**2)
    d = Derivation("dynamics.momentum-needed-complex", pair(1), title="$h = p(1)$ is positive")
    d.step(0, because="$y \\ne 0$", relation=">", gap=(1 - x) ** 2 + y**2)
    d.part("$2 + 2\\mu - h = p(-1)$ is positive", pair(-1))
    d.step(0, because="$y \\ne 0$", relation=">", gap=(1 + x) ** 2 + y**2)
    d.part("$\\mu = p(0)$", pair(0))
    return d.step(lambda: x**2 + y**2, because="the squared modulus").qed()


# ---------------------------------------------------------------- oscillation, and the best rates
@derivation(
    "dynamics.momentum-band", task="HW4-2.4", title="where the weight oscillates", sizes="every μ = q² > 0"
)
def momentum_band() -> Derivation:
    """The roots are complex exactly for (1 − √μ)² < h < (1 + √μ)²."""

    def discriminant(h: Expr) -> Expr:
        return (1 + q**2 - h) ** 2 - 4 * q**2

    inside = (1 - q) ** 2 + 4 * q * tau
    d = Derivation("dynamics.momentum-band", discriminant(h), title="The discriminant, with $\\mu = q^2$")
    d.step(lambda: (1 + q**2 - h - 2 * q) * (1 + q**2 - h + 2 * q), because="difference of squares")
    d.step(lambda: (h - (1 - q) ** 2) * (h - (1 + q) ** 2), because="two squares; both signs turned")
    d.part(
        "For $h = (1-q)^2 + 4q\\tau$ with $\\tau$ between 0 and 1 it is negative",
        discriminant(inside),
        Given(domain={tau: "unit"}),
    )
    d.step(lambda: -16 * q**2 * tau * (1 - tau), because="the factors are $4q\\tau$ and $-4q(1-\\tau)$")
    d.step(0, because="every factor is positive", relation="<", gap=16 * q**2 * tau * (1 - tau))
    return d.qed()


@derivation(
    "dynamics.momentum-fastest",
    task="HW4-2.4",
    title="the fastest convergence for a given μ",
    sizes="every μ = q² > 0; any two positive moduli of real roots",
)
def momentum_fastest() -> Derivation:
    """The larger modulus is at least √μ, for every h; it is √μ at h = (1 − √μ)², where both roots are √μ."""
    double = define("p", (r,), r**2 - (1 + q**2 - (1 - q) ** 2) * r + q**2)
    d = Derivation("dynamics.momentum-fastest", double(r), title="$h = (1 - q)^2$, with $\\mu = q^2$")
    d.step(lambda: r**2 - 2 * q * r + q**2, because="$1 + q^2 - (1-q)^2 = 2q$")
    d.step(lambda: (r - q) ** 2, because="a square: both roots are $q$")
    d.part(
        "Real roots of moduli $\\alpha$ and $\\alpha + \\beta$: the larger squared, against $\\mu$",
        lambda: (small + large) ** 2,
    )
    return d.step(
        lambda: small * (small + large),
        because="$\\mu$ is the product of the moduli",
        relation=">=",
        gap=large * (small + large),
    ).qed()


@derivation(
    "dynamics.momentum-gain",
    task="HW4-2.4",
    title="what momentum gains along one axis",
    sizes="every h = q² below 1",
)
def momentum_gain() -> Derivation:
    """With the best μ = (1 − √h)² the error shrinks by 1 − √h a step; without momentum only by 1 − h."""
    best = define("p", (r,), r**2 - (1 + (1 - q) ** 2 - q**2) * r + (1 - q) ** 2)
    d = Derivation("dynamics.momentum-gain", best(r), title="$h = q^2$ and $\\mu = (1-q)^2$")
    d.step(lambda: (r - (1 - q)) ** 2, because="$1 + (1-q)^2 - q^2 = 2(1-q)$: both roots are $1 - q$")
    d.part("Against no momentum, where the root is $1 - q^2$", lambda: 1 - q, Given(domain={q: "unit"}))
    return d.step(lambda: 1 - q**2, because="$q^2 < q$", relation="<", gap=q * (1 - q)).qed()


@derivation(
    "dynamics.momentum-two-axes",
    task="HW4-2.4",
    title="the best setting for two curvatures",
    sizes="any two curvatures α² and (α + β)², with α, β > 0",
)
def momentum_two_axes() -> Derivation:
    """η = 4/(2α + β)² and √μ = β/(2α + β) put the two curvatures at the two ends of the band."""
    rate, root = 4 / (2 * small + large) ** 2, large / (2 * small + large)
    d = Derivation(
        "dynamics.momentum-two-axes",
        lambda: rate * small**2,
        title="The flat axis, of curvature $\\alpha^2$: $h = (1 - \\sqrt\\mu)^2$",
    )
    d.step(lambda: (1 - root) ** 2, because="$1 - \\sqrt\\mu = 2\\alpha/(2\\alpha + \\beta)$")
    d.part(
        "The steep axis, of curvature $(\\alpha + \\beta)^2$: $h = (1 + \\sqrt\\mu)^2$",
        lambda: rate * (small + large) ** 2,
    )
    return d.step(
        lambda: (1 + root) ** 2, because="$1 + \\sqrt\\mu = 2(\\alpha + \\beta)/(2\\alpha + \\beta)$"
    ).qed()


# ---------------------------------------------------------------- a constant slope: the velocity
pushed = recursive("v", [t], start=(t, Integer(0)), base=Integer(0), rule=lambda f: mu * f(t - 1) - eta * g)


@derivation(
    "dynamics.momentum-velocity",
    task="HW4-2.4",
    title="the velocity on a constant slope",
    sizes="any step t; any μ but 1",
)
def momentum_velocity() -> Derivation:
    """v_t = −ηg (1 − μ^t)/(1 − μ): for |μ| < 1 it settles, for |μ| > 1 it grows without bound."""
    return induction(
        "dynamics.momentum-velocity",
        pushed(t),
        -eta * g * (1 - mu**t) / (1 - mu),
        t,
        STEPS,
        because="one step: $v_t = \\mu v_{t-1} - \\eta g$, from rest",
        claim="$v_t = -\\eta g\\,(1 - \\mu^t)/(1 - \\mu)$",
    )


@derivation(
    "dynamics.momentum-steady",
    task="HW4-2.4",
    title="the steady step on a constant slope",
    sizes="any μ but 1",
)
def momentum_steady() -> Derivation:
    """v = −ηg/(1 − μ) is what a step leaves as it is: momentum multiplies the rate by 1/(1 − μ)."""
    d = Derivation("dynamics.momentum-steady", lambda: mu * steady - eta * g)
    d.step(lambda: -eta * g * (mu / (1 - mu) + 1), because="take out $-\\eta g$")
    return d.qed(steady)


@derivation(
    "dynamics.momentum-negative",
    task="HW4-2.4",
    title="negative momentum still goes downhill",
    sizes="every μ = −m < 0 and every slope g > 0; g < 0 is the mirror image",
)
def momentum_negative() -> Derivation:
    """For μ < 0 the steady step is against the slope, and shorter than a step without momentum."""
    slope, m = symbols("g m", positive=True)
    step = define("v", (), -eta * slope / (1 + m), latex="v_*")()
    d = Derivation("dynamics.momentum-negative", lambda: slope * step, title="Downhill, with $\\mu = -m$")
    d.step(lambda: -eta * slope**2 / (1 + m), because="the steady step")
    d.step(0, because="rate and slope are positive", relation="<", gap=eta * slope**2 / (1 + m))
    d.part("Shorter", lambda: step**2)
    return d.step(
        (eta * slope) ** 2,
        because="$1 + m > 1$",
        relation="<",
        gap=(eta * slope) ** 2 * m * (2 + m) / (1 + m) ** 2,
    ).qed()


# ---------------------------------------------------------------- the reports' errors
