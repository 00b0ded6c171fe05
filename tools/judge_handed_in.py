"""Judge the derivations of the reports: python tools/judge_handed_in.py writes book/handed-in.json.

book/handed-in.yaml has the texts. The page of the book shows the stored verdicts; a test judges some anew.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from helpers.notation import of_texts
from helpers.proof.homework import Judgement
from helpers.proof.homework import judge as judge_text
from helpers.proof.show.formulas import latex
from helpers.proof.statement.chain import RELATIONS

ROOT = Path(__file__).resolve().parents[1]
TEXTS, VERDICTS = ROOT / "book" / "handed-in.yaml", ROOT / "book" / "handed-in.json"
KEYS = {"id", "report", "title", "lets", "text", "wrong"}


def texts(path: Path = TEXTS) -> list[dict[str, Any]]:
    """The derivations as they were typed. Raises ValueError naming the first entry that is not complete."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    for place, one in enumerate(found, 1):
        if set(one) != KEYS:
            raise ValueError(f"{path.name}: entry {place} must have {', '.join(sorted(KEYS))}, and no more.")
    return found


def digest(one: dict[str, Any]) -> str:
    """What a stored verdict belongs to: it is void when the text has changed."""
    return hashlib.sha256(f"{one['lets']}\n{one['text']}".encode()).hexdigest()[:16]


def judge(one: dict[str, Any]) -> Judgement:
    """A derivation judged now."""
    return judge_text(f"{one['lets']}\n{one['text']}", of_texts())


def verdicts(one: dict[str, Any]) -> dict[str, Any]:
    """The lines of one derivation with their verdicts, as they are stored."""
    lines = []
    for line in judge(one).lines:
        formula = ""
        if line.left is not None and line.right is not None:
            formula = f"{latex(line.left)} {RELATIONS[line.relation]} {latex(line.right)}"
        said = line.said or line.remark
        lines.append({"row": line.row, "verdict": line.verdict, "latex": formula, "said": said})
    return {"id": one["id"], "of": digest(one), "lines": lines}


def main(only: Iterable[str] = ()) -> int:
    """Judge all, or those named, and store the verdicts."""
    chosen = set(only)
    known = {one["id"]: one for one in json.loads(VERDICTS.read_text())} if VERDICTS.exists() else {}
    stored = []
    for one in texts():
        old = known.get(one["id"])
        keep = chosen and one["id"] not in chosen and old and old["of"] == digest(one)
        stored.append(old if keep else verdicts(one))
        print(one["id"], flush=True)
    VERDICTS.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
