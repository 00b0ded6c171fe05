"""Pairs on habits of homework: ranges written otherwise, primed indices, rows that define, labels as indices."""
# ruff: noqa: E501 (a text stands as it is typed)

from __future__ import annotations

from sympy import KroneckerDelta, Max, Product, Rational, Sum, exp, log, sqrt

from helpers.proof import Partial

from .vocabulary import array, indices, logistic, one_if, pair, reals, sizes

n, m, C, K, N, H = sizes("n m C K N H")
i, j, k, l, q, s, y = indices("i j k l q s y")
a, b, c, u, w, x, t, z, eta = reals("a b c u w x t z eta")
tC, aC, zK, yK, f = array("t", C), array("a", C), array("z", K), array("y", K), array("f", K)
xs, ws, v = array("x", n), array("w", n), array("v", n)
W, X, h = array("W", K, H), array("X", N, n), array("h", H)
W1, W2, x1 = array("W^(1)", H, n), array("W^(2)", K, H), array("x", n)


def soft(scores, at, size):
    return exp(scores[at]) / Sum(exp(scores[l]), (l, 1, size))


def unit(at):
    return Sum(W1[at, i] * x1[i], (i, 1, n))


def logit(at):
    return Sum(W2[at, j] * logistic(unit(j)), (j, 1, H))


