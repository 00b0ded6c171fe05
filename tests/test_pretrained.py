"""Oracles: torchvision's own networks and their outputs, files of weights made here."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
import torch
from synthetic_pictures import one_sentence

from helpers import models
from helpers.data import Dataset, Split
from helpers.models import _pretrained, _registry
from helpers.models._backbone import SHIPPED
from helpers.runtime import CourseError
from helpers.training import TrainConfig, features, fit

COURSE_DATA = os.environ.get("COURSE_DATA")  # as it was before the tests hide it
SQUEEZENET = "squeezenet1_0-deepcompression.pt"

pytestmark = pytest.mark.usefixtures("bare_machine", "offline")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    _registry._attempt.cache_clear()


def network(name: str, seed: int = 0) -> torch.nn.Module:
    from torchvision.models import get_model

    torch.manual_seed(seed)
    return get_model(name, weights=None).eval()


def write(folder: Path, file: str, name: str = "squeezenet1_0") -> torch.nn.Module:
    """A random network, and its weights in `folder`/`file`."""
    model = network(name)
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), folder / file)
    return model


def pictures(n: int, side: int = 64) -> torch.Tensor:
    random = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (n, 3, side, side), dtype=torch.uint8, generator=random)


def error(name: str = "squeezenet1_0") -> str:
    with pytest.raises(CourseError) as caught:
        models.pretrained(name)
    return one_sentence(caught.value)


# -- where the weights come from


def test_fresh_offline_machine_gets_the_shipped_backbone_and_is_told():
    found = models.pretrained()
    assert (found.name, found.source) == ("small", "shipped")
    assert (
        "instead of squeezenet1_0, whose weights are not here (COURSE_OFFLINE is set; no squeez" in found.note
    )
    assert "of its test pictures right" in found.describe()
    assert "\n" not in found.describe()


def test_folder(tmp_path, monkeypatch):
    path = tmp_path / "weights" / "squeezenet1_0-mine.pt"
    model = write(path.parent, path.name)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    found = models.pretrained()
    assert (found.name, found.source, len(found.classes)) == ("squeezenet1_0", "folder", 1_000)
    assert (
        found.sha256
        == hashlib.sha256((tmp_path / "weights" / "squeezenet1_0-mine.pt").read_bytes()).hexdigest()
    )
    assert "a file whose hash nobody published" in found.note
    assert found.classes[285] == "Egyptian cat"
    x = found.pipeline_at(64)(pictures(2))
    with torch.no_grad():
        assert torch.equal(found.model(x), model(x))
    monkeypatch.setenv("COURSE_TIER", "embedded")
    assert models.pretrained().source == "shipped"
    monkeypatch.setenv("COURSE_TIER", "download")
    assert models.pretrained().source == "shipped"


def test_torchs_own_cache_comes_first(tmp_path, monkeypatch):
    write(tmp_path / "weights", "squeezenet1_0-mine.pt")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    url = _registry.weights("squeezenet1_0").url
    cache = tmp_path / "torch" / "hub" / "checkpoints"
    write(cache, "any.pth")
    sha = hashlib.sha256((cache / "any.pth").read_bytes()).hexdigest()
    (cache / url.rpartition("/")[2]).write_bytes((cache / "any.pth").read_bytes())
    assert "was altered" in error()  # its name carries another hash
    monkeypatch.setenv("COURSE_TIER", "folder")
    assert models.pretrained().source == "folder"
    monkeypatch.delenv("COURSE_TIER")
    monkeypatch.setattr(_registry, "hash_in", lambda name: sha[:8])
    found = models.pretrained()
    assert (found.name, found.source, found.sha256, found.note) == ("squeezenet1_0", "torchvision", sha, "")


def test_download_where_there_is_a_network(tmp_path, monkeypatch):
    """torch's downloader on a file: URL stands for the network; a wrong hash leaves nothing behind."""
    write(tmp_path, "made.pth")
    sha = hashlib.sha256((tmp_path / "made.pth").read_bytes()).hexdigest()
    monkeypatch.delenv("COURSE_OFFLINE")
    for name, works in ((f"net-{sha[:8]}.pth", True), ("net-00000000.pth", False)):
        (tmp_path / "made.pth").rename(tmp_path / name)
        path, reason = _registry.fetch((tmp_path / name).as_uri())
        assert (path is not None) == works
        assert works == (reason == "")
        (tmp_path / name).rename(tmp_path / "made.pth")
    names = [p.name for p in (tmp_path / "torch" / "hub" / "checkpoints").iterdir()]
    assert names == [f"net-{sha[:8]}.pth"]
    assert "invalid hash value" in reason


def test_unreachable_server(monkeypatch):
    monkeypatch.delenv("COURSE_OFFLINE")
    path, reason = _registry.fetch("http://nobody.invalid/net.pth")
    assert path is None
    assert reason.startswith("no connection")


def test_a_file_for_another_network_is_not_taken(tmp_path, monkeypatch):
    folder = tmp_path / "weights"
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    folder.mkdir()
    for name in ("squeezenet1_0x.pt", "squeezenet1_0.txt", "squeezenet1_1.pt"):
        (folder / name).write_text("")
    assert models.pretrained().source == "shipped"


# -- files that cannot be used


