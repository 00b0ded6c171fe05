"""Exercises of chapter 05: the four equations and linear networks, with the wrong answers readers give."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Sum

from helpers.notation import K, array, bce, i, j, k, m, n, q, r, sigma
from helpers.proof import Given, Partial, define
from helpers.proof.answers import Exercise, Mistake

from ._registry import exercise
from .backpropagation import activation, slope

# plain names, as a reader types them: this layer has n units, the next one m
z, a, g, y = array("z", n), array("a", n), array("g", n), array("y", n)
W, b, delta = array("W", m, n), array("b", m), array("delta", m)
UNIT = Given(sizes=(n,), free={j: (1, n)})
LABEL = Given(sizes=(n,), free={j: (1, n)}, domain={y: "closed unit"})
LAYERS = Given(sizes=(n, m), free={j: (1, n)}, span=(2, 3, 1))
WEIGHT = Given(sizes=(n, m), free={q: (1, m), j: (1, n)}, span=(2, 3, 1))
SIGMA: Mapping[str, object] = {"sigma": activation, "sigma'": slope}
NEXT: Mapping[str, object] = {"W": W, "delta": delta, "z": z, **SIGMA, "j": j, "k": k, "n": n, "m": m}
fed = define("z", (k,), Sum(W[k, i] * a[i], (i, 1, n)) + b[k])
after = define("z", (k,), Sum(W[k, i] * activation(z[i]), (i, 1, n)) + b[k])


@exercise("backpropagation.output-error", task="HW3-2.1")
def output_error() -> Exercise:
    return Exercise(
        id="",
        prompt="The last layer has $n$ units, $a_k = \\sigma(z_k)$, and "
        "$g_k = \\partial C/\\partial a_k$. Write its error $\\delta_j = \\partial C/\\partial z_j$.",
        answer="g[j]*sigma'(z[j])",
        given=UNIT,
        quantity="the error",
        vocabulary={"g": g, "z": z, **SIGMA, "j": j, "k": k, "n": n},
        question=Sum(g[k] * Partial(activation(z[k]), z[j]), (k, 1, n)),
        mistakes=(
            Mistake("σ′ is missing", "g[j]", "Between z and a stands the activation."),
            Mistake("σ stands where σ′ belongs", "g[j]*sigma(z[j])", "Differentiate the activation."),
            Mistake("summed over the layer", "sum(g[k]*sigma'(z[k]), k, 1, n)", "Which outputs contain z_j?"),
            Mistake(
                "σ′ is taken at the output",
                "g[j]*sigma'(sigma(z[j]))",
                "The derivative of a function is taken where the function was.",
            ),
            Mistake(
                "only σ′ is summed",
                "g[j]*sum(sigma'(z[k]), k, 1, n)",
                "The matrix of derivatives of a by z is diagonal.",
            ),
            Mistake("σ′ counts twice", "g[j]*sigma'(z[j])^2", "The chain from z to C passes σ once."),
            Mistake(
                "the sign is wrong", "-g[j]*sigma'(z[j])", "An error is a derivative, not a step of descent."
            ),
        ),
    )


@exercise("backpropagation.quadratic-error", task="HW3-2.1")
def quadratic_error() -> Exercise:
    cost = Sum((activation(z[k]) - y[k]) ** 2, (k, 1, n)) / 2
    return Exercise(
        id="",
        prompt="The cost is $C = \\frac12\\sum_k (\\sigma(z_k) - y_k)^2$. Write $\\partial C/\\partial z_j$.",
        answer="(sigma(z[j]) - y[j])*sigma'(z[j])",
        given=UNIT,
        quantity="the error",
        vocabulary={"z": z, "y": y, **SIGMA, "j": j, "k": k, "n": n},
        question=Partial(cost, z[j]),
        mistakes=(
            Mistake("σ′ is missing", "sigma(z[j]) - y[j]", "That is the error for cross-entropy."),
            Mistake(
                "the sign is wrong",
                "(y[j] - sigma(z[j]))*sigma'(z[j])",
                "Where the output is above the label, less z lowers the cost.",
            ),
            Mistake("a factor 2 is left", "2*(sigma(z[j]) - y[j])*sigma'(z[j])", "Look at the ½."),
            Mistake(
                "summed over the outputs",
                "sum((sigma(z[k]) - y[k])*sigma'(z[k]), k, 1, n)",
                "Only one term of the cost contains z_j.",
            ),
            Mistake(
                "z stands where the output belongs",
                "(z[j] - y[j])*sigma'(z[j])",
                "The label is compared with the output, not with the weighted input.",
            ),
            Mistake(
                "the square is not differentiated",
                "(sigma(z[j]) - y[j])^2*sigma'(z[j])/2",
                "The power is lowered by one.",
            ),
            Mistake(
                "the ½ is counted twice",
                "(sigma(z[j]) - y[j])*sigma'(z[j])/2",
                "The derivative of a square brings a 2.",
            ),
        ),
    )


@exercise("backpropagation.cross-entropy-error", task="HW3-2.1")
def cross_entropy_error() -> Exercise:
    cost = Sum(bce(y[k], sigma(z[k])), (k, 1, n))
    return Exercise(
        id="",
        prompt="Now $\\sigma$ is the logistic function and $C = -\\sum_k [y_k \\ln \\sigma(z_k) + "
        "(1 - y_k)\\ln(1 - \\sigma(z_k))]$. Write $\\partial C/\\partial z_j$.",
        answer="sigma(z[j]) - y[j]",
        given=LABEL,
        quantity="the error",
        vocabulary={"z": z, "y": y, "sigma": sigma, "j": j, "k": k, "n": n},
        question=Partial(cost, z[j]),
        mistakes=(
            Mistake(
                "the sign is wrong", "y[j] - sigma(z[j])", "Try the label 0: the error cannot be negative."
            ),
            Mistake(
                "σ′ is counted although it cancels",
                "(sigma(z[j]) - y[j])*sigma(z[j])*(1 - sigma(z[j]))",
                "The logarithms bring a denominator that is σ′ itself.",
            ),
            Mistake(
                "σ′ is missing",
                "(sigma(z[j]) - y[j])/(sigma(z[j])*(1 - sigma(z[j])))",
                "This is the derivative by the output; one link of the chain is left.",
            ),
            Mistake(
                "summed over the outputs",
                "sum(sigma(z[k]) - y[k], k, 1, n)",
                "Only one term of the cost contains z_j.",
            ),
            Mistake(
                "only the first logarithm counts", "-y[j]*(1 - sigma(z[j]))", "z_j stands in both logarithms."
            ),
            Mistake(
                "z stands where the output belongs", "z[j] - y[j]", "The label is compared with the output."
            ),
        ),
    )


@exercise("backpropagation.hidden-error", task="HW3-2.2")
def hidden_error() -> Exercise:
    return Exercise(
        id="",
        prompt="This layer has $n$ units with the weighted inputs $z_1, \\dots, z_n$. Unit $k$ "
        "of the next layer, of $m$ units, has the weighted input $\\sum_i W_{ki}\\,\\sigma(z_i) + b_k$ "
        "and the error $\\delta_k$. Write the error of unit $j$ of this layer.",
        answer="sigma'(z[j])*sum(W[k,j]*delta[k], k, 1, m)",
        given=LAYERS,
        vocabulary=NEXT,
        question=Sum(delta[k] * Partial(after(k), z[j]), (k, 1, m)),
        quantity="the error",
        mistakes=(
            Mistake("σ′ is missing", "sum(W[k,j]*delta[k], k, 1, m)", "That is the answer for linear units."),
            Mistake(
                "W is transposed",
                "sigma'(z[j])*sum(W[j,k]*delta[k], k, 1, m)",
                "W has one unit of the next layer a row: the first index counts those.",
            ),
            Mistake(
                "σ stands where σ′ belongs",
                "sigma(z[j])*sum(W[k,j]*delta[k], k, 1, m)",
                "Differentiate the activation.",
            ),
            Mistake(
                "W is not there",
                "sigma'(z[j])*sum(delta[k], k, 1, m)",
                "How much does unit k feel of unit j?",
            ),
            Mistake(
                "a product of sums for a sum of products",
                "sigma'(z[j])*sum(W[k,j], k, 1, m)*sum(delta[k], k, 1, m)",
                "Each error comes back through its own weight.",
            ),
            Mistake(
                "the last unit is left out",
                "sigma'(z[j])*sum(W[k,j]*delta[k], k, 1, m - 1)",
                "Look at the upper bound of the sum.",
            ),
            Mistake(
                "only one unit of the next layer counts",
                "sigma'(z[j])*W[1,j]*delta[1]",
                "Unit j feeds every unit of the next layer.",
            ),
            Mistake(
                "all units of this layer count",
                "sum(sum(sigma'(z[i])*W[k,i]*delta[k], i, 1, n), k, 1, m)",
                "The derivative is by one z only.",
            ),
            Mistake(
                "the sign is wrong",
                "-sigma'(z[j])*sum(W[k,j]*delta[k], k, 1, m)",
                "An error is a derivative, not a step of descent.",
            ),
            Mistake(
                "σ′ counts twice",
                "sigma'(z[j])^2*sum(W[k,j]*delta[k], k, 1, m)",
                "The next layer's σ′ is in its error already; this layer's counts once.",
            ),
        ),
    )


@exercise("backpropagation.weight-gradient", task="HW3-2.4")
def weight_gradient() -> Exercise:
    return Exercise(
        id="",
        prompt="A layer of $m$ units has $z_k = \\sum_i W_{ki} a_i + b_k$, where $a_1, \\dots, a_n$ "
        "come from the layer before, the outputs $o_k = \\sigma(z_k)$ and the errors "
        "$\\delta_k = \\partial C/\\partial z_k$. Write $\\partial C/\\partial W_{qj}$.",
        answer="delta[q]*a[j]",
        given=WEIGHT,
        quantity="the gradient",
        vocabulary={
            "delta": delta,
            "a": a,
            "o": array("o", m),
            "W": W,
            "q": q,
            "j": j,
            "k": k,
            "n": n,
            "m": m,
        },
        question=Sum(delta[k] * Partial(fed(k), W[q, j]), (k, 1, m)),
        mistakes=(
            Mistake("the input is missing", "delta[q]", "That is the gradient of the bias."),
            Mistake("the error is missing", "a[j]", "This is ∂z/∂W; the chain rule has one more factor."),
            Mistake(
                "the error is summed over the units",
                "a[j]*sum(delta[k], k, 1, m)",
                "In how many of the z's does W_qj stand?",
            ),
            Mistake(
                "the inputs are summed", "delta[q]*sum(a[i], i, 1, n)", "W_qj multiplies one input only."
            ),
            Mistake(
                "one layer too late: the unit's output for its input",
                "delta[q]*o[q]",
                "Which number does the weight multiply on the way forward?",
            ),
            Mistake(
                "W stands where the input belongs",
                "delta[q]*W[q,j]",
                "The derivative of W_qj a_j by W_qj is what multiplies W_qj.",
            ),
            Mistake(
                "the indices are swapped",
                "delta[j]*a[q]",
                "The first index of W is the unit that it feeds, the second the input that it reads.",
            ),
            Mistake("the sign is wrong", "-delta[q]*a[j]", "The minus sign belongs to the step of descent."),
        ),
    )


@exercise("backpropagation.linear-error", task="HW3-2.4")
def linear_error() -> Exercise:
    V, error = array("V", K, m), array("delta", K)
    second = define("z", (r,), Sum(V[r, k] * (Sum(W[k, i] * z[i], (i, 1, n)) + b[k]), (k, 1, m)))
    given = Given(sizes=(n, m, K), free={j: (1, n)}, span=(2, 1, 3))
    return Exercise(
        id="",
        prompt="Units are linear, $\\sigma(z) = z$. Two layers on, unit $r$ of $K$ has the error "
        "$\\delta_r$; the weights into the $m$ units between are $W$, those from there into the $K$ units "
        "are $V$. Write the error of unit $j$ of this layer.",
        answer="sum(sum(V[r,k]*W[k,j]*delta[r], k, 1, m), r, 1, K)",
        given=given,
        quantity="the error",
        vocabulary={"V": V, "W": W, "delta": error, "z": z, "j": j, "k": k, "r": r, "n": n, "m": m, "K": K},
        question=Sum(error[r] * Partial(second(r), z[j]), (r, 1, K)),
        mistakes=(
            Mistake(
                "a factor of the activation is left",
                "z[j]*sum(sum(V[r,k]*W[k,j]*delta[r], k, 1, m), r, 1, K)",
                "What is the derivative of σ(z) = z?",
            ),
            Mistake(
                "the layer between is skipped",
                "sum(V[r,1]*delta[r], r, 1, K)",
                "There are m ways from unit j to unit r.",
            ),
            Mistake(
                "the two weights are summed apart",
                "sum(W[k,j], k, 1, m)*sum(sum(V[r,k]*delta[r], k, 1, m), r, 1, K)",
                "A way goes in and out of the same unit between.",
            ),
            Mistake(
                "the errors are summed apart",
                "sum(sum(V[r,k]*W[k,j], k, 1, m), r, 1, K)*sum(delta[r], r, 1, K)",
                "Each error comes back through its own weights.",
            ),
            Mistake(
                "the error is missing",
                "sum(sum(V[r,k]*W[k,j], k, 1, m), r, 1, K)",
                "This is the derivative of the outputs' sum, not of the cost.",
            ),
            Mistake(
                "the sign is wrong",
                "-sum(sum(V[r,k]*W[k,j]*delta[r], k, 1, m), r, 1, K)",
                "No minus sign comes in anywhere.",
            ),
        ),
    )


@exercise("backpropagation.collapse", task="HW3-2.4")
def collapse() -> Exercise:
    V, c, x = array("V", K, m), array("c", K), array("x", n)
    output = Sum(V[k, q] * (Sum(W[q, i] * x[i], (i, 1, n)) + b[q]), (q, 1, m)) + c[k]
    given = Given(sizes=(n, m, K), free={k: (1, K)}, span=(2, 1, 3))
    weights = Sum(Sum(V[k, q] * W[q, i], (q, 1, m)) * x[i], (i, 1, n))
    return Exercise(
        id="",
        prompt="Two linear layers: $u_q = \\sum_i W_{qi} x_i + b_q$ for $q = 1, \\dots, m$, then "
        "$a_k = \\sum_q V_{kq} u_q + c_k$. As one layer this is $a_k = \\sum_i M_{ki} x_i + d_k$ with "
        "$M_{ki} = \\sum_q V_{kq} W_{qi}$. Write its bias $d_k$.",
        answer="sum(V[k,q]*b[q], q, 1, m) + c[k]",
        given=given,
        quantity="the bias",
        vocabulary={"V": V, "W": W, "b": b, "c": c, "k": k, "q": q, "n": n, "m": m, "K": K},
        question=output - weights,
        mistakes=(
            Mistake("the first bias is forgotten", "c[k]", "The second layer multiplies all of u."),
            Mistake(
                "the second bias is forgotten", "sum(V[k,q]*b[q], q, 1, m)", "Put x = 0 into both layers."
            ),
            Mistake(
                "the biases are just added",
                "sum(b[q], q, 1, m) + c[k]",
                "The first bias passes through the second layer's weights.",
            ),
            Mistake(
                "the second bias is summed too",
                "sum(V[k,q]*b[q] + c[k], q, 1, m)",
                "The second bias stands outside the sum.",
            ),
            Mistake(
                "the weights are summed apart",
                "sum(V[k,q], q, 1, m)*sum(b[q], q, 1, m) + c[k]",
                "Each hidden unit's bias has its own weight.",
            ),
            Mistake(
                "the second bias is multiplied too",
                "sum(V[k,q]*(b[q] + c[k]), q, 1, m)",
                "The second bias comes after the weights.",
            ),
        ),
    )
