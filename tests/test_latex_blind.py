"""Oracle: a person's verdicts on rows in spellings met in a blind trial, each beside a row that is false.

Every rule of layout or of words stands here with a right row and a wrong one: a rule that drops too much
makes the wrong one pass, and one that keeps too much makes the right one fail.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from sampling import sample

from helpers.proof.homework import judge

LATEX = Path(__file__).parent / "latex"
BLIND, TRIAL = (yaml.safe_load((LATEX / f"{name}.yaml").read_text("utf-8")) for name in ("blind", "trial"))
SOFTMAX = r"Let $p_i = \frac{e^{z_i}}{\sum_{k=1}^N e^{z_k}}$."
EQUAL, UNLIKE = (
    r"\frac{\partial p_i}{\partial z_j} = p_i (1 - p_i)",
    r"\frac{\partial p_i}{\partial z_j} = -p_i p_j",
)


def verdicts(text: str) -> list[str]:
    return [line.verdict for line in judge(text).lines]


@pytest.mark.parametrize("one", BLIND, ids=[one["id"] for one in BLIND])
def test_a_spelling_is_read_and_a_slip_in_it_is_found(one: dict) -> None:
    text, (old, new) = one["text"], one["slip"]
    assert verdicts(text) == one["verdicts"], str(judge(text))
    head, found, tail = text.rpartition(old)
    assert found
    assert verdicts(head + new + tail)[-1] == "refuted"


@pytest.mark.parametrize("one", sample(TRIAL, 6, id=lambda one: one["id"]), ids=lambda one: one["id"])
def test_a_derivation_of_the_trial_is_judged_line_by_line(one: dict) -> None:
    """The oracle is the writer: he says which rows are wrong."""
    lets = one.get("lets", "")
    judgement = judge(f"{lets}\n{one['text']}")
    assert not judgement.trouble
    assert len(lets.split("\n")) <= 3
    assert {line.row for line in judgement.lines if line.verdict == "refuted"} == set(one.get("wrong", ()))
    others = {line.verdict for line in judgement.lines}
    assert others <= {"proved", "checked", "definition", "supposed", "refuted"}, str(judgement)


CASES = [
    "If $i = j$, we have\n$$equal$$\nIf $i \\neq j$:\n$$unlike$$",
    "**Case 1:** $i = j$.\n$$equal$$\n**Case 2:** $i \\neq j$.\n$$unlike$$",
    "For $i = j$,\n\\[ equal \\]\nfor $i \\not= j$ we get\n\\[ unlike \\]",
    "\\begin{align*} equal \\quad (i = j) \\\\ unlike \\quad \\text{for } i \\neq j \\end{align*}",
    "\\begin{align*} equal, \\quad i = j \\\\ unlike \\quad \\text{if $i \\neq j$} \\end{align*}",
    "\\begin{align*} \\text{if } i = j: \\quad equal \\\\ \\text{if } i \\neq j: \\quad unlike \\end{align*}",
]


@pytest.mark.parametrize("text", CASES)
def test_a_row_for_equal_indices_is_judged_for_those(text: str) -> None:
    right = text.replace("equal", EQUAL).replace("unlike", UNLIKE)
    wrong = text.replace("unlike", EQUAL).replace("equal", UNLIKE)
    assert verdicts(f"{SOFTMAX}\n{right}") == ["proved", "proved"]
    assert verdicts(f"{SOFTMAX}\n{wrong}") == ["refuted", "refuted"]


def test_a_case_ends_with_the_next_sentence_and_nothing_after_it_is_called_wrong() -> None:
    text = f"{SOFTMAX}\nIf $i = j$,\n$${EQUAL}$$\nWe note the following.\n$${EQUAL}$$"
    assert verdicts(text) == ["proved", "not read"]
    assert "begin each case" in judge(text).lines[-1].said


def test_a_case_in_the_middle_of_a_chain_is_not_read() -> None:
    rows = r"\frac{\partial p_i}{\partial z_j} &= p_i(\delta_{ij} - p_j) \\ &= p_i (1 - p_i) \quad (i = j)"
    text = rf"{SOFTMAX}\begin{{align*}} {rows} \end{{align*}}"
    assert verdicts(text) == ["proved", "not read"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"|1 - ab| < 1 \iff 0 < ab < 2", ["supposed", "proved", "proved"]),
        (r"|1 - ab| < 1 \iff 0 < ab < 1", ["supposed", "proved", "refuted"]),
        (r"|1 - ab| < 1 \implies ab < 3", ["supposed", "proved"]),
        (r"|1 - ab| < 1 \iff ab < 3", ["supposed", "refuted"]),  # the other way fails
        (r"a < b \implies a^2 < b^2", ["supposed", "proved"]),
        (r"a < b \implies b^2 < a^2", ["supposed", "refuted"]),
    ],
)
def test_inequalities_that_follow_from_one_another(text: str, found: list[str]) -> None:
    seen = verdicts(r"Let $a > 0$ and $b > 0$." + "\n" + text)
    assert ["proved" if v == "checked" else v for v in seen] == found


def test_an_inequality_of_letters_that_may_be_positive_is_not_called_wrong() -> None:
    assert verdicts(r"a < b \implies a^2 < b^2") == ["supposed", "not read"]
    assert verdicts(r"a < b \implies b^2 < a^2") == ["supposed", "refuted"]


GAUSS = r"""Let $x_1, \dots, x_n \in \mathbb{R}$, $\mu \in \mathbb{R}$ and $\sigma > 0$.
\begin{align*}
\ell(\mu, \sigma^2) &= -\frac{n}{2}\log \sigma^2 - \frac{1}{2\sigma^2} \sum_{i=1}^n (x_i-\mu)^2 \\
\frac{\partial \ell}{\partial \mu} &= \frac{1}{\sigma^2} \sum_{i=1}^n (x_i - \mu) = 0 \\
\implies \hat{\mu} &= \frac{1}{n}\sum_{i=1}^n x_i \\
\frac{\partial \ell}{\partial \sigma^2}
  &= -\frac{n}{2\sigma^2} + \frac{1}{2\sigma^4}\sum_{i=1}^n (x_i-\mu)^2 = 0 \\
