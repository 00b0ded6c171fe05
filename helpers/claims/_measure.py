"""Values over seeds and the interval of their mean."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from helpers.runtime import CourseError


@dataclass(frozen=True)
class Measured:
    """What a predicate is asked about: `values` over seeds, their `mean`, its 95 % interval `low` to `high`.

    A single value has no interval: `low` is -inf and `high` is inf, so no predicate on them holds by luck.
    """

    values: tuple[float, ...]
    setting: str = ""
    level: float = 0.95

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def mean(self) -> float:
        return math.fsum(self.values) / self.n

    @property
    def low(self) -> float:
        return interval(self.values, self.level)[1] if self.n > 1 else -math.inf

    @property
    def high(self) -> float:
        return interval(self.values, self.level)[2] if self.n > 1 else math.inf

    def __str__(self) -> str:
        spread = f" ({self.low:.4g} to {self.high:.4g}, n = {self.n})" if self.n > 1 else " (n = 1)"
        return f"{self.setting}: {self.mean:.4g}{spread}" if self.setting else f"{self.mean:.4g}{spread}"


def interval(values: Iterable[float], level: float = 0.95) -> tuple[float, float, float]:
    """Mean, lower and upper end of the t-interval of the mean.

    Half the width is t · s/√n, with t the quantile of Student's distribution with n − 1 degrees of freedom
    and s the sample's standard deviation. Raises CourseError for fewer than two values.
    """
    from scipy.special import stdtrit

    values = [float(v) for v in values]
    n = len(values)
    if n < 2:
        raise CourseError(f"An interval needs at least two values, got {n}: measure with more seeds.")
    if not 0 < level < 1:
        raise CourseError(
            f"The level of an interval lies between 0 and 1, not at {level}: write 0.95 for 95 %."
        )
    mean = math.fsum(values) / n
    s = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1))
    half = float(stdtrit(n - 1, (1 + level) / 2)) * s / math.sqrt(n)
    return mean, mean - half, mean + half


def measure(given, where: str) -> tuple[Measured, ...]:
    """A number, a list (one for each seed) or {setting: list} as plain floats; `where` names the claim."""
    if isinstance(given, dict):
        return tuple(Measured(_floats(values, where), str(setting)) for setting, values in given.items())
    return (Measured(_floats(given, where)),)


def _floats(given, where: str) -> tuple[float, ...]:
    try:
        values = tuple(float(v) for v in given) if hasattr(given, "__len__") else (float(given),)
    except (TypeError, ValueError) as error:
        raise CourseError(
            f"{where}: measured must be a number or a list of numbers, not {given!r}."
        ) from error
    if not values:
        raise CourseError(f"{where}: measured is empty, give at least one value.")
    if not all(map(math.isfinite, values)):
        raise CourseError(f"{where}: measured holds a value that is not a finite number: {list(values)}.")
    return values
