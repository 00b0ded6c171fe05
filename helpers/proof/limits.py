"""Limits in the normal form: `Limit(e, x, x0, dir)` may stand anywhere in a step.

The algebra of limits and, for expressions without sums, SymPy's own algorithm, with every quantity whose sign
is a hypothesis replaced by a symbol of that sign. The numerical judge's half is `evaluate_limits`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import (
    AccumBounds,
    Add,
    Dummy,
    Expr,
    Heaviside,
    Indexed,
    Limit,
    Mul,
    Pow,
    Product,
    Sum,
    Symbol,
    exp,
    limit,
    log,
    nan,
    oo,
    sign,
    zoo,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from . import signs

if TYPE_CHECKING:
    from .normal_form import NormalForm


class NoLimit(ValueError):
    """The symbolic judge cannot work out a limit."""


def value(nf: NormalForm, e: Limit) -> Expr:
    """The limit as an expression, or ±oo. Raises NoLimit if it cannot be worked out."""
    body, x, at, side = e.args
    if not body.has(x):
        return body
    if not any(s.has(x) for s in body.atoms(Sum, Product)):
        return _by_sympy(nf, body, x, at, str(side))
    return _by_rules(nf, body, e)


def _by_sympy(nf: NormalForm, body: Expr, x: Symbol, at: Expr, side: str) -> Expr:
    """SymPy's limit, with each quantity of known sign replaced by a symbol that carries the sign.

    SymPy takes sign and Heaviside for continuous, so a limit of these is left open.
    """
    if any(jump.has(x) for jump in body.atoms(sign, Heaviside)):
        raise NoLimit(f"the limit of {body} may lie at a jump")
    stand_in, back = {}, {}
    for u in sorted(body.atoms(Symbol, Indexed, MatrixElement, Sum, Product), key=str):
        if not u.has(x) and (u in nf.domain or not isinstance(u, Symbol)):
            d = Dummy(**{"positive" if signs.is_positive(u, nf.domain) else "real": True})
            # 1/(1 + d) with d > 0 lies in (0, 1), so that SymPy also sees that 1 - u is positive.
            inside = signs.domain_of(u, nf.domain) == "unit"
            stand_in[u], back[d] = (1 / (1 + d), 1 / u - 1) if inside else (d, u)
    result = limit(body.xreplace(stand_in), x, at, side if at not in (oo, -oo) else "+")
    if result.has(Limit, AccumBounds, nan, zoo, x) or not isinstance(result, Expr):
        raise NoLimit(f"no limit of {body} was found")
    return result.xreplace(back)


def _by_rules(nf: NormalForm, body: Expr, e: Limit) -> Expr:
    """The algebra of limits: every part must have a finite limit, and no denominator may tend to 0."""
    _, x, at, side = e.args

    def part(u: Expr) -> Expr:
        result = value(nf, Limit(u, x, at, str(side)))
        if result.has(oo, -oo):
            raise NoLimit(f"a part of {body} is unbounded")
        return result

    if isinstance(body, (Add, Mul)):
        return body.func(*[part(a) for a in body.args])
    if isinstance(body, Sum) and not any(b.has(x) for own in body.limits for b in own[1:]):
        return Sum(part(body.function), *body.limits)
    if isinstance(body, exp):
        return exp(part(body.exp))
    if isinstance(body, log):
        inner = part(body.args[0])
        if signs.is_positive(inner, nf.domain):
            return log(inner)
    if isinstance(body, Pow) and body.exp.is_Rational:
        inner = part(body.base)
        if signs.is_positive(inner, nf.domain) or (body.exp.is_Integer and body.exp > 0):
            return inner**body.exp
    raise NoLimit(f"no rule for the limit of {body}")
