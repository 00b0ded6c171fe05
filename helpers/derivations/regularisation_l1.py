"""The L1 penalty: soft thresholding with its dead zone, and the subgradients at zero.

HW4 problem 3.2. One weight t of a quadratic cost with the penalty λ|t| has the share ½(t − a)² + λ|t|. It is
smallest at a − λ for a > λ, at a + λ for a < −λ, and at exactly 0 in between: L1 makes weights vanish.
"""

from __future__ import annotations

from sympy import Abs, Expr, Symbol, symbols

from helpers.notation import c, lam
from helpers.proof import Derivation, Given, Partial

from ._registry import derivation

distance = Symbol("t", nonnegative=True)


def lasso(at: Expr, centre: Expr, strength: Expr = lam) -> Expr:
    """½(t − a)² + λ|t| at t = `at`, a = `centre`, λ = `strength`."""
    return (at - centre) ** 2 / 2 + strength * Abs(at)


@derivation("regularisation.soft-threshold", task="HW4-3.2", title="soft thresholding", sizes="a weight")
def soft_threshold() -> Derivation:
    """For a = λ + c with c > 0 the minimum is at a − λ = c, and nowhere else, of all t and −t with t ≥ 0."""
    d = Derivation(
        "regularisation.soft-threshold",
        lambda: lasso(distance, lam + c) - lasso(c, lam + c),
        title="Weights that are not negative",
        claim=r"for $a > \lambda$ the best weight is $a - \lambda$",
    )
    d.step((distance - c) ** 2 / 2, because="$|t| = t$; complete the square: 0 only at $t = c$")
    d.step(0, because="a square", relation=">=", gap=(distance - c) ** 2 / 2)
    below = (distance + c) ** 2 / 2 + 2 * lam * distance
    d.part("Weights that are not positive", lambda: lasso(-distance, lam + c) - lasso(c, lam + c))
    d.step(below, because="$|-t| = t$; complete the square")
    d.step(0, because="no term is negative, and $c > 0$", relation=">", gap=below)
    at, centre = symbols("t a", real=True)
    d.part("The mirror image", lambda: lasso(-at, -centre)).step(
        lasso(at, centre), because="so for $a < -\\lambda$ the best weight is $a + \\lambda$"
    )
    return d.qed()


@derivation("regularisation.dead-zone", task="HW4-3.2", title="L1's dead zone", sizes="a weight")
def dead_zone() -> Derivation:
    """For |a| ≤ λ the minimum is at exactly 0: every t and −t with t ≥ 0 costs at least ½t² more."""
    above, below = symbols("p q", nonnegative=True)  # lambda - a and lambda + a
    strength, centre = (above + below) / 2, (below - above) / 2
    d = Derivation(
        "regularisation.dead-zone",
        lambda: lasso(distance, centre, strength) - lasso(0, centre, strength),
        title="Weights that are not negative; p is λ − a, q is λ + a",
        claim=r"for $|a| \le \lambda$ the best weight is 0",
    )
    d.step(distance**2 / 2 + above * distance, because="$|t| = t$, and $\\lambda t - a t = p t$")
    d.step(distance**2 / 2, because="$p$ is not negative", relation=">=", gap=above * distance)
    d.part(
        "Weights that are not positive",
        lambda: lasso(-distance, centre, strength) - lasso(0, centre, strength),
    )
    d.step(distance**2 / 2 + below * distance, because="$|-t| = t$, and $\\lambda t + a t = q t$")
    d.step(distance**2 / 2, because="$q$ is not negative", relation=">=", gap=below * distance)
    return d.qed()


@derivation("regularisation.l1-slope", task="HW4-3.2", title="L1's slope away from zero", sizes="a weight")
def l1_slope() -> Derivation:
    """For a positive weight the penalty's slope is λ, however small the weight; L2's would be 2λw."""
    d = Derivation("regularisation.l1-slope", lambda: Partial(lam * Abs(c), c))
    d.step(lambda: lam * Partial(c, c), because="$|c| = c$ for $c > 0$")
    return d.qed(lam)


@derivation("regularisation.subgradient", task="HW4-3.2", title="L1's subgradients at zero", sizes="a weight")
def subgradient() -> Derivation:
    """|h| ≥ r h for every h and every r in [−1, 1], with r = 1 − 2p and p in [0, 1]: 0 has many slopes."""
    p = Symbol("p", nonnegative=True)
    given = Given(domain={p: "closed unit"})
    d = Derivation(
        "regularisation.subgradient",
        lambda: Abs(distance),
        given,
        title="To the right of 0",
        claim="every slope from −1 to 1 supports $|t|$ at 0",
    )
    d.step((1 - 2 * p) * distance, because="the gap is $2 p t$", relation=">=", gap=2 * p * distance)
    d.part("To the left of 0", lambda: Abs(-distance))
    d.step(
        (1 - 2 * p) * -distance, because="the gap is $2(1 - p)t$", relation=">=", gap=2 * (1 - p) * distance
    )
    return d.qed()
