"""Oracle: plain floating-point arithmetic at the numbers shown; lines that are known to be right or wrong."""

from __future__ import annotations

import ast
import json
import math

import pytest
import try_site
import trystep
import yaml
from trystep import judge

from helpers.proof import Result, Verdict

BOOK = [  # the lines of logistic.gradient, as a reader would type them
    "-(y/yhat - (1-y)/(1-yhat))*diff(yhat, w[j])",
    "-(y/yhat - (1-y)/(1-yhat))*yhat*(1-yhat)*diff(z, w[j])",
    "-(y*(1-yhat) - (1-y)*yhat)*x_j",
    "(ŷ - y) x_j",
]


def answer(text: str, id: str = "logistic.gradient") -> dict:
    return json.loads(judge.answer(id, text))


def step(text: str, *lines: str, id: str = "logistic.gradient", names: str = "{}") -> dict:
    return json.loads(judge.step(id, names, json.dumps(lines), text))


# ---------------------------------------------------------------- an answer
@pytest.mark.parametrize("text", ["-(y - yhat)*x[j]", "(ŷ − y)·x_j", "x_j sigma(z) - x_j y"])
def test_a_right_answer_is_proved(text):
    assert answer(text)["verdict"] == "proved"


def test_a_known_mistake_is_named_with_numbers():
    reply = answer("(y - yhat)*x[j]")
    assert (reply["verdict"], reply["mistake"]) == ("refuted", "the sign is wrong")
    assert reply["message"].startswith("Not yet: the sign is wrong.")
    assert reply["point"]


def test_the_numbers_of_a_counterexample_are_true():
    reply = answer("(yhat - y)*x[j]^2")
    assert reply["verdict"] == "refuted"
    assert reply["mistake"] is None
    numbers = {name: ast.literal_eval(value.replace("−", "-")) for name, value in reply["point"]}
    y, j = numbers["y"], numbers["j"]
    weights, inputs = (numbers[name] if j > 1 else [numbers[name]] for name in "wx")
    z = math.fsum(w * x for w, x in zip(weights, inputs, strict=True))
    slope = 1 / (1 + math.exp(-z)) - y
    assert numbers[r"\text{your answer}"] == pytest.approx(slope * inputs[j - 1] ** 2, rel=1e-3)
    assert numbers[r"\text{the derivative}"] == pytest.approx(slope * inputs[j - 1], rel=1e-3)


@pytest.mark.parametrize(
    "text", ["__import__('os')", "().__class__", "q*x[j]", "9**9**9", "x[j", "[" * 999, "\\frac1"]
)
def test_what_is_no_formula_is_refused_in_one_sentence(text):
    reply = answer(text)
    assert reply["verdict"] == "unread"
    assert reply["message"].endswith(".")
    assert "Traceback" not in reply["message"]


def test_an_error_of_the_checker_becomes_a_sentence(monkeypatch):
    monkeypatch.setattr(judge, "feedback", lambda *_: 1 / 0)
    sentence = "This line was too much for the checker (ZeroDivisionError); try a simpler form."
    assert answer("y")["message"] == sentence


# ---------------------------------------------------------------- how a line is shown
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-(y - yhat)*x[j]", r"- \left(y - \hat{y}\right) {x}_{j}"),
        ("(yhat - y)*x[j]*2", r"\left(\hat{y} - y\right) {x}_{j} 2"),
        ("z/2/3", r"\frac{z}{2 \cdot 3}"),
    ],
)
def test_a_line_is_shown_as_typed(text, shown):
    assert json.loads(judge.read("answer", "logistic.gradient", "{}", text))["latex"] == shown


def test_a_half_line_has_no_preview():
    assert "latex" not in json.loads(judge.read("step", "logistic.gradient", "{}", "-(y - "))


# ---------------------------------------------------------------- a derivation
def test_the_books_own_lines_hold_and_only_the_last_is_the_goal():
    for count, line in enumerate(BOOK):
        reply = step(line, *BOOK[:count])
        assert (line, reply["verdict"]) == (line, "proved")
        assert reply["reached"] == (line == BOOK[-1])


