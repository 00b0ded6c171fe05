"""The rule of the ledger: from a kind of claim and the measured values to a verdict. It reads no words.

A claim names its kind and its numbers before anything is measured; nothing else decides:

============  ==========================================================  ================================
kind          what is claimed                                             what the interval is for
============  ==========================================================  ================================
one_run       one run gave the number r                                   one more run of ours
above, below  a quantity lies above (below) t                             its mean, or the proportion
between       a quantity lies between l and h                             its mean, or the proportion
better        A exceeds B by more than d; values are paired differences   the mean difference
same          A equals B within d; values are paired differences          the mean difference
exact         what is counted or computed equals, exceeds, is below t     nothing varies: no interval
============  ==========================================================  ================================

*Consistent*: the interval lies wholly inside what is claimed. *Refuted*: wholly outside. Else *undecided*. A
single reported run is consistent if the interval for one more run holds it, and that interval is no wider
than the claim declared to tell apart. A claim that is measured in several settings *depends* if it is
consistent in one and refuted in another. Fewer units than were designed leave a claim *pending*.

Where something random varied and yet all n values are equal, they show no spread, and an interval of width 0
would claim a certainty that n runs do not give. What they do give is the share of all such runs that are
like them, by the exact interval for n of n. So the value itself is compared with the claim, which is decided
only if at this level more than half of all such runs give that value; five are the fewest that do. Another
number that one run is said to have given is refuted only if one in twenty at most may differ; else it is
undecided.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from helpers.claims._intervals import LEVEL, alike, of_mean, of_one_run, of_print, of_proportion, share_alike
from helpers.runtime import CourseError

CONSISTENT, REFUTED, UNDECIDED, DEPENDS = "consistent", "refuted", "undecided", "depends"
PENDING, UNTESTABLE = "pending", "not testable here"
VERDICTS = (CONSISTENT, REFUTED, DEPENDS, UNDECIDED, PENDING, UNTESTABLE)
KINDS = ("one_run", "above", "below", "between", "better", "same", "exact", "proved", "untestable")


@dataclass(frozen=True)
class Rule:
    """How one claim is judged: `kind` and the numbers that were fixed before the run.

    `low`, `high`   what is claimed: the quantity lies between the two (±inf where there is no such end)
    `tells_apart`   one_run: a wider interval decides nothing
    `images`        one_run: the reported share was printed for so many images of the report's own
    `seeds`         how many units (starts, draws, photographs) were designed; fewer are *pending*
    `groups`        how many consecutive values share a draw, and are no independent repetitions of it
    `possible`      the values that the quantity can have at all
    `of`            "mean", or "proportion" for values that are 0 or 1
    """

    kind: str
    low: float = -math.inf
    high: float = math.inf
    tells_apart: float = math.inf
    images: int = 0
    seeds: int = 1
    groups: int = 1
    possible: tuple[float, float] = (-math.inf, math.inf)
    of: str = "mean"


@dataclass(frozen=True)
class Finding:
    """What one setting says: `verdict`, the mean, and the interval (None where nothing varies).

    `share` is there where all values are equal: at least so many of all such runs give the same.
    """

    verdict: str
    mean: float
    low: float | None = None
    high: float | None = None
    share: float | None = None


def find(rule: Rule, values: Sequence[float], level: float = LEVEL) -> Finding:
    """The finding for the `values` of one setting, one for each unit that was repeated.

    Raises CourseError for no values, more than were designed, or shares that are not between 0 and 1.
    """
    values = tuple(map(float, values))
    if not values or not all(map(math.isfinite, values)):
        raise CourseError(f"a claim is judged by finite numbers, at least one, not by {list(values)}.")
    mean = math.fsum(values) / len(values)
    if rule.kind == "exact":
        held = all(rule.low <= value <= rule.high for value in values)
        return Finding(CONSISTENT if held else REFUTED, mean)
    if len(values) > rule.seeds:
        raise CourseError(f"{len(values)} values were measured, but {rule.seeds} were designed.")
    if len(values) < rule.seeds or len(values) // rule.groups < 2:
        return Finding(PENDING, mean)
    interval = interval_of(rule, values, level)
    if interval is not None:
        return Finding(_decide(rule, *interval), mean, *interval)
    share = share_alike(len(values) // rule.groups, level)
    value = values[0] if len(set(values)) == 1 else mean  # a mean may be off by a rounding
    return Finding(_decide_alike(rule, value, share, level), mean, share=share)


def interval_of(rule: Rule, values: Sequence[float], level: float = LEVEL) -> tuple[float, float] | None:
    """The interval that the kind asks for, within what is possible; None where all runs are alike."""
    if rule.of == "proportion":
        return of_proportion(values, level)
    # One more run on an old draw may differ even if the means of the draws do not.
    if alike(values, 1 if rule.kind == "one_run" else rule.groups) and not (
        rule.images and 0 < values[0] < 1  # images are left to vary
    ):
        return None
    if rule.images:
        return of_print(values, rule.images, level, rule.groups)
    ends = of_one_run if rule.kind == "one_run" else of_mean
    low, high = ends(values, level, rule.groups)
    # The truth is possible, so cutting off what is not leaves the chance of holding it as it is.
    return max(float(low), rule.possible[0]), min(float(high), rule.possible[1])


def _decide(rule: Rule, low: float, high: float) -> str:
    if rule.kind == "one_run":
        if high < rule.low or low > rule.high:
            return REFUTED
        return CONSISTENT if high - low <= rule.tells_apart else UNDECIDED
    if low > rule.low and high < rule.high:
        return CONSISTENT
    return REFUTED if high <= rule.low or low >= rule.high else UNDECIDED


def _decide_alike(rule: Rule, value: float, share: float, level: float) -> str:
    if share <= 0.5:
        return UNDECIDED
    if rule.kind == "one_run" and not rule.low <= value <= rule.high:
        return REFUTED if share >= level else UNDECIDED
    return _decide(rule, value, value)


def together(verdicts: Sequence[str]) -> str:
    """One verdict for a claim that was measured in several settings."""
    found = set(verdicts)
    if len(found) == 1:
        return found.pop()
    if PENDING in found:
        return PENDING
    return DEPENDS if {CONSISTENT, REFUTED} <= found else UNDECIDED
