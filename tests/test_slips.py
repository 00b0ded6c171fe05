"""Oracle: what Python says to the same text; distances between words counted by hand."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from shutil import which

import pytest
import trystep

from helpers.course import EXERCISES
from helpers.proof.answers import feedback
from helpers.proof.read.slips import known, named, nearest, slips_between
from helpers.proof.read.typed import BINDERS, FUNCTIONS

SLIPS = {  # what is said without Python, and how it begins or ends
    "softmax(z)": "the names are y, yhat, x, W, l, j, K, n.",
    "(yhat(k) - y[k])*x[j]": "“k” is not a name of this exercise; the names are",
    "(yhat_k - y_k) x_j": "“k” is not a name of this exercise; the names are",
    "(ŷₖ − yₗ)·xⱼ": "“k” is not a name of this exercise; the names are",
    "(yht(l) - y[l])*x[j]": "did you mean “yhat”?",
    "yaht(l)": "did you mean “yhat”?",
    "Yhat(l)": "did you mean “yhat”?",
    "usm(y[l], l, 1, K)": "did you mean “sum”?",
    "xhat(l)": "the names are",
    "λ x[j]": "“lambda” is not a name",
    "σ'(y[l])": "“sigma'” is not a name",
    "yhat'(l)": "work that derivative out.",
    "x^T W": "Whole vectors and matrices are not read here",
    "W**T x": "Whole vectors and matrices are not read here",
    "x[j] T": "“T” is not a name of this exercise; whole vectors and matrices",
    "W' x": "“W'” is not a name of this exercise; whole vectors and matrices",
    "sum_k y_k": "sum takes four things",
    "sum(y[i], i, 1, K)*q": "“q” is not a name",
    "x[j": "“[” is not closed.",
    "(x[j]))": "“)” closes nothing.",
    "(x[j)]": "“[” is closed by “)”.",
    "(  x[j]  + y[l] + y[l] + y[l] + y[l] + y[l] + y[l]": "…” is not a complete formula",
}
LEFT_TO_PYTHON = [
    "",
    "x[j",
    "x = 1",
    "\\frac{q}{1}",
    "q & y",
    "1e-3 q",
    "((" * 30 + "q",
    "x[y] +",
    "-" * 9 + "q",
]


def data(id: str) -> dict:
    return known(named(EXERCISES[id].vocabulary), FUNCTIONS, BINDERS)


def page_says(asked: Sequence[tuple[str, str]]) -> list[str]:
    """What the page says to (exercise, text), by its own script."""
    scripts = trystep.signs_js() + (trystep.HERE / "typed.js").read_text(encoding="utf-8")
    cases = json.dumps([[text, data(id)] for id, text in asked])
    run = f"{scripts}\nconsole.log(JSON.stringify({cases}.map(([t, known]) => sywSlip(t, known))));"
    node = which("node") or pytest.skip("Node.js is not here")
    done = subprocess.run([node, "-"], input=run, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_page_says_what_python_says():
    said = page_says([("softmax.gradient", text) for text in SLIPS])
    for (text, words), sentence in zip(SLIPS.items(), said, strict=True):
        assert words in sentence, text
        assert sentence == feedback(text, EXERCISES["softmax.gradient"]).message


def test_the_page_calls_no_right_or_wrong_formula_a_slip():
    asked = [(id, one) for id, e in EXERCISES.items() for one in (e.answer, *(m.expr for m in e.mistakes))]
    assert len(asked) > len(EXERCISES)
    assert set(page_says(asked)) == {""}


def test_what_the_page_says_to_broken_answers_python_says_too():
    """Each answer of the book with one character dropped or doubled."""
    asked = []
    for id, exercise in EXERCISES.items():
        text = exercise.answer
        places = range(0, len(text), 7)
        asked += [(id, text[:k] + text[k + 1 :]) for k in places] + [
            (id, text[:k] + text[k] * 2 + text[k + 1 :]) for k in places
        ]
    said = [
        (id, text, sentence) for (id, text), sentence in zip(asked, page_says(asked), strict=True) if sentence
    ]
    assert len(said) > 50
    for id, text, sentence in said:
        assert feedback(text, EXERCISES[id]).message == sentence


def test_what_the_page_cannot_judge_it_leaves_to_python():
    said = page_says([("softmax.gradient", text) for text in LEFT_TO_PYTHON])
    assert [bool(sentence) for sentence in said] == [text == "x[j" for text in LEFT_TO_PYTHON]


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("", "abc", 3),
        ("sigma", "sigma", 0),
        ("sgima", "sigma", 1),
        ("sigm", "sigma", 1),
        ("softmax", "max", 4),
    ],
)
def test_slips_are_counted(one, other, slips):
    assert slips_between(one, other) == slips_between(other, one) == slips


@pytest.mark.parametrize(
    ("word", "meant"),
    [("lam", "lambda"), ("lamda", "lambda"), ("y_hat", "yhat"), ("yy", "y"), ("k", ""), ("Z", "z"), ("q", ""),
     ("softmax", ""), ("xhat", ""), ("epsilon", "")],
)  # fmt: skip
def test_only_a_plausible_slip_gets_a_name(word, meant):
    names = ["y", "yhat", "z", "lambda", "K", "max", "tanh"]
    assert nearest(word, names, ["K"]) == meant


# ---------------------------------------------------------------- what is typed with small letters
@pytest.mark.parametrize(
    ("id", "text"),
    [
        ("softmax.gradient", "(ŷₗ − yₗ)xⱼ"),
        ("cross_entropy.curvature", "y/a² + (1 − y)(1 − a)⁻²"),
        ("dynamics.penalty-descent", "λ − ε sum(wᵢ², i, 1, n)"),
        ("dynamics.penalty-descent", "λ − ε sum(w²ᵢ, i, 1, n)"),
        ("dynamics.width", "2/ω·log(r₂)"),
        ("regularisation.half-squares", "Wᵀⱼₗ"),
        ("regularisation.half-squares", "Wᵀ[j, l]"),
        ("logistic.mean-gradient", "-sum((Yₛ - ŷₛ)*Xₛⱼ, s, 1, N)/N"),
    ],
)
def test_letters_below_and_above_the_line_are_read(id, text):
    assert feedback(text, EXERCISES[id]).ok


@pytest.mark.parametrize(
    ("id", "text", "sentence"),
    [
        ("logistic.mean-gradient", "X", "X is an array: say which entry, as in X[s, j]."),
        ("logistic.mean-gradient", "Y[s, j]", "Y takes 1 index, as in Y[s]."),
        ("regularisation.half-squares", "W", "W is an array: say which entry, as in W[1, 2]."),
        ("softmax.gradient", "xᵀ W", "Whole vectors and matrices are not read here"),
        ("softmax.gradient", "W_l[j]", "Write all indices of W in one bracket."),
        (
            "logistic.sigma-prime",
            "sigma'(u)",
            "“sigma'” is not a name of this exercise: work that derivative out.",
        ),
        (
            "backpropagation.output-error",
            "sigma'",
            "sigma' is a function: write its argument in brackets, sigma'(…).",
        ),
    ],
)
def test_a_sentence_says_what_to_do(id, text, sentence):
    assert feedback(text, EXERCISES[id]).message.startswith(sentence)
