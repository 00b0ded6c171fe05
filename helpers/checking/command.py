"""`python -m helpers.proof check FILE…`: homework judged line by line. A file is read and never run.

Exit status: 0 all right, 1 something is wrong, 2 something is not read or not decided, or no derivation.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from . import report
from .files import KINDS, Unreadable, derivations
from .marking import mark
from .tasks import Task, UnknownTask, task, tasks

__all__ = ["main"]


def main(arguments: Sequence[str]) -> int:
    """Run the check for the command line `arguments`; returns the exit status."""
    options = parser().parse_args(arguments)
    if options.tasks:
        print("\n".join(f"{one.id:34} {one.title}" for one in tasks()))
        return 0
    if not options.files:
        parser().print_usage(sys.stderr)
        return 2
    try:
        asked = task(options.task) if options.task else None
    except UnknownTask as reason:
        print(reason, file=sys.stderr)
        return 2
    class_ = []
    for path in options.files:
        handed = check(Path(path), asked)
        class_.append(handed)
        if not options.json:
            print(report.plain(handed), file=sys.stderr if handed.reason else sys.stdout, flush=True)
    if options.json:
        print(json.dumps([one for handed in class_ for one in report.records(handed)], ensure_ascii=False))
    try:
        write(class_, options)
    except OSError as reason:
        print(f"{reason.filename} cannot be written: {reason.strerror}.", file=sys.stderr)
        return 2
    return report.worst(handed.status for handed in class_)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser("python -m helpers.proof check", description=__doc__.splitlines()[0])
    made.add_argument("files", nargs="*", metavar="FILE", help=f"files to judge: {', '.join(KINDS)}")
    made.add_argument("--task", metavar="ID", help="start, goal and names are those of this task")
    made.add_argument("--tasks", action="store_true", help="print the tasks and stop")
    made.add_argument("--json", action="store_true", help="print a list with one object a derivation")
    made.add_argument("--html", metavar="OUT", help="write a page for each file into this folder")
    made.add_argument("--csv", metavar="OUT", help="write a table of all files")
    return made


def check(path: Path, asked: Task | None = None) -> report.Handed:
    """One file with each of its derivations judged."""
    name = asked.id if asked else ""
    try:
        texts = derivations(path)
    except Unreadable as reason:
        return report.Handed(str(path), (), name, str(reason))
    return report.Handed(str(path), tuple(mark(one.text, asked, one.title) for one in texts), name)


def write(class_: list[report.Handed], options: argparse.Namespace) -> None:
    """The pages and the table that were asked for. Raises OSError."""
    if options.csv:
        Path(options.csv).write_text(report.table(class_), encoding="utf-8-sig", newline="")
    if not options.html:
        return
    out = Path(options.html)
    if out.suffix.lower() in (".html", ".htm") and len(class_) == 1:
        out.write_text(report.page(class_[0]), encoding="utf-8")
        return
    out.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    for handed in class_:
        name = unused(Path(handed.file).name, taken)
        (out / name).write_text(report.page(handed), encoding="utf-8")


def unused(name: str, taken: set[str]) -> str:
    """A name of a page that no other file of the class has."""
    found, k = f"{name}.html", 1
    while found.lower() in taken:
        k += 1
        found = f"{name}-{k}.html"
    taken.add(found.lower())
    return found
