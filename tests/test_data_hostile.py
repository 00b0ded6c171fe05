"""What readers find or put in place of data. Each ends soon, in little memory and in one sentence.

Oracles: the clock, `tracemalloc`, and the files as they are.
"""

from __future__ import annotations

import gzip
import io
import os
import struct
import threading
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from synthetic_mnist import write
from synthetic_pictures import archive, batches, one_sentence, saved
from torchvision import models as _loaded  # noqa: F401  before anything is timed

from helpers import models
from helpers.data import _download as download
from helpers.data import cifar10, image_folder, mnist, photographs, transfer_images
from helpers.runtime import CourseError

pytestmark = pytest.mark.usefixtures("bare_machine")
MEGABYTE = 2**20
SECONDS = 30.0


def refused(act: Callable[[], object]) -> str:
    """The one sentence with which `act` ends, within SECONDS and 200 MB."""
    found: list[object] = []

    def run() -> None:
        try:
            found.append(act())
        except BaseException as error:
            found.append(error)

    tracemalloc.start()
    try:
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(SECONDS)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found, "it never ends"
    assert isinstance(found[0], CourseError), repr(found[0])
    assert peak < 200 * MEGABYTE
    return one_sentence(found[0])


# -- pipes and devices


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def huge(path: Path) -> None:
    """Five gigabytes that take no room on the disk."""
    with path.open("wb") as file:
        file.truncate(5 * 2**30)


@pytest.mark.parametrize("kind", [pipe, endless, huge])
class TestInThePlaceOfAFile:
    def said(self, kind: Callable[[Path], None]) -> str:
        return "has 5,368,709,120 bytes" if kind is huge else "is a pipe or a device, not a file"

    @pytest.mark.parametrize("gz", [True, False])
    def test_idx(self, kind, gz, small, arrays, tmp_path):
        root = write(tmp_path / "data", arrays, gz=gz)
        path = root / "MNIST" / "raw" / ("train-labels-idx1-ubyte" + ".gz" * gz)
        path.unlink()
        kind(path)
        message = refused(lambda: mnist(root, n_valid=10))
        assert f"{path} {self.said(kind)}" in message

    def test_cifar_batch(self, kind, tmp_path, monkeypatch):
        batches(tmp_path, monkeypatch)
        path = tmp_path / "cifar-10-batches-py" / "data_batch_2"
        path.unlink()
        kind(path)
        assert f"{path} {self.said(kind)}" in refused(lambda: cifar10(tmp_path))

    def test_cifar_archive(self, kind, tmp_path):
        path = tmp_path / "cifar10-jpeg" / "cifar10_jpeg.npz"
        path.parent.mkdir()
        kind(path)
        assert f"{path} {self.said(kind)}" in refused(lambda: cifar10(tmp_path))

    def test_weights(self, kind, tmp_path, monkeypatch):
        monkeypatch.setenv("COURSE_DATA", str(tmp_path))
        monkeypatch.setenv("COURSE_OFFLINE", "1")
        path = tmp_path / "weights" / "squeezenet1_0.pt"
        path.parent.mkdir()
        kind(path)
        assert f"{path} {self.said(kind)}" in refused(lambda: models.pretrained("squeezenet1_0"))

    def test_labels_of_photographs(self, kind, tmp_path):
        saved(tmp_path / "a.png", Image.new("RGB", (8, 8)))
        kind(tmp_path / "labels.csv")
        assert f"labels.csv {self.said(kind)}" in refused(lambda: photographs(tmp_path))

    def test_pictures_of_a_folder(self, kind, tmp_path):
        for name in ("a", "b"):
            (tmp_path / "train" / name).mkdir(parents=True)
            for k in range(3):
                saved(tmp_path / "train" / name / f"{k}.png", Image.new("RGB", (8, 8)))
        kind(tmp_path / "train" / "a" / "x.png")
        data = image_folder(tmp_path, size=4)
        said = "not a picture" if kind is huge else "a pipe or a device, not a file"
        assert data.note.startswith(f"1 of 7 files left out: train/a/x.png ({said}")


# -- files that unpack to much


