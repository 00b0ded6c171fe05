"""The tables of *For instructors*: what each tool gave for what was handed in (book/graders.json)."""

from __future__ import annotations

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from syw_pages import parse

WHAT = {  # the report's word: what was handed in
    "right": "every answer right",
    "wrong": "every answer wrong",
    "stub": "nothing filled in",
    "while True": "an endless loop in place of an answer",
    "10¹⁰ bytes": "a wrong answer, and 10¹⁰ bytes of memory taken",
    "os.system": "a wrong answer, and a command given to the machine",
    "replaced feedback": "wrong answers, and `feedback`, `look` and the judge replaced",
    "replaced subprocess": "wrong answers, and `subprocess.run` says yes to all",
    "rewritten report": "wrong answers, and what the judge reports is rewritten",
    "looked-up answer": "answers looked up in the course's code",
    "copied answer": "answers copied from the book",
    "reads the tests": "answers read from the tests in the notebook's own file",
}
MISTAKE = re.compile(r"mistake \d+")


def shown(points: float) -> str:
    return f"{points:g}"


def share(found: dict, tool: str, attempt: str) -> str:
    """Points of the answers that should get none, or of all where all are right; "–" if it was not tried."""
    points = found["points"].get(tool, {}).get(attempt)
    if points is None:
        return "–"
    if not points:
        return "no mark at all"
    bad = found["attacks"][attempt] or list(found["full"])
    got, full = sum(points.get(n, 0) for n in bad), sum(found["full"][n] for n in bad)
    rest = [n for n in found["full"] if n not in bad]
    lost = sum(found["full"][n] - points.get(n, 0) for n in rest)
    others = f"; the others lost {shown(lost)}" if lost else ""
    return f"{shown(got)} of {shown(full)}{others}"


def lines(report: dict) -> list[str]:
    """The attacks of the chapter that has them, then right, wrong and stub of every chapter."""
    first = report["attacks"]
    tools = list(first["points"])
    head = [f"| handed in | {' | '.join(tools)} |", "|:--|" + "--:|" * len(tools)]
    rows = [
        f"| {WHAT[a]} | {' | '.join(share(first, t, a) for t in tools)} |"
        for a in WHAT
        if a in first["attacks"]
    ]
    count = sum(len(first["attacks"][a]) for a in mistakes_of(first))
    rows.append(
        f"| each of {count} catalogued mistakes | {' | '.join(together(first, t)[2] for t in tools)} |"
    )
    ran = [tool for tool, did in first["commands were run"].items() if did]
    said = f"The command was carried out by {' and '.join(ran) or 'none of them'}."
    return [*head, *rows, "", said, "", *_chapters(report, tools)]


def mistakes_of(found: dict) -> list[str]:
    """The notebooks in which each answer is a catalogued mistake."""
    return [attempt for attempt in found["attacks"] if MISTAKE.fullmatch(attempt)]


def together(found: dict, tool: str) -> tuple[int, float, str]:
    """(catalogued mistakes that a tool was given, the points it gave for them, both in words)."""
    tried = [(a, found["points"].get(tool, {}).get(a)) for a in mistakes_of(found)]
    bad = [(points, name) for a, points in tried if points is not None for name in found["attacks"][a]]
    got = sum(points.get(name, 0) for points, name in bad)
    full = sum(found["full"][name] for _, name in bad)
    return len(bad), got, f"{shown(got)} of {shown(full)}" if bad else "–"


def _chapters(report: dict, tools: list[str]) -> list[str]:
    head = [f"| chapter | points | {' | '.join(tools)} |", "|:--|--:|" + ":--|" * len(tools)]
    rows = []
    for name, found in report.items():
        if name == "attacks":
            continue
        cells = []
        for tool in tools:
            points = found["points"].get(tool, {})
            tried = [a for a in ("right", "one slip", "wrong", "stub") if a in points]
            said = [f"{a} {shown(sum(points[a].values()))}" for a in tried]
            count, got, _ = together(found, tool)
            cells.append(", ".join(said + [f"{count} mistakes {shown(got)}"] * bool(count)) or "–")
        rows.append(f"| {name[:2]} | {shown(sum(found['full'].values()))} | {' | '.join(cells)} |")
    return [*head, *rows]


class Graders(SphinxDirective):
    """The tables of book/graders.json."""

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir) / "book" / "graders.json"
        self.env.note_dependency(str(path))
        return parse(self, lines(json.loads(path.read_text(encoding="utf-8"))))


def setup(app: Sphinx) -> None:
    app.add_directive("graders", Graders)
