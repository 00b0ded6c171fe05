"""Marks for whole submissions: each answer in a process of its own limits, each on its own.

The limits are wall-clock time and memory of the process that judges. An answer that breaks one of them, or
the process, is tried once more in a fresh process, so that its mark does not depend on what was judged before
it; then it gets no points and a note that somebody should look at it. The other answers do not notice.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from .sheet import Question, Sheet

SECONDS = 60.0  # for one answer; the slowest of the book's own takes a few
MEGABYTES = 384
MISSING = "No answer."
HOME = Path(__file__).resolve().parents[2]  # the folder that holds `helpers`


class Failed(Exception):
    """A process gave no answer; in words, why."""


class Marker:
    """A process that judges answers, started when it is needed and anew when it broke."""

    def __init__(self, seconds: float = SECONDS, megabytes: int = MEGABYTES) -> None:
        self.seconds, self.megabytes = seconds, megabytes
        self.process: subprocess.Popen[str] | None = None
        self.heard: Queue[str | None] = Queue()

    def start(self) -> None:
        # -I: neither the folder of the submission nor the environment can put other modules before ours.
        code = f"import sys; sys.path.insert(0, {str(HOME)!r}); sys.argv[0] = 'worker'; " \
            "from helpers.grade.worker import main; sys.exit(main(sys.argv[1:]))"  # fmt: skip
        command = [sys.executable, "-I", "-c", code, str(self.megabytes)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            encoding="utf-8",
        )  # fmt: skip
        self.heard = Queue()
        threading.Thread(target=_listen, args=(self.process, self.heard), daemon=True).start()

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def ask(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """What the process says to a job. Raises Failed if it broke a limit twice, or died twice."""
        try:
            return self._ask(job)
        except Failed:
            return self._ask(job)

    def _ask(self, job: Mapping[str, Any]) -> dict[str, Any]:
        if self.process is None:
            self.start()
        process = self.process
        assert process is not None
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            line = self.heard.get(timeout=self.seconds)
        except (Empty, OSError) as reason:
            self.stop()
            late = isinstance(reason, Empty)
            raise Failed(
                f"not decided within {self.seconds:g} s" if late else "the judging process broke down"
            ) from None
        if line is None:
            status = process.wait()
            self.stop()
            why = (
                f"more than {self.megabytes} MB were needed"
                if status == 3
                else "the judging process broke down"
            )
            raise Failed(why)
        return json.loads(line)

    def __enter__(self) -> Marker:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _listen(process: subprocess.Popen[str], heard: Queue[str | None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        heard.put(line)
    heard.put(None)


@dataclass(frozen=True)
class Mark:
    """What one question got.

    points   all or none; of a derivation the shares of its lines (see `lines`)
    mistake  the name of the catalogued mistake that was recognised
    by_hand  whether the machine could not decide, so that somebody should look
    """

    question: Question
    points: float
    said: str
    mistake: str = ""
    by_hand: bool = False


@dataclass(frozen=True)
class Marks:
    """The marks of one student; `trouble` if the whole notebook could not be read."""

    student: str
    sheet: Sheet
    marks: tuple[Mark, ...]
    trouble: str = ""

    @property
    def points(self) -> float:
        return sum(mark.points for mark in self.marks)


def grade(student: str, path: Path, sheet: Sheet, marker: Marker, known: dict | None = None) -> Marks:
    """The marks of a notebook. `known` keeps what was said, so that equal answers are judged once."""
    known = {} if known is None else known
    try:
        found = marker.ask({"do": "read", "path": str(path)})
        trouble = found.get("unreadable") or found.get("failed") or ""
    except Failed as reason:
        found, trouble = {}, f"{path.name} could not be read: {reason}."
    if trouble:
        none = tuple(Mark(question, 0, trouble) for question in sheet.questions)
        return Marks(student, sheet, none, trouble)
    marks = tuple(_mark(question, found, marker, known) for question in sheet.questions)
    return Marks(student, sheet, marks)


def _mark(question: Question, found: Mapping[str, Any], marker: Marker, known: dict) -> Mark:
    names = [name for name in (question.name, question.id) if name in found["texts"]]
    if not names:
        said = found["troubles"].get(question.name, MISSING)
        if said == MISSING and found["broken"]:
            said += f" Code cell {', '.join(map(str, found['broken']))} is no Python."
        return Mark(question, 0, said)
    answer = found["texts"][names[0]]
    key = (question.name, question.id, answer)
    try:
        if key not in known:
            job = {"do": "mark", "question": vars(question), "answer": answer}
            known[key] = marker.ask(job)
        said = known[key]
    except Failed as reason:
        known[key] = said = {"failed": str(reason)}
    if "failed" in said:
        return Mark(question, 0, f"Not decided: {said['failed']}. Look at it by hand.", by_hand=True)
    points = round(question.points * said["earned"], 2)
    return Mark(question, points, said["message"], said["mistake"] or "", not said["decided"])
