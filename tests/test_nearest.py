"""Oracle: small test files and changes written here, with the order in which a person would run them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import nearest
import pytest

TESTS = {
    "tests/test_training.py": "from helpers.training import fit\nfrom toy_training import net\n",
    "tests/test_training_schedules.py": "from helpers.training._schedules import one_cycle\n",
    "tests/test_sweeps.py": "import helpers.sweeps\nfrom helpers.training import fit\n",
    "tests/test_runner.py": "from tools import runner\n",
    "tests/test_notebooks.py": "import json\n",
    "tests/test_pages.py": "import syw_pages\n",
    "tests/test_proof.py": "from helpers import proof\n",
}


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["helpers/training/_schedules.py"], ["training_schedules", "training", "sweeps"]),
        (["helpers/training/__init__.py"], ["sweeps", "training", "training_schedules"]),
        (["helpers/sweeps/_lanes.py"], ["sweeps"]),
        (["helpers/proof/numeric/core.py", "helpers/proof/__init__.py"], ["proof"]),
        (["tests/toy_training.py"], ["training"]),
        (["tests/test_pages.py", "helpers/sweeps/__init__.py"], ["pages", "sweeps"]),
        (["tools/runner.py"], ["runner"]),
        (["book/_ext/syw_pages.py"], ["pages"]),
        (["notebooks/01-a.ipynb"], ["notebooks"]),
        (["book/intro.md"], ["pages"]),
        (["README.md", "Makefile"], []),
        ([], []),
    ],
)
def test_the_nearest_come_first_and_others_not_at_all(paths, found):
    assert nearest.nearest(paths, TESTS) == [f"tests/test_{name}.py" for name in found]


def test_no_more_than_asked_for():
    found = nearest.nearest(["helpers/training/_schedules.py"], TESTS, most=1)
    assert found == ["tests/test_training_schedules.py"]


def git(folder: Path, *words: str) -> None:
    name = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *name, *words], cwd=folder, check=True, capture_output=True)


def test_changed_is_what_is_new_edited_or_committed_since_main(tmp_path):
    git(tmp_path, "init", "--initial-branch", "main")
    (tmp_path / ".gitignore").write_text("ignored.py\n")
    for name in ("kept.py", "edited.py"):
        (tmp_path / name).write_text("a = 1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "one")
    assert nearest.changed(tmp_path) == []
    git(tmp_path, "switch", "-c", "branch")
    (tmp_path / "committed.py").write_text("")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "two")
    (tmp_path / "edited.py").write_text("a = 2\n")
    for name in ("new.py", "ignored.py"):
        (tmp_path / name).write_text("")
    assert nearest.changed(tmp_path) == ["edited.py", "committed.py", "new.py"]
    git(tmp_path, "branch", "--delete", "--force", "main")
    assert nearest.changed(tmp_path) == ["edited.py", "new.py"]


def test_the_command_names_files_that_exist_and_leaves_out_the_slow(capsys):
    assert nearest.main(["helpers/course/_derivations.py", "tools/browser.py", "tests/test_site.py"]) == 0
    printed = capsys.readouterr().out.split()
    assert printed[0] == nearest.ALWAYS
    assert "tests/test_browser.py" in printed
    assert all((nearest.ROOT / name).is_file() for name in [*printed, *nearest.SLOW])
    assert not nearest.SLOW & set(printed)
    assert len(printed) <= 1 + nearest.MOST
