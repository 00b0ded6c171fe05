"""Sentences about what is random: laws, moments and independence, as `read` takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Symbol

from ..statement.given import Given
from ..statement.laws import Bernoulli, Law, Moments, Together, Uniform, WithoutReplacement
from .formulas import latex
from .spelling import NotWritable, plain

INDICES = "klmnqrst"


def chance(given: Given) -> Iterator[tuple[str, str]]:
    """For each law and each group of independent letters: what it is about, and its sentence."""
    for letter, (indices, law) in given.random.items():
        entry = plain(latex(letter[indices] if indices else letter))
        for sentence in _law(entry, law):
            yield latex(letter), sentence
    for group in given.independent:
        if any(isinstance(one, Together) for one in group):
            raise NotWritable("a law of several letters together")
        entries = [f"${_entry(one)}$" for one in group]
        yield f"fact {entries}", f"{' and '.join(entries)} be independent"


def _entry(one: Any) -> str:
    shape = getattr(one, "shape", None) or ()
    at = tuple(Symbol(c, integer=True) for c in INDICES[: len(shape)])
    return plain(latex(one[at] if at else one))


def _law(entry: str, law: Law) -> Iterator[str]:
    if isinstance(law, Moments):
        for operator, value in ((r"\mathbb{E}", law.mean), (r"\mathrm{Var}", law.variance)):
            if value is not None:
                yield f"${operator}[{entry}] = {plain(latex(value))}$"
    elif isinstance(law, Bernoulli):
        yield rf"${entry} \sim \text{{Bernoulli}}({plain(latex(law.p))})$"
    elif isinstance(law, (Uniform, WithoutReplacement)):
        first, last = (plain(latex(end)) for end in law.ends)
        more = " be drawn without replacement" if isinstance(law, WithoutReplacement) else ""
        yield rf"${entry} \sim \text{{Uniform}}\{{{first}, \dots, {last}\}}${more}"
    else:
        raise NotWritable("a law")
