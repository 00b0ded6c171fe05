"""`mnist`: the raw images cut into splits, converted once, on one device."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from helpers.data._split import Dataset, Split
from helpers.data._tiers import Raw, load
from helpers.runtime import CourseError
from helpers.runtime import device as pick_device

PIXELS = ("unit", "signed", "standard")
FULL = 60_000  # training images of MNIST


def mnist(
    root: str | Path | None = None,
    *,
    n_train: int | None = None,
    n_valid: int = 10_000,
    digits: tuple[int, ...] | None = None,
    pixels: str = "unit",
    flat: bool = False,
    device: str | torch.device | None = None,
) -> Dataset:
    """MNIST as tensors on the device: x (N, 1, 28, 28) float32, or (N, 784) if `flat`; y (N,) int64.

    `train` is the first `n_train` training images (default: all that are left), `valid` the last `n_valid` of
    them; both are counted before `digits` are selected, and `digits=(2, 3)` become the labels 0 and 1. `test`
    is the official test split. The embedded tier has 4,000 training and 1,000 test images: if it cannot serve
    both sizes, it shrinks them by one factor and the note says so.

    `pixels`: `"unit"` [0, 1]; `"signed"` [−1, 1]; `"standard"` with mean 0 and variance 1 over the training
    split. Raises CourseError for sizes, digits or pixels that make no sense and for data that are not what
    they should be. Source: https://yann.lecun.com/exdb/mnist/ (60,000 and 10,000 images), the tiers in
    `helpers.data._tiers`.
    """
    if pixels not in PIXELS:
        raise CourseError(f"Unknown pixels={pixels!r}: use {', '.join(map(repr, PIXELS))}.")
    raw = load(root)
    n_train, n_valid, note = _sizes(raw, n_train, n_valid)
    where = pick_device(device)
    train, valid, test = (
        _upload(x, y, digits, where)
        for x, y in (
            (raw.x[:n_train], raw.y[:n_train]),
            (raw.x[len(raw.x) - n_valid :], raw.y[len(raw.y) - n_valid :]),
            (raw.x_test, raw.y_test),
        )
    )
    scale = _scaling(pixels, train.x)
    train, valid, test = (Split(_floats(s.x, *scale, flat), s.y) for s in (train, valid, test))
    classes = tuple(str(digit) for digit in (digits or range(10)))
    return Dataset("MNIST", raw.tier, train, valid, test, classes, note)


def _sizes(raw: Raw, n_train: int | None, n_valid: int) -> tuple[int, int, str]:
    """The sizes of the training and validation split that this tier serves, and its note."""
    wanted = FULL - n_valid if n_train is None else n_train
    if wanted < 1 or n_valid < 1 or wanted + n_valid > FULL:
        raise CourseError(
            f"Cannot cut {wanted:,} training and {n_valid:,} validation images from {FULL:,}: "
            "both must be at least 1 and together fit."
        )
    there = len(raw.x)
    if wanted + n_valid <= there:
        return wanted, n_valid, raw.note
    shrunk = min(max(round(there * n_valid / (wanted + n_valid)), 1), there - 1)
    note = f"{raw.note}, shrunk from {wanted:,} training and {n_valid:,} validation images by one factor"
    return there - shrunk, shrunk, note


def _upload(x: np.ndarray, y: np.ndarray, digits: tuple[int, ...] | None, device: torch.device) -> Split:
    """Bytes to the device, a quarter of what floats would move; (N, 28, 28) uint8 and (N,) int64."""
    if digits is not None:
        if not digits or not set(digits) <= set(range(10)) or len(set(digits)) < len(digits):
            raise CourseError(
                f"digits={digits} must name different digits from 0 to 9, for example digits=(2, 3)."
            )
        keep = np.isin(y, digits)
        x, y = x[keep], y[keep]
    labels = torch.tensor(y, dtype=torch.int64)
    split = Split(torch.tensor(x).to(device), labels.to(device))
    return split if digits is None else split.only(*digits)


def _scaling(pixels: str, x: torch.Tensor) -> tuple[float, float]:
    """`(shift, scale)` so that a pixel p in 0 … 255 becomes (p − shift) / scale."""
    if pixels == "standard":
        std, mean = torch.std_mean(x.float(), correction=0)
        return mean.item(), std.item()
    return (127.5, 127.5) if pixels == "signed" else (0.0, 255.0)


def _floats(x: torch.Tensor, shift: float, scale: float, flat: bool) -> torch.Tensor:
    x = x.float().sub_(shift).div_(scale)  # in place: the float copy is the only one made
    return x.flatten(1) if flat else x.unsqueeze(1)
