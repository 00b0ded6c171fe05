"""Oracle: the notebooks' own cells, by a plain search of their JSON; texts that are false on purpose."""

from __future__ import annotations

import json

import pytest

from helpers import texts
from helpers.cells import derive, recall
from helpers.places import chapters
from helpers.proof import RefutedStep, Verdict
from helpers.runtime import CourseError

SLOPE = r"\sigma'(u) = \sigma(u) (1 - \sigma(u))"


@pytest.fixture
def chapter(tmp_path):
    def write(name: str, *sources: str):
        cells = [{"cell_type": "code", "source": [source]} for source in sources]
        path = tmp_path / f"{name}.ipynb"
        path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
        return path

    return write


@pytest.fixture
def one_chapter(chapter, monkeypatch):
    """A course of one chapter with one derivation, in which nothing was derived before."""
    found = texts.gathered([chapter("01-one", f"%%derivation a.slope\n{SLOPE}")])
    monkeypatch.setattr("helpers.texts.texts", lambda: found)
    monkeypatch.setattr("helpers.cells._derived", {})
    return found


def test_every_cell_of_the_book_is_found():
    cells = [cell for path in chapters() for cell in json.loads(path.read_text("utf-8"))["cells"]]
    heads = ["".join(cell["source"]).partition("\n")[0] for cell in cells if cell["cell_type"] == "code"]
    assert sorted(texts.texts()) == sorted(
        head.split()[1] for head in heads if head.startswith("%%derivation")
    )


def test_recalled_from_a_chapter_and_folded(one_chapter):
    found = recall("a.slope")
    assert found.verdict is Verdict.PROVED
    assert found.home == "in chapter 01-one"
    assert found._repr_html_().startswith("<details>")


def test_recalled_from_the_kernel(one_chapter):
    derive(SLOPE, "a.slope")
    assert recall("a.slope").home == "above"


def test_a_false_text_of_a_chapter_is_judged_again(chapter, monkeypatch):
    path = chapter("01-one", "%%derivation a.slope\n" + SLOPE.replace("1 -", "1 +"))
    monkeypatch.setattr("helpers.texts.texts", lambda: texts.gathered([path]))
    monkeypatch.setattr("helpers.cells._derived", {})
    with pytest.raises(RefutedStep):
        recall("a.slope")


def test_what_is_not_there_is_said_with_what_is_near(one_chapter):
    with pytest.raises(CourseError, match=r"No chapter derives a\.slop\. Did you mean a\.slope\?"):
        recall("a.slop")


def test_one_id_for_two_derivations(chapter):
    paths = [chapter(name, f"%%derivation a.slope\n{SLOPE}") for name in ("01-one", "02-two")]
    with pytest.raises(CourseError, match="derived twice, in 01-one and 02-two"):
        texts.gathered(paths)


def test_a_derivation_without_an_id(chapter):
    with pytest.raises(CourseError, match="has no id"):
        texts.gathered([chapter("01-one", f"%%derivation\n{SLOPE}")])


def test_what_is_packed_is_what_was_gathered(one_chapter, tmp_path, monkeypatch):
    monkeypatch.setattr(texts, "PACKED", tmp_path / "texts.json")
    assert texts.packed() == {}
    texts.PACKED.write_text(texts.pack(), encoding="utf-8")
    assert texts.packed() == one_chapter
