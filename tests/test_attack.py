"""The oracle of the attack decides what is known, and the runner notices a checker that says yes to all."""

from __future__ import annotations

import pytest
from attack import run
from attack.kinds import KINDS
from attack.letters import i, k, n, u, x, y
from attack.oracle import Truth, truth
from attack.statement import Statement
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


COUNT = 500  # statements of the fixed sample
PROVED = {  # at least so many of its true statements, for each kind
    "assumed": 3,
    "assumed_sizes": 1,
    "captured": 1,
    "bound_twice": 3,
    "defined": 2,
    "recursions": 1,
    "recursion_arguments": 4,
    "powers": 0,
    "logarithms": 3,
    "sums_of_logarithms": 1,
    "complex_numbers": 3,
    "whole_powers": 2,
    "split_ranges": 0,
    "counts": 2,
    "ends": 2,
    "shifts": 3,
    "deltas": 1,
    "derivatives_of_sums": 4,
    "products": 2,
    "closed_forms": 2,
    "kinks": 5,
    "kink_derivatives": 2,
    "scales": 1,
    "inequalities": 3,
    "enclosures": 1,
    "matrix_algebra": 2,
    "limits": 0,
    "infinite_limits": 1,
    "slopes": 3,
    "limits_of_powers": 0,
    "limits_of_sums": 0,
    "limits_at_letters": 1,
    "hypotheses": 0,
    "rows": 3,
    "few_values": 0,
    "small_sizes": 0,
    "entries": 2,
    "chain_rules": 1,
    "single": 2,
    "extremes": 4,
    "least_at_end": 3,
    "zeros": 3,
    "inductions": 0,
    "arguments": 0,
    "chains": 0,
    "triangles": 2,
    "deep": 2,
    "left_out": 2,
    "convolutions": 2,
    "equations": 4,
    "equal_indices": 0,
    "sign_conditions": 1,
    "labelled": 1,
    "special_matrices": 0,
    "binary_letters": 2,
    "inside_and_outside": 0,
    "moments": 2,
    "few_outcomes": 2,
    "drawn_indices": 1,
    "families": 2,
    "samples": 3,
    "conditional": 3,
    "gradients": 2,
    "inverses": 1,
    "standard": 0,
    "means_and_sums": 1,
    "spreads": 3,
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


def test_true_statements_are_proved(report):
    assert set(PROVED) == set(KINDS)
    found = {kind: report.of(kind, "true", "proved") for kind in KINDS}
    assert {kind: n for kind, n in found.items() if n < PROVED[kind]} == {}


@pytest.mark.parametrize(("statement", "expected"), KNOWN)
def test_the_oracle_decides_what_is_known(statement, expected):
    assert truth(statement).truth is expected


def test_a_checker_that_says_yes_to_all_is_noticed(monkeypatch):
    monkeypatch.setattr(run, "check", lambda *_, **__: Result(Verdict.PROVED))
    assert len(run.run(46, seed=0).false_proved) >= 10
