"""Oracle: a copy of a small site that was built without the pages' Python, in a browser and as text."""

from __future__ import annotations

from pathlib import Path

import pytest
import try_site


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("bare")
    pages = {"index": try_site.HASTY, "plain": "# Plain\n"}
    done = try_site.build(folder, pages, python=None, strict=False)
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_a_copy_without_python_says_so(chromium, bare):
    visit = try_site.Visit(chromium, (bare / "index.html").as_uri())
    assert visit.box("answer").ask("y") == (
        "undecided This copy of the book was built without the in-browser checker. "
        "The same exercise runs in the notebook."
    )
    assert visit.complaints == []
    visit.tab.close()


def test_only_pages_with_an_exercise_load_the_script(bare):
    page = (bare / "index.html").read_text()
    assert page.count("<label for=") == page.count("<input class=") == 1
    assert "trystep/page.js" in page
    assert "trystep/" not in (bare / "plain.html").read_text()
