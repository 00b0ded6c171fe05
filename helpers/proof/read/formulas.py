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
    Add,
    Determinant,
    DiagMatrix,
    Eq,
    Expr,
    Ge,
    Gt,
    HadamardProduct,
    Indexed,
    IndexedBase,
    Integer,
    Inverse,
    KroneckerDelta,
    Lambda,
    Le,
    Limit,
    Lt,
    MatAdd,
    MatMul,
    MatPow,
    MatrixExpr,
    MatrixSymbol,
    Max,
    Min,
    Mul,
    Ne,
    Piecewise,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    Trace,
    Transpose,
    cos,
    cosh,
    erf,
    exp,
    log,
    oo,
    preorder_traversal,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from ..statement.terms import At, NamedFunction, Partial, SmoothFunction, as_written
from . import grammar as g
from . import grids
from .grids import Grid, Misfit
from .latex import ReadError
from .names import Meaning, Vocabulary, digits, indices, is_index, is_whole, label, primed, spelled

PLAIN_FUNCTIONS: dict[str, Callable[..., Expr]] = {
    "log": log, "ln": log, "exp": exp, "tanh": tanh, "sinh": sinh, "cosh": cosh, "sin": sin, "cos": cos, "tan": tan,
    "sign": sign, "sgn": sign, "erf": erf, "abs": Abs, "sqrt": sqrt,
}  # fmt: skip
RELATIONALS = {"=": Eq, "<": Lt, ">": Gt, "le": Le, "ge": Ge, "ne": Ne}
OTHERWISE = {"otherwise", "else", "sonst", "sinon", "caso contrário", "en otro caso", "altrimenti"}
TRANSPOSES = {g.Name("top"), g.Name("T"), g.Words("T"), g.Words("⊤")}
INDICATORS = (g.Num("1"), g.Name("bold 1", bold=True), g.Name("bb 1"), g.Name("I"), g.Name("bb I"), g.Words("1"))
U = Symbol("u", real=True)
MAX_POWER = 40


