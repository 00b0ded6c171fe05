"""Oracle: what `helpers.data` and `helpers.runtime` themselves do on the same, made-up machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import browser
import doctor
import pytest
from synthetic_mnist import idx, write

ROOT = Path(__file__).parent.parent


@pytest.fixture
def machine(bare_machine, small, arrays, monkeypatch, tmp_path) -> Path:
    """A machine on which everything is well and whose MNIST is the small one; returns its home."""
    for name in [name for name in os.environ if name.startswith("COURSE_") or name == "CHROMIUM"]:
        monkeypatch.delenv(name)
    from helpers.data import _tiers

    (tmp_path / "repository").mkdir()
    (tmp_path / "repository" / "pyproject.toml").write_text(
        (ROOT / "pyproject.toml").read_text("utf-8"), "utf-8"
    )
    monkeypatch.setattr(doctor, "ROOT", _tiers.ROOT)
    monkeypatch.setattr(doctor, "FILES", {name: len(idx(array)) for name, array in arrays.items()})
    monkeypatch.setattr(doctor, "nvidia", lambda: "")
    monkeypatch.setattr(browser, "on_path", lambda: Path("/usr/bin/chromium"))
    monkeypatch.setattr(doctor, "lacking", lambda requirement: "")
    return tmp_path


def lines(purpose: str | None = "test") -> list[str]:
    return [str(finding) for finding in doctor.report(purpose)]


def status(purpose: str) -> int:
    return doctor.main(["--for", purpose])


def test_a_sound_machine_is_ok_for_everything(machine, capsys):
    for purpose in doctor.PURPOSES:
        assert status(purpose) == 0
    assert doctor.main([]) == 0
    assert all(line.startswith("[ok] ") for line in capsys.readouterr().out.splitlines())
    assert [line for line in lines("book") if "data:" in line or "Chromium" in line] == []


SITUATIONS = [
    ({}, ()),
    ({}, ("data",)),
    ({}, ("cache",)),
    ({}, ("data", "cache")),
    ({"COURSE_DATA": "mine"}, ("mine",)),
    ({"COURSE_DATA": "mine"}, ("data",)),
    ({"COURSE_DATA": "mine", "COURSE_TIER": "embedded"}, ("mine",)),
    ({"COURSE_DATA": "mine", "COURSE_TIER": "download"}, ("mine", "cache")),
    ({"COURSE_TIER": "folder"}, ()),
    ({"COURSE_TIER": "folder"}, ("data",)),
    ({"COURSE_TIER": "folder", "COURSE_DATA": "mine"}, ("mine",)),
    ({"COURSE_TIER": "download"}, ("data", "cache")),
    ({"COURSE_TIER": "embedded"}, ("data",)),
    ({"COURSE_TIER": "cloud"}, ("data",)),
    ({"COURSE_OFFLINE": "1"}, ()),
    ({"COURSE_OFFLINE": "1"}, ("cache",)),
    ({"COURSE_OFFLINE": "0"}, ()),
]


@pytest.mark.parametrize(("variables", "folders"), SITUATIONS)
def test_the_tier_it_names_is_the_tier_that_is_used(machine, arrays, monkeypatch, variables, folders):
    from helpers.data import mnist
    from helpers.runtime import CourseError

    places = {"data": machine / "repository" / "data", "cache": machine / "cache" / "show-your-work"}
    for folder in folders:
        write(places.get(folder, machine / folder), arrays, gz=folder != "cache")
    for name, value in variables.items():
        monkeypatch.setenv(name, str(machine / value) if name == "COURSE_DATA" else value)
    try:
        used = mnist(n_valid=10).tier
    except CourseError:
        used = "error"
    (line,) = (line for line in lines() if "data:" in line)
    if used == "error":
        assert line.startswith("[!!] data: ")
        assert (status("test"), status("book")) == (1, 0)
    elif "without a network" in line:
        assert used == "embedded"  # there is no network in this test
    else:
        assert line.startswith(f"[ok] data: {used} tier")


def test_cheap_look_finds_a_missing_and_a_cut_file(machine, arrays, monkeypatch):
    root = write(machine / "mine", arrays, gz=False)
    monkeypatch.setenv("COURSE_DATA", str(root))
    assert "[ok] data: folder tier" in "\n".join(lines())
    path = root / "MNIST" / "raw" / "t10k-labels-idx1-ubyte"
    path.write_bytes(path.read_bytes()[:-1])
    assert "has 27 bytes instead of 28" in "\n".join(lines())
    path.unlink()
    assert "lacks t10k-labels-idx1-ubyte" in "\n".join(lines())


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("COURSE_PROFILE", "full", "[ok] COURSE_PROFILE=full"),
        (
            "COURSE_PROFILE",
            "fast",
            "[!!] COURSE_PROFILE=fast is not possible: use one of quick, full, or unset it",
        ),
        ("COURSE_DEVICE", "cpu", "[ok] COURSE_DEVICE=cpu"),
        (
            "COURSE_DEVICE",
            "gpu",
            "[!!] COURSE_DEVICE=gpu is not possible: use one of cpu, mps, cuda, or unset it",
        ),
        ("COURSE_DEVICE", "cuda:1", "[!!] COURSE_DEVICE=cuda:1, but no NVIDIA GPU was found: unset it"),
    ],
)
def test_variables_are_judged_as_runtime_judges_them(machine, monkeypatch, name, value, expected):
    from helpers import runtime

    monkeypatch.setenv(name, value)
    assert expected in lines()
    ask = {"COURSE_PROFILE": runtime.profile, "COURSE_DEVICE": runtime.device}[name]
    if expected.startswith("[ok]"):
        ask()
        assert status("run") == 0
    else:
        assert (status("run"), status("book")) == (1, 0)
        if value != "cuda:1":  # on a machine with GPUs that one is possible
            with pytest.raises(runtime.CourseError):
                ask()


def test_misspelt_variable_is_noticed(machine, monkeypatch):
    monkeypatch.setenv("COURSE_PROFLIE", "full")
    assert "[!!] COURSE_PROFLIE is not known: use COURSE_PROFILE" in lines()
    assert status("run") == 0


def test_known_variables_are_those_that_helpers_reads():
    source = "".join(path.read_text("utf-8") for path in (ROOT / "helpers").rglob("*.py"))
    assert set(re.findall(r"\"(COURSE_[A-Z]+)\"", source)) == set(doctor.CHOICES)


def test_old_python_is_said_first_and_alone(machine, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    monkeypatch.setattr("platform.python_version", lambda: "3.10.4")
    assert lines("book") == ["[!!] Python 3.10.4 is too old: install Python 3.11 or newer"]
    assert status("book") == 1


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        ("pytest>=8.2", ""),
        ("pytest>=999.1", f"pytest is {metadata.version('pytest')} instead of >=999.1"),
        ("pytest==0.1", f"pytest is {metadata.version('pytest')} instead of ==0.1"),
        (f"pytest=={metadata.version('pytest')}", ""),
        ("no-such-package-anywhere>=1", "no-such-package-anywhere is missing"),
    ],
)
def test_requirements(requirement, expected):
    assert doctor.lacking(requirement) == expected


def test_version_numbers_compare_as_numbers():
    assert doctor.numbers("2.15.0+cpu") == (2, 15, 0)
    assert doctor.numbers("1.0.4.post1") == (1, 0, 4)
    assert doctor.numbers("0.10") > doctor.numbers("0.9.7")


def test_missing_package_stops_the_purpose_that_needs_it_only(machine, monkeypatch):
    monkeypatch.setattr(
        doctor, "lacking", lambda line: "nbval is missing" if line.startswith("nbval") else ""
    )
    assert "[!!] packages: nbval is missing: run `make install`" in lines("test")
    assert (status("test"), status("book"), status("lab")) == (1, 0, 0)


def test_full_disk_stops_and_little_memory_does_not(machine, monkeypatch):
    monkeypatch.setattr(doctor, "memory_available", lambda: 0.7)
    assert any(line.startswith("[!!] memory: 0.7 GB free: close programs") for line in lines("book"))
    assert status("book") == 0
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=2e8))
    assert "[!!] disk: 0.2 GB free: make room, the build needs 0.5 GB" in lines("book")
    assert status("book") == 1


def test_memory_is_what_the_kernel_tells():
    text = Path("/proc/meminfo").read_text() if Path("/proc/meminfo").exists() else ""
    total = re.search(r"MemTotal:\s+(\d+)", text)
    found = doctor.memory_available()
    assert found is None or 0 < found <= (int(total.group(1)) / 1e6 if total else 1e4)


@pytest.mark.parametrize(
    ("answer", "torch", "expected"),
    [
        ("", "2.9.0", "[ok] GPU: none found"),
        ("NVIDIA H200", "2.9.0", "[ok] GPU: NVIDIA H200"),
        ("NVIDIA H200", "2.9.0+cpu", "[!!] GPU: NVIDIA H200, but torch is the build for processors only: "),
    ],
)
def test_gpu(machine, monkeypatch, answer, torch, expected):
    monkeypatch.setattr(doctor, "nvidia", lambda: answer)
    monkeypatch.setattr(doctor, "version_of", lambda package: torch)
    monkeypatch.setattr("platform.system", lambda: "Linux")
    assert any(line.startswith(expected) for line in lines())
    assert status("run") == 0


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo NVIDIA A; echo NVIDIA B", "NVIDIA A, NVIDIA B"),
        ("echo failed; exit 9", ""),
        ("sleep 5", ""),
    ],
)
def test_nvidias_own_tool_is_asked_and_not_waited_for(monkeypatch, tmp_path, script, expected):
    tool = tmp_path / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    start = time.perf_counter()
    assert doctor.nvidia() == expected
    assert time.perf_counter() - start < 4


def test_chromium_missing_or_misnamed(machine, monkeypatch, tmp_path):
    monkeypatch.setattr(browser, "on_path", lambda: None)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))
    assert "[!!] Chromium: none found for the tests of the site: run `make browser`" in lines()
    assert (status("test"), status("book")) == (1, 0)
    (tmp_path / "browsers" / "chromium-1234").mkdir(parents=True)
    assert "[ok] Chromium: chromium-1234" in lines()
    monkeypatch.setenv("CHROMIUM", "no-such-browser")
    assert any(line.startswith("[!!] Chromium: CHROMIUM is set to 'no-such-browser'") for line in lines())


def test_standard_library_is_enough():
    """-S hides every installed package; the doctor then says that they are missing."""
    code = "import sys; sys.path.insert(0, 'tools'); import doctor; sys.exit(doctor.main(['--for', 'book']))"
    result = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 1, result.stderr
    assert re.fullmatch(r"(\[(ok|!!)\] .+\n)+", result.stdout)
    assert "jupyter-book is missing" in result.stdout


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_no_console_stops_the_report(encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "COURSE_DATA": "Ж ∂ here"}
    command = [sys.executable, "tools/doctor.py", "--for", "run"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert "UnicodeEncodeError" not in done.stderr
    assert r"\u2202 here" in done.stdout


def test_without_any_home_doctor_and_data_use_one_cache(machine, monkeypatch):
    from helpers.places import cache_folder

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    assert cache_folder().name == "show-your-work"
    assert any("data: " in line for line in lines())


def test_tilde_in_the_cache_is_the_home_for_both(machine, arrays, monkeypatch):
    from helpers.data import mnist

    monkeypatch.setenv("HOME", str(machine))
    monkeypatch.setenv("COURSE_CACHE", "~/mine")
    write(machine / "mine", arrays, gz=False)
    assert mnist(n_valid=10).tier == "download"
    assert any("data: download tier, downloaded before" in line for line in lines())


def test_data_folder_that_is_a_file(machine, monkeypatch):
    (machine / "mine").write_text("")
    monkeypatch.setenv("COURSE_DATA", str(machine / "mine"))
    assert "is a file, not a folder" in "\n".join(lines())
