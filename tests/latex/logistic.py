"""Pairs on logistic regression: the function, its derivative, the cost and its gradient."""
# ruff: noqa: E501 (a text stands as it is typed)

from __future__ import annotations

from sympy import Eq, Piecewise, Rational, Sum, exp, log, tanh

from helpers.proof import Partial

from .vocabulary import array, indices, logistic, pair, reals, sizes

x, y, z, u, a, b, t, s, h, yhat = reals("x y z u a b t s h yhat")
n, N, m = sizes("n N m")
i, j, k = indices("i j k")
w, xs, xx = array("w", n), array("x", n), array("x", N, n)

dot = Sum(w[i] * xs[i], (i, 1, n))
score = dot + b
bce = -(y * log(logistic(z)) + (1 - y) * log(1 - logistic(z)))

labels = array("y", N)
line = Sum(w[k] * xx[i, k], (k, 1, n))
cost = -Sum(labels[i] * log(logistic(line)) + (1 - labels[i]) * log(1 - logistic(line)), (i, 1, N)) / N

xN, yN = array("x", N), array("y", N)
w0, w1 = reals("w_0 w_1")
p1 = logistic(w0 + w1 * xN[i])
theta = reals("theta")

PAIRS = [
    pair(
        "logistic-def",
        r"\frac{1}{1 + e^{-z}} = \frac{e^z}{e^z + 1}",
        (1 / (1 + exp(-z)), exp(z) / (exp(z) + 1)),
    ),
    pair(
        "logistic-reflection",
        r"""Let $\sigma(x) = \frac{1}{1+e^{-x}}$.
\begin{align*}
1 - \sigma(x) &= 1 - \frac{1}{1+e^{-x}} \\
&= \frac{e^{-x}}{1+e^{-x}} \\
&= \sigma(-x)
\end{align*}""",
        (1 - logistic(x), 1 - 1 / (1 + exp(-x)), exp(-x) / (1 + exp(-x)), logistic(-x)),
    ),
    pair(
        "logistic-slope-prime",
        r"""Let $\sigma(z) = 1/(1+\exp(-z))$.
\[ \sigma'(z) = \sigma(z)(1-\sigma(z)) \]""",
        (Partial(logistic(z), z), logistic(z) * (1 - logistic(z))),
    ),
    pair(
        "logistic-slope-d",
        r"""\begin{aligned}
\frac{d}{dx} \left( \frac{1}{1+e^{-x}} \right) &= \frac{d}{dx} (1+e^{-x})^{-1} \\
&= -(1+e^{-x})^{-2} \cdot (-e^{-x}) \\
&= \frac{e^{-x}}{(1+e^{-x})^2}
\end{aligned}""",
        (
            Partial(1 / (1 + exp(-x)), x),
            Partial((1 + exp(-x)) ** -1, x),
            -((1 + exp(-x)) ** -2) * (-exp(-x)),
            exp(-x) / (1 + exp(-x)) ** 2,
        ),
    ),
    pair(
        "logistic-slope-dfrac",
        r"""Let $g(t) = \dfrac{1}{1+e^{-t}}$.
$$\dfrac{dg}{dt} = g(t)\,\bigl(1 - g(t)\bigr)$$""",
        (Partial(logistic(t), t), logistic(t) * (1 - logistic(t))),
    ),
    pair(
        "bce-by-output",
        r"""Let $0 < a < 1$ and $y \in \mathbb{R}$.
$$\frac{\partial}{\partial a}\bigl[-(y\ln a+(1-y)\ln(1-a))\bigr] = -\frac{y}{a}+\frac{1-y}{1-a} = \frac{a-y}{a(1-a)}$$""",
        (
            Partial(-(y * log(a) + (1 - y) * log(1 - a)), a),
            -y / a + (1 - y) / (1 - a),
            (a - y) / (a * (1 - a)),
        ),
        domain={a: "unit"},
    ),
    pair(
        "bce-named",
        r"""Let $C = -\left[ y \ln a + (1-y) \ln (1-a) \right]$ and $a = \sigma(z)$ with $\sigma(z) = \frac{1}{1+e^{-z}}$.
\begin{align}
\frac{\partial C}{\partial z} &= \sigma(z) - y \\
&= a - y
\end{align}""",
        (Partial(bce, z), logistic(z) - y, logistic(z) - y),
    ),
    pair(
        "bce-weights",
        r"""Let $\sigma(u)=\frac1{1+e^{-u}}$, $w,x\in\mathbb R^n$ and $b \in \mathbb R$.
Let $z = \sum_{i=1}^n w_i x_i + b$ and $\hat y=\sigma(z)$.
Let $L = -y\log\hat y-(1-y)\log(1-\hat y)$.
\[
\frac{\partial L}{\partial w_j}=(\hat y-y)x_j
\]""",
        (
            Partial(-y * log(logistic(score)) - (1 - y) * log(1 - logistic(score)), w[j]),
            (logistic(score) - y) * xs[j],
        ),
        free={j: (1, n)},
    ),
    pair(
        "bce-bias",
        r"""Let $\mathbf{w}, \mathbf{x} \in \mathbb{R}^n$, $\sigma(u) = \frac{1}{1+\exp(-u)}$, $a = \sigma(\mathbf{w}^\top \mathbf{x} + b)$ and $C = \tfrac12 (y-a)^2$.
$$ \frac{\partial C}{\partial b} = (a-y)\,a\,(1-a) $$""",
        (
            Partial(Rational(1, 2) * (y - logistic(score)) ** 2, b),
            (logistic(score) - y) * logistic(score) * (1 - logistic(score)),
        ),
    ),
    pair(
        "square-by-w",
        r"""Let $w, x \in \mathbb{R}^n$ and $\sigma(t) = \frac{1}{1 + e^{-t}}$.
Let $h = \sigma(w^T x)$, $y\in\mathbb{R}$.
\begin{equation}\begin{split}
\frac{\partial}{\partial w_k} (h-y)^2 &= 2 (h-y) \frac{\partial h}{\partial w_k} \\
&= 2 (h-y) h (1-h) x_k
\end{split}\end{equation}""",
        (
            Partial((logistic(dot) - y) ** 2, w[k]),
            2 * (logistic(dot) - y) * Partial(logistic(dot), w[k]),
            2 * (logistic(dot) - y) * logistic(dot) * (1 - logistic(dot)) * xs[k],
        ),
        free={k: (1, n)},
    ),
    pair(
        "cost-samples",
        r"""Let $w \in \mathbb{R}^n$, $x \in \mathbb{R}^{N \times n}$, $y \in \mathbb{R}^N$ and $\sigma(z) = \frac{1}{1+e^{-z}}$.
Let $a_i = \sigma\left(\sum_{k=1}^n w_k x_{ik}\right)$ and $J = -\frac{1}{N} \sum_{i=1}^{N} \left[ y_i \ln a_i + (1-y_i) \ln(1-a_i) \right]$.
\begin{align*}
\frac{\partial J}{\partial w_j} = \frac1N \sum_{i=1}^N (a_i - y_i) x_{ij}
\end{align*}""",
        (Partial(cost, w[j]), Sum((logistic(line) - labels[i]) * xx[i, j], (i, 1, N)) / N),
        free={j: (1, n)},
    ),
    pair(
        "two-weights",
        r"""Let $x, y \in \mathbb{R}^N$ and $p_i = \frac{1}{1+e^{-(w_0 + w_1 x_i)}}$.
\begin{gather}
\frac{\partial p_i}{\partial w_1} = p_i (1-p_i) x_i
\end{gather}""",
        (Partial(p1, w1), p1 * (1 - p1) * xN[i]),
        free={i: (1, N)},
    ),
    pair(
        "logit",
        r"Let $0<p<1$." "\n" r"\ln\frac{p}{1-p} = \ln p - \ln(1-p)",
        (
            log(reals("p") / (1 - reals("p"))),
            log(reals("p")) - log(1 - reals("p")),
        ),
        domain={reals("p"): "unit"},
    ),
    pair(
        "softplus-slope",
        r"\frac{\mathrm{d}}{\mathrm{d}z} \ln(1+e^{z}) = \frac{e^z}{1+e^z}",
        (Partial(log(1 + exp(z)), z), exp(z) / (1 + exp(z))),
    ),
    pair(
        "softplus-name",
        r"""Let $\operatorname{softplus}(u) = \ln(1+e^u)$ and $\sigma(u) = \frac{1}{1+e^{-u}}$.
$$-\ln \sigma(u) = \operatorname{softplus}(-u)$$""",
        (-log(logistic(u)), log(1 + exp(-u))),
    ),
    pair(
        "logits-loss",
        r"""Let $\sigma(z) = \frac{1}{1+e^{-z}}$ and $y$ be real.
\begin{align}
-y\log\sigma(z) - (1-y)\log(1-\sigma(z)) &= y\log(1+e^{-z}) + (1-y)(z+\log(1+e^{-z})) \\
 &= (1-y)z + \log(1+e^{-z})
\end{align}""",
        (
            -y * log(logistic(z)) - (1 - y) * log(1 - logistic(z)),
            y * log(1 + exp(-z)) + (1 - y) * (z + log(1 + exp(-z))),
            (1 - y) * z + log(1 + exp(-z)),
        ),
    ),
    pair(
        "tanh-sigma",
        r"""Let $\sigma(x) = \frac{1}{1+e^{-x}}$.
\tanh(x) = 2\sigma(2x) - 1""",
        (tanh(x), 2 * logistic(2 * x) - 1),
    ),
    pair(
        "tanh-quotient",
        r"\tanh x = \frac{e^x - e^{-x}}{e^x+e^{-x}}",
        (tanh(x), (exp(x) - exp(-x)) / (exp(x) + exp(-x))),
    ),
    pair(
        "second-slope",
        r"""Let $\sigma(z) = \frac{1}{1+e^{-z}}$.
$$ \frac{\partial^2}{\partial z^2}\left[-\ln\sigma(z)\right] = \sigma(z)(1-\sigma(z)) $$""",
        (Partial(Partial(-log(logistic(z)), z), z), logistic(z) * (1 - logistic(z))),
    ),
    pair(
        "sigma-double-prime",
        r"""Let $\sigma(z) = \frac{1}{1+e^{-z}}$.
\sigma''(z) = \sigma(z)(1-\sigma(z))(1-2\sigma(z))""",
        (
            Partial(Partial(logistic(z), z), z),
            logistic(z) * (1 - logistic(z)) * (1 - 2 * logistic(z)),
        ),
    ),
    pair(
        "label-binary",
        r"""Let $y \in \{0,1\}$ and $0<a<1$.
\[ a^y (1-a)^{1-y} = e^{y\ln a + (1-y)\ln(1-a)} \]""",
        (a**y * (1 - a) ** (1 - y), exp(y * log(a) + (1 - y) * log(1 - a))),
        domain={y: "binary", a: "unit"},
    ),
    pair(
        "cases-cost",
        r"""Let $y \in \{0, 1\}$ and $a \in (0,1)$.
$$-y\ln a-(1-y)\ln(1-a) = \begin{cases} -\ln a & \text{if } y = 1 \\ -\ln(1-a) & \text{otherwise} \end{cases}$$""",
        (
            -y * log(a) - (1 - y) * log(1 - a),
            Piecewise((-log(a), Eq(y, 1)), (-log(1 - a), True)),
        ),
        domain={y: "binary", a: "unit"},
    ),
    pair(
        "chain-three-factors",
        r"""Let $\sigma(z)=\frac{1}{1+e^{-z}}$ and $E = \frac{1}{2}(t-\sigma(z))^2$.
\begin{eqnarray}
\frac{\partial E}{\partial z} &=& -(t-\sigma(z)) \sigma^\prime(z) \\
&=& -(t-\sigma(z)) \cdot \sigma(z) \cdot (1-\sigma(z))
\end{eqnarray}""",
        (
            Partial(Rational(1, 2) * (t - logistic(z)) ** 2, z),
            -(t - logistic(z)) * Partial(logistic(z), z),
            -(t - logistic(z)) * logistic(z) * (1 - logistic(z)),
        ),
    ),
    pair(
        "exp-minus-zx",
        r"\frac{1}{1+e^{-\theta x}} = \frac{1}{1+\exp\{-\theta x\}}",
        (1 / (1 + exp(-theta * x)), 1 / (1 + exp(-theta * x))),
    ),
    pair(
        "sech",
        r"\frac{d}{du} \tanh u = 1 - \tanh^2 u",
        (Partial(tanh(u), u), 1 - tanh(u) ** 2),
    ),
]
