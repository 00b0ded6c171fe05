"""The epochs of a group of members that train as one stack."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.data import Dataset, Split
from helpers.runtime import progress, synchronise
from helpers.sweeps._checks import State, Trained, finish, judge
from helpers.sweeps._groups import Group
from helpers.sweeps._measure import measure
from helpers.sweeps._members import Member
from helpers.sweeps._rotation import Rotation, back, features, into, rotation
from helpers.sweeps._stack import Buffers, Layout, Stack, buffers, layout, step
from helpers.training._random import example_order
from helpers.training._threads import threads_for_steps_of

Batch = tuple[Tensor, Tensor | None, int]  # features and targets as `step` wants them, number of examples


@dataclass
class Run:
    """A group in training."""

    group: Group
    x: Tensor  # (N + 1, d') training features, rotated; the last row is zero
    onehot: Tensor | None  # (N + 1, K) labels; None with one output
    stack: Stack
    turn: Rotation
    measured: tuple[Split, Split]  # the training examples on which `fit` takes its figures, and validation
    biased: bool
    results: dict[int, Trained]  # by place in the list of members
    step: int = 0
    seconds: float = 0.0  # of training, the checks not counted
    clock: float = 0.0
    work: Workspace | None = None  # made anew when members were dropped


@dataclass(frozen=True)
class Workspace:
    """What stays the same from step to step."""

    plan: Layout
    room: Buffers
    whole: Batch | None  # the only batch there is, if the batch is full


def train_group(
    group: Group, members: Sequence[Member], models: Sequence[nn.Linear], data: Dataset
) -> dict[int, Trained]:
    """Train the members of `group` from the weights of their `models`, which are left as they are.

    Returned by place in the list of members.
    """
    run, n = _prepare(group, members, models, data), len(data.train)
    steps, count = math.ceil(n / group.config.batch_size), sum(map(len, group.ids))
    with torch.no_grad(), threads_for_steps_of(_work(run), run.x.device):
        try:
            run.clock = time.perf_counter()
            for epoch in progress(range(group.config.epochs), f"training {count} models"):
                _train_epoch(run, epoch, steps)
                if not run.stack.ids.numel():
                    break
            why = f"all {group.config.epochs} epochs done"
        except KeyboardInterrupt:
            why = f"interrupted at epoch {run.step // steps + 1}, step {run.step}"
            print(why)
    if run.stack.ids.numel():
        finish(_training(run), why, run.step / steps, _states(run, *_weights(run)))
    return run.results


def _prepare(group: Group, members: Sequence[Member], models: Sequence[nn.Linear], data: Dataset) -> Run:
    train, bias = data.train, models[0].bias is not None
    turn = rotation(train.x)
    x, onehot = features(turn, train.x, bias=bias), None
    k = models[0].out_features
    if k == 1:
        x[:-1] *= (1 - 2 * train.y.to(x.dtype))[:, None]  # see `_stack._residuals`
    else:
        onehot = F.pad(F.one_hot(train.y, k).to(x.dtype), (0, 0, 0, 1))
    places = [place for row in group.ids for place in row]
    stack = _stack(group, [members[i] for i in places], [models[i] for i in places], turn, data)
    results = {i: Trained(members[i].config) for i in places}
    probe = train.take(min(len(train), len(data.valid)))
    return Run(group, x, onehot, stack, turn, (probe, data.valid), bias, results)


def _stack(
    group: Group, members: Sequence[Member], models: Sequence[nn.Linear], turn: Rotation, data: Dataset
) -> Stack:
    """The initial stack; `members` and `models` in the order of `group.ids`."""
    shape, like = (len(group.ids), len(group.ids[0])), data.train.x

    def column(values: list[float]) -> Tensor:
        return torch.tensor(values, dtype=torch.float64).to(like.dtype).to(like.device).view(*shape, 1, 1)

    with torch.no_grad():
        weight = torch.stack([model.weight for model in models])
        bias = None if models[0].bias is None else torch.stack([model.bias for model in models])
        weights, across = (part.view(*shape, *part.shape[1:]) for part in into(turn, weight, bias))
    configs = [member.config for member in members]
    decay = column([c.weight_decay + member.decay for c, member in zip(configs, members, strict=True)])
    decay = decay.repeat(1, 1, 1, weights.shape[-1])
    decay[..., -1:] = column([c.weight_decay for c in configs])
    momentum = column([c.momentum for c in configs])
    velocity = torch.zeros_like(weights) if any(c.momentum for c in configs) else weights[..., :0]
    return Stack(
        torch.tensor(group.ids), weights, across, velocity, column([c.lr for c in configs]), decay, momentum
    )


def _work(run: Run) -> int:
    """Multiplications of a step's forward pass."""
    return run.stack.weights.numel() * run.group.config.batch_size


