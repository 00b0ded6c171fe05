"""Letters that a condition holds beyond an end, v > 4 or x > y: tried there, and signs read off from there.

Oracle: the inequalities themselves; each false neighbour changes one sign or one end.
"""

from __future__ import annotations

import pytest
from sympy import Abs, Ne, Rational, log, sqrt, symbols

from helpers.proof import Given, Verdict, check, judge

v, w, x = symbols("v w x", real=True)
FAR = (v > 4, w < -3)

PROVED = {
    "a square": (v**2, ">", 16, FAR),
    "opposite signs": (v * w, "<", -12, FAR),
    "two below": (w * x, ">", 0, (w < -3, x < 0)),
    "a chain of letters": (x**2, ">", 36, (x > v, v > 6)),
    "not zero": (v**2, ">", 0, (Ne(v, 0),)),
    "a size that is not zero": (Abs(v), ">", 0, (Ne(v, 0),)),
    "ends that are reached": (v * w, "<=", -12, (v >= 4, w <= -3)),
}
FALSE = {
    "an end too far": (v, ">", 5, FAR),
    "one may be above": (v * w, "<", 0, (v > 4, w < 3)),
    "a tie at the end": (v * w, "<", -12, (v >= 4, w <= -3)),
    "three below": (v * w * x, ">", 0, (v < 0, w < 0, x < 0)),
    "the other side of 0": (v**2, ">", 16, (v > -5,)),
    "an odd power": (v**3, ">", 0, (Ne(v, 0),)),
    "another letter is not zero": (x**2, ">", 0, (Ne(v, 0),)),
    "a root beyond the end": (v**2 - 11 * v + 30, ">", 0, FAR),
}


@pytest.mark.parametrize("name", PROVED)
def test_what_follows_is_proved(name):
    left, relation, right, conditions = PROVED[name]
    assert check(left, right, Given(conditions=conditions), relation=relation).verdict is Verdict.PROVED


@pytest.mark.parametrize("name", FALSE)
def test_what_does_not_is_refuted_and_not_believed(name):
    left, relation, right, conditions = FALSE[name]
    given = Given(conditions=conditions)
    assert not judge.symbolic(left, right, given, relation=relation)
    result = check(left, right, given, relation=relation)
    assert result.verdict is Verdict.REFUTED
    assert all(abs(value) <= 20 for value in result.counterexample.values())


def test_conditions_that_contradict_leave_nothing_to_try():
    result = check(x, 6, Given(conditions=(x > v, v > x)), relation=">")
    assert result.verdict is Verdict.UNKNOWN


ROOT_OF_TWO = sqrt(2)
BELOW = Rational(14142135623730950488016887242096980785696, 10**40)  # its digits, cut off


@pytest.mark.parametrize(("relation", "holds"), [("<", True), ("<=", True), (">", False), ("=", False)])
def test_constants_are_told_apart_however_close(relation, holds):
    result = check(BELOW, ROOT_OF_TWO, Given(), relation=relation)
    assert result.verdict is (Verdict.PROVED if holds else Verdict.REFUTED)


def test_equal_constants_are_not_torn_apart_by_rounding():
    assert check(log(2) + log(3), log(6), Given(), relation=">=").verdict is Verdict.PROVED
    assert check(sqrt(2) * sqrt(3), sqrt(6), Given(), relation="<").verdict is Verdict.REFUTED
