"""One process that reads notebooks and judges answers, and may be stopped at any time.

`python -m helpers.grade.worker [MB]` takes one JSON object a line and answers each with one line:

    {"do": "read", "path": "..."}                       # the answers of a notebook
    {"do": "mark", "question": {...}, "answer": "..."}  # what is said about an answer

Whatever a text does to the process, such as filling its memory, is the end of this process only.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

LONGEST = 5_000  # characters of a formula


def mark(question: Mapping[str, Any], answer: str) -> dict[str, Any]:
    """What is said about an answer: `ok`, `message`, the `mistake` recognised, whether it was `decided`, and
    the part of the points that is `earned`: all or nothing, but for a derivation by its lines."""
    from helpers.proof import Verdict
    from helpers.proof.answers import feedback

    from . import lines
    from .sheet import Question
    from .variant import told

    asked = Question(**question)
    if asked.kind == "derivation":
        marked = lines.mark(answer, asked.task())
        return {"ok": marked.ok, "message": marked.said, "mistake": marked.mistake or None,
                "decided": marked.decided, "earned": marked.earned}  # fmt: skip
    if len(answer) > LONGEST:
        said = f"This answer is longer than {LONGEST:,} characters."
        return {"ok": False, "message": said, "mistake": None, "decided": True, "earned": 0}
    exercise = asked.exercise()
    letters = asked.asked.get("letters", {})
    found = told(feedback(answer, exercise), letters)
    if found.mistake:  # a mistake that has a name is told with the numbers at which it fails, too
        nameless = told(feedback(answer, replace(exercise, mistakes=())), letters)
        numbers = nameless.message.removeprefix("Not yet: ")
        found = replace(found, message=f"{found.message} {numbers[:1].upper()}{numbers[1:]}")
    decided = found.verdict not in (Verdict.UNKNOWN, Verdict.CHECKED) or found.ok
    return {"ok": found.ok, "message": found.message, "mistake": found.mistake, "decided": decided,
            "earned": int(found.ok)}  # fmt: skip


def do(job: Mapping[str, Any]) -> dict[str, Any]:
    """Do one job; what it cannot read is said in the result."""
    if job["do"] == "read":
        from . import submission

        try:
            return asdict(submission.read(job["path"]))
        except submission.Unreadable as reason:
            return {"unreadable": str(reason)}
    return mark(job["question"], job["answer"])


def limit(megabytes: int) -> None:
    """Let this process have no more memory than that, where the system can be told."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def main(arguments: list[str]) -> int:
    if arguments:
        limit(int(arguments[0]))
    for line in sys.stdin:
        try:
            said = do(json.loads(line))
        except MemoryError:
            return 3
        except Exception as reason:  # SymPy raises many kinds; an answer that breaks it is not a right one
            said = {"failed": f"{type(reason).__name__}: {reason}"[:300]}
        print(json.dumps(said, ensure_ascii=True), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
