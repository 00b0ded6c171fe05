"""Sentences about chance. Oracle: probability as it is taught; beside each right row a false twin of it.

A false twin must be refuted. What a sentence does not say, as that letters are independent, is not supposed;
what it says in words that nothing reads is refused in one sentence.
"""

from __future__ import annotations

import pytest

from helpers.proof.homework import judge
from helpers.proof.read.text import read
from helpers.proof.show.formulas import hypotheses_text
from helpers.proof.show.written import written

LABELS = r"Let $Y_k \in \{0, 1\}$ with $\mathbb{E}[Y_k] = y_k$ for each $k$. Let $c_k$ be numbers."
BERNOULLI = r"Let $Y_k \sim \text{Bernoulli}(y_k)$. Let $c_k$ be numbers."
APART = r"Let $Y_k \sim \text{Bernoulli}(y_k)$ be independent. Let $c_k$ be numbers."
CHANCE = r"Let $Y_k \in \{0, 1\}$ with $P(Y_k = 1) = y_k$. Let $c_k$ be numbers."
NORMAL = r"Let $x_i \sim \mathcal{N}(\mu_i, \sigma^2)$ be independent."
SPREADS = r"Let $x_i \sim \mathcal{N}(\mu_i, \sigma_i^2)$."
SAMPLE = r"Let $X_1, \dots, X_n$ be independent with $E[X_i] = \mu$ and $\mathrm{Var}(X_i) = \sigma^2$."
UNLIKE = r"Let $X_1, \dots, X_n$ be independent with means $\mu_i$ and variances $\sigma_i^2$."
NOISE = r"Let $\varepsilon_i$ be noise with mean 0, independent of $x_i$."
IID = r"Let $\varepsilon_i$ be i.i.d. noise with mean 0 and variance $\sigma^2$, independent of $x_i$."
MODEL = r"Let $w$ be a number. Let $y_i = w x_i + \varepsilon_i$. " + IID
GAUSS = r"Let $x$ be Gaussian with mean 0 and variance $\sigma^2$."
SPREAD_OF_W = r"\mathrm{Var}(\sum_{i=1}^n w_i) = \sum_{i=1}^n \mathrm{Var}(w_i)"
SPREAD_OF_X = r"\mathrm{Var}(\sum_{i=1}^n x_i) = \sum_{i=1}^n \mathrm{Var}(x_i)"
ROWS = [  # sentences, a right row, a false twin
    (LABELS, r"E[\sum_{k=1}^K c_k Y_k] = \sum_{k=1}^K c_k y_k",
     r"E[\sum_{k=1}^K c_k Y_k] = y_1 \sum_{k=1}^K c_k"),
    (LABELS, r"E[Y_k^2] = y_k", r"E[Y_k^2] = y_k^2"),
    (LABELS, r"E[e^{Y_k}] = 1 - y_k + e y_k", r"E[e^{Y_k}] = e^{y_k}"),
    (BERNOULLI, r"\mathrm{Var}(Y_k) = y_k (1 - y_k)", r"\mathrm{Var}(Y_k) = y_k"),
    (APART, r"\mathrm{Var}(\sum_{k=1}^K c_k Y_k) = \sum_{k=1}^K c_k^2 y_k (1 - y_k)",
     r"\mathrm{Var}(\sum_{k=1}^K c_k Y_k) = \sum_{k=1}^K c_k y_k (1 - y_k)"),
    (APART, r"E[(\sum_{k=1}^K Y_k)^2] = (\sum_{k=1}^K y_k)^2 + \sum_{k=1}^K y_k (1 - y_k)",
     r"E[(\sum_{k=1}^K Y_k)^2] = (\sum_{k=1}^K y_k)^2"),
    (CHANCE, r"E[c_k Y_k] = c_k y_k", r"E[c_k Y_k] = c_k"),
    (NORMAL, r"E[\sum_{i=1}^n x_i] = \sum_{i=1}^n \mu_i", r"E[\sum_{i=1}^n x_i] = n \mu_1"),
    (NORMAL, r"\mathrm{Var}(\sum_{i=1}^n x_i) = n \sigma^2",
     r"\mathrm{Var}(\sum_{i=1}^n x_i) = n^2 \sigma^2"),
    (NORMAL, r"E[(x_i - \mu_i)^4] = 3 \sigma^4", r"E[(x_i - \mu_i)^4] = \sigma^4"),
    (SPREADS, r"E[x_i^2] = \mu_i^2 + \sigma_i^2", r"E[x_i^2] = \mu_i^2"),
    (SAMPLE, r"\mathrm{Var}(\frac1n \sum_{i=1}^n X_i) = \frac{\sigma^2}{n}",
     r"\mathrm{Var}(\frac1n \sum_{i=1}^n X_i) = \sigma^2"),
    (UNLIKE, r"\mathrm{Var}(\sum_{i=1}^n X_i) = \sum_{i=1}^n \sigma_i^2",
     r"\mathrm{Var}(\sum_{i=1}^n X_i) = \sum_{i=1}^n \mu_i"),
    (UNLIKE, r"E[\sum_{i=1}^n X_i] = \sum_{i=1}^n \mu_i", r"E[\sum_{i=1}^n X_i] = n \mu_1"),
    (NOISE, r"E[x_i \varepsilon_i] = 0", r"E[x_i] = 0"),
    (IID, r"E[x_i x_j \varepsilon_i] = 0", r"E[x_i x_j \varepsilon_i^2] = 0"),
    (MODEL, r"E[y_i] = w E[x_i]", r"E[y_i] = w x_i"),
    (GAUSS, r"E[x^4] = 3 \sigma^4", r"E[x^4] = \sigma^4"),
    (r"Let $x, y \sim \mathcal{N}(0, 1)$ be independent.", "E[x^2 y^2] = 1", "E[(x + y)^2] = 1"),
    (r"Let $x$ be random with variance $v$.", r"\mathrm{Var}(2 x + 1) = 4 v", "E[x^2] = v"),
    (r"Let $x$ and $y$ have mean $\mu$.", r"E[x + y] = 2 \mu", "E[x] = x"),
    (r"Let $w$ be a number and let $x$ be random with mean 0.", "E[w x] = 0", "E[w] = 0"),
    ("Let $a$ be a number with zero-mean noise $x$.", "E[a x] = 0", "E[a] = 0"),
    (r"Let $w_i$ and $x_i$ be independent.", SPREAD_OF_W, r"E[w_i^2] = E[w_i]^2"),
    ("Let $X$ be random with $E[X] = 0$ and $E[X^2] = s^2$.", r"\mathrm{Var}(2 X) = 4 s^2", "E[X] = s^2"),
    (r"Let $\sigma(u) = \frac{1}{1+e^{-u}}$ and $Y_k \sim \text{Bernoulli}(\sigma(z_k))$.",
     r"E[\sum_{k=1}^K Y_k] = \sum_{k=1}^K \sigma(z_k)", r"E[Y_k] = \sigma(z_1)"),
    (r"Let $Y$ be a Bernoulli variable with mean $p$.", "E[Y^2] = p", "E[Y^2] = p^2"),
]  # fmt: skip
UNSAID = [  # true only with an independence, or a law, that the sentence does not say
    (BERNOULLI, r"E[(\sum_{k=1}^K Y_k)^2] = (\sum_{k=1}^K y_k)^2 + \sum_{k=1}^K y_k (1 - y_k)"),
    (BERNOULLI, r"\mathrm{Var}(\sum_{k=1}^K Y_k) = \sum_{k=1}^K y_k (1 - y_k)"),
    (SPREADS, r"\mathrm{Var}(\sum_{i=1}^n x_i) = \sum_{i=1}^n \sigma_i^2"),
    (NOISE, r"E[(\sum_{i=1}^n \varepsilon_i)^2] = \sum_{i=1}^n E[\varepsilon_i^2]"),
    (NOISE, SPREAD_OF_X),
    (IID, SPREAD_OF_X),
    (SAMPLE, r"E[(X_i - \mu)^4] = 3 \sigma^4"),
    ("Let $x$ be random.", "E[x^2] = x^2"),
]
REFUSED = {  # what would be guessed, or passed over -> a word of the reason
    (r"Let $X_i \sim \mathcal{N}(\mu_j, 1)$.", r"E[X_i] = \mu_j"): "none of its indices",
    (r"Let $Y_1 \sim \text{Bernoulli}(p)$.", "E[Y_k] = p"): "one entry only",
    (
        r"Let $z = w x_k$ and $Y_k \sim \text{Bernoulli}(z)$ with $0 < x_k < 1$ and $0 < w < 1$.",
        "E[Y_1] = z",
    ): "hides",
    (r"Let $Y$ be one-hot with $\mathbb{E}[Y_k] = y_k$.", "E[Y_k] = y_k"): "one-hot",
    (r"Let $Y_k \in \{0, 1\}$ be random.", "E[Y_k^2] = E[Y_k]"): "say its mean",
    (r"Let $Y_k \in \{0, 1\}$.", "E[Y_k] = Y_k"): "random",
    (r"Let $P(Y = 1) = q$.", "E[Y] = q"): "other values",
    (r"Let $X$ be Poisson with mean $\lambda$.", r"E[X] = \lambda"): "Poisson",
    (r"Let $X$ be Rademacher and random.", "E[X] = 0"): "Rademacher",
    (r"Let $x$ and $y$ have means $\mu$ and $\nu$.", r"E[x] = \mu"): "whose",
    (r"Let $X$ have mean 0 and let $f$ be a function.", "E[f(X)] = f(0)"): "function",
    (r"Let $X$ have mean $\mu$. Let $E[X] = \nu$.", r"E[X] = \mu"): "different",
    (r"Let $x \sim \mathcal{N}(0, 1)$. Let $x \sim \mathcal{N}(1, 1)$.", "E[x] = 0"): "different",
    (r"Let $X$ be random with $E[X^2] = s$.", "E[X] = s"): "Say the mean",
    (r"Let $X$ and $Y$ be random with $\mathbb{E}[X Y] = 0$.", "E[X Y] = 0"): "Only the mean",
    (r"Let $X$ and $Y$ be random with $\mathrm{Cov}(X, Y) = 0$.", "E[X Y] = E[X] E[Y]"): "covariance",
    (r"Let $x_i$ be independent of $y_i$ with mean $\mu$.", r"E[y_i] = \mu"): "Whose mean",
    (r"Let $\mathbf{x} \sim \mathcal{N}(0, I)$.", "E[x_i^2] = 1"): "whole vector",
    (r"Let $x \sim \mathcal{N}(\mu, \sigma^2 I)$.", r"E[x_i] = \mu_i"): "whole vector",
    (r"Let $x$ be standard Gaussian and $y$ be random.", "E[x^2] = x^2"): "Gaussian",
    (r"Let $x$ be random. Suppose they are independent of $x$.", "E[x] = 0"): "The word “they” is not",
}
INVERSE = [
    LABELS,
    APART,
    NORMAL,
    SPREADS,
    SAMPLE,
    UNLIKE,
    IID,
    NOISE,
    r"Let $x \sim \mathcal{N}(0, 1)$.",
    "Let $x$ be random.",
]


