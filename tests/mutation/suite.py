"""Ask the checker about the mutants of one derivation, and count what it answered against the truth."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sympy import Basic, Integer, evaluate

from helpers.proof import Given, Verdict, judge, prove
from helpers.proof.proofs import Step
from helpers.proof.statement.chain import Chain, Line, Means, Part
from helpers.proof.statement.sides import UnlikeShapes, sides
from helpers.proof.symbolic import argument, hypothesis

from .mutants import Mutant, mutants, settled
from .oracle import Oracle

SECONDS = 20  # of processor time, for one question to the oracle, or to one judge alone
MANY = 60  # points of the oracle for an inequality, which may fail in a small region only
FALSE = ("wrong", "ill")
REFUSED = "refused"  # the checker raised ValueError: shapes that do not fit


@dataclass(frozen=True)
class Answer:
    """One mutant with the truth about it and the checker's verdict.

    truth  "wrong", "ill" (reads outside an array, or an index without a range), "equal", "undecided";
           "open" if an edited inequality, or its gap, is sound at all points: it may be proved or not;
           "argument" if an edited gap is not one, though the inequality is true: it is proved only where
           the checker reads the sign of the difference off without a gap
    """

    because: str
    mutant: Mutant
    truth: str
    verdict: str
    counterexample: bool
    note: str = ""

    @property
    def trouble(self) -> str:
        """What is wrong with the verdict, in a word; "" if it is as it must be."""
        proved = self.verdict == "proved"
        if self.truth in (*FALSE, "undecided") and proved:
            return "undecided, proved" if self.truth == "undecided" else "false, proved"
        if self.truth in FALSE and not (self.counterexample or self.verdict == REFUSED):
            return "false, not refuted"
        return "true, not proved" if self.truth == "equal" and not proved else ""


@dataclass
class Tally:
    """What the suite found for one derivation."""

    id: str
    steps: int = 0
    proved: int = 0  # true steps that are proved
    agreed: int = 0  # true steps that the oracle finds true
    possible: int = 0  # how many single-edit mutants there are
    answers: list[Answer] = field(default_factory=list)
    alone: Counter = field(default_factory=Counter)  # (truth, "tried" | "symbolic" | "numeric") -> number
    failed: str = ""  # the first line that is not proved, and why
    seconds: float = 0.0  # of processor time

    @property
    def troubles(self) -> list[Answer]:
        return [a for a in self.answers if a.trouble]

    def count(self, truth: str, *verdicts: str) -> int:
        return sum(a.truth == truth and (not verdicts or a.verdict in verdicts) for a in self.answers)


@dataclass(frozen=True)
class Link:
    """A step with the expression before it and the parts of the chain in which it stands."""

    before: Basic
    step: Step
    part: Part
    base: Part | None

    @property
    def given(self) -> Given:
        return self.part.given


def links_of(chain: Chain) -> Iterator[Link]:
    """Each step of a derivation, so that it can be judged again with another line in its place."""
    parts = chain.parts
    for (before, line, place), result in zip(chain.links(), prove(chain).results, strict=True):
        yield Link(before, Step(line, result), parts[place], parts[place - 1] if place else None)


def examine(chain: Chain, *, cap: int, seed: int = 0, alone: int = 0) -> Tally:
    """Judge a derivation, and at most `cap` of its mutants, of every kind as evenly as possible.

    `alone`: of how many false mutants each judge is also asked by itself.
    """
    tally, started = Tally(chain.name), time.process_time()
    links = list(links_of(chain))
    _true_steps(tally, links)
    found = [(k, m) for k, link in enumerate(links) for m in mutants(link.step, link.given)]
    tally.possible = len(found)
    truths = [_truths(link) for link in links]
    for k, m in sample(found, cap, f"{seed} {chain.name}"):
        answer = _answer(links[k], m, truths[k])
        tally.answers.append(answer)
        if answer.truth in FALSE and tally.alone[answer.truth, "tried"] < alone:
            _each_alone(tally, answer, links[k])
    tally.seconds = time.process_time() - started
    return tally


def sample(found: list[tuple[int, Mutant]], cap: int, seed: str) -> list[tuple[int, Mutant]]:
    """At most `cap` of the mutants: the kinds of edit take turns, and each gives a random one."""
    rng, kinds = random.Random(seed), defaultdict(list)
    for k, m in found:
        kinds[m.kind, m.part].append((k, m))
    for members in kinds.values():
        rng.shuffle(members)
    turns = [members[k] for k in range(cap) for members in kinds.values() if k < len(members)]
    return turns[:cap]


def _true_steps(tally: Tally, links: list[Link]) -> None:
    for link in links:
        tally.steps += 1
        verdict = link.step.result.verdict
        tally.proved += verdict is Verdict.PROVED
        tally.agreed += in_time(partial(_truth, link)) == "equal"
        if verdict is not Verdict.PROVED and not tally.failed:
            tally.failed = f"step {tally.steps} is {verdict}: {link.step.because}"


def _truth(link: Link) -> str:
    return Oracle(link.before, link.given).truth(link.step.expr, link.step.relation)


def _truths(link: Link) -> Callable[[Mutant], str]:
    """The truth about a mutant of this step; the oracle's work on the unchanged sides is done once."""
    before, step, given = link.before, link.step, link.given
    many = MANY if step.relation != "=" else 0
    claim = Oracle(before, given, many)
    if step.gap is not None:
        right = settled(step.expr)
        difference = before - right if ">" in step.relation else right - before
        room, zero = Oracle(settled(difference), given, many), Oracle(Integer(0), given, many)

    def truth(m: Mutant) -> str:
        if m.part == "gap":  # it proves something if it lies between 0 and the difference
            found = {room.truth(m.gap, ">="), zero.truth(m.gap, "<=")}
            return "open" if found == {"equal"} else "argument"
        found = claim.truth(m.expr, m.relation)
        if found == "equal" and step.relation != "=":
            return "undecided" if m.relation == "=" else "open"
        return found

    return truth


