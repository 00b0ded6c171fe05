"""Oracle: a person's reading of formulas in sentences: what they claim is judged, what is not read is named.

A sentence that was passed over once made right rows wrong: in “The loss is $L = …$ and so on.” the L was any
number, its slope 0, and the row below it REFUTED.
"""

from __future__ import annotations

import pytest

from helpers.proof.homework import judge

LET = r"Let $z = wx$ and $L = (y - z)^2$."
RIGHT, WRONG = r"\frac{\partial L}{\partial w} = -2x(y - z)", r"\frac{\partial L}{\partial w} = 2x(y - z)"
CLAIMS = [
    "{let} Then ${row}$.",
    "{let}\n\nTherefore, ${row}$.",
    "{let}\n\nHence ${row}$ as was to be shown.",
    "{let}\n\nWe obtain ${row}$.",
    "{let}\n\nThe gradient is ${row}$.",
    "{let}\n\nIt follows that ${row}$, which was to be shown.",
    "{let} This gives\n${row}$.",
    "{let}\n\n- ${row}$",
    "{let}\n\n* ${row}$",
    "{let}\n\n1. ${row}$",
    "{let}\n\n(a) ${row}$",
    "{let}\n\n2. Therefore, ${row}$",
    "> {let}\n>\n> ${row}$",
    "**Proof.** {let}\n$${row}$$",
    "*Solution.* {let} Then\n$${row}$$",
    "Solution: {let} Then\n$${row}$$",
]


@pytest.mark.parametrize("text", CLAIMS)
def test_a_formula_in_a_sentence_is_judged(text: str) -> None:
    for row, verdict in ((RIGHT, "proved"), (WRONG, "refuted")):
        judgement = judge(text.replace("{let}", LET).replace("{row}", row))
        assert [line.verdict for line in judgement.lines] == [verdict], str(judgement)


DEFINITIONS = [
    r"The loss is $L = (y - z)^2$ with $z = wx$.",
    r"Consider the loss $L = (y - z)^2$, where $z = wx$.",
    r"Squared loss: let $z = wx$ and $L = (y - z)^2$.",
    "Let $z = wx$ and\n$L = (y - z)^2$.",
    r"We use the model $z = wx$. The loss is $L = (y - z)^2$.",
    r"Let $z = wx$. Alas we utter here $L = (y - z)^2$.",
    r"Let $z = wx$. The mystical loss $L = (y - z)^2$ of our fathers.",
]


@pytest.mark.parametrize("said", DEFINITIONS)
def test_no_row_is_refuted_because_a_sentence_was_not_read(said: str) -> None:
    right = [line.verdict for line in judge(f"{said}\n$${RIGHT}$$").lines]
    wrong = [line.verdict for line in judge(f"{said}\n$${WRONG}$$").lines]
    assert "refuted" not in right
    assert "proved" not in wrong


@pytest.mark.parametrize("said", DEFINITIONS[:4])
def test_a_definition_may_stand_in_a_sentence(said: str) -> None:
    assert judge(f"{said}\n$${RIGHT}$$").lines[-1].verdict == "proved"
    assert judge(f"{said}\n$${WRONG}$$").lines[-1].verdict == "refuted"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Then $|a| = a$ for $a > 0$.", "proved"),
        ("Then $|a| = a$ for $a < 0$.", "refuted"),
        ("Then $|a| = a$ for $a > 0$ and $|a| = -a$ for $a < 0$.", "proved proved"),
        ("Then $|a| = -a$ for $a > 0$ and $|a| = a$ for $a < 0$.", "refuted refuted"),
        ("If $a > 0$, then $|a| = a$, and if $a < 0$ then $|a| = -a$.", "proved proved"),
        ("If $a < 0$, then $|a| = a$, and if $a > 0$ then $|a| = -a$.", "refuted refuted"),
        ("For $a > 0$: $|a| = a$. For $a < 0$: $|a| = -a$. Also $|a| = a$.", "proved proved not read"),
        ("For $a \\in (1, 2)$ we have $a^2 > a$.", "proved"),
        ("For $a \\in (0, 1)$ we have $a^2 > a$.", "refuted"),
        ("We have $|a| = a$ iff $a > 0$.", "not read"),
        (
            "If $a > 0$ and $b > a$:\n$$|b| = b$$\nIf $a < 0$:\n$$|a| = -a$$\nSo\n$$|b| = b$$",
            "proved proved not read",
        ),
    ],
)
def test_what_holds_for_a_part_only_is_judged_for_that_part(said: str, found: str) -> None:
    lines = judge(f"Let $a$ and $b$ be numbers.\n\n{said}").lines
    assert " ".join(line.verdict for line in lines) == found


