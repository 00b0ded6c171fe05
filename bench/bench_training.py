"""Training images a second: `fit` and the four equations against the usual recipe and other libraries.

`make bench` runs it. All train the same network on the same images in the same run; their blocks take turns,
and each has the number of threads with which it was faster in a trial. A library that is not installed, or
fails, is named with the reason.
"""

from __future__ import annotations

import statistics
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest
import torch
from rivals import peak
from threadpoolctl import threadpool_limits
from training_peers import CONTENDERS, Contender, Race

from helpers.data import mnist
from helpers.data._tiers import load

ROUNDS = 8
THREADS = torch.get_num_threads()


@dataclass
class Record:
    """What one contender did, in each round."""

    contender: Contender
    threads: int
    seconds: list[float] = field(default_factory=list)

    @property
    def best(self) -> float:
        return min(self.seconds)

    def ahead_of(self, other: Record) -> float:
        """How many times as fast: the median over the rounds, since a machine's speed drifts."""
        return statistics.median(b / a for a, b in zip(self.seconds, other.seconds, strict=True))


@pytest.mark.parametrize(
    ("sizes", "batch_size", "lr", "images"),
    [
        ((784, 200, 10), 20, 0.1, 4_000),
        ((784, 200, 10), 1, 0.01, 600),
        ((784, 3136, 1568, 10), 32, 0.1, 960),
    ],
    ids=["small", "single", "large"],
)
def test_images_a_second(lines, tmp_path, sizes, batch_size, lr, images):
    data = mnist(flat=True, n_train=50_000)
    images = min(images, len(data.train))
    data = replace(data, train=data.train.take(images), valid=data.valid.take(20))
    race = Race(data, load(None), tmp_path, sizes, batch_size, lr)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other libraries' own
        records, failed = _line_up(race)
        highest = _compete(race, records)
        answers = {name: record.contender.answers(data.train.x) for name, record in records.items()}
    title = f"{'-'.join(map(str, sizes))}, batch {batch_size}, {images:,} images, {race.device}"
    lines += ["", f"{title}, fastest product {highest / 1e9:.0f} GFLOP/s:"]
    usual, operations = records.get("usual recipe"), _operations(sizes) * images / highest
    for name, record in records.items():
        times = f", {record.ahead_of(usual):5.1f} x the usual recipe" if usual else ""
        lines += [
            f"  {name:27} {images / record.best:>9,.0f} images/s "
            f"(median {images / statistics.median(record.seconds):>9,.0f}){times}"
            f", {operations / record.best:4.0%} of the product, {record.threads} thread(s)"
        ]
    lines += [f"  {name:27} not measured: {reason}" for name, reason in failed.items()]
    for name, found in answers.items():
        right = (found.to(race.device) == data.train.y).float().mean()
        assert right > 0.5, f"{name} did not learn: {right:.0%} of the training images are right"
    assert {"fit", "the four equations", "usual recipe"} <= records.keys(), failed


def _line_up(race: Race) -> tuple[dict[str, Record], dict[str, str]]:
    """All that run, and why the others do not."""
    records, failed = {}, {}
    for name, make in CONTENDERS.items():
        try:
            records[name] = _trial(make(race))
        except Exception as error:
            failed[name] = f"{type(error).__name__}: {error}".splitlines()[0]
    return records, failed


def _compete(race: Race, records: dict[str, Record]) -> float:
    """The rounds; operations a second of the machine's fastest product, which is measured in each."""
    highest = 0.0
    for _ in range(ROUNDS):
        highest = max(highest, peak(race.device, repeats=3))
        for record in records.values():
            with _threads(record.threads):
                record.seconds.append(record.contender.epoch())
    return highest


def _trial(contender: Contender) -> Record:
    """Warm up, then see whether one thread is better than all."""
    contender.epoch()
    seconds = {}
    for threads in {1, THREADS}:
        with _threads(threads):
            seconds[threads] = min(contender.epoch() for _ in range(2))
    return Record(contender, min(seconds, key=seconds.__getitem__))


@contextmanager
def _threads(number: int) -> Iterator[None]:
    torch.set_num_threads(number)
    try:
        with threadpool_limits(number):
            yield
    finally:
        torch.set_num_threads(THREADS)


def _operations(sizes: tuple[int, ...]) -> int:
    """Of the matrix products for one image: forward, for the gradient, and back, but not to the input."""
    weights = [n * m for n, m in pairwise(sizes)]
    return 6 * sum(weights) - 2 * weights[0]
