"""Convolutional networks for images of 28 × 28 pixels, and the table of their shapes and weights."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn

SIDE = 28  # pixels of an image in each direction
KERNEL = 5
DIGITS = 10  # outputs
COMPACT = ((5, 0), (5, 2), (3, 1))  # kernel and padding of each convolution


def cnn(
    channels: Sequence[int] = (6, 16),
    hidden: Sequence[int] = (120, 84),
    *,
    generator: torch.Generator,
    dropout: float = 0.4,
    batch_norm: bool = False,
) -> nn.Sequential:
    """Convolutions with max-pooling after each, then linear layers: (N, 1, 28, 28) → (N, 10) logits.

    By default the network of HW4 3.1 with the sizes of LeNet-5: two convolutions of 5 × 5 without padding,
    three linear layers, dropout between the first and the second of them. `batch_norm` normalises every layer
    but the last, before its activation. Layers have names: conv1, norm1, act1, pool1, …, flatten, linear1, …

    Initialised layer by layer like `linear`: U(−1/√n, 1/√n) with n inputs to a unit. Raises ValueError if the
    image is too small for so many convolutions, or `hidden` is empty.
    """
    if not hidden:
        raise ValueError("The network needs a hidden linear layer: give at least one size in hidden.")
    parts: OrderedDict[str, nn.Module] = OrderedDict()
    side = SIDE
    for k, (n_in, n_next) in enumerate(zip((1, *channels), channels, strict=False), start=1):
        side = _demand_room((side - KERNEL + 1) // 2, channels)
        parts[f"conv{k}"] = nn.utils.skip_init(nn.Conv2d, n_in, n_next, KERNEL)
        if batch_norm:
            parts[f"norm{k}"] = nn.BatchNorm2d(n_next)
        parts |= {f"act{k}": nn.ReLU(), f"pool{k}": nn.MaxPool2d(2)}
    parts["flatten"] = nn.Flatten()
    parts |= _dense((channels[-1] * side**2, *hidden, DIGITS), dropout, batch_norm, len(channels))
    return _start(nn.Sequential(parts), generator)


def compact_cnn(channels: Sequence[int] = (16, 32, 64), *, generator: torch.Generator) -> nn.Sequential:
    """The network of the book's fast recipe: (N, 1, 28, 28) → (N, 10) logits, one linear layer.

    Three blocks of convolution (5 × 5, then 5 × 5 and 3 × 3 with padding), pooling, batch normalisation and
    ReLU. Pooling comes first because it leaves a quarter of the values to normalise. Convolutions have no
    bias, since normalisation subtracts it. Initialised like `cnn`.
    """
    if len(channels) != 3:
        raise ValueError(
            f"The compact network has three convolutions, got {len(channels)} numbers of channels."
        )
    parts: OrderedDict[str, nn.Module] = OrderedDict()
    for k, (n_in, n_next) in enumerate(zip((1, *channels), channels, strict=False), start=1):
        kernel, padding = COMPACT[k - 1]
        conv = nn.utils.skip_init(nn.Conv2d, n_in, n_next, kernel, padding=padding, bias=False)
        parts |= {f"conv{k}": conv, f"pool{k}": nn.MaxPool2d(2)}
        parts |= {f"norm{k}": nn.BatchNorm2d(n_next), f"act{k}": nn.ReLU()}
    parts["flatten"] = nn.Flatten()
    parts["linear1"] = nn.utils.skip_init(nn.Linear, channels[-1] * 9, DIGITS)
    return _start(nn.Sequential(parts), generator)


@dataclass(frozen=True)
class Layer:
    """A line of `layer_table`: the output's shape for one example, and how many numbers are learned."""

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int


def layer_table(model: nn.Sequential) -> list[Layer]:
    """What each layer of `model` makes of one image; the model's mode and device are kept."""
    x = torch.zeros(1, 1, SIDE, SIDE, device=next(model.parameters()).device)
    was_training, found = model.training, []
    model.eval()
    with torch.no_grad():
        for name, layer in model.named_children():
            x = layer(x)
            count = sum(w.numel() for w in layer.parameters())
            found.append(Layer(name, type(layer).__name__, tuple(x.shape[1:]), count))
    model.train(was_training)
    return found


def _dense(
    sizes: Sequence[int], dropout: float, batch_norm: bool, before: int
) -> OrderedDict[str, nn.Module]:
    """The linear layers, with the activations and norms numbered on from the convolutions."""
    parts: OrderedDict[str, nn.Module] = OrderedDict()
    for k in range(1, len(sizes)):
        parts[f"linear{k}"] = nn.utils.skip_init(nn.Linear, sizes[k - 1], sizes[k])
        if k == len(sizes) - 1:
            break
        if batch_norm:
            parts[f"norm{before + k}"] = nn.BatchNorm1d(sizes[k])
        parts[f"act{before + k}"] = nn.ReLU()
        if k == 1:
            parts["dropout"] = nn.Dropout(dropout)
    return parts


def _demand_room(side: int, channels: Sequence[int]) -> int:
    if side < 1:
        raise ValueError(f"An image of {SIDE} × {SIDE} pixels has no room for {len(channels)} convolutions.")
    return side


def _start(model: nn.Sequential, generator: torch.Generator) -> nn.Sequential:
    """PyTorch's rule for initial weights, drawn from `generator`, each layer's weights before its biases."""
    with torch.no_grad():
        for layer in model:
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                bound = layer.weight[0].numel() ** -0.5
                for parameter in layer.parameters():
                    parameter.uniform_(-bound, bound, generator=generator)
    # The order in memory that convolutions on a processor are fastest with; no value changes.
    return model.to(memory_format=torch.channels_last)
