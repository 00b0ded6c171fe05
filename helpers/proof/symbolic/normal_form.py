"""The symbolic judge: a normal form that is identically 0 for true equalities of indexed expressions.

Every expression becomes a rational function over opaque *atoms*: symbols, array entries, exp and log of
something irreducible, roots, Kronecker deltas, and sums that no rule could split further. Two expressions are
equal when the numerator of their difference is the zero polynomial in its atoms. Zero means zero for every
size; not zero means only "not recognised".

Rules that need a sign (splitting a logarithm, a root or a power) fire only where `signs` can read it off.
"""

from __future__ import annotations

from sympy import (
    Abs,
    Add,
    Determinant,
    Dummy,
    Expr,
    Heaviside,
    Identity,
    Indexed,
    IndexedBase,
    Integral,
    Inverse,
    KroneckerDelta,
    Limit,
    MatMul,
    MatPow,
    MatrixSymbol,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    S,
    Sum,
    Symbol,
    Transpose,
    ceiling,
    cos,
    cosh,
    exp,
    expand_trig,
    floor,
    fraction,
    log,
    rem,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)
from sympy.matrices.expressions.matexpr import MatrixElement, MatrixExpr

from ..statement.given import SYMMETRIC, Given, Noted
from ..statement.laws import letter_of
from ..statement.operators import Expectation
from ..work import tick
from . import absolute, binary, expectation, limits, matrices, means, onehot, powers, ranges, signs, sums
from .algebra import cancel, expand
from .rules import Rule, rewrite, unrolled
from .unfolding import fresh, prepare

PLAIN = (Symbol, Indexed, MatrixElement, KroneckerDelta)
HYPERBOLIC = (sinh, cosh, tanh)
MOST_ANGLES = 4  # terms, or times one, of which a sine is taken apart


def _inverted(m: MatrixExpr) -> MatrixExpr:
    """What a matrix is the inverse of, if it is one: the one is symmetric if the other is."""
    return m.arg if isinstance(m, Inverse) else m


