"""How a gradient fares on its way back through the layers. Taught in 08-training-dynamics."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class LayerGradients(NamedTuple):
    """One entry for each linear layer, from the first to the last, all (L,) in float64.

    For a loss C, the mean cross-entropy in nats, with the layer's weights W and weighted inputs z = Wx + b.
    """

    weights: Tensor  # ‖∂C/∂W‖, the root of the sum of squares
    inputs: Tensor  # ‖∂C/∂z‖, over all examples of the batch
    norms: Tensor  # ‖W‖, the largest singular value


def layer_gradients(model: nn.Sequential, x: Tensor, y: Tensor) -> LayerGradients:
    """The size of the gradient in each linear layer of `model` for the batch x (N, d), y (N,) of classes.

    With activations of slope at most s between the layers, inputs[l] ≤ s · norms[l + 1] · inputs[l + 1].
    The model's own gradients are left as they are. ValueError if it has no linear layer.
    """
    places: list[tuple[Tensor, Tensor]] = []
    for part in model:
        x = part(x)
        if isinstance(part, nn.Linear):
            places.append((part.weight, x))
    if not places:
        raise ValueError("The model has no linear layer: give a fully connected network such as mlp returns.")
    matrices, weighted = zip(*places, strict=True)
    found = torch.autograd.grad(F.cross_entropy(x, y), [*matrices, *weighted])
    sizes = torch.stack([each.double().norm() for each in found])
    largest = torch.stack([torch.linalg.norm(each.detach().double(), 2) for each in matrices])
    return LayerGradients(sizes[: len(places)], sizes[len(places) :], largest)
