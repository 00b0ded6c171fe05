"""Fetch the formula editor of the pages, MathLive, into _build/mathlive: called by tools/browser_python.py.

A page loads it only when a reader asks for it. Its archive is checked by hash, like that of Pyodide; of its
fonts those come that its own style sheet names.
"""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

import npm

OUT = Path(__file__).resolve().parents[1] / "_build" / "mathlive"
MATHLIVE = "0.111.1"
ARCHIVE_SHA512 = (
    "455682ecd3b4d8b9b1dd9354c4e1d1db1091a5cbd37c16f606d76057ad1c4da9"
    "c032e7da52459c3cf0765710a172c35e2fed2b4d02aa38f0d8c572cf397248f8"
)
FILES = ("mathlive.min.js", "mathlive-fonts.css", "LICENSE.txt")
STAMP = "version.txt"


def wanted(name: str) -> bool:
    """Whether a file of the archive belongs to the site."""
    return name in FILES or (name.startswith("fonts/") and name.endswith(".woff2"))


def assemble(out: Path = OUT) -> None:
    """Bring `out` up to date. Raises npm.Unavailable without npm, network or a true copy."""
    stamp = out / STAMP
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == MATHLIVE:
        return
    with tempfile.TemporaryDirectory() as name:
        archive = npm.fetch("mathlive", MATHLIVE, ARCHIVE_SHA512, Path(name))
        with tarfile.open(archive) as tar:
            for member in tar.getmembers():
                inside = member.name.removeprefix("package/")
                if member.isfile() and wanted(inside):
                    (out / inside).parent.mkdir(parents=True, exist_ok=True)
                    (out / inside).write_bytes(tar.extractfile(member).read())
    stamp.write_text(MATHLIVE, encoding="utf-8")  # last: an interrupted copy is made again
