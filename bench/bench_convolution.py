"""Seconds to 99 % of the test images: the book's recipe against the usual one, for the same network.

Usual is what most people write: a data set of PIL images with transforms, a DataLoader
that shuffles it, Adam at its default rate. The third line is that pipeline with our schedule and shifts, so
that what the batches cost and what the schedule gains can be told apart. Checks are not counted, for anyone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import torch
from PIL import Image
from report import Report
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torch.utils.data import Dataset as TorchDataset
from torchvision import transforms

from helpers import models
from helpers.data import Dataset, Split, mnist, shift
from helpers.runtime import generator
from helpers.training import TrainConfig, evaluate, fit

TARGET = 0.99
MOST = 4  # epochs
RECIPE = TrainConfig(
    lr=0.1,
    momentum=0.9,
    weight_decay=5e-4,
    batch_size=128,
    epochs=2,
    checks_per_epoch=5,
    schedule="one-cycle",
)


class Images(TorchDataset):
    """`torchvision.datasets.MNIST` for images that are already in memory: one PIL image an example."""

    def __init__(self, split: Split, transform: transforms.Compose) -> None:
        self.pixels = (split.x[:, 0] * 255).round().to("cpu", torch.uint8).numpy()
        self.labels, self.transform = split.y.tolist(), transform

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, i: int) -> tuple[Tensor, int]:
        return self.transform(Image.fromarray(self.pixels[i])), self.labels[i]


def measure(report: Report) -> None:
    """All training images; the test images stand where `fit` looks, since their accuracy is the finish."""
    found = mnist(n_train=59_000, n_valid=1_000)
    data = replace(found, valid=found.test)
    ours = recipe(data)
    what = f"{TARGET:.0%} of {len(data.test):,} test images, compact network"
    report.add(what, ours, "s", note="" if ours else f"not within {RECIPE.epochs} epochs; {found.describe()}")
    for name, one_cycle in (("DataLoader, transforms, Adam", False), ("the same with our schedule", True)):
        seconds = loader(data, one_cycle=one_cycle)
        ratio = seconds / ours if seconds and ours else None
        note = "" if seconds else f"not within {MOST} epochs"
        report.add(f"  {name}", seconds, "s", against="as long as ours", ratio=ratio, note=note)


def recipe(data: Dataset) -> float | None:
    """Seconds of training until a check finds the target; None if none does."""
    model = models.compact_cnn(generator=generator(0))
    history = fit(model, data, RECIPE, augment=shift(2))
    reached = np.array(history.valid_accuracy) >= TARGET
    return history.elapsed[int(reached.argmax())] if reached.any() else None


def loader(data: Dataset, *, one_cycle: bool) -> float | None:
    """The same with DataLoader and torch.optim, checked as often."""
    torch.manual_seed(0)
    model = models.compact_cnn(generator=generator(0)).to(memory_format=torch.contiguous_format)
    model.to(data.train.x.device)
    epochs = RECIPE.epochs if one_cycle else MOST
    steps = -(-len(data.train) // RECIPE.batch_size)
    seconds, start = 0.0, time.perf_counter()
    for step, _ in enumerate(updates(model, data.train, epochs, one_cycle), start=1):
        if step % (steps // RECIPE.checks_per_epoch) == 0 or step == steps * epochs:
            seconds += time.perf_counter() - start
            if evaluate(model, data.valid)["accuracy"] >= TARGET:
                return seconds
            start = time.perf_counter()
    return None


def updates(model: nn.Module, train: Split, epochs: int, one_cycle: bool) -> Iterator[None]:
    """The usual loop; yields after each update."""
    shifts = [transforms.RandomCrop(28, padding=2)] if one_cycle else []
    images = Images(train, transforms.Compose([*shifts, transforms.ToTensor()]))
    batches = DataLoader(images, RECIPE.batch_size, shuffle=True)
    if one_cycle:
        settings = {"lr": RECIPE.lr, "momentum": RECIPE.momentum, "weight_decay": RECIPE.weight_decay}
        optimiser = torch.optim.SGD(model.parameters(), **settings)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, one_cycle_factor(len(batches) * epochs))
    else:
        optimiser, schedule = torch.optim.Adam(model.parameters()), None
    for _ in range(epochs):
        for x, y in batches:
            x, y = x.to(train.x.device), y.to(train.x.device)
            model.train()
            optimiser.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimiser.step()
            if schedule:
                schedule.step()
            yield


def one_cycle_factor(total: int) -> Callable[[int], float]:
    """The rate at update 0, 1, … as a fraction of the highest, as `TrainConfig` documents it."""

    def factor(step: int) -> float:
        done = (step + 0.5) / total
        return done / 0.3 if done < 0.3 else (1 - done) / 0.7

    return factor
