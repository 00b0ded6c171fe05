"""Equations between matrices with inverses, proved in the algebra of matrices, where AB need not be BA.

An inverse has no entries that could be written down for a symbolic size. But V = (A + B)⁻¹ is a letter of
which V(A + B) = I and (A + B)V = I are known, and what follows from such relations is proved for every size.
"""

from __future__ import annotations

from sympy import (
    Add,
    Basic,
    Dummy,
    Expr,
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixExpr,
    MatrixSymbol,
    Mul,
    OneMatrix,
    Pow,
    S,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    expand,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from ..statement.chance import hypotheses
from ..statement.given import SYMMETRIC, Given
from ..statement.terms import NamedFunction
from .unfolding import fresh
from .words import Circular, Sum, Word, Words

MOVABLE = ("real", "nonzero", "positive", "negative", "nonnegative", "unit", "closed unit")


class NoAlgebra(ValueError):
    """A statement that is no equation in the algebra of matrices."""


def proves(left: Expr, right: Expr, given: Given) -> bool:
    """Whether an equation with an inverse in it follows from what each inverse is the inverse of.

    Raises OutOfWork beyond the limit of work; what is no equation of this algebra is not proved.
    """
    if not (_has_inverse(left) or _has_inverse(right)):
        return False
    algebra = Algebra(given)
    try:
        first, second = algebra.side(left), algebra.side(right)
        difference = algebra.words.added([first, algebra.words.scaled(S.NegativeOne, second)])
        return algebra.words.is_zero(difference)
    except (NoAlgebra, Circular):
        return False


def _has_inverse(e: Expr) -> bool:
    return e.has(Inverse) or any(_has_inverse(call.func.body) for call in e.atoms(NamedFunction))


class Algebra:
    """The letters of one statement: each matrix, its transpose, and each inverse."""

    def __init__(self, given: Given) -> None:
        self.given, self.words = given, Words(self.is_movable)
        self.letters: dict[object, int] = {}
        self.traces: dict[Word, Dummy] = {}

    def is_movable(self, letter: Basic) -> bool:
        """Whether a letter takes all values of some interval, whatever the others are."""
        held = [*self.given.defined, *(s for e in hypotheses(self.given) for s in e.free_symbols)]
        plain = isinstance(letter, Symbol) and not isinstance(letter, Dummy) and not letter.is_integer
        return plain and letter not in held and self.given.domain.get(letter, "real") in MOVABLE

    def side(self, e: Expr) -> Sum:
        """One side of the statement: entry (i, j) of a matrix at any place stands for the matrix."""
        if isinstance(e, MatrixElement) and not (e.i.is_Integer and e.j.is_Integer):
            return self.words.reduced(self.matrix(e.parent))
        if isinstance(e, MatrixElement) and 1 not in e.parent.shape:
            raise NoAlgebra("one entry of a matrix")
        number = self.number(e)
        return {(): number} if number != 0 else {}

    # ---- matrices
    def matrix(self, m: Expr) -> Sum:
        if isinstance(m, MatrixSymbol):
            return {(self.symbol(m),): S.One}
        if isinstance(m, MatAdd):
            return self.words.added(map(self.matrix, m.args))
        if isinstance(m, MatMul):
            return self.product(m.args)
        if isinstance(m, Transpose):
            return self.words.transposed(self.matrix(m.arg))
        if isinstance(m, Inverse):
            return {(self.inverse(self.matrix(m.arg), m.shape[0]),): S.One}
        if isinstance(m, MatPow) and m.exp.is_Integer and 0 < m.exp < 10:
            return self.product([m.base] * int(m.exp))
        if isinstance(m, Identity):
            return {(): S.One}
        if isinstance(m, ZeroMatrix):
            return {}
        if isinstance(m, OneMatrix):
            return self.ones(*m.shape)
        raise NoAlgebra(f"no rule for {type(m).__name__}")

    def product(self, factors: list[Expr] | tuple[Expr, ...]) -> Sum:
        total: Sum = {(): S.One}
        for factor in factors:
            if isinstance(factor, MatrixExpr):
                total = self.words.reduced(self.words.product(total, self.matrix(factor)))
            else:
                total = self.words.scaled(self.number(factor), total)
        return total

    def symbol(self, m: MatrixSymbol) -> int:
        if m not in self.letters:
            domain = self.given.known.get(m)
            self.letters[m] = self.words.letter(*m.shape, symmetric=domain in SYMMETRIC)
            if domain == "orthogonal":
                word = (self.words.turned[self.letters[m]], self.letters[m])
                self.words.relate({word: S.One, (): S.NegativeOne})
                if expand(m.shape[0] - m.shape[1]) == 0:
                    self.words.relate({word[::-1]: S.One, (): S.NegativeOne})
        return self.letters[m]

    def ones(self, rows: Expr, columns: Expr) -> Sum:
        """The matrix of ones is a column of ones times a row of ones."""
        one, other = (self.column_of_ones(size) for size in (rows, columns))
        return self.words.product(one, self.words.transposed(other))

    def column_of_ones(self, size: Expr) -> Sum:
        if size == 1:
            return {(): S.One}
        if ("ones", size) not in self.letters:
            letter = self.letters["ones", size] = self.words.letter(size, S.One)
            self.words.relate({(self.words.turned[letter], letter): S.One, (): -size})
        return {(self.letters["ones", size],): S.One}

    def inverse(self, of: Sum, size: Expr) -> int:
        """The letter for the inverse of a sum of words; transposed it is that of the transpose."""
        of = self.words.reduced(of)
        turned = self.words.reduced(self.words.transposed(of))
        key, key_turned = (frozenset(one.items()) for one in (of, turned))
        if key not in self.letters:
            if not of:
                raise NoAlgebra("the inverse of 0")
            letter = self.words.letter(size, size, symmetric=key == key_turned)
            self.letters[key], self.letters[key_turned] = letter, self.words.turned[letter]
            self.words.inverses += {letter, self.words.turned[letter]}
            beside = {(letter,): S.One}
            for product in (self.words.product(beside, of), self.words.product(of, beside)):
                self.words.relate(self.words.added([product, {(): S.NegativeOne}]))
        return self.letters[key]

    # ---- numbers
    def number(self, e: Expr) -> Expr:
        """A number, with a letter for each product of matrices that is one."""
        if isinstance(e, NamedFunction):
            values = dict(zip(e.func.parameters, e.args, strict=True))
            return self.number(fresh(e.func.body, values))
        if isinstance(e, MatrixElement) and tuple(e.parent.shape) == (1, 1):
            return self.words.value(self.words.reduced(self.matrix(e.parent), whole=False))
        if isinstance(e, Trace):
            return self.trace(self.words.reduced(self.matrix(e.arg)), e.arg.shape[0])
        if isinstance(e, Pow) and e.exp.is_Integer and e.exp < 0:
            below = self.number(e.base)
            self.words.apart.append(below)
            return below**e.exp
        if isinstance(e, (Add, Mul)) or (isinstance(e, Pow) and e.exp.is_Integer):
            return e.func(*map(self.number, e.args))
        if e.has(MatrixExpr, NamedFunction):
            raise NoAlgebra(f"no rule for {type(e).__name__}")
        return e

    def trace(self, one: Sum, size: Expr) -> Expr:
        """Linear; a product may be turned round, letter by letter."""
        return sum((c * self.trace_of(word, size) for word, c in one.items()), S.Zero)

    def trace_of(self, word: Word, size: Expr) -> Expr:
        if not word:
            return size
        turns = [word[k:] + word[:k] for k in range(len(word))]
        for turn in turns:
            if self.words.shapes[turn[0]][0] == 1:
                return self.words.number(turn)
            if self.words.applicable(turn) is not None:
                return self.trace(self.words.reduced({turn: S.One}), self.words.shapes[turn[0]][0])
        least = min(form for turn in turns for form in (turn, self.words.turn(turn)))
        return self.traces.setdefault(least, Dummy("tr"))
