"""What an accelerator would refuse or wait for, looked for without one.

Oracle: the meta device, on which tensors have a type and a place but no values, so that whoever asks for a
value fails; on it float64 is refused, as on Apple's MPS. What the tests marked `gpu` see needs a GPU.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from test_sweeps_networks import MINI, net, tanh
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from toy_sweeps import D, dataset
from toy_training import dataset as toy
from toy_training import small_net

from helpers import models
from helpers.data import Dataset, Split
from helpers.models import layer_gradients
from helpers.runtime import generator
from helpers.sweeps import Member, _lanes, _plan, _stack, _updates, grid
from helpers.training import TrainConfig, _fit, fit, l2
from helpers.training._losses import log_loss
from helpers.training._optimisers import optimiser

META = torch.device("meta")
CONFIGS = {
    "plain": MINI,
    "momentum": replace(MINI, momentum=0.9, weight_decay=1e-3),
    "adam": replace(MINI, optimiser="adam"),
    "adagrad": replace(MINI, optimiser="adagrad"),
}


class NoDouble(TorchDispatchMode):
    """float64 exists on the processor only."""

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        found = func(*args, **(kwargs or {}))
        for value in tree_leaves(found):
            if isinstance(value, torch.Tensor) and value.device == META and value.dtype == torch.float64:
                raise TypeError(f"{func} makes float64")
        return found


class Distant(TorchFunctionMode):
    """Every tensor counts as one on an accelerator without float64 until it is fetched with `cpu`."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[torch.Tensor] = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        name = getattr(func, "__name__", "")
        if name == "double" and not any(args[0] is value for value in self.fetched):
            raise TypeError("float64 on the accelerator")
        found = func(*args, **(kwargs or {}))
        if name == "cpu":
            self.fetched.append(found)
        return found


def there(data: Dataset) -> Dataset:
    """Single precision on the meta device."""
    moved = {name: getattr(data, name) for name in ("train", "valid")}
    return replace(data, **{n: Split(s.x.float().to(META), s.y.to(META)) for n, s in moved.items()})


def lane(members: list[Member]) -> _lanes.Lane:
    made = tuple(net(tanh)(m.config.seed).float().to(META) for m in members)
    return _lanes.Lane(tuple(range(len(members))), tuple(members), made)


def test_both_oracles_can_fail():
    with NoDouble(), pytest.raises(TypeError, match="makes float64"):
        torch.zeros(2, device=META).double()
    with Distant(), pytest.raises(TypeError, match="float64 on"):
        torch.zeros(2).double()
    with pytest.raises(RuntimeError):
        bool(torch.zeros(2, device=META).any())


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_a_stacks_step_asks_for_no_value(config):
    members, data = grid(config, lr=(0.1, 0.2), lam=(0.0, 0.1)), there(dataset(3))
    with NoDouble():
        run = _lanes.prepare(lane(members), data)
        for shared in (True, False):
            x, y = data.train.x[:8], data.train.y[:8]
            if not shared:
                x, y = x.expand(4, *x.shape), y.expand(4, -1)
            assert _lanes.train_step(run, x, y, 0.5).shape == (4,)
        loss, right = _lanes.measure(run.net, data.valid)
        run.net.keep(torch.tensor([0, 2]))
        run.updates.keep(torch.tensor([0, 2]))
    kept = [*run.net.tensors.values(), *run.updates.memory.values(), loss, right]
    assert {(t.device, t.dtype) for t in kept} == {(META, torch.float32)}
    assert run.net.members == 2


def test_what_pulls_is_known_before_the_device_is_asked():
    plain, decayed = MINI, replace(MINI, weight_decay=0.1)
    for config, lams, expected in (
        (plain, (0.0, 0.0), (False, False)),
        (plain, (0.0, 0.1), (False, True)),
        (decayed, (0.0, 0.0), (True, True)),
    ):
        members = [Member(config, lam) for lam in lams]
        run = _lanes.prepare(lane(members), there(dataset(3)))
        assert (run.updates.pulls, run.updates.rule) == (expected, _updates.descent)


@pytest.mark.parametrize("outputs", [1, 3])
def test_a_linear_step_asks_for_no_value(outputs):
    plan = _stack.layout(40, 2, 3 * outputs, META)
    each = {"ids": torch.zeros(2, 3), "across": torch.empty(2, 3, outputs, 0, device=META)}
    sizes = {"weights": (outputs, D), "velocity": (outputs, D), "decay": (1, D)}
    sizes |= {"lr": (1, 1), "momentum": (1, 1)}
    values = {name: torch.empty(2, 3, *size, device=META) for name, size in sizes.items()}
    stack = _stack.Stack(**each, **values)
    x = torch.empty(plan.blocks, 2 * plan.parts, plan.rows, D, device=META)
    y = torch.empty(plan.blocks, 2 * plan.parts, 1, outputs, plan.rows, device=META)
    with NoDouble():
        _stack.step(stack, x, None if outputs == 1 else y, 40, _stack.buffers(stack, plan))
    assert stack.weights.dtype == torch.float32


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_a_step_of_fit_asks_for_no_value(config):
    data, model = there(dataset(3)), net(tanh)(0).float().to(META)
    chosen = optimiser(list(model.parameters()), config)
    run = _fit.Run(model, data, config, log_loss, l2(0.1), None, chosen, data.train, 7)
    with NoDouble():
        loss = _fit._train_step(run, data.train.x[:8], data.train.y[:8])
    assert (loss.device, loss.dtype) == (META, torch.float32)


def test_a_lane_on_an_accelerator_leaves_room_for_what_a_step_computes(monkeypatch):
    members = grid(replace(MINI, batch_size=60_000), seed=range(100))
    cut = _plan._cut(lane(members), META, 1)
    assert len(cut) == 1  # 100 · 2 · 60,000 · (6 + 3) · 4 bytes
    monkeypatch.setattr(_plan, "MEMORY", 2**28)
    cut = _plan._cut(lane(members), META, 1)
    assert len(cut) == 2
    assert sum(len(part.places) for part in cut) == 100
    small = [replace(m, config=replace(m.config, batch_size=20)) for m in members]
    assert len(_plan._cut(lane(small), META, 1)) == 1


def test_gradients_are_summed_where_there_is_double_precision():
    x, y = torch.rand(6, 5, generator=generator(0)), torch.arange(6) % 3
    model = models.mlp((5, 4, 3), generator=generator(1))
    expected = layer_gradients(model, x, y)
    with Distant():
        found = layer_gradients(model, x, y)
    assert all(torch.equal(a, b) for a, b in zip(found, expected, strict=True))


def test_a_run_on_the_processor_touches_no_accelerators_generator(monkeypatch):
    def refused(*_):
        raise AssertionError("another device's generator")

    for owner in (torch.cuda, torch.mps):
        monkeypatch.setattr(owner, "manual_seed", refused)
    monkeypatch.setattr(torch.cuda, "manual_seed_all", refused)
    with pytest.raises(AssertionError, match="another device"):
        torch.manual_seed(1)
    before = torch.get_rng_state()
    fit(small_net(1, dropout=0.5), toy(3), TrainConfig(lr=0.1, batch_size=8, epochs=1))
    assert torch.equal(torch.get_rng_state(), before)