def zeros(path: Path, head: bytes, megabytes: int) -> None:
    """A .gz of `head` and so many million zeros: one small part again and again."""
    part = gzip.compress(bytes(16 * MEGABYTE), 9)
    path.write_bytes(gzip.compress(head) + part * (megabytes // 16))


@pytest.mark.parametrize(
    "head",
    [
        b"",
        struct.pack(">4I", 0x803, 60, 28, 28),
        struct.pack(">4I", 0x803, 2**31, 1, 1),
        struct.pack(">4I", 0x803, 2**32 - 1, 2**32 - 1, 2**32 - 1),
    ],
    ids=["no header", "a small one", "two gigabytes", "beyond all numbers"],
)
def test_two_gigabytes_in_a_gz_are_not_unpacked(head, small, arrays, tmp_path):
    root = write(tmp_path / "data", arrays, gz=True)
    path = root / "MNIST" / "raw" / "train-images-idx3-ubyte.gz"
    zeros(path, head, 2_048)
    message = refused(lambda: mnist(root, n_valid=10))
    assert str(path) in message
    assert "is not the IDX file expected" in message or "do not fit its header" in message


def npz(path: Path, members: dict[str, bytes]) -> None:
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, content in members.items():
            file.writestr(name, content)


def npy(shape: str, content: bytes = b"") -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        stream, {"descr": "|u1", "fortran_order": False, "shape": (int(shape),)}
    )
    return stream.getvalue() + content


@pytest.mark.parametrize("member", [
    ("300000000", bytes(300_000_000)), ("999999999999", b""), ("999999999999", bytes(1_000)),
], ids=["300 MB of zeros", "only a header", "a header that lies"])  # fmt: skip
def test_an_archive_that_unpacks_to_much_is_refused(member, tmp_path):
    path = tmp_path / "cifar10-jpeg" / "cifar10_jpeg.npz"
    npz(path, {"jpeg_header.npy": npy("0"), "train_bytes.npy": npy(*member)})
    message = refused(lambda: cifar10(tmp_path))
    assert message.startswith(str(path))
    assert "unpacks to 300,000" in message or "which is too large" in message


def test_weights_that_unpack_to_much_are_refused_and_packed_little_ones_too(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    plain, path = tmp_path / "plain.pt", tmp_path / "weights" / "squeezenet1_0.pt"
    torch.save({"w": torch.zeros(5_000_000)}, plain)
    with zipfile.ZipFile(plain) as file:
        npz(path, {member: file.read(member) for member in file.namelist()})
    assert "squeezenet1_0.pt unpacks to 20,0" in refused(lambda: models.pretrained("squeezenet1_0"))


# -- what lies beside the place


@pytest.mark.parametrize(
    "act",
    [
        mnist,
        cifar10,
        transfer_images,
        photographs,
        lambda: models.pretrained("squeezenet1_0"),
    ],
)
def test_a_data_folder_that_is_a_file_is_called_one(act, tmp_path, monkeypatch):
    (tmp_path / "MNIST.zip").write_bytes(b"PK")
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "MNIST.zip"))
    assert "MNIST.zip (COURSE_DATA) is a file: name a folder, and unpack the file" in refused(act)
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "nowhere"))
    assert "nowhere (COURSE_DATA) does not exist" in refused(act)


@pytest.mark.parametrize("name", ["MNIST.tar.gz", "mnist.ZIP", "data.tgz"])
def test_an_archive_in_the_place_of_mnist_is_named(name, tmp_path):
    (tmp_path / name).write_bytes(b"")
    assert f"but {name} lies there and must be unpacked" in refused(lambda: mnist(tmp_path))
    (tmp_path / "inner" / "MNIST").mkdir(parents=True)
    (tmp_path / "inner" / "MNIST" / name).write_bytes(b"")
    assert f"but {name} lies there and must be unpacked" in refused(lambda: mnist(tmp_path / "inner"))


def test_what_lies_in_the_place_of_cifar_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_OFFLINE", "1")
    (tmp_path / "cifar-10-python.tar.gz").write_bytes(b"")
    (tmp_path / "cifar-10-batches-bin").mkdir()
    for act in (lambda: cifar10(tmp_path), cifar10):
        monkeypatch.setenv("COURSE_DATA", str(tmp_path))
        message = refused(act)
        assert "cifar-10-python.tar.gz lies there and must be unpacked" in message
        assert "the folder cifar-10-batches-bin is not the one that is read" in message
    archive(tmp_path / "whole")
    (tmp_path / "whole" / "cifar-10-python.tar.gz").write_bytes(b"")
    assert len(cifar10(tmp_path / "whole", n_valid=20).train) == 40
    batches(tmp_path / "deep", monkeypatch)
    inner = tmp_path / "deep" / "cifar-10-batches-py"
    assert "it is the folder cifar-10-batches-py itself" in refused(lambda: cifar10(inner))


# -- folders of pictures


def shades(root: Path, *parts: str) -> None:
    for k, part in enumerate(parts):
        for shade, name in ((10, "a"), (240, "b")):
            (root / part / name).mkdir(parents=True)
            for n in range(k + 3):
                saved(root / part / name / f"{n}.png", Image.new("RGB", (8, 8), (shade, k, n)))


@pytest.mark.parametrize(
    "parts", [("train", "val", "Test"), ("Train", "validation", "TEST"), ("training", "Valid", "testing")]
)
def test_folders_are_known_by_their_usual_names(parts, tmp_path):
    shades(tmp_path, *parts)
    data = image_folder(tmp_path, size=4)
    assert [len(s) for s in (data.train, data.valid, data.test)] == [6, 8, 10]
    assert [set(s.x[:, 1].flatten().tolist()) for s in (data.train, data.valid, data.test)] == [{0}, {1}, {2}]
    assert data.note == ""


def test_folders_that_mean_the_same_and_folders_that_mean_nothing(tmp_path, capsys):
    shades(tmp_path, "train", "val", "extra", "holdout")
    (tmp_path / "__MACOSX").mkdir()
    data = image_folder(tmp_path, size=4)
    assert data.note == "not used: the folders extra, holdout"
    assert data.note in capsys.readouterr().out
    assert len(data.valid) == 8
    (tmp_path / "valid").mkdir()
    assert "has val and valid, which mean the same" in refused(lambda: image_folder(tmp_path))


def test_an_archive_in_the_place_of_the_folders_is_named(tmp_path):
    (tmp_path / "pets.zip").write_bytes(b"")
    assert "but pets.zip lies there and must be unpacked" in refused(lambda: image_folder(tmp_path))


# -- proxies that are no address


@pytest.mark.parametrize(
    "proxy", ["http://proxy.example.edu:port", "http://[::1", "nonsense", "http://:0", " "]
)
def test_a_proxy_that_is_no_address_is_a_reason_and_no_traceback(proxy, monkeypatch, capfd):
    monkeypatch.setenv("https_proxy", proxy)
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.setattr(download, "WAIT", 20.0)
    for url in ("https://nobody.invalid/file", "http://nobody.invalid/file"):
        assert download.unreachable(url).startswith("no connection: ")
    assert "Traceback" not in capfd.readouterr().err
