"""Pairs on sums and products: ranges, nesting, how far a sum reaches, leaving out, deltas."""
# ruff: noqa: E501 (a text stands as it is typed)

from __future__ import annotations

from sympy import KroneckerDelta, Product, Rational, Sum, exp, factorial, log

from helpers.proof import Partial, product_except

from .vocabulary import array, indices, pair, reals, sizes, without

n, m, N, K, T = sizes("n m N K T")
i, j, k, l, t, s, p = indices("i j k l t s p")
a, b, c, r, q, beta, gamma = reals("a b c r q beta gamma")
x, y, w, v, u = array("x", n), array("y", n), array("w", n), array("v", n), array("u", n)
A, M, B, Anm = array("A", n, n), array("M", n, m), array("B", m, n), array("A", n, m)
g = array("g", T)

PAIRS = [
    pair(
        "sum-linear",
        r"""Let $x, y \in \mathbb{R}^n$ and $a, b \in \mathbb{R}$.
\sum_{i=1}^n (a x_i + b y_i) = a \sum_{i=1}^n x_i + b \sum_{i=1}^n y_i""",
        (Sum(a * x[i] + b * y[i], (i, 1, n)), a * Sum(x[i], (i, 1, n)) + b * Sum(y[i], (i, 1, n))),
    ),
    pair(
        "sum-product-body",
        r"""Let $x, y \in \mathbb{R}^n$.
\sum_{i=1}^n x_i \sum_{j=1}^n y_j = \left(\sum_{i=1}^n x_i\right)\left(\sum_{j=1}^n y_j\right)""",
        (
            Sum(x[i] * Sum(y[j], (j, 1, n)), (i, 1, n)),
            Sum(x[i], (i, 1, n)) * Sum(y[j], (j, 1, n)),
        ),
    ),
    pair(
        "sum-reach-plus",
        r"""Let $x \in \mathbb{R}^n$ and $c \in \mathbb{R}$.
c + \sum_{i=1}^n x_i = \sum_i x_i + c""",
        (c + Sum(x[i], (i, 1, n)), Sum(x[i], (i, 1, n)) + c),
    ),
    pair(
        "sum-minus-sum",
        r"""Let $x, y \in \mathbb{R}^n$.
$$\sum_i x_i - \sum_i y_i = \sum_i (x_i - y_i)$$""",
        (Sum(x[i], (i, 1, n)) - Sum(y[i], (i, 1, n)), Sum(x[i] - y[i], (i, 1, n))),
    ),
    pair(
        "square-of-sum",
        r"""Let $x \in \mathbb{R}^n$.
\Big(\sum_{i=1}^n x_i\Big)^2 = \sum_{i=1}^n \sum_{j=1}^n x_i x_j""",
        (Sum(x[i], (i, 1, n)) ** 2, Sum(Sum(x[i] * x[j], (j, 1, n)), (i, 1, n))),
    ),
    pair(
        "double-sum-comma",
        r"""Let $A \in \mathbb{R}^{n \times m}$.
\sum_{i,j} A_{ij}^2 = \sum_{i=1}^n \sum_{j=1}^m A_{ij}^2""",
        (
            Sum(Anm[i, j] ** 2, (j, 1, m), (i, 1, n)),
            Sum(Anm[i, j] ** 2, (j, 1, m), (i, 1, n)),
        ),
    ),
    pair(
        "sum-below",
        r"""Let $x \in \mathbb{R}^n$ and $i = 1, \dots, n$.
\sum_{j<i} x_j + x_i = \sum_{j \le i} x_j""",
        (Sum(x[j], (j, 1, i - 1)) + x[i], Sum(x[j], (j, 1, i))),
        free={i: (1, n)},
    ),
    pair(
        "gauss-sum",
        r"\sum_{k=1}^n k = \frac{n(n+1)}{2}",
        (Sum(k, (k, 1, n)), n * (n + 1) / 2),
    ),
    pair(
        "sum-of-squares",
        r"""\begin{equation*}
\sum_{k=1}^{n} k^2 = {n(n+1)(2n+1) \over 6}
\end{equation*}""",
        (Sum(k**2, (k, 1, n)), n * (n + 1) * (2 * n + 1) / 6),
    ),
    pair(
        "geometric",
        r"""Let $r \ne 1$.
\sum_{k=1}^{n} r^{k-1} = \frac{1-r^n}{1-r}""",
        (Sum(r ** (k - 1), (k, 1, n)), (1 - r**n) / (1 - r)),
    ),
    pair(
        "geometric-zero",
        r"""Let $\beta \neq 1$ and let $t$ be a size.
\sum_{i=0}^{t-1} \beta^i = \frac{1 - \beta^t}{1 - \beta}""",
        (
            Sum(beta**i, (i, 0, sizes("t") - 1)),
            (1 - beta ** sizes("t")) / (1 - beta),
        ),
    ),
    pair(
        "product-exp",
        r"""Let $x \in \mathbb{R}^n$.
\prod_{i=1}^n e^{x_i} = e^{\sum_{i=1}^n x_i}""",
        (Product(exp(x[i]), (i, 1, n)), exp(Sum(x[i], (i, 1, n)))),
    ),
    pair(
        "log-product",
        r"""Let $x_i > 0$ for $i = 1, \dots, n$.
\log \prod_{i=1}^{n} x_i = \sum_{i=1}^{n} \log x_i""",
        (log(Product(x[i], (i, 1, n))), Sum(log(x[i]), (i, 1, n))),
        domain={x: "positive"},
    ),
    pair(
        "delta-sum",
        r"""Let $x \in \mathbb{R}^n$.
\sum_{i} \delta_{ij} x_i = x_j""",
        (Sum(KroneckerDelta(i, j) * x[i], (i, 1, n)), x[j]),
        free={j: (1, n)},
    ),
    pair(
        "delta-up-down",
        r"""Let $x \in \mathbb{R}^n$ and $j = 1,\dots,n$.
\sum_{i=1}^n \delta_{i,j}\, x_i^2 = x_j^2""",
        (Sum(KroneckerDelta(i, j) * x[i] ** 2, (i, 1, n)), x[j] ** 2),
    ),
    pair(
        "sum-except",
        r"""Let $x \in \mathbb{R}^n$.
\sum_{\substack{i=1 \\ i \ne k}}^n x_i = \sum_{i=1}^n x_i - x_k""",
        (without(x[i], i, k, n), Sum(x[i], (i, 1, n)) - x[k]),
        free={k: (1, n)},
    ),
    pair(
        "product-except",
        r"""Let $x \in \mathbb{R}^n$.
\frac{\partial}{\partial x_k} \prod_{i=1}^n x_i = \prod_{i\neq k} x_i""",
        (Partial(Product(x[i], (i, 1, n)), x[k]), product_except(x[i], i, k, 1, n)),
    ),
    pair(
        "sum-limits-command",
        r"""Let $x\in\mathbb{R}^n$.
\sum\limits_{i=1}^{n} 2x_i = 2\sum\nolimits_{i} x_i""",
        (Sum(2 * x[i], (i, 1, n)), 2 * Sum(x[i], (i, 1, n))),
    ),
    pair(
        "quadratic-form",
        r"""Let $A \in \mathbb{R}^{n\times n}$ and $x \in \mathbb{R}^n$.
\frac{\partial}{\partial x_k} \sum_{i=1}^n \sum_{j=1}^n x_i A_{ij} x_j = \sum_{j=1}^n (A_{kj} + A_{jk}) x_j""",
        (
            Partial(Sum(x[i] * A[i, j] * x[j], (j, 1, n), (i, 1, n)), x[k]),
            Sum((A[k, j] + A[j, k]) * x[j], (j, 1, n)),
        ),
        free={k: (1, n)},
    ),
    pair(
        "matrix-product-entry",
        r"""Let $M \in \mathbb{R}^{n \times m}$ and $B \in \mathbb{R}^{m \times n}$.
\sum_i \sum_j M_{ij} B_{ji} = \sum_j \sum_i B_{ji} M_{ij}""",
        (
            Sum(Sum(M[i, j] * B[j, i], (j, 1, m)), (i, 1, n)),
            Sum(Sum(B[j, i] * M[i, j], (i, 1, n)), (j, 1, m)),
        ),
    ),
    pair(
        "sum-of-fraction",
        r"""Let $w, x \in \mathbb{R}^n$ and $c \ne 0$.
\frac{\sum_i w_i x_i}{c} = \sum_i \frac{w_i x_i}{c}""",
        (Sum(w[i] * x[i], (i, 1, n)) / c, Sum(w[i] * x[i] / c, (i, 1, n))),
        domain={c: "nonzero"},
    ),
    pair(
        "sum-then-slash",
        r"""Let $x \in \mathbb{R}^n$.
\frac{1}{n} \sum_{i=1}^n x_i = \left(\sum_{i=1}^n x_i\right) / n""",
        (Sum(x[i], (i, 1, n)) / n, Sum(x[i], (i, 1, n)) / n),
    ),
    pair(
        "telescope",
        r"""Let $x \in \mathbb{R}^{n+1}$.
\sum_{i=1}^{n} (x_{i+1} - x_i) = x_{n+1} - x_1""",
        (
            Sum(array("x", n + 1)[i + 1] - array("x", n + 1)[i], (i, 1, n)),
            array("x", n + 1)[n + 1] - array("x", n + 1)[1],
        ),
    ),
    pair(
        "moving-average",
        r"""Let $g \in \mathbb{R}^T$ and $\beta \in \mathbb{R}$.
(1-\beta) \sum_{s=1}^T \beta^{T-s} g_s = \sum_{s=1}^T (1-\beta) \beta^{T-s} g_s""",
        (
            (1 - beta) * Sum(beta ** (T - s) * g[s], (s, 1, T)),
            Sum((1 - beta) * beta ** (T - s) * g[s], (s, 1, T)),
        ),
    ),
    pair(
        "constant-sum",
        r"\sum_{i=1}^n \frac{1}{n} = 1",
        (Sum(1 / n, (i, 1, n)), 1),
    ),
    pair(
        "binomial-square",
        r"""Let $x, y \in \mathbb{R}^n$.
\sum_{i=1}^n (x_i - y_i)^2 = \sum_{i=1}^n x_i^2 - 2\sum_{i=1}^n x_i y_i + \sum_{i=1}^n y_i^2""",
        (
            Sum((x[i] - y[i]) ** 2, (i, 1, n)),
            Sum(x[i] ** 2, (i, 1, n)) - 2 * Sum(x[i] * y[i], (i, 1, n)) + Sum(y[i] ** 2, (i, 1, n)),
        ),
    ),
    pair(
        "sum-times-number",
        r"""Let $x \in \mathbb{R}^n$.
\sum_{i=1}^n x_i \cdot \tfrac{1}{2} = \frac12 \sum_{i=1}^n x_i""",
        (Sum(x[i] * Rational(1, 2), (i, 1, n)), Rational(1, 2) * Sum(x[i], (i, 1, n))),
    ),
    pair(
        "factorial",
        r"\prod_{k=1}^n k = n!",
        (Product(k, (k, 1, n)), factorial(n)),
    ),
    pair(
        "bound-again",
        r"""Let $x \in \mathbb{R}^n$.
\sum_i x_i^2 + \left(\sum_i x_i\right)^2 = \sum_j x_j^2 + \sum_i \sum_j x_i x_j""",
        (
            Sum(x[i] ** 2, (i, 1, n)) + Sum(x[i], (i, 1, n)) ** 2,
            Sum(x[j] ** 2, (j, 1, n)) + Sum(Sum(x[i] * x[j], (j, 1, n)), (i, 1, n)),
        ),
    ),
    pair(
        "sum-of-logs-power",
        r"""Let $x_i>0$ for $i=1,\ldots,n$ and $w\in\mathbb{R}^n$.
\ln\prod_{i=1}^n x_i^{w_i}=\sum_{i=1}^n w_i\ln x_i""",
        (log(Product(x[i] ** w[i], (i, 1, n))), Sum(w[i] * log(x[i]), (i, 1, n))),
    ),
    pair(
        "sum-of-log-reach",
        r"""Let $x, w \in \mathbb{R}^n$.
\sum_{i=1}^n \log e^{x_i} w_i = \sum_{i=1}^n w_i x_i""",
        (Sum(log(exp(x[i]) * w[i]), (i, 1, n)), Sum(w[i] * x[i], (i, 1, n))),
    ),
]
