"""What a check answers: a verdict and the evidence for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any


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
    about           what was compared: (left side, right side, hypotheses)
    """

    verdict: Verdict
    counterexample: dict[str, Any] | None = None
    lhs: Any = None
    rhs: Any = None
    method: str = ""
    note: str = ""
    relation: str = "="
    points: int = 0
    about: tuple[Any, ...] = field(default=(), repr=False, compare=False)

    def __bool__(self) -> bool:
        return self.verdict is Verdict.PROVED

    def __repr__(self) -> str:
        if self.verdict is not Verdict.REFUTED:
            return str(self.verdict) + (f" ({self.note})" if self.note else "")
        return f"refuted: {self.explanation}"

    @property
    def conditions(self) -> tuple[str, ...]:
        """LaTeX of where a proved equality is meant: the poles and branches that no hypothesis excludes."""
        from .domain import conditions

        return conditions(*self.about) if self.about else ()

    def _repr_html_(self) -> str:
        from .render import result_html

        return result_html(self)

    @property
    def explanation(self) -> str:
        """One line for a reader: both values and the point, or the reason."""
        if self.counterexample is None:
            return self.note
        left, right = distinct(self.lhs, self.rhs)
        sides = f"left side {left}, right side {right}"
        if not self.counterexample:
            return sides + (f" ({self.note})" if self.note else "")
        at = ", ".join(f"{name} = {number(value)}" for name, value in self.counterexample.items())
        return f"at {at}: {sides}" + (f" ({self.note})" if self.note else "")


def number(value: Any, digits: int = 6) -> str:
    """Significant digits of a float, whole numbers as they are, "undefined" for None."""
    if value is None:
        return "undefined"
    return f"{value:.{digits}g}" if isinstance(value, (float, complex)) else str(value)


def distinct(left: Any, right: Any) -> tuple[str, str]:
    """Both values in as many digits as it takes to see that they differ."""
    for digits in range(6, 18):
        shown = number(left, digits), number(right, digits)
        if shown[0] != shown[1]:
            break
    return shown
