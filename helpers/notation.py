"""The course's symbols and named functions as SymPy objects, and the table that explains them.

Chapters, derivations and exercises take their letters from here, so that a letter means one thing in the
whole book. Arrays count from 1, as the formulas do; matrices (`MatrixSymbol`) from 0, as SymPy does.

>>> table("n", "w", "sigma")
n      n                        size      number of features
w      w[j]                     n         weights of one output
sigma  sigma(u) = 1/(1 + e^-u)  function  logistic function
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from html import escape

from sympy import Expr, IndexedBase, MatrixSymbol, Sum, Symbol, exp, log, symbols

from helpers.proof import define
from helpers.proof.read.text import Notation, notation

# ---------------------------------------------------------------- sizes, indices, numbers
n, N, K, m, B, L = symbols("n N K m B L", integer=True, positive=True)
i, j, k, l, q, r, s, t = symbols("i j k l q r s t", integer=True)
u, z, b, y = symbols("u z b y", real=True)
a, c, eta, lam, eps = symbols("a c eta lambda epsilon", positive=True)
mu = Symbol("mu", real=True)


def array(name: str, *shape: Expr) -> IndexedBase:
    """A real array whose entries count from 1 in every direction."""
    return IndexedBase(name, shape=shape, real=True)


# ---------------------------------------------------------------- arrays and matrices
w, x, v = array("w", n), array("x", n), array("v", n)
X, Y = array("X", N, n), array("Y", N)
W, yk, zk, pk = array("W", K, n), array("y", K), array("z", K), array("p", K)
Yk = array("Y", N, K)
Xm, ym = MatrixSymbol("X", N, n), MatrixSymbol("y", N, 1)
wm, vm = MatrixSymbol("w", n, 1), MatrixSymbol("v", n, 1)

# ---------------------------------------------------------------- named functions
sigma = define("sigma", (u,), 1 / (1 + exp(-u)), latex=r"\sigma")
softplus = define("softplus", (u,), log(1 + exp(u)), latex=r"\operatorname{softplus}")
bce = define("bce", (y, z), -(y * log(z) + (1 - y) * log(1 - z)), latex=r"\operatorname{bce}")
entropy = define("H", (y,), -(y * log(y) + (1 - y) * log(1 - y)), latex="H")


def softmax(scores: IndexedBase, name: str = "a") -> type[Expr]:
    """The function k -> exp(scores[k]) / sum over m of exp(scores[m]), printed as `name`(k).

    `scores` has one entry per class, shape (K,).
    """
    return define(name, (k,), exp(scores[k]) / Sum(exp(scores[l]), (l, 1, scores.shape[0])), latex=name)


def linear(weights: IndexedBase, inputs: IndexedBase) -> Expr:
    """The weighted input: sum over i of weights[i] * inputs[i], both of shape (n,)."""
    return Sum(weights[i] * inputs[i], (i, 1, weights.shape[0]))


# ---------------------------------------------------------------- for texts
SENTENCES = r"""
Let $\sigma(u) = \frac{1}{1 + e^{-u}}$ and $\text{softplus}(u) = \ln(1 + e^u)$.
Let $\text{bce}(y, a) = -(y \ln a + (1-y) \ln(1-a))$.
Let $\eta > 0$, $\lambda > 0$ and $\varepsilon > 0$.
"""


@cache
def of_texts() -> Notation:
    """What a text need not say: the course's functions and small positive numbers."""
    return notation(SENTENCES)


# ---------------------------------------------------------------- the table
@dataclass(frozen=True)
class Entry:
    """One line of the notation table; `symbol` is the SymPy object, `text` and `latex` how it is written."""

    name: str
    symbol: object
    text: str
    latex: str
    shape: str
    meaning: str


