"""Random numbers of a run: the order of the examples, what dropout and what augmentations draw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor

from helpers.training._records import TrainConfig

DROPOUT = 0  # the stream of dropout; epoch e has the stream e + 1
AUGMENTATION = 1  # step t has the stream (t, 1)


def example_order(n: int, config: TrainConfig, epoch: int) -> Tensor:
    """The order (n,) of the examples in epoch 0, 1, …: a function of seed and epoch, not of the device."""
    if not config.shuffle:
        return torch.arange(n)
    generator = torch.Generator().manual_seed(_stream(config.seed, epoch + 1))
    return torch.randperm(n, generator=generator)


def augmentation_numbers(seed: int, step: int, device: torch.device) -> torch.Generator:
    """What the augmentation at update `step` draws from, whatever was drawn before it."""
    return torch.Generator(device).manual_seed(_stream(seed, step, AUGMENTATION))


@contextmanager
def own_random_numbers(seed: int, device: torch.device) -> Iterator[None]:
    """Dropout draws from torch's global generators: seed them for a run, then give them back as they were."""
    before = random_states(device)
    _seed(_stream(seed, DROPOUT), device)
    try:
        yield
    finally:
        set_random_states(before, device)


def _seed(seed: int, device: torch.device) -> None:
    """Seed what `random_states` keeps; `torch.manual_seed` would seed every accelerator for good."""
    torch.default_generator.manual_seed(seed)
    if device.type == "cuda":
        with torch.cuda.device(device):
            torch.cuda.manual_seed(seed)
    if device.type == "mps":
        torch.mps.manual_seed(seed)


def random_states(device: torch.device) -> dict[str, torch.Tensor]:
    """The states of torch's global generators that a run on `device` can use."""
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    if device.type == "mps":
        states["mps"] = torch.mps.get_rng_state()
    return states


def set_random_states(states: dict[str, torch.Tensor], device: torch.device) -> None:
    """The inverse of `random_states`."""
    torch.set_rng_state(states["cpu"].cpu())
    if device.type == "cuda":
        torch.cuda.set_rng_state(states["cuda"].cpu(), device)
    if device.type == "mps":
        torch.mps.set_rng_state(states["mps"].cpu())


def _stream(seed: int, *k: int) -> int:
    """A seed for the k-th random stream of a run, unrelated to the streams and seeds beside it.

    The last number of several must not be 0: NumPy takes (seed, k) and (seed, k, 0) for the same.
    """
    return int(np.random.SeedSequence((seed, *k)).generate_state(1, np.uint64)[0])
