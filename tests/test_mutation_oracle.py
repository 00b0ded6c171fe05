"""Oracle of the oracle: statements whose truth is known, without the judges."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutation import oracle
from mutation.oracle import Oracle
from sympy import (
    IndexedBase,
    Integer,
    KroneckerDelta,
    Limit,
    Product,
    Rational,
    Sum,
    Symbol,
    exp,
    log,
    oo,
)

from helpers.notation import K, N, X, Xm, Y, b, i, j, k, l, n, s, sigma, u, v, w, wm, x, yk, zk
from helpers.proof import (
    At,
    Bernoulli,
    Given,
    Moments,
    Partial,
    Uniform,
    WithoutReplacement,
    define,
)
from helpers.proof.statement.operators import Covariance, Expectation, Variance

ONE = Given(sizes=(n,), free={j: (1, n)})

TRUE = [
    (Sum(w[i] * KroneckerDelta(i, j), (i, 1, n)), w[j], ONE),
    (Partial(Sum(w[i] ** 2, (i, 1, n)), w[j]), 2 * w[j], ONE),
    (
        Partial(sigma(Sum(w[i] * x[i], (i, 1, n))), w[j]),
        sigma(Sum(w[i] * x[i], (i, 1, n))) * (1 - sigma(Sum(w[i] * x[i], (i, 1, n)))) * x[j],
        ONE,
    ),
    (Sum(yk[k] * zk[l], (k, 1, K)), zk[l], Given(sizes=(K,), free={l: (1, K)}, domain={yk: "simplex"})),
    (At(Partial(u**3, u), u, 2), Integer(12), Given()),
    (Limit((1 + u * b) / u, u, oo), b, Given()),
    (Limit((exp(u * b) - 1) / u, u, 0, "+-"), b, Given()),
    (Limit(log(1 + exp(u)) / u, u, oo), Integer(1), Given()),
    (log(Product(exp(w[i]), (i, 1, n))), Sum(w[i], (i, 1, n)), Given(sizes=(n,))),
    (Xm * wm, (wm.T * Xm.T).T, Given(sizes=(n, N))),
]


@pytest.mark.parametrize(("left", "right", "given"), TRUE)
def test_the_oracle_knows_what_is_true(left, right, given) -> None:
    assert Oracle(left, given).truth(right) == "equal"
    assert Oracle(left, given).truth(2 * right) == "wrong"


@pytest.mark.parametrize(
    ("left", "right", "given"),
    [
        (Sum(w[i] * KroneckerDelta(i, j), (i, 1, n)), w[i], ONE),  # i is bound on the left only
        (w[j], w[j] + KroneckerDelta(j, n + 1) * w[j + 1], ONE),
        (w[j], w[j] + Sum(w[i], (i, n + 1, n + 1)), ONE),
        (Sum(X[s, j], (s, 1, N)), Sum(X[j, s], (s, 1, N)), Given(sizes=(n, N), free={j: (1, n)})),
        (Xm * wm, Xm.T, Given(sizes=(n, N))),
        (Xm * wm, (Xm * wm).T, Given(sizes=(n, N))),
    ],
)
def test_the_oracle_sees_what_is_ill_formed(left, right, given) -> None:
    assert Oracle(left, given).truth(right) == "ill"


def test_the_oracle_reads_relations_at_all_its_points() -> None:
    square = Oracle((u - 1) ** 2, Given())
    assert square.truth(Rational(-1, 9), ">") == "equal"
    assert square.truth(Rational(1, 9), ">=") == "wrong"
    assert Oracle(u, Given(domain={u: (2, 3)})).truth(Integer(2), ">") == "equal"
    assert Oracle(u, Given()).truth(u, "<") == "undecided"  # too close to say
    assert Oracle(u, Given()).truth(u + 1, ">") == "wrong"


def test_the_oracle_takes_means_over_what_is_random() -> None:
    draws = IndexedBase("i", shape=(n,), integer=True)
    given = Given(sizes=(n, N), random={draws: Uniform(1, N)}, independent=(draws,))
    picked = Y[draws[1]]
    centre = Sum(Y[s], (s, 1, N)) / N
    assert Oracle(Expectation(picked), given).truth(centre) == "equal"
    assert Oracle(Variance(picked), given).truth(Sum((Y[s] - centre) ** 2, (s, 1, N)) / N) == "equal"
    total = Sum(Y[draws[k]], (k, 1, n))
    assert Oracle(Variance(total), given).truth(n * Variance(picked)) == "equal"
    assert Oracle(Variance(total), given).truth(n**2 * Variance(picked)) == "wrong"
    assert Oracle(Y[draws[1]], given).truth(centre) == "undecided"
    tied = Given(sizes=(n, N), random={draws: Uniform(1, N)})
    assert Oracle(Variance(total), tied).truth(n * Variance(picked)) == "wrong"
    assert Oracle(Expectation(total), tied).truth(n * centre) == "equal"
    without = Given(sizes=(n, N), random={draws: WithoutReplacement(1, N)}, conditions=(N > 1, n <= N))
    assert Oracle(Variance(total), without).truth(n * Variance(picked) * (N - n) / (N - 1)) == "equal"
    assert Oracle(Variance(total), without).truth(n * Variance(picked)) == "wrong"


def test_the_oracle_knows_laws_by_their_moments() -> None:
    r, q = Symbol("r", integer=True), Symbol("q", real=True)
    coin = Given(random={r: Bernoulli(q)}, domain={q: "unit"})
    assert Oracle(Variance(r), coin).truth(q * (1 - q)) == "equal"
    assert Oracle(Expectation(r**2), coin).truth(q**2) == "wrong"
    both = Given(random={u: Moments(0, v[1] ** 2), b: Moments()}, independent=(u, b), sizes=(n,))
    assert Oracle(Expectation(u**2), both).truth(v[1] ** 2) == "equal"
    assert Oracle(Covariance(u, b + u), both).truth(v[1] ** 2) == "equal"
    assert Oracle(Covariance(u, b), Given(random=both.random, sizes=(n,))).truth(Integer(0)) == "wrong"


def test_the_oracle_obeys_conditions_and_what_follows_from_equations() -> None:
    p = Symbol("p", real=True)
    assert Oracle(u * b, Given(conditions=(u * b < 2,))).truth(Integer(2), "<") == "equal"
    assert Oracle(u * b, Given(conditions=(u * b < 2,))).truth(Integer(1), "<") == "wrong"
    solved = Given(domain={p: "positive"}, facts=((p, u - b),))
    assert Oracle(u, solved).truth(b, ">") == "equal"
    assert Oracle(p, solved).truth(u + b) == "wrong"


def test_the_oracle_derives_by_an_intermediate_quantity() -> None:
    inner = define("a", (), sigma(u))
    cost = define("C", (), (inner() - b) ** 2)
    assert Oracle(Partial(cost(), inner()), Given()).truth(2 * (inner() - b)) == "equal"
    assert Oracle(Partial(cost(), inner()), Given()).truth(Partial(cost(), u)) == "wrong"


def test_the_oracle_compares_constants_in_many_digits() -> None:
    near = Integer(1) + Rational(1, 10**40)
    assert Oracle(near, Given()).truth(Integer(1), ">") == "equal"
    assert Oracle(near, Given()).truth(Integer(1), "<") == "wrong"


def test_the_oracle_sees_what_has_no_limit() -> None:
    assert Oracle(Limit(log(u), u, 0, "+"), Given()).truth(-oo) == "equal"
    assert Oracle(Limit(log(u), u, 0, "+"), Given()).truth(oo) == "wrong"
    assert Oracle(Limit(1 / u, u, 0, "+-"), Given()).truth(oo) == "undecided"


def test_the_oracle_says_when_it_has_no_rule() -> None:
    assert Oracle(Sum(w[i], (i, 1, oo)), Given()).truth(u) == "undecided"


def test_the_oracle_shares_no_code_with_the_judges() -> None:
    folder = Path(oracle.__file__).parent
    parts = ("oracle", "scalars", "explicit", "outcomes", "values")
    text = "".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in parts)
    lines = [line for line in text.splitlines() if "helpers" in line and "import" in line]
    used = {line.split("import ")[0].strip() for line in lines}
    assert used == {
        "from helpers.proof",
        "from helpers.proof.statement.operators",
        "from helpers.proof.statement.recursive",
        "from helpers.proof.statement.terms",
    }
    assert "judge" not in text.replace("judges", "")


def test_symbols_of_the_oracle_are_not_those_of_the_book() -> None:
    """An entry w[1] and a symbol that prints the same must not be taken for each other."""
    assert Oracle(w[j], ONE).truth(Symbol("w[1]", real=True)) == "wrong"
