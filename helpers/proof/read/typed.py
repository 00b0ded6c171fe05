"""A restricted parser for answers typed by a reader: text in, SymPy expression out, and nothing is ever run.

The text is cut into tokens and every name renamed (`tokens`); Python's grammar gives a tree; the tree is
walked node by node against a short table. There is no `eval`, no `exec`, no `sympify` on text and no
attribute access.

>>> from sympy import IndexedBase, Symbol
>>> parse("2λ w_j", {"lambda": Symbol("lambda"), "w": IndexedBase("w"), "j": Symbol("j", integer=True)})
2*lambda*w[j]
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from math import comb, log10, prod

from sympy import (
    Expr,
    IndexedBase,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Pow,
    Product,
    Sum,
    Symbol,
    exp,
    nan,
    oo,
    zoo,
)

from .answered import is_latex, nested_sums, read_latex, settled
from .builtin import PLAIN_FUNCTIONS
from .slips import SUM_USAGE, about, demand_no_slip, known, named
from .tokens import AnswerError, cut, short, source

MAX_NODES, MAX_EXPONENT, MAX_TERMS, MAX_RANGE, MAX_NESTED_SUMS = 300, 12, 2_000, 12, 3
MAX_DIGITS = 30  # of any number that arises while the formula is put together

FUNCTIONS: dict[str, tuple[int, Callable[..., Expr]]] = {  # name: (arguments or 0 for two or more, function)
    **{name: (1, function) for name, function in PLAIN_FUNCTIONS.items()},
    "min": (0, Min),
    "max": (0, Max),
    "delta": (2, KroneckerDelta),
}
BINDERS = {"sum": Sum, "prod": Product}

Scope = Mapping[str, Symbol]  # the bound indices of the enclosing sums, by name


def parse(text: str, vocabulary: Mapping[str, object], example: Callable[[str], str] | None = None) -> Expr:
    """The formula in `text` as a SymPy expression over the names of `vocabulary`.

    `vocabulary` maps each name to a symbol, an array (`IndexedBase`), a named function, or an expression
    that the name abbreviates. Known beside it: exp, log (ln), sqrt, abs, sign, min, max, delta(j, k), and
    sum and prod as sum(term, index, first, last). `^` or `**` is the power; `2x`, `w_j`, `λ`, `σ(z)`, `·`
    and `−` are understood. Raises AnswerError, one sentence, for all else: unknown names (with the closest
    known one), other syntax, and formulas beyond the limits of this module. A text with a backslash or a
    brace is LaTeX, over the same names. `example` gives an entry of an array for the sentence on a missing
    index: X[s, j] for X.
    """
    if is_latex(text):
        return _limited(read_latex(text, vocabulary))
    names, tokens = named(vocabulary), cut(text)
    what = known(names, FUNCTIONS, BINDERS)
    demand_no_slip(text, tokens, what)
    code, numbers = source(tokens, {*names, *FUNCTIONS, *BINDERS} - _scalars(names))
    try:
        tree = ast.parse(code, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        what = f"“{short(text)}” is not a complete formula"
        raise AnswerError(f"{what}: look for a missing bracket or operator.") from None
    return _few_terms(_Reader(names, numbers, code, example).read(tree, {}))


def _scalars(names: Mapping[str, object]) -> set[str]:
    return {name for name, value in names.items() if isinstance(value, Expr) and not _is_array(value)}


def _few_terms(expr: Expr) -> Expr:
    if _terms(expr) > MAX_TERMS:
        raise AnswerError(f"Multiplied out, the formula has more than {MAX_TERMS:,} terms; simplify it.")
    return expr


def _limited(written: Expr) -> Expr:
    """A formula that was read as it is written, put together within the same limits as typed text."""
    if nested_sums(written) > MAX_NESTED_SUMS:
        raise AnswerError(f"More than {MAX_NESTED_SUMS} sums inside one another are not read here.")
    for sign in written.atoms(Sum, Product):
        for _, first, last in sign.limits:
            first, last = _demand_bound(first), _demand_bound(last)
            if (last - first).is_Number and last - first > MAX_RANGE:
                raise AnswerError(f"A sum over more than {MAX_RANGE} written-out terms is not read here.")
    return _few_terms(settled(written, {Pow: _power}, _finite))


def _demand_bound(value: Expr) -> Expr:
    """A size, an index or a number, plus or minus a number: else a sum could go on for ever."""
    number, rest = value.as_coeff_Add()
    known = rest == 0 or (isinstance(rest, Symbol) and rest.is_integer)
    if not (known and number.is_Integer and abs(number) <= MAX_RANGE):
        raise AnswerError("The bounds of a sum are a size, an index or a small number, as in N or j - 1.")
    return value


class _Reader:
    """Walks the tree with the exercise's names; `scope` holds the bound indices of the enclosing sums."""

    def __init__(
        self,
        names: Mapping[str, object],
        numbers: list[Expr],
        code: str,
        example: Callable[[str], str] | None,
    ):
        self.names, self.numbers, self.code, self.nodes = names, numbers, code, 0
        self.given = example

    def read(self, node: ast.AST, scope: Scope) -> Expr:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise AnswerError("The formula has too many parts; write it more simply.")
        match node:
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                self.demand_one_reading(node)
                return _finite(OPERATORS[type(op)](self.read(left, scope), self.read(right, scope)))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.read(operand, scope)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.read(operand, scope)
            case ast.Name(id=name) if re.fullmatch(r"c\d+", name):
                return self.numbers[int(name[1:])]
            case ast.Name(id=name):
                return self.name(_word(name), scope)
            case ast.Subscript(value=ast.Name(id=name), slice=index):
                parts = index.elts if isinstance(index, ast.Tuple) else [index]
                return self.apply(_word(name), [self.read(part, scope) for part in parts], scope)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                if _word(name) in BINDERS and _word(name) not in self.names:
                    return self.bind(_word(name), arguments, scope)
                return self.apply(_word(name), [self.read(part, scope) for part in arguments], scope)
        raise AnswerError("Only numbers, the exercise's names, + - * / ^, brackets and functions are read.")

    def demand_one_reading(self, node: ast.BinOp) -> None:
        """1/2x is a half of x to Python and one over 2x to many a reader: ask, unless (1/2)x has brackets."""
        left = node.left
        divided = isinstance(left, ast.BinOp) and isinstance(left.op, ast.Div)
        if not (divided and isinstance(node.op, ast.MatMult)):
            return
        # What follows the division closes a bracket only if that bracket holds all of the division.
        if not self.code[left.end_col_offset :].lstrip().startswith(")"):
            raise AnswerError(
                "A product without * after a division can be read in two ways: add * or brackets."
            )

    def name(self, word: str, scope: Scope) -> Expr:
        value = scope.get(word, self.names.get(word))
        if _is_array(value):
            raise AnswerError(f"{word} is an array: say which entry, as in {self.example(word, value)}.")
        if isinstance(value, Expr):
            return value
        if value is None and (entry := self.subscripted(word, scope)) is not None:
            return entry
        if value is None and word == "e":
            return exp(1)
        if value is not None or word in FUNCTIONS or word in BINDERS:
            raise AnswerError(f"{word} is a function: write its argument in brackets, {word}(…).")
        raise self.unknown(word, scope)

    def example(self, word: str, base: IndexedBase) -> str:
        """How an entry is typed: with the exercise's own indices, else with those of the names or numbers."""
        if self.given:
            return self.given(word)
        rank = len(base.shape or (1,))
        letters = [name for name, v in _indices(self.names).items() if not v.is_positive][:rank][::-1]
        indices = letters if len(letters) == rank else ["1", "2"][:rank]
        return f"{word}[{', '.join(indices)}]"

    def subscripted(self, word: str, scope: Scope) -> Expr | None:
        """w_j and X_sj stand for w[j] and X[s, j], where w and X are known and j and s are indices."""
        base, _, rest = word.partition("_")
        value, joined = self.names.get(base), self.names.get(word.replace("_", ""))
        if isinstance(joined, Expr) and not _is_array(joined):
            return joined  # r_2 is r2
        indices = _indices(self.names) | scope
        if not rest or not all(letter in indices or letter.isdigit() for letter in rest):
            return None
        if _is_array(value) or (value is not None and not isinstance(value, Expr)):
            return self.apply(base, [indices[c] if c in indices else Integer(c) for c in rest], scope)
        return None

    def apply(self, word: str, arguments: list[Expr], scope: Scope) -> Expr:
        value = scope.get(word, self.names.get(word))
        if _is_array(value):
            return self.entry(word, value, arguments)
        if isinstance(value, Expr):
            raise AnswerError(f"{word} is neither a function nor an array, so it has no index.")
        if value is not None:
            return _finite(_call(word, value, arguments))
        if word not in FUNCTIONS:
            raise self.unknown(word, scope)
        count, function = FUNCTIONS[word]
        if len(arguments) != count and (count or len(arguments) < 2):
            raise AnswerError(f"{word} takes {count or 'two or more'} argument{'s' * (count != 1)}.")
        if word == "delta":
            _need_integers(word, arguments)
        return _finite(function(*arguments))

    def bind(self, word: str, arguments: list[ast.AST], scope: Scope) -> Expr:
        """sum(term, index, first, last), also with the last three in brackets, as SymPy writes it."""
        if len(arguments) == 2 and isinstance(arguments[1], ast.Tuple):
            arguments = [arguments[0], *arguments[1].elts]
        if len(arguments) != 4 or not getattr(arguments[1], "id", "").startswith("v_"):
            raise AnswerError(SUM_USAGE.format(word))
        if len(scope) >= MAX_NESTED_SUMS:
            raise AnswerError(f"More than {MAX_NESTED_SUMS} sums inside one another are not read here.")
        index = self.index(_word(arguments[1].id), scope)
        first, last = (self.bound(bound, scope) for bound in arguments[2:])
        if (last - first).is_Number and last - first > MAX_RANGE:
            raise AnswerError(f"A {word} over more than {MAX_RANGE} written-out terms is not read here.")
        return BINDERS[word](self.read(arguments[0], {**scope, index.name: index}), (index, first, last))

    def index(self, word: str, scope: Scope) -> Symbol:
        value = self.names.get(word)
        if word not in scope and value is None and re.fullmatch(r"[a-z]\d?", word):
            return Symbol(word, integer=True)
        if word not in scope and isinstance(value, Symbol) and value.is_integer and not value.is_positive:
            return value
        raise AnswerError(f"“{short(word, 20)}” cannot be the index of a sum here; take another letter.")

    def bound(self, node: ast.AST, scope: Scope) -> Expr:
        return _demand_bound(self.read(node, scope))

    def unknown(self, word: str, scope: Scope) -> AnswerError:
        sentence = about(word, list(scope), known(self.names, FUNCTIONS, BINDERS))
        return AnswerError(sentence or f"Write all indices of {word.partition('_')[0]} in one bracket.")

    def entry(self, word: str, base: IndexedBase, indices: list[Expr]) -> Expr:
        rank = len(base.shape) if base.shape else len(indices)
        if len(indices) != rank:
            count = f"{rank} {'index' if rank == 1 else 'indices'}"
            raise AnswerError(f"{word} takes {count}, as in {self.example(word, base)}.")
        _need_integers(word, indices)
        return base[tuple(indices)]


