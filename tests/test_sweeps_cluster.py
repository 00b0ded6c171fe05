"""Sweeps over several workers, some of which die. Oracle: the same sweep in this process, bit for bit."""

from __future__ import annotations

import errno
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
from helpers.sweeps import SweepResult, _hand, _plan, _work, grid, sweep

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


def test_a_damaged_member_is_trained_again(tmp_path, capsys):
    expected = sweep(make, dataset(3), MEMBERS[:1], keep=tmp_path)
    (path,) = tmp_path.glob("*.member")
    path.write_bytes(path.read_bytes()[:-9])
    assert bits(sweep(make, dataset(3), MEMBERS[:1], keep=tmp_path)) == bits(expected)
    assert "are damaged: computed again." in capsys.readouterr().out


def test_a_full_disk_stops_the_keeping_only(monkeypatch, tmp_path, capsys):
    real, calls = os.replace, []

    def full(source, target):
        calls.append(target)
        if len(calls) > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    monkeypatch.setattr(keeping.os, "replace", full)
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


def kill_after(first: int, folder: Path, pids) -> threading.Thread:
    """SIGKILL to the processes of `pids()` as soon as so many members are kept."""

    def watch() -> None:
        end = time.monotonic() + 120
        while kept(folder) < first and time.monotonic() < end:
            time.sleep(0.002)
        for pid in pids():
            os.kill(pid, signal.SIGKILL)

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


# --- Dask ---------------------------------------------------------------------------------------------------


class Cluster:
    """A scheduler and two workers, each a process of its own on 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.file, self.folder = folder / "scheduler.json", folder
        self.scheduler = self.start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.workers = [self.start("worker", "--nthreads", "1", "--no-nanny") for _ in range(2)]

    def start(self, what: str, *words: str) -> subprocess.Popen:
        command = (sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(self.file))
        path = os.pathsep.join([str(Path(__file__).parent.parent), str(Path(__file__).parent), *sys.path])
        here = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "TMPDIR": str(self.folder)}
        with (self.folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen((*command, *words, "--no-dashboard"), env=here, stdout=log, stderr=log)

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    pytest.importorskip("distributed", reason="Dask is not installed (the extra `cluster`)")
    made = []

    def start() -> tuple[Cluster, object]:
        from distributed import Client

        there = Cluster(tmp_path / f"cluster{len(made)}")
        client = Client(scheduler_file=str(there.file), timeout=120)
        made.append((client, there))
        client.wait_for_workers(2, timeout=120)
        return there, client

    yield start
    for client, there in made:
        there.end()
        client.close(timeout=1)


@pytest.mark.filterwarnings("ignore")
def test_dask_sends_the_data_once_and_survives_a_killed_worker_and_scheduler(cluster, tmp_path):
    folder = tmp_path / "kept"
    expected = bits(sweep(make, dataset(3), SLOW))
    there, client = cluster()
    killer = kill_after(1, folder, lambda: [there.workers[0].pid])
    assert bits(sweep(make, dataset(3), SLOW, executor=client, keep=folder)) == expected
    killer.join()
    scattered = next(iter(_hand._SENT[client].values()))
    sweep(make, dataset(3), MEMBERS[:1], executor=client, keep=False)
    assert next(iter(_hand._SENT[client].values())) is scattered  # the same data: nothing is sent again
    second = tmp_path / "second"
    killer = kill_after(1, second, lambda: [there.scheduler.pid])
    with pytest.raises(CourseError, match="The workers of this sweep were lost"):
        sweep(make, dataset(3), SLOW, executor=client, keep=second)
    killer.join()
    before = kept(second)
    assert 1 <= before < 6
    _, client = cluster()
    found = sweep(make, dataset(3), SLOW, executor=client, keep=second)
    assert found.how[-1].startswith(f"{before} member")
    assert bits(found) == expected
