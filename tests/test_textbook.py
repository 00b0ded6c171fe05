"""What a first course writes down is proved: the 67 lines of `textbook`, and a frozen sample of 300.

`make test` takes some of them; `make trial` takes all, and counts.
"""

from __future__ import annotations

import pytest
from sampling import in_trial, sample
from textbook import LINES
from true_statements import kept, statement

from helpers.proof import Verdict, check

HARD = {"geometric sum", "sigma' is at most 1/4", "weights of the average"}  # induction, or a gap, is needed
FROZEN = {f"{place} {text['kind']}": text for place, text in enumerate(kept())}


@pytest.mark.parametrize("name", sample(LINES, 3))
def test_a_textbook_line_is_proved_or_known_to_be_hard(name):
    left, right, given, relation = LINES[name]
    found = check(left, right, given, relation=relation).verdict
    assert found is Verdict.PROVED or (name in HARD and found is Verdict.CHECKED)


def test_there_are_as_many_lines_as_were_reviewed():
    assert len(LINES) == 67
    assert len(LINES) - len(HARD) >= 60


def test_of_the_frozen_sample_at_least_85_in_100_are_proved_and_none_is_refuted():
    verdicts = []
    for name in sample(FROZEN, 12):
        one = statement(FROZEN[name])
        verdicts.append(check(one.lhs, one.rhs, one.given).verdict)
    assert Verdict.REFUTED not in verdicts
    assert verdicts.count(Verdict.PROVED) >= 0.85 * len(verdicts)
    assert len(verdicts) == 300 if in_trial() else len(verdicts) > 15
