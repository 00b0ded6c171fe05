"""Oracles: textbook inequalities, limits, extrema and closed forms, and false neighbours of each."""

from __future__ import annotations

import pytest
from mpmath import findroot, mp, mpf, tanh, workdps
from sympy import (
    Expr,
    IndexedBase,
    Limit,
    Rational,
    Sum,
    cos,
    cosh,
    exp,
    log,
    oo,
    pi,
    sin,
    sinh,
    sqrt,
    symbols,
)

from helpers.proof import (
    At,
    Given,
    Partial,
    RefutedStep,
    UnprovedStep,
    Verdict,
    check,
    define,
    extremum_at_end,
    only_maximum,
    only_minimum,
    only_zero,
)
from helpers.proof.judge import symbolic
from helpers.proof.symbolic.intervals import NoEnclosure, enclose

n, N, K = symbols("n N K", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
x, u, t = symbols("x u t", real=True)
a, y = symbols("a y", real=True)
c, m, r, s = symbols("c m r s", positive=True)
w = IndexedBase("w", shape=(n,), real=True)
gaps = IndexedBase("g", shape=(n,), real=True)
sigma = define("sigma", [u], 1 / (1 + exp(-u)))
PROVED, CHECKED, UNKNOWN, REFUTED = Verdict
SIZED = Given(sizes=(n,))

# ---- inequalities


def test_an_inequality_needs_a_gap_whose_sign_can_be_read_off() -> None:
    slope, gap = Partial(sigma(u), u), (sigma(u) - Rational(1, 2)) ** 2
    assert check(slope, Rational(1, 4), relation="<=", gap=gap)
    assert check(slope, Rational(1, 4), relation="<=")  # its factors show the square
    curve, above = exp(u) - 1 - u - u**2 / 2, Given(domain={u: "positive"})
    assert check(curve, 0, above, relation=">").verdict is CHECKED
    assert check(slope, Rational(1, 4), relation="<=", gap=Rational(1, 4) - slope).verdict is CHECKED
    assert check(slope, Rational(1, 5), relation="<=", gap=gap).verdict is REFUTED
    assert check(Rational(1, 4), slope, relation=">=", gap=gap)


def test_a_strict_inequality_is_refuted_where_both_sides_are_equal() -> None:
    assert check(x**2, 0, relation=">=", gap=x**2)
    assert check(x**2 * (x - 1) ** 2, 0, relation=">", gap=x**2 * (x - 1) ** 2).verdict is REFUTED  # at x = 1
    assert check(x**2 + 1, 0, relation=">", gap=x**2 + 1)


def test_an_inequality_that_fails_only_at_small_or_large_values_is_refuted() -> None:
    assert check(c**2 + Rational(1, 50), c, relation=">=").verdict is REFUTED  # fails between 0.02 and 0.98
    assert check(15 * c, c**2, relation=">=").verdict is REFUTED
    assert check(Rational(1, 3), a * (1 - a), Given(domain={a: "unit"}), relation=">")
    assert check(a * (1 - a), Rational(1, 50), Given(domain={a: "unit"}), relation=">").verdict is REFUTED
    total = Sum(w[i], (i, 1, n))
    squares = Sum(w[i] ** 2, (i, 1, n))
    assert check(squares + n * Rational(1, 9), total, SIZED, relation=">=").verdict is REFUTED


def test_a_gap_may_leave_room_to_spare() -> None:
    assert check(4 * x**2 + 4 * x + 1, -1, relation=">=", gap=(2 * x + 1) ** 2)
    assert check(
        4 * x**2 + 4 * x + 1, Sum(-(w[i] ** 2), (i, 1, n)), SIZED, relation=">=", gap=(2 * x + 1) ** 2
    )
    assert not symbolic(4 * x**2 + 4 * x + 1, x, relation=">=", gap=(2 * x + 1) ** 2)


def test_without_a_gap_that_fits_the_difference_itself_may_do() -> None:
    assert check(1 / (1 - a), 1, Given(domain={a: "unit"}), relation=">", gap=1 / (1 - a))


def test_a_gap_of_unknown_sign_is_no_proof() -> None:
    assert not symbolic(0, x, relation="<=", gap=x)
    assert not symbolic(0, Sum(w[i], (i, 1, n)), SIZED, relation="<=", gap=Sum(w[i], (i, 1, n)))
    assert symbolic(0, Sum(w[i] ** 2, (i, 1, n)), SIZED, relation="<=", gap=Sum(w[i] ** 2, (i, 1, n)))
    # an empty sum is 0, so a sum from 2 to n of positive terms is not strictly positive
    p = IndexedBase("p", shape=(n,), positive=True)
    tail = Sum(p[i], (i, 2, n))
    assert symbolic(tail, 0, SIZED, relation=">=", gap=tail)
    assert not symbolic(tail, 0, SIZED, relation=">", gap=tail)


def test_numbers_are_compared_by_interval_arithmetic() -> None:
    assert check(pi, Rational(22, 7), relation="<")
    assert check(Rational(22, 7), pi, relation="<").verdict is REFUTED
    assert check(sqrt(2) + sqrt(3), Rational(314626437, 10**8), relation="<")
    assert check(exp(x), 3, Given(domain={x: (0, 1)}), relation="<")
    assert check(exp(x), Rational(27, 10), Given(domain={x: (0, 1)}), relation="<").verdict is REFUTED


@pytest.mark.parametrize(
    ("e", "value"),
    [
        (cosh(x), mp.cosh),
        (sinh(x), mp.sinh),
        (exp(-x), lambda v: mp.exp(-v)),
        (1 / x, lambda v: 1 / v),
        (log(x), mp.log),
        (x**2 - x, lambda v: v**2 - v),
        (sqrt(x), mp.sqrt),
        (x ** Rational(2, 3), lambda v: v ** (mpf(2) / 3)),
    ],
)
def test_enclosures_hold_every_value(e: Expr, value: object) -> None:
    """Oracle: mpmath's functions at points of the interval."""
    found = enclose(e, {x: (Rational(1, 3), Rational(5, 2))})
    with workdps(30):
        for place in ("0.3333334", "0.7", "1.1", "2.4999"):
            assert found.a <= value(mpf(place)) <= found.b


def test_no_enclosure_without_bounds() -> None:
    for e in (x, log(x - 1), sin(x)):
        with pytest.raises(NoEnclosure):
            enclose(e, {} if e == x else {x: (Rational(1, 2), Rational(3, 2))})


# ---- limits

UNIT = Given(domain={a: "unit"})
TIES = Given(sizes=(n,), domain={gaps: "positive"})
SWITCHED = -(a * log(t) + (1 - a) * log(1 - t))


@pytest.mark.parametrize(
    ("e", "value", "given"),
    [
        (Limit(1 / (m + (K - m) * exp(-c * r)), c, oo), 1 / m, Given(sizes=(K,))),
        (Limit(1 / (m + Sum(exp(-c * gaps[k]), (k, 1, n))), c, oo), 1 / m, TIES),
        (Limit(1 / (m + Sum(exp(-c * gaps[k]), (k, 1, n))), c, 0), 1 / (m + n), TIES),
        (Limit(SWITCHED, t, 0, "+"), oo, UNIT),
        (Limit(SWITCHED, t, 1, "-"), oo, UNIT),
        (Limit(1 / x, x, 0, "-"), -oo, None),
        (Limit(-t * log(t), t, 0, "+"), 0, None),
        (Limit(sin(x) / x, x, 0, "+-"), 1, None),
        (Limit((1 - cos(x)) / x**2, x, 0), Rational(1, 2), None),
        (Limit((exp(c * x) - 1) / x, x, 0), c, None),
        (Limit((1 + c / s) ** s, s, oo), exp(c), None),
        (2 + Limit(exp(-s), s, oo) * x, 2, None),
    ],
)
def test_limits(e: Expr, value: Expr, given: Given | None) -> None:
    assert check(e, value, given)
    wrong = -value if value in (oo, -oo) else value + Rational(1, 1000)
    assert check(e, wrong, given).verdict is REFUTED


def test_limits_that_do_not_exist_are_not_decided() -> None:
    assert check(Limit(sin(x), x, oo), 0).verdict is UNKNOWN
    assert check(Limit(1 / x, x, 0, "+-"), oo).verdict is not PROVED


# ---- extrema

CROSS_ENTROPY = -(y * log(a) + (1 - y) * log(1 - a))
CURVATURE = y / a**2 + (1 - y) / (1 - a) ** 2
BOTH = Given(domain={a: "unit", y: "unit"})


def test_the_minimum_of_cross_entropy_has_all_its_conditions() -> None:
    d = only_minimum("H", CROSS_ENTROPY, a, y, BOTH, curvature=CURVATURE, ends=[(0, "+", oo), (1, "-", oo)])
    assert [part.title for part in d.parts] == [
        "First order",
        "Second order, for every value",
        "End point 0",
        "End point 1",
    ]
    assert d.closed
    assert set(d.verdicts) == {PROVED}


def test_false_minima_are_refuted() -> None:
    with pytest.raises(RefutedStep, match="derivative vanishes"):
        only_minimum("H", CROSS_ENTROPY, a, 1 - y, BOTH, curvature=CURVATURE)
    with pytest.raises(RefutedStep, match="second derivative"):
        only_minimum("H", CROSS_ENTROPY, a, y, BOTH, curvature=CURVATURE + 1)
    with pytest.raises(RefutedStep):
        only_maximum("H", CROSS_ENTROPY, a, y, BOTH, curvature=CURVATURE)
    with pytest.raises(RefutedStep, match="tends to"):
        only_minimum("H", CROSS_ENTROPY, a, y, BOTH, curvature=CURVATURE, ends=[(0, "+", 0)])


def test_a_stationary_point_of_unknown_curvature_is_not_proved() -> None:
    with pytest.raises(UnprovedStep):
        only_minimum("quartic", x**4 / 12 - x**3 / 3 + x**2, x, 0, Given(), curvature=x**2 - 2 * x + 2)
    with pytest.raises(RefutedStep):
        only_minimum("x^4 - x^2", x**4 - x**2, x, 0, Given(), curvature=12 * x**2 - 2)


def test_a_maximum_with_a_finite_end() -> None:
    d = only_maximum(
        "parabola",
        1 - x**2,
        x,
        0,
        Given(domain={x: (-1, 1)}),
        curvature=-2,
        ends=[(1, "-", 0, 1), (-1, "+", 0, 1)],
    )
    assert d.verdict is PROVED


def test_an_extremum_at_an_end_point() -> None:
    given = Given(domain={a: "unit"})
    d = extremum_at_end("-log(1 - a)", -log(1 - a), a, 0, "+", given, slope=1 / (1 - a), value=0)
    assert d.verdict is PROVED
    with pytest.raises(RefutedStep):
        extremum_at_end("-log(1 - a)", -log(1 - a), a, 0, "+", given, slope=1 / (1 - a), value=0, least=False)


def test_the_zero_that_gives_the_widest_interval() -> None:
    """Oracle: mpmath's root finder on another form of the equation, s tanh(s / 2) = 1."""
    g = 1 + cosh(s) - s * sinh(s)
    d, low, high = only_zero("widest", g, s, (1, 2), Given(), slope=-s * cosh(s), digits=25)
    with workdps(40):
        root = findroot(lambda v: v * tanh(v / 2) - 1, 1.5)
        assert mpf(low.p) / low.q < root < mpf(high.p) / high.q
    assert high - low == Rational(1, 10**25)
    assert d.verdict is PROVED
    width = s / (1 + cosh(s))
    there = Given(domain={s: (low, high)})
    assert check(width, Rational(4477433, 10**7), there, relation="<")
    assert check(width, Rational(4477431, 10**7), there, relation="<").verdict is REFUTED


def test_no_zero_without_a_change_of_sign_or_with_a_wrong_slope() -> None:
    with pytest.raises(ValueError, match="does not change its sign"):
        only_zero("none", 1 + s, s, (1, 2), Given(), slope=1)
    with pytest.raises(RefutedStep):
        only_zero("wrong slope", s**2 - 2, s, (1, 2), Given(), slope=3 * s)


def test_at_needs_a_variable() -> None:
    assert check(0, At(x**2, 2 * x, 0)).verdict is REFUTED


def test_at_takes_the_derivative_before_the_value() -> None:
    assert check(At(Partial(x**3, x), x, 2), 12)
    assert check(At(Partial(x**3, x), x, y), 3 * y**2)
    assert check(At(Sum(x * w[i], (i, 1, n)), x, 2), 2 * Sum(w[i], (i, 1, n)), SIZED)


# ---- closed forms of finite sums


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Sum(i, (i, 1, n)), n * (n + 1) / 2),
        (Sum(i**2, (i, 1, n)), n * (n + 1) * (2 * n + 1) / 6),
        (Sum(x**i, (i, 0, n)), (1 - x ** (n + 1)) / (1 - x)),
        (Sum(1 / (i * (i + 1)), (i, 1, n)), n / (n + 1)),
        (Sum(2 * i - 1, (i, 1, n)), n**2),
    ],
)
def test_closed_forms_are_proved_by_induction_over_the_size(left: Expr, right: Expr) -> None:
    result = check(left, right, SIZED, induction=n)
    assert result
    assert "induction over n" in result.method
    assert check(left, right + n, SIZED, induction=n).verdict is REFUTED
    assert not symbolic(left, right + 1, SIZED, induction=n)  # the step holds, the base does not


