"""Where an equality is meant: poles, branches and kinks that its hypotheses do not already exclude."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from sympy import (
    Abs,
    Determinant,
    Expr,
    Heaviside,
    Inverse,
    Limit,
    Max,
    Min,
    Piecewise,
    Pow,
    Product,
    Sum,
    cancel,
    cos,
    log,
    sign,
    tan,
)
from sympy.core.relational import Relational

from ..statement.given import INVERTIBLE, Given
from ..statement.terms import At, NamedFunction, Partial, PrintedByName, is_leaf
from . import signs
from .absolute import Apart, Ranges
from .unfolding import fresh, prepare, unfold

Condition = tuple[str, Expr, bool]  # kind of place, the expression, whether its sign is known elsewhere


def conditions(left: Expr, right: Expr, given: Given) -> tuple[Condition, ...]:
    """Each condition once, in the order of the text: a pole, a root, a logarithm, a kink or an inverse.

    An equality is proved where both sides are defined. What the hypotheses imply is not repeated.
    """
    found: dict[Condition, None] = {}
    for e in (left, right):
        for kind, part in _delicate(e):
            condition = _condition(kind, part, given)
            if condition is not None:
                found[condition] = None
    return tuple(found)


def kinks(left: Expr, right: Expr) -> tuple[Apart, ...]:
    """What a statement takes for not 0, because it has a derivative over a kink there; it is shown.

    Each with the ranges of the sums around it: inside Σ_i the statement is meant where it is not 0 for any i.
    """
    return tuple((prepare(e), ranges) for side in (left, right) for e, ranges in _all_kinks(side, {}))


def _all_kinks(e: Expr, ranges: Ranges) -> Iterator[Apart]:
    if is_leaf(e) or isinstance(e, Limit):
        return
    e, ranges = _entered(e, ranges)
    if isinstance(e, NamedFunction):
        values = dict(zip(e.func.parameters, e.args, strict=True))
        yield from _all_kinks(e.func.body.xreplace(values), ranges)
    if isinstance(e, At):
        at = {e.args[1]: e.args[2]}
        yield from ((part.xreplace(at), where) for part, where in _all_kinks(e.args[0], ranges))
        return
    if isinstance(e, Partial):
        yield from _kinks(e.args[0], e.args[1], ranges)
    for a in e.args:
        yield from _all_kinks(a, ranges)


def _entered(e: Expr, ranges: Ranges) -> tuple[Expr, Ranges]:
    """A sum or a product with an index of its own, and the ranges inside it."""
    if not isinstance(e, (Sum, Product)):
        return e, ranges
    e = fresh(e)
    return e, {**ranges, **{index: (low, high) for index, low, high in e.limits}}


def _delicate(e: Expr) -> Iterator[tuple[str, Expr]]:
    """Denominators, arguments of logarithms and radicands of `e`, with named functions left as names."""
    if is_leaf(e) or isinstance(e, Limit):
        return
    if isinstance(e, (Sum, Product)):
        e = fresh(e)  # a hypothesis about a letter says nothing about an index of the same name
    if isinstance(e, Inverse):
        yield "inverse", e.arg
    if isinstance(e, log):
        yield "log", e.args[0]
    if isinstance(e, tan):
        yield "pole", cos(e.args[0])
    # Whether a power is negative is read off its form; a symbolic power with a minus counts as one.
    if isinstance(e, Pow) and e.exp.could_extract_minus_sign():
        yield from (("pole", f) for f in _factors(e.base))
    if isinstance(e, Pow) and e.exp.is_Rational and not e.exp.is_Integer:
        yield "root", e.base
    if isinstance(e, NamedFunction):
        values = dict(zip(e.func.parameters, e.args, strict=True))
        yield from ((kind, part.xreplace(values)) for kind, part in _delicate(e.func.body))
    if isinstance(e, At):
        yield from ((kind, part.xreplace({e.args[1]: e.args[2]})) for kind, part in _delicate(e.args[0]))
        return
    if isinstance(e, Partial):
        yield from (("kink", part) for part, _ in _kinks(e.args[0], e.args[1], {}))
    for a in e.args:
        yield from _delicate(a)


def _kinks(e: Expr, variable: Expr, ranges: Ranges) -> Iterator[Apart]:
    """What must not be 0 for `e` to have a derivative by `variable`; SymPy differentiates |u| at 0, too."""
    letter = variable.func if isinstance(variable, PrintedByName) else variable
    letter = getattr(letter, "base", getattr(letter, "parent", letter))
    if is_leaf(e) and not isinstance(e, NamedFunction):
        return
    e, ranges = _entered(e, ranges)
    if isinstance(e, (Abs, sign, Heaviside)) and e.has(letter):
        yield e.args[0], ranges
    if isinstance(e, Piecewise) and e.has(letter):
        yield from ((r.lhs - r.rhs, ranges) for r in e.atoms(Relational) if r.has(letter))
    if isinstance(e, (Max, Min)) and unfold(e).has(letter):
        gaps = (one - other for one, other in combinations(e.args, 2))
        yield from ((-gap if gap.could_extract_minus_sign() else gap, ranges) for gap in gaps)
    if isinstance(e, NamedFunction):
        values = dict(zip(e.func.parameters, e.args, strict=True))
        yield from _kinks(e.func.body.xreplace(values), variable, ranges)
    for a in e.args:
        yield from _kinks(a, variable, ranges)


def _factors(e: Expr) -> Iterator[Expr]:
    """A product is 0 only where one of its factors is."""
    if e.is_Mul:
        for a in e.args:
            yield from _factors(a)
    elif isinstance(e, Pow) and e.exp.is_positive:
        yield from _factors(e.base)
    elif not (isinstance(e, Pow) and e.exp.is_negative):
        yield e


def _condition(kind: str, part: Expr, given: Given) -> Condition | None:
    """What is left to say about `part`; None if the hypotheses say it."""
    if kind == "inverse":
        said = given.known.get(part) in INVERTIBLE
        return None if said or given.known.get(Determinant(part)) == "nonzero" else (kind, part, True)
    plain = prepare(part)
    forms = (plain, cancel(plain))
    # What the hypotheses say already is not said twice.
    if any(signs.is_positive(form, given.known) for form in forms):
        return None
    not_negative = any(signs.is_nonnegative(form, given.known) for form in forms)
    if kind == "root":
        return None if not_negative else (kind, part, False)
    if kind in ("pole", "kink"):
        return None if _never_zero(forms, given) else (kind, part, True)
    return kind, part, not_negative


def _never_zero(forms: tuple[Expr, ...], given: Given) -> bool:
    return any(
        form.is_nonzero
        or signs.never_zero(form, given.known)
        or signs.is_positive(cancel(-form), given.known)
        for form in forms
    )
