"""Mini-batches: the mean and the variance of their gradient, with and without replacement.

HW3 problem 1.1. g_s is sample s's derivative of the cost by one weight, ḡ the mean of all N, V their
variance. A batch has B places, and its gradient is the mean over the places. An expectation is an average,
written out: one place holds each of the N samples equally often, two places each pair of samples equally
often, a pair of equal samples only if samples are put back (with replacement). What follows for B places is
the linearity of the average; `stochastic.two` and `stochastic.one-more-draw` run through all batches instead.
What optimisers make of a gradient is in `stochastic_updates`.
"""

from __future__ import annotations

from sympy import Expr, KroneckerDelta, Sum, sqrt, symbols

from helpers.notation import B, N, array, eta, q, r, s, t
from helpers.proof import At, Derivation, Given, define, induction, recursive

from ._registry import Lines, derivation, erratum

g = array("g", N)  # one derivative per sample
mean = define("gbar", (), Sum(g[s], (s, 1, N)) / N, latex=r"\bar{g}")()
off = define("d", (s,), g[s] - mean, latex="d")
variance = define("V", (), Sum(off(s) ** 2, (s, 1, N)) / N)()
R = symbols("R", integer=True, positive=True)  # how many batches there are
sums = array("T", R)  # what each of R batches sums to
table = array("g", R, B)  # derivatives, batch by batch
SAMPLES = Given(sizes=(N,))
BATCH = Given(sizes=(N, B), span=(2, 3, 1))
SEVERAL = Given(sizes=(N, B), span=(2, 3, 4))  # pairs of different samples need N > 1
EPOCH = Given(sizes=(R, B), span=(2, 3, 1))


def same_place() -> Expr:
    """The average of d_s² over all samples: a place with itself."""
    return Sum(off(s) ** 2, (s, 1, N)) / N


def pair_with() -> Expr:
    """The average of d_s d_q over all N² pairs of samples: two places, with replacement."""
    return Sum(off(s) * off(q), (q, 1, N), (s, 1, N)) / N**2


def pair_without() -> Expr:
    """The average of d_s d_q over all N(N − 1) pairs of different samples: two places, no replacement."""
    return Sum((1 - KroneckerDelta(s, q)) * off(s) * off(q), (q, 1, N), (s, 1, N)) / (N * (N - 1))


def places(pair: Expr) -> Expr:
    """The mean square of a batch's deviation: all B² pairs of places, of which B are a place with itself."""
    same = KroneckerDelta(t, r)
    return Sum(same * same_place() + (1 - same) * pair, (r, 1, B), (t, 1, B)) / B**2


def with_replacement() -> Expr:
    """V/B."""
    return variance / B


def without_replacement() -> Expr:
    """V/B · (N − B)/(N − 1)."""
    return variance / B * ((N - B) / (N - 1))


# ---------------------------------------------------------------- mean and variance of the samples
@derivation("stochastic.deviations", task="HW3-1.1", title="deviations from the mean sum to 0", sizes="any N")
def deviations() -> Derivation:
    """Σ (g_s − ḡ) = 0."""
    d = Derivation("stochastic.deviations", Sum(g[s] - mean, (s, 1, N)), SAMPLES)
    d.step(lambda: Sum(g[s], (s, 1, N)) - N * mean, because="the mean is the same in all $N$ terms")
    return d.step(0, because="$N \\bar{g}$ is the sum").qed()


@derivation(
    "stochastic.mean-square",
    task="HW3-1.1",
    title="variance is mean square minus squared mean",
    sizes="any N",
)
def mean_square() -> Derivation:
    """V = (1/N) Σ g² − ḡ²."""
    d = Derivation("stochastic.mean-square", Sum((g[s] - mean) ** 2, (s, 1, N)) / N, SAMPLES)
    d.step(lambda: Sum(g[s] ** 2 - 2 * g[s] * mean + mean**2, (s, 1, N)) / N, because="multiply out")
    d.step(
        lambda: (Sum(g[s] ** 2, (s, 1, N)) - 2 * Sum(g[s], (s, 1, N)) * mean + N * mean**2) / N,
        because="sum term by term",
    )
    return d.step(lambda: Sum(g[s] ** 2, (s, 1, N)) / N - mean**2, because="the sum is $N \\bar{g}$").qed()