def test_a_goal_is_neither_supposed_nor_claimed() -> None:
    judgement = judge("Let $a$ be a number.\nWe want to show that $a^2 = a$.\n$$a^2 = a$$")
    assert [line.verdict for line in judgement.lines] == ["refuted"]


def test_a_value_out_of_the_blue_is_not_called_wrong() -> None:
    text = r"Let $L(w) = (y - wx)^2$ with $x \ne 0$. Setting the derivative to zero gives $w = \frac{y}{x}$."
    assert [line.verdict for line in judge(text).lines] == ["not read"]
    solved = text.replace("the derivative to zero", "$L'(w) = 0$")
    assert [line.verdict for line in judge(solved).lines] == ["supposed", "proved"]
    wrong = solved.replace(r"\frac{y}{x}", r"\frac{x}{y}")
    assert [line.verdict for line in judge(wrong).lines] == ["supposed", "refuted"]


def test_numbers_after_random_ones_are_numbers() -> None:
    for joint in (", ", " and ", ", and "):
        text = rf"Let $m_i \sim \mathrm{{Bernoulli}}(q)$ be independent{joint}$w_i, x_i$ be numbers."
        row = r"\mathbb{E}\left[\sum_{i=1}^n m_i w_i x_i\right] = q \sum_{i=1}^n w_i x_i"
        assert [line.verdict for line in judge(f"{text}\n{row}").lines] == ["proved"]


def test_sums_that_are_both_one() -> None:
    text = r"Let $p_k, q_k > 0$ with $\sum_{k=1}^K p_k = \sum_{k=1}^K q_k = 1$."
    assert judge(text + "\n" + r"\sum_{k=1}^K (p_k - q_k) = 0").lines[0].verdict == "proved"
    assert judge(text + "\n" + r"\sum_{k=1}^K (p_k + q_k) = 1").lines[0].verdict == "refuted"


def test_the_square_of_a_letter_is_no_name_of_its_own() -> None:
    text = r"Let $y \in \{-1, 1\}$ and $z$ be a number. Since $y^2 = 1$, we have"
    assert judge(text + "\n" + r"$$y^2 z = z$$").lines[0].verdict == "proved"
    assert judge(text + "\n" + r"$$y z = z$$").lines[0].verdict == "refuted"


@pytest.mark.parametrize("start", ["$w_0 = 0$", "$w_0$ be a number"])
@pytest.mark.parametrize(
    "rule", [r"w_{t+1} = w_t - \eta g_t$ for $t \ge 0", r"w_t = w_{t-1} - \eta g_{t-1}$ for $t \ge 1"]
)
def test_a_recursion_may_look_ahead_and_begin_anywhere(start: str, rule: str) -> None:
    first = "0" if "=" in start else "w_0"
    let = f"Let {start} and let ${rule}$." if "=" in start else f"Let {start} and ${rule}$."
    right, wrong = rf"w_1 = {first} - \eta g_0", rf"w_1 = {first} - \eta g_1"
    assert judge(f"{let}\n{right}").lines[0].verdict in ("checked", "proved")
    assert [line.verdict for line in judge(f"{let}\n{wrong}").lines] == ["refuted"]
    unrolled = rf"w_t = {first} - \eta \sum_{{s=0}}^{{t-1}} g_s"
    assert judge(f"{let}\n{unrolled}").lines[0].verdict in ("checked", "proved")
    too_far = unrolled.replace("{t-1}", "{t}")
    assert judge(f"{let}\n{too_far}").lines[0].verdict == "refuted"


