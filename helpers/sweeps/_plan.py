"""Which way each member is trained: in a lane beside others, or by itself in the plain loop, and why."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import nn

from helpers.data import Dataset
from helpers.sweeps._groups import steps_of
from helpers.sweeps._lanes import Lane, prepare, train_step
from helpers.sweeps._members import Member
from helpers.sweeps._translate import Shape, layers, shape
from helpers.training import TrainConfig

# Bytes of weights of a lane on a processor: a lane that stays in the cache of its core from one step to the
# next needs half the time. On an accelerator the whole group is one lane, if it fits into this much memory.
CACHE, MEMORY = 1_700_000, 2**31
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
    first = replace_members(group, 2)
    try:
        train_step(prepare(first), group.train.x[:2], group.train.y[:2], 0.0)
    except (RuntimeError, ValueError, IndexError) as error:
        return f"a stack of them fails: {str(error).splitlines()[0]}"
    return ""


def replace_members(group: Lane, count: int) -> Lane:
    """The first `count` members of the group only."""
    first = slice(0, count)
    return replace(
        group, places=group.places[first], members=group.members[first], models=group.models[first]
    )


def _slower(group: Lane) -> str:
    """Where the plain loop was measured to be faster than a stack."""
    kernels = any(isinstance(part, nn.Conv2d) for part in group.models[0].modules())
    if kernels and group.train.x.device.type == "cpu":
        return "on a processor convolutions of many members at once were measured to be slower"
    return ""


def _lane(
    places: Sequence[int], members: Sequence[Member], models: Sequence[nn.Module], data: Dataset
) -> Lane:
    mine = (tuple(column[i] for i in places) for column in (members, models))
    return Lane(tuple(places), *mine, data.train, data.valid)


def _cut(group: Lane, members: Sequence[Member], models: Sequence[nn.Module], data: Dataset) -> list[Lane]:
    """Lanes of about the same length; members with the same order of the examples side by side."""
    size = sum(w.numel() * w.element_size() for w in group.models[0].parameters())
    count, on_cpu = len(group.places), group.train.x.device.type == "cpu"
    room = min(MOST, CACHE // size) if on_cpu else MEMORY // size
    cuts = math.ceil(count / max(1, room))
    if on_cpu:  # as many for each thread
        threads = min(count, torch.get_num_threads())
        cuts = min(count, math.ceil(cuts / threads) * threads)
    edges = [count * k // cuts for k in range(cuts + 1)]
    return [_lane(group.places[a:b], members, models, data) for a, b in zip(edges, edges[1:], strict=False)]


def _members(count: int) -> str:
    return f"{count} member{'s' if count > 1 else ''}"


def _name(model: nn.Module) -> str:
    return f"{type(model).__name__} with {sum(w.numel() for w in model.parameters()):,} weights"


def _sizes(lanes: Sequence[Lane]) -> str:
    sizes = sorted({len(lane.places) for lane in lanes})
    many = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} or {sizes[-1]}"
    return f"{len(lanes)} stack{'s' if len(lanes) > 1 else ''} of {many}"
