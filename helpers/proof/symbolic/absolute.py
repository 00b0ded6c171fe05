"""The rules of the normal form for |u|, sign(u), Max and Min of real quantities.

Both are split into factors; what is left is decided by cases: u > 0, u < 0 and, where sign(u) occurs, u = 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from itertools import permutations
from typing import TYPE_CHECKING

from sympy import (
    Abs,
    Add,
    And,
    Basic,
    Dummy,
    Eq,
    Expr,
    Ge,
    KroneckerDelta,
    Le,
    Lt,
    Max,
    Min,
    Mul,
    Ne,
    Not,
    Or,
    Piecewise,
    Product,
    S,
    false,
    fraction,
    sign,
    true,
)

from . import powers, signs, sums
from .algebra import cancel, expand
from .unfolding import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm

Ranges = Mapping[Expr, tuple[Expr, Expr]]  # index of a sum around a place -> its first and last value
Apart = tuple[Expr, Ranges]  # an expression that is not 0, wherever these indices lie in their ranges


def unfold_extreme(e: Max | Min) -> Expr:
    """Max and Min through the absolute value of the difference."""
    side = 1 if isinstance(e, Max) else -1
    return reduce(lambda a, b: (a + b + side * Abs(a - b)) / 2, e.args)


def unfold_cases(e: Piecewise) -> Expr:
    """Cases by conditions on real numbers, through sign: 1{u > 0} is (sign² u + sign u)/2.

    Sound where every case has a value; where one has none, the pole is shown as a condition.
    """
    left, result = S.One, S.Zero
    for case, condition in e.args:
        chosen = _indicator(condition)
        result += left * chosen * case
        left *= 1 - chosen
    if e.args[-1][1] is not true:
        raise NoCases(f"{e} says nothing where no case holds")
    return result


class NoCases(ValueError):
    """A condition that has no form in terms of signs."""


def _indicator(condition: Basic) -> Expr:
    """1 where the condition holds, 0 elsewhere."""
    if condition in (true, false):
        return S(int(condition is true))
    if isinstance(condition, And):
        return reduce(lambda a, b: a * b, map(_indicator, condition.args))
    if isinstance(condition, Or):
        return 1 - reduce(lambda a, b: a * b, (1 - _indicator(c) for c in condition.args))
    if isinstance(condition, Not):
        return 1 - _indicator(condition.args[0])
    u = condition.lhs - condition.rhs
    if isinstance(condition, (Eq, Ne)):
        # Of a complex u ≠ 0 the sign lies on the unit circle, so its length is asked.
        same = KroneckerDelta(condition.lhs, condition.rhs) if u.is_integer else 1 - Abs(sign(u) ** 2)
        return same if isinstance(condition, Eq) else 1 - same
    if isinstance(condition, (Lt, Ge)):
        u = -u
    above = (sign(u) ** 2 + sign(u)) / 2
    return 1 - above if isinstance(condition, (Ge, Le)) else above


def never_zero(nf: NormalForm, u: Expr) -> bool:
    """Whether u = 0 is excluded: by a hypothesis, or by a derivative over a kink in the statement."""
    return signs.never_zero(u, nf.domain) or any(
        _is_one_of(nf, side * u, pattern, ranges) for pattern, ranges in nf.apart for side in (1, -1)
    )


def _is_one_of(nf: NormalForm, u: Expr, pattern: Expr, ranges: Ranges) -> bool:
    """Whether u is `pattern` at some index of the sums around it, which must lie in their ranges.

    What is not 0 for every i of a sum is not 0 at a k between its ends; at any other k nothing is said.
    """
    found: dict[Expr, Expr] = {}
    if not _matches(sums.rename(expand(u)), sums.rename(expand(pattern)), ranges, found):
        return False
    ends = ((k, *(end.xreplace(found) for end in ranges[i])) for i, k in found.items())
    return all(
        sums.certainly_at_least(nf, k, low) and sums.certainly_at_least(nf, high, k) for k, low, high in ends
    )


def _matches(e: Basic, pattern: Basic, letters: Ranges, found: dict[Expr, Expr]) -> bool:
    """Whether `e` is `pattern` with one index in the place of each letter; `found` takes them."""
    if pattern in letters:
        return found.setdefault(pattern, e) == e and bool(getattr(e, "is_integer", False))
    if not any(pattern.has(letter) for letter in letters):
        return e == pattern
    if e.func != pattern.func or len(e.args) != len(pattern.args):
        return False
    if not isinstance(pattern, (Add, Mul)) or len(pattern.args) > 4:
        return all(_matches(a, b, letters, found) for a, b in zip(e.args, pattern.args, strict=True))
    for order in permutations(e.args):  # the order of terms depends on the letters in them
        tried = dict(found)
        if all(_matches(a, b, letters, tried) for a, b in zip(order, pattern.args, strict=True)):
            found.update(tried)
            return True
    return False


def value(nf: NormalForm, kind: type, argument: Expr) -> Expr:
    """|argument| or sign(argument), factor by factor."""
    if argument.is_Mul and argument.has(Product):
        return Mul(*[value(nf, kind, factor) for factor in argument.args])
    if isinstance(argument, Product):  # |ab| = |a||b| and sign ab = sign a sign b, for all complex numbers
        return nf.rational(fresh(Product(kind(argument.function), *argument.limits)))
    r = cancel(nf.rational(argument))
    c, factors = powers.split(nf, r, signs.is_nonnegative)
    # |ab| = |a||b| holds for all numbers, but sign(ab) = sign(a) sign(b) and |a|² = a² for real ones
    # only.
    # A product in a sum is written as a quotient of two, by factors that may be 0. |x|/|y| tends to |x/y|
    # there, but sign x sign y is 0 at a y = 0 that only this way of writing has brought in.
    hidden = kind is sign and argument.has(Product)
    if hidden or not all(signs.is_real(u, nf.domain) for u, _ in factors):
        return nf.atom(sums.rename(kind(nf.restore(r))))
    whole = nf.restore(r)
    for side in (1, -1):  # a condition may speak of the whole product, as in y w x > 0
        if isinstance(whole, Mul) and signs.is_positive(side * whole, nf.domain):
            return side * (r if kind is Abs else S.One)
    result = kind(c)
    for u, m in factors:
        result *= _of_factor(nf, kind, u, m)
    return result


def _of_factor(nf: NormalForm, kind: type, u: Expr, m: int) -> Expr:
    if kind is sign and signs.is_positive(u, nf.domain):
        return S.One
    if kind is Abs and (m % 2 == 0 or signs.is_nonnegative(u, nf.domain)):
        return nf.rational(fresh(u)) ** m
    turned = u.could_extract_minus_sign()
    u = expand(-u) if turned else u
    t = nf.atom(sums.rename(kind(u)))
    if kind is Abs:
        return t**m
    if isinstance(t, Dummy):
        nf.relations[t] = t**2 - 1 if never_zero(nf, u) else t**3 - t
    side = -1 if turned and m % 2 else 1
    return side * (t if m % 2 else t**2)


def cases(nf: NormalForm, numerator: Expr, u: Expr) -> list[Expr]:
    """What `numerator` becomes for u > 0, u < 0 and u = 0, as rational functions.

    The last case follows from the first by continuity unless sign(u) occurs. If u = 0 cannot be solved for
    one of its atoms, that case is returned as 1, which does not vanish.
    """
    e = fresh(nf.restore(numerator))
    # u > 0, u < 0 and u = 0 are all cases of a real u. Without sign(u), both sides are continuous in u
    # and the case u = 0 follows.
    found = [nf.rational(e.xreplace({Abs(u): side * u, sign(u): S(side)})) for side in (1, -1)]
    if e.has(sign(u)) and not never_zero(nf, u):
        at_zero = nf.rational(e.xreplace({Abs(u): S.Zero, sign(u): S.Zero}))
        found.append(_modulo(nf, at_zero, u))
    return found


def _modulo(nf: NormalForm, r: Expr, u: Expr) -> Expr:
    """`r` where u = 0, with one atom of u that occurs linearly put in terms of the others."""
    zero = expand(fraction(cancel(nf.rational(fresh(u))))[0])
    for t in sorted(zero.free_symbols, key=str):
        leading = zero.coeff(t, 1)
        # u = 0 is solved exactly where an atom stands linearly, with a number before it.
        if leading.is_Number and leading != 0 and not expand(zero - leading * t).has(t):
            return r.xreplace({t: expand(t - zero / leading)})
    return S.One
