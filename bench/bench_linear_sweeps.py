"""Logistic regression on fours and nines: a sweep against a loop of torch.optim.SGD and scikit-learn.

`make bench` runs it; all is measured in one run on the same machine and data. The loop over 108 members takes
many minutes, so it runs a twelfth of its epochs and is scaled up, unless BENCH_FULL=1 is set.
"""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
import torch
from rivals import loop_of_sgd, peak, scikit_seconds

from helpers import models
from helpers.data import Dataset, mnist
from helpers.runtime import provenance, timer
from helpers.sweeps import Member, grid, sweep
from helpers.sweeps._rotation import EXTRA, rotation
from helpers.training import TrainConfig

EPOCHS = 1_000
HOMEWORK = 2_000  # training images of the homework
BASE = TrainConfig(batch_size=60_000, epochs=EPOCHS, epochs_per_check=EPOCHS)
NINE = grid(BASE, convention="full", lr=(0.1, 0.5, 1.0), lam=(0.01, 0.5, 1.0))
MANY = grid(BASE, convention="full", lr=np.geomspace(0.01, 1, 12), lam=np.geomspace(1e-3, 1, 9))
SLACK = 1e-4  # J counts as reached at (1 + SLACK) times the lowest value


@pytest.fixture(scope="session")
def everything(lines) -> Dataset:
    data = mnist(digits=(4, 9), flat=True, n_train=59_000, n_valid=1_000)
    facts = provenance()
    lines += ["", data.describe(), f"torch {facts['torch']} on {facts['device']}"]
    return data


@pytest.fixture(params=["homework", "all"])
def data(request, everything) -> Dataset:
    """The homework's 2,000 training images, or all."""
    n = min(HOMEWORK, len(everything.train)) if request.param == "homework" else len(everything.train)
    return replace(everything, train=everything.train.take(n))


def ours(data: Dataset, members: list[Member]):
    return sweep(lambda seed: models.linear(784, 1), data, members)


def loop_seconds(data: Dataset, members: list[Member], epochs: int) -> float:
    with timer(data.train.x.device) as t:
        loop_of_sgd(data.train, members, epochs)
    return t.seconds * EPOCHS / epochs


@pytest.mark.parametrize("members", [NINE, MANY], ids=["9 members", "108 members"])
def test_sweep_against_loop(benchmark, lines, data, members):
    n, m = len(data.train), len(members)
    _demand_equal(data, members)
    highest = peak(data.train.x.device)
    benchmark.pedantic(ours, (data, members), rounds=3)
    highest = max(highest, peak(data.train.x.device))
    # With nobody else on the machine the loop's time is the number of members times that of one.
    epochs = EPOCHS if m == len(NINE) or os.environ.get("BENCH_FULL") else EPOCHS // 12
    loop = loop_seconds(data, members, epochs)
    best = benchmark.stats.stats.min
    width = int(rotation(data.train.x).varies.sum()) + EXTRA
    rate = 4 * n * width * m * EPOCHS / best  # two products of 2 · n · width · m operations in each epoch
    benchmark.extra_info.update(loop_seconds=loop, operations_per_second=rate, peak=highest)
    scaled = "" if epochs == EPOCHS else f" (scaled from {epochs} epochs)"
    lines += [
        f"{n:,} images, {m} members, {EPOCHS:,} epochs: sweep {best:.2f} s, "
        f"loop of torch.optim.SGD {loop:.1f} s{scaled}: {loop / best:.1f} times as fast; "
        f"{rate / 1e9:.0f} of {highest / 1e9:.0f} GFLOP/s ({rate / highest:.0%} of the fastest product)"
    ]


def _demand_equal(data: Dataset, members: list[Member]) -> None:
    """Both do the same work: after ten epochs the weights are equal up to single precision."""
    short = [replace(m, config=replace(m.config, epochs=10, epochs_per_check=10)) for m in members]
    found = ours(data, short).weights[:, 0]
    expected = torch.cat([model.weight.detach() for model in loop_of_sgd(data.train, members, 10)])
    gaps = (found - expected).norm(dim=1) / expected.norm(dim=1)
    assert gaps.max() < 1e-3, f"the sweep is not the loop: relative difference {gaps.max():.1e}"


def test_time_to_the_same_objective(benchmark, lines, data):
    """J at each λ of the nine members, as low as the sweep brings it; who is there first?"""
    train = data.train
    watched = [replace(m, config=replace(m.config, epochs_per_check=10)) for m in NINE]
    # The training figures are taken on as many examples as there are for validation: here on all.
    result = benchmark.pedantic(ours, (replace(data, valid=train), watched), rounds=1)
    for lam in (0.01, 0.5, 1.0):
        same = result.select(lam=lam)
        costs = np.array(
            [np.add(h.train_loss, lam * np.square(h.weight_norm)) for h in same.histories]
        )  # (members, checks)
        target = costs.min() * (1 + SLACK)
        check = int((costs <= target).any(0).argmax())
        i = int(costs[:, check].argmin())
        scikit, iterations = scikit_seconds(train, lam, target)
        history = same.histories[i]
        lines += [
            f"{len(train):,} images, λ = {lam:g}, J ≤ {target:.6f}: "
            f"sweep of 9 after {history.elapsed[check]:.2f} s "
            f"(epoch {history.epoch[check]:.0f} at rate {same.members[i].config.lr:g}), "
            f"scikit-learn after {scikit:.3f} s ({iterations} iterations)"
        ]