def test_a_false_step_is_refuted_against_the_line_before():
    assert step("(y - yhat)*x[j]", *BOOK[:2])["verdict"] == "refuted"
    reply = step("2*(yhat - y)*x[j]", "2*(yhat - y)*x[j] + 0*w[j]")
    assert reply["message"] == "That is the line before, written again."
    point = step("(yhat - y)*x[j]", "2*(yhat - y)*x[j]")["point"]
    before, line = (float(value.replace("−", "-")) for _, value in point[-2:])
    assert before == pytest.approx(2 * line, rel=1e-3)


@pytest.mark.parametrize(
    ("line", "same"),
    [
        ("sum((yhat(t, l) - Y[t, l])*X[t, j], t, 1, N)/N", True),
        ("sum(X[s, j]*(yhat(s, l) - Y[s, l])/N, s, 1, N)", True),
        ("-(sum(Y[s, l]*X[s, j], s, 1, N) - sum(yhat(s, l)*X[s, j], s, 1, N))/N", True),
        # equal, but not in the goal's words
        ("sum((exp(z(s, l))/sum(exp(z(s, k)), k, 1, K) - Y[s, l])*X[s, j], s, 1, N)/N", False),
        # not simplified
        ("sum((yhat(s, l)*(1 - Y[s, l]) - Y[s, l]*(1 - yhat(s, l)))*X[s, j], s, 1, N)/N", False),
        ("sum((yhat(s, l) - Y[s, l])*X[s, j], s, 1, n)/N", False),  # another bound
        ("sum((yhat(s, l) - Y[j, l])*X[s, j], s, 1, N)/N", False),  # another index
    ],
)
def test_the_goal_may_be_written_in_another_order_but_not_in_another_form(line, same):
    goal, words = judge.first("softmax.mean-gradient").last, judge.words("softmax.mean-gradient", "{}")
    assert judge.same_form(judge.parse(line, words), goal) == same


def test_abbreviations_are_read_and_shown():
    names = json.dumps({"L": "-(y*log(yhat) + (1 - y)*log(1 - yhat))"})
    reply = step("diff(L, w[j])", names=names)
    assert (reply["verdict"], reply["latex"]) == ("proved", r"\frac{\partial}{\partial {w}_{j}} L")
    with pytest.raises(ValueError, match=r"w has a meaning in logistic\.gradient already"):
        judge.words("logistic.gradient", json.dumps({"w": "y"}))


def test_only_variables_are_differentiated_by():
    assert step("diff(y, y*z)")["message"].startswith("diff takes a formula and a variable")


def test_a_chain_is_taken_as_it_is_written(monkeypatch):
    monkeypatch.setattr("helpers.proof.judge.line", lambda *_, **__: pytest.fail("a line was judged"))
    assert judge.first("logistic.sigma-prime").lines


def test_entries_of_an_array_that_is_not_complete_get_a_row_each():
    result = Result(Verdict.REFUTED, {"n": 2, "X[1,2]": 3, "X[2,1]": -1.5}, lhs=0.25, rhs=None)
    assert judge.rows(result, "left", "right") == [
        ("n", "2"), ("X_{1, 2}", "3"), ("X_{2, 1}", "−1.5"), (r"\text{left}", "0.25"),
        (r"\text{right}", "undefined")]  # fmt: skip


# ---------------------------------------------------------------- the directives
WRONG = {
    "`{try-step} logistic.gradien`": "there is no 'logistic.gradien'; there is logistic.gradient",
    "`{try-derivation} softmax.limit-tied`": "limit-tied has matrices or limits, which cannot be typed.",
    "`{try-derivation} logistic.convex`": "logistic.convex is not one chain of equalities.",
    "`{try-derivation} logistic.gradient\nC is y`": "write an abbreviation as “name = formula”, not 'C is y'",
    "`{try-derivation} logistic.gradient\nL = os.system`": "A dot can only stand inside a number, as in 0.5.",
}


def test_what_a_page_gets_wrong_is_said_while_the_book_is_built(tmp_path):
    body = "\n\n".join(f"``{text[:-1]}\n```" for text in WRONG)
    done = try_site.build(tmp_path / "site", {"index": f"# Wrong\n\n{body}\n"}, python=None, strict=False)
    for text, sentence in WRONG.items():
        assert sentence in done.stderr, text


@pytest.mark.parametrize("id", judge.EXERCISES)
def test_every_exercise_can_be_put_on_a_page(id):
    exercise = judge.EXERCISES[id]
    page = trystep.form_html("key", "Your answer", exercise.vocabulary, exercise.entries)
    assert page.count('class="syw-try-name"') == len(exercise.vocabulary)