def verdicts(sentences: str, row: str) -> list[str]:
    return [line.verdict for line in judge(f"{sentences}\n{row}").lines]


@pytest.mark.parametrize(("sentences", "right", "wrong"), ROWS)
def test_a_right_row_is_proved_and_its_false_twin_refuted(sentences: str, right: str, wrong: str) -> None:
    assert verdicts(sentences, right) == ["proved"]
    demand_refuted(sentences, wrong)


def demand_refuted(sentences: str, row: str) -> None:
    """Refuted by two numbers, not because an index leaves its range in a small case."""
    (line,) = judge(f"{sentences}\n{row}").lines
    assert line.verdict == "refuted"
    assert "out of range" not in line.said


@pytest.mark.parametrize(("sentences", "row"), UNSAID)
def test_what_no_sentence_says_is_not_supposed(sentences: str, row: str) -> None:
    demand_refuted(sentences, row)


@pytest.mark.parametrize(("sentences", "row"), REFUSED)
def test_what_would_be_guessed_is_refused(sentences: str, row: str) -> None:
    judged = judge(f"{sentences}\n{row}")
    assert not {"proved", "refuted", "checked"} & {line.verdict for line in judged.lines}
    assert REFUSED[sentences, row] in f"{judged.trouble} {[line.said for line in judged.lines]}"


