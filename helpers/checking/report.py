"""What was marked, for people and machines: lines of text, JSON, a page a student, a table of the class."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from helpers.proof.show.formulas import text

from .marking import Marked, MarkedLine, at

__all__ = ["Handed", "page", "plain", "records", "table"]

SIGNS = {"<=": "≤", ">=": "≥"}
COLUMNS = ("file", "title", "lines", "proved", "checked", "unknown", "refuted", "unread", "first wrong line",
           "mistake", "task", "remark")  # fmt: skip
STYLE = """body {
  font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
}
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #8886; }
code, pre {
  font-family: ui-monospace, monospace; font-size: .9em; white-space: pre-wrap; overflow-wrap: anywhere;
}
.proved { color: #1f7a3d; } .refuted { color: #b3261e; } .checked, .unknown, .unread { color: #7a5b00; }
td:nth-child(2) { font-weight: 600; white-space: nowrap; }
@media (prefers-color-scheme: dark) { body { background: #16181c; color: #e6e6e6; }
.proved { color: #6fce8d; } .refuted { color: #ff8a80; } .checked, .unknown, .unread { color: #e6c15c; } }"""


@dataclass(frozen=True)
class Handed:
    """One file as it was handed in, with what became of its derivations; `reason` if it could not be read."""

    file: str
    marked: tuple[Marked, ...] = ()
    task: str = ""
    reason: str = ""

    @property
    def status(self) -> int:
        """0: all right; 1: something is wrong; 2: something is not read, or there is no derivation."""
        return 2 if self.reason or not self.marked else worst(one.status for one in self.marked)


def worst(statuses: Iterable[int]) -> int:
    """1 if anything is wrong, else 2 if anything is open, else 0."""
    found = set(statuses)
    return 1 if 1 in found else max(found)


def word(line: MarkedLine) -> str:
    """The verdict as the reports write it; a definition and a recursion are what they are."""
    return "unread" if line.verdict == "not read" else line.verdict


def formula(line: MarkedLine) -> str:
    """The relation that was judged, as plain text; empty for a row that was not read."""
    one = line.judged
    if one.left is None or one.right is None:
        return ""
    return f"{text(one.left)} {SIGNS.get(one.relation, one.relation)} {text(one.right)}"


def said(line: MarkedLine) -> str:
    """What is said beside the verdict: the numbers first, then the mistake."""
    if line.point is None:
        return line.message
    mistake = f"; {line.mistake.name}. {line.mistake.hint}".rstrip(". ") if line.mistake else ""
    return at(line) + mistake


# ---------------------------------------------------------------- for a terminal
def plain(handed: Handed) -> str:
    """One line for each row of each derivation."""
    found = [f"{handed.file}:"]
    if handed.reason or not handed.marked:
        return f"{found[0]} {handed.reason or 'no derivation.'}"
    for one in handed.marked:
        found.append(f"  {one.title or 'derivation'}: given {'; '.join(one.given) or 'nothing'}")
        if one.trouble:
            found.append(f"    not read: {one.trouble}")
        for line in one.lines:
            words = ": ".join(filter(None, (word(line), said(line))))
            found.append(f"    row {line.row}: {formula(line)}  {words}".replace(":   ", ": "))
        found += [f"    {remark}" for remark in one.remarks]
    return "\n".join(found)


# ---------------------------------------------------------------- for machines
def records(handed: Handed) -> list[dict[str, Any]]:
    """One object for each derivation of a file; a file that could not be read has one with its reason."""
    marked = handed.marked or (Marked("", trouble=handed.reason or "There is no derivation in this file."),)
    return [_record(handed, one) for one in marked]


def _record(handed: Handed, one: Marked) -> dict[str, Any]:
    lines = [line.record() for line in one.lines]
    if one.trouble:
        unread = {"counterexample": None, "mistake": None, "message": one.trouble}
        lines.append({"line": 1, "verdict": "unread", **unread})
    made = {"file": handed.file, "title": one.title, "lines": lines}
    if handed.task:
        made["task"] = {"id": handed.task, "reached": one.reached, "remarks": list(one.remarks)}
    return made


def table(class_: Iterable[Handed]) -> str:
    """A table with one row for each derivation of each file, as CSV."""
    made = io.StringIO()
    rows = csv.writer(made)
    rows.writerow(COLUMNS)
    for handed in class_:
        for record, one in zip(records(handed), handed.marked or (None,), strict=True):
            rows.writerow(map(_cell, _row(handed, record, one)))
    return made.getvalue()


def _row(handed: Handed, record: dict[str, Any], one: Marked | None) -> list[Any]:
    lines = record["lines"]
    verdicts = [line["verdict"] for line in lines]
    wrong = [line for line in lines if line["verdict"] == "refuted"]
    counts = [verdicts.count(verdict) for verdict in COLUMNS[3:8]]
    named = next((line["mistake"] for line in wrong if line["mistake"]), "")
    remarks = " ".join(one.remarks) if one else lines[0]["message"]
    first = wrong[0]["line"] if wrong else ""
    return [handed.file, record["title"], len(lines), *counts, first, named, handed.task, remarks]


def _cell(value: Any) -> Any:
    """A cell that a spreadsheet takes as text, whatever a file is called."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t") else value


# ---------------------------------------------------------------- for a student
def page(handed: Handed) -> str:
    """A page for one student: his text, and each line with its verdict. It needs no other file."""
    body = "\n".join(map(_section, handed.marked)) or f"<p>{escape(handed.reason or 'No derivation.')}</p>"
    name = escape(handed.file)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{name}</title><style>{STYLE}</style></head>
<body><h1>{name}</h1>
<p>Every line was read and judged by two programs that share no rule; nothing in the file was run.</p>
{body}
</body></html>
"""


def _section(one: Marked) -> str:
    given = "; ".join(map(escape, one.given)) or "nothing"
    rows = "\n".join(
        f'<tr><td>{line.row}</td><td class="{escape(word(line))}">{escape(word(line))}</td>'
        f"<td><code>{escape(formula(line))}</code><br>{escape(said(line))}</td></tr>"
        for line in one.lines
    )
    trouble = f'<p class="unread">Not read: {escape(one.trouble)}</p>' if one.trouble else ""
    remarks = "".join(f"<p>{escape(remark)}</p>" for remark in one.remarks)
    lines = (
        f"<table><tr><th>row</th><th>verdict</th><th>as it was read</th></tr>{rows}</table>" if rows else ""
    )
    return (
        f"<h2>{escape(one.title or 'A derivation')}</h2><pre>{escape(one.source.strip())}</pre>"
        f"<p>Supposed: <code>{given}</code>.</p>{trouble}{lines}{remarks}"
    )
