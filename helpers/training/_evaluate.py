"""`evaluate`: the mean loss and accuracy of a model over a split."""

from __future__ import annotations

import math

import torch
from torch import nn

from helpers.data import Split
from helpers.training._losses import Loss, log_loss, right

CHUNK = 2_000  # examples evaluated at once: bounds the memory of convolutional networks


def evaluate(model: nn.Module, split: Split, *, loss: Loss | None = None) -> dict[str, float]:
    """`{"loss": nats, "accuracy": fraction}`, means over the whole split, with dropout off.

    `loss(logits, y)` is a mean over the batch, default `log_loss`. The model is moved to the split's device;
    nothing else of it changes.
    """
    loss = loss or log_loss
    modes = [(part, part.training) for part in model.to(split.x.device).modules()]
    model.eval()
    sums = []  # of loss and right answers, one pair for each chunk
    with torch.no_grad():
        for x, y in split.batches(CHUNK):
            logits = model(x)
            value = loss(logits, y) * len(y)
            # Of one type: not every accelerator stacks a float and a count.
            sums.append(torch.stack((value, right(logits, y).sum().to(value.dtype))))
    for part, training in modes:  # frozen parts may be in evaluation mode within a model that trains
        part.training = training
    losses, hits = torch.stack(sums).T.tolist()  # the one wait for the device
    return {"loss": math.fsum(losses) / len(split), "accuracy": math.fsum(hits) / len(split)}
