"""How a gradient fares on its way back, and how a cost curves. Taught in 08-training-dynamics."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class LayerGradients(NamedTuple):
    """One entry for each linear layer, from the first to the last, all (L,) in float64 on the processor.

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
    # On the processor: Apple's MPS has no float64.
    sizes = torch.stack([each.cpu().double().norm() for each in found])
    largest = torch.stack([torch.linalg.norm(each.detach().cpu().double(), 2) for each in matrices])
    return LayerGradients(sizes[: len(places)], sizes[len(places) :], largest)


def curvature(
    model: nn.Module, x: Tensor, y: Tensor, *, lam: float = 0.0, rounds: int = 60, generator: torch.Generator
) -> float:
    """L, the largest eigenvalue in size of the Hessian of J = C + lam · ‖w‖² in all parameters of `model`.

    C is the mean cross-entropy of x (N, …) and y (N,), in nats; biases, being vectors, are not penalised. A
    random direction from `generator` is multiplied `rounds` times by the Hessian: what grows most is the
    steepest axis. The value comes from below; it is close unless two eigenvalues are nearly equal in size,
    and then it lies between them. Gradient descent is stable below a rate of 2/L.
    """
    parameters = [p for p in model.parameters() if p.requires_grad]
    cost = F.cross_entropy(model(x), y) + lam * sum((p**2).sum() for p in parameters if p.dim() > 1)
    slopes = torch.autograd.grad(cost, parameters, create_graph=True)
    # Where the generator is: it can draw for no other device.
    drawn = [torch.empty(p.shape, dtype=p.dtype, device=generator.device) for p in parameters]
    direction = [d.normal_(generator=generator).to(p.device) for d, p in zip(drawn, parameters, strict=True)]
    for _ in range(rounds):
        size = torch.stack([d.norm() for d in direction]).norm()
        direction = [d / size for d in direction]
        along = sum((slope * d).sum() for slope, d in zip(slopes, direction, strict=True))
        direction = torch.autograd.grad(along, parameters, retain_graph=True)
    return torch.stack([d.norm() for d in direction]).norm().item()
