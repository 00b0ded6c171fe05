"""For which inputs a sigmoid unit's factor |w σ′(wa + b)| is at least 1, and for which weight they are most.

HW4 problems 2.3b and 2.3c. Let |w| = 4 + d with d > 0 and x = e^(−z), z = wa + b. The condition is quadratic
in x, with roots r_1 < r_2 and r_1 r_2 = 1, so z lies between −ln r_2 and ln r_2. With r_2 = e^s the width of
the interval is s/(1 + cosh s), and it is largest where s tanh(s/2) = 1. Digits are guaranteed by interval
arithmetic, not rounded from a search.
"""

from __future__ import annotations

import mpmath
from sympy import Expr, Limit, Rational, Symbol, cosh, exp, log, oo, sinh, sqrt, tanh

from helpers.notation import b, sigma, u
from helpers.proof import At, Derivation, Given, Partial, define, only_zero, smooth
from helpers.proof.symbolic.intervals import enclose

from ._registry import derivation

activation, any_slope = smooth("sigma")
slope = define("sigma'", (u,), sigma(u) * (1 - sigma(u)), latex=r"\sigma'")
x, inside, w, a = (Symbol(name, real=True) for name in ("x", "t", "w", "a"))
above, beyond = Symbol("d", positive=True), Symbol("t", positive=True)

size = define("|w|", (), 4 + above, latex=r"|w|")()
root = sqrt(size * (size - 4))
r2 = define("r_2", (), (size - 2 + root) / 2, latex="r_2")()
r1 = define("r_1", (), 1 / r2, latex="r_1")()
# the same without a square root: every r_2 > 1, and the |w| that belongs to it
upper = define("r_2", (), 1 + above, latex="r_2")()
lower = define("r_1", (), 1 / upper, latex="r_1")()
matching = define("|w|", (), upper + 2 + lower, latex=r"|w|")()
apart = above * (2 + above) / (1 + above)  # r_2 − r_1


def width_formula(v: Expr) -> Expr:
    """The width of the interval for a weight of size v > 4: formula (123) of the textbook's chapter 5."""
    return 2 / v * log(v * (1 + sqrt(1 - 4 / v)) / 2 - 1)


s = Symbol("s", positive=True)
width = s / (1 + cosh(s))
numerator = 1 + cosh(s) - s * sinh(s)
DIGITS = 30


# ---------------------------------------------------------------- the condition as a quadratic
@derivation(
    "dynamics.interval-cosh",
    task="HW4-2.3b",
    title="the slope of the logistic function by cosh",
    sizes="a number",
)
def interval_cosh() -> Derivation:
    """σ′(u) = 1/(2 + 2 cosh u): it is even, largest at 0, and falls on both sides."""
    d = Derivation("dynamics.interval-cosh", Partial(sigma(u), u))
    d.step(lambda: exp(-u) / (1 + exp(-u)) ** 2, because="derivative of a reciprocal")
    d.step(lambda: 1 / (exp(u) * (1 + exp(-u)) ** 2), because="divide by $e^{-u}$")
    d.step(lambda: 1 / (2 + exp(u) + exp(-u)), because="multiply out")
    return d.qed(lambda: 1 / (2 + 2 * cosh(u)))


@derivation(
    "dynamics.interval-shift", task="HW4-2.3b", title="the bias only moves the interval", sizes="a number"
)
def interval_shift() -> Derivation:
    """At the input a − b/w the unit with bias b does what the unit without bias does at a."""
    d = Derivation("dynamics.interval-shift", lambda: w * any_slope(w * (a - b / w) + b))
    return d.step(lambda: w * any_slope(w * a), because="$w(a - b/w) + b = wa$").qed()


