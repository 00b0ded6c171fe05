"""Oracle: two texts with the same echo are the same statement. Texts are mutated: a sign or an index is lost.

Whoever compares the echo with what he meant must see every change: a mutated text is refused, or its echo
changes, or the statement is the one it was. `make trial` takes 10,000 mutants, or as many as COUNT says.
"""

from __future__ import annotations

import os
import random
import re

import pytest
from latex.compare import plain
from latex.pairs import PAIRS
from sampling import sample

from helpers.proof import unfold
from helpers.proof.homework import hypotheses
from helpers.proof.read.latex import ReadError
from helpers.proof.read.text import Reading, read
from helpers.proof.show.formulas import latex

COUNT = int(os.environ.get("COUNT") or ("10000" if os.environ.get("COURSE_TRIAL") else "300"))
PIECE = re.compile(r"\\[A-Za-z]+|[0-9]+|[A-Za-z]|[-+*/^_=<>(){}\[\]|,&]")


def mutant(text: str, rng: random.Random) -> str:
    """The text with one piece dropped, doubled, or put in the place of another one of its own."""
    pieces = list(PIECE.finditer(text))
    one, other = rng.choice(pieces), rng.choice(pieces)
    new = rng.choice(["", one.group() * 2, other.group()])
    return text[: one.start()] + new + text[one.end() :]


def echo(reading: Reading) -> str:
    """What a reader of the page is shown: hypotheses, definitions and formulas."""
    given, where, _ = hypotheses(reading)
    parts = [
        " ; ".join([latex(part.start), *(f"{line.means.relation} {latex(line.expr)}" for line in part.lines)])
        for part in reading.chain.parts
    ]
    return "\n".join([*given, *where, *parts, *map(str, sorted(reading.troubles.items()))])


def meaning(reading: Reading) -> str:
    """The statements themselves, with every definition written out."""
    return "\n".join(
        str([plain(unfold(e)) for e in (part.start, *(line.expr for line in part.lines))])
        for part in reading.chain.parts
    )


def test_no_two_statements_have_one_echo() -> None:
    rng = random.Random(20)
    texts = [pair.text for pair in PAIRS if not pair.why]
    seen: dict[str, tuple[str, str]] = {}
    counts = {"refused": 0, "read": 0}
    for _ in range(COUNT):
        text = mutant(rng.choice(texts), rng)
        try:
            reading = read(text)
        except ReadError:
            counts["refused"] += 1
            continue
        counts["read"] += 1
        shown, meant = echo(reading), meaning(reading)
        first, before = seen.setdefault(shown, (text, meant))
        assert before == meant, f"{first!r} and {text!r} are both shown as {shown!r}"
    assert counts["refused"] > COUNT / 20
    assert counts["read"] > COUNT / 20


@pytest.mark.parametrize("text", sample([pair.text for pair in PAIRS[:40] if not pair.why], 4))
def test_layout_does_not_matter(text: str) -> None:
    """The same formulas with other spacing, in another environment, are the same statement."""
    spaced = re.sub(r"(?<=[}\])])(?=[^\s{}\[\]()\\_^$,.;:&'])", r"\\, ", text)
    try:
        assert meaning(read(text)) == meaning(read(spaced))
    except ReadError:
        pytest.skip("this text is not read")
