"""Slips that show before any grammar is involved: brackets that do not fit, names that an exercise has not.

The page of an exercise looks for the same slips in JavaScript (book/_ext/trystep/typed.js), so that a reader
need not wait for Python to be told. Both work on tokens and on the names as `known` hands them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sympy import Expr, IndexedBase, Symbol

from .latex import Token
from .tokens import WHOLE, AnswerError, plain, short

CLOSING = {")": "(", "]": "["}
SUM_USAGE = "{0} takes four things: {0}(term, index, first, last), such as {0}(x[s], s, 1, N)."

UNREAD = WHOLE[0].lower() + WHOLE[1:]


def named(vocabulary: Mapping[str, object]) -> dict[str, object]:
    """The vocabulary by the names that a keyboard types: σ' is sigma'."""
    return {plain(name).strip().replace("_prime", "'"): value for name, value in vocabulary.items()}


def known(names: Mapping[str, object], functions: Iterable[str], binders: Iterable[str]) -> dict[str, Any]:
    """What can be typed: the names, those that take an index, arrays, indices, sizes, and the rest."""
    whole = {name: v for name, v in names.items() if isinstance(v, Symbol) and v.is_integer}
    return {
        "names": list(names),
        "indexed": [n for n, v in names.items() if isinstance(v, IndexedBase) or not isinstance(v, Expr)],
        "arrays": [name for name, value in names.items() if isinstance(value, IndexedBase)],
        "indices": list(whole),
        "sizes": [name for name, value in whole.items() if value.is_positive],
        "functions": list(functions),
        "binders": list(binders),
    }


def demand_no_slip(text: str, tokens: Sequence[Token], what: Mapping[str, Any]) -> None:
    """Raises AnswerError for the first bracket that does not fit, else for the first unknown name."""
    words = [token.text for token in tokens]
    if trouble := _brackets(words):
        raise AnswerError(f"“{short(text)}” is not a complete formula: {trouble}.")
    letters = bound(words, what)
    for before, token in zip(["", *words], tokens, strict=False):
        if token.kind == "text" and (sentence := about(token.text, letters, what, before == "^")):
            raise AnswerError(sentence)


def _brackets(tokens: Iterable[str]) -> str:
    open_: list[str] = []
    for token in tokens:
        if token in CLOSING.values():
            open_.append(token)
        elif token in CLOSING:
            if not open_:
                return f"“{token}” closes nothing"
            if (before := open_.pop()) != CLOSING[token]:
                return f"“{before}” is closed by “{token}”"
    return f"“{open_[-1]}” is not closed" if open_ else ""


def bound(words: Sequence[str], what: Mapping[str, Any]) -> list[str]:
    """The letters that may be the index of a sum: after a comma or a bracket and before a comma."""
    if not set(words) & set(what["binders"]):
        return []
    threes = zip(words, words[1:], words[2:], strict=False)
    found = (b for a, b, c in threes if a in (",", "(") and c == "," and re.fullmatch(r"[a-z]\d?", b))
    return list(dict.fromkeys(found))


def about(word: str, bound: Sequence[str], what: Mapping[str, Any], raised: bool = False) -> str:
    """The sentence on a name that is not known here; empty if it is. `raised`: it stands as a power."""
    everywhere = [*what["names"], *bound, *what["functions"], *what["binders"]]
    base, _, rest = word.partition("_")
    joined = word.replace("_", "")
    if word in everywhere or word == "e" or (joined in what["names"] and joined not in what["indexed"]):
        return ""
    if word == "T" and raised:
        return WHOLE
    if rest and base in what["indexed"]:
        indices = [*what["indices"], *bound]
        word = next((c for c in rest if not (c in indices or c.isdigit())), "")
        return word and _unknown(word, everywhere, what)
    if rest and base in what["binders"]:
        return SUM_USAGE.format(base)
    if word.endswith("'") and word.rstrip("'") in what["arrays"]:
        return _no_name(word, UNREAD)  # a transpose, as some programs write it
    if word.endswith("'") and word.rstrip("'") in everywhere:
        return f"“{short(word, 30)}” is not a name of this exercise: work that derivative out."
    return _unknown(word, everywhere, what)


def _unknown(word: str, everywhere: Sequence[str], what: Mapping[str, Any]) -> str:
    near = nearest(word, everywhere, what["sizes"])
    others = UNREAD if word == "T" else f"the names are {', '.join(what['names'])}."
    return _no_name(word, f"did you mean “{near}”?" if near else others)


def _no_name(word: str, hint: str) -> str:
    return f"“{short(word, 30)}” is not a name of this exercise; {hint}"


def nearest(word: str, names: Sequence[str], sizes: Sequence[str]) -> str:
    """The name that `word` may be a slip of, or "": another case, a doubled letter, a beginning, a slip.

    One slip is allowed for three letters, two for six. A small letter is no slip of a size: k is not K.
    """
    same = [name for name in names if _folded(name) == _folded(word)]
    same = [name for name in same if not (name in sizes and word.islower())]
    if same or len(word) < 3:
        return same[0] if same else ""
    begun = [name for name in names if name.startswith(word)]
    if begun:
        return begun[0]
    alike = [name for name in names if name[0] == word[0] or name[1::-1] == word[:2]]
    near = min(alike, key=lambda name: slips_between(word, name), default="")
    return near if near and slips_between(word, near) <= min(2, len(word) // 3) else ""


def _folded(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word.lower().replace("_", ""))


def slips_between(one: str, other: str) -> int:
    """How many letters were left out, added, mistyped, or typed in each other's place."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
