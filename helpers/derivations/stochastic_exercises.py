"""Exercises on mini-batches and optimisers, each with the wrong answers that readers give."""

from __future__ import annotations

from sympy import Limit, oo

from helpers.notation import B, N, eps, eta, mu, t
from helpers.proof import Given
from helpers.proof.answers import Exercise, Mistake

from ._registry import exercise
from .stochastic import BATCH, SEVERAL, pair_with, pair_without, places, variance
from .stochastic_updates import BETAS, adagrad, adam, beta1, beta2, slope, step, weight

SPREAD = {"V": variance, "N": N, "B": B}


@exercise("stochastic.variance", task="HW3-1.1")
def variance_with() -> Exercise:
    return Exercise(
        id="",
        prompt="The derivatives $g_s$ of $N$ samples have the variance $V$. A mini-batch of $B$ "
        "samples is drawn with replacement. Write the variance of the mean of its $B$ derivatives.",
        answer="V/B",
        given=BATCH,
        vocabulary=SPREAD,
        question=places(pair_with()),
        quantity="the variance",
        mistakes=(
            Mistake(
                "the variance of one sample", "V", "A mean of several samples scatters less than one of them."
            ),
            Mistake(
                "the variance of the sum",
                "V*B",
                "The mean is the sum divided by B, which divides its square by B².",
            ),
            Mistake(
                "the factor 1/B is counted twice",
                "V/B^2",
                "The mean's square brings 1/B², but how many of the B² pairs of places do not cancel?",
            ),
            Mistake(
                "the standard deviation's factor",
                "V/sqrt(B)",
                "The root belongs to the standard deviation; here the variance is asked for.",
            ),
            Mistake(
                "the number of samples stands for the batch's size",
                "V/N",
                "That is the variance of a batch of N: which letter counts the draws?",
            ),
            Mistake(
                "without replacement",
                "V/B*(N - B)/(N - 1)",
                "That correction is for samples that are not put back.",
            ),
            Mistake(
                "B − 1 for B",
                "V/(B - 1)",
                "That corrects a variance which is estimated from the batch; here V is given.",
            ),
        ),
    )


@exercise("stochastic.covariance", task="HW3-1.1")
def covariance() -> Exercise:
    return Exercise(
        id="",
        prompt="Two different samples $s \\ne q$ are drawn, all pairs equally likely. What is the "
        "average of $(g_s - \\bar g)(g_q - \\bar g)$ over all pairs, if the variance of the $g_s$ is $V$?",
        answer="-V/(N - 1)",
        given=Given(sizes=(N,), span=(2, 3, 4)),
        vocabulary={"V": variance, "N": N},
        question=pair_without(),
        quantity="the covariance",
        mistakes=(
            Mistake(
                "taken for independent",
                "0",
                "If one sample lies above the mean, what is left lies below it on average.",
            ),
            Mistake(
                "the sign is wrong",
                "V/(N - 1)",
                "Deviations sum to 0, so the products of different ones must make up for the squares.",
            ),
            Mistake("N for N − 1", "-V/N", "How many partners are left for a sample once it is drawn?"),
            Mistake(
                "the number of pairs is missing",
                "-V*N",
                "This is the sum over all pairs; the average divides it by their number.",
            ),
            Mistake(
                "divided by N once too often",
                "-V/(N*(N - 1))",
                "There are N(N − 1) pairs, but the squares sum to N V, not to V.",
            ),
            Mistake("a sample with itself", "V", "The pairs are pairs of different samples."),
        ),
    )


@exercise("stochastic.variance-without", task="HW3-1.1")
def variance_without() -> Exercise:
    return Exercise(
        id="",
        prompt="Now the $B$ samples of the mini-batch are all different, as in an epoch of shuffled "
        "data. Write the variance of the mean of their derivatives. (Your formula must give 0 for $B = N$.)",
        answer="V/B*(N - B)/(N - 1)",
        given=SEVERAL,
        vocabulary=SPREAD,
        question=places(pair_without()),
        quantity="the variance",
        mistakes=(
            Mistake("with replacement", "V/B", "At B = N every sample is in the batch: what noise is left?"),
            Mistake(
                "N for N − 1",
                "V/B*(N - B)/N",
                "A batch of one is the same with or without replacement: try B = 1.",
            ),
            Mistake(
                "the factor is upside down",
                "V/B*(N - 1)/(N - B)",
                "The correction must make the variance smaller, and 0 at B = N.",
            ),
            Mistake(
                "the factor 1/B is missing",
                "V*(N - B)/(N - 1)",
                "The correction multiplies the variance of a batch that is drawn with replacement.",
            ),
            Mistake(
                "B and N are swapped",
                "V/N*(N - B)/(N - 1)",
                "At B = 1 the variance must be V: which letter divides V?",
            ),
            Mistake(
                "the covariance is counted once for each place",
                "V/B - V/(N - 1)",
                "Of the B² pairs of places, B(B − 1) are pairs of different places.",
            ),
            Mistake(
                "the covariance has the wrong sign",
                "V/B*(N + B - 2)/(N - 1)",
                "Samples that cannot be drawn twice make the noise smaller, not larger.",
            ),
        ),
    )


