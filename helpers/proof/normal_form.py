"""The symbolic judge: a normal form that is identically 0 for true equalities of indexed expressions.

Every expression becomes a rational function over opaque *atoms*: symbols, array entries, exp and log of
something irreducible, roots, Kronecker deltas, and sums that no rule could split further. Two expressions are
equal when the numerator of their difference is the zero polynomial in its atoms. Zero means zero for every
size; not zero means only "not recognised".

Rules that need a sign (splitting a logarithm, a root or a power) fire only where `signs` can read it off.
"""
from __future__ import annotations

from collections.abc import Callable
from math import lcm

from sympy import (
    Abs,
    Add,
    Dummy,
    Expr,
    Indexed,
    KroneckerDelta,
    Limit,
    Mul,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    cos,
    cosh,
    exp,
    factor_list,
    factorrat,
    fraction,
    log,
    rem,
    sin,
    sinh,
    sympify,
    tanh,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from . import limits, signs, sums
from .deadline import tick
from .objects import Given
from .polynomials import cancel, expand
from .recursion import Rule, rewrite
from .rewriting import fresh, prepare

PLAIN = (Symbol, Indexed, MatrixElement, KroneckerDelta)
HYPERBOLIC = (sinh, cosh, tanh)


class NormalForm:
    """One normalisation: the table of atoms, the ranges of the indices, and the hypotheses.

    `rational(e)` maps an expression to a rational function of dummies, `restore` maps back.
    """

    def __init__(self, given: Given | None = None, rules: tuple[Rule, ...] = ()) -> None:
        given = given or Given()
        self.rules = rules
        self.ranges: dict[Expr, tuple[Expr, Expr]] = dict(given.free)
        self.domain = given.domain
        self.atoms: dict[Expr, Dummy] = {}
        self.meaning: dict[Dummy, Expr] = {}
        self.relations: dict[Dummy, Expr] = {}  # atom -> polynomial led by it that vanishes
        self.exponents: dict[Expr, dict[int, Expr]] = {}  # u -> {q: the atom exp(u/q)}
        self.known: dict[Expr, Expr] = {}  # atom -> the value that a hypothesis gives it
        for left, right in given.facts:
            self._assume(left, right)

    # ---- atoms

    def atom(self, e: Expr) -> Expr:
        """The dummy that stands for `e`, or the value that a hypothesis gives to `e`."""
        if e in self.known:
            return self.rational(fresh(self.known[e]))
        if e not in self.atoms:
            self.atoms[e] = Dummy("t")
            self.meaning[self.atoms[e]] = e
            if signs.domain_of(e, self.domain) in ("binary", "onehot"):
                self.relations[self.atoms[e]] = self.atoms[e] ** 2 - self.atoms[e]
        return self.atoms[e]

    def restore(self, r: Expr) -> Expr:
        return r.xreplace(self.meaning)

    def canonical(self, e: Expr) -> Expr:
        """`e` in normal form, as an ordinary expression. Bound indices carry canonical names."""
        r = cancel(self.rational(e))
        if self.relations:
            numerator, denominator = fraction(r)
            r = cancel(self._reduce(numerator) / self._reduce(denominator))
        return self.restore(r)

    def _assume(self, left: Expr, right: Expr) -> None:
        """Turn the hypothesis left = right into a rule for one of its atoms."""
        numerator = expand(fraction(cancel(self.rational(prepare(left - right))))[0])
        candidates = [t for t in self.meaning if numerator.has(t)]
        for t in sorted(candidates, key=lambda t: isinstance(self.meaning[t], Sum), reverse=True):
            leading = numerator.coeff(t, 1)
            if leading.is_Number and leading != 0 and not expand(numerator - leading * t).has(t):
                self.known[self.meaning[t]] = self.restore(expand(t - numerator / leading))
                return

    # ---- rational functions of atoms

    def rational(self, e: Expr) -> Expr:
        """`e` as a rational function of atoms. `e` must have fresh bound indices (see `prepare`)."""
        tick()
        if e.is_Number:
            return e
        if isinstance(e, (Add, Mul)):
            return e.func(*[self.rational(a) for a in e.args])
        if isinstance(e, exp):
            return self._exponential(e.exp)
        if isinstance(e, Pow):
            return self._power(*e.args)
        if isinstance(e, log):
            return self._logarithm(e.args[0])
        if isinstance(e, (Sum, Product)):
            return self._sum_or_product(fresh(e))
        if isinstance(e, PLAIN):
            return self.atom(e)
        if isinstance(e, Limit):
            return self.rational(fresh(limits.value(self, e)))
        return self._function(e)

    def _function(self, e: Expr) -> Expr:
        if isinstance(e, HYPERBOLIC):
            return self.rational(e.rewrite(exp))
        inner = [self.canonical(a) for a in e.args]
        if isinstance(e, Abs):
            for a in (inner[0], expand(-inner[0])):
                if signs.is_nonnegative(a, self.domain):
                    return self.rational(fresh(a))
        t = self.atom(sums.rename(e.func(*inner)))
        if isinstance(e, sin) and isinstance(t, Dummy):
            # sin squared is 1 - cos squared, so that the identity is seen by the polynomial arithmetic
            self.relations[t] = t**2 - 1 + self.atom(sums.rename(cos(*inner))) ** 2
        return t

    def _sum_or_product(self, e: Expr) -> Expr:
        if isinstance(e, Product):
            body = self.canonical(e.function)
            if signs.is_positive(body, self.domain):
                return self._exponential(Sum(log(body), *e.limits))
            return self.atom(sums.rename(Product(fresh(body), *e.limits)))
        self.ranges.update({index: (low, high) for index, low, high in e.limits})
        result = self.rational(e.function)
        for index, low, high in e.limits:
            result = sums.sum_rational(self, result, index, low, high)
        return result

    def _power(self, base: Expr, power: Expr) -> Expr:
        if power.is_Integer:
            return self.rational(base) ** power
        if power.is_integer:
            return self._integer_power(base, power)
        if power.is_Rational:
            whole, part = divmod(power.p, power.q)
            return self.rational(base) ** whole * self._root(base, power.q) ** part
        if signs.is_positive(base, self.domain):
            return self._exponential(power * log(base))
        return self.atom(sums.rename(Pow(fresh(self.canonical(base)), fresh(self.canonical(power)))))

    def _integer_power(self, base: Expr, power: Expr) -> Expr:
        """x**(a + 2 b) is x**a (x**b)**2 for whole a and b, whatever the sign of x."""
        if signs.is_positive(base, self.domain):
            return self._exponential(power * log(base))
        base, result = fresh(self.canonical(base)), S.One
        for term in Add.make_args(expand(self.canonical(power))):
            c, rest = term.as_coeff_Mul()
            whole, part = (c, rest) if c.is_Integer else (S.One, term)
            one = self.rational(base) if part == 1 else self.atom(sums.rename(Pow(base, part)))
            result *= one**whole
        return result

    def _root(self, base: Expr, q: int) -> Expr:
        """The q-th root, factor by factor where the factors are seen to be nonnegative."""
        numerator, denominator = fraction(cancel(self.rational(base)))
        c, factors = self._factors(numerator, denominator, signs.is_nonnegative)
        good = [(u, m) for u, m in factors if signs.is_nonnegative(u, self.domain)]
        # Factors of unknown sign stay together under one root, with the sign of the constant.
        rest = Mul(S.NegativeOne if c < 0 else S.One, *[u**m for u, m in factors if (u, m) not in good])
        result = S.One
        for u, m in [*good, *factorrat(abs(c)).items(), (rest, 1)]:
            if isinstance(u, exp):
                result *= self._exponential(fresh(u.exp) * m / q)
                continue
            whole, part = divmod(m, q)
            result *= self.rational(fresh(sympify(u))) ** whole * self._root_atom(sympify(u), q) ** part
        return result

    def _root_atom(self, u: Expr, q: int) -> Expr:
        """The atom t with t**q = u."""
        if u == 1:
            return S.One
        t = self.atom(Pow(self.canonical(fresh(u)), Rational(1, q), evaluate=False))
        inside = cancel(self.rational(fresh(u)))
        if isinstance(t, Dummy) and fraction(inside)[1] == 1:
            self.relations[t] = t**q - inside
        return t

    def _factors(self, numerator: Expr, denominator: Expr, sign: Callable) -> tuple[Expr, list]:
        """A constant, and factors with their powers; a factor whose negative has the sign is turned round."""
        (c, above), (c_below, below) = factor_list(numerator), factor_list(denominator)
        c, factors = c / c_below, []
        for f, m in above + [(f, -m) for f, m in below]:
            u = self.restore(f)
            if not sign(u, self.domain) and sign(expand(-u), self.domain):
                u, c = expand(-u), c * (-1) ** m
            factors.append((u, m))
        return c, factors

    def _exponential(self, argument: Expr) -> Expr:
        """exp of a sum is the product of the exps; whole multiples become powers of one atom."""
        numerator, denominator = fraction(cancel(self.rational(argument)))
        whole, denominator = denominator.primitive()
        result = S.One
        for term in Add.make_args(expand(numerator / whole)):
            c, rest = term.as_coeff_Mul()
            u = self.restore(rest / denominator)
            if isinstance(u, log) and c.is_Integer:
                result *= self.rational(fresh(u.args[0])) ** c
            else:
                result *= self._exp_atom(u, c.q) ** c.p
        return result

    def _exp_atom(self, u: Expr, q: int) -> Expr:
        """exp(u/q). All such roots of one exp(u) are made powers of the finest one."""
        known = self.exponents.setdefault(u, {})
        if q not in known:
            known[q] = self.atom(exp(u / q))
            finest = lcm(*known)
            known.setdefault(finest, self.atom(exp(u / finest)))
            for coarser, t in known.items():
                if coarser != finest and isinstance(t, Dummy):
                    self.relations[t] = t - known[finest] ** (finest // coarser)
        return known[q]

    def _logarithm(self, argument: Expr) -> Expr:
        """log of a product is the sum of the logs, if every factor is seen to be positive."""
        numerator, denominator = fraction(cancel(self.rational(argument)))
        c, factors = self._factors(numerator, denominator, signs.is_positive)
        if not (c > 0 and all(signs.is_positive(u, self.domain) for u, _ in factors)):
            return self.atom(log(self.restore(numerator / denominator)))
        factors += [(sympify(p), m) for p, m in factorrat(c).items()]
        return Add(*[m * self._log_of_factor(u) for u, m in factors])

    def _log_of_factor(self, u: Expr) -> Expr:
        if isinstance(u, exp):
            return self.rational(fresh(u.exp))
        if isinstance(u, Pow):
            return self.rational(fresh(u.exp)) * self._logarithm(fresh(u.base))
        return self.atom(log(u))

    # ---- the question

    def is_zero(self, *parts: Expr) -> bool:
        """Whether the sum of `parts` is recognised as identically zero, for all sizes and indices."""
        total = Add(*[self.rational(rewrite(prepare(e), self.rules)) for e in parts])
        return self._vanishes(total, depth=3)

    def tends_to(self, e: Expr, infinity: Expr) -> bool:
        """Whether the limit `e` is recognised as `infinity`, one of oo and -oo."""
        e = prepare(e)
        return isinstance(e, Limit) and limits.value(self, e) == infinity

    def _reduce(self, r: Expr) -> Expr:
        """The numerator of r, with the powers that the atoms' relations give a meaning replaced."""
        numerator, before = expand(fraction(cancel(r))[0]), None
        while numerator != before:
            before = numerator
            for t, relation in list(self.relations.items()):
                if numerator.has(t):
                    numerator = expand(fraction(cancel(rem(numerator, relation, t)))[0])
        return numerator

    def _vanishes(self, r: Expr, depth: int) -> bool:
        numerator = self._reduce(r)
        if numerator == 0 or depth == 0:
            return numerator == 0
        for t in sorted(numerator.free_symbols, key=str):
            if isinstance(self.meaning.get(t), KroneckerDelta):
                return self._both_cases(numerator, t, depth - 1)
        return self._regrouped_vanishes(numerator, depth - 1)

    def _regrouped_vanishes(self, numerator: Expr, depth: int) -> bool:
        """Join sums over equal ranges; those with a vanishing summand go, the rest is normalised again."""
        rest, joint = sums.regroup(self, numerator)
        if not joint:
            return False
        for one in joint:
            if not self._vanishes(self.rational(one.function), depth):
                rest += self.rational(one)
        return self._vanishes(rest, depth)

    def _both_cases(self, numerator: Expr, t: Dummy, depth: int) -> bool:
        """A delta of free indices is 0 or 1: prove both cases, the second with the indices identified."""
        a, b = sorted(self.meaning[t].args[:2], key=lambda index: not index.is_Symbol)
        if not self._vanishes(numerator.subs(t, 0), depth):
            return False
        if not a.is_Symbol:
            return False
        same = fresh(self.restore(numerator.subs(t, 1))).xreplace({a: b})
        return self._vanishes(self.rational(same), depth)