def _is_array(value: object) -> bool:
    return isinstance(value, IndexedBase)


def _word(name: str) -> str:
    """The reader's own spelling of a renamed name."""
    return name.removeprefix("v_").replace("_prime", "'")


def _indices(names: Mapping[str, object]) -> dict[str, Symbol]:
    return {name: v for name, v in names.items() if isinstance(v, Symbol) and v.is_integer}


def _power(base: Expr, exponent: Expr) -> Expr:
    if exponent.is_Rational and max(abs(exponent), exponent.q) > MAX_EXPONENT:
        raise AnswerError(f"The exponent {short(str(exponent), 20)} is outside ±{MAX_EXPONENT}.")
    if base.is_Rational and exponent.is_Rational and base != 0:
        _few_digits(float(abs(exponent)) * log10(max(abs(base.p), base.q)))
    return base**exponent


def _few_digits(digits: float) -> None:
    if digits > MAX_DIGITS:
        raise AnswerError(f"A number in the formula has more than {MAX_DIGITS} digits.")


def _finite(value: Expr) -> Expr:
    if value.has(zoo, nan, oo, -oo):
        raise AnswerError("Part of the formula has no value, such as a division by zero or log(0).")
    if value.is_Rational:
        _few_digits(log10(max(abs(value.p), value.q)))
    return value


