"""Sums and products over ranges that are split, peeled or joined, through their ends.

The sum of f over low..high is F(high) - F(low - 1), where F adds f up from a place so low that every range
lies above it. So sums over different ranges cancel if, end by end, the summands that go with it add up to
zero; and F(n + 1) is F(n) + f(n + 1). Products are P(high)/P(low - 1) in the same way: such quotients are
only used in identities between products, which are polynomials in the factors, so a factor that is 0 does no
harm. A range must be certain not to be reversed by more than one: from low to low - 1 it is empty and both
ends are the same.
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from sympy import Add, Dummy, Expr, Integer, KroneckerDelta, Mul, Product, S, Sum, Symbol, cancel, expand

from . import sums
from .unfolding import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm

START = Symbol("_start", integer=True)  # the place below every range; only ever a bound of a product
LONGEST = 8  # how far apart two ends may be to be brought together


def product(nf: NormalForm, body: Expr, limits: tuple) -> Expr | None:
    """A product through its ends; None if it has several indices, or a range that may be reversed."""
    if len(limits) != 1:
        return None
    index, low, high = limits[0]
    if low == START:
        return nf.atom(sums.rename(Product(fresh(body), (index, low, high))))
    if not sums.certainly_at_least(nf, high, low - 1):
        return None
    result = S.One
    for factor in Mul.make_args(body):  # the product of f g is that of f times that of g
        base, power = factor.as_base_exp() if factor.is_Pow and factor.exp.is_Integer else (factor, 1)
        if base.has(index):
            result *= (_to(nf, base, index, high) / _to(nf, base, index, low - 1)) ** power
        else:
            result *= nf.rational(fresh(base) ** (power * (high - low + 1)))
    return result


def without_one(nf: NormalForm, body: Expr, limits: tuple) -> Expr | None:
    """A product whose factor is another one where its index meets a delta's target, inside the range.

    It is the product of the usual factors, times the other factor over the usual one at that place.
    """
    if len(limits) != 1:
        return None
    index, low, high = limits[0]
    for delta in body.atoms(KroneckerDelta):
        target = delta.args[0] if delta.args[1] == index else delta.args[1]
        # One place is changed, if the target is a whole number, the same for all factors, and in the range.
        if index not in delta.args[:2] or target.has(index) or not target.is_integer:
            continue
        if not sums.in_range(nf, target, low, high):
            continue
        usual, other = (fresh(body).xreplace({delta: Integer(value)}) for value in (0, 1))
        # Division by the usual factor at that place: not where it is 0.
        usual_there, there = (nf.rational(f.xreplace({index: target})) for f in (usual, other))
        if cancel(usual_there) != 0:
            return nf.rational(fresh(Product(usual, limits[0]))) * there / usual_there
    return None


def joined(nf: NormalForm, e: Mul) -> Mul:
    """The factors with two products of the same f, up to h - 1 and from h + 1 on, as one over f(h).

    That is how SymPy writes the derivative of a product. As above, a factor that is 0 does no harm.
    """
    products = [f for f in e.args if isinstance(f, Product) and len(f.limits) == 1]
    for one, other in permutations(products, 2):
        (k, low, before), (l, after, high) = one.limits[0], other.limits[0]
        h = before + 1
        same = expand(after - h) == 1 and one.function == other.function.xreplace({l: k})
        if not same or not sums.in_range(nf, h, low, high):
            continue
        there = fresh(one.function).xreplace({k: h})
        if cancel(nf.rational(there)) != 0:
            rest = [f for f in e.args if f is not one and f is not other]
            return Mul(*rest, fresh(Product(one.function, (k, low, high))), 1 / there)
    return e


def _to(nf: NormalForm, body: Expr, index: Symbol, end: Expr) -> Expr:
    """P(end), with the factors beyond the end without its number taken out: P(n - 1) = P(n)/f(n)."""
    number, rest = expand(end).as_coeff_Add()
    if not number.is_Integer or abs(number) > LONGEST:
        number, rest = S.Zero, expand(end)
    result = S.One if rest == 0 else nf.atom(sums.rename(Product(fresh(body), (index, START, rest))))
    beyond = range(1, int(number) + 1) if number > 0 else range(int(number) + 1, 1)
    factors = Mul(*[nf.rational(fresh(body).xreplace({index: rest + k})) for k in beyond])
    return result * factors if number > 0 else result / factors


def cancel_at_ends(nf: NormalForm, numerator: Expr, depth: int) -> bool:
    """Whether the sums in `numerator` cancel end by end, and so does what stands beside them."""
    index = Dummy("k", integer=True)
    ends: dict[Expr, list[Expr]] = {}
    rest = S.Zero
    for term in Add.make_args(numerator):
        found = [f for f in Mul.make_args(term) if isinstance(nf.meaning.get(f), Sum)]
        if not found:
            rest += term
            continue
        one = nf.meaning[found[0]]
        if len(found) > 1 or len(one.limits) > 1:
            return False
        own, low, high = one.limits[0]
        if not sums.certainly_at_least(nf, high, low - 1):
            return False
        body = nf.restore(term / found[0]) * fresh(one.function.xreplace({own: index}))
        ends.setdefault(expand(high), []).append(body)
        ends.setdefault(expand(low - 1), []).append(-body)
    together = _brought_together(ends)
    if together is None:
        return False
    if len(together) < 2 and len(ends) < 3:
        return False  # one range: nothing to cancel that the normal form has not tried
    extra = S.Zero
    for members in together.values():
        for number, bodies in members.items():
            for k in range(1, number + 1):
                place = {index: members.base + k}
                extra += Add(*[nf.rational(fresh(b).xreplace(place)) for b in bodies])
        total = Add(*[nf.rational(fresh(b)) for bodies in members.values() for b in bodies])
        if not nf.vanishes(total, depth):
            return False
    return nf.vanishes(rest + extra, depth)


class _Class(dict):
    """Ends that differ by whole numbers: how far each lies above `base`, with its summands."""

    base: Expr = S.Zero


def _brought_together(ends: dict[Expr, list[Expr]]) -> dict[Expr, _Class] | None:
    """The ends by class; None if two of one class lie too far apart to write out what is between them."""
    classes: dict[Expr, dict[int, list[Expr]]] = {}
    for end, bodies in ends.items():
        number, rest = end.as_coeff_Add()
        if not number.is_Integer:
            number, rest = S.Zero, end
        classes.setdefault(rest, {}).setdefault(int(number), []).extend(bodies)
    made: dict[Expr, _Class] = {}
    for rest, members in classes.items():
        least = min(members)
        if max(members) - least > LONGEST:
            return None
        made[rest] = _Class({number - least: bodies for number, bodies in members.items()})
        made[rest].base = rest + least
    return made
