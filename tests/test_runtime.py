"""Oracles: torch's own device list and generators, git, the clock, a fresh interpreter."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from importlib import metadata

import pytest
import torch

from helpers import runtime
from helpers.runtime import CourseError, device, generator, pick, profile, progress, provenance, timer


@pytest.fixture(autouse=True)
def _no_course_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COURSE_DEVICE", "COURSE_PROFILE", "COURSE_QUIET"):
        monkeypatch.delenv(name, raising=False)


def hardware(monkeypatch: pytest.MonkeyPatch, *, cuda: int = 0, mps: bool = False) -> None:
    """Pretend that this machine has so many GPUs, or Apple's."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)


@pytest.mark.parametrize(
    ("cuda", "mps", "expected"), [(0, False, "cpu"), (0, True, "mps"), (2, False, "cuda"), (1, True, "cuda")]
)
def test_device_prefers_cuda_then_mps_then_cpu(monkeypatch, cuda, mps, expected):
    hardware(monkeypatch, cuda=cuda, mps=mps)
    assert device() == torch.device(expected)


def test_device_obeys_argument_before_variable_before_hardware(monkeypatch):
    hardware(monkeypatch, cuda=2, mps=True)
    monkeypatch.setenv("COURSE_DEVICE", "mps")
    assert device() == torch.device("mps")
    assert device("cuda:1") == torch.device("cuda", 1)
    assert device(torch.device("cpu")) == torch.device("cpu")


@pytest.mark.parametrize("name", ["gpu", "cuda:x", "CPU", "tpu:0", ":"])
def test_unknown_device_is_one_sentence(monkeypatch, name):
    monkeypatch.setenv("COURSE_DEVICE", name)
    with pytest.raises(CourseError, match=r"^Unknown device .*COURSE_DEVICE\.$"):
        device()


@pytest.mark.parametrize("name", ["cuda", "mps", "cuda:0", "cpu:1"])
def test_absent_device_says_what_is_there(monkeypatch, name):
    hardware(monkeypatch)
    with pytest.raises(CourseError, match=r"not available here \(found: cpu\)"):
        device(name)


def test_gpu_number_beyond_the_last_is_refused(monkeypatch):
    hardware(monkeypatch, cuda=2)
    with pytest.raises(CourseError, match="'cuda:2' is not available"):
        device("cuda:2")


def test_profile_and_pick(monkeypatch):
    assert (profile(), pick(quick=1, full=2)) == ("quick", 1)
    monkeypatch.setenv("COURSE_PROFILE", "full")
    assert (profile(), pick(quick=1, full=2)) == ("full", 2)
    monkeypatch.setenv("COURSE_PROFILE", "fast")
    with pytest.raises(CourseError, match="Unknown profile 'fast' in COURSE_PROFILE: use quick or full"):
        profile()


def test_generator_is_torchs_stream_and_leaves_the_global_one_alone():
    torch.manual_seed(5)
    expected = torch.rand(4)
    torch.manual_seed(1)
    before = torch.get_rng_state()
    assert torch.equal(torch.rand(4, generator=generator(5)), expected)
    assert not torch.equal(torch.rand(4, generator=generator(6)), expected)
    assert torch.equal(torch.get_rng_state(), before)


def test_timer_measures_the_block_even_when_it_fails():
    with timer() as quick:
        pass
    with pytest.raises(ZeroDivisionError), timer() as slow:  # noqa: PT012
        time.sleep(0.05)
        1 / 0  # noqa: B018
    assert 0 < quick.seconds < 2
    assert 0.05 <= slow.seconds < 5


def test_timer_waits_for_the_gpu_at_both_ends(monkeypatch):
    hardware(monkeypatch, cuda=1)
    waited = []
    monkeypatch.setattr(torch.cuda, "synchronize", waited.append)
    with timer("cuda:0"):
        assert waited == ["cuda:0"]
    assert waited == ["cuda:0", "cuda:0"]
    with timer("cpu"):
        pass
    assert len(waited) == 2


def test_provenance_against_git_and_package_metadata(monkeypatch):
    monkeypatch.setenv("COURSE_DEVICE", "cpu")
    found = provenance()
    assert list(found) == ["python", "torch", "sympy", "device", "commit", "profile"]
    assert found["python"] == sys.version.split()[0]
    assert found["torch"] == metadata.version("torch")
    assert found["device"].startswith("cpu (")
    assert found["profile"] == "quick"
    if (runtime.ROOT / ".git").exists():
        log = subprocess.run(
            ["git", "log", "-1", "--format=%H"], cwd=runtime.ROOT, capture_output=True, text=True
        )
        assert log.stdout.startswith(found["commit"].removesuffix("+"))
    else:
        assert found["commit"] == "unknown"


@pytest.fixture
def repository(monkeypatch, tmp_path):
    """A repository with a notebook and a file of helpers, committed, in place of the course."""
    monkeypatch.setattr(runtime, "ROOT", tmp_path)
    for folder in ("helpers", "notebooks", "book/ledger", "book/measured"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "helpers" / "a.py").write_text("x = 1\n")
    (tmp_path / "notebooks" / "01-ä b.ipynb").write_text(notebook("x = 1", 1))
    git = ("git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "start")):
        subprocess.run((*git, *words), check=True)
    return tmp_path


def notebook(code: str, output: int) -> str:
    cells = [
        {"cell_type": "code", "source": code, "outputs": [output]},
        {"cell_type": "markdown", "source": str(output)},
    ]
    return json.dumps({"cells": cells})


def test_commit_is_unknown_outside_a_repository(monkeypatch, tmp_path):
    monkeypatch.setattr(runtime, "ROOT", tmp_path)
    assert provenance()["commit"] == "unknown"


@pytest.mark.parametrize(
    ("path", "text", "mark"),
    [
        ("notebooks/01-ä b.ipynb", notebook("x = 1", 2), ""),
        ("book/ledger/01.json", "{}", ""),
        ("book/measured/01.json", "{}", ""),
        ("notebooks/01-ä b.ipynb", notebook("x = 2", 1), "+"),
        ("notebooks/02.ipynb", notebook("x = 1", 1), "+"),
        ("helpers/a.py", "x = 2", "+"),
        ("b.txt", "", "+"),
    ],
)
def test_a_commit_counts_as_changed_unless_only_outputs_and_measurements_are_new(
    repository, path, text, mark
):
    assert not provenance()["commit"].endswith("+")
    (repository / path).write_text(text)
    assert provenance()["commit"][7:] == mark


def test_progress_is_invisible_under_pytest_and_a_bar_for_somebody_who_watches(monkeypatch):
    numbers = [1, 2, 3]
    assert progress(numbers, "label") is numbers
    for name in ("CI", "PYTEST_VERSION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    bar = progress(numbers, "label")
    assert bar is not numbers
    assert list(bar) == numbers
    monkeypatch.setenv("COURSE_QUIET", "1")
    assert progress(numbers, "label") is numbers


def test_importing_runtime_and_asking_for_provenance_loads_neither_torch_nor_sympy():
    code = (
        "import sys, helpers, helpers.runtime as r; found = r.provenance(); "
        "loaded = {'torch', 'sympy', 'numpy'} & set(sys.modules); "
        "assert not loaded, loaded; assert found['device']"
    )
    subprocess.run([sys.executable, "-c", code], cwd=runtime.ROOT, check=True, timeout=60)
