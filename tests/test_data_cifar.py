"""Oracles: torchvision's own CIFAR-10 reader, Pillow on the JPEG files that went into the archive.

Only the last test needs the real pictures: it runs where `COURSE_DATA` holds the archive.
"""

from __future__ import annotations

import functools
import hashlib
import os
import tarfile
import threading
from collections.abc import Iterator
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import numpy as np
import pytest
import torch
from synthetic_pictures import CLASSES, archive, batches, one_sentence, put_batch, write_archive

from helpers.data import NoPictures, _cifar_tiers, cifar10, transfer_images
from helpers.runtime import CourseError

COURSE_DATA = os.environ.get("COURSE_DATA")  # as it was before the tests hide it

pytestmark = pytest.mark.usefixtures("bare_machine")


def error(**arguments: object) -> str:
    with pytest.raises(CourseError) as caught:
        cifar10(**arguments)
    return one_sentence(caught.value)


def test_torchvisions_files_agree_with_its_reader(tmp_path, monkeypatch):
    from torchvision.datasets import CIFAR10

    batches(tmp_path, monkeypatch)
    data = cifar10(tmp_path, n_valid=15)
    train, test = CIFAR10(str(tmp_path), train=True), CIFAR10(str(tmp_path), train=False)
    x, y = torch.cat((data.train.x, data.valid.x)), torch.cat((data.train.y, data.valid.y))
    assert np.array_equal(x.permute(0, 2, 3, 1).numpy(), train.data)
    assert (y.tolist(), data.test.y.tolist()) == (train.targets, test.targets)
    assert np.array_equal(data.test.x.permute(0, 2, 3, 1).numpy(), test.data)
    assert (data.tier, data.classes, x.dtype, y.dtype) == ("folder", CLASSES, torch.uint8, torch.int64)
    assert (len(data.train), len(data.valid), data.note) == (35, 15, "")


def test_archive_agrees_with_pillow(tmp_path, monkeypatch):
    expected = archive(tmp_path)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    data = cifar10(n_train=30, n_valid=20, n_test=7)
    found = {"train": data.train, "test": data.test}
    for part, n in (("train", 30), ("test", 7)):
        assert np.array_equal(found[part].x.permute(0, 2, 3, 1).numpy(), expected[part][:n])
        assert found[part].y.tolist() == [i % 10 for i in range(n)]
    assert np.array_equal(data.valid.x.permute(0, 2, 3, 1).numpy(), expected["train"][-20:])
    assert "not bit for bit" in data.note
    assert "an archive of your own" in data.describe()


def test_classes_are_selected_and_relabelled_in_the_order_asked_for(tmp_path):
    expected = archive(tmp_path)
    data = cifar10(tmp_path, n_valid=20, classes=("cat", "bird"))
    assert data.classes == ("cat", "bird")
    assert data.train.y.tolist() == [1, 0] * 4  # birds have the label 2, cats 3; 40 training pictures
    assert np.array_equal(data.train.x[1].permute(1, 2, 0).numpy(), expected["train"][3])
    assert error(root=tmp_path, n_valid=20, classes=("cat", "mouse")).startswith("Unknown class 'mouse'")
    for wrong in ((), ("cat", "cat"), "cat"):
        assert "must name different classes" in error(root=tmp_path, n_valid=20, classes=wrong)
    assert "None of the 2 train pictures" in error(root=tmp_path, n_train=2, n_valid=20, classes=("cat",))


@pytest.mark.parametrize(
    "sizes",
    [{"n_train": 0}, {"n_valid": 0}, {"n_test": 0}, {"n_test": 21}, {"n_train": 41}, {"n_valid": 61}],
)
def test_sizes_that_do_not_fit(tmp_path, sizes):
    archive(tmp_path)
    assert "Cannot cut" in error(root=tmp_path, **({"n_valid": 20} | sizes))


