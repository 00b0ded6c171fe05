"""Where CIFAR-10 comes from: torchvision's files, the archive of recompressed JPEGs, torchvision's download.

===========================  ================================================================================
`cifar-10-batches-py/`       torchvision's own files in the data folder (`$COURSE_DATA`, or `data/`)
`cifar10-jpeg/`              in the data folder: `cifar10_jpeg.npz`, the JPEG bytes of all pictures in a file
download                     the first kind, into the user's cache; not with `COURSE_OFFLINE=1`
===========================  ================================================================================

The archive holds `jpeg_header` (bytes that all files begin with, may be empty), and for `train` and `test`:
`…_bytes` (what follows in each file, one after the other, uint8), `…_offsets` (N + 1 positions, int64),
`…_labels` (N, uint8); `classes` (names). Any reader can make one; the book's own is known by its SHA-256.
"""

from __future__ import annotations

import functools
import hashlib
import io
import math
import os
import pickle
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

import numpy as np

from helpers import places
from helpers.data import _download, _files, _tiers
from helpers.runtime import CourseError

BATCHES, ARCHIVE = "cifar-10-batches-py", "cifar10-jpeg/cifar10_jpeg.npz"
URL = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
ARCHIVE_SHA256 = "b3f8a56eeccfe080f4f6f3eb04da3b27bc031ebf9e8dc51e5956b97e341401d7"
DAMAGED = (OSError, ValueError, KeyError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error)
MOST = 100 * 2**20  # bytes of a file, and of what it unpacks to: the published ones have at most 31 million
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
# MD5 sums, because these are the ones that torchvision publishes for the single files.
MD5 = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
}


@dataclass(frozen=True)
class Source:
    """Labels (N,) uint8 of both parts, and `decode("train" | "test", indices)` → (n, 3, 32, 32) uint8."""

    tier: str
    y: np.ndarray
    y_test: np.ndarray
    classes: tuple[str, ...]
    decode: Callable[[str, np.ndarray], np.ndarray]
    note: str = ""


class NoPictures(CourseError):
    """There is no CIFAR-10 on this machine; `reason` is why, in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"CIFAR-10 is not here ({reason}): put {BATCHES}/ or {ARCHIVE} into the folder that COURSE_DATA "
            "names, connect to the internet, or use image_folder with pictures of your own."
        )
        self.reason = reason


def load(root: str | Path | None = None) -> Source:
    """CIFAR-10 from the tier in force; NoPictures, a CourseError, if there is none.

    A data folder without CIFAR-10 is no error, it may hold MNIST alone; damaged files in it are one.
    """
    tier = places.asked_tier()
    if root is None and tier == "embedded":
        raise NoPictures("COURSE_TIER is embedded, and no package ships these pictures")
    folder, origin = (os.environ.get("COURSE_DATA"), "COURSE_DATA") if root is None else (root, "root")
    chosen = places.expand(folder) if folder else _tiers.ROOT / "data"
    looked_at = root is not None or tier != "download"
    if looked_at and (found := _in_folder(chosen, origin if folder else "")):
        return found
    hint = _hint(chosen)
    if root is not None or tier == "folder":
        raise NoPictures(f"nothing in {chosen}{hint}")
    reason = _fetch(places.cache_folder())
    if reason:
        raise NoPictures(reason + (f"; nothing in {chosen}{hint}" if hint else ""))
    return _batches(places.cache_folder() / BATCHES, "download")


def _in_folder(root: Path, origin: str) -> Source | None:
    if origin:
        _files.demand_folder(root, origin)
    if (root / BATCHES).is_dir():
        return _batches(root / BATCHES, "folder")
    return _archive(root / ARCHIVE) if (root / ARCHIVE).exists() else None


def _hint(root: Path) -> str:
    """What lies in `root` in place of the pictures, as a clause; "" if nothing does."""
    if (root / "data_batch_1").exists():
        return f", but it is the folder {BATCHES} itself: name the one around it"
    return _files.lying_there(root, "cifar")


# -- torchvision's files


def _batches(folder: Path, tier: str) -> Source:
    """The six files of torchvision, each checked before it is read."""
    parts = [_batch(folder / name, md5) for name, md5 in MD5.items()]
    x = {"train": np.concatenate([x for x, _ in parts[:-1]]), "test": parts[-1][0]}
    y = np.concatenate([y for _, y in parts[:-1]])
    return Source(tier, y, parts[-1][1], CLASSES, lambda part, index: x[part][index])


def _batch(path: Path, md5: str) -> tuple[np.ndarray, np.ndarray]:
    """(n, 3, 32, 32) uint8 and (n,) uint8."""
    content = _files.content(path, MOST)
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != md5:
        raise CourseError(
            f"{path} is not the file that torchvision knows (MD5): fetch cifar-10-python.tar.gz again."
        )
    try:
        table = _Arrays(io.BytesIO(content), encoding="latin1").load()
        return table["data"].reshape(-1, 3, 32, 32), np.array(table["labels"], dtype=np.uint8)
    except (pickle.UnpicklingError, EOFError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise CourseError(f"{path} holds no pictures ({error}): fetch it again.") from error


class _Arrays(pickle.Unpickler):
    """A pickle can run any code; this reader knows plain values and NumPy's arrays only."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) in (("numpy", "ndarray"), ("numpy", "dtype")):
            return getattr(np, name)
        if name == "_reconstruct" and module in ("numpy.core.multiarray", "numpy._core.multiarray"):
            return np._core.multiarray._reconstruct
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")


