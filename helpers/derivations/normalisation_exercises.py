"""Exercises on batch normalisation, dropout and a loss without a logarithm, with readers' wrong answers."""

from __future__ import annotations

from sympy import Sum

from helpers.notation import K, N, eps, j, k, n, q, s, u, w, x, yk, zk
from helpers.notation import i as unit
from helpers.proof import Partial
from helpers.proof.answers import Exercise, Mistake

from ._registry import exercise
from .normalisation import BATCH, ENTRY, g, gamma, mean, outputs, variance, width, xhat
from .normalisation import x as batch
from .normalisation_dropout import ONE, SCORES, UNITS, a, kept, p, product_of_masks

LAYER = {
    "g": g,
    "xhat": xhat,
    "gamma": gamma,
    "r": width,
    "v": variance,
    "epsilon": eps,
    "x": batch,
    "xbar": mean,
    "s": s,
    "j": j,
    "N": N,
}


@exercise("normalisation.dropout-variance", task="HW4-3.1")
def dropout_variance() -> Exercise:
    return Exercise(
        id="",
        prompt="Inverted dropout with drop rate $p$ turns a value $u$ into $u/(1-p)$ with probability "
        "$1 - p$ and into 0 with probability $p$. Write the variance of the outcome.",
        answer="u^2*p/(1 - p)",
        given=ONE,
        vocabulary={"u": u, "p": p},
        question=(1 - p) * (u / (1 - p) - u) ** 2 + p * (0 - u) ** 2,
        quantity="the variance",
        mistakes=(
            Mistake(
                "keep rate and drop rate are swapped",
                "u^2*(1 - p)/p",
                "Nothing is dropped at p = 0: how much noise is there then?",
            ),
            Mistake(
                "dropout without the division",
                "u^2*p*(1 - p)",
                "That is the variance of u times the mask; here what is kept is divided by 1 − p.",
            ),
            Mistake(
                "the mean square", "u^2/(1 - p)", "The variance is the mean square minus the squared mean."
            ),
            Mistake(
                "only the dropped value counts",
                "u^2*p",
                "A value that is kept is larger than u, so it deviates as well.",
            ),
            Mistake("u is not squared", "u*p/(1 - p)", "A variance has the unit of u²."),
            Mistake(
                "1 − p is squared",
                "u^2*p/(1 - p)^2",
                "The square of 1/(1 − p) is weighted with the probability of being kept.",
            ),
        ),
    )


@exercise("normalisation.dropout-sum", task="HW4-3.1")
def dropout_sum() -> Exercise:
    noise = "sum(w[i]^2*x[i]^2, i, 1, n)"
    pairs = Sum(kept(unit) * kept(k) * product_of_masks(), (unit, 1, n), (k, 1, n))
    return Exercise(
        id="",
        prompt="Dropout with drop rate $p$, each input with a mask of its own, stands before "
        "$z = \\sum_i w_i x_i$. Write the variance of $z$.",
        answer=f"p/(1 - p)*{noise}",
        given=UNITS,
        vocabulary={"w": w, "x": x, "p": p, "n": n},
        question=pairs - Sum(kept(unit), (unit, 1, n)) ** 2,
        quantity="the variance",
        mistakes=(
            Mistake(
                "keep rate and drop rate are swapped",
                f"(1 - p)/p*{noise}",
                "At p = 0 nothing is dropped, and there is no noise.",
            ),
            Mistake(
                "the square of a sum for a sum of squares",
                "p/(1 - p)*sum(w[i]*x[i], i, 1, n)^2",
                "Two masks do not depend on each other: what is their covariance?",
            ),
            Mistake(
                "the weights are not squared",
                "p/(1 - p)*sum(w[i]*x[i]^2, i, 1, n)",
                "A factor of what varies enters the variance as a square.",
            ),
            Mistake(
                "dropout without the division",
                f"p*(1 - p)*{noise}",
                "What is kept is divided by 1 − p, so its variance by the square of that.",
            ),
            Mistake(
                "the mean square",
                f"1/(1 - p)*{noise}",
                "Subtract the square of the mean, which is 1 for each mask.",
            ),
            Mistake(
                "the average over the inputs",
                f"p/(1 - p)*{noise}/n",
                "z is a sum, not a mean: variances add up.",
            ),
        ),
    )


@exercise("normalisation.variance", task="HW4-3.3b")
def normalised_variance() -> Exercise:
    return Exercise(
        id="",
        prompt="Batch normalisation maps $x_s$ to $\\hat x_s = (x_s - \\bar x)/\\sqrt{v + "
        "\\varepsilon}$. Write the variance of the $\\hat x_s$ in terms of `v` and `epsilon`.",
        answer="v/(v + epsilon)",
        given=BATCH,
        vocabulary={"v": variance, "epsilon": eps, "N": N},
        question=Sum(xhat(s) ** 2, (s, 1, N)) / N,
        quantity="the variance",
        mistakes=(
            Mistake(
                "ε is forgotten",
                "1",
                "That is so for ε = 0 only; and a batch of equal values has variance 0.",
            ),
            Mistake("not squared", "v/sqrt(v + epsilon)", "The divisor enters the variance as a square."),
            Mistake(
                "the standard deviation",
                "sqrt(v/(v + epsilon))",
                "The variance is asked for, without a root.",
            ),
            Mistake("squared twice", "v/(v + epsilon)^2", "The divisor is already a root."),
            Mistake(
                "the missing part",
                "epsilon/(v + epsilon)",
                "That is by how much the variance falls short of 1.",
            ),
            Mistake(
                "N − 1 for N",
                "N*v/((N - 1)*(v + epsilon))",
                "Both variances, inside and outside, divide by N.",
            ),
        ),
    )


