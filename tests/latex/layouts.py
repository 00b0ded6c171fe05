"""Pairs on layout: environments, alignment, reasons, spacing commands, macros, several chains."""

from __future__ import annotations

from sympy import Rational, Sum, exp, log, sqrt

from helpers.proof import Partial

from .vocabulary import array, indices, logistic, pair, reals, sizes

x, y, z, a, b, c, t, p, w = reals("x y z a b c t p w")
n, m, N = sizes("n m N")
i, j, k, l = indices("i j k l")
xs, ws, ys = array("x", n), array("w", n), array("y", n)
square = ((a + b) ** 2, a**2 + 2 * a * b + b**2)
steps = ((x + 1) ** 2, (x + 1) * (x + 1), x**2 + 2 * x + 1)

PAIRS = [
    pair("bare-row", r"(a+b)^2 = a^2 + 2ab + b^2", square),
    pair("dollars", r"$(a+b)^2=a^2+2ab+b^2$", square),
    pair("double-dollars", r"$$ (a + b)^2 = a^2 + 2 a b + b^2 $$", square),
    pair("display-brackets", "\\[\n(a+b)^{2} = a^{2}+2ab+b^{2}\n\\]", square),
    pair(
        "equation-number",
        "\\begin{equation}\\label{eq:sq}\n(a+b)^2 = a^2+2ab+b^2 \\tag{1}\n\\end{equation}",
        square,
    ),
    pair(
        "align-four",
        r"""\begin{align}
(x+1)^2 &= (x+1)(x+1) \\
        &= x^2 + 2x + 1
\end{align}""",
        steps,
    ),
    pair(
        "align-nonumber",
        r"""\begin{align}
(x+1)^2 &= (x+1)(x+1) \nonumber \\[2ex]
        &= x^2 + 2x + 1 \notag
\end{align}""",
        steps,
    ),
    pair("one-line", r"(x+1)^2 = (x+1)(x+1) = x^2 + 2x + 1", steps),
    pair("plain-rows", "(x+1)^2\n= (x+1)(x+1)\n= x^2 + 2x + 1", steps),
    pair("double-backslash", r"(x+1)^2 = (x+1)(x+1) \\ = x^2+2x+1", steps),
    pair(
        "aligned-in-dollars",
        "$$\\begin{aligned}\n(x+1)^2 & = (x+1)(x+1) \\\\\n& = x^2 + 2x + 1\n\\end{aligned}$$",
        steps,
    ),
    pair(
        "split-in-equation",
        r"\begin{equation*}\begin{split}(x+1)^2&=(x+1)(x+1)\\&=x^2+2x+1\end{split}\end{equation*}",
        steps,
    ),
    pair("gathered", "\\begin{gather*}\n(x+1)^2 = (x+1)(x+1) \\\\\n= x^2 + 2x + 1\n\\end{gather*}", steps),
    pair(
        "eqnarray", "\\begin{eqnarray*}\n(x+1)^2 &=& (x+1)(x+1) \\\\\n&=& x^2+2x+1\n\\end{eqnarray*}", steps
    ),
    pair(
        "reasons",
        r"""\begin{align*}
(x+1)^2 &= (x+1)(x+1) && \text{definition of a square} \\
&= x^2 + 2x + 1 && \text{multiply out}
\end{align*}""",
        steps,
    ),
    pair(
        "reasons-quad",
        r"""\begin{aligned}
(x+1)^2 &= (x+1)(x+1) \quad \text{(definition)} \\
&= x^2 + 2x + 1 \qquad \text{(by distributing)}
\end{aligned}""",
        steps,
    ),
    pair(
        "equals-on-right",
        "\\begin{align}\n(x+1)^2 &= \\\\\n&= (x+1)(x+1) \\\\\n&= x^2+2x+1\n\\end{align}",
        steps,
    ),
    pair(
        "spaces",
        r"\left( x \, + \; 1 \right)^{2} \;=\; \bigl(x + 1\bigr)\,\bigl(x+1\bigr) \;=\; x^{2} + 2\,x + 1",
        steps,
    ),
    pair("tilde-space", r"(x+1)^2~=~(x+1)(x+1)~=~x^2+2x+1.", steps),
    pair("full-stop", r"$$(a+b)^2 = a^2 + 2ab + b^2.$$", square),
    pair("comment", "(a+b)^2 = a^2 + 2ab + b^2 % first binomial formula", square),
    pair("braces-everywhere", r"{(a+b)}^{2} = {a}^{2} + {2}{a}{b} + {b^{2}}", square),
    pair("displaystyle", r"\displaystyle \frac{\displaystyle a}{\displaystyle b} = a b^{-1}", (a / b, a / b)),
    pair(
        "underbrace",
        r"\underbrace{(a+b)}_{\text{sum}} \cdot 2 = 2a + 2b",
        ((a + b) * 2, 2 * a + 2 * b),
    ),
    pair(
        "two-chains",
        r"""\begin{align}
(x+1)^2 &= x^2+2x+1 \\
(x-1)^2 &= x^2-2x+1
\end{align}""",
        ((x + 1) ** 2, x**2 + 2 * x + 1),
        ((x - 1) ** 2, x**2 - 2 * x + 1),
    ),
    pair(
        "newcommand",
        r"""\newcommand{\half}{\frac{1}{2}}
\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}
Let $E = \half (y-wx)^2$.
\pd{E}{w} = -(y-wx)x""",
        (Partial(Rational(1, 2) * (y - w * x) ** 2, w), -(y - w * x) * x),
    ),
    pair(
        "newcommand-vector",
        r"""\newcommand{\R}{\mathbb{R}}
Let $x \in \R^n$.
\sum_{i=1}^n (x_i + 1) = n + \sum_{i=1}^n x_i""",
        (Sum(xs[i] + 1, (i, 1, n)), n + Sum(xs[i], (i, 1, n))),
    ),
    pair(
        "def-operator",
        r"""\DeclareMathOperator{\sg}{sg}
Let $\sg(x) = \frac{1}{1+e^{-x}}$.
\sg(0) = \frac12""",
        (logistic(0), Rational(1, 2)),
    ),
    pair(
        "let-in-two-lines",
        r"""Let $x \in \mathbb{R}^n$ and $c \in \mathbb{R}$.
Let $S = \sum_{i=1}^n x_i$.

\begin{align*}
  c S &= \sum_{i=1}^n c x_i
\end{align*}""",
        (c * Sum(xs[i], (i, 1, n)), Sum(c * xs[i], (i, 1, n))),
    ),
    pair("mathrm-e", r"\mathrm{e}^{x} = \exp(x)", (exp(x), exp(x))),
    pair("unicode-minus-cdot", r"a·b − b·a = 0", (a * b - b * a, 0)),
    pair(
        "mid-sentence",
        "Let $a > 0$ and $b > 0$.\n$\\ln\\frac{a}{b}=\\ln a-\\ln b$",
        (log(a / b), log(a) - log(b)),
        domain={a: "positive", b: "positive"},
    ),
    pair("over", r"{a + b \over 2} = {1 \over 2}(a+b)", ((a + b) / 2, (a + b) / 2)),
    pair("frac-digits", r"\frac12 a + \frac{1}2 a = a", (a / 2 + a / 2, a)),
    pair("big-braces", r"\left\{ a + \left[ b + c \right] \right\} = a + b + c", (a + (b + c), a + b + c)),
    pair("sqrt-bare", r"\sqrt2 \sqrt 2 = 2", (2, 2)),
    pair(
        "stack-of-sums",
        r"""Let $x,y\in\mathbb{R}^n$.
\begin{align*}
\sum_i (x_i+y_i)^2
  &= \sum_i \left( x_i^2 + 2x_iy_i + y_i^2 \right) \\
  &= \sum_i x_i^2 + 2\sum_i x_iy_i + \sum_i y_i^2
\end{align*}""",
        (
            Sum((xs[i] + ys[i]) ** 2, (i, 1, n)),
            Sum(xs[i] ** 2 + 2 * xs[i] * ys[i] + ys[i] ** 2, (i, 1, n)),
            Sum(xs[i] ** 2, (i, 1, n)) + 2 * Sum(xs[i] * ys[i], (i, 1, n)) + Sum(ys[i] ** 2, (i, 1, n)),
        ),
    ),
    pair(
        "broken-row",
        "\\begin{align*}\n(a+b)^2 &= a^2 + 2ab \\\\\n&\\quad + b^2\n\\end{align*}",
        square,
    ),
    pair("vert-bars", r"\lvert x \rvert = \sqrt{x^2}", (sqrt(x**2), sqrt(x**2))),
]
