"""`python -m helpers.grade SUBMISSION…`: marks for notebooks, without running a line of them.

A SUBMISSION is a notebook, or a folder with notebooks in it: the first folder below it then names the
student. Exit status 0: graded; 1: at least one notebook could not be read; 2: there is nothing to grade.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from helpers.places import chapters
from helpers.runtime import ROOT, CourseError, plain_console

from . import sheet as sheets
from .gradebook import write_csv, write_results
from .marking import MEGABYTES, SECONDS, Marker, Marks, grade
from .sheet import Sheet


def arguments_of(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m helpers.grade", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("submissions", nargs="+", type=Path, metavar="SUBMISSION")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--sheet", type=Path, help="sheet.json of the assignment (make assignment)")
    which.add_argument("--chapter", help="the chapter whose student edition was handed out, such as 01")
    parser.add_argument("--csv", type=Path, help="write the gradebook there; else it is printed")
    parser.add_argument(
        "--gradescope", type=Path, help="write Gradescope's results.json of one submission there"
    )
    parser.add_argument("--seconds", type=float, default=SECONDS, help="limit for one answer (%(default)s)")
    parser.add_argument(
        "--memory", type=int, default=MEGABYTES, help="limit in MB for one answer (%(default)s)"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (%(default)s)")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    plain_console()
    arguments = arguments_of(argv)
    try:
        found = find(arguments.submissions)
        sheet = sheet_for(arguments, [path for _, path in found])
    except CourseError as reason:
        print(reason, file=sys.stderr)
        return 2
    marks = grade_all(found, sheet, arguments)
    if arguments.gradescope:
        write_results(marks[0], arguments.gradescope)
    if arguments.csv:
        with arguments.csv.open("w", encoding="utf-8", newline="") as file:
            write_csv(marks, file)
    elif not arguments.gradescope:
        write_csv(marks, sys.stdout)
    for student in marks:
        if student.trouble:
            print(f"{student.student}: {student.trouble}", file=sys.stderr)
    return int(any(student.trouble for student in marks))


def find(submissions: Sequence[Path]) -> list[tuple[str, Path]]:
    """(student, notebook) for each notebook, by name. Raises CourseError if there is none, or two of one."""
    found: list[tuple[str, Path]] = []
    for top in submissions:
        if not top.is_dir():
            found.append((top.stem, top))
            continue
        for path in sorted(top.rglob("*.ipynb")):
            inside = path.relative_to(top)
            if ".ipynb_checkpoints" not in inside.parts:
                found.append((inside.parts[0] if len(inside.parts) > 1 else path.stem, path))
    if any(times > 1 for times in Counter(name for name, _ in found).values()) and len(submissions) > 1:
        found = [(path.parent.name if name == path.stem else name, path) for name, path in found]
    twice = [name for name, times in Counter(name for name, _ in found).items() if times > 1]
    if twice:
        raise CourseError(f"{twice[0]} handed in more than one notebook: leave the one to be graded.")
    if not found:
        raise CourseError(f"There is no notebook in {submissions[0]}.")
    return sorted(found)


def sheet_for(arguments: argparse.Namespace, paths: Sequence[Path]) -> Sheet:
    """The sheet that was named; else the chapter after which every notebook is called."""
    if arguments.sheet:
        return sheets.read(arguments.sheet)
    if arguments.chapter:
        return sheets.of_chapter(sheets.find_chapter(arguments.chapter))
    stems = [path.stem for path in chapters(ROOT / "notebooks")]
    named = {stem for stem in stems for path in paths if stem in path.name}
    if len(named) != 1 or not all(next(iter(named)) in path.name for path in paths):
        raise CourseError("Say what is graded: --sheet sheet.json, or --chapter 01 for the student edition.")
    return sheets.of_chapter(sheets.find_chapter(named.pop()))


def grade_all(found: Sequence[tuple[str, Path]], sheet: Sheet, arguments: argparse.Namespace) -> list[Marks]:
    """The marks in the order of `found`, judged by several processes side by side."""
    known: dict = {}
    mine = threading.local()
    markers: list[Marker] = []

    def one(submission: tuple[str, Path]) -> Marks:
        if not hasattr(mine, "marker"):
            mine.marker = Marker(arguments.seconds, arguments.memory)
            markers.append(mine.marker)
        return grade(*submission, sheet, mine.marker, known)

    try:
        with ThreadPoolExecutor(max(1, min(arguments.jobs, len(found)))) as pool:
            return list(pool.map(one, found))
    finally:
        for marker in markers:
            marker.stop()


if __name__ == "__main__":
    sys.exit(main())
