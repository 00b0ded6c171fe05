"""A time limit per step: a step that cannot be decided in time is UNKNOWN, never a hang."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

GRACE = 0.2  # s; the judges look at the clock themselves, the timer is for what happens inside SymPy
AGAIN = 0.5  # s; SymPy may swallow an exception, so the timer rings again

_clock = threading.local()


class OutOfTime(Exception):
    """The time limit of a step has passed."""


def tick() -> None:
    """Raise OutOfTime if the current limit has passed: called in every loop of the two judges."""
    if time.monotonic() > getattr(_clock, "end", float("inf")):
        raise OutOfTime


class time_limit:
    """Context: run a block for at most `seconds`; the nearest of nested limits counts.

    The main thread is interrupted by a timer wherever it is, also inside SymPy. Where there is no such timer
    (other threads, a browser) the judges notice at their next `tick`.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self.live, self.previous = seconds, False, None

    def __enter__(self) -> None:
        self.outer = getattr(_clock, "end", float("inf"))
        _clock.end = min(self.outer, time.monotonic() + self.seconds)
        self.live = True
        if _timer_is_free():
            self.previous = signal.signal(signal.SIGALRM, self._ring)
            signal.setitimer(signal.ITIMER_REAL, self.seconds + GRACE, AGAIN)

    def _ring(self, *_: Any) -> None:
        if self.live:
            raise OutOfTime

    def __exit__(self, *_: Any) -> None:
        self.live = False  # first, so that a late ring cannot interrupt the tidying up
        _clock.end = self.outer
        if self.previous is not None:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self.previous)


def _timer_is_free() -> bool:
    """Whether a timer exists here and nobody else's is running (a test's own, or an outer limit's)."""
    usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    return usable and signal.getitimer(signal.ITIMER_REAL)[0] == 0
