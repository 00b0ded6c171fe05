"""The script for machines with an accelerator, tried on the processor."""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
SCRIPT = ("bash", "tools/on_gpu.sh")


def run(*options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COURSE_")}
    environment |= {"PYTHON": sys.executable, **variables}
    return subprocess.run(
        (*SCRIPT, *options),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )


def test_dry_run_tests_measures_and_writes_one_file(tmp_path):
    done = run("--dry", "--out", str(tmp_path / "deep" / "found.json"), "--commit", "abc1234")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["found.json"]
    found = json.loads((tmp_path / "deep" / "found.json").read_text(encoding="utf-8"))
    assert (found["dry"], found["commit"]) == (True, "abc1234")
    assert found["tests"]["run"]
    assert found["tests"]["tests"] > 10
    assert found["tests"]["failures"] == found["tests"]["errors"] == found["tests"]["skipped"] == 0
    speeds = [net["cpu"] for net in found["images a second"].values()]
    assert len(speeds) == 3
    for speed in speeds:
        assert all(math.isfinite(v) and v > 0 for v in speed["by seed"])
        assert min(speed["by seed"]) <= speed["median"] <= max(speed["by seed"])
    assert found["seconds to 99 %"]["two epochs"]["cpu"]["epochs"] == 2
    assert found["the same bits twice"]["784-200-10"] is True
    race = found["fit and others"]["cpu"]
    assert set(race["images a second"]) == {"fit", "usual recipe", "TensorDataset + DataLoader"}
    assert set(race["not measured"]) == {"the step as a CUDA graph", "torch.compile"}
    speed = race["images a second"]
    assert race["fit is faster by"]["usual recipe"] == pytest.approx(
        speed["fit"] / speed["usual recipe"], rel=0.01
    )
    assert found["forty networks"]["cpu"]["the sweep is faster by"] > 0
    assert found["claims"]["not measured"] == {}
    assert [(row["id"], row["profile"]) for row in found["claims"]["rows"]] == [("A1-2d/C", "quick")]
    assert {row["what"] for row in found["rows"]} >= {"a sweep of 40 networks beside the loop"}


def test_without_a_device_it_says_so_and_writes_nothing(tmp_path):
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    done = run("--out", str(tmp_path / "found.json"))
    assert done.returncode == 2
    assert "There is no CUDA device" in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert run("--fast").returncode == 64


def test_what_travels_is_found_and_small(tmp_path):
    """Python is a stand-in that says where it would look; 60 MiB hold the files, MNIST and PyYAML."""
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "looks in $PYTHONPATH"\n')
    python.chmod(0o755)
    done = run("--dry", "--out", str(tmp_path / "found.json"), PYTHON=str(python))
    assert done.returncode == 0, done.stderr
    asked = [line for line in done.stdout.splitlines() if line.startswith("looks in ")]
    assert asked == [f"looks in {ROOT}:{ROOT}/_build/travel"] * 2  # pytest and the bench
    tracked = subprocess.run(("git", "ls-files", "-z"), cwd=ROOT, capture_output=True, text=True, check=False)
    sizes = [(ROOT / name).stat().st_size for name in tracked.stdout.split("\0") if (ROOT / name).is_file()]
    assert sum(sizes) + 12_000_000 + 4_000_000 < 60 * 2**20


def test_ten_minutes_hold_all_limits(monkeypatch):
    """The limits of the two halves, and within the second one the time after which nothing is begun."""
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    on_gpu = pytest.importorskip("on_gpu")
    text = (ROOT / "tools" / "on_gpu.sh").read_text(encoding="utf-8")
    tests, bench = (int(re.search(rf"^{name}=(\d+)$", text, re.M)[1]) for name in ("limit", "bench_limit"))
    assert tests + bench == 600
    assert bench > 60 * on_gpu.MINUTES
    assert on_gpu.TARGETS_TAKE + on_gpu.CLAIMS_TAKE < 60 * on_gpu.MINUTES


def test_tests_that_were_ended_are_said_to_have_no_result(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    on_gpu = pytest.importorskip("on_gpu")
    empty = tmp_path / "junit.xml"
    empty.touch()  # as mktemp leaves it where pytest is ended before it writes
    assert on_gpu.tests_told(empty) == {"run": False, "why": "ended before their last test"}
