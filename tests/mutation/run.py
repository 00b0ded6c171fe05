"""Run the mutation suite over every derivation and store the report that a page of the book shows.

    python tests/mutation/run.py [--cap 80] [--alone 2] [--only TOPIC] [--missing] [--write FILE]

`--missing` examines the derivations that the stored report lacks, and adds them to it. One line of progress
for each derivation. Exit status 1 if a false mutant was proved, or not refuted.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import sympy  # noqa: E402

from helpers.course import DERIVATIONS  # noqa: E402
from mutation.suite import FALSE, Answer, Tally, examine  # noqa: E402

REPORT = ROOT / "book" / "mutation.json"
SHOWN = 300  # characters of a mutant in the report


def work(task: tuple[str, int, int]) -> dict[str, Any]:
    """One derivation as plain data: a process cannot send the functions that `define` makes."""
    id, cap, alone = task
    tally = examine(DERIVATIONS[id].chain, cap=cap, alone=alone)
    return {
        "line": line(tally),
        "row": row(tally),
        "kinds": kinds(tally.answers),
        "alone": tally.alone,
        "listed": [listed(id, a) for a in tally.troubles],
    }


def row(tally: Tally) -> dict[str, Any]:
    """One derivation as the report stores it: verdicts by truth, and how the true steps fared."""
    counts: dict[str, Counter] = defaultdict(Counter)
    for a in tally.answers:
        counts[a.truth][a.verdict] += 1
    return {
        "id": tally.id,
        "title": DERIVATIONS[tally.id].title,
        "steps": tally.steps,
        "proved": tally.proved,
        "agreed": tally.agreed,
        "possible": tally.possible,
        "counts": dict(counts),
        "failed": tally.failed,
        "seconds": round(tally.seconds, 1),
    }


def kinds(answers: list[Answer]) -> Counter:
    """(kind of edit, truth, verdict) -> number."""
    return Counter(
        (a.mutant.kind + (" of the gap" if a.mutant.part == "gap" else ""), a.truth, a.verdict)
        for a in answers
    )


def listed(id: str, a: Answer) -> dict[str, str]:
    m = a.mutant
    claim = f"gap {m.gap}" if m.part == "gap" else f"{m.relation} {m.expr}"
    return {
        "id": id,
        "because": a.because,
        "kind": m.kind,
        "truth": a.truth,
        "verdict": a.verdict,
        "trouble": a.trouble,
        "claim": claim[:SHOWN],
        "note": a.note[:SHOWN],
    }


def report(found: list[dict], commit: str, **how: Any) -> dict[str, Any]:
    """The whole run, derivations in reading order."""
    order = list(DERIVATIONS)
    found = sorted(found, key=lambda one: order.index(one["row"]["id"]))
    rows = [one["row"] for one in found]
    by_kind: dict[str, dict] = defaultdict(lambda: defaultdict(dict))
    for (kind, truth, verdict), number in sorted(sum((one["kinds"] for one in found), Counter()).items()):
        by_kind[kind][truth][verdict] = number
    alone = sum((one["alone"] for one in found), Counter())
    return {
        "schema": 1,
        "provenance": {"python": platform.python_version(), "sympy": sympy.__version__, "commit": commit},
        **how,
        "processor_seconds": round(sum(entry["seconds"] for entry in rows)),
        "derivations": rows,
        "kinds": by_kind,
        "listed": [entry for one in found for entry in one["listed"]],
        "alone": {truth: {what: alone[truth, what] for what in ALONE} for truth in FALSE},
    }


ALONE = ("tried", "symbolic", "numeric")


def together(one: Any, other: Any) -> Any:
    """Numbers and lists added, tables entry by entry."""
    if not isinstance(one, dict):
        return one + other
    return {
        key: together(one[key], other[key]) if key in one and key in other else {**one, **other}[key]
        for key in (*one, *(key for key in other if key not in one))
    }


def with_more(stored: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """The stored report and that of other derivations as one, with the provenance of the first."""
    order = list(DERIVATIONS)
    rows = sorted((*stored["derivations"], *new["derivations"]), key=lambda row: order.index(row["id"]))
    sums = {name: together(stored[name], new[name]) for name in SUMS}
    return {**stored, **sums, "derivations": rows}


SUMS = ("seconds", "processor_seconds", "kinds", "listed", "alone")


def line(tally: Tally) -> str:
    if tally.failed:
        return f"{tally.id}: {tally.failed}"
    false = tally.count("wrong") + tally.count("ill")
    refuted = sum(tally.count(truth, "refuted", "refused") for truth in FALSE)
    equal = f"{tally.count('equal', 'proved')}/{tally.count('equal')} equal proved"
    trouble = f", {len(tally.troubles)} to look at" if tally.troubles else ""
    return (
        f"{tally.id}: {tally.proved}/{tally.steps} steps proved, {refuted}/{false} false refuted, {equal}"
        f"{trouble} ({tally.seconds:.1f} s)"
    )


def commit() -> str:
    """What is examined; asked for at the start, because a run takes minutes."""
    git = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def main(arguments: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cap", type=int, default=80, help="mutants of one derivation")
    options.add_argument(
        "--alone", type=int, default=2, help="false mutants of each sort on which each judge is tried alone"
    )
    options.add_argument("--only", default="", help="derivations whose id begins with this")
    options.add_argument("--missing", action="store_true", help="derivations that the report lacks")
    options.add_argument("--write", type=Path, default=REPORT)
    options.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    chosen = options.parse_args(arguments)
    before = json.loads(REPORT.read_text(encoding="utf-8")) if chosen.missing else {"derivations": []}
    known = {row["id"] for row in before["derivations"]}
    wanted = (id for id in DERIVATIONS if id.startswith(chosen.only) and id not in known)
    tasks = [(id, chosen.cap, chosen.alone) for id in wanted]
    started, found, examined = time.monotonic(), [], commit()
    with multiprocessing.Pool(chosen.jobs, maxtasksperchild=20) as pool:
        for one in pool.imap_unordered(work, tasks):
            found.append(one)
            print(f"{len(found)}/{len(tasks)} {one['line']}", flush=True)
    stored = report(
        found,
        examined,
        cap=chosen.cap,
        each_alone=chosen.alone,
        jobs=chosen.jobs,
        seconds=round(time.monotonic() - started),
    )
    if chosen.missing:
        stored = with_more(before, stored)
    chosen.write.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    bad = sum(entry["trouble"].startswith("false") for entry in stored["listed"])
    print(
        f"{sum(sum(one['kinds'].values()) for one in found)} mutants in {stored['seconds']} s "
        f"({stored['processor_seconds']} s of processor time); {bad} false ones not refuted"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
