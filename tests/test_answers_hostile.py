"""Oracle: a guard at every door through which text could be run, itself shown to fire."""

from __future__ import annotations

import ast
import builtins
import os
import subprocess
import sys
from pathlib import Path

import pytest
from counting import calls

from helpers.notation import lam, sigma, y
from helpers.proof.answers import AnswerError, parse
from tests.test_answers import REFUSED, read

MOST_CALLS = 500_000  # about a tenth of a second; the longest text takes a quarter of them
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
    "LaTeX that reads a file": "\\input{/etc/passwd}",
    "LaTeX that writes": "\\write18{touch MARKER}",
    "LaTeX macro without end": "\\def\\a{\\a\\a}\\a",
    "LaTeX macro that doubles": "".join(
        f"\\def\\{c}{{\\{d}\\{d}}}" for c, d in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "\\a",
    "LaTeX power tower": "9^{9^{9^{9}}}",
    "LaTeX huge power": "{10}^{10^{10}}",
    "LaTeX repeated powers": "{(((10^9)^3)^3)^3}^3",
    "LaTeX expansion": "{(y + x_1 + x_2 + x_3 + x_4 + x_5)}^{12}",
    "LaTeX deep braces": "{" * 400 + "y" + "}" * 400,
    "LaTeX deep fractions": "\\frac{1}{" * 90 + "y" + "}" * 90,
    "LaTeX nested sums": "\\sum_{k=1}^{n} " * 20 + "y",
    "LaTeX long": "\\frac{y}{y}" * 300,
    "many nested sums": "sum(" * 20 + "y" + ", k, 1, n)" * 20,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_at_once(name):
    refused = []

    def ask() -> None:
        with pytest.raises(AnswerError) as error:
            read(HOSTILE[name])
        refused.append(str(error.value))

    assert calls(ask) < MOST_CALLS
    assert len(refused[0]) < 250
    assert "\n" not in refused[0]


# ---------------------------------------------------------------- nothing is run
def test_no_text_reaches_eval_exec_compile_or_the_system(monkeypatch, tmp_path):
    """Every door through which text could become action is guarded while all hostile texts are read."""
    monkeypatch.chdir(tmp_path)

    def guard(name):
        return lambda *args, **kwargs: pytest.fail(f"{name} was called with {args!r}")

    with monkeypatch.context() as patch:
        for name in ("compile", "eval", "exec", "open", "input"):
            patch.setattr(builtins, name, guard(name))
        patch.setattr(os, "system", guard("os.system"))
        patch.setattr(subprocess, "Popen", guard("Popen"))
        for text in [*HOSTILE.values(), *REFUSED]:
            with pytest.raises(AnswerError):
                read(text)
        read("-(y - sigma(z))*x[j]")
        with pytest.raises(pytest.fail.Exception, match="eval was called"):
            eval(HOSTILE["code"])
        with pytest.raises(pytest.fail.Exception, match="compile was called"):
            ast.parse("y")
    assert not list(tmp_path.iterdir())


def test_a_word_of_python_is_a_name_like_any_other():
    words = {"while": y, "eval": sigma, "lambda": lam}
    assert parse("eval(while) + 2 lambda", words) == sigma(y) + 2 * lam
    with pytest.raises(AnswerError, match="“eval” is not a name"):
        parse("eval(while)", {"while": y})


def test_the_source_holds_no_way_to_run_text():
    folder = Path(sys.modules["helpers.proof"].__file__).parent
    sources = [*(folder / "read").glob("*.py"), *(folder / "answers").glob("*.py")]
    assert len(sources) >= 5
    for source in sources:
        tree = ast.parse(source.read_text())
        called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not called & {"eval", "exec", "compile", "sympify", "parse_expr", "lambdify", "__import__"}
        imported = {
            name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
        }
        assert not imported & {"ast", "builtins", "importlib"}
