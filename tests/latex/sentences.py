"""Sentences that say more than their formulas: or, not, if, otherwise, words for kinds, single entries."""
# ruff: noqa: E501 (a text stands as it is typed)

from __future__ import annotations

from sympy import Abs, Sum

from .vocabulary import array, indices, pair, reals, refused, sizes

n, m = sizes("n m")
i, j = indices("i j")
x, y, a = reals("x y a")
xs, W = array("x", n), array("W", m, n)
SUM_ABS = r"\sum_{i=1}^n |x_i| = \sum_{i=1}^n x_i"

PAIRS = [
    refused("says-or", "Let $y = 1$ or $y = 0$.\ny^2 = y", "“or” is no “and”: y is not 0"),
    refused(
        "says-or-signs", "Let $x > 0$ or $x < 0$.\n\\frac{x}{x} = 1", "“or” is no “and”: nothing is both"
    ),
    refused("says-not", "Let not $x = 1$.\nx^2 = x", "x is not 1"),
    refused("says-not-zero", "Let $x \\in \\mathbb{R}$, not zero.\n\\frac{x^2}{x} = x", "“not zero” is lost"),
    refused(
        "says-if-otherwise",
        "Let $f(x) = x^2$ if $x > 0$ and $f(x) = 0$ otherwise.\nf(2) = 4",
        "two definitions with conditions",
    ),
    refused(
        "says-for-otherwise",
        "Let $y_k = 1$ for $k = c$ and $y_k = 0$ otherwise.\n\\sum_{k=1}^K y_k = 1",
        "two definitions with conditions",
    ),
    refused(
        "defined-on-a-part",
        "Let $s_i = 2i$ for $i = 2, \\dots, n$.\ns_1 = 2",
        "s_1 is not defined",
    ),
    refused("convex", "Let $f$ be convex and $x$ real.\nf(x) + 0 = f(x)", "“convex” is lost and f a number"),
    refused(
        "symmetric-word",
        "Let $A \\in \\mathbb{R}^{n \\times n}$ be symmetric and $x \\in \\mathbb{R}^n$.\nA x = A^\\top x",
        "“symmetric” is lost",
    ),
    refused("integer-word", "Let $x$ be an integer.\n\\cos(2 \\pi x) = 1", "“integer” is lost"),
    refused("at-least-one", "Let $x$ be at least 1.\n|x| = x", "“at least 1” is lost"),
    refused("negative-word", "Let $x$ be negative.\n|x| = -x", "“negative” is lost"),
    refused("law", "Let $x \\sim N(0,1)$.\nx + 0 = x", "the law is lost"),
    refused("half-open", "Let $x \\in (0, 1]$.\n|x| = x", "read without its end 1"),
    refused(
        "vector-nonzero",
        "Let $x \\in \\mathbb{R}^n$ and $x \\ne 0$.\n\\frac{\\|x\\|^2}{\\|x\\|^2} = 1",
        "read as: no entry is 0",
    ),
    refused("one-entry-positive", "Let $x_1 > 0$.\n" + SUM_ABS, "read as: every entry is positive"),
    refused(
        "some-entries-positive",
        "Let $x_i > 0$ for $i = 2, \\dots, n$.\n" + SUM_ABS,
        "read as: every entry is positive, x_1 too",
    ),
    refused(
        "entries-off-diagonal",
        "Let $w_{ij} > 0$ for $i \\ne j$.\n\\sum_{i=1}^n \\sum_{j=1}^n |w_{ij}| = \\sum_{i=1}^n \\sum_{j=1}^n w_{ij}",
        "read as: every entry is positive, the diagonal too",
    ),
    refused(
        "zero-from-there",
        "Let $p_i = 0$ for $i > 3$.\n\\sum_{i=1}^n p_i = p_1 + p_2 + p_3",
        "read as: all are 0",
    ),
    pair(
        "entry-of-a-vector",
        "Let $x \\in \\mathbb{R}^n$ and $x_1 > 0$.\n|x_1| = x_1",
        (Abs(xs[1]), xs[1]),
        conditions=(xs[1] > 0,),
        domain={},
    ),
    refused(
        "ordered-three",
        "Let $x \\le y \\le z$.\n|z - x| = z - x",
        "y read as an index between whole numbers x and z",
    ),
    refused("equal-three", "Let $x^2 = 1$.\nx = 1", "the row is a claim about x, not its definition"),
    refused(
        "row-not-judged",
        "x^2 = 4x\nx = 3",
        "the first row is dropped: taken as the definition of a letter x^2",
    ),
    refused("inverse-or-power", r"\tanh^{-1} x = y", "the inverse function or 1/tanh"),
    refused("inverse-or-power-sin", r"\sin^{-1} x = \frac{1}{\sin x}", "the inverse function or 1/sin"),
    refused("two-phis", r"\phi - \varphi = 0", "two letters, or one in two spellings"),
    refused(
        "two-brackets",
        "Let $z^{(1)}, z^{[1]} \\in \\mathbb{R}$.\nz^{(1)} - z^{[1]} = 0",
        "layer 1 and sample 1 are two things",
    ),
    refused("unknown-depends", r"\frac{\partial f}{\partial x} = 0", "does f depend on x?"),
    refused(
        "outside-below",
        "Let $x \\in \\mathbb{R}^n$.\n\\sum_{i=0}^{n} x_i = x_0 + \\sum_{i=1}^n x_i",
        "x has no entry 0",
    ),
    refused("outside-above", "Let $x \\in \\mathbb{R}^3$.\nx_4 + 0 = x_4", "x has no entry 4"),
    refused(
        "other-length",
        "Let $x \\in \\mathbb{R}^n$.\n\\sum_{i=1}^N x_i = \\sum_{j=1}^N x_j",
        "x has n entries, not N",
    ),
    refused(
        "free-other-length",
        "Let $x \\in \\mathbb{R}^n$, $z \\in \\mathbb{R}^m$.\nx_i z_i = z_i x_i",
        "i runs to n and to m",
    ),
    refused(
        "length-and-index",
        "Let $x \\in \\mathbb{R}^m$.\n\\sum_{m=1}^m x_m = \\sum_i x_i",
        "m is a length and an index",
    ),
    refused(
        "declared-infinite",
        "Let $a \\in [-\\infty, 1]$.\na + 0 = a",
        "no such interval of numbers",
    ),
    pair(
        "two-sentences-one-letter",
        "Let $x > 0$.\nLet $x < 1$.\n|x - 1| = 1 - x",
        (Abs(x - 1), 1 - x),
        domain={x: "positive"},
        conditions=(x < 1,),
    ),
    pair(
        "a-between",
        "Let $a > 0$ and $a < 1$.\n|a| = a",
        (Abs(a), a),
        domain={a: "positive"},
        conditions=(a < 1,),
    ),
    pair(
        "definition-of-a-square",
        "Let $r^2 = x^2 + y^2$.\nr^2 - y^2 = x^2",
        (x**2 + y**2 - y**2, x**2),
    ),
    pair(
        "sum-of-squares-is-one",
        "Let $\\sum_{i=1}^n x_i^2 = 1$.\n2 \\sum_{i=1}^n x_i^2 = 2",
        (2 * Sum(xs[i] ** 2, (i, 1, n)), 2),
        domain={},
        facts=((Sum(xs[i] ** 2, (i, 1, n)), 1),),
    ),
    refused("square-positive", "Let $x^2 > 0$.\n|x| = x", "read as x > 0"),
    refused(
        "part-sum-is-one",
        "Let $\\sum_{k=2}^K y_k = 1$.\n\\sum_{k=1}^K y_k = 1 + y_1",
        "read as: all sum to 1",
    ),
    refused(
        "cubes-sum-to-one",
        "Let $\\sum_{k=1}^K y_k^3 = 1$.\n\\sum_{k=1}^K y_k = 1",
        "read as: the entries sum to 1",
    ),
    refused(
        "positive-but-one",
        "Let $y_k > 0$ for all $k \\ne 2$.\n\\sum_{k=1}^K |y_k| = \\sum_{k=1}^K y_k",
        "read as: every entry is positive, y_2 too",
    ),
    refused(
        "linear-word", "Let $f$ be linear and $x \\in \\mathbb{R}$.\nf(2x) = 2f(x)", "f read as a factor"
    ),
    refused(
        "monotone-word",
        "Let $f$ be monotone and $x \\in \\mathbb{R}$.\nf(x+1) \\ge f(x)",
        "f read as a factor",
    ),
    refused(
        "sigmoid-word",
        "Let $\\sigma$ be the logistic function and $z \\in \\mathbb{R}$.\n\\sigma(z) = \\frac{1}{1+e^{-z}}",
        "σ read as a factor",
    ),
    refused(
        "not-differentiable",
        "Let $f$ be not differentiable and $x \\in \\mathbb{R}$.\n\\frac{d}{dx} f(x) = f'(x)",
        "read as differentiable",
    ),
    refused(
        "odd-indices",
        "Let $k = 1, 3, \\dots, K$ and $z \\in \\mathbb{R}^K$.\nz_k + 0 = z_k",
        "read as every k from 1 to K",
    ),
    refused(
        "index-below-array",
        "Let $k = 0, \\dots, K$ and $z \\in \\mathbb{R}^K$.\nz_k + 0 = z_k",
        "z has no entry 0",
    ),
    refused(
        "no-length-said",
        "Let $m = \\frac{1}{n} \\sum_i x_i$.\nn m = \\sum_i x_i",
        "no length of x is said; n is not it",
    ),
    refused(
        "row-number",
        "Let $x \\in \\mathbb{R}$.\nx + x = 2x \\quad (2)",
        "the number (2) of the row is a factor",
    ),
    refused(
        "equation-number-hfill",
        "Let $x \\in \\mathbb{R}$.\nx + x = 2x \\hfill (3.4)",
        "the number is a factor",
    ),
    refused(
        "implication",
        "Let $x \\in \\mathbb{R}$.\nx^2 = 4 \\implies x = 2",
        "an implication is no pair of equalities",
    ),
    refused(
        "vector-of-labels",
        "Let $a^2 \\in \\mathbb{R}^n$ and $b \\in \\mathbb{R}$.\n\\sum_k b a^2_k = b \\sum_k a^2_k",
        "the declared label 2 is read as a square",
    ),
    pair(
        "rows-sum-to-one",
        "Let $\\sum_{j=1}^n W_{ij} = 1$ for $i = 1, \\dots, m$.\n2 \\sum_{j=1}^n W_{ij} = 2",
        (2 * Sum(W[i, j], (j, 1, n)), 2),
        domain={},
    ),
    pair(
        "label-beside-squares",
        "Let $x_i > 0$ for $i = 1, \\dots, n$ and $s^2 = \\sum_{i=1}^n x_i^2$.\n2 s^2 = 2 \\sum_{i=1}^n x_i^2",
        (2 * Sum(xs[i] ** 2, (i, 1, n)), 2 * Sum(xs[i] ** 2, (i, 1, n))),
        domain={xs: "positive"},
    ),
    pair(
        "label-beside-undeclared-squares",
        "Let $s^2 = \\frac{1}{n} \\sum_{i=1}^n x_i^2$.\nn s^2 = \\sum_{i=1}^n x_i^2",
        (Sum(xs[i] ** 2, (i, 1, n)), Sum(xs[i] ** 2, (i, 1, n))),
    ),
]
