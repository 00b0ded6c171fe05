"""Feedback on a symbolic answer, where the notebooks look for it."""

from __future__ import annotations


def feedback(answer, exercise):
    """What the checker says to `answer` (text or expression): right, a known mistake, or a counterexample.

    `exercise` is an Exercise or the id of one in the catalogue. Loads the checker only when it is called.
    """
    from helpers.proof.answers import feedback

    if isinstance(exercise, str):
        exercise = _catalogued(exercise)
    return feedback(answer, exercise)


def _catalogued(id: str):
    from helpers.course import EXERCISES
    from helpers.runtime import CourseError

    if id not in EXERCISES:
        raise CourseError(f"No exercise has the id {id!r}: the catalogue has {', '.join(sorted(EXERCISES))}.")
    return EXERCISES[id]
