"""Files that readers put in place: whatever they are, reading them ends soon and in little memory.

A pipe is waited for for ever, a link to /dev/zero never ends, and a few megabytes can unpack to gigabytes. So
only regular files are opened, none larger than it can be, and what is packed is unpacked up to a limit.
"""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path
from typing import BinaryIO

from helpers.runtime import CourseError

PACKED = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip", ".7z", ".rar")
AGAIN = "fetch the file again"


def demand_regular(path: Path, most: int) -> None:
    """CourseError unless `path` is a regular file, or a link to one, of at most `most` bytes.

    What is not there at all is left to whoever opens it.
    """
    if not path.exists():
        return
    if not path.is_file():
        kind = "a folder" if path.is_dir() else "a pipe or a device"
        raise CourseError(f"{path} is {kind}, not a file: {AGAIN}.")
    size = path.stat().st_size
    if size > most:
        raise CourseError(f"{path} has {size:,} bytes, more than the {most:,} that it can have: {AGAIN}.")


def content(path: Path, most: int) -> bytes:
    """All bytes of a regular file of at most `most` bytes; CourseError otherwise."""
    demand_regular(path, most)
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path} cannot be read ({error.strerror}): {AGAIN}.") from error


def stream(path: Path, most: int) -> BinaryIO:
    """A regular file opened for reading, .gz unpacked on the way: read no more of it than can be right."""
    demand_regular(path, most)
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def demand_unpacked(path: Path, file: BinaryIO | Path, most: int) -> None:
    """CourseError if the members of the zip archive `file` unpack to more than `most` bytes in all."""
    with zipfile.ZipFile(file) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > most:
        raise CourseError(f"{path} unpacks to {size:,} bytes, more than the {most:,} allowed: {AGAIN}.")


def demand_folder(root: Path, origin: str) -> None:
    """CourseError unless `root` is a folder; `origin` says who chose it."""
    if root.is_dir():
        return
    if root.exists():
        raise CourseError(
            f"The data folder {root} ({origin}) is a file: name a folder, and unpack the file if it is an "
            "archive."
        )
    raise CourseError(f"The data folder {root} ({origin}) does not exist: correct the path, or unset it.")


def lying_there(folder: Path, *words: str) -> str:
    """A clause on what in `folder` is not read: archives, folders whose names hold a word; "" if nothing."""
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_file() and path.name.lower().endswith(PACKED):
            found.append(f"{path.name} lies there and must be unpacked")
        elif path.is_dir() and any(word in path.name.lower() for word in words):
            found.append(f"the folder {path.name} is not the one that is read")
    return ", but " + " and ".join(found[:3]) if found else ""
