"""Oracle: the evaluator of tests/attack, which is not the checker's. Texts of people are damaged at random.

Whatever is put in: an answer comes, in at most 20 s of processor time and a gigabyte, and no row is called
proved that is false. `make trial` takes 10,000 texts, or as many as COUNT says: `COUNT=500 FIRST=1000 pytest
tests/test_homework_fuzzed.py` takes those from the thousandth on.
"""

from __future__ import annotations

import os
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from attack.oracle import Truth, truth
from attack.statement import Statement
from latex.pairs import PAIRS
from test_latex_mutants import mutant

from helpers.proof.homework import Judged, judged
from helpers.proof.read.latex import ReadError
from helpers.proof.read.text import Reading, read

HERE = Path(__file__).parent / "latex"
COUNT = int(os.environ.get("COUNT") or ("10000" if os.environ.get("COURSE_TRIAL") else "60"))
FIRST = int(os.environ.get("FIRST") or 0)
SECONDS, BYTES = 20, 1 << 30
GROWTH = 2**27  # bytes that the texts may need where other tests have held more
SOUP = [
    *re.findall(r"\S+", r"""\frac \sum \prod \int \left \right \begin{align} \end{align} \\ & \sqrt \partial
    \text{if } \hat \newcommand{\a}{ \def \input{x} \operatorname{diag} \begin{cases} _{i=1}^n ^{-1} ^T ' $ $$
    \[ \] x y z w a_k i n K 1 2 0 = < \le + - * / ( ) { } [ ] | ^ _ , ; Let let for all where e \pi"""),
    "Let $n$ be a number.", "\u200b", "\ufeff", "ｘ", "−", "∑", "\t", "\n", "\x00", "9" * 400,
]  # fmt: skip


def of_people() -> list[str]:
    blocks = [
        block
        for name in ("wild.yaml", "homework.yaml")
        for block in yaml.safe_load((HERE / name).read_text("utf-8"))
    ]
    texts = ["\n".join([*block.get("lets", ()), block["text"]]) for block in blocks]
    return [pair.text for pair in PAIRS if not pair.why] + texts


def damaged(number: int, texts: list[str]) -> str:
    """A text with one to four pieces lost, doubled or exchanged; each eighth is put together from nothing."""
    rng = random.Random(number)
    if number % 8 == 0:
        return " ".join(rng.choice(SOUP) for _ in range(rng.randint(1, 60)))
    text = rng.choice(texts)
    for _ in range(rng.choice((1, 1, 2, 4))):
        text = mutant(text, rng)
    return text


def proved(reading: Reading, rows: list[Judged]) -> Iterator[Statement]:
    for row in rows:
        # A row that follows from an equation to be solved holds for its solutions only: no identity.
        if row.verdict == "proved" and row.left is not None and "the equation of row" not in row.said:
            part = next(p for p in reading.chain.parts if any(line.expr is row.right for line in p.lines))
            yield Statement(row.left, row.right, part.given, row.relation)


def most_memory() -> int:
    """The most bytes that this process has held so far; 0 where the system does not say."""
    if sys.platform != "linux":  # elsewhere other units are counted, or nothing
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_no_text_breaks_the_judge_and_no_false_row_is_proved() -> None:
    texts, counts, before = of_people(), Counter(), most_memory()
    for number in range(FIRST, FIRST + COUNT):
        text = damaged(number, texts)
        started = time.process_time()
        try:
            reading = read(text)
            rows = list(judged(reading))
        except ReadError:
            counts["refused"] += 1
            continue
        finally:
            taken = time.process_time() - started
            assert taken < SECONDS, f"number {number} took {taken:.0f} s: {text!r}"
        counts.update(row.verdict for row in rows)
        for statement in proved(reading, rows):
            found = truth(statement, points=12)
            counts[found.truth.value] += 1
            assert found.truth is not Truth.FALSE, f"number {number}: {statement}, {found.shown}: {text!r}"
    assert most_memory() < max(before + GROWTH, BYTES)  # other tests may have held more in this process
    print(dict(counts))
    assert counts["proved"] > COUNT / 20
    assert counts["true"] > counts["open"]
    assert counts["refused"]
    assert counts["refuted"]


def test_the_oracle_sees_a_false_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a judge that says proved to everything the first damaged rows are found."""
    import helpers.proof.homework as homework
    from helpers.proof.verdicts import Result, Verdict

    monkeypatch.setattr(homework.judges, "line", lambda *_: Result(Verdict.PROVED))
    with pytest.raises(AssertionError, match="number"):
        test_no_text_breaks_the_judge_and_no_false_row_is_proved()
