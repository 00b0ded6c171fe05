"""How the data reach the workers of an executor: once each, whatever number of members they train.

Threads share the tensors. Other processes of this machine map one file of them, so that the system keeps a
single copy in memory. Dask sends them to each of its workers, on whatever machine, and a later sweep on the
same data sends nothing.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch

from helpers.data import Dataset, Split
from helpers.runtime import CourseError
from helpers.sweeps._kept import digest, tensors

Submit = Callable[..., Future]  # a job, whose first argument are the data, and its other arguments
_SENT: WeakKeyDictionary[Any, dict[str, list]] = WeakKeyDictionary()  # client: {digest: what it scattered}
_here: dict[str, Dataset] = {}  # in a worker: the data that it has, by digest


@dataclass(frozen=True)
class Address:
    """What is sent with each job instead of the data."""

    digest: str
    empty: Dataset  # names and classes, no examples
    device: torch.device
    path: Path | None = None  # of the mapped file; None where Dask sent the arrays


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
    none = Split(torch.empty(0), torch.empty(0, dtype=torch.int64))
    empty = replace(data, train=none, valid=none, test=none)
    address = Address(digest(data), empty, data.train.x.device)
    if is_dask(executor):
        arrays = _scattered(data, executor, address.digest)
        # Each job is a call of its own: Dask would answer equal ones from one result.
        yield partial(executor.get_executor(pure=False).submit, _with_arrays, arrays, address)
        return
    with tempfile.TemporaryDirectory(prefix="sweep-") as folder:
        path = Path(folder) / f"{address.digest}.pt"
        torch.save([value.detach().cpu().contiguous() for value in tensors(data)], path)
        yield partial(executor.submit, _with_file, replace(address, path=path))


def _scattered(data: Dataset, client: Any, key: str) -> list:
    """Dask's futures of the four arrays, which each worker holds; those of before, if all are still there."""
    known = _SENT.setdefault(client, {})
    if not known.get(key) or any(future.status != "finished" for future in known[key]):
        arrays = [value.detach().cpu().contiguous().numpy() for value in tensors(data)]
        known[key] = client.scatter(arrays, broadcast=True, hash=True)
    return known[key]


def _with_arrays(arrays: list[np.ndarray], address: Address, job: Callable, *rest: Any) -> Any:
    """In a worker of Dask."""
    if address.digest not in _here:
        # What came over the network is read-only; torch wants memory of its own, once.
        _remember(address, [torch.from_numpy(np.require(array, requirements="W")) for array in arrays])
    return job(_here[address.digest], *rest)


def _with_file(address: Address, job: Callable, *rest: Any) -> Any:
    """In another process of this machine."""
    if address.digest not in _here:
        try:
            _remember(address, torch.load(address.path, mmap=True, weights_only=True))
        except FileNotFoundError as error:
            raise CourseError(
                f"A worker cannot read the data in {address.path}: for workers on other machines pass a Dask "
                "Client, or set TMPDIR to a folder that all of them see."
            ) from error
    return job(_here[address.digest], *rest)


def _remember(address: Address, found: list[torch.Tensor]) -> None:
    x, y, x_valid, y_valid = (value.to(address.device) for value in found)
    _here.clear()  # a worker trains on one data set at a time
    train, valid = Split(x, y), Split(x_valid, y_valid)
    _here[address.digest] = replace(address.empty, train=train, valid=valid, test=valid)
