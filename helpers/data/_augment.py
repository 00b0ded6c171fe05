"""Augmentations: random changes of a batch of images that leave their labels right.

Each is made by a function of its settings: `fit(…, augment=shift(2))`. What it returns takes images
(N, C, H, W), or square ones (N, d) as `flat=True` gives them, and a generator on their device, and returns
images of the same shape. The border is filled with the lowest value of the batch: the background, in MNIST.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from helpers.runtime import CourseError

Augment = Callable[[Tensor, Generator], Tensor]


def shift(pixels: int) -> Augment:
    """Each image moved by whole pixels, −pixels … pixels with equal chances, down and to the right."""
    _demand(pixels >= 1 and pixels == int(pixels), "pixels", pixels, "a whole number, at least 1")

    def augment(x: Tensor, generator: Generator) -> Tensor:
        images = _images(x)
        n, c, h, w = images.shape
        wide = images.new_empty(n, c, h + 2 * pixels, w + 2 * pixels).copy_(images.amin())
        wide[:, :, pixels : pixels + h, pixels : pixels + w] = images
        # All windows of the image's size are views of `wide`: (N, C, 2 pixels + 1, 2 pixels + 1, H, W).
        windows = wide.unfold(2, h, 1).unfold(3, w, 1)
        corner = torch.randint(2 * pixels + 1, (2, n), generator=generator, device=x.device)
        return windows[torch.arange(n, device=x.device), :, corner[0], corner[1]].reshape(x.shape)

    return augment


def warp(degrees: float = 10.0, scale: float = 0.1, shift: float = 2.0) -> Augment:
    """Each image turned, resized and moved, by amounts drawn evenly from

    −degrees … degrees (counter-clockwise), 1 − scale … 1 + scale times its size, and −shift … shift pixels
    down and to the right; between pixels the values are interpolated linearly.
    """
    for name, value in (("degrees", degrees), ("scale", scale), ("shift", shift)):
        _demand(value >= 0, name, value, "at least 0")
    _demand(scale < 1, "scale", scale, "below 1")

    def augment(x: Tensor, generator: Generator) -> Tensor:
        drawn = 2 * torch.rand((4, len(x)), generator=generator, device=x.device, dtype=x.dtype) - 1
        angle, size = drawn[0] * math.radians(degrees), 1 + drawn[1] * scale
        return transform(_images(x), angle, size, drawn[2:] * shift).reshape(x.shape)

    return augment


def transform(x: Tensor, angle: Tensor, size: Tensor, moved: Tensor) -> Tensor:
    """Images (N, C, H, W) turned about their centre, resized, then moved; between pixels bilinear.

    `angle` (N,) in radians, counter-clockwise; `size` (N,), a factor; `moved` (2, N) pixels down and right.
    """
    height, width = x.shape[2:]
    cos, sin = torch.cos(angle) / size, torch.sin(angle) / size
    down, right = moved
    # Where a pixel of the result comes from: the inverse, in half widths and heights from the centre.
    rows = (
        torch.stack((cos, -sin * height / width, (sin * down - cos * right) * 2 / width), 1),
        torch.stack((sin * width / height, cos, (-sin * right - cos * down) * 2 / height), 1),
    )
    grid = F.affine_grid(torch.stack(rows, 1), list(x.shape), align_corners=False)
    lowest = x.amin()  # the sampler fills the border with 0
    return F.grid_sample(x - lowest, grid, align_corners=False) + lowest


def _images(x: Tensor) -> Tensor:
    """x as (N, C, H, W); CourseError if it cannot be a batch of images."""
    if x.ndim == 4:
        return x
    side = math.isqrt(x.shape[1]) if x.ndim == 2 else 0
    if side == 0 or side * side != x.shape[1]:
        raise CourseError(
            f"Only images (N, C, H, W) or square (N, d) can be augmented, not a batch of {tuple(x.shape)}."
        )
    return x.view(-1, 1, side, side)


def _demand(holds: bool, name: str, value: object, what: str) -> None:
    if not holds:
        raise CourseError(f"An augmentation has {name}={value!r}, but it must be {what}.")
