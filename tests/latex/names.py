"""Pairs on names: accents, labels, layers, sample indices, letters that could be taken for something else."""
# ruff: noqa: E501 (a text stands as it is typed)

from __future__ import annotations

from sympy import Max, Rational, Sum, exp, log, pi

from helpers.proof import Partial, smooth

from .vocabulary import array, indices, logistic, pair, reals, sizes

n, m, N, K, H, B = sizes("n m N K H B")
i, j, k, l, s = indices("i j k l s")
x, y, z, a, b, c, u, t = reals("x y z a b c u t")
yhat, ybar, xtilde, muB, Lcal, ell = reals("yhat ybar xtilde mu_B Lcal ell")
z1, z2, a1, w1, b1 = reals("z^(1) z^(2) a^(1) w^(1) b^(1)")
xs, ws = array("x", n), array("w", n)
X = array("x", N, n)
W1, W2 = array("W^(1)", H, n), array("W^(2)", K, H)
hidden = Sum(W1[j, i] * xs[i], (i, 1, n))
g, g1 = smooth("g")

PAIRS = [
    pair(
        "hat",
        r"(y - \hat y)^2 = y^2 - 2y\hat{y} + \hat{y}^2",
        ((y - yhat) ** 2, y**2 - 2 * y * yhat + yhat**2),
    ),
    pair(
        "widehat-bar",
        r"\frac{\partial}{\partial \hat{y}} \frac{1}{2}(\hat{y}-\bar{y})^2 = \hat y - \bar y",
        (Partial(Rational(1, 2) * (yhat - ybar) ** 2, yhat), yhat - ybar),
    ),
    pair("tilde", r"2 \tilde{x} - \tilde x = \tilde x", (2 * xtilde - xtilde, xtilde)),
    pair(
        "hat-array",
        r"""Let $y, \hat{y} \in \mathbb{R}^K$.
\frac{\partial}{\partial \hat{y}_k} \frac{1}{2} \sum_{i=1}^K (y_i - \hat{y}_i)^2 = \hat{y}_k - y_k""",
        (
            Partial(
                Rational(1, 2) * Sum((array("y", K)[i] - array("yhat", K)[i]) ** 2, (i, 1, K)),
                array("yhat", K)[k],
            ),
            array("yhat", K)[k] - array("y", K)[k],
        ),
        free={k: (1, K)},
    ),
    pair(
        "label-letter",
        r"""Let $\mu_B \in \mathbb{R}$ and $x \in \mathbb{R}^B$.
\sum_{i=1}^B (x_i - \mu_B) = \sum_{i=1}^B x_i - B \mu_B""",
        (
            Sum(array("x", B)[i] - muB, (i, 1, B)),
            Sum(array("x", B)[i], (i, 1, B)) - B * muB,
        ),
    ),
    pair(
        "label-text",
        r"""Let $w_{\text{new}} = w - \eta g$ and $w, g, \eta \in \mathbb{R}$.
w_{\text{new}} - w = -\eta g""",
        (
            reals("w") - reals("eta") * reals("g") - reals("w"),
            -reals("eta") * reals("g"),
        ),
    ),
    pair(
        "layers-brackets",
        r"""Let $\sigma(u) = \frac{1}{1+e^{-u}}$.
Let $z^{(1)} = w^{(1)} x + b^{(1)}$ and $a^{(1)} = \sigma(z^{(1)})$.
\frac{\partial a^{(1)}}{\partial w^{(1)}} = a^{(1)} (1 - a^{(1)}) x""",
        (
            Partial(logistic(w1 * x + b1), w1),
            logistic(w1 * x + b1) * (1 - logistic(w1 * x + b1)) * x,
        ),
    ),
    pair(
        "layers-square-brackets",
        r"""Let $W^{[1]} \in \mathbb{R}^{H \times n}$, $x \in \mathbb{R}^n$ and $z^{[1]}_j = \sum_{i=1}^n W^{[1]}_{ji} x_i$.
\frac{\partial z^{[1]}_j}{\partial x_k} = W^{[1]}_{jk}""",
        (Partial(hidden, xs[k]), W1[j, k]),
        free={j: (1, H), k: (1, n)},
    ),
    pair(
        "layer-square",
        r"""Let $a^{(1)}, y \in \mathbb{R}$.
\frac{\partial}{\partial a^{(1)}} \left(a^{(1)} - y\right)^2 = 2 \left( a^{(1)} - y \right)""",
        (Partial((a1 - y) ** 2, a1), 2 * (a1 - y)),
    ),
    pair(
        "two-layers",
        r"""Let $W^{(1)} \in \mathbb{R}^{H \times n}$, $W^{(2)} \in \mathbb{R}^{K \times H}$ and $x \in \mathbb{R}^n$.
Let $h_j = \max(0, \sum_{i=1}^n W^{(1)}_{ji} x_i)$ and $o_k = \sum_{j=1}^H W^{(2)}_{kj} h_j$.
\frac{\partial o_k}{\partial W^{(2)}_{kl}} = h_l""",
        (
            Partial(Sum(W2[k, j] * Max(0, hidden), (j, 1, H)), W2[k, l]),
            Max(0, Sum(W1[l, i] * xs[i], (i, 1, n))),
        ),
        free={k: (1, K), l: (1, H)},
    ),
    pair(
        "layer-next",
        r"""Let $z^{(l+1)}, a^{(l)} \in \mathbb{R}$.
z^{(l+1)} - a^{(l)} + a^{(l)} = z^{(l+1)}""",
        (
            reals("z^(l+1)") - reals("a^(l)") + reals("a^(l)"),
            reals("z^(l+1)"),
        ),
    ),
    pair(
        "sample-superscript",
        r"""Let $x^{(i)} \in \mathbb{R}^n$ for $i = 1, \dots, N$ and $w \in \mathbb{R}^n$.
\frac{\partial}{\partial w_j} \sum_{i=1}^N \sum_{k=1}^n w_k x^{(i)}_k = \sum_{i=1}^N x_j^{(i)}""",
        (
            Partial(Sum(ws[k] * X[i, k], (k, 1, n), (i, 1, N)), ws[j]),
            Sum(X[i, j], (i, 1, N)),
        ),
        free={j: (1, n)},
    ),
    pair(
        "sample-scalar",
        r"""Let $x^{(i)}, y^{(i)} \in \mathbb{R}$ for $i = 1, \dots, m$ and $\theta \in \mathbb{R}$.
\frac{\partial}{\partial \theta} \frac{1}{2m} \sum_{i=1}^m (\theta x^{(i)} - y^{(i)})^2 = \frac{1}{m} \sum_{i=1}^m (\theta x^{(i)} - y^{(i)}) x^{(i)}""",
        (
            Partial(
                1 / (2 * m) * Sum((reals("theta") * array("x", m)[i] - array("y", m)[i]) ** 2, (i, 1, m)),
                reals("theta"),
            ),
            1 / m * Sum((reals("theta") * array("x", m)[i] - array("y", m)[i]) * array("x", m)[i], (i, 1, m)),
        ),
    ),
    pair("calligraphic", r"\mathcal{L} + \ell - \mathcal{L} = \ell", (Lcal + ell - Lcal, ell)),
    pair(
        "calligraphic-defined",
        r"""Let $\mathcal{L} = -\log p$ and $0 < p < 1$.
\frac{\partial \mathcal{L}}{\partial p} = -\frac{1}{p}""",
        (Partial(-log(reals("p")), reals("p")), -1 / reals("p")),
        domain={reals("p"): "unit"},
    ),
    pair(
        "sigma-is-a-number",
        r"""Let $\sigma > 0$ and $x, \mu \in \mathbb{R}$.
\frac{\partial}{\partial \mu} \frac{(x-\mu)^2}{2\sigma^2} = -\frac{x-\mu}{\sigma^2}""",
        (
            Partial((x - reals("mu")) ** 2 / (2 * reals("sigma") ** 2), reals("mu")),
            -(x - reals("mu")) / reals("sigma") ** 2,
        ),
        domain={reals("sigma"): "positive"},
    ),
    pair(
        "function-or-factor",
        r"""Let $a, b, c \in \mathbb{R}$.
a(b + c) = ab + ac""",
        (a * (b + c), a * b + a * c),
    ),
    pair(
        "function-two-arguments",
        r"""Let $f(x, y) = x^2 y$.
\frac{\partial f(x,y)}{\partial x} = 2 x y""",
        (Partial(x**2 * y, x), 2 * x * y),
    ),
    pair(
        "function-other-argument",
        r"""Let $f(x) = x^2 + 1$ and $a \in \mathbb{R}$.
f(a+1) = a^2 + 2a + 2""",
        ((a + 1) ** 2 + 1, a**2 + 2 * a + 2),
    ),
    pair(
        "function-with-parameter",
        r"""Let $c \in \mathbb{R}$ and $h(u) = c u + 1$.
h(2) - h(1) = c""",
        (2 * c + 1 - (c + 1), c),
    ),
    pair(
        "function-power",
        r"""Let $\sigma(z) = \frac{1}{1+e^{-z}}$.
\sigma(z) - \sigma^2(z) = \sigma(z)(1-\sigma(z))""",
        (logistic(z) - logistic(z) ** 2, logistic(z) * (1 - logistic(z))),
    ),
    pair(
        "prime-is-not-slope",
        r"""Let $g$ be differentiable and $t \in \mathbb{R}$.
\frac{d}{dt} g(2t + 1) = 2 g'(2t+1)""",
        (Partial(g(2 * t + 1), t), 2 * g1(2 * t + 1)),
    ),
    pair(
        "index-k-in-sum-of-function",
        r"""Let $x \in \mathbb{R}^n$ and $q(k) = x_k^2$.
\sum_{k=1}^n q(k) = \sum_{i=1}^n x_i^2""",
        (Sum(xs[k] ** 2, (k, 1, n)), Sum(xs[i] ** 2, (i, 1, n))),
    ),
    pair(
        "capture",
        r"""Let $x \in \mathbb{R}^n$ and $d_i = x_i - \frac{1}{n} \sum_{j=1}^n x_j$.
\sum_{j=1}^n d_j x_j = \sum_{j=1}^n x_j^2 - \frac{1}{n} \Bigl( \sum_{j=1}^n x_j \Bigr)^2""",
        (
            Sum((xs[j] - Sum(xs[i], (i, 1, n)) / n) * xs[j], (j, 1, n)),
            Sum(xs[j] ** 2, (j, 1, n)) - 1 / n * Sum(xs[j], (j, 1, n)) ** 2,
        ),
    ),
    pair(
        "pi-is-a-number",
        r"""Let $r > 0$.
\frac{d}{dr} \pi r^2 = 2 \pi r""",
        (Partial(pi * reals("r") ** 2, reals("r")), 2 * pi * reals("r")),
        domain={reals("r"): "positive"},
    ),
    pair(
        "pi-is-a-weight",
        r"""Let $\pi \in \mathbb{R}^K$.
\frac{\partial}{\partial \pi_k} \sum_{j=1}^K \pi_j^2 = 2 \pi_k""",
        (
            Partial(Sum(array("pi", K)[j] ** 2, (j, 1, K)), array("pi", K)[k]),
            2 * array("pi", K)[k],
        ),
    ),
    pair(
        "e-with-index",
        r"""Let $e, x \in \mathbb{R}^n$.
\sum_{i=1}^n (e_i + x_i)^2 = \sum_{i=1}^n (e_i^2 + 2 e_i x_i + x_i^2)""",
        (
            Sum((array("e", n)[i] + xs[i]) ** 2, (i, 1, n)),
            Sum(array("e", n)[i] ** 2 + 2 * array("e", n)[i] * xs[i] + xs[i] ** 2, (i, 1, n)),
        ),
    ),
    pair(
        "numbered-letters",
        r"""Let $w_0, w_1, x \in \mathbb{R}$.
\frac{\partial}{\partial w_1} (w_0 + w_1 x)^2 = 2 x (w_0 + w_1 x)""",
        (
            Partial((reals("w_0") + reals("w_1") * x) ** 2, reals("w_1")),
            2 * x * (reals("w_0") + reals("w_1") * x),
        ),
    ),
    pair(
        "numbered-entries",
        r"""Let $w \in \mathbb{R}^3$.
\sum_{i=1}^3 w_i = w_1 + w_2 + w_3""",
        (
            Sum(array("w", 3)[i], (i, 1, 3)),
            array("w", 3)[1] + array("w", 3)[2] + array("w", 3)[3],
        ),
    ),
    pair(
        "subscript-product",
        r"""Let $X \in \mathbb{R}^{N\times n}$.
\sum_{s=1}^N X_{sj} X_{sk} = \sum_{s=1}^N X_{sk} X_{s,j}""",
        (
            Sum(array("X", N, n)[s, j] * array("X", N, n)[s, k], (s, 1, N)),
            Sum(array("X", N, n)[s, k] * array("X", N, n)[s, j], (s, 1, N)),
        ),
        free={j: (1, n), k: (1, n)},
    ),
    pair(
        "star-hat-power",
        r"\hat{y}^2 - (\hat{y})^2 = 0",
        (yhat**2 - yhat**2, 0),
    ),
    pair(
        "exp-brace-index",
        r"""Let $x \in \mathbb{R}^n$.
\exp{x_i} = e^{x_i}""",
        (exp(xs[i]), exp(xs[i])),
        free={i: (1, n)},
    ),
]
