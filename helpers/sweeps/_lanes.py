"""The epochs of a lane: members of one shape that train as one stack of networks."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from helpers.data import Dataset, Split
from helpers.runtime import synchronise
from helpers.sweeps._checks import Trained, finish, judge
from helpers.sweeps._measure import CHUNK, tally
from helpers.sweeps._members import Member
from helpers.sweeps._network import Network
from helpers.sweeps._updates import Updates, updates
from helpers.training import TrainConfig
from helpers.training._random import example_order
from helpers.training._schedules import rate
from helpers.training._threads import threads_for_steps_of

MEASURED = 64 * CHUNK  # examples times members that are evaluated at once: bounds the memory


@dataclass(frozen=True)
class Lane:
    """Who is trained as one stack. It is sent to other processes; the data are there already."""

    places: tuple[int, ...]  # in the list of all members
    members: tuple[Member, ...]
    models: tuple[nn.Module, ...]  # with the initial weights; left as they are

    def take(self, rows: Sequence[int]) -> Lane:
        """Some of them, in this order."""
        return Lane(*(tuple(column[i] for i in rows) for column in (self.places, self.members, self.models)))

    def on_cpu(self) -> Lane:
        """What lies on an accelerator cannot be sent to another process."""
        return replace(self, models=tuple(copy.deepcopy(model).cpu() for model in self.models))

    @property
    def config(self) -> TrainConfig:
        """Batch size, epochs, checks and optimiser are everybody's."""
        return self.members[0].config

    @property
    def work(self) -> int:
        """Multiplications of a step's forward pass of one member."""
        return self.config.batch_size * sum(w.numel() for w in self.models[0].parameters())


@dataclass
class Run:
    """A lane in training."""

    lane: Lane
    data: Dataset
    net: Network
    updates: Updates
    alive: list[int]  # places in the lane of the members that still train
    results: list[Trained]
    losses: Tensor  # (M,) sum of the losses of the steps since the last check
    step: int = 0
    seconds: float = 0.0  # of training, the checks not counted
    clock: float = 0.0


def train_lane(lane: Lane, data: Dataset, stopped: Callable[[], bool] = bool) -> dict[int, Trained]:
    """Train a lane, until it is done, or Ctrl-C, or `stopped()`; returned by place in the list of members."""
    x, config = data.train.x, lane.config
    steps = math.ceil(len(x) / config.batch_size)
    with threads_for_steps_of(lane.work, x.device):
        run = prepare(lane, data)
        try:
            whole = all(
                _train_epoch(run, epoch, steps, stopped) for epoch in range(config.epochs) if run.alive
            )
        except KeyboardInterrupt:
            whole = False
        place = f"epoch {run.step // steps + 1}, step {run.step}"
        why = f"all {config.epochs} epochs done" if whole else f"interrupted at {place}"
        finish(_training(run), why, run.step / steps, run.net.state)
    return dict(zip(lane.places, run.results, strict=True))


def prepare(lane: Lane, data: Dataset) -> Run:
    net = Network.of(lane.models, data.train.x.device)
    results = [Trained(member.config) for member in lane.members]
    return Run(lane, data, net, updates(lane.members, net), list(range(net.members)), results, net.zeros())


def _train_epoch(run: Run, epoch: int, steps: int, stopped: Callable[[], bool]) -> bool:
    """One epoch with its checks; False if it was cut short."""
    config, run.clock = run.lane.config, time.perf_counter()
    for x, y in _batches(run, epoch, steps):
        if stopped():
            return False
        factor = rate(1.0, config.schedule, run.step + 1, steps * config.epochs)
        run.losses += train_step(run, x, y, factor)
        run.step += 1
        if config.check_due(run.step, steps):
            _check(run, run.step / steps)
            if not run.alive:
                break
    run.seconds += time.perf_counter() - run.clock
    return True


def _batches(run: Run, epoch: int, steps: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Examples and labels of each step: (B, …) and (B,) if all members see the same, else with an axis M."""
    data, size = run.data.train, run.lane.config.batch_size
    if steps == 1:  # the order within a batch is of no consequence
        yield data.x, data.y
        return
    alive, order = [], None
    for start in range(0, len(data), size):
        if alive != run.alive:  # at the start, and when members were dropped
            alive, order = list(run.alive), _order(run, epoch)
        index = order[..., start : start + size]
        shape, index = index.shape, index.flatten()
        yield data.x.index_select(0, index).unflatten(0, shape), data.y.index_select(0, index).view(shape)


def _order(run: Run, epoch: int) -> Tensor:
    """Of the examples: (N,) if it is the same for all members, else (M, N)."""
    x, configs = run.data.train.x, [run.lane.members[i].config for i in run.alive]
    seeds = [config.seed if config.shuffle else 0 for config in configs]
    each = dict(zip(seeds, configs, strict=True))
    orders = {seed: example_order(len(x), config, epoch).to(x.device) for seed, config in each.items()}
    return orders[seeds[0]] if len(orders) == 1 else torch.stack([orders[seed] for seed in seeds])


def train_step(run: Run, x: Tensor, y: Tensor, factor: float) -> Tensor:
    """One update of all members with their rates times `factor`; their losses (M,) before it."""
    z = run.net.logits(x, shared=y.ndim == 1)
    m, b, k = z.shape
    y = y.expand(m, b).flatten()
    if k == 1:
        each = F.binary_cross_entropy_with_logits(z.flatten(), y.to(z.dtype), reduction="none")
    else:
        each = F.cross_entropy(z.flatten(0, 1), y, reduction="none")
    losses = each.view(m, b).mean(1)
    losses.sum().backward()  # a member's weights are in its own loss only
    run.updates.apply(run.net, factor)
    return losses.detach()


def _training(run: Run) -> list[Trained]:
    return [run.results[place] for place in run.alive]


def _check(run: Run, epoch: float) -> None:
    """Measure, record and judge all members; drop those that are done."""
    data, net = run.data, run.net
    synchronise(data.train.x.device)
    run.seconds += time.perf_counter() - run.clock
    probe = data.train.take(min(len(data.train), len(data.valid)))
    figures = (*measure(net, probe), *measure(net, data.valid), _norms(net))
    rows = torch.stack((figures[0] + 0 * run.losses, *figures[1:]), 1).tolist()  # nan after a step that was
    on = judge(_training(run), rows, (run.step, epoch, run.seconds), net.state)
    going = [i for i, goes_on in enumerate(on) if goes_on]
    if len(going) < len(run.alive):
        rows = torch.tensor(going, dtype=torch.long)
        run.alive = [run.alive[i] for i in going]
        net.keep(rows)
        run.updates.keep(rows)
    run.losses = net.zeros()
    run.clock = time.perf_counter()


@torch.no_grad()
def measure(net: Network, split: Split) -> tuple[Tensor, Tensor]:
    """Mean loss in nats and accuracy of each member, both (M,)."""
    loss = hits = net.zeros()
    for x, y in split.batches(max(1, min(CHUNK, MEASURED // net.members))):
        more, right = tally(net.logits(x, shared=True).mT, y)
        loss, hits = loss + more, hits + right
    return loss / len(split), hits / len(split)


@torch.no_grad()
def _norms(net: Network) -> Tensor:
    """‖w‖ of each member over all matrices, (M,)."""
    squares = [net.tensors[name].flatten(1).square().sum(1) for name in net.matrices()]
    return torch.stack(squares).sum(0).sqrt() if squares else net.zeros()
