"""Which members can run together: those that take the same steps, equally many to each order of examples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpers.sweeps._members import Member
from helpers.training import TrainConfig


@dataclass(frozen=True)
class Group:
    """S orders of the examples with m members each; `ids` are places in the list of members."""

    config: TrainConfig  # its batch size, epochs and checks are everybody's; batch_size ≤ N
    seeds: tuple[int, ...]  # (S,) of the order of the examples
    ids: tuple[tuple[int, ...], ...]  # (S, m)


def groups(members: Sequence[Member], n: int) -> list[Group]:
    """Cut `members` into groups for `n` training examples.

    Members whose seeds give different orders run in the same group, each order in lanes of its own, if each
    order has equally many members. The order of a full batch is of no consequence: there all share one.
    """
    by_order: dict[tuple[TrainConfig, int], list[int]] = defaultdict(list)
    for place, member in enumerate(members):
        by_order[steps_of(member.config, n), _order(member.config, n)].append(place)
    by_shape: dict[tuple[TrainConfig, int], list[tuple[int, tuple[int, ...]]]] = defaultdict(list)
    for (config, seed), places in by_order.items():
        by_shape[config, len(places)].append((seed, tuple(places)))
    return [
        Group(config, tuple(seed for seed, _ in orders), tuple(places for _, places in orders))
        for (config, _), orders in by_shape.items()
    ]


def _order(config: TrainConfig, n: int) -> int:
    return config.seed if config.shuffle and config.batch_size < n else 0


def steps_of(config: TrainConfig, n: int) -> TrainConfig:
    """`config` without what may differ within a group: two members fit together if these are equal."""
    own = {"lr": 1.0, "momentum": 0.0, "weight_decay": 0.0, "patience": None, "min_delta": 0.0, "seed": 0}
    size = min(config.batch_size, n)
    return replace(config, batch_size=size, shuffle=config.shuffle and size < n, **own)
