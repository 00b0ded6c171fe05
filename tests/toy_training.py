"""A small noisy problem and small networks for the tests of `helpers.training`."""

from __future__ import annotations

import itertools
import signal
from collections.abc import Callable

import torch
from torch import Tensor, nn

from helpers import models
from helpers.data import Dataset, Split
from helpers.runtime import generator
from helpers.training import cross_entropy


class Untouchable:
    """In the place of the test split: whoever looks at it fails."""

    def __getattribute__(self, name: str) -> object:
        raise AssertionError(f"the test split was read: {name}")


def points(n: int, seed: int, classes: int) -> Split:
    """n points in four dimensions, labelled by a linear rule with as much noise as signal."""
    random = generator(seed)
    x = torch.randn(n, 4, generator=random)
    rule = torch.randn(4, classes, generator=generator(99))
    noise = 2 * torch.randn(n, classes, generator=random)
    return Split(x, (x @ rule + noise).argmax(1))


def dataset(classes: int = 3, n_train: int = 50) -> Dataset:
    """50 training and 30 validation points; the test split must not be looked at."""
    names = tuple(map(str, range(classes)))
    train, valid = points(n_train, 1, classes), points(30, 2, classes)
    return Dataset("points", "made", train, valid, Untouchable(), names)


def small_net(seed: int = 0, dropout: float = 0.0) -> nn.Sequential:
    """4-6-3 with tanh and, if asked for, dropout."""
    hidden, act, last = models.mlp((4, 6, 3), generator=generator(seed), act=nn.Tanh)
    return nn.Sequential(hidden, act, nn.Dropout(dropout), last)


def weights(model: nn.Module) -> Tensor:
    """All weights as one vector in double precision."""
    return torch.cat([w.detach().flatten().double() for w in model.parameters()])


def interrupting(step: int) -> Callable[[Tensor, Tensor], Tensor]:
    """A loss during whose evaluation in this training step the reader presses Ctrl-C."""
    calls = itertools.count(1)

    def loss(logits: Tensor, y: Tensor) -> Tensor:
        if torch.is_grad_enabled() and next(calls) == step:
            signal.raise_signal(signal.SIGINT)
        return cross_entropy(logits, y)

    return loss
