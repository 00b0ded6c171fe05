"""Derivations that somebody hands in: read from a file, judged line by line, their mistakes named.

`tasks` are the course's derivations with start and goal given, `mistakes` gives wrong lines their names,
`marking` judges one text, `files` reads what people hand in, `report` and `command` are the command line's.
The pages of the book use the same, so page, command and notebook say the same. Nothing of a file is run.
"""

from .marking import Marked, MarkedLine, mark
from .tasks import Task, UnknownTask, task, tasks

__all__ = ["Marked", "MarkedLine", "Task", "UnknownTask", "mark", "task", "tasks"]
