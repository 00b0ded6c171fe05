"""Oracle: the evaluator, which shares no code with the normal form, on random nested expressions."""
from __future__ import annotations

from collections import Counter

import pytest
from fuzzing import trial
from sympy import Expr

from helpers.proof import normal_form, sums
from helpers.proof.normal_form import NormalForm

BLOCKS, EACH = 15, 14  # 210 expressions, of which about 160 hold a sum


@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_normal_form_equals_the_expression_at_every_point(block: int) -> None:
    seen: Counter = sum((trial(seed) for seed in range(block * EACH, (block + 1) * EACH)), Counter())
    wrong = [outcome for outcome in seen if outcome.startswith("WRONG")]
    assert wrong == []
    assert seen["normal form: agrees"] >= 8
    assert seen["zero not recognised"] <= 1


def test_the_fuzz_sees_a_wrong_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sum that forgets one factor of its summand must be noticed."""
    right = sums._canonical_sum

    def forgetful(nf: NormalForm, body: Expr, limits: list) -> Expr:
        return right(nf, body.args[0] if body.is_Mul else body, limits)

    monkeypatch.setattr(sums, "_canonical_sum", forgetful)
    seen = sum((trial(seed) for seed in range(20)), Counter())
    assert any(outcome.startswith("WRONG") for outcome in seen)


@pytest.mark.parametrize("seed", [180, 225])  # found among 400: the fuzz has to be long
def test_the_fuzz_sees_the_capture_bug(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Without fresh names an inner _q0 captures an outer one: an early version had this bug."""
    for module in (normal_form, sums):
        monkeypatch.setattr(module, "fresh", lambda e: e)
    assert any(outcome.startswith("WRONG") for outcome in trial(seed))
