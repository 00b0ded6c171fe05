"""Oracles: the table of arrows written down here, and planted violations that each check has to find."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
HELPERS = ROOT / "helpers"
MAX_FILE, MAX_FUNCTION = 400, 40  # lines; a function's docstring and head do not count

ARROWS: dict[str, set[str]] = {  # module: what it may import from helpers
    "__init__": {"cells"},  # when a notebook loads the extension
    "proof": {"checking"},  # the command line only: `python -m helpers.proof check`
    "notation": {"proof", "course"},
    "course": {"proof", "places"},  # where the chapters lie
    "checking": {"proof", "notation", "course"},  # homework and its mistakes
    "crosscheck": {"proof", "notation"},
    "cells": {"proof", "course"},
    "runtime": set(),
    "places": {"runtime"},
    "keeping": set(),
    "measurements": {"runtime"},  # data and models are told by their shape, not by their class
    "data": {"runtime", "places"},
    "models": {
        "runtime",
        "places",
        "data",
    },  # weights are found like data, and bring the pipeline of their pictures
    "training": {"data", "places", "runtime", "keeping"},
    "sweeps": {"training", "data", "runtime", "places", "keeping"},  # below training: no new direction
    "claims": {"runtime", "proof", "course"},  # feedback and errata by id
    "plots": {"runtime", "places"},  # whether this run has to show what is said of the published one
    "live": {"plots", "runtime"},
    "grade": {"proof", "notation", "course", "places", "runtime"},  # texts in, marks out; runs no notebook
}
BROWSER = {"proof", "notation", "course", "checking", "grade"}  # or a grader: SymPy only
LIGHT = {"__init__", "runtime", "places", "keeping"}  # importing them loads nothing but the standard library

WHAT_IS_NOT_OURS = {
    "a path of somebody's machine": r"(?<![\w.~-])/(?:root|work|tmp|home|Users|mnt)/\w",
    "a path on Windows": r"\b[A-Z]:\\\\?(?:Users|Windows)",
    "a package index": r"files\.pythonhost(?:ed)|registry\.npmj(?:s)|index-url\s*[=:]|/simple/?['\"\s]",
    "an e-mail address": r"\b[\w.+-]+@(?!v\d|example\.)[\w.-]+\.(?:com|org|net|edu|no|de|ch|io)\b",
}


def modules(folder: Path = HELPERS) -> list[tuple[str, Path]]:
    """(module, file) for each file of helpers; the files of a package belong to one module."""
    parts = ((path.relative_to(folder).parts[0], path) for path in sorted(folder.rglob("*.py")))
    return [(first.removesuffix(".py"), path) for first, path in parts]


def imported(path: Path, package: str, top_only: bool = False) -> set[str]:
    """Full names of what a file imports, relative imports resolved; `package` is the package it lies in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in tree.body if top_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def package_of(path: Path, folder: Path) -> str:
    return ".".join((folder.name, *path.relative_to(folder).parent.parts))


def wrong_arrows(folder: Path = HELPERS) -> list[str]:
    found = []
    for module, path in modules(folder):
        for name in imported(path, package_of(path, folder)):
            top, _, rest = name.partition(".")
            target = rest.split(".")[0]
            if top == "helpers" and target != module and target not in ARROWS.get(module, set()):
                found.append(f"{module} imports {target} ({path.name})")
    return found


def wrong_third_parties(folder: Path = HELPERS) -> list[str]:
    found = []
    for module, path in modules(folder):
        names = imported(path, package_of(path, folder), top_only=module in LIGHT)
        outside = {name.partition(".")[0] for name in names} - sys.stdlib_module_names - {"helpers"}
        allowed = {"sympy", "mpmath"} if module in BROWSER else set() if module in LIGHT else outside
        if path.name == "_yaml.py":  # read in a working tree only: a page has the packed JSON
            allowed = {"yaml"}
        found += [f"{module} imports {name} ({path.name})" for name in outside - allowed]
    return found


