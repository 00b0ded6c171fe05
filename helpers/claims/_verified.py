"""Rows of book/verified.json: claims that were measured again, each on one machine and one day.

A row stands beside the published record and never in its place. It counts if it was measured as the claim
needs it, under the numbers that decide the claim now, and decided something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from helpers.claims._rule import PENDING
from helpers.runtime import CourseError, write_whole

SCHEMA = 1


def row_of(record: dict, claim: dict, published: dict | None) -> dict:
    """The row of one `claim` of a `record` that a `Witness` wrote, beside the `published` claim, if any.

    `agrees` is None where the two cannot be compared: a short run of a claim that needs the full profile,
    another margin than the published one, or nothing decided.
    """
    by, data = record["provenance"], record["data"]
    row = {"id": claim["id"], "chapter": record["chapter"], "date": datetime.now(UTC).date().isoformat()}
    row |= {name: by[name] for name in ("device", "python", "torch", "sympy", "commit", "profile")}
    row |= {"tier": data["tier"] if data else "no data", "fixed": claim["fixed"]}
    row |= {"verdict": claim["verdict"], "published": published and published["verdict"]}
    row |= {"agrees": None, "proof": claim.get("proof", ""), "measured": claim["measured"]}
    if published and counts(row, published):
        row["agrees"] = row["verdict"] == published["verdict"]
    return row


def counts(row: dict, published: dict) -> bool:
    """May `row` be counted for or against the published claim?"""
    whole = row["profile"] == "full" and row["tier"] != "embedded"
    enough = whole or published["needs"] == "any"
    same = (row["id"], row["fixed"]) == (published["id"], published["fixed"])
    return enough and same and PENDING not in (row["verdict"], published["verdict"])


def agreement(published: dict, device: str, rows: Iterable[dict]) -> tuple[int, int] | None:
    """(machines that agree with the verdict, machines) with the publishing `device`; None without rows.

    Machines are told apart by the name of their processor or card, and the last row of each is taken.
    """
    counted = [row for row in rows if counts(row, published)]
    if not counted:
        return None
    machines = {_machine(device): True}
    machines |= {_machine(row["device"]): row["verdict"] == published["verdict"] for row in counted}
    return sum(machines.values()), len(machines)


def _machine(device: str) -> str:
    """`device` without its threads, which may be more or fewer: AMD EPYC; cuda (NVIDIA …)."""
    return re.sub(r"^cpu \((.*?)(, \d+ threads?)?\)$", r"\1", device)


def read_rows(path: Path) -> list[dict]:
    """All rows in the order in which they were appended; none without a file, CourseError if damaged."""
    if not path.exists():
        return []
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        if stored["schema"] != SCHEMA:
            raise ValueError(f"its schema is {stored['schema']}, not {SCHEMA}")
        for row in stored["rows"]:
            _ = [row[name] for name in ("id", "device", "profile", "tier", "fixed", "verdict", "measured")]
        return stored["rows"]
    except (ValueError, KeyError, TypeError) as error:
        raise CourseError(f"{path.name} is damaged ({error!r}): restore it from git.") from error


def append_rows(path: Path, rows: list[dict]) -> None:
    """Append to what `path` holds, one row a line, in one move; CourseError leaves a damaged file alone."""
    lines = [json.dumps(row, ensure_ascii=False, allow_nan=False) for row in [*read_rows(path), *rows]]
    text = f'{{"schema": {SCHEMA}, "rows": [\n' + ",\n".join(lines) + "\n]}\n"
    write_whole(path, text.encode())
