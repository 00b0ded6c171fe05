"""`Pipeline`: bytes of pictures to what a network wants, whole batches at a time, on the device."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.runtime import CourseError

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # red, green, blue


class Pipeline(nn.Module):
    """Resize, cut out the centre, normalise: (N, 3, H, W) uint8, or float in [0, 1] → float32.

    `resize`: the shorter side in pixels (antialiased); None leaves the size. `crop`: the side of the square
    cut out of the centre, None for no cut. `mean`, `std`: for each channel, subtracted and divided by;
    without them the values stay in [0, 1]. One picture (3, H, W) works as well, and one channel counts as
    three equal ones. The result is differentiable with respect to float input.
    """

    def __init__(
        self,
        resize: int | None,
        crop: int | None = None,
        mean: tuple[float, ...] | None = None,
        std: tuple[float, ...] | None = None,
        interpolation: str = "bilinear",
    ) -> None:
        super().__init__()
        positive = [value for value in (resize, crop, *(std or ())) if value is not None]
        if (mean is None) != (std is None) or any(value <= 0 for value in positive):
            raise CourseError("A pipeline needs sizes and std above 0, and mean and std both or neither.")
        if interpolation not in ("bilinear", "bicubic"):
            raise CourseError(f"Unknown interpolation {interpolation!r}: use 'bilinear' or 'bicubic'.")
        self.resize, self.crop, self.mean, self.std = resize, crop, mean, std
        self.interpolation = interpolation

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim not in (3, 4) or x.shape[-3] not in (1, 3):
            raise CourseError(f"A pipeline takes (N, 3, H, W) or (3, H, W), got {tuple(x.shape)}.")
        alone = x.ndim == 3
        x = (x[None] if alone else x).expand(-1, 3, -1, -1)
        x = x.float() / 255 if x.dtype == torch.uint8 else x
        x = _centre(resized(x, self.resize, self.interpolation), self.crop)
        if self.mean is not None:
            mean, std = (x.new_tensor(values).view(-1, 1, 1) for values in (self.mean, self.std))
            x = (x - mean) / std
        return x[0] if alone else x

    def extra_repr(self) -> str:
        return (
            f"resize={self.resize}, crop={self.crop}, mean={self.mean}, std={self.std}, "
            f"interpolation={self.interpolation!r}"
        )


def resized(x: Tensor, side: int | None, interpolation: str = "bilinear") -> Tensor:
    """(N, C, H, W) float with the shorter side brought to `side` pixels, by torchvision's rule."""
    height, width = x.shape[-2:]
    if side is None or side == min(height, width):
        return x
    long = int(side * max(height, width) / min(height, width))
    size = (long, side) if height > width else (side, long)
    # Apple's MPS got the cubic kernel, and the gradient of both, years after the linear kernel.
    late = x.device.type == "mps" and (interpolation == "bicubic" or x.requires_grad)
    found = F.interpolate(
        x.cpu() if late else x, size, mode=interpolation, antialias=True, align_corners=False
    )
    return found.to(x.device)


def _centre(x: Tensor, side: int | None) -> Tensor:
    if side is None:
        return x
    height, width = x.shape[-2:]
    if side > min(height, width):
        sizes = f"{side}×{side} pixels out of {height}×{width}"
        raise CourseError(f"Cannot cut {sizes}: resize to more, or cut less.")
    top, left = round((height - side) / 2), round((width - side) / 2)
    return x[..., top : top + side, left : left + side]
