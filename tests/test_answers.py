"""Oracle: what a reader means, written with SymPy by hand; every door to running text is watched."""
from __future__ import annotations

import ast
import builtins
import os
import subprocess
import sys
import time
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st
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

from helpers.notation import N, X, Y, array, i, j, k, lam, linear, n, s, sigma, u, w, x, y
from helpers.proof import Given, Partial, Verdict, define
from helpers.proof.answers import AnswerError, Exercise, Mistake, feedback, parse, readable_point

z = linear(w, x)
yhat = define("yhat", (s,), sigma(Sum(X[s, i] * w[i], (i, 1, n))))
slope = define("sigma'", (u,), sigma(u) * (1 - sigma(u)))
VOCABULARY = {"y": y, "x": x, "w": w, "X": X, "Y": Y, "z": z, "sigma": sigma, "sigma'": slope, "yhat": yhat,
              "lambda": lam, "j": j, "s": s, "n": n, "N": N}


def read(text):
    return parse(text, VOCABULARY)


# ---------------------------------------------------------------- what is read
@pytest.mark.parametrize(("text", "meant"), [
    ("-(y - sigma(z))*x[j]", -(y - sigma(z)) * x[j]),
    ("−(y – σ(z))·x_j", -(y - sigma(z)) * x[j]),
    ("2 lambda w[j]", 2 * lam * w[j]),
    ("2λw_j", 2 * lam * w[j]),
    ("λ w_j²", lam * w[j] ** 2),
    ("w[j]^2", w[j] ** 2),
    ("w[j]**2", w[j] ** 2),
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
])
def test_formulas_are_read_as_meant(text, meant):
    assert (read(text) - meant).expand() == 0


def test_a_bound_index_hides_the_free_one():
    assert read("sum(w[j], j, 1, n)*x[j]") == Sum(w[j], (j, 1, n)) * x[j]


def test_names_of_the_vocabulary_come_before_the_parser_s_own():
    beta = array("beta", n)
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
    "\\sigma(z)": "LaTeX",
    "{y}": "round brackets",
    "y!": "Factorials",
    "y % 2": "no place in a formula",
    "y # comment": "no place in a formula",
    "y; y": "no place in a formula",
    "y > 0": "no place in a formula",
    "y, x[1]": "Only numbers",
    "()": "Only numbers",
    "[y]": "Only numbers",
    "(y, y)": "Only numbers",
    "exp(*x)": "Only numbers",
    "exp(**x)": "Only numbers",
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


HOSTILE = {
    "code": "__import__('os').system('touch MARKER')",
    "code without quotes": "__import__(os).system(touch)",
    "attribute": "y.__class__.__bases__",
    "attribute of nothing": "().__class__",
    "attribute of a call": "sigma(z).free_symbols",
    "method": "y.subs(y, 1)",
    "string": '"y"',
    "formatted string": 'f"{y}"',
    "bytes": "b'y'",
    "lambda": "lambda: 1",
    "lambda with a body": "lambda x: x",
    "comprehension": "[y for y in x]",
    "generator": "sum(w[k] for k in x)",
    "dictionary": "{1: y}",
    "condition": "1 if y else 2",
    "assignment": "(y := 1)",
    "keyword argument": "exp(x=1)",
    "await": "await y",
    "yield": "(yield y)",
    "exec": "exec(y)",
    "eval": "eval(y)",
    "open": "open(y)",
    "builtins": "__builtins__",
    "dunder": "__name__",
    "ellipsis": "...",
    "slice": "w[1:2]",
    "statement": "import os",
    "line": "y\nimport os",
    "matrix product": "y @ y",
    "bitwise": "y & ~y",
    "floor division": "y // 2",
    "imaginary": "1J",
    "hexadecimal": "0xff",
    "scientific": "1e999999999",
    "null byte": "y\0",
    "right-to-left": "y \u202e* 2",
    "full width": "ｅｖａｌ(y)",
    "surrogate": "\ud800",
    "power tower": "9**9**9",
    "huge power": "10**10**10",
    "huge base": "(10**9)**12",
    "repeated powers": "((((10^9)^3)^3)^3)^3",
    "products of powers": "*".join(["(10^9)"] * 90),
    "symbolic power": "(y + 1)^(10^9)",
    "nested symbolic powers": "((((y + 1)^12)^12)^12)^12",
    "expansion": "(y + x[1] + x[2] + x[3] + x[4] + x[5])^12",
    "product of sums": "*".join(f"(x[{k}] + w[{k}])" for k in range(1, 30)),
    "huge number": "9" * 400,
    "long decimal": "0." + "1" * 100,
    "huge index": "w[10^9999]",
    "deep brackets": "(" * 300 + "y" + ")" * 300,
    "deep brackets, open": "(" * 900,
    "deep calls": "exp(" * 150 + "y" + ")" * 150,
    "deep indices": "w[" * 300 + "1" + "]" * 300,
    "many signs": "-" * 900 + "y",
    "many powers": "y" + "^y" * 300,
    "many terms": "+".join(["y"] * 400),
    "too long": "y + " * 400 + "y",
    "very long": "y" * 10**6,
    "long name": "y" * 900,
    "many nested sums": "sum(" * 20 + "y" + ", k, 1, n)" * 20,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_at_once(name):
    started = time.perf_counter()
    with pytest.raises(AnswerError) as refused:
        read(HOSTILE[name])
    assert time.perf_counter() - started < 1.0
    assert len(str(refused.value)) < 250
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("thing", [None, 3, b"y", ["y"], y])
def test_what_is_no_text_is_refused(thing):
    with pytest.raises(AnswerError, match="Write a formula"):
        read(thing)


PIECES = ["y", "x", "w", "X", "sigma", "σ'", "ŷ", "λ", "sum", "prod", "delta", "exp", "log", "max", "e", "n",
          "s", "(", ")", "[", "]", ",", "+", "-", "*", "/", "^", "**", "2", "0", "0.5", "_", " ", "²", "x_j",
          "k", ", k, 1, n)", "lambda", "if", "__", "'", ":", ".", "@", "\\", "∑", "𝑥", "\t"]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.text(max_size=40))