@derivation(
    "dynamics.interval-quadratic",
    task="HW4-2.3b",
    title="the condition is quadratic in e^(−z)",
    sizes="any |w| > 4",
)
def interval_quadratic() -> Derivation:
    """|w| σ′(z) − 1 = −(x² + (2 − |w|) x + 1)/(1 + x)² with x = e^(−z)."""
    e = define("x", (), exp(-u), latex="x")()
    d = Derivation("dynamics.interval-quadratic", lambda: size * slope(u) - 1)
    d.step(lambda: size * e / (1 + e) ** 2 - 1, because="$\\sigma' = x/(1 + x)^2$ with $x = e^{-u}$")
    d.step(lambda: (size * e - (1 + 2 * e + e**2)) / (1 + e) ** 2, because="one denominator")
    return d.qed(lambda: -(e**2 + (2 - size) * e + 1) / (1 + e) ** 2)


@derivation(
    "dynamics.interval-roots", task="HW4-2.3b", title="the roots of the quadratic", sizes="any |w| > 4"
)
def interval_roots() -> Derivation:
    """r_2 = (|w| − 2 + √(|w|(|w| − 4)))/2, and r_1 = 1/r_2 is smaller."""
    d = Derivation(
        "dynamics.interval-roots", lambda: (size - 2 - root) / 2, title="The smaller root is $1/r_2$"
    )
    d.step(
        lambda: ((size - 2) ** 2 - size * (size - 4)) / (2 * (size - 2 + root)),
        because="difference of squares",
    )
    d.step(lambda: 4 / (2 * (size - 2 + root)), because="$(|w| - 2)^2 = |w|(|w| - 4) + 4$")
    d.step(1 / r2, because="definition of $r_2$")
    d.part("They are the roots", x**2 + (2 - size) * x + 1)
    d.step(lambda: (x - r1) * (x - r2), because="$r_1 + r_2 = |w| - 2$ and $r_1 r_2 = 1$")
    d.part("Their distance", lambda: r2 - r1)
    d.step(root, because="the square root counts twice, halved")
    return d.step(0, because="$|w| > 4$", relation=">", gap=root).qed()


def by_roots(name: str, at: Expr, given: Given, title: str) -> Derivation:
    """|w| σ′(z) − 1 at x = `at`, written by the roots."""
    here = define("x", (), at, latex="x")()
    d = Derivation(name, lambda: matching * here / (1 + here) ** 2 - 1, given, title=title)
    return d.step(
        lambda: -(here - lower) * (here - upper) / (1 + here) ** 2,
        because="the quadratic has these roots, and $|w| = r_2 + 2 + r_1$",
    )


@derivation(
    "dynamics.interval-inside",
    task="HW4-2.3b",
    title="between the roots the factor is at least 1",
    sizes="any |w| > 4",
)
def interval_inside() -> Derivation:
    """For x = r_1 + t (r_2 − r_1) with t from 0 to 1: |w| σ′(z) − 1 ≥ 0."""
    at = lower + inside * (upper - lower)
    value = inside * (1 - inside) * (upper - lower) ** 2 / (1 + at) ** 2
    d = by_roots(
        "dynamics.interval-inside", at, Given(domain={inside: "closed unit"}), "$x = r_1 + t\\,(r_2 - r_1)$"
    )
    d.step(value, because="$x - r_1 = t(r_2 - r_1)$ and $r_2 - x = (1-t)(r_2 - r_1)$")
    return d.step(0, because="no factor is negative", relation=">=", gap=value).qed()


@derivation(
    "dynamics.interval-outside",
    task="HW4-2.3b",
    title="beyond the roots the factor is below 1",
    sizes="any |w| > 4",
)
def interval_outside() -> Derivation:
    """For x = r_2 + t with t > 0: |w| σ′(z) − 1 < 0; below r_1 = 1/r_2 the same, because σ′ is even."""
    at = upper + beyond
    d = by_roots("dynamics.interval-outside", at, Given(), "$x = r_2 + t$")
    d.step(lambda: -beyond * (upper - lower + beyond) / (1 + at) ** 2, because="insert $x$")
    d.step(0, because="every factor is positive", relation="<", gap=beyond * (apart + beyond) / (1 + at) ** 2)
    d.part(
        "The mirror image: $1/x$ for $x$", lambda: (1 / x) / (1 + 1 / x) ** 2, Given(domain={x: "positive"})
    )
    return d.step(lambda: x / (1 + x) ** 2, because="multiply above and below by $x^2$").qed()


