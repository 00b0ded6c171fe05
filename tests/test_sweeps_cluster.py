"""Sweeps over several workers, some of which die. Oracle: the same sweep in this process, bit for bit."""

from __future__ import annotations

import errno
import inspect
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from test_sweeps_networks import MINI, net, tanh
from toy_sweeps import dataset

from helpers import keeping
from helpers.runtime import CourseError
from helpers.sweeps import SweepResult, _hand, _kept, _plan, _work, grid, sweep
from helpers.sweeps._lanes import train_lane
from helpers.sweeps._updates import updates
from helpers.training import TrainConfig, _random, _schedules, fit

LONG = replace(MINI, epochs=8)
SLOW = grid(replace(MINI, epochs=150), lr=(0.02, 0.05, 0.1), seed=(0, 1))
MEMBERS = grid(LONG, lr=(0.02, 0.05, 0.1), seed=(0, 1))


def make(seed: int) -> torch.nn.Module:
    return net(tanh)(seed)


@pytest.fixture(autouse=True)
def one_member_a_job(monkeypatch):
    monkeypatch.setattr(_plan, "MOST", 1)


def bits(result: SweepResult) -> list:
    """All but the seconds."""
    columns = ("step", "train_loss", "valid_loss", "valid_accuracy", "weight_norm", "why_stopped")
    figures = [[getattr(history, name) for name in columns] for history in result.histories]
    models = (result.model(i).state_dict() for i in range(len(result)))
    return [figures, result.table(), [[value.tolist() for value in state.values()] for state in models]]


def kept(folder: Path) -> int:
    return len(list(folder.glob("*.member")))


class Counting(ThreadPoolExecutor):
    """Threads that pass for processes: counts jobs and the bytes of what would be sent."""

    jobs, sent, last, measure = 0, 0, 10**9, False

    def submit(self, job, /, *rest) -> Future:
        self.jobs += 1
        if self.measure:
            self.sent += len(pickle.dumps((job, rest)))
        if self.jobs > self.last:
            raise OSError("the pool is gone")
        return super().submit(job, *rest)


def test_the_comparison_can_fail():
    one, other = (sweep(make, dataset(3), [replace(MINI, lr=lr)]) for lr in (0.1, 0.1 + 1e-15))
    assert bits(one) != bits(other)


def test_what_is_finished_is_kept_and_not_trained_again(tmp_path):
    expected = bits(sweep(make, dataset(3), MEMBERS))
    with Counting(1) as pool:
        first = sweep(make, dataset(3), MEMBERS[:4], executor=pool, keep=tmp_path)
    assert (pool.jobs, kept(tmp_path)) == (4, 4)
    with Counting(1) as pool:
        second = sweep(make, dataset(3), MEMBERS, executor=pool, keep=tmp_path)
    assert pool.jobs == 2
    assert second.how[-1] == "4 members: kept from before"
    assert bits(second) == expected
    assert bits(first)[0] == expected[0][:4]
    moved = replace(dataset(3), train=dataset(3).train.take(52))
    with Counting(1) as pool:
        sweep(make, moved, MEMBERS[:1], executor=pool, keep=tmp_path)
        assert pool.jobs == 1  # other data: another member
        sweep(lambda seed: make(seed + 7), dataset(3), MEMBERS[:1], executor=pool, keep=tmp_path)
        assert pool.jobs == 2  # other initial weights


def test_members_of_other_code_are_trained_again(monkeypatch, tmp_path):
    """The code is that of all a member passes through: order of the examples, rates, checks, optimisers."""
    read = "\0".join(_kept._sources())
    for part in (_random.example_order, _schedules.rate, TrainConfig.check_due, train_lane, updates, fit):
        assert inspect.getsource(part) in read
    real = _kept._sources()
    for sources, trained in ((real, 1), (real, 0), ([*real[:-1], f"{real[-1]} "], 1)):
        monkeypatch.setattr(_kept, "_sources", lambda found=sources: found)
        result = sweep(make, dataset(3), MEMBERS[:1], keep=tmp_path)
        assert result.how[-1].endswith("kept from before") is not bool(trained)


