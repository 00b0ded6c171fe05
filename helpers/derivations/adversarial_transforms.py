"""What transforms of an image or of the scores can and cannot change.

HW4 problem 5. A pipeline normalises pixels with a mean M and a width s for each channel; a picture is shown
again by the inverse map. A blur replaces a pixel by a weighted mean of its neighbours. A temperature T
divides the scores before the softmax.
"""

from __future__ import annotations

from sympy import Sum, exp, log, symbols

from helpers.notation import K, array, eps, k, l, n, q, r, zk
from helpers.proof import Derivation, Given

from ._registry import derivation

pixel, middle = symbols("x M", real=True)
width, warmth, above = symbols("s T d", positive=True)
weights, pixels = array("h", n), array("x", n)
BLUR = Given(sizes=(n,), domain={weights: "simplex"}, facts=((Sum(weights[k], (k, 1, n)), 1),))


@derivation("adversarial.invert", task="HW4-5.1", title="normalising and inverting", sizes="a pixel")
def invert() -> Derivation:
    """((x − M)/s) s + M = x: a normalised image must be mapped back before it is shown."""
    d = Derivation("adversarial.invert", lambda: (pixel - middle) / width * width + middle)
    d.step(lambda: (pixel - middle) + middle, because="$s$ cancels")
    return d.step(pixel, because="$M$ cancels").qed()


@derivation("adversarial.pixels", task="HW4-5.2", title="a step in normalised units", sizes="a pixel")
def in_pixels() -> Derivation:
    """A step of ε after normalising is a step of s ε in pixels: it differs from channel to channel."""
    d = Derivation("adversarial.pixels", lambda: ((pixel - middle) / width + eps) * width + middle)
    return d.step(lambda: pixel + width * eps, because="the normalised image, mapped back").qed()


@derivation(
    "adversarial.blur-mean", task="HW4-5.2", title="a blur does not change an even area", sizes="any n"
)
def blur_mean() -> Derivation:
    """Weights that sum to 1 leave n equal pixels as they are."""
    d = Derivation("adversarial.blur-mean", Sum(weights[k] * pixel, (k, 1, n)), BLUR)
    d.step(lambda: pixel * Sum(weights[k], (k, 1, n)), because="the pixel is a common factor")
    return d.step(pixel, because="the weights sum to 1").qed()


@derivation("adversarial.blur", task="HW4-5.2", title="a blur takes contrast away", sizes="any n")
def blur() -> Derivation:
    """The square of a blurred pixel is at most the blurred squares: the gap is a spread."""
    mixed = Sum(weights[l] * pixels[l], (l, 1, n))
    spread = Sum(weights[k] * (pixels[k] - mixed) ** 2, (k, 1, n))
    d = Derivation("adversarial.blur", mixed**2, BLUR)
    d.step(lambda: Sum(weights[k] * pixels[k] ** 2, (k, 1, n)) - spread, because="the weights sum to 1")
    return d.step(
        Sum(weights[k] * pixels[k] ** 2, (k, 1, n)),
        because="weights and squares are not negative",
        relation="<=",
        gap=spread,
    ).qed()


@derivation(
    "adversarial.temperature", task="HW4-5.2", title="a temperature divides the log-odds", sizes="any K"
)
def temperature() -> Derivation:
    """ln(a_q/a_r) = (z_q − z_r)/T for softmax(z/T)."""
    both = Sum(exp(zk[k] / warmth), (k, 1, K))
    d = Derivation(
        "adversarial.temperature",
        lambda: log(exp(zk[q] / warmth) / both / (exp(zk[r] / warmth) / both)),
        Given(sizes=(K,), free={q: (1, K), r: (1, K)}),
    )
    d.step(lambda: log(exp((zk[q] - zk[r]) / warmth)), because="the sums cancel")
    return d.step(lambda: (zk[q] - zk[r]) / warmth, because="the logarithm undoes the exponential").qed()


@derivation(
    "adversarial.order", task="HW4-5.2", title="a temperature does not change the order", sizes="any K"
)
def order() -> Derivation:
    """If z_q = z_r + d with d > 0 the log-odds stay positive for every T: the named class is the same."""
    d = Derivation(
        "adversarial.order", lambda: ((zk[r] + above) - zk[r]) / warmth, Given(sizes=(K,), free={r: (1, K)})
    )
    d.step(lambda: above / warmth, because="$z_r$ cancels")
    return d.step(0, because="$d$ and $T$ are positive", relation=">", gap=above / warmth).qed()


# ---------------------------------------------------------------- the reports' errors
