"""The course's content: derivations, exercises with their named mistakes, errors of the reports, notation.

>>> from helpers.course import DERIVATIONS, ERRATA, EXERCISES, rule
>>> DERIVATIONS["logistic.gradient"].chapter
'01-logistic-regression'
>>> EXERCISES["logistic.sigma-prime"].answer
'sigma(u)*(1 - sigma(u))'
>>> refuted, proved = rule(ERRATA["A1-1a/D"])

They are tables in reading order, filled when they are first looked at; a formula is read when its entry is
first asked for. What they hold stands in the notebooks, book/exercises/*.yaml, book/errata.yaml and
book/notation.yaml; no other module knows that. An installation without the book, such as the checker in a
page, carries the same as one JSON file (`packed`).
"""

from ._derivations import DERIVATIONS, Derived, read_wholly
from ._errata import ERRATA, Erratum, rule
from ._exercises import EXERCISES, exercise_of
from ._notation import letters, of_texts
from ._sources import ContentError, content, in_file, packed
from ._texts import of_notebook

__all__ = [
    "DERIVATIONS",
    "ERRATA",
    "EXERCISES",
    "ContentError",
    "Derived",
    "Erratum",
    "content",
    "exercise_of",
    "in_file",
    "letters",
    "of_notebook",
    "of_texts",
    "packed",
    "read_wholly",
    "rule",
]
