"""The laws of random letters, and which of them are independent. Data; nothing is worked out here.

A random letter takes finitely many values; what is proved about its first two moments holds for every law
with these moments. A letter without a declared independence may depend on the others in any way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sympy import Basic, Dummy, Expr, Indexed, IndexedBase, Symbol, sympify


class Law:
    """Base of the laws: frozen dataclasses whose fields are expressions, pairs of them, or None."""

    whole = False  # whether its values are whole numbers

    def parts(self) -> Iterator[Expr]:
        """The expressions that the law mentions."""
        for one in fields(self):
            value = getattr(self, one.name)
            yield from (
                part for part in (value if isinstance(value, tuple) else (value,)) if part is not None
            )

    def where(self, values: Mapping[Basic, Expr]) -> Law:
        """The law with letters replaced, such as the index of an entry."""

        def put(value: Any) -> Any:
            if isinstance(value, tuple):
                return tuple(put(part) for part in value)
            return None if value is None else value.xreplace(values)

        return replace(self, **{one.name: put(getattr(self, one.name)) for one in fields(self)})


def _read(law: Law, *names: str) -> None:
    for name in names:
        value = getattr(law, name)
        if isinstance(value, (tuple, list)):
            value = tuple(map(sympify, value))
        object.__setattr__(law, name, None if value is None else sympify(value))


@dataclass(frozen=True)
class Moments(Law):
    """Any law with this mean and this variance; of what is None nothing is said."""

    mean: Any = None
    variance: Any = None

    def __post_init__(self) -> None:
        _read(self, "mean", "variance")


@dataclass(frozen=True)
class Alike(Moments):
    """The moments of letters that are identically distributed: they share one law."""


@dataclass(frozen=True)
class Normal(Moments):
    """The normal law N(mean, variance): its mean and variance, and with them all its moments."""


@dataclass(frozen=True)
class Bernoulli(Law):
    """1 with probability p, else 0."""

    p: Any
    whole = True

    def __post_init__(self) -> None:
        _read(self, "p")


@dataclass(frozen=True)
class Categorical(Law):
    """The number k with the probability `weight`, where (k, first, last) is `limit`."""

    weight: Any
    limit: tuple[Any, Any, Any]
    whole = True

    def __post_init__(self) -> None:
        _read(self, "weight", "limit")
        index, first, last = self.limit
        own = Dummy(index.name, integer=True)  # equal to no index of an entry that is put into the weight
        object.__setattr__(self, "weight", self.weight.xreplace({index: own}))
        object.__setattr__(self, "limit", (own, first, last))

    @property
    def ends(self) -> tuple[Expr, Expr]:
        return self.limit[1:]


@dataclass(frozen=True)
class Uniform(Law):
    """A whole number from first to last, each equally likely: a sample drawn, with replacement."""

    first: Any
    last: Any
    whole = True

    def __post_init__(self) -> None:
        _read(self, "first", "last")

    @property
    def ends(self) -> tuple[Expr, Expr]:
        return self.first, self.last


@dataclass(frozen=True)
class WithoutReplacement(Law):
    """Of an array: its entries are different whole numbers from first to last, every order equally likely."""

    first: Any
    last: Any
    whole = True

    def __post_init__(self) -> None:
        _read(self, "first", "last")

    @property
    def ends(self) -> tuple[Expr, Expr]:
        return self.first, self.last


@dataclass(frozen=True)
class Together:
    """Letters that may depend on each other, and as one are independent of the others of a group."""

    letters: tuple[Any, ...]

    def __init__(self, *letters: Any) -> None:
        object.__setattr__(self, "letters", letters)


Pattern = tuple[tuple[Symbol, ...], Law]
Group = tuple[Any, ...]  # of letters and of `Together`


def read_laws(random: Mapping[Any, Any]) -> dict[Basic, Pattern]:
    """Letter -> (the letters that stand for its indices, its law). Raises ValueError in one sentence."""
    found: dict[Basic, Pattern] = {}
    for key, law in dict(random).items():
        letter, indices = (key.base, key.indices) if isinstance(key, Indexed) else (key, ())
        if not isinstance(letter, (Symbol, IndexedBase)) or not all(isinstance(i, Symbol) for i in indices):
            raise ValueError(f"{key} cannot be random; a letter, an array or an entry x[i] can.")
        if not isinstance(law, Law):
            raise ValueError(f"The law of {key} must be one of Moments, Bernoulli, Categorical, Uniform, ...")
        symbol = getattr(letter, "label", letter)
        if law.whole and not isinstance(law, Bernoulli) and not symbol.is_integer:
            raise ValueError(f"{key} is a whole number by its law, so it must be a letter with integer=True.")
        if isinstance(law, Moments) and symbol.is_integer:
            raise ValueError(f"{key} assumes integer, which its law does not say.")
        if symbol.is_positive or symbol.is_negative or symbol.is_nonnegative or symbol.is_nonpositive:
            raise ValueError(f"{key} assumes a sign, which its law does not say.")
        if isinstance(law, WithoutReplacement) and not isinstance(letter, IndexedBase):
            raise ValueError(f"{key} must be an array: its entries are drawn one after the other.")
        if any(gap is not None and gap.is_negative for gap in _not_negative(law)):
            raise ValueError(f"No {key} has the law {law}: a chance, a variance or a range is below 0.")
        found[letter] = tuple(indices), law
    return found


def _not_negative(law: Any) -> tuple[Any, ...]:
    """What is not below 0 for a law to be one."""
    if isinstance(law, Bernoulli):
        return law.p, 1 - law.p
    return (law.variance,) if isinstance(law, Moments) else (law.ends[1] - law.ends[0],)


def read_groups(independent: Iterable[Any], random: Mapping[Basic, Pattern]) -> tuple[Group, ...]:
    """The groups of mutually independent letters; a group alone may be given without brackets."""
    given = tuple(independent)
    groups = (
        given if given and all(isinstance(g, (tuple, list)) for g in given) else (given,) if given else ()
    )
    for group in groups:
        letters = [letter for member in group for letter in letters_of(member)]
        for letter in letters:
            if letter not in random:
                raise ValueError(f"{letter} is called independent, but no law says that it is random.")
        if len(set(letters)) < len(letters):
            raise ValueError("A letter stands twice in a group of independent ones.")
    return tuple(map(tuple, groups))


def letters_of(member: Any) -> tuple[Basic, ...]:
    return member.letters if isinstance(member, Together) else (member,)


def letter_of(entry: Basic) -> Basic:
    """The letter of which a law may speak: the array of an entry."""
    return entry.base if isinstance(entry, Indexed) else entry


def law_of(entry: Basic, random: Mapping[Basic, Pattern]) -> Law:
    """The law of a random letter or entry, its indices put in."""
    indices, law = random[letter_of(entry)]
    return law.where(dict(zip(indices, entry.indices, strict=True))) if indices else law


def unit(entry: Basic, group: Group, random: Mapping[Basic, Pattern]) -> Any:
    """What of `group` the entry belongs to: units that differ are independent. None if it is in no unit.

    Each entry of an array is a unit, unless the array stands in `Together` or is drawn without replacement.
    """
    letter = letter_of(entry)
    for member in group:
        if letter in letters_of(member):
            whole = isinstance(member, Together) or isinstance(random[letter][1], WithoutReplacement)
            return member if whole else entry
    return None
