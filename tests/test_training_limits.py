"""What `fit` refuses, when it gives up, and what it leaves alone. Oracle: a plain loop that blows up too."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn
from toy_training import dataset, small_net, weights

from helpers import models
from helpers.data import Split
from helpers.runtime import CourseError
from helpers.training import (
    Diverged,
    TrainConfig,
    cross_entropy,
    fit,
)

ROOT = Path(__file__).parent.parent
PLAIN = TrainConfig(lr=0.3, batch_size=8, epochs=3, shuffle=False)


def test_frozen_weights_stay():
    model = small_net(3)
    model[0].requires_grad_(False)
    frozen, free = model[0].weight.clone(), model[3].weight.detach().clone()
    fit(model, dataset(3), PLAIN)
    assert torch.equal(model[0].weight, frozen)
    assert not torch.equal(model[3].weight, free)
    with pytest.raises(CourseError, match="no weights to train"):
        fit(model.requires_grad_(False), dataset(3), PLAIN)


def test_dropout_is_drawn_from_the_runs_seed_and_the_global_generator_is_given_back():
    def run(seed: int, disturb: int) -> torch.Tensor:
        torch.manual_seed(disturb)
        before, model = torch.get_rng_state(), small_net(0, dropout=0.5)
        fit(model, dataset(3), replace(PLAIN, seed=seed))
        assert torch.equal(torch.get_rng_state(), before)
        return weights(model)

    assert torch.equal(run(0, disturb=1), run(0, disturb=2))
    assert not torch.equal(run(0, disturb=1), run(1, disturb=1))


def first_bad_step(lr: float, batch_size: int) -> int:
    """The quadratic loss blows up: when, by a plain loop."""
    data, model, step = dataset(3), small_net(0), 0
    while True:
        for x, y in data.train.batches(batch_size):
            step += 1
            value = (model(x) - nn.functional.one_hot(y, 3)).square().sum(1).mean()
            if not math.isfinite(value.item()):
                return step
            grads = torch.autograd.grad(value, list(model.parameters()))
            with torch.no_grad():
                for w, g in zip(model.parameters(), grads, strict=True):
                    w -= lr * g


def test_divergence_names_step_epoch_and_rate_and_carries_the_history():
    def quadratic(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return (logits - nn.functional.one_hot(y, 3)).square().sum(1).mean()

    step = first_bad_step(lr=3.0, batch_size=8)
    assert step > 8  # so that a check was passed
    assert step % 7 != 1  # else the check before it would have found it
    expected = rf"at step {step} \(epoch {(step - 1) // 7 + 1}\) with lr=3: try lr=0\.3,"
    with pytest.raises(Diverged, match=expected) as caught:
        fit(small_net(0), dataset(3), replace(PLAIN, lr=3.0, epochs=1_000), loss=quadratic)
    assert isinstance(caught.value, CourseError)
    assert caught.value.history.step == list(range(7, step, 7))
    assert caught.value.history.why_stopped.endswith(f"at step {step}")


def test_infinite_validation_loss_is_a_divergence_too():
    data = dataset(3)
    x = data.valid.x.clone()
    x[4, 1] = math.nan
    with pytest.raises(Diverged, match="The loss became nan at step 7 "):
        fit(small_net(0), replace(data, valid=Split(x, data.valid.y)), PLAIN)


@pytest.mark.parametrize(
    ("model", "classes", "expected"),
    [
        (models.linear(5, 3), 3, r"cannot take examples of shape \(4,\): use flat=True"),
        (nn.Flatten(0), 3, r"must return \(N, K\) logits, but one example gave the shape \(4,\)"),
        (models.linear(4, 2), 3, r"labels go up to 2, but with 2 output\(s\) the model knows only 0 to 1"),
        (models.linear(4, 1), 3, r"labels go up to 2, but with 1 output\(s\) the model knows only 0 to 1"),
    ],
)
def test_model_and_data_that_do_not_fit_together(model, classes, expected):
    with pytest.raises(CourseError, match=expected):
        fit(model, dataset(classes), PLAIN)


@pytest.mark.parametrize(
    "settings",
    [
        {"lr": 0.0},
        {"lr": math.nan},
        {"batch_size": 0},
        {"epochs": 0},
        {"checks_per_epoch": 0},
        {"patience": 0},
        {"momentum": -0.1},
        {"weight_decay": -1.0},
        {"min_delta": -1e-3},
        {"seed": -1},
        {"optimiser": "sdg"},
        {"schedule": "linear"},
        {"optimiser": "adam", "momentum": 0.9},
        {"epochs_per_check": 0},
        {"epochs": 10, "epochs_per_check": 3},
        {"epochs": 10, "checks_per_epoch": 2, "epochs_per_check": 5},
    ],
)
def test_settings_that_make_no_sense(settings):
    name = list(settings)[-1]
    with pytest.raises(CourseError, match=rf"^TrainConfig has {name}=.*, but it must be .*\.$"):
        TrainConfig(**settings)


def test_plain_descent_does_not_load_the_compiler():
    code = (
        "import sys; sys.path.insert(0, 'tests'); from toy_training import dataset, small_net; "
        "from helpers.training import TrainConfig, fit; fit(small_net(), dataset(), TrainConfig(epochs=1)); "
        "assert 'torch._dynamo' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=120)


@pytest.mark.parametrize(
    ("model", "batch_size", "expected"),
    [
        (models.linear(4, 3), 8, 1),
        (models.linear(4, 3), 400_000, 2),  # 400,000 · 15 = 6 million
        (nn.Sequential(nn.Unflatten(1, (1, 4)), nn.Conv1d(1, 3, 4), nn.Flatten()), 8, 2),
    ],
)
def test_small_steps_use_one_thread_and_give_the_others_back(model, batch_size, expected):
    seen = set()

    def loss(logits: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        seen.add(torch.get_num_threads())
        if len(seen) == 1 and model.training:
            raise KeyboardInterrupt
        return cross_entropy(logits, y)

    torch.set_num_threads(2)
    fit(model, dataset(3), replace(PLAIN, batch_size=batch_size), loss=loss)
    assert (seen, torch.get_num_threads()) == ({expected}, 2)