@exercise("stochastic.momentum", task="HW4-3.3a")
def steady() -> Exercise:
    return Exercise(
        id="",
        prompt="Momentum updates $u \\leftarrow \\mu u - \\eta g$ with $0 < \\mu < 1$. If the "
        "gradient is $g$ in every step, to what does the velocity $u$ tend?",
        answer="-eta*g/(1 - mu)",
        given=Given(domain={mu: "unit"}),
        vocabulary={"eta": eta, "g": slope, "mu": mu},
        question=Limit(-eta * slope * (1 - mu**t) / (1 - mu), t, oo),
        quantity="the velocity",
        mistakes=(
            Mistake("the sign is wrong", "eta*g/(1 - mu)", "The weight moves against the gradient."),
            Mistake(
                "a step of plain gradient descent",
                "-eta*g",
                "What is left of the last velocity is added to it: put −ηg in, does it stay?",
            ),
            Mistake(
                "the sign of μ is wrong",
                "-eta*g/(1 + mu)",
                "With μ > 0 the earlier steps go the same way, so the velocity grows.",
            ),
            Mistake(
                "a running mean",
                "-eta*g*(1 - mu)",
                "No factor 1 − μ stands before the gradient in this rule.",
            ),
            Mistake(
                "the newest gradient counts with μ",
                "-eta*g*mu/(1 - mu)",
                "Only the earlier gradients are multiplied by powers of μ.",
            ),
            Mistake("divided by μ", "-eta*g/mu", "Solve u = μu − ηg for u again."),
            Mistake(
                "one step back only",
                "-eta*g*(1 + mu)",
                "Every earlier gradient counts, the one of k steps ago with μ^k.",
            ),
        ),
    )


@exercise("stochastic.adam-first-step", task="HW4-3.3a")
def adam_first() -> Exercise:
    return Exercise(
        id="",
        prompt="Adam starts with $m = v = 0$ and divides both by $1 - \\beta^t$. By how much does its "
        "first step change a weight whose derivative is $g$? ($\\varepsilon$ stands outside the root.)",
        answer="-eta*g/(abs(g) + epsilon)",
        given=BETAS,
        vocabulary={"eta": eta, "g": slope, "epsilon": eps, "beta_1": beta1, "beta_2": beta2},
        question=adam(weight, slope, 0, 0, 1) - weight,
        quantity="the step",
        mistakes=(
            Mistake(
                "the sign is wrong", "eta*g/(abs(g) + epsilon)", "The weight moves against the gradient."
            ),
            Mistake(
                "a step of plain gradient descent",
                "-eta*g",
                "Adam divides by the root of the running mean of squares.",
            ),
            Mistake(
                "the corrections are left out",
                "-eta*(1 - beta_1)*g/(sqrt(1 - beta_2)*abs(g) + epsilon)",
                "Both running means are divided by 1 − β^t, and t = 1.",
            ),
            Mistake(
                "only the mean is corrected",
                "-eta*g/(sqrt(1 - beta_2)*abs(g) + epsilon)",
                "The mean of the squares starts from 0 as well.",
            ),
            Mistake(
                "the root is left out",
                "-eta*g/(g^2 + epsilon)",
                "The step is divided by the root of the mean of squares, or its unit would be wrong.",
            ),
            Mistake(
                "the root's sign is lost",
                "-eta*g/(g + epsilon)",
                "The root of a square is never negative: try g = −1.",
            ),
            Mistake(
                "ε stands under the root", "-eta*g/sqrt(g^2 + epsilon)", "Here ε is added after the root."
            ),
        ),
    )


@exercise("stochastic.adagrad", task="HW4-3.3a")
def adagrad_constant() -> Exercise:
    return Exercise(
        id="",
        prompt="Adagrad divides by $\\varepsilon$ plus the root of the sum of all squared gradients, "
        "the present one included. If every gradient is $g$, by how much does step $t$ change the weight?",
        answer="-eta*g/(sqrt(t)*abs(g) + epsilon)",
        given=Given(sizes=(step,)),
        vocabulary={"eta": eta, "g": slope, "t": step, "epsilon": eps},
        question=adagrad(weight, slope, (step - 1) * slope**2) - weight,
        quantity="the step",
        mistakes=(
            Mistake(
                "the sign is wrong",
                "eta*g/(sqrt(t)*abs(g) + epsilon)",
                "The weight moves against the gradient.",
            ),
            Mistake(
                "the mean for the sum",
                "-eta*g/(abs(g) + epsilon)",
                "Adagrad adds the squares up; only Adam and RMSprop average them.",
            ),
            Mistake(
                "the root of t is left out",
                "-eta*g/(t*abs(g) + epsilon)",
                "The root is taken of the whole sum, of its number of terms too.",
            ),
            Mistake(
                "the root is left out",
                "-eta*g/(t*g^2 + epsilon)",
                "The step is divided by the root of the sum of squares.",
            ),
            Mistake(
                "the present gradient is not counted",
                "-eta*g/(sqrt(t - 1)*abs(g) + epsilon)",
                "The sum is brought up to date before it is used.",
            ),
            Mistake(
                "the root's sign is lost",
                "-eta*g/(sqrt(t)*g + epsilon)",
                "The root of a square is never negative: try g = −1.",
            ),
        ),
    )
