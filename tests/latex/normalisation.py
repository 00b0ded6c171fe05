"""Pairs on batch normalisation, means, variances, least squares and penalties."""
# ruff: noqa: E501 (a text stands as it is typed)

from __future__ import annotations

from sympy import Abs, KroneckerDelta, Rational, Sum, exp, log, pi, sqrt

from helpers.proof import Partial

from .vocabulary import array, indices, pair, reals, sizes, without

m, N, n, B, d = sizes("m N n B d")
i, j, k, l, s, r = indices("i j k l s r")
eps, gamma, beta, mu, sigma, lam, eta, b, c, a = reals("epsilon gamma beta mu sigma lambda eta b c a")

x, yN = array("x", m), array("y", N)
mean = Sum(x[i], (i, 1, m)) / m
var = Sum((x[i] - mean) ** 2, (i, 1, m)) / m
xx = array("x", N, d)
mean_j = Sum(xx[s, j], (s, 1, N)) / N
X, w, xn = array("X", N, n), array("w", n), array("x", N)
res = array("y", N)[s] - Sum(w[k] * X[s, k], (k, 1, n))
xhat = array("xhat", m)

PAIRS = [
    pair(
        "bn-centred",
        r"""Let $x \in \mathbb{R}^m$ and $\mu = \frac{1}{m} \sum_{i=1}^m x_i$.
\sum_{i=1}^m (x_i - \mu) = 0""",
        (Sum(x[i] - mean, (i, 1, m)), 0),
    ),
    pair(
        "bn-variance",
        r"""Let $x \in \mathbb{R}^m$.
Let $\mu_B = \frac1m\sum_{i=1}^m x_i$ and $v = \frac1m\sum_{i=1}^m (x_i-\mu_B)^2$.
v = \frac{1}{m} \sum_{i=1}^{m} x_i^2 - \mu_B^2""",
        (var, Sum(x[i] ** 2, (i, 1, m)) / m - mean**2),
    ),
    pair(
        "bn-sigma-squared",
        r"""Let $x \in \mathbb{R}^m$, $\mu = \frac{1}{m}\sum_i x_i$, $\sigma^2 = \frac{1}{m}\sum_i (x_i-\mu)^2$, $\epsilon > 0$.
\begin{align}
\frac{\partial \mu}{\partial x_j} &= \frac{1}{m} \\
\frac{\partial \sigma^2}{\partial x_j} &= \frac{2(x_j-\mu)}{m}
\end{align}""",
        (Partial(mean, x[j]), 1 / m),
        (Partial(var, x[j]), 2 * (x[j] - mean) / m),
        free={j: (1, m)},
    ),
    pair(
        "bn-normalised",
        r"""Let $x\in\mathbb{R}^m$, $\epsilon > 0$, $\mu_B=\frac1m\sum_{i=1}^m x_i$, $v_B=\frac1m\sum_{i=1}^m(x_i-\mu_B)^2$ and $\hat x_i=\frac{x_i-\mu_B}{\sqrt{v_B+\epsilon}}$.
$$\sum_{i=1}^m \hat{x}_i^2 = \frac{m v_B}{v_B+\epsilon}$$""",
        (
            Sum(((x[i] - mean) / sqrt(var + eps)) ** 2, (i, 1, m)),
            m * var / (var + eps),
        ),
        domain={eps: "positive"},
    ),
    pair(
        "bn-matrix-column",
        r"""Let $x \in \mathbb{R}^{N \times d}$ and $\mu_j = \frac{1}{N} \sum_{i=1}^N x_{i,j}$.
\begin{aligned}
\sum_{i=1}^N (x_{i,j} - \mu_j)^2 &= \sum_{i=1}^N x_{i,j}^2 - N \mu_j^2 && \text{(expand the square)}
\end{aligned}""",
        (
            Sum((xx[s, j] - mean_j) ** 2, (s, 1, N)),
            Sum(xx[s, j] ** 2, (s, 1, N)) - N * mean_j**2,
        ),
        free={j: (1, d)},
    ),
    pair(
        "bn-jacobian",
        r"""Let $x\in\mathbb{R}^m$, $\varepsilon>0$, $\mu=\frac1m\sum_{l=1}^m x_l$ and $s=\sqrt{\varepsilon+\frac1m\sum_{l=1}^m(x_l-\mu)^2}$.
\[
\frac{\partial}{\partial x_j}\frac{x_i-\mu}{s}=\frac1s\left(\delta_{ij}-\frac1m-\frac{(x_i-\mu)(x_j-\mu)}{m s^2}\right)
\]""",
        (
            Partial((x[i] - mean) / sqrt(reals("epsilon") + var), x[j]),
            1
            / sqrt(reals("epsilon") + var)
            * (
                KroneckerDelta(i, j)
                - 1 / m
                - (x[i] - mean) * (x[j] - mean) / (m * sqrt(reals("epsilon") + var) ** 2)
            ),
        ),
        free={i: (1, m), j: (1, m)},
    ),
    pair(
        "bn-affine",
        r"\frac{\partial}{\partial \gamma} (\gamma \hat{x} + \beta) = \hat x",
        (Partial(gamma * reals("xhat") + beta, gamma), reals("xhat")),
    ),
    pair(
        "bn-scale-free",
        r"""Let $x \in \mathbb{R}^m$, $a>0$ and $\bar x = \frac{1}{m}\sum_{i=1}^m x_i$.
$\frac{1}{m}\sum_{i=1}^m (a x_i - a \bar x)^2 = \frac{a^2}{m}\sum_{i=1}^m (x_i - \bar{x})^2$""",
        (
            Sum((a * x[i] - a * mean) ** 2, (i, 1, m)) / m,
            a**2 / m * Sum((x[i] - mean) ** 2, (i, 1, m)),
        ),
        domain={a: "positive"},
    ),
    pair(
        "power-minus-three-halves",
        r"\frac{\partial}{\partial v} (v+\epsilon)^{-1/2} = -\frac{1}{2} (v + \epsilon)^{-3/2}",
        (
            Partial((reals("v") + eps) ** Rational(-1, 2), reals("v")),
            -Rational(1, 2) * (reals("v") + eps) ** Rational(-3, 2),
        ),
    ),
    pair(
        "sample-variance",
        r"""Let $x \in \mathbb{R}^N$ and $\bar{x} = \frac{\sum_{i=1}^N x_i}{N}$.
\sum_i (x_i - \bar{x})^2 = \sum_i x_i^2 - N \bar{x}^2""",
        (
            Sum((xn[i] - Sum(xn[l], (l, 1, N)) / N) ** 2, (i, 1, N)),
            Sum(xn[i] ** 2, (i, 1, N)) - N * (Sum(xn[l], (l, 1, N)) / N) ** 2,
        ),
    ),
    pair(
        "mse-mean-minimiser",
        r"""Let $x \in \mathbb{R}^N$ and $c \in \mathbb{R}$.
\frac{d}{dc} \frac{1}{2N} \sum_{i=1}^N (x_i - c)^2 = c - \frac{1}{N} \sum_{i=1}^N x_i""",
        (
            Partial(1 / (2 * N) * Sum((xn[i] - c) ** 2, (i, 1, N)), c),
            c - 1 / N * Sum(xn[i], (i, 1, N)),
        ),
    ),
    pair(
        "least-squares-gradient",
        r"""Let $X \in \mathbb{R}^{N \times n}$, $w \in \mathbb{R}^n$, $y \in \mathbb{R}^N$.
Let $r_s = y_s - \sum_{k=1}^n w_k X_{sk}$ and $C = \frac{1}{2}\sum_{s=1}^N r_s^2$.
\begin{align*}
\frac{\partial C}{\partial w_j} &= \sum_{s=1}^N r_s \frac{\partial r_s}{\partial w_j} \\
                               &= - \sum_{s=1}^N r_s X_{sj}
\end{align*}""",
        (
            Partial(Rational(1, 2) * Sum(res**2, (s, 1, N)), w[j]),
            Sum(res * Partial(res, w[j]), (s, 1, N)),
            -Sum(res * X[s, j], (s, 1, N)),
        ),
        free={j: (1, n)},
    ),
    pair(
        "ridge",
        r"""Let $w \in \mathbb{R}^n$ and $\lambda > 0$.
$$\frac{\partial}{\partial w_j} \left( \frac{\lambda}{2} \|w\|^2 \right) = \lambda w_j$$""",
        (Partial(lam / 2 * Sum(w[i] ** 2, (i, 1, n)), w[j]), lam * w[j]),
        domain={lam: "positive"},
    ),
    pair(
        "ridge-norm-2",
        r"""Let $\mathbf{w} \in \mathbb{R}^n$ and $\lambda\geq 0$.
\frac{\lambda}{2} \lVert \mathbf{w} \rVert_2^2 = \frac{\lambda}{2} \sum_{i=1}^{n} w_i^2""",
        (lam / 2 * Sum(w[i] ** 2, (i, 1, n)), lam / 2 * Sum(w[i] ** 2, (i, 1, n))),
    ),
    pair(
        "lasso-norm-1",
        r"""Let $w\in\mathbb{R}^n$.
\|w\|_1 = \sum_{i=1}^n |w_i|""",
        (Sum(Abs(w[i]), (i, 1, n)), Sum(Abs(w[i]), (i, 1, n))),
    ),
    pair(
        "weight-decay",
        r"""Let $w, g \in \mathbb{R}^n$ and $\eta, \lambda \in \mathbb{R}$.
w_j - \eta (g_j + \lambda w_j) = (1-\eta\lambda) w_j - \eta g_j""",
        (
            w[j] - eta * (array("g", n)[j] + lam * w[j]),
            (1 - eta * lam) * w[j] - eta * array("g", n)[j],
        ),
        free={j: (1, n)},
    ),
    pair(
        "gauss-likelihood",
        r"""Let $x \in \mathbb{R}^N$, $\sigma > 0$, $\mu\in\mathbb{R}$.
Let $\ell = -\frac{N}{2}\ln(2\pi\sigma^2) - \frac{1}{2\sigma^2}\sum_{i=1}^N(x_i-\mu)^2$.
\begin{align}
\frac{\partial \ell}{\partial \mu} &= \frac{1}{\sigma^2}\sum_{i=1}^N(x_i-\mu)\\
\frac{\partial \ell}{\partial \sigma} &= -\frac{N}{\sigma} + \frac{1}{\sigma^3}\sum_{i=1}^N(x_i-\mu)^2
\end{align}""",
        (
            Partial(
                -Rational(1, 2) * N * log(2 * pi * sigma**2)
                - 1 / (2 * sigma**2) * Sum((xn[i] - mu) ** 2, (i, 1, N)),
                mu,
            ),
            1 / sigma**2 * Sum(xn[i] - mu, (i, 1, N)),
        ),
        (
            Partial(
                -Rational(1, 2) * N * log(2 * pi * sigma**2)
                - 1 / (2 * sigma**2) * Sum((xn[i] - mu) ** 2, (i, 1, N)),
                sigma,
            ),
            -N / sigma + 1 / sigma**3 * Sum((xn[i] - mu) ** 2, (i, 1, N)),
        ),
        domain={sigma: "positive"},
    ),
    pair(
        "gauss-density-ratio",
        r"\frac{1}{\sqrt{2\pi}} e^{-\frac{x^2}{2}} = \frac{1}{\sqrt{2 \pi}} \exp\left(-\tfrac{1}{2} x^2\right)",
        (
            1 / sqrt(2 * pi) * exp(-(reals("x") ** 2) / 2),
            1 / sqrt(2 * pi) * exp(-Rational(1, 2) * reals("x") ** 2),
        ),
    ),
    pair(
        "layer-norm-leave-one",
        r"""Let $x \in \mathbb{R}^n$.
\sum_{i=1}^n x_i = x_k + \sum_{i \ne k} x_i""",
        (
            Sum(array("x", n)[i], (i, 1, n)),
            array("x", n)[k] + without(array("x", n)[i], i, k, n),
        ),
        free={k: (1, n)},
    ),
    pair(
        "bernoulli-mle",
        r"""Let $y \in \mathbb{R}^N$ and $0 < \theta < 1$.
Let $\ell(\theta) = \sum_{s=1}^N \bigl( y_s \ln\theta + (1-y_s)\ln(1-\theta) \bigr)$.
$$\ell'(\theta) = \frac{\sum_s y_s}{\theta} - \frac{N - \sum_s y_s}{1-\theta}$$""",
        (
            Partial(
                Sum(yN[s] * log(reals("theta")) + (1 - yN[s]) * log(1 - reals("theta")), (s, 1, N)),
                reals("theta"),
            ),
            Sum(yN[s], (s, 1, N)) / reals("theta") - (N - Sum(yN[s], (s, 1, N))) / (1 - reals("theta")),
        ),
        domain={reals("theta"): "unit"},
    ),
]
