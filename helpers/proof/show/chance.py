"""Sentences about what is random: laws, moments and independence, as `read` takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Symbol

from ..statement.given import Given
from ..statement.laws import (
    Alike,
    Bernoulli,
    Group,
    Law,
    Moments,
    Normal,
    Together,
    Uniform,
    WithoutReplacement,
    letters_of,
)
from .formulas import latex
from .spelling import NotWritable, plain

INDICES = "klmnqrst"


def chance(given: Given) -> Iterator[tuple[str, str]]:
    """For each law and each group of independent letters: what it is about, and its sentence."""
    grouped = {letter for group in given.independent for one in group for letter in letters_of(one)}
    for letter, (indices, law) in given.random.items():
        entry = plain(latex(letter[indices] if indices else letter))
        for sentence in _law(entry, law):
            yield latex(letter), sentence
        if law in (Moments(), Alike()) and letter not in grouped:  # to be independent is to be random
            yield latex(letter), f"${entry}$ be random"
    for group in given.independent:
        yield _group(group, given)


def _group(group: Group, given: Given) -> tuple[str, str]:
    """“x be independent of y” for two blocks; what stands before it and is no block is so in itself."""
    blocks = [one for one in group if isinstance(one, Together)]
    alone = [f"${_entry(one)}$" for one in group if not isinstance(one, Together)]
    laws = [given.random[letter][1] for one in group[: len(alone)] for letter in letters_of(one)]
    apart = "i.i.d." if laws and all(isinstance(law, Alike) for law in laws) else "independent"
    if not blocks:
        return f"fact {alone}", f"{' and '.join(alone)} be {apart}"
    first, others = ((), blocks) if alone else (blocks[0].letters, blocks[1:])
    if len(others) != 1:
        raise NotWritable("blocks of letters that are independent")
    names = " and ".join([*alone, *(f"${_entry(one)}$" for one in first)])
    of = " and ".join(f"${_entry(one)}$" for one in others[0].letters)
    how = f"{apart}, and independent of" if alone else "independent of"
    return f"fact {names} {of}", f"{names} be {how} {of}"


def _entry(one: Any) -> str:
    shape = getattr(one, "shape", None) or ()
    at = tuple(Symbol(c, integer=True) for c in INDICES[: len(shape)])
    return plain(latex(one[at] if at else one))


def _law(entry: str, law: Law) -> Iterator[str]:
    if isinstance(law, Normal):
        mean, variance = (plain(latex(part)) for part in law.parts())
        yield rf"${entry} \sim \mathcal{{N}}({mean}, {variance})$"
    elif isinstance(law, Moments):
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
