"""Records as they are stored in book/ledger/NN-topic.json: found, read, written."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from helpers.claims._spec import parse_id
from helpers.runtime import ROOT, CourseError

SCHEMA = 2


@dataclass(frozen=True)
class Erratum:
    """A reported line that the checker refutes, and the line that it proves; the two results as JSON."""

    id: str
    where: str
    said: str
    refuted: dict
    corrected: dict

    def __repr__(self) -> str:
        return f"{self.id}: refuted, correction proved"

    def _repr_html_(self) -> str:
        from helpers.claims._words import erratum_html

        return erratum_html(self)

    def words(self) -> dict[str, str]:
        return {"where": self.where, "said": self.said}

    def to_json(self) -> dict:
        task, report = parse_id(self.id)
        record = {"id": self.id, "task": task, "report": report, "where": self.where, "said": self.said}
        return record | {"refuted": self.refuted, "corrected": self.corrected}


def course_of(root: str | Path | None = None) -> Path:
    """The course's folder: `root`, or the one that holds book/ledger, here or above. CourseError if none."""
    here = Path.cwd()
    roots = [Path(root)] if root is not None else [ROOT, here, *here.parents]
    found = next((r for r in roots if (r / "book" / "ledger").is_dir()), None)
    if found is None:
        raise CourseError(
            f"No folder book/ledger in {roots[0]} or above this notebook: run it inside the course folder."
        )
    return found


def read(path: Path) -> dict:
    """The stored record with its claims and errata by id; empty if there is none, CourseError if damaged."""
    if not path.exists():
        return {"claims": {}, "errata": {}}
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["schema"] != SCHEMA:
            raise CourseError(
                f"{path.name} has schema {record['schema']}, not {SCHEMA}: run its notebook again in full."
            )
        claims = {entry["id"]: entry for entry in record["claims"]}
        for entry in claims.values():
            [(part["setting"], part["values"], part["n"]) for part in entry["measured"]]
            _ = entry["fixed"], entry["verdict"]
        names = ("id", "where", "said", "refuted", "corrected")
        errata = {e["id"]: Erratum(**{name: e[name] for name in names}) for e in record["errata"]}
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(f"The record {path.name} is damaged ({error!r}): restore it from git.") from error
    return record | {"claims": claims, "errata": errata}


def write(path: Path, record: dict) -> None:
    """Write `record` to `path` in one move: a reader sees the old file or the new one, never half."""
    text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    part = path.with_suffix(f".part{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
