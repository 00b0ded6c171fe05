"""Derivatives by vectors in each layout, single steps of an iteration, and random vectors, as LaTeX."""

from __future__ import annotations

import pytest

from helpers.proof.homework import judge

LINEAR = r"Let $W \in \mathbb{R}^{m \times n}$, $V \in \mathbb{R}^{n \times n}$, $a, x \in \mathbb{R}^n$. "
BY_LAYOUT = [  # a row that holds in one layout, and which
    (r"\frac{\partial (Wx)}{\partial x} = W^T", "denominator"),
    (r"\frac{\partial (Vx)}{\partial x} = V^T", "denominator"),
    (r"\frac{\partial (a^T x)}{\partial x} = a^T", "numerator"),
]
RANDOM = r"Let $x, y \in \mathbb{R}^n$ be independent random vectors. "


def told(text: str) -> list[tuple[str, str]]:
    found = judge(text)
    assert not found.trouble, found.trouble
    return [(line.verdict, line.said) for line in found.lines]


def verdicts(text: str) -> list[str]:
    return [verdict for verdict, _ in told(text)]


@pytest.mark.parametrize(("row", "layout"), BY_LAYOUT)
def test_what_holds_in_another_layout_is_not_refuted(row: str, layout: str) -> None:
    ((verdict, said),) = told(f"{LINEAR}\n$${row}$$")
    assert (verdict, f"in {layout} layout" in said) == ("not read", True)
    assert verdicts(f"We use {layout} layout. {LINEAR}\n$${row}$$") == ["proved"]
    assert verdicts(f"We use {layout} layout. {LINEAR}\n$${row.replace('= ', '= 2 ')}$$") == ["refuted"]
    assert verdicts(f"{LINEAR}\n$${row.replace('= ', '= -')}$$") == ["refuted"]


def test_a_gradient_by_a_matrix_has_its_shape() -> None:
    row = r"$$\frac{\partial}{\partial W} \operatorname{tr}(W^T W V) = (V + V^T) W^T$$"
    ((verdict, said),) = told(f"{LINEAR}\n{row}")
    assert (verdict, "in numerator layout" in said) == ("refuted", True)
    assert verdicts(f"We use numerator layout. {LINEAR}\n{row}") == ["proved"]


def test_a_layout_that_is_not_used_says_nothing() -> None:
    row = r"$$\frac{\partial (Vx)}{\partial x} = V^T$$"
    for said in ("We do not use denominator layout.", "Numerator layout or denominator layout is used."):
        assert verdicts(f"{said} {LINEAR}\n{row}") == ["not read"]


def test_a_transposed_variable_says_itself_what_is_a_row() -> None:
    for row in (
        r"\frac{\partial (Vx)}{\partial x^T} = V",
        r"\frac{\partial (x^T V)}{\partial x} = V",
        r"\nabla (a^T x) = a",
    ):
        left, right = row.split(" = ")
        with_x = left.replace(r"\nabla ", r"\nabla_x ")
        assert verdicts(f"{LINEAR}\n$${with_x} = {right}$$") == ["proved"]
        assert verdicts(f"{LINEAR}\n$${with_x} = {right}^T$$") == ["refuted"]


def test_nothing_joins_two_vectors_but_a_definition() -> None:
    ((verdict, said),) = told(LINEAR + "\n" r"$$\frac{\partial a}{\partial x} = V$$")
    assert (verdict, "Nothing says how a depends on x" in said) == ("not read", True)


def test_after_a_row_of_another_layout_no_slip_is_counted() -> None:
    text = (
        LINEAR + r"Let $z = Vx$."
        "\n"
        r"\begin{align} \frac{\partial z}{\partial x} &= V^T \\ &= V^T + 0 \cdot V \end{align}"
    )
    assert [(line.verdict, line.slip) for line in judge(text).lines] == [("not read", 0), ("proved", 0)]


CIRCLE = r"Let $f(w) = (w - 3)^2$ and $w_{t+1} = w_t - \eta f'(w_t)$."


