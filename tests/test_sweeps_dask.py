"""Sweeps on a Dask cluster of two processes on 127.0.0.1. Oracle: the same sweep in this process, every bit.

A worker is killed in a cluster whose workers are started again, a scheduler in one of three bare processes.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "bench"))

from cluster import arrived, count_what_arrives
from test_sweeps_cluster import LONG, bits, fill_disk, kept, kill_after, make
from test_sweeps_networks import MINI
from toy_sweeps import dataset

from helpers.data import Dataset
from helpers.runtime import CourseError
from helpers.sweeps import _hand, _plan, grid, sweep

distributed = pytest.importorskip("distributed", reason="Dask is not installed (the extra `cluster`)")
pytestmark = pytest.mark.filterwarnings("ignore")  # Dask's own
SLOW = grid(replace(MINI, epochs=60), lr=(0.02, 0.05, 0.1), seed=(0, 1))


@pytest.fixture(scope="module")
def client():
    """Two workers, each with a process that starts it again when it dies."""
    import dask

    with (
        dask.config.set(
            {"distributed.deploy.lost-worker-timeout": "300s"}
        ),  # on a busy machine 15 are too few
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture(autouse=True)
def one_member_a_job(monkeypatch):
    monkeypatch.setattr(_plan, "MOST", 1)


def data_here() -> int:
    from helpers.sweeps import _hand

    return len(_hand._here)


def size(data: Dataset) -> int:
    """Bytes of what a worker needs."""
    return sum(part.x.nbytes + part.y.nbytes for part in (data.train, data.valid))


def test_each_worker_gets_the_data_once(client):
    large, members = (
        dataset(3, 20_000),
        grid(replace(MINI, batch_size=500, epochs=1), lr=(0.1, 0.2), seed=(0, 1)),
    )
    client.run(count_what_arrives)
    found = sweep(make, large, members, executor=client, keep=False)
    first = client.run(arrived)
    assert len(first) == 2
    for count in first.values():
        assert size(large) < count < 1.1 * size(large)
    sweep(make, large, members, executor=client, keep=False)
    for worker, count in client.run(arrived).items():
        assert count - first[worker] < 0.1 * size(large)  # the second sweep sends settings and first weights
    assert bits(found) == bits(sweep(make, large, members))
    sweep(make, dataset(3), members[:1], executor=client, keep=False)
    assert set(client.run(data_here).values()) == {1}  # other data: the old ones are let go


def test_a_killed_worker_is_replaced(client, tmp_path):
    pids = client.run(os.getpid)
    killed = next(iter(pids))
    killer = kill_after(1, tmp_path, lambda: [pids[killed]])
    found = sweep(make, dataset(3), SLOW, executor=client, keep=tmp_path)
    killer.join()
    assert kept(tmp_path) == len(SLOW)
    assert bits(found) == bits(sweep(make, dataset(3), SLOW))
    end = time.monotonic() + 120
    while pids[killed] in client.run(os.getpid).values() or len(client.run(os.getpid)) < 2:
        assert time.monotonic() < end, "the worker was not started again"
        time.sleep(0.2)
    assert set(client.run(data_here).values()) == {1}  # the new one has the data, and no sweep sent them


def test_a_full_disk_loses_nothing(client, monkeypatch, tmp_path, capsys):
    members = grid(LONG, lr=(0.02, 0.05), seed=(0, 1))
    fill_disk(monkeypatch)
    found = sweep(make, dataset(3), members, executor=client, keep=tmp_path)
    assert kept(tmp_path) == 2
    assert "No space left on device" in capsys.readouterr().out
    assert bits(found) == bits(sweep(make, dataset(3), members))
    monkeypatch.undo()
    monkeypatch.setattr(_plan, "MOST", 1)
    again = sweep(make, dataset(3), members, executor=client, keep=tmp_path)
    assert again.how[-1] == "2 members: kept from before"
    assert bits(again) == bits(found)


def tasks(client) -> int:
    """Of all clients; those that were cancelled while they ran are gone when they end."""
    return client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks))


def test_ctrl_c_cancels_what_has_not_begun(client, monkeypatch, tmp_path, capsys):
    short, long = (grid(replace(MINI, epochs=n), seed=range(count)) for n, count in ((20, 2), (800, 22)))
    members = [*short, *long]
    killer = kill_after(2, tmp_path, lambda: [os.getpid()], signal.SIGINT)
    found = sweep(make, dataset(3), members, executor=client, keep=tmp_path)
    killer.join()
    ends = [history.why_stopped for history in found.histories]
    whole = sum(end.startswith("all ") for end in ends)
    assert 2 <= whole < 20
    assert ends.count("interrupted before its first step") == len(members) - whole
    assert f"interrupted: {kept(tmp_path)} of 24 members were trained to their end" in capsys.readouterr().out
    end = time.monotonic() + 120
    while tasks(client) and time.monotonic() < end:
        time.sleep(0.1)
    assert tasks(client) == 0
    assert kept(tmp_path) == whole  # nobody went on


class Bare:
    """A scheduler and two workers, each a process of its own that nobody starts again."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.file, self.folder = folder / "scheduler.json", folder
        self.scheduler = self.start("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.workers = [self.start("worker", "--nthreads", "1", "--no-nanny") for _ in range(2)]

    def start(self, what: str, *words: str) -> subprocess.Popen:
        command = (sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(self.file))
        path = os.pathsep.join([str(Path(__file__).parent.parent), *sys.path])
        here = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "TMPDIR": str(self.folder)}
        with (self.folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen((*command, *words, "--no-dashboard"), env=here, stdout=log, stderr=log)

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def bare(tmp_path):
    there = Bare(tmp_path / "cluster")
    with contextlib.ExitStack() as stack:
        stack.callback(there.end)
        client = distributed.Client(scheduler_file=str(there.file), timeout=15)  # and so long it looks for it
        client.wait_for_workers(2, timeout=120)
        yield there, client
    client.close(timeout=1)


def test_a_killed_scheduler_loses_what_was_in_flight(bare, client, tmp_path):
    (there, lost), folder = bare, tmp_path / "kept"
    killer = kill_after(1, folder, lambda: [there.scheduler.pid])
    with pytest.raises(CourseError, match="The workers of this sweep were lost"):
        sweep(make, dataset(3), SLOW, executor=lost, keep=folder)
    killer.join()
    before = kept(folder)
    assert 1 <= before < len(SLOW)
    found = sweep(make, dataset(3), SLOW, executor=client, keep=folder)
    assert found.how[-1].startswith(f"{before} member")
    assert bits(found) == bits(sweep(make, dataset(3), SLOW))


def test_a_client_is_known_by_its_name(client):
    assert _hand.is_dask(client)
    assert not _hand.is_dask(client.get_executor())
    assert _hand.workers(client) == 2
