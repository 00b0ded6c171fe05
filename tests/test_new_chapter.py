"""Oracle: the rules of the notebooks, applied to the chapter that a contributor begins with."""

from __future__ import annotations

import assignment
import new_chapter
import notebook_lint as lint
import pytest
import student
import yaml
from run_notebooks import FOLDER

from helpers.claims import read_specs
from helpers.course import read_wholly
from helpers.grade import lines
from helpers.places import chapters
from helpers.proof import Verdict, prove

FORM = (lint.sections, lint.says_what_it_needs, lint.known_tags, lint.short_cells, lint.enough_prose,
        lint.introduced, lint.no_typed_numbers, lint.numbers_agree, lint.no_trailing_semicolon,
        lint.exercises)  # fmt: skip


@pytest.fixture
def root(tmp_path):
    for folder in ("notebooks", "book/claims"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "notebooks" / "01-first.ipynb").write_text("{}")
    (tmp_path / "_toc.yml").write_text("parts:\n  - chapters:\n      - file: notebooks/01-first\n")
    (tmp_path / "book" / "derive.yaml").write_text("")
    return tmp_path


def test_a_new_chapter_keeps_every_rule_of_form_and_solves_its_exercises():
    nb = new_chapter.notebook("12-a-topic", "A topic")
    assert [fault for rule in FORM for fault in rule(nb)] == []
    assert student.problems(nb) == []
    (text,) = [cell.source for cell in nb.cells if cell.source.startswith("%%derivation")]
    head, _, rows = text.partition("\n")
    assert head == "%%derivation a_topic.first"
    results = prove(read_wholly(rows, "a_topic.first").chain).results
    assert {result.verdict for result in results} == {Verdict.PROVED}


def test_its_files_can_be_read(root):
    made = new_chapter.make("02-second-one", "Second", root)
    assert [path.name for path in made] == [
        "02-second-one.ipynb",
        "02-second-one.yaml",
        "_toc.yml",
        "derive.yaml",
    ]
    (part,) = yaml.safe_load(made[2].read_text())["parts"]
    assert [entry["file"] for entry in part["chapters"]] == ["notebooks/01-first", "notebooks/02-second-one"]
    (claim,) = read_specs(made[1]).values()
    assert (claim.id, claim.verdict) == ("N1-2/book", "consistent")
    (asked,) = assignment.tasks("02", made[3])
    assert lines.mark(asked["solution"], assignment.task_of(asked)).ok
    assert not lines.mark(asked["wrong"], assignment.task_of(asked)).ok


@pytest.mark.parametrize("name", ["03-too-far", "second", "02-Zweites", "02_x", "01-first"])
def test_a_name_that_cannot_be_used_is_one_sentence(root, name):
    with pytest.raises(ValueError, match="Call it 02-topic"):
        new_chapter.make(name, "x", root)
    assert [path.stem for path in chapters(root / "notebooks")] == ["01-first"]


def test_the_next_number_is_that_of_this_book(capsys):
    assert new_chapter.main(["99-far", "x"]) == 2
    assert f"{len(chapters(FOLDER)) + 1:02}-topic" in capsys.readouterr().err
