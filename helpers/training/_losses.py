"""Losses, accuracy and penalties. Letters: N examples, K outputs, logits z (N, K), labels y (N,)."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Loss = Callable[[Tensor, Tensor], Tensor]
Penalty = Callable[[nn.Module], Tensor]


def cross_entropy(logits: Tensor, y: Tensor) -> Tensor:
    """−(1/N) Σₙ ln softmax(zₙ)[yₙ], in nats: softmax regression, K ≥ 2 outputs."""
    return F.cross_entropy(logits, y)


def binary_cross_entropy(logits: Tensor, y: Tensor) -> Tensor:
    """−(1/N) Σₙ yₙ ln σ(zₙ) + (1 − yₙ) ln(1 − σ(zₙ)), in nats: logistic regression, one output."""
    return F.binary_cross_entropy_with_logits(logits.squeeze(1), y.to(logits.dtype))


def log_loss(logits: Tensor, y: Tensor) -> Tensor:
    """Mean negative log-likelihood: `binary_cross_entropy` for one output, `cross_entropy` for several."""
    return binary_cross_entropy(logits, y) if logits.shape[1] == 1 else cross_entropy(logits, y)


def accuracy(logits: Tensor, y: Tensor) -> Tensor:
    """The fraction of right answers, a tensor: 1 where z > 0 for one output, the largest z for several."""
    return right(logits, y).to(logits.dtype).mean()


def right(logits: Tensor, y: Tensor) -> Tensor:
    """Which answers are right, (N,) bool; what counts as the answer is said at `accuracy`."""
    return y == (logits[:, 0] > 0 if logits.shape[1] == 1 else logits.argmax(1))


def l2(lam: float, *, biases: bool = False) -> Penalty:
    """λ · ½ Σ w² as a function of the model, so that its gradient is λ w; for λ‖w‖² give 2λ.

    Biases, and everything else with a single axis, are left out unless `biases` asks for them.
    """
    return lambda model: lam / 2 * sum(w.square().sum() for w in _weights(model, biases))


def l1(lam: float, *, biases: bool = False) -> Penalty:
    """λ · Σ |w| as a function of the model; its subgradient at w = 0 is taken as 0. Biases as in `l2`."""
    return lambda model: lam * sum(w.abs().sum() for w in _weights(model, biases))


def weight_norm(model: nn.Module) -> float:
    """‖w‖ = √Σ w² over what `l2` penalises: all matrices, not the biases."""
    squares = [w.detach().square().sum() for w in _weights(model, biases=False)]
    return math.sqrt(sum(torch.stack(squares).tolist())) if squares else 0.0


def _weights(model: nn.Module, biases: bool) -> list[Tensor]:
    return [w for w in model.parameters() if w.requires_grad and (biases or w.ndim > 1)]
