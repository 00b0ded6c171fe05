"""The hypotheses of a statement: sizes, ranges of free indices, domains, and equations that hold."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from sympy import Basic, Expr, IndexedBase, MatrixSymbol, Sum, Symbol, sympify

from .laws import Bernoulli, Moments, Pattern, read_groups, read_laws
from .solved import Conditions, equations, letters_defined, relations, stated_domains

DOMAINS = {
    "real": r"\in \mathbb{R}",
    "nonzero": r"\ne 0",
    "positive": "> 0",
    "nonnegative": r"\ge 0",
    "unit": r"\in (0, 1)",
    "closed unit": r"\in [0, 1]",
    "binary": r"\in \{0, 1\}",
    "sign": r"\in \{-1, 1\}",
    "simplex": r"> 0,\ \text{summing to } 1",
    "closed simplex": r"\ge 0,\ \text{summing to } 1",
    "onehot": r"\text{ one-hot}",
    "affine": r"\text{ summing to } 1",
    "symmetric": r"\text{ symmetric}",
    "orthogonal": r"\text{ with orthonormal columns}",
    "invertible": r"\text{ invertible}",
    "symmetric invertible": r"\text{ symmetric and invertible}",
    "positive definite": r"\text{ symmetric and positive definite}",
}
SYMMETRIC = ("symmetric", "symmetric invertible", "positive definite")
INVERTIBLE = ("orthogonal", "invertible", "symmetric invertible", "positive definite")  # if they are square
OF_MATRICES = (*SYMMETRIC, "orthogonal", "invertible")
ALIASES = {"pos": "positive", "one-hot": "onehot"}


@dataclass(frozen=True, eq=False)
class Given:
    """The hypotheses under which a step is meant.

    sizes   symbols that are integers >= 1 (numbers of features, classes, samples)
    free    free index -> (first, last), both inclusive
    domain  symbol, array or matrix -> a word of `DOMAINS`, a pair (low, high), or a function of a
            `random.Random` that returns a number
    facts   equations (lhs, rhs) that hold, such as (Sum(y[k], (k, 1, K)), 1) or (a, b + 1). One that can be
            solved for a letter gives that letter its value; the others are tested on the domain
    span    the values tried for every size; digits: working precision in decimal digits; points: how many
            generic points the evaluator tries
    random      letter, array or entry x[i] -> its law, such as Bernoulli(p) or Moments(mean, variance)
    independent letters and arrays that are mutually independent, entry by entry; or several such groups
    conditions  relations such as Ne(i, k) between indices, or z > 0 and Ne(a, b) between real numbers
    Raises ValueError, in one sentence, on a hypothesis that it does not understand.
    """

    sizes: tuple[Symbol, ...] = ()
    free: Mapping[Symbol, tuple[Any, Any]] = field(default_factory=dict)
    domain: Mapping[Basic, Any] = field(default_factory=dict)
    facts: tuple[tuple[Any, Any], ...] = ()
    span: tuple[int, ...] = (1, 2, 3, 4)
    digits: int = 40
    points: int = 24
    conditions: tuple[Basic, ...] = ()
    random: Mapping[Any, Any] = field(default_factory=dict)
    independent: tuple[Any, ...] = ()
    known: Mapping[Basic, Any] = field(init=False, repr=False)  # the domains, and what the conditions say
    defined: Mapping[Symbol, Expr] = field(init=False, repr=False)  # letters to which the facts give a value

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "sizes", tuple(self.sizes))
        put(self, "free", MappingProxyType({i: _range(i, r) for i, r in dict(self.free).items()}))
        # Read-only from here on: a hypothesis must not change between the two judges.
        conditions: Conditions = relations(self.conditions)
        facts, shapes = equations((*self.facts, *conditions.equal))
        domain = {s: _domain(s, d) for s, d in {**dict(self.domain), **shapes}.items()}
        put(self, "domain", MappingProxyType(domain))
        put(self, "random", MappingProxyType(_laws(self.random)))
        put(self, "independent", read_groups(self.independent, self.random))
        known = {**domain, **stated_domains(conditions.unequal, domain), **_values_known(self.random)}
        put(self, "known", MappingProxyType(known))
        put(self, "facts", facts)
        put(self, "conditions", conditions.unequal)
        put(self, "defined", letters_defined(self))
        for size in self.sizes:
            if not (isinstance(size, Symbol) and size.is_integer and size.is_positive):
                raise ValueError(f"The size {size} must be a Symbol with integer=True and positive=True.")
        if not self.span or min(self.span) < 1:
            raise ValueError("The sizes in span must be 1 or more.")

    def supposed(self) -> Iterator[Basic]:
        """The letters with a domain that says more than real, and the left sides of the equations."""
        said = (letter for letter in self.known if letter not in self.random)
        yield from (letter for letter in said if self.known[letter] != "real")
        yield from (left for left, _ in self.facts if not self._said_by_domain(left))

    def _said_by_domain(self, left: Expr) -> bool:
        """Whether an equation is the sum over a row that a domain gives already."""
        base = getattr(left.function, "base", None) if isinstance(left, Sum) else None
        return self.domain.get(base) in ("simplex", "closed simplex", "onehot", "affine")

    def unsolved(self) -> Given:
        """The same hypotheses, but no letter has the value that a fact gives it."""
        plain = copy(self)
        object.__setattr__(plain, "defined", MappingProxyType({}))
        return plain

    def where(self, *conditions: Basic) -> Given:
        """The same hypotheses with these conditions only; whoever keeps account of what is asked goes on."""
        more = replace(self, conditions=conditions)
        return more.noting(self.known.asked) if isinstance(self.known, Noted) else more

    def noting(self, asked: set[Basic]) -> Given:
        """The same hypotheses, which enter into `asked` the letters about which somebody asks them."""
        noted = copy(self)
        object.__setattr__(noted, "known", Noted(self.known, asked))
        return noted


class Noted(Mapping):
    """A mapping that remembers what was found in it."""

    def __init__(self, inner: Mapping[Basic, Any], asked: set[Basic]) -> None:
        self.inner, self.asked = inner, asked

    def __getitem__(self, key: Basic) -> Any:
        found = self.inner[key]
        self.asked.add(key)
        return found

    def __iter__(self) -> Iterator[Basic]:
        return iter(self.inner)

    def __len__(self) -> int:
        return len(self.inner)


def _laws(random: Mapping[Any, Any]) -> dict[Basic, Pattern]:
    """The laws as read; those of hypotheses that are copied are read already."""
    raw = {key: law for key, law in random.items() if not isinstance(law, tuple)}
    return {**read_laws(raw), **{key: law for key, law in random.items() if isinstance(law, tuple)}}


def _values_known(random: Mapping[Basic, Pattern]) -> dict[Basic, Any]:
    """Which values a random letter has, where that does not depend on an index."""
    found: dict[Basic, Any] = {}
    for letter, (indices, law) in random.items():
        if isinstance(law, Bernoulli):
            found[letter] = "binary"
        elif not isinstance(law, Moments) and not indices:
            found[letter] = law.ends
    return found


def _range(index: Any, bounds: Any) -> tuple[Expr, Expr]:
    if not (isinstance(index, Symbol) and index.is_integer):
        raise ValueError(f"The free index {index} must be a Symbol with integer=True.")
    if not (isinstance(bounds, (tuple, list)) and len(bounds) == 2):
        raise ValueError(f"The range of the free index {index} must be a pair (first, last).")
    return sympify(bounds[0]), sympify(bounds[1])


def _domain(symbol: Any, domain: Any) -> str | tuple[Expr, Expr] | Callable[[random.Random], Any]:
    if not isinstance(symbol, (Symbol, IndexedBase, MatrixSymbol)):
        raise ValueError(f"A domain belongs to a symbol, an array or a matrix, not to {symbol}.")
    if callable(domain):
        return domain
    if isinstance(domain, (tuple, list)) and len(domain) == 2:
        low, high = map(sympify, domain)
        if (high - low).is_negative:
            raise ValueError(f"{symbol} has no value: no number lies between {low} and {high}.")
        return low, high
    domain = ALIASES.get(domain, domain)
    if domain in OF_MATRICES and not isinstance(symbol, MatrixSymbol):
        raise ValueError(f"{symbol} is no matrix, so it cannot be {domain}.")
    if domain in OF_MATRICES and domain != "orthogonal" and symbol.shape[0] != symbol.shape[1]:
        raise ValueError(f"{symbol} is not square, so it cannot be {domain}.")
    if domain not in DOMAINS:
        raise ValueError(f"{symbol} has the unknown domain {domain!r}; use a pair or {', '.join(DOMAINS)}.")
    return domain
