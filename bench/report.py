"""What the benchmarks report: rows of what was measured, a table of them, and one JSON file.

A clock on somebody's machine proves nothing and fails nothing. A ratio that falls short of its target is
marked, and a benchmark that ends in an error is a row with the reason.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """`value` in `unit`, measured as `what`; `ratio` says how many times as good that is as `against`."""

    what: str
    value: float | None = None
    unit: str = ""
    against: str = ""
    ratio: float | None = None
    target: float | None = None  # what the ratio should be at least
    note: str = ""

    @property
    def short(self) -> bool:
        return self.target is not None and self.ratio is not None and self.ratio < self.target


@dataclass
class Report:
    """Collects rows; `title` is the benchmark at work."""

    rows: list[tuple[str, Row]] = field(default_factory=list)
    title: str = ""

    def add(self, what: str, value: float | None = None, unit: str = "", **more: object) -> None:
        row = Row(what, value, unit, **more)
        self.rows.append((self.title, row))
        print(line(row), flush=True)

    def write(self, path: Path, facts: dict[str, object]) -> None:
        rows = [{"bench": title, **asdict(row), "short": row.short} for title, row in self.rows]
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({**facts, "rows": rows}, indent=1, ensure_ascii=False) + "\n"
        path.write_text(text, encoding="utf-8")

    def table(self) -> str:
        lines, last = [], None
        for title, row in self.rows:
            if title != last:
                lines += ["", title]
                last = title
            lines.append(line(row))
        short = sum(row.short for _, row in self.rows)
        return "\n".join([*lines, "", f"{len(self.rows)} rows, {short} short of their target (marked !)"])


def line(row: Row) -> str:
    """`! what   value unit   ratio times against (target …)   note`, without what is not there."""
    value = "" if row.value is None else f"{row.value:,.4g} {row.unit}"
    ratio = "" if row.ratio is None else f"{row.ratio:.3g} x {row.against}".rstrip()
    target = "" if row.target is None else f"(target {row.target:g})"
    rest = "  ".join(part for part in (ratio, target, row.note) if part)
    return f"{'!' if row.short else ' '} {row.what:58} {value:>18}  {rest}".rstrip()
