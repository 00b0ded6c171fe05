"""A small problem in double precision, with features that never vary, for the tests of `helpers.sweeps`."""

from __future__ import annotations

from collections.abc import Callable

import torch
from toy_training import Untouchable

from helpers import models
from helpers.data import Dataset, Split
from helpers.runtime import generator

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
