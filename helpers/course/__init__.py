"""The course's content: exercises with their named mistakes, the errors of the reports, the notation.

>>> from helpers.course import ERRATA, EXERCISES, rule
>>> EXERCISES["logistic.sigma-prime"].answer
'sigma(u)*(1 - sigma(u))'
>>> refuted, proved = rule(ERRATA["A1-1a/D"])

Both are tables in reading order, filled when they are first looked at; a formula is read when its entry is
first asked for. What they hold stands in book/exercises/*.yaml, book/errata.yaml and book/notation.yaml; no
other module knows that. An installation without the book, such as the checker in a page, carries the same as
one JSON file (`packed`).
"""

from ._errata import ERRATA, Erratum, rule
from ._exercises import EXERCISES
from ._notation import letters, of_texts
from ._sources import ContentError, content, packed

__all__ = [
    "ERRATA",
    "EXERCISES",
    "ContentError",
    "Erratum",
    "content",
    "letters",
    "of_texts",
    "packed",
    "rule",
]
