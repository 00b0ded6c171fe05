"""Fully connected networks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import nn

# The variance of a weight, of n_in and n_out.
INITS: dict[str, Callable[[int, int], float]] = {
    "pytorch": lambda n_in, n_out: 1 / (3 * n_in),  # of U(−1/√n_in, 1/√n_in)
    "normal": lambda n_in, n_out: 1.0,
    "xavier": lambda n_in, n_out: 2 / (n_in + n_out),
    "he": lambda n_in, n_out: 2 / n_in,
}


class SteepSigmoid(nn.Module):
    """σ(c u): a logistic function whose slope reaches c/4, eight times the usual slope by default."""

    def __init__(self, c: float = 8.0) -> None:
        super().__init__()
        self.c = c

    def forward(self, u: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.c * u)


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
    sizes: Sequence[int],
    *,
    generator: torch.Generator,
    act: Callable[[], nn.Module] = nn.ReLU,
    init: str = "pytorch",
) -> nn.Sequential:
    """A fully connected network: (N, sizes[0]) → (N, sizes[-1]), `act` between its layers, none at the end.

    `mlp((784, 200, 10), generator=generator(0), act=nn.Sigmoid)`. Initialised layer by layer, weights first,
    then biases; equal weights would never part, hence the generator is not optional. With `init`

    "pytorch"  weights and biases from U(−1/√n_in, 1/√n_in), like `linear`
    "normal"   weights and biases from N(0, 1), as in Nielsen, Neural Networks and Deep Learning, chapter 1
    "xavier"   weights of variance 2/(n_in + n_out), normal, biases 0 (Glorot and Bengio, 2010)
    "he"       weights of variance 2/n_in, normal, biases 0 (He et al., 2015)
    """
    if len(sizes) < 2:
        raise ValueError(f"A network needs at least an input and an output size, got {tuple(sizes)}.")
    if init not in INITS:
        raise ValueError(f"Unknown init {init!r}: use one of {', '.join(INITS)}.")
    layers: list[nn.Module] = []
    for n_in, n_out in pairwise(sizes):
        layer = linear(n_in, n_out, generator=generator if init == "pytorch" else None)
        if init != "pytorch":
            _normal(layer, INITS[init](n_in, n_out), 1.0 if init == "normal" else 0.0, generator)
        layers += [layer, act()]
    return nn.Sequential(*layers[:-1])


def _normal(layer: nn.Linear, variance: float, bias_deviation: float, generator: torch.Generator) -> None:
    with torch.no_grad():
        layer.weight.normal_(0, variance**0.5, generator=generator)
        layer.bias.normal_(0, bias_deviation, generator=generator) if bias_deviation else layer.bias.zero_()
