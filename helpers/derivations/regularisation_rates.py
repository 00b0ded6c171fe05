"""Which learning rates are stable, and how strongly a penalised cost is convex.

HW3 problem 4. Along an axis on which a cost has the curvature h, gradient descent multiplies the distance to
the minimum by 1 − ηh each step, so it converges for 0 < η < 2/h and for no other rate: the steepest axis,
with h = L, sets the largest stable rate 2/L. Rates η are per step. The penalty is λ Σ w², which adds 2λ to h,
unless ½ is written.
"""

from __future__ import annotations

from sympy import Expr, Rational, Sum, Symbol

from helpers.notation import K, N, X, array, eta, i, j, k, l, lam, n, s, v
from helpers.proof import Derivation, Given, Partial

from ._registry import derivation
from .likelihood import Pk
from .logistic import outputs

HALF = Rational(1, 2)
DIRECTION = Given(sizes=(n, N), span=(2, 3, 1))
V = array("v", K, n)  # a direction in the space of the weights W
h = Symbol("h", positive=True)
share = array("t", n)  # eta h / 2, the rate as a share of the largest stable one, along each axis


def along(direction: Expr = v) -> Expr:
    """Σ X_sj v_j: entry s of Xv."""
    return Sum(X[s, j] * direction[j], (j, 1, n))


def length() -> Expr:
    """‖v‖²."""
    return Sum(v[j] ** 2, (j, 1, n))


# ---------------------------------------------------------------- bounds on the curvature
@derivation(
    "regularisation.curvature-most",
    task="HW3-4.2",
    title="the most curved the cost can be",
    sizes="any n and N",
)
def curvature_most() -> Derivation:
    """vᵀHv ≤ ‖Xv‖²/(4N) + 2λ‖v‖², so L ≤ λmax(XᵀX)/(4N) + 2λ: no need to know the weights."""
    slopes = Sum(outputs(s) * (1 - outputs(s)) * along() ** 2, (s, 1, N)) / N
    off = Sum((outputs(s) - HALF) ** 2 * along() ** 2, (s, 1, N)) / N
    d = Derivation("regularisation.curvature-most", lambda: slopes + 2 * lam * length(), DIRECTION)
    d.step(
        lambda: Sum(along() ** 2, (s, 1, N)) / (4 * N) - off + 2 * lam * length(),
        because="$\\sigma(1 - \\sigma) = 1/4 - (\\sigma - 1/2)^2$",
    )
    d.step(
        Sum(along() ** 2, (s, 1, N)) / (4 * N) + 2 * lam * length(),
        because="squares are not negative",
        relation="<=",
        gap=off,
    )
    return d.qed()


@derivation(
    "regularisation.largest-eigenvalue",
    task="HW3-4.2",
    title="a bound without eigenvalues",
    sizes="any n and N",
)
def largest_eigenvalue() -> Derivation:
    """‖Xv‖² ≤ (Σ Σ X²) ‖v‖²: the largest eigenvalue of XᵀX is at most its trace."""
    crossed = Sum((X[s, j] * v[l] - X[s, l] * v[j]) ** 2, (j, 1, n), (l, 1, n), (s, 1, N)) / 2
    d = Derivation("regularisation.largest-eigenvalue", lambda: Sum(along() ** 2, (s, 1, N)), DIRECTION)
    d.step(
        lambda: Sum(X[s, i] ** 2, (i, 1, n), (s, 1, N)) * length() - crossed,
        because="Lagrange's identity, sample by sample",
    )
    d.step(
        Sum(X[s, i] ** 2, (i, 1, n), (s, 1, N)) * length(),
        because="squares are not negative",
        relation="<=",
        gap=crossed,
    )
    return d.qed()