@derivation(
    "stochastic.pairs", task="HW3-1.1", title="two different samples: the covariance", sizes="any N > 1"
)
def pairs() -> Derivation:
    """The average of d_s d_q over pairs of different samples is −V/(N − 1): one above, so another below."""
    d = Derivation("stochastic.pairs", pair_without, Given(sizes=(N,), span=(2, 3, 4)))
    d.step(
        lambda: (
            (Sum(off(s), (s, 1, N)) * Sum(off(q), (q, 1, N)) - Sum(off(s) ** 2, (s, 1, N))) / (N * (N - 1))
        ),
        because="all pairs, minus the pairs of a sample with itself",
    )
    d.step(lambda: -Sum(off(s) ** 2, (s, 1, N)) / (N * (N - 1)), because="deviations sum to 0")
    return d.step(lambda: -variance / (N - 1), because="the sum of squares is $N V$").qed()


# ---------------------------------------------------------------- the gradient of a mini-batch
@derivation(
    "stochastic.unbiased", task="HW3-1.1", title="a mini-batch's gradient is unbiased", sizes="any N and B"
)
def unbiased() -> Derivation:
    """The batch gradient is ḡ on average, with or without replacement: each place sees all samples alike."""
    d = Derivation("stochastic.unbiased", Sum(Sum(g[s], (s, 1, N)) / N, (t, 1, B)) / B, BATCH)
    d.step(lambda: Sum(mean, (t, 1, B)) / B, because="every place has the mean $\\bar{g}$")
    return d.step(mean, because="$B$ equal terms, divided by $B$").qed()


@derivation(
    "stochastic.variance", task="HW3-1.1", title="its variance, with replacement: V/B", sizes="any N and B"
)
def variance_with() -> Derivation:
    """The variance of a batch's gradient is V/B: B(B − 1) of the B² pairs of places cancel out."""
    d = Derivation("stochastic.variance", lambda: places(pair_with()), BATCH)
    d.step(
        lambda: (B * same_place() + B * (B - 1) * pair_with()) / B**2,
        because="$B$ pairs are a place with itself",
    )
    d.step(
        lambda: (B * same_place() + B * (B - 1) * (Sum(off(s), (s, 1, N)) / N) ** 2) / B**2,
        because="the two samples do not depend on each other: the double sum is a product",
    )
    d.step(lambda: B * same_place() / B**2, because="deviations sum to 0")
    return d.step(with_replacement, because="the average of $d_s^2$ is $V$").qed()


@derivation(
    "stochastic.variance-without",
    task="HW3-1.1",
    title="its variance, without replacement",
    sizes="any N > 1, any B up to N",
)
def variance_without() -> Derivation:
    """Without replacement the variance is V/B · (N − B)/(N − 1): places are negatively correlated."""
    d = Derivation("stochastic.variance-without", lambda: places(pair_without()), SEVERAL)
    d.step(
        lambda: (B * same_place() + B * (B - 1) * pair_without()) / B**2,
        because="$B$ pairs are a place with itself",
    )
    d.step(
        lambda: (B * variance - B * (B - 1) * variance / (N - 1)) / B**2,
        because="two different samples have the covariance $-V/(N-1)$",
    )
    return d.step(without_replacement, because="$(N - 1) - (B - 1) = N - B$").qed()


@derivation("stochastic.ends", task="HW3-1.1", title="a batch of one, and a batch of all", sizes="any N > 1")
def ends() -> Derivation:
    """Without replacement the noise is V at B = 1, like with it, and 0 at B = N: no sample is left out."""
    given = Given(sizes=(N,), span=(2, 3, 4))
    d = Derivation(
        "stochastic.ends", lambda: At(without_replacement(), B, 1), given, title="Online learning, B = 1"
    )
    d.step(variance, because="$(N - 1)/(N - 1)$ is 1")
    d.part("Full batch, B = N", lambda: At(without_replacement(), B, N))
    d.step(0, because="$N - N$ is 0")
    d.part("With replacement, B = N", At(with_replacement(), B, N))
    d.step(lambda: variance / N, because="samples are missing and others count twice, so noise is left")
    return d.qed()


