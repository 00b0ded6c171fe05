"""Finished members on disk, one file each: what was trained is not trained again.

A file is named by the SHA-256 of all that the member depends on: the data, its initial weights, its settings,
the code that trains it, torch's version and the kind of device. So another sweep that shares some members
with this one finds them, and a change in anything looks for other files.
"""

from __future__ import annotations

import hashlib
import inspect
import io
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, nn

from helpers import keeping, sweeps, training
from helpers.data import Dataset
from helpers.places import cache_folder, expand
from helpers.sweeps import _network
from helpers.sweeps._checks import Trained
from helpers.sweeps._members import Member
from helpers.training import History
from helpers.training._features import _code


class Kept:
    """The folder of finished members; with `keep` false nothing is read or written."""

    def __init__(self, keep: str | Path | bool, data: Dataset, vectorise: bool) -> None:
        self.folder = None if keep is False else cache_folder() / "sweeps" if keep is True else expand(keep)
        self.device, self.full = data.train.x.device, ""
        if self.folder is not None:
            words = (digest(data), self.device.type, torch.__version__, vectorise, *_sources())
            self.common = hashlib.sha256("\0".join(map(str, words)).encode()).digest()

    def path(self, member: Member, model: nn.Module) -> Path:
        key = hashlib.sha256(self.common)
        for words in (repr(member), repr(_network.shape(model)), *_code(model)):
            key.update(words.encode() + b"\0")
        for value in model.state_dict().values():
            key.update(memoryview(_bytes(value)))
        return self.folder / f"{key.hexdigest()}.member"

    def read(self, member: Member, model: nn.Module) -> Trained | None:
        """The finished member; None if it is not kept."""
        content = (
            None if self.folder is None else keeping.read(self.path(member, model), "results of a member")
        )
        if content is None:
            return None
        found = torch.load(io.BytesIO(content), map_location=self.device, weights_only=True)
        history = History(**found["history"])
        return Trained(member.config, history, state=found["state"], diverged=found["diverged"])

    def write(self, member: Member, model: nn.Module, trained: Trained) -> None:
        """Keep a member that was trained to its end; where that fails, say so once and go on."""
        if self.folder is None or self.full:
            return
        state = {name: value.detach().cpu() for name, value in trained.state.items()}
        stream = io.BytesIO()
        found = {"history": asdict(trained.history), "state": state, "diverged": trained.diverged}
        torch.save(found, stream)
        self.full = keeping.write(self.path(member, model), stream.getbuffer())
        if self.full:
            print(f"Members that finish from here on are not kept: {self.full}.")


def _sources() -> list[str]:
    """The code of this package and of `training`."""
    folders = (Path(inspect.getfile(package)).parent for package in (sweeps, training))
    return [path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.glob("*.py"))]


def digest(data: Dataset) -> str:
    """The SHA-256 of the examples that a sweep reads: training and validation."""
    key = hashlib.sha256()
    for value in tensors(data):
        key.update(f"{value.dtype} {tuple(value.shape)}".encode() + b"\0")
        key.update(memoryview(_bytes(value)))
    return key.hexdigest()


def tensors(data: Dataset) -> Iterator[Tensor]:
    for split in (data.train, data.valid):
        yield from (split.x, split.y)


def _bytes(value: Tensor):
    """The content of a tensor as an array of bytes."""
    return value.detach().cpu().contiguous().flatten().view(torch.uint8).numpy()
