"""`Split` and `Dataset`: tensors on one device, and how to cut them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from helpers.runtime import CourseError


@dataclass(frozen=True)
class Split:
    """N examples on one device: `x` (N, …) float32, or uint8 pictures, and their labels `y` (N,) int64."""

    x: torch.Tensor
    y: torch.Tensor

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y) or self.y.ndim != 1:
            shapes = f"x {tuple(self.x.shape)}, y {tuple(self.y.shape)}"
            raise CourseError(
                f"A split needs one label for each example, got {shapes}: make y a vector as long as x."
            )

    def __len__(self) -> int:
        return len(self.x)

    def only(self, *labels: int) -> Split:
        """The examples with these labels, in their order, relabelled 0, 1, … in the order asked for.

        Raises CourseError if no label is given, one is given twice, or one does not occur.
        """
        if not labels or len(set(labels)) < len(labels):
            raise CourseError(f"Name each label to keep once, got {labels}: for example only(2, 3).")
        new = torch.full_like(self.y, -1)
        for k, label in enumerate(labels):
            new[self.y == label] = k
        found = set(new.unique().tolist())
        missing = [label for k, label in enumerate(labels) if k not in found]
        if missing:
            there = ", ".join(map(str, self.y.unique().tolist()))
            raise CourseError(f"No example has the label {missing[0]}: the labels here are {there}.")
        keep = new >= 0
        return Split(self.x[keep], new[keep])

    def take(self, n: int) -> Split:
        """The first `n` examples (a view, no copy); CourseError unless 1 ≤ n ≤ len."""
        if not 1 <= n <= len(self):
            raise CourseError(f"Cannot take {n:,} of {len(self):,} examples: ask for 1 to {len(self):,}.")
        return Split(self.x[:n], self.y[:n])

    def batches(
        self, size: int, generator: torch.Generator | None = None
    ) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Batches `(x, y)` of `size` examples, each example once; the last batch may be smaller.

        In stored order without a generator; with one (on the CPU, so that every device sees the same order)
        shuffled.
        """
        if size < 1:
            raise CourseError(f"A batch needs at least one example, got size {size}.")
        if generator is None:
            yield from zip(self.x.split(size), self.y.split(size), strict=True)
            return
        order = torch.randperm(len(self), generator=generator).to(self.x.device)
        for index in order.split(size):
            yield self.x[index], self.y[index]


@dataclass(frozen=True)
class Dataset:
    """A training, a validation and a test split, with where they came from.

    `tier` is `"folder"`, `"download"` or `"embedded"`; `classes` names the labels 0, 1, …; `note` is what the
    reader should know about this tier ("" if nothing).
    """

    name: str
    tier: str
    train: Split
    valid: Split
    test: Split
    classes: tuple[str, ...]
    note: str = ""

    def describe(self) -> str:
        """One line: name, tier, sizes, classes, note."""
        sizes = (
            f"{len(self.train):,} training, {len(self.valid):,} validation and {len(self.test):,} test images"
        )
        note = f"; {self.note}" if self.note else ""
        return f"{self.name}, {self.tier} tier: {sizes} of the classes {', '.join(self.classes)}{note}"
