"""Oracle: the notebooks' own cells, by a plain search of their JSON; texts that are false on purpose."""

from __future__ import annotations

import json

import pytest

from helpers.cells import derive, recall
from helpers.course import DERIVATIONS, ContentError, _sources, packed
from helpers.course._texts import Text, gathered
from helpers.places import chapters
from helpers.proof import RefutedStep, Verdict

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
def course_of(monkeypatch):
    """A course of these notebooks only, in which nothing was derived before."""

    def made(*notebooks):
        found = gathered(notebooks)
        monkeypatch.setattr(_sources, "of_chapters", lambda: found)
        monkeypatch.setattr("helpers.cells._derived", {})
        monkeypatch.setattr(DERIVATIONS, "built", {})
        _sources.content.cache_clear()
        return found

    yield made
    _sources.content.cache_clear()


@pytest.fixture
def one_chapter(chapter, course_of):
    return course_of(chapter("01-one", f"%%derivation a.slope\n{SLOPE}"))


def test_every_cell_of_the_book_is_found():
    cells = [cell for path in chapters() for cell in json.loads(path.read_text("utf-8"))["cells"]]
    heads = ["".join(cell["source"]).partition("\n")[0] for cell in cells if cell["cell_type"] == "code"]
    assert sorted(DERIVATIONS) == sorted(head.split()[1] for head in heads if head.startswith("%%derivation"))


def test_recalled_from_a_chapter_and_folded(one_chapter):
    found = recall("a.slope")
    assert found.verdict is Verdict.PROVED
    assert found.home == "in chapter 01-one"
    assert found._repr_html_().startswith("<details>")


def test_recalled_from_the_kernel(one_chapter):
    derive(SLOPE, "a.slope")
    assert recall("a.slope").home == "above"


def test_a_false_text_of_a_chapter_is_judged_again(chapter, course_of):
    course_of(chapter("01-one", "%%derivation a.slope\n" + SLOPE.replace("1 -", "1 +")))
    with pytest.raises(RefutedStep):
        recall("a.slope")


def test_what_is_not_there_is_said_with_what_is_near(one_chapter):
    with pytest.raises(ContentError, match=r"No chapter derives a\.slop\. Did you mean a\.slope\?"):
        recall("a.slop")


def test_a_text_that_cannot_be_read_is_said_with_its_id(chapter, course_of):
    course_of(chapter("01-one", f"%%derivation a.slope\n{SLOPE} + ("))
    with pytest.raises(ContentError, match=r"^a\.slope in the book's derivations: "):
        recall("a.slope")


def test_one_id_for_two_derivations(chapter):
    paths = [chapter(name, f"%%derivation a.slope\n{SLOPE}") for name in ("01-one", "02-two")]
    with pytest.raises(ContentError, match="derived twice, in 01-one and 02-two"):
        gathered(paths)


def test_a_derivation_without_an_id(chapter):
    with pytest.raises(ContentError, match="has no id"):
        gathered([chapter("01-one", f"%%derivation\n{SLOPE}")])


def test_what_is_packed_is_what_was_gathered(one_chapter):
    entries = json.loads(packed(["derivations"]))["derivations"]
    assert {id: Text(**entry) for id, entry in entries.items()} == one_chapter
