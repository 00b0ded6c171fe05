"""The optimiser that a configuration asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from helpers.training._records import TrainConfig


class PlainSGD:
    """w ← w − lr (g + weight_decay · w): `torch.optim.SGD` without momentum.

    Written out because the first object of `torch.optim` costs seconds of imports. It has as
    much of the interface of `torch.optim` as `fit` needs.
    """

    def __init__(self, parameters: Sequence[Tensor], lr: float, weight_decay: float) -> None:
        self.parameters, self.lr, self.weight_decay = parameters, lr, weight_decay

    @torch.no_grad()
    def step(self) -> None:
        used = [w for w in self.parameters if w.grad is not None]
        gradients = [w.grad for w in used]
        if not used:
            return
        if self.weight_decay:
            gradients = torch._foreach_add(gradients, used, alpha=self.weight_decay)
        torch._foreach_add_(used, gradients, alpha=-self.lr)  # one call for all, as torch.optim does

    def zero_grad(self) -> None:
        for w in self.parameters:
            w.grad = None

    def state_dict(self) -> dict[str, Any]:
        return {}  # no memory of earlier steps

    def load_state_dict(self, state: dict[str, Any]) -> None:
        assert not state, "plain gradient descent has no state"


def set_rate(optimiser: PlainSGD | torch.optim.Optimizer, lr: float) -> None:
    """Make `lr` the learning rate of the next update."""
    if isinstance(optimiser, PlainSGD):
        optimiser.lr = lr
    else:
        for group in optimiser.param_groups:
            group["lr"] = lr


def optimiser(parameters: Sequence[Tensor], config: TrainConfig) -> PlainSGD | torch.optim.Optimizer:
    """`PlainSGD`, or the optimiser of `torch.optim` that `config` names."""
    common = {"lr": config.lr, "weight_decay": config.weight_decay}
    if config.optimiser == "adam":
        return torch.optim.Adam(parameters, **common)
    if config.optimiser == "adagrad":
        return torch.optim.Adagrad(parameters, **common)
    if config.momentum:
        return torch.optim.SGD(parameters, momentum=config.momentum, **common)
    return PlainSGD(parameters, **common)
