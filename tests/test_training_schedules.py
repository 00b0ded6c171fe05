"""Oracles: torch.optim's cosine, a broken line by NumPy, and plain loops whose rates are set by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from toy_training import dataset, small_net, weights

from helpers.training import TrainConfig, fit
from helpers.training._random import example_order
from helpers.training._schedules import rate

PLAIN = TrainConfig(lr=0.3, batch_size=8, epochs=3, seed=5)
STEPS = 21  # 7 in each epoch


def rates(schedule: str, steps: int) -> list[float]:
    return [rate(0.3, schedule, step, steps) for step in range(1, steps + 1)]


@pytest.mark.parametrize("steps", [1, 7, 1000])
def test_rates(steps):
    middle = (np.arange(steps) + 0.5) / steps
    assert rates("constant", steps) == [0.3] * steps
    line = np.interp(middle, [0, 0.3, 1], [0, 0.3, 0])
    np.testing.assert_allclose(rates("one-cycle", steps), line, rtol=1e-12)
    # PyTorch's cosine has its steps at whole numbers: of twice as many, every second one is ours.
    optimiser = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.3)
    schedule, theirs = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=2 * steps), []
    for _ in range(2 * steps):
        theirs.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    np.testing.assert_allclose(rates("cosine", steps), theirs[1::2], rtol=1e-9)


@pytest.mark.parametrize("schedule", ["constant", "one-cycle", "cosine"])
@pytest.mark.parametrize(
    "settings", [{}, {"momentum": 0.9}, {"optimiser": "adam", "lr": 0.01}, {"optimiser": "adagrad"}]
)
def test_each_update_takes_its_rate(schedule, settings):
    """torch.optim in a plain loop whose rate is set by hand."""
    config, data = replace(PLAIN, schedule=schedule, **settings), dataset(3)
    model, reference = small_net(1), small_net(1)
    fit(model, data, config)
    if config.optimiser == "sgd":
        optimiser = torch.optim.SGD(reference.parameters(), momentum=config.momentum)
    else:
        kinds = {"adam": torch.optim.Adam, "adagrad": torch.optim.Adagrad}
        optimiser = kinds[config.optimiser](reference.parameters())
    step = 0
    for epoch in range(3):
        for batch in example_order(50, config, epoch).split(8):
            done = (step + 0.5) / STEPS
            line = np.interp(done, [0, 0.3, 1], [0, 1, 0])
            factor = {"constant": 1.0, "one-cycle": line, "cosine": np.cos(np.pi * done / 2) ** 2}[schedule]
            optimiser.param_groups[0]["lr"] = config.lr * float(factor)
            optimiser.zero_grad()
            nn.functional.cross_entropy(reference(data.train.x[batch]), data.train.y[batch]).backward()
            optimiser.step()
            step += 1
    torch.testing.assert_close(weights(model), weights(reference), rtol=0, atol=1e-6)


def test_a_schedule_is_over_all_epochs_whatever_stops_the_run():
    """Stopped early, the run has done the same steps as the whole one."""
    config = replace(PLAIN, lr=1.5, epochs=40, schedule="cosine")
    whole, stopped = (
        fit(small_net(1), dataset(3), config),
        fit(small_net(1), dataset(3), replace(config, patience=3)),
    )
    assert stopped.stopped_epoch < 40
    assert stopped.valid_loss == whole.valid_loss[: len(stopped.valid_loss)]