# ---------------------------------------------------------------- the width
@derivation(
    "dynamics.interval-width",
    task="HW4-2.3b",
    title="the width of the interval",
    sizes="any |w| > 4, both signs of w, any b",
)
def interval_width() -> Derivation:
    """(2/|w|) ln(|w|(1 + √(1 − 4/|w|))/2 − 1), for both signs of w: the ends are a = −(ln r + b)/w."""
    d = Derivation(
        "dynamics.interval-width",
        lambda: -(log(r1) + b) / size - (-(log(r2) + b) / size),
        title="$w > 0$: from $x = r_2$ on the left to $x = r_1$ on the right",
    )
    d.step(lambda: (log(r2) - log(r1)) / size, because="$b$ cancels")
    d.step(lambda: (log(r2) - log(1 / r2)) / size, because="$r_1 r_2 = 1$")
    d.step(lambda: 2 / size * log(r2), because="logarithm of a reciprocal")
    d.step(lambda: width_formula(size), because="$|w|$ out of the square root")
    d.part(
        "$w < 0$: from $x = r_1$ on the left to $x = r_2$ on the right",
        lambda: -(log(r2) + b) / (-size) - (-(log(r1) + b) / (-size)),
    )
    d.step(lambda: (log(r2) - log(r1)) / size, because="$w = -|w|$, and $b$ cancels")
    return d.step(lambda: 2 / size * log(r2), because="as before").qed()


@derivation(
    "dynamics.width-cosh", task="HW4-2.3c", title="the width by s, where r_2 = e^s", sizes="any |w| > 4"
)
def width_cosh() -> Derivation:
    """With |w| = 2 + 2 cosh s the width is s/(1 + cosh s); here e^s = 1 + d, with any d > 0."""
    exponent = define("s", (), log(upper), latex="s")()
    d = Derivation("dynamics.width-cosh", lambda: width_formula(matching), title="The width")
    d.step(lambda: 2 / matching * log(upper), because="$|w| = r_2 + 2 + 1/r_2$")
    d.step(
        lambda: 2 * exponent / (2 + 2 * cosh(exponent)), because="$r_2 = e^s$, so $r_2 + 1/r_2 = 2\\cosh s$"
    )
    d.step(lambda: exponent / (1 + cosh(exponent)), because="cancel 2")
    d.part("The weight rises with $s$", Partial(2 + 2 * cosh(s), s))
    d.step(2 * sinh(s), because="derivative of cosh")
    return d.step(0, because="$s > 0$", relation=">", gap=2 * sinh(s)).qed()


@derivation(
    "dynamics.width-slope", task="HW4-2.3c", title="the derivative of the width", sizes="a number s > 0"
)
def width_slope() -> Derivation:
    """Its sign is that of 1 + cosh s − s sinh s, which is (1 + cosh s)(1 − s tanh(s/2))."""
    d = Derivation("dynamics.width-slope", Partial(width, s))
    d.step(lambda: (1 + cosh(s) - s * sinh(s)) / (1 + cosh(s)) ** 2, because="quotient rule")
    return d.step(
        lambda: (1 - s * tanh(s / 2)) / (1 + cosh(s)), because="$\\sinh s = (1 + \\cosh s)\\tanh(s/2)$"
    ).qed()


