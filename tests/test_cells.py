"""Oracle: the derivation that the design of the course shows, and the same with one sign turned."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from IPython.core.interactiveshell import InteractiveShell

import helpers
from helpers.cells import MIME, derive
from helpers.proof import RefutedStep, UnprovedStep
from helpers.proof.read.latex import ReadError

GRADIENT = r"""The gradient of one sample's cost
Let $z = \sum_{i=1}^n w_i x_i$, $\hat y = \sigma(z)$ and $0 \le y \le 1$.
Let $C = -(y \ln \hat y + (1-y) \ln(1-\hat y))$.
\frac{\partial C}{\partial w_j}
  &= -\left(\frac{y}{\hat y} - \frac{1-y}{1-\hat y}\right) \frac{\partial \hat y}{\partial w_j}
    && each logarithm
  &= -\left(\frac{y}{\hat y} - \frac{1-y}{1-\hat y}\right) \hat y (1-\hat y)
    \frac{\partial z}{\partial w_j} && chain rule
  &= -(y - \hat y)\, x_j && the denominators cancel
"""


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    """IPython's one shell, taken down again: while it stands, every test believes itself in a notebook."""
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


def test_a_cell_is_a_derivation(shell: InteractiveShell) -> None:
    helpers.load_ipython_extension(shell)
    made = shell.run_cell_magic("derivation", "logistic.gradient", GRADIENT)
    assert made.name == "logistic.gradient"
    assert made.heading == "The gradient of one sample's cost"
    assert [step.because for step in made.steps] == [
        "each logarithm",
        "chain rule",
        "the denominators cancel",
    ]
    bundle = made._repr_mimebundle_()
    assert {"text/plain", "text/html", MIME} == set(bundle)
    assert bundle[MIME]["text"] == GRADIENT
    assert r"\hat{y} = \sigma\left(z\right)" in bundle["text/html"]
    assert "as LaTeX" in bundle["text/html"]


def test_the_letter_r_is_a_name_and_not_the_set_of_numbers() -> None:
    made = derive(
        "Let $R = w^2$ and let $w$ be a number.\n\\frac{\\partial R}{\\partial w} &= 2 w && the slope"
    )
    shown = made._repr_html_()
    assert "R = w^{2}" in shown
    assert "\\R" not in shown.partition("<details><summary>as LaTeX")[0]


SUMMED = r"""Let $a$, $b$ and $c$ be numbers.
Suppose $a - b \ge 0$. Suppose $b - c \ge 0$. Suppose $a + b \ge 0$.
a - c &= (a - b) + (b - c) && add and subtract $b$
      &\ge 0 && neither bracket is negative"""


def test_of_two_inequalities_that_are_added_both_are_used_and_a_third_is_not() -> None:
    said = repr(derive(SUMMED))
    assert said.endswith("no step uses what is given about a + b")


SHARED = r"""Let $p \in \mathbb{R}^m$. Let $\sum_{k=1}^m p_k = 1 - P$.
1 - \sum_{k=1}^m p_k &= P"""


def test_an_equation_that_gives_a_letter_of_the_line_its_value_is_used() -> None:
    assert "no step uses" not in repr(derive(SHARED))


PARTS = r"""Two sums
Part: Of ones
Let $n = 1, 2, \dots$.
\sum_{i=1}^n 1 &= n
Part: Of twos
Let $m = 1, 2, \dots$.
\sum_{k=1}^m 2 &= 2 m"""


def test_the_head_names_the_sizes_of_every_part_and_epsilon_is_printed_as_the_course_writes_it() -> None:
    assert repr(derive(PARTS)).startswith("Two sums: 2 of 2 steps proved for symbolic n, m\n")
    shown = derive("Let $\\epsilon > 0$.\n\\epsilon + \\epsilon &= 2 \\epsilon")._repr_markdown_()
    assert "\\varepsilon" in shown
    assert "\\epsilon" not in shown


def test_a_false_line_stops_the_cell_with_its_numbers() -> None:
    with pytest.raises(RefutedStep, match=r"Step 3 .* is false at n = 1"):
        derive(GRADIENT.replace("-(y - ", "-(y + "))


def test_a_line_without_a_reading_stops_it_with_a_sentence() -> None:
    with pytest.raises(ReadError, match=r"Row 2: .* needs its"):
        derive(GRADIENT.replace(r"{1-\hat y}\right) \frac", r"{1-\hat y \right) \frac"))


def test_what_is_not_proved_stops_it() -> None:
    with pytest.raises(UnprovedStep):
        derive(r"\sum_{i=1}^n (-1)^{i^2} = \sum_{i=1}^n (-1)^i")  # true by parity, which no rule sees


def test_a_row_that_only_supposes_stops_it() -> None:
    with pytest.raises(ReadError, match="Row 1 supposes a recursion"):
        derive(r"v_t = \beta v_{t-1} + g_t" + "\n" + r"2 + 2 = 4")