def _train_epoch(run: Run, epoch: int, steps: int) -> None:
    end = (epoch + 1) * steps
    while run.step < end and run.stack.ids.numel():
        if run.work is None:
            run.work = _workspace(run)
        for x, target, count in _batches(run, epoch, run.step - epoch * steps):
            step(run.stack, x, target, count, run.work.room)
            run.step += 1
            if run.group.config.check_due(run.step, steps) and _check(run, run.step / steps):
                run.work = None  # members were dropped: go on with fewer lanes
                break


def _check(run: Run, epoch: float) -> bool:
    """Measure, record and judge all members of the stack; True if some were dropped."""
    synchronise(run.x.device)
    run.seconds += time.perf_counter() - run.clock
    weight, bias = _weights(run)
    taken = [figure for split in run.measured for figure in measure(weight, bias, split)]
    rows = torch.stack((*taken, weight.norm(dim=(1, 2))), 1).tolist()
    on = judge(_training(run), rows, (run.step, epoch, run.seconds), _states(run, weight, bias))
    dropped = run.stack.keep(torch.tensor(on).view_as(run.stack.ids))
    run.clock = time.perf_counter()
    return dropped


def _training(run: Run) -> list[Trained]:
    return [run.results[place] for place in run.stack.ids.flatten().tolist()]


def _weights(run: Run) -> tuple[Tensor, Tensor]:
    """The weights (S·m, K, d) and biases (S·m, K) of the stack; without a bias, the latter are 0."""
    weight, bias = back(run.turn, run.stack.weights, run.stack.across)
    return weight.flatten(0, 1), bias.flatten(0, 1)


def _states(run: Run, weight: Tensor, bias: Tensor) -> State:
    parts = {"weight": weight} | ({"bias": bias} if run.biased else {})
    return lambda i: {name: part[i].clone() for name, part in parts.items()}


def _workspace(run: Run) -> Workspace:
    orders, m, k, _ = run.stack.weights.shape
    n, size = len(run.x) - 1, run.group.config.batch_size
    plan = layout(size, orders, m * k, run.x.device)
    whole = None
    if size >= n:
        index = _in_lanes(torch.arange(n).expand(orders, n), n, plan)[0]
        whole = (*_gather(run, index.to(run.x.device)), n)
    return Workspace(plan, buffers(run.stack, plan), whole)


def _batches(run: Run, epoch: int, start: int) -> Iterator[Batch]:
    """The steps of this epoch from step `start` on."""
    work, config, n = run.work, run.group.config, len(run.x) - 1
    if work.whole is not None:
        yield work.whole
        return
    firsts = (run.results[place].config for place in run.stack.ids[:, 0].tolist())
    order = torch.stack([example_order(n, first, epoch) for first in firsts])  # (S, N)
    index = _in_lanes(order, n, work.plan).to(run.x.device)
    for s in range(start, len(index)):
        count = min(config.batch_size, n - s * config.batch_size)
        yield (*_gather(run, index[s]), count)


def _in_lanes(order: Tensor, n: int, plan: Layout) -> Tensor:
    """Which example is where: (steps, blocks, L, rows) from the orders (S, N); the filler is example N."""
    steps = math.ceil(n / plan.batch)
    order = F.pad(order, (0, steps * plan.batch - n), value=n).view(plan.orders, steps, plan.batch)
    order = F.pad(order, (0, plan.room - plan.batch), value=n)
    order = order.view(plan.orders, steps, plan.blocks, plan.parts, plan.rows).permute(1, 2, 0, 3, 4)
    return order.reshape(steps, plan.blocks, plan.orders * plan.parts, plan.rows)


def _gather(run: Run, index: Tensor) -> tuple[Tensor, Tensor | None]:
    """Features (blocks, L, rows, d') and targets (blocks, L, 1, K, rows) of the examples `index`."""
    flat = index.flatten()
    x = run.x.index_select(0, flat).view(*index.shape, -1)
    if run.onehot is None:
        return x, None
    return x, run.onehot.index_select(0, flat).view(*index.shape, -1).mT.unsqueeze(2).contiguous()
