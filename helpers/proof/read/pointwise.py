"""Identities between functions, such as \\sigma' = \\sigma(1 - \\sigma): they hold at every number.

Only a row with the derivative of a function on its left side and no argument is read so. There
\\sigma(1 - \\sigma) is a product, because the bracket holds the function itself without an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from sympy import Symbol

from . import trees as g
from .builtin import PLAIN_FUNCTIONS
from .names import Vocabulary
from .rows import Row

IsFunction = Callable[[g.Node], bool]


def pieces(row: Row, vocabulary: Vocabulary, scope: dict[str, Any]) -> list[g.Node]:
    """The sides of a row, each function with an argument where the row is an identity between functions."""
    left = row.pieces[0] if row.pieces else None

    def is_function(node: g.Node) -> bool:
        base = node.base if isinstance(node, g.Scripts) and node.below is None else node
        if isinstance(base, g.Sign):
            return base.name in PLAIN_FUNCTIONS
        known = vocabulary.of(base) if isinstance(base, g.Name) else []
        return bool(known) and all(
            m.function and not (m.rank or m.through) and _takes_one(m.value) for m in known
        )

    if not (isinstance(left, g.Scripts) and left.primes and is_function(left)):
        return row.pieces
    taken = {m.word for m in vocabulary} | set(scope)
    letter = next(c for c in ("u", "v", "s", "t", "u'") if c not in taken)
    scope[letter] = Symbol(letter, real=True)
    return [_applied(piece, is_function, g.Name(letter)) for piece in row.pieces]


def _takes_one(function: Any) -> bool:
    return len(getattr(function, "parameters", None) or (None,)) == 1


def _applied(tree: Any, is_function: IsFunction, letter: g.Name) -> Any:
    """The tree with f(u) for each f that has no argument."""
    if isinstance(tree, tuple):
        return tuple(_applied(part, is_function, letter) for part in tree)
    if isinstance(tree, g.Product):
        return _product(tree, is_function, letter)
    if not isinstance(tree, g.Node):
        return tree
    if is_function(tree):
        return g.Product((("", tree), ("", g.Bracket("(", (letter,), at=tree.at))), at=tree.at)
    held = {f.name: getattr(tree, f.name) for f in fields(tree) if f.name not in ("at", "below", "above")}
    if isinstance(tree, g.Frac):
        held |= {"above": tree.above, "below": tree.below}
    return replace(tree, **{name: _applied(part, is_function, letter) for name, part in held.items()})


def _product(tree: g.Product, is_function: IsFunction, letter: g.Name) -> g.Product:
    factors: list[tuple[str, g.Node]] = []
    called = False
    for k, (sign, node) in enumerate(tree.factors):
        after = tree.factors[k + 1] if k + 1 < len(tree.factors) else ("*", None)
        calls = after[0] == "" and isinstance(after[1], g.Bracket) and not _holds(after[1], is_function)
        if called:  # the argument of the function before it
            factors.append((sign, node))
        elif not is_function(node):
            factors.append((sign or ("." if factors else ""), _applied(node, is_function, letter)))
        elif calls:
            factors.append((sign, node))
        else:
            factors += [(sign or ("." if factors else ""), node), ("", g.Bracket("(", (letter,), at=node.at))]
        called = is_function(node) and calls and not called
    return g.Product(tuple(factors), at=tree.at)


def _holds(tree: Any, is_function: IsFunction) -> bool:
    """Whether a function stands in a tree without an argument."""
    if isinstance(tree, tuple):
        return any(_holds(part, is_function) for part in tree)
    if not isinstance(tree, g.Node):
        return False
    return is_function(tree) or any(_holds(getattr(tree, f.name), is_function) for f in fields(tree))