@derivation(
    "regularisation.strongly-convex",
    task="A1-4a",
    title="½ λ Σ W² makes the cost strongly convex",
    sizes="any K, n and N",
)
def strongly_convex() -> Derivation:
    """The quadratic form of the softmax cost's Hessian with ½λΣW² is at least λΣV² in every direction V."""

    def change(index: Expr) -> Expr:
        return Sum(V[index, j] * X[s, j], (j, 1, n))

    mean = Sum(Pk[s, l] * change(l), (l, 1, K))
    spread = Sum(Pk[s, k] * (change(k) - mean) ** 2, (k, 1, K), (s, 1, N)) / N
    squares = Sum(V[k, j] ** 2, (j, 1, n), (k, 1, K))
    d = Derivation(
        "regularisation.strongly-convex",
        lambda: spread + lam * squares,
        Given(sizes=(K, n, N), domain={Pk: "simplex"}, span=(2, 1, 3), points=12),
    )
    d.step(
        lam * squares,
        because="each sample's part is a variance under its outputs p",
        relation=">=",
        gap=spread,
    )
    return d.qed()


# ---------------------------------------------------------------- gradient descent on a quadratic
@derivation("regularisation.factor", task="HW3-4.2", title="one step along one axis", sizes="a number")
def factor() -> Derivation:
    """One step of gradient descent on ½ h w² multiplies the distance w to the minimum by 1 − ηh."""
    at = Symbol("w", real=True)
    d = Derivation("regularisation.factor", lambda: at - eta * Partial(h * at**2 / 2, at))
    d.step(lambda: at - eta * (h * at), because="the slope of $h w^2/2$ is $h w$")
    return d.qed(lambda: (1 - eta * h) * at)


@derivation("regularisation.contracts", task="HW3-4.2", title="below 2/h it converges", sizes="any n")
def contracts() -> Derivation:
    """With η = t · 2/h, 0 < t < 1 on every axis, the distance shrinks: Σ((1 − 2t)w)² ≤ Σ w²."""
    gap = Sum(4 * share[i] * (1 - share[i]) * v[i] ** 2, (i, 1, n))
    start = Sum(((1 - 2 * share[i]) * v[i]) ** 2, (i, 1, n))
    d = Derivation("regularisation.contracts", start, Given(sizes=(n,), domain={share: "unit"}))
    d.step(lambda: Sum(v[i] ** 2, (i, 1, n)) - gap, because="$(1 - 2t)^2 = 1 - 4t(1 - t)$")
    d.step(Sum(v[i] ** 2, (i, 1, n)), because="$t$ and $1 - t$ are positive", relation="<=", gap=gap)
    return d.qed()


@derivation(
    "regularisation.contracts-strictly",
    task="HW3-4.2",
    title="below 2/h each factor is below 1",
    sizes="a number",
)
def contracts_strictly() -> Derivation:
    """(1 − ηh)² < 1 for η = t · 2/h with 0 < t < 1."""
    t = Symbol("t", positive=True)
    d = Derivation(
        "regularisation.contracts-strictly", lambda: (1 - (t * 2 / h) * h) ** 2, Given(domain={t: "unit"})
    )
    d.step(lambda: 1 - 4 * t * (1 - t), because="$h$ cancels; multiply out")
    d.step(1, because="$t$ and $1 - t$ are positive", relation="<", gap=4 * t * (1 - t))
    return d.qed()


@derivation(
    "regularisation.diverges", task="HW3-4.2", title="from 2/h on it does not converge", sizes="a number"
)
def diverges() -> Derivation:
    """(1 − ηh)² ≥ 1 for η = (1 + p) · 2/h with p ≥ 0: at 2/h it swings for ever, beyond it grows."""
    p = Symbol("p", nonnegative=True)
    d = Derivation("regularisation.diverges", lambda: (1 - ((1 + p) * 2 / h) * h) ** 2)
    d.step(lambda: 1 + 4 * p + 4 * p**2, because="$h$ cancels; multiply out")
    d.step(1, because="$p$ is not negative", relation=">=", gap=4 * p + 4 * p**2)
    return d.qed()


@derivation(
    "regularisation.rate-one", task="HW3-4.2", title="λ = 1 with rate 1 never converges", sizes="a number"
)
def rate_one() -> Derivation:
    """With λ = 1 and η = 1 the factor is 1 − (h + 2) = −(1 + h): beyond 2/L for any data curvature h > 0."""
    strength, rate = Rational(1), Rational(1)
    d = Derivation("regularisation.rate-one", lambda: (1 - rate * (h + 2 * strength)) ** 2)
    d.step(lambda: 1 + 2 * h + h**2, because="multiply out")
    d.step(1, because="$h$ is positive", relation=">", gap=2 * h + h**2)
    return d.qed()
