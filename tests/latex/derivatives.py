"""Pairs on derivatives: spellings of d and ∂, orders, products, values at a point, limits, chains."""

from __future__ import annotations

from sympy import Abs, Eq, Limit, Max, Min, Piecewise, Rational, Sum, cos, exp, log, oo, sin, sqrt

from helpers.proof import At, Partial, smooth

from .vocabulary import array, indices, logistic, pair, reals, sizes

x, y, z, t, h, u, v, w, b, a, c, eta = reals("x y z t h u v w b a c eta")
n, m = sizes("n m")
i, j, k, l = indices("i j k l")
ws, xs = array("w", n), array("x", n)
W = array("W", m, n)
f, f1 = smooth("f")
g, g1 = smooth("g")
theta = array("theta", n)

PAIRS = [
    pair("power-rule", r"\frac{d}{dx} x^3 = 3x^2", (Partial(x**3, x), 3 * x**2)),
    pair(
        "partial-fraction",
        r"""Let $C = (wx + b - y)^2$.
\frac{\partial C}{\partial w} = 2 x (wx+b-y)""",
        (Partial((w * x + b - y) ** 2, w), 2 * x * (w * x + b - y)),
    ),
    pair(
        "tfrac-partial",
        r"""Let $E = \tfrac12 (t - wx)^2$.
\dfrac{\partial E}{\partial w} = -(t-wx)x""",
        (Partial(Rational(1, 2) * (t - w * x) ** 2, w), -(t - w * x) * x),
    ),
    pair(
        "second-order",
        r"\frac{d^2}{dx^2} x^4 = 12 x^2",
        (Partial(Partial(x**4, x), x), 12 * x**2),
    ),
    pair(
        "mixed",
        r"""\frac{\partial^2}{\partial x\,\partial y} \left(x^2 y^3\right) = 6 x y^2""",
        (Partial(Partial(x**2 * y**3, y), x), 6 * x * y**2),
    ),
    pair(
        "second-of-name",
        r"""Let $C = (wx - y)^2$.
\frac{\partial^2 C}{\partial w^2} = 2x^2""",
        (Partial(Partial((w * x - y) ** 2, w), w), 2 * x**2),
    ),
    pair(
        "d-of-bracket",
        r"\frac{d}{dz}\left( z \ln z - z \right) = \ln z",
        (Partial(z * log(z) - z, z), log(z)),
    ),
    pair(
        "d-upright",
        r"\frac{\mathrm d}{\mathrm d t} \left[ e^{-2t} \right] = -2 e^{-2t}",
        (Partial(exp(-2 * t), t), -2 * exp(-2 * t)),
    ),
    pair(
        "dy-over-dx",
        r"""Let $y = x^2 + 1$.
\frac{dy}{dx} = 2x""",
        (Partial(x**2 + 1, x), 2 * x),
    ),
    pair(
        "log-in-numerator",
        r"\frac{\partial \ln(1+x^2)}{\partial x} = \frac{2x}{1+x^2}",
        (Partial(log(1 + x**2), x), 2 * x / (1 + x**2)),
    ),
    pair(
        "product-rule",
        r"""Let $f$ and $g$ be differentiable and $x \in \mathbb{R}$.
\frac{d}{dx} \left[f(x) g(x)\right] = f'(x) g(x) + f(x) g'(x)""",
        (Partial(f(x) * g(x), x), f1(x) * g(x) + f(x) * g1(x)),
    ),
    pair(
        "chain-rule",
        r"""Let $f$ be a differentiable function and $x$ real.
\frac{d}{dx} f(x^2) = 2x f'(x^2)""",
        (Partial(f(x**2), x), 2 * x * f1(x**2)),
    ),
    pair(
        "chain-rule-sum",
        r"""Let $f$ be differentiable and $w, x \in \mathbb{R}^n$.
\frac{\partial}{\partial w_j} f\Bigl(\sum_{i=1}^n w_i x_i\Bigr) = f'\Bigl(\sum_{i=1}^n w_i x_i\Bigr) x_j""",
        (
            Partial(f(Sum(ws[i] * xs[i], (i, 1, n))), ws[j]),
            f1(Sum(ws[i] * xs[i], (i, 1, n))) * xs[j],
        ),
        free={j: (1, n)},
    ),
    pair(
        "quotient-rule",
        r"""Let $f$ be differentiable and $x \ne 0$.
\frac{d}{dx} \frac{f(x)}{x} = \frac{f'(x)\,x - f(x)}{x^2}""",
        (Partial(f(x) / x, x), (f1(x) * x - f(x)) / x**2),
    ),
    pair(
        "at-zero",
        r"\left. \frac{d}{dx} e^{3x} \right|_{x=0} = 3",
        (At(Partial(exp(3 * x), x), x, 0), 3),
    ),
    pair(
        "at-value",
        r"\left.\frac{\partial}{\partial w}(w-1)^2\right|_{w=2} = 2",
        (At(Partial((w - 1) ** 2, w), w, 2), 2),
    ),
    pair(
        "limit-quotient",
        r"\lim_{h \to 0} \frac{(x+h)^2 - x^2}{h} = 2x",
        (Limit(((x + h) ** 2 - x**2) / h, h, 0, "+-"), 2 * x),
    ),
    pair(
        "limit-infinity",
        r"""Let $\sigma(z) = \frac{1}{1+e^{-z}}$.
\lim_{z \to \infty} \sigma(z) = 1""",
        (Limit(logistic(z), z, oo, "-"), 1),
    ),
    pair(
        "limit-minus-infinity",
        r"\lim_{z\to-\infty}\frac{1}{1+e^{-z}}=0",
        (Limit(logistic(z), z, -oo, "+"), 0),
    ),
    pair(
        "limit-right",
        r"\lim_{x \to 0^+} x\ln x = 0",
        (Limit(x * log(x), x, 0, "+"), 0),
    ),
    pair(
        "gradient-entry",
        r"""Let $w, x \in \mathbb{R}^n$.
\frac{\partial}{\partial w_j}\sum_{i=1}^{n} w_i x_i = x_j""",
        (Partial(Sum(ws[i] * xs[i], (i, 1, n)), ws[j]), xs[j]),
        free={j: (1, n)},
    ),
    pair(
        "partial-sub",
        r"""Let $w \in \mathbb{R}^n$.
\partial_{w_k} \sum_{i=1}^n w_i^2 = 2 w_k""",
        (Partial(Sum(ws[i] ** 2, (i, 1, n)), ws[k]), 2 * ws[k]),
    ),
    pair(
        "partial-body-sum",
        r"""Let $\theta \in \mathbb{R}^n$.
\sum_{k=1}^n \frac{\partial \theta_k^2}{\partial \theta_j} = 2\theta_j""",
        (Sum(Partial(theta[k] ** 2, theta[j]), (k, 1, n)), 2 * theta[j]),
        free={j: (1, n)},
    ),
    pair(
        "partial-factors",
        r"""Let $u = x^2$, $v = \sin x$.
\frac{d}{dx}(uv) = \frac{du}{dx} v + u \frac{dv}{dx}""",
        (
            Partial(x**2 * sin(x), x),
            Partial(x**2, x) * sin(x) + x**2 * Partial(sin(x), x),
        ),
    ),
    pair(
        "times-outside",
        r"""x \cdot \frac{d}{dx} \ln x = 1""",
        (x * Partial(log(x), x), 1),
    ),
    pair(
        "sine-squared",
        r"\frac{d}{dx}\sin^2 x = 2\sin x\cos x",
        (Partial(sin(x) ** 2, x), 2 * sin(x) * cos(x)),
    ),
    pair(
        "sqrt-slope",
        r"\frac{d}{dx}\sqrt{x} = \frac{1}{2\sqrt x}",
        (Partial(sqrt(x), x), 1 / (2 * sqrt(x))),
    ),
    pair(
        "cube-root",
        r"""Let $x > 0$.
\sqrt[3]{x^6} = x^2""",
        ((x**6) ** Rational(1, 3), x**2),
    ),
    pair(
        "relu-slope",
        r"""Let $z \ne 0$.
\frac{d}{dz} \max(0, z) = \begin{cases} 1 & z > 0 \\ 0 & z < 0 \end{cases}""",
        (Partial(Max(0, z), z), Piecewise((1, z > 0), (0, z < 0))),
        domain={z: "nonzero"},
    ),
    pair(
        "abs-square",
        r"|x|^2 = x^2",
        (Abs(x) ** 2, x**2),
    ),
    pair(
        "max-min",
        r"\max(x, y) + \min(x, y) = x + y",
        (Max(x, y) + Min(x, y), x + y),
    ),
    pair(
        "relu-cases-if",
        r"""Let $\operatorname{ReLU}(z) = \max\{0, z\}$.
\operatorname{ReLU}(z) = \begin{cases} z, & \text{if } z > 0, \\ 0, & \text{otherwise.} \end{cases}""",
        (Max(0, z), Piecewise((z, z > 0), (0, True))),
    ),
    pair(
        "leaky",
        r"""Let $f(z) = \begin{cases} z & z \ge 0 \\ a z & z < 0 \end{cases}$.
f(-2) = -2a""",
        (Piecewise((z, z >= 0), (a * z, z < 0)).subs(z, -2), -2 * a),
    ),
    pair(
        "relu-indicator",
        r"\max(0,z) = z \cdot \mathbf{1}\{z > 0\}",
        (Max(0, z), z * Piecewise((1, z > 0), (0, True))),
    ),
    pair(
        "cases-equal",
        r"""Let $i, k = 1, \dots, n$.
\delta_{ik} = \begin{cases} 1 & \text{if } i = k \\ 0 & \text{if } i \neq k \end{cases}""",
        (Piecewise((1, Eq(i, k)), (0, True)), Piecewise((1, Eq(i, k)), (0, True))),
    ),
    pair(
        "exp-no-bracket",
        r"\exp x \cdot \exp y = \exp(x+y)",
        (exp(x) * exp(y), exp(x + y)),
    ),
    pair(
        "log-no-bracket-product",
        r"""Let $x>0$, $y>0$.
\ln xy = \ln x + \ln y""",
        (log(x * y), log(x) + log(y)),
        domain={x: "positive", y: "positive"},
    ),
    pair(
        "log-squared",
        r"\ln^2 x = (\ln x)^2",
        (log(x) ** 2, log(x) ** 2),
    ),
    pair(
        "log-base-two",
        r"\log_2 x = \frac{\ln x}{\ln 2}",
        (log(x) / log(2), log(x) / log(2)),
    ),
    pair(
        "step-update",
        r"""Let $\eta > 0$ and $L(w) = (w - 3)^2$.
w - \eta L'(w) = w - 2\eta(w-3)""",
        (w - eta * Partial((w - 3) ** 2, w), w - 2 * eta * (w - 3)),
    ),
    pair(
        "neg-power",
        r"(x+y)^{-1} = 1/(x+y)",
        ((x + y) ** -1, 1 / (x + y)),
    ),
    pair(
        "minus-square",
        r"-x^2 + (-x)^2 = 0",
        (-(x**2) + (-x) ** 2, 0),
    ),
    pair(
        "nested-fraction",
        r"\cfrac{1}{1+\cfrac{1}{x}} = \frac{x}{x+1}",
        (1 / (1 + 1 / x), x / (x + 1)),
    ),
    pair(
        "e-power-tower",
        r"e^{x^2} e^{-x^{2}} = 1",
        (exp(x**2) * exp(-(x**2)), 1),
    ),
    pair(
        "decimal",
        r"0.5 x + 0.25 x = 0.75 x",
        (Rational(1, 2) * x + Rational(1, 4) * x, Rational(3, 4) * x),
    ),
    pair(
        "slash-bracket",
        r"x/(2y) = \frac{x}{2y}",
        (x / (2 * y), x / (2 * y)),
    ),
    pair(
        "times-star",
        r"2*x*y = 2 \times x \cdot y",
        (2 * x * y, 2 * x * y),
    ),
    pair(
        "inequality-square",
        r"x^2 + y^2 \ge 2xy",
        (x**2 + y**2, 2 * x * y),
        signs=(">=",),
    ),
    pair(
        "inequality-chain",
        r"""Let $x > 0$.
\ln(1+x) \leq x < x + 1""",
        (log(1 + x), x, x + 1),
        signs=("<=", "<"),
        domain={x: "positive"},
    ),
]