def test_altered_weights_of_a_known_name(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    for file in (SQUEEZENET, "squeezenet1_0-b66bff10.pth"):
        write(tmp_path / "weights", file)
        assert f"{file} was altered (its SHA-256 is not the known one)" in error()
        (tmp_path / "weights" / file).unlink()


class Hostile:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return os.mkdir, (str(self.path),)


def test_weights_cannot_run_code(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    path = tmp_path / "weights" / "squeezenet1_0.pt"
    path.parent.mkdir()
    for content, message in (
        (Hostile(tmp_path / "created"), "is no intact file of weights"),
        ([1, 2], "holds no state dict"),
        ({"a": 1}, "holds no state dict"),
        ({"a": torch.ones(1)}, "holds no weights of squeezenet1_0"),
    ):
        torch.save(content, path)
        assert message in error()
    assert not (tmp_path / "created").exists()
    write(tmp_path / "weights", "squeezenet1_0.pt")
    path.write_bytes(path.read_bytes()[:-5_000])
    assert "is no intact file of weights" in error()


def test_names_that_torchvision_does_not_know():
    assert "torchvision knows no network 'squeezenet'" in error("squeezenet")


def test_altered_shipped_weights(tmp_path, monkeypatch):
    for file in SHIPPED.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    state = torch.load(tmp_path / "small.pt", weights_only=True)
    torch.save({name: value + 1 for name, value in state.items()}, tmp_path / "small.pt")
    monkeypatch.setattr(_pretrained, "SHIPPED", tmp_path)
    assert "was altered (SHA-256)" in error("small")
    (tmp_path / "small.json").unlink()
    assert "small.json cannot be read" in error("small")


# -- what comes back


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v3_small", "shufflenet_v2_x0_5", "squeezenet1_1"])
def test_backbone_is_the_network_without_its_last_layer(name):
    model = network(name)
    backbone, n_features = _registry.backbone(name, model)
    x = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        z, logits = backbone(x), model(x)
        assert z.shape == (2, n_features)
        if name.startswith("squeezenet"):
            last = model.classifier[1]
            cells = torch.relu(last(model.features(x))).mean((2, 3))
            assert torch.allclose(cells, logits, atol=1e-5)
            assert torch.allclose(model.features(x).mean((2, 3)), z, atol=1e-5)
        else:
            last = [m for m in model.modules() if isinstance(m, torch.nn.Linear)][-1]
            assert torch.allclose(last(z), logits, atol=1e-5)
    theirs = {id(w) for w in model.parameters()}
    assert all(id(w) in theirs for w in backbone.parameters())  # shared, not copied


def test_pipeline_is_that_of_the_weights(tmp_path, monkeypatch):
    from torchvision.models import SqueezeNet1_0_Weights

    write(tmp_path / "weights", "squeezenet1_0.pt")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    found = models.pretrained()
    x = torch.rand(1, 3, 300, 280)
    assert torch.allclose(found.pipeline(x), SqueezeNet1_0_Weights.DEFAULT.transforms()(x), atol=1e-5)
    small = found.pipeline_at(64)
    assert (small.mean, small.std) == (found.pipeline.mean, found.pipeline.std)
    assert small(x).shape == (1, 3, 64, 64)


def data() -> Dataset:
    x = pictures(40, 32)
    y = torch.arange(40) % 2
    x[y == 1, 0] //= 4
    parts = [Split(x[:20], y[:20]), Split(x[20:30], y[20:30]), Split(x[30:], y[30:])]
    return Dataset("two colours", "embedded", *parts, ("a", "b"))


def test_classifier_frozen_and_not():
    found, random = models.pretrained("small"), torch.Generator().manual_seed(0)
    before = {name: value.clone() for name, value in found.model.state_dict().items()}
    for frozen in (True, False):
        network = found.classifier(2, frozen=frozen, generator=random)
        start = {name: value.clone() for name, value in network.state_dict().items()}
        fit(network, data(), TrainConfig(lr=1e-3, batch_size=10, epochs=2, optimiser="adam"))
        moved = {name for name, value in network.state_dict().items() if not torch.equal(value, start[name])}
        assert moved == ({"head.weight", "head.bias"} if frozen else set(start))
    assert all(torch.equal(value, before[name]) for name, value in found.model.state_dict().items())


def test_frozen_training_on_features_is_training_behind_the_backbone(tmp_path):
    found, config = (
        models.pretrained("small"),
        TrainConfig(lr=1e-2, batch_size=10, epochs=5, optimiser="adam"),
    )
    usual = found.classifier(2, generator=torch.Generator().manual_seed(3))
    fit(usual, data(), config)
    head = models.linear(found.n_features, 2, generator=torch.Generator().manual_seed(3))
    parts = [
        features(found.backbone, split, found.pipeline, cache=tmp_path)
        for split in (data().train, data().valid, data().test)
    ]
    fit(head, Dataset("features", "embedded", *parts, ("a", "b")), config)
    assert torch.allclose(head.weight, usual.head.weight, atol=1e-4)
    assert not torch.allclose(head.weight, torch.zeros(1), atol=1e-2)


def test_classifier_in_chunks_equals_the_whole():
    found = models.pretrained("small")
    network = found.classifier(3, side=32, generator=torch.Generator().manual_seed(0)).eval()
    x = pictures(_pretrained.CHUNK + 7, 32)
    with torch.no_grad():
        chunked = network(x)
    assert torch.allclose(chunked, network(x), atol=1e-5)


@pytest.mark.skipif(
    not COURSE_DATA or not (Path(COURSE_DATA) / "weights" / SQUEEZENET).is_file(), reason="needs the weights"
)
def test_published_squeezenet_names_a_photograph(monkeypatch):
    from helpers.data import photographs

    monkeypatch.setenv("COURSE_DATA", COURSE_DATA)
    found = models.pretrained()
    assert found.note == SQUEEZENET  # its SHA-256 is known
    goldfish = photographs(n=1)[0]
    with torch.no_grad():
        assert found.model(found.pipeline(goldfish.image)[None]).argmax().item() == goldfish.label == 1
