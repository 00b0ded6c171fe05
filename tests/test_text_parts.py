"""Oracle: parts, recursions, inductions and gaps in texts, with their meaning coded here by hand.

Each has false twins: a text that says something else must be refuted or refused.
"""

from __future__ import annotations

import pytest
from sympy import IndexedBase, Integer, Symbol, symbols

from helpers.cells import derive
from helpers.proof import RefutedStep, UnprovedStep, Verdict
from helpers.proof.homework import judge
from helpers.proof.read.latex import ReadError
from helpers.proof.read.text import read
from helpers.proof.statement.recursive import RecursiveFunction

t = Symbol("t", integer=True)
beta, g = symbols("beta g", real=True)

MEAN = r"""The running mean of a steady gradient
Let $v_t = \beta v_{t-1} + (1 - \beta) g$ for $t \ge 1$ and $v_0 = 0$.
Let $g$ be a number, $0 < \beta < 1$ and $t = 1, \dots, T$.
Part: Base: $t = 0$
v_0 &= (1 - \beta^0) g && where the recursion starts
Part: Step: from $t - 1$ to $t$
Suppose $v_{t-1} = (1 - \beta^{t-1}) g$.
v_t &= \beta v_{t-1} + (1 - \beta) g && one update
  &= \beta (1 - \beta^{t-1}) g + (1 - \beta) g && the hypothesis
  &= (1 - \beta^t) g && $\beta \beta^{t-1} = \beta^t$
"""


def test_a_recursion_is_the_function_that_it_defines() -> None:
    _, step = read(MEAN).chain.parts
    (call,) = step.start.atoms(RecursiveFunction)
    f = type(call)
    assert call.args == (t,)
    assert (f.parameters, f.level, f.start, f.base) == ((t,), 0, 0, 0)
    assert f.rule.doit() == beta * f(t - 1) + (1 - beta) * g


def test_an_induction_is_base_step_and_hypothesis() -> None:
    base, step = read(MEAN).chain.parts
    assert (base.title, step.title) == ("Base: $t = 0$", "Step: from $t - 1$ to $t$")
    assert step.supposed is not None
    left, right = step.supposed.sides
    assert left == step.start.func(t - 1)
    assert right.doit() == (1 - beta ** (t - 1)) * g
    assert [line.means.hypothesis for line in step.lines] == [False, True, False]
    assert derive(MEAN).verdict is Verdict.PROVED


FALSE = {
    "the rule": (r"\beta v_{t-1} + (1 - \beta) g$ for", r"\beta v_{t-1} + (1 + \beta) g$ for"),
    "the start": ("v_0 = 0$", "v_0 = 1$"),
    "the hypothesis": (r"v_{t-1} = (1 - \beta^{t-1}) g", r"v_{t-1} = (1 + \beta^{t-1}) g"),
    "the claim": (r"&= (1 - \beta^t) g", r"&= (1 - \beta^{t+1}) g"),
}


@pytest.mark.parametrize("what", FALSE)
def test_a_false_induction_is_no_proof(what: str) -> None:
    old, new = FALSE[what]
    assert old in MEAN
    with pytest.raises((RefutedStep, UnprovedStep, ValueError)):
        derive(MEAN.replace(old, new))


def test_a_hypothesis_without_a_base_carries_nothing() -> None:
    head, _, rest = MEAN.partition("Part: Base")
    with pytest.raises(ValueError, match="supposes nothing"):
        derive(head + rest[rest.index("Part: Step") :])


def test_a_recursion_is_true_of_each_number() -> None:
    said = "Let $v_t = 2 v_{t-1} + 1$ for $t \\ge 1$ and $v_0 = 0$.\n"
    assert judge(said + "v_1 = 2 v_0 + 1 = 1").right
    assert not judge(said + "v_1 = 2 v_0 + 1 = 2").right


