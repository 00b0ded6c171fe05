"""Pairs on vectors and matrices, which are compared entry by entry; `e`, `f` are the free indices of entries."""
# ruff: noqa: E501 (a text stands as it is typed)

from __future__ import annotations

from sympy import KroneckerDelta, Max, Rational, Sum, log, sqrt

from helpers.proof import Partial

from .vocabulary import array, indices, logistic, one_if, pair, reals, sizes

n, m, N, K, d = sizes("n m N K d")
i, j, k, l, e, f = indices("i j k l e f")
a, b, y, lam, t, c, eta = reals("a b y lambda t c eta")
w, x, u, v = array("w", n), array("x", n), array("u", n), array("v", n)
A, B, W, X, Wb = array("A", n, n), array("B", n, n), array("W", m, n), array("X", N, n), array("b", m)
yN, z, p = array("y", N), array("z", K), array("p", K)
dot = Sum(w[i] * x[i], (i, 1, n))
norm2 = Sum(w[i] ** 2, (i, 1, n))
row = Sum(X[k, i] * w[i], (i, 1, n))

PAIRS = [
    pair(
        "dot-transpose",
        r"""Let $\mathbf{w}, \mathbf{x} \in \mathbb{R}^n$.
\mathbf{w}^\top \mathbf{x} = \sum_{i=1}^n w_i x_i""",
        (dot, dot),
    ),
    pair(
        "dot-T-symmetric",
        r"""Let $w,x\in\mathbb{R}^n$.
w^T x = x^T w""",
        (dot, dot),
    ),
    pair(
        "dot-text-T",
        r"""Let $\boldsymbol{w}, \boldsymbol{x} \in \mathbb{R}^n$ and $b \in \mathbb{R}$.
\boldsymbol{w}^{\text{T}} \boldsymbol{x} + b = b + \sum_i w_i x_i""",
        (dot + b, b + dot),
    ),
    pair(
        "dot-intercal",
        r"""Let $w, x \in \mathbb{R}^n$.
w^{\mathsf{T}} x + w^{\intercal} x = 2 \sum_{i=1}^n w_i x_i""",
        (dot + dot, 2 * dot),
    ),
    pair(
        "dot-cdot",
        r"""Let $w, x \in \mathbb{R}^n$.
w \cdot x = \langle w, x \rangle""",
        (dot, dot),
    ),
    pair(
        "norm-squared",
        r"""Let $w \in \mathbb{R}^n$.
\|w\|^2 = w^\top w""",
        (norm2, norm2),
    ),
    pair(
        "norm-difference",
        r"""Let $w, x \in \mathbb{R}^n$.
\left\| w - x \right\|^2 = \|w\|^2 - 2 w^\top x + \|x\|^2""",
        (
            Sum((w[i] - x[i]) ** 2, (i, 1, n)),
            norm2 - 2 * dot + Sum(x[i] ** 2, (i, 1, n)),
        ),
    ),
    pair(
        "norm-unsquared",
        r"""Let $w \in \mathbb{R}^n$.
\|w\| = \sqrt{\sum_{i=1}^n w_i^2}""",
        (sqrt(norm2), sqrt(norm2)),
    ),
    pair(
        "nabla-dot",
        r"""Let $w, x \in \mathbb{R}^n$.
\nabla_w \left( w^\top x \right) = x""",
        (Partial(dot, w[e]), x[e]),
        entry=(e,),
    ),
    pair(
        "nabla-norm",
        r"""Let $\mathbf{w} \in \mathbb{R}^n$ and $\lambda > 0$.
\nabla_{\mathbf{w}} \tfrac{\lambda}{2} \|\mathbf{w}\|^2 = \lambda \mathbf{w}""",
        (Partial(lam / 2 * norm2, w[e]), lam * w[e]),
        entry=(e,),
    ),
    pair(
        "partial-by-vector",
        r"""Let $w, x \in \mathbb{R}^n$ and $y \in \mathbb{R}$.
\frac{\partial}{\partial w} (w^\top x - y)^2 = 2 (w^\top x - y) x""",
        (Partial((dot - y) ** 2, w[e]), 2 * (dot - y) * x[e]),
        entry=(e,),
    ),
    pair(
        "nabla-cost-name",
        r"""Let $w, x \in \mathbb{R}^n$, $t \in \mathbb{R}$ and $\sigma(z) = \frac{1}{1+e^{-z}}$.
Let $C = -t \ln \sigma(w^\top x) - (1-t)\ln(1-\sigma(w^\top x))$.
\nabla_w C = (\sigma(w^\top x) - t)\, x""",
        (
            Partial(-t * log(logistic(dot)) - (1 - t) * log(1 - logistic(dot)), w[e]),
            (logistic(dot) - t) * x[e],
        ),
        entry=(e,),
    ),
    pair(
        "matrix-vector",
        r"""Let $W \in \mathbb{R}^{m \times n}$, $x, u \in \mathbb{R}^n$.
W(x + u) = Wx + Wu""",
        (
            Sum(W[e, j] * (x[j] + u[j]), (j, 1, n)),
            Sum(W[e, j] * x[j], (j, 1, n)) + Sum(W[e, j] * u[j], (j, 1, n)),
        ),
        entry=(e,),
    ),
    pair(
        "quadratic",
        r"""Let $A \in \mathbb{R}^{n \times n}$ and $x \in \mathbb{R}^n$.
x^\top A x = \sum_{i=1}^n \sum_{j=1}^n x_i A_{ij} x_j""",
        (
            Sum(x[i] * A[i, j] * x[j], (j, 1, n), (i, 1, n)),
            Sum(x[i] * A[i, j] * x[j], (j, 1, n), (i, 1, n)),
        ),
    ),
    pair(
        "quadratic-nabla",
        r"""Let $A \in \mathbb{R}^{n \times n}$ and $x \in \mathbb{R}^n$.
\nabla_x (x^T A x) = A x + A^T x""",
        (
            Partial(Sum(x[i] * A[i, j] * x[j], (j, 1, n), (i, 1, n)), x[e]),
            Sum(A[e, j] * x[j], (j, 1, n)) + Sum(A[j, e] * x[j], (j, 1, n)),
        ),
        entry=(e,),
    ),
    pair(
        "matrix-entry-subscript",
        r"""Let $W \in \mathbb{R}^{m\times n}$ and $x \in \mathbb{R}^n$.
(Wx)_i = \sum_{j=1}^n W_{ij} x_j""",
        (Sum(W[i, j] * x[j], (j, 1, n)), Sum(W[i, j] * x[j], (j, 1, n))),
        free={i: (1, m)},
    ),
    pair(
        "transpose-product",
        r"""Let $A, B \in \mathbb{R}^{n \times n}$.
(AB)^\top = B^\top A^\top""",
        (
            Sum(A[f, j] * B[j, e], (j, 1, n)),
            Sum(B[j, e] * A[f, j], (j, 1, n)),
        ),
        entry=(e, f),
    ),
    pair(
        "least-squares-matrix",
        r"""Let $X \in \mathbb{R}^{N \times n}$, $w \in \mathbb{R}^n$ and $y \in \mathbb{R}^N$.
\nabla_w \tfrac12 \|Xw - y\|^2 = X^\top (Xw - y)""",
        (
            Partial(Rational(1, 2) * Sum((row - yN[k]) ** 2, (k, 1, N)), w[e]),
            Sum(X[k, e] * (row - yN[k]), (k, 1, N)),
        ),
        entry=(e,),
    ),
    pair(
        "hadamard",
        r"""Let $u, v \in \mathbb{R}^n$.
u \odot v = v \odot u""",
        (u[e] * v[e], v[e] * u[e]),
        entry=(e,),
    ),
    pair(
        "ones",
        r"""Let $x \in \mathbb{R}^n$.
\mathbf{1}^\top x = \sum_{i=1}^n x_i""",
        (Sum(x[i], (i, 1, n)), Sum(x[i], (i, 1, n))),
    ),
    pair(
        "outer",
        r"""Let $u, v, x \in \mathbb{R}^n$.
(u v^\top) x = (v^\top x) u""",
        (
            Sum(u[e] * v[j] * x[j], (j, 1, n)),
            Sum(v[j] * x[j], (j, 1, n)) * u[e],
        ),
        entry=(e,),
    ),
    pair(
        "diag",
        r"""Let $p, x \in \mathbb{R}^n$.
\operatorname{diag}(p) x = p \odot x""",
        (
            Sum(KroneckerDelta(e, j) * array("p", n)[e] * x[j], (j, 1, n)),
            array("p", n)[e] * x[e],
        ),
        entry=(e,),
    ),
    pair(
        "trace",
        r"""Let $A, B \in \mathbb{R}^{n\times n}$.
\operatorname{tr}(AB) = \operatorname{tr}(BA)""",
        (
            Sum(A[i, j] * B[j, i], (j, 1, n), (i, 1, n)),
            Sum(B[i, j] * A[j, i], (j, 1, n), (i, 1, n)),
        ),
    ),
    pair(
        "layer-entry",
        r"""Let $W \in \mathbb{R}^{m \times n}$, $x \in \mathbb{R}^n$, $b \in \mathbb{R}^m$ and $z = Wx + b$.
\frac{\partial z_i}{\partial x_j} = W_{ij}""",
        (Partial(Sum(W[i, l] * x[l], (l, 1, n)) + Wb[i], x[j]), W[i, j]),
        free={i: (1, m), j: (1, n)},
    ),
    pair(
        "relu-entrywise",
        r"""Let $W \in \mathbb{R}^{m \times n}$, $x \in \mathbb{R}^n$ and $h_i = \max(0, \sum_{j=1}^n W_{ij} x_j)$.
\sum_{i=1}^m h_i = \sum_{i=1}^m \mathbf{1}\{\sum_{j=1}^n W_{ij} x_j > 0\} \sum_{j=1}^n W_{ij} x_j""",
        (
            Sum(Max(0, Sum(W[i, j] * x[j], (j, 1, n))), (i, 1, m)),
            Sum(one_if(Sum(W[i, j] * x[j], (j, 1, n)) > 0) * Sum(W[i, l] * x[l], (l, 1, n)), (i, 1, m)),
        ),
    ),
    pair(
        "gradient-step",
        r"""Let $w, g \in \mathbb{R}^n$ and $\eta > 0$.
\|w - \eta g\|^2 = \|w\|^2 - 2\eta\, g^\top w + \eta^2 \|g\|^2""",
        (
            Sum((w[i] - eta * array("g", n)[i]) ** 2, (i, 1, n)),
            norm2
            - 2 * eta * Sum(array("g", n)[i] * w[i], (i, 1, n))
            + eta**2 * Sum(array("g", n)[i] ** 2, (i, 1, n)),
        ),
        domain={eta: "positive"},
    ),
    pair(
        "vec-arrow",
        r"""Let $\vec{w}, \vec{x} \in \mathbb{R}^n$.
\vec{w} \cdot \vec{x} = \sum_{i=1}^n w_i x_i""",
        (dot, dot),
    ),
]
