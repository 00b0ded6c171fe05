"""Every derivation of the course, the exercises with their wrong answers, and the reports' errata.

>>> from helpers.derivations import ALL, ERRATA, EXERCISES, rule
>>> checked = ALL["logistic.gradient"]()       # a Derivation; ALL[…].task, .title, .sizes say what it is
>>> asked = EXERCISES["logistic.sigma-prime"]  # an Exercise, for helpers.claims.feedback
>>> refuted, proved = rule(ERRATA["A1-1a/D"])

All three are tables in reading order. Importing the package loads no topic; the first look at a table loads
all of them, which only defines functions: a derivation is built, and checked, when it is first called.

**How a topic module is written.** One module a topic, `helpers/derivations/<topic>.py`; letters from
`helpers.notation`; ids begin with the topic's name. It is found by itself: no other file changes, and
tests/test_derivations.py covers whatever it enters. Exercises may stand in `<topic>_exercises.py`.

    @derivation("logistic.sigma-prime", task="A1-1a", title="the derivative of the logistic function",
                sizes="a number")
    def sigma_prime() -> Derivation:
        '''What is shown, in one sentence.'''
        d = Derivation("…", Partial(sigma(u), u), Given())
        d.step(…, because="…")             # one reason per step
        return d.qed(sigma(u) * (1 - sigma(u)))

    @exercise("logistic.sigma-prime", task="A1-1a")
    def ask_sigma_prime() -> Exercise:
        return Exercise(id="", prompt="…", answer="sigma(u)*(1 - sigma(u))", given=Given(), vocabulary={…},
                        mistakes=(Mistake("…", "sigma(u)", "a hint, not the solution"),),
                        question=Partial(sigma(u), u), quantity="the derivative")

    @erratum("A1-1a/D", where="Task 1a, last line", said=r"the gradient is $x\\,C(1-C)$")
    def report_d_gradient() -> Lines:
        return Lines(lhs=…, reported=…, corrected=…, given=…)

Answers and mistakes are text in the reader's own notation, so the parser is exercised with them. A mistake
must differ from the answer and from every other mistake (`Exercise.verify` proves it): "y and ŷ swapped" is
often just "the sign" and then has no place of its own. The question is the thing asked for, unevaluated.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any

from ._registry import (
    BUILDERS,
    DERIVATIONS,
    HOME,
    Entry,
    Erratum,
    Lines,
    derivation,
    erratum,
    exercise,
    rule,
)
from ._registry import ERRATA as _ERRATA

__all__ = [
    "ALL",
    "ERRATA",
    "EXERCISES",
    "Entry",
    "Erratum",
    "Lines",
    "derivation",
    "erratum",
    "exercise",
    "rule",
    "topics",
]

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

    A topic may have several modules (`softmax`, `softmax_exercises`, `softmax_limits`): they stay together.
    """
    found = [module.name for module in iter_modules(__path__) if not module.name.startswith("_")]

    def place(name: str) -> int:
        places = (k for k, topic in enumerate(READING_ORDER) if name.startswith(topic))
        return next(places, len(READING_ORDER))

    return sorted(found, key=lambda name: (place(name), name))


def __getattr__(name: str) -> Any:
    """ALL, EXERCISES and ERRATA come into being when they are first asked for."""
    tables = {"ALL": DERIVATIONS, "EXERCISES": BUILDERS, "ERRATA": _ERRATA}
    if name not in tables:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    for topic in topics():
        import_module(f"{__name__}.{topic}")
    # A topic that was imported on its own stands first in the tables; the reading order is by topic.
    ids = sorted(tables[name], key=lambda id: topics().index(HOME[name, id]))
    made = {id: BUILDERS[id]() if name == "EXERCISES" else tables[name][id] for id in ids}
    return globals().setdefault(name, MappingProxyType(made))
