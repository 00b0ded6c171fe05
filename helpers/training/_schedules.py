"""The learning rate at each step: a function of the step and of how many there will be, with no memory."""

from __future__ import annotations

import math
from collections.abc import Callable

WARM = 0.3  # part of a one-cycle run in which the rate rises


def constant(_done: float) -> float:
    """1 at all times."""
    return 1.0


def one_cycle(done: float) -> float:
    """Up in a straight line from 0 to 1 while `done` < 0.3, then down in a straight line to 0.

    Source: L. N. Smith and N. Topin, Super-convergence (2018), https://arxiv.org/abs/1708.07120.
    """
    return done / WARM if done < WARM else (1 - done) / (1 - WARM)


def cosine(done: float) -> float:
    """½ (1 + cos(π done)): from 1 down to 0, slowly at both ends.

    Source: I. Loshchilov and F. Hutter, SGDR (2017), https://arxiv.org/abs/1608.03983, without restarts.
    """
    return (1 + math.cos(math.pi * done)) / 2


SCHEDULES: dict[str, Callable[[float], float]] = {
    "constant": constant,
    "one-cycle": one_cycle,
    "cosine": cosine,
}


def rate(lr: float, schedule: str, step: int, steps: int) -> float:
    """The learning rate of update `step` (1, 2, …) of a run of `steps` updates in all; `lr` is the highest.

    A step counts as done by half, so that neither the first nor the last one has the rate 0.
    """
    return lr * SCHEDULES[schedule]((step - 0.5) / steps)
