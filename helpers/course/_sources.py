"""Where the content lies: YAML and notebooks of a working tree, else the JSON that was made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from pkgutil import get_data
from typing import Any

from ._texts import of_chapters
from ._yaml import ContentError, read

__all__ = ["ContentError", "content", "packed"]

BOOK = Path(__file__).resolve().parents[2] / "book"
PACKED = "course.json"  # made by `packed` for a wheel and for the pages

MISTAKE = {"name": str, "answer": str, "hint": str}
SCHEMAS: dict[str, dict[str, object]] = {
    "exercises": {
        "id": str,
        "task": str,
        "prompt": str,
        "given?": str,
        "question": str,
        "quantity": str,
        "names": str,
        "answer": str,
        "checked_is_enough?": bool,
        "points?": int,
        "mistakes": MISTAKE,
    },
    "notation": {
        "name": str,
        "is": str,
        "text": str,
        "latex": str,
        "shape?": str,
        "meaning": str,
        "definition?": str,
        "known?": bool,
    },
    "errata": {"id": str, "where?": str, "said": str, "given?": str, "reported": str, "corrected": str},
}

DERIVATIONS = "derivations"  # the table that the notebooks hold


@cache
def content(table: str) -> dict[str, dict[str, Any]]:
    """The entries of a table by their ids, in reading order. Raises ContentError."""
    entries = _of_notebooks() if table == DERIVATIONS else _of_yaml(table)
    return entries or json.loads(_carried())[table]


def _of_notebooks() -> dict[str, dict[str, Any]]:
    return {id: asdict(text) for id, text in of_chapters().items()}


def _of_yaml(table: str) -> dict[str, dict[str, Any]]:
    if not (BOOK / "errata.yaml").exists():
        return {}
    files = sorted((BOOK / table).glob("*.yaml")) or [BOOK / f"{table}.yaml"]
    return by_id([(path, entry) for path in files for entry in read(path, SCHEMAS[table])])


def _carried() -> bytes:
    """The packed content of an installation without the book."""
    try:
        found = get_data(__package__, PACKED)  # which reads from an archive, too
    except OSError:
        found = None
    if found is None:
        raise ContentError("This installation lacks the content of the book: install the package again.")
    return found


def in_file(stem: str) -> tuple[str, ...]:
    """The ids of the exercises in book/exercises/STEM.yaml, a chapter's file; none without that file."""
    path = BOOK / "exercises" / f"{stem}.yaml"
    return tuple(entry["id"] for entry in read(path, SCHEMAS["exercises"])) if path.is_file() else ()


def by_id(entries: list[tuple[Path, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path, entry in entries:
        id = entry.get("id") or entry["name"]
        if id in found:
            raise ContentError(f"{path.name}: {id} has been used before; choose another.")
        found[id] = entry
    return found


def packed(tables: Iterable[str] = (*SCHEMAS, DERIVATIONS)) -> str:
    """All content, or these tables, as JSON: what a wheel and a page carry in the place of the book."""
    return json.dumps({table: content(table) for table in tables}, ensure_ascii=False, indent=0) + "\n"
