"""Oracles: simulated runs whose truth is known, intervals from tables and from SciPy's other functions.

Of ten thousand normal samples a rule at 95 % may judge 5 % wrongly; 5.7 % leaves room for the luck of the
draw (three standard errors). What skewed and two-humped runs do to it is asserted beside, not hidden.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from helpers.claims import Rule, find, seeds_needed
from helpers.claims._intervals import of_mean, of_one_run, of_print, of_proportion
from helpers.claims._rule import together
from helpers.runtime import CourseError

SAMPLES, LIMIT = 10_000, 0.057


def normal(generator, *shape):
    return generator.normal(0, 1, shape)


def skewed(generator, *shape):
    return generator.exponential(1, shape) - 1  # mean 0


def two_humped(generator, *shape):
    return generator.choice([-1.0, 1.0], shape) + generator.normal(0, 0.3, shape)


def wrong(kind: str, draw, n: int) -> tuple[float, float]:
    """The share of samples for which the claim is called consistent, and refuted, where either is wrong.

    A claim about a mean stands at its edge: the mean is 0, and "above 0", "more than 0 apart" and "equal
    within 1" (at a mean of exactly 1) are neither true nor false, so that any decision errs. A claim about
    one run is true: the reported run is drawn like the others, so that only *refuted* errs.
    """
    generator = np.random.default_rng(n)
    values = draw(generator, SAMPLES, n)
    if kind == "one_run":
        low, high = of_one_run(values)
        one = draw(generator, SAMPLES)
        return float(np.mean(one > high)), float(np.mean(one < low))
    shift = 1.0 if kind == "same" else 0.0
    low, high = (end + shift for end in of_mean(values))
    top = 1.0 if kind == "same" else math.inf
    bottom = -1.0 if kind == "same" else 0.0
    inside = (low > bottom) & (high < top)
    outside = (high <= bottom) | (low >= top)
    return float(np.mean(inside)), float(np.mean(outside))


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize("kind", ["one_run", "above", "better", "same"])
def test_normal_runs_are_judged_wrongly_in_one_of_twenty_at_most(kind, n):
    left, right = wrong(kind, normal, n)
    assert left + right <= LIMIT
    assert max(left, right) <= LIMIT / 2 + 0.005


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize("kind", ["one_run", "above"])
def test_skewed_and_two_humped_runs_err_more_often(kind, n):
    """Skewed runs: up to one in eight, on one side. Two humps: one in five at n = 3, few from 5 on."""
    assert sum(wrong(kind, skewed, n)) <= 0.13
    assert sum(wrong(kind, two_humped, n)) <= (0.22 if n == 3 else 0.075)
    assert sum(wrong("above", skewed, n)) > LIMIT


def test_a_narrower_rule_is_found():
    """Can the simulation fail? The interval of the mean, taken for one more run, refutes far too often."""
    generator = np.random.default_rng(0)
    low, high = of_mean(normal(generator, SAMPLES, 5))
    one = normal(generator, SAMPLES)
    assert np.mean((one < low) | (one > high)) > 3 * LIMIT


@pytest.mark.parametrize("n", [3, 5, 10])
def test_runs_that_share_a_draw_are_grouped(n):
    """Four starts on each of n draws: grouped, one more run is missed in 5 %; ungrouped, more often."""
    generator = np.random.default_rng(n)
    values = (normal(generator, SAMPLES, n, 1) + 0.3 * normal(generator, SAMPLES, n, 4)).reshape(SAMPLES, -1)
    one = normal(generator, SAMPLES) + 0.3 * normal(generator, SAMPLES)

    def missed(groups):
        low, high = of_one_run(values, groups=groups)
        return np.mean((one < low) | (one > high))

    assert missed(4) <= LIMIT < missed(1)
    low, high = of_mean(values, groups=4)
    assert np.mean((low > 0) | (high < 0)) <= LIMIT


@pytest.mark.parametrize("images", [100, 1_000])
def test_a_print_for_few_images_is_rarely_outside(images):
    generator = np.random.default_rng(images)
    outside, samples = 0, 50_000 // images
    for _ in range(samples):
        *shares, next_share = np.clip(generator.normal(0.98, 0.004, 6), 0, 1)
        low, high = of_print(shares, images)
        printed = generator.binomial(images, next_share) / images
        outside += not low <= printed <= high
    assert outside / samples <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / samples)


def test_a_print_without_spread_is_binomial():
    assert of_print([0.9, 0.9, 0.9], 100) == pytest.approx(
        [q / 100 for q in stats.binom.interval(0.95, 100, 0.9)]
    )
    assert of_print([1.0, 1.0], 100) == (1.0, 1.0)
    low, high = of_print([0.9, 1.0, 0.95], 100)
    assert 0 <= low < 0.9 < high <= 1


def test_intervals_by_hand():
    # n = 3, values 1 2 3: s = 1, t(2; 0.975) = 4.302653; half widths t/sqrt(3) and t * sqrt(4/3)
    assert of_mean([1, 2, 3]) == pytest.approx((2 - 2.484138, 2 + 2.484138), abs=1e-6)
    assert of_one_run([1, 2, 3]) == pytest.approx((2 - 4.968276, 2 + 4.968276), abs=1e-6)
    # Wilson (1927), 7 of 10: centre (7 + z²/2)/(10 + z²)
    assert of_proportion([1.0] * 7 + [0.0] * 3) == pytest.approx((0.396781, 0.892202), abs=1e-4)


RUNS = (31, 35, 29, 33, 34)  # mean 32.4, s 2.41: one more run 25.1 to 39.7, the mean 29.4 to 35.4


@pytest.mark.parametrize(
    ("rule", "values", "verdict"),
    [
        (Rule("one_run", 33, 33, seeds=5), RUNS, "consistent"),
        (Rule("one_run", 33, 33, seeds=5, tells_apart=5), RUNS, "undecided"),
        (Rule("one_run", 50, 50, seeds=5), RUNS, "refuted"),
        (Rule("one_run", 50, 50, seeds=5, tells_apart=5), RUNS, "refuted"),
        (Rule("one_run", 39.6, 40.6, seeds=5), RUNS, "consistent"),  # the printed rounding reaches inside
        (Rule("above", 20, seeds=5), RUNS, "consistent"),
        (Rule("above", 40, seeds=5), RUNS, "refuted"),
        (Rule("above", 30, seeds=5), RUNS, "undecided"),
        (Rule("below", high=40, seeds=5), RUNS, "consistent"),
        (Rule("below", high=20, seeds=5), RUNS, "refuted"),
        (Rule("between", 20, 40, seeds=5), RUNS, "consistent"),
        (Rule("between", 20, 25, seeds=5), RUNS, "refuted"),
        (Rule("better", 0, seeds=3), (1, 2, 3), "undecided"),
        (Rule("better", 0, seeds=4), (0, 0, 0, 0), "undecided"),  # all alike: five are needed
        (Rule("better", 0, seeds=5), (0, 0, 0, 0, 0), "refuted"),
        (Rule("better", 0.5, seeds=5), (1, 1, 1, 1, 1), "consistent"),
        (Rule("same", -1, 1, seeds=5), (0, 0, 0, 0, 0), "consistent"),
        (Rule("same", -1, 1, seeds=5), (1, 1, 1, 1, 1), "refuted"),
        (Rule("one_run", 33, 33, seeds=5), (33,) * 5, "consistent"),
        (Rule("one_run", 33, 33, seeds=4), (33,) * 4, "undecided"),
        (Rule("one_run", 34, 34, seeds=58), (33,) * 58, "undecided"),
        (Rule("one_run", 34, 34, seeds=59), (33,) * 59, "refuted"),
        (Rule("one_run", 0.9, 0.9, seeds=5, images=100), (1,) * 5, "undecided"),
        (Rule("one_run", 0.9, 0.9, seeds=5, images=100), (0.99,) * 5, "refuted"),  # images vary
        (Rule("above", 20, seeds=10, groups=2), (31, 35) * 5, "consistent"),  # draws alike, starts not
        (Rule("above", 20, seeds=8, groups=2), (31, 35) * 4, "undecided"),
        (Rule("one_run", 31, 31, seeds=8, groups=2), (31, 35) * 4, "consistent"),
        (Rule("same", -5, 5, seeds=3), (1, 2, 3), "consistent"),
        (Rule("same", -1, 1, seeds=3), (1, 2, 3), "undecided"),
        (Rule("same", -1, 1, seeds=3), (5, 5.1, 5.2), "refuted"),
        (Rule("exact", 1, 1), (1,), "consistent"),
        (Rule("exact", 1, 1), (1, 2), "refuted"),
        (Rule("above", 20, seeds=6), RUNS, "pending"),
        (Rule("above", 20), (31,), "pending"),
        (Rule("above", 20, seeds=4, groups=4), (31, 35, 29, 33), "pending"),
        (Rule("above", 0.5, seeds=10, of="proportion"), [1] * 9 + [0], "consistent"),
        (Rule("above", 0.5, seeds=10, of="proportion"), [1] * 7 + [0] * 3, "undecided"),
    ],
)
def test_verdicts_by_hand(rule, values, verdict):
    assert find(rule, values).verdict == verdict


def test_intervals_stay_within_what_is_possible():
    found = find(Rule("above", 0.9, seeds=3, possible=(0, 1)), (0.9985, 0.9965, 0.995))
    assert found.high == 1.0
    assert find(Rule("exact", 0, 1), (0.5, 0.6)).low is None


@pytest.mark.parametrize("n", [2, 4, 5, 10, 100])
def test_runs_that_are_all_alike_have_a_share_and_no_interval(n):
    """Of all runs a share p gives the value; n of n do with the chance p**n, one in twenty at the share."""
    found = find(Rule("above", 0, seeds=n), [3.0] * n)
    assert (found.low, found.high, found.mean) == (None, None, 3)
    assert found.share**n == pytest.approx(0.05)
    assert find(Rule("above", 0, seeds=n), [3.0] * n, 0.99).share ** n == pytest.approx(0.01)
    assert find(Rule("above", 0, seeds=n), [3.0] * (n - 1) + [3.0001]).share is None
    drawn = find(Rule("above", 0, seeds=2 * n, groups=2), [3.0, 4.0] * n)
    assert (drawn.mean, drawn.share) == (3.5, found.share)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 10])
def test_runs_of_two_values_that_are_all_alike_mislead_in_one_of_twenty_at_most(n):
    """Exact: a share p of all runs gives 0, the others 1; the claim is about what most of them give.

    A claim "below 0.5" is wrong if p < 0.5, and n zeros are seen with the chance p**n < 0.5**n. A rule that
    decided on fewer than five would err in up to one of four: it must not decide.
    """
    found = find(Rule("below", high=0.5, seeds=n), [0.0] * n)
    assert found.verdict == ("consistent" if 0.5**n <= 0.05 else "undecided")
    assert find(Rule("above", 0.5, seeds=n), [0.0] * n).verdict == ("refuted" if n >= 5 else "undecided")


def test_same_is_two_one_sided_tests():
    values = (0.2, -0.1, 0.4, 0.1)
    for edge in (0.2, 0.4, 0.5, 0.6, 1.0):
        sides = (
            stats.ttest_1samp(values, -edge, alternative="greater").pvalue,
            stats.ttest_1samp(values, edge, alternative="less").pvalue,
        )
        same = find(Rule("same", -edge, edge, seeds=4), values).verdict == "consistent"
        assert same == (max(sides) < 0.025)


def test_settings_together():
    assert together(["consistent", "consistent"]) == "consistent"
    assert together(["consistent", "refuted", "undecided"]) == "depends"
    assert together(["consistent", "undecided"]) == "undecided"
    assert together(["refuted", "undecided"]) == "undecided"
    assert together(["consistent", "refuted", "pending"]) == "pending"


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        (Rule("above", 0), ()),
        (Rule("above", 0), (math.nan,)),
        (Rule("above", 0, seeds=2), (1, 2, 3)),
        (Rule("above", 0, seeds=5, groups=2), (1, 2, 3, 4, 5)),
        (Rule("above", 0, seeds=2, of="proportion"), (0.5, 1)),
    ],
)
def test_what_cannot_be_judged_is_refused(rule, values):
    with pytest.raises(CourseError):
        find(rule, values)


def test_seeds_needed():
    pilot = (1.0, 1.5, 0.2)
    n = seeds_needed(Rule("above", 0), pilot)
    t, spread = stats.t.ppf(0.975, n - 1), np.std(pilot, ddof=1)
    assert np.mean(pilot) > t * spread / math.sqrt(n)
    fewer = n - 1
    assert np.mean(pilot) < stats.t.ppf(0.975, fewer - 1) * spread / math.sqrt(fewer)
    # One more run never varies less than runs do: no number of seeds makes 1.0 narrower than 0.1.
    assert seeds_needed(Rule("one_run", 1, 1, tells_apart=0.1), pilot) is None
    for rule, values in ((Rule("exact", 0, 0), pilot), (Rule("above", 0), (1, 2))):
        with pytest.raises(CourseError):
            seeds_needed(rule, values)
