"""What happens at a check: all members are measured at once; each is judged by itself."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

import torch
from torch import Tensor

from helpers.data import Dataset, Split
from helpers.sweeps._measure import measure
from helpers.sweeps._rotation import Rotation, back
from helpers.sweeps._stack import Stack
from helpers.training import History, TrainConfig

HOW = "a stack of members trained at once"
COLUMNS = ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "weight_norm")


@dataclass
class Trained:
    """One member: its settings and what came out so far."""

    config: TrainConfig
    history: History = field(default_factory=lambda: History(how=HOW))
    weight: Tensor | None = None  # (K, d) to be returned: the last ones, or those of the best check so far
    bias: Tensor | None = None  # (K,)
    state: dict[str, Tensor] | None = None  # the same of a network: its `state_dict`
    misses: int = 0  # checks since the last improvement
    diverged: int | None = None  # the check, as a step, that found a loss which is no number


@dataclass
class Watch:
    """What is measured at the checks of a run, and what came out."""

    probe: Split  # the training examples on which the training figures are taken
    valid: Split
    turn: Rotation
    results: dict[int, Trained]  # by place in the list of members
    seconds: float = 0.0  # of training, the checks not counted
    clock: float = 0.0

    def start(self) -> None:
        self.clock = time.perf_counter()


def watch(data: Dataset, turn: Rotation, results: dict[int, Trained]) -> Watch:
    """As `fit` measures: the training figures on the first `len(valid)` training examples."""
    return Watch(data.train.take(min(len(data.train), len(data.valid))), data.valid, turn, results)


def check(at: Watch, stack: Stack, step: int, epoch: float) -> bool:
    """Measure, record and judge all members of `stack` after update `step`; True if some were dropped."""
    weight, bias = _weights(at, stack)
    figures = (*measure(weight, bias, at.probe), *measure(weight, bias, at.valid), weight.norm(dim=(1, 2)))
    rows = torch.stack(figures, 1).tolist()  # the one wait for the device since the last check
    at.seconds += time.perf_counter() - at.clock
    alive = torch.ones(stack.ids.numel(), dtype=torch.bool)
    for i, (place, row) in enumerate(zip(stack.ids.flatten().tolist(), rows, strict=True)):
        member = at.results[place]
        if not member.history.why_stopped:  # stopped, but still in the stack beside others
            record(member, row, step, epoch, at.seconds)
            if keeps(member, step):
                _keep(member, weight[i], bias[i])
        alive[i] = not member.history.why_stopped
    dropped = stack.keep(alive.view_as(stack.ids))
    at.start()
    return dropped


def finish(at: Watch, stack: Stack, why: str, epoch: float) -> None:
    """End the members that are still training, because of `why`."""
    if not stack.ids.numel():
        return
    weight, bias = _weights(at, stack)
    for i, place in enumerate(stack.ids.flatten().tolist()):
        member = at.results[place]
        member.history.cut()
        if not member.history.why_stopped:
            member.history.why_stopped, member.history.stopped_epoch = why, epoch
        if member.weight is None:
            _keep(member, weight[i], bias[i])


def _weights(at: Watch, stack: Stack) -> tuple[Tensor, Tensor]:
    """The weights (S·m, K, d) and biases (S·m, K) of the stack; without a bias, the latter are 0."""
    weight, bias = back(at.turn, stack.weights, stack.across)
    return weight.flatten(0, 1), bias.flatten(0, 1)


def _keep(member: Trained, weight: Tensor, bias: Tensor) -> None:
    member.weight, member.bias = weight.clone(), bias.clone()


def record(member: Trained, row: list[float], step: int, epoch: float, seconds: float) -> None:
    """Enter the figures of a check into the member's history, or that they are no numbers."""
    history = member.history
    history.seconds, history.stopped_epoch = seconds, epoch
    if not all(map(math.isfinite, row[:4])):  # the norm may overflow before the losses do
        member.diverged = step
        history.why_stopped = f"loss {row[0] + row[2]} at the check after step {step}"
        return
    history.step.append(step)
    history.epoch.append(epoch)
    history.elapsed.append(seconds)
    for name, value in zip(COLUMNS, row, strict=True):
        getattr(history, name).append(value)


def keeps(member: Trained, step: int) -> bool:
    """Early stopping, by the rule of `fit`; True if the weights of this check are to be returned so far."""
    history, config = member.history, member.config
    if member.diverged is not None:
        return True
    lowest = history.valid_loss[history.step.index(history.best_step)] if history.best_step else math.inf
    if history.valid_loss[-1] < lowest - config.min_delta:
        history.best_step, history.best_epoch, member.misses = step, history.epoch[-1], 0
        return config.patience is not None
    member.misses += 1
    if config.patience is not None and member.misses >= config.patience:
        history.why_stopped = f"no improvement for {config.patience} checks"
    return False
