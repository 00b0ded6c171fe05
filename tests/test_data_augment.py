"""Oracles: every shift by NumPy's padding; the distribution of the draws."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats

from helpers.data import shift
from helpers.runtime import CourseError, generator


def images(n: int, channels: int = 1, low: float = -1.0, size: tuple[int, int] = (9, 7)) -> torch.Tensor:
    """Random images with values above `low`, which occurs once."""
    x = low + 0.1 + torch.rand(n, channels, *size, generator=generator(3))
    x[0, 0, 0, 0] = low
    return x


def moved(image: np.ndarray, down: int, right: int, low: float) -> np.ndarray:
    """(C, H, W) moved by whole pixels."""
    h, w = image.shape[1:]
    wide = np.pad(image, ((0, 0), (4, 4), (4, 4)), constant_values=low)
    return wide[:, 4 - down : 4 - down + h, 4 - right : 4 - right + w]


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("pixels", [1, 2])
def test_shifts_are_moves_by_whole_pixels_with_equal_chances(channels, pixels):
    x = images(600, channels)
    before = x.clone()
    result = shift(pixels)(x, generator(1)).numpy()
    moves, counts = range(-pixels, pixels + 1), {}
    for image, changed in zip(x.numpy(), result, strict=True):
        found = [
            (down, right)
            for down in moves
            for right in moves
            if np.array_equal(moved(image, down, right, -1.0), changed)
        ]
        assert len(found) == 1
        counts[found[0]] = counts.get(found[0], 0) + 1
    assert len(counts) == len(moves) ** 2
    assert stats.chisquare(list(counts.values())).pvalue > 1e-3
    assert torch.equal(x, before)


def test_flat_images_are_moved_like_others():
    x = images(20, size=(5, 5))
    augment = shift(1)
    flat = augment(x.flatten(1), generator(1))
    assert torch.equal(flat, augment(x, generator(1)).flatten(1))
    assert not torch.equal(flat, augment(x, generator(2)).flatten(1))


@pytest.mark.parametrize("pixels", [0, 1.5, -1])
def test_shifts_that_make_no_sense(pixels):
    with pytest.raises(CourseError, match="whole number, at least 1"):
        shift(pixels)


@pytest.mark.parametrize("shape", [(3, 10), (3,), (3, 4, 4)])
def test_only_images_can_be_augmented(shape):
    with pytest.raises(CourseError, match=r"Only images .* can be augmented, not a batch of \(3,"):
        shift(1)(torch.zeros(shape), generator(0))