\implies \hat{\sigma}^2 &= \frac{1}{n} \sum_{i=1}^n (x_i - MEAN)^2
\end{align*}"""


@pytest.mark.parametrize("mean", [r"\mu", r"\hat\mu"])
def test_a_square_with_a_hat_solves_the_equation_for_it(mean: str) -> None:
    text = GAUSS.replace("MEAN", mean)
    last = judge(text).lines[-1]
    assert (last.verdict, "equation of row 4" in last.said) == ("checked", True)
    assert verdicts(text.replace(r"2 &= \frac{1}{n}", r"2 &= \frac{1}{n+1}"))[-1] == "refuted"
    slope = text.replace(r"-\frac{n}{2\sigma^2} +", r"-\frac{n}{\sigma^2} +")
    assert verdicts(slope)[4] == "refuted"
    unread = text.replace(r"&= -\frac{n}{2\sigma^2} +", r"&= -\frac{n \pm 1}{2\sigma^2} +")
    assert "refuted" not in verdicts(unread)  # the equation of row 2 is not the one that it solves


def test_a_zero_before_a_slope_asks_for_numbers() -> None:
    rows = r"\begin{align*} 0 &= J'(w) \\ &= 2(w - 3) \\ \Rightarrow w &= 3 \end{align*}"
    text = f"Let $J(w) = (w - 3)^2$.\n{rows}"
    assert verdicts(text) == ["supposed", "proved", "proved"]
    assert verdicts(text.replace("2(w - 3)", "2(w + 3)"))[1] == "refuted"
    assert verdicts(text.replace("w &= 3", "w &= 2"))[-1] == "refuted"


STAR = r"""Let $\epsilon > 0$, $h > 0$ and $g \ne 0$.
\begin{align*}
\frac{d}{d\epsilon}\left[-\epsilon g^2 + \tfrac12 \epsilon^2 g^2 h\right] &= -g^2 + \epsilon g^2 h = 0 \\
\Rightarrow \epsilon^* &= \frac{1}{h}
\end{align*}"""


def test_a_star_names_a_solution() -> None:
    assert verdicts(STAR) == ["proved", "supposed", "proved"]
    assert verdicts(STAR.replace(r"\frac{1}{h}", r"\frac{2}{h}"))[-1] == "refuted"


SIGMA = r"Let $\sigma(z) = \frac{1}{1+e^{-z}}$ and $L = -\log \sigma(z)$."


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (r"Using $\sigma'(z) = \sigma(z)(1-\sigma(z))$, we get", r"\sigma(z)(1+\sigma(z))"),
        (r"Using the fact that $\sigma' = \sigma(1-\sigma)$, we get", r"\sigma(1+\sigma)"),
        (r"Since $\frac{d\sigma}{dz} = \sigma(z)(1-\sigma(z))$, we have", r"\sigma(z)(1+\sigma(z))"),
    ],
)
def test_a_formula_that_a_sentence_uses_is_judged(words: str, wrong: str) -> None:
    row = r"$$\frac{dL}{dz} = \sigma(z) - 1$$"
    right = words.rpartition(" = ")[2].partition("$")[0]
    assert verdicts(f"{SIGMA}\n{words}\n{row}") == ["proved", "proved"]
    assert verdicts(f"{SIGMA}\n{words.replace(right, wrong)}\n{row}") == ["refuted", "proved"]


def test_what_a_sentence_uses_of_letters_is_supposed() -> None:
    text = SOFTMAX + r" Let $L = -\sum_i y_i \log p_i$. Using $\sum_i y_i = 1$ we get"
    assert verdicts(text + "\n" + r"\frac{\partial L}{\partial z_k} = p_k - y_k") == ["proved"]
    assert verdicts(text + "\n" + r"\frac{\partial L}{\partial z_k} = p_k + y_k") == ["refuted"]


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (r"g' = g(1 - g)", r"g' = g(1 + g)"),
        (r"g' = g - g^2", r"g' = g - 2g^2"),
        (r"\tanh' = 1 - \tanh^2", r"\tanh' = 1 - \tanh"),
        (r"g'' = g(1-g)(1-2g)", r"g'' = g(1-g)(1-g)"),
    ],
)
def test_identities_between_functions(row: str, wrong: str) -> None:
    let = r"Let $g(z) = \frac{1}{1 + e^{-z}}$."
    assert verdicts(f"{let}\n{row}") == ["proved"]
    assert verdicts(f"{let}\n{wrong}") == ["refuted"]


def test_letters_of_which_nothing_is_said_refute_no_logarithm() -> None:
    assert verdicts(r"-\log p - 1 + \log(1-p) + 1 = \log\frac{1-p}{p}") == ["not read"]
    assert verdicts(r"Let $0 < p < 1$." + "\n" + r"-\log p + \log(1-p) = \log\frac{1-p}{p}") == ["proved"]
    assert verdicts(r"-\log p + \log(1-p) = \log\frac{p}{1-p}") == ["refuted"]  # false in (0, 1), too
    assert verdicts(r"\log(a + b) = \log a + \log b") == ["refuted"]


def test_a_usual_letter_of_a_function_is_not_read_as_a_factor() -> None:
    text = r"\frac{d}{dx} x \sigma(2x) = \sigma(2x) + 2x \sigma(2x) (1 - \sigma(2x))"
    assert "a function of what stands in the brackets" in judge(text).trouble
    assert verdicts(r"Let $\sigma(x) = \frac{1}{1 + e^{-x}}$." + "\n" + text) == ["proved"]
    assert verdicts(r"\sigma(1 - 2x) + 2 \sigma x = \sigma") == ["proved"]  # a number


def test_a_recursion_is_meant_where_it_runs() -> None:
    let = r"Let $v_0 = 0$ and $v_t = \beta v_{t-1} + g_t$ for $t \ge 1$."
    right = r"v_t = \beta^2 v_{t-2} + \beta g_{t-1} + g_t"
    judgement = judge(f"{let}\n{right}")
    assert [line.verdict for line in judgement.lines] in (["checked"], ["proved"])
    assert any("t - 2" in said for said in judgement.given_text)
    assert verdicts(f"{let}\n{right.replace('^2', '^3')}") == ["refuted"]


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (r"\frac{\partial h_t}{\partial h_{t-1}} = w(1 - h_t^2)", r"w(1 - h_{t-1}^2)"),
        (
            r"\frac{\partial h_t}{\partial h_{t-2}} = w^2 (1 - h_t^2)(1 - h_{t-1}^2)",
            r"w (1 - h_t^2)(1 - h_{t-1}^2)",
        ),
        (r"\frac{\partial C_t}{\partial h_t} = 2(h_t - y)", r"2 h_t - y"),
        (r"\frac{\partial C_t}{\partial h_{t-1}} = 2(h_t - y) w(1 - h_t^2)", r"2(h_t - y) w(1 - h_t)"),
        (r"\frac{\partial D_t}{\partial h_{t-1}} = w(1 - h_t^2) h_{t-2}", r"w(1 - h_t^2) h_{t-2} + h_t"),
    ],
)
def test_derivatives_by_a_state_of_a_recursion(row: str, wrong: str) -> None:
    let = r"Let $h_0 = 0$, $h_t = \tanh(w h_{t-1} + x_t)$ for $t \ge 1$ and $C_t = (h_t - y)^2$ with $y > 0$."
    let += r" Let $D_t = h_t h_{t-2}$."
    assert verdicts(f"{let}\n{row}") in (["proved"], ["checked"]), str(judge(f"{let}\n{row}"))
    assert verdicts(f"{let}\n{row.partition(' = ')[0]} = {wrong}") == ["refuted"]


def test_a_state_of_which_nothing_is_said_has_no_slope() -> None:
    """As an array of numbers its entries would have nothing to do with one another, and the slope be 0."""
    assert verdicts(r"\frac{\partial h_t}{\partial h_{t-1}} = 0") == ["not read"]


def test_a_chain_goes_on_from_the_side_that_can_be_read() -> None:
    text = (
        r"Let $a$, $b$ be numbers. \begin{align*} \int f dx &= (a + b)^2 \\ &= a^2 + 2ab + b^2 \end{align*}"
    )
    assert verdicts(text) == ["not read", "proved"]
    assert verdicts(text.replace("2ab", "3ab")) == ["not read", "refuted"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (r"Let $x_i$ be numbers." + "\n" + r"x_i! + 1 = 1 + x_i!", "A factorial is read of a number"),
        (r"Let $w$ and $\eta$ be numbers." + "\n" + r"w \leftarrow w - \eta w", "says what a name becomes"),
        (r"Let $\eta > 0$." + "\n" + r"Then $\eta = \eta$ iff $|1 - \eta| < 1$.", "said to hold only “iff"),
    ],
)
def test_what_is_not_read_is_named(text: str, says: str) -> None:
    judgement = judge(text)
    assert says in str(judgement)
    assert "refuted" not in [line.verdict for line in judgement.lines]


def test_a_sentence_that_only_explains_stops_no_text() -> None:
    rows = r"\[ (x + 1)^2 \overset{(a)}{=} x^2 + 2x + 1 \]" + "\nwhere (a) is the zombie of Newton."
    assert verdicts(r"Let $x$ be a number." + "\n" + rows) == ["proved"]
    assert verdicts(r"Let $x$ be a number." + "\n" + rows.replace("2x", "3x")) == ["refuted"]


@pytest.mark.parametrize(
    ("let", "row"),
    [
        (r"Let $\sum_{k=1}^n y_k = 1$", r"\sum_{k=1}^n y_k (z - x_k) = z - \sum_{k=1}^n y_k x_k"),
        (r"Let $y \in \{-1, 1\}$", r"(1 - y z)^2 = 1 - 2 y z + z^2"),
    ],
)
def test_what_is_usually_supposed_is_asked_for(let: str, row: str) -> None:
    """A row that holds of labels is not called wrong; one that is wrong of labels, too, is."""
    (line,) = judge(row).lines
    assert (line.verdict, "It holds if" in line.said) == ("not read", True), line
    assert verdicts(f"{let} with numbers $x_k$ and $z$.\n{row}")[0] in ("proved", "checked")
    assert verdicts(f"{row} + z") == ["refuted"]


def test_a_bar_of_which_nothing_is_said_may_be_a_mean() -> None:
    row = r"\sum_{i=1}^n (x_i - \bar x) = 0"
    assert verdicts(row) == ["not read"]
    assert verdicts(r"Let $\bar x = \frac1n \sum_{i=1}^n x_i$." + "\n" + row) == ["proved"]
    assert verdicts(r"Let $\bar x$ be a number." + "\n" + row.replace("x_i -", "2 -")) == ["refuted"]


def test_what_a_recursion_says_is_judged_from_its_second_side_on() -> None:
    row = r"w_{t+1} = w_t - \eta a w_t = (1 - \eta a) w_t"
    assert sorted(verdicts(row)) == ["proved", "supposed"]
    assert sorted(verdicts(row.replace("1 - ", "1 + "))) == ["not read", "supposed"]
    let = r"Let $a, \eta > 0$. Let $w_0$ be a number and $w_{t+1} = w_t - \eta a w_t$ for $t \ge 0$."
    assert verdicts(f"{let}\n{row.replace('1 - ', '1 + ')}")[-1] == "refuted"
    unrolled = r"h_t = w h_{t-1} = w^2 h_{t-2}"
    assert "refuted" not in verdicts(unrolled)
    known = r"Let $h_0 = 1$ and $h_t = w h_{t-1}$ for $t \ge 1$."
    assert "refuted" not in verdicts(f"{known}\n{unrolled}")
    assert verdicts(f"{known}\n{unrolled.replace('w^2', 'w^3')}")[-1] == "refuted"


def test_the_sides_before_one_that_is_not_read_are_judged() -> None:
    let = r"Let $a$ and $b$ be numbers." + "\n"
    assert sorted(verdicts(let + r"(a + b)^2 = a^2 + 2ab + b^2 = \zeta")) == ["not read", "proved"]
    assert sorted(verdicts(let + r"(a + b)^2 = a^2 + b^2 = \zeta")) == ["not read", "refuted"]


def test_after_a_row_that_leans_on_something_unsaid_the_chain_goes_on() -> None:
    rows = r"\begin{align*} \frac{e^{a}}{e^{a} + e^{b}} &= p \\ &= p^2 + p(1 - p) \end{align*}"
    assert verdicts(rows) == ["not read", "proved"]
    assert verdicts(rows.replace("p^2 +", "p^2 -")) == ["not read", "refuted"]


def test_a_function_may_be_named_with_its_letter() -> None:
    text = r"Let $f(w)$ be a differentiable function." + "\n" + r"\frac{d}{dw} w f(w) = f(w) + w f'(w)"
    assert verdicts(text) == ["proved"]
    assert verdicts(text.replace("+ w f'", "- w f'")) == ["refuted"]