def _answer(link: Link, m: Mutant, truth: Callable[[Mutant], str]) -> Answer:
    found, step = in_time(lambda: truth(m)), link.step
    if m.part == "gap":  # the sides are those of the true step, which the numerical judge has seen
        verdict = "proved" if _argued(link, step.expr, m) else "checked"
        return Answer(step.because, m, found, verdict, False)
    try:
        line = Line(m.expr, step.because, _means(step, m))
        result = judge.line(link.before, line, link.part, link.base)
    except ValueError as reason:
        return Answer(step.because, m, found, REFUSED, False, str(reason))
    if result.method == "shapes":
        return Answer(step.because, m, found, REFUSED, False, result.note)
    counterexample = result.verdict is Verdict.REFUTED and result.counterexample is not None
    return Answer(step.because, m, found, str(result.verdict), counterexample, result.note)


def _means(step: Step, m: Mutant) -> Means:
    return replace(step.means, relation=m.relation, gap=None if m.relation == "=" else m.gap)


def _each_alone(tally: Tally, answer: Answer, link: Link) -> None:
    """Would one judge alone have let this false mutant through?"""
    m = answer.mutant
    try:
        sides(link.before, m.expr, link.given, m.relation)
    except (ValueError, UnlikeShapes):
        return
    tally.alone[answer.truth, "tried"] += 1
    tally.alone[answer.truth, "symbolic"] += _argued(link, m.expr, m)
    seen = in_time(lambda: judge.numeric(link.before, m.expr, link.given, relation=m.relation).verdict)
    tally.alone[answer.truth, "numeric"] += seen is not Verdict.REFUTED


def _argued(link: Link, expr: Basic, m: Mutant) -> bool:
    """Whether the symbolic judge alone says yes."""
    how = _means(link.step, m)

    def argued() -> bool:
        left, right, given = sides(link.before, expr, link.given, m.relation)
        supposed = (hypothesis.rule(link.base, link.part, left, right),) if how.hypothesis else ()
        return bool(argument.argument(left, right, given, how, supposed))

    with evaluate(True):
        return in_time(argued) is True


class _Late(BaseException):
    """Not an Exception, so that nothing in between takes it for an answer."""


def in_time(question: Callable[[], Any]) -> Any:
    """The answer, or "undecided" if there is none within SECONDS or the question fails."""
    try:
        with _limit():
            return question()
    except (_Late, Exception):  # SymPy raises many kinds; none of them is an answer
        return "undecided"


@contextmanager
def _limit() -> Iterator[None]:
    def ring(*_: Any) -> None:
        raise _Late

    previous = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS, 1)  # again, because SymPy may swallow what is raised
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)
