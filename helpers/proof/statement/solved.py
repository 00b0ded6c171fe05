"""How hypotheses are read: conditions, and equations that give a letter its value.

A condition between whole numbers or between real numbers becomes a word about a difference: i ≠ k says that
i - k is nonzero, a > b that a - b is positive. Both judges get the words; the numerical judge tries no point
that breaks a condition, and the symbolic judge looks a difference up as it looks up a letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sympy import (
    Basic,
    Eq,
    Expr,
    Ge,
    Gt,
    Identity,
    IndexedBase,
    Le,
    Lt,
    MatrixExpr,
    MatrixSymbol,
    Ne,
    Symbol,
    expand,
    sympify,
)
from sympy import false as never
from sympy import true as always

if TYPE_CHECKING:
    from .given import Given

WORDS = {Ne: "nonzero", Gt: "positive", Lt: "positive", Ge: "nonnegative", Le: "nonnegative"}
JOINED = {frozenset(("nonzero", "nonnegative")): "positive"}


@dataclass(frozen=True)
class Conditions:
    """The conditions that are equations, as pairs, and the others."""

    equal: tuple[tuple[Expr, Expr], ...]
    unequal: tuple[Basic, ...]


def relations(conditions: Iterable[Any]) -> Conditions:
    """Conditions sorted. Raises ValueError for what is no relation, or can never hold."""
    equal, unequal = [], []
    for given in conditions:
        condition = sympify(given)
        if condition is always:
            continue
        if condition is never:
            raise ValueError("One of the conditions can never hold.")
        if isinstance(condition, Eq):
            equal.append((condition.lhs, condition.rhs))
        elif type(condition) in WORDS:
            unequal.append(condition)
        else:
            raise ValueError(f"The condition {given} must be one of ≠, <, ≤, >, ≥ or =.")
    return Conditions(tuple(equal), tuple(unequal))


def equations(
    facts: Iterable[Any],
) -> tuple[tuple[tuple[Expr, Expr], ...], dict[MatrixSymbol, str]]:
    """The facts as pairs, without those that are another way to write a domain, and these domains."""
    kept, words = [], {}
    for fact in facts:
        left, right = (fact.lhs, fact.rhs) if isinstance(fact, Eq) else map(sympify, fact)
        matrix, word = _domain_said(left, right)
        if word:
            words[matrix] = word
        else:
            kept.append((left, right))
    return tuple(kept), words


def _domain_said(left: Basic, right: Basic) -> tuple[Any, str]:
    """The matrix and the word for Aᵀ = A and UᵀU = I; no word for any other equation."""
    if not (isinstance(left, MatrixExpr) and isinstance(right, MatrixExpr)):
        return None, ""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, MatrixSymbol) and other == one.T:
            return one, "symmetric"
        if isinstance(other, Identity):
            for matrix in one.atoms(MatrixSymbol):
                if one == matrix.T * matrix or (one == matrix * matrix.T and _square(matrix)):
                    return matrix, "orthogonal"
    return None, ""


def _square(matrix: MatrixExpr) -> bool:
    return expand(matrix.shape[0] - matrix.shape[1]) == 0


def stated_domains(conditions: Iterable[Basic], domain: Mapping[Basic, Any]) -> dict[Expr, str]:
    """What the conditions say, as words about letters and differences that no domain speaks of.

    Between whole numbers a < b is b - a - 1 ≥ 0.
    """
    found: dict[Expr, str] = {}
    for condition in conditions:
        large, small = condition.args if isinstance(condition, (Ne, Gt, Ge)) else condition.args[::-1]
        difference, word = expand(large - small), WORDS[type(condition)]
        if word == "positive" and large.is_integer and small.is_integer:
            difference, word = difference - 1, "nonnegative"
        if domain.get(difference, "real") != "real":
            continue  # two words about one letter: the numerical judge obeys both, the other one the first
        before = found.get(difference, word)
        found[difference] = word if before == word else JOINED.get(frozenset((before, word)), "positive")
    return found


def letters_defined(given: Given) -> dict[Symbol, Expr]:
    """The letters that the facts give a value, each value in letters that have none.

    A fact (a, value) defines a; another fact defines a letter in which it is linear with a number before it.
    No letter defines itself, through others neither; a fact for which no letter is left is tested.
    """
    found: dict[Symbol, Expr] = {}
    for left, right in given.facts:
        if isinstance(left, MatrixExpr) or isinstance(right, MatrixExpr):
            continue
        for letter, value in _solutions(left, right, given):
            value = value.xreplace(found)
            if letter in found or letter in value.free_symbols:
                continue
            found = {known: v.xreplace({letter: value}) for known, v in found.items()}
            found[letter] = value
            break
    return found


def _solutions(left: Expr, right: Expr, given: Given) -> Iterable[tuple[Symbol, Expr]]:
    for one, other in ((left, right), (right, left)):
        if _may_be_defined(one, given):
            yield one, other
    difference = expand(left - right)
    letters = sorted((s for s in difference.free_symbols if _may_be_defined(s, given)), key=str)
    # A letter with a domain last: its points would have to be thrown away where the value is outside.
    for letter in sorted(letters, key=lambda s: s in given.domain or s in given.free):
        slope = difference.coeff(letter, 1)
        rest = expand(difference - slope * letter)
        if slope.is_Number and slope != 0 and not rest.has(letter):
            value = expand(-rest / slope)
            if not letter.is_integer or value.is_integer:
                yield letter, value


def _may_be_defined(letter: Basic, given: Given) -> bool:
    """An array's name is no letter, a size is what it is, and a drawn domain cannot be compared."""
    if not isinstance(letter, Symbol) or letter in given.sizes or callable(given.domain.get(letter)):
        return False
    named = {getattr(e, "label", None) for left, right in given.facts for e in _arrays(left, right)}
    return letter not in named and (not letter.is_integer or letter in given.free)


def _arrays(*sides: Expr) -> Iterable[Any]:
    for side in sides:
        yield from side.atoms(IndexedBase)
