"""Statements and texts written by hand: nothing false is proved, nothing true is refuted.

Oracle: the mathematics, as whoever wrote them knows it; beside many a false one stands where it fails.
"""

from __future__ import annotations

import pytest
from by_hand import (
    bounds,
    calculus,
    chance,
    definitions,
    hypotheses,
    matrices,
    order,
    outcomes,
    products,
    read_whole,
    reals,
    sharper,
    sums,
    suppositions,
    texts,
)
from sampling import sample

from helpers.proof import Verdict, check, homework, judge

STUDENTS = (products, calculus, bounds, outcomes, sharper, definitions)  # what they expect to be proved
TOPICS = (sums, reals, order, chance, matrices, hypotheses, *STUDENTS)
PROVED = [one for topic in STUDENTS for one in topic.PROVED]
TRUE = [one for topic in TOPICS for one in topic.TRUE]
FALSE = [one for topic in TOPICS for one in topic.FALSE]
ONE_IN = 6  # of which `make test` takes one; a trial takes them all


def test_there_are_many_different_ones():
    assert len(set(map(str, TRUE))) >= 750
    assert len(set(map(str, FALSE))) >= 1100
    assert len(PROVED) >= 330


@pytest.mark.parametrize("one", sample(TRUE, ONE_IN), ids=str)
def test_a_true_statement_is_not_refuted(one):
    assert check(one.lhs, one.rhs, one.given, relation=one.relation).verdict is not Verdict.REFUTED


@pytest.mark.parametrize("one", sample(PROVED, ONE_IN), ids=str)
def test_what_a_student_expects_to_be_proved_is(one):
    assert check(one.lhs, one.rhs, one.given, relation=one.relation).verdict is Verdict.PROVED


@pytest.mark.parametrize("one", sample(FALSE, ONE_IN), ids=str)
def test_a_false_statement_is_not_proved(one):
    assert check(one.lhs, one.rhs, one.given, relation=one.relation).verdict is not Verdict.PROVED


@pytest.mark.parametrize("one", sample(FALSE, 2 * ONE_IN), ids=str)
def test_the_symbolic_judge_alone_accepts_no_false_statement(one):
    try:
        accepted = judge.symbolic(one.lhs, one.rhs, one.given, relation=one.relation)
    except Exception:  # it has no rule, which is no yes
        accepted = False
    assert not accepted


def rows(text: str) -> list[str]:
    return [line.verdict for line in homework.judge(text.replace(" // ", "\n")).lines]


@pytest.mark.parametrize("text", [*sample(texts.TRUE, 3), *suppositions.TRUE])
def test_a_true_text_has_no_refuted_row(text):
    assert "refuted" not in rows(text)


@pytest.mark.parametrize("text", [*sample(texts.FALSE, 3), *suppositions.FALSE])
def test_the_last_row_of_a_false_text_is_not_proved(text):
    assert (rows(text) or ["nothing"])[-1] != "proved"


@pytest.mark.parametrize("text", read_whole.PROVED)
def test_a_right_row_under_sentences_that_are_read_is_proved(text):
    assert rows(text)[-1] == "proved"


@pytest.mark.parametrize("text", read_whole.REFUTED)
def test_a_false_row_under_sentences_that_are_read_is_refuted(text):
    assert rows(text)[-1] == "refuted"
