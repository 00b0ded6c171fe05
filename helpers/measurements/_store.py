"""The files of kept measurements: `NN-topic.json` and, where there are arrays, `NN-topic.npz`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from helpers.runtime import ROOT, CourseError

SCHEMA = 1
FOLDER = ROOT / "book" / "measured"


def path_of(chapter: str, root: str | Path | None = None) -> Path:
    return Path(root or FOLDER) / f"{chapter}.json"


def read(path: Path) -> dict:
    """The record at `path`; an empty one if there is no file. CourseError if it is damaged."""
    if not path.exists():
        return {"schema": SCHEMA, "chapter": path.stem, "made_with": [], "measurements": {}}
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["schema"] != SCHEMA or record["chapter"] != path.stem:
            raise ValueError("it is of another chapter or another version")
        return record
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise CourseError(
            f"The kept measurements {path.name} cannot be read ({error}): restore the file from the "
            "repository, or delete it and measure anew."
        ) from error


def read_arrays(path: Path) -> dict[str, Any]:
    """All arrays of a chapter, by name."""
    import numpy as np

    beside = path.with_suffix(".npz")
    if not beside.exists():
        return {}
    try:
        with np.load(beside, allow_pickle=False) as found:
            return {name: found[name] for name in found.files}
    except (ValueError, OSError, KeyError) as error:
        raise CourseError(
            f"The kept arrays {beside.name} cannot be read ({error}): restore the file."
        ) from error


def write(path: Path, record: dict, arrays: dict[str, Any]) -> None:
    """Replace both files; the arrays first, so that no record ever names an array that is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if arrays:
        import numpy as np

        part = path.with_suffix(".npz.part")
        with part.open("wb") as file:
            np.savez_compressed(file, **dict(sorted(arrays.items())))
        os.replace(part, path.with_suffix(".npz"))
    part = path.with_suffix(".json.part")
    part.write_text(_text(record), encoding="utf-8")
    os.replace(part, path)
    if not arrays:
        path.with_suffix(".npz").unlink(missing_ok=True)


def _text(record: dict) -> str:
    """One line for each member, so that a difference between two versions can be read."""
    lines = [
        "{",
        f' "schema": {record["schema"]},',
        f' "chapter": {json.dumps(record["chapter"])},',
        ' "made_with": [',
    ]
    lines += [
        _listed(json.dumps(m, ensure_ascii=False), m is record["made_with"][-1]) for m in record["made_with"]
    ]
    lines += [" ],", ' "measurements": {']
    names = list(record["measurements"])
    for name in names:
        entry = record["measurements"][name]
        lines.append(
            f'  {json.dumps(name, ensure_ascii=False)}: {{"key": {json.dumps(entry["key"])}, "members": {{'
        )
        members = list(entry["members"].items())
        lines += [
            _listed(f"{json.dumps(seed)}: {json.dumps(member, ensure_ascii=False)}", seed == members[-1][0])
            for seed, member in members
        ]
        lines.append("  }}" + ("" if name == names[-1] else ","))
    return "\n".join([*lines, " }", "}", ""])


def _listed(text: str, last: bool) -> str:
    return f"   {text}" + ("" if last else ",")
