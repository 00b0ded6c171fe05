"""Oracle: counting, and the clock. A step that takes too much work is UNKNOWN, in any thread and in time."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable

import pytest
from sympy import Expr, IndexedBase, Sum, exp, sin, symbols

from helpers.proof import Derivation, Given, OutOfWork, UnprovedStep, Verdict, check, work
from helpers.proof.symbolic.algebra import TooLarge, cancel, expand, terms
from helpers.proof.work import share, tick

n = symbols("n", integer=True, positive=True)
indices = symbols("i0:8", integer=True)
xs = symbols("x0:12", real=True)
w = IndexedBase("w", shape=(n,), real=True)


def eightfold() -> Expr:
    body = 1
    for i in indices:
        body = body * w[i]
    return Sum(body, *[(i, 1, n) for i in indices])


SLOW = {
    "a sum of a thousand million terms": (Sum(sin(indices[0] ** 2), (indices[0], 1, 10**9)), 0),
    "an eightfold sum": (eightfold(), Sum(w[indices[0]], (indices[0], 1, n)) ** 8),
}


def wait() -> None:
    while True:
        tick()


def in_a_thread(run: Callable[[], object]) -> object:
    answers: list[object] = []
    thread = threading.Thread(target=lambda: answers.append(run()))
    thread.start()
    thread.join()
    return answers[0]


@pytest.mark.parametrize("where", [lambda run: run(), in_a_thread], ids=["main thread", "another thread"])
@pytest.mark.parametrize("name", SLOW)
def test_a_slow_step_is_unknown_in_time(name: str, where: Callable) -> None:
    left, right = SLOW[name]
    started = time.thread_time()
    result = where(lambda: check(left, right, Given(sizes=(n,), span=(4,)), steps=20_000))
    assert result.verdict is Verdict.UNKNOWN
    assert "not decided within the steps of work" in result.note
    assert time.thread_time() - started < 10


def test_the_verdict_does_not_depend_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine a million times slower says the same, after as many steps."""
    taken, begun = [], time.thread_time()
    for speed in (1.0, 1e-6):
        monkeypatch.setattr(work.time, "thread_time", lambda begun=begun, s=speed: begun * s)
        with share(50_000) as mine:
            verdict = check(Sum(w[indices[0]], (indices[0], 1, n)), 0, Given(sizes=(n,))).verdict
        taken.append((verdict, mine.used))
    assert taken[0] == taken[1]


def test_sympy_itself_is_interrupted_in_the_main_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "CPU_SECONDS", 0.3)
    started = time.process_time()
    with pytest.raises(OutOfWork), share():
        (sum(xs) ** 40 / (1 + sum(x * exp(x) for x in xs)) ** 9).expand()
    assert time.process_time() - started < 5


def test_without_steps_cpu_time_is_the_last_resort(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "CPU_SECONDS", 0.1)
    with pytest.raises(OutOfWork), share(10**12):
        wait()


def test_without_a_timer_expansions_without_end_are_refused() -> None:
    big = (1 + sum(xs)) ** 30
    assert terms(big) > 10**6
    for operation in (expand, cancel):
        with pytest.raises(TooLarge):
            operation(big)
    assert expand((1 + xs[0]) ** 2) == 1 + 2 * xs[0] + xs[0] ** 2
    other = expand((1 + sum(xs)) ** 2) ** 15
    assert in_a_thread(lambda: check(big, other)).verdict is Verdict.CHECKED


def test_the_number_of_terms_is_never_underestimated() -> None:
    """Oracle: SymPy's expansion of small cases."""
    a, b, c = xs[:3]
    for e in ((a + b) ** 3, (a + b + c) ** 4 * (a - b), (a + b) * (a + c) + b, (1 + a * (b + c)) ** 3):
        assert terms(e) >= len(e.expand().args)
    assert terms(a**5) == terms(a * b) == 1


def test_the_nearest_of_nested_shares_counts_and_is_taken_from_the_outer_one() -> None:
    with share(1_000) as outer:
        with pytest.raises(OutOfWork), share(10):
            wait()
        assert outer.used == 11
        tick(500)
    assert outer.used == 511
    with pytest.raises(OutOfWork), share(10), share(1_000):
        wait()


def test_a_share_leaves_nothing_behind() -> None:
    before = signal.getsignal(signal.SIGPROF)
    with share(5):
        pass
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)
    tick(10**9)


def test_somebody_elses_timer_is_left_alone() -> None:
    rung: list[int] = []
    before = signal.signal(signal.SIGPROF, lambda *_: rung.append(1))
    try:
        signal.setitimer(signal.ITIMER_PROF, 0.05)
        with pytest.raises(OutOfWork), share(3_000_000):
            wait()
        assert rung == [1]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def test_an_undecided_step_is_never_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "STEPS", 10_000)
    left, right = SLOW["an eightfold sum"]
    d = Derivation("slow", left, Given(sizes=(n,), span=(4,))).step(right)
    assert d.verdicts == [Verdict.UNKNOWN]
    with pytest.raises(UnprovedStep, match="only unknown"):
        d.qed()
    with pytest.raises(UnprovedStep):
        Derivation("slow", left, Given(sizes=(n,), span=(4,)), numeric=True).step(right).qed()
