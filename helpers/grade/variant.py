"""The same question with other letters and another number, so that a copied answer is a wrong one.

A variant renames the letters of all exercises of a chapter alike, in what is asked, in what may be typed and
in the hints, and asks for a multiple of the result. Nothing about the mathematics changes: the objects that
are compared are the exercise's own, under other names, and the factor stands on both sides.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sympy import Expr, IndexedBase, Symbol

from helpers.proof.answers import Exercise, Feedback, Mistake

from .lines import Task

FACTORS = (3, 5, 7, 11)  # no 2: many a mistake is a factor 2
NEW = "fghmpqvABDGHMPQRSTUV"
FOR_TASKS = "fghqvAMQRSTU"  # none that a reader of LaTeX gives a meaning of its own
KEPT = {"a", "I"}  # words of English sentences, too
ACCENTS = ("hat", "bar")
MATHS = re.compile(r"\$[^$]+\$|`[^`]+`")
TOKEN = re.compile(r"\\(?:text|mathrm|operatorname)\{[^}]*\}|\\[A-Za-z]+|[A-Za-z]")
WORD = re.compile(r"(?<![A-Za-z'’])([A-Za-z])(?![A-Za-z])")  # no letter, but the s of a genitive
PAIR = re.compile(r"(?<![A-Za-z])[A-Za-z]{2}(?![A-Za-z])")  # w a, written as a product in prose
POINT = re.compile(r"(?<![A-Za-z_])([A-Za-z_]\w*)(?=\[[\d, ]+\] = | = )")  # a letter with its value
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def renaming(exercises: Iterable[Exercise], seed: str) -> dict[str, str]:
    """{letter: new letter} for the exercises of a chapter; the same `seed` gives the same letters."""
    exercises = list(exercises)
    taken, fixed, free = set(), set(KEPT), set()
    for e in exercises:
        letters = {t for span in MATHS.findall(e.prompt) for t in TOKEN.findall(span) if len(t) == 1}
        taken |= letters | {name for name in e.vocabulary if len(name) == 1}
        accents = rf"\\(?:{'|'.join(ACCENTS)})\s*\{{?\s*([A-Za-z])"
        fixed |= set(re.findall(accents, e.prompt))
        fixed |= {name[0] for name in e.vocabulary if name[1:] in ACCENTS}
        said = " ".join(f"{m.name} {m.hint}" for m in e.mistakes)
        fixed |= {t for pair in PAIR.findall(said) for t in pair if set(pair) <= {*e.vocabulary}}
        for name, value in e.vocabulary.items():
            if len(name) == 1:
                (free if _may_be_renamed(value) else fixed).add(name)
    new = [letter for letter in NEW if letter not in taken]
    old = sorted(free - fixed)
    chosen = random.Random(f"letters {seed}").sample(new, min(len(old), len(new)))
    return dict(zip(old, chosen, strict=False))


def _may_be_renamed(value: object) -> bool:
    """Arrays and numbers; indices and sizes keep their letters, which sums are written with."""
    return isinstance(value, IndexedBase) or (isinstance(value, Symbol) and not value.is_integer)


def factor_of(id: str, seed: str) -> int:
    """By what the variant of an exercise multiplies its result, as `seed` decides."""
    return random.Random(f"factor {seed} {id}").choice(FACTORS)


def variant(exercise: Exercise, letters: Mapping[str, str], factor: int) -> Exercise:
    """The exercise under other `letters`, asking for `factor` times its result."""
    forgotten = Mistake(
        f"the factor {factor} is missing",
        in_answer(exercise.answer, letters),
        f"The question asks for {factor} times that.",
    )
    mistakes = tuple(
        Mistake(in_prose(m.name, letters), _times(factor, m.expr, letters), in_prose(m.hint, letters))
        for m in exercise.mistakes
    )
    return replace(
        exercise,
        prompt=f"{in_prompt(exercise.prompt, letters)} **Your answer is to be {factor} times that.**",
        answer=_times(factor, exercise.answer, letters),
        mistakes=(forgotten, *mistakes),
        vocabulary={letters.get(name, name): value for name, value in exercise.vocabulary.items()},
        question=None if exercise.question is None else factor * exercise.question,
        quantity=f"{factor} times {exercise.quantity}",
    )


def _times(factor: int, formula: str | Expr, letters: Mapping[str, str]) -> str | Expr:
    return factor * formula if isinstance(formula, Expr) else f"{factor}*({in_answer(formula, letters)})"


def in_answer(formula: str | Expr, letters: Mapping[str, str]) -> str | Expr:
    """A typed formula under other letters; a SymPy formula stands for itself."""
    if isinstance(formula, Expr):
        return formula
    return NAME.sub(lambda found: letters.get(found[0], found[0]), formula)


def in_prompt(text: str, letters: Mapping[str, str]) -> str:
    """A question under other letters: in formulas every letter, in code every name, in prose nothing."""

    def renamed(span: re.Match[str]) -> str:
        if span[0].startswith("`"):
            return str(in_answer(span[0], letters))
        return TOKEN.sub(lambda found: letters.get(found[0], found[0]), span[0])

    return MATHS.sub(renamed, text)


def in_prose(text: str, letters: Mapping[str, str]) -> str:
    """A hint under other letters: each letter that stands alone."""
    return WORD.sub(lambda found: letters.get(found[1], found[1]), text)


def variant_task(task: Task, letters: str, seed: str) -> Task:
    """The derivation under other letters: those of `letters` are renamed, as `seed` decides."""
    names = renaming_task(task, letters, seed)
    said = {"prompt": in_prompt(task.prompt, names), "given": in_prompt(task.given, names)}
    mistakes = {name: in_rows(line, names) for name, line in task.mistakes.items()}
    ends = {"start": in_rows(task.start, names), "end": in_rows(task.end, names)}
    return replace(task, **said, **ends, mistakes=mistakes)


def renaming_task(task: Task, letters: str, seed: str) -> dict[str, str]:
    """{letter: new letter} for a derivation."""
    used = {t for text in (task.given, task.start, task.end) for t in TOKEN.findall(text)}
    new = [letter for letter in FOR_TASKS if letter not in used]
    chosen = random.Random(f"task {seed} {task.id}").sample(new, len(letters))
    return dict(zip(letters, chosen, strict=True))


def in_rows(text: str, letters: Mapping[str, str]) -> str:
    """Rows of LaTeX without words in them, under other letters."""
    return TOKEN.sub(lambda found: letters.get(found[0], found[0]), text)


def told(said: Feedback, letters: Mapping[str, str]) -> Feedback:
    """What is said about an answer, its counterexample under the letters in which the exercise is asked."""
    head, found, values = said.message.partition(", your expression is ")
    point = POINT.sub(lambda m: letters.get(m[1], m[1]), head) if found else head
    return replace(said, message=point + found + values)
