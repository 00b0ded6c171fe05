"""A reader's answer, typed or in LaTeX: text in, SymPy expression out, and nothing is ever run.

Typed text goes through the grammar of formulas, too. What is typed in a way of its own is here: names of
several letters, X[s, j] or X_sj for an entry, f(x) for a value, sum(term, index, first, last), 2^3^2.

>>> from sympy import IndexedBase, Symbol
>>> parse("2λ w_j", {"lambda": Symbol("lambda"), "w": IndexedBase("w"), "j": Symbol("j", integer=True)})
2*lambda*w[j]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sympy import Expr, IndexedBase, Symbol

from . import trees as g
from .answered import TOO_DEEP, is_latex, latex_tree, value_of
from .builtin import PLAIN_FUNCTIONS
from .grammar import Parser
from .latex import ReadError, Token
from .limits import limited
from .slips import SUM_USAGE, about, bound, demand_no_slip, known, named
from .tokens import AnswerError, cut, demand_operators, short

FUNCTIONS = {**dict.fromkeys(PLAIN_FUNCTIONS, 1), "min": 0, "max": 0, "delta": 2}  # arguments; 0: two or more
BINDERS = ("sum", "prod")
NO_INDEX = "{0} is neither a function nor an array, so it has no index."
ONLY = "Only numbers, the exercise's names, + - * / ^, brackets and functions are read."
TWICE = "A product without * after a division can be read in two ways: add * or brackets."

Example = Callable[[str], str]


def parse(text: str, vocabulary: Mapping[str, object], example: Example | None = None) -> Expr:
    """The formula in `text` as a SymPy expression over the names of `vocabulary`.

    `vocabulary` maps each name to a symbol, an array (`IndexedBase`), a named function, or an expression
    that the name abbreviates. Known beside it: exp, log (ln), sqrt, abs, sign, min, max, delta(j, k), and
    sum and prod as sum(term, index, first, last). `^` or `**` is the power; `2x`, `w_j`, `λ`, `σ(z)`, `·`
    and `−` are understood. Raises AnswerError, one sentence, for all else: unknown names (with the closest
    known one), other syntax, and formulas beyond the limits of `tokens` and `limits`. A text with a backslash
    or a brace is LaTeX, over the same names. `example` gives an entry of an array for the sentence on a
    missing index: X[s, j] for X.
    """
    names = named(vocabulary)
    if is_latex(text):
        return limited(value_of(latex_tree(text, names), names))
    what = known(names, FUNCTIONS, BINDERS)
    return limited(value_of(typed_tree(text, names, what, example), names, what))


def typed_tree(
    text: str, names: Mapping[str, object], what: Mapping[str, Any], example: Example | None = None
) -> g.Node:
    """The tree of text in which `what` can be typed (`slips.known`). Raises AnswerError for what is none."""
    tokens = cut(text)
    demand_no_slip(text, tokens, what)
    demand_operators(tokens)
    reader = Typed(tokens, names, what, example)
    try:
        tree = reader.whole()
    except ReadError:
        trouble = f"“{short(text)}” is not a complete formula"
        raise AnswerError(f"{trouble}: look for a missing bracket or operator.") from None
    except RecursionError:  # a browser's Python has little room
        raise AnswerError(TOO_DEEP) from None
    if isinstance(tree, g.Listed):
        raise AnswerError(ONLY)
    if reader.refused:
        raise AnswerError(reader.refused[0])
    return tree


class Typed(Parser):
    """The grammar of formulas for typed text, over the names of an exercise.

    What is no formula for its names is kept in `refused`, so that a text that is none at all is told first.
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        names: Mapping[str, object],
        what: Mapping[str, Any],
        example: Example | None,
    ) -> None:
        super().__init__(list(tokens))
        self.names, self.what, self.given = names, what, example
        self.letters = bound([token.text for token in tokens], what)  # those that may be bound by a sum
        self.indices: list[str] = []  # of the sums that were read
        self.refused: list[str] = []

    def refuse(self, sentence: str) -> None:
        self.refused.append(sentence)

    # ---- where typed text differs from LaTeX
    def starts_factor(self) -> bool:
        token = self.peek()
        if token is None or token.kind != "sign":
            return token is not None
        before = self.tokens[self.place - 1] if self.place else None
        signed = before is None or (before.kind == "sign" and before.text not in ")]")
        return token.text in "([" or (token.text in "+-" and signed)

    def arranged(self, factors: list[tuple[str, g.Node]], at: int) -> g.Node:
        """No sign acts on what follows it: a function has its argument in brackets."""
        if any(one == "/" and not other for (one, _), (other, _) in pairwise(factors)):
            self.refuse(TWICE)
        return factors[0][1] if len(factors) == 1 else g.Product(tuple(factors), at=at)

    def factor(self) -> g.Node:
        """A piece with its powers: 2^3^2 is 2^(3^2), and a sign may stand before each."""
        at = self.at()
        if not self.starts_factor():
            raise self.missing("")
        if sign := self.take("+", "-"):
            return g.Added(((sign.text, self.factor()),), at=at)
        base = self.atom()
        if not self.take("^"):
            return base
        power = self.factor()
        inside = power.items[0] if isinstance(power, g.Bracket) else power
        return g.Scripts(base, None, inside, at=at)

    def bracket(self, opened: Token) -> g.Node:
        """A group in round brackets."""
        before = len(self.refused)
        items = self.items(opened)
        inside = items[0] if len(items) == 1 else g.Num("1", at=opened.at)
        after = self.peek()
        indexed = after is not None and after.text == "["
        if indexed and opened.text == "(" and isinstance(inside, g.Name):
            self.refuse(NO_INDEX.format(inside.word))
        elif indexed or opened.text == "[" or len(items) != 1:
            self.refused.insert(before, ONLY)  # before what is wrong inside
        return g.Bracket("(", (inside,), at=opened.at)

    def items(self, opened: Token) -> list[g.Node]:
        """What stands in brackets, between commas."""
        close = ")" if opened.text == "(" else "]"
        if self.take(close):
            return []
        inside = self.listed()
        self.demand(close, opened)
        return list(inside.items) if isinstance(inside, g.Listed) else [inside]

    def word(self, token: Token) -> g.Node:
        """A name, with the brackets after it if they hold its indices or its arguments."""
        word, opened = token.text, self.peek()
        if opened is None or not (opened.text == "[" or (opened.text == "(" and self.takes_arguments(word))):
            return self.alone(word, token.at)
        self.place += 1
        if word in BINDERS and word not in self.names:
            return self.sum_over(word, token)
        return self.with_items(word, self.items(opened), token.at)

    def takes_arguments(self, word: str) -> bool:
        """Whether a round bracket after a name holds its arguments; else it is a factor, as in x(1 - a)."""
        value = self.names.get(word)
        if value is None:
            return word in FUNCTIONS or word in BINDERS
        return is_array(value) or not isinstance(value, Expr)

    # ---- names
    def alone(self, word: str, at: int) -> g.Node:
        """A name without brackets."""
        value = self.names.get(word)
        if value is None and (entry := self.subscripted(word, at)) is not None:
            return entry
        if is_array(value):
            self.refuse(f"{word} is an array: say which entry, as in {self.example(word, value)}.")
        elif not (isinstance(value, Expr) or (value is None and (word in self.letters or word == "e"))):
            function = value is not None or word in FUNCTIONS or word in BINDERS
            usage = f"{word} is a function: write its argument in brackets, {word}(…)."
            self.refuse(usage if function else self.unknown(word))
        return g.Name(word, at=at)

    def subscripted(self, word: str, at: int) -> g.Node | None:
        """w_j and X_sj stand for w[j] and X[s, j], where w and X are known and j and s are indices."""
        base, _, rest = word.partition("_")
        value, joined = self.names.get(base), self.names.get(word.replace("_", ""))
        if isinstance(joined, Expr) and not is_array(joined):
            return g.Name(word.replace("_", ""), at=at)  # r_2 is r2
        indices = [*self.what["indices"], *self.letters]
        if not rest or not all(letter in indices or letter.isdigit() for letter in rest):
            return None
        if value is None or (isinstance(value, Expr) and not is_array(value)):
            return None
        places = [g.Name(c, at=at) if c in indices else g.Num(c, at=at) for c in rest]
        return self.with_items(base, places, at)

    def with_items(self, word: str, items: list[g.Node], at: int) -> g.Node:
        """An entry of an array, or a value of a function."""
        value = self.names.get(word)
        if is_array(value):
            return self.entry(word, value, items, at)
        if isinstance(value, Expr) or (value is None and word in self.letters):
            self.refuse(NO_INDEX.format(word))
        elif value is None and word not in FUNCTIONS:
            self.refuse(self.unknown(word))
        parameters = getattr(value, "parameters", None) or (None,)
        count = FUNCTIONS[word] if value is None and word in FUNCTIONS else len(parameters)
        if len(items) != count and (count or len(items) < 2):
            self.refuse(f"{word} takes {count or 'two or more'} argument{'s' * (count != 1)}.")
        name = g.Name(word, at=at) if value is not None else g.Words(word, at=at)
        if value is None and word == "delta":
            return g.Scripts(g.Name(word, at=at), _below(items), at=at)
        if value is not None and all(getattr(p, "is_integer", False) for p in parameters):
            return g.Scripts(name, _below(items), at=at)
        return g.Product((("", name), ("", g.Bracket("(", tuple(items), at=at))), at=at)

    def entry(self, word: str, base: Any, items: list[g.Node], at: int) -> g.Node:
        rank = len(base.shape) if base.shape else len(items)
        if len(items) != rank:
            count = f"{rank} {'index' if rank == 1 else 'indices'}"
            self.refuse(f"{word} takes {count}, as in {self.example(word, base)}.")
        return g.Scripts(g.Name(word, at=at), _below(items), at=at)

    def example(self, word: str, base: Any) -> str:
        """How an entry is typed: with the exercise's own indices, else with those of the names or numbers."""
        if self.given:
            return self.given(word)
        rank = len(base.shape or (1,))
        letters = [name for name in self.what["indices"] if name not in self.what["sizes"]][:rank][::-1]
        indices = letters if len(letters) == rank else ["1", "2"][:rank]
        return f"{word}[{', '.join(indices)}]"

    def unknown(self, word: str) -> str:
        sentence = about(word, self.letters, self.what)
        return sentence or f"Write all indices of {word.partition('_')[0]} in one bracket."

    # ---- sums
    def sum_over(self, word: str, token: Token) -> g.Node:
        """sum(term, index, first, last), also with the last three in brackets, as SymPy writes it."""
        usage, before = AnswerError(SUM_USAGE.format(word)), len(self.indices)
        if self.take(")", "]"):
            raise usage
        term = self.added()
        self.comma(usage)
        wrapped = self.take("(")
        letter = self.peek()
        if letter is None or letter.kind != "text":
            raise usage
        self.place += 1
        self.comma(usage)
        first = self.added()
        self.comma(usage)
        last = self.added()
        if not all(self.take(")", "]") for _ in range(2 if wrapped else 1)):
            raise usage
        if letter.text in self.indices[before:] or not self.can_be_index(letter.text):
            self.refuse(f"“{short(letter.text, 20)}” cannot be the index of a sum here; take another letter.")
        self.indices.append(letter.text)
        runs = g.Related((g.Name(letter.text, at=letter.at), first), ("=",), at=letter.at)
        sign = g.Scripts(g.Sign(word, at=token.at), runs, last, at=token.at)
        return g.Acts(sign, term, at=token.at)

    def comma(self, usage: AnswerError) -> None:
        if not self.take(","):
            raise usage

    def can_be_index(self, word: str) -> bool:
        value = self.names.get(word)
        if value is None:
            return bool(re.fullmatch(r"[a-z]\d?", word))
        return isinstance(value, Symbol) and bool(value.is_integer) and not value.is_positive


def is_array(value: object) -> bool:
    return isinstance(value, IndexedBase)


def _below(items: list[g.Node]) -> g.Node:
    """Indices as one script; brackets keep each of them one: [12] is no [1, 2], [2 j] no [2, j]."""
    places = [item if isinstance(item, g.Name) else g.Bracket("(", (item,), at=item.at) for item in items]
    return places[0] if len(places) == 1 else g.Listed(tuple(places))
