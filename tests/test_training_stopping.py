"""Oracles: early stopping as a rule on a list, and the weights after each step of a run not stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_training import dataset, interrupting, small_net, weights

from helpers import models
from helpers.training import History, TrainConfig, _fit, cross_entropy, fit

CONFIG = TrainConfig(lr=0.5, batch_size=8, epochs=6, checks_per_epoch=2)
LISTS = ("step", "epoch", "train_loss", "train_accuracy", "valid_loss", "valid_accuracy", "weight_norm")


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
