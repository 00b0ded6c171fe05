"""Pairs whose formulas are easy and whose sentences are the point: domains, ranges, facts, conditions."""
# ruff: noqa: E501 (a text stands as it is typed)

from __future__ import annotations

from sympy import Abs, Ge, Gt, KroneckerDelta, Ne, Product, Sum, exp, log, oo, sqrt

from helpers.proof import Partial, smooth

from .vocabulary import array, indices, pair, reals, sizes

n, m, N, K, D = sizes("n m N K D")
i, j, k, l, s = indices("i j k l s")
a, b, c, x, y, z, p, q, eta, rho, eps = reals("a b c x y z p q eta rho epsilon")
xs, yK, zK, pK, ws = array("x", n), array("y", K), array("z", K), array("p", K), array("w", n)
X, XK = array("X", N, n), array("x", K)
f, f1 = smooth("f")
phi, phi1 = smooth("phi")

PAIRS = [
    pair("positive", "Let $x > 0$.\n\\sqrt{x^2} = x", (sqrt(x**2), x), domain={x: "positive"}),
    pair("positive-word", "Let $x$ be positive.\n\\sqrt{x^2} = x", (sqrt(x**2), x), domain={x: "positive"}),
    pair("positive-turned", "Let $0 < x$.\n\\sqrt{x^2} = x", (sqrt(x**2), x), domain={x: "positive"}),
    pair(
        "positive-two",
        "Let $x, y > 0$.\n\\ln(xy) = \\ln x + \\ln y",
        (log(x * y), log(x) + log(y)),
        domain={x: "positive", y: "positive"},
    ),
    pair("nonnegative", "Let $x \\geq 0$.\n|x| = x", (Abs(x), x), domain={x: "nonnegative"}),
    pair(
        "nonnegative-slant",
        "Let $x \\geqslant 0$.\n\\sqrt{x^2} = x",
        (sqrt(x**2), x),
        domain={x: "nonnegative"},
    ),
    pair("nonzero", "Let $x \\neq 0$.\n\\frac{x^2}{x} = x", (x**2 / x, x), domain={x: "nonzero"}),
    pair("real-only", "Let $x \\in \\mathbb{R}$.\n|x|^2 = x^2", (Abs(x) ** 2, x**2), domain={}),
    pair("negative", "Let $x < 0$.\n|x| = -x", (Abs(x), -x), conditions=(x < 0,)),
    pair(
        "unit-open",
        "Let $p \\in (0,1)$.\n\\ln\\frac{1}{p} = -\\ln p",
        (log(1 / p), -log(p)),
        domain={p: "unit"},
    ),
    pair(
        "unit-two",
        "Let $0 < p, q < 1$.\n\\ln(pq) = \\ln p + \\ln q",
        (log(p * q), log(p) + log(q)),
        domain={p: "unit", q: "unit"},
    ),
    pair(
        "interval",
        "Let $-2 < x < 3$.\n(x+2)^2 = x^2 + 4x + 4",
        ((x + 2) ** 2, x**2 + 4 * x + 4),
        domain={x: (-2, 3)},
    ),
    pair("binary", "Let $y \\in \\{0, 1\\}$.\ny^2 = y", (y**2, y), domain={y: "binary"}),
    pair(
        "binary-array",
        "Let $y_k \\in \\{0,1\\}$ for $k = 1,\\dots,K$.\n\\sum_{k=1}^K y_k^2 = \\sum_{k=1}^K y_k",
        (Sum(yK[k] ** 2, (k, 1, K)), Sum(yK[k], (k, 1, K))),
        domain={yK: "binary"},
    ),
    pair(
        "binary-vector",
        "Let $y \\in \\{0,1\\}^K$.\n\\sum_{k=1}^K y_k^2 = \\sum_{k=1}^K y_k",
        (Sum(yK[k] ** 2, (k, 1, K)), Sum(yK[k], (k, 1, K))),
        domain={yK: "binary"},
    ),
    pair(
        "one-hot-sentence",
        "Let $y_k \\in \\{0, 1\\}$ with $\\sum_{k=1}^K y_k = 1$.\n\\sum_{k=1}^K y_k^2 = 1",
        (Sum(yK[k] ** 2, (k, 1, K)), 1),
        domain={yK: "onehot"},
    ),
    pair(
        "one-hot-short",
        "Let $y$ be one-hot of length $K$.\n\\sum_{k=1}^K y_k^2 = 1",
        (Sum(yK[k] ** 2, (k, 1, K)), 1),
        domain={yK: "onehot"},
    ),
    pair(
        "closed-simplex",
        "Let $p_k \\ge 0$ and $\\sum_{k=1}^K p_k = 1$.\n\\sum_{k=1}^K 2 p_k = 2",
        (Sum(2 * pK[k], (k, 1, K)), 2),
        domain={pK: "closed simplex"},
    ),
    pair(
        "sum-is-one-only",
        "Let $\\sum_{k=1}^K y_k = 1$.\n\\sum_{k=1}^K 2 y_k = 2",
        (Sum(2 * yK[k], (k, 1, K)), 2),
        domain={},
        facts=((Sum(yK[k], (k, 1, K)), 1),),
    ),
    pair(
        "sum-is-zero",
        "Let $\\sum_{i=1}^n x_i = 0$.\n\\sum_{i=1}^n (x_i - 1) = -n",
        (Sum(xs[i] - 1, (i, 1, n)), -n),
        domain={},
        facts=((Sum(xs[i], (i, 1, n)), 0),),
    ),
    pair("fact", "Let $q = 1 - p$.\np + q = 1", (p + 1 - p, 1)),
    pair(
        "fact-squares",
        "Let $a^2 + b^2 = 1$.\n1 - a^2 = b^2",
        (1 - a**2, b**2),
        facts=((a**2 + b**2, 1),),
    ),
    pair(
        "indices-differ",
        "Let $x \\in \\mathbb{R}^n$ and $i \\ne k$.\n\\delta_{ik} x_k = 0",
        (KroneckerDelta(i, k) * xs[k], 0),
        conditions=(Ne(i, k),),
    ),
    pair(
        "indices-ordered",
        "Let $x \\in \\mathbb{R}^n$ and $i < k$.\n\\delta_{ik} x_k = 0",
        (KroneckerDelta(i, k) * xs[k], 0),
        conditions=(Gt(k, i),),
    ),
    pair("letters-ordered", "Let $x \\ge y$.\n|x - y| = x - y", (Abs(x - y), x - y), conditions=(Ge(x, y),)),
    pair(
        "letters-differ",
        "Let $a \\ne b$.\n\\frac{a-b}{a-b} = 1",
        ((a - b) / (a - b), 1),
        conditions=(Ne(a, b),),
    ),
    pair(
        "range-words",
        "Let $x \\in \\mathbb{R}^n$ and $j = 1, \\ldots, n$.\n\\frac{\\partial x_j^2}{\\partial x_j} = 2x_j",
        (Partial(xs[j] ** 2, xs[j]), 2 * xs[j]),
        free={j: (1, n)},
    ),
    pair(
        "range-set",
        "Let $x \\in \\mathbb{R}^n$ and $j \\in \\{1, \\dots, n\\}$.\n2x_j - x_j = x_j",
        (2 * xs[j] - xs[j], xs[j]),
        free={j: (1, n)},
    ),
    pair(
        "range-shorter",
        "Let $x \\in \\mathbb{R}^n$ and $j = 2, \\dots, n$.\n2x_j - x_j = x_j",
        (2 * xs[j] - xs[j], xs[j]),
        free={j: (2, n)},
    ),
    pair(
        "range-inequalities",
        "Let $x \\in \\mathbb{R}^n$ and $1 \\le j \\le n$.\n2x_j - x_j = x_j",
        (2 * xs[j] - xs[j], xs[j]),
        free={j: (1, n)},
    ),
    pair(
        "matrix-indices",
        "Let $X \\in \\mathbb{R}^{N \\times n}$.\n2X_{sj} - X_{sj} = X_{sj}",
        (2 * X[s, j] - X[s, j], X[s, j]),
        free={s: (1, N), j: (1, n)},
    ),
    pair(
        "differentiable",
        "Let $f: \\mathbb{R} \\to \\mathbb{R}$ be differentiable and $x \\in \\mathbb{R}$.\n\\frac{d}{dx} f(3x) = 3f'(3x)",
        (Partial(f(3 * x), x), 3 * f1(3 * x)),
    ),
    pair(
        "differentiable-greek",
        "Let $\\varphi$ be differentiable and $x \\in \\mathbb{R}$.\n\\frac{d}{dx} \\varphi(x)^2 = 2\\varphi(x)\\varphi'(x)",
        (Partial(phi(x) ** 2, x), 2 * phi(x) * phi1(x)),
    ),
    pair(
        "suppose",
        "Suppose that $x > 0$.\n\\sqrt{x^2} = x",
        (sqrt(x**2), x),
        domain={x: "positive"},
    ),
    pair(
        "let-and-suppose",
        "Let $x, y \\in \\mathbb{R}$. Suppose $y \\ne 0$.\n\\frac{xy}{y} = x",
        (x * y / y, x),
        domain={y: "nonzero"},
    ),
    pair(
        "where-after",
        "Let $C = (y - wx)^2$, where $w, x, y \\in \\mathbb{R}$.\n\\frac{\\partial C}{\\partial y} = 2(y-wx)",
        (Partial((y - reals("w") * x) ** 2, y), 2 * (y - reals("w") * x)),
        domain={},
    ),
    pair(
        "array-entries-positive",
        "Let $w \\in \\mathbb{R}^n$ with $w_i > 0$.\n\\sum_{i=1}^n |w_i| = \\sum_{i=1}^n w_i",
        (Sum(Abs(ws[i]), (i, 1, n)), Sum(ws[i], (i, 1, n))),
        domain={ws: "positive"},
    ),
    pair(
        "positive-reals",
        "Let $w \\in \\mathbb{R}_{>0}^n$.\n\\prod_{i=1}^n e^{\\ln w_i} = \\prod_{i=1}^n w_i",
        (Product(exp(log(ws[i])), (i, 1, n)), Product(ws[i], (i, 1, n))),
        domain={ws: "positive"},
    ),
    pair(
        "positive-plus",
        "Let $a \\in \\mathbb{R}_+$.\n\\sqrt{a^2} = |a|",
        (sqrt(a**2), Abs(a)),
    ),
    pair(
        "half-line",
        "Let $a \\in [0, \\infty)$.\n\\sqrt{a^2} = a",
        (sqrt(a**2), a),
        domain={a: "nonnegative"},
    ),
    pair(
        "above-one",
        "Let $a > 1$.\n|a - 1| = a - 1",
        (Abs(a - 1), a - 1),
        conditions=(a > 1,),
    ),
    pair(
        "sizes-numbers",
        "Let $x \\in \\mathbb{R}^2$.\n\\|x\\|^2 = x_1^2 + x_2^2",
        (Sum(array("x", 2)[i] ** 2, (i, 1, 2)), array("x", 2)[1] ** 2 + array("x", 2)[2] ** 2),
    ),
    pair(
        "spaces-of-vectors",
        "Let $x, y \\in \\mathbb{R}^K$, $a, b \\in \\mathbb{R}$.\n\\sum_k (a x_k - b y_k) = a \\sum_k x_k - b \\sum_k y_k",
        (
            Sum(a * XK[k] - b * yK[k], (k, 1, K)),
            a * Sum(XK[k], (k, 1, K)) - b * Sum(yK[k], (k, 1, K)),
        ),
        domain={},
    ),
    pair(
        "in-R-R-d",
        "Let $x \\in \\R^D$ and $\\eta \\in \\R$.\n\\sum_{d=1}^D \\eta x_d = \\eta \\sum_{d=1}^D x_d",
        (
            Sum(eta * array("x", D)[k], (k, 1, D)),
            eta * Sum(array("x", D)[k], (k, 1, D)),
        ),
    ),
    pair(
        "infinity-limit",
        "Let $0 < \\rho < 1$.\n\\sum_{k=0}^{\\infty} \\rho^k = \\frac{1}{1-\\rho}",
        (Sum(rho**k, (k, 0, oo)), 1 / (1 - rho)),
        domain={rho: "unit"},
    ),
    pair(
        "mixed-sentence",
        "Let $p \\in (0, 1)$, $y \\in \\{0,1\\}$ and $z = \\ln\\frac{p}{1-p}$.\np^y(1-p)^{1-y} = (1-p)e^{yz}",
        (p**y * (1 - p) ** (1 - y), (1 - p) * exp(y * log(p / (1 - p)))),
        domain={p: "unit", y: "binary"},
    ),
]
