"""Data sets as tensors on the device: read once, converted once, sliced ever after.

`mnist()`, `cifar10()` and `image_folder()` return a `Dataset` of three `Split`s; a `Split` is two tensors.
`Pipeline` brings pictures into a network's form, `photographs()` are to be named by one, `shift` makes
an augmentation. Nothing is downloaded or read at import.
"""

from helpers.data._augment import shift
from helpers.data._cifar import cifar10, transfer_images
from helpers.data._cifar_tiers import NoPictures
from helpers.data._folder import image_folder
from helpers.data._mnist import mnist
from helpers.data._photographs import Album, Photograph, photograph, photographs
from helpers.data._pipeline import IMAGENET_MEAN, IMAGENET_STD, Pipeline
from helpers.data._split import Dataset, Split

__all__ = [
    "IMAGENET_MEAN",
    "IMAGENET_STD",
    "Album",
    "Dataset",
    "NoPictures",
    "Photograph",
    "Pipeline",
    "Split",
    "cifar10",
    "image_folder",
    "mnist",
    "photograph",
    "photographs",
    "shift",
    "transfer_images",
]
