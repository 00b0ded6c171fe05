"""Does the measurement say what the claim says?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from helpers.claims._measure import Measured, measure
from helpers.claims._record import VERDICTS, Claim
from helpers.runtime import CourseError

Predicate = Callable[[Measured], bool]


class ClaimFailed(CourseError):
    """A measurement disagrees with the verdict that the book prints."""


def judge(claim: Claim, holds: Predicate) -> Claim:
    """The claim with its `holds`; raises ClaimFailed if they are not what the verdict says."""
    held = tuple(_holds(holds, m, f"Claim {claim.id}") for m in claim.measured)
    found = "reproduced" if all(held) else "depends" if any(held) else "refuted"
    if found != claim.verdict:
        values = f"{'; '.join(map(str, claim.measured))} {claim.unit}".rstrip()
        raise ClaimFailed(
            f"Claim {claim.id} is stated as {claim.verdict}, but the measurement says {found}: {values}. "
            "Correct the verdict, or find out what is wrong with the measurement."
        )
    if len(claim.seeds) > 1 and any(m.n != len(claim.seeds) for m in claim.measured):
        raise CourseError(f"Claim {claim.id}: {len(claim.seeds)} seeds, but not as many values in measured.")
    return replace(claim, holds=held)


def judge_quick(id: str, given, predicate: Predicate, statement: str) -> None:
    """Raises ClaimFailed if the weaker statement does not hold for what was measured here."""
    where = f"Claim {id}, quick"
    for m in measure(given, where):
        if not _holds(predicate, m, where):
            raise ClaimFailed(
                f"{where}: the weaker statement does not hold here ({statement}): measured {m}."
            )


def check_words(claim: Claim, measured, holds) -> None:
    """Raises CourseError if the arguments of a claim do not go together."""
    untested, depends = claim.verdict == "not testable here", claim.verdict == "depends"
    settings = len(measured) if isinstance(measured, dict) else 0
    rules = (
        (claim.verdict in VERDICTS, f"the verdict is one of {', '.join(VERDICTS)}, not {claim.verdict!r}"),
        (claim.needs in ("full", "any"), f"needs is 'full' or 'any', not {claim.needs!r}"),
        (claim.said and claim.because, "said and because must not be empty"),
        (depends == bool(claim.on), "on= says on what it depends; it goes with 'depends', and only with it"),
        (
            untested == bool(claim.why),
            "why= says why not; it goes with 'not testable here', and only with it",
        ),
        (untested == (measured is None), "measured= is needed, but not for 'not testable here'"),
        (untested == (holds is None), "holds= is needed, but not for 'not testable here'"),
        ((claim.needs == "full") == bool(claim.quick), "quick= is needed for needs='full', and only for it"),
        (
            depends == (settings > 1),
            "measured={setting: values}, two or more, goes with 'depends' and only with it",
        ),
    )
    for kept, rule in rules:
        if not kept:
            raise CourseError(f"Claim {claim.id}: {rule}.")


def _holds(predicate: Predicate, m: Measured, where: str) -> bool:
    answer = predicate(m)
    if type(answer).__name__ not in ("bool", "bool_"):  # NumPy calls its own bool, or bool_ before 2.0
        raise CourseError(f"{where}: holds must answer True or False, not {answer!r}.")
    return bool(answer)
