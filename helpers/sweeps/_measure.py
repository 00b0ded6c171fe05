"""The loss and accuracy of many models over a split; of linear ones as one product."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from helpers.data import Split

CHUNK = 2_000  # examples evaluated at once: bounds the memory


def measure(weight: Tensor, bias: Tensor | None, split: Split) -> tuple[Tensor, Tensor]:
    """Mean loss in nats and accuracy as a fraction, both (R,), of R models: weight (R, K, d), bias (R, K)."""
    models, k, d = weight.shape
    loss = hits = weight.new_zeros(models)
    for x, y in split.batches(CHUNK):
        z = (weight.reshape(models * k, d) @ x.T).view(models, k, len(x))
        if bias is not None:
            z += bias[..., None]
        more, right = tally(z, y)
        loss, hits = loss + more, hits + right
    return loss / len(split), hits / len(split)


def tally(z: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Summed loss and number of right answers, both (R,), from logits z (R, K, n) and labels y (n,)."""
    answer = z[:, 0] > 0 if z.shape[1] == 1 else z.max(1).indices  # argmax(1) takes five times as long
    return _losses(z, y).sum(1), (answer == y).sum(1)


def _losses(z: Tensor, y: Tensor) -> Tensor:
    """−ln p(y) for each model and example, (R, n), from logits z (R, K, n) and labels y (n,)."""
    if z.shape[1] == 1:
        z = z[:, 0]
        return F.binary_cross_entropy_with_logits(z, y.to(z.dtype).expand_as(z), reduction="none")
    chosen = z.gather(1, y.expand(len(z), 1, -1))[:, 0]
    return torch.logsumexp(z, 1) - chosen
