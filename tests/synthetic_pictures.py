"""Small picture files and a small CIFAR-10 in both of its file formats, for the tests of `helpers.data`."""

from __future__ import annotations

import hashlib
import io
import pickle
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def noise(n: int, seed: int = 0) -> np.ndarray:
    """(n, 32, 32, 3) uint8, smooth enough for JPEG to keep them apart."""
    coarse = np.random.default_rng(seed).integers(0, 256, (n, 4, 4, 3), dtype=np.uint8)
    return coarse.repeat(8, 1).repeat(8, 2)


def jpeg(picture: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=75)
    return stream.getvalue()


def archive(root: Path, n: int = 60, n_test: int = 20) -> dict[str, np.ndarray]:
    """Write `root`/cifar10-jpeg/cifar10_jpeg.npz; the pictures that went in, (n, 32, 32, 3), by part."""
    pictures = {"train": noise(n, 1), "test": noise(n_test, 2)}
    arrays: dict[str, np.ndarray] = {"classes": np.array(CLASSES)}
    files = {part: [jpeg(x) for x in xs] for part, xs in pictures.items()}
    header = files["train"][0][:100]
    arrays["jpeg_header"] = np.frombuffer(header, np.uint8)
    for part, contents in files.items():
        assert all(content.startswith(header) for content in contents)
        pieces = [content[len(header) :] for content in contents]
        arrays[f"{part}_bytes"] = np.frombuffer(b"".join(pieces), np.uint8)
        arrays[f"{part}_offsets"] = np.cumsum([0, *map(len, pieces)])
        arrays[f"{part}_labels"] = (np.arange(len(pieces)) % 10).astype(np.uint8)
    write_archive(root, arrays)
    return {part: np.stack([decoded(content) for content in contents]) for part, contents in files.items()}


def write_archive(root: Path, arrays: dict[str, np.ndarray]) -> Path:
    path = root / "cifar10-jpeg" / "cifar10_jpeg.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)
    return path


def decoded(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)))


def batches(root: Path, monkeypatch: pytest.MonkeyPatch, n: int = 10) -> dict[str, np.ndarray]:
    """Write torchvision's six files with n pictures each, and let them be the published ones."""
    from torchvision.datasets import CIFAR10

    from helpers.data import _cifar_tiers

    folder, found = root / "cifar-10-batches-py", {}
    folder.mkdir(parents=True)
    for k, name in enumerate(_cifar_tiers.MD5):
        x = noise(n, 10 + k).transpose(0, 3, 1, 2)
        labels = np.random.default_rng(k).permutation(np.arange(n) % 10).tolist()
        put_batch(folder / name, {"data": x.reshape(n, -1), "labels": labels}, monkeypatch)
        found[name] = x
    meta = pickle.dumps({"label_names": list(CLASSES)})
    (folder / "batches.meta").write_bytes(meta)
    monkeypatch.setitem(CIFAR10.meta, "md5", hashlib.md5(meta).hexdigest())
    sums = _cifar_tiers.MD5
    monkeypatch.setattr(
        CIFAR10, "train_list", [[f"data_batch_{k}", sums[f"data_batch_{k}"]] for k in range(1, 6)]
    )
    monkeypatch.setattr(CIFAR10, "test_list", [["test_batch", sums["test_batch"]]])
    return found


def put_batch(path: Path, content: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pickle that counts as the published file."""
    from helpers.data import _cifar_tiers

    stream = io.BytesIO()
    _Python2(stream, protocol=2).dump(content)
    path.write_bytes(stream.getvalue().replace(b"numpy._core", b"numpy.core"))
    monkeypatch.setitem(_cifar_tiers.MD5, path.name, hashlib.md5(path.read_bytes()).hexdigest())


class _Python2(pickle._Pickler):
    """Bytes as Python 2 wrote them, and so the published files: opcode T, length, bytes."""

    def _save_bytes(self, value: bytes) -> None:
        self.write(b"T" + struct.pack("<i", len(value)) + value)

    dispatch = pickle._Pickler.dispatch | {bytes: _save_bytes}


def one_sentence(error: BaseException) -> str:
    """The message of a CourseError: one sentence, on one line."""
    message = str(error)
    assert message.endswith("."), message
    assert "\n" not in message, message
    return message


RED, SIZE = (200, 40, 80), (24, 16)  # width, height


def saved(path: Path, picture: Image.Image, **options: object) -> Path:
    picture.save(path, **options)
    return path


def bomb(path: Path, width: int, height: int) -> Path:
    """A PNG of a few bytes whose header promises width × height pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1_000)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


def broken(folder: Path) -> dict[str, str]:
    """{file that is no picture: what is said of it}."""
    whole = jpeg(noise(1)[0].repeat(8, 0).repeat(8, 1))
    contents = {
        "cut.jpg": (whole[: len(whole) // 2], "damaged or cut short"),
        "empty.jpg": (b"", "not a picture"),
        "page.png": (b"<html>not found</html>", "not a picture"),
        "notes.txt": (b"hello", "not a picture"),
        "vector.eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
        "header.png": (b"\x89PNG\r\n\x1a\n", "not a picture"),
    }
    for name, (content, _) in contents.items():
        (folder / name).write_bytes(content)
    bomb(folder / "bomb.png", 9_000, 9_000)
    (folder / "folder.jpg").mkdir()
    found = {name: message for name, (_, message) in contents.items()}
    return found | {"bomb.png": "more than the 50 million allowed", "folder.jpg": "a folder, not a file"}
