"""Wheels without a build tool: a wheel is a zip of the files and a list of their sums.

`checker` is the part of helpers that reads and judges answers (SymPy and mpmath only, no answers in it);
`course` is all of helpers, for the student edition. Equal sources give equal bytes.
"""

from __future__ import annotations

import base64
import hashlib
import sys
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from helpers.course import packed  # noqa: E402

CHECKER = ("__init__.py", "notation.py", "places.py", "runtime.py", "course", "proof", "grade")
DATA = ("*.yaml", "ledger/*.json", "claims/*.yaml", "exercises/*.yaml")  # below book/
OWN = ("derive.yaml", "gallery.yaml")  # of the instructor and of the site
DATE = (1980, 1, 1, 0, 0, 0)
TAG = "py3-none-any"


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def checker(folder: Path) -> Path:
    """The wheel for grading, written into `folder`; it needs SymPy and mpmath."""
    needs = [need for need in project()["dependencies"] if need.startswith(("sympy", "mpmath"))]
    names = {"helpers/course/course.json": packed(["notation"]).encode()}  # no exercise and no erratum
    return write(folder, "show_your_work_checker", CHECKER, needs, more=names)


def course(folder: Path) -> Path:
    """The wheel of all helpers and of the book's records, which claims in the quick profile are shown from.

    It is written into `folder`, and needs what the chapters need, PyTorch included.
    """
    derivations = {"helpers/course/course.json": packed(["derivations"]).encode()}
    return write(folder, "show_your_work", (".",), project()["dependencies"], DATA, derivations)


def write(
    folder: Path,
    name: str,
    parts: tuple[str, ...],
    needs: list[str],
    data: tuple[str, ...] = (),
    more: Mapping[str, bytes] = MappingProxyType({}),
) -> Path:
    version = project()["version"]
    info = f"{name}-{version}.dist-info"
    files = dict(_sources(parts))
    found = (path for pattern in data for path in sorted((ROOT / "book").glob(pattern)))
    files |= {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in found if path.name not in OWN}
    files |= more
    metadata = ["Metadata-Version: 2.1", f"Name: {name.replace('_', '-')}", f"Version: {version}"]
    metadata += [f"Requires-Python: {project()['requires-python']}", *(f"Requires-Dist: {n}" for n in needs)]
    files[f"{info}/METADATA"] = "\n".join([*metadata, ""]).encode()
    files[f"{info}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: show-your-work\nRoot-Is-Purelib: true\nTag: {TAG}\n".encode()
    )
    for licence in ("LICENSE", "LICENSE-book"):
        files[f"{info}/licenses/{licence}"] = (ROOT / licence).read_bytes()
    record = f"{info}/RECORD"
    lines = [f"{path},sha256={_sum(content)},{len(content)}" for path, content in files.items()]
    files[record] = "\n".join([*lines, f"{record},,", ""]).encode()
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}-{version}-{TAG}.whl"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, DATE), content, zipfile.ZIP_DEFLATED)
    return target


def _sources(parts: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    for part in parts:
        top = ROOT / "helpers" / part
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_bytes()


def _sum(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
