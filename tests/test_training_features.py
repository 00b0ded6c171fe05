"""Oracles: the backbone itself, run by a plain loop; a count of the pictures it has seen."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from helpers.data import Pipeline, Split
from helpers.runtime import CourseError
from helpers.training import _features, features

pytestmark = pytest.mark.usefixtures("bare_machine")

PIPELINE = Pipeline(8, 8, (0.5,) * 3, (0.25,) * 3)


class Counting(nn.Module):
    """A backbone that counts the pictures it has seen."""

    def __init__(self, width: int = 5) -> None:
        super().__init__()
        torch.manual_seed(0)
        layers = (nn.Conv2d(3, width, 3), nn.BatchNorm2d(width), nn.Dropout(0.5), nn.Flatten())
        self.body = nn.Sequential(*layers)
        self.seen = 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.seen += len(x)
        return self.body(x)


@pytest.fixture
def split() -> Split:
    random = torch.Generator().manual_seed(1)
    x = torch.randint(0, 256, (23, 3, 12, 12), dtype=torch.uint8, generator=random)
    return Split(x, torch.arange(23) % 3)


@pytest.fixture
def backbone() -> Counting:
    return Counting()


def the_file(folder: Path) -> Path:
    (path,) = folder.glob("*")
    return path


def test_features_are_what_the_backbone_says(backbone, split, tmp_path):
    backbone.train()
    found = features(backbone, split, PIPELINE, cache=tmp_path, batch_size=10)
    assert backbone.training  # as it was
    backbone.eval()
    with torch.no_grad():
        expected = torch.cat([backbone(PIPELINE(x)[None]) for x in split.x])
    assert torch.allclose(found.x, expected, atol=1e-6)
    assert found.x.dtype == torch.float32
    assert not found.x.requires_grad
    assert torch.equal(found.y, split.y)
    assert torch.equal(features(backbone, split, PIPELINE, cache=tmp_path).x, found.x)
    floats = Split(PIPELINE(split.x), split.y)
    assert torch.allclose(features(backbone, floats, cache=False).x, expected, atol=1e-6)


def test_computed_once(backbone, split, tmp_path, capsys):
    for _ in range(3):
        features(backbone, split, PIPELINE, cache=tmp_path)
    features(copy.deepcopy(backbone), Split(split.x.clone(), split.y + 1), PIPELINE, cache=tmp_path)
    assert backbone.seen == 23
    features(backbone, split, PIPELINE, cache=False)
    assert backbone.seen == 46
    assert capsys.readouterr().out == ""


def test_kept_in_the_users_cache_or_in_course_cache(backbone, split, tmp_path, monkeypatch):
    features(backbone, split, PIPELINE)
    the_file(tmp_path / "cache" / "show-your-work" / "features")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "mine"))
    features(backbone, split, PIPELINE)
    the_file(tmp_path / "mine" / "features")
    assert backbone.seen == 46


def changed_weight(network, split, patch):
    network.body[0].weight.data[0, 0, 0, 0] += 1e-6
    return network, split, PIPELINE


def changed_statistics(network, split, patch):
    network.body[1].running_mean[0] += 1e-6
    return network, split, PIPELINE


def changed_structure(network, split, patch):
    network.body[0].padding_mode = "reflect"
    network.body[0].stride = (2, 2)
    return network, split, PIPELINE


def changed_pixel(network, split, patch):
    split.x[3, 0, 0, 0] ^= 1
    return network, split, PIPELINE


def changed_order(network, split, patch):
    return network, Split(split.x.flip(0), split.y), PIPELINE


def fewer(network, split, patch):
    return network, split.take(22), PIPELINE


def other_size(network, split, patch):
    return network, split, Pipeline(9, 9, PIPELINE.mean, PIPELINE.std)


def other_mean(network, split, patch):
    return network, split, Pipeline(8, 8, (0.5, 0.5, 0.5001), PIPELINE.std)


def no_pipeline(network, split, patch):
    return network, Split(split.x.float(), split.y), None


def other_torch(network, split, patch):
    patch.setattr(torch, "__version__", "99")
    return network, split, PIPELINE


def other_code(network, split, patch):
    source = _features.inspect.getsource
    patch.setattr(_features.inspect, "getsource", lambda module: source(module) + "# changed")
    return network, split, PIPELINE


CHANGES = [
    changed_weight, changed_statistics, changed_structure, changed_pixel, changed_order, fewer, other_size,
    other_mean, no_pipeline, other_torch, other_code,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda f: f.__name__)
def test_a_change_of_anything_recomputes(backbone, split, tmp_path, monkeypatch, change):
    features(backbone, split, PIPELINE, cache=tmp_path)
    before = backbone.seen
    network, split, pipeline = change(backbone, split, monkeypatch)
    found = features(network, split, pipeline, cache=tmp_path)
    assert backbone.seen == before + len(split)
    assert torch.equal(found.x, features(network, split, pipeline, cache=False).x)
    assert len(list(tmp_path.glob("*"))) == 2


def test_code_of_a_class_typed_into_a_notebook_counts(split, tmp_path):
    template = "class Mine(nn.Module):\n    def forward(self, x):\n        return {}\n"
    found = []
    for body in ("x.flatten(1)", "x.flatten(1) * 2", "x.flatten(1)"):
        scope = {"nn": nn, "__name__": "typed_in"}
        sys.modules["typed_in"] = type(sys)("typed_in")
        exec(template.format(body), scope)
        found.append(_features.cache_path(nn.Sequential(scope["Mine"]()), split.x, tmp_path).name)
    del sys.modules["typed_in"]
    assert found[0] == found[2] != found[1]


# -- damaged files


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def empty(content: bytes) -> bytes:
    return b""


def altered(content: bytes) -> bytes:
    return content[:500] + bytes([content[500] ^ 1]) + content[501:]


def longer(content: bytes) -> bytes:
    return content + b"\0"


def sealed(array: np.ndarray) -> bytes:
    """What a forger could write: any array, with the right checksum."""
    import hashlib
    import io

    stream = io.BytesIO()
    np.save(stream, array)
    return hashlib.sha256(stream.getvalue()).digest() + stream.getvalue()


def pickled(content: bytes) -> bytes:
    return sealed(np.array([{"a": 1}], dtype=object))


def too_short(content: bytes) -> bytes:
    return sealed(np.zeros((22, 5), np.float32))


DAMAGES = [cut, empty, altered, longer, pickled, too_short]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda f: f.__name__)
def test_damaged_file_is_found_and_built_again(backbone, split, tmp_path, capsys, damage):
    first = features(backbone, split, PIPELINE, cache=tmp_path)
    path = the_file(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    again = features(backbone, split, PIPELINE, cache=tmp_path)
    line = capsys.readouterr().out
    assert line == f"The features kept in {path} are damaged: computed again.\n"
    assert torch.equal(first.x, again.x)
    assert backbone.seen == 46
    features(backbone, split, PIPELINE, cache=tmp_path)
    assert backbone.seen == 46
    assert capsys.readouterr().out == ""


def test_folder_that_cannot_be_written_to(backbone, split, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    found = features(backbone, split, PIPELINE, cache=tmp_path / "file" / "inner")
    assert len(found) == 23
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].startswith("The features are not kept: ")


def test_interrupted_write_leaves_nothing(backbone, split, tmp_path, monkeypatch):
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        features(backbone, split, PIPELINE, cache=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_cache_stays_below_its_limit(backbone, split, tmp_path, monkeypatch):
    features(backbone, split, PIPELINE, cache=tmp_path)
    first = the_file(tmp_path)
    monkeypatch.setattr(_features, "LIMIT", int(2.5 * first.stat().st_size))
    os.utime(first, (1, 1))
    features(backbone, split, Pipeline(8), cache=tmp_path)
    second = next(path for path in tmp_path.iterdir() if path != first)
    os.utime(second, (2, 2))
    features(backbone, split, PIPELINE, cache=tmp_path)  # the first is used again, so the second goes
    features(backbone, split, Pipeline(8, 8), cache=tmp_path)
    assert first.exists()
    assert not second.exists()
    assert len(list(tmp_path.iterdir())) == 2


WRITER = """
import sys, torch
from pathlib import Path
from helpers.training import _features
x = torch.arange(400_000.0).view(1_000, 400)
for k in range(30):
    _features._write(Path(sys.argv[1]), x)
    found = _features._read(Path(sys.argv[1]), 1_000)
    assert found is not None and torch.equal(found, x), k
print("done")
"""


def test_two_processes_at_once(tmp_path):
    """Each writes the same file 30 times and reads it in between: never half a file, never a complaint."""
    command = [sys.executable, "-c", WRITER, str(tmp_path / "a.features")]
    root = Path(__file__).parent.parent
    both = [subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.communicate(timeout=120)[0] for process in both] == ["done\n"] * 2
    assert [path.name for path in tmp_path.iterdir()] == ["a.features"]


def test_backbone_without_a_vector_for_each_picture(split):
    with pytest.raises(CourseError, match=r"must return \(N, F\) features, got \(23, 3, 10, 10\)"):
        features(nn.Conv2d(3, 3, 3), Split(split.x.float(), split.y), cache=False)
