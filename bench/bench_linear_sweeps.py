"""Logistic regression on fours and nines: a sweep against a loop of torch.optim.SGD and scikit-learn.

All is measured in one run on the same machine and data. The loop over 108 members takes
many minutes, so it runs a twelfth of its epochs and is scaled up, unless BENCH_FULL=1 is set.
"""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import torch
from report import Report
from rivals import loop_of_sgd, peak, scikit_seconds

from helpers import models
from helpers.data import Dataset, mnist
from helpers.runtime import timer
from helpers.sweeps import Member, grid, sweep
from helpers.sweeps._rotation import EXTRA, rotation
from helpers.training import TrainConfig

EPOCHS = 1_000
HOMEWORK = 2_000  # training images of the homework
BASE = TrainConfig(batch_size=60_000, epochs=EPOCHS, epochs_per_check=EPOCHS)
NINE = grid(BASE, convention="full", lr=(0.1, 0.5, 1.0), lam=(0.01, 0.5, 1.0))
MANY = grid(BASE, convention="full", lr=np.geomspace(0.01, 1, 12), lam=np.geomspace(1e-3, 1, 9))
SLACK = 1e-4  # J counts as reached at (1 + SLACK) times the lowest value


def measure(report: Report) -> None:
    everything = mnist(digits=(4, 9), flat=True, n_train=59_000, n_valid=1_000)
    for n in sorted({min(HOMEWORK, len(everything.train)), len(everything.train)}):
        data = replace(everything, train=everything.train.take(n))
        for members in (NINE, MANY):
            against_a_loop(report, data, members)
        to_the_same_objective(report, data)


def ours(data: Dataset, members: list[Member]):
    return sweep(lambda seed: models.linear(784, 1), data, members)


def loop_seconds(data: Dataset, members: list[Member], epochs: int) -> float:
    with timer(data.train.x.device) as t:
        loop_of_sgd(data.train, members, epochs)
    return t.seconds * EPOCHS / epochs


def against_a_loop(report: Report, data: Dataset, members: list[Member]) -> None:
    n, m = len(data.train), len(members)
    _demand_equal(data, members)
    highest, seconds = peak(data.train.x.device), []
    for _ in range(3):
        with timer(data.train.x.device) as t:
            ours(data, members)
        seconds.append(t.seconds)
    highest, best = max(highest, peak(data.train.x.device)), min(seconds)
    # With nobody else on the machine the loop's time is the number of members times that of one.
    epochs = EPOCHS if m == len(NINE) or os.environ.get("BENCH_FULL") else EPOCHS // 12
    loop = loop_seconds(data, members, epochs)
    width = int(rotation(data.train.x).varies.sum()) + EXTRA
    rate = 4 * n * width * m * EPOCHS / best  # two products of 2 · n · width · m operations in each epoch
    scaled = "" if epochs == EPOCHS else f", the loop scaled from {epochs} epochs"
    report.add(
        f"{n:,} images, {m} linear members, {EPOCHS:,} epochs",
        best,
        "s",
        against="a loop of torch.optim.SGD",
        ratio=loop / best,
        note=f"{rate / highest:.0%} of the fastest product, {highest / 1e9:.0f} GFLOP/s{scaled}",
    )


def _demand_equal(data: Dataset, members: list[Member]) -> None:
    """Both do the same work: after ten epochs the weights are equal up to single precision."""
    short = [replace(m, config=replace(m.config, epochs=10, epochs_per_check=10)) for m in members]
    found = ours(data, short).weights[:, 0]
    expected = torch.cat([model.weight.detach() for model in loop_of_sgd(data.train, members, 10)])
    gaps = (found - expected).norm(dim=1) / expected.norm(dim=1)
    assert gaps.max() < 1e-3, f"the sweep is not the loop: relative difference {gaps.max():.1e}"


def to_the_same_objective(report: Report, data: Dataset) -> None:
    """J at each λ of the nine members, as low as the sweep brings it; who is there first?"""
    train = data.train
    watched = [replace(m, config=replace(m.config, epochs_per_check=10)) for m in NINE]
    # The training figures are taken on as many examples as there are for validation: here on all.
    result = ours(replace(data, valid=train), watched)
    for lam in (0.01, 0.5, 1.0):
        same = result.select(lam=lam)
        costs = np.array(
            [np.add(h.train_loss, lam * np.square(h.weight_norm)) for h in same.histories]
        )  # (members, checks)
        target = costs.min() * (1 + SLACK)
        check = int((costs <= target).any(0).argmax())
        i = int(costs[:, check].argmin())
        scikit, iterations = scikit_seconds(train, lam, target)
        ours_after = same.histories[i].elapsed[check]
        report.add(
            f"{len(train):,} images, λ = {lam:g}: a sweep of 9 to J ≤ {target:.6f}",
            ours_after,
            "s",
            against="scikit-learn",
            ratio=scikit / ours_after,
            note=f"{scikit:.3f} s, {iterations} iterations",
        )
