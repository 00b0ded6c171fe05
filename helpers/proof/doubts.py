"""Why a row that seems false is not called so: it may be about letters of which the text says too little.

A letter without a sentence is any number, and a row that is false of any number is refuted. But who writes
log p means a positive p, and who writes y_k may mean labels that sum to 1: where a row would hold then, it is
said what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sympy import Basic, Indexed, IndexedBase, Symbol

from . import judge as judges
from .read.rows import Row
from .statement.chain import Line, Part
from .statement.laws import letters_of
from .verdicts import Result, Verdict

CONVENTIONS = {  # of letters and of arrays, with the sentence that would say it
    "affine": "\\sum_{{k=1}}^n {0}_k = 1",
    "sign": "{0} \\in \\{{-1, 1\\}}",
}
TOO_SHORT = (
    "An entry of this row is missing where the array is short: say how long it is, as in “Let $n \\ge 2$”."
)
HOLDS = Verdict.PROVED, Verdict.CHECKED
MOST = 4  # letters that are tried


def doubt(
    row: Row, result: Result | None, before: Basic, line: Line, part: Part
) -> tuple[str, Result | None]:
    """A sentence if a refuted line is not to be called false; else the best counterexample to it."""
    if row.suspicion:
        return row.suspicion, result
    if result is not None and "out of range" in result.explanation and not _in_longer(before, line, part):
        return TOO_SHORT, result
    equation = line.means.relation == "="
    if row.unreal and is_unreal(result):
        real = next(_where_real(row, before, line, part), None) if equation else None
        if real is None:
            return row.unreal, result
        result = real
    return next(_by_convention(row, before, line, part), "") or _by_entries(row, before, line, part), result


def is_unreal(result: Result | None) -> bool:
    """Whether a counterexample is one only because a side has no real value there."""
    return result is not None and any(v is None or isinstance(v, complex) for v in (result.lhs, result.rhs))


def _where_real(row: Row, before: Basic, line: Line, part: Part) -> Iterator[Result]:
    """Counterexamples where the letters of which nothing is said are above 0, or in (0, 1)."""
    for kind in ("positive", "unit"):
        result = _under(dict.fromkeys(row.unsaid, kind), before, line, part)
        if result.verdict is Verdict.REFUTED and not is_unreal(result):
            yield result


def _by_convention(row: Row, before: Basic, line: Line, part: Part) -> Iterator[str]:
    """What would make a line true, if it is what is usually supposed of one of the letters."""
    for name, shown in sorted(row.unsaid.items(), key=lambda pair: pair[1])[:MOST]:
        for kind, said in CONVENTIONS.items():
            if kind == "affine" and not _is_row(name):
                continue
            if _under({name: kind}, before, line, part).verdict in HOLDS:
                formula = said.format(shown)
                yield f"It holds if ${formula}$, and nothing says so: if that is meant, say it."


def _in_longer(before: Basic, line: Line, part: Part) -> bool:
    """Whether a line is false where the sizes are not so small that an entry such as x[2] is missing."""
    entries = {i for side in (before, line.expr) for one in side.atoms(Indexed) for i in one.indices}
    top = max((int(i) for i in entries if i.is_Integer), default=1)
    longer = replace(part.given, span=tuple(range(top, top + 3)))
    return top == 1 or judges.line(before, line, replace(part, given=longer)).verdict is Verdict.REFUTED


def _by_entries(row: Row, before: Basic, line: Line, part: Part) -> str:
    """What makes a line true, if vectors that are independent of each other have independent entries, too."""
    blocks = [str(x) for x in row.blocks if x in part.given.random]
    groups = [tuple(x for one in group for x in letters_of(one)) for group in part.given.independent]
    apart = (*groups, tuple(x for x in row.blocks if x in part.given.random))
    if not blocks or _under({}, before, line, part, independent=apart).verdict not in HOLDS:
        return ""
    names = " and ".join(sorted(blocks))
    return f"It holds if all entries of {names} are independent: then say “with independent entries”."


def _is_row(name: Any) -> bool:
    return isinstance(name, IndexedBase) and len(name.shape or ()) == 1


def _under(domain: dict[Any, str], before: Basic, line: Line, part: Part, **other: Any) -> Result:
    known: dict[Any, Any] = {**part.given.domain, **domain}
    if not all(isinstance(name, (Symbol, IndexedBase)) for name in domain):
        return Result(Verdict.UNKNOWN)
    try:
        return judges.line(before, line, replace(part, given=replace(part.given, domain=known, **other)))
    except ValueError:
        return Result(Verdict.UNKNOWN)
