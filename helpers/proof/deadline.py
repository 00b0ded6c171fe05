"""A time limit per step: a step that cannot be decided in time is UNKNOWN, never a hang."""
from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_clock = threading.local()


class OutOfTime(Exception):
    """The time limit of a step has passed."""


def tick() -> None:
    """Raise OutOfTime if the current limit has passed: called in every loop of the two judges."""
    if time.monotonic() > getattr(_clock, "end", float("inf")):
        raise OutOfTime


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Run a block for at most `seconds`; the nearest of nested limits counts.

    The main thread is interrupted by a timer wherever it is, also inside SymPy. Where there is no such timer
    (other threads, a browser) the judges look at the clock themselves, in `tick`.
    """
    outer = getattr(_clock, "end", float("inf"))
    _clock.end = min(outer, time.monotonic() + seconds)
    try:
        with _alarm(_clock.end):
            yield
    finally:
        _clock.end = outer


@contextmanager
def _alarm(end: float) -> Iterator[None]:
    usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not usable or signal.getitimer(signal.ITIMER_REAL)[0] > 0:
        yield  # someone else's timer is running (a test's own limit, or our outer one): leave it alone
        return

    def ring(*_: Any) -> None:
        raise OutOfTime

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(end - time.monotonic(), 1e-3))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
