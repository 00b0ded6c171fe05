"""How the data reach the workers of an executor: once each, whatever number of members they train.

Threads share the tensors. Other processes of this machine map one file of them, so that the system keeps a
single copy in memory. A Dask scheduler gets them once and hands them to each of its workers, on whatever
machine, those that join later too; a later sweep on the same data sends nothing.

In each case a worker's tensors begin where torch lets its own begin, at multiples of 64 bytes: sums of the
same numbers from other places are added in another order, and differ in the last bit.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import torch

from helpers.data import Dataset, Split
from helpers.runtime import CourseError
from helpers.sweeps._kept import digest, tensors

Submit = Callable[..., Future]  # a job, whose first argument are the data, and its other arguments
# client: {name of data that its scheduler has: how many sweeps train on them now}
_SENT: WeakKeyDictionary[Any, Counter[str]] = WeakKeyDictionary()
_here: dict[str, Dataset] = {}  # in a worker: the data that it has, by digest


@dataclass(frozen=True)
class Address:
    """What is sent with each job instead of the data."""

    digest: str
    empty: Dataset  # names and classes, no examples
    device: torch.device
    path: Path | None = None  # of the mapped file; None where Dask sent the data


def is_dask(executor: object) -> bool:
    """Is this a `distributed.Client`? Asked by name: Dask need not be installed."""
    return type(executor).__module__.partition(".")[0] == "distributed" and hasattr(executor, "scatter")


def near(executor: object) -> bool:
    """Do the workers share this process's memory?"""
    return isinstance(executor, ThreadPoolExecutor)


def workers(executor: Executor | Any) -> int:
    """How many jobs run at once."""
    if is_dask(executor):
        return max(1, sum(executor.nthreads().values()))
    return max(1, getattr(executor, "_max_workers", None) or os.cpu_count() or 1)


@contextmanager
def handed(data: Dataset, executor: Executor | Any) -> Iterator[Submit]:
    """`submit(job, *arguments)`, which runs job(data, *arguments) in a worker of the executor."""
    if near(executor):
        yield lambda job, *rest: executor.submit(job, data, *rest)
        return
    _demand_usable(data.train.x.device, executor)
    none = Split(torch.empty(0), torch.empty(0, dtype=torch.int64))
    empty = replace(data, train=none, valid=none, test=none)
    address = Address(digest(data), empty, data.train.x.device)
    if is_dask(executor):
        with _at_the_scheduler(data, executor, address):
            # Each job is a call of its own: Dask would answer equal ones from one result.
            yield partial(executor.get_executor(pure=False).submit, _at_a_worker, address)
        return
    with tempfile.TemporaryDirectory(prefix="sweep-") as folder:
        path = Path(folder) / f"{address.digest}.pt"
        _write(data, path)
        yield partial(executor.submit, _at_a_worker, replace(address, path=path))


def _demand_usable(device: torch.device, executor: Executor) -> None:
    """CourseError if the workers are forked from a process that uses CUDA: CUDA does not survive that."""
    context = getattr(executor, "_mp_context", None)
    if device.type == "cuda" and context is not None and context.get_start_method() == "fork":
        raise CourseError(
            "The data are on a GPU, which forked processes cannot use: pass ProcessPoolExecutor("
            "mp_context=multiprocessing.get_context('spawn')), or none, since a GPU trains stacks by itself."
        )


@contextmanager
def _at_the_scheduler(data: Dataset, client: Any, address: Address) -> Iterator[None]:
    """The data as a plugin of the workers, unless the scheduler has them; then other ones are let go.

    Not by `scatter`: of what it spreads the scheduler keeps one copy only after two seconds, so a later sweep
    would send it again, and the data would be lost with the worker that holds it.
    """
    name, known = f"sweep-{address.digest}", _SENT.setdefault(client, Counter())
    for old in [old for old, sweeps in known.items() if old != name and not sweeps]:
        client.unregister_worker_plugin(old)
        del known[old]
    # A function without a name of its own goes as a copy: the scheduler need not import this course.
    if not client.run_on_scheduler(lambda dask_scheduler: name in dask_scheduler.worker_plugins):
        client.register_plugin(_plugin(data, address), name=name)
    known[name] += 1
    try:
        yield
    finally:
        known[name] -= 1


def _plugin(data: Dataset, address: Address) -> Any:
    from distributed import WorkerPlugin

    # It goes to the workers as a copy, and so does a dictionary that it names; functions go by their name.
    class Data(WorkerPlugin):
        def __init__(self, content: bytes) -> None:
            self.content = content

        def setup(self, worker: Any) -> None:
            _remember(address, io.BytesIO(self.content))
            self.content = b""

        def teardown(self, worker: Any) -> None:
            _forget(address)

    stream = io.BytesIO()
    _write(data, stream)
    return Data(stream.getvalue())


def _at_a_worker(address: Address, job: Callable, *rest: Any) -> Any:
    if address.digest not in _here and address.path is not None:
        _here.clear()  # such a worker trains on one data set at a time
        try:
            _remember(address, address.path, mmap=True)
        except FileNotFoundError as error:
            raise CourseError(
                f"A worker cannot read the data in {address.path}: for workers on other machines pass a Dask "
                "Client, or set TMPDIR to a folder that all of them see."
            ) from error
    return job(_here[address.digest], *rest)


def _write(data: Dataset, place: Path | io.BytesIO) -> None:
    torch.save([value.detach().cpu().contiguous() for value in tensors(data)], place)


def _remember(address: Address, place: Path | io.BytesIO, **how: bool) -> None:
    found = torch.load(place, weights_only=True, **how)
    x, y, x_valid, y_valid = (value.to(address.device) for value in found)
    train, valid = Split(x, y), Split(x_valid, y_valid)
    _here[address.digest] = replace(address.empty, train=train, valid=valid, test=valid)


def _forget(address: Address) -> None:
    _here.pop(address.digest, None)
