"""Oracle: the counterexamples are recomputed by hand, and exercises that are wrong on purpose."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from sympy import Sum, exp, log

from helpers.notation import i, j, n, sigma, w, x, y
from helpers.proof import Given, Partial, Verdict
from helpers.proof.answers import Exercise, Mistake, feedback, readable_point

z = Sum(w[i] * x[i], (i, 1, n))


# ---------------------------------------------------------------- feedback
GIVEN = Given(sizes=(n,), free={j: (1, n)}, domain={y: "unit"})


def exercise(**changes):
    facts = {
        "id": "test.gradient",
        "prompt": "Write the gradient.",
        "answer": "-(y - sigma(z))*x[j]",
        "given": GIVEN,
        "vocabulary": {"y": y, "x": x, "w": w, "z": z, "sigma": sigma, "j": j, "n": n},
        "mistakes": (
            Mistake("the sign is wrong", "(y - sigma(z))*x[j]", "Try y = 1."),
            Mistake("x is missing", "-(y - sigma(z))", "What multiplies w_j?"),
        ),
        "question": Partial(-(y * log(sigma(z)) + (1 - y) * log(1 - sigma(z))), w[j]),
        "quantity": "the derivative",
    }
    return Exercise(**{**facts, **changes})


@pytest.mark.parametrize(
    "answer",
    [
        "-(y - sigma(z))*x[j]",
        "x_j σ(z) - y x_j",
        "(1/(1 + exp(-z)) - y)*x[j]",
        x[j] * (sigma(z) - y),
        "sum(x[k]*delta(k, j), k, 1, n)*(sigma(z) - y)",
    ],
)
def test_a_right_answer_in_any_form_is_right(answer):
    found = feedback(answer, exercise())
    assert found.ok
    assert found.verdict is Verdict.PROVED
    assert found.mistake is None
    assert repr(found) == "Right: proved equal to the derivative for every n."
    assert 'class="syw-verdict syw-proved">right<' in found._repr_html_()


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("(y - sigma(z))*x[j]", "the sign is wrong"),
        ("x_j y - x_j/(1 + exp(-z))", "the sign is wrong"),
        ("sigma(z) - y", "x is missing"),
        (sigma(z) - y, "x is missing"),
    ],
)
def test_a_known_mistake_is_named_with_its_hint(answer, name):
    found = feedback(answer, exercise())
    assert not found.ok
    assert found.mistake == name
    assert found.verdict is Verdict.REFUTED
    hint = {mistake.name: mistake.hint for mistake in exercise().mistakes}[name]
    assert repr(found) == f"Not yet: {name}. {hint}"
    assert 'class="syw-verdict syw-refuted">not yet<' in found._repr_html_()


def test_an_unknown_mistake_gets_a_counterexample_that_is_true():
    found = feedback("y*x[j]", exercise())
    assert not found.ok
    assert found.mistake is None
    point = found.counterexample
    size, place = point["n"], point["j"]
    inputs, weights = ([point[f"{name}[{entry}]"] for entry in range(1, size + 1)] for name in "xw")
    total = sum(a * b for a, b in zip(inputs, weights, strict=True))
    right = -(point["y"] - float(1 / (1 + exp(-total)))) * inputs[place - 1]
    yours = point["y"] * inputs[place - 1]
    assert abs(yours - right) > 1e-3
    shown = repr(found).replace("−", "-")
    assert shown.endswith(f"your expression is {yours:.4g} and the derivative is {right:.4g}.")
    assert f"y = {point['y']}" in shown
    assert "w = (" in shown


def test_an_expression_without_a_value_says_why():
    assert "your expression is undefined (x[" in repr(feedback("x[n + 1]*y", exercise()))


def test_equal_numbers_without_a_proof_are_called_by_their_name():
    small = Given(sizes=(n,), span=(1, 2, 3))
    question = exercise(
        answer="sum((-1)^(k*k), k, 1, n)",
        given=small,
        mistakes=(),
        question=None,
        vocabulary={"n": n, "w": w},
    )
    # Equal, but only cases of even and odd numbers could show it.
    found = feedback("sum((-1)^k, k, 1, n)", question)
    assert (found.ok, found.verdict) == (False, Verdict.CHECKED)
    assert repr(found).startswith("Not proved: it agrees at every point that was tried")
    assert "syw-checked" in found._repr_html_()
    assert feedback("sum((-1)^k, k, 1, n)", replace(question, checked_is_enough=True)).ok


def test_an_unreadable_answer_gets_its_sentence():
    found = feedback("__import__('os').system('true')", exercise())
    assert not found.ok
    assert found.verdict is None
    assert repr(found) == "Quotation marks have no place in a formula."
    assert ">not read<" in found._repr_html_()


def test_markup_in_an_answer_is_escaped():
    html = feedback("<script>", exercise())._repr_html_()
    assert "<script" not in html


@pytest.mark.parametrize(
    "answer",
    [
        "exp(exp(exp(exp(exp(9)))))",
        "exp(10^9)^12",
        "(10^9)^(10^9*y)",
        "y^y^y^y^y^y^y",
        "prod(prod(prod(exp(9), i, 1, n), k, 1, n), l, 1, n)",
        "(x[1] + w[1])^9/(x[1] - w[1])^9",
        "(y + x[1] + x[2] + x[3] + x[4])^12",
        "max(x[1], w[1], y, max(z, 1))",
    ],
)
def test_heavy_answers_are_settled_within_the_time_limit(answer):
    started = time.perf_counter()
    found = feedback(answer, exercise())
    assert time.perf_counter() - started < 20
    assert not found.ok


def test_an_undecided_answer_is_not_called_wrong(monkeypatch):
    monkeypatch.setattr("helpers.proof.answers.exercises.PATIENCE", 1)
    found = feedback("-(y - sigma(z))*x[j]", exercise())
    assert not found.ok
    assert found.verdict is Verdict.UNKNOWN
    assert "could not be decided" in repr(found)
    assert ">undecided<" in found._repr_html_()


# ---------------------------------------------------------------- exercises check themselves
def test_a_sound_exercise_verifies():
    results = exercise().verify()
    assert [result.verdict for result in results] == [Verdict.PROVED, *[Verdict.REFUTED] * 3]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"answer": "(y - sigma(z))*x[j]"}, "not proved equal to the question"),
        ({"mistakes": (Mistake("harmless", "x[j]*(sigma(z) - y)", ""),)}, "“the answer” and “harmless”"),
        ({"mistakes": (Mistake("one", "y*x[j]", ""), Mistake("two", "x_j y", ""))}, "“one” and “two”"),
    ],
)
def test_an_unsound_exercise_does_not_verify(changes, problem):
    with pytest.raises(ValueError, match=problem):
        exercise(**changes).verify()


def test_the_vocabulary_is_shown_as_it_is_typed():
    shown = exercise().vocabulary_text()
    assert shown.startswith("y, x[1..n], w[1..n], z, sigma(u), j, n; exp, log, sqrt")
    assert exercise()._repr_markdown_().startswith("Write the gradient.")


@pytest.mark.parametrize(
    ("point", "shown"),
    [
        ({"n": 2, "y": 0.5, "w[1]": 1, "w[2]": -2}, "n = 2, y = 0.5, w = (1, −2)"),
        ({"X[1, 1]": 1, "X[1, 2]": 2, "X[2, 1]": 3, "X[2, 2]": 0.25}, "X = ((1, 2), (3, 0.25))"),
        ({"M[0, 0]": 7, "M[1, 0]": 8}, "M = ((7), (8))"),
        ({"w[2]": 1}, "w[2] = 1"),
        ({"w[1]": 1, "w[3]": 2}, "w[1] = 1, w[3] = 2"),
        ({}, ""),
    ],
)
def test_points_are_gathered_by_array(point, shown):
    assert readable_point(point) == shown
