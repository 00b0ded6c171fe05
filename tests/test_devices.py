"""What an accelerator would refuse or wait for, looked for without one.

Oracle: the meta device, on which tensors have a type and a place but no values, so that whoever asks for a
value fails; on it float64 is refused, as on Apple's MPS, and so is what lies on two devices. What the tests
marked `gpu` see needs a GPU.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace

import pytest
import torch
from test_sweeps_networks import MINI, net, tanh
from torch import nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from toy_sweeps import D, dataset
from toy_training import dataset as toy
from toy_training import small_net

from helpers import models
from helpers.data import Dataset, Pipeline, Split, shift
from helpers.data._pipeline import resized
from helpers.models import curvature, first_failure, layer_gradients
from helpers.runtime import CourseError, generator
from helpers.sweeps import Member, _hand, _lanes, _plan, _stack, _updates, _work, grid
from helpers.sweeps._checks import Trained
from helpers.training import TrainConfig, _fit, fit, l2
from helpers.training._four_equations import Room, step_by_hand
from helpers.training._losses import log_loss
from helpers.training._optimisers import optimiser

META = torch.device("meta")
CONFIGS = {
    "plain": MINI,
    "momentum": replace(MINI, momentum=0.9, weight_decay=1e-3),
    "adam": replace(MINI, optimiser="adam"),
    "adagrad": replace(MINI, optimiser="adagrad"),
}


class Accelerator(TorchDispatchMode):
    """float64 exists on the processor only; no step takes tensors of two devices, save those that move or
    select (numbers may lie anywhere); and a generator draws for its own device."""

    MOVE = (torch.ops.aten._to_copy, torch.ops.aten.copy_)

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        found = func(*args, **(kwargs or {}))
        given = [v for v in tree_leaves((args, kwargs)) if isinstance(v, torch.Tensor)]
        places = {v.device for v in given if v.ndim}
        chosen = func.overloadpacket == torch.ops.aten.index and args[0].device == META
        if len(places) > 1 and func.overloadpacket not in self.MOVE and not chosen:
            raise TypeError(f"{func} takes tensors of two devices")
        for value in tree_leaves(found):
            if isinstance(value, torch.Tensor) and value.device == META:
                if value.dtype == torch.float64:
                    raise TypeError(f"{func} makes float64")
                if (kwargs or {}).get("generator") is not None:
                    raise TypeError(f"{func} draws from a generator of the processor")
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
    here, away = torch.zeros(2, dtype=torch.int64), torch.zeros(2, device=META)
    with Accelerator():
        with pytest.raises(TypeError, match="makes float64"):
            away.double()
        with pytest.raises(TypeError, match="two devices"):
            away.index_select(0, here)
        with pytest.raises(TypeError, match="two devices"):
            here[away.long()]
        with pytest.raises(TypeError, match="draws from a generator"):
            torch.rand(2, generator=generator(0), device=META)
        away[here].copy_(here).add_(here.sum())  # these are no mixtures
    with Distant(), pytest.raises(TypeError, match="float64 on"):
        torch.zeros(2).double()
    with pytest.raises(RuntimeError):
        bool(torch.zeros(2, device=META).any())


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_a_stacks_step_asks_for_no_value(config):
    members, data = grid(config, lr=(0.1, 0.2), lam=(0.0, 0.1)), there(dataset(3))
    with Accelerator():
        run = _lanes.prepare(lane(members), data)
        for shared in (True, False):
            x, y = data.train.x[:8], data.train.y[:8]
            if not shared:
                x, y = x.expand(4, *x.shape), y.expand(4, -1)
            assert _lanes.train_step(run, x, y, 0.5).shape == (4,)
        loss, right = _lanes.measure(run.net, data.valid)
        assert _lanes._norms(run.net).device == META
        run.net.keep(torch.tensor([0, 2]))
        run.updates.keep(torch.tensor([0, 2]))
    kept = [*run.net.tensors.values(), *run.updates.memory.values(), loss, right]
    assert {(t.device, t.dtype) for t in kept} == {(META, torch.float32)}
    assert run.net.members == 2


@pytest.mark.parametrize("seeds", [(0, 0), (0, 1)], ids=["one order", "two orders"])
def test_models_from_another_process_train_where_the_data_are(seeds):
    """They come on the processor; the order of the examples is drawn there."""
    members, data = [replace(MINI, seed=seed) for seed in seeds], there(dataset(3))
    sent = replace(lane([Member(config) for config in members]), models=(net(tanh)(0).float(),) * 2)
    with Accelerator():
        run = _lanes.prepare(sent, data)
        losses = [_lanes.train_step(run, x, y, 1.0) for x, y in _lanes._batches(run, 0, 7)]
    assert {loss.device for loss in losses} == {META}
    assert len(losses) == 7
    assert {w.device.type for model in sent.models for w in model.parameters()} == {"cpu"}  # as they were


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
    with Accelerator():
        _stack.step(stack, x, None if outputs == 1 else y, 40, _stack.buffers(stack, plan))
    assert stack.weights.dtype == torch.float32


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_a_step_of_fit_asks_for_no_value(config):
    data, model = there(dataset(3)), net(tanh)(0).float().to(META)
    chosen = optimiser(list(model.parameters()), config)
    run = _fit.Run(model, data, config, log_loss, l2(0.1), None, chosen, data.train, 7)
    with Accelerator():
        loss = _fit._train_step(run, data.train.x[:8], data.train.y[:8])
    assert (loss.device, loss.dtype) == (META, torch.float32)


def test_a_step_by_hand_asks_for_no_value():
    W, b = (
        [torch.empty(*shape, device=META) for shape in shapes] for shapes in (((6, D), (3, 6)), ((6,), (3,)))
    )
    with Accelerator():
        step_by_hand(W, b, Room.like(W, 8, nn.Sigmoid), 0.1)
    assert {(t.device, t.dtype) for t in (*W, *b)} == {(META, torch.float32)}


def test_pictures_stay_where_they_are():
    pictures = torch.empty(5, 3, 28, 28, device=META)
    pipeline = Pipeline(20, 16, (0.5,) * 3, (0.2,) * 3, interpolation="bicubic")
    with Accelerator():
        assert shift(2)(pictures, None).device == META
        found = [pipeline(pictures), pipeline((255 * pictures).to(torch.uint8))]
    assert {(x.device, x.dtype, tuple(x.shape[2:])) for x in found} == {(META, torch.float32, (16, 16))}


def test_what_apple_learnt_late_is_done_on_the_processor(monkeypatch):
    """The cubic kernel, and gradients of both; the linear kernel stays where the pictures are."""
    seen, real = [], F.interpolate

    class Apple(torch.Tensor):
        device = torch.device("mps")

        def cpu(self):
            return self.as_subclass(torch.Tensor)

        def to(self, *_):
            return self

    def interpolate(x, *size, **how):
        seen.append(type(x))
        return real(x.as_subclass(torch.Tensor), *size, **how).as_subclass(Apple)

    monkeypatch.setattr("helpers.data._pipeline.F.interpolate", interpolate)
    pictures = torch.rand(2, 3, 9, 9, generator=generator(0))
    for x in (pictures, pictures.clone().requires_grad_()):
        for kind in ("bilinear", "bicubic"):
            resized(x.as_subclass(Apple), 5, kind)
    assert seen == [Apple, torch.Tensor, torch.Tensor, torch.Tensor]


def test_levels_and_directions_lie_where_the_question_does():
    failed = torch.tensor([[False, True, False], [True, True, False]])
    with Accelerator():
        assert first_failure(failed.to(META), (1.0, 2.0)).device == META
        model = models.linear(D, 3, generator=generator(0)).to(META)
        x, y = there(dataset(3)).train.take(8).x, there(dataset(3)).train.take(8).y
        with pytest.raises(RuntimeError, match="item"):  # the number is asked for at the end, and not before
            curvature(model, x, y, rounds=2, generator=generator(1))
    assert first_failure(failed, (1.0, 2.0)).tolist() == [2.0, 1.0, float("inf")]


def test_workers_forked_beside_a_gpu_are_refused():
    class OnGpu(torch.Tensor):
        device = torch.device("cuda")

    data, context = dataset(3), multiprocessing.get_context
    far = replace(data, train=Split(data.train.x.as_subclass(OnGpu), data.train.y))
    with ProcessPoolExecutor(1, mp_context=context("fork")) as pool:
        with pytest.raises(CourseError, match="The data are on a GPU, which forked"), _hand.handed(far, pool):
            pass
        _hand._demand_usable(torch.device("cpu"), pool)
    for allowed in (ProcessPoolExecutor(1, mp_context=context("spawn")), ThreadPoolExecutor(1)):
        _hand._demand_usable(OnGpu.device, allowed)


class Recorded(_lanes.Lane):
    """A lane whose models were asked to come to the processor."""

    def on_cpu(self):
        return replace(
            _lanes.Lane(self.places, self.members, self.models), models=("moved",) * len(self.models)
        )


def test_what_is_sent_and_what_comes_back_lies_on_the_processor(monkeypatch):
    """Workers elsewhere get copies of the models there; those of this process share them."""
    group = lane(grid(MINI, lr=(0.1, 0.2)))
    whole = _plan.Plan((Recorded(group.places, group.members, group.models),), (), ())
    monkeypatch.setattr(_work, "_spread", lambda jobs, *_: iter([job.args[0].args[0].models for job in jobs]))
    for far, expected in ((True, ("moved", "moved")), (False, group.models)):
        monkeypatch.setattr(_work, "near", lambda _, far=far: not far)
        monkeypatch.setattr(_work, "handed", lambda *_: nullcontext())
        assert list(_work._one_by_one(whole, there(dataset(3)), "an executor")) == [expected]
    fetched = []

    class Away(torch.Tensor):
        def cpu(self):
            fetched.append(self)
            return self.as_subclass(torch.Tensor)

    trained = Trained(MINI, state={"w": torch.zeros(2).as_subclass(Away)})
    found = _work._on_one_thread(lambda _: {0: trained}, dataset(3))
    assert (len(fetched), type(found[0].state["w"])) == (1, torch.Tensor)


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