def sentence(text):
    """What a reader is told; empty if the text is a formula."""
    try:
        read(text)
    except AnswerError as refused:
        return str(refused)
    return ""


@hypothesis.settings(max_examples=1000, deadline=None, derandomize=True, database=None)
@hypothesis.given(TEXTS)
def test_any_text_is_a_formula_or_refused_with_one_sentence(text):
    message = sentence(text)
    assert not message or (message[-1] in ".?" and "\n" not in message)


# ---------------------------------------------------------------- nothing is run
def test_no_text_reaches_eval_exec_compile_or_the_system(monkeypatch, tmp_path):
    """Every door through which text could become action is guarded while all hostile texts are read."""
    monkeypatch.chdir(tmp_path)
    compiled, real = [], compile

    def guard(name):
        return lambda *args, **kwargs: pytest.fail(f"{name} was called with {args!r}")

    def only_trees(source, filename, mode, flags=0, *args, **kwargs):
        assert flags & ast.PyCF_ONLY_AST, "code was compiled"
        compiled.append(source)
        return real(source, filename, mode, flags, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(builtins, "compile", only_trees)
        for name in ("eval", "exec", "open", "input"):
            patch.setattr(builtins, name, guard(name))
        patch.setattr(os, "system", guard("os.system"))
        patch.setattr(subprocess, "Popen", guard("Popen"))
        for text in [*HOSTILE.values(), *REFUSED]:
            with pytest.raises(AnswerError):
                read(text)
        read("-(y - sigma(z))*x[j]")
        with pytest.raises(pytest.fail.Exception, match="eval was called"):
            eval(HOSTILE["code"])
    assert compiled
    assert not list(tmp_path.iterdir())
    trees = [ast.parse(source) for source in compiled[:-1] if _is_grammatical(source)]
    words = {node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert "v_eval" in words
    assert all(word.startswith("v_") or word[1:].isdigit() for word in words)


def _is_grammatical(source):
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def test_the_source_holds_no_way_to_run_text():
    folder = Path(sys.modules["helpers.proof.parsing"].__file__).parent
    for module in ("tokens", "parsing", "answers"):
        tree = ast.parse((folder / f"{module}.py").read_text())
        called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not called & {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "__import__"}


# ---------------------------------------------------------------- feedback
GIVEN = Given(sizes=(n,), free={j: (1, n)}, domain={y: "unit"})


def exercise(**changes):
    facts = {
        "id": "test.gradient", "prompt": "Write the gradient.", "answer": "-(y - sigma(z))*x[j]",
        "given": GIVEN,
        "vocabulary": {"y": y, "x": x, "w": w, "z": z, "sigma": sigma, "j": j, "n": n},
        "mistakes": (Mistake("the sign is wrong", "(y - sigma(z))*x[j]", "Try y = 1."),
                     Mistake("x is missing", "-(y - sigma(z))", "What multiplies w_j?")),
        "question": Partial(-(y * log(sigma(z)) + (1 - y) * log(1 - sigma(z))), w[j]),
        "quantity": "the derivative",
    }
    return Exercise(**{**facts, **changes})


@pytest.mark.parametrize("answer", [
    "-(y - sigma(z))*x[j]", "x_j σ(z) - y x_j", "(1/(1 + exp(-z)) - y)*x[j]", x[j] * (sigma(z) - y),
    "sum(x[k]*delta(k, j), k, 1, n)*(sigma(z) - y)",
])
def test_a_right_answer_in_any_form_is_right(answer):
    found = feedback(answer, exercise())
    assert found.ok
    assert found.verdict is Verdict.PROVED
    assert found.mistake is None
    assert repr(found) == "Right: proved equal to the derivative for every n."
    assert 'class="syw-verdict syw-proved">right<' in found._repr_html_()


@pytest.mark.parametrize(("answer", "name"), [
    ("(y - sigma(z))*x[j]", "the sign is wrong"), ("x_j y - x_j/(1 + exp(-z))", "the sign is wrong"),
    ("sigma(z) - y", "x is missing"), (sigma(z) - y, "x is missing"),
])
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
    question = exercise(answer="sum(k^3, k, 1, n)", given=small, mistakes=(), question=None,
                        vocabulary={"n": n, "w": w})
    # Equal for n = 1, 2 and 3, which are all the sizes that are tried, and for no other.
    found = feedback("(n*(n + 1)/2)^2 + (n - 1)*(n - 2)*(n - 3)", question)
    assert found.verdict is Verdict.CHECKED
    assert repr(found) == "Right at every point that was tried, though the algebra did not find a proof."
    assert "syw-checked" in found._repr_html_()


def test_an_unreadable_answer_gets_its_sentence():
    found = feedback("__import__('os').system('true')", exercise())
    assert not found.ok
    assert found.verdict is None
    assert repr(found) == "Quotation marks have no place in a formula."
    assert ">not read<" in found._repr_html_()


def test_markup_in_an_answer_is_escaped():
    html = feedback("<script>", exercise())._repr_html_()
    assert "<script" not in html


@pytest.mark.parametrize("answer", [
    "exp(exp(exp(exp(exp(9)))))", "exp(10^9)^12", "(10^9)^(10^9*y)", "y^y^y^y^y^y^y",
    "prod(prod(prod(exp(9), i, 1, n), k, 1, n), l, 1, n)", "(x[1] + w[1])^9/(x[1] - w[1])^9",
    "(y + x[1] + x[2] + x[3] + x[4])^12", "max(x[1], w[1], y, max(z, 1))",
])
def test_heavy_answers_are_settled_within_the_time_limit(answer):
    started = time.perf_counter()
    found = feedback(answer, exercise())
    assert time.perf_counter() - started < 20
    assert not found.ok


def test_an_undecided_answer_is_not_called_wrong(monkeypatch):
    monkeypatch.setattr("helpers.proof.answers.PATIENCE", 1e-6)
    found = feedback("-(y - sigma(z))*x[j]", exercise())
    assert not found.ok
    assert found.verdict is Verdict.UNKNOWN
    assert "could not be decided" in repr(found)
    assert ">undecided<" in found._repr_html_()


# ---------------------------------------------------------------- exercises check themselves
def test_a_sound_exercise_verifies():
    results = exercise().verify()
    assert [result.verdict for result in results] == [Verdict.PROVED, *[Verdict.REFUTED] * 3]


@pytest.mark.parametrize(("changes", "problem"), [
    ({"answer": "(y - sigma(z))*x[j]"}, "not proved equal to the question"),
    ({"mistakes": (Mistake("harmless", "x[j]*(sigma(z) - y)", ""),)}, "“the answer” and “harmless”"),
    ({"mistakes": (Mistake("one", "y*x[j]", ""), Mistake("two", "x_j y", ""))}, "“one” and “two”"),
])
def test_an_unsound_exercise_does_not_verify(changes, problem):
    with pytest.raises(ValueError, match=problem):
        exercise(**changes).verify()


def test_the_vocabulary_is_shown_as_it_is_typed():
    shown = exercise().vocabulary_text()
    assert shown.startswith("y, x[1..n], w[1..n], z, sigma(u), j, n; exp, log, sqrt")
    assert exercise()._repr_markdown_().startswith("Write the gradient.")


@pytest.mark.parametrize(("point", "shown"), [
    ({"n": 2, "y": 0.5, "w[1]": 1, "w[2]": -2}, "n = 2, y = 0.5, w = (1, −2)"),
    ({"X[1, 1]": 1, "X[1, 2]": 2, "X[2, 1]": 3, "X[2, 2]": 0.25}, "X = ((1, 2), (3, 0.25))"),
    ({"M[0, 0]": 7, "M[1, 0]": 8}, "M = ((7), (8))"),
    ({"w[2]": 1}, "w[2] = 1"),
    ({"w[1]": 1, "w[3]": 2}, "w[1] = 1, w[3] = 2"),
    ({}, ""),
])
def test_points_are_gathered_by_array(point, shown):
    assert readable_point(point) == shown


def test_an_array_without_a_shape_takes_any_number_of_indices():
    free = IndexedBase("q")
    assert parse("q[1, 2] + q[1]", {"q": free}) == free[1, 2] + free[1]
