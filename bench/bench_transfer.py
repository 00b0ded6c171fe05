"""Training the last layer: features computed once against the usual recipe, the backbone in every epoch.

`make bench` runs it; all is measured in one run on the same machine and pictures. Both begin with the same
layer and see the same pictures in the same order, so they end with the same accuracy.
"""

from __future__ import annotations

import os

import pytest

from helpers import models
from helpers.data import Dataset, transfer_images
from helpers.models import Classifier, Pretrained
from helpers.runtime import generator, provenance, timer
from helpers.training import TrainConfig, evaluate, features, fit

N = 5_000 if os.environ.get("BENCH_FULL") else 1_000  # training pictures; the ratio hardly depends on it
SIDE = 64  # pixels, for SqueezeNet
EPOCHS = 3
CONFIG = TrainConfig(lr=1e-3, batch_size=100, epochs=EPOCHS, optimiser="adam", seed=0)
AT_LEAST = 20


@pytest.fixture(scope="module")
def data(lines) -> Dataset:
    data = transfer_images(n_train=N, n_valid=200, n_test=500)
    facts = provenance()
    lines += ["", data.describe(), f"torch {facts['torch']} on {facts['device']}"]
    return data


@pytest.mark.parametrize("name", ["squeezenet1_0", "small"])
def test_features_once_against_the_backbone_in_every_epoch(benchmark, lines, data, tmp_path, name):
    found = models.pretrained(name)
    side = None if found.name == "small" else SIDE
    usual = found.classifier(len(data.classes), side=side, generator=generator(0))
    head = models.linear(found.n_features, len(data.classes), generator=generator(0))
    with timer() as once:
        computed = _features(found, data, usual, tmp_path)
    with timer() as again:
        computed = _features(found, data, usual, tmp_path)
    slow = fit(usual, data, CONFIG).seconds / EPOCHS
    fit(head, computed, CONFIG)
    accuracy = {"usual": evaluate(usual, data.test)["accuracy"]}
    accuracy["ours"] = evaluate(head, computed.test)["accuracy"]
    assert accuracy["ours"] == pytest.approx(accuracy["usual"], abs=1.5 / len(data.test)), accuracy
    other = models.linear(found.n_features, len(data.classes), generator=generator(0))
    seconds: list[float] = []
    benchmark.pedantic(lambda: seconds.append(fit(other, computed, CONFIG).seconds / EPOCHS), rounds=10)
    ratio = slow / min(seconds)
    benchmark.extra_info.update(usual_seconds=slow, ratio=ratio, accuracy=accuracy)
    lines += [
        f"{found.name}, {len(data.train):,} pictures, an epoch of the last layer: "
        f"{1e3 * min(seconds):.1f} ms on features, {slow:.2f} s with the backbone in every epoch: "
        f"{ratio:.0f} times as fast; test accuracy {accuracy['ours']:.1%} and {accuracy['usual']:.1%}; "
        f"features of all splits in {once.seconds:.1f} s, from the cache in {again.seconds:.2f} s"
    ]
    assert ratio >= AT_LEAST


def _features(found: Pretrained, data: Dataset, usual: Classifier, cache) -> Dataset:
    parts = [
        features(found.backbone, s, usual.pipeline, cache=cache) for s in (data.train, data.valid, data.test)
    ]
    return Dataset(f"{data.name}, features", data.tier, *parts, data.classes)