@derivation(
    "dynamics.width-ends", task="HW4-2.3c", title="the width vanishes at both ends", sizes="a number s > 0"
)
def width_ends() -> Derivation:
    """It tends to 0 as |w| falls to 4 and as |w| grows: the largest width lies between."""
    d = Derivation("dynamics.width-ends", Limit(width, s, 0, "+"), title="$|w|$ falls to 4, where $s = 0$")
    d.step(0, because="numerator 0, denominator 2")
    d.part("$|w|$ grows without bound", Limit(width, s, oo))
    return d.step(0, because="cosh grows faster than $s$").qed()


def crossing() -> tuple[Derivation, Rational, Rational]:
    """The only zero of the numerator, between two decimals that differ by 10^-34."""
    return only_zero(
        "dynamics.width-numerator",
        numerator,
        s,
        (1, 2),
        Given(),
        slope=-s * cosh(s),
        digits=DIGITS + 4,
        claim="$1 + \\cosh s - s \\sinh s$ is positive left of its only zero $s^*$ and "
        "negative right of it, so the width rises up to $s^*$ and falls after it",
    )


@derivation(
    "dynamics.width-numerator",
    task="HW4-2.3c",
    title="there is one maximum, and s* to 34 digits",
    sizes="a number s > 0",
)
def width_numerator() -> Derivation:
    """The numerator of the width's derivative falls everywhere, so it changes its sign once, at s*."""
    return crossing()[0]


def decimals(e: Expr, given: Given) -> tuple[Rational, Rational]:
    """The two neighbouring decimals with DIGITS places between which interval arithmetic finds `e`."""
    unit = 10**DIGITS
    with mpmath.workdps(2 * DIGITS):
        low = int(mpmath.floor(mpmath.mpf(enclose(e, given.domain).a) * unit))
    return Rational(low, unit), Rational(low + 1, unit)


def written(value: Rational) -> str:
    """A decimal with DIGITS places, all of them certain."""
    whole, rest = divmod(int(value * 10**DIGITS), 10**DIGITS)
    return f"{whole}.{rest:0{DIGITS}d}"


@derivation(
    "dynamics.width-maximum",
    task="HW4-2.3c",
    title="the weight and the width at the maximum, 30 digits",
    sizes="a number",
)
def width_maximum() -> Derivation:
    """|w|* = 2 + 2 cosh s* ≈ 6.894 and the width s*/(1 + cosh s*) ≈ 0.4477."""
    at, (_, low, high) = Symbol("s^*", real=True), crossing()
    given = Given(domain={at: (low, high)})
    weight, largest = 2 + 2 * cosh(at), at / (1 + cosh(at))
    (light, heavy), (narrow, wide) = decimals(weight, given), decimals(largest, given)
    d = Derivation(
        "dynamics.width-maximum",
        weight,
        given,
        title="The weight, from below",
        claim=f"$|w|^* = {written(light)}\\dots$, the width there is ${written(narrow)}\\dots$",
    )
    d.step(light, because="interval arithmetic", relation=">=")
    d.part("The weight, from above", weight)
    d.step(heavy, because="interval arithmetic", relation="<=")
    d.part("The largest width, from below", largest)
    d.step(narrow, because="interval arithmetic", relation=">=")
    d.part("The largest width, from above", largest)
    return d.step(wide, because="interval arithmetic", relation="<=").qed()


@derivation("dynamics.width-broad", task="HW4-2.3c", title="the maximum is broad", sizes="two numbers")
def width_broad() -> Derivation:
    """At |w| = 5.25 and at |w| = 10.5 the width is still above nine tenths of the largest, 0.4477…"""
    v = Symbol("|w|", positive=True)
    least = Rational(9, 10) * Rational(44775, 100000)
    d = Derivation(
        "dynamics.width-broad", lambda: At(width_formula(v), v, Rational(21, 4)), title="At $|w| = 5.25$"
    )
    d.step(least, because="interval arithmetic; the largest width is below 0.44775", relation=">")
    d.part("At $|w| = 10.5$", lambda: At(width_formula(v), v, Rational(21, 2)))
    return d.step(least, because="interval arithmetic", relation=">").qed()


# ---------------------------------------------------------------- the reports' errors