OPERATORS: dict[type[ast.operator], Callable[[Expr, Expr], Expr]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.MatMult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: _power,
}


def _need_integers(word: str, indices: list[Expr]) -> None:
    if not all(index.is_integer for index in indices):
        raise AnswerError(f"The index of {word} must be an index or a whole number.")


def _call(word: str, function: Callable[..., Expr], arguments: list[Expr]) -> Expr:
    """A named function of the vocabulary, with its arguments counted and its indices whole."""
    parameters = getattr(function, "parameters", (None,) * len(arguments))
    if len(arguments) != len(parameters):
        raise AnswerError(f"{word} takes {len(parameters)} argument{'s' * (len(parameters) != 1)}.")
    pairs = zip(arguments, parameters, strict=True)
    _need_integers(word, [argument for argument, name in pairs if getattr(name, "is_integer", False)])
    return function(*arguments)


def _terms(expr: Expr) -> int:
    """How many terms the expression has when multiplied out, at most; a function counts as its inside."""
    if not expr.args or expr.is_Number:
        return 1
    inner = [_terms(arg) for arg in expr.args]
    if expr.is_Add:
        return sum(inner)
    if expr.is_Mul:
        return prod(inner)
    if expr.is_Pow and expr.exp.is_Integer:
        power = abs(int(expr.exp))
        return comb(inner[0] + power - 1, power) if inner[0] > 1 else max(1, MAX_TERMS * (power // 100))
    return max(inner)