# -- the archive of JPEG bytes


def _archive(path: Path) -> Source:
    content = _files.content(path, MOST)
    own = hashlib.sha256(content).hexdigest() == ARCHIVE_SHA256
    try:
        _files.demand_unpacked(path, io.BytesIO(content), MOST)
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            _demand_sizes(path, file)
            arrays = {name: file[name] for name in file.files}
        _demand_layout(arrays)
    except DAMAGED as error:
        raise CourseError(f"{path} is not an intact archive of JPEGs ({error}): fetch it again.") from error
    note = "recompressed as JPEG, so not bit for bit the published pictures"
    note += "" if own else "; an archive of your own, its content is not checked"
    y, y_test = arrays["train_labels"], arrays["test_labels"]
    names = tuple(map(str, arrays["classes"]))
    return Source("folder", y, y_test, names, functools.partial(_decode, path, arrays), note)


def _demand_sizes(path: Path, file: np.lib.npyio.NpzFile) -> None:
    """CourseError if an array is larger, by its header, than all the archive may unpack to."""
    for member in file.zip.namelist():
        with file.zip.open(member) as stream:
            old = np.lib.format.read_magic(stream) == (1, 0)
            of = np.lib.format
            shape, _, dtype = (of.read_array_header_1_0 if old else of.read_array_header_2_0)(stream)
        if math.prod(shape) * dtype.itemsize > MOST:
            raise CourseError(
                f"{path} holds an array {member} of the shape {shape}, which is too large: "
                "fetch the file again."
            )


def _demand_layout(arrays: dict[str, np.ndarray]) -> None:
    """ValueError or KeyError unless the arrays fit together."""
    for part in ("train", "test"):
        labels, offsets = arrays[f"{part}_labels"], arrays[f"{part}_offsets"]
        if offsets.dtype.kind not in "iu" or labels.dtype.kind not in "iu":
            raise ValueError(f"{part}_offsets and {part}_labels must be integers")
        if offsets.shape != (len(labels) + 1,) or len(labels) == 0:
            raise ValueError(f"{part}_offsets must be one longer than {part}_labels")
        if offsets[0] != 0 or (np.diff(offsets) < 0).any() or offsets[-1] != len(arrays[f"{part}_bytes"]):
            raise ValueError(f"{part}_offsets do not fit {part}_bytes")
        if labels.max() >= len(arrays["classes"]):
            raise ValueError(f"{part}_labels name a class that is not there")
    arrays["jpeg_header"].tobytes()


def _decode(path: Path, arrays: dict[str, np.ndarray], part: str, index: np.ndarray) -> np.ndarray:
    from PIL import Image

    header, content = arrays["jpeg_header"].tobytes(), arrays[f"{part}_bytes"].tobytes()
    offsets = arrays[f"{part}_offsets"].tolist()
    x = np.empty((len(index), 32, 32, 3), np.uint8)
    for row, i in enumerate(index.tolist()):
        file = io.BytesIO(header + content[offsets[i] : offsets[i + 1]])
        try:
            with Image.open(file, formats=("JPEG",)) as picture:
                x[row] = np.asarray(picture.convert("RGB"))
        except (OSError, ValueError) as error:
            what = f"Picture {i} of {part} in {path}"
            raise CourseError(f"{what} is damaged ({error}): fetch the file again.") from error
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2))


# -- the download


def _fetch(cache: Path) -> str:
    """See to it that `cache` holds torchvision's files; "" if it does, else the reason why not."""
    if (cache / BATCHES).is_dir():
        return ""
    if places.offline():
        return "COURSE_OFFLINE is set"
    return _attempt(cache, URL)


@functools.cache  # so that a machine without a network waits once, not at every call
def _attempt(cache: Path, url: str) -> str:
    """Download to a folder beside the final one, then rename: nobody ever sees half of it."""
    reason = _download.unreachable(url)
    if reason:
        return reason
    print("Downloading CIFAR-10 (170 MB), once …")
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as part, _download.socket_timeout(_download.WAIT):
            from torchvision.datasets import CIFAR10

            CIFAR10(part, download=True)  # checks the MD5 of the archive and of each file
            if not (cache / BATCHES).exists():  # another notebook may have been faster
                os.rename(Path(part) / BATCHES, cache / BATCHES)
    except (OSError, RuntimeError, ImportError, HTTPException) as error:
        return " ".join(str(error).split())
    return ""
