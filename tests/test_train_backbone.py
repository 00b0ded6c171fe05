"""Oracles: the network before batch normalisation is folded in, pictures whose shift can be read off."""

from __future__ import annotations

import json

import pytest
import torch
import train_backbone as script
from torch import nn

from helpers import models
from helpers.data import Dataset, Split
from helpers.models import _pretrained
from helpers.models._backbone import N_FEATURES, small_backbone


@pytest.fixture
def data() -> Dataset:
    """Red and green noise."""
    random = torch.Generator().manual_seed(0)
    x = torch.randint(0, 120, (300, 3, 32, 32), dtype=torch.uint8, generator=random)
    y = torch.arange(300) % 2
    x[torch.arange(300), y] += 100
    parts = [Split(x[i:j], y[i:j]) for i, j in ((0, 200), (200, 250), (250, 300))]
    return Dataset("noise", "embedded", *parts, ("red", "green"))


def test_trained_folded_and_stored_as_pretrained_reads_it(data, tmp_path, monkeypatch, capsys):
    torch.manual_seed(0)
    net = nn.Sequential(small_backbone(norm=True), nn.Linear(N_FEATURES, 2))
    assert script.train(net, data.train, lambda steps: steps / 12) == 12
    folded = nn.Sequential(script.folded(net[0]), net[1]).eval()
    x = script.normalised(data.test.x)
    with torch.no_grad():
        assert torch.allclose(folded(x), net.eval()(x), atol=1e-4)
    monkeypatch.setattr(script, "SHIPPED", tmp_path)
    monkeypatch.setattr(_pretrained, "SHIPPED", tmp_path)
    facts = script.store(folded, data, {"minutes": 0.03})
    assert json.loads((tmp_path / "small.json").read_text(encoding="utf-8")) == facts
    found = models.pretrained("small")
    assert found.classes == ("red", "green")
    with torch.no_grad():
        right = (found.model(found.pipeline(data.test.x)).argmax(1) == data.test.y).float().mean().item()
        gaps = found.model(x) - folded(x)
        assert gaps.abs().max() < 0.01 * folded(x).abs().max()  # float16
    assert facts["test_accuracy"] == pytest.approx(right)


def test_a_new_head_leaves_the_convolutions_and_learns(data, tmp_path, monkeypatch):
    monkeypatch.setattr(script, "SHIPPED", tmp_path)
    monkeypatch.setattr(_pretrained, "SHIPPED", tmp_path)
    torch.manual_seed(0)
    net = nn.Sequential(small_backbone(), nn.Linear(N_FEATURES, 2))
    before = script.store(net, data, {"minutes": 0.03, "updates": 0, "batch_size": 1, **script.machine()})
    old = torch.load(tmp_path / "small.pt", weights_only=True)
    new, facts = script.with_new_head(data)
    after = script.store(new, data, facts)
    stored = torch.load(tmp_path / "small.pt", weights_only=True)
    assert all(torch.equal(stored[k], old[k]) for k in old if k.startswith("0."))
    assert after["test_accuracy"] > max(0.95, before["test_accuracy"])
    assert (after["minutes"], after["last_layer_fitted_anew"]["epochs"]) == (0.03, script.HEAD.epochs)
    assert models.pretrained("small").n_features == N_FEATURES


def test_augmented_pictures_are_shifted_mirrored_or_grey():
    column, row = torch.meshgrid(torch.arange(32), torch.arange(32), indexing="xy")
    picture = torch.stack((column * 4, row * 4, torch.zeros(32, 32))).to(torch.uint8)
    found = script.augmented(picture.expand(400, 3, 32, 32), torch.Generator().manual_seed(0))
    grey = (found == found[:, :1]).flatten(1).all(1)
    assert 0.15 < grey.float().mean() < 0.35
    inner = found[~grey][:, :, 8:24, 8:24] / 4
    across, down = inner[:, 0, 0] - torch.arange(8, 24), inner[:, 1, :, 0] - torch.arange(8, 24)
    mirrored = inner[:, 0, 0, 1] < inner[:, 0, 0, 0]
    assert 0.4 < mirrored.float().mean() < 0.6
    assert set(across[~mirrored].unique().tolist()) == set(range(-4, 5))
    assert set(down.unique().tolist()) == set(range(-4, 5))
    assert torch.equal(down, down[:, :1].expand_as(down))  # one shift for each picture


def test_clock_counts_from_its_start(monkeypatch):
    now = iter((100.0, 100.0, 103.0, 112.0))
    monkeypatch.setattr(script.time, "perf_counter", lambda: next(now))
    done = script.clock(12)
    assert [done(0), done(1), done(2)] == [0, 0.25, 1]


def test_rate_rises_and_falls_to_almost_nothing():
    rates = [script.rate(k / 100) for k in range(101)]
    assert max(rates) == rates[15] == script.PEAK_RATE
    assert rates[:16] == sorted(rates[:16])
    assert rates[15:] == sorted(rates[15:], reverse=True)
    assert 0 < min(rates) <= 1e-4 * script.PEAK_RATE
