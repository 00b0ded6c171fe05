"""Oracle: a sign that is added to a formula changes what is read, or the text is refused. Nothing is dropped.

A prime at tanh was once passed over, so exp'(x) = e^x was proved and tanh'(x) = 1 - tanh²(x) refuted.
"""

from __future__ import annotations

import pytest

from helpers.proof.homework import judge
from helpers.proof.show.formulas import text

LETS = (
    r"Let $x, y$ be numbers, $v \in \mathbb{R}^n$ and $A \in \mathbb{R}^{n \times n}$. Let $f(x) = x^2$. "
    r"Let $i = 1, \dots, n$ and $j = 1, \dots, n$."
)
MARKS = ["'", "''", r"^\prime", "^2", "^{-1}", "^*", "^{(2)}", "^T", "_2", "_{k}"]
PLACES = [  # where a mark may stand: at M
    *(r"\delta_{ij}M", r"\maxM(x, y)", r"\minM_i v_i", r"\mathbb{E}M[x]", r"\mathrm{Var}M(x)", r"2M x"),
    *(r"\frac{1}{2}M", r"(x + y)M", r"\|v\|M", r"|x|M", r"\sqrt{x}M", r"\hat{y}M", r"\nablaM f(x)"),
    *(r"\sumM_{i=1}^n v_i", r"\sum_{i=1}^nM v_i", r"\prod_{i=1}^nM v_i", r"eM", r"e^{x}M", r"\piM"),
    *(r"\mathbf{1}M v", r"IM v", r"v_iM", r"\operatorname{diag}M(v)", r"\mathrm{tr}M(A)", r"\detM(A)"),
    *(r"\logM(x)", r"\log_2M x", r"\exp(x)M", r"\expM(x)", r"\tanhM(x)", r"\signM(x)", r"\mathrm{ReLU}M(x)"),
    *(r"f(x)M", r"fM(x)", r"\mathbb{1}\{x > 0\}M", r"\mathbb{1}M\{x > 0\}", r"\frac{d}{dx}M x^2"),
    *(r"\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}M", r"\lim_{h \to 0}M (h + x)", r"v \cdotM v"),
    *(r"\langle v, v \rangleM", r"\overline{v}M", r"\left. x^2 \right|_{x = 0}M"),
]  # fmt: skip
SAID_TWICE = {(r"\|v\|M", "_2")}  # the norm without an index is this one


def read(formula: str) -> str:
    """What the formula is read as; empty if it is refused."""
    judgement = judge(f"{LETS}\n{formula} = 0")
    if judgement.trouble or judgement.lines[-1].left is None:
        return ""
    return text(judgement.lines[-1].left)


@pytest.mark.parametrize("place", PLACES)
def test_no_mark_is_dropped(place: str) -> None:
    plain = read(place.replace("M", ""))
    kept = [mark for mark in MARKS if plain and read(place.replace("M", mark)) == plain]
    assert [mark for mark in kept if (place, mark) not in SAID_TWICE] == []


def test_most_places_are_read_without_a_mark() -> None:
    assert sum(bool(read(place.replace("M", ""))) for place in PLACES) > 0.7 * len(PLACES)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (r"\tanh'(x) = 1 - \tanh^2(x)", r"\tanh'(x) = 1 - \tanh(x)"),
        (r"\exp'(x) = e^x", r"\exp'(x) = x e^x"),
        (r"\sin''(x) = -\sin x", r"\sin''(x) = \sin x"),
        (r"\log'(x) = \frac{1}{x}", r"\log'(x) = \log x"),
    ],
)
def test_a_prime_at_a_known_function_is_its_derivative(right: str, wrong: str) -> None:
    assert [line.verdict for line in judge(f"Let $x > 0$.\n{right}").lines] == ["proved"]
    assert [line.verdict for line in judge(f"Let $x > 0$.\n{wrong}").lines] == ["refuted"]


def test_pointed_brackets_around_one_thing_are_no_brackets() -> None:
    assert not read(r"\langle x \rangle")


SIDE_BY_SIDE = [
    r"f'(x) = 2x \;\;\; f''(x) = 2",
    r"f'(x) = 2x ~~ f''(x) = 2",
    r"f'(x) = 2x \hspace{1cm} f''(x) = 2",
    r"f'(x) = 2x, f''(x) = 2",
    r"f'(x) = 2x; f''(x) = 2",
    r"\begin{align} f'(x) &= 2x & f''(x) &= 2 \end{align}",
    r"\begin{array}{lll} f'(x) &=& 2x \\ f''(x) &=& 2 \end{array}",
]


@pytest.mark.parametrize("both", SIDE_BY_SIDE)
def test_equations_side_by_side_are_no_product(both: str) -> None:
    assert [line.verdict for line in judge(f"{LETS}\n{both}").lines] == ["proved", "proved"]
    wrong = judge(f"{LETS}\n{both.replace('2x', '3x')}")
    assert [line.verdict for line in wrong.lines] == ["refuted", "proved"]


@pytest.mark.parametrize(
    ("formula", "sides"),
    [
        (r"\begin{align} f(x) + x &= x^2 & + x \\ &= x & (x + 1) \end{align}", 2),
        (r"\begin{eqnarray} f(x) & = & x \cdot x \\ & = & x^2 \end{eqnarray}", 2),
        (r"f(x)~=~x^2", 1),
        (r"f(x) = x \;\; x", 1),
        (r"\langle v, v \rangle = \sum_i v_i^2", 1),
    ],
)
def test_room_inside_one_formula_parts_nothing(formula: str, sides: int) -> None:
    assert [line.verdict for line in judge(f"{LETS}\n{formula}").lines] == ["proved"] * sides


@pytest.mark.parametrize(
    "hessian", [r"\nabla_w^2 J", r"\nabla^2_w J", r"\nabla^2 J(w)", r"\nabla_{w}^{2} J(w)"]
)
def test_nabla_squared_is_the_matrix_of_second_derivatives(hessian: str) -> None:
    lets = r"Let $w, x \in \mathbb{R}^d$ and $J(w) = (w^T x)^2$."
    for right, verdict in (
        (r"2 x x^T", "proved"),
        (r"2 x^T x", "refuted"),
        (r"x x^T", "refuted"),
        ("2 x", "refuted"),
    ):
        lines = judge(f"{lets}\n{hessian} = {right}").lines
        assert verdict in [line.verdict for line in lines], (right, lines)
        assert verdict == "proved" or "proved" not in [line.verdict for line in lines]
