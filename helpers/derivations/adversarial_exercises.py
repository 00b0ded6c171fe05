"""Exercises on adversarial steps and on transforms, each with the wrong answers that readers give."""

from __future__ import annotations

from sympy import Abs, Sum, exp, log, sign

from helpers.notation import K, bce, eps, i, j, k, n, q, r, sigma, w, x, y, zk
from helpers.proof import Given, Partial, define
from helpers.proof.answers import Exercise, Mistake

from ._registry import exercise
from .adversarial import ENTRY, SUMS, changed, g, length, score
from .adversarial_transforms import middle, pixel, warmth, width

yhat = define("yhat", (), sigma(score))()


@exercise("adversarial.input-gradient", task="HW4-5.2")
def input_gradient() -> Exercise:
    return Exercise(
        id="",
        prompt="Logistic regression: $C = -(y\\ln\\hat y + (1-y)\\ln(1-\\hat y))$, $\\hat y = "
        "\\sigma(z)$, $z = \\sum_i w_i x_i + b$. Write $\\partial C/\\partial x_j$, by a pixel.",
        answer="-(y - yhat)*w[j]",
        given=ENTRY,
        vocabulary={"y": y, "yhat": yhat, "w": w, "x": x, "j": j, "n": n},
        question=Partial(bce(y, yhat), x[j]),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "the sign is wrong",
                "(y - yhat)*w[j]",
                "Where y > ŷ, a brighter pixel of positive weight lowers the cost.",
            ),
            Mistake(
                "the derivative by the weight",
                "-(y - yhat)*x[j]",
                "Here the pixel moves and the weight stands still.",
            ),
            Mistake("the weight is missing", "-(y - yhat)", "The last factor is the derivative of z by x_j."),
            Mistake(
                "the weights are summed", "-(y - yhat)*sum(w[i], i, 1, n)", "Only one term of z contains x_j."
            ),
            Mistake(
                "σ′ is counted although it cancels",
                "-(y - yhat)*yhat*(1 - yhat)*w[j]",
                "The derivative of the logarithms has ŷ(1 − ŷ) below the line.",
            ),
            Mistake("the label is left out", "yhat*w[j]", "At ŷ = y the cost is at its minimum."),
        ),
    )


@exercise("adversarial.sign-step", task="HW4-5.2")
def sign_step() -> Exercise:
    return Exercise(
        id="",
        prompt="To first order a change $\\delta$ of the pixels moves the loss by $\\sum_i g_i "
        "\\delta_i$. By how much at most, if no pixel may change by more than $\\varepsilon$?",
        answer="epsilon*sum(abs(g[i]), i, 1, n)",
        given=SUMS,
        vocabulary={"g": g, "epsilon": eps, "n": n},
        question=changed(eps * sign(g[i])),
        quantity="the most",
        mistakes=(
            Mistake(
                "every pixel is made brighter",
                "epsilon*sum(g[i], i, 1, n)",
                "Where g is negative, a darker pixel raises the loss.",
            ),
            Mistake(
                "the absolute value of the sum",
                "epsilon*abs(sum(g[i], i, 1, n))",
                "Each pixel may choose its own direction.",
            ),
            Mistake(
                "a step along the gradient",
                "epsilon*sqrt(sum(g[i]^2, i, 1, n))",
                "That is for a change of Euclidean length ε; here each pixel has its own limit.",
            ),
            Mistake(
                "the gradient itself as the step",
                "epsilon*sum(g[i]^2, i, 1, n)",
                "δ = εg changes a pixel by ε|g|, which may be more or less than ε.",
            ),
            Mistake("ε is missing", "sum(abs(g[i]), i, 1, n)", "Twice the change has twice the effect."),
            Mistake(
                "the mean over the pixels",
                "epsilon*sum(abs(g[i]), i, 1, n)/n",
                "The effects of all pixels add up.",
            ),
            Mistake(
                "the size of the gradient is left out",
                "epsilon*n",
                "A pixel on which the loss depends more contributes more.",
            ),
        ),
    )


@exercise("adversarial.length-step", task="HW4-5.2")
def length_step() -> Exercise:
    return Exercise(
        id="",
        prompt="Now the change may be any $\\delta$ of Euclidean length $\\varepsilon$, $\\sum_i "
        "\\delta_i^2 = \\varepsilon^2$. By how much can it move the loss at most, to first order?",
        answer="epsilon*sqrt(sum(g[i]^2, i, 1, n))",
        given=SUMS,
        vocabulary={"g": g, "epsilon": eps, "n": n},
        question=changed(eps * g[i] / length()),
        quantity="the most",
        mistakes=(
            Mistake(
                "the gradient is not normalised",
                "epsilon*sum(g[i]^2, i, 1, n)",
                "δ = εg has the length ε‖g‖: divide by the length of g.",
            ),
            Mistake(
                "the sign step",
                "epsilon*sum(abs(g[i]), i, 1, n)",
                "The sign step has the length ε√n, which is too long.",
            ),
            Mistake(
                "the sign step, shortened",
                "epsilon*sum(abs(g[i]), i, 1, n)/sqrt(n)",
                "It is allowed, but another direction gains more.",
            ),
            Mistake("the gradient does not enter", "epsilon", "A flat loss moves less than a steep one."),
            Mistake(
                "only the sum of the gradient",
                "epsilon*sum(g[i], i, 1, n)",
                "The best direction is along g, not the same for every pixel.",
            ),
            Mistake(
                "a mean square",
                "epsilon*sqrt(sum(g[i]^2, i, 1, n)/n)",
                "The length of g is the root of a sum, not of a mean.",
            ),
        ),
    )


