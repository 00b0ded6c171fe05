"""What happens at a check: all members are measured at once; each is judged by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from torch import Tensor

from helpers.training import History, TrainConfig

HOW = "a stack of members trained at once"
COLUMNS = ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "weight_norm")
State = Callable[[int], dict[str, Tensor]]  # a copy of member i's weights, as its `state_dict`


@dataclass
class Trained:
    """One member: its settings and what came out so far."""

    config: TrainConfig
    history: History = field(default_factory=lambda: History(how=HOW))
    state: dict[str, Tensor] | None = None  # to be returned: of the best check so far, or the last one
    misses: int = 0  # checks since the last improvement
    diverged: int | None = None  # the check, as a step, that found a loss which is no number


def judge(
    members: Sequence[Trained], rows: list[list[float]], at: tuple[int, float, float], state: State
) -> list[bool]:
    """Enter the figures of a check, a row for each member; who goes on? `at`: step, epoch, seconds so far."""
    for i, (member, row) in enumerate(zip(members, rows, strict=True)):
        if member.history.why_stopped:  # stopped, but still in the stack beside others
            continue
        _record(member, row, *at)
        if _keeps(member, at[0]) or (member.history.why_stopped and member.state is None):
            member.state = state(i)
    return [not member.history.why_stopped for member in members]


def finish(members: Sequence[Trained], why: str, epoch: float, state: State) -> None:
    """End the members that are still in the stack, because of `why`."""
    for i, member in enumerate(members):
        member.history.cut()
        if not member.history.why_stopped:
            member.history.why_stopped, member.history.stopped_epoch = why, epoch
        if member.state is None:
            member.state = state(i)


def _record(member: Trained, row: list[float], step: int, epoch: float, seconds: float) -> None:
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


def _keeps(member: Trained, step: int) -> bool:
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
