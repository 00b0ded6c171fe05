"""Small reference trainings, whose results stand for the code behind every kept measurement.

`book/measured` keeps what the chapters measured for as long as `RESULTS` in `helpers.measurements` stays the
same. A change that alters a result here alters theirs too: raise `RESULTS`, then

    python tests/test_reference.py --write

The stored values are from the code as it was when they were written; the tolerance is for other machines.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from helpers import models
from helpers.data import Dataset, Split, shift
from helpers.measurements import RESULTS
from helpers.runtime import generator
from helpers.sweeps import grid, sweep
from helpers.training import TrainConfig, evaluate, features, fit, fit_by_hand, l2

STORED = Path(__file__).with_name("reference.json")
REL, ABS = 1e-4, 1e-6
ADVICE = "raise RESULTS in helpers/measurements and run python tests/test_reference.py --write"
BASE = TrainConfig(lr=0.2, batch_size=16, epochs=4)


# NumPy's RandomState, because its stream is frozen for all versions.
def points(n: int = 160, d: int = 12, classes: int = 4) -> Dataset:
    """Points labelled by a noisy linear rule."""
    random = np.random.RandomState(1)
    rule = random.standard_normal((d, classes))

    def split(n: int) -> Split:
        x = random.standard_normal((n, d))
        y = (x @ rule + 2 * random.standard_normal((n, classes))).argmax(1)
        return Split(torch.tensor(x, dtype=torch.float32), torch.tensor(y))

    return Dataset("points", "made", split(n), split(80), split(80), tuple(map(str, range(classes))))


def images(n: int, channels: int, side: int) -> Split:
    random = np.random.RandomState(2)
    x = random.randint(0, 256, (n, channels, side, side)).astype(np.uint8)
    return Split(torch.tensor(x), torch.tensor(random.randint(0, 10, n)))


def net(seed: int = 0) -> nn.Sequential:
    return models.mlp((12, 10, 8, 4), generator=generator(seed), act=nn.Tanh)


def told(history, model: nn.Module | None = None, data: Dataset | None = None) -> list[float]:
    found = [*history.train_loss[-2:], *history.valid_loss[-2:], history.weight_norm[-1], history.best_step]
    return found if model is None else [*found, *evaluate(model, data.test).values()]


def trained(config: TrainConfig, how: Callable = fit, **options: object) -> list[float]:
    data, model = points(), net()
    return told(how(model, data, config, **options), model, data)


def convolution(build: Callable[..., nn.Sequential], **options: object) -> list[float]:
    split = images(48, 1, 28)
    split = Split(split.x.float() / 255, split.y)
    data = replace(points(), train=split, valid=split.take(20), test=split)
    config = TrainConfig(lr=0.02, batch_size=16, epochs=2)
    return told(fit(build(generator=generator(0), **options), data, config, augment=shift(2)))


def swept(make: Callable[[int], nn.Module], config: TrainConfig, **axes: object) -> list[float]:
    result = sweep(make, points(), grid(config, **axes))
    return [figure for history in result.histories for figure in told(history)[1:5:2]]


def kept() -> list[float]:
    found, split = models.pretrained("small"), images(8, 3, 32)
    x = features(found.backbone, split, found.pipeline, cache=False).x.double()
    scores = found.model(found.pipeline(split.x)).double()
    return [x.shape[1], x.mean().item(), x.std().item(), x.norm().item(), scores.norm().item()]


TRAININGS: dict[str, Callable[[], list[float]]] = {
    "plain": lambda: trained(BASE),
    "one example at a time": lambda: trained(replace(BASE, lr=0.02, batch_size=1, epochs=2)),
    "momentum, decay and penalty": lambda: trained(
        replace(BASE, lr=0.05, momentum=0.9, weight_decay=1e-3), penalty=l2(0.01)
    ),
    "adam, one-cycle": lambda: trained(replace(BASE, lr=0.02, optimiser="adam", schedule="one-cycle")),
    "adagrad, cosine": lambda: trained(replace(BASE, lr=0.1, optimiser="adagrad", schedule="cosine")),
    "early stopping": lambda: trained(replace(BASE, lr=0.8, epochs=30, checks_per_epoch=2, patience=4)),
    "four equations": lambda: trained(BASE, fit_by_hand),
    "sweep of linear models": lambda: swept(
        lambda seed: models.linear(12, 4, generator=generator(seed)),
        replace(BASE, batch_size=160, epochs=20, epochs_per_check=10),
        lr=(0.1, 1.0),
        lam=(0.0, 0.1),
        seed=(0, 1),
    ),
    "sweep of networks": lambda: swept(net, replace(BASE, momentum=0.5), lr=(0.05, 0.1), seed=(0, 1)),
    "convolution, batch norm": lambda: convolution(models.cnn, dropout=0.0, batch_norm=True),
    "compact network": lambda: convolution(models.compact_cnn),
    "dropout": lambda: convolution(models.cnn, dropout=0.4),
    "kept features": kept,
}
# PyTorch draws dropout's masks with Intel's library where there is one, and otherwise by itself.
NEEDS_MKL = {"dropout"}


def differences(found: list[float], stored: list[float]) -> list[str]:
    """What is beyond rounding, in words."""
    if len(found) != len(stored):
        return [f"{len(found)} numbers instead of {len(stored)}"]
    pairs = zip(found, stored, strict=True)
    return [f"{a!r} instead of {b!r}" for a, b in pairs if not math.isclose(a, b, rel_tol=REL, abs_tol=ABS)]


def stored() -> dict[str, object]:
    return json.loads(STORED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", TRAININGS)
def test_reference_training_gives_what_it_gave(name):
    if name in NEEDS_MKL and not torch.backends.mkl.is_available():
        pytest.skip("dropout's masks are others without Intel's library")
    found = differences(TRAININGS[name](), stored()["trainings"][name])
    assert not found, f"The reference training {name!r} gives {'; '.join(found)}: if it should, {ADVICE}."


def test_the_stored_values_are_those_of_the_number_in_force():
    facts = stored()
    assert facts["results"] == RESULTS, (
        f"RESULTS is {RESULTS}, the reference trainings are stored for {facts['results']}: {ADVICE}."
    )
    assert list(facts["trainings"]) == list(TRAININGS)


def test_a_change_beyond_rounding_is_seen_and_rounding_is_not():
    values = stored()["trainings"]["plain"]
    assert not differences([v * (1 + 1e-5) for v in values], values)
    assert len(differences([values[0] * 1.001, *values[1:]], values)) == 1
    assert differences(values[1:], values)
    assert differences([math.nan, *values[1:]], values)
    changed = trained(replace(BASE, lr=0.2004))  # 0.2 %
    assert differences(changed, values)


def write() -> None:
    torch.set_num_threads(1)
    found = {name: [float(f"{v:.9g}") for v in run()] for name, run in TRAININGS.items()}
    text = json.dumps({"results": RESULTS, "trainings": found}, indent=1, ensure_ascii=False) + "\n"
    STORED.write_text(text, encoding="utf-8")
    print(f"{len(found)} reference trainings are stored for RESULTS = {RESULTS} in {STORED.name}.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", required=True, help="store what the code gives now")
    parser.parse_args()
    write()