@exercise("adversarial.minimal", task="HW4-5.2")
def minimal() -> Exercise:
    return Exercise(
        id="",
        prompt="A linear classifier names the class by the sign of $z = \\sum_i w_i x_i + b$. What is "
        "the least $\\varepsilon$ so that changing every pixel by at most $\\varepsilon$ can make $z$ 0?",
        answer="abs(z)/sum(abs(w[i]), i, 1, n)",
        given=SUMS,
        vocabulary={"z": score, "w": w, "n": n},
        question=Abs(score) / Sum(w[i] * sign(w[i]), (i, 1, n)),
        quantity="the least ε",
        mistakes=(
            Mistake(
                "the Euclidean distance",
                "abs(z)/sqrt(sum(w[i]^2, i, 1, n))",
                "That is the length of the shortest change; here the largest pixel counts.",
            ),
            Mistake("the score alone", "abs(z)", "The weights say how far the score moves with a pixel."),
            Mistake(
                "upside down",
                "sum(abs(w[i]), i, 1, n)/abs(z)",
                "A larger score is safer, so it needs a larger change.",
            ),
            Mistake(
                "the signs of the weights are lost",
                "abs(z)/abs(sum(w[i], i, 1, n))",
                "Each pixel moves in the direction that its own weight asks for.",
            ),
            Mistake(
                "the squared length",
                "abs(z)/sum(w[i]^2, i, 1, n)",
                "With δ = −εw the pixels would not all use what they are allowed.",
            ),
            Mistake(
                "the mean over the pixels",
                "n*abs(z)/sum(abs(w[i]), i, 1, n)",
                "The effects of all pixels add up; they are not averaged.",
            ),
        ),
    )


@exercise("adversarial.pixels", task="HW4-5.2")
def in_pixels() -> Exercise:
    return Exercise(
        id="",
        prompt="A pipeline turns a pixel $x$ into $(x - M)/s$. An attack adds $\\varepsilon$ to the "
        "result. By how much has the pixel itself been changed?",
        answer="s*epsilon",
        given=Given(),
        vocabulary={"x": pixel, "M": middle, "s": width, "epsilon": eps},
        question=((pixel - middle) / width + eps) * width + middle - pixel,
        quantity="the change",
        mistakes=(
            Mistake("the units are forgotten", "epsilon", "What is 1 after the division by s, in pixels?"),
            Mistake(
                "divided instead of multiplied",
                "epsilon/s",
                "The pipeline divides by s; its inverse does the opposite.",
            ),
            Mistake(
                "the mean is added to a change",
                "s*epsilon + M",
                "M is added to the pixel with and without ε.",
            ),
            Mistake("the new pixel", "x + s*epsilon", "The change is asked for, not the value after it."),
            Mistake("normalised once more", "(epsilon - M)/s", "The result has been normalised already."),
        ),
    )


@exercise("adversarial.temperature", task="HW4-5.2")
def temperature() -> Exercise:
    total = Sum(exp(zk[k] / warmth), (k, 1, K))
    first, second = (exp(zk[place] / warmth) / total for place in (q, r))
    return Exercise(
        id="",
        prompt="With a temperature $T$ the outputs are $a_k = e^{z_k/T}/\\sum_l e^{z_l/T}$. Write the "
        "log-odds $\\ln(a_q/a_r)$ of two classes.",
        answer="(z[q] - z[r])/T",
        given=Given(sizes=(K,), free={q: (1, K), r: (1, K)}),
        vocabulary={"z": zk, "T": warmth, "q": q, "r": r, "K": K},
        question=log(first / second),
        quantity="the log-odds",
        mistakes=(
            Mistake(
                "the temperature is left out", "z[q] - z[r]", "Both scores are divided before the softmax."
            ),
            Mistake(
                "multiplied instead of divided",
                "T*(z[q] - z[r])",
                "A high temperature brings the outputs closer together.",
            ),
            Mistake("the odds", "exp((z[q] - z[r])/T)", "Take the logarithm of the quotient."),
            Mistake(
                "the classes are swapped",
                "(z[r] - z[q])/T",
                "The class with the larger score has the larger output.",
            ),
            Mistake("a quotient of scores", "z[q]/z[r]", "The logarithm of a quotient is a difference."),
            Mistake(
                "the sum does not cancel",
                "(z[q] - z[r])/T - log(sum(exp(z[k]/T), k, 1, K))",
                "Both outputs are divided by the same sum.",
            ),
        ),
    )
