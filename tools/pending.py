"""What a release must not have: claims that are still pending. Standard library only.

A contributor writes a claim down and judges it in a cell; without a full run it stands as *pending*, and the
tests allow that. The site is published from records in which every claim has been measured.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

LEDGERS = Path(__file__).resolve().parents[1] / "book" / "ledger"


def pending(folder: Path = LEDGERS) -> list[str]:
    """The ids of the claims in the records of `folder` that nobody has measured yet."""
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return [claim["id"] for record in records for claim in record["claims"] if claim["verdict"] == "pending"]


def main() -> int:
    if found := pending():
        print(f"Pending, so not to be published: {', '.join(found)}. Measure them: make run, in full.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
