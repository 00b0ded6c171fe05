"""Oracles: each package as Python imports it; signatures as inspect gives them; a small package."""

from __future__ import annotations

import re
from importlib import import_module
from inspect import getdoc, isfunction, signature
from pathlib import Path

import pytest
import syw_api
from bs4 import BeautifulSoup
from docutils import nodes

ROOT = Path(__file__).resolve().parents[1]
HELPERS, SITE = ROOT / "helpers", ROOT / "_build" / "html"
STATED = {  # what scripts of others write statements with: these names stay where they are
    "helpers.proof": "At Derivation Given Partial RefutedStep UnprovedStep Verdict check define induction"
    " only_minimum recursive smooth sum_except",
    "helpers.notation": "K L N W X Y a array b c eps eta i j k l lam m n pk q r s sigma softmax softplus t u"
    " w x y yk z zk",
}
PACKAGES = syw_api.packages(HELPERS)
SMALL = {
    "__init__.py": 'from helpers.toy._inside import Thing, add as plus\nfrom . import more\n'
    'LIMIT = 3  # at most\n__all__ = ["LIMIT", "Thing", "more", "plus"]\n',
    "more.py": '"""More of it."""\n',
    "_inside.py": '''
class Thing(dict):
    """A thing."""

    size: int = 0
    _hidden: int = 1

    def grown(self, by: int=1) -> "Thing":
        """It, larger."""

    def _quiet(self): ...

def add(a, b: str = "x, (y", *, c: dict[str, int] | None = None):
    """Both.

    >>> add(1, 2)
    3
    """
''',
}  # fmt: skip


@pytest.fixture
def toy(tmp_path) -> Path:
    for name, text in SMALL.items():
        (tmp_path / "toy").mkdir(exist_ok=True)
        (tmp_path / "toy" / name).write_text(text, encoding="utf-8")
    return tmp_path


# ---------------------------------------------------------------- reading
def test_a_package_is_read_without_being_imported(toy):
    assert syw_api.packages(toy) == ["toy"]
    found = {name: syw_api.find(toy, "toy", name) for name in syw_api.public(toy / "toy" / "__init__.py")}
    assert {name: one.name for name, one in found.items()} == {name: name for name in found}
    assert (found["LIMIT"].signature, found["LIMIT"].doc) == ("LIMIT = 3", "At most")
    assert found["Thing"].signature == "class Thing(dict)\n    size: int = 0"
    assert [m.signature for m in found["Thing"].members] == ["grown(self, by: int = 1) -> 'Thing'"]
    assert found["plus"].signature == "add(a, b: str = 'x, (y', *, c: dict[str, int] | None = None)"
    assert found["more"].doc == "More of it."


def test_a_name_that_is_nowhere_is_an_error(toy):
    with pytest.raises(LookupError, match=r"helpers\.toy has no absent"):
        syw_api.find(toy, "toy", "absent")


def test_a_long_signature_has_one_argument_a_line():
    long = syw_api.find(HELPERS, "training", "fit").signature.splitlines()
    assert len(long) > 4
    assert all(line.startswith("    ") and line.endswith(",") for line in long[1:-1])


def test_a_docstring_is_sentences_examples_and_tables():
    made = syw_api.paragraphs("Says `a`.\n\n- one\n- two\n\n>>> 1\n1\n\nname    what\n\n    code")
    kinds = [nodes.paragraph, nodes.bullet_list, *[nodes.literal_block] * 3]
    assert [type(one) for one in made] == kinds
    assert [one.astext() for one in made[0].findall(nodes.literal)] == ["a"]


# ---------------------------------------------------------------- the helpers
@pytest.mark.parametrize("package", PACKAGES)
def test_docstrings_and_arguments_are_pythons_own(package):
    module = import_module(f"helpers.{package}")
    for name in module.__all__:
        found, value = syw_api.find(HELPERS, package, name), getattr(module, name)
        if not isfunction(value):
            continue
        assert found.doc == (getdoc(value) or ""), name
        written = re.findall(r"(?:\(|, |^ +)\**(\w+)(?=[:,) =])", found.signature, re.MULTILINE)
        assert set(signature(value).parameters) <= {*written}, name


@pytest.mark.parametrize("package", PACKAGES)
def test_each_public_name_is_on_the_page_of_its_package(package):
    path = SITE / "book" / "api" / f"{package}.html"
    assert path.is_file(), "The site is not built: run make book first."
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    sections = {one["id"]: one for one in page.select("article section[id]")}
    for name in import_module(f"helpers.{package}").__all__:
        section = sections[f"{package}.{name}"]
        assert section.select_one("h2 code").get_text() == name
        assert section.select_one("div.highlight pre").get_text().strip()


def test_the_list_leads_to_every_package():
    page = BeautifulSoup((SITE / "book" / "api.html").read_text(encoding="utf-8"), "html.parser")
    listed = [link["href"] for link in page.select("article section > ul a.reference")]
    assert listed == [f"api/{package}.html" for package in PACKAGES]


@pytest.mark.parametrize("module", STATED)
def test_the_names_that_statements_are_written_with_can_be_imported(module):
    for name in STATED[module].split():
        assert getattr(import_module(module), name) is not None