REFUSED = {
    "a gap": ("Let $v_t = 2 v_{t-1}$ for $t \\ge 2$ and $v_0 = 1$.\nv_1 = 2", "starts at 0"),
    "two starts": ("Let $v_t = 2 v_{t-1}$, $v_0 = 1$ and $v_1 = 3$.\nv_1 = 2", "defined by itself"),
    "a range of another name": ("Let $v_t = 2 t$ for $t \\ge 1$ and $v_0 = 0$.\nv_1 = 2", "part of an array"),
    "rows before a part": ("x = x\nPart: One\nx = x", "Rows stand before"),
    "a gap in an equation": ("x = x && the gap is $x$", "A gap belongs to an inequality"),
    "too many parts": ("Part: One\nx = x\n" * 20, "more than 12 parts"),
    "a part that goes on": ("Part: One\nx &= x\nPart: Two\n&= x", "what stands before it"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_has_two_readings_is_refused(what: str) -> None:
    text, sentence = REFUSED[what]
    with pytest.raises(ReadError, match=sentence):
        derive(text)


def test_without_a_start_nothing_is_known_of_the_first_value() -> None:
    derive("Let $v_t = 2 v_{t-1}$ for $t \\ge 1$.\nv_1 = 2 v_0")
    with pytest.raises(RefutedStep):
        derive("Let $v_t = 2 v_{t-1}$ for $t \\ge 1$.\nv_1 = 2")


def test_a_letter_may_mean_something_else_in_the_next_part() -> None:
    made = derive(
        "Let $x$ be a number.\nPart: One\nLet $c = 2$.\nc x &= 2 x\nPart: Two\nLet $c = 3$.\nc x &= 3 x"
    )
    assert [part.title for part in made.parts] == ["One", "Two"]
    with pytest.raises(RefutedStep):
        derive(
            "Let $x$ be a number.\nPart: One\nLet $c = 2$.\nc x &= 2 x\nPart: Two\nLet $c = 3$.\nc x &= 2 x"
        )
    with pytest.raises(ReadError, match="c is not known here"):
        derive("Let $x$ be a number.\nPart: One\nLet $c = 2$.\nc x &= 2 x\nPart: Two\nc x &= 3 x")


CURVED = r"""Let $0 \le y \le 1$ and $0 < a < 1$.
\frac{1 - y}{(1 - a)^2} + \frac{y}{a^2} &\ge 1 && the gap is $GAP$"""
GAP = r"a (1 - y) \frac{1 + \frac{1}{1 - a}}{1 - a} + y \left(1 + \frac{1}{a}\right) \frac{1 - a}{a}"


def test_a_gap_is_looked_at_and_not_believed() -> None:
    assert derive(CURVED.replace("GAP", GAP)).steps[0].gap is not None
    with pytest.raises(UnprovedStep):
        derive(CURVED.replace("GAP", GAP.replace("1 - a}{a}", "2 - a}{a}")))
    with pytest.raises(UnprovedStep):
        derive(CURVED.partition(" && ")[0])
    with pytest.raises(RefutedStep):
        derive(CURVED.replace(r"\ge 1", r"\ge 4").replace("GAP", GAP))


def test_ragged_sizes() -> None:
    said = "Let $d_l = 1, 2, \\dots$.\nLet $l = 1, \\dots, L$ and $i = 1, \\dots, d_l$.\n"
    (part,) = read(said + r"\sum_{k=1}^{d_l} (k + i) = i d_l + \sum_{k=1}^{d_l} k").chain.parts
    assert [str(index) for index in part.given.free] == ["l", "i"]
    assert str(part.given.free[Symbol("i", integer=True)][1]) == "d[l]"
    assert judge(said + r"\sum_{k=1}^{d_l} 1 = d_l").right
    assert not judge(said + r"\sum_{k=1}^{d_l} 1 = d_l + 1").right


def test_a_number_below_is_a_label_unless_the_name_has_entries() -> None:
    letter = read("Let $0 < \\beta_1 < 1$.\n\\beta_1 = \\beta_1").chain.parts[0].given
    assert [(str(s), word) for s, word in letter.domain.items()] == [("beta_1", "unit")]
    entry = read("Let $\\sum_{i=1}^n x_i = 1$ and $0 < x_1$.\n\\sum_{i=1}^n x_i = 1").chain.parts[0].given
    assert [str(c) for c in entry.conditions] in (["0 < x[1]"], ["x[1] > 0"])


def test_limits_from_one_side_and_exponents_with_a_prime() -> None:
    (part,) = read("Let $0 < y < 1$.\n\\lim_{y \\to 1^-} y = 1").chain.parts
    assert part.start.args[3] == Symbol("-")
    assert part.lines[0].expr == Integer(1)
    assert judge("Let $x$ be a number. Let $z' = x + 1$.\ne^{-z'} = e^{-x-1}").right


def test_what_is_read_at_a_drawn_place_keeps_its_length() -> None:
    said = "Let $g \\in \\mathbb{R}^N$.\nLet $i_t \\sim \\text{Uniform}\\{1, \\dots, N\\}$"
    row = "\n\\mathbb{E}[g_{i_t}] = \\frac{1}{N} \\sum_{s=1}^N g_s"
    (part,) = read(f"{said} for $t = 1, \\dots, B$.{row}").chain.parts
    assert {str(g.shape) for g in part.start.atoms(IndexedBase) if str(g.label) == "g"} == {"(N,)"}


def test_a_title_may_hold_any_words() -> None:
    assert derive("Title: With a weight of 4\nLet $x$ be a number.\nx &= x").heading == "With a weight of 4"


def test_a_whole_number_is_drawn_from_braces() -> None:
    said = "Let $g \\in \\mathbb{R}^N$.\nLet $s_t \\sim \\text{Uniform}LAW$ be independent.\n"
    mean = r"\frac{1}{B} \sum_{t=1}^B \mathbb{E}[g_{s_t}] = \frac{1}{N} \sum_{s=1}^N g_s"
    assert judge(said.replace("LAW", r"\{1, \dots, N\}") + mean).right
    assert not judge(said.replace("LAW", r"\{1, \dots, N\}") + mean.replace(r"\frac{1}{N}", "")).right
    with pytest.raises(ReadError, match="Is a whole number drawn"):
        read(said.replace("LAW", "(1, N)") + mean)


def test_draws_that_are_not_put_back() -> None:
    sizes = "Let $g \\in \\mathbb{R}^N$, $N > 1$ and $B \\le N$. Let $m = \\frac1N \\sum_{s=1}^N g_s$.\n"
    drawn = "Let $s_t \\sim \\text{Uniform}\\{1, \\dots, N\\}$ be drawn without replacement.\n"
    noise = r"\operatorname{Var}\left(\frac{1}{B} \sum_{t=1}^B g_{s_t}\right) = "
    with_them = r"\frac{1}{N B} \sum_{s=1}^N (g_s - m)^2"
    assert judge(sizes + drawn + noise + with_them + r"\cdot \frac{N - B}{N - 1}").right
    assert not judge(sizes + drawn + noise + with_them).right
    with pytest.raises(ReadError, match="What is drawn"):
        read("Let $p = 1/2$. Let $r \\sim \\text{Bernoulli}(p)$ be drawn without replacement.\nr = r")


def test_what_is_said_in_one_sentence_is_not_said_of_the_next() -> None:
    text = "Let $y$ be a number. Let $r_1$ and $r_2$ be independent.\n\\mathbb{E}[y r_1] = y \\mathbb{E}[r_1]"
    (part,) = read(text).chain.parts
    assert sorted(map(str, part.given.random)) == ["r_1"]
