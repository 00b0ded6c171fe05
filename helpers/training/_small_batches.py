"""Batches of a few examples: the four equations instead of automatic differentiation.

To record a step and read the record back takes ten times as long as its arithmetic when there is one example
in it. The result is that of automatic differentiation up to rounding.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.training._four_equations import Room, step_by_hand, taken_apart
from helpers.training._losses import Loss, Penalty, log_loss
from helpers.training._optimisers import PlainSGD

FEW = 4  # examples in a batch
Step = Callable[[Tensor, Tensor, float], Tensor]  # x (B, n), y (B,), rate -> mean loss before the step


def step_on_few(
    model: nn.Module, batch_size: int, optimiser: object, loss: Loss, penalty: Penalty | None
) -> Step | None:
    """A step of plain descent by hand; None where it would not be what `fit` was asked for, or no faster.

    For small batches on the processor, cross-entropy of two outputs or more without a penalty, and fully
    connected networks that nobody watches and no part of which is frozen.
    """
    plain = isinstance(optimiser, PlainSGD) and not optimiser.weight_decay
    if batch_size > FEW or not plain or loss is not log_loss or penalty is not None or _watched(model):
        return None
    found = taken_apart(model)
    weights = list(model.parameters())
    on_cpu = all(w.requires_grad and w.device.type == "cpu" for w in weights)
    if found is None or not on_cpu or found[0][-1].out_features < 2:
        return None
    layers, act = found
    return _step([layer.weight.data for layer in layers], [layer.bias.data for layer in layers], act)


def _step(W: list[Tensor], b: list[Tensor], act: type[nn.Module]) -> Step:
    rooms: dict[int, Room] = {}
    targets = torch.eye(len(b[-1]), dtype=W[0].dtype)

    @torch.no_grad()
    def step(x: Tensor, y: Tensor, rate: float) -> Tensor:
        size = len(x)
        room = rooms[size] if size in rooms else rooms.setdefault(size, Room.like(W, size, act))
        room.x.copy_(x)
        torch.index_select(targets, 0, y, out=room.y)
        step_by_hand(W, b, room, rate / size)
        return F.cross_entropy(room.a[-1], y)  # the scores are those before the step

    return step


def _watched(model: nn.Module) -> bool:
    """Does anybody want to be called when the network runs, or when a gradient is there?"""
    parts = any(
        part._forward_hooks or part._forward_pre_hooks or part._backward_hooks for part in model.modules()
    )
    return parts or any(w._backward_hooks or w._post_accumulate_grad_hooks for w in model.parameters())
