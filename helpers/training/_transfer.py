"""For transfer experiments: features of all splits, seeds' own pictures, what a shorter patience keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from torch import nn

from helpers.data import Dataset, Split
from helpers.runtime import CourseError
from helpers.training._features import features


def all_features(backbone: nn.Module, data: Dataset, pipeline: nn.Module | None = None, **options) -> Dataset:
    """`features` of the three splits: the same data set with x (N, F); `options` are those of `features`."""
    splits = (features(backbone, s, pipeline, **options) for s in (data.train, data.valid, data.test))
    return replace(data, **dict(zip(("train", "valid", "test"), splits, strict=True)))


def own_part(data: Dataset, part: int, of: int, n: int) -> Dataset:
    """The first `n` training examples of the part with the number `part` out of `of` equal ones.

    Two parts share no example, so runs on different parts are independent draws. Validation and test examples
    stay. Raises CourseError if there is no such part, or fewer than `n` examples in it.
    """
    size = len(data.train) // max(of, 1)
    if not 0 <= part < of or not 1 <= n <= size:
        raise CourseError(
            f"Part {part} of {of} with {n:,} examples does not exist: "
            f"the parts are 0 to {of - 1}, of {size:,} examples each."
        )
    cut = slice(part * size, part * size + n)
    return replace(data, train=Split(data.train.x[cut], data.train.y[cut]))


def kept_check(valid_loss: Sequence[float], patience: int) -> int:
    """The number of the check (0, 1, …) whose weights early stopping with `patience` puts back.

    Read off a run that was at least as patient: until the shorter patience ends, the two runs are the same.
    """
    best = 0
    for check, loss in enumerate(valid_loss):
        if loss < valid_loss[best]:
            best = check
        elif check - best >= patience:
            break
    return best
