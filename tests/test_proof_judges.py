"""Oracles: SymPy's own wrong answers, each shown to be one; Python's arithmetic at the printed points."""

from __future__ import annotations

import pytest
from sympy import (
    Derivative,
    Dummy,
    Expr,
    Function,
    IndexedBase,
    Integer,
    LambertW,
    MatrixSymbol,
    Sum,
    Symbol,
    exp,
    log,
    simplify,
    sqrt,
    symbols,
)

from helpers.proof import Given, Partial, Result, Verdict, check, define, fresh, refute, smooth, unfold
from helpers.proof.judge import numeric, symbolic
from helpers.proof.symbolic.normal_form import NormalForm
from helpers.proof.symbolic.unfolding import prepare

n, N, K = symbols("n N K", integer=True, positive=True)
i, j, k = symbols("i j k", integer=True)
x, y, u = symbols("x y u", real=True)
p = symbols("p", positive=True)
w, v = (IndexedBase(name, shape=(n,), real=True) for name in "wv")
A = IndexedBase("A", shape=(n, n), real=True)
pw = IndexedBase("pw", shape=(n,), positive=True)
FREE = Given(sizes=(n,), free={i: (1, n), j: (1, n)})
SIZED, NONE = Given(sizes=(n,)), Given()
PROVED, CHECKED, UNKNOWN, REFUTED = Verdict
KINDS = ["unit", "positive", "nonnegative", "closed unit", "real", "binary", (1, 2)]


def total(f: Expr, index: Expr = i) -> Sum:
    return Sum(f, (index, 1, n))


# ---- what plain SymPy would have said


def test_sympy_differentiates_into_a_captured_index() -> None:
    assert total(w[i] * v[i]).diff(w[i]) == total(v[i])  # the trap
    assert NormalForm(FREE).canonical(prepare(Partial(total(w[i] * v[i]), w[i]))) == v[i]


def test_sympy_substitutes_into_a_captured_index() -> None:
    s = total(w[j] * v[i])
    assert s.subs(j, i) == total(w[i] * v[i])  # the trap
    renamed = fresh(s).xreplace({j: i})
    assert i in renamed.free_symbols
    assert check(renamed, w[i] * total(v[k], k), FREE)


def test_sympy_loses_a_variable_that_hides_in_a_function() -> None:
    assert Function("f")(k).diff(w[j]) == 0  # the trap
    f = define("f", [k], total(w[i] * v[i]) + k)
    assert check(Partial(f(k), w[j]), v[j], Given(sizes=(n,), free={j: (1, n), k: (1, n)}))


def test_sympy_makes_a_reversed_range_negative() -> None:
    assert Sum(x, (i, 3, 1)).doit() == -x  # the trap
    assert check(Sum(x, (i, 3, 1)), -x, NONE).verdict is REFUTED
    assert check(Sum(x, (i, 3, 1)), 0, NONE)


def test_sympy_simplify_proves_no_indexed_step() -> None:
    left = total((w[i] - total(w[k], k) / n) ** 2)
    right = total(w[i] ** 2) - total(w[k], k) ** 2 / n
    assert simplify(left - right) != 0
    assert check(left, right, SIZED)


def test_unfold_puts_the_argument_in_after_the_derivative() -> None:
    f = define("f", [u], u**3)
    slope = define("slope", [u], Partial(f(u), u))
    assert unfold(slope(2 * x)) == 3 * (2 * x) ** 2
    assert check(slope(2 * x), 12 * x**2)


def test_definitions_that_share_a_name_are_not_confused() -> None:
    one, two = define("same", [u], u), define("same", [u], u**2)
    assert check(one(x), x)
    assert check(two(x), x**2)
    assert check(one(x), two(x)).verdict is REFUTED


