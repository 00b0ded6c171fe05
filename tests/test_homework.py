"""Oracle: the verdicts of a person on derivations found in the wild, and slips with their sentences."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml
from sampling import in_trial, sample

from helpers.proof.homework import Judgement, judge

HERE = Path(__file__).parent
WILD = yaml.safe_load((HERE / "latex" / "wild.yaml").read_text(encoding="utf-8"))
WRONG = {
    "13": {1, 4},
    "14": {3},
    "19": {1},
    "20": {2},
    "31": {2},
    "40": {2},
}  # rows, as their sources' readers found
JUDGED = ("proved", "refuted", "definition", "checked", "supposed")


def verdicts(judgement: Judgement) -> list[tuple[int, str]]:
    return [(line.row, line.verdict) for line in judgement.lines]


SLOW = {
    "17",
    "35",
    "44",
}  # long lines, judged in a trial; their kinds are in test_proof_kinks and on the page
TRIED = sample(
    [found for found in WILD if in_trial() or found["id"] not in SLOW], 2, id=lambda found: found["id"]
)


@pytest.mark.parametrize("found", TRIED, ids=[f"{w['id']}-{w['title'].split(':')[0]}" for w in TRIED])
def test_derivations_in_the_wild(found: dict) -> None:
    judgement = judge("\n".join([*found["lets"], found["text"]]))
    assert not judgement.trouble
    assert verdicts(judgement) == [tuple(pair) for pair in found["verdicts"]]
    assert {line.row for line in judgement.lines if line.verdict == "refuted"} == WRONG.get(
        found["id"], set()
    )


def test_most_of_the_wild_is_judged() -> None:
    judged = [w for w in WILD if sum(v in JUDGED for _, v in w["verdicts"]) >= 0.6 * len(w["verdicts"])]
    assert len(judged) >= 21
    assert all(len(w["lets"]) <= 3 for w in WILD)


SLIPS = [
    (r"Let $0<q<1$." + "\n" + r"\sum_{i=0}^n q^i = \frac{1-q^{n+1}{1-q}", "never closed"),
    (r"(a + b = b + a", "never closed"),
    (r"a + b) = b + a", "never opened"),
    (r"Let $a > 0$." + "\n" + r"a \alpha = \alpha a", r"\alpha is not known here"),
    (r"Let $\lambda > 0$." + "\n" + r"2 \Lambda = \Lambda + \Lambda", r"did you mean \lambda"),
    (
        r"Let $x_i$ be numbers and $S = \sum_{i=1}^n x_i$." + "\n" + r"S = \sum_{i=1}^n x_j",
        "its term holds j and no i",
    ),
    (
        r"Let $x_i$ be numbers." + "\n" + r"\sum_{i=1}^n \sum_{i=1}^n x_i = n \sum_{i=1}^n x_i",
        "bound by two sums",
    ),
    (r"Let $x > 0$." + "\n" + r"x^10 = x^{10}", "write ^{10}"),
    (r"Let $x > 0$." + "\n" + r"1/2x = \frac{x}{2}", "two ways"),
    (r"Let $x > 0$." + "\n" + r"\frac{d}{dx} (x + 1)(x + 2) = 2x + 3", "bracket only"),
    (r"Let $x > 0$ and $y > 0$." + "\n" + r"\log x y = \log x + \log y", "Put its argument in brackets"),
    (r"Let $C = x^2$." + "\n" + r"dC = 2x\, dx", "Differentials"),
    (r"Let $x > 0$." + "\n" + r"\int x = x", "integral"),
    (r"Let $x > 0$." + "\n" + r"x \approx x", "approximation"),
    (r"Let $x > 0$." + "\n" + r"x = ", "missing"),
    (r"Let $a > 0$." + "\n" + r"a + 1", "states nothing"),
    (r"Let $w \in \mathbb{R}^n$." + "\n" + r"w_{ij} = w_{ji}", "takes 1 index"),
    (r"Let $x > 0$." + "\n" + r"x_2 = x", "takes no index"),
    (r"Let $x > 0$." + "\n" + r"x^{(2)} = x", "has no label"),
    (r"Let $f$ be a differentiable function." + "\n" + r"f = f", "write its argument in brackets"),
    (r"Let $x > 0$." + "\n" + r"\frac{x}{} = x", "empty"),
    (r"Let $x > 0$." + "\n" + r"x \quad \foo = x", r"\foo"),
    (r"Let $x > 0$." + "\n" + r"\input{/etc/passwd} = x", "nothing is run"),
    (r"Let $f(x) = 2x$." + "\n" + r"f^{-1}(x) = \frac{x}{2}", "inverse function, or one over it"),
    (r"Let $C = \sum_w w^2$." + "\n" + r"C + C = 2C", "A sum over w itself"),
    (r"Let $a = b + 1$ and $b = a - 1$." + "\n" + r"a - b = 1", "each defined by the other"),
    (r"Let $h_t = h_{t-1} + h_{t-2}$." + "\n" + r"2 h_t = h_t + h_t", "defined by itself"),
    (r"Let $x_i$ and $n$ be numbers." + "\n" + r"\sum_i x_i + n = \sum_i (x_i + 1)", "how many terms"),
    (r"Let $w_{t+1} = w_t - g_t$." + "\n" + r"w_2 = -g_1 - g_0", "where the recursion starts"),
    (r"Consider the model $y = wx + b$." + "\n" + r"(y - wx - b)^2 = 2 (y - wx - b)^2", "taken from y"),
    (r"Let $x_i > 0$." + "\n" + r"x_i! = x_i (x_i - 1)!", "A factorial is read of a number"),
]


@pytest.mark.parametrize(("text", "said"), SLIPS)
def test_slips_get_a_sentence(text: str, said: str) -> None:
    judgement = judge(text)
    heard = judgement.trouble or " ".join(line.said for line in judgement.lines)
    assert said in heard
    assert not any(line.verdict in ("proved", "refuted") for line in judgement.lines)


RIGHT = [
    r"(a+b)^2 = a^2 + 2ab + b^2",
    r"\tanh x = \frac{e^{2x}-1}{e^{2x}+1}",
    r"\sum_{i=1}^n i = \frac{n(n+1)}{2}",
    r"Let $s(x) = 1/(1+e^{-x})$."
    + "\n"
    + r"s'(x) = s(x)(1-s(x)) = s(x) - s(x)^2"
    + "\n"
    + r"s''(x) = s'(x)(1-2s(x))",
    r"Let $C = (y - w^T x)^2$ with $w \in \mathbb{R}^n$." + "\n" + r"$$ \nabla_w C = -2 (y - w^\top x) x $$",
    r"\lim_{x\to 0} \frac{\sin x}{x} = 1",
]


@pytest.mark.parametrize("text", RIGHT)
def test_right_texts_are_proved(text: str) -> None:
    judgement = judge(text)
    assert judgement.right, str(judgement)


def test_a_lost_transpose_is_a_verdict() -> None:
    text = (
        r"Let $C = \|y - X w\|^2$ with $X \in \mathbb{R}^{N\times n}$, "
        + r"$w \in \mathbb{R}^n$ and $y \in \mathbb{R}^N$."
        + "\n"
        + r"\nabla_w C = -2 X^T(y - Xw)"
        + "\n"
        + r"\nabla_w C = -2 X(y - Xw)"
    )
    judgement = judge(text)
    assert verdicts(judgement) == [(1, "proved"), (2, "refuted")]
    assert "N × n and N × 1" in judgement.lines[1].said


def test_a_slip_is_counted_once() -> None:
    text = (
        r"Let $p_k = \frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}}$."
        + "\n"
        + r"\frac{\partial p_k}{\partial z_j} = p_k(\delta_{jk} - p_j) \\ = p_k \delta_{jk} + p_k p_j"
        + r" \\ = p_k\delta_{jk} - p_k p_j"
    )
    judgement = judge(text)
    assert [v for _, v in verdicts(judgement)] == ["proved", "refuted", "proved"]
    assert [line.mended for line in judgement.lines] == [False, False, True]


BOMB = r"\newcommand{\a}{x x x x x x x x x x}" + "".join(
    rf"\newcommand{{\{b}}}{{\{a}\{a}\{a}\{a}\{a}\{a}\{a}\{a}}}"
    for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = [
    BOMB + "\n" + r"\i = x",
    r"\newcommand{\a}{\a}" + "\n" + r"\a = x",
    "x" * 10**6 + " = x",
    "{" * 5_000 + "x" + "}" * 5_000 + " = x",
    "(" * 5_000 + "x" + ")" * 5_000 + " = x",
    r"\frac" * 4_000 + " = x",
    "x^{" * 4_000 + "= x",
    "x = " * 5_000 + "x",
    r"\sqrt{" * 1_000 + "x" + "}" * 1_000 + " = x",
    r"\sum_{i=1}^{n}" * 300 + " i = 1",
    r"\begin{align}" * 100 + "x = x",
    "$" * 10_001,
    r"\write18{rm -rf /} = x",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_refused_at_once(text: str) -> None:
    started = time.process_time()
    judgement = judge(text)
    assert time.process_time() - started < 3  # a second on a quiet machine
    assert not judgement.right


HABITS = [
    r"Let $s(x) = \frac{1}{1+e^{-x}}$." + "\n" + r"\frac{ds}{dx} = s(x)(1 - s(x))",
    r"Let $J(w) = \frac12\|Xw - y\|^2$ with $X \in \mathbb{R}^{N\times d}$, "
    + r"$w \in \mathbb{R}^d$, $y\in\mathbb{R}^N$."
    + "\n"
    + r"$$\nabla J(w) = X^T(Xw-y)$$",
    r"Let $D(p\|q) = \sum_i p_i \log\frac{p_i}{q_i}$, $p_i > 0$ and $q_i > 0$."
    + "\n"
    + r"D(p\|q) = \sum_i p_i \log p_i - \sum_i p_i \log q_i",
    r"Let $w, x \in \mathbb{R}^n$." + "\n" + r"w \cdot x = \langle w, x \rangle = w^\top x",
    r"Let $x$ be a number." + "\n" + r"\lim_{h \to 0} \frac{(x+h)^2 - x^2}{h} = 2x",
]


@pytest.mark.parametrize("text", HABITS)
def test_habits_of_writing_are_read(text: str) -> None:
    judgement = judge(text)
    assert judgement.right, str(judgement)


@pytest.mark.parametrize("claim", ["x = x + 1", r"x = 5", r"v_t = \beta v_{t-1} + g_t"])
def test_a_row_about_a_new_name_does_not_make_a_text_right(claim: str) -> None:
    """A definition or a recursion is no proof, and a name that stands on both sides is a claim."""
    assert not judge(claim).right
    if "x + 1" in claim:
        both = judge(claim + "\n" + r"b + b = 2b")
        assert [line.verdict for line in both.lines] == ["refuted", "proved"]
