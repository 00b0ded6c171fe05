"""Oracles: the facts in `small.json`, scikit-learn's logistic regression on features and on pixels."""

from __future__ import annotations

import hashlib
import json

import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers import models
from helpers.data import transfer_images
from helpers.models._backbone import SHIPPED
from helpers.training import features

pytestmark = pytest.mark.usefixtures("bare_machine")


def test_shipped_backbone_is_small_and_its_facts_are_stated():
    path, facts = SHIPPED / "small.pt", json.loads((SHIPPED / "small.json").read_text(encoding="utf-8"))
    assert path.stat().st_size < 1_000_000
    assert hashlib.sha256(path.read_bytes()).hexdigest() == facts["sha256"]
    found = models.pretrained("small")
    assert sum(w.numel() for w in found.model.parameters()) == facts["parameters"]
    assert 0.5 < facts["test_accuracy"] < 1
    assert len(found.classes) == 10
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in found.model.modules())


def test_shipped_features_tell_the_embedded_digits_better_than_pixels(monkeypatch):
    """The fresh offline machine's transfer, in small: 500 digits to learn from, a linear layer."""
    monkeypatch.setenv("COURSE_TIER", "embedded")
    digits = transfer_images(n_train=500, n_valid=200, n_test=1_000)
    found, right = models.pretrained("small"), {}
    for name in ("features", "pixels"):
        train, test = (
            features(found.backbone, split, found.pipeline, cache=False).x
            if name == "features"
            else split.x[:, 0].flatten(1).float() / 255
            for split in (digits.train, digits.test)
        )
        model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1_000)).fit(
            train.numpy(), digits.train.y.numpy()
        )
        right[name] = model.score(test.numpy(), digits.test.y.numpy())
    assert right["features"] > right["pixels"] + 0.03, right
