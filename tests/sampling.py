"""Fixed samples for `make test`; `make trial` sets COURSE_TRIAL and runs the long suites in full."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
LONGER = 10  # times as many random cases in a trial


def in_trial() -> bool:
    return bool(os.environ.get("COURSE_TRIAL"))


def sample(items: Iterable[Item], one_in: int, id: Callable[[Item], str] = str) -> list[Item]:
    """About one in `one_in` of the items, in their order; all of them in a trial.

    A hash of the id decides: which ones are taken does not change when another is entered before them.
    """
    return [item for item in items if in_trial() or _number(id(item)) % one_in == 0]


def often(count: int) -> int:
    """How many random cases to try where `make test` tries `count`."""
    return count * LONGER if in_trial() else count


def _number(id: str) -> int:
    return int(hashlib.sha256(id.encode()).hexdigest(), 16)