class NormalForm:
    """One normalisation: the table of atoms, the ranges of the indices, and the hypotheses.

    `rational(e)` maps an expression to a rational function of dummies, `restore` maps back.
    """

    def __init__(
        self, given: Given | None = None, rules: tuple[Rule, ...] = (), apart: tuple[absolute.Apart, ...] = ()
    ) -> None:
        given = given or Given()
        self.apart = apart  # what is not 0, because the statement is only meant there
        self.rules = rules
        self.splits = True  # whether a function of a letter of two values is taken apart
        self.whole = False  # whether tanh, sinh and cosh stay functions about which nothing is known
        self.given = given
        self.ranges: dict[Expr, tuple[Expr, Expr]] = dict(given.free)
        self.domain = given.known
        self.atoms: dict[Expr, Dummy] = {}
        self.meaning: dict[Dummy, Expr] = {}
        self.relations: dict[Dummy, Expr] = {}  # atom -> polynomial led by it that vanishes
        self.exponents: dict[Expr, dict[int, Expr]] = {}  # u -> {q: the atom exp(u/q)}
        self.known: dict[Expr, Expr] = {}  # atom -> the value that a hypothesis gives it
        self.reason: dict[Expr, Expr] = {}  # atom -> the left side of that hypothesis
        self.unsure: list[
            Expr
        ] = []  # what would have to be certain not to be 0 for a sum to have a closed form
        self.labels: dict[Expr, Dummy] = {}  # an entry that is a whole number -> a letter with its range
        self.defined = {letter: prepare(value) for letter, value in given.defined.items()}
        for left, right in given.facts:
            self._assume(left, right)

    # ---- atoms

    def atom(self, e: Expr) -> Expr:
        """The dummy that stands for `e`, or the value that a hypothesis gives to `e`."""
        if e in self.known:
            self._note(self.reason[e])
            return self.rational(fresh(self.known[e]))
        if isinstance(e, KroneckerDelta) and self._different(*e.args[:2]):
            return S.Zero
        if isinstance(e, MatrixElement) and self.domain.get(_inverted(e.parent)) in SYMMETRIC:
            # Every symmetric A is S + Sᵀ for some S, A/2 for one; what holds for all S holds for all A.
            half = MatrixSymbol(f"\u2063half of {e.parent}", *e.parent.shape)
            return self.atom(half[e.i, e.j]) + self.atom(half[e.j, e.i])
        # Sound: the numerical judge draws the rows so, and the hypothesis is printed with the domain.
        if isinstance(e, Sum) and signs.sums_to_one(e, self.domain):
            return S.One
        by_cases = binary.cases(self, e) if self.splits else None
        if by_cases is not None:
            return self.rational(fresh(by_cases))
        if e not in self.atoms:
            self.atoms[e] = Dummy("t")
            self.meaning[self.atoms[e]] = e
            # Sound: such an entry is 0 or 1, and both are roots of t² = t.
            if signs.domain_of(e, self.domain) in ("binary", "onehot"):
                self.relations[self.atoms[e]] = self.atoms[e] ** 2 - self.atoms[e]
            # Sound: such an entry is -1 or 1, and both are roots of t² = 1.
            if signs.domain_of(e, self.domain) == "sign":
                self.relations[self.atoms[e]] = self.atoms[e] ** 2 - 1
        return self.atoms[e]

    def _different(self, a: Expr, b: Expr) -> bool:
        """Whether a and b are certain to differ: a condition says it, or their ranges do."""
        if signs.never_zero(expand(a - b), self.domain):
            return True
        whole = bool(a.is_integer and b.is_integer)
        return whole and (sums.certainly_at_least(self, a, b + 1) or sums.certainly_at_least(self, b, a + 1))

    def ready(self, e: Expr) -> Expr:
        """`e` prepared, rewritten by the rules, and with their values for letters that the facts define.

        Only now, when every derivative is worked out: a hypothesis holds at a point, not beside it.
        """
        e = prepare(e)
        for _ in self.rules:  # v_3 by v_2 by v_1: each of them is an equation
            before, e = e, rewrite(e, self.rules)
            if e == before:
                break
        e = unrolled(e)
        used = {letter: v for letter, v in self.defined.items() if letter in e.free_symbols}
        if not used:
            return e
        if any(array.label in used for array in e.atoms(IndexedBase)):
            raise ValueError("An array has the name of a letter to which a hypothesis gives a value.")
        for letter in used:
            self._note(letter)
        return fresh(e.xreplace(used))

    def labelled(self, e: Expr) -> Expr:
        """`e` with a letter for every entry that is a whole number of a known range, such as a label."""
        for entry in e.atoms(Indexed, Symbol):
            ends = self.domain.get(letter_of(entry)) if entry.is_integer else None
            if isinstance(ends, tuple):
                self.labels.setdefault(entry, Dummy("y", integer=True))
                self.ranges[self.labels[entry]] = ends  # of whole numbers the pair includes its ends
        return e.xreplace(self.labels) if self.labels else e

    def _note(self, hypothesis: Expr) -> None:
        """Enter a hypothesis that was used, where somebody keeps account of them (see `Given.noting`)."""
        if isinstance(self.domain, Noted):
            self.domain.asked.add(hypothesis)

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
        numerator = expand(fraction(cancel(self.rational(self.ready(left - right))))[0])
        candidates = [t for t in self.meaning if numerator.has(t)]
        for t in sorted(candidates, key=lambda t: isinstance(self.meaning[t], Sum), reverse=True):
            leading = numerator.coeff(t, 1)
            if leading.is_Number and leading != 0 and not expand(numerator - leading * t).has(t):
                self.reason[self.meaning[t]] = left
                self.known[self.meaning[t]] = self.restore(expand(t - numerator / leading))
                return

    # ---- rational functions of atoms

    def rational(self, e: Expr) -> Expr:
        """`e` as a rational function of atoms. `e` must have fresh bound indices (see `prepare`)."""
        tick()
        if e.is_Number:
            return e
        # Sums and products of numbers need no condition: this is the ring of rational functions of the
        # atoms.
        if isinstance(e, Mul) and sum(isinstance(a, Product) for a in e.args) > 1:
            e = ranges.joined(self, e)
        if isinstance(e, (Add, Mul)):
            return e.func(*[self.rational(a) for a in e.args])
        if isinstance(e, exp) or e is S.Exp1:
            return powers.exponential(self, S.One if e is S.Exp1 else e.exp)
        if isinstance(e, Pow):
            return powers.power(self, *e.args)
        if isinstance(e, log):
            return powers.logarithm(self, e.args[0])
        if isinstance(e, (Sum, Product)):
            return self._sum_or_product(fresh(e))
        if isinstance(e, PLAIN):
            # SymPy's derivative of an entry notes a range beside the two indices, which says nothing more.
            return self.atom(e.func(*e.args[:2]) if isinstance(e, KroneckerDelta) else e)
        # A limit that is not worked out raises NoLimit, which ends the proof.
        if isinstance(e, Limit):
            return self.rational(fresh(limits.value(self, e)))
        if isinstance(e, means.Mean):  # its values may have changed since it was entered
            return self.atoms[e] if e in self.atoms else expectation.value(self, means.opened(e))
        if isinstance(e, Expectation):
            return expectation.value(self, e)
        return self._function(e)

    def _function(self, e: Expr) -> Expr:
        # Definitions of sinh, cosh and tanh, which hold for all complex numbers.
        if isinstance(e, HYPERBOLIC) and not self.whole:
            return self.rational(e.rewrite(exp))
        if isinstance(e, (Abs, sign)):
            return absolute.value(self, type(e), e.args[0])
        if isinstance(e, Heaviside) and e.args[1] == S.Half:
            return self.rational((1 + sign(e.args[0])) / 2)
        if isinstance(e, Piecewise):
            return self.rational(fresh(absolute.unfold_cases(e)))
        if isinstance(e, ceiling):
            return self.rational(-floor(-e.args[0]))
        if isinstance(e, floor):
            # Whole terms come out of a floor: SymPy sees them once the fraction is written term by term.
            whole = e.func(expand(self.canonical(e.args[0])))
            return self.rational(fresh(whole)) if whole.is_Add else self.atom(sums.rename(whole))
        if isinstance(e, (Max, Min)):
            # Only of real numbers, which can be compared; SymPy itself refuses Max and Min of others.
            return self.rational(absolute.unfold_extreme(e))
        if isinstance(e, Determinant):
            return self._determinant(e.arg)
        if any(isinstance(a, MatrixExpr) for a in e.args) or isinstance(e, Integral):
            raise matrices.NoEntryRule(f"there is no rule for {type(e).__name__.lower()}s")
        if isinstance(e, tan):
            return self.rational(sin(e.args[0])) / self.rational(cos(e.args[0]))
        if isinstance(e, (sin, cos)) and (apart := self._added(e)) != e:
            return self.rational(fresh(apart))
        # An unknown function of equal arguments is equal: nothing else about it is used.
        inner = [self.canonical(a) for a in e.args]
        t = self.atom(sums.rename(e.func(*inner)))
        if isinstance(e, sin) and isinstance(t, Dummy):
            # sin squared is 1 - cos squared, so that the identity is seen by the polynomial arithmetic
            self.relations[t] = t**2 - 1 + self.atom(sums.rename(cos(*inner))) ** 2
        return t

    def _determinant(self, m: MatrixExpr) -> Expr:
        """det of a product of square matrices by its factors; of others nothing more is known."""
        if isinstance(m, Transpose):
            return self._determinant(m.arg)
        if isinstance(m, Identity):
            return S.One
        if isinstance(m, MatPow) and m.exp.is_Integer:  # of an inverse, too: that there is one is shown
            return self._determinant(m.base) ** m.exp
        if isinstance(m, MatMul):
            scalar, factors = m.as_coeff_matrices()
            if all(expand(a.shape[0] - a.shape[1]) == 0 for a in factors):
                return self.rational(scalar ** m.shape[0]) * Mul(*map(self._determinant, factors))
        t = self.atom(Determinant(m))
        if self.domain.get(m) == "orthogonal":  # and square, or it had no determinant: UᵀU = I
            self.relations[t] = t**2 - 1
        return t

    def _added(self, e: Expr) -> Expr:
        """sin or cos of a sum or of a multiple, by the addition theorems; they hold for complex numbers."""
        u = expand(self.canonical(e.args[0]))
        few = len(u.args) <= MOST_ANGLES if u.is_Add else 1 < abs(u.as_coeff_Mul()[0]) <= MOST_ANGLES
        return expand_trig(e.func(u)) if few else e.func(u)

    def _unsplit(self, e: Expr) -> Expr:
        """The canonical form with powers of letters of two values left as powers."""
        other = NormalForm(self.given, self.rules, self.apart)
        other.splits, other.ranges = False, self.ranges
        return other.canonical(fresh(e))

    def _sum_or_product(self, e: Expr) -> Expr:
        if any(end.is_infinite for _, *ends in e.limits for end in ends):
            raise ValueError("there is no rule for a sum without end")  # its terms may not be exchanged
        if isinstance(e, Product):
            body = self.canonical(e.function)
            if not any(body.has(index) for index, _, _ in e.limits):
                return sums.constant_product(self, body, e.limits)
            left_out = ranges.without_one(self, body, e.limits)
            if left_out is not None:
                return left_out
            # A product of positive factors is exp of the sum of their logs; an empty one is exp(0) = 1.
            for form in (lambda: body, lambda: e.function, lambda: self._unsplit(e.function)):
                factor = form()  # one of them may show its sign
                if signs.is_positive(factor, self.domain):
                    return powers.exponential(self, Sum(log(fresh(factor)), *e.limits))
            through_ends = ranges.product(self, body, e.limits)
            if through_ends is not None:
                return through_ends
            return self.atom(sums.rename(Product(fresh(body), *e.limits)))
        self.ranges.update({index: (low, high) for index, low, high in e.limits})
        result = self.rational(e.function)
        for index, low, high in e.limits:
            result = sums.sum_rational(self, result, index, low, high)
        return result

    # ---- the question

    def is_zero(self, *parts: Expr) -> bool:
        """Whether the sum of `parts` is recognised as identically zero, for all sizes and indices."""
        total = Add(*[self.rational(self.ready(e)) for e in parts])
        return self.vanishes(total, depth=3)

    def tends_to(self, e: Expr, infinity: Expr) -> bool:
        """Whether the limit `e` is recognised as `infinity`, one of oo and -oo."""
        e = self.ready(e)
        return isinstance(e, Limit) and limits.value(self, e) == infinity

    def _reduce(self, r: Expr) -> Expr:
        """The numerator of r, with the powers that the atoms' relations give a meaning replaced."""
        numerator, before = expand(fraction(cancel(r))[0]), None
        while numerator != before:
            before = numerator
            for t, relation in list(self.relations.items()):
                if numerator.has(t):
                    numerator = expand(fraction(cancel(rem(numerator, relation, t)))[0])
            numerator = onehot.reduced(self, numerator)
        return numerator

    def vanishes(self, r: Expr, depth: int) -> bool:
        """Whether a rational function of atoms is seen to be 0; `depth` bounds how often cases are split."""
        numerator = self._reduce(r)
        if numerator == 0 or depth == 0:
            return numerator == 0
        for t in sorted(numerator.free_symbols, key=lambda t: str(self.meaning.get(t, t))):
            # A delta has the values 0 and 1 only, so two cases are all.
            if isinstance(self.meaning.get(t), KroneckerDelta):
                return self._both_cases(numerator, t, depth - 1)
            meaning = self.meaning.get(t)
            # u > 0, u < 0 and u = 0 are all the cases only for a real u.
            if isinstance(meaning, (Abs, sign)) and signs.is_real(meaning.args[0], self.domain):
                cases = absolute.cases(self, numerator, meaning.args[0])
                return all(self.vanishes(case, depth - 1) for case in cases)
        return self._regrouped_vanishes(numerator, depth - 1)

    def _regrouped_vanishes(self, numerator: Expr, depth: int) -> bool:
        """Join sums over equal ranges; those with a vanishing summand go, the rest is normalised again."""
        if ranges.cancel_at_ends(self, numerator, depth):
            return True
        rest, joint = sums.regroup(self, numerator)
        if not joint:
            return False
        # Terms over equal ranges may be added before they are summed: finite sums are linear.
        for one in joint:
            if not self.vanishes(self.rational(one.function), depth):
                rest += self.rational(one)
        return self.vanishes(rest, depth)

    def _both_cases(self, numerator: Expr, t: Dummy, depth: int) -> bool:
        """A delta of free indices is 0 or 1: prove both cases, the second with the indices identified."""
        a, b = sorted(self.meaning[t].args[:2], key=lambda index: not index.is_Symbol)
        if not self.vanishes(numerator.subs(t, 0), depth):
            return False
        # The case i = k can be put in only for an index that is a letter.
        if not a.is_Symbol:
            return False
        same = fresh(self.restore(numerator.subs(t, 1))).xreplace({a: b})
        return self.vanishes(self.rational(same), depth)
