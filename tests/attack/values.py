"""Points that obey the hypotheses: every size and index, the edges of every domain, small and large values.

The whole numbers that a statement mentions are tried, too, and values are drawn twice on purpose: most false
statements are false where two quantities are equal or one is at an edge.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
from sympy import Function, Indexed, IndexedBase, MatrixSymbol, Rational, Sum, Symbol
from sympy.core.basic import Basic
from sympy.matrices.expressions.matexpr import MatrixExpr

from .arithmetic import NoValue, Place, number, value
from .operators import holds
from .statement import Statement, pieces
from .tables import TABLES

EDGES = [Fraction(v) for v in ("0", "1", "-1", "1/2", "-1/2", "2", "-2", "3", "-3")]
SCALES = [Fraction(1, 100), Fraction(1, 10), Fraction(1), Fraction(1), Fraction(10), Fraction(30)]
LARGEST = 7  # size
EVERY, OFTEN = (
    10,
    5,
)  # one seed in so many draws 0 wherever 0 may be, and so does another one half of the time
FEW = 3  # where all outcomes are written out
WHOLE = ("t",)  # arrays of labels
ROWS = ("simplex", "closed simplex", "onehot", "affine")


def draw(statement: Statement, rng: random.Random, seed: int) -> Place | None:
    """A point, or None if an index has no value there or a hypothesis does not hold."""
    given, trees = statement.given, parts_of(statement)
    numbers = _numbers(trees)
    letters: dict[str, Any] = {}
    sizes = sorted({s.name for s in given.sizes})
    whole = {int(v) for v in numbers if v == int(v) and 3 < v < 45}
    large = sorted({v + more for v in whole for more in (0, 1, 2, 4)} - set(range(LARGEST + 1)))
    largest, step = (FEW, 1) if given.random else (LARGEST, 3)
    for place, name in enumerate(sizes):
        letters[name] = Fraction((seed + step * place * (seed // largest)) % largest + 1)
        if large and not given.random and rng.random() < 0.3:
            letters[name] = Fraction(rng.choice(large))
    domains = {getattr(s, "name", str(getattr(s, "label", s))): d for s, d in given.domain.items()}
    letters_of_domains = [getattr(s, "label", s) for s in given.domain]
    integers = {str(letter) for letter in letters_of_domains if getattr(letter, "is_integer", False)}
    place = Place(
        letters,
        _drawer(domains, rng, numbers, {*WHOLE, *integers}),
        _shapes(trees, letters),
        given=given,
        seed=seed,
    )
    place.mentioned = frozenset(str(s) for e in trees for s in e.free_symbols)
    try:
        for index, ends in given.free.items():
            first, last = (int(value(end, {}, place)) for end in ends)
            if last < first:
                return None
            letters[index.name] = Fraction(rng.choice([first, last, rng.randint(first, last)]))
        for s in sorted({s for e in trees for s in e.atoms(Symbol)}, key=str):
            if s.name not in letters and (s.name in domains or not s.is_integer):
                letters[s.name] = _letter(s, domains, rng, numbers, place, integers)
        return place if _obey(statement, place) else None
    except NoValue:
        return None


def parts_of(statement: Statement) -> list[Basic]:
    """Both sides, the hypotheses, and the bodies of whatever they apply."""
    waiting = [
        *(statement.meant or (statement.lhs, statement.rhs)),
        *(s for f in statement.given.facts for s in f),
    ]
    waiting += [end for ends in statement.given.free.values() for end in ends]
    waiting += [end for d in statement.given.domain.values() if isinstance(d, tuple) for end in d]
    waiting += [part for _, law in statement.given.random.values() for part in law.parts()]
    waiting += [side for condition in statement.given.conditions for side in condition.args]
    found, seen = [], set()
    while waiting:
        e = waiting.pop()
        found.append(e)
        for call in e.atoms(Function):
            if call.func not in seen:
                seen.add(call.func)
                waiting += pieces(call.func).values()
    return found


def _numbers(trees: list[Basic]) -> list[Fraction]:
    found = {Fraction(int(r.p), int(r.q)) for e in trees for r in e.atoms(Rational) if abs(r) < 100}
    return sorted({s * r for r in found for s in (1, -1)})


def _shapes(trees: list[Basic], letters: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    sizes = {name: int(v) for name, v in letters.items()}
    arrays: set[Any] = set()
    for e in trees:
        arrays |= e.atoms(IndexedBase) | e.atoms(MatrixSymbol)
    found = {}
    for array in arrays:
        shape = array.shape or ()
        name = array.name if isinstance(array, MatrixExpr) else str(array.label)
        found[name] = tuple(int(s.xreplace({t: sizes.get(t.name, t) for t in s.free_symbols})) for s in shape)
    return found


def _letter(
    s: Symbol, domains: dict, rng: random.Random, numbers: list, place: Place, integers: set[str]
) -> Any:
    domain = domains.get(s.name)
    if callable(domain):
        return Fraction(domain(rng))
    if isinstance(domain, tuple):
        low, high = (_fraction(value(end, {}, place)) for end in domain)
        if low > high:
            raise NoValue("an empty range")
        if s.is_integer or s.name in integers:
            return Fraction(rng.randint(int(low), int(high)))
        if low <= 0 <= high and rng.random() < _share_of_zeros(place.seed):
            return Fraction(0)
        return rng.choice([low, high, low + (high - low) * Fraction(rng.randint(1, 99), 100)])
    domain = _word(s) if domain in (None, *ROWS) else domain  # the name of an array is a letter, too
    return number_in(domain, rng, numbers, list(place.letters.values()), _share_of_zeros(place.seed))


def _fraction(v: Any) -> Fraction:
    return Fraction(mpmath.nstr(v, 25))


def _word(s: Symbol) -> str:
    if s.is_positive:
        return "positive"
    return "negative" if s.is_negative else "nonnegative" if s.is_nonnegative else "real"


def _share_of_zeros(seed: int) -> float:
    """How often 0 is drawn where it may be: strict inequalities fail where all quantities are 0 at once."""
    return {0: 1.0, OFTEN: 0.5}.get(seed % EVERY, 0.0)


def number_in(domain: str, rng: random.Random, numbers: list, drawn: list, zeros: float) -> Fraction:
    """A number of the domain: an edge, a number of the statement, one that was drawn before, or any."""
    if zeros and _belongs(Fraction(0), domain) and rng.random() < zeros:
        return Fraction(0)
    for _ in range(60):
        chance = rng.random()
        if chance < 0.3:
            v = rng.choice(EDGES)
        elif chance < 0.45 and numbers:
            v = rng.choice(numbers)
        elif chance < 0.55 and drawn:
            v = rng.choice(drawn)
        else:
            v = Fraction(rng.randint(-199, 199), 100) * rng.choice(SCALES)
        if _belongs(v, domain):
            return v
        if _belongs(abs(v), domain):
            return abs(v)
    if domain == "sign":
        return Fraction(rng.choice((-1, 1)))
    return Fraction(rng.randint(0, 1)) if domain == "binary" else Fraction(rng.randint(1, 99), 100)


def _belongs(v: Fraction, domain: str) -> bool:
    tests: dict[str, bool] = {
        "real": True,
        "nonzero": v != 0,
        "positive": v > 0,
        "negative": v < 0,
        "nonnegative": v >= 0,
        "unit": 0 < v < 1,
        "closed unit": 0 <= v <= 1,
        "binary": v in (0, 1),
        "sign": v in (-1, 1),
    }
    return tests[domain]


def _drawer(domains: dict, rng: random.Random, numbers: list, integers: set[str]) -> Callable:
    """Draws entries, of `integers` whole numbers; a row of a simplex or a one-hot row is drawn as a whole."""
    rows: dict[tuple, list] = {}
    tables: dict[str, list] = {}
    drawn: list[Fraction] = []

    def entry(name: str, indices: tuple[int, ...]) -> Any:
        domain = domains.get(name, "real")
        if callable(domain):
            return Fraction(domain(rng))
        if domain in TABLES:
            if name not in tables:
                tables[name] = TABLES[domain](entry.shapes[name], rng)
            return tables[name][indices[0]][indices[1]]
        if domain in ROWS:
            size = place_sizes(name)
            row = rows.setdefault((name, indices[:-1]), _row(domain, size, rng))
            return row[indices[-1] - 1]
        if isinstance(domain, tuple):
            low, high = (_fraction(value(end, {}, entry.place)) for end in domain)
            if name in integers:
                return Fraction(rng.randint(int(low), int(high)))
            return rng.choice([low, high, low + (high - low) * Fraction(rng.randint(1, 99), 100)])
        drawn.append(number_in(domain, rng, numbers, drawn, _share_of_zeros(entry.place.seed)))
        return drawn[-1]

    def place_sizes(name: str) -> int:
        return entry.shapes[name][-1]  # type: ignore[attr-defined]

    entry.shapes = {}  # type: ignore[attr-defined]
    return entry


def _row(domain: str, size: int, rng: random.Random) -> list[Fraction]:
    if domain == "onehot":
        hot = rng.randrange(size)
        return [Fraction(k == hot) for k in range(size)]
    if domain == "affine":
        row = [Fraction(rng.randint(-30, 30), rng.choice([1, 2, 10])) for _ in range(size - 1)]
        row.insert(rng.randrange(size), 1 - sum(row))
        return row
    parts = [rng.choice([1, 1, 5, 40, 1000]) for _ in range(size)]
    if domain == "closed simplex":
        parts = [part * rng.choice([0, 1, 1]) for part in parts[1:]] + [1]
        rng.shuffle(parts)
    return [Fraction(part, sum(parts)) for part in parts]


def _defined(statement: Statement) -> list[tuple[Symbol, Any]]:
    """The letters that stand alone on a side of an equation."""
    return [(s, fact) for fact in statement.given.facts for s in fact if isinstance(s, Symbol)]


def _belongs_to(statement: Statement, place: Place, letter: Symbol) -> bool:
    """Whether the value that an equation gives lies in the letter's domain or range."""
    given, found = statement.given, number(place.letters[letter.name])
    if letter in given.free:
        first, last = (value(end, {}, place) for end in given.free[letter])
        return bool(first <= found <= last)
    domain = given.domain.get(letter, "real")
    return isinstance(domain, str) and domain not in ROWS and _belongs(found, domain)