def test_a_power_to_the_number_of_steps_is_no_transpose() -> None:
    let = r"Let $0 < \gamma < 1$ and $\eta_t = \eta_0 \gamma^t$."
    right = r"\sum_{t=0}^{T-1} \eta_t = \eta_0 \frac{1 - \gamma^T}{1 - \gamma}"
    assert [line.verdict for line in judge(f"{let}\n{right}").lines] == ["proved"]
    wrong = right.replace("{T-1}", "{T}")
    assert [line.verdict for line in judge(f"{let}\n{wrong}").lines] == ["refuted"]
    vectors = r"Let $w, x \in \mathbb{R}^T$." + "\n" + r"w^T x = \sum_{t=1}^T w_t x_t"
    assert [line.verdict for line in judge(vectors).lines] == ["proved"]


@pytest.mark.parametrize(
    "text",
    [
        r"Let $f(x) = x^2$. Because $f'(x) = x$, it follows that" + "\n$$f'(x) = x$$",
        "Let $f(x) = x^2$.\nLet $f'(x) = x$.\n$$f'(x) = x$$",
        r"Let $x$ be a number. Since $\frac{d}{dx} x^2 = x$, we have" + "\n" + r"$$\frac{d}{dx} x^2 = x$$",
        "Let $x$ be a number. Since $x^2 = x$, we have\n$$x^3 = x$$",
    ],
)
def test_a_false_reason_proves_nothing(text: str) -> None:
    assert "proved" not in [line.verdict for line in judge(text).lines], str(judge(text))


def test_a_reason_about_what_is_defined_stands_in_no_ones_way() -> None:
    text = r"Let $p_k = \frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}}$. Since $\sum_{k=1}^K p_k = 1$, we have"
    row = r"\sum_{k=1}^K p_k (1 - p_k) = 1 - \sum_{k=1}^K p_k^2"
    assert judge(f"{text}\n$${row}$$").lines[-1].verdict == "proved"
    assert judge(f"{text}\n$${row} + 1$$").lines[-1].verdict == "refuted"


@pytest.mark.parametrize(
    ("sentence", "row", "named"),
    [
        ("Let $y$ be a label with values 0 and 1.", "y^2 = y", "number 0"),
        ("Let $x$ be at least one.", "|x| = x", "“least”"),
        ("Let $x$ be a real number.", r"\sqrt[3]{x^3} = x", "odd root"),
    ],
)
def test_what_a_sentence_says_in_words_makes_no_right_row_false(sentence: str, row: str, named: str) -> None:
    (line,) = judge(f"{sentence}\n{row}").lines
    assert line.verdict == "not read"
    assert named in line.said


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (r"x^2 \quad=\quad x x \quad=\quad 2 x", ["proved", "refuted"]),
        (r"x + y = y \; + x = 2 x + y", ["proved", "refuted"]),  # a blank beside \; is no more room
        (r"x^2 = x x \quad y^2 = 2 y", ["proved", "refuted"]),
    ],
)
def test_room_cuts_a_row_only_between_two_equations(row: str, found: list[str]) -> None:
    lines = judge(row).lines
    assert [line.verdict for line in lines] == found
    assert {line.row for line in lines} == ({1, 2} if "y^2" in row else {1})


def test_a_letter_that_is_derived_by_another_is_asked_for() -> None:
    judgement = judge("Let $z = wx$ and $d = \\frac{\\partial C}{\\partial z}$.\nd = 0")
    assert "Let $C$ be a differentiable function of $z$" in judgement.trouble
