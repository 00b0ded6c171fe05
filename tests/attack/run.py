"""Put generated statements to the checker: `python -m attack.run --count 3000 --seed 0 --report FILE.json`.

Counts verdicts for each kind and truth, and lists what is false and proved, false and accepted by the
symbolic judge alone, or true and refuted with a value on both sides.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from helpers.proof import Result, Verdict, check, judge

from .kinds import EDGES, KINDS, statement
from .oracle import Truth, truth
from .statement import Statement

MANY = 400  # points


@dataclass
class Report:
    counts: dict[str, dict[str, Counter]] = field(default_factory=dict)
    false_proved: list[dict] = field(default_factory=list)
    false_refuted: list[dict] = field(default_factory=list)
    symbolic_yes: list[dict] = field(default_factory=list)

    def count(self, kind: str, found: Truth, verdict: str) -> None:
        self.counts.setdefault(kind, {}).setdefault(found.value, Counter())[verdict] += 1

    def of(self, kind: str, found: str, verdict: str) -> int:
        return self.counts.get(kind, {}).get(found, Counter())[verdict]


def verdict_on(s: Statement) -> Result:
    """What the checker says; a refusal of the hypotheses or of a proof is no answer."""
    try:
        if s.attempt is None:
            return check(s.lhs, s.rhs, s.given, relation=s.relation, **s.means)
        s.attempt()
        return Result(Verdict.PROVED)
    except Exception as reason:  # a step that is not proved raises, and so does a hypothesis that is refused
        return Result(Verdict.UNKNOWN, note=f"{type(reason).__name__}: {reason}")


@contextmanager
def silent_numbers() -> Iterator[None]:
    """Inside, the numerical judge agrees to everything, so that a chain stands or falls by the other one."""
    before = judge._by_numbers
    judge._by_numbers = lambda *_: Result(Verdict.CHECKED, points=1)
    try:
        yield
    finally:
        judge._by_numbers = before


def symbolic_alone(s: Statement) -> bool:
    try:
        if s.attempt is not None:
            with silent_numbers():
                s.attempt()
            return True
        return judge.symbolic(s.lhs, s.rhs, s.given, relation=s.relation, **s.means)
    except Exception:  # the judge has no rule, which is no yes
        return False


def one(report: Report, kind: str, name: str, s: Statement) -> None:
    answer, result = truth(s), verdict_on(s)
    if answer.truth is Truth.TRUE and result.verdict is Verdict.REFUTED:
        answer = truth(s, MANY)  # few points may have missed what the checker saw
    report.count(kind, answer.truth, str(result.verdict))
    entry = {"kind": kind, "name": name, "statement": str(s), "point": answer.shown, "verdict": repr(result)}
    if answer.truth is Truth.FALSE:
        if result.verdict is Verdict.PROVED:
            report.false_proved.append(entry)
        elif symbolic_alone(s):
            report.symbolic_yes.append(entry)
    elif answer.truth is Truth.TRUE and _refuted_by_numbers(result):
        report.false_refuted.append(entry)


def _refuted_by_numbers(result: Result) -> bool:
    """Where one side has no value the checker refutes, too; that is its own convention."""
    return result.verdict is Verdict.REFUTED and result.lhs is not None and result.rhs is not None


def run(
    count: int, seed: int, first: int = 0, seconds: float = inf, tables: tuple[dict, ...] = (KINDS,)
) -> Report:
    """The verdicts on `count` statements, the tables of kinds taking turns."""
    end = time.monotonic() + seconds
    report = Report()
    for number in range(first, first + count):
        kind, s = statement(seed, number, tables[number % len(tables)])
        one(report, kind, f"{seed} {number}", s)
        if time.monotonic() > end:
            break
    return report


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=inf, help="end after so long, with what there is")
    parser.add_argument("--report", type=Path)
    chosen = parser.parse_args(arguments)
    report = run(chosen.count, chosen.seed, chosen.first, chosen.seconds, (KINDS,) * 11 + (EDGES,))
    if chosen.report:
        chosen.report.write_text(json.dumps(report.__dict__, indent=1), encoding="utf-8")
    for kind, found in report.counts.items():
        print(f"{kind:24s}", {name: dict(verdicts) for name, verdicts in found.items()})
    for title in ("false_proved", "false_refuted", "symbolic_yes"):
        print(f"{title}: {len(getattr(report, title))}")
        for entry in getattr(report, title):
            print(f"  {entry['name']} {entry['kind']}: {entry['statement']}")
            print(f"     {entry['point']}\n     {entry['verdict'][:160]}")
    return int(bool(report.false_proved or report.false_refuted))


if __name__ == "__main__":
    sys.exit(main())
