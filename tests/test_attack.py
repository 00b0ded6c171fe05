"""The oracle of the attack decides what is known, and the runner notices a checker that says yes to all."""

from __future__ import annotations

import pytest
from attack import run
from attack.kinds import EDGES, KINDS
from attack.letters import i, k, n, u, x, y
from attack.oracle import Truth, truth
from attack.statement import Statement
from sampling import in_trial
from sympy import Abs, KroneckerDelta, Product, Sum, log, sqrt

from helpers.proof import Given, Result, Verdict

SIZED = Given(sizes=(n,), free={i: (1, n)})
KNOWN = [
    (Statement(sqrt(x**2 * y**2), Abs(x) * Abs(y)), Truth.TRUE),
    (Statement(Sum(k, (k, 1, n)), n * (n + 1) / 2, SIZED), Truth.TRUE),
    (Statement(Sum(u[k] * KroneckerDelta(k, i), (k, 1, n)), u[i], SIZED), Truth.TRUE),
    (Statement(sqrt(x * y), sqrt(x) * sqrt(y)), Truth.FALSE),
    (Statement(log(x * y), log(x) + log(y)), Truth.FALSE),
    (Statement(Sum(1, (k, 3, n)), n - 2, SIZED), Truth.FALSE),
    (Statement(Product(n - k, (k, 1, 5)) * x, 0, SIZED), Truth.FALSE),
]


COUNT = 500 if in_trial() else 140  # statements of the fixed sample, some of each kind
FEWEST = 55  # of the shorter sample's true statements are proved
PROVED = {  # at least so many of the longer sample's, for each kind
    "assumed": 7,
    "assumed_sizes": 1,
    "captured": 3,
    "bound_twice": 3,
    "defined": 5,
    "recursions": 2,
    "recursion_arguments": 1,
    "powers": 5,
    "logarithms": 0,
    "sums_of_logarithms": 3,
    "complex_numbers": 0,
    "whole_powers": 4,
    "split_ranges": 3,
    "counts": 1,
    "ends": 0,
    "shifts": 2,
    "deltas": 1,
    "derivatives_of_sums": 2,
    "products": 5,
    "closed_forms": 0,
    "kinks": 5,
    "kink_derivatives": 1,
    "scales": 2,
    "inequalities": 3,
    "enclosures": 4,
    "matrix_algebra": 5,
    "limits": 0,
    "infinite_limits": 0,
    "slopes": 0,
    "limits_of_powers": 0,
    "limits_of_sums": 1,
    "limits_at_letters": 0,
    "hypotheses": 1,
    "rows": 2,
    "few_values": 0,
    "small_sizes": 0,
    "entries": 0,
    "chain_rules": 3,
    "single": 1,
    "extremes": 3,
    "least_at_end": 2,
    "zeros": 3,
    "inductions": 0,
    "arguments": 0,
    "chains": 0,
    "triangles": 3,
    "deep": 0,
    "left_out": 1,
    "convolutions": 1,
    "equations": 4,
    "equal_indices": 4,
    "sign_conditions": 1,
    "labelled": 4,
    "special_matrices": 1,
    "binary_letters": 2,
    "inside_and_outside": 1,
    "moments": 1,
    "few_outcomes": 3,
    "drawn_indices": 0,
    "families": 0,
    "samples": 2,
    "conditional": 2,
    "gradients": 4,
    "inverses": 2,
    "standard": 1,
    "means_and_sums": 1,
    "spreads": 2,
}


@pytest.fixture(scope="module")
def report():
    return run.run(COUNT, seed=0)


def test_nothing_false_is_proved(report):
    assert report.false_proved == []


def test_nothing_true_is_refuted(report):
    assert report.false_refuted == []


def test_the_symbolic_judge_alone_accepts_nothing_false(report):
    assert report.symbolic_yes == []


def test_at_ties_and_where_nothing_has_a_value():
    found = run.run(25, seed=0, tables=(EDGES,))
    assert found.false_proved == found.false_refuted == found.symbolic_yes == []
    assert set(found.counts) == set(EDGES)


def test_true_statements_are_proved(report):
    assert set(PROVED) == set(KINDS)
    found = {kind: report.of(kind, "true", "proved") for kind in KINDS}
    if in_trial():
        assert {kind: n for kind, n in found.items() if n < PROVED[kind]} == {}
    assert sum(found.values()) >= FEWEST


@pytest.mark.parametrize(("statement", "expected"), KNOWN)
def test_the_oracle_decides_what_is_known(statement, expected):
    assert truth(statement).truth is expected


def test_a_checker_that_says_yes_to_all_is_noticed(monkeypatch):
    monkeypatch.setattr(run, "check", lambda *_, **__: Result(Verdict.PROVED))
    assert len(run.run(46, seed=0).false_proved) >= 10
