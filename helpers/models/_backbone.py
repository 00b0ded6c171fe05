"""A small convolutional backbone, trained by `tools/train_backbone.py` and shipped with the book."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SHIPPED = Path(__file__).parent / "weights"  # small.pt and small.json
MEAN, STD = (0.491, 0.482, 0.447), (0.247, 0.244, 0.262)  # red, green, blue of CIFAR-10's training pictures
WIDTHS = (32, 64, 128)  # channels at 16×16, 8×8 and 4×4 places
N_FEATURES = WIDTHS[1] * 2**2 + WIDTHS[2]


class Residual(nn.Module):
    """x + block(x); the block keeps the shape."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        self.block = block

    def forward(self, x: Tensor) -> Tensor:
        return x + self.block(x)


class SmallBackbone(nn.Module):
    """(N, 3, 32, 32) → (N, 384) features of two depths: six convolutions of 3×3 cells in three stages.

    The last stage knows most about the objects of its training, the one before about strokes and where they
    are: the means over all places and over 2×2 regions are the features, so that other tasks find theirs too.
    """

    def __init__(self, norm: bool) -> None:
        super().__init__()
        self.stages = nn.ModuleList(
            nn.Sequential(_convolution(n_in, n_out, 2, norm), Residual(_convolution(n_out, n_out, 1, norm)))
            for n_in, n_out in zip((3, *WIDTHS), WIDTHS, strict=False)
        )

    def forward(self, x: Tensor) -> Tensor:
        middle = self.stages[1](self.stages[0](x))  # (N, 64, 8, 8)
        last = self.stages[2](middle)  # (N, 128, 4, 4)
        parts = (F.adaptive_avg_pool2d(middle, 2), F.adaptive_avg_pool2d(last, 1))
        return torch.cat([part.flatten(1) for part in parts], 1)


def small_backbone(*, norm: bool = False) -> SmallBackbone:
    """The backbone with random weights; with `norm` each convolution is followed by batch normalisation.

    So it is trained. What is shipped has the normalisation folded into the convolutions, so that a picture's
    features do not depend on its batch, in training mode either.
    """
    return SmallBackbone(norm)


def _convolution(n_in: int, n_out: int, stride: int, norm: bool) -> nn.Sequential:
    convolution = nn.Conv2d(n_in, n_out, 3, stride, padding=1, bias=not norm)
    return nn.Sequential(convolution, *([nn.BatchNorm2d(n_out)] if norm else []), nn.ReLU())
