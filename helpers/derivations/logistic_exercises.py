"""Exercises of chapter 01: six derivatives, each with the wrong answers that readers give."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.notation import N, X, Y, b, bce, j, l, lam, n, s, sigma, u, w, x, y
from helpers.proof import Given, Partial
from helpers.proof.answers import Exercise, Mistake

from ._registry import exercise
from .logistic import BIAS, MANY, ONE, PAIR, biased, cost, outputs, squares, yhat, z

SAMPLE: Mapping[str, object] = {
    "y": y,
    "x": x,
    "w": w,
    "yhat": yhat,
    "sigma": sigma,
    "z": z,
    "C": bce(y, yhat),
    "j": j,
    "n": n,
}
SAMPLES: Mapping[str, object] = {
    "Y": Y,
    "X": X,
    "w": w,
    "yhat": outputs,
    "sigma": sigma,
    "s": s,
    "j": j,
    "n": n,
    "N": N,
}
PENALISED: Mapping[str, object] = {**SAMPLES, "yhat": biased, "b": b, "lambda": lam}


@exercise("logistic.sigma-prime", task="A1-1a")
def sigma_prime() -> Exercise:
    return Exercise(
        id="",
        prompt="Let $\\sigma(u) = 1/(1+e^{-u})$. Write its derivative in terms of `sigma(u)` alone.",
        answer="sigma(u)*(1 - sigma(u))",
        given=Given(),
        vocabulary={"sigma": sigma, "u": u},
        question=Partial(sigma(u), u),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "the sign is wrong",
                "-sigma(u)*(1 - sigma(u))",
                "Two minus signs meet: one from the power −1, one from the exponent.",
            ),
            Mistake(
                "the inner derivative is missing",
                "-sigma(u)^2",
                "The derivative of 1/v is −1/v², times the derivative of v = 1 + e^(−u).",
            ),
            Mistake(
                "the power was not lowered",
                "1 - sigma(u)",
                "The derivative of v^(−1) has v^(−2) in it, not v^(−1).",
            ),
            Mistake(
                "one derivative too many",
                "sigma(u)*(1 - sigma(u))*(1 - 2*sigma(u))",
                "This is the second derivative.",
            ),
            Mistake(
                "the chain rule was applied twice",
                "sigma(u)^2*(1 - sigma(u))^2",
                "Only one factor is a derivative; look again at where each comes from.",
            ),
        ),
    )


@exercise("logistic.gradient", task="A1-1a")
def gradient() -> Exercise:
    return Exercise(
        id="",
        prompt="For one sample, $C = -(y\\ln\\hat y + (1-y)\\ln(1-\\hat y))$, where "
        "$\\hat y = \\sigma(z)$ and $z = \\sum_i w_i x_i$. Write $\\partial C/\\partial w_j$.",
        answer="-(y - yhat)*x[j]",
        given=ONE,
        vocabulary=SAMPLE,
        question=Partial(bce(y, yhat), w[j]),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "the sign is wrong",
                "(y - yhat)*x[j]",
                "Where y > ŷ, a larger weight on a positive input lowers the cost.",
            ),
            Mistake("x is missing", "-(y - yhat)", "The last factor is the derivative of z by w_j."),
            Mistake(
                "the input is summed", "-(y - yhat)*sum(x[i], i, 1, n)", "Only one term of z contains w_j."
            ),
            Mistake(
                "w stands where x belongs",
                "-(y - yhat)*w[j]",
                "The derivative of w_j x_j by w_j is what multiplies w_j.",
            ),
            Mistake(
                "σ′ is counted although it cancels",
                "-(y - yhat)*yhat*(1 - yhat)*x[j]",
                "The derivative of the logarithms has ŷ(1 − ŷ) below the line.",
            ),
            Mistake(
                "σ′ is missing",
                "-(y/yhat - (1 - y)/(1 - yhat))*x[j]",
                "Between the logarithm and z stands σ, which has a derivative of its own.",
            ),
            Mistake(
                "1 − σ stands where σ belongs",
                "-(y - (1 - yhat))*x[j]",
                "Try y = 1 and ŷ near 1: the derivative must be near 0.",
            ),
            Mistake(
                "y and ŷ are swapped in the cost",
                "-(log(y) - log(1 - y))*yhat*(1 - yhat)*x[j]",
                "The logarithms are those of the prediction, not of the label.",
            ),
            Mistake(
                "x is missing in one term",
                "-(y*(1 - yhat)*x[j] - (1 - y)*yhat)",
                "Both logarithms contain z, so both terms have the factor that z brings.",
            ),
            Mistake(
                "the rule σ′ = σ(1 − σ) is used on the cost",
                "x[j]*C*(1 - C)",
                "That rule is for the logistic function; the cost is a different function of z.",
            ),
        ),
    )


@exercise("logistic.mean-gradient", task="A1-1a")
def mean_gradient() -> Exercise:
    return Exercise(
        id="",
        prompt="Now $C$ is the mean over $N$ samples, $\\hat y_s = \\sigma(\\sum_i X_{si} w_i)$. "
        "Write $\\partial C/\\partial w_j$.",
        answer="-sum((Y[s] - yhat(s))*X[s,j], s, 1, N)/N",
        given=MANY,
        vocabulary=SAMPLES,
        question=Partial(cost(), w[j]),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "the sign is wrong",
                "sum((Y[s] - yhat(s))*X[s,j], s, 1, N)/N",
                "One sample has −(y − ŷ)x; a mean keeps its sign.",
            ),
            Mistake(
                "the factor 1/N is missing",
                "-sum((Y[s] - yhat(s))*X[s,j], s, 1, N)",
                "The cost is a mean, not a sum.",
            ),
            Mistake(
                "divided by the number of features",
                "-sum((Y[s] - yhat(s))*X[s,j], s, 1, N)/n",
                "The mean is over samples: which letter counts them?",
            ),
            Mistake(
                "x is missing",
                "-sum(Y[s] - yhat(s), s, 1, N)/N",
                "Each sample brings the factor that its z brings.",
            ),
            Mistake(
                "a product of sums for a sum of products",
                "-sum(Y[s] - yhat(s), s, 1, N)*sum(X[s,j], s, 1, N)/N",
                "Each error belongs to its own sample's input.",
            ),
            Mistake(
                "the inputs are summed over the features",
                "-sum((Y[s] - yhat(s))*sum(X[s,i], i, 1, n), s, 1, N)/N",
                "Only one feature's weight moves.",
            ),
            Mistake(
                "σ′ is counted although it cancels",
                "-sum((Y[s] - yhat(s))*yhat(s)*(1 - yhat(s))*X[s,j], s, 1, N)/N",
                "The logarithms bring ŷ(1 − ŷ) below the line.",
            ),
            Mistake(
                "the indices of X are swapped",
                "-sum((Y[s] - yhat(s))*X[j,s], s, 1, N)/N",
                "X has one sample a row: the first index counts samples.",
            ),
            Mistake(
                "the last sample is left out",
                "-sum((Y[s] - yhat(s))*X[s,j], s, 1, N - 1)/N",
                "Look at the upper bound of the sum.",
            ),
        ),
    )


@exercise("logistic.gradient-l2", task="HW3-4.1")
def gradient_l2() -> Exercise:
    data = "-sum((Y[s] - yhat(s))*X[s,j], s, 1, N)/N"
    return Exercise(
        id="",
        prompt="Add a penalty: $J = C + \\lambda \\sum_i w_i^2$, where $C$ is the mean cost and "
        "$\\hat y_s = \\sigma(\\sum_i X_{si} w_i + b)$. Write $\\partial J/\\partial w_j$.",
        answer=f"{data} + 2*lambda*w[j]",
        given=MANY,
        vocabulary=PENALISED,
        question=Partial(cost(biased) + lam * squares(), w[j]),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "the factor 2 of the penalty is missing",
                f"{data} + lambda*w[j]",
                "λw belongs to ½ λ Σ w²; this penalty has no ½.",
            ),
            Mistake(
                "the penalty's gradient is summed",
                f"{data} + 2*lambda*sum(w[i], i, 1, n)",
                "Only one square contains w_j, so its derivative is one number for each j.",
            ),
            Mistake(
                "the penalty has the wrong sign",
                f"{data} - 2*lambda*w[j]",
                "The penalty is added to the cost.",
            ),
            Mistake(
                "the data term has the wrong sign",
                f"-({data}) + 2*lambda*w[j]",
                "The minus sign before the logarithms stays to the end.",
            ),
            Mistake(
                "the penalty is divided by N",
                f"{data} + 2*lambda*w[j]/N",
                "Only the cost of the data is a mean.",
            ),
            Mistake(
                "the penalty is not differentiated",
                f"{data} + lambda*w[j]^2",
                "The derivative lowers the power by one.",
            ),
            Mistake("the penalty is left out", data, "J contains w_j in two places."),
            Mistake("the factor 1/N is missing", f"N*({data}) + 2*lambda*w[j]", "The cost C is a mean."),
        ),
    )


@exercise("logistic.bias-l2", task="HW3-4.1")
def bias_l2() -> Exercise:
    return Exercise(
        id="",
        prompt="With the same $J$, write the derivative by the bias, $\\partial J/\\partial b$.",
        answer="-sum(Y[s] - yhat(s), s, 1, N)/N",
        given=BIAS,
        vocabulary=PENALISED,
        question=Partial(cost(biased) + lam * squares(), b),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "the bias is regularised",
                "-sum(Y[s] - yhat(s), s, 1, N)/N + 2*lambda*b",
                "Which letters occur in the penalty?",
            ),
            Mistake(
                "the penalty's derivative is the bias",
                "-sum(Y[s] - yhat(s), s, 1, N)/N + b",
                "What does not contain b has the derivative 0.",
            ),
            Mistake("the sign is wrong", "sum(Y[s] - yhat(s), s, 1, N)/N", "Compare with the gradient in w."),
            Mistake("the factor 1/N is missing", "-sum(Y[s] - yhat(s), s, 1, N)", "The cost is a mean."),
            Mistake(
                "the bias has become a factor",
                "-b*sum(Y[s] - yhat(s), s, 1, N)/N",
                "The derivative of z + b by b is not b.",
            ),
        ),
    )


@exercise("logistic.hessian", task="HW3-4.1")
def hessian() -> Exercise:
    answer = "sum(X[s,j]*yhat(s)*(1 - yhat(s))*X[s,l], s, 1, N)/N"
    return Exercise(
        id="",
        prompt="For the mean cost without penalty and bias, write the second derivative "
        "$\\partial^2 C/\\partial w_l \\partial w_j$.",
        answer=answer,
        given=PAIR,
        vocabulary={**SAMPLES, "l": l},
        question=Partial(Partial(cost(), w[j]), w[l]),
        quantity="the second derivative",
        mistakes=(
            Mistake("the sign is wrong", f"-{answer}", "The cost is convex: no negative diagonal."),
            Mistake(
                "σ′ is missing",
                "sum(X[s,j]*X[s,l], s, 1, N)/N",
                "ŷ depends on w through σ: this would be least squares.",
            ),
            Mistake(
                "only the diagonal is there",
                f"delta(j, l)*{answer}",
                "ŷ depends on every weight, so the mixed derivatives are not 0.",
            ),
            Mistake(
                "the same feature twice",
                "sum(X[s,j]^2*yhat(s)*(1 - yhat(s)), s, 1, N)/N",
                "The second derivative is by another weight than the first.",
            ),
            Mistake(
                "the factor 1/N is missing",
                "sum(X[s,j]*yhat(s)*(1 - yhat(s))*X[s,l], s, 1, N)",
                "The cost is a mean.",
            ),
            Mistake(
                "the second input is missing",
                "sum(X[s,j]*yhat(s)*(1 - yhat(s)), s, 1, N)/N",
                "Differentiating ŷ by w_l brings an input too.",
            ),
        ),
    )
