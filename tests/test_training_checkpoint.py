"""Oracle: the run that was never interrupted, for every run that was."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from sampling import sample
from toy_training import dataset, interrupting, small_net, weights

from helpers import models
from helpers.runtime import CourseError
from helpers.training import History, TrainConfig, cross_entropy, fit

CONFIG = TrainConfig(lr=0.5, batch_size=8, epochs=6, checks_per_epoch=2)
LISTS = ("step", "epoch", "train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "weight_norm")
VARIANTS = {
    "plain": {},
    "momentum": {"momentum": 0.9, "weight_decay": 1e-3},
    "adam": {"optimiser": "adam", "lr": 0.05},
    "adagrad": {"optimiser": "adagrad"},
    "stopping": {"patience": 3},
    "in order": {"shuffle": False},
    "one-cycle": {"schedule": "one-cycle"},
    "cosine with momentum": {"schedule": "cosine", "momentum": 0.9},
    "cosine adam": {"schedule": "cosine", "optimiser": "adam", "lr": 0.05},
}


def noise(x: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    return x + 0.1 * torch.randn(x.shape, generator=generator)


def same(a: History, b: History) -> None:
    """Everything but the seconds."""
    for name in (*LISTS, "best_step", "best_epoch", "stopped_epoch", "why_stopped"):
        assert getattr(a, name) == getattr(b, name), name


@pytest.mark.parametrize("variant", sample(VARIANTS, 3))
@pytest.mark.parametrize("step", [2, 6, 16])
def test_interrupted_and_resumed_is_uninterrupted(tmp_path, variant, step):
    """Dropout and augmentation included. Interrupted before the first check, in mid-epoch, and twice."""
    config, path = replace(CONFIG, **VARIANTS[variant]), tmp_path / "run.pt"
    whole = small_net(1, dropout=0.3)
    expected = fit(whole, dataset(3), config, augment=noise)
    run = partial(fit, data=dataset(3), config=config, augment=noise, checkpoint=path)
    run(small_net(1, dropout=0.3), loss=interrupting(step))
    assert path.exists() == (step > 4)
    run(small_net(1, dropout=0.3), loss=interrupting(7))
    torch.manual_seed(1234)
    resumed = small_net(8 if path.exists() else 1, dropout=0.3)  # other initial weights: the file decides
    same(run(resumed), expected)
    assert torch.equal(weights(resumed), weights(whole))
    assert [file.name for file in tmp_path.iterdir()] == ["run.pt"]


@pytest.mark.parametrize("wait", [5, 9, 12])
def test_resumed_run_remembers_how_long_there_was_no_improvement(tmp_path, wait):
    config, path, model = replace(CONFIG, lr=2.0, epochs=60, patience=4), tmp_path / "run.pt", small_net(2)
    expected = fit(small_net(1), dataset(3), config)
    fit(small_net(1), dataset(3), config, loss=interrupting(expected.best_step + wait), checkpoint=path)
    same(fit(model, dataset(3), config, checkpoint=path), expected)


def test_finished_run_is_returned_at_once(tmp_path):
    path, config = tmp_path / "run.pt", replace(CONFIG, lr=2.0, epochs=60, patience=3)
    first = small_net(1)
    expected = fit(first, dataset(3), config, checkpoint=path)
    again = small_net(2)
    same(fit(again, dataset(3), config, loss=interrupting(1), checkpoint=path), expected)
    assert torch.equal(weights(again), weights(first))


def test_more_epochs_go_on_where_the_run_ended(tmp_path):
    whole, path = small_net(1), tmp_path / "run.pt"
    expected = fit(whole, dataset(3), CONFIG)
    fit(small_net(1), dataset(3), replace(CONFIG, epochs=2), checkpoint=path)
    longer = small_net(2)
    same(fit(longer, dataset(3), CONFIG, checkpoint=path), expected)
    assert torch.equal(weights(longer), weights(whole))


def test_more_epochs_would_change_the_rates_of_a_schedule(tmp_path):
    config = replace(CONFIG, epochs=2, schedule="cosine")
    fit(small_net(1), dataset(3), config, checkpoint=tmp_path / "run.pt")
    with pytest.raises(CourseError, match=r"from another run \(epochs was 2, is 6\)"):
        fit(small_net(1), dataset(3), replace(config, epochs=6), checkpoint=tmp_path / "run.pt")


@pytest.fixture
def checkpoint(tmp_path) -> Path:
    fit(small_net(1), dataset(3), replace(CONFIG, epochs=1), checkpoint=tmp_path / "run.pt")
    return tmp_path / "run.pt"


@pytest.mark.parametrize("keep", [0, 10, 60, 200, -1])
def test_truncated_checkpoint_is_named(checkpoint, keep):
    checkpoint.write_bytes(checkpoint.read_bytes()[:keep])
    with pytest.raises(CourseError, match=r"run\.pt is damaged or not a checkpoint of this book: delete it"):
        fit(small_net(1), dataset(3), CONFIG, checkpoint=checkpoint)


def test_altered_checkpoint_and_another_file_in_its_place_are_named(checkpoint):
    content = bytearray(checkpoint.read_bytes())
    content[len(content) // 2] ^= 1
    for other in (bytes(content), b"text", b"one\ntwo\nthree"):
        checkpoint.write_bytes(other)
        with pytest.raises(CourseError, match="is damaged or not a checkpoint of this book"):
            fit(small_net(1), dataset(3), CONFIG, checkpoint=checkpoint)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"lr": 0.4}, r"from another run \(lr was 0\.5, is 0\.4\)"),
        ({"seed": 1}, r"\(seed was 0, is 1\)"),
        ({"optimiser": "adam"}, r"\(optimiser was 'sgd', is 'adam'\)"),
    ],
)
def test_checkpoint_of_other_settings_is_refused(checkpoint, change, expected):
    with pytest.raises(CourseError, match=expected):
        fit(small_net(1), dataset(3), replace(CONFIG, **change), checkpoint=checkpoint)


def test_checkpoint_of_other_data_or_another_model_is_refused(checkpoint):
    with pytest.raises(CourseError, match=r"\(training examples was 50, is 60\)"):
        fit(small_net(1), dataset(3, n_train=60), CONFIG, checkpoint=checkpoint)
    with pytest.raises(CourseError, match="is from another model"):
        fit(models.linear(4, 3), dataset(3), CONFIG, checkpoint=checkpoint)


def test_folder_in_the_checkpoints_place_is_named(tmp_path):
    with pytest.raises(CourseError, match="is not a file: choose another place"):
        fit(small_net(1), dataset(3), CONFIG, checkpoint=tmp_path)


def test_place_that_cannot_be_written_is_one_sentence_before_any_training(tmp_path):
    steps = []
    with pytest.raises(CourseError, match=r"run\.pt cannot be written: its folder does not exist"):
        fit(
            small_net(1),
            dataset(3),
            CONFIG,
            loss=lambda z, y: steps.append(1) or cross_entropy(z, y),
            checkpoint=tmp_path / "nowhere" / "run.pt",
        )
    assert steps == []


def test_failing_disk_leaves_the_old_checkpoint_and_nothing_else(checkpoint, monkeypatch):
    before = checkpoint.read_bytes()

    def full(path: Path, content: bytes) -> None:
        with path.open("wb") as file:
            file.write(content[:100])
        raise OSError(28, "No space left on device")

    def refused(source: Path, target: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "replace", refused)
    with pytest.raises(CourseError, match=r"cannot be written \(Input/output error\)"):
        fit(small_net(1), dataset(3), CONFIG, checkpoint=checkpoint)
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(CourseError, match=r"cannot be written \(No space left on device\)"):
        fit(small_net(1), dataset(3), CONFIG, checkpoint=checkpoint)
    assert checkpoint.read_bytes() == before
    assert [file.name for file in checkpoint.parent.iterdir()] == ["run.pt"]
