"""How many processor threads a run uses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

# Multiplications in a step's forward pass below which more threads gain nothing (784-200-10 in batches of 20
# has 3.2 million). They do cost: threads that spin while they wait for each other make such steps 50 times
# slower on a busy machine.
SMALL = 5_000_000


@contextmanager
def threads_for(model: nn.Module, batch_size: int, device: torch.device) -> Iterator[None]:
    """One thread while small steps are trained on the processor, then as many as before.

    A step is small if the model has matrices only, each used once for an example, and they are small. Kernels
    of convolutions are used at every pixel, so with them nothing is changed.
    """
    matrices_only = all(w.ndim <= 2 for w in model.parameters())
    work = batch_size * sum(w.numel() for w in model.parameters()) if matrices_only else SMALL
    with threads_for_steps_of(work, device):
        yield


@contextmanager
def threads_for_steps_of(multiplications: int, device: torch.device) -> Iterator[None]:
    """The same for steps of so many multiplications in the forward pass."""
    before = torch.get_num_threads()
    try:
        if multiplications < SMALL and device.type == "cpu":
            torch.set_num_threads(1)
        yield
    finally:
        torch.set_num_threads(before)
