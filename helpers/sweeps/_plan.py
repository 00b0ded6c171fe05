"""Which way each member is trained: in a lane beside others, or by itself in the plain loop, and why."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch

from helpers.data import Dataset
from helpers.sweeps._groups import steps_of
from helpers.sweeps._lanes import Lane, prepare, train_step
from helpers.sweeps._network import shape, why_not
from helpers.training._threads import threads_for_steps_of

# Bytes of weights of a lane on a processor. Ten members of 784-128-10 were measured to take 150 µs a step
# each; with fewer the calls count (two: 260 µs), with more the weights leave the cache (forty: up to 240 µs).
# On an accelerator the whole group is one lane, if it fits into this much memory with what a step computes.
CACHE, MEMORY = 4_200_000, 2**31
MOST = 64  # members of a lane on a processor


@dataclass(frozen=True)
class Plan:
    """Who is trained how."""

    lanes: tuple[Lane, ...]
    alone: tuple[Lane, ...]  # of one member each, which the plain loop trains
    how: tuple[str, ...]  # a sentence for each group

    @property
    def size(self) -> int:
        """How many members there are."""
        return sum(len(lane.places) for lane in self.lanes + self.alone)


def plan(everyone: Lane, data: Dataset, workers: int = 0, *, vectorise: bool = True) -> Plan:
    """The members by shape of network and by steps, cut into lanes: some for each of an executor's `workers`.

    `workers` is 0 without an executor. Nobody is stacked if not `vectorise`.
    """
    lanes, alone, how = [], [], []
    together: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for i, (member, model) in enumerate(zip(everyone.members, everyone.models, strict=True)):
        config = member.config
        together[shape(model), steps_of(config, len(data.train)), config.shuffle].append(i)
    for rows in together.values():
        # Members with the same order of the examples side by side.
        group = everyone.take(sorted(rows, key=lambda i: everyone.members[i].config.seed))
        reason = obstacle(group, data) if vectorise else "that was asked for"
        if reason:
            alone += [everyone.take([i]) for i in rows]
            how.append(f"{_name(group)}: one by one with fit, since {reason}")
        else:
            cut = _cut(group, data.train.x.device, workers)
            lanes += cut
            how.append(f"{_name(group)}: stacked, {_sizes(cut)}")
    return Plan(tuple(lanes), tuple(alone), tuple(how))


def obstacle(group: Lane, data: Dataset) -> str:
    """Why this group is not stacked; "" if it is."""
    reason = why_not(group.models[0])
    if reason:
        return reason
    try:
        with threads_for_steps_of(0, data.train.x.device):
            some = group.take(range(len(group.places))[:2])
            train_step(prepare(some, data), data.train.x[:2], data.train.y[:2], 0.0)
    except (RuntimeError, ValueError, IndexError) as error:
        return f"a stack of them fails: {str(error).splitlines()[0]}"
    return ""


def _cut(group: Lane, device: torch.device, workers: int) -> list[Lane]:
    """Lanes of about the same length; on a processor as many for each worker or thread."""
    size = sum(w.numel() * w.element_size() for w in group.models[0].parameters())
    count, on_cpu = len(group.places), device.type == "cpu"
    cache = CACHE if group.config.optimiser == "sgd" else CACHE // 2  # the others remember more
    room = min(MOST, cache // size) if on_cpu else MEMORY // (size + _computed(group))
    cuts = math.ceil(count / max(1, room))
    if on_cpu:
        # Threads wait for each other between calls: a lane is not made smaller for them than it must be.
        each = min(count, workers or min(cuts, torch.get_num_threads()))
        cuts = min(count, math.ceil(cuts / each) * each)
    edges = [count * k // cuts for k in range(cuts + 1)]
    return [group.take(range(a, b)) for a, b in pairwise(edges)]


def _computed(group: Lane) -> int:
    """Bytes of what a step of one member computes: for each output of a layer its value and its gradient."""
    matrices = [w for w in group.models[0].parameters() if w.ndim > 1]
    return 2 * group.config.batch_size * sum(len(w) * w.element_size() for w in matrices)


def _name(group: Lane) -> str:
    count, model = len(group.places), group.models[0]
    weights = sum(w.numel() for w in model.parameters())
    return f"{count} member{'s' * (count > 1)} of {type(model).__name__} with {weights:,} weights"


def _sizes(lanes: Sequence[Lane]) -> str:
    sizes = sorted({len(lane.places) for lane in lanes})
    many = f"{sizes[0]}" if len(sizes) == 1 else f"{sizes[0]} or {sizes[-1]}"
    return f"{len(lanes)} stack{'s' if len(lanes) > 1 else ''} of {many}"
