"""Oracles: hand-made tables of failures, slices written out, and `fit` itself with the shorter patience."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from helpers import models
from helpers.data import Dataset, Split
from helpers.models._reuse import Divide
from helpers.plots import figure, images
from helpers.runtime import CourseError, generator
from helpers.training import TrainConfig, all_features, fit, kept_check, own_part


def dataset(n: int = 12) -> Dataset:
    g = generator(0)
    x, y = torch.randn(3 * n, 6, generator=g), torch.randint(3, (3 * n,), generator=g)
    splits = (Split(a, b) for a, b in zip(x.split(n), y.split(n), strict=True))
    return Dataset("noise", "embedded", *splits, tuple("abc"))


def test_first_failure_by_hand():
    failed = torch.tensor([[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 1]], dtype=torch.bool)
    assert models.first_failure(failed, [0.5, 1, 2]).tolist() == [1, math.inf, 0.5, 2]


def test_first_failure_wants_one_level_a_row():
    with pytest.raises(CourseError, match="one row"):
        models.first_failure(torch.zeros(2, 3, dtype=torch.bool), [1.0])


def test_answers_do_not_depend_on_the_batch_size():
    x, w = torch.randn(11, 4, generator=generator(1)), torch.randn(4, 3, generator=generator(2))
    assert torch.equal(models.answers(lambda v: v @ w, x, 3), (x @ w).argmax(1))
    assert not torch.equal(models.answers(lambda v: -v @ w, x, 3), (x @ w).argmax(1))


def test_scaled_divides_features_and_leaves_the_model():
    p = models.pretrained("small")
    x = torch.rand(9, 3, 32, 32, generator=generator(3))
    scaled = models.scaled(p, x, p.pipeline)
    with torch.no_grad():
        ready = p.pipeline(x)
        narrow, whole = scaled.backbone(ready), p.backbone(ready)
    assert narrow.std().item() == pytest.approx(1, rel=1e-4)
    assert torch.allclose(narrow * whole.std(), whole, rtol=1e-4, atol=1e-5)
    assert scaled.model is p.model
    classifier = scaled.classifier(3, frozen=True, generator=generator(0)).train()
    assert torch.allclose(classifier.backbone(ready), narrow, atol=1e-5)


def test_scaled_refuses_features_without_width():
    p = models.pretrained("small")
    flat = replace(p, backbone=nn.Sequential(p.backbone, Divide(math.inf)))
    with pytest.raises(CourseError, match="all equal"):
        models.scaled(flat, torch.rand(2, 3, 32, 32), p.pipeline)


def test_own_parts_are_disjoint_and_in_order():
    data = dataset()
    a, b = own_part(data, 0, 2, 4), own_part(data, 1, 2, 6)
    assert torch.equal(a.train.x, data.train.x[0:4])
    assert torch.equal(b.train.y, data.train.y[6:12])
    assert b.test is data.test


@pytest.mark.parametrize(("part", "of", "n"), [(2, 2, 1), (-1, 2, 1), (0, 2, 7), (0, 0, 1), (0, 2, 0)])
def test_own_part_refuses(part, of, n):
    with pytest.raises(CourseError, match="does not exist"):
        own_part(dataset(), part, of, n)


def test_all_features_take_every_split(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    data, layer = dataset(), nn.Linear(6, 2)
    seen = all_features(layer, data)
    for name in ("train", "valid", "test"):
        expected = layer(getattr(data, name).x).detach()
        assert torch.allclose(getattr(seen, name).x, expected, atol=1e-6)
        assert torch.equal(getattr(seen, name).y, getattr(data, name).y)


def test_kept_check_is_that_of_the_less_patient_run():
    data = dataset(30)
    runs = {}
    for patience in (3, 25):
        model = models.linear(6, 3, generator=generator(0))
        config = TrainConfig(lr=0.5, batch_size=5, epochs=60, patience=patience)
        runs[patience] = fit(model, data, config)
    assert kept_check(runs[25].valid_loss, 3) + 1 == runs[3].best_epoch
    assert kept_check(runs[25].valid_loss, 25) + 1 == runs[25].best_epoch


def test_kept_check_by_hand():
    losses = [3, 2, 2.5, 2.5, 1, 4]
    assert [kept_check(losses, patience) for patience in (1, 2, 3)] == [1, 1, 4]


def test_pictures_keep_their_colours_and_are_clipped():
    _fig, axs = figure(1, 2)
    x = torch.tensor([2.0, 0.5, -1.0]).view(1, 3, 1, 1).expand(2, 3, 4, 5)
    images(x, ["a", "b"], axs=axs)
    assert axs[1].images[0].get_array().shape == (4, 5, 3)
    assert axs[1].images[0].get_array()[2, 3].tolist() == [1, 0.5, 0]
    images(torch.full((1, 3, 2, 2), 200, dtype=torch.uint8), axs=axs[:1])
    assert int(axs[0].images[-1].get_array().max()) == 200
