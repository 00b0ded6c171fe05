"""Oracle: what a reader means, written with SymPy by hand; every door to running text is watched."""

from __future__ import annotations

import re
from fractions import Fraction

import hypothesis
import pytest
from hypothesis import strategies as st
from sampling import often
from sympy import (
    Abs,
    IndexedBase,
    KroneckerDelta,
    Max,
    Min,
    Product,
    Rational,
    Sum,
    exp,
    log,
    sign,
    sqrt,
)

from helpers.notation import N, X, Y, i, j, k, lam, n, s, sigma, u, w, x, y
from helpers.proof import define
from helpers.proof.answers import AnswerError, parse

z = Sum(w[i] * x[i], (i, 1, n))
yhat = define("yhat", (s,), sigma(Sum(X[s, i] * w[i], (i, 1, n))))
slope = define("sigma'", (u,), sigma(u) * (1 - sigma(u)))
VOCABULARY = {
    "y": y,
    "x": x,
    "w": w,
    "X": X,
    "Y": Y,
    "z": z,
    "sigma": sigma,
    "sigma'": slope,
    "yhat": yhat,
    "lambda": lam,
    "j": j,
    "s": s,
    "n": n,
    "N": N,
}


def read(text):
    return parse(text, VOCABULARY)


# ---------------------------------------------------------------- what is read
@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("-(y - sigma(z))*x[j]", -(y - sigma(z)) * x[j]),
        ("−(y – σ(z))·x_j", -(y - sigma(z)) * x[j]),
        ("2 lambda w[j]", 2 * lam * w[j]),
        ("2λw_j", 2 * lam * w[j]),
        ("λ w_j²", lam * w[j] ** 2),
        ("w[j]^2", w[j] ** 2),
        ("w[j]**2", w[j] ** 2),
        ("w(j)^(n) X(s, j)", w[j] ** n * X[s, j]),
        ("y^(2) + y^(n + 1)", y**2 + y ** (n + 1)),
        ("-w[j]^2", -(w[j] ** 2)),
        ("2^-1", Rational(1, 2)),
        ("2^3^2/2^8", 2),
        ("y(1 - y)^2", y * (1 - y) ** 2),
        ("(1 - y)(1 + y)", (1 - y) * (1 + y)),
        ("x[j](y - 1)", x[j] * (y - 1)),
        ("0.5 y", y / 2),
        (".25*y + 1.", y / 4 + 1),
        ("ln(y) + log(y)", 2 * log(y)),
        ("exp(-z)", exp(-z)),
        ("e^(-z)", exp(-z)),
        ("√(y)", sqrt(y)),
        ("abs(y) + sign(y) + min(y, 1) + max(0, y, 2)", Abs(y) + sign(y) + Min(y, 1) + Max(0, y, 2)),
        ("sum(X[s,j]*(yhat(s) - Y[s]), s, 1, N)/N", Sum(X[s, j] * (yhat(s) - Y[s]), (s, 1, N)) / N),
        ("Σ(X_sj (ŷ_s - Y_s), (s, 1, N))/N", Sum(X[s, j] * (yhat(s) - Y[s]), (s, 1, N)) / N),
        ("sum(ŷ[s], s, 1, N - 1)", Sum(yhat(s), (s, 1, N - 1))),
        ("prod(w[k], k, 2, n)", Product(w[k], (k, 2, n))),
        ("sum(sum(X[s,i], i, 1, n), s, 1, N)", Sum(Sum(X[s, i], (i, 1, n)), (s, 1, N))),
        ("delta(j, 1)*x[1]", KroneckerDelta(j, 1) * x[1]),
        ("σ'(z) + sigma′(z)", 2 * slope(z)),
        ("x_1 + w[j+1]", x[1] + w[j + 1]),
        ("+y", y),
        ("y\n*\t2", 2 * y),
    ],
)
def test_formulas_are_read_as_meant(text, meant):
    assert (read(text) - meant).expand() == 0


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        (r"-(y - \sigma(z)) x_j", "-(y - sigma(z))*x[j]"),
        (r"-\frac{1}{N} \sum_{s=1}^{N} (Y_s - \hat y_s) X_{sj}", "-sum((Y[s] - yhat(s))*X[s,j], s, 1, N)/N"),
        (
            r"\frac1N \sum_{s=1}^N \sigma'(z) X_{s,j} + 2 \lambda w_j",
            "sum(sigma'(z)*X[s,j], s, 1, N)/N + 2*lambda*w[j]",
        ),
        (r"\prod_{k=2}^n w_k", "prod(w[k], k, 2, n)"),
        (r"\delta_{j1} x_1 \left|y\right|", "delta(j, 1)*x[1]*abs(y)"),
        (r"\sqrt{y} + \ln(y) + e^{-z}", "sqrt(y) + log(y) + exp(-z)"),
        (r"{y}", "y"),
        (r"\sum_{s=1}^{N - 1} \hat y_s", "sum(ŷ[s], s, 1, N - 1)"),
        (r"\max(y, 1) \tanh(z)", "max(y, 1)*tanh(z)"),
    ],
)
def test_latex_is_read_as_its_typed_form(text, typed):
    assert (read(text) - read(typed)).expand() == 0


