"""`cifar10`: which pictures go into which split; where they come from is `_cifar_tiers`' business."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from helpers.data._cifar_tiers import NoPictures, Source, load
from helpers.data._mnist import mnist
from helpers.data._split import Dataset, Split
from helpers.runtime import CourseError
from helpers.runtime import device as pick_device


def cifar10(
    root: str | Path | None = None,
    *,
    n_train: int | None = None,
    n_valid: int = 5_000,
    n_test: int | None = None,
    classes: tuple[str, ...] | None = None,
    device: str | torch.device | None = None,
) -> Dataset:
    """CIFAR-10 as tensors on the device: x (N, 3, 32, 32) uint8, y (N,) int64; `Pipeline` makes it float32.

    `train` is the first `n_train` training pictures (default: all that are left), `valid` the last `n_valid`,
    `test` the first `n_test` test pictures (default: all). All are counted before `classes` are selected, and
    `classes=("cat", "dog")` become the labels 0 and 1. Only what is asked for is decoded.

    Raises CourseError for sizes or classes that make no sense, for data that are not what they should be, and
    where there are none: CIFAR-10 has no embedded tier. Source: Krizhevsky, "Learning Multiple Layers of
    Features from Tiny Images" (2009), 50,000 and 10,000 pictures; the tiers in `helpers.data._cifar_tiers`.
    """
    source = load(root)
    n, there = len(source.y), len(source.y_test)
    n_train = n - n_valid if n_train is None else n_train
    n_test = there if n_test is None else n_test
    if min(n_train, n_valid, n_test) < 1 or n_train + n_valid > n or n_test > there:
        raise CourseError(
            f"Cannot cut {n_train:,} training, {n_valid:,} validation and {n_test:,} test pictures from "
            f"{n:,} and {there:,}: each must be at least 1, and together they must fit."
        )
    keep, where = _labels(source, classes), pick_device(device)
    train, valid, test = (
        _split(source, part, first, last, keep, where)
        for part, first, last in (("train", 0, n_train), ("train", n - n_valid, n), ("test", 0, n_test))
    )
    return Dataset(
        "CIFAR-10", source.tier, train, valid, test, tuple(source.classes[k] for k in keep), source.note
    )


def transfer_images(
    root: str | Path | None = None,
    *,
    n_train: int | None = None,
    n_valid: int = 5_000,
    n_test: int | None = None,
    device: str | torch.device | None = None,
) -> Dataset:
    """Pictures for a transfer experiment on any machine: `cifar10`, or else MNIST's digits as such pictures.

    The digits get a black margin of 2 pixels and three equal channels: x (N, 3, 32, 32) uint8. With the
    embedded digits, `n_train` and `n_valid` shrink by one factor; `name` and `note` say what was taken and
    why. Damaged CIFAR-10 files are still an error.
    """
    try:
        return cifar10(root, n_train=n_train, n_valid=n_valid, n_test=n_test, device=device)
    except NoPictures as error:
        why = error.reason
    data = mnist(n_train=n_train, n_valid=n_valid, device=device)
    parts = [
        Split(_as_picture(s.x), s.y)
        for s in (data.train, data.valid, data.test.take(min(n_test or len(data.test), len(data.test))))
    ]
    note = "; ".join(filter(None, (f"digits instead of CIFAR-10 ({why})", data.note)))
    return Dataset("MNIST as colour pictures", data.tier, *parts, data.classes, note)


def _as_picture(x: torch.Tensor) -> torch.Tensor:
    """(N, 1, 28, 28) in [0, 1] → (N, 3, 32, 32) uint8."""
    padded = torch.nn.functional.pad((x * 255).round().to(torch.uint8), (2, 2, 2, 2))
    return padded.expand(-1, 3, -1, -1).contiguous()


def _labels(source: Source, classes: tuple[str, ...] | None) -> list[int]:
    """The labels to keep, in the order asked for."""
    if classes is None:
        return list(range(len(source.classes)))
    if isinstance(classes, str) or not classes or len(set(classes)) < len(classes):
        raise CourseError(f'classes={classes!r} must name different classes: for example ("cat", "dog").')
    unknown = [name for name in classes if name not in source.classes]
    if unknown:
        raise CourseError(f"Unknown class {unknown[0]!r}: CIFAR-10 has {', '.join(source.classes)}.")
    return [source.classes.index(name) for name in classes]


def _split(source: Source, part: str, first: int, last: int, keep: list[int], device: torch.device) -> Split:
    labels = (source.y if part == "train" else source.y_test)[first:last]
    index = np.flatnonzero(np.isin(labels, keep))
    if len(index) == 0:
        count = f"{last - first:,} {part} pictures"
        raise CourseError(f"None of the {count} has the classes asked for: take more.")
    new = np.full(len(source.classes), -1)
    new[keep] = np.arange(len(keep))
    x = torch.from_numpy(source.decode(part, first + index))  # (n, 3, 32, 32)
    return Split(x.to(device), torch.from_numpy(new[labels[index]].astype(np.int64)).to(device))
