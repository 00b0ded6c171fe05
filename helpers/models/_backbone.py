"""A small convolutional backbone, trained by `tools/train_backbone.py` and shipped with the book."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn

SHIPPED = Path(__file__).parent / "weights"  # small.pt and small.json
MEAN, STD = (0.491, 0.482, 0.447), (0.247, 0.244, 0.262)  # red, green, blue of CIFAR-10's training pictures
WIDTHS = (32, 64, 128)  # channels at 16×16, 8×8 and 4×4 cells
CELLS = 2  # the features keep 2×2 cells, because where a stroke lies tells digits apart
N_FEATURES = WIDTHS[-1] * CELLS**2


class Residual(nn.Module):
    """x + block(x); the block keeps the shape."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        self.block = block

    def forward(self, x: Tensor) -> Tensor:
        return x + self.block(x)


def small_backbone(*, norm: bool = False) -> nn.Sequential:
    """(N, 3, 32, 32) → (N, 512) features: six convolutions of 3×3 cells, then the mean over 2×2 regions.

    With `norm` each convolution is followed by batch normalisation: so it is trained. What is shipped has the
    normalisation folded into the convolutions, so that a picture's features do not depend on its batch, in
    training mode either.
    """
    layers: list[nn.Module] = []
    for n_in, n_out in zip((3, *WIDTHS), WIDTHS, strict=False):
        layers += [_convolution(n_in, n_out, 2, norm), Residual(_convolution(n_out, n_out, 1, norm))]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(CELLS), nn.Flatten())


def _convolution(n_in: int, n_out: int, stride: int, norm: bool) -> nn.Sequential:
    convolution = nn.Conv2d(n_in, n_out, 3, stride, padding=1, bias=not norm)
    return nn.Sequential(convolution, *([nn.BatchNorm2d(n_out)] if norm else []), nn.ReLU())
