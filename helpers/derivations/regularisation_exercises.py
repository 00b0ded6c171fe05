"""Exercises of chapters 03 and 04 about penalties and rates, each with the wrong answers readers give."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Abs, Sum, Symbol

from helpers.notation import K, N, W, array, eta, i, j, k, l, lam, n, w
from helpers.proof import Given, Partial
from helpers.proof.answers import Exercise, Mistake

from ._registry import exercise
from .regularisation import ENTRY, MATRIX, squares
from .regularisation_rates import h

g = array("g", n)  # the gradient of the cost without penalty
weight = Symbol("w", real=True)
slope = Symbol("g", real=True)
DESCENT: Mapping[str, object] = {"w": w, "g": g, "eta": eta, "lambda": lam, "j": j, "n": n}
AXIS: Mapping[str, object] = {"h": h, "eta": eta, "lambda": lam}


@exercise("regularisation.half-squares", task="A1-4a")
def half_squares() -> Exercise:
    return Exercise(
        id="",
        prompt="Let $R = \\frac12\\sum_{k,i} W_{ki}^2$. Write its derivative by one weight of class "
        "$l$, feature $j$.",
        answer="W[l,j]",
        given=MATRIX,
        vocabulary={"W": W, "l": l, "j": j, "K": K, "n": n},
        question=Partial(Sum(W[k, i] ** 2, (k, 1, K), (i, 1, n)) / 2, W[l, j]),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "summed over all weights",
                "sum(sum(W[k,i], i, 1, n), k, 1, K)",
                "The derivative is by one weight; how many of the squares contain it?",
            ),
            Mistake("the factor ½ was forgotten", "2*W[l,j]", "The 2 from the square cancels something."),
            Mistake("the factor ½ was counted twice", "W[l,j]/2", "The square brings a factor 2."),
            Mistake("not differentiated", "W[l,j]^2/2", "The derivative lowers the power by one."),
            Mistake(
                "summed over the features of the class",
                "sum(W[l,i], i, 1, n)",
                "Only one feature's weight moves.",
            ),
            Mistake("summed over the classes", "sum(W[k,j], k, 1, K)", "Only one class's weight moves."),
            Mistake("only the sign", "sign(W[l,j])", "That is the L1 penalty."),
        ),
    )


@exercise("regularisation.weight-decay", task="A1-4a")
def weight_decay() -> Exercise:
    return Exercise(
        id="",
        prompt="One step of gradient descent with rate $\\eta$ on $J = C + "
        "\\frac{\\lambda}{2}\\sum_i w_i^2$, where $g_j = \\partial C/\\partial w_j$: write the new weight. "
        "By which factor does $w_j$ decay if $g_j = 0$?",
        answer="(1 - eta*lambda)*w[j] - eta*g[j]",
        given=ENTRY,
        vocabulary=DESCENT,
        question=w[j] - eta * Partial(Sum(g[i] * w[i], (i, 1, n)) + lam * squares() / 2, w[j]),
        quantity="the new weight",
        mistakes=(
            Mistake(
                "the weight grows", "(1 + eta*lambda)*w[j] - eta*g[j]", "A step goes against the gradient."
            ),
            Mistake(
                "the factor of the other convention",
                "(1 - 2*eta*lambda)*w[j] - eta*g[j]",
                "2λw belongs to λ Σ w²; this penalty has a ½.",
            ),
            Mistake(
                "the rate is missing in the decay",
                "(1 - lambda)*w[j] - eta*g[j]",
                "The rate multiplies the whole gradient of J.",
            ),
            Mistake(
                "the rate is missing before the gradient",
                "(1 - eta*lambda)*w[j] - g[j]",
                "The rate multiplies the whole gradient of J.",
            ),
            Mistake(
                "the step is decayed too",
                "(1 - eta*lambda)*(w[j] - eta*g[j])",
                "The penalty's gradient is taken at the old weight.",
            ),
            Mistake(
                "the step has the wrong sign",
                "(1 - eta*lambda)*w[j] + eta*g[j]",
                "A step goes against the gradient.",
            ),
            Mistake(
                "the sum of the weights decays one weight",
                "w[j] - eta*(g[j] + lambda*sum(w[i], i, 1, n))",
                "The penalty's derivative by one weight contains that weight only.",
            ),
        ),
    )


@exercise("regularisation.l1-step", task="HW4-3.2")
def l1_step() -> Exercise:
    return Exercise(
        id="",
        prompt="One weight $w \\ne 0$, cost $C$ with slope $g = dC/dw$, penalty $\\lambda|w|$: write "
        "the weight after one step of gradient descent with rate $\\eta$.",
        answer="w - eta*(g + lambda*sign(w))",
        given=Given(),
        vocabulary={"w": weight, "g": slope, "eta": eta, "lambda": lam},
        question=weight - eta * Partial(slope * weight + lam * Abs(weight), weight),
        quantity="the new weight",
        mistakes=(
            Mistake(
                "the gradient of L2",
                "w - eta*(g + lambda*w)",
                "Does the slope of |w| depend on how large w is?",
            ),
            Mistake(
                "the penalty is not differentiated",
                "w - eta*(g + lambda*abs(w))",
                "What is the slope of |w| to the right of 0?",
            ),
            Mistake(
                "negative weights are pushed away from 0",
                "w - eta*(g + lambda)",
                "To the left of 0 the slope of |w| is another.",
            ),
            Mistake(
                "the sign of the penalty is wrong",
                "w - eta*(g - lambda*sign(w))",
                "A penalty is added to the cost; it cannot make the total negative.",
            ),
            Mistake(
                "the rate is missing", "w - eta*g - lambda*sign(w)", "The rate multiplies the whole slope."
            ),
            Mistake(
                "the sign of the slope", "w - eta*(g + lambda*sign(g))", "The penalty does not contain g."
            ),
        ),
    )


@exercise("regularisation.factor", task="HW3-4.2")
def factor() -> Exercise:
    return Exercise(
        id="",
        prompt="Along one axis a cost is $\\frac{h}{2}w^2$ and the penalty $\\lambda w^2$. By which "
        "factor does one step of gradient descent with rate $\\eta$ multiply $w$?",
        answer="1 - eta*(h + 2*lambda)",
        given=Given(),
        vocabulary=AXIS,
        question=1 - eta * Partial(Partial(h * weight**2 / 2 + lam * weight**2, weight), weight),
        quantity="the factor",
        mistakes=(
            Mistake("the penalty is left out", "1 - eta*h", "The penalty has a slope too."),
            Mistake(
                "the factor 2 of the penalty is missing",
                "1 - eta*(h + lambda)",
                "This penalty has no ½ before it.",
            ),
            Mistake(
                "the ½ before h was overlooked",
                "1 - 2*eta*(h + lambda)",
                "The ½ cancels the 2 of the square.",
            ),
            Mistake("the sign is wrong", "1 + eta*(h + 2*lambda)", "A step goes against the slope."),
            Mistake(
                "two steps instead of one",
                "(1 - eta*h)*(1 - 2*eta*lambda)",
                "Cost and penalty are descended together, from the same point.",
            ),
            Mistake("only the change", "-eta*(h + 2*lambda)", "The step is added to the weight."),
        ),
    )


@exercise("regularisation.largest-rate", task="HW3-4.2")
def largest_rate() -> Exercise:
    return Exercise(
        id="",
        prompt="For which rate does the factor of the last exercise reach $-1$, so that $w$ swings for ever?",
        answer="2/(h + 2*lambda)",
        given=Given(),
        vocabulary=AXIS,
        quantity="the rate",
        question=2 / Partial(Partial(h * weight**2 / 2 + lam * weight**2, weight), weight),
        mistakes=(
            Mistake(
                "the rate that jumps to the minimum", "1/(h + 2*lambda)", "There the factor is 0, not −1."
            ),
            Mistake("the penalty is left out", "2/h", "The penalty makes the axis steeper."),
            Mistake(
                "the factor 2 of the penalty is missing", "2/(h + lambda)", "This penalty has no ½ before it."
            ),
            Mistake("the penalty makes it stabler", "2/(h - 2*lambda)", "Curvatures add."),
            Mistake("upside down", "(h + 2*lambda)/2", "A steeper axis needs a smaller rate."),
            Mistake(
                "two limits added", "2/h + 1/lambda", "First add the curvatures, then take the reciprocal."
            ),
        ),
    )


@exercise("regularisation.scikit", task="HW3-4.2")
def scikit() -> Exercise:
    return Exercise(
        id="",
        prompt="We minimise $\\frac1N\\sum_s \\ell_s + \\lambda\\|w\\|^2$; scikit-learn minimises "
        "$C\\sum_s \\ell_s + \\frac12\\|w\\|^2$. Which $C$ gives the same weights?",
        answer="1/(2*N*lambda)",
        given=Given(sizes=(N,)),
        vocabulary={"lambda": lam, "N": N},
        quantity="C",
        question=(1 / N) / Partial(Partial(lam * weight**2, weight), weight),
        mistakes=(
            Mistake("the constant for ½ λ‖w‖²", "1/(N*lambda)", "The two penalties differ by a ½."),
            Mistake("the number of samples is missing", "1/(2*lambda)", "Ours is a mean, theirs a sum."),
            Mistake("mean and sum exchanged", "N/(2*lambda)", "Ours is a mean, theirs a sum."),
            Mistake("upside down", "2*N*lambda", "A larger C means less regularisation."),
            Mistake(
                "the ½ on the wrong side",
                "2/(N*lambda)",
                "Divide our objective by what stands before ‖w‖²/2.",
            ),
            Mistake("only the reciprocal", "1/lambda", "Ours is a mean, theirs a sum; and there is a ½."),
        ),
    )
