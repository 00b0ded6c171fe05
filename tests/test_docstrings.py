"""Oracle: Python itself, which runs the examples of the docstrings and compares what they print."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SOURCES = sorted(path for path in (ROOT / "helpers").rglob("*.py"))
BLOCK = re.compile(r"(?:^|\n\n)((?: {4,}.*(?:\n|$)|\n(?= {4}))+)")  # set apart by an empty line, and indented
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def name(path: Path) -> str:
    """The module in a file of the course."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def docstrings(text: str) -> list[str]:
    return [
        ast.get_docstring(node) or "" for node in ast.walk(ast.parse(text)) if isinstance(node, DOCUMENTED)
    ]


EXAMPLES = [path for path in SOURCES if any(">>>" in doc for doc in docstrings(path.read_text("utf-8")))]


def failures(module) -> tuple[int, str]:
    """How many examples a module has, and what the failing ones got."""
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    for test in doctest.DocTestFinder(exclude_empty=True).find(module):
        runner.run(test, out=told.append)
    return runner.tries, "".join(told)


def unreadable(doc: str) -> list[str]:
    """The indented blocks that are neither an example with a prompt nor Python (… stands for anything)."""
    wrong = []
    for block in BLOCK.findall(doc):
        try:
            if ">>>" not in block:
                ast.parse(textwrap.dedent(block).replace("…", "..."))
        except SyntaxError as error:
            wrong.append(f"{error.msg}: {block.strip()[:60]}")
    return wrong


@pytest.mark.parametrize("path", EXAMPLES, ids=name)
def test_examples_give_what_they_show(path):
    tries, told = failures(importlib.import_module(name(path)))
    assert told == ""
    assert tries > 0


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_code_without_prompts_is_python(path):
    assert [line for doc in docstrings(path.read_text("utf-8")) for line in unreadable(doc)] == []


def test_the_package_has_examples():
    assert {"helpers.proof", "helpers.notation", "helpers.course"} <= {name(path) for path in EXAMPLES}


def test_a_wrong_example_is_found():
    module = type(doctest)("wrong", ">>> 1 + 1\n3\n>>> 'a' 'b'\n'ab'\n")
    tries, told = failures(module)
    assert tries == 2
    assert "Expected:\n    3\nGot:\n    2" in told


@pytest.mark.parametrize(
    ("doc", "wrong"),
    [
        ("What it does.\n\n    a = f(x, y)\n    g(a, …)  # at once\n\nMore.", 0),
        ("What it does.\n\n    def f():\n        return 1\n\n    f()\n", 0),
        ("What it does.\n\n    a = f(x,\n    y) g(a)\n\nMore.", 1),  # two lines that became one
        ("A table.\n\n`x`     a number\n        or two\n", 0),
    ],
)
def test_code_that_is_no_python_is_found(doc, wrong):
    assert len(unreadable(doc)) == wrong