def test_one_step_needs_no_start_and_two_do() -> None:
    assert verdicts(CIRCLE + "\n" r"$$w_{t+1} = w_t - 2 \eta (w_t - 3)$$") == ["proved"]
    assert "where the recursion starts" in judge(CIRCLE + "\n" r"$$w_{t+2} = w_t$$").lines[-1].said
    start = CIRCLE.replace("and $w_{t", "and let $w_0 = 0$ and $w_{t")
    assert verdicts(start + "\n" r"$$w_{t+1} = w_t - 2 \eta (w_t - 3)$$") == ["proved"]


def test_the_next_value_of_what_is_defined_is_a_claim() -> None:
    text = r"Let $w_t = a^t$ with $a > 0$." "\n" r"$$w_{t+1} = 2 a w_t$$"
    assert verdicts(text) == ["refuted"]
    assert verdicts(text.replace("2 a w_t", "a w_t")) == ["proved"]


@pytest.mark.parametrize(
    "name", ["w_{t+1,i} = (1 - \\eta a_i) w_{t,i}", "w_{t+1} = w_t - \\eta a \\odot w_t"]
)
def test_an_iterate_has_entries(name: str) -> None:
    text = (
        r"Let $w, a \in \mathbb{R}^n$ and $f(w) = \frac12 \sum_{i=1}^n a_i w_i^2$. "
        r"Let $w_{t+1} = w_t - \eta \nabla f(w_t)$."
    )
    assert verdicts(f"{text}\n$${name}$$") == ["proved"]
    assert verdicts(f"{text}\n$${name.replace('-', '+')}$$") == ["refuted"]


@pytest.mark.parametrize("row", [
    r"E[x_1 x_2] = E[x_1] E[x_2]",
    r"\mathrm{Var}(\sum_{i=1}^n x_i) = \sum_{i=1}^n \mathrm{Var}(x_i)",
])  # fmt: skip
def test_vectors_are_independent_as_wholes(row: str) -> None:
    ((verdict, said),) = told(f"{RANDOM}\n$${row}$$")
    assert (verdict, "with independent entries" in said) == ("not read", True)
    apart = RANDOM.replace("independent random vectors", "random vectors with independent entries")
    assert verdicts(f"{apart}\n$${row}$$") == ["proved"]
    assert verdicts(f"{RANDOM}\n$$E[x_i y_j] = E[x_i] E[y_j]$$") == ["proved"]


def test_of_independent_vectors_nothing_is_said_of_the_entries() -> None:
    text = (
        r"Let $x_1, \dots, x_n \in \mathbb{R}^d$ be independent."
        "\n"
        r"$$E[x_{ij} x_{ik}] = E[x_{ij}] E[x_{ik}]$$"
    )
    assert "with independent entries" in judge(text).trouble


def test_the_mean_of_a_vector_is_a_vector() -> None:
    text = r"Let $x \in \mathbb{R}^n$ be a random vector with mean $\mu$."
    assert verdicts(text + "\n" r"$$E[\sum_{i=1}^n x_i] = \sum_{i=1}^n \mu_i$$") == ["proved"]
    assert "proved" not in verdicts(text + "\n" r"$$E[\sum_{i=1}^n x_i] = n \mu$$")


def test_a_letter_after_a_matrix_may_be_a_vector() -> None:
    text = (
        r"Let $X \in \mathbb{R}^{n \times d}$, $y \in \mathbb{R}^n$ and $L(w) = \|Xw - y\|^2$."
        "\n"
        r"$$\nabla L(w) = 0$$"
    )
    assert judge(text).trouble.startswith("Is w a vector")
    ((verdict, said),) = told(
        r"Let $X \in \mathbb{R}^{n \times d}$ and $y \in \mathbb{R}^n$. Let $w$ be weights." "\n$$X w = y$$"
    )
    assert (verdict, said.startswith("Is w a vector")) == ("not read", True)


def test_a_product_that_is_called_elementwise_is_not_read_as_one_of_matrices() -> None:
    text = r"Let $A, B \in \mathbb{R}^{n \times n}$ and $C = AB$ elementwise." "\n" r"$$C = A \odot B$$"
    assert verdicts(text) == ["not read"]


def test_more_of_a_covariance_matrix_than_its_name_is_not_passed_over() -> None:
    text = r"Let random $x \in \mathbb{R}^n$ have a positive definite covariance matrix $\Sigma$, $w \ne 0$."
    assert "definite" in judge(text + "\n" r"$$w^T \Sigma w > 0$$").trouble
