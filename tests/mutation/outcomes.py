"""Means over random letters for the oracle: every outcome with its weight, found by reading the expression.

An entry is drawn when it is first read. What is not declared independent of an entry drawn before it takes
the value at the same place of its law, which any dependence allows.
"""

from __future__ import annotations

import random
from typing import Any

from sympy import Add, Basic, Expr, Integer, Rational, sqrt

from helpers.proof import Bernoulli, Categorical, Moments, Together, WithoutReplacement
from helpers.proof.statement.operators import Covariance, Expectation, Variance

MOST = 1000  # outcomes
Entry = tuple[Basic, tuple]


class Unread(Exception):
    """A random entry that has no value yet."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry)
        self.entry = entry


def value(instance: Any, letter: Basic, place: tuple) -> Expr:
    """What a random entry is in the outcome that is looked at."""
    from .scalars import Undecided

    instance.demand_inside(letter, place, getattr(letter, "shape", None), 1)
    if instance.outcome is None:
        raise Undecided(f"{letter} is random, and no mean is taken")
    if (letter, place) not in instance.outcome:
        raise Unread((letter, place))
    return instance.outcome[letter, place]


def mean(instance: Any, e: Expectation, env: dict) -> Expr:
    return Add(*(weight * a for weight, (a,) in outcomes(instance, e.args[:1], env, e.over)))


def variance(instance: Any, e: Variance, env: dict) -> Expr:
    return _covariance(outcomes(instance, (e.args[0], e.args[0]), env))


def covariance(instance: Any, e: Covariance, env: dict) -> Expr:
    return _covariance(outcomes(instance, e.args, env))


def _covariance(found: list) -> Expr:
    product = Add(*(weight * a * b for weight, (a, b) in found))
    return product - Add(*(w * a for w, (a, _) in found)) * Add(*(w * b for w, (_, b) in found))


def outcomes(instance: Any, bodies: tuple, env: dict, over: tuple = ()) -> list[tuple[Expr, list[Expr]]]:
    """The weight of each outcome, with the values of `bodies` in it; `over`: only these letters are drawn."""
    from .scalars import Undecided

    outside, found = instance.outcome, []
    kept = {entry: v for entry, v in (outside or {}).items() if over and entry[0] not in over}
    waiting: list[tuple[Expr, dict]] = [(Integer(1), kept)]
    try:
        while waiting:
            weight, instance.outcome = waiting.pop()
            try:
                found.append((weight, [instance.plain(body, env) for body in bodies]))
            except Unread as new:
                if over and new.entry[0] not in over:
                    raise
                seen = instance.outcome
                waiting += [(weight * w, {**seen, new.entry: v}) for v, w in _chances(instance, new.entry)]
            if len(found) + len(waiting) > MOST:
                raise Undecided("too many outcomes")
    finally:
        instance.outcome = outside
    return found


def _chances(instance: Any, entry: Entry) -> list[tuple[Expr, Expr]]:
    """The values that an entry can have after those drawn before it, each with its weight."""
    given, seen, cells = instance.given, instance.outcome, _cells(instance, entry)
    if isinstance(given.random[entry[0]][1], WithoutReplacement):
        taken = {v for (letter, _), v in seen.items() if letter == entry[0]}
        left = [v for v, _ in cells if v not in taken]
        return [(v, Rational(1, len(left))) for v in left]
    for other in seen:
        theirs = _cells(instance, other)
        if not independent(entry, other, given.independent) and [w for _, w in theirs] == [
            w for _, w in cells
        ]:
            return [(cells[[v for v, _ in theirs].index(seen[other])][0], Integer(1))]
    return cells


def _cells(instance: Any, entry: Entry) -> list[tuple[Expr, Expr]]:
    """The law of one entry."""
    letter, place = entry
    indices, law = instance.given.random[letter]
    env = dict(zip(indices, map(Integer, place), strict=False))
    if isinstance(law, Bernoulli):
        p = instance.plain(law.p, env)
        return [(Integer(0), 1 - p), (Integer(1), p)]
    if isinstance(law, Moments):
        rng = random.Random(f"{letter}{place}")
        unsaid = Rational(rng.randint(-9, 9), 4), Rational(rng.randint(1, 9), 4)
        centre, spread = (
            own if said is None else instance.plain(said, env)
            for said, own in zip((law.mean, law.variance), unsaid, strict=True)
        )
        return [(centre - sqrt(spread) / 2, Rational(4, 5)), (centre + 2 * sqrt(spread), Rational(1, 5))]
    first, last = (instance.whole(end, env) for end in law.ends)
    values = [Integer(k) for k in range(first, last + 1)]
    if isinstance(law, Categorical):
        return [(k, instance.plain(law.weight, {**env, law.limit[0]: k})) for k in values]
    return [(k, Rational(1, len(values))) for k in values]


def independent(one: Entry, other: Entry, groups: tuple) -> bool:
    """Whether some group has both, in different units of it."""
    for group in groups:
        members = [_member(entry[0], group) for entry in (one, other)]
        if None not in members and not (members[0] == members[1] and isinstance(members[0], Together)):
            return True
    return False


def _member(letter: Basic, group: tuple) -> Any:
    inside = (m for m in group if letter in (m.letters if isinstance(m, Together) else (m,)))
    return next(inside, None)
