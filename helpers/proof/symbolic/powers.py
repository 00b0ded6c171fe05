"""The rules of the normal form for powers, roots, exponentials and logarithms.

A rule that needs a sign fires only where `signs` can read it off: for numbers of any sign sqrt(x y) is not
sqrt(x) sqrt(y), and log x y is not log x + log y.
"""

from __future__ import annotations

from collections.abc import Callable
from math import lcm
from typing import TYPE_CHECKING

from sympy import (
    Abs,
    Add,
    Dummy,
    Expr,
    Mul,
    Pow,
    Rational,
    S,
    exp,
    factor_list,
    factorrat,
    fraction,
    log,
    sympify,
)

from . import signs, sums
from .algebra import cancel, expand
from .unfolding import fresh

if TYPE_CHECKING:
    from .normal_form import NormalForm


def power(nf: NormalForm, base: Expr, power: Expr) -> Expr:
    """base**power: whole powers are powers of atoms, roots are atoms, the rest is an exponential."""
    # (ab)^m = a^m b^m for whole m and all complex a, b; a negative m asks for a, b that are not 0, a
    # condition.
    if power.is_Integer:
        return nf.rational(base) ** power
    if power.is_integer:
        return _integer_power(nf, base, power)
    if power.is_Rational:
        whole, part = divmod(power.p, power.q)
        return nf.rational(base) ** whole * _root(nf, base, power.q) ** part
    # b^x = exp(x log b) is the definition for b > 0.
    if signs.is_positive(base, nf.domain):
        return exponential(nf, power * log(base))
    return nf.atom(sums.rename(Pow(fresh(nf.canonical(base)), fresh(nf.canonical(power)))))


def _integer_power(nf: NormalForm, base: Expr, power: Expr) -> Expr:
    """x**(a + 2 b) is x**a (x**b)**2 for whole a and b, whatever the sign of x."""
    if signs.is_positive(base, nf.domain):
        return exponential(nf, power * log(base))
    base, result = fresh(nf.canonical(base)), S.One
    for term in Add.make_args(expand(nf.canonical(power))):
        c, rest = term.as_coeff_Mul()
        whole, part = (c, rest) if c.is_Integer else (S.One, term)
        one = nf.rational(base) if part == 1 else nf.atom(sums.rename(Pow(base, part)))
        result *= one**whole
    return result


def _root(nf: NormalForm, base: Expr, q: int) -> Expr:
    """The q-th root, factor by factor where the factors are seen to be nonnegative."""
    # The root of ab is the root of a times that of b for a, b ≥ 0; for others it is off by a root of
    # unity.
    c, factors = split(nf, cancel(nf.rational(base)), signs.is_nonnegative)
    good = [(u, m) for u, m in factors if signs.is_nonnegative(u, nf.domain)]
    # Factors of unknown sign stay together under one root, with the sign of the constant.
    rest = Mul(S.NegativeOne if c < 0 else S.One, *[u**m for u, m in factors if (u, m) not in good])
    result = S.One
    for u, m in [*good, *factorrat(abs(c)).items(), (rest, 1)]:
        # exp(v) of a real v only: for others the principal root of exp(v) need not be exp(v/q).
        if isinstance(u, exp) and (u, m) in good:
            result *= exponential(nf, fresh(u.exp) * m / q)
            continue
        whole, part = divmod(m, q)
        result *= nf.rational(fresh(sympify(u))) ** whole * _root_atom(nf, sympify(u), q) ** part
    return result


def _root_atom(nf: NormalForm, u: Expr, q: int) -> Expr:
    """The atom t with t**q = u."""
    if u == 1:
        return S.One
    t = nf.atom(Pow(nf.canonical(fresh(u)), Rational(1, q), evaluate=False))
    inside = cancel(nf.rational(fresh(u)))
    if isinstance(t, Dummy) and fraction(inside)[1] == 1:
        # t^q = u holds for the principal root of any complex u; that t is the principal one is not used.
        nf.relations[t] = t**q - inside
    return t


def split(nf: NormalForm, r: Expr, sign: Callable) -> tuple[Expr, list[tuple[Expr, int]]]:
    """A constant, and factors with their powers; a factor whose negative has the sign is turned round."""
    (c, above), (c_below, below) = map(factor_list, fraction(r))
    c, factors = c / c_below, []
    for f, m in above + [(f, -m) for f, m in below]:
        u = nf.restore(f)
        if not sign(u, nf.domain) and sign(expand(-u), nf.domain):
            u, c = expand(-u), c * S.NegativeOne**m  # (-1) ** -1 is a float
        factors.append((u, m))
    return c, factors


def exponential(nf: NormalForm, argument: Expr) -> Expr:
    """exp of a sum is the product of the exps; whole multiples become powers of one atom."""
    numerator, denominator = fraction(cancel(nf.rational(argument)))
    whole, denominator = denominator.primitive()
    result = S.One
    for term in Add.make_args(expand(numerator / whole)):
        c, rest = term.as_coeff_Mul()
        u = nf.restore(rest / denominator)
        # exp(c log u) = u^c for whole c and all u that are not 0; log u has that condition already.
        if isinstance(u, log) and c.is_Integer:
            result *= nf.rational(fresh(u.args[0])) ** c
        else:
            # exp(a + b) = exp(a) exp(b), and exp(p u/q) = exp(u/q)^p: for all complex numbers.
            result *= _exp_atom(nf, u, c.q) ** c.p
    return result


def _exp_atom(nf: NormalForm, u: Expr, q: int) -> Expr:
    """exp(u/q). All such roots of one exp(u) are made powers of the finest one."""
    known = nf.exponents.setdefault(u, {})
    if q not in known:
        known[q] = nf.atom(exp(u / q))
        finest = lcm(*known)
        known.setdefault(finest, nf.atom(exp(u / finest)))
        for coarser, t in known.items():
            if coarser != finest and isinstance(t, Dummy):
                nf.relations[t] = t - known[finest] ** (finest // coarser)
    return known[q]


def logarithm(nf: NormalForm, argument: Expr) -> Expr:
    """log of a product is the sum of the logs, if every factor is seen to be positive."""
    r = cancel(nf.rational(argument))
    c, factors = split(nf, r, signs.is_nonnegative)
    # log ab = log a + log b for positive a, b; for others it is off by a multiple of 2πi. Where a factor is
    # 0, log has no value on either side. An even power of a real u is that of |u|.
    plain = [(u, m) for u, m in factors if signs.is_nonnegative(u, nf.domain)]
    even = [(u, m) for u, m in factors if (u, m) not in plain and m % 2 == 0 and signs.is_real(u, nf.domain)]
    if not (c > 0 and len(plain) + len(even) == len(factors)):
        return nf.atom(log(nf.restore(r)))
    logs = [m * _log_of_factor(nf, u) for u, m in plain]
    logs += [m * nf.atom(sums.rename(log(Abs(u)))) for u, m in even]
    return Add(*logs, *[m * _log_of_factor(nf, sympify(p)) for p, m in factorrat(c).items()])


def _log_of_factor(nf: NormalForm, u: Expr) -> Expr:
    if isinstance(u, exp):
        # log exp(v) = v for real v only, and signs calls exp(v) positive only then.
        return nf.rational(fresh(u.exp))
    if isinstance(u, Pow) and signs.is_nonnegative(u.base, nf.domain):  # ln x^m of a negative x is not m ln x
        return nf.rational(fresh(u.exp)) * logarithm(nf, fresh(u.base))
    return nf.atom(log(u))
