"""Oracles: every shift by NumPy's padding; SciPy's affine_transform; the distributions of the draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import ndimage, stats

from helpers.data import shift, warp
from helpers.data._augment import transform
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
    for augment in (shift(1), warp()):
        flat = augment(x.flatten(1), generator(1))
        assert torch.equal(flat, augment(x, generator(1)).flatten(1))
        assert not torch.equal(flat, augment(x, generator(2)).flatten(1))


def by_scipy(image: np.ndarray, angle: float, size: float, down: float, right: float) -> np.ndarray:
    """(H, W), rows downwards: result[p] = image[c + A (p − c − moved)], 0 outside."""
    centre = (np.array(image.shape) - 1) / 2
    # A point goes to size · R p; with rows downwards a turn against the clock maps (down, right) so:
    turn = size * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    inverse = np.linalg.inv(turn)
    offset = centre - inverse @ (centre + np.array([down, right]))
    wide = np.pad(image, 3)  # SciPy cuts off where the sampler still fades to 0
    return ndimage.affine_transform(wide, inverse, offset + 3 - inverse @ [3.0, 3.0], order=1)[3:-3, 3:-3]


@pytest.mark.parametrize("low", [0.0, -0.5])
@pytest.mark.parametrize("size", [(9, 9), (8, 12)])
def test_transform_is_scipys(low, size):
    x = images(30, low=low, size=size).double()
    random = np.random.default_rng(2)
    angle, factor = random.uniform(-0.6, 0.6, 30), random.uniform(0.7, 1.4, 30)
    down, right = random.uniform(-2, 2, (2, 30))
    result = transform(x, *map(torch.tensor, (angle, factor, np.stack((down, right)))))
    for k in range(30):
        expected = by_scipy(x[k, 0].numpy() - low, angle[k], factor[k], down[k], right[k]) + low
        np.testing.assert_allclose(result[k, 0], expected, rtol=0, atol=1e-10)


def test_a_quarter_turn_goes_against_the_clock():
    x = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    one, still = torch.ones(1), torch.zeros(2, 1)
    turned = transform(x, one * math.pi / 2, one, still)
    torch.testing.assert_close(turned, torch.tensor([[[[2.0, 4.0], [1.0, 3.0]]]]))
    down = transform(x, 0 * one, one, torch.tensor([[1.0], [0.0]]))
    torch.testing.assert_close(down, torch.tensor([[[[1.0, 1.0], [1.0, 2.0]]]]))  # lowest value above


def centres(x: torch.Tensor) -> torch.Tensor:
    """Centres of mass (N, 2), down and right, in pixels from the middle."""
    place = torch.arange(x.shape[-1]) - (x.shape[-1] - 1) / 2
    mass = x[:, 0] / x.sum((1, 2, 3))[:, None, None]
    return torch.stack(((mass.sum(2) * place).sum(1), (mass.sum(1) * place).sum(1)), 1)


@pytest.mark.parametrize("where", ["middle", "right"])
def test_warp_draws_evenly_from_its_ranges(where):
    """A blob is where it was put: in the middle only moves act on it, at the right also turns and sizes."""
    x = torch.zeros(2000, 1, 41, 41)
    radius = 0 if where == "middle" else 10
    x[:, :, 19:22, 19 + radius : 22 + radius] = 1
    settings = {"shift": 3.0} if where == "middle" else {"shift": 0.0}
    down, right = centres(warp(20, 0.2, **settings)(x, generator(4))).T.double().numpy()
    if where == "middle":
        draws = ((down, -3, 6), (right, -3, 6))
    else:
        draws = (
            (np.degrees(np.arctan2(-down, right)), -20, 40),
            (np.hypot(down, right) / radius, 0.8, 0.4),
        )
    for values, start, width in draws:
        assert stats.kstest(values, stats.uniform(start - 0.02 * width, 1.04 * width).cdf).pvalue > 1e-4
        assert values.min() < start + 0.01 * width
        assert values.max() > start + 0.99 * width
    assert abs(np.corrcoef(draws[0][0], draws[1][0])[0, 1]) < 0.1


def test_warp_by_nothing_changes_nothing():
    x = images(5)
    torch.testing.assert_close(warp(0, 0, 0)(x, generator(0)), x)


@pytest.mark.parametrize("settings", [{"degrees": -1}, {"scale": 1.0}, {"scale": -0.1}, {"shift": -2}])
def test_warps_that_make_no_sense(settings):
    with pytest.raises(CourseError, match=rf"^An augmentation has {next(iter(settings))}="):
        warp(**settings)


@pytest.mark.parametrize("pixels", [0, 1.5, -1])
def test_shifts_that_make_no_sense(pixels):
    with pytest.raises(CourseError, match="whole number, at least 1"):
        shift(pixels)


@pytest.mark.parametrize("shape", [(3, 10), (3,), (3, 4, 4)])
def test_only_images_can_be_augmented(shape):
    with pytest.raises(CourseError, match=r"Only images .* can be augmented, not a batch of \(3,"):
        shift(1)(torch.zeros(shape), generator(0))
