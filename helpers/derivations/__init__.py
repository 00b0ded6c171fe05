"""Every derivation of the course.

>>> from helpers.derivations import ALL
>>> checked = ALL["logistic.gradient"]()       # a Derivation; ALL[…].task, .title, .sizes say what it is

The table is in reading order. Importing the package loads no topic; the first look at it loads all of them,
which only defines functions: a derivation is built, and checked, when it is first called.

**How a topic module is written.** One module a topic, `helpers/derivations/<topic>.py`; letters from
`helpers.notation`; ids begin with the topic's name. It is found by itself: no other file changes, and
tests/test_derivations.py covers whatever it enters.

    @derivation("logistic.sigma-prime", task="A1-1a", title="the derivative of the logistic function",
                sizes="a number")
    def sigma_prime() -> Derivation:
        '''What is shown, in one sentence.'''
        d = Derivation("…", Partial(sigma(u), u), Given())
        d.step(…, because="…")             # one reason per step
        return d.qed(sigma(u) * (1 - sigma(u)))
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any

from ._registry import DERIVATIONS, HOME, Entry, derivation

__all__ = ["ALL", "Entry", "derivation", "topics"]

READING_ORDER = (
    "logistic",
    "softmax",
    "likelihood",
    "cross_entropy",
    "regularisation",
    "backpropagation",
    "stochastic",
    "dynamics",
    "normalisation",
    "adversarial",
)


def topics() -> list[str]:
    """The topic modules in reading order; one that READING_ORDER does not name comes last.

    A topic may have several modules (`softmax`, `softmax_limits`): they stay together.
    """
    found = [module.name for module in iter_modules(__path__) if not module.name.startswith("_")]

    def place(name: str) -> int:
        places = (k for k, topic in enumerate(READING_ORDER) if name.startswith(topic))
        return next(places, len(READING_ORDER))

    return sorted(found, key=lambda name: (place(name), name))


def __getattr__(name: str) -> Any:
    """ALL comes into being when it is first asked for."""
    if name != "ALL":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    for topic in topics():
        import_module(f"{__name__}.{topic}")
    # A topic that was imported on its own stands first in the table; the reading order is by topic.
    ids = sorted(DERIVATIONS, key=lambda id: topics().index(HOME[id]))
    return globals().setdefault(name, MappingProxyType({id: DERIVATIONS[id] for id in ids}))