@exercise("normalisation.backward", task="HW4-3.3b")
def backward() -> Exercise:
    sums = "sum(g[s], s, 1, N)", "sum(g[s]*xhat(s), s, 1, N)"
    return Exercise(
        id="",
        prompt="A batch-normalised layer puts out $\\gamma\\hat x_s + \\beta$ with $\\hat x_s = "
        "(x_s - \\bar x)/r$, $r = \\sqrt{v + \\varepsilon}$. Let $g_s$ be the loss's derivative by output "
        "$s$. Write its derivative by the input $x_j$.",
        answer=f"gamma/(N*r)*(N*g[j] - {sums[0]} - xhat(j)*{sums[1]})",
        given=ENTRY,
        vocabulary=LAYER,
        question=Partial(outputs(), batch[j]),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "mean and variance are taken for constants",
                "gamma*g[j]/r",
                "x_j moves the mean and the variance of its batch, and with them every other output.",
            ),
            Mistake(
                "the variance is taken for a constant",
                f"gamma/(N*r)*(N*g[j] - {sums[0]})",
                "x_j moves the variance as well, unless it lies exactly at the mean.",
            ),
            Mistake(
                "the mean is taken for a constant",
                f"gamma/(N*r)*(N*g[j] - xhat(j)*{sums[1]})",
                "The derivative of the mean by x_j is 1/N, not 0.",
            ),
            Mistake(
                "γ is missing",
                f"1/(N*r)*(N*g[j] - {sums[0]} - xhat(j)*{sums[1]})",
                "The output contains γ x̂, so the derivative by x̂ has this factor.",
            ),
            Mistake(
                "the factor 1/N is missing",
                f"gamma/r*(N*g[j] - {sums[0]} - xhat(j)*{sums[1]})",
                "With statistics of a very large batch, γ g/r should be left.",
            ),
            Mistake(
                "the part along x̂ has the wrong sign",
                f"gamma/(N*r)*(N*g[j] - {sums[0]} + xhat(j)*{sums[1]})",
                "A larger |x_j| widens the batch, which shrinks every output.",
            ),
            Mistake(
                "the product of sums",
                f"gamma/(N*r)*(N*g[j] - {sums[0]} - xhat(j)*{sums[0]})",
                "The variance scales each output by itself: x̂ belongs under the sum too.",
            ),
            Mistake(
                "r is missing",
                f"gamma/N*(N*g[j] - {sums[0]} - xhat(j)*{sums[1]})",
                "Inputs ten times as large give the same outputs: what must happen to the derivative?",
            ),
            Mistake(
                "x stands for x̂",
                f"gamma/(N*r)*(N*g[j] - {sums[0]} - x[j]*{sums[1]})",
                "A shift of all inputs must not change the derivative.",
            ),
        ),
    )


@exercise("normalisation.gamma", task="HW4-3.3b")
def scale_gradient() -> Exercise:
    return Exercise(
        id="",
        prompt="For the same layer, write the derivative of the loss by $\\gamma$.",
        answer="sum(g[s]*xhat(s), s, 1, N)",
        given=BATCH,
        vocabulary=LAYER,
        question=Partial(outputs(), gamma),
        quantity="the derivative",
        mistakes=(
            Mistake("the derivative by β", "sum(g[s], s, 1, N)", "γ multiplies something; β does not."),
            Mistake("x for x̂", "sum(g[s]*x[s], s, 1, N)", "γ multiplies the normalised input."),
            Mistake(
                "γ is still there",
                "gamma*sum(g[s]*xhat(s), s, 1, N)",
                "The output is linear in γ, so the derivative does not contain it.",
            ),
            Mistake(
                "a mean for a sum",
                "sum(g[s]*xhat(s), s, 1, N)/N",
                "If the loss is a mean, the 1/N is in g already.",
            ),
            Mistake(
                "a product of sums",
                "sum(g[s], s, 1, N)*sum(xhat(s), s, 1, N)",
                "Each g belongs to its own sample; this product is always 0.",
            ),
            Mistake(
                "divided by the width once more",
                "sum(g[s]*xhat(s), s, 1, N)/r",
                "x̂ has been divided by r already.",
            ),
        ),
    )


@exercise("normalisation.probability-slope", task="HW4-3.1")
def probability_slope() -> Exercise:
    return Exercise(
        id="",
        prompt="A network ends in softmax, $a_k = e^{z_k}/\\sum_l e^{z_l}$, and its loss is "
        "$-\\sum_k y_k a_k$, without a logarithm. Write its derivative by $z_q$.",
        answer="a(q)*(sum(y[k]*a(k), k, 1, K) - y[q])",
        given=SCORES,
        vocabulary={"a": a, "y": yk, "z": zk, "q": q, "K": K},
        question=Partial(-Sum(yk[k] * a(k), (k, 1, K)), zk[q]),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "the derivative of the cross-entropy",
                "a(q) - y[q]",
                "There the logarithm brings 1/a below the line, which cancels; here nothing does.",
            ),
            Mistake(
                "the sign is wrong",
                "a(q)*(y[q] - sum(y[k]*a(k), k, 1, K))",
                "A larger score of the right class lowers the loss.",
            ),
            Mistake("the derivative by the output", "-y[q]", "Between the loss and z stands the softmax."),
            Mistake(
                "only the diagonal of the Jacobian",
                "-y[q]*a(q)*(1 - a(q))",
                "z_q moves every output, not only output q.",
            ),
            Mistake(
                "a is missing",
                "sum(y[k]*a(k), k, 1, K) - y[q]",
                "Each entry of the softmax's Jacobian has two factors, and output q is in all of them.",
            ),
            Mistake(
                "the sum of y a is taken for 1",
                "a(q)*(1 - y[q])",
                "The y sum to 1 and the a sum to 1, but not their products.",
            ),
        ),
    )
