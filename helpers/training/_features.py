"""`features`: what a frozen backbone says about each picture, computed once and kept on disk.

A file of the cache is named by the SHA-256 of all that its content depends on: weights, structure and code of
the backbone and of the pipeline, the pictures in their order, the kind of device, torch's version and the
code of this module. Change any, and another file is looked for; code counts as it is on disk, so restart the
kernel after an edit. The file's content is 32 bytes, the SHA-256 of the rest, and then an array in NumPy's
format, read without pickle.

================  ==========================================================================================
`COURSE_CACHE`    the folder of the cache; unset: the user's cache folder
================  ==========================================================================================
"""

from __future__ import annotations

import hashlib
import inspect
import io
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from helpers import keeping
from helpers.data import Split
from helpers.places import cache_folder, expand
from helpers.runtime import CourseError, progress

LIMIT = keeping.LIMIT
BATCH = 250  # pictures at a time


def features(
    backbone: nn.Module,
    split: Split,
    pipeline: nn.Module | None = None,
    *,
    cache: str | Path | bool = True,
    batch_size: int = BATCH,
) -> Split:
    """backbone(pipeline(x)) for each picture of `split`, in evaluation mode: x (N, F) float32, y as it was.

    The second call with the same weights, pipeline and pictures reads the cache: `$COURSE_CACHE/features`, or
    in the user's cache folder; `cache` names another folder, False keeps nothing. A damaged file is computed
    again, and a printed line says so; where nothing can be written the features are just not kept. Backbone
    and pipeline are moved to the split's device. Raises CourseError if the backbone does not return (N, F).
    """
    device = split.x.device
    parts = nn.Sequential(*([] if pipeline is None else [pipeline]), backbone).to(device)
    if cache is False:
        return Split(_compute(parts, split.x, batch_size), split.y)
    path = cache_path(parts, split.x, cache)
    kept = _read(path, len(split))
    if kept is not None:
        return Split(kept.to(device), split.y)
    x = _compute(parts, split.x, batch_size)
    _write(path, x)
    return Split(x, split.y)


def cache_path(network: nn.Module, x: Tensor, cache: str | Path | bool = True) -> Path:
    """The file that keeps network(x); its name changes with everything that could change the content."""
    folder = expand(cache) if not isinstance(cache, bool) else cache_folder() / "features"
    key = hashlib.sha256()
    for text in (torch.__version__, x.device.type, *_code(network), repr(network)):
        key.update(text.encode() + b"\0")
    for name, value in (*network.named_parameters(), *network.named_buffers(), ("x", x)):
        key.update(f"{name} {value.dtype} {tuple(value.shape)}".encode() + b"\0")
        key.update(value.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return folder / f"{key.hexdigest()}.features"


def _code(network: nn.Module) -> list[str]:
    """The source of every module that is at work, this one included; of torch the version is enough."""
    names = {type(part).__module__ for part in network.modules()} | {__name__}
    found = []
    for name in sorted(names):
        if name.split(".")[0] != "torch":
            try:
                found.append(inspect.getsource(sys.modules[name]))
            except (OSError, TypeError):  # typed into a notebook: the classes there have no file
                found += _typed_in(network, name)
    return found


def _typed_in(network: nn.Module, module: str) -> list[str]:
    """The byte code of the classes of a notebook, in place of their source."""
    classes = {type(part) for part in network.modules() if type(part).__module__ == module}
    codes = [
        (f.__qualname__, f.__code__.co_code, f.__code__.co_names, f.__code__.co_consts)
        for owner in classes
        for f in vars(owner).values()
        if inspect.isfunction(f)
    ]
    return sorted(map(repr, codes))


@torch.no_grad()
def _compute(network: nn.Module, x: Tensor, batch_size: int) -> Tensor:
    modes = [(part, part.training) for part in network.modules()]
    network.eval()
    try:
        found = [network(part).float() for part in progress(x.split(batch_size), "computing features")]
    finally:  # a stop in between must not leave the reader's network in evaluation mode
        for part, training in modes:
            part.training = training
    if found[0].ndim != 2:
        shape = tuple(found[0].shape)
        raise CourseError(f"The backbone must return (N, F) features, got {shape}: flatten them.")
    return torch.cat(found)


def _read(path: Path, n: int) -> Tensor | None:
    """The features in `path`; None if there is no such file, or none that is whole."""
    content = keeping.read(path, "features")
    if content is None:
        return None
    try:
        array = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, OSError, EOFError):
        array = np.empty(0)
    if array.dtype == np.float32 and array.ndim == 2 and len(array) == n:
        return torch.from_numpy(array)
    print(f"The features kept in {path} are damaged: computed again.")
    return None


def _write(path: Path, x: Tensor) -> None:
    stream = io.BytesIO()
    np.save(stream, x.cpu().numpy(), allow_pickle=False)
    reason = keeping.write(path, stream.getbuffer(), LIMIT)
    if reason:
        print(f"The features are not kept: {reason}.")
