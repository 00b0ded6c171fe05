"""Pairs on softmax and cross-entropy: Jacobian, gradient, invariance, weights, one-hot labels."""
# ruff: noqa: E501 (a text stands as it is typed)

from __future__ import annotations

from typing import Any

from sympy import Eq, Expr, KroneckerDelta, Product, Sum, exp, log

from helpers.proof import Partial

from .vocabulary import array, indices, one_if, pair, reals, sizes, without

n, C, K, N, D, V = sizes("n C K N D V")
i, j, k, l, m, c, s, y, r, q = indices("i j k l m c s y r q")
beta, T, shift = reals("beta T c")


def soft(scores: Any, at: Any, size: Any) -> Expr:
    return exp(scores[at]) / Sum(exp(scores[r]), (r, 1, size))


a, t = array("a", C), array("t", C)
z, p = array("z", K), array("p", K)
o, yy = array("o", K), array("y", K)
x = array("x", n)
W, b, xs = array("W", K, D), array("b", K), array("x", D)
scored = Sum(W[k, l] * xs[l], (l, 1, D)) + b[k]
theta, feats = array("theta", K, D), array("x", N, D)


def total(scores: Any, size: Any) -> Expr:
    return Sum(exp(scores[r]), (r, 1, size))


def by_row(at: Any) -> Expr:
    def score(row: Any) -> Expr:
        return Sum(W[row, l] * xs[l], (l, 1, D)) + b[row]

    return exp(score(at)) / Sum(exp(score(r)), (r, 1, K))


ce = -Sum(t[j] * log(soft(a, j, C)), (j, 1, C))
ce_y = -Sum(yy[i] * log(soft(o, i, K)), (i, 1, K))

