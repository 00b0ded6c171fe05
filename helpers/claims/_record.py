"""Records as they are stored in book/ledger/NN-topic.json: dataclasses to JSON and back."""

from __future__ import annotations

import json
import math
import os
import re
from dataclasses import dataclass
from pathlib import Path

from helpers.claims._measure import Measured
from helpers.runtime import ROOT, CourseError

SCHEMA = 1
VERDICTS = ("reproduced", "refuted", "depends", "not testable here")
ID = re.compile(r"([A-Z]+\d-[\w.]+)/(A|B|C|D|E|book)(-[\w-]+)?")


def parse_id(id: str) -> tuple[str, str]:
    """("A1-2d", "C") of "A1-2d/C"; the report is "" for our own "A1-2d/book". CourseError if it is no id."""
    match = ID.fullmatch(id)
    if not match:
        raise CourseError(
            f"{id!r} is not a claim's id: write the task, a slash and the report, such as 'A1-2d/C'."
        )
    return match[1], "" if match[2] == "book" else match[2]


@dataclass(frozen=True)
class Claim:
    """One reported statement, what was measured of it, and the verdict; `judged` is "here" or "stored"."""

    id: str
    said: str
    verdict: str
    because: str
    needs: str = "any"
    unit: str = ""
    on: str | None = None
    why: str | None = None
    measured: tuple[Measured, ...] = ()
    holds: tuple[bool, ...] = ()
    seeds: tuple[int, ...] = ()
    quick: str | None = None
    judged: str = "here"

    def __repr__(self) -> str:
        return f"{self.id}: {self.verdict}"

    def words(self) -> dict[str, str | None]:
        """Everything written by hand: it has to be the same in the notebook and in the stored record."""
        names = ("said", "verdict", "because", "needs", "unit", "on", "why", "quick")
        return {name: getattr(self, name) for name in names}

    def to_json(self) -> dict:
        task, report = parse_id(self.id)
        entries = [_entry(m, held) for m, held in zip(self.measured, self.holds, strict=True)]
        record = {"id": self.id, "task": task, "report": report, "said": self.said, "verdict": self.verdict}
        record |= {
            "on": self.on,
            "why": self.why,
            "because": self.because,
            "needs": self.needs,
            "unit": self.unit,
        }
        record |= {"measured": entries or None, "seeds": list(self.seeds)}
        return record | {"quick": {"statement": self.quick} if self.quick else None}


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
        from helpers.claims._table import erratum_html

        return erratum_html(self)

    def words(self) -> dict[str, str]:
        return {"where": self.where, "said": self.said}

    def to_json(self) -> dict:
        task, report = parse_id(self.id)
        record = {"id": self.id, "task": task, "report": report, "where": self.where, "said": self.said}
        return record | {"refuted": self.refuted, "corrected": self.corrected}


def _entry(m: Measured, held: bool) -> dict:
    single = m.n == 1
    ends = {"low": None, "high": None} if single else {"low": plain(m.low), "high": plain(m.high)}
    values = [plain(v) for v in m.values]
    return {"setting": m.setting, "values": values, "n": m.n, "mean": plain(m.mean), **ends, "level": m.level,
            "holds": held}  # fmt: skip


def plain(value: float) -> float:
    """A Python float of ten significant digits: enough to recompute an interval, short enough to read."""
    value = float(f"{float(value):.10g}")
    if not math.isfinite(value):
        raise CourseError(f"The ledger stores finite numbers only, not {value}.")
    return value


def claim_from_json(record: dict) -> Claim:
    """The inverse of Claim.to_json; a missing key raises KeyError, which `read` turns into a sentence."""
    entries = record["measured"] or []
    names = ("id", "said", "verdict", "because", "needs", "unit", "on", "why")
    return Claim(
        **{name: record[name] for name in names},
        measured=tuple(Measured(tuple(e["values"]), e["setting"], e["level"]) for e in entries),
        holds=tuple(e["holds"] for e in entries),
        seeds=tuple(record["seeds"]),
        quick=record["quick"] and record["quick"]["statement"],
        judged="stored",
    )


def erratum_from_json(record: dict) -> Erratum:
    return Erratum(**{name: record[name] for name in ("id", "where", "said", "refuted", "corrected")})


def path_of(chapter: str, root: str | Path | None = None) -> Path:
    """book/ledger/<chapter>.json under `root`, by default the course's folder."""
    here = Path.cwd()
    roots = [Path(root)] if root is not None else [ROOT, here, *here.parents]
    found = next((r for r in roots if (r / "book" / "ledger").is_dir()), None)
    if found is None:
        raise CourseError(
            f"No folder book/ledger in {roots[0]} or above this notebook: run it inside the course folder."
        )
    return found / "book" / "ledger" / f"{chapter}.json"


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
        claims = {r["id"]: claim_from_json(r) for r in record["claims"]}
        errata = {r["id"]: erratum_from_json(r) for r in record["errata"]}
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
