"""Exercises, named mistakes, and what is said about an answer."""

from ..read.tokens import AnswerError
from ..read.typed import parse
from .entries import entries
from .exercises import FUNCTIONS_TEXT, Exercise, Feedback, Mistake, feedback, readable_point

__all__ = [
    "FUNCTIONS_TEXT",
    "AnswerError",
    "Exercise",
    "Feedback",
    "Mistake",
    "entries",
    "feedback",
    "parse",
    "readable_point",
]