def test_a_typed_sum_says_what_it_sums():
    assert read("sum(x[j], k, 1, n)") == Sum(x[j], (k, 1, n))


def test_a_bound_index_hides_the_free_one():
    assert read("sum(w[j], j, 1, n)*x[j]") == Sum(w[j], (j, 1, n)) * x[j]


@hypothesis.settings(max_examples=often(300), deadline=None, derandomize=True, database=None)
@hypothesis.given(st.randoms(use_true_random=False))
def test_signs_bind_as_in_python(random):
    """Oracle: Python works the same text out with fractions; entries of w are a dictionary's."""
    text = arithmetic(random, 4)
    values = {"F": Fraction, "y": Fraction(2, 3), "w": {1: Fraction(5), 2: Fraction(-1, 2)}}
    try:
        meant = eval(re.sub(r"(\d)", r"F(\1)", text), values)
    except ZeroDivisionError:
        return
    found = read(text).subs({y: Rational(2, 3), w[1]: 5, w[2]: Rational(-1, 2)})
    assert found == Rational(meant.numerator, meant.denominator)


def arithmetic(random, depth):
    """A text that Python and a reader of formulas understand alike."""
    if depth == 0:
        return random.choice(["2", "3", "y", "w[1]", "w[2]", "w[3 - 1]", "(1)"])
    one, other = (arithmetic(random, random.randrange(depth)) for _ in range(2))
    sign = random.choice(["+", "-", " * ", "/", " - -", "*-", "**"])
    if sign == "**":
        return f"{random.choice(['-', ''])}({one}){random.choice(['**2', '**-1', '**2**1', '**-2**0'])}"
    return random.choice(["{}{}{}", "({}{}{})", "-{}{}{}", "+({}{}{})"]).format(one, sign, other)


@pytest.mark.parametrize(
    ("text", "other"),
    [("2^3^2", "(2^3)^2"), ("-w[1]^2", "(-w[1])^2"), ("y - z - y", "y - (z - y)"), ("y/2*z", "y/(2 z)")],
)
def test_brackets_change_what_is_read(text, other):
    assert (read(text) - read(other)).expand() != 0


def test_what_stands_in_an_index_is_one_index():
    free = IndexedBase("q")
    assert (
        parse("q[12] + q[j s, 1] + q_12", {"q": free, "j": j, "s": s})
        == free[12] + free[j * s, 1] + free[1, 2]
    )


def test_a_letter_called_t_is_a_name_where_the_exercise_has_it():
    assert parse("y^T + T'", {"y": y, "T": u, "T'": x[1]}) == y**u + x[1]


def test_names_of_the_vocabulary_come_before_the_parser_s_own():
    beta = IndexedBase("beta", shape=(n,), real=True)
    assert parse("delta_j + e + sum", {"delta": beta, "j": j, "e": y, "sum": x[1]}) == beta[j] + y + x[1]


