"""Oracles: hashlib over cells written out by hand, files compared byte by byte, kernels that really run."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import redirect_stderr, redirect_stdout

import nbformat
import pytest
import run_notebooks
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from run_notebooks import code_hash, find, main, outputs_hash, tidy

GOOD = (
    "import os, sys, warnings\nprint('to stderr', file=sys.stderr)\nos.environ['COURSE_PROFILE']",
    "class Dataset:\n    tier = 'folder'\ndata = Dataset()\nprint(sys.executable)",
    "print('one'); sys.stdout.flush(); print('two')",
)
BAD = ("1 + 1", "raise ValueError('first line\\nlast line')", "2 + 2")


def notebook(*sources: str):
    cells = [new_markdown_cell("# Title"), *map(new_code_cell, sources)]
    for k, cell in enumerate(cells):
        cell.id = f"cell-{k}"
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "no-such-kernel", "display_name": "x"}})


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Two notebooks run side by side, one good and one bad: (folder, status, prints, bytes before)."""
    folder = tmp_path_factory.mktemp("notebooks")
    for name, sources in (("01-good", GOOD), ("02-bad", BAD)):
        nbformat.write(notebook(*sources), folder / f"{name}.ipynb")
    before = (folder / "02-bad.ipynb").read_bytes()
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed), redirect_stderr(printed):
        for name in ("COURSE_PROFILE", "COURSE_PUBLISH", "COURSE_QUIET", "PYTHONHASHSEED", "OMP_NUM_THREADS"):
            patch.setenv(name, "1")  # so that what main sets is undone
        status = main(["--folder", str(folder), "--profile", "full", "--jobs", "2"])
    return folder, status, printed.getvalue(), before


def test_good_notebook_is_stored_with_its_record(ran):
    nb = nbformat.read(ran[0] / "01-good.ipynb", as_version=4)
    nbformat.validate(nb)
    cells = nb.cells[1:]
    assert [cell.execution_count for cell in cells] == [1, 2, 3]
    assert [cell.id for cell in nb.cells] == ["cell-0", "cell-1", "cell-2", "cell-3"]
    assert [len(cell.outputs) for cell in cells] == [1, 1, 1]
    assert cells[0].outputs[0].data["text/plain"] == "'full'"
    assert cells[1].outputs[0].text.strip() == sys.executable
    assert cells[2].outputs[0].text == "one\ntwo\n"
    record = nb.metadata.show_your_work
    assert (record.profile, record.tier) == ("full", "folder")
    assert record.versions.keys() == {"python", "torch", "sympy"}
    assert record.seconds > 0
    assert (record.code, record.outputs) == (code_hash(nb), outputs_hash(nb))
    assert nb.metadata.kernelspec.name == "python3"
    assert not any(cell.metadata for cell in nb.cells)


def test_failed_notebook_stays_as_it_was(ran):
    folder, status, printed, before = ran
    assert status == 1
    assert (folder / "02-bad.ipynb").read_bytes() == before
    assert "FAILED  02-bad, code cell 2 (raise ValueError" in printed
    assert "ValueError: last line" in printed
    assert "1 of 2 notebooks failed" in printed
    assert {path.name for path in folder.iterdir()} == {"01-good.ipynb", "02-bad.ipynb"}


def test_hashes_by_hand():
    nb = notebook("a = 'é'", "a")
    nb.cells[2].execution_count = 2
    nb.cells[2].outputs = [new_output("stream", name="stdout", text="é")]
    assert code_hash(nb) == hashlib.sha256('["a = \'é\'","a"]'.encode()).hexdigest()
    output = '{"name":"stdout","output_type":"stream","text":"é"}'
    assert outputs_hash(nb) == hashlib.sha256(f"[[null,[]],[2,[{output}]]]".encode()).hexdigest()


@pytest.mark.parametrize(
    "edit",
    [
        lambda nb: nb.cells[1].update(source="b = 1"),
        lambda nb: nb.cells.append(new_code_cell("")),
        lambda nb: nb.cells.pop(),
        lambda nb: nb.cells.reverse(),
    ],
)
def test_code_hash_sees_every_edit(edit):
    nb, before = notebook("a = 1", "a"), code_hash(notebook("a = 1", "a"))
    edit(nb)
    assert code_hash(nb) != before


def test_code_hash_ignores_prose_and_tags():
    nb = notebook("a = 1")
    before = code_hash(nb)
    nb.cells[0].source = "# Other"
    nb.cells[1].metadata["tags"] = ["remove-cell"]
    assert code_hash(nb) == before


def test_hash_survives_the_file(tmp_path):
    nb = notebook("a\nb")
    nb.cells[1].outputs = [
        new_output("execute_result", data={"text/plain": "1\n2", "text/html": "<b>\n</b>"})
    ]
    nbformat.write(nb, tmp_path / "a.ipynb")
    assert outputs_hash(nbformat.read(tmp_path / "a.ipynb", 4)) == outputs_hash(nb)


