"""The weights of many networks of one shape, and what a pass through them needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from helpers.sweeps._signal import Signal
from helpers.training._random import DROPOUT, _stream


@dataclass
class Dice:
    """Where dropout's masks come from.

    On a processor each seed has a generator of its own, which draws what `fit` would draw for a member of
    that seed: no member depends on its neighbours. On an accelerator one generator draws the masks of the
    whole stack in one go: those of all members are independent, and the same again in a run of the same
    members.
    """

    seeds: list[int]  # of the members
    device: torch.device
    generators: dict[int, torch.Generator] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for seed in self.seeds if self.device.type == "cpu" else self.seeds[:1]:
            self.generators.setdefault(seed, torch.Generator(self.device).manual_seed(_stream(seed, DROPOUT)))

    def masks(self, size: Sequence[int], keep: float, like: Tensor) -> Tensor:
        """(M, *size): 1 with the probability `keep`, else 0."""
        if self.device.type != "cpu":
            (generator,) = self.generators.values()
            return like.new_empty((len(self.seeds), *size)).bernoulli_(keep, generator=generator)
        distinct = list(dict.fromkeys(self.seeds))
        drawn = torch.stack(
            [
                like.new_empty(tuple(size)).bernoulli_(keep, generator=self.generators[seed])
                for seed in distinct
            ]
        )
        return drawn[[distinct.index(seed) for seed in self.seeds]]


@dataclass
class Network:
    """M networks of one shape. The first axis of each tensor is M."""

    layers: list[Callable[[Network, Signal], Signal]]
    tensors: dict[str, Tensor]  # weights and buffers by name
    weights: list[str]  # the names of those that are trained
    dice: Dice
    training: bool = True
    factors: dict[str, tuple[Tensor, Tensor]] = field(default_factory=dict)  # gradients δᵀx as (δ, x)

    @classmethod
    def of(cls, layers: list, models: Sequence[nn.Module], seeds: Sequence[int]) -> Network:
        """The networks `models`, which are left as they are."""
        states = [model.state_dict() for model in models]
        tensors = {name: torch.stack([state[name] for state in states]) for name in states[0]}
        weights = [name for name, _ in models[0].named_parameters()]
        net = cls(layers, tensors, weights, Dice(list(seeds), next(iter(tensors.values())).device))
        net.demand_gradients()
        return net

    @property
    def random(self) -> bool:
        return any(getattr(layer, "random", False) for layer in self.layers)

    def zeros(self) -> Tensor:
        """(M,)"""
        return self.tensors[self.weights[0]].new_zeros(len(self.dice.seeds))

    def matrices(self) -> list[str]:
        """The names of what `training.l2` penalises: all weights but those with a single axis."""
        return [name for name in self.weights if self.tensors[name].ndim > 2]

    def demand_gradients(self) -> None:
        for name in self.weights:
            self.tensors[name].requires_grad_()

    def logits(self, x: Tensor, *, shared: bool) -> Tensor:
        """(M, B, K) of the examples x, (B, …) if all members see the same, else (M, B, …)."""
        signal = Signal(x, "shared" if shared else "rows", len(self.dice.seeds))
        for layer in self.layers:
            signal = layer(self, signal)
        return signal.rows()

    def state(self, i: int) -> dict[str, Tensor]:
        """A copy of network i, as its `state_dict`."""
        return {name: value[i].detach().clone() for name, value in self.tensors.items()}

    def keep(self, rows: Tensor) -> None:
        """Go on with the networks `rows` only."""
        self.tensors = {
            name: t.detach().index_select(0, rows.to(t.device)) for name, t in self.tensors.items()
        }
        self.dice.seeds = [self.dice.seeds[i] for i in rows.tolist()]
        self.demand_gradients()
