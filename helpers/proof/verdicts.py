"""What a check answers: a verdict and the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from .show import numbers


class Verdict(Enum):
    """Ordered from best to worst. Only PROVED is a proof."""

    PROVED = "proved"
    CHECKED = "checked"
    UNKNOWN = "unknown"
    REFUTED = "refuted"

    @property
    def rank(self) -> int:
        return list(Verdict).index(self)

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Result:
    """The answer of a check. True in a condition only if it is PROVED.

    counterexample  name -> number, such as {"n": 2, "w[1]": 3}, if REFUTED
    lhs, rhs        the values of both sides there; None for a side that has no value
    method          which judges spoke and how, in words; note: why there is no better verdict
    points          at how many generic points the evaluator compared the sides
    conditions      LaTeX of where a proved line is meant: poles, branches, kinks that no hypothesis excludes
    used            LaTeX of the hypotheses about letters that the symbolic judge asked for in a proof
    """

    verdict: Verdict
    counterexample: dict[str, Any] | None = None
    lhs: Any = None
    rhs: Any = None
    method: str = ""
    note: str = ""
    relation: str = "="
    points: int = 0
    conditions: tuple[str, ...] = ()
    used: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.verdict is Verdict.PROVED

    def __repr__(self) -> str:
        if self.verdict is not Verdict.REFUTED:
            return str(self.verdict) + (f" ({self.note})" if self.note else "")
        return f"refuted: {self.explanation}"

    def _repr_html_(self) -> str:
        return numbers.result_html(self)

    @property
    def explanation(self) -> str:
        """One line for a reader: both values and the point, or the reason."""
        if self.counterexample is None:
            return self.note
        if not self.counterexample and self.lhs is None and self.rhs is None:
            return f"everywhere: {self.note}"
        left, right = numbers.distinct(self.lhs, self.rhs)
        sides = f"left side {left}, right side {right}"
        if not self.counterexample:
            return sides + (f" ({self.note})" if self.note else "")
        at = ", ".join(f"{name} = {numbers.number(value)}" for name, value in self.counterexample.items())
        return f"at {at}: {sides}" + (f" ({self.note})" if self.note else "")
