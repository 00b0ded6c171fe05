"""From the tree of a formula to the statement's terms, by a vocabulary.

Every term is built as it is written: nothing is worked out, reordered or cancelled here. Where a text has two
readings it is not read: the error says what the two are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sympy import (
    Abs,
    Determinant,
    Expr,
    HadamardProduct,
    Integer,
    Lambda,
    MatMul,
    MatrixExpr,
    Mul,
    Pow,
    Rational,
    S,
    Symbol,
    oo,
)

from ..statement.terms import as_written, symbol
from . import builtin, chance, conditions, derivatives, grids, named, operators, wholes
from . import trees as g
from .fits import TRANSPOSES
from .grids import Grid, Misfit, as_grid, is_grid, one_entry
from .jacobians import USUAL, Arrangement
from .latex import ReadError
from .names import Vocabulary, demand_no_prime, indices, spelled

INDICATORS = (
    g.Num("1"),
    g.Name("bold 1", bold=True),
    g.Name("bb 1"),
    g.Name("I"),
    g.Name("bb I"),
    g.Words("1"),
)
U = Symbol("u", real=True)
MAX_POWER = 40


@dataclass
class Formulas:
    """Reads formulas by `vocabulary`; `spans` says over what a sum without bounds runs.

    `scope` holds the bound letters. Every method raises ReadError for what has no reading or two.
    """

    vocabulary: Vocabulary
    spans: Mapping[tuple[int, str], tuple[Expr, Expr]] = field(default_factory=dict)
    scope: dict[str, Symbol] = field(default_factory=dict)
    operators: dict[str, g.Node] = field(default_factory=dict)  # letter -> by what ∂_letter derives
    declared: set[str] = field(default_factory=set)  # letters whose range a sentence says
    alike: set[Any] = field(default_factory=set)  # random arrays whose entries have one law
    taken: set[str] = field(default_factory=set)  # letters that an index of our own must not be
    arrangement: Arrangement = USUAL  # of derivatives by vectors
    of_vector: bool = False  # whether a variance of a vector was read
    by_layout: str = (
        ""  # whether the shape of one is a matter of layout: "vector", or "matrix" by matrices only
    )
    most_power: int = MAX_POWER

    def read(self, node: g.Node) -> Expr:
        """The term for a tree."""
        with as_written():
            return self.term(node)

    def term(self, node: g.Node) -> Expr:
        """The term for a tree, for a caller who lets SymPy put it together afterwards."""
        try:
            return self.value(node)
        except (TypeError, AttributeError) as reason:  # SymPy's, about a term that it cannot build
            raise ReadError(f"This is not read here ({reason}).", node.at) from None

    # ---- the kinds of node
    def value(self, node: g.Node) -> Any:
        match node:
            case g.Num():
                return Rational(node.text)
            case g.Added():
                return self.added(node)
            case g.Product():
                return self.product(node)
            case g.Frac():
                return self.fraction(node)
            case g.Root():
                return self.root(node)
            case g.Acts():
                return operators.acts(self, node)
            case g.Bracket():
                return self.bracket(node)
            case g.Cases():
                return conditions.cases(self, node)
            case g.Scripts() | g.Name() | g.Sign() | g.Words():
                return self.factors([("", node)])
            case g.Related():
                raise ReadError("A relation such as “=” has no place inside this formula.", node.at)
            case g.Listed():
                raise ReadError(
                    "A comma has no place in this formula: is what stands after it a claim or a condition? "
                    "A claim needs a row of its own, and a condition a sentence with “Let” or “for”.",
                    node.at,
                )
        raise ReadError("This is not read here.", node.at)

    def number(self, node: g.Node) -> Expr:
        """A value that is no vector or matrix, or one of a single entry."""
        value = self.value(node)
        value = one_entry(value)
        if is_grid(value):
            raise ReadError("A number is needed here, and this is a vector or a matrix.", node.at)
        return value

    def added(self, node: g.Added) -> Any:
        terms = [self.negative(self.value(t)) if sign == "-" else self.value(t) for sign, t in node.terms]
        if len(terms) == 1:
            return terms[0]
        matrices = [is_grid(t) for t in terms]
        if any(matrices) and not all(matrices):
            terms = [one_entry(t) for t in terms]
            if any(map(is_grid, terms)):
                names = [t for (_, t), v in zip(node.terms, terms, strict=True) if not is_grid(v)]
                shown = ", ".join(spelled(t) for t in names if isinstance(t, g.Name))
                raise ReadError(
                    (
                        f"If {shown} is a vector, say its size, as in “Let ${shown} \\in \\mathbb{{R}}^n$”. "
                        if shown
                        else ""
                    )
                    + "A number is added to a vector or a matrix here: write \\mathbf{1} for the vector of "
                    "ones, I for the identity matrix, or one entry of each.",
                    node.at,
                )
        return wholes.total(terms)

    @staticmethod
    def negative(value: Any) -> Any:
        if isinstance(value, Grid):
            return grids.scaled([S.NegativeOne], value)
        if is_grid(value):
            return MatMul(S.NegativeOne, value, evaluate=False)
        if value.is_Rational:
            return -value
        if value.is_Mul and value.args[0].is_Rational and value.args[0] > 0:
            return Mul(-value.args[0], *value.args[1:], evaluate=False)
        return Mul(S.NegativeOne, value, evaluate=False)

    def product(self, node: g.Product) -> Any:
        chunks: list[list[tuple[str, g.Node]]] = [[]]
        for sign, factor in node.factors:
            if sign == "odot":
                chunks.append([])
            chunks[-1].append(("" if sign == "odot" else sign, factor))
        values = [self.factors(chunk) for chunk in chunks]
        if len(values) == 1:
            return values[0]
        try:
            return self.entry_by_entry(values, node)
        except Misfit:  # a ⊙ b xᵀ: only (a ⊙ b) xᵀ has a value, if a and b are as long as each other
            if len(chunks) != 2 or len(chunks[1]) < 2:
                raise
            value, used = self.application(chunks[1], 0)
            if used == len(chunks[1]):
                raise
            return self.times([self.entry_by_entry([values[0], value], node), self.factors(chunks[1][used:])])

    def entry_by_entry(self, values: list[Any], node: g.Node) -> Any:
        if all(isinstance(v, MatrixExpr) for v in values):
            return HadamardProduct(*values, evaluate=False)
        if all(is_grid(v) for v in values):
            return grids.hadamard([as_grid(v) for v in values])
        if any(is_grid(v) for v in values):
            raise ReadError(
                "⊙ stands between a number and a vector or a matrix; write a plain product.", node.at
            )
        return self.times(values)

    def factors(self, factors: list[tuple[str, g.Node]]) -> Any:
        """A product without ⊙. Functions take the bracket after them, or the one factor that follows."""
        values: list[Any] = []
        k = 0
        while k < len(factors):
            sign_before, node = factors[k]
            value, used = self.application(factors, k)
            if sign_before == "." and values and _are_columns(values[-1], value):  # w · x
                values[-1] = values[-1].T
            if sign_before == "/":
                value = self.inverse(value, node)
                after = factors[k + used : k + used + 1]
                if after and after[0][0] == "":
                    raise ReadError(
                        "A product without a sign after a division can be read in two ways: write \\frac.",
                        after[0][1].at,
                    )
            values.append(value)
            k += used
        return values[0] if len(values) == 1 else self.times(values)

    def inverse(self, value: Any, node: g.Node) -> Any:
        if is_grid(value):
            raise ReadError("A vector or a matrix cannot be divided by; write an inverse.", node.at)
        return Pow(value, -1, evaluate=False)

    def fraction(self, node: g.Frac) -> Any:
        if (derivative := derivatives.derivative(self, node)) is not None:
            return derivative
        above, below = self.value(node.above), self.number(node.below)
        if is_grid(above):
            return self.times([Pow(below, -1, evaluate=False), above])
        if above.is_Integer and below.is_Integer and below > 0 and Rational(above, below).q == below:
            return Rational(above, below)
        return (
            self.times([above, Pow(below, -1, evaluate=False)])
            if above != 1
            else Pow(below, -1, evaluate=False)
        )

    def root(self, node: g.Root) -> Expr:
        order = Integer(2) if node.order is None else self.number(node.order)
        if not (order.is_Integer and 2 <= order <= MAX_POWER):
            raise ReadError("The order of a root must be a whole number from 2 on.", node.at)
        return Pow(self.number(node.inside), Rational(1, order), evaluate=False)

    def bracket(self, node: g.Bracket) -> Any:
        if node.kind == "langle" and len(node.items) == 2:
            left, right = map(self.value, node.items)
            if _are_columns(*map(as_grid, (left, right))) if is_grid(left) and is_grid(right) else False:
                return self.times([as_grid(left).T, as_grid(right)])
            raise ReadError("An inner product is read of two vectors.", node.at)
        if node.kind == "langle":
            raise ReadError("Are the pointed brackets a mean? Say it by a sum, or write round ones.", node.at)
        if len(node.items) > 1:
            raise ReadError("A comma stands in brackets that belong to no function.", node.at)
        (inside,) = node.items
        if node.kind == "[" and isinstance(inside, g.Related):
            return conditions.indicator(self, inside)
        if node.kind == "Vert":
            return builtin.norm(self, node, None)
        value = self.value(inside)
        if node.kind == "|":
            return Determinant(value) if isinstance(value, MatrixExpr) else Abs(value, evaluate=False)
        return value

    # ---- what a factor is
    def application(self, factors: list[tuple[str, g.Node]], k: int) -> tuple[Any, int]:
        """The value that begins at factor `k`, and how many factors it takes."""
        node = factors[k][1]
        scripts = node if isinstance(node, g.Scripts) else g.Scripts(node, at=node.at)
        base = scripts.base
        follows = factors[k + 1][1] if k + 1 < len(factors) and factors[k + 1][0] == "" else None
        beyond = None  # the power of a whole value, as in f(x)^2
        if isinstance(follows, g.Scripts) and isinstance(follows.base, g.Bracket) and follows.below is None:
            if follows.primes:
                raise ReadError("An index or a prime belongs to a name, not to brackets.", follows.at)
            follows, beyond = follows.base, follows.above
        bracket = follows if isinstance(follows, g.Bracket) else None
        if bracket is not None and (kind := chance.operator_of(base)) and not self.is_own(base):
            return self.power(self.moment(kind, scripts, bracket), beyond), 2
        if isinstance(base, g.Sign):
            return builtin.built_in(self, base.name, scripts, factors, k)
        if isinstance(base, g.Words):
            if bracket is None and not self.vocabulary.of(g.Name(base.text)):
                raise ReadError(f"The words “{base.text}” stand inside the formula.", node.at)
            if not self.vocabulary.of(g.Name(base.text)):
                return builtin.built_in(self, base.text, scripts, factors, k)
            base = g.Name(base.text, at=base.at)
        if _marks_indicator(base, bracket):
            value = self.indicator(bracket.items[0], scripts, below=False)  # type: ignore[union-attr]
            return self.power(value, beyond), 2
        if isinstance(scripts.below, (g.Related, g.Bracket)) and base in INDICATORS:  # I_{\{i=k\}}(i, k)
            value = self.indicator(scripts.below, scripts, below=True)
            return (self.power(value, beyond), 2) if bracket is not None else (value, 1)
        if isinstance(base, g.Name):
            value, used = named.named(self, base, scripts, bracket)
            return (self.power(value, beyond), used) if used == 2 else (value, used)
        if (placed := derivatives.at_argument(self, node, bracket, beyond)) is not None:
            return placed, 2
        if isinstance(base, g.Bracket) and base.kind in ("at", "Vert"):
            return (operators.value_at if base.kind == "at" else builtin.norm)(self, base, scripts), 1
        return self.of_whole(node) if isinstance(node, g.Scripts) else self.value(node), 1

    def of_whole(self, node: g.Scripts) -> Any:
        """A power of what stands in brackets, or an entry of it."""
        value = self.value(node.base)
        if node.primes or (node.below is not None and not is_grid(value)):
            raise ReadError("An index or a prime belongs to a name, not to brackets.", node.at)
        if node.below is not None:  # (Wx)_i
            value = named.entry_of(self, value, node)
        return self.power(value, node.above)

    def moment(self, kind: str, scripts: g.Scripts, bracket: g.Bracket) -> Any:
        demand_no_prime(scripts, "an expectation or a variance")
        return self.power(chance.apply(self, kind, scripts, bracket), scripts.above)

    def indicator(self, condition: g.Node, scripts: g.Scripts, below: bool) -> Expr:
        """1 where the condition holds, else 0; `below` says that it stands below the sign."""
        demand_no_prime(scripts, "an indicator")
        condition = condition.items[0] if isinstance(condition, g.Bracket) else condition
        if scripts.below is not None and not below:
            raise ReadError("An indicator of a condition has no index.", scripts.at)
        return self.power(conditions.indicator(self, condition), scripts.above)

    @staticmethod
    def entrywise(function: Callable[[Any], Expr], argument: Any) -> Any:
        if isinstance(argument, Grid):
            return argument.each(function)
        if is_grid(argument):
            return argument.applyfunc(Lambda(U, function(U)))
        return function(argument)

    def letter(self) -> Symbol:
        """An index letter that nothing in this text uses yet."""
        used = {*self.taken, *self.scope}
        free = [c for c in "jklirsqtmnp" if c not in used and not self.vocabulary.of(g.Name(c))]
        name = free[0] if free else f"j{len(self.taken)}"
        self.taken.add(name)
        return symbol(name, integer=True)

    def times(self, values: list[Any]) -> Any:
        """The product in the order in which it is written."""
        values = wholes.sized(values)
        if not any(isinstance(v, Grid) for v in values):
            return wholes.product(values) if any(map(is_grid, values)) else Mul(*values, evaluate=False)
        numbers = [v for v in values if not is_grid(v)]
        result = None
        for v in (as_grid(v) for v in values if is_grid(v)):
            result = v if result is None else grids.times(result, v, self.letter)
        result = grids.scaled(numbers, result)
        return result.entry(S.One, S.One) if result.is_number else result

    def index(self, node: g.Node, of: str = "a name") -> Expr:
        value = self.number(node)
        if value.is_integer or value in (oo, -oo):  # where a sum ends
            return value
        raise ReadError(f"The index of {of} must be an index or a whole number.", node.at)

    def power(self, value: Any, above: g.Node | None) -> Any:
        if above is None:
            return value
        if is_grid(value):
            return wholes.power(self, value, above)
        if above in TRANSPOSES and not self.known(above):
            raise ReadError("A number has no transpose.", above.at)
        if isinstance(above, g.Name) and above.word in "*+-":
            raise ReadError(
                f"The “{above.word}” above a name is not a power: say in a “Let” what the name is.", above.at
            )
        letters = [piece.word for piece in indices(above) if isinstance(piece, g.Name)]
        if len(letters) > 1 and not all(self.known(g.Name(c)) for c in letters):
            raise ReadError(
                "Indices above a name, as in S^{ij}, are not read here: write them below.", above.at
            )
        exponent = self.number(above)
        if exponent.is_Rational and abs(exponent) > self.most_power:
            raise ReadError(f"The exponent {exponent} is outside ±{self.most_power}.", above.at)
        return Pow(value, exponent, evaluate=False)

    def is_own(self, base: g.Node) -> bool:
        """Whether the text gives a name a meaning of its own."""
        return bool(
            self.vocabulary.of(base if isinstance(base, g.Name) else g.Name(getattr(base, "text", "")))
        )

    def known(self, node: g.Node) -> bool:
        return isinstance(node, g.Name) and (node.word in self.scope or bool(self.vocabulary.of(node)))


def _marks_indicator(base: g.Node, bracket: g.Bracket | None) -> bool:
    held = bracket is not None and len(bracket.items) == 1 and isinstance(bracket.items[0], g.Related)
    return held and base in INDICATORS


def _are_columns(*values: Any) -> bool:
    """Whether both are vectors of more than one entry, so that a dot between them is their inner product."""
    return all(isinstance(v, Grid) and v.columns == 1 and v.rows != 1 for v in values)
