"""Where cross-entropy is smallest, end points included, and what happens if y and a trade places.

HW3 problems 3.1 and 3.4 (HW4 1.1 and 1.4). For a label strictly between 0 and 1 the minimum is at a = y and
its value is the entropy of y; at y = 0 and y = 1 there is no minimum inside, and the cost falls to 0 at the
edge. For K classes the cost has slope 0 at p = y and is convex along every straight path from there.
"""

from __future__ import annotations

from sympy import Integer, Limit, Rational, Sum, log, oo

from helpers.notation import K, a, bce, entropy, k, pk, u, y, yk
from helpers.proof import At, Derivation, Given, Partial, define, extremum_at_end, only_maximum, only_minimum

from ._registry import derivation

INSIDE = Given(domain={y: "unit", a: "unit"})
OUTPUT = Given(domain={a: "unit"})
PATH = Given(
    sizes=(K,),
    domain={yk: "simplex", pk: "simplex", u: "unit"},
)


# ---------------------------------------------------------------- y and a in each other's place
@derivation("cross_entropy.swapped", task="HW3-3.1", title="y and a in each other's place", sizes="a number")
def swapped() -> Derivation:
    """−(a ln y + (1 − a) ln(1 − y)) grows without bound as y tends to 0 or to 1, where labels are."""
    wrong = bce(a, y)
    d = Derivation(
        "cross_entropy.swapped",
        lambda: Limit(-(a * log(y) + (1 - a) * log(1 - y)), y, 0, "+"),
        INSIDE,
        title="y tends to 0",
    )
    d.step(oo, because="$\\ln y \\to -\\infty$, and its factor $-a$ is negative")
    d.part("The other term, y to 0", lambda: Limit((1 - a) * log(1 - y), y, 0, "+"))
    d.step(0, because="$\\ln 1 = 0$: the term is 0, not $1 - a$")
    d.part("y tends to 1", Limit(wrong, y, 1, "-"))
    d.step(oo, because="$\\ln(1 - y) \\to -\\infty$, and its factor $-(1 - a)$ is negative")
    d.part("The other term, y to 1", lambda: Limit(a * log(y), y, 1, "-"))
    d.step(0, because="$\\ln 1 = 0$: the term is 0, not $a$")
    return d.qed()


# ---------------------------------------------------------------- one output
@derivation(
    "cross_entropy.minimum", task="HW3-3.4", title="the minimum, for labels between 0 and 1", sizes="a number"
)
def minimum() -> Derivation:
    """C(a) is smallest at a = y and nowhere else, for every y strictly between 0 and 1; its value is H(y)."""
    d = only_minimum(
        "cross_entropy.minimum",
        bce(y, a),
        a,
        y,
        INSIDE,
        curvature=y / a**2 + (1 - y) / (1 - a) ** 2,
        ends=((0, "+", oo), (1, "-", oo)),
        claim="the cost is smallest at $a = y$, and only there",
    )
    d.part("Value", At(bce(y, a), a, y))
    return d.step(entropy(y), because="the entropy of the label").qed()


@derivation("cross_entropy.minimum-zero", task="HW3-3.4", title="the least cost at y = 0", sizes="a number")
def minimum_zero() -> Derivation:
    """At y = 0 the cost −ln(1 − a) rises everywhere and tends to 0 with a: there is no minimum inside."""
    return extremum_at_end(
        "cross_entropy.minimum-zero",
        bce(0, a),
        a,
        0,
        "+",
        OUTPUT,
        slope=1 / (1 - a),
        value=Integer(0),
        claim="the cost falls to 0 as $a$ tends to 0",
    )


@derivation("cross_entropy.minimum-one", task="HW3-3.4", title="the least cost at y = 1", sizes="a number")
def minimum_one() -> Derivation:
    """At y = 1 the cost −ln a falls everywhere and tends to 0 as a tends to 1: no minimum inside."""
    return extremum_at_end(
        "cross_entropy.minimum-one",
        bce(1, a),
        a,
        1,
        "-",
        OUTPUT,
        slope=-1 / a,
        value=Integer(0),
        claim="the cost falls to 0 as $a$ tends to 1",
    )


@derivation("cross_entropy.entropy", task="HW3-3.4", title="the entropy of a label", sizes="a number")
def entropy_most() -> Derivation:
    """The entropy of y is largest at y = 1/2, where it is ln 2, and tends to 0 for certain labels."""
    d = only_maximum(
        "cross_entropy.entropy",
        entropy(y),
        y,
        Rational(1, 2),
        Given(domain={y: "unit"}),
        curvature=-1 / y - 1 / (1 - y),
        ends=((0, "+", 0, log(2)), (1, "-", 0, log(2))),
        claim="the entropy of a label is largest at $y = 1/2$, and only there",
    )
    d.part("Value", At(entropy(y), y, Rational(1, 2)))
    return d.step(log(2), because="$-\\ln\\frac12$").qed()


# ---------------------------------------------------------------- K classes
@derivation("cross_entropy.gibbs", task="HW3-3.4", title="the minimum for K classes", sizes="any K")
def gibbs() -> Derivation:
    """−Σ y_k ln p_k ≥ −Σ y_k ln y_k: no distribution p does better than the label's own, for any soft label.

    Along the straight path from p = y (u = 0) to any other p (u = 1) it starts with slope 0 and is convex.
    """
    path = define("phi", (u,), -Sum(yk[k] * log(yk[k] + u * (pk[k] - yk[k])), (k, 1, K)), latex=r"\varphi")
    d = Derivation(
        "cross_entropy.gibbs",
        path(u),
        PATH,
        title="The path",
        claim="cross-entropy is smallest at $p = y$, where it is the entropy of the label",
    )
    d.step(path.body, because="straight from $y$ to $p$").part("Where it begins", At(path(u), u, 0))
    d.step(-Sum(yk[k] * log(yk[k]), (k, 1, K)), because="the entropy of the label")
    d.part("Where it ends", At(path(u), u, 1))
    d.step(-Sum(yk[k] * log(pk[k]), (k, 1, K)), because="the cross-entropy")
    d.part("The slope at the beginning", At(Partial(path(u), u), u, 0))
    d.step(lambda: Sum(yk[k], (k, 1, K)) - Sum(pk[k], (k, 1, K)), because="$y_k$ cancels")
    d.step(0, because="both sum to one")
    bent = Sum(yk[k] * (pk[k] - yk[k]) ** 2 / ((1 - u) * yk[k] + u * pk[k]) ** 2, (k, 1, K))
    d.part("The curvature along the path", Partial(Partial(path(u), u), u))
    d.step(bent, because="differentiate twice")
    d.step(0, because="no term is negative: the path never turns down", relation=">=", gap=bent)
    return d.qed()


@derivation(
    "cross_entropy.uniform", task="HW3-3.4", title="outputs that know nothing cost ln K", sizes="any K"
)
def uniform() -> Derivation:
    """With p_k = 1/K the cost is ln K for every label, so by the inequality above no entropy exceeds ln K."""
    d = Derivation("cross_entropy.uniform", lambda: -Sum(yk[k] * log(1 / K), (k, 1, K)), PATH)
    d.step(lambda: log(K) * Sum(yk[k], (k, 1, K)), because="$\\ln(1/K) = -\\ln K$ has no $k$")
    return d.qed(log(K))


# ---------------------------------------------------------------- the reports' errors
