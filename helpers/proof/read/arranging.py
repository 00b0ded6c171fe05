"""What belongs together in a product: operators with all that they act on, entries of values, idle braces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from .latex import ReadError, Token
from .trees import (
    INDEX_LETTERS,
    Acts,
    Bracket,
    Frac,
    Listed,
    Name,
    Node,
    Product,
    Related,
    Scripts,
    Sign,
)


def acts_on_what_follows(node: Node) -> bool:
    """Whether a factor is an operator that acts on the rest of its product: Σ, Π, lim, ∂/∂x, ∂_j, ∇."""
    if isinstance(node, Frac):
        above = node.above.base if isinstance(node.above, Scripts) else node.above
        return above == Sign("partial") or (above == Name("d") and isinstance(node.below, Product))
    sign = node.base if isinstance(node, Scripts) else node
    return isinstance(sign, Sign) and sign.name in ("sum", "prod", "lim", "partial", "nabla")


def acting(factors: list[tuple[str, Node]], at: int) -> Node:
    """The product in which the first operator takes all factors after it."""
    for k, (sign, node) in enumerate(factors):
        if not acts_on_what_follows(node):
            continue
        rest, after = _before_entrywise(node, factors[k + 1 :])
        if not after:
            rest, after = _before_its_like(node, rest)
            after = after and [(after[0][0], acting([("", after[0][1]), *after[1:]], after[0][1].at))]
        if node in (Sign("sum"), Sign("prod")) and rest:
            node = _with_index(node, Product(tuple(rest)))
        if not rest and len(factors) == 1:
            return node  # the ∂ above a fraction bar
        if not rest:
            raise ReadError("An operator stands at the end of a term: what it acts on is missing.", node.at)
        body = acting([("", rest[0][1]), *rest[1:]], rest[0][1].at)
        for operator in _one_by_one(node):
            body = Acts(operator, body, at=node.at)
        factors = [*factors[:k], (sign, body), *after]
        break
    return factors[0][1] if len(factors) == 1 else Product(tuple(factors), at=at)


def _before_entrywise(
    node: Node, rest: list[tuple[str, Node]]
) -> tuple[list[tuple[str, Node]], list[tuple[str, Node]]]:
    """What ∇ acts on, and what comes after it: in ∇_a C ⊙ σ'(z) the gradient ends at ⊙, for C is a number."""
    nabla = node == Sign("nabla") or (isinstance(node, Scripts) and node.base == Sign("nabla"))
    at = next((k for k, (sign, _) in enumerate(rest) if sign == "odot" and k and nabla), len(rest))
    return rest[:at], rest[at:]


def _before_its_like(
    node: Node, rest: list[tuple[str, Node]]
) -> tuple[list[tuple[str, Node]], list[tuple[str, Node]]]:
    """In Σ_i a_i Σ_i b_i the second sum binds an i of its own: it is a factor beside the first."""
    mine = _binds(node)
    at = next((k for k, (_, other) in enumerate(rest) if k and mine and _binds(other) & mine), len(rest))
    return rest[:at], rest[at:]


def _binds(node: Node) -> set[str]:
    """The letters that a sum binds; none for anything else."""
    if not isinstance(node, Scripts) or node.base not in (Sign("sum"), Sign("prod")):
        return set()
    below = node.below.pieces[0] if isinstance(node.below, Related) else node.below
    return {below.word} if isinstance(below, Name) else set()


def _one_by_one(node: Node) -> list[Node]:
    """A sum over several ranges, each in a row below it, as sums inside one another, the first innermost."""
    below = node.below if isinstance(node, Scripts) else None
    if not isinstance(below, Listed) or not all(isinstance(item, Related) for item in below.items):
        return [node]
    return [Scripts(node.base, item, None, at=node.at) for item in below.items]  # type: ignore[union-attr]


