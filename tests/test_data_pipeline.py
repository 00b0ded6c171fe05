"""Oracles: torchvision's transforms for ImageNet, values worked out by hand."""

from __future__ import annotations

import pytest
import torch
from synthetic_pictures import one_sentence

from helpers.data import Pipeline
from helpers.runtime import CourseError


@pytest.mark.parametrize("shape", [(37, 53), (53, 37), (32, 32)])
@pytest.mark.parametrize("resize", [24, 48])
def test_pipeline_is_torchvisions(shape, resize):
    from torchvision.transforms._presets import ImageClassification

    x = torch.rand(2, 3, *shape, generator=torch.Generator().manual_seed(0))
    mean, std = (0.4, 0.5, 0.6), (0.2, 0.3, 0.1)
    theirs = ImageClassification(crop_size=20, resize_size=resize, mean=mean, std=std)(x)
    ours = Pipeline(resize, 20, mean, std)
    assert torch.allclose(ours(x), theirs, atol=1e-5)
    assert torch.equal(ours(x[0]), ours(x)[0])
    coarse = (x * 255).round().to(torch.uint8)
    assert torch.allclose(ours(coarse), ours(coarse.float() / 255))


def test_pipeline_without_normalisation_and_with_one_channel():
    x = torch.arange(16, dtype=torch.uint8).view(1, 1, 4, 4)
    assert torch.equal(Pipeline(None)(x), (x / 255).expand(1, 3, 4, 4))
    assert torch.equal(Pipeline(None, 2)(x)[0, 0] * 255, torch.tensor([[5.0, 6.0], [9.0, 10.0]]))
    assert "resize=None, crop=2" in repr(Pipeline(None, 2))


def test_pipeline_passes_the_gradient_on():
    x = torch.rand(1, 3, 8, 8, requires_grad=True)
    Pipeline(4, 4, (0.0,) * 3, (0.5,) * 3)(x).sum().backward()
    assert x.grad.sum().item() == pytest.approx(3 * 16 / 0.5, rel=1e-5)  # weights of a resize sum to 1


@pytest.mark.parametrize(
    "act",
    [
        lambda: Pipeline(0),
        lambda: Pipeline(8, 0),
        lambda: Pipeline(8, mean=(0.5,)),
        lambda: Pipeline(8, mean=(0.5,), std=(0.0,)),
        lambda: Pipeline(8, interpolation="cubic"),
        lambda: Pipeline(8, 9)(torch.rand(3, 8, 8)),
        lambda: Pipeline(8)(torch.rand(8, 8)),
        lambda: Pipeline(8)(torch.rand(2, 4, 8, 8)),
    ],
)
def test_pipelines_that_make_no_sense(act):
    with pytest.raises(CourseError) as caught:
        act()
    one_sentence(caught.value)