def test_only_what_is_asked_for_is_decoded(tmp_path, monkeypatch):
    from PIL import Image

    archive(tmp_path)
    opened, open_ = [], Image.open
    monkeypatch.setattr(Image, "open", lambda *a, **k: opened.append(1) or open_(*a, **k))
    cifar10(tmp_path, n_train=5, n_valid=3, n_test=2)
    assert len(opened) == 10


# -- without pictures


def test_without_pictures_one_sentence_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    message = error()
    for word in (
        "COURSE_OFFLINE is set",
        "cifar-10-batches-py",
        "cifar10_jpeg.npz",
        "COURSE_DATA",
        "image_folder",
    ):
        assert word in message
    (tmp_path / "mine").mkdir()
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "mine"))  # it may hold MNIST only: no error of its own
    assert "COURSE_OFFLINE is set" in error()
    monkeypatch.setenv("COURSE_TIER", "folder")
    assert f"nothing in {tmp_path / 'mine'}" in error()
    monkeypatch.setenv("COURSE_TIER", "embedded")
    assert "no package ships these pictures" in error()
    monkeypatch.setenv("COURSE_TIER", "cloud")
    assert "Unknown tier 'cloud'" in error()


def test_unreachable_server_and_folder_that_does_not_exist(monkeypatch, tmp_path):
    with pytest.raises(NoPictures, match="no connection"):
        cifar10()
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "nowhere"))
    assert "does not exist" in error()


def test_transfer_images_falls_back_to_the_digits_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_TIER", "embedded")
    data = transfer_images(n_train=1_000, n_valid=200, n_test=100)
    assert (len(data.train), len(data.valid), len(data.test)) == (1_000, 200, 100)
    assert (data.train.x.shape[1:], data.train.x.dtype) == ((3, 32, 32), torch.uint8)
    assert "digits instead of CIFAR-10 (COURSE_TIER is embedded" in data.describe()
    from helpers.data import mnist

    plain = mnist(n_train=1_000, n_valid=200)
    assert torch.equal(data.train.x[:, 1, 2:-2, 2:-2], (plain.train.x[:, 0] * 255).round().to(torch.uint8))
    assert data.train.x[..., :2].max() == 0
    monkeypatch.delenv("COURSE_TIER")
    archive(tmp_path)
    assert transfer_images(tmp_path, n_valid=20).name == "CIFAR-10"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def offered(tmp_path, monkeypatch) -> Iterator[Path]:
    """An archive like the published one, offered by a web server on this machine; its path."""
    from torchvision.datasets import CIFAR10

    batches(tmp_path / "theirs", monkeypatch)
    path = tmp_path / "theirs" / "cifar-10-python.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        tar.add(tmp_path / "theirs" / _cifar_tiers.BATCHES, arcname=_cifar_tiers.BATCHES)
    monkeypatch.setattr(CIFAR10, "tgz_md5", hashlib.md5(path.read_bytes()).hexdigest())
    server = HTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=path.parent))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/{path.name}"
    monkeypatch.setattr(CIFAR10, "url", url)
    monkeypatch.setattr(_cifar_tiers, "URL", url)
    _cifar_tiers._attempt.cache_clear()
    yield path
    server.shutdown()
    server.server_close()


def test_download_once_then_from_the_cache(offered, tmp_path, capsys):
    data = cifar10(n_valid=10)
    assert (data.tier, len(data.train)) == ("download", 40)
    assert capsys.readouterr().out.startswith("Downloading CIFAR-10 (170 MB), once …\n")
    cache = tmp_path / "cache" / "show-your-work"
    assert [path.name for path in cache.iterdir()] == [_cifar_tiers.BATCHES]
    offered.unlink()
    _cifar_tiers._attempt.cache_clear()
    assert torch.equal(cifar10(n_valid=10).train.x, data.train.x)
    assert capsys.readouterr().out == ""