def too_long(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    lines = len(text.splitlines())
    found = [f"{path.name} has {lines} lines"] if lines > MAX_FILE else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            if length > MAX_FUNCTION:
                found.append(f"{path.name}: {node.name} has {length} lines")
    return found


def tracked_files() -> list[Path]:
    """What git keeps; in a copy without git, every file that is not hidden or built."""
    git = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if git.returncode == 0 and git.stdout:
        return [path for name in git.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    built = {"_build", "student", "data", "build", "node_modules", "__pycache__"}
    parts = ((path, path.relative_to(ROOT).parts) for path in ROOT.rglob("*") if path.is_file())
    return [path for path, names in parts if not built & set(names) and not names[0].startswith(".")]


def foreign(text: str) -> list[str]:
    return [
        f"{what}: {m[0]!r}" for what, pattern in WHAT_IS_NOT_OURS.items() for m in re.finditer(pattern, text)
    ]


def requirements(entries: list[str]) -> dict[str, str]:
    """{name: version bound} of requirement strings, names normalised as the index does (PEP 503)."""
    split = (re.match(r"([\w.-]+)\s*(?:\[[^]]*\])?\s*(.*)", entry) for entry in entries)
    return {re.sub(r"[-_.]+", "-", m[1]).lower(): m[2].replace(" ", "") for m in split}


def declared() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [entry for group in project["optional-dependencies"].values() for entry in group]
    return requirements([*project["dependencies"], *extras]) | {"python": project["requires-python"]}


def conda(text: str) -> dict[str, str]:
    """The same of an environment.yml: conda's names, `=1.2` for `==1.2`, the pip section included."""
    entries: list[str] = []
    for entry in yaml.safe_load(text)["dependencies"]:
        entries += entry["pip"] if isinstance(entry, dict) else [entry]
    found = requirements([entry for entry in entries if not entry.startswith("-")])
    names = {"pytorch": "torch", "matplotlib-base": "matplotlib"}
    exact = {name: re.sub(r"^=(?!=)", "==", bound) for name, bound in found.items()}
    return {names.get(name, name): bound for name, bound in exact.items() if name != "pip"}


# -- the repository


def test_every_arrow_is_in_the_table():
    assert {module for module, _ in modules()} <= ARROWS.keys()
    assert wrong_arrows() == []


def test_symbolic_modules_need_nothing_that_a_browser_lacks():
    assert wrong_third_parties() == []


def test_importing_a_light_module_loads_nothing_heavy():
    heavy = ("torch", "sympy", "numpy")
    code = f"import sys, helpers, helpers.runtime; print([m for m in {heavy} if m in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("folder", ["helpers", "tools", "tests", "book/_ext"])
def test_files_and_functions_fit_a_screen(folder):
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    assert [complaint for path in files for complaint in too_long(path)] == []


def test_environment_equals_pyproject():
    assert conda((ROOT / "environment.yml").read_text(encoding="utf-8")) == declared()


def test_nothing_foreign_in_the_repository():
    found = {}
    for path in tracked_files():
        if complaints := foreign(path.read_bytes().decode("utf-8", errors="ignore")):
            found[str(path.relative_to(ROOT))] = complaints
    assert found == {}


# -- the checks can fail


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("proof/a.py", "import helpers.runtime", "proof imports runtime (a.py)"),
        ("proof/a.py", "def f():\n    from ..runtime import CourseError", "proof imports runtime (a.py)"),
        ("plots.py", "from helpers import claims", "plots imports claims (plots.py)"),
        ("plots.py", "from .claims import Ledger", "plots imports claims (plots.py)"),
        ("__init__.py", "from helpers.data import mnist", "__init__ imports data (__init__.py)"),
        ("unknown.py", "from helpers import proof", "unknown imports proof (unknown.py)"),
    ],
)
def test_planted_arrow_is_found(tmp_path, file, text, complaint):
    path = tmp_path / "helpers" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    assert wrong_arrows(tmp_path / "helpers") == [complaint]


def test_arrow_inside_a_package_is_none(tmp_path):
    path = tmp_path / "helpers" / "proof" / "a.py"
    path.parent.mkdir(parents=True)
    path.write_text("from .b import c\nfrom helpers.proof import d\nfrom . import e")
    assert wrong_arrows(tmp_path / "helpers") == []


def test_planted_dependency_is_found(tmp_path):
    for name, text in (
        ("proof.py", "import numpy as np"),
        ("runtime.py", "import torch"),
        ("data.py", "import torch"),
    ):
        (tmp_path / name).write_text(text)
    assert wrong_third_parties(tmp_path) == [
        "proof imports numpy (proof.py)",
        "runtime imports torch (runtime.py)",
    ]


def test_planted_length_is_found(tmp_path):
    most = MAX_FUNCTION
    path = tmp_path / "a.py"
    path.write_text("def f():\n    '''Doc.'''\n" + "    x = 1\n" * most)
    assert too_long(path) == []
    path.write_text("def f():\n    '''Doc.'''\n" + "    x = 1\n" * (most + 1) + "\n" * MAX_FILE)
    assert too_long(path) == [
        f"a.py has {MAX_FILE + most + 3} lines",
        f"a.py: f has {most + 1} lines",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "see /".replace(" ", "\n") + "root/x",
        '"' + "/" + 'work/shared"',
        "C:" + "\\Users\\me",
        "https://files.python" + "hosted.org/x",
        "--index-" + "url=https://a",
        "jane@" + "stud.uni.no",
    ],
)
def test_planted_trace_is_found(text):
    assert foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://a.org/home/page",
        "~/.cache",
        "actions/checkout@v4",
        "you@example.org",
        "notebooks/part/a",
        "a simple / b",
    ],
)
def test_ordinary_text_is_ours(text):
    assert foreign(text) == []


def test_planted_difference_in_the_environment():
    text = (
        "dependencies:\n- python>=3.11\n- pytorch>=2.6\n- jupyter-book=1.0\n- pip\n- pip: [sphinx_x==0.1]\n"
    )
    assert conda(text) == {"python": ">=3.11", "torch": ">=2.6", "jupyter-book": "==1.0", "sphinx-x": "==0.1"}
    assert conda(text) != declared()
