"""Files that keep what took long to compute: whole and unchanged, or not there.

A file is named by a hash of all that its content depends on. It begins with the SHA-256 of the rest, so that
a damaged one is noticed, and is written beside its place and renamed, so that nobody sees half of one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

LIMIT = 4 * 2**30  # bytes of a folder; beyond that the files that were not used for longest are removed


def read(path: Path, what: str) -> bytes | None:
    """The content of `path`; None if it is not there, or not whole, and then a line says so of `what`."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        print(f"The {what} kept in {path} cannot be read ({error.strerror}): computed again.")
        return None
    if hashlib.sha256(content[32:]).digest() != content[:32]:
        print(f"The {what} kept in {path} are damaged: computed again.")
        return None
    with contextlib.suppress(OSError):  # read-only: nothing is removed either
        os.utime(path)  # what was used last is removed last
    return content[32:]


def write(path: Path, content: bytes | memoryview, limit: int = LIMIT) -> str:
    """Keep `content` in `path`; "" if it is kept, else why not. Files like it fill at most `limit` bytes."""
    part = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            part = Path(file.name)
            file.write(hashlib.sha256(content).digest())
            file.write(content)
        os.replace(part, path)
        _remove_old(path, limit)
    except OSError as error:
        return f"{path.parent} cannot be written to ({error.strerror})"
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
    return ""


def _remove_old(newest: Path, room: int) -> None:
    """Keep the folder below its limit; another process may remove the same files."""
    files = []
    for path in newest.parent.glob(f"*{newest.suffix}"):
        try:
            files.append((path.stat().st_mtime_ns, path.stat().st_size, path))
        except FileNotFoundError:
            continue
    for _, size, path in sorted(files, reverse=True):
        room -= size
        if room < 0 and path != newest:
            path.unlink(missing_ok=True)
