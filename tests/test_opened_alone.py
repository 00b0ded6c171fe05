"""Oracle: a bare interpreter that runs a chapter's first cell where the course is not, or another is."""

from __future__ import annotations

import subprocess
import sys

import pytest
from notebook_lint import GUARD


@pytest.mark.parametrize("other", ["", "helpers.py", "helpers/__init__.py"])
def test_the_first_cell_ends_in_one_sentence(tmp_path, other):
    if other:
        (tmp_path / other).parent.mkdir(exist_ok=True)
        (tmp_path / other).write_text("")
    (tmp_path / "cell.py").write_text(GUARD)
    # -E and -S leave out what the environment adds, and so the course itself.
    done = subprocess.run(
        [sys.executable, "-E", "-S", "cell.py"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("ImportError: This chapter needs the whole course")
    assert done.stderr.count("Error:") == 1
