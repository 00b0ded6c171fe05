"""Writing MNIST's files byte by byte, and damaging them, for the tests of `helpers.data`."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest


def idx(array: np.ndarray) -> bytes:
    """The IDX format, from its description: magic number, sizes, bytes."""
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def write(root: Path, arrays: dict[str, np.ndarray], *, gz: bool) -> Path:
    """The files in torchvision's layout below `root`, plain or as .gz; returns `root`."""
    folder = root / "MNIST" / "raw"
    folder.mkdir(parents=True)
    for name, array in arrays.items():
        path = folder / (f"{name}.gz" if gz else name)
        path.write_bytes(gzip.compress(idx(array), mtime=0) if gz else idx(array))
    return root


def damage(content: bytes, how: str) -> bytes:
    """What became of a file's content."""
    return {
        "cut": content[: len(content) // 2],
        "empty": b"",
        "flipped": content[:5_000] + bytes([content[5_000] ^ 1]) + content[5_001:],
        "magic": b"\x00\x00\x0d\x03" + content[4:],
        "longer": content + b"\x00",
        "page": b"<html>not found</html>",
    }[how]


def only_error(**arguments: object) -> str:
    """The message of the CourseError that `mnist` raises: one sentence, on one line."""
    from helpers.data import mnist
    from helpers.runtime import CourseError

    with pytest.raises(CourseError) as caught:
        mnist(**arguments)
    message = str(caught.value)
    assert message.endswith("."), message
    assert "\n" not in message, message
    return message
