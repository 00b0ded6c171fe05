"""Pairs on what is easily read wrongly: how far an operator reaches, captured indices, hypotheses in words."""
# ruff: noqa: E501 (a text stands as it is typed)

from __future__ import annotations

from sympy import Abs, Gt, KroneckerDelta, Max, Ne, Product, Rational, Sum, cos, exp, log, sin, sqrt

from helpers.proof import At, Partial

from .vocabulary import array, indices, logistic, pair, reals, sizes, without

n, m, N, K, T = sizes("n m N K T")
i, j, k, l, s, q = indices("i j k l s q")
a, b, c, t, u, w, y, z, lam, mu, r = reals("a b c t u w y z lambda mu r")
xv, yv = reals("x y")
x, v, ws, p, yk = array("x", n), array("y", n), array("w", n), array("p", K), array("y", K)
A = array("A", n, n)
rowsum = Sum(A[j, l] * x[l], (l, 1, n))

PAIRS = [
    pair(
        "reach-sum-plus-one",
        r"""Let $x \in \mathbb{R}^n$.
1 + \sum_{i=1}^n x_i = \sum_{i=1}^n x_i + 1""",
        (1 + Sum(x[i], (i, 1, n)), Sum(x[i], (i, 1, n)) + 1),
    ),
    pair(
        "reach-penalty",
        r"""Let $y, p \in \mathbb{R}^K$, $p_k > 0$ for all $k$, $w \in \mathbb{R}^n$ and $\lambda > 0$.
\frac{\partial}{\partial w_j} \Bigl[ -\sum_{k=1}^K y_k \log p_k + \lambda \sum_{i=1}^n w_i^2 \Bigr] = 2\lambda w_j""",
        (
            Partial(
                -Sum(yk[k] * log(p[k]), (k, 1, K)) + lam * Sum(ws[i] ** 2, (i, 1, n)),
                ws[j],
            ),
            2 * lam * ws[j],
        ),
        domain={p: "positive", lam: "positive"},
    ),
    pair(
        "reach-scalar-in-sum",
        r"""Let $x \in \mathbb{R}^n$ and $c \in \mathbb{R}$.
\sum_{i=1}^n x_i c = c \sum_{i=1}^n x_i""",
        (Sum(x[i] * c, (i, 1, n)), c * Sum(x[i], (i, 1, n))),
    ),
    pair(
        "reach-partial-product",
        r"\frac{\partial}{\partial x} x^2 y = 2xy",
        (Partial(xv**2 * yv, xv), 2 * xv * yv),
    ),
    pair(
        "inline-partial",
        r"""Let $C = (wx-y)^2$.
\partial C / \partial w = 2x(wx-y)""",
        (Partial((w * xv - yv) ** 2, w), 2 * xv * (w * xv - yv)),
    ),
    pair(
        "inline-d",
        r"""Let $y = x^3$.
dy/dx = 3x^2""",
        (Partial(xv**3, xv), 3 * xv**2),
    ),
    pair("exp-bracket-power", r"\exp(-x)^2 = \exp(-2x)", (exp(-xv) ** 2, exp(-2 * xv))),
    pair("sin-two-x", r"\sin 2x = 2\sin x\cos x", (sin(2 * xv), 2 * sin(xv) * cos(xv))),
    pair(
        "power-above-and-below",
        r"""Let $x \in \mathbb{R}^n$.
\sum_i x^2_i = \sum_i x_i^2 = \sum_i {x_i}^2""",
        (Sum(x[i] ** 2, (i, 1, n)), Sum(x[i] ** 2, (i, 1, n)), Sum(x[i] ** 2, (i, 1, n))),
    ),
    pair(
        "minus-one-power",
        r"\sum_{i=1}^n (-1)^{i} \cdot (-1)^i = n",
        (Sum((-1) ** i * (-1) ** i, (i, 1, n)), n),
    ),
    pair("slash-twice", r"a/b/c = \frac{a}{bc}", (a / b / c, a / (b * c))),
    pair(
        "operator-before-plus",
        r"\frac{d}{dx} x^2 + x = 3x",
        (Partial(xv**2, xv) + xv, 3 * xv),
    ),
    pair("left-without-right", r"\left( x + 1 ) y = xy + y", ((xv + 1) * yv, xv * yv + yv)),
    pair("log-bracket-product", r"\log (x)(y) = y \log x", (log(xv) * yv, yv * log(xv))),
    pair("bare-log", r"log(x) + l = l + log(x)", (log(xv) + reals("l"), reals("l") + log(xv))),
    pair(
        "triangle-of-sums",
        r"""Let $x \in \mathbb{R}^n$.
\sum_{i=1}^n \sum_{j=1}^{i} x_j = \sum_{j=1}^n (n - j + 1) x_j""",
        (Sum(Sum(x[j], (j, 1, i)), (i, 1, n)), Sum((n - j + 1) * x[j], (j, 1, n))),
    ),
    pair(
        "index-as-number",
        r"""Let $x \in \mathbb{R}^n$.
\sum_{i=1}^{n} i\,x_i = \sum_{k=1}^n k x_k""",
        (Sum(i * x[i], (i, 1, n)), Sum(k * x[k], (k, 1, n))),
    ),
    pair(
        "shifted",
        r"""Let $x \in \mathbb{R}^n$.
\sum_{i=2}^{n} x_{i-1} = \sum_{i=1}^{n-1} x_i""",
        (Sum(x[i - 1], (i, 2, n)), Sum(x[i], (i, 1, n - 1))),
    ),
    pair(
        "capture-row",
        r"""Let $A \in \mathbb{R}^{n \times n}$, $x \in \mathbb{R}^n$ and $s_i = \sum_{j=1}^n A_{ij} x_j$.
\sum_{j=1}^n s_j x_j = \sum_{i=1}^n \sum_{j=1}^n A_{ij} x_i x_j""",
        (
            Sum(rowsum * x[j], (j, 1, n)),
            Sum(A[i, j] * x[i] * x[j], (j, 1, n), (i, 1, n)),
        ),
    ),
    pair(
        "capture-free",
        r"""Let $A \in \mathbb{R}^{n \times n}$, $x \in \mathbb{R}^n$ and $s_i = \sum_{j=1}^n A_{ij} x_j$.
\frac{\partial s_j}{\partial x_i} = A_{ji}""",
        (Partial(rowsum, x[i]), A[j, i]),
        free={i: (1, n), j: (1, n)},
    ),
    pair(
        "capture-square",
        r"""Let $x \in \mathbb{R}^n$ and $S = \sum_i x_i$.
\sum_i x_i S = S^2""",
        (Sum(x[i] * Sum(x[l], (l, 1, n)), (i, 1, n)), Sum(x[l], (l, 1, n)) ** 2),
    ),
    pair(
        "definition-on-definition",
        r"""Let $a = 2x$, $b = a + 1$ and $c = ab$.
c = 4x^2 + 2x""",
        (2 * xv * (2 * xv + 1), 4 * xv**2 + 2 * xv),
    ),
    pair(
        "function-slope-inside",
        r"""Let $f(x) = x^2$.
f'(2x) = 4x""",
        (At(Partial(u**2, u), u, 2 * xv), 4 * xv),
    ),
    pair(
        "function-slope-outside",
        r"""Let $f(x) = x^2$.
\frac{d}{dx} f(2x) = 8x""",
        (Partial((2 * xv) ** 2, xv), 8 * xv),
    ),
    pair(
        "function-slope-at",
        r"""Let $f(u) = u^3 + u$.
f'(0) = 1""",
        (At(Partial(u**3 + u, u), u, 0), 1),
    ),
    pair(
        "square-of-label",
        r"""Let $a^{(2)}, y \in \mathbb{R}$.
\left(a^{(2)}\right)^2 - y^2 = (a^{(2)} - y)(a^{(2)} + y)""",
        (
            reals("a^(2)") ** 2 - yv**2,
            (reals("a^(2)") - yv) * (reals("a^(2)") + yv),
        ),
    ),
    pair(
        "running-product",
        r"""Let $\beta \in \mathbb{R}^T$ and $t = 1, \dots, T$.
\prod_{j=1}^{t} (1-\beta_j) = (1-\beta_t) \prod_{j=1}^{t-1} (1-\beta_j)""",
        (
            Product(1 - array("beta", T)[j], (j, 1, indices("t"))),
            (1 - array("beta", T)[indices("t")]) * Product(1 - array("beta", T)[j], (j, 1, indices("t") - 1)),
        ),
        free={indices("t"): (1, T)},
    ),
    pair(
        "index-in-exponent",
        r"""Let $p_k > 0$ and $y_k \in \{0, 1\}$ for $k = 1, \dots, K$.
\ln \prod_{k=1}^K p_k^{y_k} = \sum_{k=1}^K y_k \ln p_k""",
        (log(Product(p[k] ** yk[k], (k, 1, K))), Sum(yk[k] * log(p[k]), (k, 1, K))),
        domain={p: "positive", yk: "binary"},
    ),
    pair("abs-product", r"|x||y| = |xy|", (Abs(xv) * Abs(yv), Abs(xv * yv))),
    pair("abs-left-right", r"\left|\frac{a}{b}\right| = \frac{|a|}{|b|}", (Abs(a / b), Abs(a) / Abs(b))),
    pair(
        "hinge",
        r"\max(0, 1 - yz) = \max\{1 - yz,\ 0\}",
        (Max(0, 1 - yv * z), Max(1 - yv * z, 0)),
    ),
    pair(
        "domain-closed",
        r"""Let $0 \le y \le 1$.
\sqrt{y^2} = y""",
        (sqrt(yv**2), yv),
        domain={yv: "closed unit"},
    ),
    pair(
        "domain-interval",
        r"""Let $-1 < r < 1$.
|r| \le 1""",
        (Abs(r), 1),
        signs=("<=",),
        domain={r: (-1, 1)},
    ),
    pair(
        "domain-brackets",
        r"""Let $r \in [0, 1]$ and $a \in (0, \infty)$.
a \sqrt{r^2} = ar""",
        (a * sqrt(r**2), a * r),
        domain={r: "closed unit", a: "positive"},
    ),
    pair(
        "domain-simplex",
        r"""Let $p_k > 0$ for $k = 1, \dots, K$ and $\sum_{k=1}^K p_k = 1$, $c \in \mathbb{R}$.
\sum_{k=1}^K c\,p_k = c""",
        (Sum(c * p[k], (k, 1, K)), c),
        domain={p: "simplex"},
    ),
    pair(
        "sum-of-labels-is-one",
        r"""Let $y \in \mathbb{R}^K$ with $\sum_{k=1}^K y_k = 1$ and $c \in \mathbb{R}$.
\sum_{k=1}^K (y_k - c) = 1 - Kc""",
        (Sum(yk[k] - c, (k, 1, K)), 1 - K * c),
        facts=((Sum(yk[k], (k, 1, K)), 1),),
        domain={},
    ),
    pair(
        "different-indices",
        r"""Let $z \in \mathbb{R}^K$ and $i \neq j$.
\frac{\partial z_i}{\partial z_j} = 0""",
        (Partial(array("z", K)[i], array("z", K)[j]), 0),
        conditions=(Ne(i, j),),
        free={i: (1, K), j: (1, K)},
    ),
    pair(
        "ordered-letters",
        r"""Let $a > b$.
|a-b| = a-b""",
        (Abs(a - b), a - b),
        conditions=(Gt(a, b),),
    ),
    pair(
        "nonnegative-array",
        r"""Let $x_i \ge 0$ for $i = 1, \dots, n$.
\sum_{i=1}^n |x_i| = \sum_{i=1}^n x_i""",
        (Sum(Abs(x[i]), (i, 1, n)), Sum(x[i], (i, 1, n))),
        domain={x: "nonnegative"},
    ),
    pair(
        "at-value-of-a-name",
        r"""Let $C(w) = (wx - y)^2$.
\left.\frac{dC(w)}{dw}\right|_{w=0} = -2xy""",
        (At(Partial((w * xv - yv) ** 2, w), w, 0), -2 * xv * yv),
    ),
    pair(
        "sum-over-two-deltas",
        r"""Let $A \in \mathbb{R}^{n \times n}$.
\sum_{i=1}^n \sum_{j=1}^n \delta_{ik} \delta_{jl} A_{ij} = A_{kl}""",
        (
            Sum(KroneckerDelta(i, k) * KroneckerDelta(j, l) * A[i, j], (j, 1, n), (i, 1, n)),
            A[k, l],
        ),
        free={k: (1, n), l: (1, n)},
    ),
    pair(
        "both-off-diagonal",
        r"""Let $x \in \mathbb{R}^n$.
\sum_{i=1}^n \sum_{j \ne i} x_i x_j = \left(\sum_{i=1}^n x_i\right)^2 - \sum_{i=1}^n x_i^2""",
        (
            Sum(without(x[i] * x[j], j, i, n), (i, 1, n)),
            Sum(x[i], (i, 1, n)) ** 2 - Sum(x[i] ** 2, (i, 1, n)),
        ),
    ),
    pair(
        "fact-between-letters",
        r"""Let $a + b = 1$.
(a+b)^2 = 1""",
        ((a + b) ** 2, 1),
        facts=((a + b, 1),),
    ),
    pair(
        "minus-in-product",
        r"a \cdot (-b) = -ab",
        (a * (-b), -a * b),
    ),
    pair(
        "frac-of-sums-power",
        r"""Let $x \in \mathbb{R}^n$.
\frac{\left(\sum_i x_i\right)^2}{\sum_i x_i^2} = \frac{\sum_i \sum_j x_i x_j}{\sum_i x_i^2}""",
        (
            Sum(x[i], (i, 1, n)) ** 2 / Sum(x[i] ** 2, (i, 1, n)),
            Sum(Sum(x[i] * x[j], (j, 1, n)), (i, 1, n)) / Sum(x[i] ** 2, (i, 1, n)),
        ),
    ),
    pair(
        "exponent-slash",
        r"(1+x^2)^{1/2} = \sqrt{1+x^2}",
        ((1 + xv**2) ** Rational(1, 2), sqrt(1 + xv**2)),
    ),
    pair(
        "exponent-slash-letters",
        r"e^{-x^2/2} = e^{-\frac{1}{2}x^2}",
        (exp(-(xv**2) / 2), exp(-Rational(1, 2) * xv**2)),
    ),
    pair(
        "odd-order-in-let",
        r"""Let $b = \sigma(a)$ with $\sigma(t) = 1/(1+e^{-t})$ and $a \in \mathbb{R}$.
\frac{\partial b}{\partial a} = b(1-b)""",
        (Partial(logistic(a), a), logistic(a) * (1 - logistic(a))),
    ),
]
