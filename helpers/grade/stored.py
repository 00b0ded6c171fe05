"""Exercises as JSON: what a grader, a student's notebook and a hidden test take with them.

A file made from the book's exercises holds all that judging an answer needs, so the machine that grades has
neither the book nor its catalogue of answers. Reading such a file runs nothing: a term is rebuilt from a
fixed list of kinds. `encode(exercise, answers=False)` leaves the answer and the mistakes out; the question,
which stands there unevaluated, is then what an answer is compared with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy import Basic, Expr, IndexedBase, MatrixSymbol, Symbol, Tuple

from helpers.proof.answers import Exercise, Mistake
from helpers.proof.statement.given import Given
from helpers.proof.statement.terms import (
    At,
    NamedFunction,
    Partial,
    SmoothFunction,
    as_written,
    define,
    smooth,
)

KINDS: dict[str, type[Basic]] = {
    kind.__name__: kind
    for kind in (sp.Abs, sp.Add, sp.Eq, sp.Indexed, sp.KroneckerDelta, sp.Limit, sp.Max, sp.Min, sp.Mul,
                 sp.Ne, sp.Pow, sp.Product, sp.StrictGreaterThan, sp.GreaterThan, sp.Sum, sp.cosh, sp.exp,
                 sp.log, sp.sign, sp.sinh, sp.tanh, At, Partial, Tuple)
}  # fmt: skip
CONSTANTS = {"oo": sp.oo, "-oo": -sp.oo, "e": sp.E, "pi": sp.pi}
NAMES = {value: name for name, value in CONSTANTS.items()}


class NotStored(ValueError):
    """A term of an exercise has a kind that is not on the list, or a file does not hold what it should."""


def encode(exercise: Exercise, answers: bool = True) -> dict[str, Any]:
    """The exercise as JSON; without `answers` neither its answer nor its mistakes are in it.

    Raises NotStored for a term of an unknown kind, and for an exercise without a question whose answer is to
    be left out.
    """
    if not answers and exercise.question is None:
        raise NotStored(f"{exercise.id} has no question, so it cannot be handed out without its answer.")
    pen = Encoder()
    made: dict[str, Any] = {name: getattr(exercise, name) for name in ("id", "prompt", "quantity", "task")}
    made["checked_is_enough"] = exercise.checked_is_enough
    made["vocabulary"] = {name: pen.value(value) for name, value in exercise.vocabulary.items()}
    made["given"] = _given(exercise.given, pen)
    made["question"] = None if exercise.question is None else pen.value(exercise.question)
    if answers:
        made["answer"] = pen.formula(exercise.answer)
        made["mistakes"] = [[m.name, pen.formula(m.expr), m.hint] for m in exercise.mistakes]
    return made | {"functions": pen.functions}


def decode(data: Mapping[str, Any]) -> Exercise:
    """The exercise of `encode`. Raises NotStored if it is not one."""
    try:
        pen = Decoder(data["functions"])
        question = None if data["question"] is None else pen.value(data["question"])
        answer = pen.formula(data["answer"]) if "answer" in data else question
        mistakes = tuple(Mistake(name, pen.formula(e), hint) for name, e, hint in data.get("mistakes", ()))
        vocabulary = {name: pen.value(value) for name, value in data["vocabulary"].items()}
        said = {name: data[name] for name in ("id", "prompt", "quantity", "task", "checked_is_enough")}
        return Exercise(
            answer=answer,
            given=_given_of(data["given"], pen),
            vocabulary=vocabulary,
            mistakes=mistakes,
            question=question,
            **said,
        )
    except (KeyError, TypeError, IndexError, AttributeError) as reason:
        raise NotStored(f"This is no stored exercise ({reason!r}): make the assignment anew.") from reason


def _given(given: Given, pen: Encoder) -> dict[str, Any]:
    if given.random or given.independent:
        raise NotStored("Random letters cannot be stored: grade this exercise from the book itself.")
    return {
        "sizes": [pen.value(size) for size in given.sizes],
        "free": [[pen.value(i), *map(pen.value, ends)] for i, ends in given.free.items()],
        "domain": [[pen.value(name), _domain(word, pen)] for name, word in given.domain.items()],
        "facts": [[pen.value(left), pen.value(right)] for left, right in given.facts],
        "conditions": [pen.value(condition) for condition in given.conditions],
        "span": list(given.span),
        "digits": given.digits,
        "points": given.points,
    }


def _domain(word: Any, pen: Encoder) -> Any:
    if callable(word):
        raise NotStored("A domain that is a function cannot be stored: use a pair or a word.")
    return word if isinstance(word, str) else [pen.value(end) for end in word]


def _given_of(data: Mapping[str, Any], pen: Decoder) -> Given:
    domain = {
        pen.value(name): word if isinstance(word, str) else tuple(map(pen.value, word))
        for name, word in data["domain"]
    }
    return Given(
        sizes=tuple(map(pen.value, data["sizes"])),
        free={pen.value(i): (pen.value(low), pen.value(high)) for i, low, high in data["free"]},
        domain=domain,
        facts=tuple((pen.value(left), pen.value(right)) for left, right in data["facts"]),
        conditions=tuple(map(pen.value, data["conditions"])),
        span=tuple(data["span"]),
        digits=data["digits"],
        points=data["points"],
    )


class Encoder:
    """Writes terms; each function that was defined once, in `functions`, after those that it uses."""

    def __init__(self) -> None:
        self.functions: list[dict[str, Any]] = []
        self.known: dict[type, int] = {}

    def formula(self, formula: str | Expr) -> Any:
        return formula if isinstance(formula, str) else self.value(formula)

    def value(self, value: Any) -> list[Any]:
        """A term, or a function that is a value itself, as nested lists."""
        if isinstance(value, type):
            return ["function", *self.function(value)]
        if value in NAMES:
            return ["constant", NAMES[value]]
        if isinstance(value, sp.Rational):
            return ["number", str(value.p), str(value.q)]
        if isinstance(value, Symbol):
            return ["letter", value.name, _assumptions(value)]
        if isinstance(value, IndexedBase):
            return ["array", self.value(value.label), [self.value(size) for size in value.shape or ()]]
        if isinstance(value, MatrixSymbol):
            return ["matrix", value.name, *map(self.value, value.shape)]
        if isinstance(value, (NamedFunction, SmoothFunction)):
            return ["apply", self.function(value.func), [self.value(a) for a in value.args]]
        name = type(value).__name__
        if KINDS.get(name) is not type(value):
            raise NotStored(f"A term of the kind {name} cannot be stored.")
        return ["term", name, [self.value(a) for a in value.args]]

    def function(self, function: type) -> list[Any]:
        """How a function is named: by its place in the table, its family, or its kind."""
        if issubclass(function, SmoothFunction):
            return ["smooth", *function.family, function.order]
        if KINDS.get(function.__name__) is function:
            return ["kind", function.__name__]
        if not issubclass(function, NamedFunction):
            raise NotStored(f"The function {function.__name__} cannot be stored.")
        if function not in self.known:
            made = {
                "name": function.__name__,
                "latex": function.latex_name,
                "body": self.value(function.body),
            }
            made["parameters"] = [self.value(p) for p in function.parameters]
            self.functions.append(made)
            self.known[function] = len(self.functions) - 1
        return ["defined", self.known[function]]


class Decoder:
    """Rebuilds terms exactly as they were written: nothing is evaluated on the way."""

    def __init__(self, functions: list[Mapping[str, Any]]) -> None:
        self.functions: list[type] = []
        for made in functions:  # a body uses earlier ones only
            parameters = [self.value(p) for p in made["parameters"]]
            body = self.value(made["body"])
            self.functions.append(define(made["name"], parameters, body, made["latex"]))

    def formula(self, data: Any) -> str | Expr:
        return data if isinstance(data, str) else self.value(data)

    def value(self, data: list[Any]) -> Any:
        with as_written():
            return self._value(data)

    def _value(self, data: list[Any]) -> Any:
        kind, *rest = data
        if kind == "number":
            return sp.Rational(int(rest[0]), int(rest[1]))
        if kind == "constant":
            return CONSTANTS[rest[0]]
        if kind == "letter":
            return Symbol(rest[0], **rest[1])
        if kind == "array":
            shape = tuple(map(self._value, rest[1]))
            return IndexedBase(self._value(rest[0]), shape=shape or None)
        if kind == "matrix":
            return MatrixSymbol(rest[0], *map(self._value, rest[1:]))
        if kind == "function":
            return self._function(rest)
        if kind == "apply":
            return self._function(rest[0])(*map(self._value, rest[1]))
        arguments = [self._value(a) for a in rest[1]]
        with sp.evaluate(rest[0] in ("Sum", "Product")):  # as written, these two take a factor 1 out
            return KINDS[rest[0]](*arguments)

    def _function(self, data: list[Any]) -> type:
        kind, *rest = data
        if kind == "defined":
            return self.functions[rest[0]]
        if kind == "kind":
            return KINDS[rest[0]]
        name, latex, order = rest
        if order > 1:
            raise NotStored("A second derivative of a function that is not named cannot be stored.")
        return smooth(name, latex or None)[order]


def _assumptions(letter: Symbol) -> dict[str, bool]:
    """What was declared of a letter, without what follows from it."""
    return {name: known for name, known in letter._assumptions_orig.items() if name != "commutative"}
