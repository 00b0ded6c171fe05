"""`make verify-claims`: measure claims anew on this machine, and append what came out to book/verified.json.

    python tools/verify_claims.py [ID …] [--profile quick|full] [--kept]

ID is a claim's, such as A1-2d/C; without one all claims are measured. What they need of a chapter's code
(tools/needed.py) runs as one script in a copy of the course that has no measurements and no ledger: so no
stored value can be read again, and neither the notebook nor the published record can change. No Jupyter is
needed. A row says machine, versions, commit, date, values, verdict, and if that is the published one. A quick
run, or one on the embedded digits, is no evidence for a claim that needs the full setting.

With --kept nothing is measured: the claims are worked out again from what the book keeps in book/measured,
and compared with the published record, number by number. So whoever changes a number in the record, the
notebook and the page alike is found out; nothing is appended.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from helpers.claims import append_rows, read_specs, row_of  # noqa: E402 (found from any folder)
from helpers.runtime import CourseError, provenance  # noqa: E402
from tools.needed import statements_for  # noqa: E402

PRELUDE = "import helpers.claims\nhelpers.claims.Ledger = helpers.claims.Witness\n"
CLOSE = 1e-6  # relative to the number: two machines add in another order
FOLLOWS = ("measured", "verdict", "strict")  # from values, and from no word
SAYS = {True: "as published", False: "not as published", None: "not to be compared"}


def asked_for(root: Path, ids: list[str]) -> dict[str, list[str]]:
    """The claims to measure by chapter; CourseError for an id that is none, or one that cannot be tested."""
    chapters = {path.stem: read_specs(path) for path in sorted((root / "book" / "claims").glob("*.yaml"))}
    wanted: dict[str, list[str]] = {}
    for chapter, specs in chapters.items():
        for id, spec in specs.items():
            if spec.kind != "untestable" and (not ids or {id, *spec.also} & set(ids)):
                wanted.setdefault(chapter, []).append(id)
    known = {name for chapter, some in wanted.items() for id in some
             for name in (id, *chapters[chapter][id].also)}  # fmt: skip
    if unknown := [id for id in ids if id not in known]:
        raise CourseError(
            f"{unknown[0]} is no claim that can be measured: the page 'Reported and measured' lists them all."
        )
    return wanted


def sources_of(notebook: dict) -> list[str]:
    """The code cells without magics; of proofs nothing, since they are in the catalogue."""
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    lines = [[] if source.startswith("%%") else source.splitlines() for source in cells]
    return ["\n".join(line for line in each if not line.startswith(("%", "!"))) for each in lines]


def script_of(notebook: dict, ids: list[str]) -> str:
    """The statements that the claims `ids` need; all cells where one is judged in a loop over ids."""
    sources = sources_of(notebook)
    return "\n".join([PRELUDE, *(statements_for(sources, ids) or sources)]) + "\n"


def scratch(root: Path, folder: Path, chapter: str, ids: list[str], kept: bool = False) -> Path:
    """A copy of the course in `folder` without ledger, and measurements unless `kept`; in it the script."""
    left_out = shutil.ignore_patterns("ledger", "__pycache__", ".*", *(() if kept else ("measured",)))
    for name in ("book", "helpers", "notebooks"):
        shutil.copytree(root / name, folder / name, ignore=left_out)
    if (root / "_toc.yml").exists():
        shutil.copy(root / "_toc.yml", folder)
    (folder / "book" / "ledger").mkdir()
    notebook = json.loads((root / "notebooks" / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    script = folder / "notebooks" / f"verify_{chapter.replace('-', '_')}.py"
    script.write_text(script_of(notebook, ids), encoding="utf-8")
    return script


def surroundings(root: Path, folder: Path, profile: str, kept: bool = False) -> dict[str, str]:
    """The variables of the run: helpers of the copy, data and commit of the course itself."""
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    ours = {"PYTHONPATH": path, "COURSE_PROFILE": profile, "COURSE_QUIET": "1", "COURSE_PUBLISH": "",
            "COURSE_COMMIT": provenance()["commit"], "PYTHONHASHSEED": "0", "MPLBACKEND": "Agg"}  # fmt: skip
    if kept:
        ours |= {"COURSE_KEPT": "1", "COURSE_FRESH": ""}
    if (root / "data").is_dir() and not os.environ.get("COURSE_DATA"):
        ours["COURSE_DATA"] = str(root / "data")
    return os.environ | ours


def measure(root: Path, chapter: str, ids: list[str], profile: str, kept: bool = False) -> dict:
    """The record of a run of `chapter` on this machine; CourseError if code fails or judges too little."""
    with tempfile.TemporaryDirectory(prefix="verify-") as name:
        folder = Path(name).resolve()
        script = scratch(root, folder, chapter, ids, kept)
        status = subprocess.run(
            [sys.executable, script.name],
            cwd=script.parent,
            env=surroundings(root, folder, profile, kept),
            stdout=subprocess.DEVNULL,
        ).returncode
        if status:
            raise CourseError(f"{chapter} ended with status {status}: what it said stands above.")
        written = folder / "book" / "ledger" / f"{chapter}.json"
        record = json.loads(written.read_text(encoding="utf-8")) if written.exists() else {"claims": []}
    if missing := set(ids) - {claim["id"] for claim in record["claims"]}:
        raise CourseError(f"{chapter} judged no claim {min(missing)}: no cell does so for each profile.")
    return record


def published(root: Path, chapter: str) -> dict[str, dict]:
    """The claims of the published record by id; none if there is no record."""
    path = root / "book" / "ledger" / f"{chapter}.json"
    stored = json.loads(path.read_text(encoding="utf-8"))["claims"] if path.exists() else []
    return {claim["id"]: claim for claim in stored}


def same(one, other) -> bool:
    """Are two values of JSON equal, numbers to rounding?"""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) or isinstance(other, float):
        return None not in (one, other) and math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE / 1000)
    return one == other


def compare(root: Path, chapter: str, ids: list[str]) -> list[str]:
    """The claims of `ids` whose record is not what follows from the values that the book keeps."""
    record, stored = measure(root, chapter, ids, "full", kept=True), published(root, chapter)
    found = {claim["id"]: claim for claim in record["claims"]}
    return [
        id for id in ids if not all(same(found[id][name], stored.get(id, {}).get(name)) for name in FOLLOWS)
    ]


def rows_of(root: Path, record: dict, ids: list[str]) -> list[dict]:
    """A row for each of the claims `ids`, beside the published one."""
    stored = published(root, record["chapter"])
    claims = [claim for claim in record["claims"] if claim["id"] in ids]
    return [row_of(record, claim, stored.get(claim["id"])) for claim in claims]


def told(row: dict) -> str:
    short = "" if row["profile"] == "full" else f"{row['profile']} profile: "
    beside = f" ({row['published']})" if row["published"] not in (None, row["verdict"]) else ""
    return f"{row['id']}: {short}{row['verdict']}, {SAYS[row['agrees']]}{beside}"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make verify-claims", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("ids", nargs="*", metavar="ID", help="claims, such as A1-2d/C; default all")
    parser.add_argument(
        "--profile", choices=("quick", "full"), default=os.environ.get("COURSE_PROFILE") or "quick"
    )
    parser.add_argument(
        "--kept", action="store_true", help="measure nothing: does the record follow from what is kept?"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    chosen = parser.parse_args(argv)
    failed = 0
    try:
        wanted = asked_for(chosen.root, chosen.ids)
    except CourseError as error:
        parser.error(str(error))
    for chapter, ids in wanted.items():
        try:
            failed += bool(again(chosen, chapter, ids))
        except CourseError as error:
            print(error, file=sys.stderr, flush=True)
            failed += 1
    return int(failed > 0)


def again(chosen: argparse.Namespace, chapter: str, ids: list[str]) -> list[str]:
    """Measure, and append at once, since the next chapter may take hours; or compare. What it finds wrong."""
    if chosen.kept:
        wrong = compare(chosen.root, chapter, ids)
        print(f"{chapter}: {len(ids) - len(wrong)} of {len(ids)} claims follow from what is kept", flush=True)
        print(*(f"{id}: the record does not" for id in wrong), sep="\n", end="\n" * bool(wrong), flush=True)
        return wrong
    rows = rows_of(chosen.root, measure(chosen.root, chapter, ids, chosen.profile), ids)
    append_rows(chosen.root / "book" / "verified.json", rows)
    print(*map(told, rows), sep="\n", flush=True)
    return []


if __name__ == "__main__":
    sys.exit(main())
