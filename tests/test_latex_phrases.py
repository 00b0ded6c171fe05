"""Oracle: a person's reading of sentences as homework has them; a wrong line beside each right one."""

from __future__ import annotations

import pytest

from helpers.proof.homework import judge

MEAN = r"\mathrm{Var}\left(\frac{1}{B} \sum_{i=1}^B g_i\right) = \frac{\sigma^2}{B}"
MASK = r"\mathbb{E}\left[\sum_{i=1}^n m_i w_i\right] = p \sum_{i=1}^n w_i"
SLOPE = r"\frac{\partial}{\partial x_k} \sum_{i=1}^n x_i^2 = 2 x_k"
PHRASES = [
    (r"Let $g_1, \dots, g_B$ be independent with mean $\mu$ and variance $\sigma^2$.", MEAN),
    (r"Let $g_1, g_2, \ldots, g_B$ be i.i.d. with mean $\mu$ and variance $\sigma^2$.", MEAN),
    (r"Let $g_i$ for $i = 1, \dots, B$ be independent with mean $\mu$ and variance $\sigma^2$.", MEAN),
    (r"Let $x_1, \dots, x_n$ be positive numbers.", SLOPE),
    (r"Let $x_1, \dots, x_n > 0$.", SLOPE),
    (r"Let $x = (x_1, \dots, x_n)$.", SLOPE),
    (r"Let $\mathbf{x} = (x_1, x_2, \dots, x_n)^T$ be a vector.", SLOPE),
    (r"Let $f(x_1, \dots, x_n) = \sum_{i=1}^n x_i^2$.", r"\frac{\partial f}{\partial x_k} = 2 x_k"),
    (r"Let $m_i$ be independent Bernoulli variables with $P(m_i = 1) = p$. Let $w_i$ be numbers.", MASK),
    (r"Let $m_i$ be i.i.d. Bernoulli($p$) and let $w_i$ be numbers.", MASK),
    (r"Let $m_i$ be independent Bernoulli variables with parameter $p$ and let $w_i$ be numbers.", MASK),
    (r"Let $m_i \sim \mathrm{Bernoulli}(p)$ be independent and $w_i$ be numbers.", MASK),
    (
        r"Let $p = \mathrm{softmax}(z)$.",
        r"\frac{\partial p_i}{\partial z_j} = p_i (\delta_{ij} - p_j)",
    ),
    (
        r"Let $p = \operatorname{softmax}(z)$ and $L = -\sum_k y_k \log p_k$ with $\sum_k y_k = 1$.",
        r"\frac{\partial L}{\partial z_j} = p_j - y_j",
    ),
]


@pytest.mark.parametrize(("sentence", "row"), PHRASES)
def test_a_sentence_is_read_as_it_is_meant(sentence: str, row: str) -> None:
    right = judge(f"{sentence}\n{row}")
    assert [line.verdict for line in right.lines] == ["proved"], str(right)
    wrong = judge(f"{sentence}\n{row} + 1")
    assert [line.verdict for line in wrong.lines] == ["refuted"], str(wrong)


def test_numbers_beside_random_ones_are_not_random() -> None:
    """What stands in a clause of its own has no part in the independence of the clause before it."""
    judgement = judge(
        r"Let $m_i \sim \mathrm{Bernoulli}(p)$ be independent and let $w_i$ be numbers." + f"\n{MASK}"
    )
    assert not any("w" in said.split() for said in judgement.given_text if "random" in said)
    both = judge(
        r"Let $w_i$ be independent with mean $0$ and let $x_i$ be independent of them with mean $0$."
        "\n" + r"\mathbb{E}[w_1 x_1] = 0"
    )
    assert all(line.verdict != "refuted" for line in both.lines)


def test_two_definitions_of_one_letter_are_shown_apart() -> None:
    judgement = judge(
        r"Let $H(p) = -\sum_{i=1}^n p_i \log p_i$ and $H(p, q) = -\sum_{i=1}^n p_i \log q_i$ with "
        r"$p_i, q_i > 0$." + "\n" + r"H(p, q) - H(p) = \sum_{i=1}^n p_i \log \frac{p_i}{q_i}"
    )
    assert [line.verdict for line in judgement.lines] == ["proved"]
    assert len(set(judgement.where)) == 2
    assert len({shown.partition(" = ")[0] for shown in judgement.where}) == 2


@pytest.mark.parametrize(
    "said",
    [
        r"$y \in \{-1, 1\}$",
        r"$y \in \{-1,+1\}$",
        r"$y \in \{ +1, -1 \}$",
        r"$y \in \{\pm 1\}$",
    ],
)
def test_labels_may_be_signs(said: str) -> None:
    loss = rf"Let {said}, $w, x \in \mathbb{{R}}^d$ and $L(w) = \ln(1 + e^{{-y w^T x}})$."
    right = judge(loss + "\n" + r"\frac{\partial L}{\partial w_j} = -\frac{y x_j}{1 + e^{y w^T x}}")
    assert [line.verdict for line in right.lines] == ["proved"]
    wrong = judge(loss + "\n" + r"\frac{\partial L}{\partial w_j} = -\frac{y x_j}{1 + e^{-y w^T x}}")
    assert [line.verdict for line in wrong.lines] == ["refuted"]


@pytest.mark.parametrize(
    "labels", [r"y_1, \dots, y_n \in \{-1, 1\}", r"y \in \{-1, 1\}^n", r"y_i \in \{-1, 1\}"]
)
def test_the_square_of_a_sign_is_one(labels: str) -> None:
    rows = {r"\sum_{i=1}^n (1 - y_i f_i)^2 = \sum_{i=1}^n (y_i - f_i)^2": "proved",
            r"\sum_{i=1}^n y_i^2 = n": "proved", r"\sum_{i=1}^n y_i = n": "refuted"}  # fmt: skip
    for row, verdict in rows.items():
        found = judge(rf"Let ${labels}$ and $f \in \mathbb{{R}}^n$." + f"\n{row}")
        assert [line.verdict for line in found.lines] == [verdict], str(found)