def test_of_a_normal_letter_nothing_is_refuted_by_another_law() -> None:
    """The evaluator puts three values in its place: they know its moments up to the fifth, and no more."""
    for row in (r"E[e^x] = e^{\frac12}", "E[x^6] = 15", r"E[|x|] = \sqrt{\frac{2}{\pi}}"):
        assert verdicts(r"Let $x \sim \mathcal{N}(0, 1)$.", row) == ["unknown"], row


def test_a_letter_of_mean_and_variance_alone_may_have_any_law() -> None:
    assert verdicts("Let $x$ have mean 0 and variance 1.", "E[x^4] = 3") == ["refuted"]


def test_a_constant_that_depends_on_nothing_is_not_random() -> None:
    text = r"Let $c$ be a constant independent of $x$. Let $x$ be a number."
    assert not any("random" in said for said in judge(f"{text}\nc x = x c").given_text)


@pytest.mark.parametrize("sentences", INVERSE)
def test_what_is_written_of_chance_is_read_as_it_was(sentences: str) -> None:
    row = next((right for own, right, _ in ROWS if own == sentences), "E[x^2] = 1")
    left, right = row.split(" = ", 1)
    chain = read(f"{sentences}\n{left}\n  &= {right}").chain
    again = read(written(chain)).chain
    assert written(again) == written(chain)
    for one, other in zip(chain.parts, again.parts, strict=True):
        assert sorted(hypotheses_text(one.given)) == sorted(hypotheses_text(other.given))
