"""Fully connected networks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import nn


def linear(
    n_in: int, n_out: int, *, bias: bool = True, generator: torch.Generator | None = None
) -> nn.Linear:
    """z = W x + b: (N, n_in) → (N, n_out), logistic (one output) or softmax regression.

    All weights are zero without a generator: the loss is convex, so the start does not matter much. With one
    they are drawn from U(−1/√n_in, 1/√n_in), PyTorch's rule, weights first, then biases.
    """
    if n_in < 1 or n_out < 1:
        raise ValueError(f"A linear layer needs at least one input and one output, got {n_in} and {n_out}.")
    with torch.random.fork_rng(devices=[]):  # the layer's own start would use up the global generator
        layer = nn.Linear(n_in, n_out, bias=bias)
    bound = n_in**-0.5
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.zero_() if generator is None else parameter.uniform_(-bound, bound, generator=generator)
    return layer


def mlp(
    sizes: Sequence[int], *, generator: torch.Generator, act: Callable[[], nn.Module] = nn.ReLU
) -> nn.Sequential:
    """A fully connected network: (N, sizes[0]) → (N, sizes[-1]), `act` between its layers, none at the end.

    `mlp((784, 200, 10), generator=generator(0), act=nn.Sigmoid)`. Initialised layer by layer like `linear`;
    equal weights would never part, hence the generator is not optional.
    """
    if len(sizes) < 2:
        raise ValueError(f"A network needs at least an input and an output size, got {tuple(sizes)}.")
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        layers += [linear(n_in, n_out, generator=generator), act()]
    return nn.Sequential(*layers[:-1])
