"""Random letters for the oracle: one table of all outcomes, each with its weight, written out at once.

What is not declared independent is made to depend: letters are thrown into clusters, and the values of a
cluster are read off one number between 0 and 1. Where letters are independent in pairs only, the third is
sometimes the product of the others.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from random import Random
from typing import Any

import mpmath
from sympy import IndexedBase, Symbol

from helpers.proof import Bernoulli, Moments, Together, WithoutReplacement

SHAPES = [
    [(-1, "0.5"), (1, "0.5")],
    [(-0.5, "0.8"), (2, "0.2")],
    [(-2, "0.125"), (0, "0.75"), (2, "0.125")],
    [(-3, "0.1"), ("1/3", "0.9")],
]
MOST = 1500  # outcomes
Entry = tuple[str, tuple[int, ...]]
Outcomes = list[tuple[dict[Entry, Any], Any]]


class NoLaw(ArithmeticError):
    """A law that is none at this point, or more outcomes than can be written out."""


def table(given: Any, shapes: dict, mentioned: frozenset, number: Callable, rng: Random) -> Outcomes:
    """All outcomes of the letters that are mentioned. `number(e, scope)` is the value of a part of a law."""
    laws: dict[Entry, Any] = {}
    drawn: Outcomes = [({}, mpmath.mpf(1))]
    for letter, (indices, law) in given.random.items():
        if str(getattr(letter, "label", letter)) not in mentioned:
            continue
        if isinstance(law, WithoutReplacement):
            drawn = _both(drawn, _permutations(letter, law, shapes, number))
            continue
        for entry in _entries(letter, shapes):
            scope = {i.name: mpmath.mpf(at) for i, at in zip(indices, entry[1], strict=False)}
            laws[entry] = _marginal(law, scope, number, rng)
    special = _product_of_two(given, laws, rng)
    if special is not None:
        return special
    for cluster in _clusters(list(laws), given.independent, rng):
        drawn = _both(drawn, _coupled({entry: laws[entry] for entry in cluster}, rng))
    return drawn


def _entries(letter: Any, shapes: dict[str, tuple]) -> list[Entry]:
    if isinstance(letter, Symbol):
        return [(letter.name, ())]
    shape = shapes[str(letter.label)]
    return [(str(letter.label), at) for at in itertools.product(*(range(1, size + 1) for size in shape))]


def _permutations(letter: IndexedBase, law: Any, shapes: dict, number: Callable) -> Outcomes:
    first, last = (int(number(end, {})) for end in (law.first, law.last))
    entries = _entries(letter, shapes)
    ways = list(itertools.permutations(range(first, last + 1), len(entries)))
    if not ways:
        raise NoLaw("more draws than numbers")
    return [
        (dict(zip(entries, map(mpmath.mpf, way), strict=True)), mpmath.mpf(1) / len(ways)) for way in ways
    ]


def _marginal(law: Any, scope: dict, number: Callable, rng: Random) -> list[tuple[Any, Any]]:
    if isinstance(law, Bernoulli):
        p = number(law.p, scope)
        cells = [(mpmath.mpf(0), 1 - p), (mpmath.mpf(1), p)]
    elif isinstance(law, Moments):
        mean = number(law.mean, scope) if law.mean is not None else mpmath.mpf(rng.choice([-1, 0, 1, 2, 0.5]))
        variance = (
            number(law.variance, scope)
            if law.variance is not None
            else mpmath.mpf(rng.choice([0, 0.25, 1, 4]))
        )
        if variance < 0:
            raise NoLaw("a negative variance")
        shape = rng.choice(SHAPES)
        cells = [(mean + mpmath.sqrt(variance) * _read(v), _read(w)) for v, w in shape]
    else:
        first, last = (int(number(end, scope)) for end in law.ends)
        places = range(first, last + 1)
        weight = getattr(law, "weight", None)
        cells = [(mpmath.mpf(k), mpmath.mpf(1) / len(places)) for k in places] if weight is None else []
        if weight is not None:
            name = law.limit[0].name
            cells = [(mpmath.mpf(k), number(weight, {**scope, name: mpmath.mpf(k)})) for k in places]
    if any(w < 0 for _, w in cells) or abs(sum(w for _, w in cells) - 1) > 1e-20:
        raise NoLaw("weights that do not sum to 1")
    return cells


def _read(number: Any) -> Any:
    above, _, below = str(number).partition("/")
    return mpmath.mpf(above) / mpmath.mpf(below or 1)


def _clusters(entries: list[Entry], groups: tuple, rng: Random) -> list[list[Entry]]:
    clusters: list[list[Entry]] = []
    for entry in rng.sample(entries, len(entries)):
        fits = [c for c in clusters if not any(_independent(entry, other, groups) for other in c)]
        if fits and rng.random() < 0.8:
            rng.choice(fits).append(entry)
        else:
            clusters.append([entry])
    return clusters


def _independent(one: Entry, other: Entry, groups: tuple) -> bool:
    for group in groups:
        places = [
            [k for k, member in enumerate(group) if entry[0] in _names(member)] for entry in (one, other)
        ]
        if all(places) and not (places[0] == places[1] and isinstance(group[places[0][0]], Together)):
            return True
    return False


def _names(member: Any) -> list[str]:
    letters = member.letters if isinstance(member, Together) else (member,)
    return [str(getattr(letter, "label", letter)) for letter in letters]


def _coupled(laws: dict[Entry, list], rng: Random) -> Outcomes:
    """All letters of a cluster read off one number between 0 and 1, some of them from the other end."""
    steps: dict[Entry, list] = {}
    cuts = {mpmath.mpf(0), mpmath.mpf(1)}
    for entry, cells in laws.items():
        end, found = mpmath.mpf(0), []
        for value, weight in cells if rng.random() < 0.6 else reversed(cells):
            end += weight
            found.append((end, value))
            cuts.add(end)
        steps[entry] = found
    outcomes = []
    for low, high in itertools.pairwise(sorted(cuts)):
        if high - low < mpmath.mpf(10) ** -20 or low >= 1:
            continue
        middle = (low + high) / 2
        at = {
            entry: next((v for end, v in found if middle < end), found[-1][1])
            for entry, found in steps.items()
        }
        outcomes.append((at, high - low))
    return outcomes


def _both(one: Outcomes, other: Outcomes) -> Outcomes:
    if len(one) * len(other) > MOST:
        raise NoLaw("too many outcomes")
    return [({**a, **b}, v * w) for a, v in one for b, w in other]


def _product_of_two(given: Any, laws: dict[Entry, Any], rng: Random) -> Outcomes | None:
    """Three letters that are independent in pairs only: two fair signs, and their product."""
    pairs = [group for group in given.independent if len(group) == 2]
    open_laws = all(isinstance(law, Moments) and law.mean is None for _, law in given.random.values())
    if len(pairs) < 2 or len(laws) != 3 or not open_laws or rng.random() < 0.3:
        return None
    a, b, c = laws
    signs = itertools.product((1, -1), repeat=2)
    return [
        ({a: mpmath.mpf(s), b: mpmath.mpf(t), c: mpmath.mpf(s * t)}, mpmath.mpf("0.25")) for s, t in signs
    ]