def test_induction_needs_a_size_that_nothing_else_depends_on() -> None:
    entries = Given(sizes=(n,), free={j: (1, n)})
    assert check(w[j] * (1 + x), w[j] + x * w[j], entries)
    assert check(w[j] * (1 + x), w[j] + x * w[j], entries, induction=n).verdict is CHECKED
    other = Given(sizes=(n, N))
    assert check(Sum(1 / (i * (i + 1)), (i, 1, n)), n / (n + 1), other, induction=n)
    assert check(Sum(1 / (i * (i + 1)), (i, 1, n)), n / (n + 1), other, induction=N).verdict is CHECKED


def test_a_factor_below_the_bar_may_be_turned_round() -> None:
    p = symbols("p", real=True)
    assert check(log(p / (1 - p)), log(p) - log(1 - p), Given(domain={p: "unit"}))
    assert check(log((1 - p) / p), log(p) - log(1 - p), Given(domain={p: "unit"})).verdict is Verdict.REFUTED


def test_a_difference_quotient_has_the_slope_as_its_limit() -> None:
    x, h, a = symbols("x h a", real=True)
    assert check(Limit(((x + h) ** 2 - x**2) / h, h, 0, "+-"), 2 * x)
    assert check(Limit((1 / (x + h) - 1 / x) / h, h, 0, "+-"), -1 / x**2, Given(domain={x: "positive"}))
    assert check(Limit(((x + h) ** 2 - x**2) / h, h, 0, "+-"), 3 * x).verdict is Verdict.REFUTED
    # The denominator may vanish in the limit: at a = 0 this is 1, and not 0.
    assert check(Limit(h / (h + a), h, 0, "+-"), 0 * a).verdict is not Verdict.PROVED
