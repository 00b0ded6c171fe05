"""What the site is made of, and what of the last build may be kept: for `make book`. Standard library only.

A build begins with nothing unless all that differs from the last one is what chapters and pages say. Then
book/_ext/syw_again.py knows which pages follow. Both keep to one rule: in doubt everything is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from helpers.places import chapters

BESIDE = (
    "_config.yml",
    "_toc.yml",
    "CHANGELOG.md",
    "LICENSE",
    "LICENSE-book",
    "pyproject.toml",
    "requirements-book.lock",
    "requirements.lock",
    "requirements-torch.lock",
    "tools/browser_python.py",
    "tools/formula_editor.py",
    "tools/given_away.py",
    "tools/npm.py",
    "tools/wheel.py",
)
PAGE = re.compile(
    r"notebooks/[^/]+\.ipynb|book/(?:.+/)?[^/]+\.md|book/(?:ledger|measured)/[^/]+\.json|CHANGELOG\.md"
)
PAGES = ("_sources", "book", "notebooks", ".buildinfo")  # of the site; all else is made anew each time
COPIED = ("_images", "_downloads")  # a page that is not written again does not copy what it needs there


def sources(root: Path) -> Iterator[Path]:
    """The files that the site is made of."""
    yield from (root / name for name in BESIDE if (root / name).is_file())
    yield from sorted((root / "tools").glob("*pyodide*"))
    yield from chapters(root / "notebooks")
    for folder in ("book", "helpers"):
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root).parts
            if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in inside):
                yield path


def sums(root: Path) -> dict[str, str]:
    """The sum of each source, and what else the site depends on."""
    found = {"COURSE_SOLUTIONS": os.environ.get("COURSE_SOLUTIONS", ""), "site": str(root)}
    for path in sources(root):
        found[path.relative_to(root).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def read(stamp: Path) -> dict[str, str]:
    """The sums of the last build that was completed; none where there is no such build."""
    try:
        found = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # ValueError: a stamp of an older course
        return {}
    return found if isinstance(found, dict) else {}


def only_pages(before: dict[str, str], now: dict[str, str]) -> bool:
    """Do all differences lie in what chapters and pages say?"""
    differ = [name for name in now if before.get(name) != now[name]]
    return before.keys() == now.keys() and all(PAGE.fullmatch(name) for name in differ)


def make_room(html: Path, keep: bool) -> None:
    """Remove what the next build must not find; `keep` its pages if they are to be of use."""
    if keep and not any((html / name).exists() for name in COPIED):
        for path in html.iterdir():
            if path.name not in PAGES:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        return
    for folder in (html, html.parent / ".doctrees", html.parent / "jupyter_execute"):
        shutil.rmtree(folder, ignore_errors=True)
