"""Exercises, from the entries of book/exercises/."""

from __future__ import annotations

from typing import Any

from helpers.proof.answers import Exercise, Mistake
from helpers.proof.read.statements import state

from ._notation import of_texts
from ._sources import ContentError
from ._table import Table


def exercise_of(entry: dict[str, Any]) -> Exercise:
    """The exercise of one entry. Raises ReadError for a formula, ContentError for what is no question."""
    names = [name.strip() for name in entry["names"].split(",")]
    stated = state(entry.get("given", ""), [entry["question"]], names, of_texts())
    ((sides, _),) = stated.rows
    if len(sides) != 1:
        raise ContentError(f"{entry['id']}: the question is the one side that is asked for, without “=”.")
    mistakes = (Mistake(one["name"], one["answer"], one["hint"]) for one in entry["mistakes"])
    return Exercise(
        id=entry["id"],
        prompt=entry["prompt"],
        answer=entry["answer"],
        given=stated.given,
        vocabulary=stated.names,
        mistakes=tuple(mistakes),
        question=sides[0],
        quantity=entry["quantity"],
        task=entry["task"],
        checked_is_enough=entry.get("checked_is_enough", False),
        points=entry.get("points", 1),
    )


EXERCISES: Table[Exercise] = Table("exercises", exercise_of)
