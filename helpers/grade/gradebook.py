"""Marks as files: a CSV that a gradebook takes, and Gradescope's results.json."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from .marking import Mark, Marks

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would compute


def write_csv(marks: Sequence[Marks], file: TextIO) -> None:
    """One row a student: total, points of each question, who should look at what, and what was said."""
    sheet = marks[0].sheet
    head = ["student", "total", "out of", *(q.name for q in sheet.questions), "look at", "feedback"]
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(head)
    for student in marks:
        points = [_number(mark.points) for mark in student.marks]
        hand = ", ".join(mark.question.name for mark in student.marks if mark.by_hand)
        row = [student.student, _number(student.points), _number(sheet.points), *points, hand, said(student)]
        rows.writerow([_harmless(cell) for cell in row])


def said(marks: Marks) -> str:
    """What the student is told, question by question."""
    if marks.trouble:
        return marks.trouble
    return "\n".join(
        f"{mark.question.name} ({_number(mark.points)}/{_number(mark.question.points)}): {mark.said}"
        for mark in marks.marks
    )


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: names come from file names, which students choose."""
    return f"'{cell}" if cell.startswith(FORMULA) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _number(points: float) -> str:
    return f"{points:g}"


def write_results(marks: Marks, path: Path) -> None:
    """Gradescope's results.json for one submission."""
    tests = [_test(mark, number) for number, mark in enumerate(marks.marks, 1)]
    results = {"score": marks.points, "output": marks.trouble, "tests": tests, "visibility": "visible"}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")


def _test(mark: Mark, number: int) -> dict:
    return {
        "name": f"{mark.question.name}: {mark.question.id}",
        "number": str(number),
        "score": mark.points,
        "max_score": mark.question.points,
        "output": mark.said,
    }