def _solved_for(letter: Symbol, zero: Any, place: Place) -> None:
    """Move a letter so that an expression that is linear in it is 0."""
    place.letters[letter.name] = Fraction(0)
    at_zero = value(zero, {}, place)
    place.letters[letter.name] = Fraction(1)
    slope = value(zero, {}, place) - at_zero
    if slope != 0:
        place.letters[letter.name] = -at_zero / slope


def _obey(statement: Statement, place: Place) -> bool:
    """Makes the facts true where that is easy; whether they all are."""
    place.draw.shapes, place.draw.place = place.shapes, place  # type: ignore[attr-defined]
    if statement.skip is not None:
        symbol, at = statement.skip
        if value(symbol, {}, place) == value(at, {}, place):
            return False
    for left, right in 2 * statement.given.facts:  # one may lean on the next
        if isinstance(left, Symbol) or isinstance(right, Symbol):
            letter, by = (left, right) if isinstance(left, Symbol) else (right, left)
            place.letters[letter.name] = value(by, {}, place)
        elif left.is_Add and left.args:
            _solved_for(sorted(left.free_symbols, key=str)[0], left - right, place)
        elif isinstance(left, Indexed):
            place.entries[str(left.base.label), tuple(int(value(t, {}, place)) for t in left.indices)] = (
                value(right, {}, place)
            )
        elif (
            isinstance(left, Sum)
            and isinstance(left.function, Indexed)
            and left.function.base not in statement.given.domain
        ):
            last = str(left.function.base.label), (int(value(left.limits[0][2], {}, place)),)
            place.entries[last] = Fraction(0)
            place.entries[last] = value(right, {}, place) - value(left, {}, place)
    if not all(_belongs_to(statement, place, letter) for letter, _ in _defined(statement)):
        return False
    if not all(holds(condition, {}, place) for condition in statement.given.conditions):
        return False
    return all(
        abs(value(left, {}, place) - value(right, {}, place)) < mpmath.mpf(10) ** -12
        for left, right in statement.given.facts
    )