def test_tidy_drops_what_differs_between_equal_runs():
    nb = notebook("a")
    nb.metadata["widgets"] = {"state": {}}
    nb.cells[1].metadata = {
        "tags": ["exercise"],
        "execution": {"iopub.status.busy": "2026"},
        "scrolled": True,
    }
    nb.cells[1].outputs = [
        new_output("stream", name="stdout", text="a"),
        new_output("stream", name="stderr", text="50%|#####"),
        new_output("stream", name="stdout", text="b"),
    ]
    tidy(nb)
    assert nb.cells[1].metadata == {"tags": ["exercise"]}
    assert [o.text for o in nb.cells[1].outputs] == ["ab"]
    assert json.loads(json.dumps(nb.metadata)) == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ([], ["01-logistic", "02-softmax"]),
        (["1"], ["01-logistic"]),
        (["02", "01"], ["02-softmax", "01-logistic"]),
        (["01 02"], ["01-logistic", "02-softmax"]),
        (["notebooks/02-softmax.ipynb,02"], ["02-softmax"]),
    ],
)
def test_find(tmp_path, monkeypatch, names, found):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in ("01-logistic", "02-softmax", "draft"):
        (folder / f"{name}.ipynb").touch()
    assert [path.stem for path in find(names, folder)] == found


def test_find_names_what_there_is(tmp_path):
    (tmp_path / "01-logistic.ipynb").touch()
    with pytest.raises(SystemExit, match=r"No notebook '07'.*01-logistic"):
        find(["07"], tmp_path)


def test_a_file_in_another_folder_is_not_taken_for_the_one_of_its_name(tmp_path):
    (tmp_path / "01-logistic.ipynb").touch()
    assert find([str(tmp_path / "01-logistic.ipynb")], tmp_path)
    with pytest.raises(SystemExit, match=r"No notebook '/elsewhere/01-logistic\.ipynb'"):
        find(["/elsewhere/01-logistic.ipynb"], tmp_path)


def test_failed_write_leaves_the_old_notebook(tmp_path, monkeypatch):
    path = tmp_path / "01-a.ipynb"
    path.write_text("old")
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        run_notebooks.write(notebook("a"), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_interrupt_leaves_the_notebook_and_no_kernel(tmp_path):
    path, started = tmp_path / "01-slow.ipynb", tmp_path / "pid"
    slow = f"import os, time\nopen({str(started)!r}, 'w').write(f'{{os.getpid()}}\\n')\ntime.sleep(300)"
    nbformat.write(notebook(slow), path)
    before = path.read_bytes()
    runner = subprocess.Popen(
        [sys.executable, run_notebooks.__file__, "--folder", str(tmp_path)], stderr=subprocess.PIPE, text=True
    )
    for _ in range(600):
        if started.exists() and started.read_text().endswith("\n"):
            break
        time.sleep(0.1)
    runner.send_signal(signal.SIGINT)
    _, printed = runner.communicate(timeout=60)
    assert runner.returncode == 130
    assert "Interrupted" in printed
    assert path.read_bytes() == before
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.read_text()), 0)


def test_a_run_that_cannot_be_stored_does_not_begin(tmp_path, monkeypatch):
    path, started = tmp_path / "01-a.ipynb", tmp_path / "started"
    nbformat.write(notebook(f"open({str(started)!r}, 'w')"), path)
    before = path.read_bytes()

    def full(self, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(run_notebooks.NotebookFailed, match=r"not run, because .*No space left"):
        asyncio.run(run_notebooks.run(path))
    assert not started.exists()
    assert path.read_bytes() == before


def test_a_killed_kernel_and_an_interrupted_one_are_told_apart(tmp_path):
    path = tmp_path / "01-a.ipynb"
    for number, words in ((9, "perhaps for lack of memory"), (2, "interrupted")):
        source = f"import os, signal\nsignal.signal(2, signal.SIG_DFL)\nos.kill(os.getpid(), {number})"
        nbformat.write(notebook(source), path)
        with pytest.raises(run_notebooks.NotebookFailed, match=words):
            asyncio.run(run_notebooks.run(path))


@pytest.mark.parametrize("name", ["01-a-Copy1", "Untitled", "02 my notes", "09-draft"])
def test_a_copy_beside_the_chapters_is_none(tmp_path, name):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (tmp_path / "_toc.yml").write_text("root: intro\nchapters:\n- file: notebooks/01-a\n")
    for stem in ("01-a", name):
        (folder / f"{stem}.ipynb").touch()
    assert [path.stem for path in find([], folder)] == ["01-a"]
    assert [path.stem for path in find(["01"], folder)] == ["01-a"]
