"""Oracle: a text that is written from a chain, read, and written again is the same text.

What the language of texts cannot say yet, and what is written but not read, is counted: neither may grow.
"""

from __future__ import annotations

from collections import Counter

from helpers.derivations import ALL
from helpers.proof import prove
from helpers.proof.read.latex import ReadError
from helpers.proof.read.text import read
from helpers.proof.show.written import NotWritable, written

SPELLED_OTHERWISE = {  # the same terms in another order, or a fraction of fractions in another form
    "dynamics.interval-cosh",
    "dynamics.interval-quadratic",
    "dynamics.interval-width",
    "dynamics.momentum-steady",
    "stochastic.linear-scaling",
    "stochastic.momentum-noise",
    "normalisation.width-slope",
    "adversarial.temperature",
}


def rows(text: str) -> list[str]:
    return [line for line in text.split("\n") if not line.startswith("Let ")]


def fate(id: str) -> str:
    """What becomes of one derivation of the book."""
    try:
        text = written(ALL[id].written().chain)
        reading = read(text)
        if reading.troubles:
            return "not read"
        again = written(reading.chain)
    except NotWritable:
        return "not writable"
    except ReadError:
        return "not read"
    return "the same" if rows(text) == rows(again) else "another"


def test_what_is_written_is_read_as_it_was() -> None:
    fates = {id: fate(id) for id in ALL}
    assert {id for id, found in fates.items() if found == "another"} <= SPELLED_OTHERWISE
    counts = Counter(fates.values())
    assert counts["the same"] >= 95
    assert counts["not read"] <= 32


def test_what_was_written_is_proved() -> None:
    reading = read(written(ALL["logistic.gradient"].written().chain))
    assert prove(reading.chain).verdict
