"""Exercises of chapter 06 about likelihoods, each with the wrong answers that readers give."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Product, Sum, log

from helpers.notation import K, N, Y, Yk, a, bce, k, pk, s, yk
from helpers.proof import Given, Partial
from helpers.proof.answers import Exercise, Mistake

from ._registry import exercise
from .likelihood import P, Pk, bernoulli, binary_terms, categorical, cross_entropy

SAMPLES: Mapping[str, object] = {"Y": Y, "p": P, "s": s, "N": N}
CLASSES: Mapping[str, object] = {"Y": Yk, "p": Pk, "s": s, "k": k, "N": N, "K": K}
ONE: Mapping[str, object] = {"y": yk, "p": pk, "k": k, "K": K}
LABELS = Given(sizes=(N,), domain={Y: "unit", P: "unit"})
SOFT = Given(sizes=(N, K), domain={Yk: "closed simplex", Pk: "simplex"}, span=(2, 3))


@exercise("likelihood.bernoulli", task="HW3-3.2")
def bernoulli_loss() -> Exercise:
    return Exercise(
        id="",
        prompt="The model gives label 1 of sample $s$ the probability $p_s$, so label $Y_s$ has the "
        "probability $p_s^{Y_s}(1-p_s)^{1-Y_s}$. Write the loss $-E\\ln p(y\\mid x)$ over the $N$ samples, "
        "with the logarithms of $p_s$ and $1-p_s$.",
        answer="-sum(Y[s]*log(p[s]) + (1 - Y[s])*log(1 - p[s]), s, 1, N)/N",
        given=LABELS,
        vocabulary=SAMPLES,
        question=-Sum(log(bernoulli(Y[s], P[s])), (s, 1, N)) / N,
        quantity="the loss",
        mistakes=(
            Mistake(
                "the sign is wrong",
                "sum(Y[s]*log(p[s]) + (1 - Y[s])*log(1 - p[s]), s, 1, N)/N",
                "A probability below 1 has a negative logarithm, and a loss should fall as it grows.",
            ),
            Mistake(
                "the factor 1/N is missing",
                "-sum(Y[s]*log(p[s]) + (1 - Y[s])*log(1 - p[s]), s, 1, N)",
                "An expectation over the data is a mean.",
            ),
            Mistake(
                "the logarithm stands outside the mean",
                "-log(sum(p[s]^Y[s]*(1 - p[s])^(1 - Y[s]), s, 1, N)/N)",
                "E stands outside the logarithm: first the logarithm of each sample, then the mean.",
            ),
            Mistake(
                "the logarithm of the sum form",
                "-sum(log(Y[s]*p[s] + (1 - Y[s])*(1 - p[s])), s, 1, N)/N",
                "That form is a probability only for the labels 0 and 1; use the power form.",
            ),
            Mistake(
                "only label 1 counts", "-sum(Y[s]*log(p[s]), s, 1, N)/N", "A label 0 has a probability too."
            ),
            Mistake(
                "the second exponent is missing",
                "-sum(Y[s]*log(p[s]) + log(1 - p[s]), s, 1, N)/N",
                "The logarithm brings each exponent down as a factor.",
            ),
            Mistake(
                "y and p in each other's place",
                "-sum(p[s]*log(Y[s]) + (1 - p[s])*log(1 - Y[s]), s, 1, N)/N",
                "At a label of 0 this has no value.",
            ),
            Mistake(
                "the exponents are exchanged",
                "-sum((1 - Y[s])*log(p[s]) + Y[s]*log(1 - p[s]), s, 1, N)/N",
                "Put in label 1: which probability must be left?",
            ),
        ),
    )


@exercise("likelihood.categorical", task="HW3-3.3")
def categorical_loss() -> Exercise:
    return Exercise(
        id="",
        prompt="With $K$ classes, label $Y_{sk}$ and model $p_{sk}$, a label has the probability "
        "$\\prod_k p_{sk}^{Y_{sk}}$. Write the loss $-E\\ln p(y\\mid x)$ over the $N$ samples as a double "
        "sum.",
        answer="-sum(sum(Y[s,k]*log(p[s,k]), k, 1, K), s, 1, N)/N",
        given=SOFT,
        vocabulary=CLASSES,
        question=-log(Product(categorical(), (s, 1, N))) / N,
        quantity="the loss",
        mistakes=(
            Mistake(
                "the factor 1/N is missing",
                "-sum(sum(Y[s,k]*log(p[s,k]), k, 1, K), s, 1, N)",
                "An expectation over the data is a mean.",
            ),
            Mistake(
                "divided by the number of classes",
                "-sum(sum(Y[s,k]*log(p[s,k]), k, 1, K), s, 1, N)/(N*K)",
                "The mean is over samples; the sum over classes comes from a product.",
            ),
            Mistake(
                "the sum over classes ends at N",
                "-sum(sum(Y[s,k]*log(p[s,k]), k, 1, N), s, 1, N)/N",
                "How many classes are there?",
            ),
            Mistake(
                "K yes-or-no questions",
                "-sum(sum(Y[s,k]*log(p[s,k]) + (1 - Y[s,k])*log(1 - p[s,k]), k, 1, K), s, 1, N)/N",
                "The product has one factor for each class; there is no factor for “not this class”.",
            ),
            Mistake(
                "the logarithm of a sum over classes",
                "-sum(log(sum(Y[s,k]*p[s,k], k, 1, K)), s, 1, N)/N",
                "The probability of a label is a product over classes, not a sum.",
            ),
            Mistake(
                "the sign is wrong",
                "sum(sum(Y[s,k]*log(p[s,k]), k, 1, K), s, 1, N)/N",
                "A loss should fall as the right class's probability grows.",
            ),
            Mistake(
                "the labels are missing",
                "-sum(sum(log(p[s,k]), k, 1, K), s, 1, N)/N",
                "The logarithm brings each exponent down as a factor.",
            ),
            Mistake(
                "the logarithm is missing",
                "-sum(sum(Y[s,k]*p[s,k], k, 1, K), s, 1, N)/N",
                "This is what a log-likelihood loss returns when it is given probabilities.",
            ),
        ),
    )


@exercise("likelihood.best-constant", task="HW3-3.2")
def best_constant() -> Exercise:
    share = "sum(Y[s], s, 1, N)/N"
    return Exercise(
        id="",
        prompt="A model that knows nothing gives all samples the same probability $a$ of label 1. "
        "Write the slope of its loss, $\\frac{d}{da}\\frac1N\\sum_s -(Y_s\\ln a + (1-Y_s)\\ln(1-a))$. Where "
        "is it 0?",
        answer=f"(a - {share})/(a*(1 - a))",
        given=Given(sizes=(N,), domain={Y: "binary", a: "unit"}),
        vocabulary={"Y": Y, "a": a, "s": s, "N": N},
        question=Partial(Sum(bce(Y[s], a), (s, 1, N)) / N, a),
        quantity="the slope",
        mistakes=(
            Mistake(
                "the sign is wrong",
                f"({share} - a)/(a*(1 - a))",
                "If a is above the share of ones, raising it must raise the loss.",
            ),
            Mistake(
                "the denominator is missing",
                f"a - {share}",
                "Each logarithm has a derivative with a denominator.",
            ),
            Mistake(
                "the labels are summed, not averaged",
                "(a - sum(Y[s], s, 1, N))/(a*(1 - a))",
                "The factor 1/N belongs to both terms.",
            ),
            Mistake("the factor 1/N is missing", f"N*(a - {share})/(a*(1 - a))", "The loss is a mean."),
            Mistake("only label 1 counts", f"-({share})/a", "The samples with label 0 pull the other way."),
            Mistake(
                "the inner derivative of 1 − a is missing",
                f"-({share})/a - (1 - {share})/(1 - a)",
                "ln(1 − a) falls as a grows.",
            ),
        ),
    )


@exercise("likelihood.binary-terms", task="HW3-3.3")
def binary_terms_extra() -> Exercise:
    return Exercise(
        id="",
        prompt="By how much does the sum of $K$ binary cross-entropies, $-\\sum_k [y_k\\ln p_k + "
        "(1-y_k)\\ln(1-p_k)]$, exceed the categorical cross-entropy of the same sample?",
        answer="-sum((1 - y[k])*log(1 - p[k]), k, 1, K)",
        given=Given(sizes=(K,), domain={yk: "closed simplex", pk: "unit"}),
        vocabulary=ONE,
        question=binary_terms() - cross_entropy(),
        quantity="the difference",
        mistakes=(
            Mistake(
                "the sign is wrong",
                "sum((1 - y[k])*log(1 - p[k]), k, 1, K)",
                "Is the logarithm of a number below 1 positive?",
            ),
            Mistake(
                "the factor 1 − y is missing",
                "-sum(log(1 - p[k]), k, 1, K)",
                "Read the second term again: what stands before its logarithm?",
            ),
            Mistake(
                "the right class's term",
                "-sum(y[k]*log(1 - p[k]), k, 1, K)",
                "The extra terms come from the classes that are wrong.",
            ),
            Mistake(
                "the categorical loss itself",
                "-sum(y[k]*log(p[k]), k, 1, K)",
                "That is the part that both have; it is exactly the difference for K = 2 only, if p "
                "sums to 1.",
            ),
            Mistake(
                "the logarithm of a product is not a product of logarithms",
                "-sum(1 - y[k], k, 1, K)*sum(log(1 - p[k]), k, 1, K)",
                "Each factor 1 − y belongs to its own class.",
            ),
            Mistake(
                "the last class is left out",
                "-sum((1 - y[k])*log(1 - p[k]), k, 1, K - 1)",
                "Look at the upper bound of the sum.",
            ),
        ),
    )
