"""Data sets as tensors on the device: read once, converted once, sliced ever after.

`mnist()` and `cifar10()` return a `Dataset` of three `Split`s; a `Split` is two tensors. `shift` and `warp`
make augmentations. Nothing is downloaded or read at import.
"""

from helpers.data._augment import shift, warp
from helpers.data._cifar import cifar10, transfer_images
from helpers.data._cifar_tiers import NoPictures
from helpers.data._mnist import mnist
from helpers.data._split import Dataset, Split

__all__ = [
    "Dataset",
    "NoPictures",
    "Split",
    "cifar10",
    "mnist",
    "shift",
    "transfer_images",
    "warp",
]