@derivation("stochastic.two", task="HW3-1.1", title="all batches of two, one by one", sizes="B = 2, any N")
def two() -> Derivation:
    """Both variances for B = 2 as an average over every batch, without any rule about expectations."""

    def square() -> Expr:
        return ((g[s] + g[q]) / 2 - mean) ** 2

    d = Derivation(
        "stochastic.two",
        lambda: Sum(square(), (q, 1, N), (s, 1, N)) / N**2,
        SAMPLES,
        title="With replacement: N² batches",
    )
    d.step(lambda: variance / 2, because="multiply out; deviations sum to 0")
    d.part(
        "Without: N(N − 1) batches",
        lambda: Sum((1 - KroneckerDelta(s, q)) * square(), (q, 1, N), (s, 1, N)) / (N * (N - 1)),
        Given(sizes=(N,), span=(2, 3, 4)),
    )
    d.step(lambda: variance / 2 * ((N - 2) / (N - 1)), because="the $N$ pairs of equal samples are left out")
    return d.qed()


@derivation(
    "stochastic.one-more-draw",
    task="HW3-1.1",
    title="one more draw adds ḡ to the mean, V to the variance",
    sizes="any N, any number R of batches",
)
def one_more_draw() -> Derivation:
    """R batches with sums T, equally likely, and one more sample: all R N outcomes are equally likely."""
    given = Given(sizes=(N, R), span=(2, 3, 1))
    average = Sum(sums[r], (r, 1, R)) / R
    every = ((r, 1, R), (s, 1, N))
    d = Derivation(
        "stochastic.one-more-draw",
        Sum(sums[r] + g[s], *every) / (R * N),
        given,
        title="The mean of the new sums",
    )
    d.step(lambda: average + mean, because="sum over the old batches and over the new sample in turn")
    d.part("Their variance", Sum((sums[r] + g[s] - average - mean) ** 2, *every) / (R * N))
    d.step(
        lambda: (
            Sum((sums[r] - average) ** 2, (r, 1, R)) / R
            + 2 * Sum(sums[r] - average, (r, 1, R)) * Sum(off(s), (s, 1, N)) / (R * N)
            + variance
        ),
        because="the square of a sum of two deviations",
    )
    d.step(lambda: Sum((sums[r] - average) ** 2, (r, 1, R)) / R + variance, because="deviations sum to 0")
    return d.qed()


@derivation("stochastic.draws", task="HW3-1.1", title="the variance of B draws by induction", sizes="any B")
def draws() -> Derivation:
    """Each draw adds V, so the sum of B draws has B V, and their mean, the sum divided by B, has V/B."""
    one = symbols("V", positive=True)
    total = recursive("S", [t], start=(t, 0), base=0, rule=lambda f: f(t - 1) + one)
    return induction(
        "stochastic.draws",
        total(t),
        t * one,
        t,
        Given(sizes=(B,), free={t: (1, B)}),
        because="one more draw adds $V$",
        claim="the sum of $t$ draws has the variance $tV$",
    )


@derivation(
    "stochastic.within", task="HW3-1.1", title="the spread inside a batch is too small", sizes="any N and B"
)
def within() -> Derivation:
    """On average a batch's own variance is V (B − 1)/B; multiply by B/(B − 1) to estimate V without bias."""
    d = Derivation("stochastic.within", lambda: Sum(same_place(), (t, 1, B)) / B - places(pair_with()), BATCH)
    d.step(
        lambda: variance - with_replacement(),
        because="mean square of the places minus mean square of the batch's mean",
    )
    return d.step(lambda: variance * ((B - 1) / B), because="one fraction").qed()


# ---------------------------------------------------------------- an epoch of mini-batches
@derivation(
    "stochastic.epoch",
    task="HW3-1.1",
    title="the batches of an epoch average to the full gradient",
    sizes="any number R of batches of any size B",
)
def epoch() -> Derivation:
    """The mean of R batch means is the mean of all R B samples, because the batches have the same size."""
    d = Derivation("stochastic.epoch", Sum(Sum(table[r, t], (t, 1, B)) / B, (r, 1, R)) / R, EPOCH)
    d.step(lambda: Sum(Sum(table[r, t], (t, 1, B)), (r, 1, R)) / (R * B), because="$1/B$ is the same factor")
    return d.qed()


