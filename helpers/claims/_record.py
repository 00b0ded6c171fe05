"""Records as they are stored in book/ledger/NN-topic.json: found, read, written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from helpers.claims._spec import parse_id
from helpers.runtime import ROOT, CourseError, write_whole

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


def measured_on(kept: Path) -> dict[str, str]:
    """The device of the values in a file of book/measured: a run that reads them measures nothing itself."""
    if not kept.exists():
        return {}
    devices = dict.fromkeys(by["device"] for by in json.loads(kept.read_text(encoding="utf-8"))["made_with"])
    return {"device": ", ".join(devices)} if devices else {}


def merged(base: dict, ours: dict, theirs: dict) -> dict:
    """Two records of one chapter that both come from `base`, claim by claim: who changed a claim decides it.

    Records are as they stand in the file. What `theirs` decided names its own provenance and data under
    `apart`, since the record names only those of `ours`. CourseError for two chapters, and for a claim or
    erratum that both changed.
    """
    if not base["chapter"] == ours["chapter"] == theirs["chapter"]:
        raise CourseError(f"{ours['chapter']} and {theirs['chapter']} are two chapters: merge each alone.")
    whole, taken = dict(ours), []
    for part in ("claims", "errata"):
        old, one, other = ({entry["id"]: entry for entry in each[part]} for each in (base, ours, theirs))
        chosen = {id: _decided(id, old.get(id), one.get(id), other.get(id)) for id in [*one, *other]}
        whole[part] = [entry for entry in chosen.values() if entry is not None]
        taken += [id for id, entry in chosen.items() if entry is not None and entry != one.get(id)]
    apart = list(ours.get("apart", []))
    apart += [each for each in theirs.get("apart", []) if each not in apart]
    if taken and any(ours[name] != theirs[name] for name in ("provenance", "data", "profile")):
        where = {name: theirs[name] for name in ("provenance", "data", "profile")}
        apart.append({"ids": taken, **where})
    return whole | ({"apart": apart} if apart else {})


def _decided(id: str, old: dict | None, one: dict | None, other: dict | None) -> dict | None:
    """The entry of the side that changed it (None: taken out)."""
    if one == other or other == old:
        return one
    if one == old:
        return other
    raise CourseError(f"{id} was changed on both sides: measure it again, or take one of the two records.")


def write(path: Path, record: dict) -> None:
    """Write `record` to `path` in one move."""
    text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    write_whole(path, text.encode())
