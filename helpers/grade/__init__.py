"""Grading: answers are read from notebooks as text, judged with limits, and written into a gradebook.

`python -m helpers.grade submitted/ --sheet sheet.json --csv marks.csv` grades a course's folder; a student's
notebook calls `look` to see what is said about an answer before it is handed in. SymPy and mpmath only.
"""

from .look import NotYet, look
from .marking import Mark, Marker, Marks, grade
from .sheet import Question, Sheet
from .submission import Submission

__all__ = ["Mark", "Marker", "Marks", "NotYet", "Question", "Sheet", "Submission", "grade", "look"]
