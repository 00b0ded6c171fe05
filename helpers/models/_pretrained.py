"""`pretrained`: a network trained by others, with where its weights came from and their SHA-256.

================  ==========================================================================================
torchvision       its registry (`weights=` enums): torch's own cache, else the network; the hash in the file's
                  name is checked in both cases
folder            `$COURSE_DATA/weights/<name>*.pt` (or `.pth`, or in `data/`): a state dict
shipped           the small backbone in this package, trained by `tools/train_backbone.py`
================  ==========================================================================================

`$COURSE_TIER` forces one of them (`download`, `folder`, `embedded`), `$COURSE_OFFLINE=1` keeps to what is on
this machine. All files are read with `weights_only=True`: none of them can run code.
"""

from __future__ import annotations

import copy
import json
import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from helpers.data import Pipeline, _files, _tiers
from helpers.models import _registry
from helpers.models._backbone import MEAN, N_FEATURES, SHIPPED, STD, small_backbone
from helpers.models._dense import linear
from helpers.runtime import CourseError

SMALL = "small"
KNOWN = {  # SHA-256 of weights whose file name does not carry it
    "squeezenet1_0-deepcompression.pt": "8296a5401714f1a821bd7fc52a440447aa5685e443ce2e7b01bd78c8fab2395e",
}
MOST = 4 * 2**30  # bytes of a file of weights
CHUNK = 250  # pictures at a time where no gradient is kept: bounds the memory of large pictures


class Classifier(nn.Module):
    """(N, 3, H, W) uint8 or float in [0, 1] → (N, K) logits: `pipeline`, `backbone`, one layer `head`."""

    def __init__(self, pipeline: Pipeline, backbone: nn.Module, head: nn.Linear) -> None:
        super().__init__()
        self.pipeline, self.backbone, self.head = pipeline, backbone, head

    def forward(self, x: Tensor) -> Tensor:
        if torch.is_grad_enabled() or len(x) <= CHUNK:
            return self.head(self.backbone(self.pipeline(x)))
        return torch.cat([self.forward(part) for part in x.split(CHUNK)])


@dataclass(frozen=True)
class Pretrained:
    """A pretrained network in evaluation mode.

    `name` is what it is, `source` is `"torchvision"`, `"folder"` or `"shipped"`, `sha256` that of the file,
    `note` what the reader should know ("" if nothing). `model` takes what `pipeline` gives and returns logits
    over `classes`; `backbone` is the same network without its last layer and returns (N, `n_features`). The
    two share their weights.
    """

    name: str
    source: str
    sha256: str
    classes: tuple[str, ...]
    pipeline: Pipeline
    model: nn.Module
    backbone: nn.Module
    n_features: int
    note: str = ""

    def describe(self) -> str:
        """One line: name, source, size, hash, note."""
        n = sum(w.numel() for w in self.model.parameters())
        note = f"; {self.note}" if self.note else ""
        return (
            f"{self.name}, {self.source} weights (SHA-256 {self.sha256[:8]}…): {n:,} parameters, "
            f"{len(self.classes):,} classes, {self.n_features} features{note}"
        )

    def pipeline_at(self, side: int) -> Pipeline:
        """The same normalisation for pictures of `side` pixels: smaller is faster and less accurate."""
        return Pipeline(side, side, self.pipeline.mean, self.pipeline.std, self.pipeline.interpolation)

    def classifier(
        self, n_classes: int, *, side: int | None = None, frozen: bool = True, generator: torch.Generator
    ) -> Classifier:
        """A copy of the backbone with a new last layer; `frozen`: only that layer is to be trained.

        Hand it to `fit` with uint8 pictures. `side`: the pipeline's size, None for the published one.
        """
        pipeline = copy.deepcopy(self.pipeline) if side is None else self.pipeline_at(side)
        backbone = copy.deepcopy(self.backbone).requires_grad_(not frozen)
        return Classifier(pipeline, backbone, linear(self.n_features, n_classes, generator=generator))


