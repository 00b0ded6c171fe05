"""Reading IDX files: four bytes of magic number, the sizes as big-endian 32-bit integers, then the bytes."""

from __future__ import annotations

import gzip
import hashlib
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from helpers.data import _files
from helpers.data._files import AGAIN
from helpers.runtime import CourseError

MOST = 64 * 2**20  # bytes: MNIST's largest file has 47 million


def find(folder: Path, name: str) -> Path:
    """The file `name` in `folder`, plain or as .gz (plain first); CourseError if neither is there."""
    for path in (folder / name, folder / f"{name}.gz"):
        if path.exists() and not path.is_dir():
            return path
    raise CourseError(
        f"{folder} holds neither {name} nor {name}.gz: put one of them there, or choose another folder."
    )


def read(path: Path, sha256: str, ndim: int) -> np.ndarray:
    """The uint8 array of `ndim` axes in an IDX file, .gz or plain, in memory only.

    The header is read first, and no more than it promises. Raises CourseError if the file cannot be read, is
    cut short, is not such an IDX file, or if the SHA-256 of its uncompressed content is not `sha256`.
    """
    header = 4 + 4 * ndim
    try:
        with _files.stream(path, MOST) as file:
            head = file.read(header)
            size = _promised(path, head, ndim)
            content = file.read(size + 1)  # one more, so that too much is seen; and an intact .gz ends here
    except EOFError as error:
        raise CourseError(f"{path} is cut short: {AGAIN}.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise CourseError(f"{path} is not an intact gzip file ({error}): {AGAIN}.") from error
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
    if len(content) != size:
        raise _ill_sized(path)
    if hashlib.sha256(head + content).hexdigest() != sha256:
        raise CourseError(f"{path} was altered (its SHA-256 is not the published one): {AGAIN}.")
    return np.frombuffer(content, np.uint8).reshape(_shape(head, ndim))


def _promised(path: Path, head: bytes, ndim: int) -> int:
    """How many bytes follow, by the header; CourseError if it is none, or promises too many."""
    magic = 0x0800 + ndim  # 08: unsigned bytes; last byte: number of axes
    found = int.from_bytes(head[:4], "big")
    if len(head) < 4 or found != magic:
        raise CourseError(
            f"{path} is not the IDX file expected (magic number {found:#010x}, not {magic:#010x}): {AGAIN}."
        )
    if len(head) < 4 + 4 * ndim or (size := math.prod(_shape(head, ndim))) > MOST:
        raise _ill_sized(path)
    return size


def _shape(head: bytes, ndim: int) -> tuple[int, ...]:
    return struct.unpack(f">{ndim}I", head[4:])


def _ill_sized(path: Path) -> CourseError:
    return CourseError(f"{path} is cut short or too long (its bytes do not fit its header): {AGAIN}.")
