"""Uses of a pretrained network: its features scaled, its answers, the levels at which they fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from helpers.data import Pipeline
from helpers.models._pretrained import Pretrained
from helpers.runtime import CourseError


class Divide(nn.Module):
    """x / width: no weights, the same in training and in evaluation."""

    def __init__(self, width: float) -> None:
        super().__init__()
        self.width = width

    def forward(self, x: Tensor) -> Tensor:
        return x / self.width

    def extra_repr(self) -> str:
        return f"{self.width:.6g}"


@torch.no_grad()
def scaled(network: Pretrained, pictures: Tensor, pipeline: Pipeline) -> Pretrained:
    """The same network with all features divided by one number, their standard deviation on `pictures`.

    So they are about 1 wide, as inputs of a layer should be that is trained at a usual rate; `model` stays as
    it was. `pictures` (N, 3, H, W) as `pipeline` takes them, some of the training split. Raises CourseError
    if the features are all equal.
    """
    device = next(network.backbone.parameters()).device
    width = network.backbone(pipeline(pictures.to(device))).std().item()
    if not width > 0:
        raise CourseError("The features of these pictures are all equal: take other or more pictures.")
    return replace(network, backbone=nn.Sequential(network.backbone, Divide(width)))


@torch.no_grad()
def answers(scores: Callable[[Tensor], Tensor], x: Tensor, batch_size: int = 14) -> Tensor:
    """argmax_k scores(x)_k for each of the N pictures, (N,) int64; `batch_size` pictures at a time."""
    return torch.cat([scores(part).argmax(1) for part in x.split(batch_size)])


def first_failure(failed: Tensor, levels: Sequence[float]) -> Tensor:
    """The lowest level at which each example fails: failed (T, N) bool, levels (T,) rising → (N,) float32.

    Infinite for an example that never fails. Raises CourseError if there is not one level for each row.
    """
    if failed.ndim != 2 or len(failed) != len(levels):
        shape = tuple(failed.shape)
        raise CourseError(f"Give one row of failures for each of the {len(levels)} levels, not {shape}.")
    level = torch.tensor([float(v) for v in levels], device=failed.device)[failed.int().argmax(0)]
    return level.masked_fill(~failed.any(0), torch.inf)
