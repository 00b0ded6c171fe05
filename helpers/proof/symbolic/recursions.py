"""Induction over a size for a claim about a recursion: its rule carries the equation from n to n + 1."""

from __future__ import annotations

from sympy import Expr, Integer, Symbol, expand

from ..statement.recursive import RecursiveFunction
from . import bounds, rules, signs
from .normal_form import NormalForm
from .unfolding import prepare


def by_induction(difference: Expr, n: Symbol, nf: NormalForm, at_one: NormalForm) -> bool:
    """Whether f(n) + rest = 0 for every size n, from f's rule and the same equation one size before."""
    e = rules.unrolled(prepare(difference))
    if not at_one.is_zero(e.xreplace({n: Integer(1)})):
        return False
    return any(_carried(e, call, n, nf) for call in sorted(e.atoms(RecursiveFunction), key=str))


def _carried(e: Expr, call: RecursiveFunction, n: Symbol, nf: NormalForm) -> bool:
    others = [a for place, a in enumerate(call.args) if place != call.func.level]
    slope = expand(e).coeff(call, 1)
    rest = expand(e - slope * call)
    # The equation gives the value of f(n), and of nothing else: it stands in it once, and in no definition.
    if call.args[call.func.level] != n or any(a.has(n) for a in others):
        return False
    if rest.has(call.func) or slope.has(call.func) or _hides(call, n) or not _never_zero(slope, nf):
        return False
    # From size 1 on, n + 1 lies above the start, so that f(n + 1) is what the rule says.
    if not bounds.certainly_at_least(nf, n, call.func.start):
        return False
    beyond = call.xreplace({n: n + 1})
    following = rules.rewrite(beyond, [rules.definition(beyond, lambda a, b: True)])
    supposed = rules.hypothesis(call, -rest / slope, ())
    if any(a != call for a in following.atoms(call.func)):
        return False  # the rule goes back by more than one size, or changes another argument
    before = {n: n + 1}
    return nf.is_zero(slope.xreplace(before) * rules.rewrite(following, [supposed]), rest.xreplace(before))


def _never_zero(slope: Expr, nf: NormalForm) -> bool:
    if slope.is_number:
        return slope != 0
    return any(signs.is_positive(nf.restore(nf.rational(side * slope)), nf.domain) for side in (1, -1))


def _hides(call: RecursiveFunction, n: Symbol) -> bool:
    """Whether the definition has the size as a letter of its own: then f(n) for n + 1 is another one."""
    f = call.func
    return any(part.has(n) for part in (f.base, f.rule))
