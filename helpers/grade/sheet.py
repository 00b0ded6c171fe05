"""The master sheet of an assignment: which questions it has, under which names, for how many points.

A grader takes ids, questions and points from the sheet and only the answers from a submission. The sheet with
the answers is the instructor's; without them it travels with the students' notebook.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from helpers.course import EXERCISES, content, exercise_of, in_file
from helpers.places import chapters
from helpers.proof.answers import Exercise
from helpers.runtime import ROOT, CourseError

from .lines import Task
from .variant import factor_of, renaming, variant

SCHEMA = 2
HIDDEN = {"answer", "mistakes"}  # of an exercise's entry, where no answer may be given away
ASKED = re.compile(r'feedback\(answer, \\?"([\w.-]+)\\?"\)')


@dataclass(frozen=True)
class Question:
    """One thing that is asked and graded on its own.

    name      the variable that holds the answer: answer_1, derivation_1
    id        the exercise it was made from
    kind      "answer" (a formula) or "derivation" (a text of lines)
    asked     the entry of an exercise, with letters and factor of its variant; a derivation's task
    """

    name: str
    id: str
    kind: str
    points: float
    asked: Mapping[str, Any]

    def exercise(self) -> Exercise:
        """The exercise, read from its text. Without its answer, the question is what is compared with."""
        try:
            entry = self.asked["entry"]
            made = exercise_of({"answer": "", "mistakes": [], **entry})
        except (KeyError, TypeError, ValueError) as reason:
            raise CourseError(
                f"{self.name} is no exercise ({reason!r}): make the assignment anew."
            ) from reason
        if "answer" not in entry:
            made = replace(made, answer=made.question)
        if "factor" in self.asked:
            made = variant(made, self.asked["letters"], self.asked["factor"])
        return made if entry.get("mistakes") else replace(made, mistakes=())

    def task(self) -> Task:
        return Task.of(self.asked)


@dataclass(frozen=True)
class Sheet:
    """All questions of an assignment; `title` is for people, `name` for files."""

    name: str
    title: str
    questions: tuple[Question, ...]

    @property
    def points(self) -> float:
        return sum(question.points for question in self.questions)

    def to_json(self) -> str:
        questions = [vars(question) for question in self.questions]
        data = {"schema": SCHEMA, "name": self.name, "title": self.title, "questions": questions}
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"

    def without_answers(self) -> Sheet:
        """The same questions without anything that would give an answer away."""
        return replace(self, questions=tuple(map(_open, self.questions)))


def _open(question: Question) -> Question:
    if question.kind == "derivation":
        kept = {name: value for name, value in question.asked.items() if name != "mistakes"}
        return replace(question, asked=kept | {"end": ""})
    entry = {name: value for name, value in question.asked["entry"].items() if name not in HIDDEN}
    return replace(question, asked={**question.asked, "entry": entry})


def read(path: str | Path) -> Sheet:
    """The sheet in a file. Raises CourseError, one sentence, for a file that is none."""
    try:
        return of_json(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as reason:
        raise CourseError(
            f"The sheet {path} cannot be read ({reason}): give the path of sheet.json."
        ) from reason
    except (ValueError, KeyError, TypeError) as reason:
        raise CourseError(
            f"{path} is no sheet of an assignment ({reason}): make the assignment anew."
        ) from reason


def of_json(text: str) -> Sheet:
    data = json.loads(text)
    if data["schema"] != SCHEMA:
        raise ValueError(f"it has schema {data['schema']}, not {SCHEMA}")
    questions = tuple(Question(**question) for question in data["questions"])
    return Sheet(data["name"], data["title"], questions)


# ---------------------------------------------------------------- from the book
def exercises_of(chapter: Path) -> tuple[Exercise, ...]:
    """All exercises of a chapter: those that its notebook asks, then those that only its file has."""
    asked = asked_in(chapter)
    known = {exercise.id for exercise in asked}
    return asked + tuple(EXERCISES[id] for id in in_file(chapter.stem) if id not in known)


def asked_in(chapter: Path) -> tuple[Exercise, ...]:
    """The exercises that a chapter's notebook asks, in its order."""
    notebook = json.loads(chapter.read_text(encoding="utf-8"))
    code = ("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code")
    return tuple(EXERCISES[id] for source in code for id in ASKED.findall(source))


def find_chapter(name: str) -> Path:
    """The notebook of the chapter "01" or "01-logistic-regression"; CourseError if there is none."""
    known = chapters(ROOT / "notebooks")
    found = [path for path in known if path.stem == name or path.stem.startswith(f"{name}-")]
    if len(found) != 1:
        raise CourseError(
            f"There is no chapter {name!r}: the book has {', '.join(p.stem[:2] for p in known)}."
        )
    return found[0]


def of_chapter(chapter: Path, seed: str = "", tasks: Iterable[Task] = ()) -> Sheet:
    """The sheet of a chapter: the exercises that its notebook asks; with a `seed` all, as variants."""
    exercises = exercises_of(chapter) if seed else asked_in(chapter)
    letters = renaming(exercises, seed) if seed else {}
    made = []
    for k, e in enumerate(exercises, 1):
        factor = {"factor": factor_of(e.id, seed)} if seed else {}
        asked = {"entry": content("exercises")[e.id], "letters": letters, **factor}
        made.append(Question(f"answer_{k}", e.id, "answer", e.points, asked))
    made += [
        Question(f"derivation_{k}", t.id, "derivation", t.points, vars(t)) for k, t in enumerate(tasks, 1)
    ]
    return Sheet(chapter.stem, _title(chapter), tuple(made))


def _title(chapter: Path) -> str:
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    heading = re.search(r"^# (.+)$", "".join(cells[0]["source"]), re.MULTILINE)
    return heading[1].strip() if heading else chapter.stem
