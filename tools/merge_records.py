"""Merge two records of a chapter claim by claim: python tools/merge_records.py BASE OURS THEIRS.

The result replaces OURS. Git calls it for the ledger after

    git config merge.ledger.driver "python tools/merge_records.py %O %A %B"
    echo "book/ledger/*.json merge=ledger" >> .git/info/attributes

Where both sides changed one claim nothing is written, and the exit status is 1.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from helpers.claims import merged, write_record
from helpers.runtime import CourseError


def main(argv: list[str] | None = None) -> int:
    names = sys.argv[1:] if argv is None else argv
    if len(names) != 3:
        print("Three files are needed: BASE OURS THEIRS.", file=sys.stderr)
        return 2
    try:
        base, ours, theirs = (_read(name) for name in names)
        base = base or {**ours, "claims": [], "errata": []}  # git gives an empty file where both are new
        write_record(Path(names[1]), merged(base, ours, theirs))
    except (CourseError, OSError, ValueError, KeyError) as error:
        print(f"Not merged: {error}", file=sys.stderr)
        return 1
    return 0


def _read(name: str) -> dict:
    text = Path(name).read_text(encoding="utf-8")
    return json.loads(text) if text.strip() else {}


if __name__ == "__main__":
    sys.exit(main())
