"""Equations to be solved in a text: f'(w) = 0 claims nothing, it says which w is looked for.

Rows after such an equation hold where it holds, so they are no identities and a counterexample to them says
nothing. A solution, such as w = 3, is put into the equation; the rows between are said to be open.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from sympy import (
    Add,
    Basic,
    Derivative,
    Expr,
    GreaterThan,
    Inverse,
    LessThan,
    MatAdd,
    MatMul,
    MatrixExpr,
    MatrixSymbol,
    Mul,
    Ne,
    PolynomialError,
    S,
    StrictGreaterThan,
    StrictLessThan,
    Symbol,
    ZeroMatrix,
    cancel,
    diff,
    fraction,
    preorder_traversal,
    sqrt,
    together,
)

from . import judge as judges
from .read.rows import Row
from .read.text import Reading
from .statement.chain import Line, Means, Part
from .statement.given import Given
from .statement.gradient import Gradient
from .statement.terms import At, NamedFunction, Partial
from .verdicts import Result, Verdict
from .work import STEPS, share

SAYS_ZERO = re.compile(r"\b(?:set\w*|zero|null|vanish\w*|solv\w*|stationary|optim\w+)\b", re.IGNORECASE)
OPTIMAL = r"(?:_(?:MLE|ML|MAP|OLS|LS|opt|min|max))"
FEW = STEPS // 10  # of work for each way to see that there is no other solution: up to ten are tried
ASKED = "an equation to be solved: it says which numbers are looked for, and claims nothing"

CONDITION = (
    "It does not hold for all numbers. With ⇒ after it, it is read as a condition, which is not judged; "
    "say what is supposed in a Let line."
)


@dataclass(frozen=True)
class Equation:
    """What shall be 0, in which row, under which hypotheses."""

    row: int
    zero: Basic
    part: Part


@dataclass
class Equations:
    """The equations of a text so far. `seen` says what becomes of a line that is no identity."""

    reading: Reading
    open: list[Equation] = field(default_factory=list)
    derived: list[Equation] = field(default_factory=list)  # what was seen to follow from those
    solved: dict[Symbol, Basic] = field(default_factory=dict)  # letters with the solutions that were shown

    def seen(self, row: Row, part: Part, before: Basic, line: Line) -> tuple[str, str, Result | None] | None:
        """Verdict, words and result of a false line that is an equation, or rests on one; else None."""
        if line.means.relation != "=":
            return None
        if row.implied and self.open:
            followed = self.consequence(part, before, line) or self.multiple(row, part, before, line)
            if followed is not None:
                return followed
        slope = _derives(part.start) or (part.start == 0 and _derives(part.lines[0].expr))
        if self.leads(row) and not slope and not _is_zero(line.expr):
            self.open.append(Equation(row.number, _difference(before, line.expr), part))
            return "not read", CONDITION, None
        if self.is_asked(row, part, before, line):
            self.open.append(Equation(row.number, _difference(before, line.expr), part))
            return "supposed", ASKED, None
        if not self.open or (slope and not row.implied):
            return None
        if isinstance(before, (Symbol, MatrixSymbol)) and not line.expr.has(before):
            known = self.about(before)
            if known and isinstance(before, Symbol):
                return self.solution(known, part, before, line.expr, row.number)
            if known:
                return self.of_matrices(known, part, before, line.expr)
        followed = self.consequence(part, before, line) or self.multiple(row, part, before, line)
        if followed is not None:
            return followed
        return (
            "not read",
            f"This row rests on the equation of row {self.open[-1].row}, which holds for some numbers only: "
            "it is not judged. A solution is, such as w = 3 with the letter alone on the left.",
            None,
        )

    def is_asked(self, row: Row, part: Part, before: Basic, line: Line) -> bool:
        """Whether a line asks for numbers: a “!” stands above its sign, or a derivative is set to 0."""
        slopes = any(map(_derives, (part.start, before, line.expr)))
        if row.shall or (row.zeroed and not slopes):
            return True
        if not (_is_zero(before) or _is_zero(line.expr)) or not (_derives(part.start) or _derives(line.expr)):
            return False
        if _is_zero(line.expr) and _derives(part.start) and before != part.start:
            return True  # ∂C/∂w = (a - y) x = 0
        if _is_zero(before) and not row.continues:
            return True  # 0 = ∂C/∂w: nobody says in this way that a slope is 0 everywhere
        layout = self.reading.layout
        said = " ".join((*layout.prose, *layout.asides, row.because))
        return bool(SAYS_ZERO.search(said)) or self.goes_on(row)

    def leads(self, row: Row) -> bool:
        """Whether a ⇒ or ⇔ stands after a row."""
        return any(one.number == row.number + 1 and one.implied for one in self.reading.rows)

    def goes_on(self, row: Row) -> bool:
        """Whether the next row is another equation, without a derivative on its left side."""
        after = next((one for one in self.reading.rows if one.number == row.number + 1), None)
        if after is None or after.continues or after.role == "definition":
            return after is not None and (after.implied or after.role == "definition")
        begun = self.starts().get(after.number)
        return after.implied or begun is None or not _derives(begun)

    def starts(self) -> dict[int, Basic]:
        """The first side of each chain, by the row of its first line."""
        places, found = iter(self.reading.places), {}
        for part in self.reading.chain.parts:
            rows = [next(places) for _ in part.lines]
            found[rows[0]] = part.start
        return found

    def about(self, letter: Symbol | MatrixSymbol) -> list[Equation]:
        """The equations for a letter: those whose slope is by it, or else all in which it stands."""
        known = [one for one in self.open if _mentions(one.zero, letter)]
        slopes = [one for one in known if any(p.args[1] == letter for p in one.part.start.atoms(Partial))]
        return slopes or known

    def solution(
        self, known: list[Equation], part: Part, letter: Symbol, value: Basic, row: int
    ) -> tuple[str, str, Result | None]:
        """A solution put into each equation for its letter; false only if there is one alone and it fails."""
        result = None
        others = [(k, v) for k, v in self.solved.items() if k != letter and not _mentions(v, letter)]
        for one, rest in product(known, ([], others) if others else ([],)):
            given = _both(one.part.given, part.given)
            zero = At(one.zero, letter, value)
            for other, found in rest:
                zero = At(zero, other, found)
            both = replace(part, given=given, start=zero)
            result = judges.line(zero, Line(S.Zero), both)
            within = _within(value, given.domain.get(letter))
            if result.verdict is Verdict.REFUTED and within:  # a solution is a value that the letter can have
                both = replace(both, given=replace(given, conditions=(*given.conditions, *within)))
                result = judges.line(zero, Line(S.Zero), both)
            if result.verdict is Verdict.PROVED:
                self.solved[letter] = value
            if result.verdict is Verdict.PROVED and _one_solution(one.zero, letter, value, both):
                return "proved", f"it solves the equation of row {one.row}", result
            if result.verdict is Verdict.PROVED:
                said = f"it solves the equation of row {one.row}; that no other value does is not shown"
                return "checked", said, result
        unread = any(one.trouble and known[0].row < one.number < row for one in self.reading.rows)
        if result is not None and result.verdict is Verdict.REFUTED and len(known) == 1 and not unread:
            said = f"it does not solve the equation of row {known[0].row}: {result.explanation}"
            return "refuted", said, result
        return "not read", f"It is not seen that this solves the equation of row {known[-1].row}.", None

    @staticmethod
    def of_matrices(
        known: list[Equation], part: Part, letter: MatrixSymbol, value: Basic
    ) -> tuple[str, str, Result | None]:
        """A vector or a matrix put into the last equation that has it in no derivative.

        It is the only solution if the equation is M w = c and the value has the inverse of M in it.
        """
        plain = [one for one in known if not one.zero.has(Partial, Gradient, NamedFunction)]
        failed: list[tuple[int, Result]] = []
        for one in reversed(plain):
            zero = one.zero.xreplace({letter: value})
            both = replace(part, given=_both(one.part.given, part.given), start=zero)
            result = judges.line(zero, Line(ZeroMatrix(*zero.shape)), both)
            said = f"it solves the equation of row {one.row}"
            if result.verdict is Verdict.PROVED and _has_one_solution(one.zero, letter, value):
                return "proved", said, result
            if result.verdict in (Verdict.PROVED, Verdict.CHECKED):
                return "checked", f"{said}; that no other value does is not shown", result
            failed += [(one.row, result)] if result.verdict is Verdict.REFUTED else []
        if failed and len(failed) == len(plain) and plain[-1] is known[-1]:
            row, result = failed[0]
            return "refuted", f"it does not solve the equation of row {row}: {result.explanation}", result
        return "not read", f"It is not seen that this solves the equation of row {known[-1].row}.", None

    def consequence(self, part: Part, before: Basic, line: Line) -> tuple[str, str, Result | None] | None:
        """Whether a row follows from an equation that can be solved for one of its letters at once."""
        for one in reversed(self.open):
            for letter in sorted(one.zero.free_symbols, key=str):
                value = _alone(one.zero, letter)
                if value is None:
                    continue
                both = replace(part, given=_both(one.part.given, part.given), start=before)
                sides = (At(side, letter, value) for side in (before, line.expr))
                result = judges.line(next(sides), Line(next(sides)), both)
                if result.verdict is Verdict.PROVED:
                    return "proved", f"it follows from the equation of row {one.row}", result
        return None

    def multiple(
        self, row: Row, part: Part, before: Basic, line: Line
    ) -> tuple[str, str, Result | None] | None:
        """Whether a row is an equation times something that has a value everywhere, so that it follows.

        After ⇔ what it is multiplied by must have a sign.
        """
        sides = _difference(before, line.expr)
        for one in reversed([*self.open, *self.derived]) if isinstance(sides, Expr) else ():
            factor = S.One if _derives(one.zero) else _ratio(sides, one.zero)
            both = replace(part, given=_both(one.part.given, part.given), start=sides)
            if factor is None or (row.equivalent and not _has_sign(factor, both)):
                continue
            result = judges.line(sides, Line(Mul(factor, one.zero, evaluate=False)), both)
            if result.verdict is Verdict.PROVED:
                self.derived.append(Equation(row.number, sides, part))
                return "proved", f"it follows from the equation of row {one.row}", result
        return None

    def named(self, part: Part, line: Line, row: Row) -> tuple[str, str, Result | None] | None:
        """A row such as \\hat\\mu = … that names the solution of an equation for \\mu; None for any other."""
        name = type(part.start).__name__
        letters = {s for one in self.open for s in one.part.start.free_symbols | one.zero.free_symbols}
        for letter in sorted(letters, key=str):
            named = isinstance(letter, Symbol) and re.fullmatch(
                rf"{re.escape(letter.name)}(?:(?:hat|\^\*){OPTIMAL}?|{OPTIMAL})(?P<square>\^\(2\))?", name
            )
            if named and not line.expr.has(letter):
                value = sqrt(line.expr) if named["square"] else line.expr  # \hat\sigma^2 = …
                found = self.solution(self.about(letter), part, letter, value, row.number)
                return None if found[0] == "not read" else found
        return None


def _difference(one: Basic, other: Basic) -> Basic:
    """One side minus the other, as it is written."""
    if isinstance(one, MatrixExpr):
        return MatAdd(one, MatMul(-1, other, evaluate=False), evaluate=False)
    return Add(one, -other, evaluate=False)


def _ratio(one: Expr, other: Basic) -> Expr | None:
    """One formula over another, if that has a value everywhere; None otherwise."""
    if one.has(MatrixExpr) or other.has(MatrixExpr):
        return None
    with suppress(PolynomialError, NotImplementedError):
        above, below = fraction(cancel(together(one / other)))
        return above / below if below.is_number else None
    return None


def _has_sign(e: Expr, part: Part) -> bool:
    start = replace(part, start=e)
    lines = (Line(S.Zero, means=Means(relation=sign)) for sign in "<>")
    return e == 1 or any(judges.line(e, line, start).verdict is Verdict.PROVED for line in lines)


def _has_one_solution(zero: MatAdd, letter: MatrixSymbol, value: Basic) -> bool:
    """Whether `zero` is M w - c with a letter w that c has not, and M has its inverse in the value of w."""
    left, right = zero.args
    if not isinstance(left, MatMul) or left.args[-1] != letter or right.has(letter):
        return False
    matrix = left.args[:-1]
    inverses = (inverse.arg for inverse in value.atoms(Inverse))
    return any((m.args if isinstance(m, MatMul) else (m,)) == matrix for m in inverses)


def _one_solution(zero: Basic, letter: Symbol, value: Basic, part: Part) -> bool:
    """Whether at most one value of a letter makes `zero` 0, since it rises or falls everywhere.

    Perhaps only after its denominators are cleared, as k/p − (n − k)/(1 − p) does; what it is multiplied by
    must be positive. Or its slope vanishes only where the value's own denominator does, as in a w = b and
    w = b/a. But w = 1 is no consequence of (w² − 1)² having the slope 0, for w = 0 and w = −1 solve that too;
    nor is w = 0 one of a w = 0, where a may be 0.
    """

    def proved(e: Basic, relation: str = "=") -> bool:
        line = Line(S.Zero, means=Means(relation=relation))
        # Algebra first: slopes of slopes are dear in numbers, and most of these questions have no answer.
        try:
            with share(FEW):
                seen = judges.symbolic(e, S.Zero, part.given, relation=relation)
        except Exception:  # SymPy raises many kinds; none of them may count as yes
            return False
        return seen and judges.line(e, line, replace(part, start=e)).verdict is Verdict.PROVED

    def signed(e: Basic) -> bool:
        return proved(e, ">") or proved(e, "<")

    below = value.as_numer_denom()[1]
    for factor in (S.One, letter, letter**2, letter**3, letter * (1 - letter)):
        if factor == 1 or proved(factor, ">"):
            slope = Partial(factor * zero, letter)
            if signed(slope) or (below != 1 and proved(Partial(slope, letter)) and signed(slope / below)):
                return True
    return False


def _within(value: Basic, domain: Any) -> tuple[Basic, ...]:
    """That a value lies where the letter that it is put in for does: the mean of any x is no probability."""
    if isinstance(domain, tuple):
        low, high = domain
        return StrictGreaterThan(value, low, evaluate=False), StrictLessThan(value, high, evaluate=False)
    return {
        "unit": (StrictGreaterThan(value, 0, evaluate=False), StrictLessThan(value, 1, evaluate=False)),
        "closed unit": (GreaterThan(value, 0, evaluate=False), LessThan(value, 1, evaluate=False)),
        "positive": (StrictGreaterThan(value, 0, evaluate=False),),
        "nonnegative": (GreaterThan(value, 0, evaluate=False),),
        "nonzero": (Ne(value, 0, evaluate=False),),
    }.get(domain, ())


def _alone(zero: Basic, letter: Basic) -> Basic | None:
    """The value of a letter where `zero` is 0, if that can be read off: the letter enters it linearly."""
    if not isinstance(letter, Symbol) or letter.is_integer or zero.has(Partial, NamedFunction):
        return None
    slope = diff(zero, letter)
    if slope == 0 or slope.has(letter, Derivative):
        return None
    return -zero.subs(letter, 0) / slope


def _is_zero(e: Basic) -> bool:
    return e == 0 or isinstance(e, ZeroMatrix)


def _derives(e: Basic) -> bool:
    return e.has(Partial, Gradient)


def _mentions(e: Basic, letter: Symbol) -> bool:
    """Whether a letter stands in a formula, or in a definition that it names."""
    waiting, seen = [e], set()
    while waiting:
        for part in preorder_traversal(waiting.pop()):
            if part == letter:
                return True
            if isinstance(part, NamedFunction) and type(part) not in seen:
                seen.add(type(part))
                waiting.append(part.body)
    return False


def _both(one: Given, other: Given) -> Given:
    """The hypotheses of two parts of one text."""
    return replace(
        one,
        sizes=tuple(dict.fromkeys((*one.sizes, *other.sizes))),
        free={**one.free, **other.free},
        domain={**one.domain, **other.domain},
        facts=tuple(dict.fromkeys((*one.facts, *other.facts))),
        conditions=tuple(dict.fromkeys((*one.conditions, *other.conditions))),
        random={**one.random, **other.random},
        independent=tuple(dict.fromkeys((*one.independent, *other.independent))),
    )
