"""Oracle: the evaluator, which shares no code with the normal form, on random nested expressions."""

from __future__ import annotations

from collections import Counter

import pytest
from fuzzing import GIVEN, Random, expression, positive, trial
from sampling import in_trial
from sympy import Expr, sympify

from helpers.proof import Verdict
from helpers.proof.judge import numeric
from helpers.proof.symbolic import normal_form, signs, sums
from helpers.proof.symbolic.normal_form import NormalForm
from helpers.proof.symbolic.unfolding import prepare

BLOCKS, EACH = 15 if in_trial() else 3, 14  # 210 expressions in a trial; three of four hold a sum


@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_normal_form_equals_the_expression_at_every_point(block: int) -> None:
    seen: Counter = sum((trial(seed) for seed in range(block * EACH, (block + 1) * EACH)), Counter())
    wrong = [outcome for outcome in seen if outcome.startswith("WRONG")]
    assert wrong == []
    assert seen["normal form: agrees"] >= 8
    assert seen["zero not recognised"] <= 1


def test_a_sign_that_is_read_off_is_never_contradicted_by_a_number() -> None:
    read = 0
    for seed in range(240):
        r = Random(seed)
        e = prepare(sympify(positive(r, 1) if seed % 4 == 0 else expression(r, 3)))
        for relation, is_sign in ((">", signs.is_positive), (">=", signs.is_nonnegative)):
            if not e.is_number and is_sign(e, GIVEN.domain):
                read += 1
                assert numeric(e, 0, GIVEN, relation=relation).verdict is not Verdict.REFUTED
    assert read >= 60


def test_the_fuzz_sees_a_wrong_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sum that forgets one factor of its summand must be noticed."""
    right = sums._canonical_sum

    def forgetful(nf: NormalForm, body: Expr, limits: list) -> Expr:
        return right(nf, body.args[0] if body.is_Mul else body, limits)

    monkeypatch.setattr(sums, "_canonical_sum", forgetful)
    assert any(outcome.startswith("WRONG") for seed in range(20) for outcome in trial(seed))


@pytest.mark.parametrize("seed", [180, 225])  # found among 400: the fuzz has to be long
def test_the_fuzz_sees_the_capture_bug(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Without fresh names an inner _q0 captures an outer one: an early version had this bug."""
    for module in (normal_form, sums):
        monkeypatch.setattr(module, "fresh", lambda e: e)
    assert any(outcome.startswith("WRONG") for outcome in trial(seed))