def filled(exercise) -> dict[str, str]:
    """What the buttons of an exercise type, each blank filled with 1."""
    chips = {name: trystep.chip(name, value, exercise.entries.get(name))[0]
             for name, value in exercise.vocabulary.items()}  # fmt: skip
    return {name: chip.replace(trystep.BLANK, "1") for name, chip in chips.items()}


@pytest.mark.parametrize("id", judge.EXERCISES)
def test_what_a_button_types_is_read_and_is_not_the_answer(id):
    exercise = judge.EXERCISES[id]
    for name, text in filled(exercise).items():
        assert text.startswith(name)
        assert exercise.read(text) != exercise.solution
        assert not judge.feedback(text, exercise).ok


@pytest.mark.parametrize(
    ("id", "name", "typed"),
    [
        ("softmax.gradient", "y", "y[l]"),
        ("softmax.gradient", "yhat", "yhat(l)"),
        ("softmax.gradient", "W", "W[l, j]"),
        ("logistic.mean-gradient", "Y", "Y[s]"),
        ("logistic.mean-gradient", "X", "X[s, j]"),
        ("backpropagation.hidden-error", "W", "W[k, j]"),
        ("regularisation.half-squares", "W", "W[…, …]"),  # the answer is W[l, j]
        ("adversarial.sign-step", "g", "g[…]"),  # the exercise has no index of its own
    ],
)
def test_buttons_type_the_indices_of_their_exercise(id, name, typed):
    exercise = judge.EXERCISES[id]
    assert trystep.chip(name, exercise.vocabulary[name], exercise.entries.get(name))[0] == typed


def test_every_derivation_can_be_typed_or_says_why_not():
    reasons = {}
    for id in judge.DERIVATIONS:
        try:
            assert "diff" in judge.words(id, "{}")
        except ValueError as error:
            reasons[id] = str(error)
    assert all(reason.endswith("matrices or limits, which cannot be typed.") for reason in reasons.values())
    assert len(reasons) < len(judge.DERIVATIONS) / 2


# ---------------------------------------------------------------- a text of the reader's own
SLIP = (
    r"Let $p_k = \frac{e^{z_k}}{\sum_{j=1}^K e^{z_j}}$."
    "\n"
    r"\frac{\partial p_k}{\partial z_j} = p_k(\delta_{jk} - p_j) \\ = p_k \delta_{jk} + p_k p_j"
    r" \\ = p_k\delta_{jk} - p_k p_j"
)


def relations(source: str) -> list[dict]:
    found: list[dict] = []
    while not (reply := json.loads(judge.relation(source, "", str(len(found))))).get("done"):
        found.append(reply)
    return found


def test_a_text_is_read_before_it_is_judged():
    reply = json.loads(judge.text(SLIP, ""))
    assert [row["row"] for row in reply["rows"]] == [1, 2, 3]
    assert any("K" in one for one in reply["given"])
    assert len(reply["where"]) == 1


def test_its_rows_are_judged_one_after_another():
    replies = relations(SLIP)
    assert [reply["verdict"] for reply in replies] == ["proved", "refuted", "proved"]
    assert [bool(reply["remark"]) for reply in replies] == [False, False, True]
    assert replies[1]["point"]


def test_a_text_without_a_reading_gets_one_sentence():
    reply = json.loads(judge.text("Let $f(x = 2$.\nx = x", ""))
    assert reply["verdict"] == "unread"
    assert "bracket" in reply["message"]
    assert json.loads(judge.relation("x +", "", "0"))["verdict"] == "unread"


def test_a_sentence_without_a_reading_stops_only_the_rows_that_need_it():
    (reply,) = relations("Let $x > 0$ or $x < 0$.\nx = x")
    assert reply["verdict"] == "unread"
    assert "“or”" in reply["message"]


def test_the_page_says_which_texts_it_offers():
    texts = yaml.safe_load((try_site.ROOT / "book" / "gallery.yaml").read_text(encoding="utf-8"))
    first = [json.loads(judge.relation(one["text"], "", "0"))["verdict"] for one in texts[:2]]
    assert first == ["proved", "proved"]
    assert all({"title", "about", "text"} == set(one) for one in texts)
