"""Oracles: pairs of texts judged by hand, and nbval's own classes after the plug-in was taught."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import output_from_msg

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def settings():
    """The root conftest.py as a module of its own, whatever pytest has made of it."""
    spec = importlib.util.spec_from_file_location("course_conftest", ROOT / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("stored", "new"),
    [
        ("proved", "proved"),
        ("loss 0.12345 nats", "loss 0.12346 nats"),
        ("tensor([1.0000, -2.5000])", "tensor([1.0001, -2.5001])"),
        ("error 2.2e-16", "error 4.4e-16"),
        ("−0.50000 is it.", "−0.50001 is it."),
        ("(0.10000, 1)", "(0.10001, 1)"),
        ("M 38.48201 114.19", "M 38.48202 114.19"),
        ("1.00000e+03", "1000.01"),
        ("At w = -2: left side -0.5", "At w = −2: left side −0.5"),
    ],
)
def test_rounding_is_forgiven(settings, stored, new):
    assert settings.agree(stored, new)


@pytest.mark.parametrize(
    ("stored", "new"),
    [
        ("proved", "refuted"),
        ("loss 0.1234", "loss 0.1236"),
        ("0.5", "-0.5"),
        ("−0.5", "0.5"),
        ("w = -2", "w = −3"),
        ("w = -2", "w = 2"),
        ("a - b", "a − b"),
        ("3 of 5", "4 of 5"),
        ("60000", "60001"),
        ("1", "1.0"),
        ("x1", "x2"),
        ("A1-2d/C", "A1-2e/C"),
        ("0.5 0.5", "0.5"),
        ("0.5 nats", "0.5 bits"),
        ("w_1.5", "w_1.6"),
    ],
)
def test_everything_else_is_not(settings, stored, new):
    assert not settings.agree(stored, new)


def message(kind: str, **content):
    return output_from_msg({"header": {"msg_type": kind}, "content": {"metadata": {}, **content}})


def test_only_agreeing_texts_are_replaced(settings):
    stored = [
        message("stream", name="stdout", text="0.10000\n"),
        message("display_data", data={"text/plain": "0.5", "image/png": "aaa", "text/html": "<b>0.7</b>"}),
    ]
    new = [
        message("stream", name="stdout", text="0.10001\n"),
        message(
            "display_data", data={"text/plain": "0.6", "image/png": "bbb", "text/html": "<b>0.70001</b>"}
        ),
    ]
    settings.forgive_rounding(new, stored)
    assert new[0].text == "0.10000\n"
    assert new[1].data == {"text/plain": "0.6", "image/png": "bbb", "text/html": "<b>0.7</b>"}


def test_fewer_new_outputs_than_stored(settings):
    stored = [message("stream", name="stdout", text="a"), message("stream", name="stderr", text="b")]
    new = stored[:1]
    settings.forgive_rounding(new, stored)
    assert new == stored[:1]


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("notebooks/01-logistic-regression.ipynb", None),
        ("notebooks/01-logistic-regression-Copy1.ipynb", True),
        ("_build/01-a.ipynb", True),
        ("student/01-a.ipynb", True),
        ("notebooks/.ipynb_checkpoints/01-a.ipynb", True),
        ("tests/test_nbval.py", None),
    ],
)
def test_notebooks_come_from_one_folder(settings, path, ignored):
    assert settings.pytest_ignore_collect(ROOT / path, config=None) is ignored


# ---------------------------------------------------------------- several workers
def test_long_files_begin_first_and_all_of_them_exist(settings):
    order = ["notebooks/11-b.ipynb", "notebooks/02-a.ipynb", *settings.FIRST[1:], "tests/test_answers.py"]
    assert sorted([order[-1], *order[:-1]], key=settings.place) == order
    assert [name for name in settings.FIRST if not (ROOT / name).exists()] == []


def test_the_tests_of_a_file_stay_together_and_in_their_order(settings):
    items = [SimpleNamespace(nodeid=f"tests/test_{k % 3}.py::test_{k}") for k in range(9)]
    items += [SimpleNamespace(nodeid=f"notebooks/01-a.ipynb::Cell {k}") for k in range(12)]
    grouped = sorted(items, key=lambda item: item.nodeid.partition("::")[0])
    settings.pytest_collection_modifyitems(SimpleNamespace(workerinput={}), grouped)
    assert [item.nodeid for item in grouped[:12]] == [f"notebooks/01-a.ipynb::Cell {k}" for k in range(12)]
    assert [item.nodeid[11] for item in grouped[12:]] == list("000111222")
    alone = items[::-1]
    settings.pytest_collection_modifyitems(SimpleNamespace(), alone)
    assert alone == items[::-1]  # one process runs them as they come
