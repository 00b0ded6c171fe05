"""Exercises of chapters 02 and 06 about softmax, each with the wrong answers that readers give."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Sum, exp, log

from helpers.notation import K, W, c, j, l, n, q, r, x, yk, zk
from helpers.proof import Partial
from helpers.proof.answers import Exercise, Mistake

from ._registry import exercise
from .softmax import ANY, ENTRY, LABEL, PAIR, SOFT, a, cost, total, yhat

SCORES: Mapping[str, object] = {"a": a, "z": zk, "l": l, "q": q, "K": K}
SAMPLE: Mapping[str, object] = {"y": yk, "yhat": yhat, "x": x, "W": W, "l": l, "j": j, "K": K, "n": n}
SHARP: Mapping[str, object] = {"z": zk, "q": q, "r": r, "K": K, "c": c}


@exercise("softmax.gradient", task="A1-1b")
def gradient() -> Exercise:
    return Exercise(
        id="",
        prompt="For one sample $C = -\\sum_k y_k \\ln\\hat y_k$ with $\\hat y = $ softmax$(z)$, $z_k "
        "= \\sum_i W_{ki} x_i$ and $\\sum_k y_k = 1$. Write $\\partial C/\\partial W_{lj}$.",
        answer="-x[j]*(y[l] - yhat(l))",
        given=SOFT,
        vocabulary=SAMPLE,
        question=Partial(cost(yhat), W[l, j]),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "the sign is wrong",
                "x[j]*(y[l] - yhat(l))",
                "If the right class's output is too small, a larger weight has to lower the cost.",
            ),
            Mistake(
                "x is missing",
                "-(y[l] - yhat(l))",
                "The last factor of the chain is the derivative of z by W.",
            ),
            Mistake(
                "the input is summed",
                "-sum(x[i], i, 1, n)*(y[l] - yhat(l))",
                "Only one term of z contains the weight: which input stands beside it?",
            ),
            Mistake(
                "only the right class's term was differentiated",
                "-x[j]*y[l]*(1 - yhat(l))",
                "Every output contains every score, through the sum below the line.",
            ),
            Mistake(
                "the normalising sum was forgotten",
                "-x[j]*y[l]",
                "The logarithm of softmax has a second part, the logarithm of a sum.",
            ),
            Mistake(
                "the factor of a logistic unit",
                "-x[j]*(y[l] - yhat(l))*yhat(l)*(1 - yhat(l))",
                "The derivative of the logarithm cancels it.",
            ),
            Mistake(
                "summed over the classes",
                "-x[j]*sum(y[k] - yhat(k), k, 1, K)",
                "One weight belongs to one class; and what is this sum?",
            ),
            Mistake(
                "the factor of the quadratic cost",
                "-2*x[j]*(y[l] - yhat(l))",
                "There is no square in this cost.",
            ),
        ),
    )


@exercise("softmax.gradient-any-labels", task="A1-1b")
def gradient_any_labels() -> Exercise:
    return Exercise(
        id="",
        prompt="The same, but nothing is known about the labels $y_k$: they need not sum to one.",
        answer="x[j]*(yhat(l)*sum(y[k], k, 1, K) - y[l])",
        given=ANY,
        vocabulary=SAMPLE,
        question=Partial(cost(yhat), W[l, j]),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "the labels were taken to sum to one",
                "-x[j]*(y[l] - yhat(l))",
                "At which step does the sum of the labels appear? Leave it there.",
            ),
            Mistake(
                "the sum multiplies both terms",
                "x[j]*(yhat(l) - y[l])*sum(y[k], k, 1, K)",
                "The delta has already picked one label in the second term.",
            ),
            Mistake(
                "the sum is on the wrong term",
                "x[j]*(yhat(l) - y[l]*sum(y[k], k, 1, K))",
                "Which of the two terms has no k, so that it can leave the sum?",
            ),
            Mistake(
                "K instead of the sum", "x[j]*(K*yhat(l) - y[l])", "The sum runs over labels, not over ones."
            ),
            Mistake(
                "the sign is wrong",
                "-x[j]*(yhat(l)*sum(y[k], k, 1, K) - y[l])",
                "Put in labels that sum to one and compare.",
            ),
            Mistake(
                "x is missing",
                "yhat(l)*sum(y[k], k, 1, K) - y[l]",
                "The last factor of the chain is the derivative of z by W.",
            ),
        ),
    )


@exercise("softmax.jacobian", task="A1-1b")
def jacobian() -> Exercise:
    return Exercise(
        id="",
        prompt="Let $a = $ softmax$(z)$. Write $\\partial a_l/\\partial z_q$ for any $l$ and $q$, "
        "with `delta(l, q)` for the Kronecker delta.",
        answer="a(l)*(delta(l, q) - a(q))",
        given=PAIR,
        vocabulary=SCORES,
        question=Partial(a(l), zk[q]),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "only the diagonal is there",
                "delta(l, q)*a(l)*(1 - a(l))",
                "If another score rises, the sum below the line rises too.",
            ),
            Mistake(
                "as if l and q were always the same",
                "a(l)*(1 - a(q))",
                "The numerator contains the score only in one of the two cases.",
            ),
            Mistake("the delta is missing", "-a(l)*a(q)", "And when l is q? Then the numerator counts too."),
            Mistake("the sign is wrong", "a(l)*(a(q) - delta(l, q))", "An output rises with its own score."),
            Mistake(
                "the first factor is missing",
                "delta(l, q) - a(q)",
                "The quotient rule leaves a factor that all terms have: which output is differentiated?",
            ),
            Mistake(
                "the denominator was not squared",
                "a(l)*(delta(l, q) - exp(z[q]))",
                "The square in the quotient rule gives the last term a denominator of its own.",
            ),
        ),
    )


@exercise("softmax.delta", task="HW3-3.6")
def delta() -> Exercise:
    return Exercise(
        id="",
        prompt="With $C = -\\sum_k y_k \\ln a_k$ and any label with $\\sum_k y_k = 1$, write the "
        "error $\\delta_q = \\partial C/\\partial z_q$.",
        answer="a(q) - y[q]",
        given=LABEL,
        vocabulary={"a": a, "y": yk, "z": zk, "q": q, "K": K},
        question=Partial(cost(), zk[q]),
        quantity="the derivative",
        mistakes=(
            Mistake("the sign is wrong", "y[q] - a(q)", "An output that is too large has to be pushed down."),
            Mistake(
                "only this output's own term",
                "-y[q]*(1 - a(q))",
                "The chain rule sums over all outputs: each contains this score.",
            ),
            Mistake(
                "stopped at the output",
                "-y[q]/a(q)",
                "This is the derivative by the output, not by the score.",
            ),
            Mistake(
                "the derivative of softmax is counted twice",
                "(a(q) - y[q])*a(q)*(1 - a(q))",
                "It has cancelled against the logarithm's.",
            ),
            Mistake(
                "every class is treated as the right one",
                "a(q) - 1",
                "This holds if class q is the right one.",
            ),
            Mistake("the labels were left out", "a(q)", "This holds for the classes whose label is 0."),
        ),
    )


@exercise("softmax.log-sum-exp", task="HW3-3.5")
def log_sum_exp() -> Exercise:
    return Exercise(
        id="",
        prompt="Differentiate the soft maximum $\\ln\\sum_r e^{z_r}$ by $z_q$, in terms of `z` alone.",
        answer="exp(z[q])/sum(exp(z[r]), r, 1, K)",
        given=ENTRY,
        vocabulary={"z": zk, "q": q, "K": K},
        question=Partial(log(total), zk[q]),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "the inner derivative is missing",
                "1/sum(exp(z[r]), r, 1, K)",
                "The derivative of ln u is 1/u, times the derivative of u.",
            ),
            Mistake("every term was differentiated", "1", "How many terms of the sum contain this score?"),
            Mistake(
                "the logarithm was not differentiated",
                "exp(z[q])",
                "This is the derivative of the sum itself.",
            ),
            Mistake(
                "the sum and the logarithm were exchanged",
                "z[q]/sum(z[r], r, 1, K)",
                "The logarithm of a sum is not the sum of the logarithms.",
            ),
            Mistake(
                "the score itself stands above the line",
                "z[q]/sum(exp(z[r]), r, 1, K)",
                "What is the derivative of an exponential?",
            ),
            Mistake(
                "the sum starts too late", "exp(z[q])/sum(exp(z[r]), r, 2, K)", "Look at the lower bound."
            ),
        ),
    )


@exercise("softmax.sharpness", task="HW3-3.5")
def sharpness() -> Exercise:
    weight = "exp(c*z[q])/sum(exp(c*z[r]), r, 1, K)"
    mean = "sum(z[r]*exp(c*z[r]), r, 1, K)/sum(exp(c*z[r]), r, 1, K)"
    return Exercise(
        id="",
        prompt="How does output $q$ of softmax$(c z)$ move when $c$ grows? Differentiate $e^{c "
        "z_q}/\\sum_r e^{c z_r}$ by $c$. (The sign of the answer explains the limit.)",
        answer=f"{weight}*(z[q] - {mean})",
        given=ENTRY,
        vocabulary=SHARP,
        question=Partial(exp(c * zk[q]) / Sum(exp(c * zk[r]), (r, 1, K)), c),
        quantity="the derivative",
        mistakes=(
            Mistake(
                "the denominator was taken as constant",
                f"z[q]*{weight}",
                "Every term of the sum below the line contains c.",
            ),
            Mistake(
                "the plain mean of the scores",
                f"{weight}*(z[q] - sum(z[r], r, 1, K)/K)",
                "The scores are averaged with weights; which ones does the quotient rule bring?",
            ),
            Mistake(
                "the sum of the scores",
                f"{weight}*(z[q] - sum(z[r], r, 1, K))",
                "Differentiating the sum brings a factor to each exponential, not the bare scores.",
            ),
            Mistake(
                "the sign is wrong",
                f"{weight}*({mean} - z[q])",
                "A class above the average must gain as c grows.",
            ),
            Mistake(
                "the derivative by the score", f"{weight}*(1 - {weight})*c", "Which letter is moved here?"
            ),
            Mistake(
                "the factor in front is missing",
                f"z[q] - {mean}",
                "This is the derivative of the logarithm of the output.",
            ),
        ),
    )
