"""Training images a second: `fit` and the four equations against the usual recipe and other libraries.

All train the same network on the same images in the same run; their blocks take turns,
and each has the number of threads with which it was faster in a trial. A library that is not installed, or
fails, is named with the reason.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import torch
from report import Report
from rivals import peak
from threadpoolctl import threadpool_limits
from training_peers import CONTENDERS, Contender, Race

from helpers.data import mnist
from helpers.data._tiers import load

ROUNDS = 8
OURS = ("fit", "the four equations")
LARGE, SHARE = 1_000, 0.6  # with so many units in a layer, this share of the fastest product is the target
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


def measure(report: Report) -> None:
    for sizes, batch_size, lr, images in (
        ((784, 200, 10), 20, 0.1, 4_000),
        ((784, 200, 10), 1, 0.01, 600),
        ((784, 3136, 1568, 10), 32, 0.1, 960),
    ):
        with tempfile.TemporaryDirectory() as folder:
            _race(report, Path(folder), sizes, batch_size, lr, images)


def _race(
    report: Report, folder: Path, sizes: tuple[int, ...], batch_size: int, lr: float, images: int
) -> None:
    data = mnist(flat=True, n_train=50_000)
    images = min(images, len(data.train))
    data = replace(data, train=data.train.take(images), valid=data.valid.take(20))
    race = Race(data, load(None), folder, sizes, batch_size, lr)
    records, failed = _line_up(race)
    highest = _compete(race, records)
    title = f"{'-'.join(map(str, sizes))}, batches of {batch_size}"
    report.add(f"{title}: the fastest product", highest / 1e9, "GFLOP/s", note=str(race.device))
    usual, operations = records.get("usual recipe"), _operations(sizes) * images / highest
    for name, record in records.items():
        right = (record.contender.answers(data.train.x).to(race.device) == data.train.y).float().mean()
        note = f"{operations / record.best:.0%} of the product, {record.threads} thread(s)"
        report.add(
            f"{title}: {name}",
            images / record.best,
            "images/s",
            against="the usual recipe",
            ratio=record.ahead_of(usual) if usual else None,
            note=note if right > 0.5 else f"{note}; it learnt little: {right:.0%} of the images are right",
        )
    if max(sizes) > LARGE:
        best = min(records[name].best for name in OURS if name in records)
        report.add(
            f"{title}: the better of ours",
            operations / best,
            "",
            against="the fastest product",
            ratio=operations / best,
            target=SHARE,
        )
    for name, reason in failed.items():
        report.add(f"{title}: {name}", note=f"not measured: {reason}")


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
