"""What must hold on an accelerator. Oracles: the same run on the processor, and the run that was not cut off.

Skipped where there is none. `GPU_TESTS_ON=cpu` puts the processor in its place, so that a machine without one
sees that the tests themselves are sound; `tools/on_gpu.sh --dry` does that.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
import torch
from toy_training import dataset, interrupting, small_net, weights

from helpers import models
from helpers.data import Dataset, Split, shift
from helpers.models._backbone import small_backbone
from helpers.runtime import CourseError, generator
from helpers.runtime import device as pick_device
from helpers.sweeps import grid, sweep
from helpers.training import TrainConfig, features, fit, fit_by_hand, l2

INSTEAD = os.environ.get("GPU_TESTS_ON", "")
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not (INSTEAD or torch.cuda.is_available()), reason="no CUDA device on this machine"),
]
PLAIN = TrainConfig(lr=0.3, batch_size=8, epochs=3, checks_per_epoch=2)
VARIANTS = {
    "plain": {},
    "momentum": {"momentum": 0.9, "weight_decay": 1e-3, "lr": 0.05},
    "adam": {"optimiser": "adam", "lr": 0.01},
    "adagrad": {"optimiser": "adagrad", "lr": 0.05},
    "one-cycle": {"schedule": "one-cycle"},
    "stopping": {"patience": 2},
}
FIGURES = ("train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "weight_norm")


@pytest.fixture
def gpu() -> torch.device:
    return torch.device(INSTEAD or "cuda")


@pytest.fixture(autouse=True)
def full_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    """Convolutions with 24 bits of fraction, as on a processor; cuDNN's default is 11."""
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)


def on(device: torch.device, data: Dataset) -> Dataset:
    parts = {name: getattr(data, name) for name in ("train", "valid")}
    moved = {name: Split(s.x.to(device), s.y.to(device)) for name, s in parts.items()}
    return replace(data, **moved)


def pictures(n: int, seed: int) -> Split:
    """Noise with a bright square whose place is the label."""
    random = generator(seed)
    x, y = torch.rand(n, 1, 28, 28, generator=random), torch.randint(0, 10, (n,), generator=random)
    for image, label in zip(x, y.tolist(), strict=True):
        image[0, 2 * label : 2 * label + 8, 4:24] += 1.0
    return Split(x, y)


def picture_set() -> Dataset:
    return replace(dataset(10), train=pictures(96, 1), valid=pictures(40, 2))


def alike(one, other, rel: float) -> None:
    for name in FIGURES:
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=rel, abs=rel), name
    assert (one.step, one.why_stopped, one.how) == (other.step, other.why_stopped, other.how)


@pytest.mark.parametrize("variant", VARIANTS)
def test_fit_is_that_of_the_processor(gpu, variant):
    config = replace(PLAIN, **VARIANTS[variant])
    here, there = small_net(1), small_net(1)
    expected = fit(here, dataset(3), config, penalty=l2(0.01))
    found = fit(there, on(gpu, dataset(3)), config, penalty=l2(0.01))
    alike(found, expected, rel=1e-4)
    assert next(there.parameters()).device.type == gpu.type
    torch.testing.assert_close(weights(there).cpu(), weights(here), rtol=1e-3, atol=1e-4)