# ---------------------------------------------------------------- what is refused, in one sentence
REFUSED = {
    "": "Write a formula",
    "   ": "Write a formula",
    "y +": "not a complete formula",
    "(y": "not a complete formula",
    "y)": "not a complete formula",
    "y * * y": "not a complete formula",
    "dC/dw = y": "right-hand side",
    "y == y": "right-hand side",
    "yy": "not a name of this exercise; did you mean “y”",
    "sigm(z)": "did you mean “sigma”",
    "Z": "did you mean “z”",
    "quark": "the names are y, x, w",
    "w": "w is an array: say which entry, as in w[j]",
    "X": "X[s, j]",
    "sigma": "sigma is a function",
    "exp": "exp is a function",
    "sum": "sum is a function",
    "X[j]": "X takes 2 indices",
    "w[1, 2]": "w takes 1 index",
    "w[y]": "must be an index or a whole number",
    "w[1/2]": "must be an index or a whole number",
    "yhat(y)": "must be an index or a whole number",
    "delta(y, 1)": "must be an index or a whole number",
    "sigma(y, y)": "sigma takes 1 argument",
    "exp(y, y)": "exp takes 1 argument",
    "max(y)": "max takes two or more",
    "y[1]": "neither a function nor an array",
    "sum(w[j], j)": "sum takes four things",
    "sum(w[j], 1, 1, n)": "sum takes four things",
    "sum(w[k], k, 1, n^2)": "bounds of a sum",
    "sum(w[k], k, 1, 2*n)": "bounds of a sum",
    "sum(w[k], k, 1, y)": "bounds of a sum",
    "sum(1, k, 1, 1000)": "bounds of a sum",
    "sum(1, k, -12, 12)": "over more than 12",
    "sum(1, n, 1, N)": "cannot be the index of a sum",
    "sum(1, y, 1, N)": "cannot be the index of a sum",
    "sum(sum(1, s, 1, N), s, 1, N)": "cannot be the index of a sum",
    "sum(sum(sum(sum(1, a, 1, n), b, 1, n), c, 1, n), d, 1, n)": "More than 3 sums",
    "1/0": "has no value",
    "log(0)": "has no value",
    "1/(y - y)": "has no value",
    "0^-1": "has no value",
    "1/2y": "two ways",
    "1/N sum(Y[s], s, 1, N)": "two ways",
    "y 2": "operator is missing",
    "1 2": "operator is missing",
    "|y|": "abs",
    "\\sigma(z": "needs its “)”",
    "\\frac{y}{": "the formula ends there",
    "C = \\sigma(z)": "right-hand side",
    "\\rho y": "is not a name of this exercise; the names are y, x, w",
    "\\sigma": "is a function",
    "w + \\sigma(z)": "added to a vector",
    "{w}": "whole vector",
    "\\frac{\\partial y}{\\partial y}": "Work it out",
    "\\lim_{y \\to 0} y": "Work it out",
    "\\frac{1}{0}": "has no value",
    "\\sum_{k=1}^{1000} 1": "bounds of a sum",
    "y^{13}": "outside ±12",
    "\\sum_{k=1}^{n} w_l": "not a name",
    "X^T y": "Whole vectors and matrices are not read here: write entries",
    "X.T w": "Whole vectors and matrices are not read here: write entries",
    "X @ w": "Whole vectors and matrices are not read here: write entries",
    "X' w": "“X'” is not a name of this exercise; whole vectors and matrices are not read here",
    "2 T": "“T” is not a name of this exercise; whole vectors and matrices are not read here",
    "\\frac{T}{2}": "T is not a name of this exercise; whole vectors and matrices are not read here",
    "X^\\top w": "vectors or matrices of this formula do not fit together: write entries",
    "X^\\top Y": "whole vector or matrix: write one entry",
    "\\log_0(y)": "has no value",
    "1/(1/(y - y))": "has no value",
    "\\sum_{k=1}^n x_j": "its term holds j and no k",
    "w[0]": "w has no entry 0: index 1 runs from 1 to n.",
    "sum(w[k], k, 1, n) + k": "“k” is not a name",
    "sum(w[j], j, 1, j)": "j is the index of this sum, and its end",
    "min(sqrt(-1), y)": "min compares real numbers",
    "y, w": "Only numbers",
    "y^41": "outside ±12",
    "y^(6 + 7)": "outside ±12",
    "\\sum_{k=1}^y w_k": "bounds of a sum must be whole numbers",
    "y!": "Factorials",
    "y % 2": "no place in a formula",
    "y # comment": "no place in a formula",
    "y; y": "no place in a formula",
    "y > 0": "no place in a formula",
    "y, x[1]": "Only numbers",
    "()": "Only numbers",
    "[y]": "Only numbers",
    "(y, y)": "Only numbers",
    "exp(*x)": "not a complete formula",
    "exp(**x)": "not a complete formula",
    "(exp)(y)": "exp is a function",
    "x[1][2]": "Only numbers",
    "(x + y)[1]": "Only numbers",
    "y(z)[1]": "z is neither a function nor an array",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_formula_is_refused_with_a_sentence(text):
    with pytest.raises(AnswerError) as refused:
        read(text)
    message = str(refused.value)
    assert REFUSED[text] in message
    assert "\n" not in message
    assert message[-1] in ".?"
    assert len(message) < 200


@pytest.mark.parametrize("thing", [None, 3, b"y", ["y"], y])
def test_what_is_no_text_is_refused(thing):
    with pytest.raises(AnswerError, match="Write a formula"):
        read(thing)


PIECES = [
    "y",
    "x",
    "w",
    "X",
    "sigma",
    "σ'",
    "ŷ",
    "λ",
    "sum",
    "prod",
    "delta",
    "exp",
    "log",
    "max",
    "e",
    "n",
    "s",
    "(",
    ")",
    "[",
    "]",
    ",",
    "+",
    "-",
    "*",
    "/",
    "^",
    "**",
    "2",
    "0",
    "0.5",
    "_",
    " ",
    "²",
    "x_j",
    "k",
    ", k, 1, n)",
    "lambda",
    "if",
    "__",
    "'",
    ":",
    ".",
    "@",
    "\\",
    "∑",
    "𝑥",
    "\t",
]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.text(max_size=40))


