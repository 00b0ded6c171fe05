"""Oracles: gradient descent and the optimisers written out in NumPy in double precision, and hand values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from toy_training import dataset, points, small_net, weights

from helpers import models
from helpers.data import Split
from helpers.runtime import generator
from helpers.training import (
    TrainConfig,
    evaluate,
    fit,
    fit_by_hand,
    l2,
)
from helpers.training._optimisers import PlainSGD

PLAIN = TrainConfig(lr=0.3, batch_size=8, epochs=3, shuffle=False)


def logistic_gradient(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """(1/n) Xᵀ (σ(Xw) − y)."""
    return x.T @ (1 / (1 + np.exp(-x @ w)) - y) / len(y)


def numpy_run(config: TrainConfig, update, *, lam: float = 0.0) -> np.ndarray:
    """The weights (4 and a bias) of logistic regression on `dataset(2)`; `update` is one step."""
    train = dataset(2).train
    x, y = np.c_[train.x.double().numpy(), np.ones(len(train))], train.y.double().numpy()
    w, memory, t = np.zeros(5), {}, 0
    for _ in range(config.epochs):
        for start in range(0, len(y), config.batch_size):
            t += 1
            batch = slice(start, start + config.batch_size)
            g = logistic_gradient(w, x[batch], y[batch]) + lam * np.r_[w[:4], 0]
            w = update(w, g + config.weight_decay * w, memory, t)
    return w


def momentum(w, g, memory, t):
    memory["v"] = 0.9 * memory.get("v", 0) + g
    return w - 0.3 * memory["v"]


def adagrad(w, g, memory, t):
    memory["s"] = memory.get("s", 0) + g**2
    return w - 0.3 * g / (np.sqrt(memory["s"]) + 1e-10)


def adam(w, g, memory, t):
    memory["m"] = 0.9 * memory.get("m", 0) + 0.1 * g
    memory["s"] = 0.999 * memory.get("s", 0) + 0.001 * g**2
    return w - 0.3 * memory["m"] / (1 - 0.9**t) / (np.sqrt(memory["s"] / (1 - 0.999**t)) + 1e-8)


def plain(w, g, memory, t):
    return w - 0.3 * g


@pytest.mark.parametrize(
    ("settings", "update"),
    [
        ({}, plain),
        ({"weight_decay": 0.1}, plain),
        ({"momentum": 0.9}, momentum),
        ({"momentum": 0.9, "weight_decay": 0.1}, momentum),
        ({"optimiser": "adagrad"}, adagrad),
        ({"optimiser": "adam"}, adam),
    ],
)
def test_optimisers_are_their_formulas(settings, update):
    config, model = replace(PLAIN, **settings), models.linear(4, 1)
    fit(model, dataset(2), config)
    np.testing.assert_allclose(weights(model), numpy_run(config, update), rtol=0, atol=2e-5)


@pytest.mark.parametrize("decay", [0.0, 0.01])
def test_plain_sgd_is_torch_optims(decay):
    mine, theirs = small_net(1), small_net(1)
    ours, reference = PlainSGD(list(mine.parameters()), 0.1, decay), torch.optim.SGD(theirs.parameters(), 0.1)
    reference.param_groups[0]["weight_decay"] = decay
    data = points(40, 4, 3)
    for model, optimiser in ((mine, ours), (theirs, reference)):
        for x, y in data.batches(10):
            optimiser.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimiser.step()
    torch.testing.assert_close(weights(mine), weights(theirs), rtol=0, atol=1e-7)


def test_history_holds_the_losses_of_the_weights_at_each_check():
    data, model = dataset(2), models.linear(4, 1)
    history = fit(model, data, PLAIN)
    w = numpy_run(PLAIN, plain)
    for split, loss, hits in (
        (
            data.train.take(30),
            history.train_loss,
            history.train_accuracy,
        ),  # as many as in the validation split
        (data.valid, history.valid_loss, history.valid_accuracy),
    ):
        z = np.c_[split.x.double().numpy(), np.ones(30)] @ w
        y = split.y.numpy()
        assert loss[-1] == pytest.approx(np.mean(np.log1p(np.exp(-np.where(y == 1, z, -z)))), abs=1e-5)
        assert hits[-1] == np.mean((z > 0) == y)
    assert (history.step, history.epoch) == ([7, 14, 21], [1.0, 2.0, 3.0])
    assert history.why_stopped == "all 3 epochs done"
    assert history.stopped_epoch == 3.0
    assert 0 < history.elapsed[0] < history.elapsed[1] < history.elapsed[2] == history.seconds
    assert history.best_step == history.step[int(np.argmin(history.valid_loss))]
    assert history.describe().startswith("all 3 epochs done, after 3.0 epochs and ")


def test_seldom_checks_are_a_selection_of_the_others():
    often, seldom = replace(PLAIN, epochs=6), replace(PLAIN, epochs=6, epochs_per_check=3)
    all_checks = fit(models.linear(4, 1), dataset(2), often)
    chosen = fit(models.linear(4, 1), dataset(2), seldom)
    assert chosen.epoch == [3.0, 6.0]
    for name in ("step", "valid_loss", "train_accuracy", "weight_norm"):
        assert getattr(chosen, name) == getattr(all_checks, name)[2::3], name


def test_weight_norm_leaves_the_bias_out():
    model = models.linear(4, 1, generator=generator(3))
    history = fit(model, dataset(2), PLAIN)
    assert history.weight_norm[-1] == pytest.approx(model.weight.detach().norm().item(), rel=1e-6)
    assert len(history.weight_norm) == 3


def test_softmax_regression_ends_at_the_minimum():
    """L-BFGS in double precision is the oracle for where full-batch descent on a convex loss ends."""
    data, model = dataset(3), models.linear(4, 3)
    fit(model, data, TrainConfig(lr=0.5, batch_size=50, epochs=600), penalty=l2(0.1))
    w = torch.zeros(15, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([w], max_iter=200, tolerance_grad=1e-10, line_search_fn="strong_wolfe")

    def objective() -> torch.Tensor:
        optimiser.zero_grad()
        logits = data.train.x.double() @ w[:12].view(3, 4).T + w[12:]
        value = nn.functional.cross_entropy(logits, data.train.y) + 0.05 * w[:12].square().sum()
        value.backward()
        return value

    optimiser.step(objective)
    # The last axis of freedom, a constant added to all biases, has no gradient and stays at zero in both.
    torch.testing.assert_close(weights(model), w.detach(), rtol=0, atol=1e-4)


def seen_order(config: TrainConfig) -> list[list[int]]:
    """The order in which each epoch meets the examples, read off the batches that reach the model."""
    data = dataset(3)
    x = data.train.x.clone()
    x[:, 0] = torch.arange(50.0)
    seen: list[float] = []

    class Spy(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = models.linear(4, 3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            if self.training:
                seen.extend(x[:, 0].tolist())
            return self.layer(x)

    fit(Spy(), replace(data, train=Split(x, data.train.y)), replace(config, lr=1e-6))
    return [list(map(int, seen[start : start + 50])) for start in range(0, len(seen), 50)]


def test_every_epoch_meets_every_example_once_in_an_order_of_its_own():
    orders = seen_order(replace(PLAIN, shuffle=True))
    assert len(orders) == 3
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert len({tuple(order) for order in [*orders, range(50)]}) == 4
    assert seen_order(replace(PLAIN, shuffle=True)) == orders
    others = seen_order(replace(PLAIN, shuffle=True, seed=1))
    assert not {tuple(order) for order in others} & {tuple(order) for order in orders}


def test_without_shuffling_the_order_is_the_stored_one_in_every_epoch():
    assert seen_order(PLAIN) == [list(range(50))] * 3


def test_checks_are_evenly_spaced_and_end_the_epoch():
    """32 steps and 5 checks: after 6.4, 12.8, … steps, rounded up."""
    config = TrainConfig(batch_size=4, epochs=2, checks_per_epoch=5)
    history = fit(models.linear(4, 3), dataset(3, n_train=128), config)
    assert history.step == [7, 13, 20, 26, 32, 39, 45, 52, 58, 64]
    assert history.epoch[4] == 1.0
    assert fit(models.linear(4, 3), dataset(3), replace(PLAIN, epochs=1, checks_per_epoch=99)).step == list(
        range(1, 8)
    )


def test_penalty_enters_the_updates_but_not_the_history():
    model = models.linear(4, 1)
    history = fit(model, dataset(2), PLAIN, penalty=l2(0.5))
    w = numpy_run(PLAIN, plain, lam=0.5)
    np.testing.assert_allclose(weights(model), w, rtol=0, atol=1e-6)
    assert history.valid_loss[-1] == pytest.approx(evaluate(model, dataset(2).valid)["loss"], abs=1e-7)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU: none is visible to PyTorch here")
def test_gpu_and_processor_agree():
    data, results = dataset(3), []
    for device in ("cpu", "cuda"):
        there = replace(
            data,
            train=Split(data.train.x.to(device), data.train.y.to(device)),
            valid=Split(data.valid.x.to(device), data.valid.y.to(device)),
        )
        model = small_net(0)
        history = fit(model, there, replace(PLAIN, shuffle=True))
        results.append((weights(model).cpu(), torch.tensor(history.valid_loss)))
    for on_cpu, on_gpu in zip(*results, strict=True):
        torch.testing.assert_close(on_cpu, on_gpu, rtol=0, atol=1e-4)


@pytest.mark.parametrize("batch_size", [1, 2, 4, 5, 50])
@pytest.mark.parametrize("sizes", [(4, 3), (4, 6, 3), (4, 1_100, 1_000, 3)], ids=str)
def test_one_gradient_path_for_every_batch_and_every_size(batch_size, sizes):
    """Oracle: automatic differentiation written out. The same arithmetic, so the same bits."""
    config = replace(PLAIN, lr=0.01, batch_size=batch_size, epochs=1)
    data, (model, other) = dataset(3), (models.mlp(sizes, generator=generator(0)) for _ in range(2))
    history = fit(model, data, config)
    for x, y in zip(data.train.x.split(batch_size), data.train.y.split(batch_size), strict=True):
        slopes = torch.autograd.grad(nn.functional.cross_entropy(other(x), y), list(other.parameters()))
        with torch.no_grad():
            for w, slope in zip(other.parameters(), slopes, strict=True):
                w.add_(slope, alpha=-config.lr)
    assert torch.equal(weights(model), weights(other))
    assert history.how == "automatic differentiation"


def test_history_says_which_path_ran():
    config = replace(PLAIN, batch_size=1, epochs=1)
    one, other = (models.mlp((4, 6, 3), generator=generator(0)) for _ in range(2))
    by_hand, by_itself = fit_by_hand(one, dataset(3), config), fit(other, dataset(3), config)
    assert (by_hand.how, by_itself.how) == ("the four equations, by hand", "automatic differentiation")
    assert by_hand.valid_loss == pytest.approx(by_itself.valid_loss, rel=1e-4)
