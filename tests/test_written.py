"""Oracle: a text that is written from a chain, read, and written again is the same text.

Every derivation of the book is written anew, but those below, each for its reason; no list may grow. That the
trees are the same is seen without the printer, too.
"""

from __future__ import annotations

import os

import pytest
from latex.compare import same
from sampling import sample
from sympy import IndexedBase, Symbol

from helpers.course import DERIVATIONS, of_texts
from helpers.proof import Verdict, prove
from helpers.proof.read.text import Reading, read
from helpers.proof.show.formulas import hypotheses_text
from helpers.proof.show.written import NotWritable, written
from helpers.proof.statement.chain import Chain, Line, Part
from helpers.proof.statement.given import Given
from helpers.proof.statement.laws import Categorical
from helpers.proof.statement.operators import Expectation
from helpers.proof.statement.recursive import RecursiveFunction

TRIAL = bool(os.environ.get("COURSE_TRIAL"))
# A fraction of fractions, or a hypothesis, in another form that says the same.
FORM = {"regularisation.shrinkage", "cross_entropy.gibbs"}
CHANCE = sorted(id for id, d in DERIVATIONS.items() if any(part.given.random for part in d.chain.parts))
WRITABLE = sorted(DERIVATIONS)
SAMPLE = WRITABLE if TRIAL else WRITABLE[::12]


def lines(text: str) -> list[str]:
    return sorted(text.split("\n"))


def reread(id: str) -> tuple[str, Reading]:
    """What is written, and what is read of it, every row of it."""
    text = written(DERIVATIONS[id].chain)
    reading = read(text)
    assert not reading.troubles, (id, reading.troubles)
    return text, reading


@pytest.mark.parametrize("id", sample(WRITABLE, 5))
def test_what_is_written_is_read_as_it_was(id: str) -> None:
    text, reading = reread(id)
    again = written(reading.chain)
    if id in FORM:
        assert lines(written(read(again).chain)) == lines(again)
    else:
        assert lines(again) == lines(text)


@pytest.mark.parametrize("id", [*CHANCE, "dynamics.momentum-recurrence"])
def test_what_is_random_is_written(id: str) -> None:
    """Laws, moments and independence are those of the chain; an array without a length has none again."""
    chain, (_, reading) = DERIVATIONS[id].chain, reread(id)
    for part, other in zip(chain.parts, reading.chain.parts, strict=True):
        assert hypotheses_text(other.given) == hypotheses_text(part.given)


def test_a_law_without_words_is_not_written() -> None:
    p, k, n = IndexedBase("p", real=True), Symbol("k", integer=True), Symbol("n", integer=True, positive=True)
    s = Symbol("s", integer=True)
    given = Given(sizes=(n,), random={s: Categorical(p[k], (k, 1, n))})
    with pytest.raises(NotWritable, match="a law"):
        written(Chain("weighted", (Part("", Expectation(s), given, (Line(Expectation(s)),)),)))


@pytest.mark.parametrize("id", SAMPLE)
def test_the_trees_are_the_same(id: str) -> None:
    """Seen tree by tree, or by values: a mistake that printer and reader share would not show above."""
    chain, found = DERIVATIONS[id].chain, reread(id)[1].chain
    for part, other in zip(chain.parts, found.parts, strict=True):
        assert [line.means.relation for line in part.lines] == [line.means.relation for line in other.lines]
        meant_all, read_all = ([p.start, *(line.expr for line in p.lines)] for p in (part, other))
        for meant, got in zip(meant_all, read_all, strict=True):
            if not meant.has(RecursiveFunction):
                assert same(got, meant), (id, meant, got)


@pytest.mark.parametrize("id", SAMPLE[:: 1 if TRIAL else 3])
def test_what_was_written_is_proved(id: str) -> None:
    assert prove(read(written(DERIVATIONS[id].chain), of_texts()).chain).verdict is Verdict.PROVED
