"""Oracles: early stopping as a rule on a list, the weights after each step of a run that is not stopped, and
the run that was never interrupted for every run that was.
"""

from __future__ import annotations

import itertools
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_training import dataset, small_net, weights

from helpers import models
from helpers.runtime import CourseError
from helpers.training import History, TrainConfig, _fit, cross_entropy, fit

CONFIG = TrainConfig(lr=0.5, batch_size=8, epochs=6, checks_per_epoch=2)
LISTS = ("step", "epoch", "train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "weight_norm")
VARIANTS = {
    "plain": {},
    "momentum": {"momentum": 0.9, "weight_decay": 1e-3},
    "adam": {"optimiser": "adam", "lr": 0.05},
    "adagrad": {"optimiser": "adagrad"},
    "stopping": {"patience": 3},
    "in order": {"shuffle": False},
}


def same(a: History, b: History) -> None:
    """Everything but the seconds."""
    for name in (*LISTS, "best_step", "best_epoch", "stopped_epoch", "why_stopped"):
        assert getattr(a, name) == getattr(b, name), name


# --- Early stopping ---------------------------------------------------------------------------------------


def rule(losses: list[float], patience: int | None, min_delta: float) -> tuple[int, int]:
    """Which check is the best and at which the run stops, counted from 1."""
    best, lowest, since = 0, float("inf"), 0
    for check, loss in enumerate(losses, start=1):
        best, lowest, since = (check, loss, 0) if loss < lowest - min_delta else (best, lowest, since + 1)
        if since == patience:
            return best, check
    return best, len(losses)


def scripted(losses: list[float], config: TrainConfig) -> History:
    """A run of one step an epoch whose validation losses are `losses`."""
    data, script = dataset(3), iter(losses)
    with pytest.MonkeyPatch.context() as patch:

        def evaluate(model, split, loss) -> dict[str, float]:
            return {"loss": next(script) if split is data.valid else 0.0, "accuracy": 0.5}

        patch.setattr(_fit, "evaluate", evaluate)
        return fit(models.linear(4, 3), data, replace(config, batch_size=50, epochs=len(losses)))


@settings(deadline=None, max_examples=60)
@given(
    losses=st.lists(st.integers(0, 9).map(lambda n: n / 8), min_size=1, max_size=12),
    patience=st.none() | st.integers(1, 4),
    min_delta=st.sampled_from([0.0, 0.125, 0.3]),
)
def test_early_stopping_follows_its_rule(losses, patience, min_delta):
    history = scripted(losses, TrainConfig(patience=patience, min_delta=min_delta))
    best, last = rule(losses, patience, min_delta)
    assert (history.best_step, history.best_epoch) == (best, best)
    assert (history.stopped_epoch, history.step[-1]) == (last, last)
    stopped_early = history.why_stopped == f"no improvement for {patience} checks"
    assert stopped_early or history.why_stopped == f"all {len(losses)} epochs done"
    assert history.valid_loss == losses[:last]


def test_rule_by_hand():
    assert rule([3, 2, 2, 2, 1], patience=2, min_delta=0) == (2, 4)
    history = scripted([3, 2, 2, 2, 1], TrainConfig(patience=2))
    assert (history.best_step, history.step[-1]) == (2, 4)


def test_best_weights_are_those_of_a_run_that_ends_there():
    config = replace(CONFIG, lr=2.0, epochs=60, patience=4)
    stopped = small_net(1)
    history = fit(stopped, dataset(3), config)
    assert history.why_stopped == "no improvement for 4 checks"
    assert 2 < history.best_step < history.step[-1]
    # The same steps with a check, and so a possible end, at each of them.
    single = replace(config, patience=None, checks_per_epoch=7)
    states = weights_at_each_step(single)
    assert torch.equal(weights(stopped), states[history.best_step])
    assert not torch.equal(weights(stopped), states[history.step[-1]])


def weights_at_each_step(config: TrainConfig) -> list[torch.Tensor]:
    model, states = small_net(1), []

    def loss(logits, y):
        if model.training:
            states.append(weights(model))
        return cross_entropy(logits, y)

    fit(model, dataset(3), config, loss=loss)
    return states  # states[s]: after s steps


def test_without_patience_the_last_weights_stay():
    model = small_net(1)
    history = fit(model, dataset(3), replace(CONFIG, lr=2.0, epochs=20))
    assert history.best_step < history.step[-1]
    assert torch.equal(
        weights(model), weights_at_each_step(replace(CONFIG, lr=2.0, epochs=21))[history.step[-1]]
    )


# --- Ctrl-C -----------------------------------------------------------------------------------------------


def interrupting(step: int):
    """A loss during whose evaluation in this training step the reader presses Ctrl-C."""
    calls = itertools.count(1)

    def loss(logits, y):
        if torch.is_grad_enabled() and next(calls) == step:
            signal.raise_signal(signal.SIGINT)
        return cross_entropy(logits, y)

    return loss


def test_ctrl_c_keeps_the_history_and_says_where(capsys):
    model = small_net(1)
    history = fit(model, dataset(3), CONFIG, loss=interrupting(13))
    assert capsys.readouterr().out == "interrupted at epoch 2, step 12\n"
    assert history.why_stopped == "interrupted at epoch 2, step 12"
    assert history.step == [4, 7, 11]
    assert history.stopped_epoch == 12 / 7
    assert torch.equal(weights(model), weights_at_each_step(CONFIG)[12])
    assert not model.training


def test_ctrl_c_before_the_first_check(capsys):
    history = fit(small_net(1), dataset(3), CONFIG, loss=interrupting(1))
    assert capsys.readouterr().out == "interrupted at epoch 1, step 0\n"
    assert history.describe() == "interrupted at epoch 1, step 0; no check was reached"


def test_ctrl_c_with_early_stopping_puts_the_best_weights_back():
    config = replace(CONFIG, lr=2.0, epochs=60, patience=50)
    model = small_net(1)
    history = fit(model, dataset(3), config, loss=interrupting(200))
    assert history.why_stopped.startswith("interrupted")
    assert torch.equal(weights(model), weights_at_each_step(config)[history.best_step])


def test_ctrl_c_between_two_columns_of_a_check_leaves_whole_rows():
    class Interrupts(list):
        def append(self, value: float) -> None:
            if len(self) == 2:
                raise KeyboardInterrupt
            super().append(value)

    data = dataset(3)
    run = _fit._prepare(small_net(1), data, CONFIG, cross_entropy, None)
    run.history.valid_loss = Interrupts()
    _fit._train_epoch(run, 0, None)
    with pytest.raises(KeyboardInterrupt):
        _fit._train_epoch(run, 1, None)
    _fit._interrupted(run)
    assert {len(getattr(run.history, name)) for name in (*LISTS, "elapsed")} == {2}


# --- Checkpoints ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("step", [2, 6, 16])
def test_interrupted_and_resumed_is_uninterrupted(tmp_path, variant, step):
    """Dropout included. Interrupted before the first check, in mid-epoch, and twice."""
    config, path = replace(CONFIG, **VARIANTS[variant]), tmp_path / "run.pt"
    whole = small_net(1, dropout=0.3)
    expected = fit(whole, dataset(3), config)
    fit(small_net(1, dropout=0.3), dataset(3), config, loss=interrupting(step), checkpoint=path)
    assert path.exists() == (step > 4)
    fit(small_net(1, dropout=0.3), dataset(3), config, loss=interrupting(7), checkpoint=path)
    torch.manual_seed(1234)
    resumed = small_net(8 if path.exists() else 1, dropout=0.3)  # other initial weights: the file decides
    same(fit(resumed, dataset(3), config, checkpoint=path), expected)
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
