"""Whether a text was read as meant: names unfolded, bound indices renamed by position, then tree by tree.

Where two trees differ, both are evaluated at random points, so that 1/2·x and x/2 are one meaning.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

from sympy import (
    Basic,
    Dummy,
    Expr,
    Float,
    Indexed,
    IndexedBase,
    Integer,
    Product,
    Rational,
    Sum,
    Symbol,
    sympify,
)

from helpers.proof import unfold
from helpers.proof.read.text import read
from helpers.proof.statement.terms import NamedFunction, is_leaf, settle
from latex.vocabulary import Pair


@dataclass
class Outcome:
    """What became of a pair: as meant, refused (with the sentence), or misread (with what was read)."""

    pair: Pair
    sentence: str = ""
    wrong: list[str] = field(default_factory=list)

    @property
    def word(self) -> str:
        if self.wrong:
            return "misread"
        return "refused" if self.sentence else "as meant"


def outcome(pair: Pair) -> Outcome:
    try:
        reading = read(pair.text)
    except ValueError as error:
        return Outcome(pair, sentence=str(error) or type(error).__name__)
    if reading.troubles:
        return Outcome(pair, sentence=" / ".join(reading.troubles.values()))
    found = Outcome(pair)
    if pair.why:
        found.wrong = [f"should be refused ({pair.why}), was read as {_chains(reading.chain)}"]
        return found
    parts = reading.chain.parts
    read_sizes = [1 + len(part.lines) for part in parts]
    if read_sizes != [len(part) for part in pair.parts]:
        found.wrong = [
            f"lines per part {read_sizes}, meant {[len(p) for p in pair.parts]}: {_chains(reading.chain)}"
        ]
        return found
    for number, (part, meant) in enumerate(zip(parts, pair.parts, strict=True), 1):
        lines = (part.start, *(line.expr for line in part.lines))
        named = min(
            _namings(part.given.free, pair.entry), key=lambda names: len(_differ(lines, meant, names))
        )
        for place, got, want in _differ(lines, meant, named):
            found.wrong.append(f"part {number} line {place}: read {plain(got)}\n    meant {plain(want)}")
    signs = tuple(line.means.relation for line in parts[0].lines)
    if signs != (pair.signs or ("=",) * len(signs)):
        found.wrong.append(f"relations {signs}, meant {pair.signs}")
    found.wrong += _hypotheses(parts[0].given, pair.given)
    return found


def _namings(free: Any, entry: tuple[Symbol, ...]) -> list[dict[Symbol, Symbol]]:
    """How the free indices that the reader chose may stand for those of the entry that is meant."""
    return [dict(zip(chosen, entry, strict=True)) for chosen in permutations(free, len(entry))] or [{}]


def _differ(lines: Any, meant: Any, names: dict[Symbol, Symbol]) -> list[tuple[int, Basic, Basic]]:
    read_so = [line.xreplace(names) if names else line for line in lines]
    return [(i, a, b) for i, (a, b) in enumerate(zip(read_so, meant, strict=True)) if not same(a, b)]


def _chains(chain: Any) -> str:
    return "; ".join(
        " = ".join(str(plain(e)) for e in (part.start, *(line.expr for line in part.lines)))
        for part in chain.parts
    )


def _said(given: Any, kind: str) -> Any:
    """What is given; that the entries of a row sum to 1, which is a domain, as the fact that it is."""
    got = getattr(given, kind)
    rows = [array for array, word in given.domain.items() if word == "affine"]
    if kind == "domain":
        return {letter: word for letter, word in got.items() if word != "affine"}
    if kind == "facts":
        k, letters = Symbol("k", integer=True), [Symbol("i", integer=True)]
        sums = [(Sum(a[(*letters[: len(a.shape) - 1], k)], (k, 1, a.shape[-1])), Integer(1)) for a in rows]
        return (*got, *sums)
    return got


def _hypotheses(given: Any, meant: Any) -> Iterator[str]:
    for kind, want in meant.items():
        got = _said(given, kind)
        if kind == "facts":
            same_all = len(got) == len(want) and all(
                any(same(a, c) and same(b, d) for a, b in got) for c, d in want
            )
        elif kind == "free":
            same_all = _mapping(got) == _mapping(want)
        elif kind == "domain":
            got = {letter: word for letter, word in got.items() if word != "real"}
            same_all = _mapping(got) == _mapping(want)
        else:
            same_all = set(map(_either_way, got)) == set(map(_either_way, want))
        if not same_all:
            yield f"{kind}: read {dict(got) if kind in ('free', 'domain') else got}, meant {want}"


def _either_way(condition: Any) -> frozenset[str]:
    return frozenset((str(condition), str(condition.reversed)))


def _mapping(pairs: Any) -> dict[str, str]:
    return {str(getattr(key, "label", key)): str(value) for key, value in pairs.items()}


# ---------------------------------------------------------------- one form for equal trees
def same(got: Basic, want: Basic) -> bool:
    a, b = plain(sympify(got)), plain(sympify(want))
    return a == b or (_letters_of(a) == _letters_of(b) and _shapes_fit(a, b) and _agree(a, b))


def plain(e: Basic) -> Basic:
    """Names replaced by their definitions, letters by kind, bound indices by position."""
    with_letters = _letters(_replaced(settle(e)))
    return _renamed(settle(with_letters), 0)


def _replaced(e: Basic) -> Basic:
    if isinstance(e, NamedFunction):
        body = _apart(_replaced(e.func.body))
        values = [_replaced(value) for value in e.args]
        return body.xreplace(dict(zip(e.func.parameters, values, strict=True)))
    return e if is_leaf(e) else e.func(*map(_replaced, e.args))


def _apart(e: Basic) -> Basic:
    """`e` with bound indices that no argument can hold."""
    if is_leaf(e):
        return e
    e = e.func(*map(_apart, e.args))
    if isinstance(e, (Sum, Product)):
        return e.xreplace({limit[0]: Dummy(limit[0].name, integer=True) for limit in e.limits})
    return e


def _letters(e: Basic) -> Basic:
    if isinstance(e, Dummy):
        return e
    if isinstance(e, Symbol):
        if e.is_integer:
            return Symbol(e.name, integer=True, positive=True if e.is_positive else None)
        return Symbol(e.name, real=True)
    if isinstance(e, IndexedBase):
        return IndexedBase(_letters(e.label), shape=e.shape)
    return e.func(*map(_letters, e.args)) if e.args else e


def _renamed(e: Basic, depth: int) -> Basic:
    if is_leaf(e):
        return e
    if isinstance(e, (Sum, Product)):
        *inner, (index, low, high) = e.limits
        position = Symbol(f"bound_{depth}", integer=True)
        body = type(e)(e.function, *inner) if inner else e.function
        body = _renamed(body.xreplace({index: position}), depth + 1)
        return type(e)(body, (position, _renamed(low, depth), _renamed(high, depth)))
    return e.func(*[_renamed(a, depth) for a in e.args])


# ---------------------------------------------------------------- the second opinion
def _letters_of(e: Basic) -> set[str]:
    return {s.name for s in e.free_symbols if isinstance(s, Symbol) and not s.is_integer}


def _shapes_fit(got: Basic, want: Basic) -> bool:
    """Whether no array was given another length; one that was given none has one for both judges to find."""
    shapes = {base.label: base.shape for base in want.atoms(IndexedBase)}
    return all(b.shape in (None, shapes.get(b.label)) for b in got.atoms(IndexedBase))


def _agree(a: Basic, b: Basic) -> bool:
    try:
        a, b = unfold(a), unfold(b)
        return all(_close(_value(a, seed), _value(b, seed)) for seed in (1, 2))
    except Exception:
        return False


def _close(a: Any, b: Any) -> bool:
    return abs(complex(a) - complex(b)) < 1e-9 * (1 + abs(complex(b)))


def _value(e: Basic, seed: int) -> Expr:
    letters = e.atoms(Symbol)
    labels = {base.label for base in e.atoms(IndexedBase)}
    bound = {limit[0] for s in e.atoms(Sum, Product) for limit in s.limits}
    whole = {s: Integer(2 + _chance(s.name, seed, 2)) for s in letters if s.is_integer and s.is_positive}
    whole |= {s: Integer(1 + _chance(s.name, seed, 2)) for s in letters if s.is_integer and not s.is_positive}
    e = e.xreplace({s: v for s, v in whole.items() if s not in bound | labels})
    e = e.doit()
    e = e.replace(lambda x: isinstance(x, Indexed), lambda x: Rational(1 + _chance(str(x), seed, 96), 101))
    reals = {s: Rational(1 + _chance(s.name, seed, 96), 101) for s in e.free_symbols}
    return e.xreplace(reals).doit().evalf(25) + Float(0)


def _chance(name: str, seed: int, below: int) -> int:
    return random.Random(f"{name} {seed}").randrange(below)
