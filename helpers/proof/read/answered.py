"""An answer typed in LaTeX, by the same grammar as a derivation, over the names of one exercise.

A reader who copies a formula from his homework need not translate it. What an answer may hold stays as narrow
as for typed text: no derivative that is left to be worked out, no number, power or sum beyond the limits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sympy import Expr, IndexedBase, Limit, Product, S, Sum, Symbol
from sympy.core.parameters import global_parameters

from ..statement.terms import At, Partial, SmoothFunction, is_leaf
from . import trees as g
from .formulas import Formulas
from .grammar import parse as tree_of
from .grids import Misfit, is_grid
from .latex import ReadError, tokens
from .names import Meaning, Vocabulary, spelled
from .tokens import MAX_TEXT, MAX_TOKENS, AnswerError
from .trees import LETTERS

SPELLED = re.compile(r"(?P<word>[A-Za-z]+?)(?P<accent>hat|bar|tilde)?_?(?P<label>\d*)(?P<primes>'*)")


def is_latex(text: str) -> bool:
    """Whether a typed answer is LaTeX: typed text has neither backslashes nor braces."""
    return isinstance(text, str) and ("\\" in text or "{" in text)


def read_latex(text: str, names: Mapping[str, object]) -> Expr:
    """The formula in `text`, built as it is written. Raises AnswerError, one sentence, for all else."""
    if len(text) > MAX_TEXT:
        raise AnswerError(f"The answer is longer than {MAX_TEXT:,} characters; a shorter formula is enough.")
    words = {name for name in names if name.isalpha() and len(name) > 1 and name not in LETTERS}
    try:
        read = tokens(text)
        if len(read) > MAX_TOKENS:
            raise AnswerError("The formula has too many parts; write it more simply.")
        tree = tree_of(read, words)
        if isinstance(tree, g.Related):
            raise AnswerError("Write only the right-hand side, without “=”.")
        value = Formulas(vocabulary(names)).read(tree)
    except ReadError as trouble:
        raise AnswerError(str(trouble)) from None
    except (Misfit, RecursionError):
        raise AnswerError("The parts of this formula do not fit together; write it more simply.") from None
    if is_grid(value):
        raise AnswerError("This is a whole vector or matrix: write one entry, as in w_j.")
    return demand_worked_out(value, "diff" in names)


class Names(Vocabulary):
    """The names of an exercise, which no sentence can add to."""

    def unknown(self, name: g.Name) -> ReadError:
        known = ", ".join(dict.fromkeys(spelled(g.Name(m.word, m.accents)) for m in self))
        return ReadError(f"{spelled(name)[:30]} is not a name of this exercise; the names are {known}.")


def vocabulary(names: Mapping[str, object]) -> Names:
    """The meanings of typed names: yhat is \\hat y, beta_1 is \\beta_1, sigma' is \\sigma'."""
    found = Names()
    for name, value in names.items():
        match = SPELLED.fullmatch(name)
        if match is None:
            continue
        word, accent, label = match["word"], match["accent"], match["label"]
        accents = (*([accent] if accent else []), *["prime"] * len(match["primes"]))
        meaning = _meaning(word, accents, label, value)
        if meaning is not None:
            found.add(meaning)
    return found


def _meaning(word: str, accents: tuple[str, ...], label: str, value: Any) -> Meaning | None:
    if isinstance(value, IndexedBase):
        ranges = tuple((S.One, size) for size in value.shape or ())
        return Meaning(word, value, len(ranges) or 1, 0, "", label, ranges, accents=accents)
    if isinstance(value, Expr):
        return Meaning(word, value, below_label=label, accents=accents)
    parameters = getattr(value, "parameters", ())
    if parameters and all(p.is_integer for p in parameters):
        return Meaning(word, value, len(parameters), 0, "", label, (None,) * len(parameters), accents=accents)
    if parameters or (isinstance(value, type) and issubclass(value, SmoothFunction)):
        return Meaning(word, value, 0, 0, "", label, (), True, accents)
    return None  # diff, cosh: LaTeX has its own


def demand_worked_out(value: Expr, derivatives: bool) -> Expr:
    """Raises AnswerError for what an answer leaves to be done: else the question would be its own answer."""
    if value.has(Limit) or (value.has(Partial, At) and not derivatives):
        raise AnswerError("Work it out: a derivative or a limit that is left over is no answer here.")
    return value


def settled(e: Any, rules: Mapping[type, Any], finite: Any) -> Any:
    """`e` put together by SymPy from the inside out; `rules` may refuse what would grow too large."""
    if is_leaf(e) or not global_parameters.evaluate:
        return e
    parts = [settled(part, rules, finite) for part in e.args]
    return finite(rules.get(e.func, e.func)(*parts))


def nested_sums(e: Any) -> int:
    """How deep sums and products with an index stand inside one another."""
    deepest = max(map(nested_sums, e.args), default=0) if not isinstance(e, (Symbol, IndexedBase)) else 0
    return deepest + isinstance(e, (Sum, Product)) * len(getattr(e, "limits", ()))
