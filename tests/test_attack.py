"""The oracle of the attack decides what is known, and the runner notices a checker that says yes to all."""

from __future__ import annotations

import pytest
from attack import run
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


@pytest.mark.parametrize(("statement", "expected"), KNOWN)
def test_the_oracle_decides_what_is_known(statement, expected):
    assert truth(statement).truth is expected


def test_a_checker_that_says_yes_to_all_is_noticed(monkeypatch):
    monkeypatch.setattr(run, "check", lambda *_, **__: Result(Verdict.PROVED))
    assert len(run.run(46, seed=0).false_proved) >= 10
