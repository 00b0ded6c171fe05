"""Cases, values at a place, and labels of braces: the parts of the grammar with a form of their own."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from . import scripts
from .latex import ReadError, Token
from .trees import Acts, Bracket, Cases, Frac, Listed, Node, Product, Related, Scripts, Words

if TYPE_CHECKING:
    from .grammar import Parser


def environment(p: Parser, opened: Token) -> Node:
    name = "".join(t.text for t in raw_group(p, opened))
    if name not in ("cases", "dcases"):
        what = "A matrix written out by its entries" if "matrix" in name or name == "array" else f"“{name}”"
        raise ReadError(f"{what} is not read here.", opened.at)
    rows = []
    while not p.take("end"):
        value = p.related()
        p.take(",")
        if not p.take("&"):
            raise ReadError("Each row of the cases needs a “&” before its condition.", p.at())
        rows.append((value, condition(p)))
        p.take(",", ".")
        if not p.take("\\") and (after := p.peek()) is not None and after.text != "end":
            raise ReadError("The rows of the cases must be parted by “\\\\”.", after.at)
        if p.peek() is None:
            raise ReadError("The cases are never ended by \\end{cases}.", opened.at)
    raw_group(p, opened)
    return Cases(tuple(rows), at=opened.at)


def condition(p: Parser) -> Node:
    words = []
    p.take(":")
    while (token := p.peek()) is not None and token.kind == "text":
        p.place += 1
        words.append(token.text)
    if p.peek() is not None and p.starts_factor():
        return p.related()
    return Words(" ".join(words), at=p.at())


def raw_group(p: Parser, command: Token) -> list[Token]:
    start = p.place
    while (token := p.peek()) is not None:
        p.place += 1
        if token.text == "}":
            return [t for t in p.tokens[start : p.place] if t.text not in "{}"]
    raise ReadError(f"{command} needs a name in braces.", command.at)


def substack(p: Parser, command: Token) -> Node:
    """Several conditions under one sum, each in a row of its own."""
    opened = p.take("{")
    if opened is None:
        raise ReadError("\\substack needs braces after it.", command.at)
    p.close.append("}")
    rows = [p.related()]
    while p.take("\\"):
        rows.append(p.related())
    p.close.pop()
    p.demand("}", opened)
    return Listed(tuple(rows), at=command.at)


def value_at(p: Parser, opened: Token) -> Node:
    """\\left. f \\right|_{x = 0}: the value of f where x is 0."""
    p.close.append("rvert")
    inside = p.added()
    p.close.pop()
    p.demand("rvert", opened)
    return _at(p, inside, opened)


def at_a_place(p: Parser, product: Node) -> Node:
    """f(x)|_{x = 0}: the value, where x is 0, of the product before the bar."""
    bar = p.take("|", "rvert")
    assert bar is not None
    value = _at(p, product, bar)
    factors = product.factors if isinstance(product, Product) else ()
    letter = value.below.pieces[0]  # type: ignore[union-attr]
    if any(_holds(factor, letter) for _, factor in factors[:-1]) and isinstance(factors[-1][1], (Frac, Acts)):
        raise ReadError(
            "Is the bar meant for the last factor only, or for the whole product? Put what it is meant for "
            "between \\left. and \\right|.",
            bar.at,
        )
    return value


def _holds(node: object, letter: Node) -> bool:
    """Whether a letter stands in a tree."""
    if node == letter:
        return True
    if isinstance(node, tuple):
        return any(_holds(part, letter) for part in node)
    return isinstance(node, Node) and any(_holds(getattr(node, held.name), letter) for held in fields(node))


def _at(p: Parser, inside: Node, opened: Token) -> Scripts:
    sign = p.take("_")
    where = scripts.script(p, sign) if sign else None
    if not isinstance(where, Related) or where.signs != ("=",):
        raise ReadError("After the bar it must say which value is meant, as in |_{x = 0}.", opened.at)
    if p.take("^"):
        raise ReadError("A difference between two ends is not read here: write it as two values.", opened.at)
    return Scripts(Bracket("at", (inside,), at=opened.at), where, at=opened.at)


def group_or_words(p: Parser, command: Token) -> None:
    """Skips a label that says what a brace stands for."""
    depth = 0
    while (token := p.peek()) is not None:
        p.place += 1
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0:
            return
    raise ReadError(f"The braces after {command} are never closed.", command.at)