def test_broken_download_leaves_nothing_behind(offered, tmp_path):
    offered.write_bytes(offered.read_bytes()[:5_000])
    assert "File not found or corrupted" in error()
    assert list((tmp_path / "cache" / "show-your-work").iterdir()) == []


# -- damaged files are errors, and never a reason to take other data


def test_altered_batch_is_named(tmp_path, monkeypatch):
    batches(tmp_path, monkeypatch)
    path = tmp_path / "cifar-10-batches-py" / "data_batch_3"
    content = bytearray(path.read_bytes())
    content[500] ^= 1
    path.write_bytes(content)
    assert f"{path} is not the file that torchvision knows (MD5)" in error(root=tmp_path)
    path.unlink()
    assert f"{path} cannot be read" in error(root=tmp_path)


class Hostile:
    """Unpickled by pickle.load it would create a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize(
    "content", ["hostile", {"nothing": 1}, 3, {"data": np.zeros(5, np.uint8), "labels": []}]
)
def test_a_batch_cannot_run_code(tmp_path, monkeypatch, content):
    batches(tmp_path, monkeypatch)
    content = Hostile(tmp_path / "created") if content == "hostile" else content
    put_batch(tmp_path / "cifar-10-batches-py" / "test_batch", content, monkeypatch)
    assert "holds no pictures" in error(root=tmp_path)
    assert not (tmp_path / "created").exists()


def change(name: str, value: object) -> dict[str, object]:
    return {name: np.array(value)}


@pytest.mark.parametrize(
    ("altered", "message"),
    [
        (change("train_labels", [11] * 60), "name a class that is not there"),
        (change("train_offsets", [0.5] * 61), "must be integers"),
        (change("train_offsets", range(60)), "one longer than"),
        (change("test_offsets", range(21)), "do not fit test_bytes"),
        (change("test_offsets", [0, 9, 5, *range(6, 24)]), "do not fit test_bytes"),
        ({"test_labels": None}, "test_labels"),
        (change("classes", [{"a": 1}]), "pickle"),
    ],
)
def test_archive_whose_arrays_do_not_fit(tmp_path, altered, message):
    archive(tmp_path)
    path = tmp_path / "cifar10-jpeg" / "cifar10_jpeg.npz"
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files} | altered
    write_archive(tmp_path, {name: value for name, value in arrays.items() if value is not None})
    found = error(root=tmp_path, n_valid=20)
    assert "is not an intact archive of JPEGs" in found
    assert message in found


@pytest.mark.parametrize("cut", [0, 100, 5_000])
def test_archive_cut_short(tmp_path, cut):
    archive(tmp_path)
    path = tmp_path / "cifar10-jpeg" / "cifar10_jpeg.npz"
    path.write_bytes(path.read_bytes()[:cut])
    assert "is not an intact archive of JPEGs" in error(root=tmp_path, n_valid=20)


def test_picture_that_is_no_jpeg_is_named(tmp_path):
    archive(tmp_path)
    path = tmp_path / "cifar10-jpeg" / "cifar10_jpeg.npz"
    with np.load(path) as file:
        arrays = {name: file[name].copy() for name in file.files}
    first, last = arrays["train_offsets"][4:6]
    arrays["train_bytes"][first:last] = 0
    write_archive(tmp_path, arrays)
    assert "Picture 4 of train" in error(root=tmp_path, n_valid=20)
    assert len(cifar10(tmp_path, n_train=4, n_valid=20).train) == 4


@pytest.mark.skipif(
    not COURSE_DATA or not (Path(COURSE_DATA) / _cifar_tiers.ARCHIVE).is_file(), reason="needs the archive"
)
def test_published_archive():
    data = cifar10(COURSE_DATA, n_train=1_000, n_valid=500, n_test=500)
    assert "of your own" not in data.note  # its SHA-256 is known
    assert data.train.y.bincount().tolist() == [100] * 10
    assert data.train.x.float().mean().item() / 255 == pytest.approx(0.473, abs=0.01)