@derivation(
    "stochastic.updates",
    task="HW3-1.1",
    title="how many more updates online learning makes",
    sizes="any N and B",
)
def updates() -> Derivation:
    """An epoch has N/B updates with batches of B, and N with batches of 1: B times as many."""
    d = Derivation("stochastic.updates", lambda: N / (N / B), BATCH)
    return d.step(B, because="an epoch reads $N$ samples either way").qed()


@derivation(
    "stochastic.halved", task="HW3-1.1", title="half the noise costs four times the work", sizes="any N and B"
)
def halved() -> Derivation:
    """The standard deviation falls as 1/√B: a batch of 4B has half that of B."""
    d = Derivation("stochastic.halved", lambda: sqrt(variance / (4 * B)), BATCH)
    return d.step(lambda: sqrt(variance / B) / 2, because="$\\sqrt{4} = 2$").qed()


@derivation(
    "stochastic.linear-scaling",
    task="HW3-1.1",
    title="rate and batch size scale together",
    sizes="any N and B",
)
def linear_scaling() -> Derivation:
    """With rate ρB the N/B steps of an epoch move a weight by ρN ḡ with variance ρ²N V, whatever B is.

    The gradient is held at its value, as it nearly is while the steps are small.
    """
    rho = symbols("rho", positive=True)
    d = Derivation(
        "stochastic.linear-scaling", lambda: N / B * (rho * B * mean), BATCH, title="The mean move"
    )
    d.step(lambda: rho * N * mean, because="$B$ cancels")
    d.part("Its variance", lambda: N / B * ((rho * B) ** 2 * with_replacement()))
    return d.step(lambda: rho**2 * N * variance, because="$B^2$ from the rate, $1/B$ twice").qed()


@derivation(
    "stochastic.noise-floor",
    task="HW3-1.1",
    title="the noise that a fixed rate leaves",
    sizes="one weight, any B",
)
def noise_floor() -> Derivation:
    """On ½hw² the weight's variance settles at ηV/(B h (2 − ηh)): it maps to itself in a step, for any rate.

    A step takes w to (1 − ηh)w − η·noise, where the noise has the variance V/B.
    """
    h, noise = symbols("h V", positive=True)

    def floor() -> Expr:
        return eta * noise / (B * h * (2 - eta * h))

    d = Derivation(
        "stochastic.noise-floor", lambda: (1 - eta * h) ** 2 * floor() + eta**2 * noise / B, Given(sizes=(B,))
    )
    d.step(
        lambda: floor() - eta * h * (2 - eta * h) * floor() + eta**2 * noise / B,
        because="$(1 - \\eta h)^2 = 1 - \\eta h(2 - \\eta h)$",
    )
    d.step(floor, because="what a step forgets is what its noise adds, $\\eta^2 V/B$")
    return d.qed()


# ---------------------------------------------------------------- the reports' errors
@erratum(
    "HW4-3.1/E-last-batch",
    where="Problem 3, the function that tests",
    said="the accuracy on the last batch is the accuracy on all test images",
)
def report_e_last_batch() -> Lines:
    right = array("c", R, B)  # 1 where an image is named correctly, else 0
    every = Sum(right[r, t], (t, 1, B), (r, 1, R)) / (R * B)
    return Lines(
        every,
        Sum(right[R, t], (t, 1, B)) / B,
        Sum(Sum(right[r, t], (t, 1, B)) / B, (r, 1, R)) / R,
        Given(sizes=(R, B), domain={right: "binary"}, span=(2, 3, 1)),
    )


@erratum(
    "HW4-3.3b/E-rounding",
    where="Problem 3, part 3b, the last result",
    said="the accuracy 1.0000 of the test images is due to rounding",
)
def report_e_rounding() -> Lines:
    right = define("right", (s,), 1 - KroneckerDelta(s, q))
    return Lines(Sum(right(s), (s, 1, N)) / N, 1, 1 - 1 / N, Given(sizes=(N,), free={q: (1, N)}))
