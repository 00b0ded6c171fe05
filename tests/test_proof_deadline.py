"""Oracle: the wall clock. A step that takes too long is UNKNOWN in time, in any thread."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable

import pytest
from sympy import Expr, IndexedBase, Sum, exp, sin, symbols

from helpers.proof import Derivation, Given, OutOfTime, UnprovedStep, Verdict, check
from helpers.proof.deadline import tick, time_limit
from helpers.proof.polynomials import TooLarge, cancel, expand, terms

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
    started = time.monotonic()
    result = where(lambda: check(left, right, Given(sizes=(n,), span=(4,)), seconds=0.5))
    assert result.verdict is Verdict.UNKNOWN
    assert "not decided within 0.5 s" in result.note
    assert time.monotonic() - started < 5


def test_sympy_itself_is_interrupted_in_the_main_thread() -> None:
    started = time.monotonic()
    with pytest.raises(OutOfTime), time_limit(0.3):
        (sum(xs) ** 40 / (1 + sum(x * exp(x) for x in xs)) ** 9).expand()
    assert time.monotonic() - started < 3


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


def test_the_nearest_of_nested_limits_counts() -> None:
    with time_limit(60), pytest.raises(OutOfTime), time_limit(0.05):
        wait()
    with pytest.raises(OutOfTime), time_limit(0.05), time_limit(60):
        wait()


def test_a_limit_leaves_nothing_behind() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(5):
        pass
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    tick()


def test_somebody_elses_timer_is_left_alone() -> None:
    rung: list[int] = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        with pytest.raises(OutOfTime), time_limit(0.3):
            wait()
        assert rung == [1]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_an_undecided_step_is_never_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpers.proof.judge.SECONDS", 0.2)
    left, right = SLOW["an eightfold sum"]
    d = Derivation("slow", left, Given(sizes=(n,), span=(4,))).step(right)
    assert d.verdicts == [Verdict.UNKNOWN]
    with pytest.raises(UnprovedStep, match="only unknown"):
        d.qed()
    with pytest.raises(UnprovedStep):
        Derivation("slow", left, Given(sizes=(n,), span=(4,)), numeric=True).step(right).qed()
