"""Features that never vary, such as the margin of every digit, need not be multiplied in every step.

Let c hold the values of the constant features, and w_c their weights. Each example adds the same r·c to the
gradient in w_c, so w_c moves along u = c/‖c‖ only, and its part across u merely shrinks with the penalty.
Gradient descent with an L2 penalty is the same in any rotated coordinates, so we rotate: one feature ‖c‖ with
the weight u·w_c, and one feature 0, whose weight is the length of the rest. The result is exact. A quarter
of MNIST's pixels are constant over the fours and nines.

Letters: d features, of them v vary; d' = v + 3 coordinates: the v, `along`, `across`, bias. R models.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

EXTRA = 3  # along, across, bias


@dataclass(frozen=True)
class Rotation:
    """Which features vary, and the direction and length of those that do not."""

    varies: Tensor  # (d,) bool
    along: Tensor  # (d − v,) the unit vector u, or zeros if the constant features are 0
    length: Tensor  # () ‖c‖


def rotation(x: Tensor) -> Rotation:
    """The rotation for training features x (N, d)."""
    lowest = x.amin(0)  # and not aminmax, which takes four times as long on a processor
    varies = lowest != x.amax(0)
    constant = lowest[~varies]
    length = constant.norm()
    return Rotation(varies, constant / length.clamp_min(torch.finfo(x.dtype).tiny), length)


def features(turn: Rotation, x: Tensor, *, bias: bool) -> Tensor:
    """x (N, d) in the new coordinates: (N + 1, d'), the last row zero, a filler for incomplete blocks."""
    n, v = len(x), int(turn.varies.sum())
    turned = x.new_zeros(n + 1, v + EXTRA)
    turned[:n, :v] = x.index_select(1, turn.varies.nonzero()[:, 0])
    turned[:n, v] = turn.length
    turned[:n, v + 2] = float(bias)
    return turned


def into(turn: Rotation, weight: Tensor, bias: Tensor | None) -> tuple[Tensor, Tensor]:
    """Weights (R, K, d) and biases (R, K) in the new coordinates (R, K, d'), and unit vectors across u."""
    constant = weight[..., ~turn.varies]
    along = constant @ turn.along
    across = constant - along[..., None] * turn.along
    length = across.norm(dim=-1, keepdim=True)
    parts = [weight[..., turn.varies], along[..., None], length]
    parts.append(torch.zeros_like(length) if bias is None else bias[..., None])
    return torch.cat(parts, -1), across / length.clamp_min(torch.finfo(weight.dtype).tiny)


def back(turn: Rotation, coordinates: Tensor, across: Tensor) -> tuple[Tensor, Tensor]:
    """The inverse of `into`: weights (R, K, d) and biases (R, K)."""
    v = coordinates.shape[-1] - EXTRA
    weight = coordinates.new_empty(*coordinates.shape[:-1], len(turn.varies))
    weight[..., turn.varies] = coordinates[..., :v]
    weight[..., ~turn.varies] = (
        coordinates[..., v : v + 1] * turn.along + coordinates[..., v + 1 : v + 2] * across
    )
    return weight, coordinates[..., v + 2]
