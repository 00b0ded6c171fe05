"""Reading IDX files: four bytes of magic number, the sizes as big-endian 32-bit integers, then the bytes."""

from __future__ import annotations

import gzip
import hashlib
import struct
import zlib
from pathlib import Path

import numpy as np

from helpers.runtime import CourseError

AGAIN = "fetch the file again"


def find(folder: Path, name: str) -> Path:
    """The file `name` in `folder`, plain or as .gz (plain first); CourseError if neither is there."""
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise CourseError(
        f"{folder} holds neither {name} nor {name}.gz: put one of them there, or choose another folder."
    )


def read(path: Path, sha256: str, ndim: int) -> np.ndarray:
    """The uint8 array of `ndim` axes in an IDX file, .gz or plain, in memory only.

    Raises CourseError if the file cannot be read, is cut short, is not such an IDX file, or if the SHA-256 of
    its uncompressed content is not `sha256`.
    """
    content = _uncompressed(path)
    header = 4 + 4 * ndim
    magic = 0x0800 + ndim  # 08: unsigned bytes; last byte: number of axes
    found = int.from_bytes(content[:4], "big")
    if len(content) < 4 or found != magic:
        raise CourseError(
            f"{path} is not the IDX file expected (magic number {found:#010x}, not {magic:#010x}): {AGAIN}."
        )
    shape = struct.unpack(f">{ndim}I", content[4:header]) if len(content) >= header else (1,)
    if len(content) != header + int(np.prod(shape)):
        raise CourseError(
            f"{path} is cut short or too long ({len(content):,} bytes do not fit its header): {AGAIN}."
        )
    if hashlib.sha256(content).hexdigest() != sha256:
        raise CourseError(f"{path} was altered (its SHA-256 is not the published one): {AGAIN}.")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def _uncompressed(path: Path) -> bytes:
    try:
        content = path.read_bytes()
        return gzip.decompress(content) if path.suffix == ".gz" else content
    except EOFError as error:
        raise CourseError(f"{path} is cut short: {AGAIN}.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise CourseError(f"{path} is not an intact gzip file ({error}): {AGAIN}.") from error
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
