"""Why "softmax": the limit of softmax(c z) as c grows, ties included, and what the sharpness c does.

HW3 problem 3.5 (HW4 1.5). The order of the classes does not matter, so let m of them share the largest score
b and let the other R lie below it by d_r > 0. With c → ∞ each of the m gets 1/m and the others 0: softmax is
a soft arg max. The soft maximum is ln Σ e^(c z_k) / c.
"""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr, Integer, Limit, Rational, Sum, Symbol, exp, log, oo, symbols

from helpers.notation import K, array, b, c, m, q, r, u, zk
from helpers.proof import At, Derivation, Given, Partial, define

from ._registry import derivation
from .softmax import ENTRY

R = Symbol("R", integer=True, positive=True)  # the number of classes below the largest score
below = array("d", R)  # by how much
extra = array("e", R)  # by how much more than the nearest of them
TIES = Given(sizes=(m, R), domain={below: "positive"}, span=(2, 3, 1), points=8)
OTHER = replace(TIES, free={q: (1, R)})


def total() -> Expr:
    """Σ e^(c z_k) over the m classes with score b and the R classes with scores b − d_r."""
    return m * exp(c * b) + Sum(exp(c * (b - below[r])), (r, 1, R))


def relative_total() -> Expr:
    """The same sum divided by e^(c b)."""
    return m + Sum(exp(-c * below[r]), (r, 1, R))


def smallest(scores: tuple[Expr, ...]) -> Expr:
    """Output 1 of softmax(c z) for scores written out."""
    return exp(c * scores[0]) / sum(exp(c * z) for z in scores)


# ---------------------------------------------------------------- any number of classes
@derivation("softmax.relative", task="HW3-3.5", title="only differences of scores count", sizes="any K")
def relative() -> Derivation:
    """Output q of softmax(c z) is 1/Σ e^(c(z_r − z_q))."""
    d = Derivation("softmax.relative", lambda: exp(c * zk[q]) / Sum(exp(c * zk[r]), (r, 1, K)), ENTRY)
    d.step(lambda: 1 / (exp(-c * zk[q]) * Sum(exp(c * zk[r]), (r, 1, K))), because="divide by $e^{c z_q}$")
    return d.qed(lambda: 1 / Sum(exp(c * (zk[r] - zk[q])), (r, 1, K)))


@derivation(
    "softmax.tied", task="HW3-3.5", title="the output of a class with the largest score", sizes="any m and R"
)
def tied() -> Derivation:
    """It is 1/(m + Σ e^(−c d_r)), where the sum runs over the classes below."""
    d = Derivation("softmax.tied", lambda: exp(c * b) / total(), TIES)
    d.step(lambda: 1 / relative_total(), because="divide by $e^{c b}$")
    return d.qed()


@derivation("softmax.tied-most", task="HW3-3.5", title="at most 1/m", sizes="any m and R")
def tied_most() -> Derivation:
    """The output of a class with the largest score stays below 1/m for every c."""
    rest = Sum(exp(-c * below[r]), (r, 1, R))
    d = Derivation("softmax.tied-most", lambda: 1 / relative_total(), TIES)
    d.step(
        1 / m, because="the sum over the classes below is positive", relation="<", gap=rest / (m * (m + rest))
    )
    return d.qed()


@derivation("softmax.tied-least", task="HW3-3.5", title="at least 1/(m + R e^(−cg))", sizes="any m and R")
def tied_least() -> Derivation:
    """If all others lie at least g below, a tied output is at least 1/(m + R e^(−cg)): squeezed to 1/m.

    The others are moved from g below (u = 0) to g + e_r below (u = 1); the output rises all the way.
    """
    g = Symbol("g", positive=True)
    rest = Sum(exp(-c * (g + u * extra[r])), (r, 1, R))
    given = Given(sizes=(m, R), domain={extra: "nonnegative", u: "unit"}, span=(2, 3, 1))
    path = define("phi", (u,), 1 / (m + rest), latex=r"\varphi")
    d = Derivation("softmax.tied-least", path(u), given, title="The path")
    d.step(path.body, because="the others lie $g + u e_r$ below")
    d.part("All others exactly g below", At(path(u), u, 0))
    d.step(1 / (m + R * exp(-c * g)), because="$R$ equal terms")
    d.part("All others where they are", At(path(u), u, 1))
    d.step(1 / (m + Sum(exp(-c * (g + extra[r])), (r, 1, R))), because="the output of a tied class")
    rise = c * Sum(extra[r] * exp(-c * (g + u * extra[r])), (r, 1, R)) / (m + rest) ** 2
    d.part("The slope along the way", Partial(path(u), u)).step(rise, because="derivative of a reciprocal")
    d.step(0, because="no factor is negative: the output never falls", relation=">=", gap=rise)
    d.part("The lower bound as c grows", Limit(1 / (m + R * exp(-c * g)), c, oo))
    return d.step(1 / m, because="$e^{-cg} \\to 0$").qed()


