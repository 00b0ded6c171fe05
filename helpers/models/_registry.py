"""What `pretrained` takes from torchvision: networks, where their weights are, and their last layer."""

from __future__ import annotations

import copy
import functools
import hashlib
import re
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

import torch
from torch import nn

from helpers import places
from helpers.data import Pipeline, _download
from helpers.runtime import CourseError


@dataclass(frozen=True)
class Weights:
    """An entry of torchvision's registry: where the file is, what the network can name, what it expects."""

    url: str
    classes: tuple[str, ...]
    pipeline: Pipeline


def weights(name: str) -> Weights:
    """The registry's default weights of the network `name`; CourseError if it does not classify pictures."""
    from torchvision import models

    if name not in models.list_models(module=models):
        raise CourseError(
            f"torchvision knows no network {name!r}: for example squeezenet1_0, resnet18 or "
            'mobilenet_v3_small; "small" is the one that the book ships.'
        )
    entry = models.get_model_weights(name).DEFAULT
    preset = entry.transforms()
    size, crop, colours = preset.resize_size[0], preset.crop_size[0], (tuple(preset.mean), tuple(preset.std))
    pipeline = Pipeline(size, crop, *colours, preset.interpolation.value)
    return Weights(entry.url, tuple(entry.meta["categories"]), pipeline)


def network(name: str) -> nn.Module:
    """The network without weights of its own: they are about to be loaded."""
    from torchvision import models

    with torch.random.fork_rng(devices=[]):  # its random start would use up the global generator
        more = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        return models.get_model(name, weights=None, **more)


def fetch(url: str) -> tuple[Path | None, str]:
    """The file of weights in torch's own cache, downloaded if it is not there; or why it cannot be had.

    Raises CourseError if the file in the cache is not the published one.
    """
    path = Path(torch.hub.get_dir()) / "checkpoints" / url.rpartition("/")[2]
    if not path.is_file():
        if places.offline():
            return None, "COURSE_OFFLINE is set"
        reason = _attempt(url, path)
        if reason:
            return None, reason
    expected = hash_in(path.name)
    if expected and not sha256(path).startswith(expected):
        raise CourseError(f"{path} was altered (its SHA-256 is not the one in its name): remove the file.")
    return path, ""


@functools.cache  # so that a machine without a network waits once, not at every call
def _attempt(url: str, path: Path) -> str:
    """Download, an empty string if it worked; torch writes to a file beside `path` and renames it."""
    reason = _download.unreachable(url)
    if reason:
        return reason
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _download.socket_timeout(_download.WAIT):
            torch.hub.download_url_to_file(url, str(path), hash_in(path.name) or None, progress=False)
    except (OSError, RuntimeError, HTTPException) as error:
        return " ".join(str(error).split())
    return ""


def sha256(path: Path) -> str:
    """Of a file that may be larger than what memory is left."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_in(name: str) -> str:
    """The first digits of the SHA-256 that torchvision writes into names: `resnet18-f37072fd.pth`."""
    found = re.search(r"-([0-9a-f]{8,64})\.pth?$", name)
    return found[1] if found else ""


def backbone(name: str, model: nn.Module) -> tuple[nn.Module, int]:
    """The network without its last layer, sharing its weights, and how many features it returns."""
    if name.startswith("squeezenet"):
        # Its last layer is a 1×1 convolution and ReLU at each place, then the mean. For a new, linear last
        # layer the mean can be taken first: one vector for a picture instead of one for each place.
        return nn.Sequential(model.features, nn.AdaptiveAvgPool2d(1), nn.Flatten()), 512
    linears = [key for key, layer in model.named_modules() if isinstance(layer, nn.Linear)]
    if not linears:
        raise CourseError(f"{name} does not end in a linear layer: choose another network.")
    shared = {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())}
    body = copy.deepcopy(model, shared)  # new modules around the same tensors
    body.set_submodule(linears[-1], nn.Identity())
    return body, model.get_submodule(linears[-1]).in_features