def test_a_captured_parameter_is_not_captured() -> None:
    f = define("f", [k], total(A[k, i] * v[i]))
    g = Given(sizes=(n,), free={i: (1, n)})
    assert check(f(i), total(A[i, j] * v[j], j), g)
    assert check(f(i), total(A[i, i] * v[i]), g).verdict is REFUTED


# ---- failure modes that were met once


def test_canonical_sums_can_be_read_again_without_capture() -> None:
    """An inner _q0 once captured an outer one when a canonical sum was put into another expression."""
    z = IndexedBase("z", shape=(N, K), real=True)
    s, m = symbols("s m", integer=True)
    inner = Sum(exp(z[s, m]), (m, 1, K))
    form = NormalForm(Given(sizes=(N, K))).canonical(prepare(Sum(log(inner), (s, 1, N))))
    again = Sum(fresh(form) * z[s, 1], (s, 1, N))
    given = Given(sizes=(N, K), span=(2, 3, 1))
    assert numeric(again, NormalForm(given).canonical(prepare(again)), given).verdict is CHECKED


def test_an_unknown_node_is_no_refutation() -> None:
    assert check(LambertW(p), p, NONE).verdict is UNKNOWN


def test_an_index_without_a_range_is_never_a_number() -> None:
    assert check(w[j], w[j] + 0, SIZED).verdict is UNKNOWN
    assert "has no range" in check(w[j], w[j], SIZED).note
    assert check(total(w[i]), w[j], SIZED).verdict is REFUTED


def test_a_derivative_by_what_is_not_a_variable_is_ill_formed() -> None:
    assert check(x, Partial(x**2 / 2, x + 1)).verdict is REFUTED
    assert "not a variable" in check(w[j], Partial(w[j] ** 2 / 2, w[j] ** 2), FREE).note


def test_an_unknown_relation_is_refused_with_one_sentence() -> None:
    with pytest.raises(ValueError, match="Unknown relation"):
        check(x, x, relation="==")


