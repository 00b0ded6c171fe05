"""Inequalities that follow from one another in a text: |1 - ηλ| < 1 ⇔ 0 < ηλ < 2 ⇒ η < 2/λ.

The first of them is a condition: it says for which numbers the others hold, and claims nothing. Each row
after an arrow is judged where the row before it holds; with ⇔ that row is judged where the later one holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sympy import Basic, Eq, GreaterThan, LessThan, StrictGreaterThan, StrictLessThan

from . import judge as judges
from .read.rows import Row
from .read.text import Reading
from .statement.chain import Line, Part
from .verdicts import Result, Verdict

KINDS = {  # the signs of inequalities
    "<": StrictLessThan,
    "<=": LessThan,
    ">": StrictGreaterThan,
    ">=": GreaterThan,
}
CONDITION = "a condition: it says for which numbers the rows after the arrow hold, and claims nothing"
POSITIVE = "It follows for positive numbers only, and nothing says that {0} is one: “Let ${0} > 0$”."

Seen = tuple[str, str, Result | None]


@dataclass
class Implications:
    """The inequalities of a text so far, by their rows. `seen` says what becomes of one that is false."""

    reading: Reading
    rows: dict[int, list[tuple[Basic, Line]]] = field(default_factory=dict)

    def seen(self, row: Row, part: Part, before: Basic, line: Line, false: bool) -> Seen | None:
        """Enter a line; verdict, words and result if it is false and a condition, or follows from one."""
        mine = self.rows.setdefault(row.number, [])
        if false or line.means.relation in KINDS:
            mine.append((before, line))
        earlier = self.rows.get(row.number - 1)
        if not false or line.means.relation not in KINDS:
            return None
        if row.implied and earlier:
            return self.follows(row, part, earlier, mine)
        leads = any(one.number == row.number + 1 and one.implied for one in self.reading.rows)
        return ("supposed", CONDITION, None) if leads else None

    def follows(self, row: Row, part: Part, earlier: list, mine: list[tuple[Basic, Line]]) -> Seen:
        """The last line of a row where the row before it holds; with ⇔ also the other way round."""
        before, line = mine[-1]
        result = judges.line(before, line, _under(part, earlier))
        if result.verdict is Verdict.REFUTED and row.unsaid:
            domain = {**part.given.domain, **dict.fromkeys(row.unsaid, "positive")}
            above = replace(part, given=replace(part.given, domain=domain))
            if judges.line(before, line, _under(above, earlier)).verdict is not Verdict.REFUTED:
                return "not read", POSITIVE.format(min(row.unsaid.values())), None
        if result.verdict is Verdict.REFUTED:
            return "refuted", f"it does not follow from row {row.number - 1}: {result.explanation}", result
        if row.equivalent and len(mine) == len(row.signs):
            for left, claim in earlier:
                back = judges.line(left, claim, _under(replace(part, start=left), mine))
                if back.verdict is Verdict.REFUTED:
                    said = f"row {row.number - 1} does not follow from it: {back.explanation}"
                    return "refuted", said, back
        said = f"it follows from row {row.number - 1}"
        return str(result.verdict), said if not result.note else f"{said}: {result.note}", result


def _under(part: Part, relations: list[tuple[Basic, Line]]) -> Part:
    """A part with inequalities among its hypotheses."""
    held = [KINDS.get(line.means.relation, Eq)(left, line.expr, evaluate=False) for left, line in relations]
    return replace(part, given=replace(part.given, conditions=(*part.given.conditions, *held)))