def test_fit_by_hand_is_fit(gpu):
    config = replace(PLAIN, checks_per_epoch=1)
    one, other = (models.mlp((4, 6, 5, 3), generator=generator(1)) for _ in range(2))
    by_hand, automatic = (
        fit_by_hand(one, on(gpu, dataset(3)), config),
        fit(other, on(gpu, dataset(3)), config),
    )
    assert by_hand.valid_loss == pytest.approx(automatic.valid_loss, rel=1e-4)
    torch.testing.assert_close(weights(one), weights(other), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("make", [
    lambda: models.cnn(generator=generator(0), dropout=0.0),
    lambda: models.cnn(generator=generator(0), dropout=0.0, batch_norm=True),
    lambda: models.compact_cnn(generator=generator(0)),
], ids=["plain", "batch norm", "compact"])  # fmt: skip
def test_convolutional_networks_are_those_of_the_processor(gpu, make):
    config = TrainConfig(lr=0.05, momentum=0.9, batch_size=32, epochs=2)
    expected, found = fit(make(), picture_set(), config), fit(make(), on(gpu, picture_set()), config)
    alike(found, expected, rel=5e-3)


@pytest.mark.parametrize("variant", ["plain", "momentum", "adam"])
@pytest.mark.parametrize("step", [6, 16])
def test_interrupted_and_resumed_is_uninterrupted(gpu, tmp_path, variant, step):
    """Dropout and augmentation draw from the accelerator's own generators."""
    config, path = replace(PLAIN, **VARIANTS[variant]), tmp_path / "run.pt"
    data = on(gpu, dataset(3))

    def noise(x, random):
        return x + 0.1 * torch.randn(x.shape, generator=random, device=x.device)

    whole, resumed = small_net(1, dropout=0.3), small_net(2, dropout=0.3)
    expected = fit(whole, data, config, augment=noise)
    fit(small_net(1, dropout=0.3), data, config, augment=noise, loss=interrupting(step), checkpoint=path)
    assert path.exists()
    alike(fit(resumed, data, config, augment=noise, checkpoint=path), expected, rel=1e-9)
    assert torch.equal(weights(resumed), weights(whole))


def test_a_checkpoint_of_another_device_is_one_sentence(gpu, tmp_path):
    fit(small_net(1), on(gpu, dataset(3)), PLAIN, checkpoint=tmp_path / "run.pt")
    if gpu.type == "cpu":
        fit(small_net(1), dataset(3), PLAIN, checkpoint=tmp_path / "run.pt")
        return
    with pytest.raises(CourseError, match=r"from another run \(device was 'cuda', is 'cpu'\)"):
        fit(small_net(1), dataset(3), PLAIN, checkpoint=tmp_path / "run.pt")


def test_the_same_run_twice_is_the_same_bits(gpu):
    runs = []
    for disturb in (1, 2):
        torch.manual_seed(disturb)
        before = torch.cuda.get_rng_state() if gpu.type == "cuda" else torch.get_rng_state()
        model = small_net(1, dropout=0.5)
        fit(model, on(gpu, dataset(3)), PLAIN)
        after = torch.cuda.get_rng_state() if gpu.type == "cuda" else torch.get_rng_state()
        assert torch.equal(before, after)
        runs.append(weights(model))
    assert torch.equal(*runs)


@pytest.mark.parametrize("make", [
    lambda seed: models.linear(4, 3, generator=generator(seed)),
    lambda seed: models.mlp((4, 6, 3), generator=generator(seed)),
], ids=["linear", "network"])  # fmt: skip
def test_sweeps_are_those_of_the_processor(gpu, make):
    members = grid(replace(PLAIN, checks_per_epoch=1), lr=(0.1, 0.3), lam=(0.0, 0.1), seed=(0, 1))
    here, there = sweep(make, dataset(3), members), sweep(make, on(gpu, dataset(3)), members)
    for expected, found in zip(here.histories, there.histories, strict=True):
        alike(found, expected, rel=1e-4)
    alone = fit(make(0), on(gpu, dataset(3)), members[0].config)
    assert there.histories[0].valid_loss == pytest.approx(alone.valid_loss, rel=1e-4)


def test_kept_features_are_those_of_the_processor(gpu, tmp_path):
    torch.manual_seed(0)
    backbone = small_backbone()
    split = Split(torch.rand(30, 3, 32, 32, generator=generator(0)), torch.arange(30) % 10)
    expected = features(backbone, split, cache=False)
    there = Split(split.x.to(gpu), split.y.to(gpu))
    for _ in range(2):  # computed, then read
        found = features(backbone, there, cache=tmp_path)
        assert found.x.device.type == gpu.type
        torch.testing.assert_close(found.x.cpu(), expected.x, rtol=1e-3, atol=1e-4)
    assert len(list(tmp_path.iterdir())) == 1


def test_shifts_are_drawn_on_the_device(gpu):
    split = pictures(20, 3)
    random = torch.Generator(gpu).manual_seed(0)
    moved = shift(2)(split.x.to(gpu), random)
    assert moved.device.type == gpu.type
    assert not torch.equal(moved.cpu(), split.x)


def test_what_lies_on_two_devices_is_one_sentence(gpu):
    data = dataset(3)
    elsewhere = torch.device("meta" if gpu.type == "cpu" else "cpu")
    moved = replace(on(gpu, data), valid=Split(data.valid.x.to(elsewhere), data.valid.y.to(elsewhere)))
    for train in (fit, fit_by_hand):
        with pytest.raises(CourseError, match=r"The data are on .* and .*: move all splits to one device"):
            train(models.linear(4, 3), moved, replace(PLAIN, checks_per_epoch=1))


def test_a_device_that_is_not_there_is_one_sentence():
    with pytest.raises(CourseError, match="Device 'cuda:99' is not available here"):
        pick_device("cuda:99")
