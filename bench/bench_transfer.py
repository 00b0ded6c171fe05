"""Training the last layer: features computed once against the usual recipe, the backbone in every epoch.

All is measured in one run on the same machine and pictures. Both begin with the same
layer and see the same pictures in the same order, so they end with the same accuracy.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from report import Report

from helpers import models
from helpers.data import Dataset, transfer_images
from helpers.models import Classifier, Pretrained
from helpers.runtime import generator, timer
from helpers.training import TrainConfig, evaluate, features, fit

N = 5_000 if os.environ.get("BENCH_FULL") else 1_000  # training pictures; the ratio hardly depends on it
SIDE = 64  # pixels, for SqueezeNet
EPOCHS = 3
CONFIG = TrainConfig(lr=1e-3, batch_size=100, epochs=EPOCHS, optimiser="adam", seed=0)
AT_LEAST = 20


def measure(report: Report) -> None:
    data = transfer_images(n_train=N, n_valid=200, n_test=500)
    for name in ("squeezenet1_0", "small"):
        with tempfile.TemporaryDirectory() as cache:
            _last_layer(report, data, models.pretrained(name), Path(cache))


def _last_layer(report: Report, data: Dataset, found: Pretrained, cache: Path) -> None:
    side = None if found.name == "small" else SIDE
    usual = found.classifier(len(data.classes), side=side, generator=generator(0))
    head = models.linear(found.n_features, len(data.classes), generator=generator(0))
    with timer() as once:
        computed = _features(found, data, usual, cache)
    with timer() as again:
        computed = _features(found, data, usual, cache)
    slow = fit(usual, data, CONFIG).seconds / EPOCHS
    fit(head, computed, CONFIG)
    accuracy = [evaluate(usual, data.test)["accuracy"], evaluate(head, computed.test)["accuracy"]]
    if abs(accuracy[0] - accuracy[1]) > 1.5 / len(data.test):
        raise ValueError(f"both should end with one accuracy, not {accuracy}")
    other = models.linear(found.n_features, len(data.classes), generator=generator(0))
    fast = min(fit(other, computed, CONFIG).seconds for _ in range(10)) / EPOCHS
    report.add(
        f"{found.name}: an epoch of the last layer on {found.n_features} features",
        1e3 * fast,
        "ms",
        against="the backbone in every epoch",
        ratio=slow / fast,
        target=AT_LEAST,
        note=f"{len(data.train):,} pictures, test accuracy {accuracy[1]:.1%} and {accuracy[0]:.1%}",
    )
    report.add(
        f"{found.name}: features of all splits, from the cache",
        again.seconds,
        "s",
        against="computing them",
        ratio=once.seconds / again.seconds,
    )


def _features(found: Pretrained, data: Dataset, usual: Classifier, cache) -> Dataset:
    parts = [
        features(found.backbone, s, usual.pipeline, cache=cache) for s in (data.train, data.valid, data.test)
    ]
    return Dataset(f"{data.name}, features", data.tier, *parts, data.classes)
