"""Oracle: a person's verdicts on homework in vectors and matrices; each right text has a wrong twin."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from sampling import sample

from helpers.proof.homework import judge
from helpers.proof.read.latex import ReadError
from helpers.proof.read.statements import state

HERE = Path(__file__).parent
TEXTS = yaml.safe_load((HERE / "latex" / "matrices.yaml").read_text(encoding="utf-8"))
BY_ID = {one["id"]: one for one in TEXTS}
WRONG = {f"{one['id']}-{k}": (one, slip) for one in TEXTS for k, slip in enumerate(one["wrong"], 1)}


@pytest.mark.parametrize("id", sample(BY_ID, 3))
def test_each_row_has_its_verdict(id: str) -> None:
    found = judge(BY_ID[id]["text"])
    assert not found.trouble
    assert " ".join(f"{line.row}:{line.verdict}" for line in found.lines) == BY_ID[id]["rows"]


@pytest.mark.parametrize("id", sample(WRONG, 4))
def test_a_slip_is_refuted_at_its_row(id: str) -> None:
    text, slip = WRONG[id]
    assert slip["said"] in text["text"]
    found = judge(text["text"].replace(slip["said"], slip["instead"], 1))
    assert not found.trouble
    assert min(line.row for line in found.lines if line.verdict == "refuted") == slip["row"]


def test_there_are_as_many_as_a_course_needs() -> None:
    assert len(TEXTS) >= 40
    assert sum(bool(one["wrong"]) for one in TEXTS) >= len(TEXTS) - 2


def rows(text: str) -> list[tuple[int, str]]:
    found = judge(text)
    assert not found.trouble, found.trouble
    return [(line.row, line.verdict) for line in found.lines]


def test_only_a_square_matrix_has_an_inverse() -> None:
    found = judge(r"Let $X \in \mathbb{R}^{n \times d}$." "\n" r"$$X^{-1} X = I$$")
    assert [line.verdict for line in found.lines] == ["refuted"]
    assert "only a square matrix has an inverse, and this is n × d" in found.lines[0].said


def test_an_inverse_brings_its_condition_with_it() -> None:
    (line,) = judge(r"Let $X \in \mathbb{R}^{n \times d}$." "\n" r"$$(X^T X)^{-1} X^T X = I_d$$").lines
    assert line.verdict == "proved"
    assert line.result is not None
    assert line.result.conditions == (r"\det X^{T} X \ne 0",)


@pytest.mark.parametrize("shape", [r"n", r"m \times n"])
def test_an_inverse_of_entries_alone_is_not_read(shape: str) -> None:
    text = (
        rf"Let $a \in \mathbb{{R}}^{{{shape}}}$ and $s_{{ij}} = i + j$ for $i, j = 1, \dots, n$."
        "\n"
        r"$$s^{-1} s = I$$"
    )
    assert not {verdict for _, verdict in rows(text)} & {"proved", "refuted", "checked"}


def test_powers_of_numbers_are_what_they_were() -> None:
    assert rows("Let $x > 0$.\n" r"$$x^{-1} (1 + x) = x^{-1} + 1$$") == [(1, "proved")]
    assert rows("Let $x > 0$.\n" r"$$x^{-1} (1 + x) = x^{-1} + x$$") == [(1, "refuted")]


def test_bold_zero_is_the_vector_of_zeros() -> None:
    text = r"Let $\mathbf{a} \in \mathbb{R}^n$." "\n" r"$$\mathbf{a} - \mathbf{a} = \mathbf{0}$$"
    assert rows(text) == [(1, "proved")]
    assert rows(text.replace(r"- \mathbf", r"+ \mathbf")) == [(1, "refuted")]


def test_what_is_called_a_matrix_is_no_number() -> None:
    """As numbers A and B would commute, and a false line be proved."""
    text = "Let $A$ and $B$ be invertible matrices.\n$$A B = B A$$"
    assert rows(text) == [(1, "refuted")]
    assert rows("Let $A$ and $B$ be numbers.\n$$A B = B A$$") == [(1, "proved")]


LET = r"Let $A \in \mathbb{R}^{n \times n}$ be a frobnicated matrix. Let $x > 0$ and $s = x^2$."


def test_an_unknown_word_leaves_out_the_rows_that_need_it() -> None:
    text = LET + "\n" r"\begin{align} A + A &= 2A \\ x + x &= 2x \\ s &= x^3 \end{align}"
    assert rows(text) == [(2, "proved"), (3, "refuted"), (1, "not read")] or rows(text) == [
        (1, "not read"),
        (2, "proved"),
        (3, "refuted"),
    ]
    assert "frobnicated" in judge(text).lines[0].said


def test_what_a_sentence_left_out_defines_is_needed_too() -> None:
    text = (
        r"Let $a > 0$ be frobnicated. Let $b = 2a$. Let $c > 0$."
        "\n"
        r"\begin{align} b &= 2a \\ c + c &= 2c \end{align}"
    )
    assert rows(text) == [(1, "not read"), (2, "proved")]


def test_beside_a_sentence_about_everything_nothing_is_refuted() -> None:
    text = (
        "Suppose that everything vanishes. Let $x > 0$.\n" r"\begin{align} x + x &= 2x \\ x &= 2x \end{align}"
    )
    assert rows(text) == [(1, "proved"), (2, "not read")]
    assert "It may hold by" in judge(text).lines[1].said


def test_a_name_of_the_course_is_not_meant_beside_such_a_sentence() -> None:
    text = r"Let $\sigma$ be a frobnicated activation." "\n" r"$$\sigma'(z) = \sigma(z) (1 - \sigma(z))$$"
    assert rows(text) == [(1, "not read")]


def test_an_exercise_is_not_left_half_read() -> None:
    with pytest.raises(ReadError, match="frobnicated"):
        state("Let $x > 0$ be frobnicated. Let $y > 0$.", ["y + y"])


SUPPOSED = [  # what is supposed of a matrix, a row that needs it
    (r"with $A^T = A$", r"x^T A y = y^T A x"),
    (r"with $A = A^\top$", r"(A A)^T = A A"),
    (r"be symmetric", r"A = A^T"),
    (r"be symmetric and invertible", r"(A^{-1})^T = A^{-1}"),
    (r"be symmetric positive definite", r"x^T A^{-1} y = y^T A^{-1} x"),
    (r"with $A^T A = I$", r"\|A x\|^2 = \|x\|^2"),
    (r"be an orthogonal matrix", r"A^{-1} = A^T"),
]


@pytest.mark.parametrize(("said", "row"), SUPPOSED)
def test_what_is_supposed_of_a_matrix_is_used(said: str, row: str) -> None:
    text = r"Let $x, y \in \mathbb{R}^n$, and let $A \in \mathbb{R}^{n \times n}$ {}." "\n$${}$$"
    verdicts = [verdict for _, verdict in rows(text.replace("{}", said, 1).replace("{}", row))]
    assert verdicts == ["proved"]
    assert rows(text.replace("{}", "be a matrix", 1).replace("{}", row)) == [(1, "refuted")]


def test_a_product_of_known_letters_is_no_name() -> None:
    """As a name of its own ab = 1 would say nothing of a, and a right row be refuted."""
    text = "Let $a, b > 0$ with $ab = 1$.\n" r"$$a = \frac{1}{b}$$"
    assert "refuted" not in {verdict for _, verdict in rows(text)}
    assert rows("Let $ab = 1$.\n$$ab + ab = 2$$") == [(1, "proved")]


def test_a_vector_is_what_an_equation_says() -> None:
    text = (
        r"Let $A \in \mathbb{R}^{n \times n}$ be invertible and $b, x \in \mathbb{R}^n$ with $A x = b$."
        "\n"
        r"\begin{align} x &= A^{-1} b \\ x &= A b \end{align}"
    )
    assert rows(text) == [(1, "proved"), (2, "refuted")]


RANK = (
    r"Suppose $X \in \mathbb{R}^{n \times d}$ has full column rank."
    r" Let $y \in \mathbb{R}^n$ and $w = (X^T X)^{-1} X^T y$."
)


def test_a_full_rank_is_said_by_the_inverse_and_else_refutes_nothing() -> None:
    assert rows(RANK + "\n" r"$$X^T (y - X w) = 0$$") == [(1, "proved")]
    assert rows(RANK + "\n" r"$$X^T (y + X w) = 0$$") == [(1, "refuted")]
    assert rows(RANK + "\n" r"$$\det(X^T X) > 0$$") in ([(1, "not read")], [(1, "checked")], [(1, "unknown")])


def test_two_displayed_formulas_on_a_line_are_two_rows() -> None:
    assert rows("Let $a, b > 0$.\n$$a b = b a$$ $$a + b = b + a$$") == [(1, "proved"), (2, "proved")]
    assert rows("Let $a, b > 0$.\n" r"\[a b = b a\] \[a + b = b + 2a\]") == [(1, "proved"), (2, "refuted")]


def test_one_variance_stands_for_each_of_a_sample() -> None:
    text = (
        r"Let $w_i$ be independent with mean $0$ and variance $\sigma^2$, and let $z = \sum_{i=1}^n w_i x_i$."
    )
    row = "\n" r"$$\mathrm{Var}(z) = \mathrm{Var}(w) \sum_{i=1}^n x_i^2$$"
    assert rows(text + row) == [(1, "proved")]
    assert rows(text + row.replace(r"\mathrm{Var}(w)", r"n \mathrm{Var}(w)")) == [(1, "refuted")]
    vector = r"Let $w \in \mathbb{R}^n$ be random with mean $0$." "\n" r"$$\mathrm{Var}(w) = 0$$"
    assert rows(vector) == [(1, "refuted")]  # the covariance matrix, which no sentence says is 0
    assert rows(vector.replace("= 0$$", "= E[w w^T]$$")) == [(1, "proved")]
    assert rows(vector.replace("= 0$$", r"= w$$")) == [(1, "not read")]
