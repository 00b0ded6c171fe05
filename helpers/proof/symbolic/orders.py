"""Inequalities that are true because simpler ones are: by cases, by squares, by means, by induction.

Each argument writes down other inequalities from which the one in question follows; the same judge is asked
about them. They are last resorts, so that what stays unproved costs no more than a share of the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sympy import Abs, Add, Expr, Ge, Gt, Mul, Rational, S, sign
from sympy import false as never

from ..statement import chance
from ..statement.given import Given
from ..statement.operators import Expectation
from . import linear, means, signs
from .normal_form import NormalForm

DEEPEST = 4  # such arguments, one inside the other
Judge = Callable[[Expr, Given, bool, int], bool]  # whether e ≥ 0, or > 0, under hypotheses, at a depth


def proved(e: Expr, given: Given, strict: bool, ask: Judge, depth: int = 0) -> str:
    """The argument by which e ≥ 0, or e > 0 if `strict`, follows from simpler inequalities; "" if none."""
    nf = NormalForm(given)
    nf.whole = True  # of tanh and cosh the bounds are known
    ready = nf.ready(e)
    if linear.follows(nf, ready, strict):
        return "multiples of known inequalities add up to it"
    if depth == DEEPEST:
        return ""
    for name, parts in _ways(ready, NormalForm(given), strict):
        if all(ask(part, there, sure, depth + 1) for part, there, sure in parts):
            return name
    return ""


Part = tuple[Expr, Given, bool]  # an inequality that is asked: e ≥ 0 or > 0, and its hypotheses


def _ways(e: Expr, nf: NormalForm, strict: bool) -> Iterator[tuple[str, list[Part]]]:
    yield from (("squares of both sides", parts) for parts in _squared(e, nf, strict))
    inside = _under_mean(e, nf.given)
    if inside is not None:
        # A condition on a mean is not looked at where a case of an outcome, X > 0, is supposed.
        numbers = nf.given.where(*(c for c in nf.given.conditions if not c.has(Expectation)))
        yield "what is true of each outcome is true of the mean", [(inside, numbers, strict)]
    cases = _cases(e, nf)
    if cases is not None:
        yield "the signs of what has a kink, case by case", [(*case, strict) for case in cases]


def _squared(e: Expr, nf: NormalForm, strict: bool) -> Iterator[list[Part]]:
    """For real a and a root r ≥ 0: r ≥ a if r² ≥ a², and a ≥ r if a ≥ 0 and a² ≥ r²."""
    for term in Add.make_args(e):
        c, root = term.as_coeff_Mul()
        rest, roots = e - term, Mul.make_args(root)
        if all(f.is_Pow and f.exp == Rational(1, 2) for f in roots) and signs.is_real(rest, nf.domain):
            radicands = [u for f in roots for u in Mul.make_args(f.base)]
            gap = (c**2 * Mul(*radicands) - rest**2) * (1 if c > 0 else -1)
            others = radicands if c > 0 else [*radicands, rest]
            yield [(gap, nf.given, strict), *((u, nf.given, False) for u in others)]


def _under_mean(e: Expr, given: Given) -> Expr | None:
    """u, if e is E[u], the mean over everything being linear: what is ≥ 0 at each outcome has such a mean."""
    e = e.expand()
    whole = [a for a in e.atoms(Expectation) if not chance.random_letters(a, given)]
    if not whole or any(a.args[0].has(Expectation) for a in whole):
        return None
    inside = S.Zero
    for term in Add.make_args(e):
        c, mean = term.as_independent(Expectation)
        if (mean not in whole and mean != 1) or chance.random_letters(c, given):
            return None
        inside += c * (mean.args[0] if mean != 1 else 1)
    return inside


def _cases(e: Expr, nf: NormalForm) -> list[tuple[Expr, Given]] | None:
    """`e` for u > 0, u < 0 and u = 0 of the first |u| or sign(u) with a real u."""
    form = nf.canonical(e)
    form = form.xreplace({mean: means.opened(mean) for mean in form.atoms(means.Mean)})
    for one in sorted(form.atoms(Abs, sign), key=str):
        u = one.args[0]
        # What is bound inside is many numbers, which need not have one sign.
        if not u.free_symbols <= e.free_symbols or not signs.is_real(u, nf.domain):
            continue
        # Nor is a case of one outcome one of all those in a mean.
        if form.has(Expectation) and chance.random_letters(u, nf.given):
            continue
        found = []
        for side in (1, -1):
            holds = (Gt if form.has(sign(u)) else Ge)(side * u, 0)
            if holds is not never:  # else it is no case
                there = form.xreplace({Abs(u): side * u, sign(u): S(side)})
                found.append((there, nf.given.where(*nf.given.conditions, holds)))
        if form.has(sign(u)) and not signs.never_zero(u, nf.domain):
            found.append((form.xreplace({Abs(u): S.Zero, sign(u): S.Zero}), nf.given))
        return found
    return None
