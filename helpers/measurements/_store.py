"""The files of kept measurements: `NN-topic.json` and, where there are arrays, `NN-topic.npz`."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.runtime import ROOT, CourseError, write_whole

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

        packed = io.BytesIO()
        np.savez_compressed(packed, **dict(sorted(arrays.items())))
        write_whole(path.with_suffix(".npz"), packed.getvalue())
    write_whole(path, _text(record).encode())
    if not arrays:
        path.with_suffix(".npz").unlink(missing_ok=True)


def _text(record: dict) -> str:
    """One line for each member, so that a difference between two versions can be read."""
    lines = ["{", f' "schema": {record["schema"]},', f' "chapter": {_json(record["chapter"])},']
    lines += [' "made_with": [', *_listed(f"   {_json(m)}" for m in record["made_with"]), " ],"]
    entries = []
    for name, entry in record["measurements"].items():
        members = _listed(f"   {_json(seed)}: {_json(member)}" for seed, member in entry["members"].items())
        head = f'  {_json(name)}: {{"key": {_json(entry["key"])}, "members": {{'
        entries.append("\n".join([head, *members, "  }}"]))
    return "\n".join([*lines, ' "measurements": {', *_listed(entries), " }", "}", ""])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _listed(parts: Iterable[str]) -> list[str]:
    """The parts with a comma after each but the last."""
    *before, last = [*parts] or [None]
    return [f"{part}," for part in before] + ([] if last is None else [last])
