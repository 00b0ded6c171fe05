"""What stands above, below and after a name: indices, powers, labels, primes, and the ! of a factorial."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .arranging import is_letter
from .latex import ReadError, Token
from .trees import Acts, Added, Bracket, Name, Node, Num, Related, Scripts, Sign

if TYPE_CHECKING:
    from .grammar import Parser


def scripts(p: Parser, base: Node) -> Node:
    below = above = None
    primes, at = 0, base.at
    while True:
        if (sign := p.take("_")) is not None:
            if below is not None:
                raise ReadError(
                    "A letter has two indices below it; put both into one pair of braces.", sign.at
                )
            below = script(p, sign)
        elif (sign := p.take("^")) is not None:
            inside = script(p, sign)
            if isinstance(inside, Name) and inside.word == "prime":
                primes += 1
            elif isinstance(inside, Scripts) and inside.base == Name("") and inside.primes:
                primes += inside.primes
            elif above is not None:
                raise ReadError("A letter has two exponents; put the first power in brackets.", sign.at)
            else:
                above = inside
        elif p.take("'"):
            primes += 1
        else:
            break
    if below is None and above is None and not primes:
        return base
    if primes and p.scripts_open and below is None and above is None and is_letter(base):
        return Name(base.word + "'" * primes, at=at)  # an index called k'
    return Scripts(base, below, above, primes, at=at)


def script(p: Parser, sign: Token) -> Node:
    """The group or the single sign after _ or ^."""
    token = p.peek()
    if token is None:
        raise ReadError(f"Nothing follows the “{sign}”.", sign.at)
    if p.take("{"):
        if p.take("}"):
            raise ReadError(f"The braces after “{sign}” are empty.", sign.at)
        inside = script_content(p, sign.text == "_")
        p.demand("}", token)
        return inside
    if token.kind == "number" and len(token.text) > 1:
        raise ReadError(
            f"LaTeX puts only the first digit of “{sign}{token.text}” there: write {sign}{{{token.text}}}.",
            token.at,
        )
    if (token.kind == "sign" and token.text in "*+") or token.text == "odot":
        p.place += 1
        return Name(token.text, at=token.at)
    if token.text == "-" and (after := p.peek(1)) and after.text == "}":  # the end of \lim_{x \to 1^-}
        p.place += 1
        return Name("-", at=token.at)
    if not p.starts_factor():
        raise ReadError(f"“{token}” cannot follow “{sign}”; put it in braces.", token.at)
    return p.atom()


def script_content(p: Parser, below: bool) -> Node:
    """What stands in braces after _ or ^: an index, a power, a label such as (l), a prime."""
    primes = 0
    while p.take("'", "prime"):
        primes += 1
    if primes:
        return Scripts(Name(""), primes=primes, at=p.at())
    token = p.peek()
    if token is not None and token.text in ("*", "+", "-") and (after := p.peek(1)) and after.text == "}":
        p.place += 1
        return Name(token.text, at=token.at)
    p.close.append("}")
    p.scripts_open += below
    inside = p.listed()
    p.scripts_open -= below
    p.close.pop()
    return inside


def factorial(p: Parser, node: Node, mark: Token) -> Node:
    """n! as the product of all k from 1 to n. Raises ReadError for anything but letters and numbers."""
    inside = node.items[0] if isinstance(node, Bracket) and len(node.items) == 1 else node
    terms = [term for _, term in inside.terms] if isinstance(inside, Added) else [inside]
    if not all(isinstance(term, Num) or (isinstance(term, Name) and not term.accents) for term in terms):
        raise ReadError(
            "A factorial is read of a number or of a letter, as in 3!, n! and (n - 1)!. One that is only a "
            "factor, such as x_i!, may be a constant of its own: “Let $c_i > 0$”.",
            mark.at,
        )
    if isinstance(inside, Num) and inside.text.isdigit() and len(inside.text) < 3:
        return Num(str(math.factorial(int(inside.text))), at=node.at)
    letter = Name(next(c for c in "kjlmpqrs" if all(t.text != c for t in p.tokens)), at=node.at)
    below = Related((letter, Num("1")), ("=",), at=node.at)
    sign = Scripts(Sign("prod", at=node.at), below, inside, at=node.at)
    return Bracket("(", (Acts(sign, letter, at=node.at),), at=node.at)