PAIRS = [
    pair(
        "softmax-gradient",
        r"""Let $p_i = \frac{e^{a_i}}{\sum_{j=1}^C e^{a_j}}$ and $L = -\sum_j t_j \log p_j$ with $\sum_j t_j = 1$.
\begin{align}
\frac{\partial L}{\partial a_k} &= -\sum_{j=1}^{C} t_j (\delta_{jk} - p_k) \\
&= -t_k + p_k \sum_j t_j \\
&= p_k - t_k
\end{align}""",
        (
            Partial(ce, a[k]),
            -Sum(t[j] * (KroneckerDelta(j, k) - soft(a, k, C)), (j, 1, C)),
            -t[k] + soft(a, k, C) * Sum(t[j], (j, 1, C)),
            soft(a, k, C) - t[k],
        ),
        free={k: (1, C)},
        domain={},
        facts=((Sum(t[j], (j, 1, C)), 1),),
    ),
    pair(
        "softmax-jacobian",
        r"""Let $y_k = \frac{\exp(z_k)}{\sum_{l=1}^K \exp(z_l)}$.
$$
\frac{\partial y_i}{\partial z_j} = y_i\left(\delta_{ij}-y_j\right)
$$""",
        (
            Partial(soft(z, i, K), z[j]),
            soft(z, i, K) * (KroneckerDelta(i, j) - soft(z, j, K)),
        ),
        free={i: (1, K), j: (1, K)},
    ),
    pair(
        "softmax-diagonal",
        r"""Let $o \in \mathbb{R}^K$ and $p_k = \frac{e^{o_k}}{\sum_j e^{o_j}}$.
\begin{split}
\frac{\partial p_k}{\partial o_k} &= \frac{e^{o_k} \sum_j e^{o_j} - e^{o_k} e^{o_k}}{(\sum_j e^{o_j})^2} \\
 &= \frac{e^{o_k}}{\sum_j e^{o_j}} \cdot \frac{\sum_j e^{o_j} - e^{o_k}}{\sum_j e^{o_j}} \\
 &= p_k(1-p_k)
\end{split}""",
        (
            Partial(soft(o, k, K), o[k]),
            (exp(o[k]) * total(o, K) - exp(o[k]) * exp(o[k])) / total(o, K) ** 2,
            exp(o[k]) / total(o, K) * ((total(o, K) - exp(o[k])) / total(o, K)),
            soft(o, k, K) * (1 - soft(o, k, K)),
        ),
        free={k: (1, K)},
    ),
    pair(
        "softmax-split",
        r"""Let $o, y \in \mathbb{R}^K$, $p_i = \frac{e^{o_i}}{\sum_{j} e^{o_j}}$ and $L = -\sum_i y_i\log p_i$, $\sum_i y_i = 1$.
\begin{align*}
\frac{\partial L}{\partial o_k} &= -\sum_i y_i \frac{\partial \log p_i}{\partial o_k} \\
&= -\sum_i \frac{y_i}{p_i}\frac{\partial p_i}{\partial o_k} \\
&= -y_k(1-p_k) + \sum_{i\neq k} y_i p_k
\end{align*}""",
        (
            Partial(ce_y, o[k]),
            -Sum(yy[i] * Partial(log(soft(o, i, K)), o[k]), (i, 1, K)),
            -Sum(yy[i] / soft(o, i, K) * Partial(soft(o, i, K), o[k]), (i, 1, K)),
            -yy[k] * (1 - soft(o, k, K)) + without(yy[i] * soft(o, k, K), i, k, K),
        ),
        free={k: (1, K)},
    ),
    pair(
        "softmax-invariance",
        r"""Let $x \in \mathbb{R}^n$ and $c \in \mathbb{R}$.
\frac{e^{x_i+c}}{\sum_{j=1}^n e^{x_j+c}}
= \frac{e^{x_i} \cdot e^c}{e^c \cdot \sum_{j=1}^n{e^{x_j}}}
= \frac{e^{x_i}}{\sum _{j=1}^n{e^{x_j}}}""",
        (
            exp(x[i] + shift) / Sum(exp(x[j] + shift), (j, 1, n)),
            exp(x[i]) * exp(shift) / (exp(shift) * Sum(exp(x[j]), (j, 1, n))),
            exp(x[i]) / Sum(exp(x[j]), (j, 1, n)),
        ),
        free={i: (1, n)},
    ),
    pair(
        "log-softmax",
        r"""Let $z \in \mathbb{R}^K$.
\log \frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}} = z_k - \log \sum_{j=1}^K e^{z_j}""",
        (log(exp(z[k]) / Sum(exp(z[j]), (j, 1, K))), z[k] - log(Sum(exp(z[j]), (j, 1, K)))),
        free={k: (1, K)},
    ),
    pair(
        "lse-slope",
        r"""Let $z\in\mathbb{R}^K$.
\[\frac{\partial}{\partial z_i}\log\left(\sum_{k=1}^{K}\exp z_k\right)=\frac{\exp z_i}{\sum_{k=1}^{K}\exp z_k}\]""",
        (
            Partial(log(Sum(exp(z[k]), (k, 1, K))), z[i]),
            exp(z[i]) / Sum(exp(z[k]), (k, 1, K)),
        ),
    ),
    pair(
        "softmax-sum-one",
        r"""Let $p_k = \frac{e^{z_k}}{\sum_{l=1}^K e^{z_l}}$.
\sum_{k=1}^K p_k = 1""",
        (Sum(soft(z, k, K), (k, 1, K)), 1),
    ),
    pair(
        "softmax-operatorname",
        r"""Let $z \in \mathbb{R}^K$ and $\operatorname{softmax}(z)_k = \frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}}$.
$$\frac{\partial}{\partial z_k} \operatorname{softmax}(z)_k = \operatorname{softmax}(z)_k (1 - \operatorname{softmax}(z)_k)$$""",
        (Partial(soft(z, k, K), z[k]), soft(z, k, K) * (1 - soft(z, k, K))),
    ),
    pair(
        "softmax-weights",
        r"""Let $W \in \mathbb{R}^{K \times D}$, $x \in \mathbb{R}^D$, $b \in \mathbb{R}^K$.
Let $z_k = \sum_{d=1}^D W_{kd} x_d + b_k$ and $\hat y_k = \frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}}$.
$$\frac{\partial \hat y_k}{\partial b_q} = \hat y_k (\delta_{kq} - \hat y_q)$$""",
        (Partial(by_row(k), b[q]), by_row(k) * (KroneckerDelta(k, q) - by_row(q))),
        free={k: (1, K), q: (1, K)},
    ),
    pair(
        "softmax-weights-cost",
        r"""Let $W\in\mathbb{R}^{K\times D}$, $x\in\mathbb{R}^D$, $b, t\in\mathbb{R}^K$, $z_k=\sum_{l=1}^D W_{kl}x_l+b_k$ and $a_k=\frac{e^{z_k}}{\sum_{m=1}^Ke^{z_m}}$.
Let $E=-\sum_{k=1}^K t_k\ln a_k$ where $\sum_k t_k = 1$.
\frac{\partial E}{\partial W_{ij}}=(a_i-t_i)x_j""",
        (
            Partial(-Sum(array("t", K)[k] * log(by_row(k)), (k, 1, K)), W[i, j]),
            (by_row(i) - array("t", K)[i]) * xs[j],
        ),
        free={i: (1, K), j: (1, D)},
    ),
    pair(
        "softmax-score-matvec",
        r"""Let $W \in \mathbb{R}^{K \times D}$, $x \in \mathbb{R}^D$ and $b \in \mathbb{R}^K$.
Let $s_k = \sum_d W_{kd} x_d + b_k$.
\frac{\partial s_k}{\partial W_{kj}} = x_j""",
        (Partial(scored, W[k, j]), xs[j]),
    ),
    pair(
        "temperature",
        r"""Let $z \in \mathbb{R}^K$, $T > 0$ and $p_k = \frac{\exp(z_k/T)}{\sum_{j=1}^K \exp(z_j/T)}$.
\frac{p_i}{p_j} = \exp\left(\frac{z_i-z_j}{T}\right)""",
        (
            exp(z[i] / T) / Sum(exp(z[l] / T), (l, 1, K)) / (exp(z[j] / T) / Sum(exp(z[l] / T), (l, 1, K))),
            exp((z[i] - z[j]) / T),
        ),
        domain={T: "positive"},
        free={i: (1, K), j: (1, K)},
    ),
    pair(
        "sharpness",
        r"""Let $p_k = \frac{e^{\beta z_k}}{\sum_{j=1}^{K} e^{\beta z_j}}$ and $\beta \in \mathbb{R}$.
\frac{\partial p_k}{\partial \beta} = p_k \bigl(z_k - \sum_{j} p_j z_j \bigr)""",
        (
            Partial(exp(beta * z[k]) / Sum(exp(beta * z[j]), (j, 1, K)), beta),
            exp(beta * z[k])
            / Sum(exp(beta * z[j]), (j, 1, K))
            * (z[k] - Sum(exp(beta * z[m]) / Sum(exp(beta * z[j]), (j, 1, K)) * z[m], (m, 1, K))),
        ),
    ),
    pair(
        "label-index",
        r"""Let $f \in \mathbb{R}^K$, $y \in \{1, \dots, K\}$ and $p_k = \frac{e^{f_k}}{\sum_{j=1}^K e^{f_j}}$.
$$ \frac{\partial}{\partial f_k} \left( -\log p_y \right) = p_k - \mathbb{1}(y = k) $$""",
        (
            Partial(-log(soft(array("f", K), y, K)), array("f", K)[k]),
            soft(array("f", K), k, K) - KroneckerDelta(y, k),
        ),
        free={k: (1, K), y: (1, K)},
    ),
    pair(
        "indicator-brace",
        r"""Let $z \in \mathbb{R}^K$ and $y = 1, \ldots, K$.
\sum_{k=1}^K 1\{y = k\} z_k = z_y""",
        (Sum(KroneckerDelta(y, k) * z[k], (k, 1, K)), z[y]),
    ),
    pair(
        "iverson",
        r"""Let $z \in \mathbb{R}^K$ and $k = 1,\dots,K$.
\sum_{i=1}^K [i = k]\, z_i^2 = z_k^2""",
        (Sum(KroneckerDelta(i, k) * z[i] ** 2, (i, 1, K)), z[k] ** 2),
        free={k: (1, K)},
    ),
    pair(
        "one-hot-word",
        r"""Let $t \in \mathbb{R}^K$ be one-hot and $p_k > 0$.
\prod_{k=1}^K p_k^{t_k} = \exp\left(\sum_{k=1}^K t_k \ln p_k\right)""",
        (
            Product(p[k] ** array("t", K)[k], (k, 1, K)),
            exp(Sum(array("t", K)[k] * log(p[k]), (k, 1, K))),
        ),
        domain={array("t", K): "onehot", p: "positive"},
    ),
    pair(
        "entropy-uniform",
        r"""Let $p_k = \frac{1}{K}$ for $k = 1, \dots, K$.
-\sum_{k=1}^K p_k \ln p_k = \ln K""",
        (-Sum(1 / K * log(1 / K), (k, 1, K)), log(K)),
    ),
    pair(
        "kl-split",
        r"""Let $p, q \in \mathbb{R}^K$ with $p_k > 0$, $q_k > 0$.
\sum_{k=1}^K p_k \log \frac{p_k}{q_k} = \sum_{k=1}^K p_k \log p_k - \sum_{k=1}^K p_k \log q_k""",
        (
            Sum(p[k] * log(p[k] / array("q", K)[k]), (k, 1, K)),
            Sum(p[k] * log(p[k]), (k, 1, K)) - Sum(p[k] * log(array("q", K)[k]), (k, 1, K)),
        ),
        domain={p: "positive", array("q", K): "positive"},
    ),
    pair(
        "two-class",
        r"""Let $a, b \in \mathbb{R}$.
\frac{e^{a}}{e^{a}+e^{b}} = \frac{1}{1+e^{-(a-b)}}""",
        (
            exp(reals("a")) / (exp(reals("a")) + exp(reals("b"))),
            1 / (1 + exp(-(reals("a") - reals("b")))),
        ),
    ),
    pair(
        "softmax-hessian",
        r"""Let $p_k = \frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}}$.
\frac{\partial^2}{\partial z_i \partial z_j} \log \sum_{k=1}^K e^{z_k} = p_i \delta_{ij} - p_i p_j""",
        (
            Partial(Partial(log(Sum(exp(z[k]), (k, 1, K))), z[j]), z[i]),
            soft(z, i, K) * KroneckerDelta(i, j) - soft(z, i, K) * soft(z, j, K),
        ),
    ),
    pair(
        "chain-over-p",
        r"""Let $p_i = \frac{e^{a_i}}{\sum_{j=1}^C e^{a_j}}$ and $L = -\sum_{j=1}^C t_j \log p_j$.
$$\frac{\partial L}{\partial a_i} = -\sum_{k=1}^C \frac{t_k}{p_k} \, \frac{\partial p_k}{\partial a_i} = - \sum_{k=1}^C t_k\,(\delta_{ki} - p_i)$$""",
        (
            Partial(ce, a[i]),
            -Sum(t[k] / soft(a, k, C) * Partial(soft(a, k, C), a[i]), (k, 1, C)),
            -Sum(t[k] * (KroneckerDelta(k, i) - soft(a, i, C)), (k, 1, C)),
        ),
    ),
    pair(
        "chain-other",
        r"""Let $z\in\mathbb R^K$ and $k\ne q$.
\frac{\partial}{\partial z_q}\frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}} = -\frac{e^{z_k}e^{z_q}}{\left(\sum_{j=1}^K e^{z_j}\right)^2}""",
        (
            Partial(soft(z, k, K), z[q]),
            -exp(z[k]) * exp(z[q]) / total(z, K) ** 2,
        ),
        free={k: (1, K), q: (1, K)},
    ),
    pair(
        "samples-superscript",
        r"""Let $\theta \in \mathbb{R}^{K \times D}$ and $x \in \mathbb{R}^{N\times D}$.
\sum_{i=1}^N \sum_{d=1}^D \theta_{kd} x^{(i)}_d = \sum_{d=1}^D \theta_{kd} \sum_{i=1}^N x^{(i)}_d""",
        (
            Sum(theta[k, j] * feats[i, j], (j, 1, D), (i, 1, N)),
            Sum(theta[k, j] * Sum(feats[i, j], (i, 1, N)), (j, 1, D)),
        ),
        free={k: (1, K)},
    ),
    pair(
        "indicator-real",
        r"""Let $y \in \{1,\dots,K\}$ and $z \in \mathbb{R}^K$.
\sum_{k=1}^K \mathbf{1}_{\{k = y\}} e^{z_k} = e^{z_y}""",
        (Sum(one_if(Eq(k, y)) * exp(z[k]), (k, 1, K)), exp(z[y])),
    ),
]
