"""Random letters for the evaluator: every outcome is gone through, none is sampled.

At a point the laws are fixed: of what is only known by its moments a few values with these moments are drawn.
What is not declared independent may share a source: its value is then a function of the same chance, so that
nothing is taken for independent that need not be.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
from sympy import Integer

from ..statement.laws import (
    Alike,
    Bernoulli,
    Moments,
    Normal,
    Together,
    WithoutReplacement,
    law_of,
    letter_of,
    letters_of,
)
from ..statement.operators import Covariance, Expectation, Variance
from ..work import tick
from .evaluate import RULES, Env, Unsettled, evaluate, whole
from .normals import demand_exact
from .points import Point, show_key

MOST_OUTCOMES = 130
FEW = 3  # letters that may have three values; all further ones have two
SHAPES = (  # values and weights of mean 0 and variance 1
    ((-1, Fraction(1, 2)), (1, Fraction(1, 2))),
    ((Fraction(-1, 2), Fraction(4, 5)), (2, Fraction(1, 5))),
    ((-2, Fraction(1, 8)), (0, Fraction(3, 4)), (2, Fraction(1, 8))),
    ((-3, Fraction(1, 10)), (Fraction(1, 3), Fraction(9, 10))),
)
MEANS = (-1, 0, 1, 2, Fraction(-1, 2), Fraction(3, 2))
SPREADS = (1, 2, Fraction(1, 2), 0)
NOTHING = 1e-12  # a weight that is rounding
NODES = ((-1, Fraction(1, 6)), (0, Fraction(2, 3)), (1, Fraction(1, 6)))  # in units of √3 deviations


class Outcome:
    """The values of what was read so far in one outcome, and how its next values are chosen."""

    def __init__(self, over: frozenset | None, choose: Callable[[list], int]) -> None:
        self.over, self.choose, self.weight = over, choose, 1
        self.values: dict[Any, Any] = {}
        self.left: dict[int, tuple] = {}  # source -> the part of the unit interval in which its chance lies

    def covers(self, letter: Any) -> bool:
        return self.over is None or letter in self.over


class Chances:
    """The laws at one point, which source each value comes from, and the outcomes around the evaluator."""

    def __init__(self, point: Point) -> None:
        self.point, self.given = point, point.given
        self.rng = random.Random(f"{point.seed} chances")
        self.sources: dict[Any, tuple[int, bool]] = {}
        self.cells: dict[Any, list] = {}  # laws that were worked out
        self.drawn: dict[Any, Any] = {}  # what a law leaves open
        self.alike: dict[Any, Any] = {}  # the same, by the law that letters share
        outside = random.Random(f"{point.seed} outside")
        self.around = [Outcome(None, lambda cells: outside.randrange(len(cells)))]

    def value(self, key: Any, letter: Any, ctx: Any) -> Any:
        """The value of a random letter or entry in the innermost outcome that is about it."""
        outcome = next(o for o in reversed(self.around) if o.covers(letter))
        if key not in outcome.values:
            self._choose(key, letter, outcome, ctx)
        return outcome.values[key]

    def _choose(self, key: Any, letter: Any, outcome: Outcome, ctx: Any) -> None:
        _, law = self.given.random[letter]
        if isinstance(law, WithoutReplacement):
            self._draw_another(key, letter, outcome, ctx)
            return
        source, turned = self._source(key)
        low, high = outcome.left.get(source, (0, 1))
        cells, end = [], 0
        values = self._law(key, letter, ctx)
        for value, weight in reversed(values) if turned else values:
            begin, end = end, end + weight
            inside = min(end, high) - max(begin, low)
            if inside > NOTHING:
                cells.append((value, (max(begin, low), min(end, high)), inside / (high - low)))
        outcome.values[key], outcome.left[source], weight = cells[outcome.choose(cells)]
        outcome.weight = outcome.weight * weight

    def _draw_another(self, key: Any, letter: Any, outcome: Outcome, ctx: Any) -> None:
        first, last = (whole(end, {}, self.point, ctx) for end in self.given.random[letter][1].ends)
        same = [k for k in outcome.values if isinstance(k, tuple) and k[0] == letter]
        cells = [k for k in range(first, last + 1) if k not in [outcome.values[other] for other in same]]
        if not cells:
            raise Unsettled(f"{show_key(key)} is drawn after all numbers are")
        outcome.values[key] = cells[outcome.choose(cells)]
        outcome.weight = outcome.weight * (ctx.mpf(1) / len(cells))

    def _source(self, key: Any) -> tuple[int, bool]:
        """From which chance the value comes, and whether turned: one shared with what may depend on it."""
        if key not in self.sources:
            taken = sorted({number for number, _ in self.sources.values()})
            shared = [n for n in taken if all(self._may_share(key, k) for k in self._members(n))]
            new = not shared or self.rng.random() < 0.25
            number = len(taken) if new else self.rng.choice(shared)
            self.sources[key] = number, self.rng.random() < 0.3
        return self.sources[key]

    def _members(self, number: int) -> list[Any]:
        return [key for key, (source, _) in self.sources.items() if source == number]

    def _may_share(self, one: Any, other: Any) -> bool:
        """Whether two values may come from one chance; a normal one only with others that are normal."""
        normal = [isinstance(self.given.random[letter_of_key(k)][1], Normal) for k in (one, other)]
        return normal[0] == normal[1] and not self._independent(one, other)

    def _independent(self, one: Any, other: Any) -> bool:
        """Whether one group holds both, in units that differ."""
        letters = [letter_of_key(key) for key in (one, other)]
        for group in self.given.independent:
            found = [next((m for m in group if letter in letters_of(m)), None) for letter in letters]
            if None in found or (found[0] is found[1] and isinstance(found[0], Together)):
                continue
            return True
        return False

    def _law(self, key: Any, letter: Any, ctx: Any) -> list[tuple[Any, Any]]:
        """The values and weights, worked out once for each precision; anew while something is moved."""
        mark = key, ctx is mpmath.mp, mpmath.mp.prec
        if self.point.shifted:
            return self._cells(key, letter, ctx)
        if mark not in self.cells:
            self.cells[mark] = self._cells(key, letter, ctx)
        return self.cells[mark]

    def _cells(self, key: Any, letter: Any, ctx: Any) -> list[tuple[Any, Any]]:
        """The values of one letter or entry with their weights, which sum to 1."""
        entry = letter[tuple(map(Integer, key[1]))] if isinstance(key, tuple) else letter
        law = law_of(entry, self.given.random)

        def number(e: Any) -> Any:
            return evaluate(e, {}, self.point, ctx)

        if isinstance(law, Bernoulli):
            p = number(law.p)
            cells = [(0, 1 - p), (1, p)]
        elif isinstance(law, Normal):
            return _scaled(key, number(law.mean), 3 * number(law.variance), NODES, ctx)
        elif isinstance(law, Moments):
            return self._with_moments(key, law, number, ctx)
        else:
            first, last = (whole(end, {}, self.point, ctx) for end in law.ends)
            places = range(first, last + 1)
            weight = getattr(law, "weight", None)
            equal = ctx.mpf(1) / max(len(places), 1)
            index = law.limit[0] if weight is not None else None
            cells = [(k, equal if weight is None else self._weight(weight, index, k, ctx)) for k in places]
        weights = [w for _, w in cells]
        if any(mpmath.im(w) != 0 or w < -NOTHING for w in weights) or abs(sum(weights) - 1) > NOTHING:
            raise Unsettled(f"the law of {show_key(key)} is none here")
        return cells

    def _weight(self, weight: Any, index: Any, k: int, ctx: Any) -> Any:
        return evaluate(weight, {index: k}, self.point, ctx)

    def _with_moments(self, key: Any, law: Moments, number: Callable, ctx: Any) -> list[tuple[Any, Any]]:
        if key not in self.drawn:
            rng = self.rng
            shapes = SHAPES if len(self.drawn) < FEW else [s for s in SHAPES if len(s) == 2]
            drawn = rng.choice(shapes), rng.choice(MEANS), rng.choice(SPREADS)
            self.drawn[key] = self.alike.setdefault(law, drawn) if isinstance(law, Alike) else drawn
        shape, mean, spread = self.drawn[key]

        mean = _plain(mean, ctx) if law.mean is None else number(law.mean)
        variance = _plain(spread, ctx) ** 2 if law.variance is None else number(law.variance)
        return _scaled(key, mean, variance, shape, ctx)

    def mean(self, over: frozenset | None, value: Callable[[], Any]) -> Any:
        """The weighted sum of `value()` over all outcomes: each is gone through once, by its choices."""
        choices: list[list[int]] = []  # [which, of how many], for each value in the order of reading
        total, outcomes = 0, 0
        while True:
            tick(3)
            outcomes += 1
            if outcomes > MOST_OUTCOMES:
                raise Unsettled("too many outcomes")
            place = iter(range(10**6))

            def choose(cells: list, place: Any = place) -> int:
                k = next(place)
                if k == len(choices):
                    choices.append([0, len(cells)])
                return choices[k][0]

            self.around.append(Outcome(over, choose))
            try:
                found = value()
            finally:
                outcome = self.around.pop()
            total = total + outcome.weight * found
            while choices and choices[-1][0] + 1 == choices[-1][1]:
                choices.pop()
            if not choices:
                return total
            choices[-1][0] += 1

    def shown(self) -> dict[str, Any]:
        """The laws that were drawn, and the values outside of every expectation."""
        found = {}
        for key in self.drawn:
            for value, weight in self._cells(key, letter_of_key(key), mpmath.fp):
                name = f"P({show_key(key)} = {mpmath.nstr(value, 4)})"
                found[name] = found.get(name, 0) + float(weight)
        return found | {show_key(key): float(value) for key, value in self.around[0].values.items()}


def _plain(q: Any, ctx: Any) -> Any:
    return q if isinstance(q, int) else ctx.mpf(q.numerator) / q.denominator


def _scaled(key: Any, mean: Any, square: Any, shape: Any, ctx: Any) -> list[tuple[Any, Any]]:
    """The values of a shape, moved by the mean and stretched by the root of `square`, and their weights."""
    if mpmath.im(square) != 0 or mpmath.im(mean) != 0 or square < 0:
        raise Unsettled(f"{show_key(key)} has no such variance here")
    return [(mean + ctx.sqrt(square) * _plain(v, ctx), _plain(w, ctx)) for v, w in shape]


def letter_of_key(key: Any) -> Any:
    """The letter or array of a value: an entry's key is the array and its indices."""
    return key[0] if isinstance(key, tuple) else key


def chances(point: Point) -> Chances:
    """The chances of a point, made when something random is first read."""
    if point.chances is None:
        point.chances = Chances(point)
    return point.chances


def _expectation(e: Expectation, env: Env, point: Point, ctx: Any) -> Any:
    over = frozenset(map(letter_of, e.over)) or None
    demand_exact(e.args, over, point.given)
    return chances(point).mean(over, lambda: evaluate(e.args[0], env, point, ctx))


def _covariance(e: Covariance | Variance, env: Env, point: Point, ctx: Any) -> Any:
    """The mean of the product of what each differs from its mean; a variance is that of e with itself."""
    a, b = e.args if len(e.args) == 2 else e.args * 2
    demand_exact((a * b,), None, point.given)
    every = chances(point)

    def mean(part: Any) -> Any:
        return every.mean(None, lambda: evaluate(part, env, point, ctx))

    mean_a, mean_b = mean(a), mean(b)

    def product() -> Any:
        return (evaluate(a, env, point, ctx) - mean_a) * (evaluate(b, env, point, ctx) - mean_b)

    return every.mean(None, product)


RULES.update({Expectation: _expectation, Variance: _covariance, Covariance: _covariance})