@derivation(
    "softmax.limit-tied",
    task="HW3-3.5",
    title="the limit for a class with the largest score",
    sizes="any m and R",
)
def limit_tied() -> Derivation:
    """As c grows the output tends to 1/m: to 1 without a tie, to 1/2 with two equal scores on top."""
    d = Derivation("softmax.limit-tied", lambda: Limit(1 / relative_total(), c, oo), TIES)
    d.step(
        lambda: 1 / (m + Sum(Limit(exp(-c * below[r]), c, oo), (r, 1, R))),
        because="a finite sum: term by term, and $m > 0$ keeps the denominator away from 0",
    )
    d.step(lambda: 1 / (m + Sum(0, (r, 1, R))), because="$d_r > 0$, so $e^{-c d_r} \\to 0$")
    return d.qed(1 / m)


@derivation("softmax.other", task="HW3-3.5", title="the output of a class below", sizes="any m and R")
def other() -> Derivation:
    """It is e^(−c d_q)/(m + Σ e^(−c d_r))."""
    d = Derivation("softmax.other", lambda: exp(c * (b - below[q])) / total(), OTHER)
    d.step(lambda: exp(-c * below[q]) / relative_total(), because="divide by $e^{c b}$")
    return d.qed()


@derivation("softmax.limit-other", task="HW3-3.5", title="the limit for a class below", sizes="any m and R")
def limit_other() -> Derivation:
    """As c grows the output of every other class tends to 0."""
    d = Derivation("softmax.limit-other", lambda: Limit(exp(-c * below[q]) / relative_total(), c, oo), OTHER)
    d.step(
        lambda: Limit(exp(-c * below[q]), c, oo) * (1 / m),
        because="limit of a product; the other factor tends to $1/m$",
    )
    return d.qed(0)


@derivation("softmax.limit-flat", task="HW3-3.5", title="the other end: c to 0", sizes="any K")
def limit_flat() -> Derivation:
    """As c tends to 0 every output tends to 1/K, whatever the scores."""
    start = Limit(exp(c * zk[q]) / Sum(exp(c * zk[r]), (r, 1, K)), c, 0, "+")
    d = Derivation("softmax.limit-flat", start, ENTRY)
    d.step(lambda: 1 / Sum(Integer(1), (r, 1, K)), because="$e^{c z} \\to 1$ in numerator and denominator")
    return d.qed(1 / K)


@derivation("softmax.soft-maximum", task="HW3-3.5", title="the soft maximum", sizes="any m and R")
def soft_maximum() -> Derivation:
    """ln Σ e^(c z_k)/c is the largest score plus ln(m + Σ e^(−c d_r))/c."""
    d = Derivation("softmax.soft-maximum", lambda: log(total()) / c, TIES)
    d.step(lambda: (c * b + log(relative_total())) / c, because="$e^{c b}$ is a factor of every term")
    return d.qed(lambda: b + log(relative_total()) / c)


@derivation(
    "softmax.limit-maximum",
    task="HW3-3.5",
    title="the soft maximum tends to the maximum",
    sizes="any m and R",
)
def limit_maximum() -> Derivation:
    """So what is soft about softmax is not the maximum (this is) but the arg max."""
    d = Derivation("softmax.limit-maximum", lambda: Limit(b + log(relative_total()) / c, c, oo), TIES)
    d.step(lambda: b + log(m) * Limit(1 / c, c, oo), because="the logarithm tends to $\\ln m$")
    return d.qed(b)


# ---------------------------------------------------------------- classes written out
@derivation("softmax.limit-three", task="HW3-3.5", title="three classes, no tie", sizes="K = 3")
def limit_three() -> Derivation:
    """For z = (2, 1, 0) the first output tends to 1, not to 1/3."""
    d = Derivation("softmax.limit-three", Limit(smallest((Integer(2), Integer(1), Integer(0))), c, oo))
    d.step(lambda: Limit(1 / (1 + exp(-c) + exp(-2 * c)), c, oo), because="divide by $e^{2c}$")
    return d.qed(1)


@derivation("softmax.limit-four", task="HW3-3.5", title="four classes, two of them tied", sizes="K = 4")
def limit_four() -> Derivation:
    """For z = (b, b, b − g, b − h) with g, h > 0 the first output tends to 1/2."""
    g, h = symbols("g h", positive=True)
    d = Derivation("softmax.limit-four", lambda: Limit(1 / (1 + 1 + exp(-c * g) + exp(-c * h)), c, oo))
    d.step(lambda: 1 / (Integer(2) + 0 + 0), because="both exponentials tend to 0")
    return d.qed(Rational(1, 2))


@derivation("softmax.two-rise", task="HW3-3.5", title="two outputs can rise together", sizes="K = 3")
def two_rise() -> Derivation:
    """For z = (u, u, 0) outputs 1 and 2 are equal and both rise with u: one up, another up."""
    first = define("a", (u,), exp(u) / (exp(u) + exp(u) + 1))
    d = Derivation("softmax.two-rise", lambda: Partial(first(u), u))
    d.step(lambda: Partial(1 / (2 + exp(-u)), u), because="divide by $e^u$")
    rise = exp(-u) / (2 + exp(-u)) ** 2
    d.step(rise, because="derivative of a reciprocal")
    d.step(0, because="exponentials are positive", relation=">", gap=rise)
    return d.qed()


# ---------------------------------------------------------------- the reports' errors
