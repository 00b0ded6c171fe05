"""Steps of work: a statement that is not decided within its share is UNKNOWN, on every machine alike.

Both judges count what they do, in every loop and by the size of what they hand to SymPy. So a verdict does
not depend on how busy a machine is. What SymPy does inside one call cannot be counted; for that there is a
limit of CPU time, far above what any statement of a first course has needed.
"""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

STEPS = 600_000  # the share of one statement
CPU_SECONDS = 90.0  # the last resort, of this thread's own time
LOOK = 2_000  # steps between two looks at the clock
AGAIN = 0.5  # s; SymPy may swallow an exception, so the timer rings again

_account = threading.local()


def _cpu() -> float:
    """Seconds of this thread; where a browser does not count them, of the whole program."""
    return getattr(time, "thread_time", time.process_time)()


class OutOfWork(Exception):
    """The steps of work that a statement may take are used up."""


def tick(steps: int = 1) -> None:
    """Count `steps` of work: called in every loop of the judges. Raises OutOfWork when all are used."""
    left = getattr(_account, "left", None)
    if left is None:
        return
    _account.left = left = left - steps
    _account.look -= steps
    if left < 0:
        raise OutOfWork
    if _account.look < 0:
        _account.look = LOOK
        if _cpu() > _account.end:
            raise OutOfWork


class share:
    """Context: run a block for at most `steps` of work, which count for the blocks around it, too."""

    def __init__(self, steps: int | None = None) -> None:
        self.steps, self.live, self.previous = STEPS if steps is None else steps, False, None

    def __enter__(self) -> share:
        self.outer = getattr(_account, "left", None)
        self.outer_end = getattr(_account, "end", float("inf"))
        self.begun = self.steps if self.outer is None else min(self.steps, self.outer)
        _account.left, _account.look = self.begun, LOOK
        _account.end = min(self.outer_end, _cpu() + CPU_SECONDS)
        self.live = True
        if _timer_is_free():
            self.previous = signal.signal(signal.SIGPROF, self._ring)
            signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS, AGAIN)
        return self

    def _ring(self, *_: Any) -> None:
        if self.live:
            raise OutOfWork

    @property
    def used(self) -> int:
        """Steps taken so far in this block."""
        return self.begun - _account.left if self.live else self.taken

    def __exit__(self, *_: Any) -> None:
        self.taken = self.used
        self.live = False  # before the rest, so that a late ring cannot interrupt the tidying up
        _account.left = None if self.outer is None else self.outer - self.taken
        _account.end = self.outer_end
        if self.previous is not None:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, self.previous)


def _timer_is_free() -> bool:
    """Whether a timer exists here and nobody else's is running (a profiler's, or an outer block's)."""
    usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    return usable and signal.getitimer(signal.ITIMER_PROF)[0] == 0
