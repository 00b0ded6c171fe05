"""A small problem in double precision, with features that never vary, for the tests of `helpers.sweeps`."""

from __future__ import annotations

from collections.abc import Callable

import torch
from toy_training import Untouchable

from helpers import models
from helpers.data import Dataset, Split
from helpers.runtime import generator
from helpers.sweeps import SweepResult

NUMBERS = ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "weight_norm")
EXACT = ("step", "epoch", "best_step", "best_epoch", "stopped_epoch", "why_stopped")
D = 7  # features; 2 and 5 are constant, 6 is zero in the training split and varies in the validation split


def points(n: int, seed: int, classes: int) -> Split:
    """n points labelled by a linear rule with noise; `seed` 1 is the training split."""
    random = generator(seed)
    x = torch.randn(n, D, generator=random, dtype=torch.float64)
    noise = 2 * torch.randn(n, classes, generator=random, dtype=torch.float64)
    rule = torch.randn(D, classes, generator=generator(99), dtype=torch.float64)
    y = (x @ rule + noise).argmax(1)
    x[:, 2], x[:, 5] = 0.7, -1.3
    x[:, 6] *= float(seed != 1)
    return Split(x, y)


def dataset(classes: int, n_train: int = 53) -> Dataset:
    """53 training and 30 validation points; the test split must not be looked at."""
    names = tuple(map(str, range(classes)))
    train, valid = points(n_train, 1, classes), points(30, 2, classes)
    return Dataset("points", "made", train, valid, Untouchable(), names)


def maker(classes: int, *, bias: bool = True) -> Callable[[int], torch.nn.Linear]:
    """seed → logistic regression for two classes, softmax regression for more; weights from the seed."""
    outputs = 1 if classes == 2 else classes
    return lambda seed: models.linear(D, outputs, bias=bias, generator=generator(seed)).double()


def near(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Equal to 1e-10 of the largest entry."""
    return a.shape == b.shape and (
        a.numel() == 0 or (a - b).abs().max().item() <= 1e-10 * b.abs().max().item()
    )


def differences(a: SweepResult, b: SweepResult) -> list[str]:
    """What differs between two sweeps, member by member."""
    found = []
    for i, (one, other) in enumerate(zip(a.histories, b.histories, strict=True)):
        found += [f"{i}: {name}" for name in EXACT if getattr(one, name) != getattr(other, name)]
        for name in NUMBERS:
            pairs = (torch.tensor(getattr(h, name), dtype=torch.float64) for h in (one, other))
            found += [] if near(*pairs) else [f"{i}: {name}"]
        left, right = (result.model(i).state_dict() for result in (a, b))
        found += [f"{i}: {name}" for name in left if not near(left[name], right[name])]
    return found
