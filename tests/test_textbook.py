"""What a first course writes down is proved: the 67 lines of `textbook`, and a frozen sample of 300.

`make test` takes every third line and every fifteenth statement; `make trial` takes all of them.
"""

from __future__ import annotations

import pytest
from sampling import sample
from textbook import LINES

from helpers.proof import Verdict, check

LEAST = 60


@pytest.mark.parametrize("name", sample(sorted(LINES), 22))
def test_a_textbook_line_is_proved_or_known_to_be_hard(name):
    left, right, given, relation = LINES[name]
    found = check(left, right, given, relation=relation).verdict
    assert found is Verdict.PROVED or (name in HARD and found is not Verdict.REFUTED)


HARD: set[str] = {"sigma' is at most 1/4"}


def test_there_are_as_many_lines_as_were_reviewed():
    assert len(LINES) == 67
    assert len(LINES) - len(HARD) >= LEAST
