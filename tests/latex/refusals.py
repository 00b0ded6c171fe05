"""Texts that must be refused: two readings, slips of typing, names that nobody introduced."""

from __future__ import annotations

from .vocabulary import refused

PAIRS = [
    refused("slash-then-letter", r"1/2x = \frac{x}{2}", "(1/2)x or 1/(2x)"),
    refused(
        "operator-two-brackets",
        r"\frac{\partial}{\partial x}(x+1)(x+2) = 2x+3",
        "differentiates the first bracket or both",
    ),
    refused("open-bracket", r"(x+1 = 1 + x", "a bracket is never closed"),
    refused("wrong-bracket", r"(x+1] = x + 1", "( closed by ]"),
    refused("open-brace", r"\frac{x}{2 = x/2", "a brace is never closed"),
    refused("end-missing", "\\begin{align}\nx &= x", "the environment is never closed"),
    refused(
        "unknown-name",
        r"""Let $x \in \mathbb{R}^n$.
\sum_{i=1}^n x_i = \sum_{i=1}^n q_i""",
        "q is not introduced",
    ),
    refused(
        "unknown-function",
        r"""Let $x \in \mathbb{R}$.
\operatorname{swish}(x) = x""",
        "swish is not introduced",
    ),
    refused(
        "free-and-bound",
        r"""Let $x \in \mathbb{R}^n$.
x_i \sum_{i=1}^n x_i = \sum_{i=1}^n x_i^2""",
        "i free and bound in one term",
    ),
    refused(
        "bound-twice",
        r"""Let $x \in \mathbb{R}^n$.
\sum_{i=1}^n \sum_{i=1}^n x_i = n \sum_{i=1}^n x_i""",
        "i is bound twice",
    ),
    refused(
        "index-missing",
        r"""Let $x \in \mathbb{R}^n$.
\sum_{i} x_j = n x_j""",
        "the sum has no range: its term lacks i",
    ),
    refused(
        "sum-without-index",
        r"""Let $x, y \in \mathbb{R}^n$.
\sum x_i y_j = 0""",
        "which index?",
    ),
    refused(
        "reach-of-sum",
        r"""Let $x, y \in \mathbb{R}^n$.
\sum_{i=1}^n x_i + y_i = \sum_{i=1}^n (x_i + y_i)""",
        "the sum binds only its first term",
    ),
    refused("no-equals", r"(x+1)^2 \quad x^2 + 2x + 1", "no ="),
    refused("lonely-formula", r"x^2 + 2x + 1", "a formula that claims nothing"),
    refused("equals-nothing", r"(x+1)^2 =", "nothing after ="),
    refused("power-ten", r"x^10 = x^5 x^5", "LaTeX raises only the 1"),
    refused("double-superscript", r"e^{x}^2 = e^{2x}", "two superscripts"),
    refused(
        "differential",
        r"""Let $L = x^2$.
dL = 2x\,dx""",
        "differentials",
    ),
    refused("differential-log", r"d(\log x) = \frac{1}{x} dx", "differentials"),
    refused(
        "too-many-indices",
        r"""Let $x \in \mathbb{R}^n$.
x_{ij} = x_{ji}""",
        "x has one index",
    ),
    refused(
        "vector-plus-number",
        r"""Let $x \in \mathbb{R}^n$ and $c \in \mathbb{R}$.
x + c = c + x""",
        "a vector and a number",
    ),
    refused(
        "shape-error",
        r"""Let $W \in \mathbb{R}^{m \times n}$ and $x \in \mathbb{R}^m$.
W x = x""",
        "sizes do not fit",
    ),
    refused(
        "wrong-index-range",
        r"""Let $x \in \mathbb{R}^n$ and $y \in \mathbb{R}^m$.
\sum_{i} x_i y_i = \sum_i y_i x_i""",
        "i runs to n and to m",
    ),
    refused("two-epsilons", r"\epsilon - \varepsilon = 0", "two letters, or one in two spellings"),
    refused(
        "bold-and-plain",
        r"""Let $\mathbf{x} \in \mathbb{R}^n$ and $x \in \mathbb{R}$.
\sum_{i=1}^n x_i = x""",
        "the same letter for a vector and a number",
    ),
    refused(
        "defined-twice",
        r"""Let $a = 2x$ and $a = 3x$.
a = 3x""",
        "a has two definitions",
    ),
    refused(
        "circular",
        r"""Let $a = b + 1$ and $b = a - 1$.
a = b + 1""",
        "each is defined by the other",
    ),
    refused(
        "ambiguous-superscript",
        r"""Let $z^1, z^2 \in \mathbb{R}$.
z^2 = z \cdot z""",
        "z^2 is a label and a power",
    ),
    refused("log-of-how-much", r"\log x y^2 = \log x + 2 \log y", "log(x) y² or log(x y²)"),
    refused("trailing-operator", r"x + = x", "a term is missing"),
    refused("plus-minus", r"(x \pm 1)^2 = x^2 \pm 2x + 1", "two statements"),
    refused("approx", r"e^x \approx 1 + x", "no equality"),
    refused("arrow", r"w \leftarrow w - 1", "no equality"),
    refused("ellipsis", r"x_1 + x_2 + \dots + x_n = 0", "an ellipsis"),
    refused(
        "value-between-bounds", r"\left. \frac{x^2}{2} \right|_{x=0}^{1} = \frac12", "the upper bound is lost"
    ),
    refused(
        "pairs-below",
        "Let $x \\in \\mathbb{R}^n$.\n2 \\sum_{i<j} x_i x_j = \\Bigl(\\sum_i x_i\\Bigr)^2 - \\sum_i x_i^2",
        "over i alone, or over all pairs, as is meant here",
    ),
    refused(
        "index-or-length",
        "Let $x \\in \\mathbb{R}^n$.\n\\delta_{i,j+1} x_i = \\delta_{i,j+1} x_{j+1}",
        "j is an index without a range, no length",
    ),
]
