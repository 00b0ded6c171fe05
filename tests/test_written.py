"""Oracle: a text that is written from a chain, read, and written again is the same text.

Every derivation of the book has a text. Those below are restated in it, each for its reason, and neither list
may grow. That the trees are the same is seen without the printer, too.
"""

from __future__ import annotations

import os

import pytest
from latex.compare import same
from sampling import sample

from helpers.derivations import ALL
from helpers.notation import of_texts
from helpers.proof import Verdict, prove
from helpers.proof.read.text import Reading, read
from helpers.proof.show.written import NotWritable, written
from helpers.proof.statement.recursive import RecursiveFunction

TRIAL = bool(os.environ.get("COURSE_TRIAL"))
BY_ENTRIES = {  # whole matrices: a text about them is read entry by entry
    "logistic.matrix",
    "logistic.hessian-matrix",
    "backpropagation.output-error-matrix",
    "backpropagation.hidden-error-matrix",
    "backpropagation.weight-gradient-matrix",
    "backpropagation.batch",
    "backpropagation.three-layers",
    "backpropagation.collapse-two",
}
NAMES = {  # a name that means something else in a text: |w| of a number, e of an array, m of a function too
    "dynamics.weight-below-four",
    "dynamics.interval-quadratic",
    "dynamics.interval-roots",
    "dynamics.interval-inside",
    "dynamics.interval-outside",
    "dynamics.interval-width",
    "dynamics.width-cosh",
    "dynamics.width-broad",
    "softmax.tied-least",
    "stochastic.adam-scale",
}
# Read once only: an array that is read at shifted places has no length; a fraction of fractions of fractions.
LENGTH = {"dynamics.momentum-recurrence", "stochastic.momentum-noise"}
# The same terms in another order, or a fraction of fractions in another form: SymPy sorted them by itself.
ORDER = {
    "cross_entropy.quadratic-not-convex",
    "cross_entropy.gibbs",
    "regularisation.shrinkage",
    "regularisation.diverges",
    "stochastic.linear-scaling",
    "dynamics.interval-cosh",
    "dynamics.momentum-needed-real",
    "dynamics.momentum-band",
    "dynamics.momentum-gain",
    "normalisation.width-slope",
    "normalisation.gradient-scale",
    "adversarial.temperature",
    "backpropagation.full-product",
    "backpropagation.linear-product",
    "backpropagation.collapse",
}
POWERS = {"adversarial.many-pixels"}  # (1 c)^2 is read as c^2, a tree with a power of one factor less
SAMPLE = list(ALL) if TRIAL else list(ALL)[::12]


def lines(text: str) -> list[str]:
    return sorted(text.split("\n"))


def reread(id: str) -> tuple[str, Reading]:
    """What is written, and what is read of it, every row of it."""
    text = written(ALL[id].written().chain)
    reading = read(text)
    assert not reading.troubles, (id, reading.troubles)
    return text, reading


@pytest.mark.parametrize("id", sample(sorted(set(ALL) - BY_ENTRIES - NAMES - LENGTH), 5))
def test_what_is_written_is_read_as_it_was(id: str) -> None:
    text, reading = reread(id)
    again = written(reading.chain)
    if id in ORDER:
        assert lines(written(read(again).chain)) == lines(again)
    else:
        assert lines(again) == lines(text)


@pytest.mark.parametrize("id", sorted(BY_ENTRIES))
def test_a_matrix_is_not_written_whole(id: str) -> None:
    with pytest.raises(NotWritable):
        written(ALL[id].written().chain)


@pytest.mark.parametrize("id", sorted(set(SAMPLE) - BY_ENTRIES - NAMES - POWERS))
def test_the_trees_are_the_same(id: str) -> None:
    """Seen tree by tree, or by values: a mistake that printer and reader share would not show above."""
    chain, found = ALL[id].written().chain, reread(id)[1].chain
    for part, other in zip(chain.parts, found.parts, strict=True):
        assert [line.means.relation for line in part.lines] == [line.means.relation for line in other.lines]
        meant_all, read_all = ([p.start, *(line.expr for line in p.lines)] for p in (part, other))
        for meant, got in zip(meant_all, read_all, strict=True):
            if not meant.has(RecursiveFunction):
                assert same(got, meant), (id, meant, got)


@pytest.mark.parametrize("id", sorted(set(SAMPLE[:: 1 if TRIAL else 3]) - BY_ENTRIES - NAMES))
def test_what_was_written_is_proved(id: str) -> None:
    assert prove(read(written(ALL[id].written().chain), of_texts()).chain).verdict is Verdict.PROVED