def sentence(text):
    """What a reader is told; empty if the text is a formula."""
    try:
        read(text)
    except AnswerError as refused:
        return str(refused)
    return ""


@hypothesis.settings(max_examples=often(500), deadline=None, derandomize=True, database=None)
@hypothesis.given(TEXTS)
def test_any_text_is_a_formula_or_refused_with_one_sentence(text):
    message = sentence(text)
    assert not message or (message[-1] in ".?" and "\n" not in message)


def test_an_array_without_a_shape_takes_any_number_of_indices():
    free = IndexedBase("q")
    assert parse("q[1, 2] + q[1]", {"q": free}) == free[1, 2] + free[1]


# ---------------------------------------------------------------- as phones and copied text write it
@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("(y/2)(1 - z)", "(y/2)*(1 - z)"),
        ("(1/2) y", "y/2"),
        ("(z/y)(2-y)/(2-1)", "z/y*(2 - y)/(2 - 1)"),
        ("((2/3))y z", "2*y*z/3"),
        ("\u00a0y\u200b + \ufeffz\u202c", "y + z"),
        ("（y＋z）＊２", "2*(y + z)"),
        ("y — z", "y - z"),
        ("y‐z∙z•y", "y - z*z*y"),
    ],
)
def test_brackets_and_signs_of_other_keyboards_are_understood(text, same):
    words = {"y": y, "z": u}
    assert parse(text, words) == parse(same, words)


@pytest.mark.parametrize("text", ["1/2 y", "(1/2 y)", "1/(2) y", "d y/d y", "y + 1e-3", "2.5E+4"])
def test_what_has_two_readings_is_asked_for(text):
    with pytest.raises(AnswerError, match=r"can be read in two ways: (add \* or brackets|write 0.001)"):
        parse(text, {"y": y, "d": u})
