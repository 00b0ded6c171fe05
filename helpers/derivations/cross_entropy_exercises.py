"""Exercises of chapter 06 about cross-entropy, each with the wrong answers that readers give."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.notation import a, bce, entropy, sigma, u, y
from helpers.proof import Given, Partial
from helpers.proof.answers import Exercise, Mistake

from ._registry import exercise
from .cross_entropy import CLOSED, UNIT, slope

OUTPUT: Mapping[str, object] = {"y": y, "a": a}
UNIT_NAMES: Mapping[str, object] = {"y": y, "z": u, "sigma": sigma}


@exercise("cross_entropy.slope", task="HW3-3.4")
def slope_in_output() -> Exercise:
    return Exercise(
        id="",
        prompt="Let $C(a) = -(y\\ln a + (1-y)\\ln(1-a))$. Write $dC/da$ as one fraction.",
        answer="(a - y)/(a*(1 - a))",
        given=CLOSED,
        vocabulary=OUTPUT,
        question=slope(),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "the sign is wrong", "(y - a)/(a*(1 - a))", "If a is above y, raising it must raise the cost."
            ),
            Mistake(
                "the inner derivative of 1 − a is missing",
                "-y/a - (1 - y)/(1 - a)",
                "ln(1 − a) falls as a grows.",
            ),
            Mistake("only the first term", "-y/a", "Both logarithms contain a."),
            Mistake(
                "the denominator is missing", "a - y", "This is the derivative by z, after σ′ has cancelled."
            ),
            Mistake(
                "y and a in each other's place",
                "(y - a)/(y*(1 - y))",
                "Which letter stands inside the logarithms?",
            ),
            Mistake(
                "multiplied instead of divided",
                "(a - y)*a*(1 - a)",
                "The derivative of a logarithm is a reciprocal.",
            ),
            Mistake("the derivative of the quadratic cost", "2*(a - y)", "There is no square in this cost."),
        ),
    )


@exercise("cross_entropy.curvature", task="HW3-3.4")
def curvature() -> Exercise:
    return Exercise(
        id="",
        prompt="Write the second derivative $d^2C/da^2$ of the same $C(a)$. Is it positive at $y = 0$?",
        answer="y/a^2 + (1 - y)/(1 - a)^2",
        given=CLOSED,
        vocabulary=OUTPUT,
        question=Partial(slope(), a),
        quantity="the second derivative",
        mistakes=(
            Mistake("the sign is wrong", "-y/a^2 - (1 - y)/(1 - a)^2", "−1/a rises with a."),
            Mistake(
                "the sign of the second term",
                "y/a^2 - (1 - y)/(1 - a)^2",
                "Two minus signs meet: from the reciprocal and from 1 − a.",
            ),
            Mistake("only the first term", "y/a^2", "Both terms of the first derivative contain a."),
            Mistake(
                "the powers were not lowered",
                "y/a + (1 - y)/(1 - a)",
                "The derivative of 1/a has a square below the line.",
            ),
            Mistake(
                "only the numerator was differentiated",
                "1/(a*(1 - a))",
                "The denominator of the first derivative contains a as well.",
            ),
            Mistake(
                "the value at the minimum", "1/(y*(1 - y))", "This is what comes out once a = y is put in."
            ),
        ),
    )


@exercise("cross_entropy.delta", task="HW3-3.6")
def delta() -> Exercise:
    return Exercise(
        id="",
        prompt="A logistic unit has $a = \\sigma(z)$. Write the error $\\delta = dC/dz$ for the "
        "cross-entropy.",
        answer="sigma(z) - y",
        given=UNIT,
        vocabulary=UNIT_NAMES,
        question=Partial(bce(y, sigma(u)), u),
        quantity="the derivative",
        mistakes=(
            Mistake("the sign is wrong", "y - sigma(z)", "An output above the label has to be pushed down."),
            Mistake(
                "σ′ is counted although it cancels",
                "(sigma(z) - y)*sigma(z)*(1 - sigma(z))",
                "This is the error with the quadratic cost.",
            ),
            Mistake(
                "σ′ is missing",
                "(sigma(z) - y)/(sigma(z)*(1 - sigma(z)))",
                "This is the derivative by the output; z comes before it.",
            ),
            Mistake("the logistic function is missing", "z - y", "The cost compares y with the output."),
            Mistake("1 − σ stands where σ belongs", "1 - sigma(z) - y", "Try y = 1 and a large z."),
            Mistake(
                "the label is a factor", "y*(sigma(z) - 1)", "And what does a sample with label 0 learn?"
            ),
        ),
    )


@exercise("cross_entropy.quadratic-delta", task="HW3-3.6")
def quadratic_delta() -> Exercise:
    return Exercise(
        id="",
        prompt="The same unit with the quadratic cost $\\frac12(a-y)^2$: write $\\delta = dC/dz$.",
        answer="(sigma(z) - y)*sigma(z)*(1 - sigma(z))",
        given=UNIT,
        vocabulary=UNIT_NAMES,
        question=Partial((sigma(u) - y) ** 2 / 2, u),
        quantity="the derivative",
        mistakes=(
            Mistake("σ′ is missing", "sigma(z) - y", "This is the error with cross-entropy."),
            Mistake(
                "the factor ½ was forgotten",
                "2*(sigma(z) - y)*sigma(z)*(1 - sigma(z))",
                "The 2 from the square cancels something.",
            ),
            Mistake(
                "the sign is wrong",
                "(y - sigma(z))*sigma(z)*(1 - sigma(z))",
                "An output above the label has to be pushed down.",
            ),
            Mistake(
                "the power was not lowered",
                "(sigma(z) - y)^2*sigma(z)*(1 - sigma(z))/2",
                "The outer function is a square.",
            ),
            Mistake(
                "σ′ is only σ", "(sigma(z) - y)*sigma(z)", "At a saturated output the error must vanish."
            ),
            Mistake(
                "σ′ is counted twice",
                "(sigma(z) - y)*(sigma(z)*(1 - sigma(z)))^2",
                "Between the cost and z stands one logistic function.",
            ),
        ),
    )


@exercise("cross_entropy.convex", task="HW3-3.4")
def convex() -> Exercise:
    return Exercise(
        id="",
        prompt="Write the second derivative of the cross-entropy of a logistic unit by $z$. What of "
        "the label?",
        answer="sigma(z)*(1 - sigma(z))",
        given=UNIT,
        vocabulary=UNIT_NAMES,
        question=Partial(Partial(bce(y, sigma(u)), u), u),
        quantity="the second derivative",
        mistakes=(
            Mistake("the sign is wrong", "-sigma(z)*(1 - sigma(z))", "The cost is convex."),
            Mistake("the label is still there", "sigma(z)*(1 - sigma(z)) - y", "y does not depend on z."),
            Mistake(
                "a factor of the error is left",
                "(sigma(z) - y)*sigma(z)*(1 - sigma(z))",
                "The error is what is differentiated, by z, once.",
            ),
            Mistake("only the first derivative", "sigma(z) - y", "One more derivative."),
            Mistake(
                "the derivative of σ is not its square", "sigma(z)^2", "Try a large z: what is left to gain?"
            ),
            Mistake(
                "one derivative too many",
                "sigma(z)*(1 - sigma(z))*(1 - 2*sigma(z))",
                "This is the third derivative.",
            ),
        ),
    )


@exercise("cross_entropy.entropy", task="HW3-3.4")
def entropy_slope() -> Exercise:
    return Exercise(
        id="",
        prompt="The least cost is the entropy $H(y) = -(y\\ln y + (1-y)\\ln(1-y))$. Write $dH/dy$. "
        "Where is it 0?",
        answer="log(1 - y) - log(y)",
        given=Given(domain={y: "unit"}),
        vocabulary={"y": y},
        question=Partial(entropy(y), y),
        quantity="the derivative",
        mistakes=(
            Mistake("the sign is wrong", "log(y) - log(1 - y)", "From y = 0 the entropy rises."),
            Mistake("the product rule was forgotten", "-1/y + 1/(1 - y)", "y ln y is a product: two terms."),
            Mistake(
                "two constants do not cancel",
                "log(1 - y) - log(y) - 2",
                "The inner derivative of 1 − y turns one sign.",
            ),
            Mistake("only the first term", "-log(y) - 1", "Both logarithms contain y."),
            Mistake(
                "the inner derivative of 1 − y is missing",
                "-log(y) - log(1 - y)",
                "ln(1 − y) and its factor both fall as y grows.",
            ),
        ),
    )
