"""Forty networks 784-128-10 in batches of 20: a sweep against loops over torch.optim and over `fit`.

All is measured in one run on the same machine and data, nothing is scaled. The plain
loop measures nothing on the way; `fit` and the sweep check once an epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch
from report import Report
from torch import nn
from torch.nn import functional as F

from helpers import models
from helpers.data import Dataset, mnist
from helpers.runtime import generator, timer
from helpers.sweeps import Member, SweepResult, grid, sweep
from helpers.training import TrainConfig
from helpers.training._random import example_order

BASE = TrainConfig(batch_size=20, epochs=1)
ADAM = replace(BASE, optimiser="adam")
SWEEPS = {
    "8 rates × 5 λ": grid(
        BASE, lr=(0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5), lam=(0, 1e-5, 1e-4, 1e-3, 1e-2)
    ),
    "2 rates × 20 seeds": grid(BASE, lr=(0.05, 0.2), seed=range(20)),
    "momentum, 2 rates × 20 seeds": grid(replace(BASE, momentum=0.9), lr=(0.01, 0.05), seed=range(20)),
    "Adam, 2 rates × 20 seeds": grid(ADAM, lr=(1e-4, 1e-3), seed=range(20)),
}


def make(seed: int) -> nn.Sequential:
    return models.mlp((784, 128, 10), generator=generator(seed))


def plain_loop(data: Dataset, members: Sequence[Member]) -> list[nn.Sequential]:
    """Each member by itself, as briefly as PyTorch's users write it: slices of tensors, no data loader."""
    return [_trained(data, member) for member in members]


def _trained(data: Dataset, member: Member) -> nn.Sequential:
    config, train = member.config, data.train
    model = make(config.seed).to(train.x.device)
    groups = [
        {"params": [w for w in model.parameters() if w.ndim > 1], "weight_decay": member.decay},
        {"params": [w for w in model.parameters() if w.ndim == 1]},
    ]
    if config.optimiser == "adam":
        optimiser = torch.optim.Adam(groups, lr=config.lr)
    else:
        optimiser = torch.optim.SGD(groups, lr=config.lr, momentum=config.momentum)
    for epoch in range(config.epochs):
        for rows in example_order(len(train), config, epoch).to(train.x.device).split(config.batch_size):
            optimiser.zero_grad()
            F.cross_entropy(model(train.x[rows]), train.y[rows]).backward()
            optimiser.step()
    return model


def seconds(what: Callable[[], object], device: torch.device, rounds: int = 1) -> float:
    found = []
    for _ in range(rounds):
        with timer(device) as t:
            what()
        found.append(t.seconds)
    return min(found)


def fastest_plain_loop(data: Dataset, members: Sequence[Member]) -> tuple[float, str]:
    """With one thread, and with as many as torch takes by itself: whichever is faster."""
    before, found = torch.get_num_threads(), {}
    for threads in sorted({1, before}) if data.train.x.device.type == "cpu" else [before]:
        torch.set_num_threads(threads)
        found[threads] = seconds(lambda: plain_loop(data, members), data.train.x.device)
    torch.set_num_threads(before)
    best = min(found, key=found.__getitem__)
    return found[best], f"{best} thread{'s' if best > 1 else ''}"


def measure(report: Report) -> None:
    data = mnist(flat=True, n_train=11_000, n_valid=1_000)
    for name, members in SWEEPS.items():
        _forty_networks(report, data, name, members)


def _forty_networks(report: Report, data: Dataset, name: str, members: Sequence[Member]) -> None:
    device, results = data.train.x.device, []
    _demand_equal(data, members)
    best = seconds(lambda: results.append(sweep(make, data, members)), device, rounds=3)
    fits = seconds(lambda: sweep(make, data, members, vectorise=False), device)
    plain, threads = fastest_plain_loop(data, members)
    steps, what = len(members) * -(-len(data.train) // 20), f"{len(members)} networks, {name}"
    each = f"{best / steps * 1e6:.0f} µs a step of one member; {results[0].how[0]}"
    report.add(what, best, "s", against=f"a loop of torch.optim, {threads}", ratio=plain / best, note=each)
    report.add(what, best, "s", against="a loop of fit", ratio=fits / best)


def _demand_equal(data: Dataset, members: Sequence[Member]) -> None:
    """All do the same work: after fifty steps the weights are equal up to single precision."""
    some, short = members[::13], replace(data, train=data.train.take(1_000))
    found: SweepResult = sweep(make, short, some)
    for i, expected in enumerate(plain_loop(short, some)):
        for ours, theirs in zip(found.model(i).parameters(), expected.parameters(), strict=True):
            gap = ((ours - theirs).norm() / theirs.norm()).item()
            assert gap < 1e-3, f"the sweep is not the loop: relative difference {gap:.1e} of member {i}"
