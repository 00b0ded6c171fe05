"""A reader's answer as a value: the tree of its formula, over the names of one exercise.

A reader who copies a formula from his homework need not translate it: typed text and LaTeX make the same
trees, and both are read here. What an answer may hold is narrow: no derivative that is left to be worked out,
no whole vector or matrix.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Expr, IndexedBase, Limit, S

from ..statement.terms import At, Partial, SmoothFunction
from . import trees as g
from .formulas import Formulas
from .grammar import parse as tree_of
from .grids import Misfit, is_grid
from .latex import ReadError, tokens
from .limits import MAX_EXPONENT
from .names import Meaning, Vocabulary, spelled
from .slips import UNREAD, about
from .tokens import MAX_TEXT, MAX_TOKENS, AnswerError
from .trees import LETTERS

SPELLED = re.compile(r"(?P<word>[A-Za-z]+?)(?P<accent>hat|bar|tilde)?_?(?P<label>\d*)(?P<primes>'*)")
TOO_DEEP = "The formula is nested too deeply; write it more simply."
MOST_INDICES = 3  # of an array whose shape nobody says


def is_latex(text: str) -> bool:
    """Whether a typed answer is LaTeX: typed text has neither backslashes nor braces."""
    return isinstance(text, str) and ("\\" in text or "{" in text)


def latex_tree(text: str, names: Mapping[str, object]) -> g.Node:
    """The tree of a formula in LaTeX. Raises AnswerError, one sentence, for what is none."""
    if len(text) > MAX_TEXT:
        raise AnswerError(f"The answer is longer than {MAX_TEXT:,} characters; a shorter formula is enough.")
    words = {name for name in names if name.isalpha() and len(name) > 1 and name not in LETTERS}
    try:
        read = tokens(text)
        if len(read) > MAX_TOKENS:
            raise AnswerError("The formula has too many parts; write it more simply.")
        return tree_of(read, words)
    except ReadError as trouble:
        raise AnswerError(str(trouble)) from None
    except RecursionError:
        raise AnswerError(TOO_DEEP) from None


def value_of(tree: g.Node, names: Mapping[str, object], typed: Mapping[str, Any] | None = None) -> Expr:
    """The formula of a tree, built as it is written. Raises AnswerError, one sentence, for all else.

    `typed` says what can be typed (`slips.known`) where the tree is that of typed text.
    """
    if isinstance(tree, g.Related):
        raise AnswerError("Write only the right-hand side, without “=”.")
    try:
        value = Formulas(vocabulary(names, typed), most_power=MAX_EXPONENT).term(tree)
    except ReadError as trouble:
        raise AnswerError(str(trouble)) from None
    except RecursionError:
        raise AnswerError(TOO_DEEP) from None
    except Misfit:
        raise AnswerError(
            "The vectors or matrices of this formula do not fit together: write entries, as in w_j."
        ) from None
    if is_grid(value):
        raise AnswerError("This is a whole vector or matrix: write one entry, as in w_j.")
    return demand_worked_out(value, "diff" in names)


@dataclass
class Names(Vocabulary):
    """The names of an exercise, which no sentence can add to; `typed` as in `value_of`."""

    typed: Mapping[str, Any] | None = None

    @property
    def explicit(self) -> bool:
        return self.typed is not None

    def shown(self, name: g.Name) -> str:
        return spelled(name) if self.typed is None else name.word

    def unknown(self, name: g.Name) -> ReadError:
        if self.typed is not None:
            return ReadError(about(name.word, (), self.typed))
        known = ", ".join(dict.fromkeys(spelled(g.Name(m.word, m.accents)) for m in self))
        hint = UNREAD if name.word in ("T", "top") else f"the names are {known}."
        return ReadError(f"{spelled(name)[:30]} is not a name of this exercise; {hint}")


def vocabulary(names: Mapping[str, object], typed: Mapping[str, Any] | None = None) -> Names:
    """The meanings of names: as they are typed, or in LaTeX, where yhat is \\hat y and beta_1 is \\beta_1."""
    found = Names(typed=typed)
    for name, value in names.items():
        if typed is not None:
            for meaning in _meanings(name, (), "", value):
                found.add(meaning)
        elif _in_latex(value) and (match := SPELLED.fullmatch(name)):
            accent = match["accent"]
            accents = (*([accent] if accent else []), *["prime"] * len(match["primes"]))
            for meaning in _meanings(match["word"], accents, match["label"], value)[:1]:
                found.add(meaning)
    return found


def _in_latex(value: Any) -> bool:
    """Whether LaTeX has no spelling of its own for it, as it has for diff and cosh."""
    if not isinstance(value, type):
        return isinstance(value, Expr)
    return hasattr(value, "parameters") or issubclass(value, SmoothFunction)


def _meanings(word: str, accents: tuple[str, ...], label: str, value: Any) -> list[Meaning]:
    if isinstance(value, IndexedBase):
        ranges = tuple((S.One, size) for size in value.shape or ())
        ranks = [len(ranges)] if ranges else range(1, MOST_INDICES + 1)
        return [Meaning(word, value, rank, 0, "", label, ranges, accents=accents) for rank in ranks]
    if isinstance(value, Expr):
        return [Meaning(word, value, below_label=label, accents=accents)]
    parameters = getattr(value, "parameters", ())
    if parameters and all(p.is_integer for p in parameters):
        return [
            Meaning(word, value, len(parameters), 0, "", label, (None,) * len(parameters), accents=accents)
        ]
    return [Meaning(word, value, 0, 0, "", label, (), True, accents)]


def demand_worked_out(value: Expr, derivatives: bool) -> Expr:
    """Raises AnswerError for what an answer leaves to be done: else the question would be its own answer."""
    if value.has(Limit) or (value.has(Partial, At) and not derivatives):
        raise AnswerError("Work it out: a derivative or a limit that is left over is no answer here.")
    return value