def test_shapes_that_do_not_fit_are_a_verdict() -> None:
    result = check(MatrixSymbol("B", n, N), MatrixSymbol("B", N, n))
    assert result.verdict is REFUTED
    assert result.note == "the left side is a n × N matrix, the right side a N × n matrix"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"sizes": (x,)}, "must be a Symbol with integer=True"),
        ({"free": {x: (1, n)}}, "must be a Symbol with integer=True"),
        ({"free": {i: n}}, "must be a pair"),
        ({"domain": {x: "positiv"}}, "unknown domain"),
        ({"domain": {x + 1: "positive"}}, "belongs to a symbol"),
        ({"span": (0, 1)}, "1 or more"),
    ],
)
def test_hypotheses_that_make_no_sense_are_refused(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Given(**arguments)


# ---- hypotheses


def test_facts_are_used_where_they_are_needed() -> None:
    simplex = Given(
        sizes=(K,),
        domain={(t := IndexedBase("t", shape=(K,), real=True)): "simplex"},
        facts=((Sum(t[k], (k, 1, K)), 1),),
    )
    without = Given(sizes=(K,), domain={t: "unit"})
    left = Sum(t[k] * (x + 1), (k, 1, K))
    assert check(left, x + 1, simplex)
    assert check(left, x + 1, without).verdict is not PROVED


def test_a_failing_hypothesis_is_named() -> None:
    result = check(x, x, Given(domain={x: "unit"}, facts=((x, Integer(2)),)))
    assert result.verdict is UNKNOWN
    assert "hypothesis x = 2 fails" in result.note


@pytest.mark.parametrize("domain", KINDS)
def test_every_point_lies_in_its_domain(domain: object) -> None:
    """x >= 0, x <= 1 and 1 <= x <= 2 are refuted exactly on the domains that allow it."""
    given = Given(domain={(s := symbols("s", real=True)): domain})
    assert (numeric(s, 0, given, relation=">=").verdict is REFUTED) == (domain == "real")
    assert (numeric(s, 1, given, relation="<=").verdict is REFUTED) == (
        domain in ("real", "positive", "nonnegative", (1, 2))
    )
    assert (numeric(s, 1, given, relation=">=").verdict is REFUTED) == (domain != (1, 2))


def test_a_sign_that_is_not_a_hypothesis_is_not_assumed() -> None:
    s, t = symbols("s t", real=True)
    assert check(log(s**2 * t**2), 2 * log(s) + 2 * log(t), Given(domain={s: "positive", t: "unit"}))
    assert check(log(s**2 * t**2), 2 * log(s) + 2 * log(t)).verdict is REFUTED
    assert check(sqrt(s * t), sqrt(s) * sqrt(t), Given(domain={s: "positive"}))


def test_smooth_functions_are_any_function() -> None:
    f, df = smooth("f")
    assert check(Partial(f(x**2), x), 2 * x * df(x**2))
    assert check(Partial(f(x), x), f(x)).verdict is REFUTED
    assert smooth("f")[0] is f
    assert check(Partial(Partial(f(x), x), x), Partial(df(x), x))


# ---- results


def test_only_proved_is_true() -> None:
    assert [bool(Result(verdict)) for verdict in Verdict] == [True, False, False, False]


def test_refute_returns_the_point_or_says_that_there_is_none() -> None:
    result = refute(total(w[i]) ** 2, total(w[i] ** 2), SIZED)
    assert result.verdict is REFUTED
    with pytest.raises(ValueError, match="No counterexample"):
        refute(x + x, 2 * x)


def test_the_counterexample_really_is_one() -> None:
    """Oracle: Python's own arithmetic at the printed point."""
    point = refute(total(w[i]) ** 2, total(w[i] ** 2), SIZED)
    values = [point.counterexample[f"w[{k}]"] for k in range(1, point.counterexample["n"] + 1)]
    assert point.lhs == sum(values) ** 2
    assert point.rhs == sum(value**2 for value in values)
    assert point.lhs != point.rhs


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        (total(w[i]) ** 2, total(w[i] ** 2), SIZED),
        (log(x * y), log(x) + log(y), NONE),
        (p * (1 - p), p, Given(domain={p: "unit"})),
        (A[i, j], A[j, i], FREE),
        (Sum(pw[k], (k, 1, n)), 2, Given(sizes=(n,), domain={pw: "simplex"})),
    ],
)
def test_counterexamples_are_small_numbers(left: Expr, right: Expr, given: Given) -> None:
    for value in refute(left, right, given).counterexample.values():
        assert value == round(value, 1)
        assert abs(value) <= 4


def test_a_counterexample_is_the_same_every_time() -> None:
    first, second = (refute(total(w[i]) ** 2, total(w[i] ** 2), SIZED) for _ in range(2))
    assert repr(first) == repr(second)


def test_matrix_elements_of_a_symbol_without_sizes_in_free_symbols() -> None:
    """MatrixSymbol.free_symbols omits its sizes; the checker must try several all the same."""
    M = MatrixSymbol("M", n, n)
    assert n not in M.free_symbols  # the trap
    left = Sum(M[k, k], (k, 0, n - 1))
    assert check(left, M[0, 0] + M[1, 1], Given(sizes=(n,))).verdict is REFUTED


def test_derivatives_that_sympy_leaves_open_are_not_proofs() -> None:
    f = Function("f", real=True)
    assert isinstance(f(x).diff(x), Derivative)
    assert check(Partial(f(x), x), f(x).diff(x)).verdict is UNKNOWN
    assert check(Dummy("t", real=True), 0).verdict is REFUTED


def test_a_letter_that_is_minus_one_or_one_has_the_square_one():
    y = Symbol("y", real=True)
    given = Given(domain={y: "sign"})
    for true in ((y**2, 1), (y**3, y), (1 / y, y)):
        assert symbolic(*true, given), true
    for false in ((y**2, 2), (y**2, y), (y**4, 4)):
        assert not symbolic(*false, given), false
