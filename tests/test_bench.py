"""`make bench` reports and never fails: oracles are benchmarks made up here."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))

import report as bench_report
import run as bench_run

ROOT = Path(__file__).parent.parent


class Made:
    """A benchmark that falls short of one target and reaches another."""

    @staticmethod
    def measure(report: bench_report.Report) -> None:
        report.add("slow", 2.0, "s", against="them", ratio=1.5, target=20, note="noise")
        report.add("fast", 0.1, "s", against="them", ratio=30.0, target=20)
        report.add("no target", 3.0, "images/s", against="them", ratio=0.1)


class Broken:
    @staticmethod
    def measure(report: bench_report.Report) -> None:
        report.add("first", 1.0, "s")
        raise ValueError("the sweep is not the loop\nand more")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"bench_training": Made, "bench_transfer": Broken}
    monkeypatch.setattr(bench_run, "NAMES", ("training", "transfer"))
    monkeypatch.setattr(bench_run.importlib, "import_module", found.__getitem__)


def test_what_falls_short_is_marked_and_what_fails_is_told(made, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(sys, "argv", ["run.py", "--out", str(tmp_path / "new" / "bench.json")])
    bench_run.main()  # an exit status other than 0 would raise SystemExit
    content = json.loads((tmp_path / "new" / "bench.json").read_text(encoding="utf-8"))
    assert [(r["bench"], r["what"], r["short"]) for r in content["rows"]] == [
        ("training", "slow", True),
        ("training", "fast", False),
        ("training", "no target", False),
        ("transfer", "first", False),
        ("transfer", "not measured", False),
    ]
    assert content["rows"][-1]["note"] == "ValueError: the sweep is not the loop"
    assert {"python", "torch", "device", "commit"} <= content.keys()
    table = capsys.readouterr().out.rpartition("\ntraining\n")[2].splitlines()
    assert [row[0] for row in table[:3]] == ["!", " ", " "]
    assert "1.5 x them  (target 20)  noise" in table[0]
    assert "5 rows, 1 short of their target (marked !)" in "\n".join(table)


def test_an_unknown_name_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["run.py", "speed"])
    with pytest.raises(SystemExit):
        bench_run.main()
    assert "unknown benchmark 'speed': use training, linear_sweeps" in capsys.readouterr().err


def test_every_benchmark_is_run_and_can_be_imported():
    files = {path.stem.removeprefix("bench_") for path in (ROOT / "bench").glob("bench_*.py")}
    assert files == set(bench_run.NAMES)
    assert all(callable(importlib.import_module(f"bench_{name}").measure) for name in files)
