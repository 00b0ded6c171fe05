"""A frozen sample of true statements, drawn by rules that start from what is true: `true_statements.json`.

`python -m true_statements` (from tests/) counts the verdicts; with `--write` it draws the sample anew first.
Each statement was found true by the independent evaluator of `attack`, too. Left and right are written as
SymPy's `srepr`, so that what is frozen is the statement and not the way it was made.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import sympy
from attack.oracle import Truth, truth
from attack.statement import Statement
from sympy import srepr
from sympy.core.symbol import Str
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.matrices.expressions.matexpr import MatrixElement
from true_rules import DRAWS

import helpers.proof
from helpers.proof import Given, check

FILE = Path(__file__).with_suffix(".json")
COUNT, SEED = 300, 14


def draw(count: int = COUNT, seed: int = SEED) -> list[tuple[str, Statement]]:
    """Different statements that the independent evaluator finds true, by turns from every rule."""
    found: dict[str, tuple[str, Statement]] = {}
    number = 0
    while len(found) < count:
        rule = DRAWS[number % len(DRAWS)]
        left, right, given = rule(Random(f"{seed} {number}"))
        number += 1
        one = Statement(left, right, given)
        if one.lhs != one.rhs and str(one) not in found and truth(one).truth is Truth.TRUE:
            found[str(one)] = rule.__name__, one
        if number > 40 * count:
            break
    return list(found.values())


def frozen(one: Statement, kind: str) -> dict[str, Any]:
    """A statement as text."""
    given = one.given
    return {
        "kind": kind,
        "left": srepr(one.lhs),
        "right": srepr(one.rhs),
        "sizes": [srepr(size) for size in given.sizes],
        "free": [[srepr(index), *map(srepr, ends)] for index, ends in given.free.items()],
        "domain": [[srepr(letter), word] for letter, word in given.domain.items()],
        "facts": [list(map(srepr, fact)) for fact in given.facts],
        "conditions": [srepr(condition) for condition in given.conditions],
        "random": [[srepr(letter), _law(law)] for letter, (_, law) in given.random.items()],
        "independent": [[srepr(letter) for letter in group] for group in given.independent],
    }


def _law(law: Any) -> str:
    return f"{type(law).__name__}({', '.join(srepr(part) for part in law.parts())})"


OURS = {name: getattr(helpers.proof, name) for name in helpers.proof.__all__}
HIDDEN = {one.__name__: one for one in (Str, MatrixElement, ExprCondPair)}
NAMES = {**vars(sympy), **HIDDEN, **OURS}


def statement(text: dict[str, Any]) -> Statement:
    """The statement that was frozen. The file is part of the tests, so its text may be evaluated."""

    def read(one: str) -> Any:
        return eval(one, dict(NAMES))

    given = Given(
        sizes=tuple(map(read, text["sizes"])),
        free={read(index): (read(low), read(high)) for index, low, high in text["free"]},
        domain={read(letter): word for letter, word in text["domain"]},
        facts=tuple((read(left), read(right)) for left, right in text["facts"]),
        conditions=tuple(map(read, text["conditions"])),
        random={read(letter): read(law) for letter, law in text["random"]},
        independent=tuple(tuple(map(read, group)) for group in text["independent"]),
    )
    return Statement(read(text["left"]), read(text["right"]), given)


def kept() -> list[dict[str, Any]]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="freeze a new sample")
    parser.add_argument("--every", type=int, default=1)
    chosen = parser.parse_args()
    if chosen.write:
        lines = [json.dumps(frozen(one, kind)) for kind, one in draw()]
        FILE.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    verdicts: dict[str, Counter] = {}
    for text in kept()[:: chosen.every]:
        one = statement(text)
        verdict = str(check(one.lhs, one.rhs, one.given).verdict)
        verdicts.setdefault(text["kind"], Counter())[verdict] += 1
        if verdict != "proved":
            print(f"{verdict}: {one}")
    print({kind: dict(found) for kind, found in verdicts.items()})
    print(dict(sum(verdicts.values(), Counter())))


if __name__ == "__main__":
    main()