PAIRS = [
    pair(
        "range-below-above",
        r"""Let $t \in \mathbb{R}^C$.
\sum_j^C t_j = \sum_{j=1}^C t_j""",
        (Sum(tC[j], (j, 1, C)), Sum(tC[j], (j, 1, C))),
    ),
    pair(
        "range-above-first",
        r"""Let $x \in \mathbb{R}^n$.
\sum^n_{i=1} x_i = \sum_{i = 1} ^ {n} x_i""",
        (Sum(xs[i], (i, 1, n)), Sum(xs[i], (i, 1, n))),
    ),
    pair(
        "range-relations",
        r"""Let $x \in \mathbb{R}^n$.
\sum_{1 \le i \le n} x_i = \sum_i x_i""",
        (Sum(xs[i], (i, 1, n)), Sum(xs[i], (i, 1, n))),
    ),
    pair(
        "primed-index",
        r"""Let $z \in \mathbb{R}^K$.
\frac{\partial}{\partial z_k} \log \left( \sum_{k'=1}^K e^{z_{k'}} \right) = \frac{e^{z_k}}{\sum_{k'=1}^K e^{z_{k'}}}""",
        (Partial(log(Sum(exp(zK[l]), (l, 1, K))), zK[k]), soft(zK, k, K)),
        free={k: (1, K)},
    ),
    pair(
        "label-in-an-index",
        r"""Let $f \in \mathbb{R}^K$ and $y \in \{1, \dots, K\}$.
-\log\left(\frac{e^{f_y}}{\sum_{j=1}^K e^{f_j}}\right) = \log\left(\sum_{j=1}^K e^{f_j}\right) - f_y""",
        (-log(soft(f, y, K)), log(Sum(exp(f[l]), (l, 1, K))) - f[y]),
        free={y: (1, K)},
    ),
    pair(
        "quotient-with-deltas",
        r"""Let $p_k = \frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}}$.
\frac{\partial p_k}{\partial z_q} = \frac{\delta_{kq} e^{z_k} \sum_j e^{z_j} - e^{z_k} e^{z_q}}{\left(\sum_j e^{z_j}\right)^2}""",
        (
            Partial(soft(zK, k, K), zK[q]),
            (KroneckerDelta(k, q) * exp(zK[k]) * Sum(exp(zK[j]), (j, 1, K)) - exp(zK[k]) * exp(zK[q]))
            / Sum(exp(zK[j]), (j, 1, K)) ** 2,
        ),
        free={k: (1, K), q: (1, K)},
    ),
    pair(
        "derivative-of-summand",
        r"""Let $p_i = \frac{e^{a_i}}{\sum_{j=1}^C e^{a_j}}$ and $t \in \mathbb{R}^C$.
-\frac{\partial}{\partial a_k} \sum_{i=1}^C t_i \ln p_i = -\sum_{i=1}^C \frac{t_i}{p_i} p_i (\delta_{ik} - p_k)""",
        (
            -Partial(Sum(tC[i] * log(soft(aC, i, C)), (i, 1, C)), aC[k]),
            -Sum(
                tC[i] / soft(aC, i, C) * soft(aC, i, C) * (KroneckerDelta(i, k) - soft(aC, k, C)), (i, 1, C)
            ),
        ),
    ),
    pair(
        "two-layer-network",
        r"""Let $\sigma(u) = \frac{1}{1+e^{-u}}$, $W^{(1)} \in \mathbb{R}^{H\times n}$, $W^{(2)} \in \mathbb{R}^{K\times H}$, $x \in \mathbb{R}^n$.
Let $z^{(1)}_j = \sum_{i=1}^n W^{(1)}_{ji} x_i$, $a^{(1)}_j = \sigma(z^{(1)}_j)$ and $z^{(2)}_k = \sum_{j=1}^H W^{(2)}_{kj} a^{(1)}_j$.
\begin{align}
\frac{\partial z^{(2)}_k}{\partial W^{(1)}_{lm}} &= W^{(2)}_{kl}\, a^{(1)}_l \bigl(1 - a^{(1)}_l\bigr)\, x_m
\end{align}""",
        (
            Partial(logit(k), W1[l, indices("m")]),
            W2[k, l] * logistic(unit(l)) * (1 - logistic(unit(l))) * x1[indices("m")],
        ),
        free={k: (1, K), l: (1, H), indices("m"): (1, n)},
    ),
    pair(
        "layers-as-plain-superscripts",
        r"""Let $z^1 = w^1 x + b^1$ and $a^1 = \max(0, z^1)$.
a^1 = \max(0, w^1 x + b^1)""",
        (
            Max(0, reals("w^(1)") * x + reals("b^(1)")),
            Max(0, reals("w^(1)") * x + reals("b^(1)")),
        ),
    ),
    pair(
        "indicator-I",
        r"""Let $y \in \mathbb{R}^K$.
\sum_i y_i I_{\{i=k\}} = y_k""",
        (Sum(yK[i] * KroneckerDelta(i, k), (i, 1, K)), yK[k]),
    ),
    pair(
        "sigma-brace-prime",
        r"""Let $\sigma(z) = \frac{1}{1+e^{-z}}$.
\sigma^{'}(z) = \sigma(z) - \sigma(z)^2""",
        (Partial(logistic(z), z), logistic(z) - logistic(z) ** 2),
    ),
    pair(
        "rows-that-define",
        r"""Let $x \in \mathbb{R}$.
\begin{align*}
u &= x^2 + 1 \\
v &= \sqrt{u} \\
v^2 &= x^2 + 1
\end{align*}""",
        (x**2 + 1, x**2 + 1),
        (sqrt(x**2 + 1), sqrt(x**2 + 1)),
        (sqrt(x**2 + 1) ** 2, x**2 + 1),
    ),
    pair(
        "d-for-index",
        r"""Let $x \in \mathbb{R}^n$ and $w \in \mathbb{R}^n$.
\sum_{d=1}^{n} w_d x_d - \sum_d x_d w_d = 0""",
        (
            Sum(ws[i] * xs[i], (i, 1, n)) - Sum(xs[i] * ws[i], (i, 1, n)),
            0,
        ),
    ),
    pair(
        "momentum-step",
        r"""Let $\theta, v, g \in \mathbb{R}^n$, $\gamma \in [0,1]$, $\eta > 0$.
\theta_j + (\gamma v_j - \eta g_j) = \theta_j + \gamma v_j - \eta g_j""",
        (
            array("theta", n)[j] + (reals("gamma") * v[j] - eta * array("g", n)[j]),
            array("theta", n)[j] + reals("gamma") * v[j] - eta * array("g", n)[j],
        ),
        domain={reals("gamma"): "closed unit", eta: "positive"},
        free={j: (1, n)},
    ),
    pair(
        "adam-correction",
        r"""Let $g \in \mathbb{R}$ and $\beta \ne 1$, $t = 1, 2, \dots$.
\frac{(1-\beta)\sum_{i=1}^t \beta^{t-i} g}{1-\beta^t} = g""",
        (
            (1 - reals("beta"))
            * Sum(reals("beta") ** (sizes("t") - i) * reals("g"), (i, 1, sizes("t")))
            / (1 - reals("beta") ** sizes("t")),
            reals("g"),
        ),
    ),
    pair(
        "samples-and-features",
        r"""Let $X \in \mathbb{R}^{N \times n}$, $y \in \mathbb{R}^N$, $w \in \mathbb{R}^n$, $b \in \mathbb{R}$.
Let $\hat{y}_s = \sum_{i} w_i X_{si} + b$.
Let $\text{MSE} = \frac{1}{N}\sum_{s} (y_s - \hat{y}_s)^2$.
\frac{\partial \text{MSE}}{\partial b} = -\frac{2}{N} \sum_s (y_s - \hat{y}_s)""",
        (
            Partial(1 / N * Sum((array("y", N)[s] - Sum(ws[i] * X[s, i], (i, 1, n)) - b) ** 2, (s, 1, N)), b),
            -2 / N * Sum(array("y", N)[s] - Sum(ws[i] * X[s, i], (i, 1, n)) - b, (s, 1, N)),
        ),
    ),
    pair(
        "indicator-slope",
        r"""Let $h \in \mathbb{R}^H$.
\sum_{j=1}^H \max(0, h_j) = \sum_{j=1}^H \mathbb{1}(h_j > 0)\, h_j""",
        (
            Sum(Max(0, h[j]), (j, 1, H)),
            Sum(one_if(h[j] > 0) * h[j], (j, 1, H)),
        ),
    ),
    pair(
        "power-of-an-entry-in-exp",
        r"""Let $x \in \mathbb{R}^n$ and $\tau > 0$.
\exp\Bigl(-\frac{1}{2\tau^2}\sum_i x_i^2\Bigr) = \prod_i e^{-x_i^2/(2\tau^2)}""",
        (
            exp(-1 / (2 * reals("tau") ** 2) * Sum(xs[i] ** 2, (i, 1, n))),
            Product(exp(-(xs[i] ** 2) / (2 * reals("tau") ** 2)), (i, 1, n)),
        ),
    ),
    pair(
        "words-before-formula",
        r"""Let $x, y \in \mathbb{R}$.
By the first binomial formula we have
$$(x+y)^2 = x^2 + 2xy + y^2$$
and therefore
$$(x+y)^2 - 2xy = x^2 + y^2.$$""",
        ((x + reals("y")) ** 2, x**2 + 2 * x * reals("y") + reals("y") ** 2),
        ((x + reals("y")) ** 2 - 2 * x * reals("y"), x**2 + reals("y") ** 2),
    ),
    pair(
        "half-in-front",
        r"\tfrac12(x-1)^2+\tfrac12(x+1)^2=x^2+1",
        (Rational(1, 2) * (x - 1) ** 2 + Rational(1, 2) * (x + 1) ** 2, x**2 + 1),
    ),
    pair(
        "ln-of-frac-sum",
        r"""Let $a_k > 0$ for $k = 1, \dots, C$.
\ln \frac{a_k}{\sum_{j=1}^C a_j} = \ln a_k - \ln \sum_{j=1}^C a_j""",
        (log(aC[k] / Sum(aC[j], (j, 1, C))), log(aC[k]) - log(Sum(aC[j], (j, 1, C)))),
        domain={aC: "positive"},
        free={k: (1, C)},
    ),
]
