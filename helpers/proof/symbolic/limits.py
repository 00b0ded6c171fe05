"""Limits in the normal form: `Limit(e, x, x0, dir)` may stand anywhere in a step.

SymPy's own algorithm is asked only where x is the one letter. With another letter in it, SymPy answers for
the general value of that letter: of x²/(x² + (a - 7)²) at 0 it says zero, and at a = 7 it is 1.
There only the algebra of limits counts, whose every rule asks for the signs on which it depends. The
numerical judge has a way of its own (`numeric.limits`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import (
    Abs,
    AccumBounds,
    Add,
    Dummy,
    Expr,
    Heaviside,
    Limit,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    S,
    Sum,
    Symbol,
    ceiling,
    cosh,
    exp,
    floor,
    fraction,
    limit,
    log,
    nan,
    oo,
    sign,
    sinh,
    tanh,
    zoo,
)

from ..statement.terms import PrintedByName
from . import absolute, signs
from .algebra import cancel, expand
from .unfolding import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm


class NoLimit(ValueError):
    """The symbolic judge cannot work out a limit."""


def value(nf: NormalForm, e: Limit) -> Expr:
    """The limit as an expression, or ±oo. Raises NoLimit if it cannot be worked out."""
    body, x, at, side = e.args[0], e.args[1], e.args[2], str(e.args[3])
    if side == "+-":  # there is one where both one-sided ones are the same number
        right, left = (value(nf, Limit(body, x, at, one)) for one in "+-")
        if right != left and (right.has(oo, -oo) or left.has(oo, -oo) or not nf.is_zero(right, -left)):
            raise NoLimit(f"the limits of {body} from both sides are not seen to agree")
        return right
    if not at.is_number:
        step = Dummy(x.name, real=True)  # towards a letter: from it by a step that tends to 0
        return _Towards(nf, step, S.Zero, side).limit(fresh(body, {x: at + step}))
    return _Towards(nf, x, at, side).limit(body)


class _Towards:
    """The limit of expressions for one letter x that tends to the number `at` from one `side`."""

    def __init__(self, nf: NormalForm, x: Symbol, at: Expr, side: str) -> None:
        self.nf, self.x, self.at, self.side = nf, x, at, side

    def limit(self, e: Expr) -> Expr:
        if not e.has(self.x):
            return e
        if e.free_symbols == {self.x} and not e.has(Sum, Product):
            return self._by_sympy(e)
        if isinstance(e, Add):
            return self._sum([self.limit(a) for a in e.args], e)
        if isinstance(e, Mul):
            return self._product(e)
        if isinstance(e, exp):
            return _exp(self.limit(e.exp))
        if isinstance(e, tanh):
            # One exponential only: a quotient of two would be infinity over infinity.
            return self.limit(1 - 2 / (exp(2 * e.args[0]) + 1))
        if isinstance(e, (cosh, sinh)):
            return self.limit(e.rewrite(exp))
        if isinstance(e, log):
            return self._log(e)
        if isinstance(e, Pow):
            return self._power(e)
        # |.| is continuous, at infinity too; sign is not, and has no rule here.
        if isinstance(e, Abs):
            return Abs(self.limit(e.args[0]))
        if isinstance(e, (Max, Min)):
            return self.limit(absolute.unfold_extreme(e))
        # A finite sum of a number of terms that does not depend on x, if each term has a finite limit.
        if isinstance(e, Sum) and not any(b.has(self.x) for own in e.limits for b in own[1:]):
            return Sum(self._finite(e.function), *e.limits)
        raise NoLimit(f"no rule for the limit of {e}")

    def _by_sympy(self, e: Expr) -> Expr:
        """SymPy's limit, but not over what may jump: it takes sign and unknown functions for continuous."""
        if e.atoms(sign, Heaviside, Piecewise, floor, ceiling, PrintedByName):
            raise NoLimit(f"the limit of {e} may lie at a jump")
        result = limit(e, self.x, self.at, self.side if self.at not in (oo, -oo) else "+")
        if result.has(Limit, AccumBounds, nan, zoo, self.x) or not isinstance(result, Expr):
            raise NoLimit(f"no limit of {e} was found")
        return result

    def _finite(self, e: Expr) -> Expr:
        result = self.limit(e)
        if result.has(oo, -oo):
            raise NoLimit(f"{e} is unbounded")
        return result

    def _sum(self, limits: list[Expr], e: Expr) -> Expr:
        """Infinities of one sign stay, whatever finite is added; two of different signs say nothing."""
        infinite = {v for v in limits if v in (oo, -oo)}
        if len(infinite) > 1:
            raise NoLimit(f"{e} is a difference of infinities")
        return infinite.pop() if infinite else Add(*limits)

    def _quotient(self, e: Expr) -> Expr | None:
        """A quotient of polynomials whose denominator, once cancelled, is seen not to be 0 in the limit.

        x never is the number that it tends to, so what is cancelled is not 0.
        """
        if self.at in (oo, -oo) or not e.is_rational_function(*e.free_symbols):
            return None
        above, below = (part.xreplace({self.x: self.at}) for part in fraction(cancel(e)))
        seen = below != 0 if below.is_number else signs.is_positive(expand(below), self.nf.domain)
        return above / below if seen else None

    def _product(self, e: Mul, depth: int = 3) -> Expr:
        """What has no letter but x goes to SymPy as one factor, because 0 times infinity is no rule."""
        if (quotient := self._quotient(e)) is not None:
            return quotient
        split = [a.free_symbols <= {self.x} and not a.has(Sum, Product) for a in e.args]
        alone = Mul(*[a for a, own in zip(e.args, split, strict=True) if own])
        others = [a for a, own in zip(e.args, split, strict=True) if not own]
        limits = [self.limit(alone), *map(self.limit, others)]
        result = Mul(*[v for v in limits if v not in (oo, -oo)])
        infinite = [v for v in limits if v in (oo, -oo)]
        if not infinite:
            return result
        # 0 times infinity: only by slopes; for any other 0 the sign is asked for below, and none is seen.
        if result == 0 and infinite == limits[:1] and depth:
            return self.by_slopes(Mul(*others), alone, depth)
        return self._signed(result) * Mul(*[S.One if v is oo else S.NegativeOne for v in infinite]) * oo

    def by_slopes(self, above: Expr, alone: Expr, depth: int) -> Expr:
        """L'Hospital's rule for above / (1/alone): both tend to 0, and 1/alone has no letter but x."""
        if self.at in (oo, -oo):
            t = Dummy("t", positive=True)
            near = _Towards(self.nf, t, S.Zero, "+")
            far = {self.x: (1 if self.at is oo else -1) / t}
            return near.by_slopes(above.xreplace(far), alone.xreplace(far), depth)
        slopes = cancel(above.diff(self.x) / (1 / alone).diff(self.x))
        return self._product(slopes, depth - 1) if isinstance(slopes, Mul) else self.limit(slopes)

    def _signed(self, e: Expr) -> Expr:
        """1 or -1; NoLimit unless it is certain that `e` is not 0, and which."""
        if signs.is_positive(e, self.nf.domain):
            return S.One
        if signs.is_positive(-e, self.nf.domain):
            return S.NegativeOne
        raise NoLimit(f"the sign of {e} is not known")

    def _log(self, e: Expr) -> Expr:
        inner = self.limit(e.args[0])
        if inner is oo:
            return oo
        self._demand_positive(inner)
        return log(inner)

    def _demand_positive(self, e: Expr) -> None:
        if e in (oo, -oo) or not signs.is_positive(e, self.nf.domain):
            raise NoLimit(f"{e} is not known to be positive")

    def _power(self, e: Pow) -> Expr:
        base, power = e.args
        if not power.has(self.x):
            return self._fixed_power(self.limit(base), power, e)
        if base.has(self.x):
            # u^v = exp(v ln u) only where u tends to something positive: 0^0 has no rule.
            self._demand_positive(self.limit(base))
            return _exp(self.limit(power * log(base)))
        if not signs.is_positive(base, self.nf.domain):
            raise NoLimit(f"no rule for the limit of {e}")
        power = self.limit(power)
        if power not in (oo, -oo):
            return base**power
        # b^x grows for b > 1 and tends to 0 for b < 1, so the sign of b - 1 must be certain.
        grows = self._signed(base - 1) * (1 if power is oo else -1)
        return oo if grows > 0 else S.Zero

    def _fixed_power(self, base: Expr, power: Expr, e: Expr) -> Expr:
        if base is oo and power.is_number:
            return oo if power > 0 else S.Zero
        if base in (oo, -oo):
            raise NoLimit(f"no rule for the limit of {e}")
        if base == 0 and signs.is_positive(power, self.nf.domain):
            return S.Zero  # |u^p| = |u|^p for every real p, whatever u is
        if not (power.is_Integer and power > 0):
            side = self._signed(base)  # so it is not 0, where a negative power and a root have no rule
            if side < 0 and not power.is_Integer:
                raise NoLimit(f"{base} is negative")
        return base**power


def _exp(argument: Expr) -> Expr:
    return {oo: oo, -oo: S.Zero}.get(argument, exp(argument))
