"""What must hold for a statement about random letters to have a meaning that both judges read alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sympy import Basic, Indexed, IndexedBase, Limit, Product, Sum, Symbol

from .laws import letter_of, unit
from .operators import OPERATORS, Expectation
from .terms import At, NamedFunction, Partial, PrintedByName

if TYPE_CHECKING:
    from .given import Given


def demand_meaning(expressions: Iterable[Basic], given: Given) -> None:
    """Raises ValueError, in one sentence, if a random letter or a letter of a law is used in another way.

    A random letter is nothing else: no index of a sum, no size, no letter of a hypothesis. A letter of a law
    means what it means outside of every operator, so nothing inside may give it another value.
    """
    if not given.random:
        return
    fixed = {s for letter in given.random for s in _letters_of_law(letter, given)}
    for expression in hypotheses(given):
        for letter in given.random:
            if _mentions(expression, letter):
                raise ValueError(f"{letter} is random; what is supposed about it belongs into its law.")
    for letter in (*given.sizes, *given.free, *given.domain):
        if letter in given.random:
            raise ValueError(f"{letter} is random, so it is no size, no free index, and has no domain.")
    for e in expressions:
        for letter in _bound(e):
            if letter in given.random or letter in fixed:
                raise ValueError(
                    f"{letter} is random or stands in a law, so nothing else may give it a value."
                )
        for operator in e.atoms(Expectation):
            _demand_over(operator, given)
        for part in (e, *_definitions(e)):
            _demand_slopes(part, given)
        _demand_seen(e, given)


def hypotheses(given: Given) -> Iterator[Basic]:
    """Every expression of the hypotheses, those of the laws too."""
    yield from (end for ends in given.free.values() for end in ends)
    yield from (end for domain in given.domain.values() if isinstance(domain, tuple) for end in domain)
    yield from (side for fact in given.facts for side in fact)
    yield from given.conditions
    for _, law in given.random.values():
        yield from law.parts()


def _letters_of_law(letter: Basic, given: Given) -> Iterator[Basic]:
    indices, law = given.random[letter]
    own = {*indices, *([law.limit[0]] if hasattr(law, "limit") else [])}
    for part in law.parts():
        yield from part.free_symbols - own
        for call in part.atoms(PrintedByName):
            body = getattr(call.func, "body", call)
            yield from body.free_symbols - set(getattr(call.func, "parameters", ()))


def _mentions(e: Basic, letter: Basic) -> bool:
    return e.has(letter) if isinstance(letter, IndexedBase) else letter in e.free_symbols


def _bound(e: Basic) -> Iterator[Basic]:
    """Letters to which something inside gives a value, in definitions too."""
    waiting, seen = [e], set()
    while waiting:
        one = waiting.pop()
        for node in one.atoms(Sum, Product, At, Limit):
            limits = node.limits if isinstance(node, (Sum, Product)) else [(node.args[1],)]
            yield from (limit[0] for limit in limits)
        for call in one.atoms(PrintedByName):
            if call.func not in seen:
                seen.add(call.func)
                yield from getattr(call.func, "parameters", ())
                waiting += [getattr(call.func, p) for p in ("base", "rule", "body") if hasattr(call.func, p)]


def varied(expressions: Iterable[Basic]) -> Iterator[Basic]:
    """What derivatives are taken by, in definitions too."""
    for e in expressions:
        for part in (e, *_definitions(e)):
            yield from (node.args[1] for node in part.atoms(Partial))


def _definitions(e: Basic) -> Iterator[Basic]:
    """The bodies of all functions that `e` applies, through others too."""
    waiting, seen = [e], set()
    while waiting:
        for call in waiting.pop().atoms(PrintedByName):
            if call.func not in seen:
                seen.add(call.func)
                found = [getattr(call.func, p) for p in ("base", "rule", "body") if hasattr(call.func, p)]
                waiting += found
                yield from found


def _demand_seen(e: Basic, given: Given) -> None:
    """Nobody looks into a recursion for what is random in it."""
    for call in (call for part in (e, *_definitions(e)) for call in part.atoms(PrintedByName)):
        for piece in (getattr(call.func, name, None) for name in ("base", "rule")):
            if piece is not None and random_letters(piece, given):
                raise ValueError(f"{call.func.__name__} is random by its recursion; no rule reads that.")


def _demand_slopes(e: Basic, given: Given) -> None:
    """A mean does not depend on the letter over which it is taken, so a derivative by it has no use."""
    for node in e.atoms(Partial):
        body, variable = node.args
        inside = any(part.atoms(*OPERATORS) for part in (body, *_definitions(body)))
        if inside and (letter_of(variable) in given.random or random_letters(variable, given)):
            raise ValueError(f"{variable} is random; a derivative by it belongs inside the expectation.")


def _demand_over(operator: Expectation, given: Given) -> None:
    """Over some letters only: the others must be independent of them."""
    if not operator.over:
        return
    inside = random_letters(operator.args[0], given)
    for letter in operator.over:
        if letter not in given.random:
            raise ValueError(f"{letter} is not random, so there is no expectation over it.")
    others = inside - set(operator.over)
    concerned = [*others, *operator.over]
    for group in given.independent:
        if all(unit(letter, group, given.random) is not None for letter in concerned):
            units = [{unit(one, group, given.random) for one in part} for part in (others, operator.over)]
            if not units[0] & units[1]:
                return
    if others:
        names = ", ".join(sorted(map(str, others)))
        raise ValueError(f"{operator} leaves {names} as it is, which is not declared independent.")


def random_letters(e: Basic, given: Given) -> set[Basic]:
    """The random letters in `e` and in the definitions that it applies, outside of other expectations."""
    found: set[Basic] = set()
    waiting: list[Any] = [e]
    seen: set[Any] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, Expectation):
            inner = random_letters(one.args[0], given)
            found |= inner - set(one.over) if one.over else set()
            continue
        if isinstance(one, (Symbol, Indexed)) and letter_of(one) in given.random:
            found.add(letter_of(one))
        if isinstance(one, NamedFunction) and one.func not in seen:
            seen.add(one.func)
            waiting.append(one.func.body)
        waiting += one.args
    return found