@dataclass
class Formulas:
    """Reads formulas by `vocabulary`; `spans` says over what a sum without bounds runs.

    `scope` holds the bound letters. Every method raises ReadError, with the place, for what has no reading or two.
    """

    vocabulary: Vocabulary
    spans: Mapping[tuple[int, str], tuple[Expr, Expr]] = field(default_factory=dict)
    scope: dict[str, Symbol] = field(default_factory=dict)
    operators: dict[str, g.Node] = field(default_factory=dict)  # letter -> by what ∂_letter derives
    taken: set[str] = field(default_factory=set)  # letters that an index of our own must not be

    def read(self, node: g.Node) -> Expr:
        """The term for a tree."""
        with as_written():
            return self.value(node)

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
                return self.acts(node)
            case g.Bracket():
                return self.bracket(node)
            case g.Cases():
                return self.cases(node)
            case g.Scripts() | g.Name() | g.Sign() | g.Words():
                return self.factors([("", node)])
            case g.Related():
                raise ReadError("A relation such as “=” has no place inside this formula.", node.at)
            case g.Listed():
                raise ReadError("A comma has no place inside this formula.", node.at)
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
                raise ReadError("A number is added to a vector or a matrix here.", node.at)
        if any(isinstance(t, Grid) for t in terms):
            return grids.added([as_grid(t) for t in terms])
        return MatAdd(*terms, evaluate=False) if all(map(is_grid, terms)) else Add(*terms, evaluate=False)

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
            raise ReadError("⊙ stands between a number and a vector or a matrix; write a plain product.", node.at)
        return self.times(values)

    def factors(self, factors: list[tuple[str, g.Node]]) -> Any:
        """A product without ⊙. Functions take the bracket after them, or the one factor that follows."""
        values: list[Any] = []
        k = 0
        while k < len(factors):
            sign_before, node = factors[k]
            value, used = self.application(factors, k)
            if sign_before == "/":
                value = self.inverse(value, node)
                after = factors[k + used : k + used + 1]
                if after and after[0][0] == "":
                    raise ReadError(
                        "A product without a sign after a division can be read in two ways: write \\frac, or brackets.",
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
        if (derivative := self.derivative(node)) is not None:
            return derivative
        above, below = self.value(node.above), self.number(node.below)
        if is_grid(above):
            return self.times([Pow(below, -1, evaluate=False), above])
        if above.is_Integer and below.is_Integer and below > 0 and Rational(above, below).q == below:
            return Rational(above, below)
        return self.times([above, Pow(below, -1, evaluate=False)]) if above != 1 else Pow(below, -1, evaluate=False)

    def root(self, node: g.Root) -> Expr:
        order = Integer(2) if node.order is None else self.number(node.order)
        if not (order.is_Integer and 2 <= order <= MAX_POWER):
            raise ReadError("The order of a root must be a whole number from 2 on.", node.at)
        return Pow(self.number(node.inside), Rational(1, order), evaluate=False)

    def bracket(self, node: g.Bracket) -> Any:
        if len(node.items) > 1:
            raise ReadError("A comma stands in brackets that belong to no function.", node.at)
        (inside,) = node.items
        if node.kind == "[" and isinstance(inside, g.Related):
            return self.indicator(inside)
        if node.kind == "Vert":
            return self.norm(node, None)
        value = self.value(inside)
        if node.kind == "|":
            return Determinant(value) if isinstance(value, MatrixExpr) else Abs(value, evaluate=False)
        return value

    def cases(self, node: g.Cases) -> Expr:
        rows = []
        for value, condition in node.rows:
            if isinstance(condition, g.Words):
                if condition.text.strip(" .,").lower() not in OTHERWISE:
                    raise ReadError(f"The condition “{condition.text}” is not understood.", condition.at)
                rows.append((self.number(value), True))
            else:
                rows.append((self.number(value), self.condition(condition)))
        if rows[-1][1] is not True:
            raise ReadError("The cases do not say what holds otherwise: add such a row.", node.at)
        return Piecewise(*rows, evaluate=False)

    # ---- conditions
    def condition(self, node: g.Node) -> Any:
        """One relation as a condition."""
        if not isinstance(node, g.Related) or len(node.signs) != 1 or node.signs[0] not in RELATIONALS:
            raise ReadError("A condition such as x > 0 or i = k is needed here.", node.at)
        left, right = map(self.number, node.pieces)
        return RELATIONALS[node.signs[0]](left, right, evaluate=False)

    def indicator(self, node: g.Node) -> Any:
        """1 where the condition holds, else 0; of a vector, entry by entry."""
        if isinstance(node, g.Related) and len(node.pieces) == 2 and node.signs[0] in RELATIONALS:
            left, right = map(self.value, node.pieces)
            if is_grid(left) and not is_grid(right):
                relation = RELATIONALS[node.signs[0]]
                return as_grid(left).each(
                    lambda e: Piecewise((1, relation(e, right, evaluate=False)), (0, True), evaluate=False)
                )
        held = self.condition(node)
        if all(side.is_integer for side in held.args) and isinstance(held, (Eq, Ne)):
            delta = KroneckerDelta(*held.args)
            return delta if isinstance(held, Eq) else Add(1, -delta, evaluate=False)
        return Piecewise((1, held), (0, True), evaluate=False)

    # ---- what a factor is
    def application(self, factors: list[tuple[str, g.Node]], k: int) -> tuple[Any, int]:
        """The value that begins at factor `k`, and how many factors it takes."""
        node = factors[k][1]
        scripts = node if isinstance(node, g.Scripts) else g.Scripts(node, at=node.at)
        base = scripts.base
        follows = factors[k + 1][1] if k + 1 < len(factors) and factors[k + 1][0] == "" else None
        beyond = None  # the power of a whole value, as in f(x)^2
        if isinstance(follows, g.Scripts) and isinstance(follows.base, g.Bracket) and follows.below is None:
            follows, beyond = follows.base, follows.above
        bracket = follows if isinstance(follows, g.Bracket) else None
        if isinstance(base, g.Sign):
            return self.built_in(base.name, scripts, factors, k)
        if isinstance(base, g.Words):
            if bracket is None and not self.vocabulary.of(g.Name(base.text)):
                raise ReadError(f"The words “{base.text}” stand inside the formula.", node.at)
            if not self.vocabulary.of(g.Name(base.text)):
                return self.built_in(base.text, scripts, factors, k)
            base = g.Name(base.text, at=base.at)
        if _marks_indicator(base, bracket):
            return self.indicator(bracket.items[0]), 2  # type: ignore[union-attr]
        if base in INDICATORS and isinstance(scripts.below, (g.Related, g.Bracket)):  # I_{\{i=k\}}(i, k)
            held = scripts.below.items[0] if isinstance(scripts.below, g.Bracket) else scripts.below
            return self.indicator(held), 2 if bracket is not None else 1
        if isinstance(base, g.Name):
            value, used = self.named(base, scripts, bracket)
            return (self.power(value, beyond), used) if used == 2 else (value, used)
        if isinstance(base, g.Bracket) and base.kind == "at":
            return self.value_at(base, scripts), 1
        if isinstance(base, g.Bracket) and base.kind == "Vert":
            return self.norm(base, scripts), 1
        if isinstance(node, g.Scripts):
            if node.below is not None or node.primes:
                raise ReadError("An index or a prime belongs to a name, not to brackets.", node.at)
            return self.power(self.value(base), node.above), 1
        return self.value(node), 1

    def built_in(
        self, name: str, scripts: g.Scripts, factors: list[tuple[str, g.Node]], k: int
    ) -> tuple[Any, int]:
        """log, exp, max, tr, diag ... with the bracket or the factor after it."""
        arguments, used = self.arguments(name, scripts, factors, k)
        value = self.call(name, arguments, scripts)
        if scripts.above is not None:
            value = self.power(value, scripts.above)
        return value, used

    def arguments(self, name: str, scripts: g.Scripts, factors: list, k: int) -> tuple[list[Any], int]:
        if k + 1 == len(factors) or factors[k + 1][0] != "":
            raise ReadError(f"{name} has no argument: write it in brackets.", scripts.at)
        after = factors[k + 1][1]
        if isinstance(after, g.Bracket) and after.kind in "([{":
            return [self.value(item) for item in after.items], 2
        if isinstance(after, g.Scripts) and isinstance(after.base, g.Bracket) and after.base.kind in "([{":
            raise ReadError(f"Is the power that of {name}, or that of its argument? Write {name}^2(…) or more brackets.", after.at)
        value, used = self.application(factors, k + 1)
        beyond = factors[k + 1 + used : k + 2 + used]
        if beyond and beyond[0][0] == "" and not _begins_anew(beyond[0][1]):
            raise ReadError(
                f"Does {name} hold only the next factor, or all that follow? Put its argument in brackets.", scripts.at
            )
        return [value], 1 + used

    def call(self, name: str, arguments: list[Any], scripts: g.Scripts) -> Any:
        first = arguments[0]
        if name in ("max", "min") and len(arguments) > 1:
            return (Max if name == "max" else Min)(*arguments, evaluate=False)
        if len(arguments) > 1:
            raise ReadError(f"{name} takes one argument.", scripts.at)
        if name == "log" and scripts.below is not None:
            return self.times([log(first, evaluate=False), Pow(log(self.number(scripts.below)), -1, evaluate=False)])
        if scripts.below is not None:
            raise ReadError(f"{name} with an index is not read here.", scripts.at)
        if name in PLAIN_FUNCTIONS:
            return self.entrywise(lambda u: _unevaluated(PLAIN_FUNCTIONS[name], u), first)
        if name.lower() == "relu":
            return self.entrywise(lambda u: Max(0, u, evaluate=False), first)
        if not is_grid(first):
            raise ReadError(f"“{name}” is not known here as a function of a number.", scripts.at)
        if name in ("tr", "Tr", "trace"):
            return grids.trace(first, self.letter) if isinstance(first, Grid) else Trace(first)
        if name == "det" and isinstance(first, MatrixExpr):
            return Determinant(first)
        if name == "diag":
            return grids.diagonal(first) if isinstance(first, Grid) else DiagMatrix(first)
        raise ReadError(f"“{name}” is not known here.", scripts.at)

    @staticmethod
    def entrywise(function: Callable[[Any], Expr], argument: Any) -> Any:
        if isinstance(argument, Grid):
            return argument.each(function)
        if is_grid(argument):
            return argument.applyfunc(Lambda(U, function(U)))
        return function(argument)

    # ---- names
    def named(self, name: g.Name, scripts: g.Scripts, bracket: g.Bracket | None) -> tuple[Any, int]:
        """A name with its labels and indices, and with the arguments of a function."""
        if not name.accents and name.word in self.scope and scripts.below is None and not scripts.primes:
            return self.power(self.scope[name.word], scripts.above), 1
        if scripts.primes and self.vocabulary.of(primed(name, scripts.primes)):
            name, scripts = primed(name, scripts.primes), g.Scripts(name, scripts.below, scripts.above, at=scripts.at)
        if scripts.below is not None and bracket is not None and self.is_function_without_index(name, scripts):
            whole, used = self.named(name, g.Scripts(name, None, None, scripts.primes, at=scripts.at), bracket)
            return self.power(self.entry_of(whole, scripts), scripts.above), used
        meaning, places, above = self.meaning(name, scripts)
        if meaning is None:
            return self.constant(name, scripts, bracket)
        if meaning.decoration:
            return self.decorated(meaning, places, above, scripts, bracket)
        if meaning.function:
            return self.applied(meaning, places, above, scripts, bracket)
        if scripts.primes:
            raise ReadError(f"A prime stands at {spelled(name)}, which is no function.", scripts.at)
        return self.power(self.entry(meaning, places, scripts), above), 1

    def is_function_without_index(self, name: g.Name, scripts: g.Scripts) -> bool:
        """Whether f_i(x) can only be entry i of f(x)."""
        known = self.vocabulary.of(name)
        return bool(known) and all(m.function and not m.rank for m in known)

    def entry_of(self, value: Any, scripts: g.Scripts) -> Expr:
        places = [self.index(p) for p in indices(scripts.below)]
        if not is_grid(value) or len(places) > 2:
            raise ReadError("Only a vector or a matrix has entries.", scripts.at)
        return as_grid(value).entry(*(places if len(places) == 2 else (*places, S.One)))

    def constant(self, name: g.Name, scripts: g.Scripts, bracket: g.Bracket | None) -> tuple[Any, int]:
        """Names that mean something unless the text says otherwise: e, I, the bold 1 and 0, Kronecker's delta."""
        if name == g.Name("e") and scripts.below is None:
            power = S.One if scripts.above is None else self.value(scripts.above)
            return self.entrywise(lambda u: exp(u, evaluate=False), power), 1
        if name in (g.Name("bold 1", bold=True), g.Name("bb 1")) and scripts.below is None:
            return self.power(grids.ones(), scripts.above), 1
        if name.word in ("I", "bb I") and scripts.below is None:
            return self.power(grids.identity(), scripts.above), 1
        if name == g.Name("d"):
            raise ReadError("Differentials (d x) are not read here: write derivatives, such as ∂C/∂x.", name.at)
        if name.word == "delta" and not name.accents:
            places = digits(scripts.below, 2) + digits(scripts.above, 2 - len(digits(scripts.below, 2)))
            if len(places) == 2:
                return KroneckerDelta(*map(self.index, places)), 1
        raise self.vocabulary.unknown(name)

    def meaning(self, name: g.Name, scripts: g.Scripts) -> tuple[Meaning | None, list[g.Node], g.Node | None]:
        """The one meaning that fits labels and indices; its indices; what is left above, a power."""
        known = self.vocabulary.of(name)
        fits = [fit for m in known if (fit := fitting(m, scripts)) is not None]
        if not fits:
            if not known or (name.word == "delta" and scripts.below is not None):
                return None, [], None
            raise ReadError(_misfit(name, known, scripts), scripts.at)
        best = max(fits, key=lambda fit: fit[3])
        rivals = [fit for fit in fits if fit[3] == best[3]]
        labelled = [fit for fit in fits if fit[0].above_label and fit[2] is None]
        powers = [fit for fit in fits if not fit[0].above_label and fit[2] is not None]
        if labelled and powers:
            raise ReadError(
                f"{spelled(name)}^{{{label(scripts.above)}}} can be a power or the name with that label: put "
                "brackets around the base of a power, or around the label.",
                scripts.at,
            )
        if len(rivals) > 1 and name.bold:
            rivals = [fit for fit in rivals if is_whole(fit[0].value)] or rivals
        if len(rivals) > 1:
            rivals = [fit for fit in rivals if not is_whole(fit[0].value) or fit[1]] or rivals
        meaning, places, above, _ = rivals[-1]
        return meaning, places, above

    def entry(self, meaning: Meaning, places: list[g.Node], scripts: g.Scripts) -> Any:
        value, at = meaning.value, [self.index(p) for p in places]
        missing = meaning.rank + meaning.above - len(at)
        if isinstance(value, Grid) and at:
            return value.entry(*(at if len(at) == 2 else (*at, S.One)))
        if isinstance(value, IndexedBase) or (isinstance(value, type) and missing):
            return self.filled(meaning, at, missing, scripts)
        if isinstance(value, MatrixSymbol):
            if not at:
                return value
            row, column = (at[0], S.One) if len(at) == 1 else at
            return MatrixElement(value, _before(row), _before(column))
        if isinstance(value, type):
            return value(*at)
        return value

    def filled(self, meaning: Meaning, at: list[Expr], missing: int, scripts: g.Scripts) -> Any:
        """An entry, or a grid over the indices that are not written."""
        value = meaning.value
        sizes = [r[1] if r is not None and r[0] == 1 else None for r in meaning.ranges[len(at) :]]

        def entry(*rest: Expr) -> Expr:
            return value[(*at, *rest)] if isinstance(value, IndexedBase) else value(*at, *rest)

        if not missing:
            return entry()
        if missing > 2 or len(sizes) != missing or None in sizes:
            raise ReadError(f"{spelled(g.Name(*meaning.name))} has entries: say which one is meant.", scripts.at)
        return grids.column(sizes[0], entry) if missing == 1 else Grid(sizes[0], sizes[1], entry)

    def letter(self) -> Symbol:
        """An index letter that nothing in this text uses yet."""
        used = {*self.taken, *self.scope}
        free = [c for c in "jklirsqtmnp" if c not in used and not self.vocabulary.of(g.Name(c))]
        name = free[0] if free else f"j{len(self.taken)}"
        self.taken.add(name)
        return Symbol(name, integer=True)

    def times(self, values: list[Any]) -> Any:
        """The product in the order in which it is written."""
        if not any(isinstance(v, Grid) for v in values):
            return _times(values)
        numbers = [v for v in values if not is_grid(v)]
        result = None
        for v in (as_grid(v) for v in values if is_grid(v)):
            result = v if result is None else grids.times(result, v, self.letter)
        result = grids.scaled(numbers, result)
        return result.entry(S.One, S.One) if result.is_number else result

    def index(self, node: g.Node) -> Expr:
        value = self.number(node)
        if not value.is_integer:
            raise ReadError("An index must be a whole number: this is not one.", node.at)
        return value

    def applied(
        self, meaning: Meaning, places: list[g.Node], above: g.Node | None, scripts: g.Scripts, bracket: g.Bracket | None
    ) -> tuple[Any, int]:
        shown = spelled(g.Name(*meaning.name))
        if bracket is None or bracket.kind not in "([{":
            raise ReadError(f"{shown} is a function: write its argument in brackets.", scripts.at)
        function = meaning.value
        parameters = getattr(function, "parameters", None) or (U,)
        if meaning.through:
            return self.power(function(*self.through(meaning, bracket.items)), above), 2
        given = [self.index(p) for p in places]
        given += [
            self.index(item) if is_index(p) else self.value(item)
            for item, p in zip(bracket.items, parameters[len(given) :], strict=False)
        ]
        if len(given) != len(parameters) or len(bracket.items) + len(places) != len(parameters):
            count = f"{len(parameters)} argument{'s' * (len(parameters) > 1)}"
            raise ReadError(f"{shown} takes {count}.", scripts.at)
        if scripts.primes and len(given) > 1:
            raise ReadError(f"{shown} has several arguments: say by ∂ by which it is derived.", scripts.at)

        def at(u: Any) -> Expr:
            return _derived(function, u, scripts.primes) if scripts.primes else function(u)

        value = self.entrywise(at, given[0]) if len(given) == 1 else function(*given)
        return self.power(value, above), 2

    def decorated(
        self, meaning: Meaning, places: list[g.Node], above: g.Node | None, scripts: g.Scripts, bracket: g.Bracket | None
    ) -> tuple[Any, int]:
        """A name after which the same brackets always stand, or none."""
        if meaning.vector is not None and bracket is not None and label(g.Listed(bracket.items)) != meaning.decoration:
            return self.power(self.of_vector(meaning, places, bracket), above), 2
        value = self.power(self.entry(meaning, places, scripts), above)
        if bracket is None or bracket.kind != "(":
            return value, 1
        if label(g.Listed(bracket.items)) != meaning.decoration:
            shown = spelled(g.Name(*meaning.name))
            raise ReadError(f"{shown} is only known as {shown}({meaning.decoration}).", bracket.at)
        return value, 2

    def of_vector(self, meaning: Meaning, places: list[g.Node], bracket: g.Bracket) -> Any:
        """A function of a vector at another vector: its definition, written out with that vector in it."""
        vector, definition = meaning.vector
        inside = self.broadcast(bracket.items[0])
        letters = [p.word for p in indices(definition.scripts.below) if isinstance(p, g.Name)]
        before, known = dict(self.scope), self.vocabulary.meanings.get((vector.word, vector.accents), [])
        self.scope |= dict(zip(letters, map(self.index, places), strict=False))
        self.vocabulary.meanings[vector.word, vector.accents] = [Meaning(vector.word, inside, 1, accents=vector.accents)]
        try:
            return self.value(definition.body)
        finally:
            self.scope, self.vocabulary.meanings[vector.word, vector.accents] = before, known

    def broadcast(self, node: g.Node) -> Grid:
        """A vector to which a number may be added: x + c adds it to each entry."""
        if not isinstance(node, g.Added):
            value = self.value(node)
        else:
            terms = [self.negative(self.value(t)) if sign == "-" else self.value(t) for sign, t in node.terms]
            sized = next((as_grid(t) for t in terms if is_grid(t)), None)
            if sized is None:
                raise ReadError("A vector is needed here.", node.at)
            filled = [as_grid(t) if is_grid(t) else sized.each(lambda e, number=t: number) for t in terms]
            value = grids.added(filled)
        if not is_grid(value):
            raise ReadError("A vector is needed here.", node.at)
        return as_grid(value)

    def through(self, meaning: Meaning, items: tuple[g.Node, ...]) -> list[Expr]:
        """The indices of the entries that a function such as σ(A_k) takes."""
        found: list[Expr] = []
        for item, wanted in zip(items, meaning.through, strict=False):
            if not (isinstance(item, g.Scripts) and isinstance(item.base, g.Name) and spelled(item.base) == wanted):
                raise ReadError(f"{spelled(g.Name(*meaning.name))} takes an entry of {wanted}.", item.at)
            found += [self.index(piece) for piece in indices(item.below)]
        return found

    def power(self, value: Any, above: g.Node | None) -> Any:
        if above is None:
            return value
        if is_grid(value):
            return self.matrix_power(value, above)
        if above in TRANSPOSES and not self.known(above):
            raise ReadError("A number has no transpose.", above.at)
        if isinstance(above, g.Name) and above.word in "*+-":
            raise ReadError(f"The “{above.word}” above a name is not a power: say in a “Let” what the name is.", above.at)
        letters = [piece.word for piece in indices(above) if isinstance(piece, g.Name)]
        if len(letters) > 1 and not all(self.known(g.Name(c)) for c in letters):
            raise ReadError("Indices above a name, as in S^{ij}, are not read here: write them below.", above.at)
        exponent = self.number(above)
        if exponent.is_Rational and abs(exponent) > MAX_POWER:
            raise ReadError(f"The exponent {exponent} is outside ±{MAX_POWER}.", above.at)
        return Pow(value, exponent, evaluate=False)

    def known(self, node: g.Node) -> bool:
        return isinstance(node, g.Name) and (node.word in self.scope or bool(self.vocabulary.of(node)))

    def matrix_power(self, value: Any, above: g.Node) -> Any:
        if above in TRANSPOSES or above == g.Scripts(g.Name(""), primes=1):
            return value.T if isinstance(value, Grid) else Transpose(value)
        if isinstance(value, Grid):
            raise ReadError("Of a vector by its entries only a transpose is read; name a matrix by its shape.", above.at)
        exponent = self.number(above)
        if exponent == -1:
            return Inverse(value)
        if exponent.is_Integer and 0 < exponent <= MAX_POWER and value.shape[0] == value.shape[1]:
            return MatPow(value, exponent)
        raise ReadError("Of a vector or a matrix only a transpose, an inverse and whole powers are read.", above.at)

    def norm(self, bracket: g.Bracket, scripts: g.Scripts | None) -> Expr:
        """‖x‖, ‖x‖_1, ‖x‖^2."""
        x = self.value(bracket.items[0])
        if not is_grid(x):
            raise ReadError("A norm is read of a vector or a matrix; of a number write |x|.", bracket.at)
        kind = label(scripts.below) if scripts else ""
        if kind not in ("", "1", "2", "F"):
            raise ReadError(f"The norm with index {kind} is not read here.", bracket.at)
        squared = grids.norm(as_grid(x), kind, self.letter)
        above = scripts.above if scripts else None
        if kind == "1":
            return self.power(squared, above)
        return squared if above == g.Num("2") else self.power(Pow(squared, S.Half, evaluate=False), above)

    # ---- operators
    def acts(self, node: g.Acts) -> Any:
        operator = node.operator
        scripts = operator if isinstance(operator, g.Scripts) else g.Scripts(operator, at=operator.at)
        if isinstance(scripts.base, g.Frac):
            by = self.variables(scripts.base.below, _order(scripts.base.above))
            if by is None:  # d/(d x) where d is a name
                return self.times([self.fraction(scripts.base), self.value(node.body)])
            self.demand_one_scope(node, by)
            return _derive(self.value(node.body), by, node.at)
        assert isinstance(scripts.base, g.Sign)
        name = scripts.base.name
        if name in ("sum", "prod"):
            return self.big(name, scripts, node)
        if name == "lim":
            return self.limit(scripts, node.body)
        if scripts.below is None:
            raise ReadError(f"The {'∇' if name == 'nabla' else '∂'} does not say by what it derives.", node.at)
        if name == "partial":
            return _derive(self.value(node.body), self.by_index(scripts.below), node.at)
        return _derive(self.value(node.body), [self.value(scripts.below)], node.at)

    def demand_one_scope(self, node: g.Acts, by: list[Any]) -> None:
        """∂/∂x (a)(b): of a alone, or of both? If x is not in a, only the second has a point."""
        factors = node.body.factors if isinstance(node.body, g.Product) else ()
        if factors and isinstance(factors[0][1], g.Bracket) and depends(self.value(factors[0][1]), by[0]):
            raise ReadError(
                "Does the derivative act on the bracket only, or on all that follows? Put all that it acts on into "
                "the bracket, or the other factors before the derivative.",
                node.at,
            )

    def by_index(self, below: g.Node) -> list[Expr]:
        """∂_{w_j}: by w_j; ∂_j and ∂_{jk}: by what the text says that ∂_j derives by."""
        letters = [piece.word for piece in indices(below) if isinstance(piece, g.Name)]
        known = next(iter(self.operators.items()), None)
        if known is None or len(letters) != len(indices(below)) or any(self.vocabulary.of(g.Name(c)) and not
                is_index(self.value(g.Name(c))) for c in letters):  # fmt: skip
            return [self.value(below)]
        letter, variable = known
        found = []
        for c in letters:
            before = dict(self.scope)
            at = self.index(g.Name(c))
            self.scope[letter] = at
            found.append(self.value(variable))
            self.scope = before
        return found

    def big(self, name: str, scripts: g.Scripts, node: g.Acts) -> Expr:
        """Σ or Π: with bounds, or over all values of the index, or over those that a condition leaves."""
        letters, low, high, condition = bounds(scripts)
        if not letters:
            raise ReadError(f"The {'sum' if name == 'sum' else 'product'} does not say over which index.", node.at)
        before = dict(self.scope)
        ranges = []
        for letter in letters:
            if letter in before:
                raise ReadError(f"The index {letter} is bound by two sums, one inside the other.", node.at)
            span = self.span(scripts, letter, low, high, condition)
            ranges.append((Symbol(letter, integer=True), *span))
        for letter in letters:
            self.scope[letter] = Symbol(letter, integer=True)
        body = self.value(node.body) if name == "sum" else self.number(node.body)
        held = None
        if isinstance(condition, g.Related) and condition.signs == ("ne",):
            held = self.condition(condition)
        self.scope = before

        self.demand_use(letters, body, node)

        def total(term: Expr) -> Expr:
            if held is not None:
                term = Piecewise((term, held), (S.Zero if name == "sum" else S.One, True), evaluate=False)
            for limits in reversed(ranges):
                term = (Sum if name == "sum" else Product)(term, limits)
            return term

        return as_grid(body).each(total) if is_grid(body) else total(body)

    def demand_use(self, letters: list[str], body: Any, node: g.Acts) -> None:
        """Σ_i of a term with j and without i is a slip."""
        if is_grid(body):
            return
        held = {s.name for s in body.free_symbols if isinstance(s, Symbol) and s.is_integer and not s.is_positive}
        unused = [letter for letter in letters if letter not in held]
        strange = sorted(held - set(letters) - set(self.scope))
        if unused and strange:
            raise ReadError(
                f"The sum runs over {unused[0]}, but its term holds {strange[0]} and no {unused[0]}.", node.at
            )

    def span(
        self, scripts: g.Scripts, letter: str, low: g.Node | None, high: g.Node | None, condition: g.Node | None
    ) -> tuple[Expr, Expr]:
        known = self.spans.get((id(scripts), letter))
        if low is not None and high is not None:
            return self.index(low), self.index(high)
        if high is not None and known is None:
            return S.One, self.index(high)
        if known is None:
            raise ReadError(f"It is not said from where to where the index {letter} runs.", scripts.at)
        first, last = known
        if isinstance(condition, g.Related) and condition.signs[0] in ("<", "le", ">", "ge"):
            limit = self.index(condition.pieces[1])
            if condition.signs[0] in ("<", "le"):
                return first, limit - 1 if condition.signs[0] == "<" else limit
            return limit + 1 if condition.signs[0] == ">" else limit, last
        return (first, last) if high is None else (first, self.index(high))

    def limit(self, scripts: g.Scripts, body: g.Node) -> Expr:
        where = scripts.below
        if not (isinstance(where, g.Related) and where.signs == ("to",)):
            raise ReadError("A limit needs its variable and where it tends to, as in \\lim_{x \\to 0}.", scripts.at)
        letter, before = where.pieces[0], dict(self.scope)
        if isinstance(letter, g.Name) and not self.known(letter):
            self.scope[letter.word] = Symbol(letter.word, real=True)
        variable = self.number(letter)
        end, side = where.pieces[1], "+-"
        if isinstance(end, g.Scripts) and isinstance(end.above, g.Name) and end.above.word in "+-":
            end, side = end.base, end.above.word
        tends = oo if label(end) in (r"\infty", r"+\infty") else -oo if label(end) == r"-\infty" else self.number(end)
        value = self.number(body)
        self.scope = before
        return Limit(value, variable, tends, dir="-" if tends == oo else "+" if tends == -oo else side)

    def value_at(self, bracket: g.Bracket, scripts: g.Scripts) -> Expr:
        where = scripts.below
        assert isinstance(where, g.Related)
        return At(self.number(bracket.items[0]), self.number(where.pieces[0]), self.number(where.pieces[1]))

    # ---- derivatives
    def derivative(self, node: g.Frac) -> Any:
        """∂C/∂w, d f/d x, ∂²C/∂w²; None if the fraction is none."""
        inside = _numerator(node.above, self.known(g.Name("d")))
        if inside is None:
            return None
        by = self.variables(node.below, _order(node.above))
        if by is None:
            return None
        return _derive(self.value(inside), by, node.at)

    def variables(self, below: g.Node, order: int) -> list[Any] | None:
        """What a derivative is taken by, from the inside out; None if the denominator is no ∂ or d."""
        pieces = _denominator(below, self.known(g.Name("d")))
        if pieces is None:
            return None
        if len(pieces) == 1 and order > 1:
            (piece,) = pieces
            if not (isinstance(piece, g.Scripts) and label(piece.above) == str(order)):
                raise ReadError(f"The derivative is of order {order} above and not below.", below.at)
            pieces = [g.Scripts(piece.base, piece.below, None, piece.primes, at=piece.at)] * order
        if len(pieces) != order:
            raise ReadError(f"The derivative is of order {order} above and {len(pieces)} below.", below.at)
        return [self.value(piece) for piece in reversed(pieces)]


def bounds(scripts: g.Scripts) -> tuple[list[str], g.Node | None, g.Node | None, g.Node | None]:
    """Letters, first and last value, and the condition of a sum or a product."""
    below, high = scripts.below, scripts.above
    if below is None:
        return [], None, high, None
    if isinstance(below, g.Related) and isinstance(below.pieces[0], g.Name):
        letter = below.pieces[0].word
        if below.signs == ("=",):
            return [letter], below.pieces[1], high, None
        if len(below.signs) == 1 and below.signs[0] in ("ne", "<", "le", ">", "ge"):
            return [letter], None, high, below
    names = [n for piece in indices(below) for n in [piece]]
    if all(isinstance(n, g.Name) and not n.accents for n in names):
        return [n.word for n in names if isinstance(n, g.Name)], None, high, None
    if isinstance(below, g.Related) and set(below.signs) <= {"le", "<"} and len(below.signs) == 2:
        low, middle, last = below.pieces
        if isinstance(middle, g.Name):
            one = g.Num("1")
            first = low if below.signs[0] == "le" else g.Added((("+", low), ("+", one)), at=low.at)
            final = last if below.signs[1] == "le" else g.Added((("+", last), ("-", one)), at=last.at)
            return [middle.word], first, final, None
    raise ReadError("It is not understood over what this sum or product runs.", scripts.at)


def fitting(m: Meaning, scripts: g.Scripts) -> tuple[Meaning, list[g.Node], g.Node | None, int] | None:
    """The indices and the power that a name has if it means `m`; None if labels or indices do not match."""
    below, above, score = scripts.below, scripts.above, 0
    if m.above_label:
        rest = _without_label(above, m.above_label)
        if rest is None:
            return None
        above, score = rest[0], score + 2
    places: list[g.Node] = []
    if m.above:
        place = _index_above(above)
        if place is None:
            return (m, [], above, score) if below is None and (above is None or above in TRANSPOSES) else None
        (index, above) = place
        places = [index]
    if m.below_label:
        if label(below) != m.below_label:
            return None
        return m, places, above, score + 2
    found = digits(below, m.rank)
    may_be_whole = is_whole(m.value) or isinstance(m.value, Grid) or (isinstance(m.value, type) and not m.function)
    if len(found) not in ({m.rank} | ({0} if may_be_whole else set())):
        return None
    if isinstance(above, g.Bracket) and not m.function:
        if above.kind == "[" or (len(above.items) == 1 and isinstance(above.items[0], (g.Name, g.Num, g.Added))):
            return None  # a bracket above is a label, which this name does not have
    return m, places + found, above, score + (len(found) == m.rank)


def _index_above(above: g.Node | None) -> tuple[g.Node, g.Node | None] | None:
    """The index in brackets above a name, and what stands beside it, such as a transpose."""
    parts = [above] if above is not None else []
    if isinstance(above, g.Product) and all(sign == "" for sign, _ in above.factors):
        parts = [f for _, f in above.factors]
    if not parts or not isinstance(parts[0], g.Bracket) or len(parts[0].items) != 1 or len(parts) > 2:
        return None
    return parts[0].items[0], parts[1] if len(parts) == 2 else None


def _without_label(above: g.Node | None, wanted: str) -> tuple[g.Node | None] | None:
    """What is left above a name once its label is taken away; None if it is not there."""
    if above is None:
        return None
    if label(above) == wanted:
        return (None,)
    parts = list(above.items) if isinstance(above, g.Listed) else []
    if isinstance(above, g.Product) and all(sign == "" for sign, _ in above.factors):
        parts = [f for _, f in above.factors]
    if len(parts) == 2 and label(parts[0]) == wanted:
        return (parts[1],)
    if len(parts) == 2 and label(parts[1]) == wanted:
        return (parts[0],)
    return None


def _misfit(name: g.Name, known: list[Meaning], scripts: g.Scripts) -> str:
    shown = spelled(name)
    if isinstance(scripts.above, g.Bracket) and not any(m.above_label for m in known):
        return f"{shown} has no label {label(scripts.above)}: say in a “Let” what {shown}^{{({label(scripts.above)})}} is."
    if any(m.above_label for m in known) and scripts.above is None:
        labels = ", ".join(f"{shown}^{{({m.above_label})}}" for m in known if m.above_label)
        return f"{shown} is only known with a label, as {labels}."
    ranks = sorted({m.rank + m.above for m in known})
    counts = " or ".join("no index" if r == 0 else f"{r} ind{'ex' if r == 1 else 'ices'}" for r in ranks)
    return f"{shown} takes {counts}, and here it has {len(indices(scripts.below))}."


def _marks_indicator(base: g.Node, bracket: g.Bracket | None) -> bool:
    held = bracket is not None and len(bracket.items) == 1 and isinstance(bracket.items[0], g.Related)
    return held and base in INDICATORS


def _begins_anew(node: g.Node) -> bool:
    """Whether a factor cannot belong to the argument of the function before it: another function, an operator."""
    base = node.base if isinstance(node, g.Scripts) else node
    return isinstance(base, (g.Sign, g.Acts))


def _before(index: Expr) -> Expr:
    """The same place counted from 0."""
    return index - 1 if index.is_Integer else Add(index, -1, evaluate=True)


def _times(values: list[Any]) -> Any:
    if any(is_grid(v) for v in values):
        return MatMul(*values, evaluate=False)
    return Mul(*values, evaluate=False)


def _unevaluated(function: Callable[..., Expr], u: Expr) -> Expr:
    return Pow(u, S.Half, evaluate=False) if function is sqrt else function(u, evaluate=False)


def _derived(function: type, u: Expr, order: int) -> Expr:
    """The derivative of a function of one argument, at `u`."""
    if issubclass(function, SmoothFunction):
        for _ in range(order):
            function = function(U).fdiff().func
        return function(u)
    letter = Symbol("u", real=True)
    body: Expr = function(letter)
    for _ in range(order):
        body = Partial(body, letter)
    return At(body, letter, u)


def _derive(value: Any, by: list[Any], at: int) -> Any:
    for variable in by:
        if is_grid(variable) and is_grid(value):
            raise ReadError("A vector is not derived by a vector here: write one entry of each.", at)
        if isinstance(variable, Grid):
            value = variable.each(lambda v, inside=value: _partial(inside, v, at))
        elif isinstance(variable, MatrixExpr):
            raise ReadError("A derivative by a whole matrix is not read yet: derive by one entry.", at)
        elif is_grid(value):
            value = as_grid(value).each(lambda e, v=variable: _partial(e, v, at))
        else:
            value = _partial(value, variable, at)
    return value


def _partial(value: Expr, variable: Expr, at: int) -> Expr:
    if not _is_variable(variable):
        raise ReadError("A derivative is taken by a letter, an entry or a named quantity.", at)
    return Partial(value, variable)


def is_grid(value: Any) -> bool:
    """Whether a value is a vector or a matrix."""
    return isinstance(value, (MatrixExpr, Grid))


def as_grid(value: Any) -> Grid:
    return value if isinstance(value, Grid) else grids.of_matrix(value)


def one_entry(value: Any) -> Any:
    """The number in a grid of one entry; anything else as it is."""
    if isinstance(value, Grid) and value.is_number:
        return value.entry(S.One, S.One)
    if isinstance(value, MatrixExpr) and value.shape == (1, 1):
        return MatrixElement(value, S.Zero, S.Zero)
    return value


def depends(e: Any, variable: Any) -> bool:
    """Whether a letter, array or named quantity occurs in `e` or in the definitions that it names."""
    sought = {variable, getattr(variable, "base", variable), getattr(variable, "parent", variable)}
    sought |= {type(variable)} if isinstance(variable, NamedFunction) else set()
    waiting, seen = [e], set()
    while waiting:
        for part in preorder_traversal(waiting.pop()):
            if part in sought or (isinstance(part, NamedFunction) and type(part) in sought):
                return True
            if isinstance(part, NamedFunction) and type(part) not in seen:
                seen.add(type(part))
                waiting.append(part.body)
    return False


def _is_variable(e: Any) -> bool:
    return isinstance(e, (Symbol, Indexed, NamedFunction, MatrixElement))


DIFFERENTIALS = ("d", "delta")


def _is_d(node: g.Node, d_is_known: bool) -> bool:
    if isinstance(node, g.Scripts) and node.below is None:
        node = node.base
    if node == g.Sign("partial"):
        return True
    return isinstance(node, g.Name) and node.word in DIFFERENTIALS and not node.accents and not d_is_known


def _order(above: g.Node) -> int:
    """1 for ∂, n for ∂^n."""
    if isinstance(above, g.Acts):
        above = above.operator
    if isinstance(above, g.Product):
        above = above.factors[0][1]
    power = above.above if isinstance(above, g.Scripts) else None
    return int(power.text) if isinstance(power, g.Num) and power.text.isdigit() else 1


def _numerator(above: g.Node, d_is_known: bool) -> g.Node | None:
    """What ∂ or d stands before; None if neither does."""
    if isinstance(above, g.Acts) and _is_d(above.operator, d_is_known):
        return above.body
    if isinstance(above, g.Product) and _is_d(above.factors[0][1], d_is_known):
        rest = above.factors[1:]
        return rest[0][1] if len(rest) == 1 else g.Product((("", rest[0][1]), *rest[1:]), at=above.at)
    return None


def _denominator(below: g.Node, d_is_known: bool) -> list[g.Node] | None:
    """The variables after each ∂ or d; None if the first sign is neither."""
    if isinstance(below, g.Acts) and _is_d(below.operator, d_is_known):
        body = below.body
        if isinstance(body, g.Product) and isinstance(body.factors[-1][1], g.Acts):
            rest = _denominator(body.factors[-1][1], d_is_known)
            first = body.factors[0][1] if len(body.factors) == 2 else None
            return None if rest is None or first is None else [first, *rest]
        return [body]
    if isinstance(below, g.Product) and _is_d(below.factors[0][1], d_is_known):
        pieces: list[g.Node] = []
        for _, factor in below.factors:
            if not _is_d(factor, d_is_known):
                pieces.append(factor)
        return pieces
    return None
