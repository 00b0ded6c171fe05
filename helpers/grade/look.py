"""What a student's notebook calls: `look("answer_1", answer_1)` says what is said about an answer so far.

The questions lie beside the notebook in questions.json, without answers and without the list of mistakes. An
answer is compared with the question itself, so what is said is true, and a wrong one gets its numbers.
"""

from __future__ import annotations

from pathlib import Path

from helpers.runtime import CourseError

from . import sheet, worker

QUESTIONS = "questions.json"


class NotYet(AssertionError):
    """An answer is not right yet; the message says at which numbers it fails, or what cannot be read."""


def look(name: str, answer: object, folder: str | Path = ".") -> str:
    """What is said about the answer called `name`; raises NotYet, with the reason, unless it is right."""
    if answer is None or answer is ... or not str(answer).strip():
        raise NotYet(f"{name} is still empty: write your formula between quotes.")
    if not isinstance(answer, (str, int)) or isinstance(answer, bool):
        raise NotYet(f"{name} has to be a text between quotes, not {type(answer).__name__}.")
    path = Path(folder) / QUESTIONS
    if not path.is_file():
        raise CourseError(
            f"{QUESTIONS} is not beside this notebook: put it there, it came with the notebook."
        )
    asked = {question.name: question for question in sheet.read(path).questions}
    if name not in asked:
        raise CourseError(f"There is no question {name}: this assignment has {', '.join(asked)}.")
    said = worker.mark(vars(asked[name]), str(answer))
    if not said["ok"]:
        raise NotYet(said["message"])
    return said["message"]