def test_a_damaged_member_is_trained_again(tmp_path, capsys):
    expected = sweep(make, dataset(3), MEMBERS[:1], keep=tmp_path)
    (path,) = tmp_path.glob("*.member")
    path.write_bytes(path.read_bytes()[:-9])
    assert bits(sweep(make, dataset(3), MEMBERS[:1], keep=tmp_path)) == bits(expected)
    assert "are damaged: computed again." in capsys.readouterr().out


def fill_disk(monkeypatch) -> None:
    """From now on there is room for two files more."""
    real, calls = os.replace, []

    def full(source, target):
        calls.append(target)
        if len(calls) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    monkeypatch.setattr(keeping.os, "replace", full)


def test_a_full_disk_stops_the_keeping_only(monkeypatch, tmp_path, capsys):
    fill_disk(monkeypatch)
    found = sweep(make, dataset(3), MEMBERS, keep=tmp_path)
    assert bits(found) == bits(sweep(make, dataset(3), MEMBERS))
    assert (kept(tmp_path), len(list(tmp_path.iterdir()))) == (2, 2)
    out = capsys.readouterr().out
    assert out.count("not kept") == 1
    assert "No space left on device" in out


def test_data_are_sent_by_their_address(monkeypatch, tmp_path):
    """What is sent with a job does not grow with the data."""
    for module in (_hand, _work):
        monkeypatch.setattr(module, "near", lambda executor: False)
    sent = []
    for n in (53, 5_000):
        with Counting(2) as pool:
            pool.measure = True
            sweep(
                make, dataset(3, n), grid(replace(MINI, epochs=1), lr=(0.1, 0.2)), executor=pool, keep=False
            )
        sent.append(pool.sent)
    assert abs(sent[1] - sent[0]) < 100


def test_a_pool_that_is_gone_is_one_sentence(tmp_path):
    with Counting(1) as pool:
        pool.last = 3
        with pytest.raises(
            CourseError, match=r"The workers of this sweep were lost \(OSError\): call it again"
        ):
            sweep(make, dataset(3), MEMBERS, executor=pool, keep=tmp_path)


def kill_after(first: int, folder: Path, pids, how: int = signal.SIGKILL) -> threading.Thread:
    """The signal to the processes of `pids()` as soon as so many members are kept."""

    def watch() -> None:
        end = time.monotonic() + 300
        while kept(folder) < first and time.monotonic() < end:
            time.sleep(0.002)
        for pid in pids():
            os.kill(pid, how)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    return thread


def test_a_killed_worker_of_a_pool_loses_what_was_in_flight(tmp_path):
    with ProcessPoolExecutor(2) as pool:
        killer = kill_after(1, tmp_path, lambda: list(pool._processes)[:1])
        with pytest.raises(CourseError, match=r"were lost \(BrokenProcessPool\)"):
            sweep(make, dataset(3), SLOW, executor=pool, keep=tmp_path)
        killer.join()
    before = kept(tmp_path)
    assert 1 <= before < 6
    with ProcessPoolExecutor(2) as pool:
        found = sweep(make, dataset(3), SLOW, executor=pool, keep=tmp_path)
    assert found.how[-1].startswith(f"{before} member")
    assert bits(found) == bits(sweep(make, dataset(3), SLOW))


BLOCKED = """
import sys
class Nobody:
    def find_spec(self, name, *rest):
        if name.partition(".")[0] in ("dask", "distributed"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Nobody())
from concurrent.futures import ThreadPoolExecutor
from test_sweeps_cluster import MEMBERS, make, dataset, sweep
with ThreadPoolExecutor(2) as pool:
    print(len(sweep(make, dataset(3), MEMBERS, executor=pool, keep=False)))
import distributed
"""


def test_sweeps_need_no_dask():
    """The last line shows that it was not there."""
    here = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        (sys.executable, "-c", BLOCKED), env=here, capture_output=True, text=True, check=False
    )
    assert done.stdout == "6\n"
    assert done.stderr.endswith("ModuleNotFoundError: No module named 'distributed'\n")
