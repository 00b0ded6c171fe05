"""Which way each member is trained: in a lane beside others, or by itself in the plain loop, and why."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import torch
from torch import Tensor, nn

from helpers.data import Dataset
from helpers.sweeps._groups import steps_of
from helpers.sweeps._lanes import Lane, prepare, train_step
from helpers.sweeps._members import Member
from helpers.sweeps._translate import Shape, layers, shape
from helpers.training import TrainConfig
from helpers.training._threads import threads_for_steps_of

# Bytes of weights of a lane on a processor. Ten members of 784-128-10 were measured to take 150 µs a step
# each; with fewer the calls count (two: 260 µs), with more the weights leave the cache (forty: up to 240 µs).
# On an accelerator the whole group is one lane, if it fits into this much memory.
CACHE, MEMORY = 4_200_000, 2**31
MOST, MOST_MAPS = 64, 8  # members of a lane on a processor; with convolutions, whose activations are large
# Multiplications of all convolutions for one image above which a processor gains nothing from stacking.
# Against the loop, in batches of 20: 1.6 times as fast at 0.24 million (6 and 16 kernels), 0.8 to 1.0 times
# at 1.6 million (20 and 40 kernels).
HEAVY = 600_000


@dataclass(frozen=True)
class Alone:
    """A member that the plain loop trains."""

    place: int
    member: Member
    model: nn.Module


@dataclass(frozen=True)
class Plan:
    """Who is trained how."""

    lanes: tuple[Lane, ...]
    alone: tuple[Alone, ...]
    how: tuple[str, ...]  # a sentence for each group

    @property
    def size(self) -> int:
        """How many members there are."""
        return len(self.alone) + sum(len(lane.places) for lane in self.lanes)


def plan(members: Sequence[Member], models: Sequence[nn.Module], data: Dataset) -> Plan:
    """Groups of members that have the shape of their networks and their steps in common, cut into lanes."""
    n, lanes, alone, how = len(data.train), [], [], []
    together: dict[tuple[Shape, TrainConfig, bool], list[int]] = defaultdict(list)
    for place, (member, model) in enumerate(zip(members, models, strict=True)):
        together[shape(model), steps_of(member.config, n), member.config.shuffle].append(place)
    for places in together.values():
        group = _lane(sorted(places, key=lambda i: members[i].config.seed), members, models, data)
        name = f"{_members(len(places))} of {_name(group.models[0])}"
        reason = obstacle(group)
        if reason:
            alone += [Alone(i, members[i], models[i]) for i in places]
            how.append(f"{name}: one by one with fit, since {reason}")
        else:
            cut = _cut(group, members, models, data)
            lanes += cut
            how.append(f"{name}: stacked, {_sizes(cut)}")
    return Plan(tuple(lanes), tuple(alone), tuple(how))


def obstacle(group: Lane) -> str:
    """Why this group is not stacked; "" if it is."""
    model = group.models[0]
    found = layers(model)
    if isinstance(found, str):
        return found
    slow = _slower(group)
    if slow:
        return slow
    first = _first(group, 2)
    try:
        with threads_for_steps_of(0, group.train.x.device):
            train_step(prepare(first), group.train.x[:2], group.train.y[:2], 0.0)
    except (RuntimeError, ValueError, IndexError) as error:
        return f"a stack of them fails: {str(error).splitlines()[0]}"
    return ""


def _first(group: Lane, count: int) -> Lane:
    """The first `count` members of the group only."""
    some = slice(0, count)
    return replace(group, places=group.places[some], members=group.members[some], models=group.models[some])


def _slower(group: Lane) -> str:
    """Where the plain loop was measured to be as fast as a stack, or faster."""
    if group.train.x.device.type != "cpu":
        return ""
    work = _convolving(group.models[0], group.train.x[:1])
    if work <= HEAVY:
        return ""
    return (
        f"on a processor a stack was measured to be no faster from {HEAVY:,} multiplications an image in "
        f"convolutions, and these have {work:,}"
    )


@torch.no_grad()
def _convolving(model: nn.Module, x: Tensor) -> int:
    """Multiplications in the convolutions of `model` for the one example x (1, …)."""
    work = []

    def count(conv: nn.Module, _inputs: object, output: Tensor) -> None:
        work.append(output.numel() * conv.weight[0].numel())

    handles = [part.register_forward_hook(count) for part in model.modules() if isinstance(part, nn.Conv2d)]
    try:
        if handles:
            model.eval()(x)
    finally:
        for handle in handles:
            handle.remove()
    return sum(work)


def _lane(
    places: Sequence[int], members: Sequence[Member], models: Sequence[nn.Module], data: Dataset
) -> Lane:
    mine = (tuple(column[i] for i in places) for column in (members, models))
    return Lane(tuple(places), *mine, data.train, data.valid)


def _cut(group: Lane, members: Sequence[Member], models: Sequence[nn.Module], data: Dataset) -> list[Lane]:
    """Lanes of about the same length; members with the same order of the examples side by side."""
    size = sum(w.numel() * w.element_size() for w in group.models[0].parameters())
    count, on_cpu = len(group.places), group.train.x.device.type == "cpu"
    maps = any(isinstance(part, nn.Conv2d) for part in group.models[0].modules())
    cache = CACHE if group.config.optimiser == "sgd" else CACHE // 2  # the others remember more
    room = min(MOST_MAPS if maps else MOST, cache // size) if on_cpu else MEMORY // size
    cuts = math.ceil(count / max(1, room))
    if on_cpu:  # as many for each thread
        threads = min(count, torch.get_num_threads())
        cuts = min(count, math.ceil(cuts / threads) * threads)
    edges = [count * k // cuts for k in range(cuts + 1)]
    return [_lane(group.places[a:b], members, models, data) for a, b in pairwise(edges)]


def _members(count: int) -> str:
    return f"{count} member{'s' if count > 1 else ''}"


def _name(model: nn.Module) -> str:
    return f"{type(model).__name__} with {sum(w.numel() for w in model.parameters()):,} weights"


def _sizes(lanes: Sequence[Lane]) -> str:
    sizes = sorted({len(lane.places) for lane in lanes})
    many = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} or {sizes[-1]}"
    return f"{len(lanes)} stack{'s' if len(lanes) > 1 else ''} of {many}"
