"""Where things lie on this machine: the reader's home and cache, the tier of the digits, the book's chapters.

Standard library only, and nothing here reads what it finds: `helpers.data` and `tools/doctor.py` ask the same
functions, so they cannot name different places.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from helpers.runtime import ROOT, CourseError

TIERS = ("folder", "download", "embedded")


def home() -> Path:
    """The reader's home; the system's folder for passing files where there is none (a bare container)."""
    try:
        return Path.home()
    except RuntimeError:  # HOME is unset and the user id has no entry in the list of users
        return Path(tempfile.gettempdir())


def expand(path: str | Path) -> Path:
    """`path` with a leading `~` resolved; left as it is where there is no home."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)


def cache_folder() -> Path:
    """Where downloads and features are kept: `$COURSE_CACHE`, or in the user's cache folder."""
    if os.environ.get("COURSE_CACHE"):
        return expand(os.environ["COURSE_CACHE"])
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else None)
    return Path(base or home() / ".cache") / "show-your-work"


@dataclass(frozen=True)
class Place:
    """Where MNIST is to be read: its tier, the folder that holds MNIST/raw, and who chose that folder."""

    tier: str
    root: Path | None = None
    origin: str = ""


def offline() -> bool:
    """Has the reader forbidden downloads?"""
    return os.environ.get("COURSE_OFFLINE", "0") not in ("", "0")


def asked_tier() -> str | None:
    """The tier that `$COURSE_TIER` asks for, None where it asks for none; CourseError for an unknown one."""
    tier = os.environ.get("COURSE_TIER") or None
    if tier not in (None, *TIERS):
        raise CourseError(
            f"Unknown tier {tier!r} in COURSE_TIER: use folder, download or embedded, or unset it."
        )
    return tier


def mnist(repository: Path = ROOT) -> Place:
    """The tier in force, `download` with a folder that may be empty; CourseError for an unknown tier."""
    tier = asked_tier()
    if tier == "embedded":
        return Place("embedded")
    if tier != "download" and os.environ.get("COURSE_DATA"):
        return Place("folder", expand(os.environ["COURSE_DATA"]), "COURSE_DATA")
    if tier == "folder" or (tier is None and (repository / "data" / "MNIST" / "raw").is_dir()):
        return Place("folder", repository / "data", "the default")
    return Place("download", cache_folder(), "the download")


def chapters(folder: Path = ROOT / "notebooks") -> list[Path]:
    """The notebooks that are chapters, in reading order: those that _toc.yml beside `folder` lists.

    A reader's copies and drafts in that folder are none. Without a _toc.yml, all that begin with a digit.
    """
    contents = folder.parent / "_toc.yml"
    if not contents.is_file():
        return sorted(folder.glob("[0-9]*.ipynb"))
    pattern = rf"^[^#\n]*\bfile: *{re.escape(folder.name)}/(\S+)"
    names = re.findall(pattern, contents.read_text(encoding="utf-8"), re.MULTILINE)
    return [folder / f"{name}.ipynb" for name in names]