def pretrained(name: str = "squeezenet1_0") -> Pretrained:
    """The network called `name` as torchvision calls it; the shipped backbone if its weights are not here.

    `name` and `note` of the result say which it is. `"small"` asks for the shipped backbone. Raises
    CourseError if torchvision knows no such network, if it does not end in a linear layer, or if a file of
    weights is damaged.
    """
    if name == SMALL:
        return _shipped()
    weights, tier = _registry.weights(name), os.environ.get("COURSE_TIER")
    reasons = []
    if tier not in ("folder", "embedded"):
        path, reason = _registry.fetch(weights.url)
        if path is not None:
            return _published(name, weights, path, "torchvision")
        reasons.append(reason)
    if tier not in ("download", "embedded"):
        path, reason = _find(name)
        if path is not None:
            return _published(name, weights, path, "folder")
        reasons.append(reason)
    why = "; ".join(reasons) or "COURSE_TIER is embedded"
    return _shipped(f"instead of {name}, whose weights are not here ({why})")


def _find(name: str) -> tuple[Path | None, str]:
    """The weights in the data folder, or why there are none."""
    folder = _tiers.data_folder() / "weights"
    pattern = re.compile(re.escape(name) + r"([-.].*)?\.pth?")  # resnet18 is not resnet18_other
    files = sorted(path for path in folder.glob(f"{name}*") if pattern.fullmatch(path.name))
    where = folder if os.environ.get("COURSE_DATA") else "data/weights"
    return (files[0], "") if files else (None, f"no {name}*.pt in {where}")


def _published(name: str, weights: _registry.Weights, path: Path, source: str) -> Pretrained:
    """The network of torchvision's registry with the weights in `path`."""
    state, sha = _state(path)
    note = "" if source == "torchvision" else _origin(path, sha)
    model = _registry.network(name)
    try:
        model.load_state_dict({key: value.float() for key, value in state.items()})
    except (RuntimeError, AttributeError) as error:
        raise CourseError(f"{path} holds no weights of {name}: remove it, or fetch it again.") from error
    model.eval()
    backbone, n_features = _registry.backbone(name, model)
    what = (weights.classes, weights.pipeline, model, backbone, n_features)
    return Pretrained(name, source, sha, *what, note)


def _origin(path: Path, sha: str) -> str:
    """What is known of a file in the data folder; CourseError if it is not what its name says."""
    expected = KNOWN.get(path.name) or _registry.hash_in(path.name)
    if expected and not sha.startswith(expected):
        raise CourseError(f"{path} was altered (its SHA-256 is not the known one): fetch the file again.")
    return path.name if expected else f"{path.name}, a file whose hash nobody published"


def _state(path: Path) -> tuple[dict[str, Tensor], str]:
    """The state dict in `path` and the file's SHA-256."""
    _files.demand_regular(path, MOST)
    try:
        if zipfile.is_zipfile(path):
            # torch.save packs nothing, so a file that grows when read was made to fill the memory.
            _files.demand_unpacked(path, path, path.stat().st_size)
        sha = _registry.sha256(path)
        state = torch.load(path, map_location="cpu", weights_only=True)
    except CourseError:
        raise
    except Exception as error:  # torch.load raises whatever its unpickler meets in a damaged file
        raise CourseError(f"{path} is no intact file of weights: fetch it again, or remove it.") from error
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise CourseError(f"{path} holds no state dict: save model.state_dict() into it, or remove it.")
    return state, sha


def _shipped(note: str = "") -> Pretrained:
    """The small backbone with its classifier; `small.json` holds how it came about and its accuracy."""
    try:
        facts = json.loads((SHIPPED / "small.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        path = SHIPPED / "small.json"
        raise CourseError(f"{path} cannot be read: restore it from the repository.") from error
    state, sha = _state(SHIPPED / "small.pt")
    if sha != facts["sha256"]:
        raise CourseError(f"{SHIPPED / 'small.pt'} was altered (SHA-256): restore it from the repository.")
    classes = tuple(facts["classes"])
    model = nn.Sequential(small_backbone(), nn.Linear(N_FEATURES, len(classes)))
    model.load_state_dict({key: value.float() for key, value in state.items()})
    trained = f"trained on CIFAR-10, {facts['test_accuracy']:.1%} of its test pictures right"
    pipeline = Pipeline(32, 32, MEAN, STD)
    note = "; ".join(filter(None, (note, trained)))
    return Pretrained(SMALL, "shipped", sha, classes, pipeline, model.eval(), model[0], N_FEATURES, note)
