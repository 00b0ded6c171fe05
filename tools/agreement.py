"""How far a second machine came to the same numbers: python tools/agreement.py OLD [NEW] [--write].

OLD and NEW are folders of kept measurements (book/measured); NEW is the book's own unless given. Values with
the same key were measured by the same code with the same settings, seeds and data, so only they are compared,
number by number; seconds are left out. --write stores the result in book/agreement.json, which the page
*Reproducibility* shows. Standard library and NumPy only.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "book" / "measured"
CLOCKS = {"elapsed", "seconds"}  # names under which a value keeps its time


def numbers(value: Any, arrays: dict[str, np.ndarray]) -> Iterator[float]:
    """Every number of a kept value, in a fixed order, without what a clock said."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return
    if isinstance(value, (int, float)):
        yield float(value)
    elif isinstance(value, list):
        for item in value:
            yield from numbers(item, arrays)
    elif "dict" in value:
        for name, item in value["dict"]:
            if name not in CLOCKS:
                yield from numbers(item, arrays)
    elif "float" in value:
        yield float(value["float"])
    elif "tensor" in value or "array" in value:
        yield from arrays[value.get("tensor") or value["array"]].astype(float).ravel().tolist()
    else:
        yield from numbers(value.get("tuple", value.get("fields")), arrays)


def difference(one: float, other: float) -> float:
    """|a - b| over the larger of both; infinite where only one of them is finite."""
    if one == other or (np.isnan(one) and np.isnan(other)):
        return 0.0
    if not (np.isfinite(one) and np.isfinite(other)):
        return float("inf")
    return abs(one - other) / max(abs(one), abs(other))


def read(path: Path) -> tuple[dict, dict[str, np.ndarray]]:
    beside = path.with_suffix(".npz")
    arrays = dict(np.load(beside, allow_pickle=False)) if beside.exists() else {}
    return json.loads(path.read_text(encoding="utf-8")), arrays


def compare(old: Path, new: Path) -> dict:
    """Two files of one chapter: how many numbers, how many equal, the differences' largest and median."""
    (before, before_arrays), (after, after_arrays) = read(old), read(new)
    found: list[float] = []
    for name, entry in before["measurements"].items():
        other = after["measurements"].get(name, {"key": "", "members": {}})
        for seed in entry["members"].keys() & other["members"].keys() if other["key"] == entry["key"] else ():
            one = list(numbers(entry["members"][seed]["value"], before_arrays))
            two = list(numbers(other["members"][seed]["value"], after_arrays))
            if len(one) == len(two):
                found += [difference(a, b) for a, b in zip(one, two, strict=True)]
            else:  # it stopped earlier or later, so that nothing stands beside anything
                found += [float("inf")] * max(len(one), len(two))
    return {
        "numbers": len(found),
        "equal": sum(d == 0 for d in found),
        "median": float(np.median(found)) if found else 0.0,
        "largest": max(found, default=0.0),
    }


def agreement(old: Path, new: Path) -> dict:
    """All chapters that both folders have, with what the second was made on."""
    chapters, made = {}, []
    for path in sorted(old.glob("*.json")):
        if (new / path.name).is_file():
            one = compare(path, new / path.name)
            if one["numbers"]:
                chapters[path.stem] = one
                made += read(new / path.name)[0]["made_with"]
    return {"made_with": [one for k, one in enumerate(made) if one not in made[:k]], "chapters": chapters}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path, nargs="?", default=KEPT)
    parser.add_argument("--write", type=Path, nargs="?", const=ROOT / "book" / "agreement.json")
    options = parser.parse_args()
    for folder in (options.old, options.new):
        if not list(folder.glob("*.json")):
            print(
                f"There are no measurements in {folder}: name a folder such as book/measured.",
                file=sys.stderr,
            )
            return 2
    found = agreement(options.old, options.new)
    for chapter, one in found["chapters"].items():
        print(f"{chapter}: {one['equal']:,} of {one['numbers']:,} numbers are equal; the largest "
              f"difference is {one['largest']:.1e}, the median {one['median']:.1e}.")  # fmt: skip
    if options.write:
        text = json.dumps(found, indent=1, ensure_ascii=False)
        options.write.write_text(text.replace("Infinity", '"inf"') + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
