"""Oracles: environments made by hand: half-made, of another copy, of a Python without ensurepip."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import install
import lock
import make
import pytest
import site_sources

from helpers import places

ROOT = Path(__file__).parent.parent


def test_half_made_environment_is_made_anew(tmp_path):
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "pyvenv.cfg").touch()
    assert not install.works(install.python_of(venv), "-c", "")
    install.clear(venv)
    assert not venv.exists()


def test_a_folder_that_is_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(install.InstallError, match=r"there is 'thesis\.txt'"):
        install.clear(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_pips_settings_of_the_reader_do_not_reach_the_environment(monkeypatch):
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_TARGET", "elsewhere")
    found = install.environment()
    assert (found["PIP_USER"], "PIP_TARGET" in found) == ("0", False)


def test_python_without_ensurepip_and_without_pip_is_told_in_one_sentence(tmp_path, monkeypatch):
    def works(*command) -> bool:
        if "--without-pip" in command:
            (tmp_path / "venv" / "bin").mkdir(parents=True)
            return True
        return False

    monkeypatch.setattr(install, "works", works)
    with pytest.raises(install.InstallError, match="apt install python3-venv"):
        install.create(tmp_path / "venv")
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize(("exists", "expected"), [(True, True), (False, False)])
def test_environment_of_another_copy_is_refused_while_that_copy_is_there(tmp_path, exists, expected):
    other, venv = tmp_path / "other copy", tmp_path / "venv"
    if exists:
        other.mkdir()
        (other / "pyproject.toml").touch()
    record = venv / "lib" / "python3.11" / "site-packages" / "show_your_work-0.1.0.dist-info"
    record.mkdir(parents=True)
    (record / "direct_url.json").write_text(json.dumps({"url": other.as_uri()}))
    assert (install.owner(venv) is not None) is expected
    if expected:
        with pytest.raises(install.InstallError, match="belongs to the copy in"):
            install.ensure(venv, "book")


def test_installing_is_current_for_what_was_installed_only(tmp_path):
    python = install.python_of(tmp_path)
    python.parent.mkdir(parents=True)
    python.touch()
    (tmp_path / ".installed").write_text(json.dumps({"book": install.lock_sum("book")}))
    assert install.is_current(tmp_path, "book")
    assert not install.is_current(tmp_path, "all")


def test_each_locked_package_is_in_one_file_and_torch_is_not_in_the_books():
    found = {}
    for name in install.LOCKS["all"]:
        for entry in lock.entries((ROOT / name).read_text(encoding="utf-8")):
            assert "--hash=sha256:" in entry
            found.setdefault(lock.name_of(entry), set()).add(name)
    assert {name: files for name, files in found.items() if len(files) > 1} == {}
    book = {name for name, files in found.items() if files == {"requirements-book.lock"}}
    assert {"jupyter-book", "sympy", "uv"} <= book
    assert not book & {"torch", "scipy", "matplotlib", "pandas", "playwright"}


STRANGE = ["01 my notes.ipynb", "a:b.ipynb", "01-logistic-regression-Copy1.ipynb", "# 50% Übung.ipynb"]


@pytest.fixture
def copy(tmp_path, monkeypatch) -> Path:
    """A small repository in a folder with a hard name, and strange notebooks beside its one chapter."""
    root = tmp_path / "Kurs #1: 50% für Ärzte"
    for folder in ("notebooks", "book", "helpers", "tools"):
        (root / folder).mkdir(parents=True)
    (root / "_toc.yml").write_text("root: book/intro\nchapters:\n- file: notebooks/01-a\n")
    for name in ("_config.yml", "CHANGELOG.md", "requirements-book.lock", "tools/browser_python.py"):
        (root / name).touch()
    (root / "notebooks" / "01-a.ipynb").write_text("{}")
    monkeypatch.setattr(make, "ROOT", root)
    return root


def test_strange_names_neither_stop_nor_change_the_build(copy):
    before = site_sources.sums(copy)
    for name in STRANGE:
        (copy / "notebooks" / name).touch()
    assert places.chapters(copy / "notebooks") == [copy / "notebooks" / "01-a.ipynb"]
    assert site_sources.sums(copy) == before
    (copy / "notebooks" / "01-a.ipynb").write_text("{ }")
    assert site_sources.sums(copy) != before


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_page_of_the_book_is_seen(copy, name):
    before = site_sources.sums(copy)
    (copy / "book" / name).touch()
    assert site_sources.sums(copy) != before


def test_makefile_and_python_have_the_same_commands():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("COMMANDS"))
    names = line.partition(":=")[2].split()
    assert sorted(names) == sorted([*make.COMMANDS, "help"])


def test_unknown_command_is_named(capsys):
    assert make.main(["bock"]) == 2
    assert "no command 'bock'" in capsys.readouterr().err


def test_without_a_home_programs_get_one_below_build(copy, monkeypatch):
    monkeypatch.setenv("HOME", "unchanged")
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    make.find_a_home()
    assert os.environ["HOME"] == str(copy / "_build" / "home")
    assert (copy / "_build" / "home").is_dir()


def test_a_home_that_cannot_be_written_is_replaced_by_one_below_build(copy, monkeypatch):
    monkeypatch.setenv("HOME", str(copy))
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != copy)  # root may write everywhere
    make.find_a_home()
    assert os.environ["HOME"] == str(copy / "_build" / "home")


def test_the_book_extension_needs_no_torch():
    """The modules that the build imports, where importing torch and the like fails."""
    code = (
        "import sys\n"
        "for name in 'torch torchvision matplotlib scipy sklearn pandas mlxtend PIL'.split():\n"
        "    sys.modules[name] = None\n"
        "import showwork, syw_ledger, syw_notebooks, syw_pages, trystep, trystep.judge"
    )
    path = os.pathsep.join((str(ROOT / "book" / "_ext"), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("given", [{"PYTHONDONTWRITEBYTECODE": "1"}, {}])
def test_bytecode_is_kept_below_build_where_none_may_lie_beside_the_sources(monkeypatch, given):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    monkeypatch.setattr(os, "environ", kept | given)
    make.keep_bytecode()
    look = "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"
    found = subprocess.check_output((sys.executable, "-c", look), env=os.environ, text=True).strip()
    assert found == f"False {ROOT / '_build' / 'bytecode' if given else None}"


@pytest.mark.parametrize(
    ("cores", "free", "given", "workers"),
    [(2, 16.0, "", "3"), (2, 5.0, "", "2"), (2, None, "", "2"), (1, 16.0, "", "2"), (8, 64.0, "", "4"),
     (2, 16.0, "1", "1")],
)  # fmt: skip
def test_one_worker_more_than_cores_if_memory_has_room(monkeypatch, cores, free, given, workers):
    monkeypatch.setattr(make.os, "cpu_count", lambda: cores)
    monkeypatch.setattr(make, "memory_available", lambda: free)
    monkeypatch.setenv("JOBS", given)
    assert make.jobs() == workers
