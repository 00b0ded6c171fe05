"""Oracle: mutation.oracle, plain numbers for fixed sizes, which shares no code with the judges."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import syw_mutation
from mutation import run
from mutation.mutants import Mutant, mutants
from mutation.suite import FALSE, Tally, examine
from sampling import in_trial
from sympy import (
    Integer,
    Limit,
    Product,
    Sum,
    Transpose,
    exp,
    oo,
)

from helpers.course import DERIVATIONS
from helpers.notation import K, N, X, Xm, b, i, j, k, n, s, u, v, w, wm, x, yk
from helpers.proof import (
    At,
    Derivation,
    Given,
    judge,
)
from helpers.proof.numeric import points, search
from helpers.proof.numeric.search import Finding
from helpers.proof.statement.chain import Chain, Line, Part
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


def test_derivations_that_came_later_are_added_to_the_report() -> None:
    first, *_, last = list(DERIVATIONS)
    counts = {"wrong": {"refuted": 3}}
    new = {**MADE, "derivations": [{**ROW, "id": first}], "kinds": {"sign": counts, "constant": counts}}
    both = run.with_more({**MADE, "derivations": [{**ROW, "id": last}], "provenance": {}}, new)
    assert [row["id"] for row in both["derivations"]] == [first, last]
    assert both["kinds"]["sign"] == {"wrong": {"refuted": 6, "checked": 1}}
    assert both["kinds"]["constant"] == counts
    assert both["kinds"]["square"] == MADE["kinds"]["square"]
    assert both["alone"]["wrong"] == {"tried": 10, "symbolic": 2, "numeric": 0}
    assert (len(both["listed"]), both["seconds"], both["provenance"]) == (2, 2400, {})


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


def test_a_derivation_that_is_not_proved_shows() -> None:
    text = "\n".join(syw_mutation.page({**MADE, "derivations": [{**ROW, "failed": "step 1 is refuted"}]}))
    assert "| a title: not proved |" in text