_ROWS = (  # name, SymPy object, plain text, LaTeX, shape or range, meaning
    ("n", n, "n", "n", "size", "number of features"),
    ("N", N, "N", "N", "size", "number of samples"),
    ("K", K, "K", "K", "size", "number of classes"),
    ("m", m, "m", "m", "size", "number of units of the next layer"),
    ("B", B, "B", "B", "size", "number of samples in a mini-batch"),
    ("L", L, "L", "L", "size", "number of layers"),
    ("i", i, "i", "i", "index", "feature, bound by a sum"),
    ("j", j, "j", "j", "index", "feature, free"),
    ("k", k, "k", "k", "index", "class or unit"),
    ("l", l, "l", "l", "index", "class or unit"),
    ("q", q, "q", "q", "index", "class or unit"),
    ("r", r, "r", "r", "index", "class or unit"),
    ("s", s, "s", "s", "index", "sample"),
    ("t", t, "t", "t", "index", "step, or a second sample"),
    ("u", u, "u", "u", "real", "argument of a function"),
    ("z", z, "z", "z", "real", "weighted input of a unit"),
    ("b", b, "b", "b", "real", "bias"),
    ("y", y, "y", "y", "0 to 1", "label of one sample"),
    ("a", a, "a", "a", "0 to 1", "output of a unit"),
    ("c", c, "c", "c", "positive", "sharpness of the softmax"),
    ("eta", eta, "eta", r"\eta", "positive", "learning rate, per step"),
    ("lam", lam, "lambda", r"\lambda", "positive", "strength of the penalty"),
    ("eps", eps, "epsilon", r"\varepsilon", "positive", "a small number"),
    ("mu", mu, "mu", r"\mu", "real", "momentum"),
    ("w", w, "w[j]", "w_j", "n", "weights of one output"),
    ("x", x, "x[j]", "x_j", "n", "one sample"),
    ("v", v, "v[j]", "v_j", "n", "any direction in weight space"),
    ("X", X, "X[s,j]", "X_{sj}", "N × n", "all samples, one a row"),
    ("Y", Y, "Y[s]", "Y_s", "N", "all labels"),
    ("W", W, "W[k,j]", "W_{kj}", "K × n", "weights, one row a class"),
    ("yk", yk, "y[k]", "y_k", "K", "label of one sample over the classes"),
    ("zk", zk, "z[k]", "z_k", "K", "weighted inputs of the classes (logits)"),
    ("pk", pk, "p[k]", "p_k", "K", "probabilities of the classes"),
    ("Yk", Yk, "Y[s,k]", "Y_{sk}", "N × K", "all labels over the classes"),
    (
        "sigma",
        sigma,
        "sigma(u) = 1/(1 + e^-u)",
        r"\sigma(u) = \frac{1}{1 + e^{-u}}",
        "function",
        "logistic function",
    ),
    (
        "softplus",
        softplus,
        "softplus(u) = ln(1 + e^u)",
        r"\operatorname{softplus}(u) = \ln(1 + e^u)",
        "function",
        "a smooth max(0, u)",
    ),
    (
        "softmax",
        softmax,
        "a(k) = e^z[k] / sum of e^z[l]",
        r"a_k = \frac{e^{z_k}}{\sum_l e^{z_l}}",
        "function",
        "softmax of the weighted inputs",
    ),
    (
        "bce",
        bce,
        "bce(y, a) = -(y ln a + (1-y) ln(1-a))",
        r"\operatorname{bce}(y, a) = -(y \ln a + (1-y) \ln(1-a))",
        "function",
        "binary cross-entropy, in nats",
    ),
    (
        "entropy",
        entropy,
        "H(y) = bce(y, y)",
        r"H(y) = \operatorname{bce}(y, y)",
        "function",
        "entropy of a coin, in nats",
    ),
)
NOTATION: dict[str, Entry] = {row[0]: Entry(*row) for row in _ROWS}


@dataclass(frozen=True)
class Table:
    """Rows of the notation table; renders as Markdown, HTML or plain text."""

    entries: tuple[Entry, ...]

    def __repr__(self) -> str:
        rows = [(e.name, e.text, e.shape, e.meaning) for e in self.entries]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]

        def line(row: tuple[str, ...]) -> str:
            return "  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True))

        return "\n".join(map(line, rows))

    def _repr_markdown_(self) -> str:
        rows = [f"| `{e.name}` | ${e.latex}$ | {e.shape} | {e.meaning} |" for e in self.entries]
        return "\n".join(["| name | symbol | shape | meaning |", "|:---|:---|:---|:---|", *rows])

    def _repr_html_(self) -> str:
        rows = [
            f"<tr><td><code>{escape(e.name)}</code></td><td>${e.latex.replace('<', '&lt;')}$</td>"
            f"<td>{escape(e.shape)}</td><td>{escape(e.meaning)}</td></tr>"
            for e in self.entries
        ]
        head = "<tr><th>name</th><th>symbol</th><th>shape</th><th>meaning</th></tr>"
        return f'<table class="syw-notation"><thead>{head}</thead><tbody>{"".join(rows)}</tbody></table>'


def table(*names: str) -> Table:
    """The rows of the notation table for `names`, in that order; without names, the whole table.

    Raises ValueError naming the first unknown name.
    """
    for name in names:
        if name not in NOTATION:
            raise ValueError(f"{name!r} is not in the notation table; it has {', '.join(NOTATION)}.")
    return Table(tuple(NOTATION[name] for name in names or NOTATION))
