"""Oracle: values worked out by hand, where a value that was kept too long would be another one."""

from __future__ import annotations

import mpmath
import pytest
from sympy import IndexedBase, Sum, Symbol

from helpers.proof import Given, Partial, define
from helpers.proof.numeric import kept
from helpers.proof.numeric.evaluate import evaluate
from helpers.proof.numeric.points import Point

k, n, t = (Symbol(name, integer=True, positive=True) for name in "knt")
u, x, y = (Symbol(name, real=True) for name in "uxy")
a = IndexedBase("a", shape=(n,))
around = define("around", (), a[k])  # its k is that of the place of use
doubled = define("doubled", (), 2 * around())  # names k through another function only
nothing_more = define("nothing_more", (u,), x**u)
mean = define("mean", (), Sum(a[t], (t, 1, n)) / n)
CASES = {
    "a letter of the place of use": (Sum(around(), (k, 1, n)), lambda A, v: sum(A)),
    "the letter of a function inside": (Sum(doubled(), (k, 1, n)), lambda A, v: 2 * sum(A)),
    "another argument": (nothing_more(2) + nothing_more(3), lambda A, v: v**2 + v**3),
    "what a derivative moves": (Partial(nothing_more(2), x) + nothing_more(2), lambda A, v: 2 * v + v**2),
    "an entry that a derivative moves": (Partial(mean(), a[1]) + mean(), lambda A, v: (1 + sum(A)) / 3),
    "a mean in every term": (Sum((a[k] - mean()) ** 2, (k, 1, n)), lambda A, v: spread(A)),
}


def spread(A):
    return sum((value - sum(A) / len(A)) ** 2 for value in A)


def point() -> Point:
    made = Point(Given(sizes=(n,)), (3,), seed=1, simple=False)
    made.symbol(x)
    return made


@pytest.mark.parametrize("name", CASES)
def test_a_kept_value_is_the_value(name):
    expression, right = CASES[name]
    at = point()
    for ctx, near in ((mpmath.fp, 1e-6), (mpmath.mp, 1e-10), (mpmath.fp, 1e-6)):
        found = evaluate(expression, {}, at, ctx)
        entries = [float(at.entry(a, a.label, (place,), (3,), 1)) for place in (1, 2, 3)]
        assert abs(found - right(entries, float(at.symbol(x)))) < near


@pytest.mark.parametrize("name", ["a letter of the place of use", "the letter of a function inside"])
def test_a_letter_that_is_forgotten_is_noticed(name, monkeypatch):
    monkeypatch.setattr(kept, "letters", lambda function: ())
    with pytest.raises(AssertionError):
        test_a_kept_value_is_the_value(name)


def test_a_value_is_worked_out_once():
    at, times = point(), []
    for _ in range(3):
        kept.value(nothing_more, [2], {}, at, mpmath.fp, lambda: times.append(1))
    assert len(times) == 1


def test_a_whole_number_is_not_a_number_that_equals_it():
    """0 to the power 0 is 1 for the whole number 0, and has no value for the number 0.0."""
    at = point()
    first = kept.value(nothing_more, [0], {}, at, mpmath.fp, lambda: "whole")
    second = kept.value(nothing_more, [0.0], {}, at, mpmath.fp, lambda: "not whole")
    assert (first, second) == ("whole", "not whole")


def test_where_rounding_is_looked_for_all_is_worked_out():
    at, times = point(), []
    for _ in range(2):
        with at.watched():
            kept.value(nothing_more, [2], {}, at, mpmath.fp, lambda: times.append(1))
    assert len(times) == 2
