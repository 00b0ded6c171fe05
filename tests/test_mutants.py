"""Oracle: mutation.oracle, plain numbers for fixed sizes, which shares no code with the judges."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import syw_mutation
from mutation import oracle
from mutation.mutants import Mutant, mutants
from mutation.oracle import Oracle
from mutation.suite import FALSE, Tally, examine
from sampling import in_trial
from sympy import (
    IndexedBase,
    Integer,
    KroneckerDelta,
    Limit,
    Product,
    Rational,
    Sum,
    Symbol,
    Transpose,
    exp,
    log,
    oo,
)

from helpers.course import DERIVATIONS
from helpers.notation import K, N, X, Xm, Y, b, i, j, k, l, n, s, sigma, u, v, w, wm, x, yk, zk
from helpers.proof import (
    At,
    Bernoulli,
    Derivation,
    Given,
    Moments,
    Partial,
    Uniform,
    WithoutReplacement,
    define,
    judge,
)
from helpers.proof.numeric import points, search
from helpers.proof.numeric.search import Finding
from helpers.proof.statement.chain import Chain, Line, Part
from helpers.proof.statement.operators import Covariance, Expectation, Variance
from helpers.proof.symbolic import argument

EVERY, EACH = (6, 14) if in_trial() else (8, 9)  # of the table, so that nothing here names one
ONE = Given(sizes=(n,), free={j: (1, n)})


@cache
def tally(id: str) -> Tally:
    return examine(DERIVATIONS[id].chain, cap=EACH)


def chosen() -> list[str]:
    return list(DERIVATIONS)[::EVERY]


@pytest.mark.parametrize("id", chosen())
def test_false_mutants_are_refuted_and_true_ones_proved(id: str) -> None:
    found = tally(id)
    assert found.failed == ""
    assert found.proved == found.agreed == found.steps > 0
    grave = [a for a in found.troubles if a.trouble == "false, proved" or a.mutant.relation == "="]
    assert [(a.trouble, a.mutant, a.note) for a in grave] == []


def test_the_sample_is_large_enough() -> None:
    answers = [a for id in chosen() for a in tally(id).answers]
    assert len(answers) >= (300 if in_trial() else 140)
    assert sum(a.truth in FALSE for a in answers) >= 0.8 * len(answers)
    assert len({a.mutant.kind for a in answers}) >= 12
    assert sum(a.truth == "undecided" for a in answers) <= len(answers) // 50
    assert sum(bool(a.trouble) for a in answers) <= len(answers) // 100  # inequalities that fail in a corner


# ---------------------------------------------------------------- the oracle, on what is known
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


# ---------------------------------------------------------------- the mutants
def edited(right, given=ONE, relation="=", gap=None) -> dict[str, set]:
    """Kind of edit -> the edited sides, or the edited gaps."""
    step = SimpleNamespace(expr=right, gap=gap, relation=relation)
    found: dict[str, set] = {}
    for m in mutants(step, given):
        found.setdefault(m.kind, set()).add(m.gap if m.part == "gap" else m.expr)
    return found


def test_every_kind_of_edit_is_made() -> None:
    def term(e, low=1, high=n):
        return Sum(e, (i, low, high)) + exp(-b)

    e = 2 * w[i] ** 3 * X[s, i]
    found = edited(term(e), Given(sizes=(n, N), free={s: (1, N)}))
    assert term(e) - 2 * exp(-b) in found["sign"]
    assert exp(-b) in found["drop term"]
    assert term(2 * w[i] ** 3) in found["drop factor"]
    assert term(2 * w[i] ** 4 * X[s, i]) in found["exponent + 1"]
    assert term(2 * w[i] ** 2 * X[s, i]) in found["exponent - 1"]
    assert term(2 * w[s] ** 3 * X[s, i]) in found["index swapped"]
    assert term(2 * w[i] ** 3 * X[i, s]) in found["transpose"]
    assert term(2 * w[i + 1] ** 3 * X[s, i]) in found["index shifted"]
    assert {term(e, 1, n - 1), term(e, 2)} <= found["bound shifted"]
    assert e + exp(-b) in found["sum dropped"]
    assert term(2 * w[i] ** 3 * X[s, i] ** 2) in found["square"]
    assert term(e / 2 * 3) in found["constant"]
    assert Sum(e, (i, 1, n)) + exp(b) in found["sign in exponent"]
    assert Product(e, (i, 1, n)) + exp(-b) in found["function"]


def test_claims_of_other_kinds_are_edited_too() -> None:
    assert -oo in edited(oo)["sign"]
    assert {1, -1} <= edited(Integer(0))["constant"]
    assert 1 - yk[k] in edited(yk[k], Given(sizes=(K,), free={k: (1, K)}, domain={yk: "onehot"}))["1 - y"]
    assert Limit(u, u, -oo, "+") in edited(Limit(u, u, oo))["place"]
    assert At(u, u, 3) in edited(At(u, u, 2))["place"]
    assert {Xm.T * wm, Xm * wm.T, Transpose(Xm * wm)} == edited(Xm * wm, Given(sizes=(n, N)))["transpose"]
    found = mutants(SimpleNamespace(expr=Integer(0), gap=v[j] ** 3, relation=">="), ONE)
    assert {m.relation for m in found if m.part == "relation"} == {"<=", "="}
    assert v[j] ** 4 in {m.gap for m in found if m.part == "gap"}


def test_no_mutant_is_the_step_itself() -> None:
    right = Sum(w[i] * x[i], (i, 1, n))
    found = mutants(SimpleNamespace(expr=right, gap=None, relation="="), ONE)
    assert right not in [m.expr for m in found]
    assert len({m.expr for m in found}) == len(found) > 10


# ---------------------------------------------------------------- the suite can fail
def sums() -> Derivation:
    """A chain of our own with sums and an inequality, so that a lazy judge has something to miss."""
    d = Derivation("sums", Sum((w[i] + 1) * w[i], (i, 1, n)), Given(sizes=(n,), span=(2, 3, 1)))
    d.step(Sum(w[i] ** 2, (i, 1, n)) + Sum(w[i], (i, 1, n)), "term by term")
    d.part("Its square part", Sum(w[i] ** 2, (i, 1, n)))
    d.step(Integer(0), "not negative", relation=">=", gap=Sum(w[i] ** 2, (i, 1, n)))
    return d.qed()


@pytest.fixture
def chain() -> Chain:
    return sums().chain


def troubles(chain: Chain) -> set[str]:
    return {a.trouble for a in examine(chain, cap=60).troubles}


def test_the_honest_checker_passes(chain) -> None:
    assert troubles(chain) == set()


def test_a_tolerance_that_forgives_everything_is_noticed(chain, monkeypatch) -> None:
    monkeypatch.setattr(search, "ROUGH", 1e2)
    monkeypatch.setattr(search, "FINE", 1e2)
    assert "false, not refuted" in troubles(chain)


def test_a_judge_that_tries_one_size_only_is_noticed(chain, monkeypatch) -> None:
    def small(given, count, *, simple, **scale):
        return (points.Point(given, (1,), seed, simple) for seed in range(count))

    monkeypatch.setattr(search, "obeying", small)
    monkeypatch.setattr(search, "FAR", 0)
    monkeypatch.setattr(search, "LEVELS", ())
    assert "false, not refuted" in troubles(chain)


def test_two_judges_that_agree_to_anything_are_noticed(chain, monkeypatch) -> None:
    monkeypatch.setattr(argument.NormalForm, "is_zero", lambda *args: True)
    monkeypatch.setattr(judge, "search", lambda *args: Finding(points=24, enough=True))
    assert "false, proved" in troubles(chain)


def test_a_judge_without_a_normal_form_is_noticed(chain, monkeypatch) -> None:
    monkeypatch.setattr(argument.NormalForm, "is_zero", lambda *args: False)
    honest = Mutant("none", "side", Sum(w[k] * (w[k] + 1), (k, 1, n)), "=", None)
    monkeypatch.setattr("mutation.suite.mutants", lambda *args: [honest])
    assert "true, not proved" in troubles(chain)


def test_a_false_step_is_reported() -> None:
    found = examine(Chain("false", (Part("", u, Given(), (Line(u + 1, "for a slip"),)),)), cap=5)
    assert found.failed == "step 1 is refuted: for a slip"
    assert (found.steps, found.proved, found.agreed) == (1, 0, 0)


# ---------------------------------------------------------------- the stored report
def test_the_stored_report_is_a_whole_run_without_trouble() -> None:
    report = json.loads((Path(__file__).parents[1] / "book" / "mutation.json").read_text(encoding="utf-8"))
    rows = report["derivations"]
    assert [row["id"] for row in rows] == list(DERIVATIONS)
    assert sum(sum(sum(one.values()) for one in row["counts"].values()) for row in rows) >= 6000
    assert [row["id"] for row in rows if row["failed"] or row["proved"] != row["steps"]] == []
    assert [entry for entry in report["listed"] if entry["trouble"] == "false, proved"] == []
    assert len(report["listed"]) <= 5  # of thousands; the page shows each


def test_symbols_of_the_oracle_are_not_those_of_the_book() -> None:
    """An entry w[1] and a symbol that prints the same must not be taken for each other."""
    assert Oracle(w[j], ONE).truth(Symbol("w[1]", real=True)) == "wrong"


def test_a_gap_that_is_none_is_told_from_one_that_is_sound(chain) -> None:
    answers = examine(chain, cap=200).answers
    truth = {a.mutant.gap: a.truth for a in answers if a.mutant.part == "gap"}
    assert truth[Sum(w[i], (i, 1, n))] == truth[Sum(w[i] ** 2, (i, 1, n + 1))] == "argument"
    assert truth[Sum(w[i] ** 2, (i, 1, n - 1))] == "open"


# ---------------------------------------------------------------- the page
ROW = {
    "id": "a_b.c",
    "title": "a title",
    "steps": 2,
    "proved": 2,
    "agreed": 2,
    "possible": 9,
    "failed": "",
    "seconds": 1.5,
    "counts": {"wrong": {"refuted": 3, "checked": 1}, "ill": {"refused": 1}, "equal": {"proved": 2}},
}
NONE = {"tried": 0, "symbolic": 0, "numeric": 0}
MADE = {
    "schema": 1,
    "provenance": {"python": "3.11", "sympy": "1.14"},
    "cap": 7,
    "each_alone": 1,
    "jobs": 2,
    "seconds": 1200,
    "processor_seconds": 2000,
    "derivations": [ROW],
    "kinds": {"sign": {"wrong": {"refuted": 3, "checked": 1}}, "square": {"equal": {"proved": 2}}},
    "alone": {"wrong": {"tried": 5, "symbolic": 1, "numeric": 0}, "ill": NONE},
    "listed": [
        {
            "id": "a_b.c",
            "because": "",
            "kind": "sign",
            "truth": "wrong",
            "verdict": "checked",
            "trouble": "false, not refuted",
            "claim": "= |w| `x`",
            "note": "",
        }
    ],
}


def test_the_page_says_what_the_report_says() -> None:
    text = "\n".join(syw_mutation.page(MADE))
    assert "1 derivations, 7 mutants out of 9 possible ones" in text
    assert "| false: the two sides differ at a point | 4 | 0 | 1 | 0 | 3 | 0 |" in text
    assert "| sign | 3 of 4 | none | 0 |" in text
    assert "| square | none | 2 of 2 | 0 |" in text
    assert "| false: the two sides differ at a point | 1 of 5 | 0 of 5 |" in text
    assert "| a_b.c | sign | `= \\|w\\| 'x'` | false, not refuted (checked) |" in text
    assert "### A b" in text
    assert "| a title | 2 of 2 | 4 of 5 | 2 of 2 | 9 | 1.5 |" in text


def test_no_class_of_mutants_is_left_out() -> None:
    row = {**ROW, "counts": {**ROW["counts"], "new": {"checked": 5}}}
    text = "\n".join(syw_mutation.page({**MADE, "derivations": [row]}))
    assert "12 mutants out of" in text
    assert "| new | 5 | 0 | 5 | 0 | 0 | 0 |" in text


def test_a_derivation_that_could_not_be_built_shows() -> None:
    text = "\n".join(syw_mutation.page({**MADE, "derivations": [{**ROW, "failed": "Step 1 is false"}]}))
    assert "| a title: not built |" in text
