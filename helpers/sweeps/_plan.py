"""Which way each member is trained: in a lane beside others, or by itself in the plain loop, and why."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import nn

from helpers.data import Dataset
from helpers.sweeps._groups import steps_of
from helpers.sweeps._lanes import Lane, prepare, train_step
from helpers.sweeps._members import Member
from helpers.sweeps._network import Shape, shape, why_not
from helpers.training import TrainConfig
from helpers.training._threads import threads_for_steps_of

# Bytes of weights of a lane on a processor. Ten members of 784-128-10 were measured to take 150 µs a step
# each; with fewer the calls count (two: 260 µs), with more the weights leave the cache (forty: up to 240 µs).
# On an accelerator the whole group is one lane, if it fits into this much memory with what a step computes.
CACHE, MEMORY = 4_200_000, 2**31
MOST = 64  # members of a lane on a processor


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


def plan(
    places: Sequence[int],
    members: Sequence[Member],
    models: Sequence[nn.Module],
    data: Dataset,
    workers: int = 1,
) -> Plan:
    """The members at `places`, by shape of network and by steps, cut into lanes: some for each worker."""
    n, lanes, alone, how = len(data.train), [], [], []
    together: dict[tuple[Shape, TrainConfig, bool], list[int]] = defaultdict(list)
    for place in places:
        config = members[place].config
        together[shape(models[place]), steps_of(config, n), config.shuffle].append(place)
    for group in together.values():
        # Members with the same order of the examples side by side.
        found = _lane(sorted(group, key=lambda i: members[i].config.seed), members, models)
        name = f"{_members(len(group))} of {_name(found.models[0])}"
        reason = obstacle(found, data)
        if reason:
            alone += [Alone(i, members[i], models[i]) for i in group]
            how.append(f"{name}: one by one with fit, since {reason}")
        else:
            cut = _cut(found, data.train.x.device, workers)
            lanes += cut
            how.append(f"{name}: stacked, {_sizes(cut)}")
    return Plan(tuple(lanes), tuple(alone), tuple(how))


def obstacle(group: Lane, data: Dataset) -> str:
    """Why this group is not stacked; "" if it is."""
    reason = why_not(group.models[0])
    if reason:
        return reason
    try:
        with threads_for_steps_of(0, data.train.x.device):
            train_step(prepare(_part(group, 0, 2), data), data.train.x[:2], data.train.y[:2], 0.0)
    except (RuntimeError, ValueError, IndexError) as error:
        return f"a stack of them fails: {str(error).splitlines()[0]}"
    return ""


def _part(group: Lane, first: int, end: int) -> Lane:
    """The members from `first` to before `end` only."""
    return Lane(group.places[first:end], group.members[first:end], group.models[first:end])


def _lane(places: Sequence[int], members: Sequence[Member], models: Sequence[nn.Module]) -> Lane:
    return Lane(tuple(places), *(tuple(column[i] for i in places) for column in (members, models)))


def _cut(group: Lane, device: torch.device, workers: int) -> list[Lane]:
    """Lanes of about the same length."""
    size = sum(w.numel() * w.element_size() for w in group.models[0].parameters())
    count, on_cpu = len(group.places), device.type == "cpu"
    cache = CACHE if group.config.optimiser == "sgd" else CACHE // 2  # the others remember more
    room = min(MOST, cache // size) if on_cpu else MEMORY // (size + _computed(group))
    cuts = math.ceil(count / max(1, room))
    if on_cpu:  # as many for each worker
        workers = min(count, workers)
        cuts = min(count, math.ceil(cuts / workers) * workers)
    edges = [count * k // cuts for k in range(cuts + 1)]
    return [_part(group, a, b) for a, b in pairwise(edges)]


def _computed(group: Lane) -> int:
    """Bytes of what a step of one member computes: for each output of a layer its value and its gradient."""
    matrices = [w for w in group.models[0].parameters() if w.ndim > 1]
    return 2 * group.config.batch_size * sum(len(w) * w.element_size() for w in matrices)


def _members(count: int) -> str:
    return f"{count} member{'s' if count > 1 else ''}"


def _name(model: nn.Module) -> str:
    return f"{type(model).__name__} with {sum(w.numel() for w in model.parameters()):,} weights"


def _sizes(lanes: Sequence[Lane]) -> str:
    sizes = sorted({len(lane.places) for lane in lanes})
    many = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} or {sizes[-1]}"
    return f"{len(lanes)} stack{'s' if len(lanes) > 1 else ''} of {many}"