def _with_index(sign: Node, body: Node) -> Node:
    """Σ t_i without an index below it runs over i, if that is the only letter that stands in an index."""
    letters = set(_index_letters(body))
    if len(letters) != 1:
        return sign
    return Scripts(sign, Name(letters.pop(), at=sign.at), at=sign.at)


def _index_letters(node: object) -> Iterator[str]:
    if isinstance(node, Scripts):
        below = node.below.items if isinstance(node.below, Listed) else (node.below,)
        parts = [
            f
            for piece in below
            for f in ([x for _, x in piece.factors] if isinstance(piece, Product) else [piece])
        ]
        yield from (
            p.word for p in parts if isinstance(p, Name) and p.word in INDEX_LETTERS and not p.accents
        )
    if isinstance(node, Node):
        for held in fields(node):
            yield from _index_letters(getattr(node, held.name))
    elif isinstance(node, tuple):
        for part in node:
            yield from _index_letters(part)


def indexed_calls(factors: list[tuple[str, Node]]) -> list[tuple[str, Node]]:
    """f(x)_i is entry i of f(x), so it is written f_i(x)."""
    found = list(factors)
    for k in range(1, len(found)):
        (_, head), (sign, call) = found[k - 1], found[k]
        indexed = isinstance(call, Scripts) and isinstance(call.base, Bracket) and call.below is not None
        if indexed and sign == "" and isinstance(head, Name) and call.base.kind == "(":
            found[k - 1] = (found[k - 1][0], Scripts(head, call.below, call.above, at=head.at))
            found[k] = ("", call.base)
    return found


def inline_derivatives(factors: list[tuple[str, Node]]) -> list[tuple[str, Node]]:
    """∂L/∂w and d/dx, typed in one line, as the fractions that they are."""
    k = next((k for k, (sign, node) in enumerate(factors) if sign == "/" and _is_d(node)), None)
    if k is None or k + 1 == len(factors) or factors[k + 1][0]:
        return factors
    start = next((j for j in range(k - 1, -1, -1) if _is_d(factors[j][1], factors[k][1])), None)
    if start is None or any(sign for sign, _ in factors[start + 1 : k]):
        return factors
    end = k + 2
    while end + 1 < len(factors) and not (factors[end][0] or factors[end + 1][0]) and _is_d(factors[end][1]):
        end += 2  # ∂²L/∂v∂w
    sign, at = factors[start][0], factors[start][1].at
    above, below = factors[start:k], [("", factors[k][1]), *factors[k + 1 : end]]
    above[0] = ("", above[0][1])
    fraction = Frac(acting(above, at), acting(below, factors[k][1].at), at=at)
    return inline_derivatives([*factors[:start], (sign, fraction), *factors[end:]])


def _is_d(node: Node, other: Node | None = None) -> bool:
    """Whether a factor is ∂ or d, perhaps with a power; the same one as `other`, if that is given."""
    base = node.base if isinstance(node, Scripts) and node.below is None else node
    like = other.base if isinstance(other, Scripts) else other
    return base in (Sign("partial"), Name("d")) and (like is None or base == like)


def is_letter(node: Node) -> bool:
    return isinstance(node, Name) and len(node.word) == 1 and not node.accents and not node.bold


def without_idle_braces(tokens: list[Token]) -> list[Token]:
    r"""Without pairs of braces that end in an operator, as in {a \cdot} b: they only place something."""
    opened: list[int] = []
    idle: set[int] = set()
    for k, token in enumerate(tokens):
        if token.kind != "sign":
            continue
        if token.text == "{":
            opened.append(k)
        elif token.text == "}" and opened:
            start, last = opened.pop(), tokens[k - 1]
            scripted = tokens[k - 2].text == "^"  # 0^+ ends with no sum
            if last.text in ("cdot", "times", "*", "+", "-", "=") and start + 2 < k and not scripted:
                idle |= {start, k}
    return [token for k, token in enumerate(tokens) if k not in idle]
