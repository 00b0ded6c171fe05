"""Texts in LaTeX coded by hand, independently of the reader: none may be read as something else."""

from __future__ import annotations

from collections import Counter

import pytest
from latex.compare import Outcome, outcome, same
from latex.pairs import PAIRS
from sampling import sample
from sympy import Rational

# What is refused though it has a meaning: no misreading, but a wish.
REFUSED = (
    "logistic-slope-dfrac",
    "samples-superscript",
    "sum-except",
    "factorial",
    "sum-of-log-reach",
    "limit-right",
    "relu-slope",
    "log-no-bracket-product",
    "inline-partial",
    "inline-d",
    "exp-bracket-power",
    "sin-two-x",
    "layers-as-plain-superscripts",
)


# Coded as refusals when the reader could not take them; it now reads what they say, such as x_1 > 0 as a
# condition on that entry, and the number of a row as its number.
READ_AS_MEANT = (
    "vector-nonzero",
    "law",
    "one-entry-positive",
    "ordered-three",
    "row-not-judged",
    "square-positive",
    "part-sum-is-one",
    "sigmoid-word",
    "cubes-sum-to-one",
    "row-number",
    "equation-number-hfill",
    "vector-of-labels",
    "symmetric-word",
)
# Policy: a length that nothing says is any length; a text joined by ⇒ is two claims; an index without a range
# is any whole number from 1 on. What was read is shown under Given.
ANY = ("no-length-said", "implication", "index-or-length")


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return list(map(outcome, PAIRS))


def test_every_id_stands_once() -> None:
    assert [name for name, times in Counter(pair.id for pair in PAIRS).items() if times > 1] == []


def test_none_is_misread(outcomes: list[Outcome]) -> None:
    print(report(outcomes))
    misread = {found.pair.id for found in outcomes if found.word == "misread"}
    assert misread - {*READ_AS_MEANT, *ANY} == set()


def test_none_but_the_known_is_refused(outcomes: list[Outcome]) -> None:
    unknown = {found.pair.id: found.sentence for found in outcomes if wished(found)}
    assert {name: sentence for name, sentence in unknown.items() if name not in REFUSED} == {}


def test_the_comparison_sees_a_change() -> None:
    """A comparison that accepts everything would find no misreading either."""
    starts = [pair.parts[0][0] for pair in sample(PAIRS, 4, id=lambda pair: pair.id) if pair.parts]
    assert [start for start in starts if same(start, start + Rational(1, 7)) or not same(start, start)] == []


def wished(found: Outcome) -> bool:
    return found.word == "refused" and not found.pair.why


def report(outcomes: list[Outcome]) -> str:
    counts = Counter("rightly refused" if o.pair.why and o.sentence else o.word for o in outcomes)
    rows = [", ".join(f"{word}: {count}" for word, count in counts.items())]
    for found in outcomes:
        if found.word == "misread":
            rows += [f"\nMISREAD {found.pair.id}\n{found.pair.text}", *found.wrong]
    rows += [f"\nREFUSED {o.pair.id}\n{o.pair.text}\n  {o.sentence}" for o in outcomes if wished(o)]
    rows += [f"rightly refused {o.pair.id}: {o.sentence}" for o in outcomes if o.pair.why and o.sentence]
    return "\n".join(rows)


if __name__ == "__main__":
    print(report(list(map(outcome, PAIRS))))
