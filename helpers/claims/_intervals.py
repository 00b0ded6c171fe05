"""Intervals over repeated runs, by SciPy. Each takes the values, the level, and how many share a draw.

All accept an array whose last axis counts the runs, so that a simulation of ten thousand samples is one call.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.runtime import CourseError

LEVEL = 0.95
QUANTILES = 200  # points that stand for the distribution of the next start in `of_print`


def of_mean(values, level: float = LEVEL, groups: int = 1):
    """Ends of the t-interval of the mean; values that share a draw count as one, their mean."""
    from scipy import stats

    interval = stats.ttest_1samp(_grouped(values, groups).mean(-1), 0, axis=-1).confidence_interval(level)
    return interval.low, interval.high


def of_one_run(values, level: float = LEVEL, groups: int = 1):
    """Ends of the interval that one more run falls into: a new draw, and one start on it.

    The interval of the mean is t·s/√n to each side; one more run adds its own spread s, which makes
    t·s·√(1 + 1/n). Runs that share a draw add the spread within a draw, with the freedom of the draws alone.
    """
    from scipy import stats

    grouped = _grouped(values, groups)
    centres, n = grouped.mean(-1), grouped.shape[-2]
    spread = centres.var(-1, ddof=1) * (1 + 1 / n)
    if groups > 1:
        spread = spread + (1 - 1 / groups) * grouped.var(-1, ddof=1).mean(-1)
    half = stats.t.ppf((1 + level) / 2, n - 1) * np.sqrt(spread)
    return centres.mean(-1) - half, centres.mean(-1) + half


def of_proportion(values: Sequence[float], level: float = LEVEL) -> tuple[float, float]:
    """Ends of Wilson's interval of a proportion; `values` are 0 or 1, one for each photograph or trial."""
    from scipy import stats

    if not set(values) <= {0.0, 1.0}:
        raise CourseError(f"a proportion is counted from values 0 and 1, not from {sorted(set(values))[:4]}.")
    ends = stats.binomtest(int(sum(values)), len(values)).proportion_ci(level, method="wilson")
    return float(ends.low), float(ends.high)


def alike(values, groups: int = 1) -> bool:
    """Whether all draws gave the same value: they show no spread, and so no interval of the above."""
    return bool(np.ptp(_grouped(values, groups).mean(-1)) == 0)


def share_alike(n: int, level: float = LEVEL) -> float:
    """Where all `n` runs gave the same value, at least this share of all such runs gives it.

    The lower end of Clopper and Pearson's exact interval for n of n, on one side: 0.55 for 5, 0.74 for 10.
    """
    from scipy import stats

    return float(stats.binomtest(n, n, alternative="greater").proportion_ci(level, method="exact").low)


def of_print(values, images: int, level: float = LEVEL, groups: int = 1) -> tuple[float, float]:
    """Ends of the share that one more run prints for `images` images: the start and the images both vary.

    The next start's share is spread as in `of_one_run`; given it, the count is binomial. The ends are the
    first counts at which the mixture of these distributions has (1 − level)/2 at or below, and above.
    """
    from scipy import stats

    grouped = _grouped(values, groups)
    low, high = of_one_run(values, LEVEL, groups)
    freedom = grouped.shape[-2] - 1
    middle, scale = (low + high) / 2, (high - low) / 2 / stats.t.ppf((1 + LEVEL) / 2, freedom)
    steps = (np.arange(QUANTILES) + 0.5) / QUANTILES
    shares = np.clip(middle + scale * stats.t.ppf(steps, freedom), 0, 1)
    counts = np.arange(images + 1)
    below = stats.binom.cdf(counts[:, None], images, shares).mean(1)  # chance of at most so many right
    tail = (1 - level) / 2
    first = int(np.searchsorted(below, tail, side="right"))
    last = min(int(np.searchsorted(below, 1 - tail)), images)
    return first / images, last / images


def _grouped(values, groups: int) -> np.ndarray:
    """The values as (..., draws, starts on each)."""
    values = np.asarray(values, dtype=float)
    if values.shape[-1] % groups:
        raise CourseError(f"{values.shape[-1]} values cannot share their draws {groups} by {groups}.")
    return values.reshape(*values.shape[:-1], -1, groups)
