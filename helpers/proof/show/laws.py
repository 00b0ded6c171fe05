"""The lines of "Given" about what is random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Basic

from ..statement.given import Given
from ..statement.laws import Bernoulli, Categorical, Law, Moments, Normal, Together, Uniform
from ..statement.operators import Expectation, Variance


def in_latex(given: Given, shown: Callable[[Basic], str]) -> list[str]:
    """One formula for each law and each group of independent letters."""
    lines = [_law(entry, law, shown, _LATEX) for entry, law in _entries(given)]
    return lines + [_group(g, shown) + r" \text{ independent}" for g in given.independent]


def in_text(given: Given, shown: Callable[[Basic], str]) -> list[str]:
    """The same in plain text."""
    lines = [_law(entry, law, shown, _TEXT) for entry, law in _entries(given)]
    return lines + [_group(g, shown) + " independent" for g in given.independent]


def _entries(given: Given) -> list[tuple[Basic, Law]]:
    return [(letter[indices] if indices else letter, law) for letter, (indices, law) in given.random.items()]


def _group(group: tuple, shown: Callable) -> str:
    def member(one: Any) -> str:
        if isinstance(one, Together):
            return f"({', '.join(map(shown, one.letters))})"
        return shown(one)

    return ", ".join(map(member, group))


_LATEX = {
    "random": r"{} \text{{ random}}",
    "normal": r"{} \sim \mathcal{{N}}\left({}, {}\right)",
    "bernoulli": r"{} \sim \text{{Bernoulli}}({})",
    "drawn": r"{} \in \{{{}, \dots, {}\}} \text{{ drawn, each equally likely}}",
    "weights": r"P({} = {}) = {}",
    "without": r"{} \in \{{{}, \dots, {}\}} \text{{ drawn without replacement}}",
}
_TEXT = {
    "random": "{} random",
    "normal": "{} ~ N({}, {})",
    "bernoulli": "{} ~ Bernoulli({})",
    "drawn": "{} = {}..{} drawn, each equally likely",
    "weights": "P({} = {}) = {}",
    "without": "{} = {}..{} drawn without replacement",
}


def _law(entry: Basic, law: Law, shown: Callable, words: dict[str, str]) -> str:
    if isinstance(law, Normal):
        return words["normal"].format(shown(entry), shown(law.mean), shown(law.variance))
    if isinstance(law, Moments):
        parts = [(Expectation, law.mean), (Variance, law.variance)]
        said = [
            f"{shown(operator(entry))} = {shown(value)}" for operator, value in parts if value is not None
        ]
        return ", ".join(said) or words["random"].format(shown(entry))
    if isinstance(law, Bernoulli):
        return words["bernoulli"].format(shown(entry), shown(law.p))
    if isinstance(law, Categorical):
        return words["weights"].format(shown(entry), shown(law.limit[0]), shown(law.weight))
    kind = "drawn" if isinstance(law, Uniform) else "without"
    return words[kind].format(shown(entry), *map(shown, law.ends))
