"""How many runs decide a claim: asked with a pilot, before the long run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from helpers.claims._intervals import LEVEL
from helpers.claims._rule import CONSISTENT, REFUTED, Rule, find
from helpers.runtime import CourseError

MOST = 1_000


def seeds_needed(rule: Rule, pilot: Sequence[float], level: float = LEVEL) -> int | None:
    """The fewest runs at which a sample like the pilot decides the claim; None if no number of them does.

    `pilot` are a few values, at least three, one for each seed; the sample has their mean and spread. The
    answer is a guide and no promise: a few runs tell their spread badly. Raises CourseError for a kind that
    needs no runs.
    """
    if rule.kind in ("exact", "proved", "untestable") or rule.of == "proportion":
        raise CourseError(
            f"{rule.kind} of a {rule.of} needs no repeated runs: nothing varies from run to run."
        )
    if len(pilot) < 3:
        raise CourseError(
            f"A pilot of {len(pilot)} says nothing about the spread: give three values or more."
        )
    n = 2
    while n <= MOST:
        found = find(replace(rule, seeds=n, groups=1), _like(pilot, n), level)
        if found.verdict in (CONSISTENT, REFUTED):
            return n
        n += max(1, n // 20)
    return None


def _like(pilot: Sequence[float], n: int) -> list[float]:
    """`n` values with exactly the pilot's mean and sample standard deviation."""
    mean = math.fsum(pilot) / len(pilot)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in pilot) / (len(pilot) - 1))
    shape = [k - (n - 1) / 2 for k in range(n)]
    scale = math.sqrt(math.fsum(s * s for s in shape) / (n - 1))
    return [mean + spread * s / scale for s in shape]
