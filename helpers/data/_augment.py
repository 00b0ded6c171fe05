"""An augmentation: a random change of a batch of images that leaves their labels right.

It is made by a function of its settings: `fit(…, augment=shift(2))`. What that returns takes images
(N, C, H, W), or square ones (N, d) as `flat=True` gives them, and a generator on their device, and returns
images of the same shape. The border is filled with the lowest value of the batch: the background, in MNIST.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Generator, Tensor

from helpers.runtime import CourseError

Augment = Callable[[Tensor, Generator], Tensor]


def shift(pixels: int) -> Augment:
    """Each image moved by whole pixels, −pixels … pixels with equal chances, down and to the right."""
    if pixels < 1 or pixels != int(pixels):
        raise CourseError(f"shift has pixels={pixels!r}, but it must be a whole number, at least 1.")

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
